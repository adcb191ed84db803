//! Where commands get values from: Ux texts in arguments, in files, in the output of programs.

mod arguments;
mod input;
mod label;
mod reference;
mod scan;

pub(crate) use arguments::{InputArguments, shielded};
pub(crate) use input::standard_input;
pub(crate) use scan::{Candidate, candidate_at, particle_start};

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
        let distribution = Distribution::from_ux(&ux).with_context(|| format!("{label}: a value without mass"))?;
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
    let mut values = input::read(arguments)?;
    label::complete(&mut values);
    if arguments.only.is_empty() {
        return Ok(values);
    }
    let mut chosen = Vec::new();
    for wanted in &arguments.only {
        // A label first: `3` may be one.
        let by_label = values.iter().filter(|value| value.label == *wanted);
        let mut found: Vec<Named> = by_label.cloned().collect();
        if found.is_empty() {
            let place = wanted.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
            found.extend(place.and_then(|place| values.get(place)).cloned());
        }
        if found.is_empty() {
            let labels: Vec<&str> = values.iter().take(12).map(|value| value.label.as_str()).collect();
            let more = if values.len() > labels.len() { ", …" } else { "" };
            bail!(
                "no value is called `{wanted}` or has that number; there are {}: {}{more}",
                values.len(),
                labels.join(", ")
            );
        }
        chosen.append(&mut found);
    }
    Ok(chosen)
}
