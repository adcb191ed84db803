//! libm: a function of an uncertain argument is one operation on its distribution.
//!
//! The code of such a function takes the bits of its argument apart; following it instruction by instruction would mean nothing.
//! So the distribution of the result is computed when the function starts, the arguments become certain, the guest's own code
//! computes the particle from the particles, bit for bit as on an ordinary processor, and the distribution is attached when
//! it returns. A wrapper that calls another hooked function (glibc's `acos` calls `__ieee754_acos`) passes certain arguments.

use distcore::{BinaryFn, Format, FusedFn, IntegerType, Rounding, UnaryFn};

use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::Machine;
use crate::shadow::{RegisterNumber, operand, particle};
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
}

impl LibmFunction {
    /// The function of this name, if it is one of `sdk::LIBM` or its `float` twin.
    pub(crate) fn named(name: &str) -> Option<LibmFunction> {
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
            Shape::Binary(_) => 2,
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
        let register = |i: usize| (reg::FA0 + i) as u8;
        let distributions: Vec<_> = (0..function.numbers())
            .map(|i| shadow.number(RegisterNumber::f(register(i)), format))
            .collect();
        if distributions.iter().all(Option::is_none) {
            return Ok(());
        }
        shadow.count_operation();
        let arithmetic = shadow.arithmetic();
        let operands: Vec<_> = distributions
            .iter()
            .enumerate()
            .map(|(i, distribution)| operand(distribution, particle(&self.hart, register(i), format)))
            .collect();
        let integer = f64::from(self.hart.x[reg::A0] as i32);
        let number = |result| Attachment::Number(result, format);
        // One operand: `distributions[0]` is there, because it is the only one.
        let unary = |function, format| match &distributions[0] {
            Some(x) => arithmetic.unary(function, x, format),
            None => distcore::Distribution::certain(f64::NAN),
        };
        let attachments = match function.shape {
            Shape::Unary(function) => vec![number(unary(function, format))],
            Shape::ToInteger(function) => vec![Attachment::Integer(unary(function, Format::F64))],
            Shape::Binary(function) => vec![number(arithmetic.binary(function, operands[0], operands[1], format))],
            Shape::NumberAndInteger(function) => {
                vec![number(arithmetic.binary(function, operands[0], integer, format))]
            }
            Shape::IntegerAndNumber(function) => {
                vec![number(arithmetic.binary(function, integer, operands[0], format))]
            }
            Shape::Fused => {
                let [a, b, c] = [operands[0], operands[1], operands[2]];
                vec![number(arithmetic.fused(FusedFn::MultiplyAdd, a, b, c, format))]
            }
            Shape::SinCos => vec![
                Attachment::NumberAt(self.hart.x[reg::A0], unary(UnaryFn::Sin, format), format),
                Attachment::NumberAt(self.hart.x[reg::A1], unary(UnaryFn::Cos, format), format),
            ],
            Shape::Modf => vec![
                number(unary(UnaryFn::ModfFraction, format)),
                Attachment::NumberAt(self.hart.x[reg::A0], unary(UnaryFn::ModfInteger, format), format),
            ],
            Shape::Frexp => vec![
                number(unary(UnaryFn::FrexpSignificand, format)),
                Attachment::IntegerAt(self.hart.x[reg::A0], unary(UnaryFn::FrexpExponent, Format::F64)),
            ],
        };
        for i in 0..function.numbers() {
            shadow.clear_f(reg::FA0 + i);
        }
        self.call_back(attachments);
        Ok(())
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
