//! Functions of two integers.

use super::IntegerType;

/// A function of two integers of one [`IntegerType`]; operands and results wrap around in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntegerFn {
    /// x + y
    Add,
    /// x - y
    Sub,
    /// The low half of x * y.
    Mul,
    /// The high half of x * y: the product divided by 2^bits, rounded down (`mulh`, `mulhu`).
    MulHigh,
    /// The high half of signed x times unsigned y (`mulhsu`).
    MulHighSignedUnsigned,
    /// x / y truncated; x / 0 has all bits set; the smallest value / -1 is itself (RISC-V manual, M extension).
    Div,
    /// The remainder with the sign of x; x rem 0 is x; the smallest value rem -1 is 0.
    Rem,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// x shifted left by y modulo the width.
    ShiftLeft,
    /// x shifted right by y modulo the width: arithmetic for signed types, logical for unsigned ones.
    ShiftRight,
    /// The smaller.
    Min,
    /// The larger.
    Max,
    /// 1 where x = y, else 0.
    Equal,
    /// 1 where x < y, else 0.
    Less,
    /// 1 where x <= y, else 0.
    LessEqual,
}

impl IntegerFn {
    /// The function's value for operands that are wrapped into `kind` first.
    ///
    /// ```
    /// use distcore::{IntegerFn, IntegerType};
    /// assert_eq!(IntegerFn::Add.evaluate(127, 1, IntegerType::I8), -128);
    /// assert_eq!(IntegerFn::Div.evaluate(5, 0, IntegerType::U32), 0xffff_ffff);
    /// assert_eq!(IntegerFn::Less.evaluate(-1, 0, IntegerType::U64), 0);
    /// ```
    #[must_use]
    pub fn evaluate(self, x: i128, y: i128, kind: IntegerType) -> i128 {
        let (x, y) = (kind.wrap(x), kind.wrap(y));
        let amount = y.rem_euclid(i128::from(kind.bits()));
        kind.wrap(match self {
            IntegerFn::Add => x + y,
            IntegerFn::Sub => x - y,
            // The product of two unsigned 64-bit values can exceed i128, but wraps to the same low half.
            IntegerFn::Mul => x.wrapping_mul(y),
            IntegerFn::MulHigh if kind.is_signed() => (x * y) >> kind.bits(),
            IntegerFn::MulHigh => ((x as u128 * y as u128) >> kind.bits()) as i128,
            IntegerFn::MulHighSignedUnsigned => {
                let unused = 128 - kind.bits();
                let signed = (x << unused) >> unused;
                let unsigned = ((y as u128) << unused >> unused) as i128;
                // |signed| <= 2^63 and unsigned < 2^64: the product fits.
                (signed * unsigned) >> kind.bits()
            }
            IntegerFn::Div if y == 0 => -1,
            IntegerFn::Div => x / y,
            IntegerFn::Rem if y == 0 => x,
            IntegerFn::Rem => x % y,
            IntegerFn::And => x & y,
            IntegerFn::Or => x | y,
            IntegerFn::Xor => x ^ y,
            IntegerFn::ShiftLeft => x << amount,
            IntegerFn::ShiftRight => x >> amount,
            IntegerFn::Min => x.min(y),
            IntegerFn::Max => x.max(y),
            IntegerFn::Equal => i128::from(x == y),
            IntegerFn::Less => i128::from(x < y),
            IntegerFn::LessEqual => i128::from(x <= y),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IntegerType::{I8, I64, U64};

    #[test]
    fn division_is_that_of_riscv() {
        // RISC-V unprivileged manual, table "Semantics for division by zero and division overflow".
        let min = i128::from(i64::MIN);
        assert_eq!(IntegerFn::Div.evaluate(7, 0, I64), -1);
        assert_eq!(IntegerFn::Div.evaluate(7, 0, U64), i128::from(u64::MAX));
        assert_eq!(IntegerFn::Rem.evaluate(7, 0, U64), 7);
        assert_eq!(IntegerFn::Div.evaluate(min, -1, I64), min);
        assert_eq!(IntegerFn::Rem.evaluate(min, -1, I64), 0);
        assert_eq!(IntegerFn::Div.evaluate(-7, 2, I64), -3);
        assert_eq!(IntegerFn::Rem.evaluate(-7, 2, I64), -1);
    }

    #[test]
    fn every_pair_of_bytes_agrees_with_rust() {
        for x in i8::MIN..=i8::MAX {
            for y in i8::MIN..=i8::MAX {
                let at = |function: IntegerFn| function.evaluate(i128::from(x), i128::from(y), I8);
                assert_eq!(at(IntegerFn::Add), i128::from(x.wrapping_add(y)));
                assert_eq!(at(IntegerFn::Sub), i128::from(x.wrapping_sub(y)));
                assert_eq!(at(IntegerFn::Mul), i128::from(x.wrapping_mul(y)));
                assert_eq!(at(IntegerFn::MulHigh), i128::from((i16::from(x) * i16::from(y)) >> 8));
                assert_eq!(
                    at(IntegerFn::MulHighSignedUnsigned),
                    i128::from((i32::from(x) * i32::from(y as u8)) >> 8)
                );
                assert_eq!(
                    at(IntegerFn::Div),
                    i128::from(if y == 0 { -1 } else { x.wrapping_div(y) })
                );
                assert_eq!(
                    at(IntegerFn::Rem),
                    i128::from(if y == 0 { x } else { x.wrapping_rem(y) })
                );
                assert_eq!(at(IntegerFn::ShiftLeft), i128::from(x.wrapping_shl(y as u32)));
                assert_eq!(at(IntegerFn::ShiftRight), i128::from(x.wrapping_shr(y as u32)));
                assert_eq!(at(IntegerFn::Xor), i128::from(x ^ y));
                assert_eq!(at(IntegerFn::Less), i128::from(x < y));
            }
        }
    }

    #[test]
    fn high_halves_of_64_bits() {
        let (x, y) = (0xdead_beef_0123_4567_u64, 0xfeed_face_89ab_cdef_u64);
        let at = |function: IntegerFn, kind| function.evaluate(i128::from(x), i128::from(y), kind);
        assert_eq!(
            at(IntegerFn::MulHigh, U64),
            ((u128::from(x) * u128::from(y)) >> 64) as i128
        );
        assert_eq!(
            at(IntegerFn::MulHigh, I64),
            (i128::from(x as i64) * i128::from(y as i64)) >> 64
        );
        assert_eq!(
            at(IntegerFn::MulHighSignedUnsigned, I64),
            (i128::from(x as i64) * i128::from(y)) >> 64
        );
        assert_eq!(at(IntegerFn::Mul, U64), i128::from(x.wrapping_mul(y)));
    }
}
