//! Decoded code, found by address.

use isa::{Inst, Op, OpClass, RegFile};

use super::threaded::{self, Operation};
use super::{Engine, HOOK_BIT, Stop};
use crate::exec::is_counter;
use crate::hooks::HookTable;
use crate::memory::{EXECUTE, Memory, PAGE_SHIFT, PAGE_SIZE};
use crate::trap::Trap;

/// A straight run of instructions: only the last one may go elsewhere.
pub(crate) struct Block {
    pub(super) instructions: Box<[Inst]>,
    /// Registers read or written, as in [`Tracker::live`](super::Tracker::live); bit 0 if a hooked function starts here.
    pub(super) mask: u64,
    /// The same for the threaded engine; empty where that does not run.
    pub(super) operations: Box<[Operation]>,
}

/// All blocks decoded so far.
pub(crate) struct Blocks {
    blocks: Vec<Block>,
    /// Whether loads are watched for distributions.
    watched: bool,
    threaded: bool,
    /// Longest block, in instructions.
    longest: usize,
    /// For each page of code, one slot a halfword: the number of the block that starts there, plus one.
    starts: Vec<Option<Box<[u32; SLOTS]>>>,
    /// Bytes that all of it takes, roughly.
    bytes: usize,
}

/// Places in a page where an instruction can start.
const SLOTS: usize = (PAGE_SIZE / 2) as usize;
/// Longest block, in instructions: bounds what one miss decodes and how far a budget can be overrun.
const LONGEST_BLOCK: usize = 64;
/// Bytes of blocks that are kept. An ordinary program needs a few megabytes; one that starts a block at every address of its memory
/// would fill that of the host.
const MOST_BYTES: usize = 128 << 20;

impl Blocks {
    /// No blocks yet, for a core that watches loads for distributions or for one that does not.
    pub(crate) fn new(watched: bool, engine: Engine) -> Self {
        let threaded = match engine {
            Engine::Fastest => threaded::is_available(),
            Engine::Portable | Engine::Stepping => false,
            Engine::Threaded => threaded::IS_POSSIBLE,
        };
        Blocks {
            blocks: Vec::new(),
            watched,
            threaded,
            longest: if engine == Engine::Stepping { 1 } else { LONGEST_BLOCK },
            starts: Vec::new(),
            bytes: 0,
        }
    }

    /// No blocks yet, for another machine of the same kind.
    pub(crate) fn sibling(&self) -> Blocks {
        Blocks {
            blocks: Vec::new(),
            watched: self.watched,
            threaded: self.threaded,
            longest: self.longest,
            starts: Vec::new(),
            bytes: 0,
        }
    }

    /// Whether blocks have operations for the threaded engine.
    pub(super) fn is_threaded(&self) -> bool {
        self.threaded
    }

    /// The operations of the block that starts at `pc`, if it has been decoded.
    #[inline(always)]
    pub(super) fn operations_at(&self, pc: u64) -> Option<&[Operation]> {
        match self.number(pc) {
            0 => None,
            number => Some(&self.blocks[number as usize - 1].operations),
        }
    }

    #[inline(always)]
    fn number(&self, pc: u64) -> u32 {
        match self.starts.get((pc >> PAGE_SHIFT) as usize) {
            Some(Some(slots)) => slots[(pc as usize >> 1) & (SLOTS - 1)],
            _ => 0,
        }
    }

    /// The block that starts at `pc`, decoded if this is the first time.
    #[inline(always)]
    pub(super) fn find(&mut self, pc: u64, memory: &Memory, hooks: &HookTable) -> Result<&Block, Stop> {
        let index = match self.number(pc) {
            0 => self.decode(pc, memory, hooks)?,
            number => number as usize - 1,
        };
        Ok(&self.blocks[index])
    }

    /// Forgets everything: code has changed.
    pub(crate) fn clear(&mut self) {
        self.blocks.clear();
        self.starts.clear();
        self.bytes = 0;
    }

    /// Whether it is time to forget everything. No link may be held then.
    pub(super) fn are_too_many(&self) -> bool {
        self.bytes > MOST_BYTES
    }

    #[cold]
    fn decode(&mut self, pc: u64, memory: &Memory, hooks: &HookTable) -> Result<usize, Stop> {
        let mut instructions = Vec::new();
        let mut mask = if hooks.is_hooked(pc) { HOOK_BIT } else { 0 };
        let mut address = pc;
        while instructions.len() < self.longest {
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
        let index = self.blocks.len();
        self.bytes += size_of::<Block>() + instructions.len() * (size_of::<Inst>() + size_of::<Operation>());
        self.blocks.push(Block {
            operations: if self.threaded {
                threaded::operations(&instructions, mask, self.watched)
            } else {
                Box::default()
            },
            instructions: instructions.into(),
            mask,
        });
        let page = (pc >> PAGE_SHIFT) as usize;
        if self.starts.len() <= page {
            self.starts.resize_with(page + 1, || None);
        }
        let slots = self.starts[page].get_or_insert_with(|| {
            self.bytes += size_of::<[u32; SLOTS]>();
            Box::new([0; SLOTS])
        });
        slots[(pc as usize >> 1) & (SLOTS - 1)] = index as u32 + 1;
        Ok(index)
    }
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
