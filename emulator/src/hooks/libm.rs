//! libm: a function of an uncertain argument is one operation on its distribution.
//!
//! The code of such a function takes the bits of its argument apart; following it instruction by instruction would mean nothing.
//! So the distribution of the result is computed when the function starts, the arguments become certain, the guest's own code
//! computes the particle from the particles, bit for bit as on an ordinary processor, and the distribution is attached when
//! it returns. A wrapper that calls another hooked function (glibc's `acos` calls `__ieee754_acos`) passes certain arguments.

use std::borrow::Cow;
use std::sync::Arc;

use distcore::{BinaryFn, Format, FusedFn, IntegerFn, IntegerType, Rounding, UnaryFn};

use super::printf::double_from_binary128;
use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::Machine;
use crate::shadow::{Integer, Number, Shadow, Uncertain};
use crate::trap::Trap;

/// A hooked function: what it computes, and in which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LibmFunction {
    shape: Shape,
    format: Format,
}

/// Where arguments and results of a function are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `fa0` -> `fa0`
    Unary(UnaryFn),
    /// `fa0` -> `a0`
    ToInteger(UnaryFn),
    /// `fa0`, `fa1` -> `fa0`
    Binary(BinaryFn),
    /// `fa0`, integer `a0` -> `fa0`
    NumberAndInteger(BinaryFn),
    /// integer `a0`, `fa0` -> `fa0`
    IntegerAndNumber(BinaryFn),
    /// `fa0`, `fa1`, `fa2` -> `fa0`
    Fused,
    /// `fa0` -> `*a0`, `*a1`
    SinCos,
    /// `fa0` -> `fa0`, number `*a0`
    Modf,
    /// `fa0` -> `fa0`, int `*a0`
    Frexp,
    /// `fa0`, `fa1` -> `fa0`, int `*a0`
    Remquo,
    /// `fa0`, binary128 `a0` and `a1` -> `fa0`
    Nexttoward,
    /// `fa0`, `fa1` -> `fa0`, `fa1`: real and imaginary part
    ComplexLog,
}

/// Functions that are called by other names than `sdk::LIBM` and an `f` behind.
///
/// glibc's complex logarithm works with the rounding errors of products, which mean nothing as distributions. libgcc's `__powidf2` is
/// a power with an integer exponent: Fortran's `x**n`.
const OTHER_NAMES: &[(&str, Shape, Format)] = &[
    ("lgamma_r", Shape::Unary(UnaryFn::Lgamma), Format::F64),
    ("lgammaf_r", Shape::Unary(UnaryFn::Lgamma), Format::F32),
    ("clog", Shape::ComplexLog, Format::F64),
    ("clogf", Shape::ComplexLog, Format::F32),
    ("__powidf2", Shape::NumberAndInteger(BinaryFn::Pow), Format::F64),
    ("__powisf2", Shape::NumberAndInteger(BinaryFn::Pow), Format::F32),
];

impl LibmFunction {
    /// All functions, by name.
    pub(crate) fn all() -> impl Iterator<Item = (Cow<'static, str>, LibmFunction)> {
        let doubles = sdk::LIBM.iter().map(|&name| Cow::Borrowed(name));
        let floats = sdk::LIBM.iter().map(|name| Cow::Owned(format!("{name}f")));
        OTHER_NAMES
            .iter()
            .map(|&(name, ..)| Cow::Borrowed(name))
            .chain(doubles)
            .chain(floats)
            .filter_map(|name| LibmFunction::named(&name).map(|function| (name, function)))
    }

    /// The function of this name, if it is one of `sdk::LIBM` or its `float` twin, or has a name of its own.
    pub(crate) fn named(name: &str) -> Option<LibmFunction> {
        if let Some(&(_, shape, format)) = OTHER_NAMES.iter().find(|(known, ..)| *known == name) {
            return Some(LibmFunction { shape, format });
        }
        let (stem, format) = if sdk::LIBM.contains(&name) {
            (name, Format::F64)
        } else {
            (
                name.strip_suffix('f').filter(|stem| sdk::LIBM.contains(stem))?,
                Format::F32,
            )
        };
        let to_long = |rounding| Shape::ToInteger(UnaryFn::ToInteger(IntegerType::I64, rounding));
        let shape = match stem {
            "sincos" => Shape::SinCos,
            "modf" => Shape::Modf,
            "frexp" => Shape::Frexp,
            "fma" => Shape::Fused,
            "nexttoward" => Shape::Nexttoward,
            "remquo" => Shape::Remquo,
            "ilogb" => Shape::ToInteger(UnaryFn::Ilogb),
            "lrint" | "llrint" => to_long(Rounding::NearestEven),
            "lround" | "llround" => to_long(Rounding::NearestAway),
            "ldexp" | "scalbn" | "scalbln" => Shape::NumberAndInteger(BinaryFn::Ldexp),
            "jn" => Shape::IntegerAndNumber(BinaryFn::Jn),
            "yn" => Shape::IntegerAndNumber(BinaryFn::Yn),
            _ => UnaryFn::from_name(stem)
                .map(Shape::Unary)
                .or_else(|| BinaryFn::from_name(stem).map(Shape::Binary))?,
        };
        Some(LibmFunction { shape, format })
    }

    /// How many of `fa0`, `fa1`, `fa2` are arguments.
    fn numbers(self) -> usize {
        match self.shape {
            Shape::Binary(_) | Shape::Remquo | Shape::ComplexLog => 2,
            Shape::Fused => 3,
            _ => 1,
        }
    }
}

