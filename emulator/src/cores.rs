//! Cores: what a processor of this family consists of, and the ones everybody has.
//!
//! A core is class, microarchitecture, precision, memory size and correlation tracking; names and limits are those of the Signaloid
//! Cloud Compute Engine API ("Create Core").

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A core, in the API's own form: `serde` reads and writes `{"Class": "C0", "Microarchitecture": "Athens", …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Core {
    /// C0 or C0Pro; they do not differ here.
    #[serde(default)]
    pub class: Class,
    /// How values are represented, or whether at all.
    pub microarchitecture: Microarchitecture,
    /// Dirac deltas a value, 4 to 8000; executions on a Reference core, 4 to 1 000 000.
    pub precision: u64,
    /// Bytes of guest memory, 256 000 to 4 000 000 000.
    pub memory_size: u64,
    /// Whether operands that share a source are combined as such. Delos does so in any case.
    #[serde(default)]
    pub correlation_tracking: CorrelationTracking,
}

/// Class of a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Class {
    /// The ordinary one.
    #[default]
    C0,
    /// The same processor on a larger machine.
    C0Pro,
}

/// Microarchitecture: the representation of uncertain values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Microarchitecture {
    /// Telescoping torques: Dirac deltas at the conditional means of a recursive split.
    Athens,
    /// Dirac deltas on a regular grid.
    Zurich,
    /// The uncompressed product of independent dimensions.
    Jupiter,
    /// Ours, and of no real core: always with correlation tracking; answers come from the joint points of all sources and are
    /// reduced to Dirac deltas, those of Athens, only where they are printed.
    Delos,
    /// No tracking: an ordinary processor.
    Bypass,
    /// Many executions, each with one random draw a source.
    Reference,
}

/// Whether operands that share a source are combined as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CorrelationTracking {
    /// The operands of an instruction are independent, always.
    #[default]
    Disable,
    /// Operands that share a source are combined jointly.
    Autocorrelation,
}

/// The allowed precisions of a core that tracks.
pub const PRECISION_RANGE: std::ops::RangeInclusive<u64> = 4..=8000;
/// The allowed precisions of a Reference core, in executions.
pub const REFERENCE_PRECISION_RANGE: std::ops::RangeInclusive<u64> = 4..=1_000_000;
/// The allowed memory sizes in bytes.
pub const MEMORY_SIZE_RANGE: std::ops::RangeInclusive<u64> = 256_000..=4_000_000_000;

/// A core, or the description of one, that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoreError {
    /// No default core has this name.
    #[error("there is no core named '{name}'; the default cores are {}", names())]
    UnknownName {
        /// The name that was asked for.
        name: String,
    },
    /// A precision outside its range.
    #[error("precision {precision} is not allowed: the {microarchitecture} microarchitecture takes {min} to {max}")]
    Precision {
        /// What was asked for.
        precision: u64,
        /// The microarchitecture that has the range.
        microarchitecture: Microarchitecture,
        /// Least allowed value.
        min: u64,
        /// Greatest allowed value.
        max: u64,
    },
    /// A memory size outside its range.
    #[error("memory size {memory_size} is not allowed: a core takes 256000 to 4000000000 bytes")]
    MemorySize {
        /// What was asked for, in bytes.
        memory_size: u64,
    },
    /// No microarchitecture has this name.
    #[error("'{0}' is no microarchitecture: choose Athens, Zurich, Jupiter, Delos, Bypass or Reference")]
    Microarchitecture(String),
    /// No correlation tracking has this name.
    #[error("'{0}' is no correlation tracking: choose Autocorrelation or Disable")]
    CorrelationTracking(String),
    /// The JSON text does not describe a core.
    #[error("not the description of a core: {0}")]
    Json(String),
    /// A real core, but not one that this version emulates.
    #[error("{0} is not emulated by this version: choose {1}")]
    NotEmulated(String, &'static str),
}

/// A row of [`DEFAULT_CORES`].
struct DefaultCore {
    name: &'static str,
    microarchitecture: Microarchitecture,
    precision: u64,
    memory_size: u64,
    correlation_tracking: CorrelationTracking,
}

const fn row(
    name: &'static str,
    microarchitecture: Microarchitecture,
    precision: u64,
    megabytes: u64,
    correlation_tracking: CorrelationTracking,
) -> DefaultCore {
    DefaultCore {
        name,
        microarchitecture,
        precision,
        memory_size: megabytes * 1_000_000,
        correlation_tracking,
    }
}

/// The default cores of the platform.
const DEFAULT_CORES: [DefaultCore; 12] = {
    use CorrelationTracking::{Autocorrelation, Disable};
    use Microarchitecture::{Athens, Bypass, Reference};
    [
        row("C0-XS", Athens, 32, 64, Disable),
        row("C0-XS+", Athens, 32, 64, Autocorrelation),
        row("C0-S", Athens, 64, 64, Disable),
        row("C0-S+", Athens, 64, 64, Autocorrelation),
        row("C0-M", Athens, 128, 256, Disable),
        row("C0-M+", Athens, 128, 256, Autocorrelation),
        row("C0-L", Athens, 256, 512, Disable),
        row("C0-L+", Athens, 256, 512, Autocorrelation),
        row("C0-XL", Athens, 512, 1000, Disable),
        row("C0-XL+", Athens, 512, 1000, Autocorrelation),
        // Precision means nothing on Bypass; the API asks for one all the same.
        row("C0-Bypass", Bypass, *PRECISION_RANGE.start(), 64, Disable),
        row("C0-Reference", Reference, 32, 64, Disable),
    ]
};

fn names() -> String {
    DEFAULT_CORES.map(|core| core.name).join(", ")
}

