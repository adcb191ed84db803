//! The codec's rules: round trips over everything that real strings do, and what malformed data is told.

use distcore::ux::{Dirac, MASS_ONE, MAX_DIRACS, PositionWidth, TypeCode, UxError, UxReason, UxValue};
use proptest::prelude::*;

/// Any position that survives the given width.
fn position(width: PositionWidth) -> BoxedStrategy<f64> {
    match width {
        PositionWidth::F64 => any::<u64>().prop_map(f64::from_bits).boxed(),
        // Not NaN: how a float NaN widens has its own test.
        PositionWidth::F32 => any::<f32>()
            .prop_filter("number", |x| !x.is_nan())
            .prop_map(f64::from)
            .boxed(),
    }
}

/// Values with positions in any order, masses that sum to anything (zero included), and up to three special Diracs at
/// the end.
fn value() -> impl Strategy<Value = UxValue> {
    prop_oneof![Just(PositionWidth::F64), Just(PositionWidth::F32)]
        .prop_flat_map(|width| {
            let mass = prop_oneof![Just(0), Just(MASS_ONE), any::<u64>()];
            (
                Just(width),
                prop::collection::vec((position(width), mass), 0..70),
                any::<[Option<u64>; 3]>(),
                any::<u8>().prop_filter("F0 is the marker", |&code| code != 0xF0),
                prop_oneof![Just(0), Just(1), any::<u64>()],
                any::<u64>(),
                any::<f64>(),
            )
        })
        .prop_map(|(width, finite, special, code, samples, mean, particle)| {
            let mut diracs: Vec<_> = finite
                .into_iter()
                .map(|(position, mass)| Dirac { position, mass })
                .collect();
            for (position, mass) in [f64::NAN, f64::NEG_INFINITY, f64::INFINITY].into_iter().zip(special) {
                diracs.extend(mass.map(|mass| Dirac { position, mass }));
            }
            // Without a Dirac there is nothing to tell the width from.
            let width = if diracs.is_empty() { PositionWidth::F64 } else { width };
            UxValue {
                particle: Some(particle),
                representation: TypeCode(code),
                samples,
                mean: f64::from_bits(mean),
                width,
                diracs,
            }
        })
}

/// The particle as different conversions print it, in a way that reads back exactly.
fn particle_text(particle: f64, form: u8) -> String {
    match form % 4 {
        0 => format!("{particle:?}"),
        1 => format!("{particle:e}"),
        2 => format!("{particle:E}"),
        _ => format!("{particle:+.17e}"),
    }
}

