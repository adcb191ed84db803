//! Where commands get values from: Ux texts in arguments, in files, in the output of programs.

mod arguments;
mod input;
mod label;
mod scan;

pub(crate) use arguments::InputArguments;
pub(crate) use input::standard_input;
pub(crate) use scan::{Candidate, candidate_at, particle_start};

use anyhow::{Context as _, Result, bail};
use emulator::distcore::Distribution;
use emulator::distcore::ux::UxValue;

/// A value with its name and the text that it came from.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// What stood before it, or `value 3`.
    pub(crate) label: String,
    /// The value as it was written.
    pub(crate) ux: UxValue,
    /// The value to compute with.
    pub(crate) distribution: Distribution,
}

impl Named {
    pub(crate) fn new(label: impl Into<String>, ux: UxValue) -> Result<Named> {
        let label = label.into();
        let distribution = Distribution::from_ux(&ux).with_context(|| format!("{label}: a value without mass"))?;
        Ok(Named {
            label,
            ux,
            distribution,
        })
    }

    /// Whether it is a plain number: one place holds all mass.
    pub(crate) fn is_certain(&self) -> bool {
        self.distribution.merged().len() + self.distribution.special().diracs().count() < 2
    }
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
