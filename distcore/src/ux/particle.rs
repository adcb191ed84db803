//! The number before `Ux`: whatever a floating-point conversion of `printf` can have written.

/// The value of a decimal (`-1.`, `.5`, `1.2E-05`), hexadecimal (`0x1.8p+3`, what `%a` prints) or named (`nan`, `-inf`)
/// number; `None` for anything else, the empty text included.
pub(super) fn parse(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, magnitude) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if let Some(digits) = magnitude.strip_prefix("0x").or_else(|| magnitude.strip_prefix("0X")) {
        let value = parse_hexadecimal(digits)?;
        return Some(if negative { -value } else { value });
    }
    text.parse().ok()
}

/// `1.8p+3`, after the `0x`. Correctly rounded for normal numbers of any length; a double printed with `%a` comes back
/// exactly.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P'])?;
    let exponent = exponent.parse::<i32>().ok()?;
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if integer.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut mantissa = 0u64;
    // Powers of two that `mantissa` is to be multiplied with. 64 bits: a text can be longer than i32::MAX / 4.
    let mut scale = i64::from(exponent) - 4 * fraction.len() as i64;
    for digit in integer.chars().chain(fraction.chars()) {
        let digit = u64::from(digit.to_digit(16)?);
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
        } else {
            // No room: keep a sticky bit, which decides ties when the mantissa is rounded to 53 bits.
            mantissa |= u64::from(digit != 0);
            scale += 4;
        }
    }
    Some(libm::scalbn(mantissa as f64, scale.clamp(-100_000, 100_000) as i32))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_conversion_of_printf_is_read() {
        // C's printf: %.0f %.2f %+.0f %#.0f %g %G %e %E, then %a as glibc and picolibc write it.
        for (text, value) in [
            ("3", 3.0),
            ("-0.00", -0.0),
            ("+7", 7.0),
            ("3.", 3.0),
            (".5", 0.5),
            ("1e+20", 1e20),
            ("1E-05", 1e-5),
            ("1.2e-05", 1.2e-5),
            ("0x1.8p+1", 3.0),
            ("-0X1.8P+1", -3.0),
            ("0x0p+0", 0.0),
            ("0x1.fffffffffffffp+1023", f64::MAX),
            ("0x0.0000000000001p-1022", f64::from_bits(1)),
            ("0x1p-1074", f64::from_bits(1)),
            // Long double: 112 bits of fraction, just above half a unit in the last place of a double.
            ("0x1.00000000000008000000000000001p+0", 1.0 + f64::EPSILON),
            ("0x1.0000000000000800000000000000p+0", 1.0),
            ("inf", f64::INFINITY),
            ("-INF", f64::NEG_INFINITY),
        ] {
            assert_eq!(
                parse(text.as_bytes()).map(f64::to_bits),
                Some(value.to_bits()),
                "{text}"
            );
        }
        for text in ["nan", "-nan", "NAN"] {
            assert!(parse(text.as_bytes()).is_some_and(f64::is_nan), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "-", "+", ".", "1e", "0x", "0xp1", "0x1", "0x1p", "0x.p1", "0xgp1", "--1", "-0x-1p1", "1,5", "\u{b5}",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
