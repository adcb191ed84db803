//! Which values share an axis, and what of it is shown.

use distcore::cells::Cell;

use crate::axis::Unit;
use crate::chart::{Chart, Layout, Series};
use crate::histogram::Histogram;

/// Some values over one axis.
pub(crate) struct Panel<'a> {
    pub(crate) unit: Unit,
    /// What is shown, in the unit.
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) curves: Vec<Curve<'a>>,
}

/// A value, ready to be drawn: everything in the panel's unit.
pub(crate) struct Curve<'a> {
    /// Its place among all values, which decides its colour.
    pub(crate) index: usize,
    pub(crate) series: &'a Series,
    pub(crate) histogram: Histogram,
    /// The mean of the finite part, if it is inside.
    pub(crate) mean: Option<f64>,
    /// The particle, if it is inside.
    pub(crate) particle: Option<f64>,
    /// The probability of what is finite and lies beyond either end.
    pub(crate) beyond: (f64, f64),
}

/// Bars with less than this share of the highest density may be left out at either end…
const FAINT: f64 = 2e-3;
/// …if the axis becomes this many times shorter.
const WORTH_CUTTING: f64 = 3.0;
/// Space beside the outermost positions, as a share of the range.
const MARGIN: f64 = 0.04;

impl<'a> Panel<'a> {
    /// The panels of a chart.
    pub(crate) fn all(chart: &'a Chart) -> Vec<Panel<'a>> {
        let mut groups: Vec<Vec<(usize, &Series)>> = Vec::new();
        for (index, series) in chart.series.iter().enumerate() {
            let joins = |group: &&mut Vec<(usize, &Series)>| match chart.layout {
                Layout::Overlay => true,
                Layout::Panels => false,
                Layout::Auto => share_an_axis(group.iter().map(|member| member.1).chain([series])),
            };
            match groups.iter_mut().find(joins) {
                Some(group) => group.push((index, series)),
                None => groups.push(vec![(index, series)]),
            }
        }
        groups.into_iter().map(|group| Panel::new(chart, &group)).collect()
    }

    fn new(chart: &Chart, group: &[(usize, &'a Series)]) -> Panel<'a> {
        let ranges = group.iter().filter_map(|(_, series)| shown(chart, series));
        let union = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let (low, high) = chart.range.or(union).unwrap_or((0.0, 0.0));
        let unit = Unit::of(low, high);
        let (mut low, mut high) = (unit.apply(low), unit.apply(high));
        if chart.range.is_none() {
            let margin = match high - low {
                0.0 if low == 0.0 => 1.0,
                0.0 => 0.1 * low.abs(),
                span => MARGIN * span,
            };
            (low, high) = (low - margin, high + margin);
        }
        let inside = |x: f64| Some(unit.apply(x)).filter(|x| (low..=high).contains(x));
        let curves = group
            .iter()
            .map(|&(index, series)| {
                let distribution = &series.distribution;
                let histogram = Histogram::scaled(distribution, chart.reading, chart.bars, |x| unit.apply(x));
                let beyond = beyond(&histogram, low, high);
                Curve {
                    index,
                    series,
                    histogram,
                    mean: inside(distribution.finite_mean()),
                    particle: series.particle.and_then(inside),
                    beyond,
                }
            })
            .collect();
        Panel {
            unit,
            low,
            high,
            curves,
        }
    }
}

/// Whether these values are of like size: one axis shows all of them well.
fn share_an_axis<'a>(series: impl Iterator<Item = &'a Series>) -> bool {
    // Halves, so that nothing overflows.
    let ranges: Vec<(f64, f64)> = series
        .filter(|series| !series.distribution.is_empty())
        .map(bulk)
        .map(|(low, high)| (low / 2.0, high / 2.0))
        .collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for range in &ranges {
        (low, high) = (low.min(range.0), high.max(range.1));
    }
    let union = high - low;
    let spans = ranges.iter().map(|range| range.1 - range.0).filter(|&span| span > 0.0);
    let (narrowest, widest) = spans.fold((f64::INFINITY, 0f64), |(low, high), span| {
        (low.min(span), high.max(span))
    });
    if widest == 0.0 {
        // Nothing has a spread.
        return union <= 4.0 * low.abs().min(high.abs());
    }
    ranges.len() < 2 || (union <= 20.0 * narrowest && union <= 4.0 * widest)
}

/// Where all but a hundredth of the finite mass lies.
fn bulk(series: &Series) -> (f64, f64) {
    let points = series.distribution.merged();
    let total: f64 = points.iter().map(|point| point.1).sum();
    let at = |share: f64| {
        let mut below = 0.0;
        let found = points.iter().find(|point| {
            below += point.1;
            below >= share * total
        });
        found.or(points.last()).map_or(0.0, |point| point.0)
    };
    (at(0.005), at(0.995))
}

/// The part of the line that shows a value, in its own positions; `None` if nothing of it is finite.
fn shown(chart: &Chart, series: &Series) -> Option<(f64, f64)> {
    let distribution = &series.distribution;
    let points = distribution.merged();
    let unit = Unit::of(points.first()?.0, points.last()?.0);
    let histogram = Histogram::scaled(distribution, chart.reading, chart.bars, |x| unit.apply(x));
    let (mut low, mut high) = histogram.range()?;
    let faint = FAINT * histogram.highest_density();
    let clear = |bar: &&Cell| bar.density() >= faint;
    let ends = (
        histogram.bars.iter().find(clear),
        histogram.bars.iter().rev().find(clear),
    );
    if let (Some(first), Some(last)) = ends {
        let positions = histogram.atoms.iter().map(|atom| atom.0);
        let (left, right) = positions.fold((first.left, last.right), |(low, high), x| (low.min(x), high.max(x)));
        if high - low > WORTH_CUTTING * (right - left) {
            (low, high) = (left, right);
        }
    }
    // A particle not too far out is shown as well.
    if let Some(particle) = series.particle.map(|x| unit.apply(x)).filter(|x| x.is_finite()) {
        let span = high - low;
        if span == 0.0 || (low - span..=high + span).contains(&particle) {
            (low, high) = (low.min(particle), high.max(particle));
        }
    }
    Some((unit.invert(low), unit.invert(high)))
}

fn beyond(histogram: &Histogram, low: f64, high: f64) -> (f64, f64) {
    let atoms = |inside: &dyn Fn(f64) -> bool| histogram.atoms.iter().filter(|a| inside(a.0)).map(|a| a.1).sum::<f64>();
    let part = |bar: &Cell, from: f64, to: f64| {
        let share = ((bar.right.min(to) - bar.left.max(from)) / (bar.right - bar.left)).clamp(0.0, 1.0);
        if share.is_nan() { 0.0 } else { bar.mass * share }
    };
    let bars = |from: f64, to: f64| histogram.bars.iter().map(|bar| part(bar, from, to)).sum::<f64>();
    (
        atoms(&|x| x < low) + bars(f64::NEG_INFINITY, low),
        atoms(&|x| x > high) + bars(high, f64::INFINITY),
    )
}
