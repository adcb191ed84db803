//! Operands that an error in rounding, flags or fast-path bounds would show on.

use emulator::float::{Float, Rounding};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;
use std::marker::PhantomData;

/// A reproducible stream of operands of one format.
pub(crate) struct Operands<F> {
    random: SplitMix64,
    format: PhantomData<F>,
}

impl<F: Float> Operands<F> {
    pub(crate) fn new(seed: u64) -> Self {
        Operands {
            random: SplitMix64::seed_from_u64(seed),
            format: PhantomData,
        }
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.random.next_u64()) * u128::from(limit)) >> 64) as u64
    }

    pub(crate) fn raw(&mut self) -> u64 {
        self.random.next_u64()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn around(&mut self, centre: i32, spread: i32) -> i32 {
        centre - spread + self.below(2 * spread as u64 + 1) as i32
    }

    /// A fraction: random, or few ones at the top, or a run of ones, or the neighbours of such.
    fn fraction(&mut self) -> u64 {
        let bits = u64::from(F::FRACTION_BITS);
        let shift = self.below(bits + 1);
        let fraction = match self.below(6) {
            0 | 1 => self.raw(),
            2 => self.raw() >> shift << shift, // trailing zeros: exact sums, products and quotients
            3 => F::FRACTION >> shift << shift,
            4 => F::FRACTION >> shift,
            _ => 1 << shift,
        };
        fraction.wrapping_add(self.below(5)).wrapping_sub(2) & F::FRACTION
    }

    /// An exponent: anywhere, near 1, or near a place where something changes.
    fn exponent(&mut self) -> i32 {
        let precision = F::PRECISION as i32;
        let places = [
            0,
            precision,
            31,
            63,
            F::MIN_EXPONENT,
            F::MIN_EXPONENT + precision,
            F::MIN_EXPONENT + 2 * precision,
            F::MIN_EXPONENT / 2,
            F::MAX_EXPONENT,
            F::MAX_EXPONENT / 2,
            -960, // a bound of the fast path of binary64
        ];
        match self.below(4) {
            0 => self.around(0, F::MAX_EXPONENT),
            1 => self.around(0, precision + 8),
            _ => {
                let place = self.pick(&places);
                self.around(place, 3)
            }
        }
    }

    /// The number ± 1.`fraction` · 2^`exponent`; beyond the limits a subnormal or the largest.
    fn build(&mut self, exponent: i32, fraction: u64) -> F::Bits {
        let stored = exponent - F::MIN_EXPONENT + 1;
        let negative = self.below(2) == 1;
        if stored <= 0 {
            let subnormal = (fraction | 1 << F::FRACTION_BITS)
                .checked_shr((1 - stored) as u32)
                .unwrap_or(0);
            return F::signed(negative, subnormal);
        }
        let stored = stored.min(2 * F::MAX_EXPONENT) as u64;
        F::signed(negative, stored << F::FRACTION_BITS | fraction)
    }

    /// Zeros, infinities, NaNs of both kinds and the numbers at the ends of the ranges.
    fn special(&mut self) -> F::Bits {
        let one = (F::MAX_EXPONENT as u64) << F::FRACTION_BITS;
        let magnitudes = [
            0,
            1,
            F::FRACTION,
            F::FRACTION + 1,
            F::FRACTION + 2,
            one,
            F::INFINITY - 1,
            F::INFINITY,
            F::INFINITY + 1,
            F::CANONICAL_NAN,
            F::CANONICAL_NAN + 1,
        ];
        let magnitude = self.pick(&magnitudes);
        F::signed(self.below(2) == 1, magnitude)
    }

    /// A neighbour of `a` at a distance of at most two units in the last place, of either sign.
    fn near(&mut self, a: F::Bits) -> F::Bits {
        let magnitude = (a.into() & !F::SIGN).wrapping_add(self.below(5)).wrapping_sub(2);
        F::signed(self.below(2) == 1, magnitude & !F::SIGN)
    }

    fn exponent_of(a: F::Bits) -> i32 {
        ((a.into() & !F::SIGN) >> F::FRACTION_BITS) as i32 + F::MIN_EXPONENT - 1
    }

    /// One operand.
    pub(crate) fn one(&mut self) -> F::Bits {
        match self.below(12) {
            0 => self.special(),
            1 => F::from_raw(self.raw()),
            2 => F::from_i64(self.raw() as i64 >> self.below(64), Rounding::TowardZero, &mut 0),
            3 => {
                // a square, or next to one
                let root = self.one();
                let square = F::mul(root, root, Rounding::NearestEven, &mut 0);
                self.near(square)
            }
            4 => {
                // an integer and a half, or next to one
                let exponent = self.around(F::FRACTION_BITS as i32 / 2, F::FRACTION_BITS as i32 / 2 + 2);
                let below_point = (F::FRACTION_BITS as i32 - exponent).clamp(0, F::FRACTION_BITS as i32);
                let half = (1u64 << below_point) >> 1;
                let fraction = (self.raw() >> below_point << below_point | half) & F::FRACTION;
                let number = self.build(exponent, fraction);
                self.near(number)
            }
            _ => {
                let (exponent, fraction) = (self.exponent(), self.fraction());
                self.build(exponent, fraction)
            }
        }
    }

    /// An integer of any length, with few ones or many, or next to such.
    pub(crate) fn integer(&mut self) -> u64 {
        let (length, low) = (self.below(64), self.below(64));
        let integer = match self.below(4) {
            0 => self.raw() >> length,
            1 => u64::MAX >> length,
            2 => self.raw() >> length >> low << low,
            _ => 1 << length | 1 << low,
        };
        let near = integer.wrapping_add(self.below(5)).wrapping_sub(2);
        if self.below(2) == 0 { near } else { near.wrapping_neg() }
    }

    /// Two operands, most of them related to each other.
    pub(crate) fn two(&mut self) -> [F::Bits; 2] {
        let a = self.one();
        let precision = F::PRECISION as i32;
        let b = match self.below(8) {
            // cancellation
            0 => self.near(a),
            // sums that lie about half a last place from a number
            1 => {
                let distance = self.around(precision, 3);
                let fraction = self.fraction();
                self.build(Self::exponent_of(a) - distance, fraction)
            }
            // products and quotients about the limits of the range
            2 | 3 => {
                let limits = [F::MIN_EXPONENT, F::MIN_EXPONENT - precision, F::MAX_EXPONENT, -960];
                let limit = self.pick(&limits);
                let limit = self.around(limit, 2);
                let fraction = self.fraction();
                let own = Self::exponent_of(a);
                let exponent = if self.below(2) == 0 { limit - own } else { own - limit };
                self.build(exponent, fraction)
            }
            // products that round up to the smallest normal number, or just do not
            4 => {
                let smallest = F::from_raw(F::FRACTION + 1 + self.below(3) - 1);
                let b = F::div(smallest, a, Rounding::NearestEven, &mut 0);
                self.near(b)
            }
            // a is about q · b, so that the quotient is exact or nearly so
            5 => {
                let (exponent, fraction) = (self.exponent(), self.fraction());
                let (q, b) = (self.build(exponent, fraction), self.one());
                let product = F::mul(q, b, Rounding::TowardZero, &mut 0);
                return [self.near(product), b];
            }
            _ => self.one(),
        };
        if self.below(2) == 0 { [a, b] } else { [b, a] }
    }

    /// Three operands of a · b + c, most of them related to each other.
    pub(crate) fn three(&mut self) -> [F::Bits; 3] {
        let [a, b] = self.two();
        let product = F::mul(a, b, Rounding::NearestEven, &mut 0);
        let precision = F::PRECISION as i32;
        let c = match self.below(6) {
            // c ≈ −a·b, so that little but the product's low half is left
            0 | 1 => self.near(product),
            // c below, across and above the product
            2 => {
                let distance = self.around(0, 2 * precision + 3);
                let fraction = self.fraction();
                self.build(Self::exponent_of(product) - distance, fraction)
            }
            // the product decides a tie of c, or c one of the product
            3 => {
                let places = [precision, precision + 1, -precision, 2 * precision];
                let distance = self.pick(&places);
                let fraction = self.pick(&[0, 0, F::FRACTION, 1]);
                let distance = self.around(distance, 1);
                self.build(Self::exponent_of(product) - distance, fraction)
            }
            // nothing but the product
            4 => F::signed(self.below(2) == 1, self.below(2)),
            _ => self.one(),
        };
        [a, b, c]
    }
}
