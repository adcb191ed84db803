//! The program that runs a stream, and the state that it prints.

use std::fmt::Write;

use anyhow::Result;

use super::random::{Random, float_bits, integer};
use super::{ATOMIC, KEPT, MEMORY, REACH, Stream};

/// Places in the program's data, from tp: 32 x registers, 32 f registers, then these.
const FLAGS: i32 = 512;
/// After the flags a word for atomics, then the memory.
const HASH: i32 = FLAGS + 8 + 8 + 2 * REACH;
const STATE: i32 = HASH + 8;
const END: usize = STATE as usize + 8;

/// Addresses that a stream can reach, from the start of its memory.
pub(super) const MIDDLE: i32 = REACH;
pub(super) const ATOMIC_WORD: i32 = -8;

impl Stream {
    /// The source of the program that runs it.
    pub(super) fn program(&self) -> Result<String> {
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
        s.push_str("done:\n  li a0, 1\n  mv a1, tp\n  la a2, x_pool\n  sub a2, a2, tp\n  li a7, 64\n  ecall\n  li a0, 0\n  li a7, 93\n  ecall\n");
        writeln!(
            s,
            ".data\n.align 6\ndata: .skip 512\nflags: .skip 8\natomic: .skip 8\nmemory: .skip {}\nend:",
            2 * REACH
        )?;
        writeln!(s, "hash: .8byte 0xcbf29ce484222325\nstate: .8byte {:#x}", self.drawing)?;
        let mut random = Random::of(self.seed | 1 << 40);
        s.push_str("x_pool:\n");
        (0..256).try_for_each(|_| writeln!(s, "  .8byte {:#x}", integer(&mut random)))?;
        s.push_str("f_pool:\n");
        (0..256).try_for_each(|_| writeln!(s, "  .8byte {:#x}", float_bits(&mut random)))?;
        Ok(s)
    }
}

/// What a program printed: everything after its last pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(Vec<u8>);

impl State {
    /// The state in what was printed; `None` when the program did not come to its end.
    pub(super) fn of(printed: &[u8]) -> Option<State> {
        (printed.len() == END).then(|| State(printed.to_vec()))
    }

    fn word(&self, offset: i32) -> u64 {
        let bytes = usize::try_from(offset).ok().and_then(|at| self.0.get(at..at + 8));
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_le_bytes)
    }

    /// An x register; zero for those that the program keeps for itself.
    pub(super) fn x(&self, register: u8) -> u64 {
        self.word(8 * i32::from(register))
    }

    /// The bits of an f register.
    pub(super) fn f(&self, register: u8) -> u64 {
        self.word(256 + 8 * i32::from(register))
    }

    /// `fcsr`: flags in bits 4:0, the rounding mode in bits 7:5.
    pub(super) fn fcsr(&self) -> u64 {
        self.word(FLAGS)
    }

    /// The word at an address from the start of memory.
    pub(super) fn memory(&self, address: i32) -> u64 {
        self.word(FLAGS + 16 + address)
    }

    /// What the values of the next pass would be drawn with.
    pub(super) fn drawing(&self) -> u64 {
        self.word(STATE)
    }
}
