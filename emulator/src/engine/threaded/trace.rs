//! Traces: blocks laid out for handlers.

use isa::{Inst, OpClass};

use super::handlers::{self, Behind};
use super::operation::{Header, Mask, Operation, Return, Slot, Slots, Way};
use super::{Handler, note_stack_pointer};
use crate::engine::HOOK_BIT;
use crate::engine::blocks::Decoded;

/// Slots of a trace beside those of its instructions: header, hook, check and its mask, what stands behind the last instruction, and
/// the end with its way.
const MOST_OTHER_SLOTS: usize = 7;

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
    /// Address of the first.
    pc: u64,
    /// Where each instruction stands, and what is behind them: in halfwords from the first.
    places: Box<[u8]>,
    slots: Slots,
    /// The slot of the first instruction. Those of the others follow, as only the last one may have something behind it.
    first: u8,
    is_hooked: bool,
}

/// Slots that are being filled.
struct Layout(Vec<Slot>);

impl Layout {
    fn operation(&mut self, handler: Handler, inst: &Inst, imm: i32) {
        let operation = Operation {
            handler,
            rd: inst.rd,
            rs1: inst.rs1,
            rs2: inst.rs2,
            slot: self.0.len() as u8,
            imm,
        };
        self.0.push(Slot { operation });
    }

    fn way(&mut self, done: usize) {
        let way = Way {
            link: std::ptr::null(),
            done: done as u64,
        };
        self.0.push(Slot { way });
    }
}

impl Trace {
    /// The block at `pc` as trace `number`.
    pub(super) fn new(number: usize, kind: Kind, pc: u64, block: Decoded) -> Self {
        let Decoded {
            instructions,
            mask,
            needs_uncertainty,
        } = block;
        let count = instructions.len();
        let mut layout = Layout(Vec::with_capacity(count + MOST_OTHER_SLOTS));
        let mut places = Vec::with_capacity(count + 1);
        let none = Inst::new(isa::Op::Addi);
        let header = Header::new(number);
        layout.0.push(Slot { header });
        let is_hooked = mask & HOOK_BIT != 0 && (kind == Kind::Checked || !needs_uncertainty);
        if is_hooked {
            layout.operation(handlers::hook, &none, 0);
        }
        if kind == Kind::Checked {
            layout.operation(handlers::check, &none, 0);
            let mask = Mask::new(mask & !HOOK_BIT);
            layout.0.push(Slot { mask });
        }
        let first = layout.0.len();
        let mut address = pc;
        for (index, inst) in instructions.iter().enumerate() {
            places.push(((address - pc) / 2) as u8);
            let (handler, imm, behind) = match kind {
                Kind::Free => handlers::choose::<false>(inst, address),
                Kind::Watched | Kind::Checked => handlers::choose::<true>(inst, address),
            };
            address = address.wrapping_add(u64::from(inst.len));
            layout.operation(handler, inst, imm);
            match behind {
                Behind::Operation => {}
                Behind::Way => layout.way(index + 1),
                Behind::Return => {
                    let back = Return {
                        address,
                        done: index as u64 + 1,
                    };
                    layout.0.push(Slot { back });
                }
            }
        }
        debug_assert!(
            layout.0.len() - first - count <= 1,
            "only the last instruction has something behind it"
        );
        places.push(((address - pc) / 2) as u8);
        layout.operation(handlers::go, &none, 0);
        layout.way(count);
        let mut slots = Slots::new(layout.0);
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
                slots.set_handler(first + second - 1, handler);
                second -= 1;
            }
        }
        Trace {
            kind,
            instructions: instructions.into(),
            pc,
            places: places.into(),
            slots,
            first: first as u8,
            is_hooked,
        }
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + (self.instructions.len() + MOST_OTHER_SLOTS) * size_of::<Slot>()
            + self.instructions.len() * (size_of::<Inst>() + 1)
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
        self.slots.operation(self.slot_of(index))
    }

    fn slot_of(&self, index: usize) -> usize {
        if index < self.instructions.len() {
            usize::from(self.first) + index
        } else {
            self.slots.len() - 2 // it has a way behind it
        }
    }

    /// Where an instruction stands, or (behind the last) the end of the trace.
    pub(super) fn address_of(&self, index: usize) -> u64 {
        self.pc.wrapping_add(2 * u64::from(self.places[index]))
    }

    /// The instruction that the operation in a slot belongs to.
    pub(super) fn instruction_of(&self, slot: u8) -> usize {
        let index = slot.saturating_sub(self.first);
        usize::from(index).min(self.instructions.len())
    }

    /// Where an instruction leads that goes its way, or (behind the last) the end of the trace.
    pub(super) fn target(&self, index: usize) -> u64 {
        let address = self.address_of(index);
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
        self.slots.set_handler(self.slot_of(index), note_stack_pointer);
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
