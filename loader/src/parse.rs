//! From the bytes of an ELF file to an [`Image`].
//!
//! Source: System V gABI chapters 4 and 5, RISC-V ELF psABI. goblin decodes the single structures; every offset and count is
//! checked here first, so that sizes that a damaged file claims are never allocated.

use std::borrow::Cow;

use goblin::container::{Container, Ctx, Endian};
use goblin::elf::dynamic::{DF_1_PIE, DT_FLAGS_1, DT_NEEDED, DT_NULL, DT_SONAME, DT_STRTAB, Dyn};
use goblin::elf::header::{self, Header};
use goblin::elf::program_header::{PF_R, PF_W, PF_X, PT_DYNAMIC, PT_INTERP, PT_LOAD, PT_NOTE, ProgramHeader};
use goblin::elf::section_header::{SHN_UNDEF, SHT_DYNSYM, SHT_NOBITS, SHT_NULL, SHT_SYMTAB, SectionHeader};
use goblin::elf::sym;
use scroll::Pread as _;

use crate::bytes::FileBytes;
use crate::error::LoadError;
use crate::image::{FloatAbi, Image, Kind, ProgramHeaders, Segment};
use crate::symbols::{Reading, Symbol, SymbolBinding, SymbolKind, Symbols};
use crate::{ADDRESS_SPACE_END, foreign};

const CTX: Ctx = Ctx {
    container: Container::Big,
    le: Endian::Little,
};

/// `e_flags` of RISC-V (psABI, "File header").
mod flags {
    pub(super) const FLOAT_ABI: u32 = 0x6;
    pub(super) const FLOAT_ABI_SINGLE: u32 = 0x2;
    pub(super) const FLOAT_ABI_DOUBLE: u32 = 0x4;
    pub(super) const FLOAT_ABI_QUAD: u32 = 0x6;
    pub(super) const RVE: u32 = 0x8;
}

/// See [`Image::parse_at`].
pub(crate) fn image(file: &FileBytes, base: u64) -> Result<Image, LoadError> {
    let bytes = &file[..];
    let header = header(bytes)?;
    let programs = program_headers(bytes, &header)?;
    let kind = kind(bytes, &header, &programs)?;
    let sections = section_headers(bytes, &header)?;

    let alignment = programs
        .iter()
        .filter(|p| p.p_type == PT_LOAD)
        .map(|p| p.p_align)
        .max()
        .unwrap_or(1);
    let load_base = match kind {
        Kind::Static => 0,
        Kind::StaticPie => base.checked_next_multiple_of(alignment.max(1)).unwrap_or(u64::MAX),
    };
    let segments = segments(file, &programs, load_base)?;
    let entry = header.e_entry.wrapping_add(load_base);
    if !segments
        .iter()
        .any(|segment| segment.executable && segment.addresses().contains(&entry))
    {
        return Err(LoadError::EntryOutside { entry });
    }
    Ok(Image {
        entry,
        kind,
        load_base,
        program_headers: ProgramHeaders {
            address: address_of_offset(&segments, header.e_phoff),
            count: header.e_phnum,
            entry_size: header.e_phentsize,
        },
        symbols: symbols(bytes, &sections, load_base)?,
        float_abi: match header.e_flags & flags::FLOAT_ABI {
            flags::FLOAT_ABI_SINGLE => FloatAbi::Single,
            flags::FLOAT_ABI_DOUBLE => FloatAbi::Double,
            flags::FLOAT_ABI_QUAD => FloatAbi::Quad,
            _ => FloatAbi::Soft,
        },
        is_embedded: header.e_flags & flags::RVE != 0,
        names_linux: names_linux(bytes, &programs),
        has_lines: has_section(bytes, &header, &sections, b".debug_line"),
        segments,
    })
}

