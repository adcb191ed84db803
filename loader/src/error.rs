//! Why a file is refused: one line each, what the file is and what would work.

/// The reason that a file cannot be run. The message is one line and does not name the file: callers put its path in front.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot be read: {0}")]
    Io(#[source] std::io::Error),
    /// The path names a directory.
    #[error("a directory, not a program: name the executable in it")]
    Directory,
    /// The file has no bytes.
    #[error("an empty file: expected a static RV64 ELF executable (`sigemu build main.c` makes one)")]
    Empty,
    /// The file is not ELF; the text says what it looks like and what to do with it.
    #[error("not an ELF file but {0}")]
    NotElf(String),
    /// An ELF file for another processor.
    #[error(
        "an ELF file for {0}: build it for 64-bit little-endian RISC-V (`sigemu build main.c`, or riscv64-linux-gnu-gcc -static)"
    )]
    OtherMachine(String),
    /// The program asks for a dynamic linker.
    #[error("dynamically linked (interpreter {interpreter}): link it with -static")]
    DynamicallyLinked {
        /// The path of the dynamic linker in `PT_INTERP`.
        interpreter: String,
    },
    /// The program has no interpreter and yet needs shared libraries.
    #[error("dynamically linked (needs {library}): link it with -static")]
    NeedsLibrary {
        /// The first library of `DT_NEEDED`.
        library: String,
    },
    /// An object file, a shared library, a core dump.
    #[error("{what}, not an executable: {remedy}")]
    NotExecutable {
        /// What kind of ELF file it is.
        what: &'static str,
        /// What to do with it.
        remedy: &'static str,
    },
    /// The file ends before what its headers promise.
    #[error("truncated: {part} should reach byte {end}, the file has {length} bytes; copy or build it again")]
    Truncated {
        /// The part that is cut off.
        part: String,
        /// The first byte after that part, as the headers say.
        end: u64,
        /// The length of the file in bytes.
        length: u64,
    },
    /// Headers that contradict the ELF specification.
    #[error("a damaged ELF file: {0}; build it again")]
    Damaged(String),
    /// Two segments claim the same memory.
    #[error("segments overlap: {first:#x}..{first_end:#x} and {second:#x}..{second_end:#x}; check the linker script")]
    OverlappingSegments {
        /// First address of the lower segment.
        first: u64,
        /// First address after the lower segment.
        first_end: u64,
        /// First address of the upper segment.
        second: u64,
        /// First address after the upper segment.
        second_end: u64,
    },
    /// A segment does not fit the address space.
    #[error(
        "a segment of {size} bytes at {address:#x} exceeds the address space (it ends at {:#x}); check the linker script",
        crate::ADDRESS_SPACE_END
    )]
    OversizedSegment {
        /// First address of the segment.
        address: u64,
        /// Its size in memory in bytes.
        size: u64,
    },
    /// There is nothing to load.
    #[error("no loadable segment: nothing to run; link it into an executable")]
    NoSegments,
    /// The entry point is not in executable memory.
    #[error(
        "the entry {entry:#x} lies outside every executable segment; link it with a start address (_start, or -Wl,-e,NAME)"
    )]
    EntryOutside {
        /// The entry address.
        entry: u64,
    },
}
