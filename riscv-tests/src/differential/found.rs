//! What a shrunk stream tells, as a [test line](crate::lines).
//!
//! The stream is run instruction by instruction until the two emulators differ: the state before is the line's inputs, the
//! reference's state after it the outputs. Registers that a line's program keeps are renamed; memory moves to the line's two words.
//! Where the instruction alone goes right (it needs another before it), what is left of the stream becomes one line of several.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use isa::{Extension, Format, Inst, Op, RegFile, decode, disassemble, encode, register};

use super::program::{ATOMIC_WORD, MIDDLE, State};
use super::{ATOMIC, COMPRESSED_NOP, Emulator, KEPT, NOP, Stream, jumps, words};
use crate::lines;

/// Most instructions in a line.
const LONGEST: usize = 8;
/// x registers that a line may use in place of those that its program keeps; the first six are in reach of every compressed form.
const FREE: [u8; 15] = [10, 11, 12, 13, 14, 15, 16, 17, 5, 6, 7, 28, 29, 30, 31];

/// A line that passes on the reference and fails on our emulator; `None` when the stream (shrunk to one pass) cannot be put so.
///
/// # Errors
///
/// When a program does not compile or an emulator cannot be started.
pub fn line(stream: &Stream, ours: &dyn Emulator, reference: &dyn Emulator) -> Result<Option<String>> {
    if stream.passes > 1 {
        return Ok(None);
    }
    let cases = [one_instruction(stream, ours, reference)?, Some(all_of_it(stream))];
    for case in cases.into_iter().flatten() {
        let Some(text) = case.line(reference)? else { continue };
        let line = lines::parse(1, &text).with_context(|| text.clone())?;
        if reference.passes(&line)? && !ours.passes(&line)? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// Adds a line to a file of lines, unless it is there.
///
/// # Errors
///
/// When the file cannot be read or written.
pub fn save(line: &str, file: &Path) -> Result<()> {
    let known = match std::fs::read_to_string(file) {
        Ok(text) => text.lines().any(|known| known == line),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(error).with_context(|| file.display().to_string()),
    };
    if !known {
        let mut file = OpenOptions::new().create(true).append(true).open(file)?;
        writeln!(file, "{line}")?;
    }
    Ok(())
}

/// Code that goes wrong, and the streams that end before and after it.
struct Case {
    code: Vec<Inst>,
    before: Stream,
    /// Ends with the code; if that is one jump, with an instruction more, which tells whether it was skipped.
    after: Stream,
    marker: Option<u8>,
}

/// The first instruction after which the emulators differ.
fn one_instruction(stream: &Stream, ours: &dyn Emulator, reference: &dyn Emulator) -> Result<Option<Case>> {
    let mut before = Stream {
        slots: Vec::new(),
        ..stream.clone()
    };
    for slot in &stream.slots {
        let halves = words(*slot);
        let together = halves.len() == 1 || jumps(halves[0]);
        let pieces: Vec<(u32, Vec<u32>)> = if together {
            vec![(*slot, halves)]
        } else {
            let padded = |half: u32| half | COMPRESSED_NOP << 16;
            halves.iter().map(|half| (padded(*half), vec![*half])).collect()
        };
        for (piece, code) in pieces {
            let mut after = before.clone().ending_with(piece);
            if piece == NOP {
                before = after;
                continue;
            }
            let code: Vec<Inst> = code.into_iter().filter_map(decode).collect();
            let marker = match code[..] {
                [jump] if jumps(piece) => Some(if jump.rd == 5 { 6 } else { 5 }),
                _ => None,
            };
            let alone = after.clone();
            if let Some(marker) = marker {
                after = after.ending_with(word(Inst {
                    rd: marker,
                    rs1: marker,
                    imm: -1,
                    ..Inst::new(Op::Xori)
                }));
            }
            if !after.agrees(ours, reference)? {
                return Ok(Some(Case {
                    code,
                    before,
                    after,
                    marker,
                }));
            }
            before = alone;
        }
    }
    Ok(None)
}

/// The whole stream without its nops, but for those that a jump may skip.
fn all_of_it(stream: &Stream) -> Case {
    let slots = &stream.slots;
    let first = slots.iter().position(|slot| *slot != NOP).unwrap_or(0);
    let last = slots.iter().rposition(|slot| *slot != NOP).unwrap_or(0);
    let code = (first..=last).filter(|&at| slots[at] != NOP || at > first && jumps(slots[at - 1]));
    Case {
        code: code.flat_map(|at| words(slots[at])).filter_map(decode).collect(),
        before: Stream {
            slots: Vec::new(),
            ..stream.clone()
        },
        after: stream.clone(),
        marker: None,
    }
}

/// The encoding of one of our own instructions: they all have one.
fn word(inst: Inst) -> u32 {
    encode(&inst).unwrap_or(NOP)
}

impl Case {
    fn line(&self, reference: &dyn Emulator) -> Result<Option<String>> {
        if self.code.is_empty() || self.code.len() > LONGEST {
            return Ok(None);
        }
        let state = |stream: &Stream| -> Result<State> {
            reference
                .run(stream)?
                .state()
                .context("the reference came to its end before")
        };
        // Registers that the program keeps are not printed, and the address of code neither: copy them into one that is.
        let asked = |inst: Inst| -> Result<u64> { Ok(state(&self.before.clone().ending_with(word(inst)))?.x(5)) };
        let mut kept = Vec::new();
        for register in KEPT {
            let copy = Inst {
                rd: 5,
                rs1: register,
                ..Inst::new(Op::Addi)
            };
            kept.push((register, asked(copy)?));
        }
        let pc = asked(Inst {
            rd: 5,
            ..Inst::new(Op::Auipc)
        })?;
        let (before, after) = (state(&self.before)?, state(&self.after)?);
        Ok(Writer {
            code: &self.code,
            before: &before,
            after: &after,
            kept,
            pc,
            skips: self.marker.map(|marker| self.skips(marker, &before, &after)),
            names: Vec::new(),
        }
        .line())
    }

    /// Whether a jump skipped the marker, which would have changed every bit of its register.
    fn skips(&self, marker: u8, before: &State, after: &State) -> bool {
        before.x(marker) == after.x(marker)
    }
}

/// Writes one line.
struct Writer<'a> {
    code: &'a [Inst],
    before: &'a State,
    after: &'a State,
    kept: Vec<(u8, u64)>,
    pc: u64,
    /// For a single jump, whether it went over the next instruction.
    skips: Option<bool>,
    /// x registers, whether as the base of an access, and what they are called in the line.
    names: Vec<((u8, bool), u8)>,
}

impl Writer<'_> {
    fn line(mut self) -> Option<String> {
        let window = self.window()?;
        let code = self.renamed()?;
        let mut line = code.iter().map(spelled).collect::<Option<Vec<_>>>()?.join(" ");
        let texts: Vec<String> = code.iter().map(text).collect();
        line.push_str(&format!(" ; {} ;", texts.join(" | ")));
        for (name, value) in self.inputs(window) {
            line.push_str(&format!(" {name}={value}"));
        }
        line.push_str(" =>");
        let outputs = self.outputs(window)?;
        if outputs.is_empty() {
            return None;
        }
        for (name, value) in outputs {
            line.push_str(&format!(" {name}={value}"));
        }
        Some(line)
    }

    /// Where the line's two words of memory are in that of the stream, if all accesses fit: `Some(None)` without any.
    fn window(&self) -> Option<Option<i32>> {
        let addresses: Vec<i32> = self.code.iter().filter_map(address).collect();
        let Some(lowest) = addresses.iter().min() else {
            return Some(None);
        };
        let start = lowest & !7;
        addresses
            .iter()
            .all(|address| address - start <= 8)
            .then_some(Some(start))
    }

    /// The code with registers that a line may use.
    fn renamed(&mut self) -> Option<Vec<Inst>> {
        // What can stay has its name first.
        for inst in self.code {
            for (register, base) in x_operands(inst) {
                if !base && !is_reserved(register) && !self.names.iter().any(|(known, _)| *known == (register, base)) {
                    self.names.push(((register, base), register));
                }
            }
        }
        let code = self.code;
        code.iter()
            .map(|inst| {
                let operands = inst.op.operands();
                let mut renamed = *inst;
                if operands.rs1 == Some(RegFile::X) {
                    renamed.rs1 = self.name(inst.rs1, address(inst).is_some())?;
                }
                if operands.rs2 == Some(RegFile::X) {
                    renamed.rs2 = self.name(inst.rs2, false)?;
                }
                if operands.rd == Some(RegFile::X) {
                    renamed.rd = self.name(inst.rd, false)?;
                }
                Some(renamed)
            })
            .collect()
    }

    fn name(&mut self, register: u8, base: bool) -> Option<u8> {
        if register == 0 {
            return Some(0);
        }
        if let Some((_, name)) = self.names.iter().find(|(known, _)| *known == (register, base)) {
            return Some(*name);
        }
        let is_taken = |free: &u8| self.names.iter().any(|(_, name)| name == free);
        let name = FREE.into_iter().find(|free| !is_taken(free))?;
        self.names.push(((register, base), name));
        Some(name)
    }

    fn inputs(&mut self, window: Option<i32>) -> Vec<(String, String)> {
        let mut inputs: Vec<(String, String)> = Vec::new();
        let mut written = Vec::new();
        for inst in self.code {
            let operands = inst.op.operands();
            let is_access = address(inst).is_some();
            let sources = [
                (operands.rs1, inst.rs1, is_access),
                (operands.rs2, inst.rs2, false),
                (operands.rs3, inst.rs3, false),
            ];
            for (file, register, base) in sources {
                let Some(file) = file else { continue };
                if written.contains(&(file, register)) || file == RegFile::X && register == 0 {
                    continue;
                }
                let number = if file == RegFile::X {
                    self.name(register, base)
                } else {
                    Some(register)
                };
                let Some(name) = number.and_then(|number| register::name(file, number)) else {
                    continue;
                };
                let value = match (file, window) {
                    (RegFile::F, _) => format!("{:#x}", self.before.f(register)),
                    (RegFile::X, Some(start)) if base => {
                        let place = if register == ATOMIC { ATOMIC_WORD } else { MIDDLE };
                        format!("&m{}", offset(i64::from(place - start)))
                    }
                    (RegFile::X, _) => format!("{:#x}", self.x_before(register)),
                };
                if !inputs.iter().any(|(known, _)| known == name) {
                    inputs.push((name.to_owned(), value));
                }
            }
            if let Some(file) = operands.rd {
                written.push((file, inst.rd));
            }
        }
        if self.code.iter().any(concerns_flags) {
            let fcsr = self.before.fcsr();
            inputs.push(("fflags".to_owned(), format!("{:#x}", fcsr & 31)));
            inputs.push(("frm".to_owned(), format!("{:#x}", fcsr >> 5)));
        }
        inputs.extend(memory(self.before, window));
        inputs
    }

    fn x_before(&self, register: u8) -> u64 {
        let kept = self.kept.iter().find(|(kept, _)| *kept == register);
        kept.map_or_else(|| self.before.x(register), |(_, value)| *value)
    }

    fn outputs(&mut self, window: Option<i32>) -> Option<Vec<(String, String)>> {
        let mut outputs: Vec<(String, String)> = Vec::new();
        for inst in self.code {
            let Some(file) = inst.op.operands().rd else { continue };
            let is_address = matches!(inst.op, Op::Auipc | Op::Jal);
            if file == RegFile::X && inst.rd == 0 {
                continue;
            }
            if is_address && self.code.len() > 1 {
                // Relative to what? The instructions stand elsewhere in the stream.
                return None;
            }
            let number = if file == RegFile::X {
                self.name(inst.rd, false)?
            } else {
                inst.rd
            };
            let name = register::name(file, number)?;
            let value = match file {
                RegFile::F => format!("{:#x}", self.after.f(inst.rd)),
                RegFile::X if is_address => {
                    format!(
                        "pc{}",
                        offset(self.after.x(inst.rd).wrapping_sub(self.pc).cast_signed())
                    )
                }
                RegFile::X => format!("{:#x}", self.after.x(inst.rd)),
            };
            if !outputs.iter().any(|(known, _)| known == name) {
                outputs.push((name.to_owned(), value));
            }
        }
        if self.code.iter().any(concerns_flags) {
            let fcsr = self.after.fcsr();
            outputs.push(("fflags".to_owned(), format!("{:#x}", fcsr & 31)));
            outputs.push(("frm".to_owned(), format!("{:#x}", fcsr >> 5)));
        }
        outputs.extend(memory(self.after, window));
        if let Some(skips) = self.skips {
            outputs.push(("pc".to_owned(), if skips { "pc+8" } else { "pc+4" }.to_owned()));
        }
        Some(outputs)
    }
}

