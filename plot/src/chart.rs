//! What is to be drawn.

use distcore::Distribution;
use distcore::ux::UxValue;

use crate::histogram::Reading;
use crate::number::{percent, shortest, with_spread};
use crate::png::PngError;
use crate::scene::Theme;
use crate::terminal::TerminalOptions;
use crate::{picture, png, svg, terminal};

/// A value with its name.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the legend calls it.
    pub label: String,
    /// The value.
    pub distribution: Distribution,
    /// What an ordinary processor would have computed; marked if it is there.
    pub particle: Option<f64>,
}

impl Series {
    /// A value that was read from Ux data.
    ///
    /// # Errors
    /// If none of its Diracs has mass.
    pub fn from_ux(label: impl Into<String>, value: &UxValue) -> Result<Series, distcore::DistributionError> {
        Ok(Series {
            label: label.into(),
            distribution: Distribution::from_ux(value)?,
            particle: value.particle,
        })
    }

    /// Mean and standard deviation of the finite part, in words.
    pub(crate) fn summary(&self) -> String {
        let special = distcore::SpecialMass::default();
        let representation = self.distribution.representation();
        let parts = (self.distribution.positions(), self.distribution.masses());
        match Distribution::from_all_parts(parts.0, parts.1, special, representation) {
            Ok(finite) => with_spread(finite.mean(), finite.standard_deviation()),
            Err(_) => "nothing finite".into(),
        }
    }

    /// Mass at NaN and the infinities, in words.
    pub(crate) fn special(&self) -> Vec<String> {
        let special = self.distribution.special();
        let total = self.distribution.finite_mass() + special.total();
        let named = [
            (special.nan, "NaN"),
            (special.negative_infinity, "−Inf"),
            (special.positive_infinity, "+Inf"),
        ];
        named
            .into_iter()
            .filter(|n| n.0 > 0.0)
            .map(|(mass, name)| format!("{} {name}", percent(mass / total)))
            .collect()
    }

    /// What is not in the picture, in words.
    pub(crate) fn beyond(&self, (left, right): (f64, f64)) -> Vec<String> {
        // Less is rounding, or nobody's concern.
        const WORTH_SAYING: f64 = 1e-9;
        let points = self.distribution.merged();
        let mut words = Vec::new();
        if let Some(lowest) = points.first().filter(|_| left > WORTH_SAYING) {
            words.push(format!("{} further left, down to {}", percent(left), short(lowest.0)));
        }
        if let Some(highest) = points.last().filter(|_| right > WORTH_SAYING) {
            words.push(format!("{} further right, up to {}", percent(right), short(highest.0)));
        }
        words
    }
}

fn short(x: f64) -> String {
    let rounded = crate::number::significant(x, 3);
    let exact = shortest(x);
    if exact.len() <= rounded.len() { exact } else { rounded }
}

/// How several values share the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Layout {
    /// Values of like size over one axis, others apart.
    #[default]
    Auto,
    /// All over one axis.
    Overlay,
    /// Each over its own.
    Panels,
}

/// A picture of some values.
///
/// ```
/// use distcore::{Arithmetic, Format::F64, Law, Representation};
/// use plot::{Chart, Series, Theme};
///
/// let athens = Arithmetic::new(Representation::Athens, 32)?;
/// let lift = Series {
///     label: "lift".into(),
///     distribution: athens.law(&Law::gauss(716.8, 14.9)?, F64),
///     particle: Some(716.8),
/// };
/// let chart = Chart::new(vec![lift]);
/// assert!(chart.to_svg(Theme::Neutral).starts_with("<svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chart {
    /// The values, in the order of the legend.
    pub series: Vec<Series>,
    /// How they share the picture.
    pub layout: Layout,
    /// What a Dirac stands for.
    pub reading: Reading,
    /// The most bars a value is drawn with.
    pub bars: usize,
    /// The positions at either end of every axis, ascending; by default what shows the values.
    pub range: Option<(f64, f64)>,
}

/// The most bars, unless told otherwise: in a picture of usual size each still has some pixels.
const BARS: usize = 128;

impl Chart {
    /// A chart with everything chosen from the values.
    #[must_use]
    pub fn new(series: Vec<Series>) -> Chart {
        Chart {
            series,
            layout: Layout::Auto,
            reading: Reading::Auto,
            bars: BARS,
            range: None,
        }
    }

    /// The picture as an SVG document.
    #[must_use]
    pub fn to_svg(&self, theme: Theme) -> String {
        svg::write(&picture::draw(self), theme)
    }

    /// The picture as PNG, `scale` pixels a unit of the SVG; 2 is right for most screens.
    ///
    /// # Errors
    /// If a picture of that size cannot be made.
    pub fn to_png(&self, theme: Theme, scale: f64) -> Result<Vec<u8>, PngError> {
        png::write(&picture::draw(self), theme, scale)
    }

    /// The picture in characters, lines ending in a line feed.
    #[must_use]
    pub fn to_text(&self, options: &TerminalOptions) -> String {
        terminal::draw(self, options)
    }
}
