//! Decoded code, found by address.

use isa::{Inst, Op, OpClass, RegFile};

use super::threaded::{self, Traces};
use super::{Engine, HOOK_BIT, Stop};
use crate::exec::is_counter;
use crate::hooks::HookTable;
use crate::memory::{EXECUTE, Memory, PAGE_SHIFT, PAGE_SIZE};
use crate::trap::Trap;

/// A straight run of instructions: only the last one may go elsewhere.
pub(super) struct Decoded {
    pub(super) instructions: Vec<Inst>,
    /// Registers read or written, as in [`Tracker::live`](super::Tracker::live); bit 0 if a hooked function starts here.
    pub(super) mask: u64,
    /// Whether its hook does nothing while no register is uncertain.
    pub(super) needs_uncertainty: bool,
}

/// All blocks decoded so far.
pub(crate) struct Blocks {
    /// What they were made for.
    made_for: (bool, Engine),
    blocks: Vec<Decoded>,
    starts: Starts,
    /// Longest block, in instructions.
    longest: usize,
    /// Bytes that the blocks take, roughly.
    bytes: usize,
    /// The same for the threaded engine, if it runs.
    pub(super) traces: Option<Traces>,
}

/// Longest block, in instructions: bounds what one miss decodes and how far fuel can be overrun.
pub(super) const LONGEST_BLOCK: usize = 64;
/// Bytes of blocks that are kept. An ordinary program needs a few megabytes; one that starts a block at every address of its memory
/// would fill that of the host.
const MOST_BYTES: usize = 128 << 20;

impl Blocks {
    /// No blocks yet, for a core that watches loads for distributions or for one that does not.
    pub(crate) fn new(watched: bool, engine: Engine) -> Self {
        let threaded = match engine {
            Engine::Fastest => Engine::fastest() == Engine::Threaded,
            Engine::Portable | Engine::Stepping => false,
            Engine::Threaded => threaded::IS_POSSIBLE,
        };
        Blocks {
            made_for: (watched, engine),
            blocks: Vec::new(),
            starts: Starts::default(),
            longest: if engine == Engine::Stepping { 1 } else { LONGEST_BLOCK },
            bytes: 0,
            traces: threaded.then(|| Traces::new(watched)),
        }
    }

    /// Whether they were made for such a core and engine.
    pub(crate) fn are_for(&self, watched: bool, engine: Engine) -> bool {
        self.made_for == (watched, engine)
    }

    /// No blocks yet, for another machine of the same kind.
    pub(crate) fn sibling(&self) -> Blocks {
        Blocks {
            made_for: self.made_for,
            blocks: Vec::new(),
            starts: Starts::default(),
            longest: self.longest,
            bytes: 0,
            traces: self.traces.as_ref().map(Traces::sibling),
        }
    }

    /// All of them; none are left here.
    pub(crate) fn take(&mut self) -> Blocks {
        let none = self.sibling();
        std::mem::replace(self, none)
    }

    /// The block that starts at `pc`, decoded if this is the first time.
    #[inline(always)]
    pub(super) fn find(&mut self, pc: u64, memory: &mut Memory, hooks: &HookTable) -> Result<&Decoded, Stop> {
        let number = match self.starts.get(pc) {
            Some(number) => number,
            None => self.decode(pc, memory, hooks)?,
        };
        Ok(&self.blocks[number])
    }

    /// Forgets everything: code has changed.
    pub(crate) fn clear(&mut self) {
        self.blocks.clear();
        self.starts = Starts::default();
        self.bytes = 0;
        if let Some(traces) = &mut self.traces {
            traces.clear();
        }
    }

    /// The last instruction, and the address behind it, of a block at `pc` that has ended after `count` of them.
    pub(super) fn instruction_after(&self, pc: u64, count: u64) -> Option<(&Inst, u64)> {
        let block = &self.blocks[self.starts.get(pc)?];
        if count != block.instructions.len() as u64 {
            return None;
        }
        let length: u64 = block.instructions.iter().map(|inst| u64::from(inst.len)).sum();
        Some((block.instructions.last()?, pc + length))
    }

    /// Bytes that they take, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.traces.as_ref().map_or(0, Traces::bytes)
    }

    /// Whether it is time to forget everything.
    pub(super) fn are_too_many(&self) -> bool {
        self.bytes() > MOST_BYTES
    }

    #[cold]
    fn decode(&mut self, pc: u64, memory: &mut Memory, hooks: &HookTable) -> Result<usize, Stop> {
        let block = decode_block(pc, memory, hooks, self.longest)?;
        let number = self.blocks.len();
        self.bytes += size_of::<Decoded>() + size_of_val(&*block.instructions) + self.starts.set(pc, number);
        self.blocks.push(block);
        Ok(number)
    }
}

/// The numbers of what starts at the addresses of code. Few pages of a program are ever executed, and those in parts: what there
/// is of them lies in pieces of [`PIECE`] bytes.
#[derive(Default)]
pub(super) struct Starts {
    /// For each page which of `parts` it has; 0 for none.
    pages: Vec<u32>,
    /// For each piece of a page which of `pieces` it is; 0 for none.
    parts: Vec<[u32; (PAGE_SIZE / PIECE) as usize]>,
    /// One slot a halfword: the number of what starts there, plus one. Number 0 is empty.
    pieces: Vec<[u32; (PIECE / 2) as usize]>,
}

