//! The laws: distributions given by a formula.

/// The mass of a law in a cell and the law's mean given the cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The probability of the cell.
    pub mass: f64,
    /// The conditional mean in the cell.
    pub mean: f64,
}

/// A distribution given by a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Uniform on [min, max].
    Uniform {
        /// Lower end.
        min: f64,
        /// Upper end.
        max: f64,
    },
    /// Gauss (normal).
    Gauss {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        stddev: f64,
    },
}

impl Law {
    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Law::Uniform { min, max } => 0.5 * min + 0.5 * max,
            Law::Gauss { mean, .. } => mean,
        }
    }

    /// Mass and mean of (lo, hi].
    #[must_use]
    pub fn cell(&self, lo: f64, hi: f64) -> Cell {
        match *self {
            Law::Uniform { min, max } => {
                let (lo, hi) = (lo.max(min), hi.min(max));
                Cell {
                    mass: (hi - lo) / (max - min),
                    mean: 0.5 * lo + 0.5 * hi,
                }
            }
            Law::Gauss { mean, stddev } => {
                let (a, b) = ((lo - mean) / stddev, (hi - mean) / stddev);
                let (a, b, sign) = if a > 0.0 { (-b, -a, -1.0) } else { (a, b, 1.0) };
                let root = std::f64::consts::FRAC_1_SQRT_2;
                let mass = 0.5 * (libm::erfc(-b * root) - libm::erfc(-a * root));
                let density = |z: f64| libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
                Cell {
                    mass,
                    mean: mean + stddev * sign * (density(a) - density(b)) / mass,
                }
            }
        }
    }
}
