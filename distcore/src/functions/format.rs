//! What the positions of a result are rounded to.

/// The floating-point format that the positions of a result are rounded to.
///
/// Positions are always stored as `f64`; those of a `float` program are `f64` values that `f32` represents exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// IEEE 754 binary64 (`double`).
    #[default]
    F64,
    /// IEEE 754 binary32 (`float`).
    F32,
}

impl Format {
    /// Rounds `position` to the format: to nearest, ties to even. Overflow gives an infinity.
    #[inline]
    #[must_use]
    pub fn round(self, position: f64) -> f64 {
        match self {
            Format::F64 => position,
            Format::F32 => f64::from(position as f32),
        }
    }
}

/// The direction in which a value is rounded to an integer (the five modes of IEEE 754 and of RISC-V).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Rounding {
    /// To nearest, ties to even (`rint`, `nearbyint`, `roundeven`).
    #[default]
    NearestEven,
    /// Toward zero (`trunc`, a C cast).
    TowardZero,
    /// Toward negative infinity (`floor`).
    Down,
    /// Toward positive infinity (`ceil`).
    Up,
    /// To nearest, ties away from zero (`round`).
    NearestAway,
}

impl Rounding {
    /// Rounds `x` to an integral value of the same type; NaN and infinities pass unchanged.
    #[inline]
    #[must_use]
    pub fn round(self, x: f64) -> f64 {
        match self {
            Rounding::NearestEven => libm::roundeven(x),
            Rounding::TowardZero => libm::trunc(x),
            Rounding::Down => libm::floor(x),
            Rounding::Up => libm::ceil(x),
            Rounding::NearestAway => libm::round(x),
        }
    }
}

/// An integer type of 8 to 64 bits, the range that integer results wrap around in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the names of the variants are those of Rust's own integer types"
)]
pub enum IntegerType {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
}

impl IntegerType {
    /// The width: 8, 16, 32 or 64.
    #[inline]
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            IntegerType::I8 | IntegerType::U8 => 8,
            IntegerType::I16 | IntegerType::U16 => 16,
            IntegerType::I32 | IntegerType::U32 => 32,
            IntegerType::I64 | IntegerType::U64 => 64,
        }
    }

    /// Whether the type has negative values.
    #[inline]
    #[must_use]
    pub fn is_signed(self) -> bool {
        matches!(
            self,
            IntegerType::I8 | IntegerType::I16 | IntegerType::I32 | IntegerType::I64
        )
    }

    /// The smallest value.
    #[inline]
    #[must_use]
    pub fn min(self) -> i128 {
        if self.is_signed() { -(1 << (self.bits() - 1)) } else { 0 }
    }

    /// The largest value.
    #[inline]
    #[must_use]
    pub fn max(self) -> i128 {
        if self.is_signed() {
            (1 << (self.bits() - 1)) - 1
        } else {
            (1 << self.bits()) - 1
        }
    }

    /// The value of this type that equals `value` modulo 2^bits (two's complement wrap-around).
    #[inline]
    #[must_use]
    pub fn wrap(self, value: i128) -> i128 {
        let unused = 128 - self.bits();
        if self.is_signed() {
            (value << unused) >> unused
        } else {
            ((value as u128) << unused >> unused) as i128
        }
    }

    /// Converts a double as RISC-V's `fcvt` does (F extension, table "Domains of float-to-integer conversions"):
    /// values out of range saturate, NaN gives the largest value.
    #[inline]
    #[must_use]
    pub fn from_f64(self, x: f64, rounding: Rounding) -> i128 {
        if x.is_nan() {
            return self.max();
        }
        // `as` saturates, and every double below 2^64 in magnitude is exact in i128 once it is integral.
        (rounding.round(x) as i128).clamp(self.min(), self.max())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_follows_rusts_own_casts() {
        for value in [
            0i128,
            1,
            -1,
            127,
            128,
            255,
            256,
            -129,
            i128::from(i64::MAX),
            i128::from(u64::MAX),
            1 << 70,
        ] {
            assert_eq!(IntegerType::I8.wrap(value), i128::from(value as i8));
            assert_eq!(IntegerType::U16.wrap(value), i128::from(value as u16));
            assert_eq!(IntegerType::I32.wrap(value), i128::from(value as i32));
            assert_eq!(IntegerType::I64.wrap(value), i128::from(value as i64));
            assert_eq!(IntegerType::U64.wrap(value), i128::from(value as u64));
        }
    }

    #[test]
    fn conversion_saturates_and_rounds() {
        assert_eq!(IntegerType::I32.from_f64(2.5, Rounding::NearestEven), 2);
        assert_eq!(IntegerType::I32.from_f64(2.5, Rounding::NearestAway), 3);
        assert_eq!(IntegerType::I32.from_f64(-2.5, Rounding::TowardZero), -2);
        assert_eq!(IntegerType::I32.from_f64(-2.5, Rounding::Down), -3);
        assert_eq!(IntegerType::I32.from_f64(-2.5, Rounding::Up), -2);
        assert_eq!(IntegerType::U32.from_f64(-1.0, Rounding::Down), 0);
        assert_eq!(
            IntegerType::U64.from_f64(f64::INFINITY, Rounding::Down),
            i128::from(u64::MAX)
        );
        assert_eq!(
            IntegerType::I64.from_f64(f64::NAN, Rounding::Down),
            i128::from(i64::MAX)
        );
    }
}