/// The ELF header, if it is that of a 64-bit little-endian RISC-V file.
fn header(bytes: &[u8]) -> Result<Header, LoadError> {
    if bytes.is_empty() {
        return Err(LoadError::Empty);
    }
    if !bytes.starts_with(header::ELFMAG) {
        return Err(LoadError::NotElf(foreign::describe(bytes)));
    }
    let ident = |index: usize| {
        bytes
            .get(index)
            .copied()
            .ok_or_else(|| truncated(bytes, "the ELF header", 64))
    };
    let class = ident(header::EI_CLASS)?;
    let data = ident(header::EI_DATA)?;
    if !matches!(class, header::ELFCLASS32 | header::ELFCLASS64)
        || !matches!(data, header::ELFDATA2LSB | header::ELFDATA2MSB)
    {
        return Err(LoadError::Damaged(format!(
            "its header has class {class} and byte order {data}, which do not exist"
        )));
    }
    // e_machine stands at the same place in every class, so that a foreign file is named even where it is cut off.
    let machine: [u8; 2] = bytes
        .get(18..20)
        .and_then(|two| two.try_into().ok())
        .ok_or_else(|| truncated(bytes, "the ELF header", 64))?;
    let is_little = data == header::ELFDATA2LSB;
    let machine = if is_little {
        u16::from_le_bytes(machine)
    } else {
        u16::from_be_bytes(machine)
    };
    let is_64 = class == header::ELFCLASS64;
    if machine != header::EM_RISCV || !is_64 || !is_little {
        return Err(LoadError::OtherMachine(foreign::processor(machine, is_64, is_little)));
    }
    if bytes.len() < 64 {
        return Err(truncated(bytes, "the ELF header", 64));
    }
    bytes
        .pread_with::<Header>(0, Endian::Little)
        .map_err(|error| LoadError::Damaged(error.to_string()))
}

fn truncated(bytes: &[u8], part: impl Into<String>, end: u64) -> LoadError {
    LoadError::Truncated {
        part: part.into(),
        end,
        length: bytes.len() as u64,
    }
}

/// `offset .. offset + size` as a range of the file, or the error that names `part`.
fn file_range(bytes: &[u8], part: &str, offset: u64, size: u64) -> Result<std::ops::Range<usize>, LoadError> {
    let end = offset.saturating_add(size);
    if end > bytes.len() as u64 {
        return Err(truncated(bytes, part, end));
    }
    Ok(offset as usize..end as usize)
}

fn program_headers(bytes: &[u8], header: &Header) -> Result<Vec<ProgramHeader>, LoadError> {
    if header.e_phnum == 0 {
        return Ok(Vec::new());
    }
    if header.e_phentsize != 56 {
        return Err(LoadError::Damaged(format!(
            "its program headers have {} bytes each instead of 56",
            header.e_phentsize
        )));
    }
    let size = u64::from(header.e_phnum) * 56;
    let range = file_range(bytes, "the table of program headers", header.e_phoff, size)?;
    ProgramHeader::parse(bytes, range.start, usize::from(header.e_phnum), CTX)
        .map_err(|error| LoadError::Damaged(error.to_string()))
}

fn section_headers(bytes: &[u8], header: &Header) -> Result<Vec<SectionHeader>, LoadError> {
    if header.e_shoff == 0 || header.e_shnum == 0 {
        return Ok(Vec::new());
    }
    if header.e_shentsize != 64 {
        return Err(LoadError::Damaged(format!(
            "its section headers have {} bytes each instead of 64",
            header.e_shentsize
        )));
    }
    let size = u64::from(header.e_shnum) * 64;
    let range = file_range(bytes, "the table of section headers", header.e_shoff, size)?;
    let sections = SectionHeader::parse(bytes, range.start, usize::from(header.e_shnum), CTX)
        .map_err(|error| LoadError::Damaged(error.to_string()))?;
    for section in &sections {
        if !matches!(section.sh_type, SHT_NULL | SHT_NOBITS) {
            file_range(bytes, "a section", section.sh_offset, section.sh_size)?;
        }
    }
    Ok(sections)
}

/// Whether the file is an executable that runs without a dynamic linker.
fn kind(bytes: &[u8], header: &Header, programs: &[ProgramHeader]) -> Result<Kind, LoadError> {
    match header.e_type {
        header::ET_REL => {
            return Err(LoadError::NotExecutable {
                what: "an object file",
                remedy: "link it (riscv64-linux-gnu-gcc -static main.o -o main.elf)",
            });
        }
        header::ET_CORE => {
            return Err(LoadError::NotExecutable {
                what: "a core dump",
                remedy: "name the program that dumped it",
            });
        }
        header::ET_EXEC | header::ET_DYN => {}
        other => {
            return Err(LoadError::Damaged(format!(
                "its header has type {other}, which is no kind of program"
            )));
        }
    }
    let dynamic = Dynamic::parse(bytes, programs)?;
    let is_library = header.e_type == header::ET_DYN && dynamic.has_soname;
    if is_library || header.e_type == header::ET_DYN && header.e_entry == 0 {
        return Err(LoadError::NotExecutable {
            what: "a shared library",
            remedy: "link it into a program with -static",
        });
    }
    if let Some(interpreter) = programs.iter().find(|program| program.p_type == PT_INTERP) {
        let range = file_range(
            bytes,
            "the name of the interpreter",
            interpreter.p_offset,
            interpreter.p_filesz,
        )?;
        return Err(LoadError::DynamicallyLinked {
            interpreter: printable(&bytes[range]),
        });
    }
    if let Some(library) = dynamic.needed {
        return Err(LoadError::NeedsLibrary { library });
    }
    if header.e_type == header::ET_EXEC {
        return Ok(Kind::Static);
    }
    // ld and lld mark every PIE since 2019; without the mark and with a dynamic section it is a library without a name.
    if dynamic.is_present && !dynamic.is_pie {
        return Err(LoadError::NotExecutable {
            what: "a shared library",
            remedy: "link it into a program with -static",
        });
    }
    Ok(Kind::StaticPie)
}

