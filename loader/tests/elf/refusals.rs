//! Every refusal, on its exact message.

use crate::file::*;
use loader::Image;

#[track_caller]
fn refused(bytes: &[u8], message: &str) {
    let error = Image::parse(bytes).expect_err("this file must be refused");
    assert_eq!(error.to_string(), message);
    assert!(!error.to_string().contains('\n'));
}

/// The executable with one change.
fn spoiled(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = executable();
    change(&mut bytes);
    bytes
}

#[test]
fn the_unspoiled_file_is_accepted() {
    let image = Image::parse(&executable()).unwrap();
    assert_eq!(image.entry, TEXT + 64 + 3 * 56);
}

#[test]
fn empty() {
    refused(
        b"",
        "an empty file: expected a static RV64 ELF executable (`sigemu build main.c` makes one)",
    );
}

#[test]
fn directory() {
    let directory = tempfile::tempdir().unwrap();
    let error = loader::read(directory.path(), |length| vec![0; length]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a directory, not a program: name the executable in it"
    );
    let error = loader::read(&directory.path().join("absent"), |length| vec![0; length]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot be read: No such file or directory (os error 2)"
    );
}

#[test]
fn not_elf() {
    let build = "build the program for RISC-V with `sigemu build`";
    let expected = "expected a static RV64 ELF executable (`sigemu build main.c` makes one)";
    let cases: &[(&[u8], String)] = &[
        (
            b"#!/bin/sh\necho\n",
            "a script for /bin/sh: run it on the host, and a RISC-V program on sigemu".into(),
        ),
        (b"MZ\x90\0", format!("a Windows executable (PE): {build}")),
        (
            b"\xcf\xfa\xed\xfe\x0c\0\0\x01",
            format!("a macOS binary (Mach-O): {build}"),
        ),
        (
            b"\xfe\xed\xfa\xce\0\0\0\x12",
            format!("a macOS binary (Mach-O): {build}"),
        ),
        (
            b"\xca\xfe\xba\xbe\0\0\0\x02",
            format!("a macOS universal binary (Mach-O): {build}"),
        ),
        (b"\xca\xfe\xba\xbe\0\0\0\x41", format!("a Java class: {build}")),
        (b"\0asm\x01\0\0\0", format!("a WebAssembly module: {build}")),
        (
            b"BC\xc0\xde5\x14",
            "LLVM bitcode: compile it to a static RISC-V executable (zig cc or clang with --target=riscv64-linux-musl)"
                .into(),
        ),
        (
            b"!<arch>\nmain.o/",
            "an archive (static library): link it into an executable".into(),
        ),
        (b"\x1f\x8b\x08\0\0", "a compressed file: unpack it first".into()),
        (b"PK\x03\x04", "a compressed file: unpack it first".into()),
        (
            b"#include <stdio.h>\n",
            "C or C++ source text: compile it with `sigemu build`".into(),
        ),
        (
            b"/* wing.c */\nint x;\n",
            "C or C++ source text: compile it with `sigemu build`".into(),
        ),
        (
            b"int main(void) { return 0; }\n",
            "C or C++ source text: compile it with `sigemu build`".into(),
        ),
        (
            b"1.5Ux0400000000000000003FF8000000000000",
            "text with Ux distributions: it is data, give it to a program as an argument or on stdin".into(),
        ),
        (b"hello\n", format!("text: {expected}")),
        (b"gr\xc3\xbc\xc3\x9fe\n", format!("text: {expected}")),
        (b"\x01\x02\x03\x04", format!("unknown binary data: {expected}")),
        (b"\x7fEL", format!("unknown binary data: {expected}")),
    ];
    for (bytes, what) in cases {
        refused(bytes, &format!("not an ELF file but {what}"));
    }
}

