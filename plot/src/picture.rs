//! A chart as a scene: legend, axes, bars, stems, marks.

use crate::axis::{Axis, Unit};
use crate::chart::Chart;
use crate::font::Font;
use crate::histogram::Histogram;
use crate::number::power_of_ten;
use crate::panel::{Curve, Panel};
use crate::scene::{Anchor, Ink, Scene, TEXT_SIZE, Text};

const WIDTH: f64 = 720.0;
/// Space beside the plots, for the labels of the ordinates.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
/// The same with an axis at the right.
const RIGHT_WITH_AXIS: f64 = 64.0;
/// Height of a plot: alone, and as one of several.
const TALL: f64 = 300.0;
const LOW: f64 = 150.0;
/// Space above and below everything.
const BORDER: f64 = 14.0;
const LEGEND_ROW: f64 = 21.0;
/// Space between legend and plot, with the names of the ordinates.
const ABOVE_PLOT: f64 = 26.0;
/// Space for the labels of the abscissa.
const BELOW_PLOT: f64 = 44.0;
/// Room above the highest bar.
const HEADROOM: f64 = 1.08;
const SMALL_TEXT: f64 = 12.0;

/// A chart as a scene.
pub(crate) fn draw(chart: &Chart) -> Scene {
    let panels = Panel::all(chart);
    let labels: Vec<&str> = chart.series.iter().map(|series| series.label.as_str()).collect();
    let mut scene = Scene {
        width: WIDTH,
        height: 0.0,
        title: labels.join(", "),
        marks: Vec::new(),
    };
    let fonts = Fonts {
        regular: Font::new(false),
        bold: Font::new(true),
    };
    let height = if panels.len() > 1 { LOW } else { TALL };
    let mut y = BORDER;
    for panel in &panels {
        y = legend(&mut scene, &fonts, panel, y);
        y += ABOVE_PLOT;
        plot(&mut scene, &fonts, panel, y, y + height);
        y += height + BELOW_PLOT;
    }
    key(&mut scene, &fonts, &panels, y);
    scene.height = y + BORDER;
    scene
}

struct Fonts {
    regular: Font,
    bold: Font,
}

/// The values of a panel, a row each: colour, name, mean and spread, what else there is to say. Returns where it ends.
fn legend(scene: &mut Scene, fonts: &Fonts, panel: &Panel, top: f64) -> f64 {
    const SWATCH: f64 = 11.0;
    let start = LEFT + SWATCH + 8.0;
    let names: Vec<String> = panel
        .curves
        .iter()
        .map(|curve| shortened(&curve.series.label))
        .collect();
    let widest = names
        .iter()
        .map(|name| fonts.bold.width(name, TEXT_SIZE))
        .fold(0.0, f64::max);
    let column = start + widest + 16.0;
    let mut y = top;
    for (curve, name) in panel.curves.iter().zip(names) {
        let baseline = y + 15.0;
        let ink = Ink::Series(curve.index);
        let (left, right) = (LEFT, LEFT + SWATCH);
        let square = vec![
            (left, baseline - SWATCH + 1.0),
            (right, baseline - SWATCH + 1.0),
            (right, baseline + 1.0),
            (left, baseline + 1.0),
        ];
        scene.area(square, ink, 1.0);
        scene.write(Text {
            at: (start, baseline),
            size: TEXT_SIZE,
            anchor: Anchor::Start,
            bold: true,
            ink: Ink::Text,
            content: name,
        });
        let mut words = vec![curve.series.summary()];
        words.extend(curve.series.special());
        words.extend(curve.series.beyond(curve.beyond));
        let mut line = String::new();
        let mut lines = Vec::new();
        for word in words {
            let longer = if line.is_empty() {
                word.clone()
            } else {
                format!("{line}  ·  {word}")
            };
            if !line.is_empty() && column + fonts.regular.width(&longer, TEXT_SIZE) > WIDTH - RIGHT {
                lines.push(std::mem::replace(&mut line, word));
            } else {
                line = longer;
            }
        }
        lines.push(line);
        for line in lines {
            scene.text((column, y + 15.0), Anchor::Start, Ink::Quiet, line);
            y += LEGEND_ROW;
        }
    }
    y
}

fn shortened(label: &str) -> String {
    const MOST: usize = 44;
    if label.chars().count() <= MOST {
        return label.into();
    }
    let kept: String = label.chars().take(MOST - 1).collect();
    format!("{kept}…")
}

/// Where things stand in a plot.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: Axis,
}

impl Frame {
    fn x(&self, at: f64) -> f64 {
        self.left + self.x.share(at) * (self.right - self.left)
    }

    fn y(&self, height: f64, axis: &Ordinate) -> f64 {
        self.bottom - height / axis.highest * (self.bottom - self.top)
    }
}

/// An axis for heights.
struct Ordinate {
    /// What stands at the upper end, in the units of the panel.
    highest: f64,
    /// What ticks are written in.
    unit: Unit,
    name: String,
}