/// Whether a note `NT_GNU_ABI_TAG` names Linux (Linux Standard Base, "Object Format", `.note.ABI-tag`): the words 4 (length of the
/// name), 16 (length of what follows it), 1 (type), the name `GNU`, the word 0 for Linux, and a version. It has a segment of its own or,
/// as all notes of its alignment together, is one of several there.
fn names_linux(bytes: &[u8], programs: &[ProgramHeader]) -> bool {
    const TAG: [u8; 20] = *b"\x04\0\0\0\x10\0\0\0\x01\0\0\0GNU\0\0\0\0\0";
    programs
        .iter()
        .filter(|program| program.p_type == PT_NOTE)
        .filter_map(|program| file_range(bytes, "a note", program.p_offset, program.p_filesz).ok())
        .any(|range| bytes[range].windows(TAG.len()).step_by(4).any(|at| at == TAG))
}

/// A C string from a file for a message: up to its end, printable, at most 200 characters.
fn printable(bytes: &[u8]) -> String {
    let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text)
        .chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect()
}

/// What the dynamic section tells about the kind of file.
#[derive(Default)]
struct Dynamic {
    is_present: bool,
    has_soname: bool,
    is_pie: bool,
    needed: Option<String>,
}

impl Dynamic {
    fn parse(bytes: &[u8], programs: &[ProgramHeader]) -> Result<Dynamic, LoadError> {
        let Some(program) = programs.iter().find(|program| program.p_type == PT_DYNAMIC) else {
            return Ok(Dynamic::default());
        };
        let range = file_range(bytes, "the dynamic section", program.p_offset, program.p_filesz)?;
        let mut dynamic = Dynamic {
            is_present: true,
            ..Dynamic::default()
        };
        let mut needed = None;
        let mut names = None;
        for entry in bytes[range].chunks_exact(16) {
            let Ok(entry) = entry.pread_with::<Dyn>(0, CTX) else {
                break;
            };
            match entry.d_tag {
                DT_NULL => break,
                DT_SONAME => dynamic.has_soname = true,
                DT_FLAGS_1 => dynamic.is_pie |= entry.d_val & DF_1_PIE != 0,
                DT_NEEDED if needed.is_none() => needed = Some(entry.d_val),
                DT_STRTAB => names = Some(entry.d_val),
                _ => {}
            }
        }
        if let Some(needed) = needed {
            let name = names.and_then(|address| {
                let load = programs.iter().find(|program| {
                    program.p_type == PT_LOAD
                        && address
                            .checked_sub(program.p_vaddr)
                            .is_some_and(|at| at < program.p_filesz)
                })?;
                let offset = load.p_offset.checked_add(address - load.p_vaddr)?.checked_add(needed)?;
                bytes.get(usize::try_from(offset).ok()?..).map(printable)
            });
            dynamic.needed = Some(name.unwrap_or_else(|| "a shared library".into()));
        }
        Ok(dynamic)
    }
}

fn segments(file: &FileBytes, programs: &[ProgramHeader], base: u64) -> Result<Vec<Segment>, LoadError> {
    let mut segments = Vec::new();
    for program in programs
        .iter()
        .filter(|program| program.p_type == PT_LOAD && program.p_memsz > 0)
    {
        let size = program.p_memsz;
        let address = program.p_vaddr.saturating_add(base);
        if address.checked_add(size).is_none_or(|end| end > ADDRESS_SPACE_END) {
            return Err(LoadError::OversizedSegment { address, size });
        }
        if program.p_filesz > size {
            return Err(LoadError::Damaged(format!(
                "its segment at {address:#x} has {} bytes in the file and only {size} in memory",
                program.p_filesz
            )));
        }
        let range = file_range(
            file,
            &format!("the segment at {address:#x}"),
            program.p_offset,
            program.p_filesz,
        )?;
        segments.push(Segment {
            address,
            physical_address: program.p_paddr.saturating_add(base),
            memory_size: size,
            readable: program.p_flags & PF_R != 0,
            writable: program.p_flags & PF_W != 0,
            executable: program.p_flags & PF_X != 0,
            file: file.clone(),
            range,
        });
    }
    if segments.is_empty() {
        return Err(LoadError::NoSegments);
    }
    segments.sort_by_key(|segment| segment.address);
    for pair in segments.windows(2) {
        let (lower, upper) = (pair[0].addresses(), pair[1].addresses());
        if lower.end > upper.start {
            return Err(LoadError::OverlappingSegments {
                first: lower.start,
                first_end: lower.end,
                second: upper.start,
                second_end: upper.end,
            });
        }
    }
    Ok(segments)
}

