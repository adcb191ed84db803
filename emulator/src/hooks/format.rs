//! Format strings of the printf family (C17 7.21.6.1, with the positional arguments of POSIX).

use sdk::PARTICLE_MODIFIER;

/// A width or precision: written out, or taken from an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Written(u32),
    /// The argument with this number, from 0.
    Argument(usize),
}

/// What an argument is, and so how much room it takes in a va_list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArgumentKind {
    /// An integer, a pointer or a double: one 8-byte slot.
    Word,
    /// A long double: two slots, 16-aligned.
    LongDouble,
}

/// A conversion specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conversion<'a> {
    /// Flag characters as written (`-+ #0'I`).
    pub(super) flags: &'a [u8],
    pub(super) width: Option<Number>,
    pub(super) precision: Option<Number>,
    /// Length modifier as written (`l`, `ll`, `L`, …).
    pub(super) length: &'a [u8],
    pub(super) conversion: u8,
    /// The number of the argument that is converted, from 0; `None` for `%%` and `%m`, which take none.
    pub(super) argument: Option<usize>,
    /// `SignaloidParticleModifier` was there.
    pub(super) particle_only: bool,
}

/// A piece of a format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a [u8]),
    Conversion(Conversion<'a>),
}

/// A format string, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Format<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    /// What the arguments are, in the order of the va_list.
    pub(super) arguments: Vec<ArgumentKind>,
}

/// Most positional arguments (POSIX promises 9; glibc knows no limit, a hostile format should).
const MOST_ARGUMENTS: usize = 4096;

impl Conversion<'_> {
    /// Whether it converts a floating-point number.
    pub(super) fn is_floating(&self) -> bool {
        matches!(self.conversion, b'f' | b'F' | b'e' | b'E' | b'g' | b'G' | b'a' | b'A')
    }

    /// Whether that number is a long double.
    pub(super) fn is_long_double(&self) -> bool {
        self.is_floating() && matches!(self.length, b"L" | b"ll" | b"q")
    }
}

