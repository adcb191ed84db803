//! Functions of one operand.

use super::{Format, IntegerType, Rounding, each, lanes, lookup};

/// A function of one real operand. Applied to a distribution it maps the positions; masses and order stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "variants carry the name of the C library's function")]
pub enum UnaryFn {
    /// `-x`
    Neg,
    /// `|x|` (`fabs`)
    Abs,
    Sqrt,
    Cbrt,
    /// `1 / x`
    Reciprocal,
    Exp,
    Exp2,
    Exp10,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Erf,
    Erfc,
    /// The logarithm of |Γ(x)|.
    Lgamma,
    /// Γ(x)
    Tgamma,
    J0,
    J1,
    Y0,
    Y1,
    /// The binary exponent as a floating value.
    Logb,
    /// The binary exponent as an integer: 1 - 2^31 for 0, 2^31 - 1 for infinities and NaN (the values of glibc on RISC-V).
    Ilogb,
    /// The first result of `frexp`: the significand in [1/2, 1).
    FrexpSignificand,
    /// The second result of `frexp`: the exponent, an integer; 0 for 0, infinities and NaN.
    FrexpExponent,
    /// The first result of `modf`: the fractional part, with the sign of x.
    ModfFraction,
    /// The second result of `modf`: the integral part.
    ModfInteger,
    /// Rounds to an integral value (`floor`, `ceil`, `trunc`, `round`, `rint`, `nearbyint`, `roundeven`).
    Round(Rounding),
    /// Converts to an integer: saturating, NaN to the largest value, as RISC-V's `fcvt` (and so `lrint`, `llround`).
    ToInteger(IntegerType, Rounding),
    /// Reads the positions, which are integers, as values of this type: wraps them around modulo 2^bits.
    Wrap(IntegerType),
    /// The class of a number of this format, as the bit that RISC-V's `fclass` sets: 1 for -Inf, then negative normal, negative
    /// subnormal, -0, 0, subnormal, normal, and 128 for +Inf; 512 for NaN.
    Class(Format),
    /// Rounds to the result's format: `float` to `double` and back, integers to floating point.
    Convert,
}

/// Names in the C library, without the `f` of the float functions.
const NAMES: &[(&str, UnaryFn)] = {
    use IntegerType::I64;
    use UnaryFn::*;
    &[
        ("acos", Acos),
        ("acosh", Acosh),
        ("asin", Asin),
        ("asinh", Asinh),
        ("atan", Atan),
        ("atanh", Atanh),
        ("cbrt", Cbrt),
        ("ceil", Round(Rounding::Up)),
        ("cos", Cos),
        ("cosh", Cosh),
        ("erf", Erf),
        ("erfc", Erfc),
        ("exp", Exp),
        ("exp10", Exp10),
        ("exp2", Exp2),
        ("expm1", Expm1),
        ("fabs", Abs),
        ("floor", Round(Rounding::Down)),
        ("ilogb", Ilogb),
        ("j0", J0),
        ("j1", J1),
        ("lgamma", Lgamma),
        ("llrint", ToInteger(I64, Rounding::NearestEven)),
        ("llround", ToInteger(I64, Rounding::NearestAway)),
        ("log", Log),
        ("log10", Log10),
        ("log1p", Log1p),
        ("log2", Log2),
        ("logb", Logb),
        ("lrint", ToInteger(I64, Rounding::NearestEven)),
        ("lround", ToInteger(I64, Rounding::NearestAway)),
        ("nearbyint", Round(Rounding::NearestEven)),
        ("pow10", Exp10),
        ("rint", Round(Rounding::NearestEven)),
        ("round", Round(Rounding::NearestAway)),
        ("roundeven", Round(Rounding::NearestEven)),
        ("sin", Sin),
        ("sinh", Sinh),
        ("sqrt", Sqrt),
        ("tan", Tan),
        ("tanh", Tanh),
        ("tgamma", Tgamma),
        ("trunc", Round(Rounding::TowardZero)),
        ("y0", Y0),
        ("y1", Y1),
    ]
};

