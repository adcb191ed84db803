//! What values are called.

use super::Named;

/// Longest label: of a longer text, the end.
const LONGEST: usize = 60;

/// The label of a value from the text before it, which begins at the start of the text or behind another value: what stands on
/// the same line. Behind a value it begins after the last comma, as in `lift = … N, drag = …`.
pub(super) fn before(text: &[u8], is_behind_value: bool) -> String {
    match text.iter().rposition(|&c| c == b'\n') {
        Some(feed) => clean(&text[feed + 1..]),
        None if is_behind_value => clean(
            text.rsplit(|&c| matches!(c, b',' | b';' | b'|'))
                .find(|part| !clean(part).is_empty())
                .unwrap_or_default(),
        ),
        None => clean(text),
    }
}

/// A label without the punctuation that joins it to a value. Empty if nothing is left.
pub(super) fn clean(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let text = without_escapes(&text);
    // What closes on the left belongs to the value before, what opens on the right to this one.
    let is_joint = |c: char| c.is_whitespace() || "=:,;|\"'~≈±".contains(c);
    let text = text.trim_start_matches(|c| is_joint(c) || ")]}>".contains(c));
    let text = text.trim_end_matches(|c| is_joint(c) || "([{<".contains(c));
    let length = text.chars().count();
    text.chars()
        .skip(length.saturating_sub(LONGEST))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Without what colours a terminal.
fn without_escapes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' && characters.peek() == Some(&'[') {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !c.is_control() || c == '\t' {
            kept.push(c);
        }
    }
    kept
}

/// Gives a name to values that have none, and makes equal names different.
pub(super) fn complete(values: &mut [Named]) {
    let count = values.len();
    for (i, value) in values.iter_mut().enumerate() {
        if value.label.is_empty() {
            value.label = if count == 1 {
                "value".into()
            } else {
                format!("value {}", i + 1)
            };
        }
    }
    for i in 0..count {
        let (before, rest) = values.split_at_mut(i);
        let taken = |label: &str| before.iter().any(|other| other.label == label);
        if taken(&rest[0].label) {
            let another = (2..)
                .map(|n| format!("{} ({n})", rest[0].label))
                .find(|label| !taken(label));
            rest[0].label = another.unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{before, clean};

    #[test]
    fn labels_begin_behind_the_value_before() {
        assert_eq!(before(b"first line\nlift, at last = ", false), "lift, at last");
        assert_eq!(before(b" N, drag = ", true), "drag");
        assert_eq!(before(b" N\ndrag = ", true), "drag");
        assert_eq!(before(b", ", true), "");
    }

    #[test]
    fn labels_are_without_punctuation() {
        for (text, label) in [
            ("lift = ", "lift"),
            ("  \"Lift force\": ", "Lift force"),
            (", ", ""),
            ("\x1b[1mdrag\x1b[0m:\t", "drag"),
            ("E[X] = ", "E[X]"),
            ("), var (", "var"),
            ("m/s² | ", "m/s²"),
        ] {
            assert_eq!(clean(text.as_bytes()), label);
        }
        assert_eq!(clean(&[b'x'; 1000]).len(), 60);
        assert_eq!(clean(b"\xff = "), "\u{fffd}");
    }
}
