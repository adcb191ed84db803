//! The options that say which values.

use std::path::PathBuf;

use clap::Args;

/// Values to work on.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Ux texts, files that contain some (such as what a program printed, or the binary form), or `-` for standard input, which
    /// is also the default. A value is called by the text before it on its line
    #[arg(value_name = "UX|FILE|-", allow_hyphen_values = true)]
    pub(crate) inputs: Vec<String>,

    /// Of several values, only the one with this label or number (from 1). May be repeated
    #[arg(long, value_name = "LABEL|N")]
    pub(crate) only: Vec<String>,

    /// The values file of a run on a Reference core, for ValueIDs (val_…)
    #[arg(long, value_name = "FILE")]
    pub(crate) values: Option<PathBuf>,
}
