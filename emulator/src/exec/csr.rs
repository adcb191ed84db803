//! The CSRs of user mode: floating-point state and counters.
//!
//! Unprivileged manual, chapters "Zicsr", "F" (fcsr) and "Counters" (Zicntr, Zihpm).

use crate::hart::Hart;

const FFLAGS: u16 = 0x001;
const FRM: u16 = 0x002;
const FCSR: u16 = 0x003;
const CYCLE: u16 = 0xc00;
const TIME: u16 = 0xc01;
const INSTRET: u16 = 0xc02;
const HPMCOUNTER3: u16 = 0xc03;
const HPMCOUNTER31: u16 = 0xc1f;

/// What a CSR instruction does to the old value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Write,
    Set,
    Clear,
}

impl Change {
    /// The new value of a register that holds `old`.
    #[inline(always)]
    pub(crate) fn apply(self, old: u64, operand: u64) -> u64 {
        match self {
            Change::Write => operand,
            Change::Set => old | operand,
            Change::Clear => old & !operand,
        }
    }
}

/// Reads a CSR and changes it; `None` where the access is illegal.
///
/// `operand` is `None` for the forms that do not write (`csrrs` and `csrrc` with `x0` or a zero immediate), which is what makes
/// reading a read-only CSR legal.
#[inline(always)]
pub(super) fn access(hart: &mut Hart, csr: u16, change: Change, operand: Option<u64>) -> Option<u64> {
    let old = read(hart, csr)?;
    if let Some(operand) = operand {
        write(hart, csr, change.apply(old, operand))?;
    }
    Some(old)
}

#[inline(always)]
fn read(hart: &Hart, csr: u16) -> Option<u64> {
    Some(match csr {
        FFLAGS => hart.fflags.into(),
        FRM => hart.frm.into(),
        FCSR => u64::from(hart.frm << 5 | hart.fflags),
        // One instruction a cycle, one cycle a nanosecond: a clock that is the same on every machine.
        CYCLE | TIME | INSTRET => hart.instret,
        HPMCOUNTER3..=HPMCOUNTER31 => 0,
        _ => return None,
    })
}

/// Counters are read-only: bits 11:10 of their numbers are both set, and a write is illegal.
#[inline(always)]
fn write(hart: &mut Hart, csr: u16, value: u64) -> Option<()> {
    match csr {
        FFLAGS => hart.fflags = value as u8 & 0x1f,
        FRM => hart.frm = value as u8 & 7,
        FCSR => {
            hart.fflags = value as u8 & 0x1f;
            hart.frm = (value >> 5) as u8 & 7;
        }
        _ => return None,
    }
    Some(())
}

/// Whether reading `csr` needs the exact count of instructions retired so far.
pub(crate) fn is_counter(csr: u16) -> bool {
    (CYCLE..=INSTRET).contains(&csr)
}