/// Where the byte at `offset` of the file is loaded.
fn address_of_offset(segments: &[Segment], offset: u64) -> Option<u64> {
    let offset = usize::try_from(offset).ok()?;
    let segment = segments.iter().find(|segment| segment.range.contains(&offset))?;
    Some(segment.address + (offset - segment.range.start) as u64)
}

fn symbols(bytes: &[u8], sections: &[SectionHeader], base: u64) -> Result<Symbols, LoadError> {
    // Each name is copied, and a damaged table could name one long string a million times: what all names may take together.
    let mut name_budget = bytes.len().saturating_mul(4);
    let mut symbols = Reading::default();
    for section in sections
        .iter()
        .filter(|section| matches!(section.sh_type, SHT_SYMTAB | SHT_DYNSYM))
    {
        let table = file_range(bytes, "the symbol table", section.sh_offset, section.sh_size)?;
        let Some(names) = sections.get(section.sh_link as usize) else {
            return Err(LoadError::Damaged("its symbol table has no string table".into()));
        };
        let names = &bytes[file_range(bytes, "the string table", names.sh_offset, names.sh_size)?];
        symbols.reserve(table.len() / 24, names.len());
        for entry in bytes[table].chunks_exact(24) {
            let Ok(entry) = entry.pread_with::<sym::Sym>(0, CTX) else {
                break;
            };
            let Some((name, symbol)) = symbol(&entry, names, base, name_budget) else {
                continue;
            };
            name_budget -= name.len();
            symbols.add(Symbol { name: &name, ..symbol });
        }
    }
    Ok(symbols.finish())
}

/// The name of a table entry and the symbol, still without it, if it names an address of the program: not sections, files, thread-local offsets, undefined
/// names, nor the mapping symbols (`$x`, `$d`) and temporary labels (`.L…`) that RISC-V assemblers leave.
fn symbol<'a>(
    entry: &sym::Sym,
    names: &'a [u8],
    base: u64,
    name_budget: usize,
) -> Option<(Cow<'a, str>, Symbol<'static>)> {
    if entry.st_shndx == SHN_UNDEF as usize {
        return None;
    }
    let kind = match entry.st_type() {
        sym::STT_FUNC => SymbolKind::Function,
        sym::STT_GNU_IFUNC => SymbolKind::IndirectFunction,
        sym::STT_OBJECT | sym::STT_COMMON => SymbolKind::Object,
        sym::STT_NOTYPE => SymbolKind::Unspecified,
        _ => return None,
    };
    let binding = match entry.st_bind() {
        sym::STB_LOCAL => SymbolBinding::Local,
        sym::STB_WEAK => SymbolBinding::Weak,
        _ => SymbolBinding::Global,
    };
    let name = names.get(entry.st_name..)?.split(|&byte| byte == 0).next()?;
    if name.is_empty() || name.starts_with(b"$") || name.starts_with(b".L") || name.len() > name_budget {
        return None;
    }
    // Absolute symbols (section index 0xfff1) of a PIE do not move with it.
    let is_absolute = entry.st_shndx == 0xfff1;
    let address = if is_absolute {
        entry.st_value
    } else {
        entry.st_value.wrapping_add(base)
    };
    let symbol = Symbol {
        name: "",
        address,
        size: entry.st_size,
        kind,
        binding,
    };
    Some((String::from_utf8_lossy(name), symbol))
}

fn has_section(bytes: &[u8], header: &Header, sections: &[SectionHeader], name: &[u8]) -> bool {
    let Some(names) = sections.get(usize::from(header.e_shstrndx)) else {
        return false;
    };
    let Some(names) = bytes.get(names.file_range().unwrap_or_default()) else {
        return false;
    };
    sections.iter().any(|section| {
        names
            .get(section.sh_name..)
            .and_then(|at| at.split(|&byte| byte == 0).next())
            .is_some_and(|at| at == name)
    })
}
