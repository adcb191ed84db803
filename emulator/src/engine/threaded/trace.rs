//! Traces: blocks laid out for handlers.

use isa::{Inst, OpClass};

use super::handlers::{self, Behind};
use super::operation::{Header, Mask, Operation, Return, Slot, Slots, Way};
use super::{Handler, note_stack_pointer};
use crate::engine::HOOK_BIT;
use crate::engine::blocks::Decoded;

/// What a trace takes for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// That there are no distributions.
    Free,
    /// That no register holds one; memory may.
    Watched,
    /// Nothing: it checks registers as well.
    Checked,
}

/// A block laid out.
pub(super) struct Trace {
    pub(super) kind: Kind,
    pub(super) instructions: Box<[Inst]>,
    /// Of each instruction, and the one behind them.
    pub(super) addresses: Box<[u64]>,
    slots: Slots,
    /// Which instruction an operation belongs to, by slot.
    instruction_of: Box<[u8]>,
    /// The slot of each instruction, and of what stands behind them.
    slot_of: Box<[u8]>,
    is_hooked: bool,
}

/// Slots, and to which instruction each belongs.
#[derive(Default)]
struct Layout {
    slots: Vec<Slot>,
    instruction_of: Vec<u8>,
}

impl Layout {
    fn add(&mut self, index: usize, slot: Slot) {
        self.slots.push(slot);
        self.instruction_of.push(index as u8);
    }

    fn operation(&mut self, index: usize, handler: Handler, inst: &Inst, imm: i32) {
        let operation = Operation {
            handler,
            rd: inst.rd,
            rs1: inst.rs1,
            rs2: inst.rs2,
            slot: self.slots.len() as u8,
            imm,
        };
        self.add(index, Slot { operation });
    }

    fn way(&mut self, index: usize, done: usize) {
        let way = Way {
            link: std::ptr::null(),
            done: done as u64,
        };
        self.add(index, Slot { way });
    }
}

impl Trace {
    /// The block at `pc` as trace `number`.
    pub(super) fn new(number: usize, kind: Kind, pc: u64, block: Decoded) -> Self {
        let Decoded { instructions, mask } = block;
        let mut layout = Layout::default();
        let mut addresses = Vec::with_capacity(instructions.len() + 1);
        let mut slot_of = Vec::with_capacity(instructions.len() + 1);
        let none = Inst::new(isa::Op::Addi);
        let header = Header::new(number);
        layout.add(0, Slot { header });
        let is_hooked = mask & HOOK_BIT != 0;
        if is_hooked {
            layout.operation(0, handlers::hook, &none, 0);
        }
        if kind == Kind::Checked {
            layout.operation(0, handlers::check, &none, 0);
            let mask = Mask::new(mask & !HOOK_BIT);
            layout.add(0, Slot { mask });
        }
        let mut address = pc;
        for (index, inst) in instructions.iter().enumerate() {
            addresses.push(address);
            slot_of.push(layout.slots.len() as u8);
            let (handler, imm, behind) = match kind {
                Kind::Free => handlers::choose::<false>(inst, address),
                Kind::Watched | Kind::Checked => handlers::choose::<true>(inst, address),
            };
            address = address.wrapping_add(u64::from(inst.len));
            layout.operation(index, handler, inst, imm);
            match behind {
                Behind::Operation => {}
                Behind::Way => layout.way(index, index + 1),
                Behind::Return => {
                    let back = Return {
                        address,
                        done: index as u64 + 1,
                    };
                    layout.add(index, Slot { back });
                }
            }
        }
        let count = instructions.len();
        addresses.push(address);
        slot_of.push(layout.slots.len() as u8);
        layout.operation(count, handlers::go, &none, 0);
        layout.way(count, count);
        let mut slots = Slots::new(layout.slots);
        // From the end, so that a branch is never left over: it has the most to gain.
        let mut second = count;
        while second > 1 {
            second -= 1;
            let pair = &instructions[second - 1..=second];
            let handler = match kind {
                Kind::Free => handlers::pair_handler::<false>(&pair[0], &pair[1]),
                Kind::Watched | Kind::Checked => handlers::pair_handler::<true>(&pair[0], &pair[1]),
            };
            if let Some(handler) = handler {
                slots.set_handler(usize::from(slot_of[second - 1]), handler);
                second -= 1;
            }
        }
        Trace {
            kind,
            instructions: instructions.into(),
            addresses: addresses.into(),
            slots,
            instruction_of: layout.instruction_of.into(),
            slot_of: slot_of.into(),
            is_hooked,
        }
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.instruction_of.len() * (size_of::<Slot>() + 1)
            + self.instructions.len() * (size_of::<Inst>() + size_of::<u64>() + 1)
    }

    /// The first operation.
    pub(super) fn entry(&self) -> *const Operation {
        self.slots.operation(1)
    }

    /// The first operation that is no hook.
    pub(super) fn behind_hook(&self) -> *const Operation {
        self.slots.operation(1 + usize::from(self.is_hooked))
    }

    /// The operation of an instruction; that behind the last one leads on.
    pub(super) fn operation_of(&self, index: usize) -> *const Operation {
        self.slots.operation(usize::from(self.slot_of[index]))
    }

    /// The instruction that the operation in a slot belongs to.
    pub(super) fn instruction_of(&self, slot: u8) -> usize {
        usize::from(self.instruction_of[usize::from(slot)])
    }

    /// Where an instruction leads that goes its way, or (behind the last) the end of the trace.
    pub(super) fn target(&self, index: usize) -> u64 {
        let address = self.addresses[index];
        match self.instructions.get(index) {
            Some(inst) => {
                debug_assert!(matches!(inst.op.class(), OpClass::Branch | OpClass::Jump));
                address.wrapping_add(i64::from(inst.imm) as u64)
            }
            None => address,
        }
    }

    /// Makes an instruction's operation one that notes the stack pointer.
    pub(super) fn note_stack_pointer(&mut self, index: usize) {
        self.slots
            .set_handler(usize::from(self.slot_of[index]), note_stack_pointer);
    }
}

/// Links the way of an operation.
///
/// # Safety
///
/// The operation stands in a trace and is followed by a way; `to` is the entry of a trace that lives as long; no handler runs.
pub(super) unsafe fn link(operation: *const Operation, to: *const Operation) {
    // SAFETY: slots can be changed through a shared reference, which is what the pointer was made from.
    unsafe { (*operation.add(1).cast::<Way>().cast_mut()).link = to }
}
