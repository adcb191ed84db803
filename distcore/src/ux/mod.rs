//! The Ux format: how a distribution travels as text and as bytes.
//!
//! A core prints a value with a distribution as its *particle* (the ordinary number) with a hexadecimal tail, and the
//! same data has a compact binary form:
//!
//! ```text
//! <particle>Ux<type:2><samples:16><mean:16><count:8>(<position:16|8><mass:16>)*count      hexadecimal digits, big-endian
//! <particle:8>[F0 00 00]<type:1><samples:8><mean:8><count:4>(<position:8|4><mass:8>)*count      bytes, little-endian
//! ```
//!
//! This module knows the format and nothing else: it reads and writes a plain [`UxValue`], keeps every oddity that real
//! strings have (see below), and never interprets it.
//!
//! ```
//! use distcore::ux::UxValue;
//!
//! let text = "0.40007Ux0000000000000000013FD99AC12423C7C7000000013FD99AC12423C7C78000000000000000, the next cell";
//! let (value, length) = UxValue::parse_text(text.as_bytes())?;
//! assert_eq!(value.particle, Some(0.40007));
//! assert_eq!(value.diracs.len(), 1);
//! assert_eq!(&text[length..], ", the next cell");
//! assert_eq!(value.to_text("0.40007"), text[..length]);
//! assert_eq!(UxValue::parse_binary(&value.to_binary(), None)?.0, value);
//! # Ok::<(), distcore::ux::UxError>(())
//! ```
//!
//! # What real strings do, and so is allowed
//!
//! * The masses need not sum to one: some thousand raw units of 2⁻⁶³ are normal. Masses of zero occur.
//! * The positions of an Athens string need not ascend.
//! * Mass at NaN, -Inf and +Inf stands in up to three Diracs after the finite ones, in that order.
//! * The particle may be absent, `nan`, `inf`, `-inf`, and may carry an exponent in either case. Hexadecimal digits may be
//!   lower case.
//! * The width of the positions (double or float) is not written down: see [`UxValue::parse_text`] and
//!   [`UxValue::parse_binary`] for the rule.

mod binary;
mod error;
mod hex;
mod particle;
mod text;

use std::fmt;

pub use error::{UxError, UxReason};

/// The most Diracs that a reader accepts. The official reader draws the same line; the largest value that a core makes
/// has 8000 finite Diracs and three special ones.
pub const MAX_DIRACS: usize = 10_000;

/// A mass of one in fixed point: 2⁶³.
pub const MASS_ONE: u64 = 1 << 63;

/// A Ux value as it stands on the wire: a header and a list of Diracs in their written order.
///
/// Equality compares floating-point fields by their bits, so NaN equals itself and `-0.0` differs from `0.0`.
#[derive(Clone, Debug)]
pub struct UxValue {
    /// The scalar that an ordinary processor would hold. Text may omit it; the binary form always has it.
    pub particle: Option<f64>,
    /// How the Diracs were made.
    pub representation: TypeCode,
    /// By convention 1 for a value with a distribution and 0 for a plain number; some tools write the number of Diracs.
    pub samples: u64,
    /// The mean that the writer states: NaN or ±Inf if there is mass at such places.
    pub mean: f64,
    /// How many bytes a position takes when written.
    pub width: PositionWidth,
    /// Finite Diracs first, then at most one each at NaN, -Inf, +Inf.
    pub diracs: Vec<Dirac>,
}

/// One point mass.
#[derive(Clone, Copy, Debug)]
pub struct Dirac {
    /// Where it stands. With [`PositionWidth::F32`] the value is rounded to a float when written.
    pub position: f64,
    /// Its probability in fixed point, [`MASS_ONE`] being 1.
    pub mass: u64,
}

impl Dirac {
    /// A Dirac with the probability `mass`, which is cut (not rounded) to fixed point, as real cores do. Probabilities
    /// outside 0 to 2 saturate; NaN counts as 0.
    pub fn new(position: f64, mass: f64) -> Self {
        Self {
            position,
            mass: mass_to_fixed(mass),
        }
    }

    /// The probability as a number (rounded: a double holds 53 of the 64 bits).
    pub fn probability(self) -> f64 {
        mass_from_fixed(self.mass)
    }
}

/// A probability in the fixed point of the format: units of 2⁻⁶³, cut towards zero, saturating at 0 and 2.
pub fn mass_to_fixed(mass: f64) -> u64 {
    (mass * MASS_ONE as f64) as u64
}

/// The probability that a fixed-point mass stands for, rounded to a double.
pub fn mass_from_fixed(mass: u64) -> f64 {
    mass as f64 / MASS_ONE as f64
}

/// The type byte: which representation of a distribution the Diracs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeCode(pub u8);

impl TypeCode {
    /// Regular grid. Also what tools write that do not state a representation.
    pub const ZURICH: Self = Self(0x00);
    /// Telescoping torques.
    pub const ATHENS: Self = Self(0x04);
    /// Uncompressed outer products.
    pub const JUPITER: Self = Self(0x06);
    /// Known by name only: no string of it is public.
    pub const ATLAS: Self = Self(0x07);
    /// Known by name only: no string of it is public.
    pub const EUROPA: Self = Self(0x08);
    /// No tracking.
    pub const NONE: Self = Self(0x09);
}

impl fmt::Display for TypeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ZURICH => f.write_str("Zurich"),
            Self::ATHENS => f.write_str("Athens"),
            Self::JUPITER => f.write_str("Jupiter"),
            Self::ATLAS => f.write_str("Atlas"),
            Self::EUROPA => f.write_str("Europa"),
            Self::NONE => f.write_str("no tracking"),
            Self(code) => write!(f, "type {code:02X}"),
        }
    }
}

/// The size of a position on the wire. Means and particles are always doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PositionWidth {
    /// IEEE double: 8 bytes, 16 digits.
    F64,
    /// IEEE float: 4 bytes, 8 digits.
    F32,
}

impl PositionWidth {
    /// Bytes that one position takes.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
        }
    }
}

impl PartialEq for UxValue {
    fn eq(&self, other: &Self) -> bool {
        self.particle.map(f64::to_bits) == other.particle.map(f64::to_bits)
            && self.representation == other.representation
            && self.samples == other.samples
            && self.mean.to_bits() == other.mean.to_bits()
            && self.width == other.width
            && self.diracs == other.diracs
    }
}

impl Eq for UxValue {}

impl PartialEq for Dirac {
    fn eq(&self, other: &Self) -> bool {
        self.position.to_bits() == other.position.to_bits() && self.mass == other.mass
    }
}

impl Eq for Dirac {}

/// The float nearest to `position`, NaN bits included: a conversion by `as` may change a NaN's payload, and differently
/// on different machines.
fn narrow(position: f64) -> u32 {
    if !position.is_nan() {
        return (position as f32).to_bits();
    }
    let bits = position.to_bits();
    let payload = (bits >> 29) as u32 & 0x007F_FFFF;
    let quiet = if payload == 0 { 0x0040_0000 } else { 0 };
    ((bits >> 32) as u32 & 0x8000_0000) | 0x7F80_0000 | payload | quiet
}

/// The double that equals the float with these bits; the inverse of [`narrow`], NaN payloads included.
fn widen(bits: u32) -> f64 {
    let float = f32::from_bits(bits);
    if !float.is_nan() {
        return f64::from(float);
    }
    let sign = u64::from(bits & 0x8000_0000) << 32;
    f64::from_bits(sign | 0x7FF0_0000_0000_0000 | u64::from(bits & 0x007F_FFFF) << 29)
}