impl<'a> Format<'a> {
    /// Takes a format apart. `None` for one that C leaves undefined: the guest's own printf shall deal with it.
    pub(super) fn parse(text: &'a [u8]) -> Option<Format<'a>> {
        let mut parser = Parser {
            text,
            at: 0,
            next_argument: 0,
            arguments: Vec::new(),
        };
        let mut pieces = Vec::new();
        while parser.at < text.len() {
            let start = parser.at;
            if text[start] == b'%' {
                pieces.push(Piece::Conversion(parser.conversion()?));
            } else {
                parser.at += text[start..]
                    .iter()
                    .position(|&c| c == b'%')
                    .unwrap_or(text.len() - start);
                pieces.push(Piece::Text(&text[start..parser.at]));
            }
        }
        let arguments = parser
            .arguments
            .into_iter()
            .map(|kind| kind.unwrap_or(ArgumentKind::Word))
            .collect();
        Some(Format { pieces, arguments })
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    next_argument: usize,
    arguments: Vec<Option<ArgumentKind>>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn digits(&mut self) -> Option<u32> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() {
            None
        } else {
            std::str::from_utf8(digits).ok()?.parse().ok()
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// `n$`, from 0; leaves the text alone if it is not there.
    fn position(&mut self) -> Option<usize> {
        let start = self.at;
        match self.digits() {
            Some(number) if number >= 1 && self.take(b'$') => Some(number as usize - 1),
            _ => {
                self.at = start;
                None
            }
        }
    }

    /// Notes that argument `position`, or the next one, is of this kind.
    fn argument(&mut self, position: Option<usize>, kind: ArgumentKind) -> Option<usize> {
        let number = position.unwrap_or_else(|| {
            self.next_argument += 1;
            self.next_argument - 1
        });
        if number >= MOST_ARGUMENTS {
            return None;
        }
        if self.arguments.len() <= number {
            self.arguments.resize(number + 1, None);
        }
        self.arguments[number] = Some(kind);
        Some(number)
    }

    /// `*`, `*n$`, digits, or nothing.
    fn number(&mut self) -> Option<Option<Number>> {
        if self.take(b'*') {
            let position = self.position();
            return Some(Some(Number::Argument(self.argument(position, ArgumentKind::Word)?)));
        }
        Some(self.digits().map(Number::Written))
    }

    fn conversion(&mut self) -> Option<Conversion<'a>> {
        self.at += 1; // %
        let position = self.position();
        let flags = self.take_while(|c| b"-+ #0'I".contains(&c));
        // The modifier stands before or after the precision.
        let mut particle_only = self.take(PARTICLE_MODIFIER);
        let width = self.number()?;
        particle_only |= self.take(PARTICLE_MODIFIER);
        let precision = if self.take(b'.') {
            Some(self.number()?.unwrap_or(Number::Written(0)))
        } else {
            None
        };
        particle_only |= self.take(PARTICLE_MODIFIER);
        let length = self.take_while(|c| b"hlqjzZtLw".contains(&c));
        let conversion = self.peek()?;
        self.at += 1;
        let kind = match conversion {
            b'%' | b'm' => None,
            b'f' | b'F' | b'e' | b'E' | b'g' | b'G' | b'a' | b'A' if matches!(length, b"L" | b"ll" | b"q") => {
                Some(ArgumentKind::LongDouble)
            }
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'b' | b'B' | b'c' | b'C' | b's' | b'S' | b'p' | b'n' | b'f'
            | b'F' | b'e' | b'E' | b'g' | b'G' | b'a' | b'A' => Some(ArgumentKind::Word),
            _ => return None,
        };
        let argument = match kind {
            Some(kind) => Some(self.argument(position, kind)?),
            None => None,
        };
        Some(Conversion {
            flags,
            width,
            precision,
            length,
            conversion,
            argument,
            particle_only,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversions(text: &str) -> Vec<Conversion<'_>> {
        let format = Format::parse(text.as_bytes()).unwrap();
        format
            .pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Conversion(conversion) => Some(conversion),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn flags_width_precision_and_length_are_told_apart() {
        let [conversion] = &conversions("x = %-+12.3lf\n")[..] else {
            panic!("one conversion")
        };
        assert_eq!(conversion.flags, b"-+");
        assert_eq!(
            (conversion.width, conversion.precision),
            (Some(Number::Written(12)), Some(Number::Written(3)))
        );
        assert_eq!((conversion.length, conversion.conversion), (&b"l"[..], b'f'));
    }

    #[test]
    fn the_particle_modifier_stands_before_or_after_the_precision() {
        for text in ["%!.1f", "% !f", "%.2!lf", "%8!.2f", "%-8.2!f"] {
            assert!(conversions(text)[0].particle_only, "{text}");
        }
        assert!(!conversions("%f!")[0].particle_only);
    }

    #[test]
    fn stars_take_arguments_before_the_value() {
        let all = conversions("%*.*f %d");
        assert_eq!(
            (all[0].width, all[0].precision),
            (Some(Number::Argument(0)), Some(Number::Argument(1)))
        );
        assert_eq!((all[0].argument, all[1].argument), (Some(2), Some(3)));
    }

    #[test]
    fn positional_arguments_may_repeat_and_skip() {
        let format = Format::parse(b"%3$Lf %1$*2$d %1$f").unwrap();
        use ArgumentKind::{LongDouble, Word};
        assert_eq!(format.arguments, [Word, Word, LongDouble]);
    }

    #[test]
    fn what_c_leaves_undefined_is_left_to_the_guest() {
        assert!(Format::parse(b"%").is_none());
        assert!(Format::parse(b"%y").is_none());
        assert!(Format::parse(b"%99999$f").is_none());
        assert_eq!(conversions("100%%")[0].argument, None);
    }
}
