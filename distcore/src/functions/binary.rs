//! Functions of two operands, and the fused ones of three.

use super::{Format, each, lookup};
use crate::arithmetic::Cancel;

/// A function of two real operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "variants carry the name of the C library's function")]
pub enum BinaryFn {
    Add,
    Sub,
    Mul,
    Div,
    /// The smaller operand as RISC-V's `fmin` and IEEE 754-2019 minimumNumber: NaN only if both are, -0 below +0.
    Min,
    /// The larger operand, maximumNumber.
    Max,
    /// C's `fmin`: NaN only if both are; of two equal operands (zeros included) the first, as glibc and musl compile.
    Fmin,
    /// C's `fmax`.
    Fmax,
    /// The magnitude of the first operand with the sign of the second (`copysign`, `fsgnj`).
    Copysign,
    /// The magnitude of the first operand with the opposite of the second's sign (`fsgnjn`).
    CopysignNegated,
    /// The first operand, negated where the second is negative (`fsgnjx`).
    CopysignXor,
    /// 1 where x = y, else 0 (0 for NaN), like the other comparisons an exact integer.
    Equal,
    /// 1 where x < y, else 0.
    Less,
    /// 1 where x <= y, else 0.
    LessEqual,
    Pow,
    Hypot,
    /// atan2(y, x): the first operand is the ordinate.
    Atan2,
    Fmod,
    Remainder,
    Fdim,
    Nextafter,
    /// x * 2^n, n truncated to an integer (`ldexp`, `scalbn`, `scalbln`).
    Ldexp,
    /// `jn(n, x)`: the first operand is the order. NaN for an order that is not finite, or beyond a million with an x
    /// of more than half of it: the recurrence of the C library takes n steps.
    Jn,
    /// `yn(n, x)`, likewise.
    Yn,
}

const NAMES: &[(&str, BinaryFn)] = {
    use BinaryFn::*;
    &[
        ("atan2", Atan2),
        ("copysign", Copysign),
        ("drem", Remainder),
        ("fdim", Fdim),
        ("fmax", Fmax),
        ("fmin", Fmin),
        ("fmod", Fmod),
        ("hypot", Hypot),
        ("jn", Jn),
        ("ldexp", Ldexp),
        ("nextafter", Nextafter),
        ("pow", Pow),
        ("remainder", Remainder),
        ("scalbln", Ldexp),
        ("scalbn", Ldexp),
        ("yn", Yn),
    ]
};

