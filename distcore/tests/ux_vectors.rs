//! The codec against strings that real cores printed (`shared/vectors`, found by `SIGEMU_VECTORS`).

use common::{Ux, vector};
use distcore::ux::{MASS_ONE, PositionWidth, UxValue};

#[expect(dead_code, reason = "shared with tests that need more of it")]
mod common;

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).expect("hex") as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Reads one line of a vector file and expects it back byte for byte; lines are canonical (upper case).
fn round_trip(line: &str) -> UxValue {
    let (value, length) = UxValue::parse_text(line.as_bytes()).expect(line);
    assert_eq!(length, line.len());
    let particle = line.split_once("Ux").expect("a Ux string").0;
    assert_eq!(value.to_text(particle), line);
    let independent = Ux::parse(line);
    assert!(value.diracs.iter().map(|dirac| dirac.mass).eq(independent.raw_masses));
    let bits = |position: &f64| position.to_bits();
    assert!(
        value
            .diracs
            .iter()
            .map(|dirac| bits(&dirac.position))
            .eq(independent.positions.iter().map(bits))
    );
    value
}

#[test]
fn strings_of_real_cores_print_again_byte_for_byte() {
    for (name, lines) in [
        ("gauss_0_1_athens_32.ux", 1),
        ("gauss_sum_jupiter_32_32.ux", 1),
        ("samples_tC_athens_jupiter.ux", 9),
        ("samples_tC_zurich.ux", 9),
        ("special_values.ux", 2),
        ("split_family_0.000278.ux", 5),
        ("split_family_0.002374.ux", 5),
        ("split_family_0.004201.ux", 5),
        ("uniform_affine_athens_64.ux", 1),
    ] {
        let Some(text) = vector(name) else {
            continue;
        };
        let values: Vec<_> = text.lines().map(round_trip).collect();
        assert_eq!(values.len(), lines, "{name}");
        for value in values {
            assert_eq!(value.width, PositionWidth::F64);
            // Off by up to 2000 units in what is known of real cores (the weights of 20 000 samples are added as doubles).
            let total: i128 = value.diracs.iter().map(|dirac| i128::from(dirac.mass)).sum();
            assert!(
                (total - i128::from(MASS_ONE)).abs() <= 2000,
                "{name}: masses off by {}",
                total - i128::from(MASS_ONE)
            );
        }
    }
}

#[test]
fn special_masses_stand_last() {
    let Some(text) = vector("special_values.ux") else {
        return;
    };
    let values: Vec<_> = text.lines().map(round_trip).collect();
    assert_eq!(values[0].particle, None);
    assert_eq!(values[0].diracs.len(), 33);
    assert!(values[0].diracs[32].position.is_nan());
    assert!(values[1].particle.is_some_and(f64::is_nan));
    assert!(values[1].mean.is_nan());
    let tail: Vec<_> = values[1].diracs[3..].iter().map(|dirac| dirac.position).collect();
    assert!(tail[0].is_nan());
    assert_eq!(tail[1..], [f64::NEG_INFINITY, f64::INFINITY]);
}

#[test]
fn text_and_binary_pairs_agree() {
    let Some(text) = vector("text_binary_pairs.csv") else {
        return;
    };
    let mut legacy = 0;
    for line in text.lines() {
        let (text, bytes) = line.split_once(',').expect("two columns");
        let bytes = unhex(bytes);
        let from_text = round_trip(text);
        let (from_binary, length) = UxValue::parse_binary(&bytes, None).expect(line);
        assert_eq!(length, bytes.len());
        assert_eq!(from_text, from_binary);
        let written = from_text.to_binary();
        if bytes[8] == 0xF0 {
            assert_eq!(written, bytes);
        } else {
            legacy += 1;
            assert_eq!([&written[..8], &written[11..]].concat(), bytes, "all but the marker");
        }
    }
    assert!(legacy > 0 && legacy < text.lines().count(), "both binary forms occur");
}
