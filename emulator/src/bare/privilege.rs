//! Privilege modes and the bits of `mstatus`.

/// A privilege mode; its number is the one in `mstatus.MPP`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Privilege {
    User = 0,
    Supervisor = 1,
    Machine = 3,
}

impl Privilege {
    /// The mode with this number; 2 is none.
    pub(super) fn from_number(number: u64) -> Option<Privilege> {
        match number {
            0 => Some(Privilege::User),
            1 => Some(Privilege::Supervisor),
            3 => Some(Privilege::Machine),
            _ => None,
        }
    }
}

/// Fields of `mstatus` (privileged manual, "Machine Status Registers").
pub(super) mod status {
    pub(in crate::bare) const SIE: u64 = 1 << 1;
    pub(in crate::bare) const MIE: u64 = 1 << 3;
    pub(in crate::bare) const SPIE: u64 = 1 << 5;
    pub(in crate::bare) const MPIE: u64 = 1 << 7;
    pub(in crate::bare) const SPP: u64 = 1 << 8;
    pub(in crate::bare) const MPP_SHIFT: u32 = 11;
    pub(in crate::bare) const MPP: u64 = 3 << MPP_SHIFT;
    /// Both bits set mean dirty, none off.
    pub(in crate::bare) const FS: u64 = 3 << 13;
    pub(in crate::bare) const MPRV: u64 = 1 << 17;
    pub(in crate::bare) const SUM: u64 = 1 << 18;
    pub(in crate::bare) const MXR: u64 = 1 << 19;
    pub(in crate::bare) const TVM: u64 = 1 << 20;
    pub(in crate::bare) const TW: u64 = 1 << 21;
    pub(in crate::bare) const TSR: u64 = 1 << 22;
    pub(in crate::bare) const UXL_64: u64 = 2 << 32;
    pub(in crate::bare) const SXL_64: u64 = 2 << 34;
    pub(in crate::bare) const SD: u64 = 1 << 63;

    /// What software can write; the others are fixed.
    pub(in crate::bare) const WRITABLE: u64 =
        SIE | MIE | SPIE | MPIE | SPP | MPP | FS | MPRV | SUM | MXR | TVM | TW | TSR;
    /// What of it `sstatus` shows and lets write.
    pub(in crate::bare) const SUPERVISOR_WRITABLE: u64 = SIE | SPIE | SPP | FS | SUM | MXR;
}

/// Bits of `mip` and `mie`; their positions are the causes of the interrupts.
pub(super) mod interrupt {
    pub(in crate::bare) const SSI: u64 = 1 << 1;
    pub(in crate::bare) const MSI: u64 = 1 << 3;
    pub(in crate::bare) const STI: u64 = 1 << 5;
    pub(in crate::bare) const MTI: u64 = 1 << 7;
    pub(in crate::bare) const SEI: u64 = 1 << 9;
    pub(in crate::bare) const MEI: u64 = 1 << 11;

    pub(in crate::bare) const SUPERVISOR: u64 = SSI | STI | SEI;
    pub(in crate::bare) const ALL: u64 = SUPERVISOR | MSI | MTI | MEI;

    /// From the one that is taken first (privileged manual, "Machine Interrupt Registers").
    pub(in crate::bare) const BY_PRIORITY: [u64; 6] = [MEI, MSI, MTI, SEI, SSI, STI];
}
