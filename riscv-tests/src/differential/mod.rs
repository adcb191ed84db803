//! Random instruction streams, run on two emulators and compared: registers, memory and flags.
//!
//! A stream is straight-line code of 4-byte slots (one instruction, or two compressed ones); branches and jumps skip one slot. It
//! runs many times over. Before each pass all registers get values drawn from a pool of awkward ones; after it everything is
//! mixed into a hash, so that no difference is overwritten. The program prints the state after the last pass, and the hash.
//!
//! Left out, with reasons: what qemu 7.2 does not know (Zfa, Zicond, Zimop, Zawrs, cache blocks); `lr`/`sc` (whether a store-conditional
//! succeeds is the implementation's choice); `jalr` (its targets are not random: riscv-tests has it); `ctzw` (wrong in qemu 7.2).
//!
//! * [`Stream`] makes one; [`program`] runs it and prints; [`Emulator`] is what can run it.
//! * [`Stream::shrink`] makes a failing one small; [`found`] turns what is left into a [test line](crate::lines).

mod emulator;
pub mod found;
pub mod program;
mod random;
mod shrink;

use std::path::PathBuf;

use isa::{Extension, Format, Inst, Op, RegFile, Rm, decode, disassemble, encode};

pub use emulator::{Emulator, Installed, Ran};

use crate::cache_folder;
use random::Random;

/// A stream of slots.
#[derive(Clone, Debug)]
pub struct Stream {
    slots: Vec<u32>,
    seed: u64,
    /// What the values of the first pass are drawn with.
    drawing: u64,
    /// How often it runs.
    pub passes: u32,
}

/// x registers that the program keeps: the count of passes, its data, the middle of memory, a word for atomics.
const KEPT: [u8; 4] = [3, 4, MEMORY, ATOMIC];
/// One that compressed loads and stores can name.
const MEMORY: u8 = 9;
const ATOMIC: u8 = 19;
/// From a register that the program keeps to one that it does not.
const AWAY: u8 = 7;
/// Addressable bytes on each side of the middle of memory.
const REACH: i32 = 128;
const NOP: u32 = 0x0000_0013;
const COMPRESSED_NOP: u32 = 0x0001;

impl Stream {
    /// `length` random slots. The same seed gives the same stream.
    pub fn random(seed: u64, length: usize, passes: u32) -> Stream {
        let mut random = Random::of(seed);
        let ops: Vec<Op> = Op::ALL.into_iter().filter(|op| is_comparable(*op)).collect();
        let halves = Halves::all();
        let mut slots = Vec::with_capacity(length);
        while slots.len() < length {
            let slot = if random.below(8) == 0 {
                halves.two(&mut random)
            } else {
                one_instruction(&mut random, &ops)
            };
            slots.extend(slot);
        }
        Stream {
            slots,
            seed,
            drawing: seed.wrapping_mul(2).wrapping_add(1),
            passes,
        }
    }

    /// The same with one more instruction at its end.
    pub fn ending_with(mut self, word: u32) -> Stream {
        self.slots.push(word);
        self
    }

    /// Instructions in all passes, counting a slot as one.
    pub fn instructions(&self) -> u64 {
        self.slots.len() as u64 * u64::from(self.passes)
    }

    /// What is left of it, to be read.
    pub fn listing(&self) -> String {
        let mut text = format!("seed {}, {} passes:\n", self.seed, self.passes);
        for word in self
            .slots
            .iter()
            .filter(|slot| **slot != NOP)
            .flat_map(|slot| words(*slot))
        {
            let line = decode(word).map(|inst| disassemble(&inst, 0).to_string());
            text.push_str(&format!("  {word:08x} {}\n", line.unwrap_or_default()));
        }
        text
    }

    /// Where the program of this stream is.
    pub fn source(&self) -> PathBuf {
        cache_folder()
            .join("differential")
            .join(format!("stream_{}.S", self.seed))
    }
}

/// The instructions of a slot.
fn words(slot: u32) -> Vec<u32> {
    if slot & 3 == 3 {
        vec![slot]
    } else {
        vec![slot & 0xffff, slot >> 16]
    }
}

/// Whether an instruction may go elsewhere.
fn jumps(word: u32) -> bool {
    decode(word).is_some_and(|inst| matches!(inst.op.format(), Format::Branch | Format::Jal))
}

/// Whether both emulators know an instruction and its result is not the implementation's choice.
fn is_comparable(op: Op) -> bool {
    use Extension as E;
    let known = matches!(
        op.extension(),
        E::I | E::M
            | E::A
            | E::F
            | E::D
            | E::Zicsr
            | E::Zfh
            | E::Zfhmin
            | E::Zba
            | E::Zbb
            | E::Zbc
            | E::Zbkb
            | E::Zbkx
            | E::Zbs
    );
    known
        && !matches!(
            op,
            Op::Jalr | Op::Ecall | Op::Ebreak | Op::Ctzw | Op::LrW | Op::LrD | Op::ScW | Op::ScD
        )
}

