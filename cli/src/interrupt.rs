//! Ctrl-C: the run is asked to stop, so that what it printed and the statistics asked for still come out.

use std::time::Duration;

use anyhow::{Context, Result};
use emulator::Cancel;

/// Exit status of a program ended by Ctrl-C, as a shell reports it.
const STATUS: i32 = 130;

/// How long a run may take to stop: one whose output nobody takes does not see the request.
const PATIENCE: Duration = Duration::from_millis(250);

/// A request that Ctrl-C and SIGTERM make. Who has not stopped soon after is ended.
pub(crate) fn cancel() -> Result<Cancel> {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    ctrlc::set_handler(move || {
        if !asked.is_cancelled() {
            asked.cancel();
            std::thread::sleep(PATIENCE);
        }
        std::process::exit(STATUS);
    })
    .context("cannot handle Ctrl-C")?;
    Ok(cancel)
}
