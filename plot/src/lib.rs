//! Pictures of distributions: SVG, PNG, and characters for a terminal.
//!
//! A distribution is a list of Diracs; a reader wants to see a shape. In reading order:
//!
//! * [`Histogram`]: from Diracs to bars of different widths, and to atoms where a Dirac is no more than a number.
//! * [`Chart`]: some [`Series`], and what they look like together. Values of like size share an axis.
//! * `panel`, `axis`: which part of the line is shown and in which unit, for positions from 5e-324 to 1e308.
//! * `picture`: a chart as a scene of paths and texts, which `svg` writes and `png` paints. Two hundred lines do both; a
//!   plotting library would bring its own bars (of equal width) and look for fonts on the machine. Pixels are made by
//!   tiny-skia, letters from Noto Sans, which comes with the program.
//! * `terminal`: the same chart in characters, and [`sparkline`].
//!
//! The library prints nothing and looks nothing up: the same chart is the same picture everywhere.

mod axis;
mod chart;
mod font;
mod histogram;
pub mod number;
mod panel;
mod picture;
mod png;
mod scene;
mod svg;
mod terminal;

pub use chart::{Chart, Layout, Series};
pub use distcore::cells::Cell;
pub use histogram::{Histogram, Reading};
pub use png::PngError;
pub use scene::Theme;
pub use terminal::{TerminalOptions, sparkline};
