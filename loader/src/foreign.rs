//! What a file is when it is not a program for this processor: names for the messages of [`LoadError`](crate::LoadError).

use goblin::elf::header;

/// How far into the file the guess between text and data looks, in bytes.
const LOOK: usize = 4096;

/// What bytes that do not begin with the ELF magic look like, and what to do with them.
pub(crate) fn describe(bytes: &[u8]) -> String {
    const BUILD: &str = "build the program for RISC-V with `sigemu build`";
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"#!") {
        let line = bytes[2..].split(|&byte| byte == b'\n').next().unwrap_or_default();
        let interpreter: String = String::from_utf8_lossy(line)
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(60)
            .collect();
        return format!("a script for {interpreter}: run it on the host, and a RISC-V program on sigemu");
    }
    if starts(b"MZ") {
        return format!("a Windows executable (PE): {BUILD}");
    }
    // 0xcafebabe is shared by universal Mach-O binaries and Java classes: the next word is a count of architectures or a
    // class file version, and every class version is above 40.
    if starts(b"\xca\xfe\xba\xbe") {
        let word = bytes
            .get(4..8)
            .map_or(0, |word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
        return if word > 40 {
            format!("a Java class: {BUILD}")
        } else {
            format!("a macOS universal binary (Mach-O): {BUILD}")
        };
    }
    for magic in [
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
    ] {
        if starts(magic) {
            return format!("a macOS binary (Mach-O): {BUILD}");
        }
    }
    if starts(b"\0asm") {
        return format!("a WebAssembly module: {BUILD}");
    }
    if starts(b"BC\xc0\xde") {
        return "LLVM bitcode: compile it to a static RISC-V executable (zig cc or clang with --target=riscv64-linux-musl)".into();
    }
    if starts(b"!<arch>\n") {
        return "an archive (static library): link it into an executable".into();
    }
    if starts(b"\x1f\x8b")
        || starts(b"PK\x03\x04")
        || starts(b"\xfd7zXZ\0")
        || starts(b"\x28\xb5\x2f\xfd")
        || starts(b"BZh")
    {
        return "a compressed file: unpack it first".into();
    }
    let head = &bytes[..bytes.len().min(LOOK)];
    if !looks_like_text(head) {
        return "unknown binary data: expected a static RV64 ELF executable (`sigemu build main.c` makes one)".into();
    }
    if looks_like_c(head) {
        return "C or C++ source text: compile it with `sigemu build`".into();
    }
    if head.windows(2).any(|pair| pair == b"Ux") {
        return "text with Ux distributions: it is data, give it to a program as an argument or on stdin".into();
    }
    "text: expected a static RV64 ELF executable (`sigemu build main.c` makes one)".into()
}

/// No control characters but white space. (UTF-8 and Latin-1 both pass.)
fn looks_like_text(head: &[u8]) -> bool {
    head.iter()
        .all(|&byte| byte >= 0x20 && byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

/// An `#include`, a `main(` or a comment at the start.
fn looks_like_c(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    text.starts_with("/*") || text.starts_with("//") || text.contains("#include") || text.contains("main(")
}

/// The processor that an ELF header names, with its width and byte order where those are what keeps it from running here:
/// `x86-64`, `32-bit RISC-V`, `big-endian RISC-V`.
pub(crate) fn processor(machine: u16, is_64: bool, is_little: bool) -> String {
    // The value 258 is LoongArch in the ELF registry; goblin has no constant for it.
    const EM_LOONGARCH: u16 = 258;
    let name = match machine {
        header::EM_RISCV => match (is_64, is_little) {
            (false, false) => "32-bit big-endian RISC-V",
            (false, true) => "32-bit RISC-V",
            (true, false) => "big-endian RISC-V",
            (true, true) => "64-bit RISC-V",
        },
        header::EM_X86_64 => "x86-64",
        header::EM_386 => "x86 (i386)",
        header::EM_AARCH64 => "AArch64",
        header::EM_ARM => "Arm (32-bit)",
        header::EM_PPC64 => "64-bit PowerPC",
        header::EM_PPC => "PowerPC",
        header::EM_MIPS => "MIPS",
        header::EM_S390 => "IBM Z (s390x)",
        header::EM_SPARCV9 => "64-bit SPARC",
        header::EM_SPARC => "SPARC",
        header::EM_68K => "Motorola 68000",
        header::EM_AVR => "AVR",
        header::EM_MSP430 => "MSP430",
        header::EM_XTENSA => "Xtensa",
        header::EM_BPF => "BPF",
        EM_LOONGARCH => "LoongArch",
        other => return format!("an unknown processor (e_machine {other})"),
    };
    name.into()
}
