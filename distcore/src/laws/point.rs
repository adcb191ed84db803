//! A certain value, in standard form 0: what a law becomes when its spread is 0.

use super::Cell;
use super::shape::Shape;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point;

impl Shape for Point {
    fn support(&self) -> (f64, f64) {
        (0.0, 0.0)
    }

    fn pdf(&self, _: f64) -> f64 {
        f64::INFINITY
    }

    fn cdf(&self, _: f64) -> f64 {
        1.0
    }

    fn survival(&self, _: f64) -> f64 {
        0.0
    }

    fn quantile(&self, _: f64) -> f64 {
        0.0
    }

    fn upper_quantile(&self, _: f64) -> f64 {
        0.0
    }

    fn mean(&self) -> f64 {
        0.0
    }

    fn deviation(&self) -> f64 {
        0.0
    }

    fn cell(&self, _: f64, _: f64) -> Cell {
        Cell { mass: 1.0, mean: 0.0 }
    }
}
