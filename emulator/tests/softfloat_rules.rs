//! Floating-point rules that SoftFloat does not state: minimum and maximum, classes, Zfa, NaN boxing, sign injection. What is
//! expected is written out from the manual (Volume I, 2019 IEEE operations; chapter "Zfa") or computed another way.

use emulator::float::{
    Class, F16, F32, F64, Float, Format, Rounding, boxed, flags, load_immediate, modular_i32, unboxed,
};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

const QUIET: u64 = 0x7ff8_0000_0000_0000;
const SIGNALLING: u64 = 0x7ff0_0000_0000_0001;

/// Result and flags of an operation on clear flags.
fn with_flags<T>(operation: impl FnOnce(&mut u8) -> T) -> (T, u8) {
    let mut fflags = 0;
    let value = operation(&mut fflags);
    (value, fflags)
}

#[test]
fn minimum_and_maximum_order_zeros() {
    let (minus, plus) = ((-0.0f64).to_bits(), 0.0f64.to_bits());
    for (a, b) in [(minus, plus), (plus, minus)] {
        assert_eq!(with_flags(|f| F64::min(a, b, f)), (minus, 0));
        assert_eq!(with_flags(|f| F64::max(a, b, f)), (plus, 0));
        assert_eq!(with_flags(|f| F64::min_nan(a, b, f)), (minus, 0));
        assert_eq!(with_flags(|f| F64::max_nan(a, b, f)), (plus, 0));
    }
}

#[test]
fn minimum_and_maximum_of_nans() {
    let one = 1.0f64.to_bits();
    let payload = QUIET | 0x8000_0000_0000_0123;
    for (nan, raised) in [(QUIET, 0), (payload, 0), (SIGNALLING, flags::NV)] {
        for (a, b) in [(one, nan), (nan, one)] {
            assert_eq!(with_flags(|f| F64::min(a, b, f)), (one, raised));
            assert_eq!(with_flags(|f| F64::max(a, b, f)), (one, raised));
            assert_eq!(with_flags(|f| F64::min_nan(a, b, f)), (QUIET, raised));
            assert_eq!(with_flags(|f| F64::max_nan(a, b, f)), (QUIET, raised));
        }
        assert_eq!(with_flags(|f| F64::min(nan, payload, f)), (QUIET, raised));
        assert_eq!(with_flags(|f| F64::max(payload, nan, f)), (QUIET, raised));
    }
}

/// All pairs of a stride of half-precision numbers, ordered by their values as the host sees them in `f64`.
#[test]
fn minimum_and_maximum_of_numbers() {
    let value = |a: u16| f64::from_bits(emulator::float::convert::<F16, F64>(a, Rounding::NearestEven, &mut 0));
    let numbers: Vec<u16> = (0..=u16::MAX).step_by(61).filter(|&a| !F16::is_nan(a)).collect();
    assert!(numbers.len() > 1000);
    for &a in &numbers {
        for &b in &numbers {
            if value(a) == value(b) {
                continue; // the same pattern, or zeros, which have their own test
            }
            let (low, high) = if value(a) < value(b) { (a, b) } else { (b, a) };
            assert_eq!(with_flags(|f| F16::min(a, b, f)), (low, 0));
            assert_eq!(with_flags(|f| F16::max_nan(a, b, f)), (high, 0));
        }
    }
}

#[test]
fn classes() {
    use Class::*;
    let expected = [
        (f64::NEG_INFINITY.to_bits(), NegativeInfinity, 1 << 0),
        ((-1.5f64).to_bits(), NegativeNormal, 1 << 1),
        ((-f64::MIN_POSITIVE).to_bits(), NegativeNormal, 1 << 1),
        ((-f64::MIN_POSITIVE / 2.0).to_bits(), NegativeSubnormal, 1 << 2),
        ((-0.0f64).to_bits(), NegativeZero, 1 << 3),
        (0, PositiveZero, 1 << 4),
        (1, PositiveSubnormal, 1 << 5),
        (f64::MAX.to_bits(), PositiveNormal, 1 << 6),
        (f64::INFINITY.to_bits(), PositiveInfinity, 1 << 7),
        (SIGNALLING, SignallingNan, 1 << 8),
        (SIGNALLING | 1 << 63, SignallingNan, 1 << 8),
        (QUIET, QuietNan, 1 << 9),
        (u64::MAX, QuietNan, 1 << 9),
    ];
    for (a, class, mask) in expected {
        assert_eq!(F64::class(a), class, "{a:#x}");
        assert_eq!(F64::class(a).mask(), mask, "{a:#x}");
    }
}

