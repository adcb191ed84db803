//! A host whose guest may print only so much.

use std::io;
use std::time::Duration;

use super::{Host, Stream};
use crate::cancel::Cancel;
use crate::limits::Allowance;

/// Delivers what is allowed; beyond it the run ends.
pub(crate) struct Metered {
    host: Box<dyn Host>,
    output: Allowance,
}

impl Metered {
    pub(crate) fn new(host: Box<dyn Host>, output: Allowance) -> Metered {
        Metered { host, output }
    }
}

impl Host for Metered {
    fn attach(&mut self, cancel: &Cancel) {
        self.host.attach(cancel);
    }

    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.host.read_input(buffer)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let fits = self.output.take_some(bytes.len() as u64) as usize;
        if fits == 0 && !bytes.is_empty() {
            return Ok(());
        }
        self.host.write(stream, &bytes[..fits])
    }

    fn flush(&mut self) {
        self.host.flush();
    }

    fn is_terminal(&self, stream: Option<Stream>) -> bool {
        self.host.is_terminal(stream)
    }

    fn realtime(&self) -> Duration {
        self.host.realtime()
    }

    fn monotonic(&self) -> Duration {
        self.host.monotonic()
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        self.host.fill_random(bytes);
    }

    fn sleep(&mut self, duration: Duration) {
        self.host.sleep(duration);
    }

    fn diagnose(&mut self, message: &str) {
        self.host.diagnose(message);
    }
}
