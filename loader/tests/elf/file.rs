//! A small valid executable, made here byte by byte, that tests then spoil in one place.

/// Offsets into the ELF header.
pub(crate) mod at {
    pub(crate) const CLASS: usize = 4;
    pub(crate) const DATA: usize = 5;
    pub(crate) const TYPE: usize = 16;
    pub(crate) const MACHINE: usize = 18;
    pub(crate) const ENTRY: usize = 24;
    pub(crate) const PHOFF: usize = 32;
    pub(crate) const SHOFF: usize = 40;
    pub(crate) const FLAGS: usize = 48;
    pub(crate) const PHENTSIZE: usize = 54;
    pub(crate) const PHNUM: usize = 56;
    pub(crate) const SHENTSIZE: usize = 58;
    /// The first program header.
    pub(crate) const PHDR: usize = 64;
    pub(crate) const P_TYPE: usize = 0;
    pub(crate) const P_FLAGS: usize = 4;
    pub(crate) const P_OFFSET: usize = 8;
    pub(crate) const P_VADDR: usize = 16;
    pub(crate) const P_FILESZ: usize = 32;
    pub(crate) const P_MEMSZ: usize = 40;
    pub(crate) const P_ALIGN: usize = 48;
    pub(crate) const PHDR_SIZE: usize = 56;
}

pub(crate) const TEXT: u64 = 0x10000;
pub(crate) const DATA: u64 = 0x20000;
pub(crate) const ET_REL: u16 = 1;
pub(crate) const ET_EXEC: u16 = 2;
pub(crate) const ET_DYN: u16 = 3;
pub(crate) const ET_CORE: u16 = 4;
pub(crate) const PT_DYNAMIC: u32 = 2;
pub(crate) const PT_INTERP: u32 = 3;

/// `(name, value, size, type, binding, section index)`.
pub(crate) type SymbolRow = (&'static str, u64, u64, u8, u8, u16);

pub(crate) fn put16(bytes: &mut [u8], offset: usize, value: u16) {
    bytes[offset..offset + 2].copy_from_slice(&value.to_le_bytes());
}

pub(crate) fn put32(bytes: &mut [u8], offset: usize, value: u32) {
    bytes[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

pub(crate) fn put64(bytes: &mut [u8], offset: usize, value: u64) {
    bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
}

/// Offset of a field of program header `index`.
pub(crate) fn phdr(index: usize, field: usize) -> usize {
    at::PHDR + index * at::PHDR_SIZE + field
}

/// Two segments (text at [`TEXT`], loading the headers too; data at [`DATA`] with zeros after it), a third program header that
/// points at `extra` with the type given, and the symbols.
pub(crate) fn elf(elf_type: u16, extra_type: u32, extra: &[u8], symbols: &[SymbolRow]) -> Vec<u8> {
    let mut file = vec![0; 64 + 3 * at::PHDR_SIZE];
    file.extend([0x73, 0, 0, 0].repeat(4)); // ecall
    let text_end = file.len();
    let data_offset = file.len();
    file.extend(b"data");
    let extra_offset = file.len();
    file.extend(extra);
    while !file.len().is_multiple_of(8) {
        file.push(0);
    }
    let mut names = vec![0];
    let symtab = file.len();
    file.extend([0; 24]);
    for &(name, value, size, kind, binding, section) in symbols {
        file.extend((names.len() as u32).to_le_bytes());
        file.extend([binding << 4 | kind, 0]);
        file.extend(section.to_le_bytes());
        file.extend(value.to_le_bytes());
        file.extend(size.to_le_bytes());
        names.extend(name.as_bytes());
        names.push(0);
    }
    let strtab = file.len();
    file.extend(&names);
    while !file.len().is_multiple_of(8) {
        file.push(0);
    }
    let sections = file.len();
    // null, .symtab, .strtab; (type, offset, size, link, entry size), section names left empty.
    for (kind, offset, size, link, entry) in [
        (0, 0, 0, 0, 0),
        (2u32, symtab, strtab - symtab, 2u32, 24),
        (3, strtab, names.len(), 0, 0),
    ] {
        let mut section = vec![0; 64];
        put32(&mut section, 4, kind);
        put64(&mut section, 24, offset as u64);
        put64(&mut section, 32, size as u64);
        put32(&mut section, 40, link);
        put64(&mut section, 56, entry);
        file.extend(section);
    }

    file[..16].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    put16(&mut file, at::TYPE, elf_type);
    put16(&mut file, at::MACHINE, 243);
    put32(&mut file, 20, 1);
    put64(&mut file, at::ENTRY, TEXT + 64 + 3 * at::PHDR_SIZE as u64);
    put64(&mut file, at::PHOFF, 64);
    put64(&mut file, at::SHOFF, sections as u64);
    put32(&mut file, at::FLAGS, 5);
    put16(&mut file, 52, 64);
    put16(&mut file, at::PHENTSIZE, 56);
    put16(&mut file, at::PHNUM, 3);
    put16(&mut file, at::SHENTSIZE, 64);
    put16(&mut file, 60, 3);
    put16(&mut file, 62, 0);
    let headers = [
        (1, 5, 0, TEXT, text_end, text_end as u64),
        (1, 6, data_offset, DATA, 4, 0x1000),
        (extra_type, 4, extra_offset, 0, extra.len(), extra.len() as u64),
    ];
    for (index, (kind, flags, offset, address, file_size, memory_size)) in headers.into_iter().enumerate() {
        put32(&mut file, phdr(index, at::P_TYPE), kind);
        put32(&mut file, phdr(index, at::P_FLAGS), flags);
        put64(&mut file, phdr(index, at::P_OFFSET), offset as u64);
        put64(&mut file, phdr(index, at::P_VADDR), address);
        put64(&mut file, phdr(index, at::P_FILESZ), file_size as u64);
        put64(&mut file, phdr(index, at::P_MEMSZ), memory_size);
        put64(&mut file, phdr(index, at::P_ALIGN), 0x1000);
    }
    file
}

/// The plainest executable: [`elf`] of type `ET_EXEC` with a `main` and data named `tohost`.
pub(crate) fn executable() -> Vec<u8> {
    let entry = TEXT + 64 + 3 * at::PHDR_SIZE as u64;
    elf(
        ET_EXEC,
        0,
        &[],
        &[("main", entry, 8, 2, 1, 1), ("tohost", DATA, 8, 1, 1, 1)],
    )
}
