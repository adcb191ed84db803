//! The hart: registers, program counter, floating-point state, counters. Plain scalars only.

use crate::float::Rounding;

/// Architectural state of one hart in user mode.
#[derive(Clone)]
pub struct Hart {
    /// Integer registers; `x[0]` is zero whenever an instruction reads it.
    pub x: [u64; 32],
    /// Floating-point registers as raw bits; narrower values are NaN-boxed.
    pub f: [u64; 32],
    /// Address of the next instruction.
    pub pc: u64,
    /// Accrued exceptions: NV 16, DZ 8, OF 4, UF 2, NX 1.
    pub fflags: u8,
    /// Dynamic rounding mode as written (0..=7; 5 to 7 are reserved and make an instruction that uses them illegal).
    pub frm: u8,
    /// Instructions retired.
    pub instret: u64,
    /// Reservation of a load-reserved: address and the bits that were read.
    pub reservation: Option<(u64, u64)>,
}

impl Hart {
    /// A hart with all registers zero, about to execute at `pc`.
    #[must_use]
    pub fn new(pc: u64) -> Self {
        Hart {
            x: [0; 32],
            f: [0; 32],
            pc,
            fflags: 0,
            frm: 0,
            instret: 0,
            reservation: None,
        }
    }

    /// The rounding mode that an instruction's `rm` field selects; `None` where it is reserved.
    #[inline(always)]
    pub(crate) fn rounding(&self, rm: u8) -> Option<Rounding> {
        Rounding::from_code(if rm == 7 { self.frm } else { rm })
    }
}

/// ABI register numbers that the environment uses.
pub(crate) mod reg {
    pub(crate) const RA: usize = 1;
    pub(crate) const SP: usize = 2;
    pub(crate) const A0: usize = 10;
    pub(crate) const A1: usize = 11;
    pub(crate) const A7: usize = 17;
    /// `fa0`, in the floating-point file.
    pub(crate) const FA0: usize = 10;
}
