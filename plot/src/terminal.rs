//! A chart in characters: each value on rows of its own, values of like size above one axis.

use distcore::Distribution;

use crate::axis::Axis;
use crate::chart::Chart;
use crate::histogram::{Histogram, Reading};
use crate::panel::{Curve, Panel};

/// How a chart is drawn in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Characters in a line, at least 20.
    pub columns: usize,
    /// Lines that the highest bar of a value takes.
    pub rows: usize,
    /// Whether to write escape sequences for colours.
    pub color: bool,
}

impl Default for TerminalOptions {
    /// 80 columns, 8 rows, no colours.
    fn default() -> Self {
        TerminalOptions {
            columns: 80,
            rows: 8,
            color: false,
        }
    }
}

/// Bars of one to eight eighths.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Indentation of everything below a name.
const INDENT: usize = 2;
/// Colours of values, of the 256 of a terminal: close to those of pictures.
const COLORS: [u8; 8] = [74, 172, 36, 170, 178, 105, 167, 73];

pub(crate) fn draw(chart: &Chart, options: &TerminalOptions) -> String {
    let width = options.columns.max(20) - 2 * INDENT;
    let rows = options.rows.clamp(1, 200);
    let mut text = String::new();
    let panels = Panel::all(chart);
    for (place, panel) in panels.iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        let axis = abscissa(panel, width);
        for (place, curve) in panel.curves.iter().enumerate() {
            if place > 0 {
                text.push('\n');
            }
            heading(&mut text, curve, options.color);
            for row in body(curve, &axis, width, rows) {
                line(&mut text, &paint(row.trim_end(), curve.index, false, options.color));
            }
            let is_last = place + 1 == panel.curves.len();
            line(&mut text, &baseline(curve, &axis, width, is_last));
        }
        line(&mut text, &tick_labels(&axis, width));
        let note = panel.unit.note();
        if !note.is_empty() {
            line(&mut text, &format!("{note:>width$}"));
        }
    }
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let mut key = Vec::new();
    if curves().any(|curve| curve.mean.is_some()) {
        key.push("▲ mean");
    }
    if curves().any(|curve| curve.particle.is_some()) {
        key.push("◆ particle");
    }
    if curves().any(|curve| column_of(curve.mean, curve, &panels, width).is_some()) {
        key.push("◈ both");
    }
    if !key.is_empty() {
        line(&mut text, &key.join("   "));
    }
    text
}

/// The column of mean and particle where both share one.
fn column_of(mean: Option<f64>, curve: &Curve, panels: &[Panel], width: usize) -> Option<usize> {
    let panel = panels
        .iter()
        .find(|panel| panel.curves.iter().any(|other| other.index == curve.index))?;
    let axis = abscissa(panel, width);
    let (mean, particle) = (column(&axis, mean?, width), column(&axis, curve.particle?, width));
    (mean == particle).then_some(mean)
}

fn line(text: &mut String, content: &str) {
    let content = content.trim_end();
    if !content.is_empty() {
        text.extend(std::iter::repeat_n(' ', INDENT));
    }
    text.push_str(content);
    text.push('\n');
}

fn paint(content: &str, index: usize, bold: bool, color: bool) -> String {
    if !color || content.is_empty() {
        return content.into();
    }
    let bold = if bold { "1;" } else { "" };
    format!("\x1b[{bold}38;5;{}m{content}\x1b[0m", COLORS[index % COLORS.len()])
}

fn heading(text: &mut String, curve: &Curve, color: bool) {
    let mut words = vec![curve.series.summary()];
    words.extend(curve.series.special());
    words.extend(curve.series.beyond(curve.beyond));
    // What a program printed may hold escape sequences.
    let name: String = curve
        .series
        .label
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    text.push_str(&format!(
        "{}  {}\n",
        paint(&name, curve.index, true, color),
        words.join(" · ")
    ));
}

/// The axis with as many ticks as their labels leave room for.
fn abscissa(panel: &Panel, width: usize) -> Axis {
    let fits = |axis: &Axis| {
        let widest = axis.ticks.iter().map(|tick| tick.1.chars().count()).max().unwrap_or(0);
        (widest + 4) * axis.ticks.len() <= width
    };
    let mut axes = (2..=9).rev().map(|count| Axis::new(panel.low, panel.high, count));
    axes.find(fits).unwrap_or_else(|| Axis::new(panel.low, panel.high, 1))
}