/// A random instruction that stays within the program's memory and leaves its registers alone.
fn one_instruction(random: &mut Random, ops: &[Op]) -> Option<u32> {
    let op = random.one_of(ops)?;
    let layout = op.format().layout();
    let operands = op.operands();
    let source = |random: &mut Random, file: Option<RegFile>| if file.is_some() { random.below(32) as u8 } else { 0 };
    let mut inst = Inst::new(op);
    inst.rs1 = source(random, operands.rs1);
    inst.rs2 = source(random, operands.rs2);
    inst.rs3 = source(random, operands.rs3);
    inst.rd = source(random, operands.rd);
    if operands.rd == Some(RegFile::X) && KEPT.contains(&inst.rd) {
        inst.rd += AWAY;
    }
    inst.rm = match layout.rm {
        Rm::Absent => 0,
        Rm::Rounding => random.one_of(&[0, 1, 2, 3, 4, 7])?,
        Rm::Ordering => random.below(4) as u8,
    };
    inst.imm = layout.imm.extract(random.next() as u32);
    match op.format() {
        Format::Load | Format::Store | Format::FloatLoad | Format::FloatStore => {
            inst.rs1 = MEMORY;
            inst.imm = random.below(2 * REACH as usize - 8) as i32 - REACH;
        }
        Format::Amo => inst.rs1 = ATOMIC,
        // Over the next slot, or on to it.
        Format::Branch | Format::Jal => inst.imm = random.one_of(&[4, 8])?,
        Format::Fence => inst.imm = 0x0ff,
        // Any flags, but only modes that exist.
        Format::Csr => inst.imm = i32::from(isa::csr::FFLAGS),
        Format::CsrImmediate => {
            inst.imm = random.one_of(&[i32::from(isa::csr::FFLAGS), i32::from(isa::csr::FRM)])?;
            inst.rs1 = random.below(5) as u8;
            let sets_bits = op == Op::Csrrsi && inst.imm == i32::from(isa::csr::FRM);
            if sets_bits {
                inst.rs1 = 0;
            }
        }
        _ => {}
    }
    encode(&inst)
}

/// The compressed instructions that a stream can hold.
struct Halves {
    computing: Vec<u32>,
    memory: Vec<u32>,
    /// Over the other half of the slot, or on to it: only as a first half.
    jumping: Vec<u32>,
}

impl Halves {
    fn all() -> Halves {
        let mut all = Halves {
            computing: Vec::new(),
            memory: Vec::new(),
            jumping: Vec::new(),
        };
        for half in 0..=0xffff {
            let Some(inst) = decode(half).filter(|inst| inst.len == 2) else {
                continue;
            };
            let writes_kept = inst.op.operands().rd == Some(RegFile::X) && KEPT.contains(&inst.rd);
            if writes_kept || !is_comparable(inst.op) || is_zcb(half) {
                continue;
            }
            match inst.op.format() {
                Format::R | Format::RUnary | Format::I | Format::Shift6 | Format::Shift5 | Format::U => {
                    all.computing.push(half);
                }
                Format::Load | Format::Store | Format::FloatLoad | Format::FloatStore
                    if inst.rs1 == MEMORY && (-REACH..=REACH - 8).contains(&inst.imm) =>
                {
                    all.memory.push(half);
                }
                Format::Branch | Format::Jal if matches!(inst.imm, 2 | 4) => all.jumping.push(half),
                _ => {}
            }
        }
        all
    }

    /// Two random ones in a slot.
    fn two(&self, random: &mut Random) -> Option<u32> {
        let first = match random.below(4) {
            0 => random.one_of(&self.jumping),
            1 => random.one_of(&self.memory),
            _ => random.one_of(&self.computing),
        };
        let second = match random.below(3) {
            0 => random.one_of(&self.memory),
            _ => random.one_of(&self.computing),
        };
        Some(first? | second? << 16)
    }
}

/// Zcb and Zcmop, which qemu 7.2 does not know.
fn is_zcb(half: u32) -> bool {
    let unary_or_mul = half & 0xfc43 == 0x9c41 && half & 0x60 >= 0x40;
    let may_be_operation = half & 0xf8ff == 0x6081;
    let access = half & 0xe003 == 0x8000;
    access || unary_or_mul || half & 0xfc61 == 0x9c61 || half & 0xfc61 == 0x9c41 || may_be_operation
}
