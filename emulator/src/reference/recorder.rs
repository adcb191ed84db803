//! What one execution prints, and the random streams of executions.

use std::collections::HashMap;

use distcore::Generator;

use super::{Place, ValueId};

/// Values of one execution that get names; what a program prints beyond them is printed plain.
const MOST_VALUES: usize = 1 << 17;
/// Texts whose names are kept from one execution to the next, to be made once.
const MOST_TEXTS: usize = 1 << 12;

/// Keeps the values that an execution prints.
#[derive(Debug)]
pub(crate) struct Recorder {
    seed: u64,
    /// No draw yet: the next one ends the run-up.
    is_run_up: bool,
    /// For each text, for each of its conversions.
    sites: HashMap<Vec<u8>, Vec<Site>>,
    printed: Vec<(ValueId, f64)>,
    /// Places that have been named since they were last asked for.
    places: Vec<(ValueId, Place)>,
    unnamed: u64,
}

/// A conversion in a text.
#[derive(Debug, Default)]
struct Site {
    /// The names by occurrence, in this execution and those before.
    ids: Vec<ValueId>,
    /// How often it has printed in this execution.
    count: u32,
}

impl Recorder {
    pub(crate) fn new(seed: u64) -> Recorder {
        Recorder {
            seed,
            is_run_up: true,
            sites: HashMap::new(),
            printed: Vec::new(),
            places: Vec::new(),
            unnamed: 0,
        }
    }

    /// One for another machine of the same task.
    pub(crate) fn sibling(&self) -> Recorder {
        Recorder::new(self.seed)
    }

    /// Whether nothing has been drawn yet.
    pub(crate) fn is_run_up(&self) -> bool {
        self.is_run_up
    }

    /// An execution starts behind the run-up.
    pub(super) fn begin(&mut self) {
        self.is_run_up = false;
        self.printed.clear();
        if self.sites.len() > MOST_TEXTS {
            self.sites.clear();
        }
        for site in self.sites.values_mut().flatten() {
            site.count = 0;
        }
    }

    /// An uncertain value is printed by a conversion of `text`: its name, if there are not too many.
    pub(crate) fn record(&mut self, text: &[u8], conversion: usize, value: f64) -> Option<ValueId> {
        let text = &text[..text.len().min(Place::LONGEST_TEXT)];
        if self.printed.len() >= MOST_VALUES {
            self.unnamed += 1;
            return None;
        }
        if !self.sites.contains_key(text) {
            self.sites.insert(text.to_vec(), Vec::new());
        }
        let sites = self.sites.get_mut(text)?;
        if sites.len() <= conversion {
            sites.resize_with(conversion + 1, Site::default);
        }
        let site = &mut sites[conversion];
        if site.ids.len() <= site.count as usize {
            let place = Place {
                text: text.to_vec(),
                conversion: conversion as u32,
                occurrence: site.count,
            };
            let id = ValueId::new(self.seed, &place);
            site.ids.push(id);
            self.places.push((id, place));
        }
        let id = site.ids[site.count as usize];
        site.count += 1;
        self.printed.push((id, value));
        Some(id)
    }

    /// What this execution has printed, in order.
    pub(super) fn printed(&self) -> &[(ValueId, f64)] {
        &self.printed
    }

    /// The places of names that are new since the last time.
    pub(super) fn take_places(&mut self) -> Vec<(ValueId, Place)> {
        std::mem::take(&mut self.places)
    }

    /// Values that got no name since the last time.
    pub(super) fn take_unnamed(&mut self) -> u64 {
        std::mem::take(&mut self.unnamed)
    }
}

/// What a random stream is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// The draws of sources.
    Draws,
    /// The bytes that the program asks the operating system for.
    System,
}

/// The random stream of an execution: a function of seed and number, so that it does not matter who runs the execution.
///
/// The bits of both are mixed by the finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014), a bijection: executions of one task never have the same stream.
pub(super) fn generator(seed: u64, execution: u64, purpose: Purpose) -> Generator {
    let task = mixed(seed.wrapping_add(match purpose {
        Purpose::Draws => 0x9e37_79b9_7f4a_7c15,
        Purpose::System => 0xd1b5_4a32_d192_ed03,
    }));
    Generator::new(mixed(task ^ mixed(execution)))
}

fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_has_the_same_name_in_every_execution() {
        let mut recorder = Recorder::new(3);
        let print = |recorder: &mut Recorder, texts: &[&str]| {
            recorder.begin();
            let names = texts
                .iter()
                .map(|text| recorder.record(text.as_bytes(), 0, 1.0).unwrap());
            names.collect::<Vec<_>>()
        };
        let first = print(&mut recorder, &["a", "b", "b"]);
        assert!(first[0] != first[1] && first[1] != first[2]);
        assert_eq!(recorder.take_places().len(), 3);
        // One that prints more in between does not shift the others.
        let second = print(&mut recorder, &["a", "c", "b", "b", "a"]);
        assert_eq!([second[0], second[2], second[3]], first[..]);
        assert_eq!(recorder.take_places().len(), 2);
        assert_eq!(recorder.printed().len(), 5);
    }

    #[test]
    fn streams_differ_by_seed_execution_and_purpose() {
        let first = |seed, execution, purpose| generator(seed, execution, purpose).bits();
        let bits = [
            first(0, 0, Purpose::Draws),
            first(0, 1, Purpose::Draws),
            first(1, 0, Purpose::Draws),
            first(0, 0, Purpose::System),
        ];
        for (i, a) in bits.iter().enumerate() {
            assert!(bits[..i].iter().all(|b| a != b));
        }
        assert_eq!(first(0, 1, Purpose::Draws), bits[1]);
    }
}