fn column(axis: &Axis, at: f64, width: usize) -> usize {
    ((axis.share(at) * width as f64) as usize).min(width - 1)
}

/// The rows above the axis, top first.
fn body(curve: &Curve, axis: &Axis, width: usize, rows: usize) -> Vec<String> {
    let mut canvas = vec![vec![' '; width]; rows];
    for (x, eighths) in eighths(&curve.histogram, axis.low, axis.high, width, rows)
        .into_iter()
        .enumerate()
    {
        for (row, cells) in canvas.iter_mut().rev().enumerate() {
            cells[x] = EIGHTHS[eighths.saturating_sub(8 * row).min(8)];
        }
    }
    let highest = curve.histogram.highest_atom();
    for &(at, mass) in curve
        .histogram
        .atoms
        .iter()
        .filter(|atom| (axis.low..=axis.high).contains(&atom.0))
    {
        let x = column(axis, at, width);
        let top = ((mass / highest * rows as f64).round() as usize).max(1);
        for (row, cells) in canvas.iter_mut().rev().take(top).enumerate() {
            cells[x] = if row + 1 == top { '●' } else { '│' };
        }
    }
    canvas.into_iter().map(|row| row.into_iter().collect()).collect()
}

/// The mean density over each of `width` columns, the highest being `rows` times eight; what is not nothing is at least one.
fn eighths(histogram: &Histogram, low: f64, high: f64, width: usize, rows: usize) -> Vec<usize> {
    let border = |i: usize| low + (high - low) * (i as f64 / width as f64);
    let masses: Vec<f64> = (0..width)
        .map(|i| histogram.mass_between(border(i), border(i + 1)))
        .collect();
    let highest = masses.iter().copied().fold(0.0, f64::max);
    let height = |mass: f64| match (mass / highest * (8 * rows) as f64).round() as usize {
        0 if mass > 0.0 => 1,
        height => height,
    };
    if highest > 0.0 {
        masses.into_iter().map(height).collect()
    } else {
        vec![0; width]
    }
}

fn baseline(curve: &Curve, axis: &Axis, width: usize, with_ticks: bool) -> String {
    let mut cells = vec!['─'; width];
    if with_ticks {
        for tick in &axis.ticks {
            cells[column(axis, tick.0, width)] = '┬';
        }
    }
    let mean = curve.mean.map(|at| column(axis, at, width));
    let particle = curve.particle.map(|at| column(axis, at, width));
    if let Some(x) = mean {
        cells[x] = '▲';
    }
    if let Some(x) = particle {
        cells[x] = if mean == particle { '◈' } else { '◆' };
    }
    cells.into_iter().collect()
}

fn tick_labels(axis: &Axis, width: usize) -> String {
    let mut cells = vec![' '; width];
    let mut free = 0;
    for (at, label) in &axis.ticks {
        let length = label.chars().count();
        let start = column(axis, *at, width)
            .saturating_sub(length / 2)
            .min(width.saturating_sub(length));
        if start >= free {
            for (cell, c) in cells[start..].iter_mut().zip(label.chars()) {
                *cell = c;
            }
            free = start + length + 1;
        }
    }
    cells.into_iter().collect()
}

/// The shape of a distribution in one line of `cells` characters; `None` if it has no extent.
///
/// ```
/// use distcore::{Arithmetic, Format::F64, Law, Representation};
///
/// let athens = Arithmetic::new(Representation::Athens, 64)?;
/// let value = athens.law(&Law::gauss(0.0, 1.0)?, F64);
/// assert_eq!(plot::sparkline(&value, 8).as_deref(), Some("▁▂▅██▅▂▁"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn sparkline(distribution: &Distribution, cells: usize) -> Option<String> {
    let points = distribution.merged();
    let (first, last) = (points.first()?.0, points.last()?.0);
    let width = (last - first) / cells as f64;
    if !(width > 0.0 && width.is_finite()) {
        return None;
    }
    let histogram = Histogram::new(distribution, Reading::Density, 4 * cells.max(32));
    let heights = eighths(&histogram, first, last, cells, 1);
    Some(heights.into_iter().map(|height| EIGHTHS[height.clamp(1, 8)]).collect())
}