impl Machine {
    /// A function of libm starts.
    pub(super) fn enter_libm(&mut self, function: LibmFunction) -> Result<(), Trap> {
        let Some(shadow) = &mut self.shadow else { return Ok(()) };
        let format = function.format;
        let numbers: Vec<Number> = (0..function.numbers())
            .map(|i| shadow.operand((reg::FA0 + i) as u8, &self.hart, format))
            .collect();
        if numbers.iter().all(|number| number.uncertain.is_none()) {
            return Ok(());
        }
        shadow.count_operation();
        let integer = Number::certain(f64::from(self.hart.x[reg::A0] as i32));
        let mut binary = |function, x, y| {
            let result = shadow.algebra().binary(function, x, y, format);
            vec![Attachment::Number(shadow.hold(result), format)]
        };
        let attachments = match (function.shape, &numbers[..]) {
            (Shape::Binary(function), [x, y]) => binary(function, x, y),
            (Shape::NumberAndInteger(function), [x]) => binary(function, x, &integer),
            (Shape::IntegerAndNumber(function), [x]) => binary(function, &integer, x),
            (Shape::Nexttoward, [x]) => {
                let toward = double_from_binary128([self.hart.x[reg::A0], self.hart.x[reg::A0 + 1]]);
                binary(BinaryFn::Nextafter, x, &Number::certain(toward))
            }
            (Shape::Remquo, [x, y]) => {
                let mut results = binary(BinaryFn::Remainder, x, y);
                results.push(Attachment::IntegerAt(
                    self.hart.x[reg::A0],
                    quotient(shadow, x, y, format),
                ));
                results
            }
            (Shape::ComplexLog, [x, y]) => {
                // A float's logarithm is rounded once.
                let magnitude = shadow.algebra().binary(BinaryFn::Hypot, x, y, Format::F64);
                let logarithm = shadow.algebra().unary(UnaryFn::Log, &magnitude, format);
                let angle = shadow.algebra().binary(BinaryFn::Atan2, y, x, format);
                vec![
                    Attachment::Number(shadow.hold(logarithm), format),
                    Attachment::Imaginary(shadow.hold(angle), format),
                ]
            }
            (Shape::Fused, [a, b, c]) => {
                let result = shadow.algebra().fused(FusedFn::MultiplyAdd, [a, b, c], format);
                vec![Attachment::Number(shadow.hold(result), format)]
            }
            (shape, [Number { uncertain: Some(x), .. }]) => {
                let pointers = [reg::A0, reg::A1].map(|register| self.hart.x[register]);
                of_one_number(shadow, shape, x, format, pointers)
            }
            // `numbers` is as long as the shape says, and one of them is uncertain.
            _ => Vec::new(),
        };
        for i in 0..function.numbers() {
            shadow.clear_f(reg::FA0 + i);
        }
        self.call_back(attachments);
        Ok(())
    }
}

/// The quotient of `remquo`: rounded to the nearest integer, and of that the three lowest bits with its sign (as in glibc).
fn quotient(shadow: &mut Shadow, x: &Number, y: &Number, format: Format) -> Arc<Uncertain> {
    let whole = UnaryFn::ToInteger(IntegerType::I32, Rounding::NearestEven);
    let algebra = shadow.algebra();
    let quotient = algebra.binary(BinaryFn::Div, x, y, format);
    let [quotient, eight] = [
        Integer {
            particle: whole.evaluate(x.particle / y.particle, Format::F64) as i64,
            uncertain: Some(algebra.unary(whole, &quotient, Format::F64)),
        },
        Integer {
            particle: 8,
            uncertain: None,
        },
    ];
    let bits = algebra.integer(IntegerFn::Rem, IntegerType::I32, &quotient, &eight);
    shadow.hold(bits)
}

/// The results of a function of one number; `pointers` are `a0` and `a1`.
fn of_one_number(
    shadow: &mut Shadow,
    shape: Shape,
    x: &Uncertain,
    format: Format,
    pointers: [u64; 2],
) -> Vec<Attachment> {
    let mut unary = |function, format| {
        let result = shadow.algebra().unary(function, x, format);
        shadow.hold(result)
    };
    match shape {
        Shape::Unary(function) => vec![Attachment::Number(unary(function, format), format)],
        Shape::ToInteger(function) => vec![Attachment::Integer(unary(function, Format::F64))],
        Shape::SinCos => vec![
            Attachment::NumberAt(pointers[0], unary(UnaryFn::Sin, format), format),
            Attachment::NumberAt(pointers[1], unary(UnaryFn::Cos, format), format),
        ],
        Shape::Modf => vec![
            Attachment::Number(unary(UnaryFn::ModfFraction, format), format),
            Attachment::NumberAt(pointers[0], unary(UnaryFn::ModfInteger, format), format),
        ],
        Shape::Frexp => vec![
            Attachment::Number(unary(UnaryFn::FrexpSignificand, format), format),
            Attachment::IntegerAt(pointers[0], unary(UnaryFn::FrexpExponent, Format::F64)),
        ],
        // These have two numbers, or an integer beside the number.
        Shape::Binary(_)
        | Shape::NumberAndInteger(_)
        | Shape::IntegerAndNumber(_)
        | Shape::Fused
        | Shape::Remquo
        | Shape::Nexttoward
        | Shape::ComplexLog => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_sdk_is_a_function() {
        for name in sdk::LIBM {
            assert_eq!(LibmFunction::named(name).map(|f| f.format), Some(Format::F64), "{name}");
            assert_eq!(
                LibmFunction::named(&format!("{name}f")).map(|f| f.format),
                Some(Format::F32),
                "{name}f"
            );
        }
    }
}
