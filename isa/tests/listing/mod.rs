//! Lines of an objdump listing.

/// One listed instruction.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) address: u64,
    pub(crate) word: u32,
    /// Bytes.
    pub(crate) length: u32,
    /// Mnemonic, tab, operands; without comments and symbols.
    pub(crate) text: String,
}

/// `  1a:<tab>7139   <tab>addi<tab>sp,sp,-64` (LLVM has a space for the first tab); anything else is `None`.
pub(crate) fn parse(line: &str) -> Option<Listed> {
    let (address, rest) = line.split_once(':')?;
    let address = u64::from_str_radix(address.trim(), 16).ok()?;
    let (bytes, text) = rest.trim_start().split_once('\t')?;
    let bytes = bytes.trim();
    let word = u32::from_str_radix(bytes, 16).ok()?;
    let text = text.split(['#', '<']).next().unwrap_or(text).trim().to_owned();
    let length = bytes.len() as u32 / 2;
    Some(Listed {
        address,
        word,
        length,
        text: with_immediate_names(text),
    })
}

/// Binutils 2.40 lists `addi a0,a0,1` by the assembler's shorthand `add a0,a0,1` (binutils before and after it, and LLVM, do not).
/// The name that the manual gives is put back where the last operand is a number.
fn with_immediate_names(text: String) -> String {
    const NAMES: [(&str, &str, usize); 27] = [
        // shorthand, full name, operands
        ("add", "addi", 3),
        ("addw", "addiw", 3),
        ("and", "andi", 3),
        ("or", "ori", 3),
        ("xor", "xori", 3),
        ("slt", "slti", 3),
        ("sltu", "sltiu", 3),
        ("sll", "slli", 3),
        ("srl", "srli", 3),
        ("sra", "srai", 3),
        ("sllw", "slliw", 3),
        ("srlw", "srliw", 3),
        ("sraw", "sraiw", 3),
        ("ror", "rori", 3),
        ("rorw", "roriw", 3),
        ("bclr", "bclri", 3),
        ("bext", "bexti", 3),
        ("binv", "binvi", 3),
        ("bset", "bseti", 3),
        ("csrrw", "csrrwi", 3),
        ("csrrs", "csrrsi", 3),
        ("csrrc", "csrrci", 3),
        ("csrw", "csrwi", 2),
        ("csrs", "csrsi", 2),
        ("csrc", "csrci", 2),
        ("fsrm", "fsrmi", 0),
        ("fsflags", "fsflagsi", 0),
    ];
    let Some((mnemonic, operands)) = text.split_once('\t') else {
        return text;
    };
    let last = operands.rsplit(',').next().unwrap_or(operands);
    if !last.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return text;
    }
    let count = operands.split(',').count();
    match NAMES
        .iter()
        .find(|(shorthand, _, n)| *shorthand == mnemonic && (*n == count || *n == 0))
    {
        Some((_, full, _)) => format!("{full}\t{operands}"),
        None => text,
    }
}
