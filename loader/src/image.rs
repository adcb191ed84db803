//! An executable as plain data.

use std::ops::Range;

use crate::bytes::FileBytes;
use crate::error::LoadError;
use crate::symbols::{SymbolBinding, Symbols};

/// A piece of memory to fill before the program starts (a `PT_LOAD` program header).
///
/// Memory `address .. address + memory_size` begins with [`Segment::data`] and is zero after it.
#[derive(Clone, Debug)]
pub struct Segment {
    /// First guest address, the load base of a static PIE included.
    pub address: u64,
    /// Where a bare machine loads it (`p_paddr`): read-only memory that start-up code copies initialised data from, for instance.
    /// An operating system ignores it.
    pub physical_address: u64,
    /// Size in memory in bytes, at least the length of the data.
    pub memory_size: u64,
    /// Whether the guest may read it.
    pub readable: bool,
    /// Whether the guest may write it.
    pub writable: bool,
    /// Whether the guest may execute it.
    pub executable: bool,
    pub(crate) file: FileBytes,
    pub(crate) range: Range<usize>,
}

impl Segment {
    /// The bytes from the file, shared with the image rather than copied.
    pub fn data(&self) -> &[u8] {
        &self.file[self.range.clone()]
    }

    /// The addresses it covers in memory.
    pub fn addresses(&self) -> Range<u64> {
        // Parsing refuses segments past ADDRESS_SPACE_END, so the sum does not overflow.
        self.address..self.address + self.memory_size
    }
}

/// How the executable was linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// At fixed addresses (`ET_EXEC`).
    Static,
    /// Anywhere (`ET_DYN` without interpreter). Its start-up code relocates itself (glibc `_dl_relocate_static_pie`, musl
    /// `_dlstart_c`): whoever loads it only moves it to [`Image::load_base`] and tells it its program headers.
    StaticPie,
}

/// Which floating-point registers carry arguments (`e_flags`, RISC-V ELF psABI, "File header").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatAbi {
    /// None: integer registers (lp64).
    Soft,
    /// Up to 32 bits (lp64f).
    Single,
    /// Up to 64 bits (lp64d), what Linux toolchains use.
    Double,
    /// Up to 128 bits (lp64q).
    Quad,
}

/// What the auxiliary vector says about the program headers (`AT_PHDR`, `AT_PHNUM`, `AT_PHENT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramHeaders {
    /// Guest address of the table, if a segment loads it. Static programs find their thread-local data by it.
    pub address: Option<u64>,
    /// Number of entries.
    pub count: u16,
    /// Size of an entry in bytes.
    pub entry_size: u16,
}

/// What memory holds before the first instruction of a program, and the names of its addresses.
#[derive(Clone, Debug)]
pub struct Image {
    /// What to load, ascending by address, without overlaps.
    pub segments: Vec<Segment>,
    /// Address of the first instruction, the load base included; always inside an executable segment.
    pub entry: u64,
    /// How it was linked.
    pub kind: Kind,
    /// What was added to every address of the file: 0 for [`Kind::Static`].
    pub load_base: u64,
    /// For the auxiliary vector.
    pub program_headers: ProgramHeaders,
    /// Names of addresses from the symbol table and, where there is one, the dynamic symbol table.
    pub symbols: Symbols,
    /// Which floating-point registers carry arguments.
    pub float_abi: FloatAbi,
    /// Whether the program keeps to the 16 registers of RV64E.
    pub is_embedded: bool,
    /// Whether a note says that the program is one for Linux: the start-up code of glibc has it, others may not.
    pub names_linux: bool,
    /// Whether the file carries DWARF line tables.
    pub has_lines: bool,
}

impl Image {
    /// Reads an executable; a static PIE goes to [`PIE_BASE`](crate::PIE_BASE).
    ///
    /// # Errors
    ///
    /// Every [`LoadError`] but `Io` and `Directory`.
    pub fn parse(bytes: &[u8]) -> Result<Image, LoadError> {
        Image::parse_at(bytes, crate::PIE_BASE)
    }

    /// As [`Image::parse`], without a copy of the bytes.
    ///
    /// # Errors
    ///
    /// As [`Image::parse`].
    pub fn parse_shared(bytes: &FileBytes) -> Result<Image, LoadError> {
        crate::parse::image(bytes, crate::PIE_BASE)
    }

    /// Reads an executable and puts a static PIE at `base`, rounded up to the alignment its segments ask for.
    ///
    /// # Errors
    ///
    /// As [`Image::parse`]; [`LoadError::OversizedSegment`] also where `base` pushes it out of the address space.
    pub fn parse_at(bytes: &[u8], base: u64) -> Result<Image, LoadError> {
        crate::parse::image(&FileBytes::new(bytes.to_vec()), base)
    }

    /// From the lowest to the highest address that a segment covers.
    pub fn memory_span(&self) -> Range<u64> {
        let start = self.segments.first().map_or(0, |segment| segment.address);
        let end = self.segments.last().map_or(0, |segment| segment.addresses().end);
        start..end
    }

    /// What the segments take in memory, in bytes.
    pub fn memory_size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.memory_size).sum()
    }

    /// Whether the names of functions are gone, so that nothing can be hooked by name.
    pub fn is_stripped(&self) -> bool {
        !self.symbols.iter().any(|symbol| symbol.is_function())
    }

    /// Address of `tohost`, the word by which a bare-machine program (riscv-tests, HTIF) reports that it has ended.
    pub fn tohost(&self) -> Option<u64> {
        self.address_of("tohost")
    }

    /// Address of `fromhost`, the word by which a bare-machine program hears from its host.
    pub fn fromhost(&self) -> Option<u64> {
        self.address_of("fromhost")
    }

    /// As [`Symbols::named`], for what is asked of every program: one look at all names instead of an index of them.
    fn address_of(&self, name: &str) -> Option<u64> {
        let named = self.symbols.iter().filter(|symbol| symbol.name == name);
        let symbol = named.min_by_key(|symbol| symbol.binding == SymbolBinding::Local)?;
        Some(symbol.address)
    }

    /// What a user should know although the program runs: one line each.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.is_stripped() {
            remarks.push(
                "no function names (stripped): library functions are not recognised, so printf shows plain numbers"
                    .into(),
            );
        }
        match self.float_abi {
            FloatAbi::Double => {}
            FloatAbi::Soft => remarks.push(
                "soft-float ABI: floating point happens in integer instructions, which carry no distributions; build with -mabi=lp64d"
                    .into(),
            ),
            FloatAbi::Single => {
                remarks.push("ABI lp64f: doubles travel in integer registers; library functions expect lp64d".into());
            }
            FloatAbi::Quad => remarks.push("ABI lp64q: quad-precision instructions are not available; build with -mabi=lp64d".into()),
        }
        if self.is_embedded {
            remarks.push("RV64E ABI: library functions expect their arguments as lp64d passes them".into());
        }
        remarks
    }
}
