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

    /// Whether printed numbers are more than plain numbers here: they show distributions, or a Reference core keeps them.
    pub(super) fn shows_values(&self) -> bool {
        self.shadow.is_some() && self.hooks.plain == 0 && (self.prints_ux() || self.recorder.is_some())
    }

    /// Writes `text`, which is `number` as C prints it, and its Ux part; on a Reference core the ValueID of an uncertain number,
    /// which is kept. `site` says what prints: a text and which conversion of it.
    pub(crate) fn write_ux(&mut self, number: &Number, text: &str, site: (&[u8], usize), to: &mut Vec<u8>) {
        if let Some(recorder) = &mut self.recorder {
            to.extend_from_slice(text.as_bytes());
            let is_drawn = number.uncertain.is_some();
            let id = is_drawn
                .then(|| recorder.record(site.0, site.1, number.particle))
                .flatten();
            if let (Some(id), true) = (id, self.prints_ux()) {
                to.extend_from_slice(id.to_string().as_bytes());
            }
            return;
        }
        // A float is printed as a double.
        match self.ux_value(number, Format::F64) {
            Some(value) => value.write_text(text, to),
            None => to.extend_from_slice(text.as_bytes()),
        }
    }
}
