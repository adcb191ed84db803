//! Signals. Ctrl-C: the run is asked to stop, so that what it printed and the statistics asked for still come out.

use std::time::Duration;

use anyhow::{Context, Result};
use emulator::Cancel;

/// Exit status of a program ended by Ctrl-C, as a shell reports it.
pub(crate) const STATUS: u8 = 130;

/// From now on a write beyond the process's limit of file sizes (`ulimit -f`) fails, as on a full disk, and does not end the process.
pub(crate) fn outlive_file_size_limit() {
    #[cfg(target_os = "linux")]
    // SAFETY: no handler is set, and nothing else looks at this signal.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// A request that Ctrl-C and SIGTERM make. Who has not stopped after `patience`, or is asked again, is ended: a run whose output
/// nobody takes does not see the request.
pub(crate) fn cancel(patience: Duration) -> Result<Cancel> {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    ctrlc::set_handler(move || {
        if !asked.is_cancelled() {
            asked.cancel();
            let wait = move || {
                std::thread::sleep(patience);
                std::process::exit(STATUS.into());
            };
            // Where there is no thread to be had, the second request ends it.
            let _ = std::thread::Builder::new().spawn(wait);
            return;
        }
        std::process::exit(STATUS.into());
    })
    .context("cannot handle Ctrl-C")?;
    Ok(cancel)
}
