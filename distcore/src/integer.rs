//! Distributions of integers: exact atoms, also where `f64` has no digits left for them.

use std::collections::BTreeMap;

use crate::arithmetic::Cancel;
use crate::athens::Diracs;
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

/// The Diracs of `x` with mass, as integers.
pub(crate) fn atoms_of(x: &Distribution) -> Vec<(i128, f64)> {
    integers(x).into_iter().filter(|atom| atom.1 > 0.0).collect()
}

/// Stand-ins for atoms, for functions that know the integers: their indices as positions.
pub(crate) fn indices(atoms: &[(i128, f64)]) -> Diracs<'static> {
    atoms
        .iter()
        .enumerate()
        .map(|(index, atom)| (index as f64, atom.1))
        .collect()
}

/// The results for all pairs, merged and ascending, if at most `n` are distinct.
pub(crate) fn few_atoms(
    x: &[(i128, f64)],
    y: &[(i128, f64)],
    n: usize,
    cancel: Cancel,
    function: impl Fn(i128, i128) -> i128,
) -> Option<Vec<(i128, f64)>> {
    let mut merged = BTreeMap::new();
    for &(x, x_mass) in x {
        if cancel.is_requested() {
            return None;
        }
        for &(y, y_mass) in y {
            *merged.entry(function(x, y)).or_insert(0.0) += x_mass * y_mass;
            if merged.len() > n {
                return None;
            }
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