/// The two words of memory that a line knows.
fn memory(state: &State, window: Option<i32>) -> Vec<(String, String)> {
    let words = window.map(|start| {
        [("m0", start), ("m8", start + 8)].map(|(name, at)| (name.to_owned(), format!("{:#x}", state.memory(at))))
    });
    words.into_iter().flatten().collect()
}

/// Nothing, `+8`, `-16`.
fn offset(offset: i64) -> String {
    if offset == 0 {
        String::new()
    } else {
        format!("{offset:+}")
    }
}

/// Where an instruction accesses memory, from the start of the stream's.
fn address(inst: &Inst) -> Option<i32> {
    let base = if inst.rs1 == ATOMIC { ATOMIC_WORD } else { MIDDLE };
    match inst.op.format() {
        Format::Load | Format::Store | Format::FloatLoad | Format::FloatStore | Format::Amo => Some(base + inst.imm),
        _ => None,
    }
}

/// The x registers of an instruction, and whether they are the base of an access.
fn x_operands(inst: &Inst) -> impl Iterator<Item = (u8, bool)> {
    let operands = inst.op.operands();
    let all = [
        (operands.rs1, inst.rs1, address(inst).is_some()),
        (operands.rs2, inst.rs2, false),
        (operands.rd, inst.rd, false),
    ];
    all.into_iter()
        .filter(|(file, _, _)| *file == Some(RegFile::X))
        .map(|(_, register, base)| (register, base))
}