proptest! {
    #[test]
    fn text_read_again_is_the_value(value in value(), form in any::<u8>(), tail in "([ ,\\n\"g-zG-Z][ -~]{0,20})?") {
        let text = value.to_text(&particle_text(value.particle.unwrap(), form));
        // Neither what follows nor the case of the digits matters.
        let (head, digits) = text.split_once("Ux").unwrap();
        let lower = format!("{head}Ux{}", digits.to_lowercase());
        for text in [&text, &lower] {
            let (again, length) = UxValue::parse_text(format!("{text}{tail}").as_bytes()).unwrap();
            prop_assert_eq!(length, text.len());
            prop_assert_eq!(&again, &value);
        }
        // The particle may be missing.
        let anonymous = UxValue { particle: None, ..value };
        let (again, _) = UxValue::parse_text(format!("Ux{digits}").as_bytes()).unwrap();
        prop_assert_eq!(again, anonymous);
    }

    #[test]
    fn exactly_the_digits_asked_for_are_taken(value in value(), tail in "[0-9A-Fa-f]{0,40}") {
        prop_assume!(value.width == PositionWidth::F64);
        let text = value.to_text("");
        let (again, length) = UxValue::parse_text(format!("{text}{tail}").as_bytes()).unwrap();
        prop_assert_eq!(length, text.len());
        prop_assert_eq!(again, UxValue { particle: None, ..value });
    }

    #[test]
    fn binary_read_again_is_the_value(value in value(), tail in prop::collection::vec(any::<u8>(), 0..40)) {
        let bytes = value.to_binary();
        prop_assert_eq!(UxValue::parse_binary(&bytes, None).unwrap(), (value.clone(), bytes.len()));
        let legacy = [&bytes[..8], &bytes[11..]].concat();
        prop_assert_eq!(UxValue::parse_binary(&legacy, None).unwrap(), (value.clone(), legacy.len()));
        // With the width known, what follows does not matter.
        let longer = [&bytes[..], &tail].concat();
        prop_assert_eq!(UxValue::parse_binary(&longer, Some(value.width)).unwrap(), (value, bytes.len()));
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_inside_it(value in value(), cut in any::<prop::sample::Index>()) {
        let text = value.to_text("");
        let cut = cut.index(text.len());
        match UxValue::parse_text(&text.as_bytes()[..cut]) {
            Err(error) => prop_assert!(error.offset <= cut),
            // Enough digits for the narrower positions may be left.
            Ok((shorter, length)) => {
                prop_assert_eq!((value.width, shorter.width), (PositionWidth::F64, PositionWidth::F32));
                prop_assert!(length <= cut);
            }
        }
    }

    #[test]
    fn float_nans_keep_their_bits(bits in any::<u32>()) {
        // Any NaN, signalling ones included; an all-zero payload would be an infinity.
        let nan = bits | 0x7F80_0000;
        prop_assume!(nan & 0x007F_FFFF != 0);
        let text = format!("Ux0400000000000000017FF800000000000000000001{nan:08X}8000000000000000");
        let (value, _) = UxValue::parse_text(text.as_bytes()).unwrap();
        prop_assert!(value.diracs[0].position.is_nan());
        prop_assert_eq!(value.to_text(""), text);
    }
}

fn text_error(text: &str) -> UxError {
    UxValue::parse_text(text.as_bytes()).expect_err(text)
}

#[test]
fn malformed_text_is_told_where_and_why() {
    let header = |count: &str| format!("0.5Ux0400000000000000013FE0000000000000{count}");
    for text in ["", "0.5", "U", "x", "0.5 Ux04", ",Ux", "0.5ux04"] {
        assert_eq!(
            text_error(text),
            UxError {
                offset: 0,
                reason: UxReason::NoMarker
            },
            "{text}"
        );
    }
    for text in ["abcUx04", "-Ux04", "1.5.2Ux04"] {
        assert_eq!(
            text_error(text),
            UxError {
                offset: 0,
                reason: UxReason::BadParticle
            },
            "{text}"
        );
    }
    let short = |field, needed, found| UxReason::ShortText { field, needed, found };
    assert_eq!(
        text_error("Ux0"),
        UxError {
            offset: 2,
            reason: short("type", 2, 1)
        }
    );
    assert_eq!(
        text_error("Ux04g"),
        UxError {
            offset: 4,
            reason: short("samples", 16, 0)
        }
    );
    assert_eq!(
        text_error("0.5Ux0400000000000000013FE0"),
        UxError {
            offset: 23,
            reason: short("mean", 16, 4)
        }
    );
    assert_eq!(
        text_error(&header("0000000")),
        UxError {
            offset: 39,
            reason: short("count", 8, 7)
        }
    );
    // One Dirac: 24 digits are a float's, 32 a double's, 23 nothing's.
    let digits = "3FE00000000000008000000000000000";
    assert_eq!(
        text_error(&(header("00000001") + &digits[..23])),
        UxError {
            offset: 47,
            reason: short("list of Diracs", 24, 23)
        }
    );
    assert_eq!(
        text_error(&(header("00000001") + &digits[..23])).to_string(),
        "malformed Ux data at byte 47: list of Diracs needs 24 hexadecimal digits, found 23"
    );
    // A count that lies.
    assert_eq!(
        text_error(&header("FFFFFFFF")),
        UxError {
            offset: 39,
            reason: UxReason::TooManyDiracs { count: u32::MAX }
        }
    );
    assert_eq!(
        text_error(&header("00002711")).reason,
        UxReason::TooManyDiracs { count: 10_001 }
    );
    assert_eq!(
        text_error(&header("00002710")).reason,
        short("list of Diracs", 240_000, 0)
    );
}

#[test]
fn malformed_bytes_are_told_where_and_why() {
    let good = UxValue {
        particle: Some(0.5),
        representation: TypeCode::ATHENS,
        samples: 1,
        mean: 0.5,
        width: PositionWidth::F32,
        diracs: vec![Dirac::new(0.25, 0.5), Dirac::new(0.75, 0.5)],
    };
    let bytes = good.to_binary();
    assert_eq!(bytes.len(), 32 + 2 * 12);
    let error = |bytes: &[u8], width| UxValue::parse_binary(bytes, width).expect_err("malformed");
    let short = |field, needed, found| UxReason::ShortBinary { field, needed, found };
    for (length, offset, reason) in [
        (0, 0, short("particle", 8, 0)),
        (8, 8, short("type", 1, 0)),
        (9, 8, short("marker", 3, 1)),
        (12, 12, short("samples", 8, 0)),
        (27, 20, short("mean", 8, 7)),
        (31, 28, short("count", 4, 3)),
        (55, 32, short("list of Diracs", 24, 23)),
    ] {
        assert_eq!(error(&bytes[..length], None), UxError { offset, reason });
    }
    assert_eq!(
        error(&bytes, Some(PositionWidth::F64)),
        UxError {
            offset: 32,
            reason: short("list of Diracs", 32, 24)
        }
    );
    let mut broken = bytes.clone();
    broken[9] = 1;
    assert_eq!(
        error(&broken, None),
        UxError {
            offset: 8,
            reason: UxReason::BadMarker
        }
    );
    let mut lying = bytes;
    lying[28..32].fill(0xFF);
    assert_eq!(
        error(&lying, None),
        UxError {
            offset: 28,
            reason: UxReason::TooManyDiracs { count: u32::MAX }
        }
    );
}

#[test]
fn the_largest_value_makes_the_round_trip() {
    let diracs = (0..MAX_DIRACS)
        .map(|i| Dirac::new(i as f64, 1.0 / MAX_DIRACS as f64))
        .collect();
    let value = UxValue {
        particle: None,
        representation: TypeCode::ATHENS,
        samples: 1,
        mean: 4999.5,
        width: PositionWidth::F64,
        diracs,
    };
    let text = value.to_text("");
    assert_eq!(text.len(), 2 + 42 + 32 * MAX_DIRACS);
    assert_eq!(UxValue::parse_text(text.as_bytes()).unwrap(), (value, text.len()));
}

#[test]
fn masses_are_cut_to_fixed_point_and_saturate() {
    // 2^-63 is the unit; the last bit of the double 0.1 is 2^-56, so it is exact in fixed point.
    for (mass, raw) in [
        (0.0, 0),
        (1.0, MASS_ONE),
        (0.5, MASS_ONE / 2),
        (-1.0, 0),
        (f64::NAN, 0),
        (3.0, u64::MAX),
    ] {
        assert_eq!(Dirac::new(0.0, mass).mass, raw);
    }
    assert_eq!(Dirac::new(0.0, 1.75 * 2f64.powi(-63)).mass, 1);
    assert_eq!(Dirac::new(0.0, 0.1).probability(), 0.1);
}

#[test]
fn a_value_without_particle_is_binary_with_its_mean() {
    let text =
        "Ux0900000000000000003FF000000000000000000001 ".trim_end().to_owned() + "3FF00000000000008000000000000000";
    let (value, _) = UxValue::parse_text(text.as_bytes()).unwrap();
    assert_eq!(value.representation.to_string(), "no tracking");
    let (again, _) = UxValue::parse_binary(&value.to_binary(), None).unwrap();
    assert_eq!(
        again,
        UxValue {
            particle: Some(1.0),
            ..value
        }
    );
}
