//! The special functions that the partial means need and `libm` lacks.

/// Euler's constant γ.
pub(super) const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// Terms after which any of the series and fractions here, in the ranges where they are used, has long converged.
const MAX_TERMS: u32 = 2000;

/// E₁(t) = ∫ e⁻ˢ/s ds over (t, ∞), for t >= 1: Abramowitz and Stegun 5.1.22 as the even contraction, evaluated by the
/// modified Lentz method.
pub(super) fn exponential_integral(t: f64) -> f64 {
    libm::exp(-t) * gamma_fraction(0.0, t)
}

/// Ein(t) = ∫ (1 - e⁻ˢ)/s ds over (0, t) = Σ (-1)ⁿ⁺¹ tⁿ / (n n!), for 0 <= t <= 1.
pub(super) fn entire_exponential_integral(t: f64) -> f64 {
    let (mut sum, mut term) = (t, t);
    for n in 2..MAX_TERMS {
        let n = f64::from(n);
        term *= -t / n;
        let next = sum + term / n;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// γ(a, t) / tᵃ⁻¹, the lower incomplete gamma function without its power, for t up to about a + 1:
/// t e⁻ᵗ Σ tⁿ / (a (a + 1) … (a + n)) (Abramowitz and Stegun 6.5.29). All terms are positive.
pub(super) fn incomplete_gamma_below(a: f64, t: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for n in 1..MAX_TERMS {
        term *= t / (a + f64::from(n));
        let next = sum + term;
        if next == sum {
            break;
        }
        sum = next;
    }
    t * libm::exp(-t) * sum
}

/// Γ(a, t) / tᵃ⁻¹, the upper incomplete gamma function without its power, for t of about a + 1 and more (Abramowitz and
/// Stegun 6.5.31). Zero where e⁻ᵗ is.
pub(super) fn incomplete_gamma_above(a: f64, t: f64) -> f64 {
    let e = libm::exp(-t);
    if e == 0.0 { 0.0 } else { t * e * gamma_fraction(a, t) }
}

/// Γ(a, t) eᵗ t⁻ᵃ = 1/(t + 1 - a - 1(1 - a)/(t + 3 - a - 2(2 - a)/(t + 5 - a - …))), by the modified Lentz method
/// (Thompson and Barnett, J. Comput. Phys. 64, 1986).
fn gamma_fraction(a: f64, t: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = t + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / if b == 0.0 { TINY } else { b };
    let mut fraction = d;
    for n in 1..MAX_TERMS {
        let n = f64::from(n);
        let numerator = -n * (n - a);
        b += 2.0;
        d = numerator * d + b;
        d = 1.0 / if d == 0.0 { TINY } else { d };
        c = b + numerator / c;
        c = if c == 0.0 { TINY } else { c };
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}
