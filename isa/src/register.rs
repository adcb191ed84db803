//! Names of registers in the standard calling convention.

use crate::RegFile;

/// ABI names of x0 to x31.
pub const X_NAMES: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

/// ABI names of f0 to f31.
pub const F_NAMES: [&str; 32] = [
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
    "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
];

/// The ABI name of a register, or `None` when there is no such register.
pub fn name(file: RegFile, number: u8) -> Option<&'static str> {
    let names = match file {
        RegFile::X => &X_NAMES,
        RegFile::F => &F_NAMES,
    };
    names.get(usize::from(number)).copied()
}

/// The x register with an ABI name (`fp` is `s0`) or a numeric one (`x8`).
pub fn x_number(name: &str) -> Option<u8> {
    match name {
        "fp" => Some(8),
        _ => number(name, 'x', &X_NAMES),
    }
}

/// The f register with an ABI name or a numeric one (`f8`).
pub fn f_number(name: &str) -> Option<u8> {
    number(name, 'f', &F_NAMES)
}

fn number(name: &str, prefix: char, names: &[&str; 32]) -> Option<u8> {
    let digits = name.strip_prefix(prefix);
    let numeric = digits
        .filter(|d| !d.starts_with('0') || *d == "0")
        .and_then(|d| d.parse::<u8>().ok());
    match numeric {
        Some(n) if n < 32 => Some(n),
        _ => names.iter().position(|n| *n == name).and_then(|n| u8::try_from(n).ok()),
    }
}
