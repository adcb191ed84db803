//! The control and status registers, and what reading and writing them means.
//!
//! Source: privileged manual, "Machine-Level ISA" and "Supervisor-Level ISA". Fields that this hart does not have read as zero.
//! Registers that belong to other parts (PMP, triggers, timer) are passed on to them.

use isa::csr;

use super::exception::DELEGABLE;
use super::paging::{self, MODE_SHIFT};
use super::privilege::{Privilege, interrupt, status};
use super::system::System;
use crate::hart::Hart;

/// RV64, extensions A B C D F I M S U.
const MISA: u64 = 2 << 62 | extensions(b"ABCDFIMSU");

const fn extensions(letters: &[u8]) -> u64 {
    let mut bits = 0;
    let mut index = 0;
    while index < letters.len() {
        bits |= 1 << (letters[index] - b'A');
        index += 1;
    }
    bits
}

/// Fields of `menvcfg` and `senvcfg`.
pub(super) mod environment {
    pub(in crate::bare) const FIOM: u64 = 1;
    pub(in crate::bare) const CBIE_SHIFT: u32 = 4;
    pub(in crate::bare) const CBIE: u64 = 3 << CBIE_SHIFT;
    pub(in crate::bare) const CBCFE: u64 = 1 << 6;
    pub(in crate::bare) const CBZE: u64 = 1 << 7;
    pub(in crate::bare) const ADUE: u64 = 1 << 61;
    pub(in crate::bare) const SUPERVISOR: u64 = FIOM | CBIE | CBCFE | CBZE;
}

/// A counter that can be written and stopped; `now` counts what it counts.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// What is added to `now`, or the value itself while stopped.
    base: u64,
    is_stopped: bool,
}

impl Counter {
    fn get(&self, now: u64) -> u64 {
        if self.is_stopped {
            self.base
        } else {
            now.wrapping_add(self.base)
        }
    }

    /// The instruction behind the writing one reads `value`; `now` is the count before the writing one.
    fn set(&mut self, value: u64, now: u64) {
        self.base = if self.is_stopped {
            value
        } else {
            value.wrapping_sub(now.wrapping_add(1))
        };
    }

    fn stop(&mut self, stop: bool, now: u64) {
        if stop != self.is_stopped {
            let value = self.get(now);
            self.is_stopped = stop;
            self.base = if stop { value } else { value.wrapping_sub(now) };
        }
    }
}

/// The plain registers. Those of the other parts of the hart are not here.
#[derive(Debug)]
pub(super) struct Csrs {
    pub(super) privilege: Privilege,
    pub(super) mstatus: u64,
    pub(super) medeleg: u64,
    pub(super) mideleg: u64,
    pub(super) mie: u64,
    /// The pending bits that software sets: those of supervisor mode.
    pub(super) mip: u64,
    pub(super) mtvec: u64,
    pub(super) mepc: u64,
    pub(super) mcause: u64,
    pub(super) mtval: u64,
    pub(super) menvcfg: u64,
    pub(super) stvec: u64,
    pub(super) sepc: u64,
    pub(super) scause: u64,
    pub(super) stval: u64,
    pub(super) senvcfg: u64,
    pub(super) satp: u64,
    mscratch: u64,
    sscratch: u64,
    mcounteren: u64,
    scounteren: u64,
    cycles: Counter,
    retired: Counter,
}

impl Csrs {
    pub(super) fn new() -> Csrs {
        Csrs {
            privilege: Privilege::Machine,
            mstatus: status::UXL_64 | status::SXL_64,
            medeleg: 0,
            mideleg: 0,
            mie: 0,
            mip: 0,
            mtvec: 0,
            mepc: 0,
            mcause: 0,
            mtval: 0,
            menvcfg: 0,
            stvec: 0,
            sepc: 0,
            scause: 0,
            stval: 0,
            senvcfg: 0,
            satp: 0,
            mscratch: 0,
            sscratch: 0,
            mcounteren: 0,
            scounteren: 0,
            cycles: Counter::default(),
            retired: Counter::default(),
        }
    }

    /// Whether floating-point instructions and registers are on.
    #[inline(always)]
    pub(super) fn float_is_on(&self) -> bool {
        self.mstatus & status::FS != 0
    }

    /// `mstatus` with its summary bit.
    fn status(&self) -> u64 {
        if self.mstatus & status::FS == status::FS {
            self.mstatus | status::SD
        } else {
            self.mstatus
        }
    }

    fn set_status(&mut self, value: u64, writable: u64) {
        let mut new = self.mstatus & !writable | value & writable;
        if Privilege::from_number((new & status::MPP) >> status::MPP_SHIFT).is_none() {
            new = new & !status::MPP | self.mstatus & status::MPP;
        }
        self.mstatus = new;
    }

