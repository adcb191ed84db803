//! The order in which Fortran sources compile: a module before those that use it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sdk::build::Language;

/// Moves each Fortran source behind those that define the modules it uses. Other sources, and circles, stay in order.
pub(crate) fn order(files: &mut Vec<PathBuf>) {
    let scanned: Vec<(Vec<String>, Vec<String>)> = files.iter().map(|file| modules(file)).collect();
    let definer: HashMap<&str, usize> = scanned
        .iter()
        .enumerate()
        .flat_map(|(index, (defined, _))| defined.iter().map(move |module| (module.as_str(), index)))
        .collect();
    let mut ordered = Vec::new();
    let mut seen = vec![false; files.len()];
    for index in 0..files.len() {
        visit(index, &scanned, &definer, &mut seen, &mut ordered);
    }
    *files = ordered.into_iter().map(|index| files[index].clone()).collect();
}

fn visit(
    index: usize,
    scanned: &[(Vec<String>, Vec<String>)],
    definer: &HashMap<&str, usize>,
    seen: &mut [bool],
    ordered: &mut Vec<usize>,
) {
    if std::mem::replace(&mut seen[index], true) {
        return;
    }
    for module in &scanned[index].1 {
        if let Some(&needed) = definer.get(module.as_str()) {
            visit(needed, scanned, definer, seen, ordered);
        }
    }
    ordered.push(index);
}

/// The modules that a source defines and uses; a source that cannot be read, or is not Fortran, has none.
fn modules(file: &Path) -> (Vec<String>, Vec<String>) {
    if Language::of(file) != Some(Language::Fortran) {
        return (Vec::new(), Vec::new());
    }
    let text = std::fs::read_to_string(file).unwrap_or_default().to_lowercase();
    let (mut defined, mut used) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        match (words.next(), words.next()) {
            (Some("module"), Some(name)) if name != "procedure" => defined.push(name.to_owned()),
            (Some("use"), Some("intrinsic" | "non_intrinsic")) => used.extend(words.next().map(str::to_owned)),
            (Some("use"), Some(name)) => used.push(name.to_owned()),
            _ => {}
        }
    }
    (defined, used)
}
