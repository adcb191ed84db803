//! What one execution prints, and the random streams of executions.

use std::collections::HashMap;

use distcore::Generator;

use super::{Place, ValueId};

/// Values of one execution that get names; what a program prints beyond them is printed plain.
const MOST_VALUES: usize = 1 << 17;
/// Bytes that keeping the names of one execution may take, as `cost` has them; values beyond get no names.
const MOST_COST: usize = 1 << 26;
/// Bytes of texts and names that are kept from one execution to the next, to be made once.
const MOST_KEPT: usize = 1 << 24;

/// Keeps the values that an execution prints.
#[derive(Debug)]
pub(crate) struct Recorder {
    seed: u64,
    /// No draw yet: the next one ends the run-up.
    is_run_up: bool,
    /// For each text, for each of its conversions.
    sites: HashMap<Vec<u8>, Vec<Site>>,
    /// Bytes of what `sites` holds.
    kept: usize,
    printed: Vec<(ValueId, f64)>,
    /// What their names have cost.
    cost: usize,
    /// Places that have been named since they were last asked for.
    places: Vec<(ValueId, Place)>,
    /// Bytes of their texts.
    new_text: usize,
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
            kept: 0,
            printed: Vec::new(),
            cost: 0,
            places: Vec::new(),
            new_text: 0,
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
        self.cost = 0;
        if self.kept > MOST_KEPT {
            self.sites.clear();
            self.kept = 0;
        }
        for site in self.sites.values_mut().flatten() {
            site.count = 0;
        }
    }

    /// An uncertain value is printed by a conversion of `text`: its name, if there are not too many.
    pub(crate) fn record(&mut self, text: &[u8], conversion: usize, value: f64) -> Option<ValueId> {
        let text = &text[..text.len().min(Place::LONGEST_TEXT)];
        // Only what this execution has done decides: the names are the same whichever thread makes it.
        let cost = text.len() + (conversion + 1) * size_of::<Site>();
        if self.printed.len() >= MOST_VALUES || self.cost + cost > MOST_COST {
            self.unnamed += 1;
            return None;
        }
        self.cost += cost;
        if !self.sites.contains_key(text) {
            self.sites.insert(text.to_vec(), Vec::new());
            self.kept += text.len() + size_of::<Vec<Site>>();
        }
        let sites = self.sites.get_mut(text)?;
        if sites.len() <= conversion {
            self.kept += (conversion + 1 - sites.len()) * size_of::<Site>();
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
            self.kept += size_of::<ValueId>();
            self.places.push((id, place));
            self.new_text += text.len();
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
        self.new_text = 0;
        std::mem::take(&mut self.places)
    }

    /// Bytes of the places that are new since the last time.
    pub(super) fn new_bytes(&self) -> usize {
        self.new_text + self.places.len() * size_of::<(ValueId, Place)>()
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
    fn what_a_hostile_execution_prints_fills_no_memory() {
        let mut recorder = Recorder::new(3);
        let text = |n: usize| format!("{n:04096}").into_bytes();
        for execution in 0..3 {
            recorder.begin();
            let most = MOST_COST / (4096 + size_of::<Site>());
            let named = (0..most + 100).filter(|&n| recorder.record(&text(execution * most + n), 0, 1.0).is_some());
            assert_eq!(named.count(), most);
            assert_eq!(recorder.take_unnamed(), 100);
            assert!(recorder.kept <= MOST_KEPT + 2 * MOST_COST);
            assert!(recorder.new_bytes() <= 2 * MOST_COST);
            recorder.take_places();
        }
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
