//! Between distributions and Ux values.

use distcore::ux::{Dirac, PositionWidth, TypeCode, UxValue};
use distcore::{Arithmetic, Distribution, Format, Representation, SpecialMass};

/// The type code of a representation.
fn type_code(representation: Representation) -> TypeCode {
    match representation {
        Representation::Athens => TypeCode::ATHENS,
        Representation::Zurich => TypeCode::ZURICH,
        Representation::Jupiter => TypeCode::JUPITER,
    }
}

/// The Ux value of a distribution: finite Diracs in their order, then those at NaN, -Inf and +Inf that have mass.
pub(crate) fn from_distribution(particle: f64, distribution: &Distribution, format: Format) -> UxValue {
    let special = distribution.special();
    UxValue {
        particle: Some(particle),
        representation: type_code(distribution.representation()),
        samples: 1,
        mean: distribution.mean(),
        width: width(format),
        diracs: distribution
            .diracs()
            .chain(special.diracs())
            .map(|(position, mass)| Dirac::new(position, mass))
            .collect(),
    }
}

/// The Ux value of a plain number on a core that tracks: one Dirac, and no samples.
pub(crate) fn from_number(particle: f64, representation: Representation, format: Format) -> UxValue {
    UxValue {
        particle: Some(particle),
        representation: type_code(representation),
        samples: 0,
        mean: particle,
        width: width(format),
        diracs: vec![Dirac::new(particle, 1.0)],
    }
}

/// The distribution of a Ux value in `arithmetic`: reduced if it has more Diracs than the core's values. `None` for a plain number,
/// which is what a single Dirac stands for, and for a value without mass.
pub(crate) fn to_distribution(value: &UxValue, arithmetic: Arithmetic<'_>, format: Format) -> Option<Distribution> {
    if value.diracs.len() < 2 {
        return None;
    }
    let mut special = SpecialMass::default();
    let (mut positions, mut masses) = (Vec::new(), Vec::new());
    for dirac in &value.diracs {
        let position = format.round(dirac.position);
        if !special.absorb(position, dirac.probability()) {
            positions.push(position);
            masses.push(dirac.probability());
        }
    }
    if positions.len() > arithmetic.precision() && arithmetic.representation() != Representation::Jupiter {
        let pairs: Vec<(f64, f64)> = value.diracs.iter().map(|dirac| (dirac.position, dirac.probability())).collect();
        return Some(arithmetic.weighted_samples(&pairs, format));
    }
    Distribution::from_all_parts(&positions, &masses, special, arithmetic.representation()).ok()
}

fn width(format: Format) -> PositionWidth {
    match format {
        Format::F64 => PositionWidth::F64,
        Format::F32 => PositionWidth::F32,
    }
}
