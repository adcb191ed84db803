//! Numbers as a person reads them.

/// `x` with that many significant digits, in positional notation where that is short, else with an exponent.
///
/// ```
/// use plot::number::significant;
/// assert_eq!(significant(14.9123, 3), "14.9");
/// assert_eq!(significant(577.35, 3), "577");
/// assert_eq!(significant(1.5e-9, 3), "1.50e-9");
/// assert_eq!(significant(0.0, 3), "0");
/// ```
#[must_use]
pub fn significant(x: f64, digits: usize) -> String {
    if x == 0.0 || !x.is_finite() {
        return x.to_string();
    }
    let last = digits.saturating_sub(1);
    // The exponent after rounding: 9.99 with two digits is 10.
    let scientific = format!("{x:.last$e}");
    let exponent = exponent(&scientific);
    if (-4..6).contains(&exponent) {
        let decimals = (last as i32 - exponent).max(0) as usize;
        format!("{x:.decimals$}")
    } else {
        scientific
    }
}

/// Mean and standard deviation: the spread with three significant digits, the mean with as many decimals, and one power of
/// ten for both where they are large or small. With a true minus sign, as ticks have it.
///
/// ```
/// use plot::number::with_spread;
/// assert_eq!(with_spread(716.8412, 14.912), "716.8 ± 14.9");
/// assert_eq!(with_spread(106000.0, 577.3), "106000 ± 577");
/// assert_eq!(with_spread(2.5e9, 1.2e8), "(2.500 ± 0.120)e9");
/// assert_eq!(with_spread(-21.5, 12.5), "−21.5 ± 12.5");
/// assert_eq!(with_spread(-0.01, 12.5), "0.0 ± 12.5");
/// assert_eq!(with_spread(7.0, 0.0), "7");
/// ```
#[must_use]
pub fn with_spread(mean: f64, deviation: f64) -> String {
    if !mean.is_finite() || deviation.is_nan() || deviation <= 0.0 {
        return true_minus(&shortest(mean));
    }
    if !deviation.is_finite() {
        return format!("{} ± {deviation}", true_minus(&significant(mean, 4)));
    }
    let magnitude = decimal_exponent(mean.abs().max(deviation));
    // A power of ten where the last digit shown stands left of the point, or all digits far right of it.
    let is_long = magnitude < -3 || (magnitude >= 7 && decimal_exponent(deviation) > 2);
    let unit = if is_long { magnitude } else { 0 };
    let (mean, deviation) = (over_power_of_ten(mean, unit), over_power_of_ten(deviation, unit));
    // At most as many digits as a double has.
    let most = (16 - decimal_exponent(mean)).clamp(0, 16);
    // After rounding: 9.999 is 10.0.
    let decimals = (2 - exponent(&format!("{deviation:.2e}"))).clamp(0, most) as usize;
    let spread = if decimals as i32 == most && deviation < 0.5 * 10f64.powi(-most) {
        significant(deviation, 2)
    } else {
        format!("{deviation:.decimals$}")
    };
    let mean = true_minus(&format!("{mean:.decimals$}"));
    match unit {
        0 => format!("{mean} ± {spread}"),
        _ => format!("({mean} ± {spread})e{unit}"),
    }
}

/// A written number with a true minus sign before its digits, and none before a zero.
fn true_minus(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(digits) if !digits.contains(|c| ('1'..='9').contains(&c) || c == 'i') => digits.into(),
        Some(digits) => format!("−{digits}"),
        None => number.into(),
    }
}

/// A number as it is, with an exponent where positional notation is long.
#[must_use]
pub fn shortest(x: f64) -> String {
    let positional = x.to_string();
    if positional.len() <= 12 || !x.is_finite() {
        return positional;
    }
    let scientific = format!("{x:e}");
    if scientific.len() < positional.len() {
        scientific
    } else {
        positional
    }
}

/// Three digits and a percent sign; never `100 %` or `0 %` for what is not all or nothing.
#[must_use]
pub fn percent(share: f64) -> String {
    match share {
        s if s > 0.0 && s < 1e-6 => format!("{} %", significant(100.0 * s, 1)),
        s if s > 0.9995 && s < 1.0 => ">99.9 %".into(),
        s => {
            let text = significant(100.0 * s, 3);
            let short = if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.')
            } else {
                &text
            };
            format!("{short} %")
        }
    }
}

/// The exponent of the first digit of `x`: 2 for 716.8. Zero for zero.
pub(crate) fn decimal_exponent(x: f64) -> i32 {
    if x == 0.0 || !x.is_finite() {
        0
    } else {
        exponent(&format!("{x:e}"))
    }
}

/// The exponent in a text that `{:e}` made.
fn exponent(scientific: &str) -> i32 {
    scientific
        .split_once('e')
        .and_then(|(_, digits)| digits.parse().ok())
        .unwrap_or(0)
}

/// `x / 10^exponent`, also where the power alone is no finite number.
pub(crate) fn over_power_of_ten(x: f64, exponent: i32) -> f64 {
    let first = exponent.clamp(-300, 300);
    let over = |x: f64, exponent: i32| {
        if exponent < 0 {
            x * 10f64.powi(-exponent)
        } else {
            x / 10f64.powi(exponent)
        }
    };
    over(over(x, first), exponent - first)
}

/// `10⁻⁹`.
pub(crate) fn power_of_ten(exponent: i32) -> String {
    let raised = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32(0x2070 + (digit as u32 - '0' as u32)).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_carries_into_the_exponent() {
        assert_eq!(significant(999_999.9, 3), "1.00e6");
        assert_eq!(significant(9.999, 3), "10.0");
        assert_eq!(significant(-0.000_123_4, 3), "-0.000123");
    }

    #[test]
    fn spreads_of_any_scale() {
        assert_eq!(with_spread(0.0, 1e-320), "(0.00 ± 1.00)e-320");
        assert_eq!(with_spread(1e308, 1e306), "(1.0000 ± 0.0100)e308");
        assert_eq!(with_spread(1e9 + 0.5, 0.001), "1000000000.50000 ± 0.00100");
        assert_eq!(with_spread(1.0, 1e-15), "1.0000000000000000 ± 0.0000000000000010");
        assert_eq!(with_spread(f64::NAN, f64::NAN), "NaN");
        assert_eq!(with_spread(f64::INFINITY, f64::NAN), "inf");
    }

    #[test]
    fn shares() {
        for (share, text) in [
            (0.25, "25 %"),
            (1.0, "100 %"),
            (0.99999, ">99.9 %"),
            (0.0, "0 %"),
            (1e-9, "1e-7 %"),
            (0.12345, "12.3 %"),
            (0.1, "10 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn powers() {
        assert_eq!(power_of_ten(-9), "10⁻⁹");
        assert_eq!(power_of_ten(123), "10¹²³");
        // The number itself has only 11 bits.
        assert!((over_power_of_ten(1e-320, -320) - 1.0).abs() < 1.0 / 2048.0);
    }
}
