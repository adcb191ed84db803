//! A double as C prints it (C17 7.21.6.1): the particle of a value.
//!
//! Digits are exact: Rust formats the exact binary value, rounded half to even in its decimal places, as glibc does in the default
//! rounding mode. picolibc's printf knows the shortest digits that tell a number from its neighbours, and puts zeros behind them.

use distcore::Format;

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style<'a> {
    pub(super) flags: &'a [u8],
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
    /// One of `fFeEgGaA`.
    pub(super) conversion: u8,
    /// Zeros follow the digits that a number of this format needs; `None`: all digits are exact.
    pub(super) shortest: Option<Format>,
}

/// A formatted number: what goes before it, itself, and what goes after it to fill the width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formatted {
    pub(super) number: String,
    /// Spaces after the number, and after whatever follows the number.
    pub(super) right_padding: usize,
}

impl Style<'_> {
    fn has(&self, flag: u8) -> bool {
        self.flags.contains(&flag)
    }

    /// Formats `value`; padding on the left is part of the number.
    pub(super) fn format(&self, value: f64) -> Formatted {
        let upper = self.conversion.is_ascii_uppercase();
        let sign = match () {
            () if value.is_sign_negative() => "-",
            () if self.has(b'+') => "+",
            () if self.has(b' ') => " ",
            () => "",
        };
        let magnitude = value.abs();
        let (prefix, mut digits) = if !value.is_finite() {
            ("", if value.is_nan() { "nan".into() } else { "inf".into() })
        } else {
            match self.conversion.to_ascii_lowercase() {
                b'e' => ("", self.exponential(magnitude, self.precision.unwrap_or(6))),
                b'g' => ("", self.general(magnitude)),
                b'a' => ("0x", self.hexadecimal(magnitude)),
                _ => ("", self.fixed(magnitude, self.precision.unwrap_or(6))),
            }
        };
        let mut prefix = format!("{sign}{prefix}");
        if upper {
            digits.make_ascii_uppercase();
            prefix.make_ascii_uppercase();
        }
        let padding = self.width.saturating_sub(prefix.len() + digits.len());
        if self.has(b'-') {
            Formatted {
                number: prefix + &digits,
                right_padding: padding,
            }
        } else if self.has(b'0') && value.is_finite() {
            Formatted {
                number: prefix + &"0".repeat(padding) + &digits,
                right_padding: 0,
            }
        } else {
            Formatted {
                number: " ".repeat(padding) + &prefix + &digits,
                right_padding: 0,
            }
        }
    }

    /// With so many digits behind the point.
    fn decimals(&self, magnitude: f64, precision: usize) -> String {
        let shortest = match self.shortest {
            None => return format!("{magnitude:.precision$}"),
            Some(Format::F64) => format!("{magnitude}"),
            Some(Format::F32) => format!("{}", magnitude as f32),
        };
        let (whole, fraction) = shortest.split_once('.').unwrap_or((&shortest, ""));
        match precision {
            _ if fraction.len() > precision => format!("{magnitude:.precision$}"),
            0 => shortest,
            _ => format!("{whole}.{fraction:0<precision$}"),
        }
    }

    /// With one digit before the point and so many behind it; the exponent as Rust writes it.
    fn scientific(&self, magnitude: f64, precision: usize) -> String {
        let shortest = match self.shortest {
            None => return format!("{magnitude:.precision$e}"),
            Some(Format::F64) => format!("{magnitude:e}"),
            Some(Format::F32) => format!("{:e}", magnitude as f32),
        };
        let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        match precision {
            _ if fraction.len() > precision => format!("{magnitude:.precision$e}"),
            0 => shortest,
            _ => format!("{whole}.{fraction:0<precision$}e{exponent}"),
        }
    }

    fn fixed(&self, magnitude: f64, precision: usize) -> String {
        let mut text = self.decimals(magnitude, precision);
        if precision == 0 && self.has(b'#') {
            text.push('.');
        }
        text
    }

    fn exponential(&self, magnitude: f64, precision: usize) -> String {
        let text = self.scientific(magnitude, precision);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let point = if precision == 0 && self.has(b'#') { "." } else { "" };
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        format!("{mantissa}{point}e{sign}{exponent:0>2}")
    }

    fn general(&self, magnitude: f64) -> String {
        let precision = self.precision.unwrap_or(6).max(1);
        let exponent: i64 = match self.scientific(magnitude, precision - 1).split_once('e') {
            Some((_, exponent)) => exponent.parse().unwrap_or(0),
            None => 0,
        };
        let exponential = exponent < -4 || exponent >= precision as i64;
        let text = if exponential {
            self.exponential(magnitude, precision - 1)
        } else {
            self.fixed(magnitude, (precision as i64 - 1 - exponent) as usize)
        };
        if self.has(b'#') {
            return text;
        }
        // Without '#' no trailing zeros after the point, and no point at the end.
        let (mantissa, tail) = match text.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, format!("e{exponent}")),
            None => (&*text, String::new()),
        };
        if mantissa.contains('.') {
            mantissa.trim_end_matches('0').trim_end_matches('.').to_owned() + &tail
        } else {
            mantissa.to_owned() + &tail
        }
    }

    fn hexadecimal(&self, magnitude: f64) -> String {
        const FRACTION_BITS: u32 = 52;
        let bits = magnitude.to_bits();
        let biased = (bits >> FRACTION_BITS) as i64;
        let fraction = bits & ((1 << FRACTION_BITS) - 1);
        // glibc writes a subnormal with a leading 0 and the least exponent.
        let (mut leading, exponent) = match (biased, fraction) {
            (0, 0) => (0, 0),
            (0, _) => (0, -1022),
            _ => (1, biased - 1023),
        };
        let digits = match self.precision {
            Some(precision) if precision < 13 => {
                let dropped = 4 * (13 - precision as u32);
                let full = u128::from(leading) << FRACTION_BITS | u128::from(fraction);
                let (kept, rest, half) = (full >> dropped, full & ((1 << dropped) - 1), 1u128 << (dropped - 1));
                let rounded = kept + u128::from(rest > half || rest == half && kept & 1 == 1);
                leading = (rounded >> (4 * precision)) as u64;
                let fraction = rounded & ((1 << (4 * precision)) - 1);
                if precision == 0 {
                    String::new()
                } else {
                    format!("{fraction:0precision$x}")
                }
            }
            Some(precision) => format!("{fraction:013x}") + &"0".repeat(precision - 13),
            None => format!("{fraction:013x}").trim_end_matches('0').to_owned(),
        };
        let point = if digits.is_empty() && !self.has(b'#') { "" } else { "." };
        format!("{leading:x}{point}{digits}p{exponent:+}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(format: &str, value: f64) -> String {
        let (flags, rest) = format[1..].split_at(format[1..].find(|c| !"-+ #0".contains(c)).unwrap());
        let (numbers, conversion) = rest.split_at(rest.len() - 1);
        let (width, precision) = match numbers.split_once('.') {
            Some((width, precision)) => (width, Some(precision.parse().unwrap_or(0))),
            None => (numbers, None),
        };
        let style = Style {
            flags: flags.as_bytes(),
            width: width.parse().unwrap_or(0),
            precision,
            conversion: conversion.as_bytes()[0],
            shortest: None,
        };
        let formatted = style.format(value);
        formatted.number + &" ".repeat(formatted.right_padding)
    }

    /// What glibc 2.36 prints.
    #[test]
    fn numbers_look_as_in_c() {
        for (format, value, expected) in [
            ("%f", 0.1, "0.100000"),
            ("%.0f", 2.5, "2"),
            ("%#.0f", 2.5, "2."),
            ("%.3f", -1234.5678, "-1234.568"),
            ("%+.1f", 1.0, "+1.0"),
            ("% .1f", 1.0, " 1.0"),
            ("%8.2f", 3.24159, "    3.24"),
            ("%-8.2f", 3.24159, "3.24    "),
            ("%08.2f", -3.24159, "-0003.24"),
            ("%e", 12345.678, "1.234568e+04"),
            ("%.0e", 12345.678, "1e+04"),
            ("%E", 1e-300, "1.000000E-300"),
            ("%g", 100000.0, "100000"),
            ("%g", 1000000.0, "1e+06"),
            ("%g", 0.0001, "0.0001"),
            ("%g", 0.00001234, "1.234e-05"),
            ("%#g", 1.0, "1.00000"),
            ("%.3g", 999.9, "1e+03"),
            ("%g", 0.0, "0"),
            ("%G", 1e-10, "1E-10"),
            ("%a", 1.0, "0x1p+0"),
            ("%a", 0.1, "0x1.999999999999ap-4"),
            ("%.2a", 0.1, "0x1.9ap-4"),
            ("%.0a", 1.5, "0x2p+0"),
            ("%A", 0.5, "0X1P-1"),
            ("%a", 5e-324, "0x0.0000000000001p-1022"),
            ("%.15a", 1.0, "0x1.000000000000000p+0"),
            ("%f", f64::INFINITY, "inf"),
            ("%08F", f64::NEG_INFINITY, "    -INF"),
            ("%f", f64::NAN, "nan"),
            ("%f", -f64::NAN, "-nan"),
            ("%f", -0.0, "-0.000000"),
            ("%.20f", 0.1, "0.10000000000000000555"),
        ] {
            assert_eq!(print(format, value), expected, "{format} of {value}");
        }
    }

    /// As picolibc 1.8 prints them.
    #[test]
    fn zeros_follow_the_shortest_digits() {
        let print = |precision, conversion, shortest, value| {
            let style = Style {
                flags: b"",
                width: 0,
                precision: Some(precision),
                conversion,
                shortest: Some(shortest),
            };
            style.format(value).number
        };
        assert_eq!(print(17, b'g', Format::F64, 0.1), "0.1");
        assert_eq!(print(20, b'f', Format::F64, 0.1), "0.10000000000000000000");
        assert_eq!(print(1, b'f', Format::F64, 1e23), "100000000000000000000000.0");
        assert_eq!(print(3, b'f', Format::F64, 0.0625), "0.062");
        assert_eq!(print(20, b'e', Format::F64, 2.5e-7), "2.50000000000000000000e-07");
        assert_eq!(print(9, b'f', Format::F32, f64::from(0.1f32)), "0.100000000");
    }
}
