//! Ctrl-C: the run is asked to stop, so that what it printed and the statistics asked for still come out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};

/// Exit status of a program ended by Ctrl-C, as a shell reports it.
const STATUS: i32 = 130;

/// How long a run may take to stop. A guest that waits for standard input does not see the request at all.
const PATIENCE: Duration = Duration::from_millis(250);

/// A flag that Ctrl-C and SIGTERM set. Who has not stopped soon after is ended.
pub(crate) fn flag() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let handler_flag = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if !handler_flag.swap(true, Ordering::Relaxed) {
            std::thread::sleep(PATIENCE);
        }
        std::process::exit(STATUS);
    })
    .context("cannot handle Ctrl-C")?;
    Ok(flag)
}
