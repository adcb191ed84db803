//! Random instruction streams, run on two emulators and compared: registers, memory and flags.
//!
//! A stream is straight-line code of 4-byte slots (one instruction, or two compressed ones); branches and jumps skip one slot. It
//! runs many times over. Before each pass all registers get values drawn from a pool of awkward ones; after it everything is
//! mixed into a hash, so that no difference is overwritten. The program prints the state after the last pass, and the hash.
//!
//! Left out, with reasons: what qemu 7.2 does not know (Zfa, Zicond, Zimop, Zawrs, cache blocks); `lr`/`sc` (whether a store-conditional
//! succeeds is the implementation's choice); `jalr` (its targets are not random: riscv-tests has it); `ctzw` (wrong in qemu 7.2).

use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use isa::{Extension, Format, Inst, Op, RegFile, Rm, decode, disassemble, encode};

use crate::cache_folder;
use crate::compile::compile;
use crate::environment::Environment;
use crate::runner::Runner;
use crate::sources::Sources;
use crate::suite::{Origin, Suite, Test};

/// A stream of slots.
#[derive(Clone, Debug)]
pub struct Stream {
    slots: Vec<u32>,
    seed: u64,
    /// How often it runs.
    pub passes: u32,
}

/// x registers that the program keeps: the count of passes, its data, the middle of memory, a word for atomics.
const KEPT: [u8; 4] = [3, 4, 18, 19];
const MEMORY: u8 = 18;
const ATOMIC: u8 = 19;
/// Addressable bytes on each side of the middle of memory.
const REACH: i32 = 128;
/// Places in the program's data, from tp: 32 x registers, 32 f registers, then these.
const FLAGS: i32 = 512;
const HASH: i32 = FLAGS + 8 + 8 + 2 * REACH;
const STATE: i32 = HASH + 8;
const NOP: u32 = 0x0000_0013;

/// A fixed sequence of numbers (xorshift64*, Vigna 2016).
#[derive(Clone, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end.max(1)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        choices.get(self.below(choices.len())).copied()
    }
}

