//! Axes: which part of the line is shown, in which unit, with which ticks.

use crate::number::{decimal_exponent, over_power_of_ten, power_of_ten};

/// From positions to what an axis shows: `(x - offset) / 10^exponent`. So everything behind it deals with numbers of
/// everyday size, whatever the size of the positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    offset: f64,
    exponent: i32,
}

/// A spread this much smaller than the position is shown relative to an offset: labels need more than six digits otherwise.
const OFFSET_FROM: f64 = 1e-5;

impl Unit {
    /// The unit for positions from `low` to `high`.
    pub(crate) fn of(low: f64, high: f64) -> Unit {
        let largest = low.abs().max(high.abs());
        let span = high / 2.0 - low / 2.0;
        let offset = if span > 0.0 && span < OFFSET_FROM * largest {
            // The middle with as many digits as tell it from its surroundings.
            let step = decimal_exponent(span) + 2;
            let middle = f64::midpoint(low, high);
            let digits = (decimal_exponent(middle) - step).clamp(0, 17) as usize;
            format!("{middle:.digits$e}").parse().unwrap_or(middle)
        } else {
            0.0
        };
        let largest = (low - offset).abs().max((high - offset).abs());
        let magnitude = decimal_exponent(largest);
        let exponent = match magnitude {
            _ if largest == 0.0 => 0,
            -3..6 => 0,
            _ => 3 * magnitude.div_euclid(3),
        };
        Unit { offset, exponent }
    }

    /// Where a position stands on the axis.
    pub(crate) fn apply(self, x: f64) -> f64 {
        over_power_of_ten(x - self.offset, self.exponent)
    }

    /// The position that stands there.
    pub(crate) fn invert(self, x: f64) -> f64 {
        (over_power_of_ten(x, -self.exponent) + self.offset).clamp(f64::MIN, f64::MAX)
    }

    /// The power of ten that ticks are multiplied with.
    pub(crate) fn exponent(self) -> i32 {
        self.exponent
    }

    /// What is to be done to a tick to get a position, for the end of the axis; empty if nothing.
    pub(crate) fn note(self) -> String {
        let mut note = String::new();
        if self.exponent != 0 {
            note = format!("× {}", power_of_ten(self.exponent));
        }
        if self.offset != 0.0 {
            let sign = if self.offset < 0.0 { '−' } else { '+' };
            let magnitude = crate::number::shortest(self.offset.abs());
            note = format!("{note} {sign} {magnitude}").trim().to_owned();
        }
        note
    }
}

/// A piece of an axis with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Where ticks stand, and what is written there.
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis over exactly `low` to `high` with about `count` ticks at round numbers.
    pub(crate) fn new(low: f64, high: f64, count: usize) -> Axis {
        let step = round_step((high - low) / count.max(1) as f64);
        let decimals = decimals(step);
        let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
        let ticks = (first..=last)
            .map(|i| (i as f64 * step, i))
            .map(|(at, i)| (at, label(if i == 0 { 0.0 } else { at }, decimals)))
            .collect();
        Axis { low, high, ticks }
    }

    /// How far along the axis a position is, 0 to 1 inside it.
    pub(crate) fn share(&self, at: f64) -> f64 {
        (at - self.low) / (self.high - self.low)
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `wanted`.
fn round_step(wanted: f64) -> f64 {
    if !(wanted > 0.0 && wanted.is_finite()) {
        return 1.0;
    }
    let power = 10f64.powi(wanted.log10().floor() as i32);
    // A little slack: 0.1 + 0.2 must not step up to 0.5.
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|&step| step >= wanted * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Decimals that tell neighbouring multiples of a round step apart.
fn decimals(step: f64) -> usize {
    (-(step * (1.0 + 1e-9)).log10().floor()).max(0.0) as usize
}

/// A tick's text, with a true minus sign.
fn label(at: f64, decimals: usize) -> String {
    format!("{at:.decimals$}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        Axis::new(low, high, 6).ticks.into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(-3.3, 3.3), ["−2", "0", "2"]);
        assert_eq!(labels(-3.0, 3.0), ["−3", "−2", "−1", "0", "1", "2", "3"]);
        assert_eq!(labels(0.05, 0.07), ["0.050", "0.055", "0.060", "0.065", "0.070"]);
        assert_eq!(labels(105_000.0, 107_000.0).first().map(String::as_str), Some("105000"));
    }

    #[test]
    fn units_keep_labels_short() {
        let note = |low, high| Unit::of(low, high).note();
        assert_eq!(note(-3.0, 3.0), "");
        assert_eq!(note(105_000.0, 107_000.0), "");
        assert_eq!(note(1.2e9, 1.5e9), "× 10⁹");
        assert_eq!(note(-1e-12, 1e-12), "× 10⁻¹²");
        assert_eq!(note(1_000_000.0, 1_000_000.1), "+ 1000000");
        assert_eq!(note(-4.000_000_02, -4.000_000_01), "× 10⁻⁹ − 4");
        assert_eq!(note(-f64::MAX, f64::MAX), "× 10³⁰⁶");
        assert_eq!(note(0.0, 5e-324), "× 10⁻³²⁴");
        assert_eq!(note(0.0, 0.0), "");
    }

    #[test]
    fn the_largest_numbers_stay_finite() {
        let unit = Unit::of(-f64::MAX, f64::MAX);
        assert!(unit.apply(f64::MAX) < 1000.0);
        let unit = Unit::of(0.0, 5e-324);
        assert!((1.0..10.0).contains(&unit.apply(5e-324)));
    }
}