    /// Whether this mode may read user counter `number`.
    fn may_count(&self, number: u32) -> bool {
        let by_machine = self.mcounteren >> number & 1 != 0;
        match self.privilege {
            Privilege::Machine => true,
            Privilege::Supervisor => by_machine,
            Privilege::User => by_machine && self.scounteren >> number & 1 != 0,
        }
    }
}

/// Whether a CSR may be accessed at all from the mode that the hart is in: bits 9:8 of its number are the lowest one, and bits
/// 11:10 both set make it read-only.
fn is_accessible(number: u16, writes: bool, system: &System) -> bool {
    let needed = u64::from(number >> 8 & 3);
    let csrs = &system.csrs;
    (!writes || number >> 10 != 3)
        && csrs.privilege as u64 >= needed
        && match number {
            csr::SATP => csrs.privilege != Privilege::Supervisor || csrs.mstatus & status::TVM == 0,
            csr::FFLAGS | csr::FRM | csr::FCSR => csrs.float_is_on(),
            0xc00..=0xc1f => csrs.may_count(u32::from(number - 0xc00)),
            _ => true,
        }
}

/// What a CSR holds; `None` where the access is illegal. `writes` tells whether a write follows.
pub(super) fn read(number: u16, writes: bool, system: &System, hart: &Hart) -> Option<u64> {
    if !is_accessible(number, writes, system) {
        return None;
    }
    let csrs = &system.csrs;
    Some(match number {
        csr::FFLAGS => hart.fflags.into(),
        csr::FRM => hart.frm.into(),
        csr::FCSR => u64::from(hart.frm << 5 | hart.fflags),
        csr::CYCLE | csr::MCYCLE => csrs.cycles.get(system.cycles(hart)),
        csr::TIME => system.clint.time(system.cycles(hart)),
        csr::INSTRET | csr::MINSTRET => csrs.retired.get(hart.instret),
        0xc03..=0xc1f | 0xb03..=0xb1f | 0x323..=0x33f => 0,

        csr::SSTATUS => csrs.status() & (status::SUPERVISOR_WRITABLE | status::UXL_64 | status::SD),
        csr::SIE => csrs.mie & csrs.mideleg,
        csr::STVEC => csrs.stvec,
        csr::SCOUNTEREN => csrs.scounteren,
        csr::SENVCFG => csrs.senvcfg,
        csr::SSCRATCH => csrs.sscratch,
        csr::SEPC => csrs.sepc,
        csr::SCAUSE => csrs.scause,
        csr::STVAL => csrs.stval,
        csr::SIP => system.pending(hart) & csrs.mideleg,
        csr::SATP => csrs.satp,

        csr::MVENDORID | csr::MARCHID | csr::MIMPID | csr::MHARTID | csr::MCONFIGPTR => 0,
        csr::MSTATUS => csrs.status(),
        csr::MISA => MISA,
        csr::MEDELEG => csrs.medeleg,
        csr::MIDELEG => csrs.mideleg,
        csr::MIE => csrs.mie,
        csr::MTVEC => csrs.mtvec,
        csr::MCOUNTEREN => csrs.mcounteren,
        csr::MENVCFG => csrs.menvcfg,
        csr::MCOUNTINHIBIT => u64::from(csrs.cycles.is_stopped) | u64::from(csrs.retired.is_stopped) << 2,
        csr::MSCRATCH => csrs.mscratch,
        csr::MEPC => csrs.mepc,
        csr::MCAUSE => csrs.mcause,
        csr::MTVAL => csrs.mtval,
        csr::MIP => system.pending(hart),
        // On RV64 the odd ones do not exist.
        0x3a0..=0x3af if number & 1 == 0 => system.pmp.config(usize::from(number - csr::PMPCFG0)),
        0x3b0..=0x3ef => system.pmp.address(usize::from(number - csr::PMPADDR0)),

        csr::TSELECT => system.triggers.selected as u64,
        csr::TDATA1 => system.triggers.control(),
        csr::TDATA2 => system.triggers.address(),
        csr::TDATA3 => 0,
        // Type 2 (address match) is supported.
        csr::TINFO => 1 << 2,
        _ => return None,
    })
}

