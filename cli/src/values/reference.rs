//! Values of Reference cores: ValueIDs in what a program printed, samples in a values file.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use emulator::reference::ValueId;
use emulator::reference::values::{ValuesError, ValuesReader};

use super::{InputArguments, Named, label, particle_start};

/// Where `sigemu run` writes the samples of a Reference core unless told otherwise.
const DEFAULT_FILE: &str = "sigemu.values";
/// Characters of a ValueID: `val_` and 32 digits.
const LENGTH: usize = 36;

/// Whether a file is a values file, be it a damaged one.
pub(super) fn is_values_file(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    !matches!(
        ValuesReader::open(BufReader::new(file)),
        Err(ValuesError::NotValues | ValuesError::Io(_))
    )
}

/// The ValueIDs in a text, each called by what stands before its number on its line. An ID that comes again is the same value.
pub(super) fn ids(text: &[u8]) -> Vec<(String, ValueId)> {
    let mut found: Vec<(String, ValueId)> = Vec::new();
    let (mut done, mut at) = (0, 0);
    while at + LENGTH <= text.len() {
        let id = text[at..]
            .starts_with(b"val_")
            .then(|| std::str::from_utf8(&text[at..at + LENGTH]));
        let Some(id) = id.and_then(Result::ok).and_then(|id| id.parse::<ValueId>().ok()) else {
            at += 1;
            continue;
        };
        // Only what marks up an ID may stand between it and its number.
        let before = text[done..at].trim_ascii_end();
        let before = &before[..particle_start(before)];
        if found.iter().all(|other| other.1 != id) {
            found.push((label::before(before, done > 0), id));
        }
        at += LENGTH;
        done = at;
    }
    found
}

/// All values of a file, called by the texts that they were printed with.
pub(super) fn all(path: &Path) -> Result<Vec<Named>> {
    let mut reader = open(path)?;
    let names = reader.values().iter().map(|entry| {
        let (before, is_behind_value) = before_conversion(&entry.place.text, entry.place.conversion);
        (label::before(before, is_behind_value), entry.id)
    });
    let names: Vec<(String, ValueId)> = names.collect();
    if names.is_empty() {
        bail!("{}: the program printed no values", path.display());
    }
    read(&mut reader, &names, path)
}

/// The text in a format of printf between a floating conversion, counted from 0, and the conversion before it; and whether there
/// is one.
fn before_conversion(format: &[u8], wanted: u32) -> (&[u8], bool) {
    let (mut start, mut at, mut floating) = (0, 0, 0);
    while let Some(sign) = format[at..].iter().position(|&c| c == b'%').map(|found| at + found) {
        let is_modifier = |c: &u8| !c.is_ascii_alphabetic() && *c != b'%' || b"hjlLqtz".contains(c);
        let conversion = sign + 1 + format[sign + 1..].iter().take_while(|c| is_modifier(c)).count();
        at = (conversion + 1).min(format.len());
        match format.get(conversion) {
            None => break,
            Some(b'%') => continue,
            Some(c) if b"aAeEfFgG".contains(c) => {
                if floating == wanted {
                    return (&format[start..sign], start > 0);
                }
                floating += 1;
            }
            Some(_) => {}
        }
        start = at;
    }
    (b"", false)
}

/// The values with these IDs, from the file that the arguments name.
pub(super) fn named(ids: &[(String, ValueId)], arguments: &InputArguments) -> Result<Vec<Named>> {
    let default = Path::new(DEFAULT_FILE);
    let path = match &arguments.values {
        Some(path) => path,
        None if default.is_file() => default,
        None => bail!(
            "{}: a ValueID; say with --values in which values file its samples are",
            ids[0].1
        ),
    };
    read(&mut open(path)?, ids, path)
}

fn open(path: &Path) -> Result<ValuesReader<BufReader<File>>> {
    let file = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    ValuesReader::open(BufReader::new(file)).map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// The samples of some values, in one pass.
fn read(reader: &mut ValuesReader<BufReader<File>>, wanted: &[(String, ValueId)], path: &Path) -> Result<Vec<Named>> {
    let damaged = |error: ValuesError| anyhow!("{}: {error}", path.display());
    let mut samples: Vec<Vec<f64>> = vec![Vec::new(); wanted.len()];
    // Which of the wanted values an entry of the table is.
    let mut places: Vec<Option<usize>> = vec![None; reader.values().len()];
    for (place, (_, id)) in wanted.iter().enumerate() {
        let number = reader.values().iter().position(|entry| entry.id == *id);
        places[number.ok_or_else(|| damaged(ValuesError::NoSuchValue(*id)))?] = Some(place);
    }
    for execution in reader.read().map_err(damaged)? {
        for (number, sample) in execution.map_err(damaged)?.values {
            if let Some(&Some(place)) = places.get(number as usize) {
                samples[place].push(sample);
            }
        }
    }
    wanted
        .iter()
        .zip(samples)
        .map(|((label, _), samples)| Named::from_samples(label.clone(), samples))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::before_conversion;

    #[test]
    fn a_label_is_what_the_format_says_before_the_conversion() {
        let format = b"run %d of 100 %%: lift = %-8.3lf N, drag = %Lg\n";
        assert_eq!(before_conversion(format, 0), (&b" of 100 %%: lift = "[..], true));
        assert_eq!(before_conversion(format, 1), (&b" N, drag = "[..], true));
        assert_eq!(before_conversion(b"%f %", 0), (&b""[..], false));
        assert_eq!(before_conversion(b"%f %", 1), (&b""[..], false));
    }
}
