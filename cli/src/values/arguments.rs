//! The options that say which values.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

/// Values to work on.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Ux texts, files that contain some (such as what a program printed, or the binary form), ValueIDs (val_…), values files of
    /// Reference cores, or `-` for standard input, which is also the default. A value is called by the text before it
    #[arg(value_name = "UX|FILE|-")]
    pub(crate) inputs: Vec<String>,

    /// Of several values, only the one with this label or number (from 1). May be repeated
    #[arg(long, value_name = "LABEL|N")]
    pub(crate) only: Vec<String>,

    /// The values file that ValueIDs are looked up in [default: sigemu.values]
    #[arg(long, value_name = "FILE")]
    pub(crate) values: Option<PathBuf>,
}

/// Command lines with values in them.
const COMMANDS: [&str; 3] = ["samples", "plot", "ux"];

/// The command line with a space before values that begin with a minus sign, so that they are not taken for options. (Clap can
/// allow values to begin so, but then takes every later option for a value.)
pub(crate) fn shielded(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let has_values = arguments
        .get(1)
        .is_some_and(|command| COMMANDS.iter().any(|name| command == name));
    if has_values {
        for argument in &mut arguments[2..] {
            let is_value = |text: &str| text.starts_with('-') && !text.starts_with("--") && text.contains("Ux0");
            if let Some(text) = argument.to_str().filter(|text| is_value(text)) {
                *argument = format!(" {text}").into();
            }
        }
    }
    arguments
}
