//! From an address to function, file and line, by DWARF where the file has it and by symbols where not.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use gimli::{EndianArcSlice, LittleEndian};
use object::{Object as _, ObjectSection as _};

use crate::bytes::FileBytes;
use crate::image::Image;

type Reader = EndianArcSlice<LittleEndian>;

/// Where an address stands in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The function: the innermost inlined one by DWARF, or that of the symbol table. Empty where neither knows.
    pub function: String,
    /// Bytes from the start of the function's symbol; only where the symbol table gave the function.
    pub offset: Option<u64>,
    /// Source file, by the path at which it was compiled, and line from 1.
    pub source: Option<(String, u32)>,
}

impl fmt::Display for Location {
    /// `main (wing.c:12)`, or `strtod+0x1c` where there is no line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.function.is_empty() { "?" } else { &self.function })?;
        if let Some((file, line)) = &self.source {
            return write!(f, " ({file}:{line})");
        }
        match self.offset {
            Some(offset) if offset > 0 => write!(f, "+{offset:#x}"),
            _ => Ok(()),
        }
    }
}

/// The source lines of a program. DWARF is read at the first question, not before.
pub struct Lines {
    bytes: FileBytes,
    load_base: u64,
    /// None until the first question. The mutex is for addr2line's inner caches, which are not `Sync`.
    dwarf: Mutex<Option<Dwarf>>,
}

/// What the first question found.
enum Dwarf {
    Absent,
    Present(Box<addr2line::Context<Reader>>),
}

impl Lines {
    /// The lines of the file that `image` was parsed from. Never fails: damaged or absent DWARF leaves the symbols.
    pub fn parse(bytes: impl Into<FileBytes>, image: &Image) -> Lines {
        Lines {
            bytes: bytes.into(),
            load_base: image.load_base,
            dwarf: Mutex::new(None),
        }
    }

    /// Where the guest `address` stands; None where neither DWARF nor a symbol covers it. `image` is the one given to
    /// [`Lines::parse`].
    pub fn locate(&self, address: u64, image: &Image) -> Option<Location> {
        let symbol = image.symbols.function_containing(address);
        let from_symbol = symbol.map(|(symbol, offset)| (symbol.name.to_owned(), offset));
        match (self.ask_dwarf(address.wrapping_sub(self.load_base)), from_symbol) {
            (Some((Some(function), source)), _) => Some(Location {
                function,
                offset: None,
                source,
            }),
            (Some((None, source)), Some((function, offset))) => Some(Location {
                function,
                offset: Some(offset),
                source,
            }),
            (Some((None, source)), None) => source.map(|at| Location {
                function: String::new(),
                offset: None,
                source: Some(at),
            }),
            (None, Some((function, offset))) => Some(Location {
                function,
                offset: Some(offset),
                source: None,
            }),
            (None, None) => None,
        }
    }

    /// Function and source position by DWARF.
    #[expect(clippy::type_complexity, reason = "a pair of optional halves, used once above")]
    fn ask_dwarf(&self, address: u64) -> Option<(Option<String>, Option<(String, u32)>)> {
        let mut dwarf = self.dwarf.lock().unwrap_or_else(PoisonError::into_inner);
        let Dwarf::Present(context) = dwarf.get_or_insert_with(|| read_dwarf(&self.bytes)) else {
            return None;
        };
        let mut frames = context.find_frames(address).skip_all_loads().ok()?;
        let frame = frames.next().ok()??;
        let function = frame
            .function
            .as_ref()
            .and_then(|name| name.demangle().ok().map(|name| name.into_owned()));
        let source = frame
            .location
            .and_then(|at| Some((at.file?.to_owned(), at.line.filter(|&line| line > 0)?)));
        (function.is_some() || source.is_some()).then_some((function, source))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("bytes", &self.bytes.len())
            .field("load_base", &self.load_base)
            .finish_non_exhaustive()
    }
}

fn read_dwarf(bytes: &[u8]) -> Dwarf {
    let Ok(file) = object::File::parse(bytes) else {
        return Dwarf::Absent;
    };
    if file.section_by_name(".debug_info").is_none() {
        return Dwarf::Absent;
    }
    // Compressed sections read as absent: Debian's and zig's tools do not compress by default.
    let section = |id: gimli::SectionId| -> Result<Reader, gimli::Error> {
        let data = file
            .section_by_name(id.name())
            .and_then(|section| section.data().ok())
            .unwrap_or_default();
        Ok(EndianArcSlice::new(Arc::from(data), LittleEndian))
    };
    match gimli::Dwarf::load(section).and_then(addr2line::Context::from_dwarf) {
        Ok(context) => Dwarf::Present(Box::new(context)),
        Err(_) => Dwarf::Absent,
    }
}