impl BinaryFn {
    /// The function that the C library calls `name`; a trailing `f` (the float twin) is accepted.
    ///
    /// ```
    /// use distcore::BinaryFn;
    /// assert_eq!(BinaryFn::from_name("powf"), Some(BinaryFn::Pow));
    /// assert_eq!(BinaryFn::from_name("fmax"), Some(BinaryFn::Fmax));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<BinaryFn> {
        lookup(NAMES, name)
    }

    /// Whether swapping the operands never changes the result, signs of zeros included.
    pub(crate) fn is_commutative(self) -> bool {
        use BinaryFn::{Add, Equal, Hypot, Max, Min, Mul};
        matches!(self, Add | Mul | Min | Max | Equal | Hypot)
    }

    /// Whether results are 0 or 1.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        matches!(self, BinaryFn::Equal | BinaryFn::Less | BinaryFn::LessEqual)
    }

    /// The function's value at (`x`, `y`), rounded to `format`.
    #[inline]
    #[must_use]
    pub fn evaluate(self, x: f64, y: f64, format: Format) -> f64 {
        let value = match self {
            BinaryFn::Add => x + y,
            BinaryFn::Sub => x - y,
            BinaryFn::Mul => x * y,
            BinaryFn::Div => x / y,
            BinaryFn::Min => minimum_number(x, y),
            BinaryFn::Max => -minimum_number(-x, -y),
            BinaryFn::Fmin if x.is_nan() || y < x => y,
            BinaryFn::Fmax if x.is_nan() || y > x => y,
            BinaryFn::Fmin | BinaryFn::Fmax => x,
            BinaryFn::Copysign => x.copysign(y),
            BinaryFn::CopysignNegated => x.copysign(-y),
            BinaryFn::CopysignXor if y.is_sign_negative() => -x,
            BinaryFn::CopysignXor => x,
            BinaryFn::Equal => f64::from(x == y),
            BinaryFn::Less => f64::from(x < y),
            BinaryFn::LessEqual => f64::from(x <= y),
            BinaryFn::Pow => libm::pow(x, y),
            BinaryFn::Hypot => libm::hypot(x, y),
            BinaryFn::Atan2 => libm::atan2(x, y),
            BinaryFn::Fmod => libm::fmod(x, y),
            BinaryFn::Remainder => libm::remainder(x, y),
            BinaryFn::Fdim => libm::fdim(x, y),
            BinaryFn::Nextafter => match format {
                Format::F64 => libm::nextafter(x, y),
                Format::F32 => f64::from(libm::nextafterf(x as f32, y as f32)),
            },
            // `as` saturates, and beyond 2^31 the result is 0 or infinite anyway.
            BinaryFn::Ldexp => libm::ldexp(x, y as i32),
            BinaryFn::Jn => bessel(x, y, 0.0, libm::jn),
            BinaryFn::Yn => bessel(x, y, f64::NEG_INFINITY, libm::yn),
        };
        format.round(value)
    }

    /// Replaces each number by the function's value with a second operand of `y`; with the same bits as
    /// [`evaluate`](BinaryFn::evaluate), unless a flag is set meanwhile.
    #[inline(always)]
    pub(crate) fn evaluate_each(self, values: &mut [f64], y: f64, format: Format, cancel: Cancel) {
        // Written out so that each loop is compiled for its function.
        match (self, format) {
            (BinaryFn::Add, Format::F64) => each(values, |x| x + y),
            (BinaryFn::Sub, Format::F64) => each(values, |x| x - y),
            (BinaryFn::Mul, Format::F64) => each(values, |x| x * y),
            (BinaryFn::Div, Format::F64) => each(values, |x| x / y),
            _ => each(values, |x| cancel.unless_requested(|| self.evaluate(x, y, format))),
        }
    }

    /// The same with a first operand of `x`: each number is the second one.
    #[inline(always)]
    pub(crate) fn evaluate_each_from(self, x: f64, values: &mut [f64], format: Format, cancel: Cancel) {
        match (self, format) {
            (BinaryFn::Add, Format::F64) => each(values, |y| x + y),
            (BinaryFn::Sub, Format::F64) => each(values, |y| x - y),
            (BinaryFn::Mul, Format::F64) => each(values, |y| x * y),
            (BinaryFn::Div, Format::F64) => each(values, |y| x / y),
            _ => each(values, |y| cancel.unless_requested(|| self.evaluate(x, y, format))),
        }
    }
}

/// A Bessel function of integer order n; `limit` is its value where n is large and x much smaller.
fn bessel(n: f64, x: f64, limit: f64, function: impl Fn(i32, f64) -> f64) -> f64 {
    if n.abs() <= 1e6 {
        function(n as i32, x)
    } else if n.is_finite() && x.abs() < 0.5 * n.abs() {
        limit
    } else {
        f64::NAN
    }
}

#[inline]
fn minimum_number(x: f64, y: f64) -> f64 {
    if y.is_nan() || x < y || (x == y && x.is_sign_negative()) {
        x
    } else {
        y
    }
}

/// A fused multiply-add with its four sign combinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FusedFn {
    /// `a * b + c` (`fma`, `fmadd`)
    MultiplyAdd,
    /// `a * b - c` (`fmsub`)
    MultiplySub,
    /// `-(a * b) + c` (`fnmsub`)
    NegatedMultiplyAdd,
    /// `-(a * b) - c` (`fnmadd`)
    NegatedMultiplySub,
}

impl FusedFn {
    /// Whether the product is negated.
    #[must_use]
    pub fn negates_product(self) -> bool {
        matches!(self, FusedFn::NegatedMultiplyAdd | FusedFn::NegatedMultiplySub)
    }

    /// Whether the addend is subtracted.
    #[must_use]
    pub fn negates_addend(self) -> bool {
        matches!(self, FusedFn::MultiplySub | FusedFn::NegatedMultiplySub)
    }

    /// The function's value, rounded once to `format`.
    #[must_use]
    pub fn evaluate(self, a: f64, b: f64, c: f64, format: Format) -> f64 {
        let a = if self.negates_product() { -a } else { a };
        let c = if self.negates_addend() { -c } else { c };
        match format {
            Format::F64 => libm::fma(a, b, c),
            Format::F32 => f64::from(libm::fmaf(a as f32, b as f32, c as f32)),
        }
    }
}
