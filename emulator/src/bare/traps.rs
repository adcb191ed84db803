//! Taking traps and returning from them.
//!
//! Source: privileged manual, "Trap-Return Instructions", "Machine Trap Delegation Registers", "Machine Interrupt Registers".

use super::exception::Exception;
use super::privilege::{Privilege, interrupt, status};
use super::system::System;
use crate::hart::Hart;

/// Marks `mcause` as that of an interrupt.
const INTERRUPT: u64 = 1 << 63;

impl System {
    /// The cause of the interrupt to take before the next instruction, and the mode that takes it.
    pub(super) fn next_interrupt(&self, hart: &Hart) -> Option<(u64, Privilege)> {
        let csrs = &self.csrs;
        let waiting = self.pending(hart) & csrs.mie;
        if waiting == 0 {
            return None;
        }
        let machine_takes = csrs.privilege < Privilege::Machine || csrs.mstatus & status::MIE != 0;
        let supervisor_takes = csrs.privilege < Privilege::Supervisor
            || csrs.privilege == Privilege::Supervisor && csrs.mstatus & status::SIE != 0;
        let by_machine = if machine_takes { waiting & !csrs.mideleg } else { 0 };
        let by_supervisor = if supervisor_takes { waiting & csrs.mideleg } else { 0 };
        let (among, privilege) = if by_machine != 0 {
            (by_machine, Privilege::Machine)
        } else {
            (by_supervisor, Privilege::Supervisor)
        };
        let bit = interrupt::BY_PRIORITY.into_iter().find(|bit| among & bit != 0)?;
        Some((INTERRUPT | u64::from(bit.trailing_zeros()), privilege))
    }

    /// Whether the timer could interrupt in the state that the hart is in.
    pub(super) fn awaits_timer(&self) -> bool {
        let csrs = &self.csrs;
        csrs.mie & interrupt::MTI != 0
            && self.clint.compare != u64::MAX
            && (csrs.privilege < Privilege::Machine || csrs.mstatus & status::MIE != 0)
    }

    /// Moves the hart to the handler of an interrupt.
    pub(super) fn take_interrupt(&mut self, cause: u64, privilege: Privilege, hart: &mut Hart) {
        self.take(cause, 0, privilege, hart);
    }

    /// Moves the hart to the handler of an exception that the instruction at `hart.pc` caused.
    pub(super) fn take_exception(&mut self, exception: Exception, hart: &mut Hart) {
        let is_delegated =
            self.csrs.privilege <= Privilege::Supervisor && self.csrs.medeleg >> exception.cause & 1 != 0;
        let privilege = if is_delegated {
            Privilege::Supervisor
        } else {
            Privilege::Machine
        };
        self.take(exception.cause, exception.value, privilege, hart);
    }

    fn take(&mut self, cause: u64, value: u64, privilege: Privilege, hart: &mut Hart) {
        let csrs = &mut self.csrs;
        let from = csrs.privilege as u64;
        let old = csrs.mstatus;
        let vector = if privilege == Privilege::Machine {
            csrs.mcause = cause;
            csrs.mepc = hart.pc;
            csrs.mtval = value;
            csrs.mstatus = old & !(status::MPP | status::MPIE | status::MIE) | from << status::MPP_SHIFT;
            csrs.mstatus |= if old & status::MIE != 0 { status::MPIE } else { 0 };
            csrs.mtvec
        } else {
            csrs.scause = cause;
            csrs.sepc = hart.pc;
            csrs.stval = value;
            csrs.mstatus = old & !(status::SPP | status::SPIE | status::SIE);
            csrs.mstatus |= if from == 0 { 0 } else { status::SPP };
            csrs.mstatus |= if old & status::SIE != 0 { status::SPIE } else { 0 };
            csrs.stvec
        };
        csrs.privilege = privilege;
        let offset = if vector & 1 != 0 && cause & INTERRUPT != 0 {
            4 * (cause & !INTERRUPT)
        } else {
            0
        };
        hart.pc = (vector & !3).wrapping_add(offset);
        self.traps += 1;
        self.state_changed();
    }

    /// `mret`, which only machine mode may execute: the address to go on at.
    pub(super) fn return_from_machine(&mut self) -> u64 {
        let csrs = &mut self.csrs;
        let old = csrs.mstatus;
        let to = Privilege::from_number((old & status::MPP) >> status::MPP_SHIFT).unwrap_or(Privilege::User);
        let mut new = old & !(status::MIE | status::MPP) | status::MPIE;
        new |= if old & status::MPIE != 0 { status::MIE } else { 0 };
        if to != Privilege::Machine {
            new &= !status::MPRV;
        }
        csrs.mstatus = new;
        csrs.privilege = to;
        let target = csrs.mepc;
        self.state_changed();
        target
    }

    /// `sret`: the address to go on at.
    pub(super) fn return_from_supervisor(&mut self) -> u64 {
        let csrs = &mut self.csrs;
        let old = csrs.mstatus;
        let mut new = old & !(status::SIE | status::SPP | status::MPRV) | status::SPIE;
        new |= if old & status::SPIE != 0 { status::SIE } else { 0 };
        csrs.mstatus = new;
        csrs.privilege = if old & status::SPP != 0 {
            Privilege::Supervisor
        } else {
            Privilege::User
        };
        let target = csrs.sepc;
        self.state_changed();
        target
    }
}
