//! Gauss-Legendre integration, where closed forms lose their digits to cancellation.

/// The positive nodes and their weights for 16 points on (-1, 1) (Abramowitz and Stegun, table 25.4), to double
/// precision. Exact for polynomials of degree 31.
const NODES: [(f64, f64); 8] = [
    (0.09501250983763744, 0.1894506104550685),
    (0.2816035507792589, 0.18260341504492358),
    (0.45801677765722737, 0.16915651939500254),
    (0.6178762444026438, 0.14959598881657674),
    (0.755404408355003, 0.12462897125553388),
    (0.8656312023878318, 0.09515851168249279),
    (0.9445750230732326, 0.062253523938647894),
    (0.9894009349916499, 0.027152459411754096),
];

/// How far a cell may extend for 16 points to be exact to rounding: the width times the steepest slope of the logarithm
/// of the integrand.
///
/// The error term is (2h)³³ (16!)⁴ / (33 (32!)³) f⁽³²⁾ with h = half the width. For f = exp(s x) with width · s = 2 it is
/// 5e-36 of f; the laws' densities are not exponentials but within such a cell as tame (entire, or with their nearest
/// complex singularity π away, as the logistic density: 16 points then gain a factor 6.4³² over one).
pub(super) const NARROW: f64 = 2.0;

/// Integrates over (c - half, c + half), c being a centre that only the caller knows: `density` and `displacement` are
/// functions of the distance from it. Returns the mass and the mean displacement.
///
/// All terms of the mass are positive, so it is good to rounding; the mean displacement is good to rounding relative to
/// the largest displacement, that is, to the width of the cell.
pub(super) fn integrate(half: f64, density: impl Fn(f64) -> f64, displacement: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mut mass, mut moment) = (0.0, 0.0);
    for (node, weight) in NODES {
        let d = half * node;
        let (left, right) = (density(-d), density(d));
        mass += weight * (left + right);
        moment += weight * (left * displacement(-d) + right * displacement(d));
    }
    (half * mass, moment / mass)
}

/// Integrates density times square over (from, to) in panels no wider than `panel`.
pub(super) fn integrate_panels(
    (from, to): (f64, f64),
    panel: f64,
    density: impl Fn(f64) -> f64,
    square: impl Fn(f64) -> f64,
) -> f64 {
    let panels = libm::ceil((to - from) / panel).max(1.0);
    let half = 0.5 * (to - from) / panels;
    (0..panels as u64)
        .map(|i| {
            let centre = from + half * (2 * i + 1) as f64;
            let (mass, mean) = integrate(half, |d| density(centre + d), |d| square(centre + d));
            mass * mean
        })
        .sum()
}
