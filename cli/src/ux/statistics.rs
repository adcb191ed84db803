//! What can be said of a value in numbers.

use emulator::distcore::{Distribution, SpecialMass};

/// The probabilities whose quantiles are shown.
pub(super) const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// A standardised moment this small is none.
const ROUNDING: f64 = 1e-13;

/// Moments and quantiles. Of a value with special mass, those of the finite part; NaN where there is none.
pub(super) struct Statistics {
    pub(super) mean: f64,
    pub(super) deviation: f64,
    /// Third standardised moment; NaN without spread.
    pub(super) skewness: f64,
    /// Fourth standardised moment (3 for a Gaussian); NaN without spread.
    pub(super) kurtosis: f64,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
    /// At [`QUANTILES`].
    pub(super) quantiles: [f64; QUANTILES.len()],
    /// Shares of the whole mass.
    pub(super) special: SpecialMass,
}

impl Statistics {
    pub(super) fn of(value: &Distribution) -> Statistics {
        let special = value.special();
        let total = value.finite_mass() + special.total();
        let finite = finite_part(value);
        let of = |question: &dyn Fn(&Distribution) -> f64| finite.as_ref().map_or(f64::NAN, question);
        let (mean, deviation) = (of(&Distribution::mean), of(&Distribution::standard_deviation));
        // Standardised first, so that no power leaves the range of a number.
        let standardised = |power: i32| {
            let terms = value
                .diracs()
                .map(|(x, mass)| ((x / 2.0 - mean / 2.0) / (deviation / 2.0)).powi(power) * mass);
            let moment = terms.sum::<f64>() / value.finite_mass();
            // Rounding: terms of size 1 are summed up.
            if moment.abs() < ROUNDING { 0.0 } else { moment }
        };
        Statistics {
            mean,
            deviation,
            skewness: standardised(3),
            kurtosis: standardised(4),
            minimum: of(&Distribution::support_min),
            maximum: of(&Distribution::support_max),
            quantiles: QUANTILES.map(|p| of(&|finite: &Distribution| finite.quantile(p))),
            special: SpecialMass {
                nan: special.nan / total,
                negative_infinity: special.negative_infinity / total,
                positive_infinity: special.positive_infinity / total,
            },
        }
    }

    /// Special masses with their names.
    pub(super) fn special(&self) -> [(&'static str, f64); 3] {
        let special = self.special;
        [
            ("NaN", special.nan),
            ("-Inf", special.negative_infinity),
            ("+Inf", special.positive_infinity),
        ]
    }
}

/// The value under the condition that it is finite.
fn finite_part(value: &Distribution) -> Option<Distribution> {
    let representation = value.representation();
    Distribution::from_all_parts(
        value.positions(),
        value.masses(),
        SpecialMass::default(),
        representation,
    )
    .ok()
    .filter(|finite| finite.finite_mass() > 0.0)
}

/// A number in a table: seven digits are enough to look at; the exact ones are in the JSON.
pub(super) fn shown(x: f64) -> String {
    if x.is_nan() {
        return "-".into();
    }
    let exact = plot::number::shortest(x);
    let rounded = plot::number::significant(x, 7);
    if exact.len() <= rounded.len() { exact } else { rounded }
}