impl Core {
    /// The default core of this name.
    ///
    /// # Errors
    ///
    /// [`CoreError::UnknownName`].
    pub fn named(name: &str) -> Result<Core, CoreError> {
        Core::defaults()
            .find(|(default, _)| default.eq_ignore_ascii_case(name))
            .map(|(_, core)| core)
            .ok_or_else(|| CoreError::UnknownName { name: name.into() })
    }

    /// All default cores with their names.
    pub fn defaults() -> impl Iterator<Item = (&'static str, Core)> {
        DEFAULT_CORES.iter().map(|row| {
            let core = Core {
                class: Class::C0,
                microarchitecture: row.microarchitecture,
                precision: row.precision,
                memory_size: row.memory_size,
                correlation_tracking: row.correlation_tracking,
            };
            (row.name, core)
        })
    }

    /// Reads a core in the API's JSON form; fields that say nothing about the processor (`Name`, `CoreID`, …) are ignored.
    ///
    /// # Errors
    ///
    /// [`CoreError::Json`], or what [`Core::check`] says.
    pub fn from_json(text: &str) -> Result<Core, CoreError> {
        let core: Core = serde_json::from_str(text).map_err(|error| CoreError::Json(error.to_string()))?;
        core.check()?;
        Ok(core)
    }

    /// Refuses what the API refuses.
    ///
    /// # Errors
    ///
    /// A precision or memory size outside its range.
    pub fn check(&self) -> Result<(), CoreError> {
        let range = match self.microarchitecture {
            Microarchitecture::Reference | Microarchitecture::Bypass => REFERENCE_PRECISION_RANGE,
            _ => PRECISION_RANGE,
        };
        if !range.contains(&self.precision) {
            return Err(CoreError::Precision {
                precision: self.precision,
                microarchitecture: self.microarchitecture,
                min: *range.start(),
                max: *range.end(),
            });
        }
        if !MEMORY_SIZE_RANGE.contains(&self.memory_size) {
            return Err(CoreError::MemorySize {
                memory_size: self.memory_size,
            });
        }
        Ok(())
    }

    /// Refuses the cores that exist but that this version does not emulate yet.
    pub(crate) fn check_emulated(&self) -> Result<(), CoreError> {
        if self.microarchitecture == Microarchitecture::Reference {
            return Err(CoreError::NotEmulated(
                "the Reference microarchitecture".into(),
                "an Athens core, such as C0-S",
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Microarchitecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Microarchitecture {
    type Err = CoreError;

    fn from_str(text: &str) -> Result<Self, CoreError> {
        [
            Self::Athens,
            Self::Zurich,
            Self::Jupiter,
            Self::Delos,
            Self::Bypass,
            Self::Reference,
        ]
        .into_iter()
        .find(|name| name.to_string().eq_ignore_ascii_case(text))
        .ok_or_else(|| CoreError::Microarchitecture(text.into()))
    }
}

impl fmt::Display for CorrelationTracking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for CorrelationTracking {
    type Err = CoreError;

    fn from_str(text: &str) -> Result<Self, CoreError> {
        [Self::Disable, Self::Autocorrelation]
            .into_iter()
            .find(|name| name.to_string().eq_ignore_ascii_case(text))
            .ok_or_else(|| CoreError::CorrelationTracking(text.into()))
    }
}

impl<'de> Deserialize<'de> for CorrelationTracking {
    /// Either case, as the API's own examples write it.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_core_is_allowed() {
        for (name, core) in Core::defaults() {
            core.check().unwrap();
            assert_eq!(Core::named(&name.to_lowercase()), Ok(core));
        }
    }

    #[test]
    fn the_api_form_is_read_and_written() {
        let text = r#"{"Object": "Core", "CoreID": "cor_1", "Name": "Custom", "Class": "C0", "Microarchitecture": "Athens",
            "CorrelationTracking": "disable", "MemorySize": 2000000, "Precision": 32}"#;
        let core = Core::from_json(text).unwrap();
        assert_eq!((core.precision, core.memory_size), (32, 2_000_000));
        assert_eq!(Core::from_json(&serde_json::to_string(&core).unwrap()), Ok(core));
    }

    #[test]
    fn refusals_name_the_allowed_range() {
        let core = |precision, memory_size, microarchitecture: &str| Core {
            precision,
            memory_size,
            microarchitecture: microarchitecture.parse().unwrap(),
            ..Core::named("C0-S").unwrap()
        };
        let message = |core: Core| core.check().unwrap_err().to_string();
        assert_eq!(
            message(core(3, 256_000, "athens")),
            "precision 3 is not allowed: the Athens microarchitecture takes 4 to 8000"
        );
        assert_eq!(
            message(core(1_000_001, 256_000, "Reference")),
            "precision 1000001 is not allowed: the Reference microarchitecture takes 4 to 1000000"
        );
        assert_eq!(
            message(core(32, 255_999, "Zurich")),
            "memory size 255999 is not allowed: a core takes 256000 to 4000000000 bytes"
        );
        assert_eq!(
            Core::named("C1").unwrap_err().to_string(),
            "there is no core named 'C1'; the default cores are C0-XS, C0-XS+, C0-S, C0-S+, C0-M, C0-M+, C0-L, C0-L+, C0-XL, C0-XL+, \
             C0-Bypass, C0-Reference"
        );
        assert_eq!(
            "athen".parse::<Microarchitecture>().unwrap_err().to_string(),
            "'athen' is no microarchitecture: choose Athens, Zurich, Jupiter, Delos, Bypass or Reference"
        );
        assert_eq!(
            "yes".parse::<CorrelationTracking>().unwrap_err().to_string(),
            "'yes' is no correlation tracking: choose Autocorrelation or Disable"
        );
    }
}
