//! What a trace is made of: slots of sixteen bytes.
//!
//! Slot 0 is the [`Header`]. Then comes one [`Operation`] an instruction; one that can lead to another trace is followed by a
//! [`Way`], a computed jump by a [`Return`], a check by a [`Mask`]. An operation knows its own slot number, and so cold code finds
//! everything else that there is to know of it.

use std::cell::UnsafeCell;

use super::Handler;

/// What handlers read of an instruction.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Operation {
    pub(super) handler: Handler,
    pub(super) rd: u8,
    pub(super) rs1: u8,
    pub(super) rs2: u8,
    /// The slot that this operation stands in.
    pub(super) slot: u8,
    /// The immediate; of floating-point arithmetic rs3 and, from bit 8, the rounding mode; of `auipc` and `jal` what they write to
    /// `rd`.
    pub(super) imm: i32,
}

/// Where an operation leads.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Way {
    /// The first operation of that trace, or null until somebody went there.
    pub(super) link: *const Operation,
    /// Instructions of this trace that are done when it is taken.
    pub(super) done: u64,
}

/// What a computed jump needs.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Return {
    /// The address behind it, which it writes to `rd`.
    pub(super) address: u64,
    /// Instructions of this trace that are done then.
    pub(super) done: u64,
}

/// Registers, as in [`Tracker::live`](crate::engine::Tracker::live).
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Mask {
    pub(super) touched: u64,
    unused: u64,
}

impl Mask {
    pub(super) fn new(touched: u64) -> Self {
        Mask { touched, unused: 0 }
    }
}

/// The first slot.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Header {
    /// The number of the trace.
    pub(super) trace: u64,
    unused: u64,
}

impl Header {
    pub(super) fn new(trace: usize) -> Self {
        Header {
            trace: trace as u64,
            unused: 0,
        }
    }
}

/// Any of them.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) union Slot {
    pub(super) header: Header,
    pub(super) operation: Operation,
    pub(super) way: Way,
    pub(super) back: Return,
    pub(super) mask: Mask,
}

const _: () = assert!(size_of::<Slot>() == 16);

/// The slots of a trace. Links in it are set while handlers hold pointers to it.
pub(super) struct Slots(Vec<UnsafeCell<Slot>>);

// SAFETY: links lead to slots of the same `Traces`, which owns all of them and moves between threads as a whole; they are
// changed only by the thread that runs it.
unsafe impl Send for Slots {}

impl Slots {
    pub(super) fn new(slots: Vec<Slot>) -> Self {
        Slots(slots.into_iter().map(UnsafeCell::new).collect())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The operation in a slot, which must hold one.
    pub(super) fn operation(&self, slot: usize) -> *const Operation {
        UnsafeCell::raw_get(&raw const self.0[slot]).cast()
    }

    /// Replaces the handler of the operation in a slot.
    pub(super) fn set_handler(&mut self, slot: usize, handler: Handler) {
        self.0[slot].get_mut().operation.handler = handler;
    }
}

impl Operation {
    /// What stands in the slot behind an operation.
    ///
    /// # Safety
    ///
    /// There is one.
    #[inline(always)]
    pub(super) unsafe fn behind<T>(this: *const Operation) -> *const T {
        // SAFETY: the caller says so.
        unsafe { this.add(1).cast() }
    }

    /// The trace that an operation belongs to.
    ///
    /// # Safety
    ///
    /// The operation stands in a trace.
    pub(super) unsafe fn trace(this: *const Operation) -> usize {
        // SAFETY: slot 0 of a trace is its header.
        unsafe { (*this.sub(usize::from((*this).slot)).cast::<Header>()).trace as usize }
    }
}
