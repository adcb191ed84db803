//! Format strings of the scanf family (C17 7.21.6.2, with the positional arguments and `m` of POSIX).

use std::ops::Range;

use distcore::Format;

/// What a conversion reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number for a float or a double.
    Number(Format),
    /// `%n`, for an integer of this many bytes: nothing is read.
    Count(u64),
    /// `%%`: no argument either.
    Percent,
    /// Anything else, long doubles among it.
    Other,
}

/// A conversion specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conversion {
    pub(super) kind: Kind,
    /// Its characters, by their indices in the format.
    pub(super) text: Range<usize>,
    /// The field width, 0 for none.
    pub(super) width: u64,
    /// The number of its argument, from 0; `None` where the assignment is suppressed.
    pub(super) argument: Option<usize>,
    /// Its argument is named by position.
    pub(super) is_positional: bool,
}

impl Conversion {
    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number(_))
    }
}

/// The conversions of a format, in order; up to one that is cut short.
pub(super) fn conversions(format: &[u8]) -> Vec<Conversion> {
    let mut conversions = Vec::new();
    let mut at = 0;
    let mut next_argument = 0;
    while let Some(start) = format[at..].iter().position(|&c| c == b'%').map(|found| at + found) {
        at = start + 1;
        let (mut width, mut position) = (0u64, None);
        let mut is_suppressed = false;
        let length_start = loop {
            match format.get(at) {
                Some(digit @ b'0'..=b'9') => width = width.saturating_mul(10).saturating_add(u64::from(digit - b'0')),
                Some(b'$') => position = usize::try_from(std::mem::take(&mut width)).ok(),
                Some(b'*') => is_suppressed = true,
                Some(b'\'' | b'I' | b'm') => {}
                _ => break at,
            }
            at += 1;
        };
        while matches!(format.get(at), Some(b'h' | b'l' | b'L' | b'q' | b'j' | b'z' | b't')) {
            at += 1;
        }
        let length = &format[length_start..at];
        let Some(&conversion) = format.get(at) else { break };
        at += 1;
        if conversion == b'[' {
            // A ']' in first place, perhaps after '^', is a member of the set.
            at += usize::from(format.get(at) == Some(&b'^'));
            at += usize::from(format.get(at) == Some(&b']'));
            at += format[at..].iter().take_while(|&&c| c != b']').count() + 1;
            at = at.min(format.len());
        }
        let kind = match (conversion, length) {
            (b'e' | b'f' | b'g' | b'a' | b'E' | b'F' | b'G' | b'A', b"") => Kind::Number(Format::F32),
            (b'e' | b'f' | b'g' | b'a' | b'E' | b'F' | b'G' | b'A', b"l") => Kind::Number(Format::F64),
            (b'n', b"hh") => Kind::Count(1),
            (b'n', b"h") => Kind::Count(2),
            (b'n', b"") => Kind::Count(4),
            (b'n', _) => Kind::Count(8),
            (b'%', _) => Kind::Percent,
            _ => Kind::Other,
        };
        let argument = match position {
            _ if is_suppressed || kind == Kind::Percent => None,
            Some(position) => Some(position.saturating_sub(1)),
            None => {
                next_argument += 1;
                Some(next_argument - 1)
            }
        };
        conversions.push(Conversion {
            kind,
            text: start..at,
            width,
            argument,
            is_positional: position.is_some(),
        });
    }
    conversions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_found_among_other_text() {
        let format = b"%d %lf,%10lf %*5f %% f %[]%f]%hhn %Lf %2$30le%n";
        let found = conversions(format);
        let kinds: Vec<Kind> = found.iter().map(|conversion| conversion.kind).collect();
        use Kind::{Count, Number, Other, Percent};
        let (float, double) = (Number(Format::F32), Number(Format::F64));
        assert_eq!(
            kinds,
            [
                Other,
                double,
                double,
                float,
                Percent,
                Other,
                Count(1),
                Other,
                double,
                Count(4)
            ]
        );
        let arguments: Vec<Option<usize>> = found.iter().map(|conversion| conversion.argument).collect();
        assert_eq!(
            arguments,
            [
                Some(0),
                Some(1),
                Some(2),
                None,
                None,
                Some(3),
                Some(4),
                Some(5),
                Some(1),
                Some(6)
            ]
        );
        assert_eq!(found[3].width, 5);
        assert_eq!(&format[found[5].text.clone()], b"%[]%f]");
        assert!(found[8].is_positional && found[8].width == 30);
        assert!(!conversions(b"%[^]f]%s 100%").iter().any(Conversion::is_number));
        assert!(conversions(b"%[^").len() <= 1);
    }
}