impl Ordinate {
    fn new(highest: f64, name: &str, unit_of_panel: i32) -> Option<Ordinate> {
        if highest <= 0.0 {
            return None;
        }
        let unit = Unit::of(0.0, highest);
        // A density has the inverse of the unit of the abscissa.
        let exponent = unit.exponent() - unit_of_panel;
        let name = if exponent == 0 {
            name.into()
        } else {
            format!("{name} × {}", power_of_ten(exponent))
        };
        Some(Ordinate {
            highest: highest * HEADROOM,
            unit,
            name,
        })
    }

    /// Heights with their labels.
    fn ticks(&self) -> Vec<(f64, String)> {
        let axis = Axis::new(0.0, self.unit.apply(self.highest), 5);
        axis.ticks
            .into_iter()
            .map(|(at, label)| (at / axis.high * self.highest, label))
            .collect()
    }
}

fn plot(scene: &mut Scene, fonts: &Fonts, panel: &Panel, top: f64, bottom: f64) {
    let highest = |of: fn(&Histogram) -> f64| panel.curves.iter().map(|c| of(&c.histogram)).fold(0.0, f64::max);
    let density = Ordinate::new(
        highest(Histogram::highest_density),
        "probability density",
        panel.unit.exponent(),
    );
    let probability = Ordinate::new(highest(Histogram::highest_atom), "probability", 0);
    let right = if density.is_some() && probability.is_some() {
        RIGHT_WITH_AXIS
    } else {
        RIGHT
    };
    let width = WIDTH - LEFT - right;
    let mut frame = Frame {
        left: LEFT,
        right: WIDTH - right,
        top,
        bottom,
        x: abscissa(fonts, panel, width),
    };
    match (&density, &probability) {
        (Some(density), probability) => {
            ordinate(scene, &frame, density, true);
            if let Some(probability) = probability {
                ordinate(scene, &frame, probability, false);
            }
        }
        (None, Some(probability)) => ordinate(scene, &frame, probability, true),
        (None, None) => frame.x.ticks.clear(),
    }
    if let Some(density) = &density {
        let outlines: Vec<_> = panel
            .curves
            .iter()
            .map(|curve| bars(scene, &frame, curve, density, panel.curves.len()))
            .collect();
        // In front of all areas, so that none dims a line.
        for (curve, outline) in panel.curves.iter().zip(outlines) {
            scene.outline(outline, Ink::Series(curve.index), 1.5);
        }
    }
    scene.line((frame.left, bottom), (frame.right, bottom), Ink::Quiet, 1.0);
    if let Some(probability) = &probability {
        let with_stems: Vec<_> = panel
            .curves
            .iter()
            .filter(|curve| !curve.histogram.atoms.is_empty())
            .collect();
        for (place, curve) in with_stems.iter().enumerate() {
            // Stems of several values side by side.
            let shift = (place as f64 - (with_stems.len() - 1) as f64 / 2.0) * 5.0;
            stems(scene, &frame, curve, probability, shift);
        }
    }
    for curve in &panel.curves {
        marks(scene, &frame, curve, density.as_ref());
    }
    for (at, label) in &frame.x.ticks {
        let x = frame.x(*at);
        scene.line((x, bottom), (x, bottom + 5.0), Ink::Quiet, 1.0);
        scene.text((x, bottom + 20.0), Anchor::Middle, Ink::Text, label);
    }
    if density.is_none() && probability.is_none() {
        let middle = (f64::midpoint(frame.left, frame.right), f64::midpoint(top, bottom));
        scene.text(middle, Anchor::Middle, Ink::Quiet, "no finite values here");
    }
    scene.text((frame.right, bottom + 38.0), Anchor::End, Ink::Quiet, panel.unit.note());
}

/// The axis with as many ticks as their labels leave room for.
fn abscissa(fonts: &Fonts, panel: &Panel, width: f64) -> Axis {
    let fits = |axis: &Axis| {
        let widest = axis
            .ticks
            .iter()
            .map(|tick| fonts.regular.width(&tick.1, TEXT_SIZE))
            .fold(0.0, f64::max);
        (widest + 24.0) * axis.ticks.len() as f64 <= width + 24.0
    };
    let axes = (2..=9).rev().map(|count| Axis::new(panel.low, panel.high, count));
    let mut last = Axis::new(panel.low, panel.high, 1);
    for axis in axes {
        last = axis;
        if fits(&last) {
            break;
        }
    }
    last
}

fn ordinate(scene: &mut Scene, frame: &Frame, axis: &Ordinate, at_left: bool) {
    for (at, label) in axis.ticks() {
        let y = frame.y(at, axis);
        if at_left {
            if at > 0.0 {
                scene.line((frame.left, y), (frame.right, y), Ink::Grid, 0.4);
            }
            small(scene, (frame.left - 8.0, y + 4.0), Anchor::End, label);
        } else {
            scene.line((frame.right, y), (frame.right + 4.0, y), Ink::Quiet, 1.0);
            small(scene, (frame.right + 8.0, y + 4.0), Anchor::Start, label);
        }
    }
    let y = frame.top - 8.0;
    if at_left {
        small(scene, (frame.left, y), Anchor::Start, axis.name.clone());
    } else {
        small(scene, (frame.right, y), Anchor::End, axis.name.clone());
    }
}