/// Bytes of code in a piece.
const PIECE: u64 = 128;

impl Starts {
    /// The number of what starts at `pc`.
    #[inline(always)]
    pub(super) fn get(&self, pc: u64) -> Option<usize> {
        let part = *self.pages.get((pc >> PAGE_SHIFT) as usize)?;
        let piece = self.parts[part as usize][(pc % PAGE_SIZE / PIECE) as usize];
        (self.pieces[piece as usize][(pc % PIECE / 2) as usize] as usize).checked_sub(1)
    }

    /// Says what starts at `pc`, which lies in guest memory. Gives the bytes that this takes for the first instruction of a piece.
    pub(super) fn set(&mut self, pc: u64, number: usize) -> usize {
        let page = (pc >> PAGE_SHIFT) as usize;
        if self.pages.len() <= page {
            self.pages.resize(page + 1, 0);
        }
        let part = number_of(&mut self.pages[page], &mut self.parts, [0; _]);
        let known = self.pieces.len();
        let piece = &mut self.parts[part][(pc % PAGE_SIZE / PIECE) as usize];
        let piece = number_of(piece, &mut self.pieces, [0; _]);
        self.pieces[piece][(pc % PIECE / 2) as usize] = number as u32 + 1;
        (self.pieces.len() - known) * 2 * size_of_val(&self.pieces[piece])
    }
}

/// The place in `all` that `number` says; if that is 0, a new one at the end.
fn number_of<T: Copy>(number: &mut u32, all: &mut Vec<T>, empty: T) -> usize {
    if *number == 0 {
        let count = all.len().max(1);
        all.resize(count + 1, empty);
        *number = count as u32;
    }
    *number as usize
}

/// Decodes the block at `pc`, of at most `longest` instructions, and has stores to its pages watched.
pub(super) fn decode_block(pc: u64, memory: &mut Memory, hooks: &HookTable, longest: usize) -> Result<Decoded, Stop> {
    let mut instructions = Vec::new();
    let mut mask = if hooks.is_hooked(pc) { HOOK_BIT } else { 0 };
    let mut address = pc;
    while instructions.len() < longest {
        if address != pc && (hooks.is_hooked(address) || address >> PAGE_SHIFT != pc >> PAGE_SHIFT) {
            break;
        }
        let inst = match fetch(memory, address) {
            Ok(inst) => inst,
            Err(stop) if instructions.is_empty() => return Err(stop),
            Err(_) => break,
        };
        let reads_counter = inst.op.class() == OpClass::System && is_counter(inst.imm as u16);
        if reads_counter && !instructions.is_empty() {
            break;
        }
        mask |= touched(&inst);
        instructions.push(inst);
        if reads_counter || ends_block(inst.op) {
            break;
        }
        address += u64::from(inst.len);
    }
    memory.watch_code(pc, address.max(pc + 1) - pc + 3);
    Ok(Decoded {
        instructions,
        mask,
        needs_uncertainty: hooks.needs_uncertainty(pc),
    })
}

/// Reads and decodes the instruction at `address`, which may straddle two pages.
pub(crate) fn fetch(memory: &Memory, address: u64) -> Result<Inst, Stop> {
    let word = fetch_word(memory, address)?;
    isa::decode(word).ok_or(Stop::Trap(Trap::IllegalInstruction { word }))
}

/// The instruction word at `address`: 16 bits, or 32 if its low two bits are set.
pub(crate) fn fetch_word(memory: &Memory, address: u64) -> Result<u32, Stop> {
    let half = |address: u64| match memory.fast_offset::<2>(address, EXECUTE, EXECUTE) {
        Some(offset) => Ok(u32::from(u16::from_le_bytes(memory.read_at(offset)))),
        None => Err(Stop::Trap(Trap::FetchFault { address })),
    };
    let low = half(address)?;
    if low & 3 == 3 {
        Ok(low | half(address.wrapping_add(2))? << 16)
    } else {
        Ok(low)
    }
}

fn ends_block(op: Op) -> bool {
    match op.class() {
        OpClass::Branch | OpClass::Jump => true,
        OpClass::System => !matches!(
            op,
            Op::Csrrw | Op::Csrrs | Op::Csrrc | Op::Csrrwi | Op::Csrrsi | Op::Csrrci
        ),
        _ => op == Op::FenceI,
    }
}

/// The registers that an instruction reads or writes; `x0` is none of them.
fn touched(inst: &Inst) -> u64 {
    let operands = inst.op.operands();
    let bit = |file: Option<RegFile>, number: u8| match file {
        Some(RegFile::X) => 1u64 << number & !1,
        Some(RegFile::F) => 1u64 << (32 + number),
        None => 0,
    };
    bit(operands.rd, inst.rd) | bit(operands.rs1, inst.rs1) | bit(operands.rs2, inst.rs2) | bit(operands.rs3, inst.rs3)
}
