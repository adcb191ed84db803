//! The layouts of the three binary interchange formats of IEEE 754.

/// A binary interchange format: one sign bit, then the biased exponent, then the fraction.
pub trait Format: Copy + 'static {
    /// An unsigned integer as wide as the format.
    type Bits: Copy + Eq + Into<u64> + core::fmt::LowerHex + core::fmt::Debug;

    /// Bits of the whole format.
    const WIDTH: u32;
    /// Stored bits of the fraction; the precision is one more.
    const FRACTION_BITS: u32;

    /// The pattern in the low [`WIDTH`](Self::WIDTH) bits of `raw`; the others are dropped.
    fn from_raw(raw: u64) -> Self::Bits;

    /// Bits of the significand, the leading one included.
    const PRECISION: u32 = Self::FRACTION_BITS + 1;
    /// Exponent of the smallest normal number, 2^`MIN_EXPONENT`.
    const MIN_EXPONENT: i32 = 1 - Self::MAX_EXPONENT;
    /// Exponent of the largest finite number; also the bias of the stored exponent.
    const MAX_EXPONENT: i32 = (1 << (Self::WIDTH - Self::FRACTION_BITS - 2)) - 1;
    /// The sign bit.
    const SIGN: u64 = 1 << (Self::WIDTH - 1);
    /// The bits of the fraction.
    const FRACTION: u64 = (1 << Self::FRACTION_BITS) - 1;
    /// Positive infinity; also the bits of the exponent.
    const INFINITY: u64 = Self::SIGN - (1 << Self::FRACTION_BITS);
    /// The bit that is set in a quiet NaN and clear in a signalling one.
    const QUIET: u64 = 1 << (Self::FRACTION_BITS - 1);
    /// The NaN that every operation with a NaN result gives: positive, quiet, no payload.
    const CANONICAL_NAN: u64 = Self::INFINITY | Self::QUIET;

    /// [`CANONICAL_NAN`](Self::CANONICAL_NAN) in the format's own width.
    #[inline]
    fn canonical_nan() -> Self::Bits {
        Self::from_raw(Self::CANONICAL_NAN)
    }

    /// Whether `a` is a NaN of either kind.
    #[inline]
    fn is_nan(a: Self::Bits) -> bool {
        a.into() & !Self::SIGN > Self::INFINITY
    }

    /// Whether `a` is a NaN whose quiet bit is clear.
    #[inline]
    fn is_signalling(a: Self::Bits) -> bool {
        Self::is_nan(a) && a.into() & Self::QUIET == 0
    }

    /// Whether the sign bit of `a` is set.
    #[inline]
    fn is_negative(a: Self::Bits) -> bool {
        a.into() & Self::SIGN != 0
    }

    /// `a` with its sign bit flipped, whatever it is: no operation, so no flag.
    #[inline]
    fn negated(a: Self::Bits) -> Self::Bits {
        Self::from_raw(a.into() ^ Self::SIGN)
    }

    /// The sign bit of `negative` over the other bits of `magnitude`.
    #[inline]
    fn signed(negative: bool, magnitude: u64) -> Self::Bits {
        Self::from_raw(if negative { magnitude | Self::SIGN } else { magnitude })
    }
}

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident, $bits:ty, fraction $fraction:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Format for $name {
            type Bits = $bits;
            const WIDTH: u32 = <$bits>::BITS;
            const FRACTION_BITS: u32 = $fraction;

            #[inline]
            fn from_raw(raw: u64) -> $bits {
                raw as $bits
            }
        }
    )*};
}

formats! {
    /// binary16, the `.h` instructions.
    F16, u16, fraction 10;
    /// binary32, the `.s` instructions.
    F32, u32, fraction 23;
    /// binary64, the `.d` instructions.
    F64, u64, fraction 52;
}
