//! Ux values as JSON, both ways, bit for bit but for the payload of a NaN.

use anyhow::{Context as _, Result, bail};
use emulator::distcore::ux::{Dirac, PositionWidth, TypeCode, UxValue, mass_from_fixed, mass_to_fixed};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::values::Named;

/// A number as JSON: those that JSON does not have as strings, in the way of Protocol Buffers.
pub(crate) fn number(x: f64) -> Value {
    match x {
        x if x.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        x => x.into(),
    }
}

/// A number that [`number`] wrote.
#[derive(Clone, Copy)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let found = match &value {
            Value::Number(x) => x.as_f64(),
            Value::String(name) => match name.as_str() {
                "NaN" => Some(f64::NAN),
                "Infinity" => Some(f64::INFINITY),
                "-Infinity" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => None,
        };
        found.map(Number).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "expected a number, \"NaN\", \"Infinity\" or \"-Infinity\", found {value}"
            ))
        })
    }
}

/// A value. Only the Diracs are needed for reading.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct JsonValue {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    particle: Option<Number>,
    /// For readers; `Type` decides.
    #[serde(default)]
    representation: String,
    #[serde(default = "athens")]
    r#type: u8,
    #[serde(default = "one")]
    samples: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mean: Option<Number>,
    #[serde(default = "sixty_four")]
    position_bits: u8,
    diracs: Vec<JsonDirac>,
}

/// A Dirac. Its mass in units of 2^-63 as well where a double does not hold it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct JsonDirac {
    position: Number,
    mass: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mass_units: Option<u64>,
}

fn athens() -> u8 {
    TypeCode::ATHENS.0
}

fn one() -> u64 {
    1
}

fn sixty_four() -> u8 {
    64
}

/// Values as a JSON list.
pub(super) fn write(values: &[Named]) -> Result<String> {
    let values: Vec<JsonValue> = values.iter().map(to_json).collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&values)?))
}

/// Values from a JSON list, or one value.
///
/// # Errors
/// With line and column of what is wrong.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Named>> {
    let first = bytes.iter().find(|c| !c.is_ascii_whitespace());
    let values: Vec<JsonValue> = if first == Some(&b'{') {
        vec![serde_json::from_slice(bytes)?]
    } else {
        serde_json::from_slice(bytes)?
    };
    if values.is_empty() {
        bail!("an empty list of values");
    }
    let places = 1..;
    values
        .into_iter()
        .zip(places)
        .map(|(value, place)| from_json(value).with_context(|| format!("value {place}")))
        .collect()
}

fn to_json(value: &Named) -> JsonValue {
    let ux = &value.ux;
    let dirac = |dirac: &Dirac| {
        let mass = mass_from_fixed(dirac.mass);
        let mass_units = (mass_to_fixed(mass) != dirac.mass).then_some(dirac.mass);
        JsonDirac {
            position: Number(dirac.position),
            mass,
            mass_units,
        }
    };
    JsonValue {
        label: value.label.clone(),
        particle: ux.particle.map(Number),
        representation: ux.representation.to_string(),
        r#type: ux.representation.0,
        samples: ux.samples,
        mean: Some(Number(ux.mean)),
        position_bits: if ux.width == PositionWidth::F64 { 64 } else { 32 },
        diracs: ux.diracs.iter().map(dirac).collect(),
    }
}

fn from_json(json: JsonValue) -> Result<Named> {
    let width = match json.position_bits {
        64 => PositionWidth::F64,
        32 => PositionWidth::F32,
        other => bail!("PositionBits is 64 or 32, not {other}"),
    };
    for (place, dirac) in json.diracs.iter().enumerate() {
        if !(0.0..=2.0).contains(&dirac.mass) {
            bail!("Diracs[{place}]: a mass is a probability, not {}", dirac.mass);
        }
    }
    let diracs = json.diracs.iter().map(|dirac| Dirac {
        position: dirac.position.0,
        mass: dirac.mass_units.unwrap_or_else(|| mass_to_fixed(dirac.mass)),
    });
    let ux = UxValue {
        particle: json.particle.map(|particle| particle.0),
        representation: TypeCode(json.r#type),
        samples: json.samples,
        mean: json.mean.map_or(f64::NAN, |mean| mean.0),
        width,
        diracs: diracs.collect(),
    };
    super::convert::with_mean(Named::new(json.label, ux)?, json.mean.is_none())
}
