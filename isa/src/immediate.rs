//! Where the bits of an immediate lie in a word, and back.

/// The way an immediate is spread over a 32-bit word (unprivileged manual, "Immediate Encoding Variants").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Immediate {
    /// There is none.
    None,
    /// Signed, 12 bits, in 31:20.
    I,
    /// Signed, 12 bits, in 31:25 and 11:7.
    S,
    /// Signed, 13 bits, even: a branch's offset.
    B,
    /// The upper 20 bits of a word whose lower 12 bits are zero.
    U,
    /// Signed, 21 bits, even: the offset of `jal`.
    J,
    /// 0 to 63, in 25:20.
    Shift6,
    /// 0 to 31, in 24:20.
    Shift5,
    /// 0 to 4095, in 31:20: a CSR number, a fence's sets, a function number.
    Unsigned12,
    /// 0 to 31, in 30, 27:26 and 21:20: the number of `mop.r`.
    MopR,
    /// 0 to 7, in 30 and 27:26: the number of `mop.rr`.
    MopRR,
}

impl Immediate {
    /// The bits of a word that the immediate occupies.
    pub const fn bits(self) -> u32 {
        match self {
            Immediate::None => 0,
            Immediate::I | Immediate::Unsigned12 => 0xfff0_0000,
            Immediate::S | Immediate::B => 0xfe00_0f80,
            Immediate::U | Immediate::J => 0xffff_f000,
            Immediate::Shift6 => 0x03f0_0000,
            Immediate::Shift5 => 0x01f0_0000,
            Immediate::MopR => 0x4c30_0000,
            Immediate::MopRR => 0x4c00_0000,
        }
    }

    /// The immediate in `word`.
    pub const fn extract(self, word: u32) -> i32 {
        let signed = word as i32;
        // `field(lo, width)` without its sign; the sign of all signed forms is bit 31.
        let sign = signed >> 31;
        let unsigned = match self {
            Immediate::None => 0,
            Immediate::I => return signed >> 20,
            Immediate::S => return (signed >> 25 << 5) | field(word, 7, 5) as i32,
            Immediate::B => {
                return (sign << 12)
                    | ((field(word, 7, 1) << 11) | (field(word, 25, 6) << 5) | (field(word, 8, 4) << 1)) as i32;
            }
            Immediate::U => return signed & !0xfff,
            Immediate::J => {
                return (sign << 20)
                    | ((field(word, 12, 8) << 12) | (field(word, 20, 1) << 11) | (field(word, 21, 10) << 1)) as i32;
            }
            Immediate::Shift6 => field(word, 20, 6),
            Immediate::Shift5 => field(word, 20, 5),
            Immediate::Unsigned12 => field(word, 20, 12),
            Immediate::MopR => (field(word, 30, 1) << 4) | (field(word, 26, 2) << 2) | field(word, 20, 2),
            Immediate::MopRR => (field(word, 30, 1) << 2) | field(word, 26, 2),
        };
        unsigned as i32
    }

    /// The bits of a word that hold `value`, or `None` when it does not fit.
    pub const fn insert(self, value: i32) -> Option<u32> {
        let v = value as u32;
        let word = match self {
            Immediate::None => 0,
            Immediate::I | Immediate::Unsigned12 => v << 20,
            Immediate::S => (field(v, 5, 7) << 25) | (field(v, 0, 5) << 7),
            Immediate::B => {
                (field(v, 12, 1) << 31) | (field(v, 5, 6) << 25) | (field(v, 1, 4) << 8) | (field(v, 11, 1) << 7)
            }
            Immediate::U => v & 0xffff_f000,
            Immediate::J => {
                (field(v, 20, 1) << 31) | (field(v, 1, 10) << 21) | (field(v, 11, 1) << 20) | (field(v, 12, 8) << 12)
            }
            Immediate::Shift6 => field(v, 0, 6) << 20,
            Immediate::Shift5 => field(v, 0, 5) << 20,
            Immediate::MopR => (field(v, 4, 1) << 30) | (field(v, 2, 2) << 26) | (field(v, 0, 2) << 20),
            Immediate::MopRR => (field(v, 2, 1) << 30) | (field(v, 0, 2) << 26),
        };
        // What does not come back did not fit: out of range, odd, or an immediate where there is none.
        if self.extract(word) == value { Some(word) } else { None }
    }
}

/// `width` bits of `word` from bit `low` up.
const fn field(word: u32, low: u32, width: u32) -> u32 {
    (word >> low) & ((1 << width) - 1)
}
