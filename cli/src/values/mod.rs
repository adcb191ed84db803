//! Where commands get values from: Ux texts in arguments, in files, in the output of programs.

mod arguments;
mod input;
mod label;
mod reference;
mod scan;

pub(crate) use arguments::{InputArguments, shielded};
pub(crate) use input::{Input, not_empty, standard_input};
pub(crate) use scan::{Candidate, candidate_at, particle_start};

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result, bail};
use emulator::distcore::ux::UxValue;
use emulator::distcore::{Arithmetic, Distribution, Format, Representation, SpecialMass};

/// A value with its name and the text that it came from.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// What stood before it, or `value 3`.
    pub(crate) label: String,
    /// The value as it was written.
    pub(crate) ux: UxValue,
    /// The value to compute with.
    pub(crate) distribution: Distribution,
    /// What a Reference core printed in its executions, in their order, if the value comes from one.
    pub(crate) samples: Option<Vec<f64>>,
}

impl Named {
    pub(crate) fn new(label: impl Into<String>, ux: UxValue) -> Result<Named> {
        let label = label.into();
        let distribution = Distribution::from_ux(&ux).with_context(|| match label.as_str() {
            "" => "a value without mass".into(),
            label => format!("{label}: a value without mass"),
        })?;
        Ok(Named {
            label,
            ux,
            distribution,
            samples: None,
        })
    }

    /// A value of a Reference core: all that was printed, each as likely. Its Ux form is a summary.
    pub(crate) fn from_samples(label: impl Into<String>, samples: Vec<f64>) -> Result<Named> {
        let ux = summary(&samples, Representation::Athens, SUMMARY)?;
        let mut special = SpecialMass::default();
        let mass = 1.0 / samples.len() as f64;
        let finite: Vec<f64> = samples
            .iter()
            .copied()
            .filter(|&sample| !special.absorb(sample, mass))
            .collect();
        let masses = vec![mass; finite.len()];
        let distribution = Distribution::from_all_parts(&finite, &masses, special, Representation::Athens)?;
        Ok(Named {
            label: label.into(),
            ux,
            distribution,
            samples: Some(samples),
        })
    }

    /// Whether it is a plain number: one place holds all mass.
    pub(crate) fn is_certain(&self) -> bool {
        self.distribution.merged().len() + self.distribution.special().diracs().count() < 2
    }
}

/// Diracs of a value that samples are made into, unless told otherwise.
const SUMMARY: usize = 64;

/// Samples as a Ux value; the particle is their mean.
pub(crate) fn summary(samples: &[f64], representation: Representation, precision: usize) -> Result<UxValue> {
    let distribution = Arithmetic::new(representation, precision)?.samples(samples, Format::F64);
    Ok(distribution.to_ux(Some(emulator::distcore::mean(samples)), Format::F64))
}

/// The values that the arguments name, and of them those that `--only` asks for.
pub(crate) fn read(arguments: &InputArguments) -> Result<Vec<Named>> {
    together(inputs(arguments)?, &arguments.only)
}

/// The values that each argument names, all of them, without names for those that have none.
pub(crate) fn inputs(arguments: &InputArguments) -> Result<Vec<Input>> {
    input::read(arguments)
}

/// The values of all inputs as one list, and of them those that `only` asks for.
pub(crate) fn together(inputs: Vec<Input>, only: &[String]) -> Result<Vec<Named>> {
    let mut values: Vec<Named> = inputs.into_iter().flat_map(|input| input.values).collect();
    label::complete(&mut values);
    if only.is_empty() {
        return Ok(values);
    }
    let mut chosen = Vec::new();
    for wanted in only {
        let found = called(&values, wanted);
        if found.is_empty() {
            let labels: Vec<&str> = values.iter().take(12).map(|value| value.label.as_str()).collect();
            let more = if values.len() > labels.len() { ", …" } else { "" };
            bail!(
                "no value is called `{wanted}` or has that number; there are {}: {}{more}",
                values.len(),
                labels.join(", ")
            );
        }
        chosen.extend(found.into_iter().map(|place| values[place].clone()));
    }
    Ok(chosen)
}

/// The places of the values with this label or, if there is none, this number.
fn called(values: &[Named], wanted: &str) -> Vec<usize> {
    // A label first: `3` may be one.
    let by_label = (0..values.len()).filter(|&place| values[place].label == *wanted);
    let found: Vec<usize> = by_label.collect();
    if !found.is_empty() {
        return found;
    }
    let place = wanted.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    place.filter(|&place| place < values.len()).into_iter().collect()
}

/// Whether an input has a value with this label or number.
pub(crate) fn has(input: &Input, wanted: &str) -> bool {
    let mut values = input.values.clone();
    label::complete(&mut values);
    !called(&values, wanted).is_empty()
}

/// Values of two inputs that belong together: the same label, and the same place among the values that have it.
pub(crate) struct Pairs {
    pub(crate) pairs: Vec<(Named, Named)>,
    /// What only the first has, and only the second.
    pub(crate) rest: (Vec<Named>, Vec<Named>),
}

/// Pairs the values of two inputs, those that `only` asks for in each.
pub(crate) fn pairs(first: &Input, second: &Input, only: &[String]) -> Pairs {
    let mut rest = keyed(second, only);
    let mut pairs = Pairs {
        pairs: Vec::new(),
        rest: (Vec::new(), Vec::new()),
    };
    for (key, value) in keyed(first, only) {
        match rest.iter().position(|other| other.0 == key) {
            Some(place) => pairs.pairs.push((value, rest.remove(place).1)),
            None => pairs.rest.0.push(value),
        }
    }
    pairs.rest.1 = rest.into_iter().map(|(_, value)| value).collect();
    pairs
}

/// The values of an input, those that `only` asks for, each with its label as it stands there and the count of those before that have it.
fn keyed(input: &Input, only: &[String]) -> Vec<((String, usize), Named)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut keys = Vec::with_capacity(input.values.len());
    for value in &input.values {
        let count = counts.entry(&value.label).or_default();
        keys.push((value.label.clone(), *count));
        *count += 1;
    }
    let mut values = input.values.clone();
    label::complete(&mut values);
    let chosen: HashSet<usize> = only.iter().flat_map(|wanted| called(&values, wanted)).collect();
    let all = keys.into_iter().zip(values).enumerate();
    all.filter(|(place, _)| only.is_empty() || chosen.contains(place))
        .map(|(_, value)| value)
        .collect()
}
