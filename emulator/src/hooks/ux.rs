//! Between the numbers of a core and Ux values.

use distcore::ux::{Dirac, UxValue};
use distcore::{Arithmetic, Distribution, Format, Representation};

/// The Ux value of a plain number on a core that tracks: one Dirac, and no samples.
pub(crate) fn from_number(particle: f64, representation: Representation, format: Format) -> UxValue {
    UxValue {
        particle: Some(particle),
        representation: representation.into(),
        samples: 0,
        mean: particle,
        width: format.into(),
        diracs: vec![Dirac::new(particle, 1.0)],
    }
}

/// The distribution of a Ux value as `arithmetic` holds it: reduced if it has more Diracs than the core's values. `None` for a
/// plain number, which is what a single Dirac stands for, and for a value without mass.
pub(crate) fn to_distribution(value: &UxValue, arithmetic: Arithmetic<'_>, format: Format) -> Option<Distribution> {
    if value.diracs.len() < 2 {
        return None;
    }
    let read = Distribution::from_ux(value).ok()?;
    let representation = arithmetic.representation();
    if read.len() > arithmetic.precision() && representation != Representation::Jupiter {
        let pairs: Vec<(f64, f64)> = read.diracs().chain(read.special().diracs()).collect();
        return Some(arithmetic.weighted_samples(&pairs, format));
    }
    let positions: Vec<f64> = read
        .positions()
        .iter()
        .map(|&position| format.round(position))
        .collect();
    Distribution::from_all_parts(&positions, read.masses(), read.special(), representation).ok()
}