impl UnaryFn {
    /// The function that the C library calls `name`; a trailing `f` (the float twin) is accepted.
    ///
    /// Functions with results behind pointers (`frexp`, `modf`, `sincos`) are two functions here and have no entry.
    ///
    /// ```
    /// use distcore::{Rounding, UnaryFn};
    /// assert_eq!(UnaryFn::from_name("sinf"), Some(UnaryFn::Sin));
    /// assert_eq!(UnaryFn::from_name("erf"), Some(UnaryFn::Erf));
    /// assert_eq!(UnaryFn::from_name("floor"), Some(UnaryFn::Round(Rounding::Down)));
    /// assert_eq!(UnaryFn::from_name("qsort"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<UnaryFn> {
        lookup(NAMES, name)
    }

    /// The function's value at `x`, rounded to `format`.
    ///
    /// Integer results ([`ToInteger`](UnaryFn::ToInteger), [`Wrap`](UnaryFn::Wrap)) beyond 2^53 are rounded here;
    /// on distributions they are exact.
    #[must_use]
    pub fn evaluate(self, x: f64, format: Format) -> f64 {
        let value = match self {
            UnaryFn::Neg => -x,
            UnaryFn::Abs => x.abs(),
            UnaryFn::Sqrt => x.sqrt(),
            UnaryFn::Cbrt => libm::cbrt(x),
            UnaryFn::Reciprocal => 1.0 / x,
            UnaryFn::Exp => libm::exp(x),
            UnaryFn::Exp2 => libm::exp2(x),
            UnaryFn::Exp10 => libm::exp10(x),
            UnaryFn::Expm1 => libm::expm1(x),
            UnaryFn::Log => libm::log(x),
            UnaryFn::Log2 => libm::log2(x),
            UnaryFn::Log10 => libm::log10(x),
            UnaryFn::Log1p => libm::log1p(x),
            UnaryFn::Sin => libm::sin(x),
            UnaryFn::Cos => libm::cos(x),
            UnaryFn::Tan => libm::tan(x),
            UnaryFn::Asin => libm::asin(x),
            UnaryFn::Acos => libm::acos(x),
            UnaryFn::Atan => libm::atan(x),
            UnaryFn::Sinh => libm::sinh(x),
            UnaryFn::Cosh => libm::cosh(x),
            UnaryFn::Tanh => libm::tanh(x),
            UnaryFn::Asinh => libm::asinh(x),
            UnaryFn::Acosh => libm::acosh(x),
            UnaryFn::Atanh => libm::atanh(x),
            UnaryFn::Erf => libm::erf(x),
            UnaryFn::Erfc => libm::erfc(x),
            UnaryFn::Lgamma => libm::lgamma(x),
            UnaryFn::Tgamma => libm::tgamma(x),
            UnaryFn::J0 => libm::j0(x),
            UnaryFn::J1 => libm::j1(x),
            UnaryFn::Y0 => libm::y0(x),
            UnaryFn::Y1 => libm::y1(x),
            UnaryFn::Logb => logb(x),
            UnaryFn::Ilogb => ilogb(x),
            UnaryFn::FrexpSignificand => libm::frexp(x).0,
            UnaryFn::FrexpExponent if x.is_finite() => f64::from(libm::frexp(x).1),
            UnaryFn::FrexpExponent => 0.0,
            UnaryFn::ModfFraction => modf(x).0,
            UnaryFn::ModfInteger => modf(x).1,
            UnaryFn::Round(rounding) => rounding.round(x),
            // Integers are not floating results: the format does not apply.
            UnaryFn::ToInteger(kind, rounding) => return kind.from_f64(x, rounding) as f64,
            UnaryFn::Wrap(kind) => return kind.wrap(x as i128) as f64,
            UnaryFn::Class(format) => return class(x, format),
            UnaryFn::Convert => x,
        };
        format.round(value)
    }

    /// Replaces each number by the function's value, with the same bits as [`evaluate`](UnaryFn::evaluate).
    #[inline(always)]
    pub(crate) fn evaluate_each(self, values: &mut [f64], format: Format) {
        // Written out so that each loop is compiled for its function.
        match (self, format) {
            (UnaryFn::Neg, _) => each(values, |x| -x),
            (UnaryFn::Abs, _) => each(values, f64::abs),
            (UnaryFn::Sqrt, Format::F64) => each(values, f64::sqrt),
            (UnaryFn::Reciprocal, Format::F64) => each(values, |x| 1.0 / x),
            (UnaryFn::Convert, Format::F64) => {}
            (UnaryFn::Exp, Format::F64) => lanes::exp(values),
            (UnaryFn::Log, Format::F64) => lanes::log(values),
            _ => each(values, |x| self.evaluate(x, format)),
        }
    }
}

/// See [`UnaryFn::Class`].
fn class(x: f64, format: Format) -> f64 {
    use std::num::FpCategory::{Infinite, Nan, Normal, Subnormal, Zero};
    let category = match format {
        Format::F64 => x.classify(),
        Format::F32 => (x as f32).classify(),
    };
    let (negative, positive) = match category {
        Nan => return 512.0,
        Infinite => (1.0, 128.0),
        Normal => (2.0, 64.0),
        Subnormal => (4.0, 32.0),
        Zero => (8.0, 16.0),
    };
    if x.is_sign_negative() { negative } else { positive }
}

/// `logb` of C: the exponent of `x` as if subnormals were normalised.
fn logb(x: f64) -> f64 {
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x.is_finite() {
        f64::from(libm::ilogb(x))
    } else {
        x * x // +Inf for both infinities, NaN for NaN
    }
}

fn ilogb(x: f64) -> f64 {
    if x == 0.0 {
        f64::from(-i32::MAX)
    } else if x.is_finite() {
        f64::from(libm::ilogb(x))
    } else {
        f64::from(i32::MAX)
    }
}

/// `modf` of C: (fraction, integral part), both with the sign of `x`.
fn modf(x: f64) -> (f64, f64) {
    let integral = x.trunc();
    let fraction = if x.is_infinite() { 0.0 } else { x - integral };
    (fraction.copysign(x), integral)
}
