//! Berkeley SoftFloat 3e in its RISC-V variant, and the loop that compares with it.

use super::operands::Operands;
use emulator::float::{F16, F32, F64, Float, Rounding, flags};
use softfloat_wrapper::{self as soft, ExceptionFlags, RoundingMode};

/// A format that SoftFloat has too.
pub(crate) trait Oracle: Float {
    type Soft: soft::Float<Payload = Self::Bits> + Copy;
}

impl Oracle for F16 {
    type Soft = soft::F16;
}
impl Oracle for F32 {
    type Soft = soft::F32;
}
impl Oracle for F64 {
    type Soft = soft::F64;
}

/// Our side of one operation: operands, mode, flags; the result as 64 bits.
pub(crate) type Ours<F> = fn([<F as emulator::float::Format>::Bits; 3], Rounding, &mut u8) -> u64;
/// SoftFloat's.
pub(crate) type Theirs<F> = fn([<F as Oracle>::Soft; 3], RoundingMode) -> u64;

pub(crate) fn soft_mode(rm: Rounding) -> RoundingMode {
    match rm {
        Rounding::NearestEven => RoundingMode::TiesToEven,
        Rounding::TowardZero => RoundingMode::TowardZero,
        Rounding::Down => RoundingMode::TowardNegative,
        Rounding::Up => RoundingMode::TowardPositive,
        Rounding::NearestMaxMagnitude => RoundingMode::TiesToAway,
    }
}

/// Operand triples an operation: `SIGEMU_FLOAT_CASES`, or as many as an ordinary test run can spare.
fn cases() -> u64 {
    match std::env::var("SIGEMU_FLOAT_CASES") {
        Ok(text) => text.parse().expect("SIGEMU_FLOAT_CASES is a number"),
        Err(_) => 200_000,
    }
}

/// SoftFloat's value and flags of one operation.
fn softfloat<F: Oracle>(abc: [F::Bits; 3], rm: Rounding, before: u8, theirs: Theirs<F>) -> (u64, u8) {
    let mut fflags = ExceptionFlags::from_bits(before);
    fflags.set();
    let value = theirs(abc.map(soft::Float::from_bits), soft_mode(rm));
    fflags.get();
    (value, fflags.to_bits())
}

/// Compares an operation of one operand on every half there is, in all rounding modes.
pub(crate) fn compare_all_halves(name: &str, ours: Ours<F16>, theirs: Theirs<F16>) {
    for a in 0..=u16::MAX {
        for rm in Rounding::ALL {
            let mut fflags = 0;
            let value = ours([a; 3], rm, &mut fflags);
            assert_eq!(
                (value, fflags),
                softfloat::<F16>([a; 3], rm, 0, theirs),
                "{name} {a:#x} {rm:?}"
            );
        }
    }
}

/// Compares values and flags on many operands, in all rounding modes, with NX set, clear, and any flags set before.
pub(crate) fn compare<F: Oracle>(
    name: &str,
    draw: fn(&mut Operands<F>) -> [F::Bits; 3],
    ours: &[(&str, Ours<F>)],
    theirs: Theirs<F>,
) {
    let mut operands = Operands::<F>::new(
        name.bytes()
            .fold(0u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into())),
    );
    let cases = cases();
    let mut differences = 0u64;
    for _ in 0..cases {
        let abc = draw(&mut operands);
        let choice = operands.below(1 << 16);
        // Half of the cases in the mode of the fast path.
        let rm = Rounding::ALL[(choice as usize % 8).saturating_sub(3)];
        let before = [0, flags::NX, 0, flags::NX, (choice >> 8) as u8 & 31][choice as usize / 8 % 5];

        let expected = softfloat::<F>(abc, rm, before, theirs);
        for (layer, operation) in ours {
            let mut fflags = before;
            let value = operation(abc, rm, &mut fflags);
            if (value, fflags) != expected {
                differences += 1;
                if differences <= 10 {
                    let [a, b, c] = abc;
                    eprintln!(
                        "{name} {layer} a {a:#x} b {b:#x} c {c:#x} {rm:?} fflags {before:#x}: \
                         {value:#x} {fflags:#x}, SoftFloat {:#x} {:#x}",
                        expected.0, expected.1
                    );
                }
            }
        }
    }
    println!(
        "{name}: {cases} cases in {} layers, {differences} differences",
        ours.len()
    );
    assert_eq!(differences, 0, "{name} differs from SoftFloat");
}