/// Writes a CSR that [`read`] has allowed to be written.
pub(super) fn write(number: u16, value: u64, system: &mut System, hart: &mut Hart) {
    let cycles = system.cycles(hart);
    let csrs = &mut system.csrs;
    match number {
        csr::FFLAGS => hart.fflags = value as u8 & 0x1f,
        csr::FRM => hart.frm = value as u8 & 7,
        csr::FCSR => {
            hart.fflags = value as u8 & 0x1f;
            hart.frm = (value >> 5) as u8 & 7;
        }
        csr::MCYCLE => csrs.cycles.set(value, cycles),
        csr::MINSTRET => csrs.retired.set(value, hart.instret),
        csr::MCOUNTINHIBIT => {
            csrs.cycles.stop(value & 1 != 0, cycles);
            csrs.retired.stop(value & 4 != 0, hart.instret);
        }

        csr::SSTATUS => csrs.set_status(value, status::SUPERVISOR_WRITABLE),
        csr::SIE => csrs.mie = csrs.mie & !csrs.mideleg | value & csrs.mideleg,
        csr::STVEC => csrs.stvec = vector(value),
        csr::SCOUNTEREN => csrs.scounteren = value & 0xffff_ffff,
        csr::SENVCFG => csrs.senvcfg = environment_of(value, csrs.senvcfg, environment::SUPERVISOR),
        csr::SSCRATCH => csrs.sscratch = value,
        csr::SEPC => csrs.sepc = value & !1,
        csr::SCAUSE => csrs.scause = value,
        csr::STVAL => csrs.stval = value,
        // The timer and external bits are the machine's to set.
        csr::SIP => {
            let writable = csrs.mideleg & interrupt::SSI;
            csrs.mip = csrs.mip & !writable | value & writable;
        }
        csr::SATP if paging::levels(value >> MODE_SHIFT).is_some() => {
            // There are no address space identifiers: their field stays zero.
            csrs.satp = value & (15 << MODE_SHIFT | paging::ROOT);
            system.forget_translations();
        }

        csr::MSTATUS => csrs.set_status(value, status::WRITABLE),
        csr::MEDELEG => csrs.medeleg = value & DELEGABLE,
        csr::MIDELEG => csrs.mideleg = value & interrupt::SUPERVISOR,
        csr::MIE => csrs.mie = value & interrupt::ALL,
        csr::MTVEC => csrs.mtvec = vector(value),
        csr::MCOUNTEREN => csrs.mcounteren = value & 0xffff_ffff,
        csr::MENVCFG => {
            csrs.menvcfg = environment_of(value, csrs.menvcfg, environment::SUPERVISOR | environment::ADUE);
            system.forget_translations();
        }
        csr::MSCRATCH => csrs.mscratch = value,
        csr::MEPC => csrs.mepc = value & !1,
        csr::MCAUSE => csrs.mcause = value,
        csr::MTVAL => csrs.mtval = value,
        csr::MIP => csrs.mip = value & interrupt::SUPERVISOR,
        0x3a0..=0x3af => {
            system.pmp.set_config(usize::from(number - csr::PMPCFG0), value);
            system.forget_translations();
        }
        0x3b0..=0x3ef => {
            system.pmp.set_address(usize::from(number - csr::PMPADDR0), value);
            system.forget_translations();
        }

        csr::TSELECT => system.triggers.select(value),
        csr::TDATA1 => {
            system.triggers.set_control(value);
            system.forget_translations();
        }
        csr::TDATA2 => system.triggers.set_address(value),
        // Fixed ones (misa, counters of events that are not counted) ignore what is written.
        _ => {}
    }
    if matches!(number, csr::FFLAGS | csr::FRM | csr::FCSR) {
        system.csrs.mstatus |= status::FS;
    }
    system.state_changed();
}

/// A trap vector: bit 0 makes it vectored, bit 1 is reserved.
fn vector(value: u64) -> u64 {
    value & !2
}

/// `CBIE` of 2 is reserved and leaves the field as it was.
fn environment_of(value: u64, old: u64, writable: u64) -> u64 {
    let new = value & writable;
    if (new & environment::CBIE) >> environment::CBIE_SHIFT == 2 {
        new & !environment::CBIE | old & environment::CBIE
    } else {
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_counter_is_read_by_the_next_instruction() {
        let mut counter = Counter::default();
        assert_eq!(counter.get(10), 10);
        counter.set(100, 10);
        assert_eq!(counter.get(11), 100);
        counter.stop(true, 12);
        assert_eq!(counter.get(50), 101);
        counter.set(7, 50);
        assert_eq!(counter.get(60), 7);
        counter.stop(false, 60);
        assert_eq!(counter.get(61), 8);
        counter.set(u64::MAX, 70);
        assert_eq!(counter.get(72), 0);
    }

    #[test]
    fn reserved_values_are_not_kept() {
        let mut csrs = Csrs::new();
        csrs.set_status(status::MPP, status::WRITABLE);
        csrs.set_status(2 << status::MPP_SHIFT, status::WRITABLE);
        assert_eq!(csrs.status() & status::MPP, status::MPP);
        csrs.set_status(u64::MAX, status::SUPERVISOR_WRITABLE);
        assert_eq!(csrs.status() & (status::SD | status::TVM), status::SD);
        assert_eq!(environment_of(0x20, 0x10, environment::SUPERVISOR), 0x10);
        assert_eq!(environment_of(u64::MAX, 0, environment::SUPERVISOR), 0xf1);
        assert_eq!(vector(0x8000_0003), 0x8000_0001);
        assert_eq!(MISA, 0x8000_0000_0014_112f);
    }
}
