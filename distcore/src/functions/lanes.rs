//! `exp` and `log` for a block of numbers, with the bits of the `libm` crate, several at a time.
//!
//! Both are its own algorithm (FreeBSD's `e_exp.c` and `e_log.c`, Sun Microsystems 1993) written without branches for
//! arguments whose result is an ordinary number, so that the compiler can use vector instructions. A block with any other
//! argument goes to `libm`. No multiplication is fused with an addition: every rounding is that of the original.

/// exp of every number, in place.
#[inline(always)]
pub(crate) fn exp(values: &mut [f64]) {
    // Where the result is neither subnormal nor infinite.
    let mut are_ordinary = true;
    for x in &*values {
        are_ordinary &= x.abs() < 708.0;
    }
    // Loops, not closures: those are not compiled for the caller's instruction set.
    if are_ordinary {
        for x in values {
            *x = ordinary_exp(*x);
        }
    } else {
        for x in values {
            *x = libm::exp(*x);
        }
    }
}

/// The natural logarithm of every number, in place.
#[inline(always)]
pub(crate) fn log(values: &mut [f64]) {
    let mut are_ordinary = true;
    for x in &*values {
        are_ordinary &= f64::MIN_POSITIVE <= *x && *x <= f64::MAX;
    }
    if are_ordinary {
        for x in values {
            *x = ordinary_log(*x);
        }
    } else {
        for x in values {
            *x = libm::log(*x);
        }
    }
}

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/// 2^52 + 2^51: added to an integer below 2^51, it leaves the integer in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// exp(x) for |x| < 708.
#[inline(always)]
fn ordinary_exp(x: f64) -> f64 {
    const INVERSE_LN2: f64 = std::f64::consts::LOG2_E;
    const P: [f64; 5] = [
        0.16666666666666602,
        -0.0027777777777015593,
        6.613756321437934e-05,
        -1.6533902205465252e-06,
        4.1381367970572385e-08,
    ];
    let high = (x.to_bits() >> 32) as u32 & 0x7fff_ffff;
    let sign = 1.0_f64.copysign(x);
    // x = k ln 2 + rest
    let far = (INVERSE_LN2 * x + 0.5 * sign).trunc();
    let k = if high >= 0x3ff0_a2b2 { far } else { sign };
    let k = if high > 0x3fd6_2e42 { k } else { 0.0 };
    let hi = x - k * LN2_HIGH;
    let lo = k * LN2_LOW;
    let rest = hi - lo;
    let square = rest * rest;
    let c = rest - square * (P[0] + square * (P[1] + square * (P[2] + square * (P[3] + square * P[4]))));
    let y = 1.0 + (rest * c / (2.0 - c) - lo + hi);
    let power = f64::from_bits((k + SHIFT).to_bits().wrapping_add(1023) << 52);
    let result = y * power;
    // Up to 2^-28 the first two terms are all there is.
    if high > 0x3e30_0000 { result } else { 1.0 + x }
}

/// log(x) for x positive, normal and finite.
#[inline(always)]
fn ordinary_log(x: f64) -> f64 {
    const L: [f64; 7] = [
        0.6666666666666735,
        0.3999999999940942,
        0.2857142874366239,
        0.22222198432149784,
        0.1818357216161805,
        0.15313837699209373,
        0.14798198605116586,
    ];
    // x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)].
    let bits = x.to_bits().wrapping_add((0x3ff0_0000 - 0x3fe6_a09e) << 32);
    let k = f64::from_bits((bits >> 52) | SHIFT.to_bits()) - (SHIFT + 1023.0);
    let reduced = (bits & 0x000f_ffff_ffff_ffff).wrapping_add(0x3fe6_a09e << 32);
    let f = f64::from_bits(reduced) - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (L[1] + w * (L[3] + w * L[5]));
    let odd = z * (L[0] + w * (L[2] + w * (L[4] + w * L[6])));
    let r = odd + even;
    s * (half_square + r) + k * LN2_LOW - half_square + f + k * LN2_HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;
    use crate::athens::{Job, Kernel, Portable, with_best_kernel};

    /// A function, compiled for each instruction set.
    struct Each<'a>(&'a mut [f64], bool);

    impl Job for Each<'_> {
        type Output = ();

        #[inline(always)]
        fn run<K: Kernel>(self, _: K) {
            if self.1 { exp(self.0) } else { log(self.0) }
        }
    }

    fn assert_same(is_exp: bool, theirs: fn(f64) -> f64, arguments: &[f64]) {
        // In blocks, so that a special argument does not send all of them the slow way.
        for block in arguments.chunks(19) {
            let mut results = block.to_vec();
            with_best_kernel(Each(&mut results, is_exp));
            let mut portable = block.to_vec();
            Each(&mut portable, is_exp).run(Portable);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&results), bits(&portable), "at {block:?}");
            for (x, result) in block.iter().zip(&results) {
                let expected = theirs(*x);
                assert!(
                    result.to_bits() == expected.to_bits() || (result.is_nan() && expected.is_nan()),
                    "at {x:e}: {result:e}, not {expected:e}"
                );
            }
        }
    }

    #[test]
    fn results_are_those_of_libm_to_the_bit() {
        let mut generator = Generator::new(11);
        let specials = [
            0.0,
            -0.0,
            1.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            707.999_999,
            -707.999_999,
            709.9,
            -745.5,
            f64::MIN_POSITIVE,
            5e-324,
            f64::MAX,
            0.5 * std::f64::consts::LN_2,
            1.5 * std::f64::consts::LN_2,
            -0.5 * std::f64::consts::LN_2,
            2f64.powi(-28),
            std::f64::consts::FRAC_1_SQRT_2,
        ];
        let around = specials.iter().flat_map(|&x| {
            let near = move |ulps: i64| f64::from_bits((x.to_bits() as i64).wrapping_add(ulps) as u64);
            (-3..=3).map(near)
        });
        let mut arguments: Vec<f64> = around.collect();
        // Every exponent.
        arguments.extend((0..200_000).map(|_| f64::from_bits(generator.bits())));
        arguments.extend((0..600_000).map(|_| (generator.uniform() - 0.5) * 1500.0));
        arguments.extend((0..600_000).map(|_| (generator.uniform() - 0.5) * 4.0));
        assert_same(true, libm::exp, &arguments);
        let magnitudes: Vec<f64> = arguments.iter().map(|x| x.abs()).collect();
        assert_same(false, libm::log, &magnitudes);
        assert_same(false, libm::log, &arguments);
    }
}
