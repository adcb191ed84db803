//! Control and status registers: numbers and names (privileged manual, "CSR Listing"; unprivileged manual for the user ones).

use core::fmt;

macro_rules! csrs {
    ($($constant:ident = $number:literal, $name:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub const $constant: u16 = $number;
        )*

        /// The name of a register that is not one of a numbered series.
        fn single(number: u16) -> Option<&'static str> {
            match number {
                $($number => Some($name),)*
                _ => None,
            }
        }

        /// The number of a register that is not one of a numbered series.
        fn single_number(name: &str) -> Option<u16> {
            match name {
                $($name => Some($number),)*
                _ => None,
            }
        }
    };
}

csrs! {
    FFLAGS = 0x001, "fflags";
    FRM = 0x002, "frm";
    FCSR = 0x003, "fcsr";
    VSTART = 0x008, "vstart";
    VXSAT = 0x009, "vxsat";
    VXRM = 0x00a, "vxrm";
    VCSR = 0x00f, "vcsr";
    SEED = 0x015, "seed";
    SSTATUS = 0x100, "sstatus";
    SIE = 0x104, "sie";
    STVEC = 0x105, "stvec";
    SCOUNTEREN = 0x106, "scounteren";
    SENVCFG = 0x10a, "senvcfg";
    SSCRATCH = 0x140, "sscratch";
    SEPC = 0x141, "sepc";
    SCAUSE = 0x142, "scause";
    STVAL = 0x143, "stval";
    SIP = 0x144, "sip";
    STIMECMP = 0x14d, "stimecmp";
    SISELECT = 0x150, "siselect";
    SIREG = 0x151, "sireg";
    STOPEI = 0x15c, "stopei";
    SATP = 0x180, "satp";
    VSSTATUS = 0x200, "vsstatus";
    VSIE = 0x204, "vsie";
    VSTVEC = 0x205, "vstvec";
    VSSCRATCH = 0x240, "vsscratch";
    VSEPC = 0x241, "vsepc";
    VSCAUSE = 0x242, "vscause";
    VSTVAL = 0x243, "vstval";
    VSIP = 0x244, "vsip";
    VSTIMECMP = 0x24d, "vstimecmp";
    VSISELECT = 0x250, "vsiselect";
    VSIREG = 0x251, "vsireg";
    VSTOPEI = 0x25c, "vstopei";
    VSATP = 0x280, "vsatp";
    MSTATUS = 0x300, "mstatus";
    MISA = 0x301, "misa";
    MEDELEG = 0x302, "medeleg";
    MIDELEG = 0x303, "mideleg";
    MIE = 0x304, "mie";
    MTVEC = 0x305, "mtvec";
    MCOUNTEREN = 0x306, "mcounteren";
    MVIEN = 0x308, "mvien";
    MVIP = 0x309, "mvip";
    MENVCFG = 0x30a, "menvcfg";
    MCOUNTINHIBIT = 0x320, "mcountinhibit";
    MSCRATCH = 0x340, "mscratch";
    MEPC = 0x341, "mepc";
    MCAUSE = 0x342, "mcause";
    MTVAL = 0x343, "mtval";
    MIP = 0x344, "mip";
    MTINST = 0x34a, "mtinst";
    MTVAL2 = 0x34b, "mtval2";
    MISELECT = 0x350, "miselect";
    MIREG = 0x351, "mireg";
    MTOPEI = 0x35c, "mtopei";
    SCONTEXT = 0x5a8, "scontext";
    HSTATUS = 0x600, "hstatus";
    HEDELEG = 0x602, "hedeleg";
    HIDELEG = 0x603, "hideleg";
    HIE = 0x604, "hie";
    HTIMEDELTA = 0x605, "htimedelta";
    HCOUNTEREN = 0x606, "hcounteren";
    HGEIE = 0x607, "hgeie";
    HVIEN = 0x608, "hvien";
    HVICTL = 0x609, "hvictl";
    HENVCFG = 0x60a, "henvcfg";
    HTVAL = 0x643, "htval";
    HIP = 0x644, "hip";
    HVIP = 0x645, "hvip";
    HVIPRIO1 = 0x646, "hviprio1";
    HVIPRIO2 = 0x647, "hviprio2";
    HTINST = 0x64a, "htinst";
    HGATP = 0x680, "hgatp";
    HCONTEXT = 0x6a8, "hcontext";
    MNSCRATCH = 0x740, "mnscratch";
    MNEPC = 0x741, "mnepc";
    MNCAUSE = 0x742, "mncause";
    MNSTATUS = 0x744, "mnstatus";
    MSECCFG = 0x747, "mseccfg";
    TSELECT = 0x7a0, "tselect";
    TDATA1 = 0x7a1, "tdata1";
    TDATA2 = 0x7a2, "tdata2";
    TDATA3 = 0x7a3, "tdata3";
    TINFO = 0x7a4, "tinfo";
    TCONTROL = 0x7a5, "tcontrol";
    MCONTEXT = 0x7a8, "mcontext";
    MSCONTEXT = 0x7aa, "mscontext";
    DCSR = 0x7b0, "dcsr";
    DPC = 0x7b1, "dpc";
    DSCRATCH0 = 0x7b2, "dscratch0";
    DSCRATCH1 = 0x7b3, "dscratch1";
    MCYCLE = 0xb00, "mcycle";
    MINSTRET = 0xb02, "minstret";
    CYCLE = 0xc00, "cycle";
    TIME = 0xc01, "time";
    INSTRET = 0xc02, "instret";
    VL = 0xc20, "vl";
    VTYPE = 0xc21, "vtype";
    VLENB = 0xc22, "vlenb";
    SCOUNTOVF = 0xda0, "scountovf";
    STOPI = 0xdb0, "stopi";
    HGEIP = 0xe12, "hgeip";
    VSTOPI = 0xeb0, "vstopi";
    MVENDORID = 0xf11, "mvendorid";
    MARCHID = 0xf12, "marchid";
    MIMPID = 0xf13, "mimpid";
    MHARTID = 0xf14, "mhartid";
    MCONFIGPTR = 0xf15, "mconfigptr";
    MTOPI = 0xfb0, "mtopi";
}