fn is_reserved(register: u8) -> bool {
    register::name(RegFile::X, register).is_none_or(lines::is_reserved)
}

fn concerns_flags(inst: &Inst) -> bool {
    use Extension as E;
    matches!(inst.op.extension(), E::F | E::D | E::Zfh | E::Zfhmin | E::Zicsr)
}

/// The bits of an instruction. A compressed one is looked for among all.
fn spelled(inst: &Inst) -> Option<String> {
    if inst.len == 2 {
        let half = (0..=0xffff).find(|half| decode(*half) == Some(*inst))?;
        Some(format!("{half:04x}"))
    } else {
        encode(inst).map(|word| format!("{word:08x}"))
    }
}

/// An instruction as a line writes it.
fn text(inst: &Inst) -> String {
    // A target cannot be taken for a part of anything else: no operand is that large.
    const PC: u64 = 0x1234_5678_0000;
    let text = disassemble(inst, PC).to_string().replace('\t', " ");
    match inst.op.format() {
        Format::Branch | Format::Jal => {
            let target = format!("{:x}", PC.wrapping_add_signed(inst.imm.into()));
            text.replace(&target, &format!("pc+{}", inst.imm))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Installed, Ran};
    use super::*;
    use crate::lines::Line;
    use crate::runner::Runner;
    use crate::sources::Sources;

    /// An emulator that takes some instructions for others.
    struct Faulty<'a> {
        sound: &'a Installed<'a>,
        /// What the second of two neighbours is taken for.
        fault: fn(Op, Op) -> Op,
    }

    impl Faulty<'_> {
        fn words(&self, words: &[u32]) -> Vec<u32> {
            let mut previous = Op::Addi;
            let mut taken = Vec::new();
            for word in words {
                let inst = decode(*word).expect("an instruction");
                let op = (self.fault)(previous, inst.op);
                previous = inst.op;
                let other = spelled(&Inst { op, ..inst }).expect("an encoding");
                taken.push(u32::from_str_radix(&other, 16).expect("a number"));
            }
            taken
        }
    }

    impl Emulator for Faulty<'_> {
        fn run(&self, stream: &Stream) -> Result<Ran> {
            let all: Vec<u32> = stream.slots.iter().flat_map(|slot| words(*slot)).collect();
            let mut taken = self.words(&all).into_iter();
            let mut faulty = stream.clone();
            for slot in &mut faulty.slots {
                let word = taken.next().expect("as many");
                *slot = if word & 3 == 3 {
                    word
                } else {
                    word | taken.next().expect("as many") << 16
                };
            }
            self.sound.run(&faulty)
        }

        fn passes(&self, line: &Line) -> Result<bool> {
            let words = self.words(&line.words);
            self.sound.passes(&Line { words, ..line.clone() })
        }
    }

    /// Shrinks the first stream that shows a fault, and gives the line that is made of it.
    fn line_for(fault: fn(Op, Op) -> Op, mut streams: impl Iterator<Item = Stream>) -> String {
        let sources = Sources::find().expect("the sources of riscv-tests");
        let sound = Installed {
            runner: Runner::Qemu,
            sources: &sources,
        };
        let faulty = Faulty { sound: &sound, fault };
        let stream = streams.find(|stream| !stream.agrees(&faulty, &sound).expect("qemu runs"));
        let small = stream
            .expect("a stream with the fault")
            .shrink(&faulty, &sound)
            .expect("qemu runs");
        let found = line(&small, &faulty, &sound).expect("qemu runs");
        let text = found.unwrap_or_else(|| panic!("no line for\n{}", small.listing()));
        // `line` has seen it pass on the sound emulator and fail on the faulty one; ours is sound too.
        let ours = Installed {
            runner: Runner::sigemu(),
            sources: &sources,
        };
        let line = lines::parse(1, &text).expect("a line");
        assert!(ours.passes(&line).expect("sigemu runs"), "{text}");
        text
    }

    #[test]
    fn a_fault_in_one_instruction_becomes_its_line() {
        macro_rules! faults {
            ($($right:ident => $wrong:ident),*) => {
                [$((Op::$right, (|_, op| if op == Op::$right { Op::$wrong } else { op }) as fn(Op, Op) -> Op)),*]
            };
        }
        // Memory and floating point; each takes half a minute, most of it the assembler.
        let faults = faults![AmomaxD => AmomaxuD, FmaddS => FmsubS];
        for (number, (op, fault)) in faults.into_iter().enumerate() {
            // Seeds of their own: the name of a program is its seed.
            let seed = 1_000_000 + 1000 * number as u64;
            let text = line_for(fault, (seed..seed + 100).map(|seed| Stream::random(seed, 100, 50)));
            let line = lines::parse(1, &text).expect("a line");
            println!("{text}");
            let ops: Vec<_> = line
                .words
                .iter()
                .map(|word| decode(*word).map(|inst| inst.op))
                .collect();
            assert_eq!(ops, [Some(op)], "{text}");
        }
    }

    #[test]
    fn a_fault_that_takes_two_instructions_becomes_a_line_of_several() {
        let add = word(Inst {
            rd: 6,
            rs1: 7,
            rs2: 10,
            ..Inst::new(Op::Add)
        });
        let sub = word(Inst {
            rd: 12,
            rs1: 6,
            rs2: 18,
            ..Inst::new(Op::Sub)
        });
        let stream = Stream::random(2_000_000, 50, 4).ending_with(add).ending_with(sub);
        let fault = |previous, op| match (previous, op) {
            (Op::Add, Op::Sub) => Op::Xor,
            _ => op,
        };
        let text = line_for(fault, std::iter::once(stream));
        println!("{text}");
        let line = lines::parse(1, &text).expect("a line");
        let ops: Vec<_> = line
            .words
            .iter()
            .map(|word| decode(*word).map(|inst| inst.op))
            .collect();
        assert_eq!(ops, [Some(Op::Add), Some(Op::Sub)], "{text}");
    }

    #[test]
    fn a_text_reads_like_those_of_the_lines() {
        let jump = Inst {
            rd: 1,
            imm: 8,
            ..Inst::new(Op::Jal)
        };
        assert_eq!(text(&jump), "jal pc+8");
        assert_eq!(spelled(&jump).as_deref(), Some("008000ef"));
    }

    #[test]
    fn a_line_is_saved_once() {
        let file = std::env::temp_dir().join(format!("sigemu_found_{}.txt", std::process::id()));
        for line in ["one", "two", "one"] {
            save(line, &file).expect("a file that can be written");
        }
        let text = std::fs::read_to_string(&file).expect("what was saved");
        std::fs::remove_file(&file).expect("the file is there");
        assert_eq!(text, "one\ntwo\n");
    }
}