fn small(scene: &mut Scene, at: (f64, f64), anchor: Anchor, content: String) {
    scene.write(Text {
        at,
        size: SMALL_TEXT,
        anchor,
        bold: false,
        ink: Ink::Quiet,
        content,
    });
}

/// Draws the area of the bars and gives back its outline.
fn bars(scene: &mut Scene, frame: &Frame, curve: &Curve, axis: &Ordinate, of: usize) -> Vec<(f64, f64)> {
    let ink = Ink::Series(curve.index);
    let mut outline: Vec<(f64, f64)> = Vec::new();
    let mut borders = Vec::new();
    for bar in &curve.histogram.bars {
        if bar.right <= frame.x.low || bar.left >= frame.x.high {
            continue;
        }
        let y = frame.y(bar.density(), axis);
        let (left, right) = (frame.x(bar.left.max(frame.x.low)), frame.x(bar.right.min(frame.x.high)));
        match outline.last() {
            None if bar.left > frame.x.low => outline.push((left, frame.bottom)),
            Some(&(_, before)) => borders.push((left, y.max(before))),
            None => {}
        }
        outline.extend([(left, y), (right, y)]);
    }
    let (Some(&first), Some(&last)) = (outline.first(), outline.last()) else {
        return outline;
    };
    if last.0 < frame.right - 1e-6 {
        outline.push((last.0, frame.bottom));
    }
    let mut area = outline.clone();
    area.extend([(last.0, frame.bottom), (first.0, frame.bottom)]);
    scene.area(area, ink, if of > 1 { 0.2 } else { 0.28 });
    // Where the cells are wide enough to be told apart, their borders are drawn.
    if of == 1 && (last.0 - first.0) / outline.len() as f64 > 3.0 {
        for (x, y) in borders {
            scene.line((x, frame.bottom), (x, y), ink, 0.4);
        }
    }
    outline
}

fn stems(scene: &mut Scene, frame: &Frame, curve: &Curve, axis: &Ordinate, shift: f64) {
    let ink = Ink::Series(curve.index);
    let inside: Vec<_> = curve
        .histogram
        .atoms
        .iter()
        .filter(|a| (frame.x.low..=frame.x.high).contains(&a.0))
        .collect();
    let closest = inside
        .windows(2)
        .map(|pair| frame.x(pair[1].0) - frame.x(pair[0].0))
        .fold(f64::INFINITY, f64::min);
    let width = (0.4 * closest).clamp(0.8, 3.0);
    for &&(at, mass) in &inside {
        let (x, y) = (frame.x(at) + shift, frame.y(mass, axis));
        scene.line((x, frame.bottom), (x, y), ink, width);
        let dot = (0..24).map(|i| std::f64::consts::TAU * f64::from(i) / 24.0);
        let radius = 1.0 + width;
        scene.area(
            dot.map(|angle| (x + radius * angle.cos(), y + radius * angle.sin()))
                .collect(),
            ink,
            1.0,
        );
    }
}

/// The mean as an upright line, the particle as a diamond on the axis.
fn marks(scene: &mut Scene, frame: &Frame, curve: &Curve, density: Option<&Ordinate>) {
    let ink = Ink::Series(curve.index);
    if let (Some(mean), Some(axis)) = (curve.mean, density)
        && !curve.histogram.bars.is_empty()
    {
        let bar = curve
            .histogram
            .bars
            .iter()
            .find(|bar| bar.right >= mean)
            .map_or(0.0, |bar| bar.density());
        let y = frame.y(bar, axis).min(frame.bottom - 24.0);
        scene.line((frame.x(mean), frame.bottom), (frame.x(mean), y), ink, 2.0);
    } else if let Some(mean) = curve.mean {
        scene.line(
            (frame.x(mean), frame.bottom - 7.0),
            (frame.x(mean), frame.bottom + 7.0),
            ink,
            2.0,
        );
    }
    if let Some(particle) = curve.particle {
        scene.area(diamond(frame.x(particle), frame.bottom), ink, 1.0);
    }
}

fn diamond(x: f64, y: f64) -> Vec<(f64, f64)> {
    const SIZE: f64 = 5.5;
    vec![(x - SIZE, y), (x, y - SIZE), (x + SIZE, y), (x, y + SIZE)]
}

/// What the marks mean, at the lower left.
fn key(scene: &mut Scene, fonts: &Fonts, panels: &[Panel], bottom: f64) {
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let y = bottom - 6.0;
    let mut x = LEFT;
    if curves().any(|curve| curve.mean.is_some()) {
        scene.line((x + 2.0, y - 10.0), (x + 2.0, y + 1.0), Ink::Quiet, 2.0);
        small(scene, (x + 9.0, y), Anchor::Start, "mean".into());
        x += 9.0 + fonts.regular.width("mean", SMALL_TEXT) + 16.0;
    }
    if curves().any(|curve| curve.particle.is_some()) {
        scene.area(diamond(x + 5.0, y - 4.0), Ink::Quiet, 1.0);
        small(scene, (x + 15.0, y), Anchor::Start, "particle".into());
    }
}