impl Stream {
    /// `length` random slots. The same seed gives the same stream.
    pub fn random(seed: u64, length: usize, passes: u32) -> Stream {
        // Neighbouring seeds give unlike sequences, and none is zero.
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let ops: Vec<Op> = Op::ALL.into_iter().filter(|op| is_comparable(*op)).collect();
        let mut slots = Vec::with_capacity(length);
        while slots.len() < length {
            let slot = if random.below(8) == 0 {
                two_compressed(&mut random)
            } else {
                one_instruction(&mut random, &ops)
            };
            slots.extend(slot);
        }
        Stream { slots, seed, passes }
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

    /// Runs the stream on both emulators; `true` when they print the same.
    ///
    /// # Errors
    ///
    /// When it does not compile or an emulator cannot be started.
    pub fn agrees(&self, ours: &Runner, reference: &Runner, sources: &Sources) -> Result<bool> {
        let folder = cache_folder().join("differential");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let name = format!("stream_{}", self.seed);
        let source = folder.join(format!("{name}.S"));
        std::fs::write(&source, self.program()?).with_context(|| source.display().to_string())?;
        let suite = Suite {
            name: "differential",
            origin: Origin::Own,
            tests: 1,
            environments: &[Environment::User],
            march: "rv64g_zfh",
            qemu_knows: true,
        };
        let elf = compile(&Test { suite, name, source }, Environment::User, sources)?;
        let none: [OsString; 0] = [];
        let (ours, reference) = (ours.output(&elf, &none)?, reference.output(&elf, &none)?);
        let same = ours.stdout == reference.stdout && ours.code == reference.code;
        // A stream that does not come to its end would compare nothing.
        let ended = reference.code == Ok(0) && reference.stdout.len() == STATE as usize;
        ensure!(ended, "{reference:?} of {}: {}", elf.display(), self.listing());
        Ok(same)
    }

    /// The smallest stream found that still differs: fewer passes, and slots made into nops.
    ///
    /// # Errors
    ///
    /// As [`Stream::agrees`].
    pub fn shrink(mut self, ours: &Runner, reference: &Runner, sources: &Sources) -> Result<Stream> {
        while self.passes > 1 {
            let fewer = Stream {
                passes: self.passes / 2,
                ..self.clone()
            };
            if fewer.agrees(ours, reference, sources)? {
                break;
            }
            self = fewer;
        }
        let mut chunk = self.slots.len().div_ceil(2);
        while chunk > 0 {
            for start in (0..self.slots.len()).step_by(chunk) {
                let mut without = self.clone();
                without
                    .slots
                    .iter_mut()
                    .skip(start)
                    .take(chunk)
                    .for_each(|slot| *slot = NOP);
                if without.slots != self.slots && !without.agrees(ours, reference, sources)? {
                    self = without;
                }
            }
            chunk /= 2;
        }
        // The last program written may be one that agreed: write this one again.
        self.agrees(ours, reference, sources)?;
        Ok(self)
    }

    /// What is left of it, to be read.
    pub fn listing(&self) -> String {
        let mut text = format!("seed {}, {} passes:\n", self.seed, self.passes);
        for slot in self.slots.iter().filter(|slot| **slot != NOP) {
            let halves = if slot & 3 == 3 {
                vec![*slot]
            } else {
                vec![slot & 0xffff, slot >> 16]
            };
            for word in halves {
                let line = decode(word).map(|inst| disassemble(&inst, 0).to_string());
                text.push_str(&format!("  {word:08x} {}\n", line.unwrap_or_default()));
            }
        }
        text
    }

    /// Where the program of this stream is.
    pub fn source(&self) -> PathBuf {
        cache_folder()
            .join("differential")
            .join(format!("stream_{}.S", self.seed))
    }

    /// The program.
    fn program(&self) -> Result<String> {
        let mut s = String::from(".section .text.init\n.globl _start\n_start:\n");
        writeln!(
            s,
            "  la tp, data\n  li gp, {}\n  la x{MEMORY}, memory + {REACH}\n  la x{ATOMIC}, atomic\npass:",
            self.passes
        )?;
        // Draw values: memory and f registers directly, x registers by way of their place in the data.
        write!(
            s,
            "  ld s4, {STATE}(tp)\n  la s5, x_pool\n  la s6, f_pool\n  la s9, memory\n  la s10, atomic\n"
        )?;
        let draw = |s: &mut String, pool: &str| {
            s.push_str("  slli s7, s4, 13\n  xor s4, s4, s7\n  srli s7, s4, 7\n  xor s4, s4, s7\n  slli s7, s4, 17\n  xor s4, s4, s7\n");
            writeln!(
                s,
                "  srli s7, s4, 20\n  andi s7, s7, 255\n  slli s7, s7, 3\n  add s7, s7, {pool}\n  ld s8, 0(s7)"
            )
        };
        for offset in (0..2 * REACH).step_by(8) {
            draw(&mut s, "s5")?;
            writeln!(s, "  sd s8, {offset}(s9)")?;
        }
        draw(&mut s, "s5")?;
        s.push_str("  sd s8, 0(s10)\n");
        for f in 0..32 {
            draw(&mut s, "s6")?;
            writeln!(s, "  fmv.d.x f{f}, s8")?;
        }
        for x in (1..32).filter(|x| !KEPT.contains(x)) {
            draw(&mut s, "s5")?;
            writeln!(s, "  sd s8, {}(tp)", 8 * x)?;
        }
        write!(
            s,
            "  sd s4, {STATE}(tp)\n  li s7, 5\n  remu s7, s4, s7\n  slli s7, s7, 5\n  fscsr s7\n"
        )?;
        for x in (1..32).filter(|x| !KEPT.contains(x)) {
            writeln!(s, "  ld x{x}, {}(tp)", 8 * x)?;
        }
        for slot in &self.slots {
            writeln!(s, "  .4byte {slot:#010x}")?;
        }
        // The last slot may skip one.
        s.push_str("  nop\n  nop\n");
        for x in (1..32).filter(|x| !KEPT.contains(x)) {
            writeln!(s, "  sd x{x}, {}(tp)", 8 * x)?;
        }
        for f in 0..32 {
            writeln!(s, "  fsd f{f}, {}(tp)", 256 + 8 * f)?;
        }
        // FNV-1a over words: registers, flags, memory.
        write!(
            s,
            "  frcsr s4\n  sd s4, {FLAGS}(tp)\n  ld s5, {HASH}(tp)\n  li s6, 0x100000001b3\n  mv s7, tp\n  la s8, end\n"
        )?;
        s.push_str("mix:\n  ld s4, 0(s7)\n  xor s5, s5, s4\n  mul s5, s5, s6\n  addi s7, s7, 8\n  bltu s7, s8, mix\n");
        write!(s, "  sd s5, {HASH}(tp)\n  addi gp, gp, -1\n  beqz gp, done\n  j pass\n")?;
        s.push_str("done:\n  li a0, 1\n  mv a1, tp\n  la a2, printed\n  sub a2, a2, tp\n  li a7, 64\n  ecall\n  li a0, 0\n  li a7, 93\n  ecall\n");
        writeln!(
            s,
            ".data\n.align 6\ndata: .skip 512\nflags: .skip 8\natomic: .skip 8\nmemory: .skip {}\nend:",
            2 * REACH
        )?;
        writeln!(
            s,
            "hash: .8byte 0xcbf29ce484222325\nprinted:\nstate: .8byte {:#x}",
            self.seed.wrapping_mul(2).wrapping_add(1)
        )?;
        let mut random = Random(self.seed | 1 << 40);
        s.push_str("x_pool:\n");
        (0..256).try_for_each(|_| writeln!(s, "  .8byte {:#x}", integer(&mut random)))?;
        s.push_str("f_pool:\n");
        (0..256).try_for_each(|_| writeln!(s, "  .8byte {:#x}", float_bits(&mut random)))?;
        Ok(s)
    }
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
        inst.rd += 5;
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

/// Two random compressed instructions that only compute.
fn two_compressed(random: &mut Random) -> Option<u32> {
    let mut half = || {
        let half = (random.next() >> 20) as u32 & 0xffff;
        let inst = decode(half).filter(|inst| inst.len == 2)?;
        let computes = matches!(
            inst.op.format(),
            Format::R | Format::RUnary | Format::I | Format::Shift6 | Format::Shift5 | Format::U
        );
        (computes && is_comparable(inst.op) && !KEPT.contains(&inst.rd) && !is_zcb(half)).then_some(half)
    };
    Some(half()? | half()? << 16)
}

/// Zcb and Zcmop, which qemu 7.2 does not know.
fn is_zcb(half: u32) -> bool {
    let unary_or_mul = half & 0xfc43 == 0x9c41 && half & 0x60 >= 0x40;
    let may_be_operation = half & 0xf8ff == 0x6081;
    unary_or_mul || half & 0xfc61 == 0x9c61 || half & 0xfc61 == 0x9c41 || may_be_operation
}

/// An integer at an edge, small, or anything.
fn integer(random: &mut Random) -> u64 {
    let any = random.next();
    match random.below(4) {
        0 => any,
        1 => any >> (any & 63),
        2 => ((any as i64) >> (any & 63)) as u64,
        _ => {
            let edges = [
                0,
                1,
                2,
                u64::MAX,
                1 << 63,
                (1 << 63) - 1,
                1 << 31,
                (1 << 31) - 1,
                0xffff_ffff,
                !0x7fff_ffff,
                1 << 32,
            ];
            random.one_of(&edges).unwrap_or(0)
        }
    }
}

/// Bits of a float register: a double, or a boxed single or half; near each other, at an edge, or anything.
fn float_bits(random: &mut Random) -> u64 {
    let (exponent_bits, fraction_bits, boxed) = random
        .one_of(&[
            (11, 52, 0),
            (11, 52, 0),
            (8, 23, !0 << 32),
            (8, 23, !0 << 32),
            (5, 10, !0_u64 << 16),
        ])
        .unwrap_or((11, 52, 0));
    let any = random.next();
    let sign = any >> 63 << (exponent_bits + fraction_bits);
    let bias = (1_u64 << (exponent_bits - 1)) - 1;
    let exponent = match random.below(6) {
        0 => 0,
        1 => 2 * bias + 1,
        2 => random.next() & (2 * bias + 1),
        3 => 2 * bias - random.below(3) as u64,
        4 => 1 + random.below(fraction_bits + 2) as u64,
        _ => bias + random.below(fraction_bits + 4) as u64 - 2,
    };
    let all = (1_u64 << fraction_bits) - 1;
    let fraction = match random.below(4) {
        0 => 0,
        1 => all - random.below(2) as u64,
        2 => 1 << random.below(fraction_bits),
        _ => any & all,
    };
    boxed | sign | (exponent & (2 * bias + 1)) << fraction_bits | fraction
}