/// The host classifies its floats itself.
#[test]
fn classes_of_all_floats_by_stride() {
    for a in (0..=u32::MAX).step_by(4093) {
        let x = f32::from_bits(a);
        let expected = match (x.classify(), x.is_sign_negative()) {
            (std::num::FpCategory::Nan, _) if a & 0x0040_0000 == 0 => Class::SignallingNan,
            (std::num::FpCategory::Nan, _) => Class::QuietNan,
            (std::num::FpCategory::Infinite, true) => Class::NegativeInfinity,
            (std::num::FpCategory::Infinite, false) => Class::PositiveInfinity,
            (std::num::FpCategory::Zero, true) => Class::NegativeZero,
            (std::num::FpCategory::Zero, false) => Class::PositiveZero,
            (std::num::FpCategory::Subnormal, true) => Class::NegativeSubnormal,
            (std::num::FpCategory::Subnormal, false) => Class::PositiveSubnormal,
            (std::num::FpCategory::Normal, true) => Class::NegativeNormal,
            (std::num::FpCategory::Normal, false) => Class::PositiveNormal,
        };
        assert_eq!(F32::class(a), expected, "{a:#x}");
    }
}

/// `fcvtmod.w.d` against the host's truncation and (exact) remainder.
#[test]
fn modular_conversion() {
    const TWO_32: f64 = 4_294_967_296.0;
    let mut random = SplitMix64::seed_from_u64(5);
    for _ in 0..1_000_000 {
        let bits = random.next_u64();
        // Exponents from 2^-3 to 2^90, where all that is left is zero, and now and then anywhere.
        let exponent = if bits & 15 == 0 {
            bits >> 4 & 0x7ff
        } else {
            1020 + (bits >> 4) % 94
        };
        let a = bits & (1 << 63 | ((1 << 52) - 1)) | exponent << 52;
        let x = f64::from_bits(a);
        let (expected, raised) = if x.is_finite() {
            let raised = if x.trunc() < -2_147_483_648.0 || x.trunc() > 2_147_483_647.0 {
                flags::NV
            } else if x.trunc() != x {
                flags::NX
            } else {
                0
            };
            ((x.trunc() % TWO_32) as i64 as i32, raised)
        } else {
            (0, flags::NV)
        };
        assert_eq!(with_flags(|f| modular_i32(a, f)), (expected, raised), "{x:e} {a:#x}");
    }
}

/// `froundnx` is `fround` plus inexact where the value changed; the host rounds too.
#[test]
fn round_to_integral_numbers() {
    let mut random = SplitMix64::seed_from_u64(6);
    for _ in 0..200_000 {
        let bits = random.next_u64();
        let a = bits & (1 << 63 | ((1 << 52) - 1)) | (1018 + (bits >> 53) % 62) << 52;
        let x = f64::from_bits(a);
        for (rm, expected) in [
            (Rounding::NearestEven, x.round_ties_even()),
            (Rounding::TowardZero, x.trunc()),
            (Rounding::Down, x.floor()),
            (Rounding::Up, x.ceil()),
            (Rounding::NearestMaxMagnitude, x.round()),
        ] {
            let inexact = if expected == x { 0 } else { flags::NX };
            assert_eq!(
                with_flags(|f| F64::round(a, rm, f)),
                (expected.to_bits(), 0),
                "{x:e} {rm:?}"
            );
            assert_eq!(
                with_flags(|f| F64::round_exact(a, rm, f)),
                (expected.to_bits(), inexact),
                "{x:e} {rm:?}"
            );
        }
    }
    assert_eq!(
        with_flags(|f| F64::round_exact(SIGNALLING, Rounding::Up, f)),
        (QUIET, flags::NV)
    );
}

#[test]
fn infinity_times_zero_is_invalid_whatever_the_addend() {
    let infinity = f64::INFINITY.to_bits();
    for addend in [QUIET, SIGNALLING, 0, infinity] {
        for rm in Rounding::ALL {
            assert_eq!(
                with_flags(|f| F64::fused(infinity, 0, addend, rm, f)),
                (QUIET, flags::NV)
            );
            assert_eq!(
                with_flags(|f| F64::fused(1 << 63, infinity, addend, rm, f)),
                (QUIET, flags::NV)
            );
        }
    }
}

