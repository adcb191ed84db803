//! What these tests share.

use std::path::Path;

use system_tests::{Run, sigemu, ux};

/// sigemu on a core with eight Diracs a value: the texts stay short.
pub(crate) fn tracked(program: &Path) -> Run {
    sigemu()
        .args(["run", "--core", "C0-S", "--precision", "8", "--ux"])
        .arg(program)
}

/// The particle of everything, on the same core.
pub(crate) fn particles(program: &Path) -> Run {
    sigemu()
        .args(["run", "--core", "C0-S", "--precision", "8", "--particle"])
        .arg(program)
}

/// A core that does not track.
pub(crate) fn bypass(program: &Path) -> Run {
    sigemu().args(["run", "--core", "C0-Bypass"]).arg(program)
}

/// Each Ux part as `{d}`, d the number of its Diracs: the rest of an output, and which of its values are uncertain.
pub(crate) fn shape(output: &str) -> String {
    let mut shape = String::new();
    let mut rest = output;
    for value in ux::find_all(output) {
        let at = rest.find(&value.text).expect("the value is in the output");
        shape.push_str(&rest[..at]);
        shape.push_str(&value.particle);
        shape.push_str(&format!("{{{}}}", value.diracs.len()));
        rest = &rest[at + value.text.len()..];
    }
    shape + rest
}

/// A value of 1 or 2, evenly, whose particle is 1.5.
pub(crate) const ONE_OR_TWO: &str =
    "1.5Ux0400000000000000013FF8000000000000000000023FF0000000000000400000000000000040000000000000004000000000000000";

/// All uncertain values in `output` have the Diracs of the first one.
#[track_caller]
pub(crate) fn all_uncertain_values_are_one(output: &str) -> usize {
    let values = ux::find_all(output);
    let uncertain: Vec<_> = values.iter().filter(|value| !value.is_certain()).collect();
    assert!(!uncertain.is_empty(), "{output}");
    for value in &uncertain {
        assert_eq!(value.diracs, uncertain[0].diracs, "{}", shape(output));
        assert_eq!(value.samples, 1, "{}", value.text);
    }
    uncertain.len()
}
