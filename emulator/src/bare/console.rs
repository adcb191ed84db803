//! The console of a bare machine: programs print it byte by byte, the host gets it by the line.

use crate::host::{Host, Stream};

/// Bytes that are held back at most.
const LONGEST_LINE: usize = 4096;

/// What has been printed and the host does not have yet.
#[derive(Debug, Default)]
pub(super) struct Console {
    line: Vec<u8>,
}

impl Console {
    pub(super) fn print(&mut self, bytes: &[u8], host: &mut dyn Host) {
        self.line.extend_from_slice(bytes);
        if self.line.len() >= LONGEST_LINE || self.line.ends_with(b"\n") {
            self.flush(host);
        }
    }

    /// Lets the host have everything: before it is asked for input, and at the end.
    pub(super) fn flush(&mut self, host: &mut dyn Host) {
        if !self.line.is_empty() {
            // The program has no way to learn that its console is gone.
            let _ = host.write(Stream::Output, &self.line);
            self.line.clear();
        }
    }
}
