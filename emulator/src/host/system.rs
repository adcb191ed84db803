//! The streams of this process.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::input::read_stdin;
use super::world::World;
use super::{Host, Stream};
use crate::cancel::Cancel;

/// The real streams of this process, with its clocks and randomness or with ones that are the same on every run.
pub struct SystemHost {
    world: World,
}

impl SystemHost {
    /// A host whose monotonic clock starts now.
    #[must_use]
    pub fn new() -> Self {
        SystemHost { world: World::real() }
    }

    /// A host whose clocks stand still but for the guest's own sleeping (2001-09-09 01:46:40 UTC), which does not wait, and whose
    /// randomness comes from `seed`: the same input gives the same run.
    #[must_use]
    pub fn deterministic(seed: u64) -> Self {
        SystemHost {
            world: World::frozen(seed),
        }
    }
}

impl Default for SystemHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for SystemHost {
    fn attach(&mut self, cancel: &Cancel) {
        self.world.cancel = cancel.clone();
    }

    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_stdin(buffer, &self.world.cancel)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Output => {
                let mut output = io::stdout().lock();
                output.write_all(bytes)?;
                output.flush()
            }
            Stream::Error => io::stderr().lock().write_all(bytes),
        }
    }

    fn is_terminal(&self, stream: Option<Stream>) -> bool {
        match stream {
            None => io::stdin().is_terminal(),
            Some(Stream::Output) => io::stdout().is_terminal(),
            Some(Stream::Error) => io::stderr().is_terminal(),
        }
    }

    fn realtime(&self) -> Duration {
        self.world.realtime()
    }

    fn monotonic(&self) -> Duration {
        self.world.monotonic()
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        self.world.fill_random(bytes);
    }

    fn sleep(&mut self, duration: Duration) {
        self.world.sleep(duration);
    }

    fn diagnose(&mut self, message: &str) {
        // A closed stderr is no reason to stop.
        let _ = writeln!(io::stderr().lock(), "sigemu: {message}");
    }
}
