//! Ux values in any text.

use anyhow::{Result, anyhow};
use emulator::distcore::ux::UxValue;

use super::{Named, label};

/// Digits of a Ux text between `Ux` and its first Dirac: type, samples, mean, count.
const HEADER_DIGITS: usize = 42;
/// Digits of a Dirac as cores print them: position, mass.
const DIRAC_DIGITS: usize = 32;
/// Longest particle that is looked for.
const LONGEST_PARTICLE: usize = 400;
/// So many digits behind `Ux` (type and samples) are no word any more.
const UNMISTAKABLE: usize = 18;

/// What stands at a place where a Ux text may begin.
pub(crate) enum Candidate {
    /// A value, and how many bytes it takes.
    Value(Box<UxValue>, usize),
    Nothing,
    /// More must come first, if there is more.
    Incomplete,
}

/// Where the particle before `Ux` begins, if there is one: the length of `bytes` if not.
pub(crate) fn particle_start(bytes: &[u8]) -> usize {
    let is_part = |c: u8| c.is_ascii_digit() || b"+-.eEnNaAiIfFxXpPbBcCdD".contains(&c);
    let tail = bytes
        .iter()
        .rev()
        .take(LONGEST_PARTICLE)
        .take_while(|&&c| is_part(c))
        .count();
    let tail_start = bytes.len() - tail;
    // The longest tail that reads as a number: `id7` ends in 7, and `e` is no number.
    (tail_start..bytes.len())
        .find(|&start| is_number(&bytes[start..]))
        .unwrap_or(bytes.len())
}

fn is_number(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_hexadecimal = unsigned.to_ascii_lowercase().starts_with("0x") && unsigned.to_ascii_lowercase().contains('p');
    is_hexadecimal || text.parse::<f64>().is_ok()
}

/// What begins at the start of `bytes`, with `Ux` at `marker`.
pub(crate) fn candidate_at(bytes: &[u8], marker: usize) -> Candidate {
    let digits = &bytes[marker + 2..];
    let available = digits.iter().take_while(|c| c.is_ascii_hexdigit()).count();
    let ends_here = available == digits.len();
    let wanted = match digits.get(HEADER_DIGITS - 8..HEADER_DIGITS).map(std::str::from_utf8) {
        Some(Ok(count)) if available >= HEADER_DIGITS => {
            HEADER_DIGITS + DIRAC_DIGITS * usize::from_str_radix(count, 16).unwrap_or(usize::MAX / 64).min(10_000)
        }
        _ => HEADER_DIGITS,
    };
    if available < wanted && ends_here {
        return Candidate::Incomplete;
    }
    match UxValue::parse_text(bytes) {
        Ok((value, length)) => Candidate::Value(Box::new(value), length),
        Err(_) => Candidate::Nothing,
    }
}

/// All Ux values in a text, each called by what stands before it on its line.
///
/// # Errors
/// If something is so much like a Ux text that it must be a broken one; with its place.
pub(super) fn scan(text: &[u8], name: &str) -> Result<Vec<Named>> {
    let mut values = Vec::new();
    // Where labels may begin: behind the last value or line feed.
    let (mut done, mut search) = (0, 0);
    while let Some(marker) = find(&text[search..], b"Ux").map(|at| at + search) {
        let start = done + particle_start(&text[done..marker]);
        match UxValue::parse_text(&text[start..]) {
            Ok((value, length)) => {
                let value = Named::new(label::before(&text[done..start], done > 0), value);
                values.push(value.map_err(|error| anyhow!("{}: {error:#}", place(text, start, name)))?);
                done = start + length;
                search = done;
            }
            Err(error) => {
                let digits = text[marker + 2..].iter().take_while(|c| c.is_ascii_hexdigit()).count();
                if digits >= UNMISTAKABLE {
                    let at = place(text, start + error.offset, name);
                    return Err(anyhow!("{at}: malformed Ux text: {}", error.reason));
                }
                search = marker + 2;
            }
        }
    }
    Ok(values)
}

/// `FILE: byte 1234 (line 5)`.
fn place(text: &[u8], offset: usize, name: &str) -> String {
    let line = 1 + text[..offset].iter().filter(|&&c| c == b'\n').count();
    format!("{name}: byte {offset} (line {line})")
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