#[test]
fn boxing() {
    assert_eq!(boxed::<F32>(0x3f80_0000), 0xffff_ffff_3f80_0000);
    assert_eq!(boxed::<F16>(0x3c00), 0xffff_ffff_ffff_3c00);
    assert_eq!(boxed::<F64>(SIGNALLING), SIGNALLING);
    assert_eq!(unboxed::<F32>(0xffff_ffff_3f80_0000), 0x3f80_0000);
    assert_eq!(unboxed::<F32>(0xffff_fffe_3f80_0000), 0x7fc0_0000);
    assert_eq!(unboxed::<F16>(0xffff_ffff_ffff_3c00), 0x3c00);
    assert_eq!(unboxed::<F16>(0xffff_ffff_3f80_3c00), 0x7e00);
    assert_eq!(unboxed::<F64>(SIGNALLING), SIGNALLING);
}

#[test]
fn sign_injection_keeps_nans() {
    let (minus, plus) = (SIGNALLING | 1 << 63, 0);
    assert_eq!(F64::sign_inject(SIGNALLING, minus), minus);
    assert_eq!(F64::sign_inject(minus, plus), SIGNALLING);
    assert_eq!(F64::sign_inject_negated(SIGNALLING, plus), minus);
    assert_eq!(F64::sign_inject_negated(SIGNALLING, minus), SIGNALLING);
    assert_eq!(F64::sign_inject_xor(minus, minus), SIGNALLING);
    assert_eq!(F64::sign_inject_xor(minus, plus), minus);
    assert_eq!(F16::sign_inject(0x3c00, 0x8000), 0xbc00);
    assert_eq!(F32::sign_inject_negated(0x3f80_0000, 0x3f80_0000), 0xbf80_0000);
}

/// Volume I, "Zfa", the table of `FLI.S` written as bit patterns; binary16 as LLVM's and OpenJDK's assemblers have it.
#[test]
fn load_immediates() {
    let singles: [u32; 32] = [
        0xbf80_0000,
        0x0080_0000,
        0x3780_0000,
        0x3800_0000,
        0x3b80_0000,
        0x3c00_0000,
        0x3d80_0000,
        0x3e00_0000,
        0x3e80_0000,
        0x3ea0_0000,
        0x3ec0_0000,
        0x3ee0_0000,
        0x3f00_0000,
        0x3f20_0000,
        0x3f40_0000,
        0x3f60_0000,
        0x3f80_0000,
        0x3fa0_0000,
        0x3fc0_0000,
        0x3fe0_0000,
        0x4000_0000,
        0x4020_0000,
        0x4040_0000,
        0x4080_0000,
        0x4100_0000,
        0x4180_0000,
        0x4300_0000,
        0x4380_0000,
        0x4700_0000,
        0x4780_0000,
        0x7f80_0000,
        0x7fc0_0000,
    ];
    let halves: [u16; 32] = [
        0xbc00, 0x0400, 0x0100, 0x0200, 0x1c00, 0x2000, 0x2c00, 0x3000, 0x3400, 0x3500, 0x3600, 0x3700, 0x3800, 0x3900,
        0x3a00, 0x3b00, 0x3c00, 0x3d00, 0x3e00, 0x3f00, 0x4000, 0x4100, 0x4200, 0x4400, 0x4800, 0x4c00, 0x5800, 0x5c00,
        0x7800, 0x7c00, 0x7c00, 0x7e00,
    ];
    for index in 0..32u8 {
        let i = usize::from(index);
        assert_eq!(load_immediate::<F32>(index), singles[i], "{index}");
        assert_eq!(load_immediate::<F16>(index), halves[i], "{index}");
        let double = match index {
            1 => f64::MIN_POSITIVE.to_bits(),
            31 => QUIET,
            _ => f64::from(f32::from_bits(singles[i])).to_bits(),
        };
        assert_eq!(load_immediate::<F64>(index), double, "{index}");
    }
}

#[test]
fn rounding_codes() {
    for (code, rm) in Rounding::ALL.into_iter().enumerate() {
        assert_eq!(rm as usize, code);
        assert_eq!(Rounding::from_code(code as u8), Some(rm));
    }
    assert!((5..=u8::MAX).all(|code| Rounding::from_code(code).is_none()));
}
