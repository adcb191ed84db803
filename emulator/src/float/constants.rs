//! The constants of `fli` (Zfa).

use super::exact::convert;
use super::format::{F64, Format};
use super::rounding::Rounding;

/// Volume I, table "Immediate values loaded by the FLI instruction"; entry 1 depends on the format.
const VALUES: [f64; 32] = [
    -1.0,
    0.0, // the smallest positive normal number
    1.0 / 65536.0,
    1.0 / 32768.0,
    1.0 / 256.0,
    1.0 / 128.0,
    0.0625,
    0.125,
    0.25,
    0.3125,
    0.375,
    0.4375,
    0.5,
    0.625,
    0.75,
    0.875,
    1.0,
    1.25,
    1.5,
    1.75,
    2.0,
    2.5,
    3.0,
    4.0,
    8.0,
    16.0,
    128.0,
    256.0,
    32768.0,
    65536.0, // beyond binary16, where it is +∞
    f64::INFINITY,
    f64::NAN,
];

/// What `fli` loads for the low five bits of `index`, its rs1 field.
pub fn load_immediate<F: Format>(index: u8) -> F::Bits {
    match index & 31 {
        1 => F::from_raw(1 << F::FRACTION_BITS),
        index => convert::<F64, F>(VALUES[usize::from(index)].to_bits(), Rounding::NearestEven, &mut 0),
    }
}
