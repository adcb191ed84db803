//! The part of make's language that `config.mk` files of applications use: variables.
//!
//! Assignments with `=`, `:=`, `?=` and `+=`, comments, continued lines, `$(NAME)` and `${NAME}` and `$(wildcard PATTERN…)`. Rules,
//! conditions and other functions are refused by name: a build that silently left them out would be another build.

use std::collections::HashMap;
use std::path::Path;

/// Variables and their values, expanded when they are asked for, as make does.
#[derive(Debug, Default)]
pub(crate) struct Makefile {
    values: HashMap<String, String>,
}

/// Variables that refer to themselves are cut here.
const DEEPEST: usize = 16;

impl Makefile {
    /// Reads a makefile whose patterns are relative to `directory`.
    pub(crate) fn parse(text: &str, directory: &Path) -> Result<Makefile, String> {
        let mut makefile = Makefile::default();
        let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
        for line in joined.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let Some((left, value)) = line.split_once('=') else {
                return Err(format!("'{line}' is not an assignment, and only assignments are understood here"));
            };
            let name = left.trim_end_matches([':', '?', '+']).trim();
            let operator = left.trim_end().chars().last();
            if name.is_empty() || name.contains([' ', ':', '$', '(']) {
                return Err(format!("'{line}' is not an assignment, and only assignments are understood here"));
            }
            let value = value.trim();
            match operator {
                Some('+') => {
                    let old = makefile.values.get(name).cloned().unwrap_or_default();
                    let added = format!("{old} {value}").trim().to_owned();
                    makefile.values.insert(name.into(), added);
                }
                Some('?') if makefile.values.contains_key(name) => {}
                Some(':') => {
                    let value = makefile.expand(value, directory, 0)?;
                    makefile.values.insert(name.into(), value);
                }
                _ => {
                    makefile.values.insert(name.into(), value.into());
                }
            }
        }
        let names: Vec<String> = makefile.values.keys().cloned().collect();
        for name in names {
            let value = makefile.expand(&makefile.values[&name], directory, 0)?;
            makefile.values.insert(name, value);
        }
        Ok(makefile)
    }

    /// The words of a variable's value; none if it is not set.
    pub(crate) fn words(&self, name: &str) -> impl Iterator<Item = String> + use<> {
        let words: Vec<String> =
            self.values.get(name).map(|value| value.split_whitespace().map(unquote).collect()).unwrap_or_default();
        words.into_iter()
    }

    fn expand(&self, text: &str, directory: &Path, depth: usize) -> Result<String, String> {
        if depth > DEEPEST {
            return Err(format!("'{text}' refers to itself"));
        }
        let mut result = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            result.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let close = match rest.chars().next() {
                Some('$') => {
                    result.push('$');
                    rest = &rest[1..];
                    continue;
                }
                Some('(') => ')',
                Some('{') => '}',
                _ => return Err(format!("'{text}': a single $ is not understood here")),
            };
            let end = rest.find(close).ok_or_else(|| format!("'{text}': no '{close}'"))?;
            let inside = rest[1..end].trim();
            rest = &rest[end + 1..];
            match inside.split_once(char::is_whitespace) {
                Some(("wildcard", patterns)) => {
                    let found: Vec<String> =
                        patterns.split_whitespace().flat_map(|pattern| wildcard(directory, pattern)).collect();
                    result.push_str(&found.join(" "));
                }
                Some((function, _)) => {
                    return Err(format!("make's function '{function}' is not understood here: list the files"));
                }
                None => {
                    let value = self.values.get(inside).map_or("", String::as_str);
                    result.push_str(&self.expand(value, directory, depth + 1)?);
                }
            }
        }
        result.push_str(rest);
        Ok(result)
    }
}

/// `-DNAME=\"text\"` and `'-DNAME="text"'` as a shell would pass them on.
fn unquote(word: &str) -> String {
    word.replace("\\\"", "\u{1}").replace(['"', '\''], "").replace('\u{1}', "\"")
}

/// Files that match a pattern with `*` in its last part, sorted.
fn wildcard(directory: &Path, pattern: &str) -> Vec<String> {
    let (folder, last) = pattern.rsplit_once('/').map_or(("", pattern), |(folder, last)| (folder, last));
    let Some((before, after)) = last.split_once('*') else {
        return directory.join(pattern).exists().then(|| pattern.to_owned()).into_iter().collect();
    };
    let Ok(entries) = std::fs::read_dir(directory.join(folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after))
        .map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Makefile, String> {
        Makefile::parse(text, Path::new("src"))
    }

    #[test]
    fn variables_as_make_has_them() {
        let text = "# a comment\nBASE = -O3\nCFLAGS = $(BASE) -Wall \\\n  -DX=1 # more\nCFLAGS += ${LATE}\nLATE := -g\nBASE ?= -O0\n";
        let makefile = parse(text).unwrap();
        let words: Vec<String> = makefile.words("CFLAGS").collect();
        assert_eq!(words, ["-O3", "-Wall", "-DX=1", "-g"]);
        assert_eq!(makefile.words("SOURCES").count(), 0);
    }

    #[test]
    fn wildcards_are_sorted() {
        let makefile = parse("SOURCES = $(wildcard ma*.rs) run.rs").unwrap();
        let words: Vec<String> = makefile.words("SOURCES").collect();
        assert_eq!(words, ["main.rs", "makefile.rs", "run.rs"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in ["all: main.c", "ifeq ($(A),1)", "A = $(shell date)", "A = $(B"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("A = $(A)").unwrap_err().contains("itself"));
    }
}