#[test]
fn other_machines() {
    let remedy = "build it for 64-bit little-endian RISC-V (`sigemu build main.c`, or riscv64-linux-gnu-gcc -static)";
    for (machine, name) in [
        (62, "x86-64"),
        (3, "x86 (i386)"),
        (183, "AArch64"),
        (40, "Arm (32-bit)"),
        (258, "LoongArch"),
        (8, "MIPS"),
        (21, "64-bit PowerPC"),
        (0x1234, "an unknown processor (e_machine 4660)"),
    ] {
        let bytes = spoiled(|bytes| put16(bytes, at::MACHINE, machine));
        refused(&bytes, &format!("an ELF file for {name}: {remedy}"));
    }
    let bytes = spoiled(|bytes| bytes[at::CLASS] = 1);
    refused(&bytes, &format!("an ELF file for 32-bit RISC-V: {remedy}"));
    // A big-endian header, its machine field in that order.
    let bytes = spoiled(|bytes| {
        bytes[at::DATA] = 2;
        bytes[at::MACHINE..at::MACHINE + 2].copy_from_slice(&243u16.to_be_bytes());
    });
    refused(&bytes, &format!("an ELF file for big-endian RISC-V: {remedy}"));
    let bytes = spoiled(|bytes| {
        bytes[at::CLASS] = 1;
        bytes[at::DATA] = 2;
        bytes[at::MACHINE..at::MACHINE + 2].copy_from_slice(&243u16.to_be_bytes());
    });
    refused(&bytes, &format!("an ELF file for 32-bit big-endian RISC-V: {remedy}"));
    // Big-endian and another machine: the name of the machine says enough.
    let bytes = spoiled(|bytes| {
        bytes[at::DATA] = 2;
        bytes[at::MACHINE..at::MACHINE + 2].copy_from_slice(&22u16.to_be_bytes());
    });
    refused(&bytes, &format!("an ELF file for IBM Z (s390x): {remedy}"));
}

#[test]
fn dynamically_linked() {
    let bytes = elf(ET_DYN, PT_INTERP, b"/lib/ld-linux-riscv64-lp64d.so.1\0", &[]);
    refused(
        &bytes,
        "dynamically linked (interpreter /lib/ld-linux-riscv64-lp64d.so.1): link it with -static",
    );
    let bytes = elf(ET_EXEC, PT_INTERP, b"/lib/ld-musl-riscv64.so.1\0", &[]);
    refused(
        &bytes,
        "dynamically linked (interpreter /lib/ld-musl-riscv64.so.1): link it with -static",
    );
}

/// A dynamic section: DT_NEEDED at offset 1 of a string table that stands behind it in the text segment's file part.
#[test]
fn needs_a_library_without_interpreter() {
    let mut extra = Vec::new();
    // The whole file is below 0x1000, so make the text segment load all of it: DT_STRTAB is then TEXT + file offset.
    let extra_offset = 64 + 3 * 56 + 16 + 4;
    for (tag, value) in [(1u64, 1u64), (5, TEXT + extra_offset + 48), (0, 0)] {
        extra.extend(tag.to_le_bytes());
        extra.extend(value.to_le_bytes());
    }
    extra.extend(b"\0libm.so.6\0");
    let mut bytes = elf(ET_EXEC, PT_DYNAMIC, &extra, &[]);
    let length = bytes.len() as u64;
    put64(&mut bytes, phdr(0, at::P_FILESZ), length);
    put64(&mut bytes, phdr(0, at::P_MEMSZ), length);
    refused(&bytes, "dynamically linked (needs libm.so.6): link it with -static");
    // The name is out of reach: still refused.
    put64(&mut bytes, extra_offset as usize + 8, 1 << 40);
    refused(
        &bytes,
        "dynamically linked (needs a shared library): link it with -static",
    );
}

