//! Distributions of integers: exact atoms, also where `f64` has no digits left for them.

use std::collections::BTreeMap;

use crate::{Distribution, Format, Representation, SpecialMass, UnaryFn, arithmetic};

/// Whether `function` gives integers of a type, exact beyond 2^53.
pub(crate) fn is_integer_result(function: UnaryFn) -> bool {
    matches!(function, UnaryFn::ToInteger(..) | UnaryFn::Wrap(_))
}

/// A function of one operand where operand or result may be an integer beyond 2^53.
pub(crate) fn unary(function: UnaryFn, x: &Distribution, format: Format) -> Distribution {
    match function {
        UnaryFn::ToInteger(kind, rounding) if x.wide().is_none() => {
            let dirac = |(position, mass)| (kind.from_f64(position, rounding), mass);
            collect(
                x.diracs().chain(x.special().diracs()).map(dirac).collect(),
                x.representation(),
            )
        }
        UnaryFn::ToInteger(kind, _) => map(x, |value| value.clamp(kind.min(), kind.max())),
        UnaryFn::Wrap(kind) => map(x, |value| kind.wrap(value)),
        // A single rounding from the exact integer to float.
        UnaryFn::Convert if format == Format::F32 => {
            let positions = x.integer_positions().into_iter().map(|value| f64::from(value as f32));
            let diracs = positions.chain(x.masses().iter().copied()).collect();
            Distribution::from_raw(diracs, x.special(), x.representation())
        }
        _ => arithmetic::map(x, |position| function.evaluate(position, format)),
    }
}

/// The Diracs of `x` as integers; special mass counts as 0.
fn integers(x: &Distribution) -> Vec<(i128, f64)> {
    let special = x.special().total();
    let finite = x.integer_positions().into_iter().zip(x.masses().iter().copied());
    finite.chain((special > 0.0).then_some((0, special))).collect()
}

/// Maps integer positions; masses and order stay.
pub(crate) fn map(x: &Distribution, function: impl Fn(i128) -> i128) -> Distribution {
    let mapped = integers(x).into_iter().map(|(value, mass)| (function(value), mass));
    collect(mapped.collect(), x.representation())
}

/// One integer as a distribution.
pub(crate) fn certain(value: i128, representation: Representation) -> Distribution {
    collect(vec![(value, 1.0)], representation)
}

/// All pairs of two distributions of integers.
pub(crate) fn pairs(x: &Distribution, y: &Distribution, function: impl Fn(i128, i128) -> i128) -> Vec<(i128, f64)> {
    let massive = |x: &Distribution| integers(x).into_iter().filter(|atom| atom.1 > 0.0).collect::<Vec<_>>();
    let (x, y) = (massive(x), massive(y));
    let row = |&(x, x_mass): &(i128, f64)| {
        y.iter()
            .map(|&(y, y_mass)| (function(x, y), x_mass * y_mass))
            .collect::<Vec<_>>()
    };
    x.iter().flat_map(row).collect()
}

/// Equal integers merged, ascending, if there are at most `n`.
pub(crate) fn atoms(pairs: &[(i128, f64)], n: usize) -> Option<Vec<(i128, f64)>> {
    let mut merged = BTreeMap::new();
    for &(value, mass) in pairs {
        *merged.entry(value).or_insert(0.0) += mass;
        if merged.len() > n {
            return None;
        }
    }
    Some(merged.into_iter().collect())
}

/// The value with these atoms.
pub(crate) fn collect(atoms: Vec<(i128, f64)>, representation: Representation) -> Distribution {
    let positions = atoms.iter().map(|atom| atom.0 as f64);
    let diracs = positions.chain(atoms.iter().map(|atom| atom.1)).collect();
    let exact = atoms.iter().all(|atom| (atom.0 as f64) as i128 == atom.0);
    let wide = (!exact).then(|| atoms.iter().map(|atom| atom.0).collect());
    Distribution::from_raw(diracs, SpecialMass::default(), representation).with_wide(wide)
}