/// `hpmcounter3`; the others follow up to `hpmcounter31` (0xc1f).
pub const HPMCOUNTER3: u16 = 0xc03;
/// `mhpmcounter3`; the others follow up to `mhpmcounter31` (0xb1f).
pub const MHPMCOUNTER3: u16 = 0xb03;
/// `mhpmevent3`; the others follow up to `mhpmevent31` (0x33f).
pub const MHPMEVENT3: u16 = 0x323;
/// `pmpcfg0`; on RV64 the even ones follow up to `pmpcfg14` (0x3ae).
pub const PMPCFG0: u16 = 0x3a0;
/// `pmpaddr0`; the others follow up to `pmpaddr63` (0x3ef).
pub const PMPADDR0: u16 = 0x3b0;

/// A numbered series: prefix, first index, its CSR number, how many.
const SERIES: [(&str, u16, u16, u16); 8] = [
    ("sstateen", 0, 0x10c, 4),
    ("hstateen", 0, 0x60c, 4),
    ("mstateen", 0, 0x30c, 4),
    ("hpmcounter", 3, HPMCOUNTER3, 29),
    ("mhpmcounter", 3, MHPMCOUNTER3, 29),
    ("mhpmevent", 3, MHPMEVENT3, 29),
    ("pmpcfg", 0, PMPCFG0, 16),
    ("pmpaddr", 0, PMPADDR0, 64),
];

/// The name of a CSR, written by `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    prefix: &'static str,
    index: Option<u16>,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}{index}", self.prefix),
            None => f.write_str(self.prefix),
        }
    }
}

/// The name of a CSR, if the manuals give that number one.
pub fn name(number: u16) -> Option<Name> {
    if let Some(prefix) = single(number) {
        return Some(Name { prefix, index: None });
    }
    SERIES.iter().find_map(|&(prefix, first, base, count)| {
        let offset = number.checked_sub(base).filter(|&offset| offset < count)?;
        Some(Name {
            prefix,
            index: Some(first + offset),
        })
    })
}

/// The number of a CSR by its name.
pub fn number(name: &str) -> Option<u16> {
    single_number(name).or_else(|| {
        SERIES.iter().find_map(|&(prefix, first, base, count)| {
            let index: u16 = name.strip_prefix(prefix)?.parse().ok()?;
            let offset = index.checked_sub(first).filter(|&offset| offset < count)?;
            Some(base + offset)
        })
    })
}