#[test]
fn not_executable() {
    let bytes = spoiled(|bytes| put16(bytes, at::TYPE, ET_REL));
    refused(
        &bytes,
        "an object file, not an executable: link it (riscv64-linux-gnu-gcc -static main.o -o main.elf)",
    );
    let bytes = spoiled(|bytes| put16(bytes, at::TYPE, ET_CORE));
    refused(
        &bytes,
        "a core dump, not an executable: name the program that dumped it",
    );
    let library = "a shared library, not an executable: link it into a program with -static";
    // By its DT_SONAME.
    let soname: Vec<u8> = [14u64, 0, 0, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    refused(&elf(ET_DYN, PT_DYNAMIC, &soname, &[]), library);
    // By a dynamic section that says neither name nor PIE.
    refused(&elf(ET_DYN, PT_DYNAMIC, &[0; 16], &[]), library);
    // By an entry of zero.
    let mut bytes = elf(ET_DYN, 0, &[], &[]);
    put64(&mut bytes, at::ENTRY, 0);
    refused(&bytes, library);
    let bytes = spoiled(|bytes| put16(bytes, at::TYPE, 77));
    refused(
        &bytes,
        "a damaged ELF file: its header has type 77, which is no kind of program; build it again",
    );
}

#[test]
fn truncated() {
    let whole = executable();
    let again = "copy or build it again";
    refused(
        &whole[..10],
        &format!("truncated: the ELF header should reach byte 64, the file has 10 bytes; {again}"),
    );
    refused(
        &whole[..40],
        &format!("truncated: the ELF header should reach byte 64, the file has 40 bytes; {again}"),
    );
    refused(
        &whole[..100],
        &format!("truncated: the table of program headers should reach byte 232, the file has 100 bytes; {again}"),
    );
    let length = whole.len();
    refused(
        &whole[..length - 1],
        &format!(
            "truncated: the table of section headers should reach byte {length}, the file has {} bytes; {again}",
            length - 1
        ),
    );
    // Without section headers a cut is seen at the segments.
    let bytes = spoiled(|bytes| {
        put64(bytes, at::SHOFF, 0);
        bytes.truncate(249);
    });
    refused(
        &bytes,
        &format!("truncated: the segment at 0x20000 should reach byte 252, the file has 249 bytes; {again}"),
    );
    let bytes = spoiled(|bytes| put64(bytes, phdr(0, at::P_OFFSET), u64::MAX - 1));
    refused(
        &bytes,
        &format!(
            "truncated: the segment at 0x10000 should reach byte {}, the file has {length} bytes; {again}",
            u64::MAX
        ),
    );
}

#[test]
fn every_cut_is_refused() {
    let whole = executable();
    for length in 0..whole.len() {
        assert!(Image::parse(&whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn damaged() {
    let bytes = spoiled(|bytes| bytes[at::CLASS] = 7);
    refused(
        &bytes,
        "a damaged ELF file: its header has class 7 and byte order 1, which do not exist; build it again",
    );
    let bytes = spoiled(|bytes| put16(bytes, at::PHENTSIZE, 32));
    refused(
        &bytes,
        "a damaged ELF file: its program headers have 32 bytes each instead of 56; build it again",
    );
    let bytes = spoiled(|bytes| put16(bytes, at::SHENTSIZE, 40));
    refused(
        &bytes,
        "a damaged ELF file: its section headers have 40 bytes each instead of 64; build it again",
    );
    let bytes = spoiled(|bytes| put64(bytes, phdr(0, at::P_MEMSZ), 8));
    refused(
        &bytes,
        "a damaged ELF file: its segment at 0x10000 has 248 bytes in the file and only 8 in memory; build it again",
    );
}

#[test]
fn overlapping_segments() {
    let bytes = spoiled(|bytes| put64(bytes, phdr(1, at::P_VADDR), TEXT + 0x10));
    refused(
        &bytes,
        "segments overlap: 0x10000..0x100f8 and 0x10010..0x11010; check the linker script",
    );
    // Listed upper first: the same message.
    let bytes = spoiled(|bytes| put64(bytes, phdr(1, at::P_VADDR), TEXT - 0x10));
    refused(
        &bytes,
        "segments overlap: 0xfff0..0x10ff0 and 0x10000..0x100f8; check the linker script",
    );
}

#[test]
fn oversized_segments() {
    let bytes = spoiled(|bytes| put64(bytes, phdr(1, at::P_MEMSZ), 1 << 40));
    refused(
        &bytes,
        "a segment of 1099511627776 bytes at 0x20000 exceeds the address space (it ends at 0x4000000000); check the linker script",
    );
    let bytes = spoiled(|bytes| put64(bytes, phdr(1, at::P_VADDR), u64::MAX - 0x10));
    refused(
        &bytes,
        "a segment of 4096 bytes at 0xffffffffffffffef exceeds the address space (it ends at 0x4000000000); check the linker script",
    );
}

/// A big segment that fits the address space is accepted (the machine compares it with its memory) and costs nothing here.
#[test]
fn a_big_zero_segment_allocates_nothing() {
    let bytes = spoiled(|bytes| put64(bytes, phdr(1, at::P_MEMSZ), 1 << 37));
    let image = Image::parse(&bytes).unwrap();
    assert_eq!(image.memory_span(), TEXT..DATA + (1 << 37));
    assert_eq!(image.memory_size(), 248 + (1 << 37));
    assert_eq!(image.segments[1].data(), b"data");
}

#[test]
fn entry_outside() {
    let remedy = "link it with a start address (_start, or -Wl,-e,NAME)";
    for entry in [0, TEXT - 1, TEXT + 248, DATA] {
        let bytes = spoiled(|bytes| put64(bytes, at::ENTRY, entry));
        refused(
            &bytes,
            &format!("the entry {entry:#x} lies outside every executable segment; {remedy}"),
        );
    }
}

#[test]
fn no_segments() {
    let bytes = spoiled(|bytes| put16(bytes, at::PHNUM, 0));
    refused(
        &bytes,
        "no loadable segment: nothing to run; link it into an executable",
    );
}
