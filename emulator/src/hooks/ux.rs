//! Numbers as Ux values.

use distcore::ux::{Dirac, UxValue};
use distcore::{Format, Representation};

use crate::machine::Machine;
use crate::shadow::Number;

/// The Ux value of a plain number on a core that tracks: one Dirac, and no samples.
pub(crate) fn from_number(particle: f64, representation: Representation, format: Format) -> UxValue {
    UxValue {
        particle: Some(particle),
        representation: representation.into(),
        samples: 0,
        mean: particle,
        width: format.into(),
        diracs: vec![Dirac::new(particle, 1.0)],
    }
}

impl Machine {
    /// A number as Ux; `None` on a core without tracking.
    pub(crate) fn ux_value(&mut self, number: &Number, format: Format) -> Option<UxValue> {
        let shadow = self.shadow.as_mut()?;
        Some(match shadow.printed(number, format) {
            Some(distribution) => distribution.to_ux(Some(number.particle), format),
            None => from_number(number.particle, shadow.representation(), format),
        })
    }

    /// Writes `text`, which is `number` as C prints it, and its Ux part.
    pub(crate) fn write_ux(&mut self, number: &Number, text: &str, to: &mut Vec<u8>) {
        // A float is printed as a double.
        match self.ux_value(number, Format::F64) {
            Some(value) => value.write_text(text, to),
            None => to.extend_from_slice(text.as_bytes()),
        }
    }
}
