//! The only way out of the emulator: streams, clocks, randomness.
//!
//! Everything that a run takes from or gives to the machine it runs on goes through one [`Host`], so that an embedder decides
//! what the guest can see, and a test can play the world. Files are reached through directories that the embedder opened (see
//! [`Mount`](crate::linux::Mount)).

use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The output streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Descriptor 1.
    Output,
    /// Descriptor 2.
    Error,
}

/// What a run may ask of the world.
pub trait Host: Send {
    /// Reads from standard input into `buffer`; 0 at its end.
    ///
    /// # Errors
    ///
    /// Whatever the operating system says; the guest sees it as `EIO`.
    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Takes all of `bytes` for an output stream.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::BrokenPipe`] ends the guest with `SIGPIPE`; the guest sees every other error as `EIO`.
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// Whether a stream shall look like a terminal to the guest, which then writes line by line. Input is `None`.
    fn is_terminal(&self, stream: Option<Stream>) -> bool;

    /// Time since 1970 began, UTC.
    fn realtime(&self) -> Duration;

    /// Time since some fixed moment before the run.
    fn monotonic(&self) -> Duration;

    /// Fills `bytes` at random.
    fn fill_random(&mut self, bytes: &mut [u8]);

    /// Waits.
    fn sleep(&mut self, duration: Duration);

    /// Tells the user, not the guest, of something that the program did wrong and that did not end it.
    fn diagnose(&mut self, message: &str);
}

/// The real streams of this process, with its clocks and randomness or with ones that are the same on every run.
pub struct SystemHost {
    start: Instant,
    frozen: Option<Frozen>,
}

/// A clock that only [`Host::sleep`] moves, and a random generator with a seed.
struct Frozen {
    slept: Duration,
    generator: distcore::Generator,
}

/// Where a frozen clock stands: 2001-09-09 01:46:40 UTC, in seconds since 1970.
const FROZEN_TIME: Duration = Duration::from_secs(1_000_000_000);

impl SystemHost {
    /// A host whose monotonic clock starts now.
    #[must_use]
    pub fn new() -> Self {
        SystemHost { start: Instant::now(), frozen: None }
    }

    /// A host whose clocks stand still but for the guest's own sleeping (2001-09-09 01:46:40 UTC), which does not wait, and whose
    /// randomness comes from `seed`: the same input gives the same run.
    #[must_use]
    pub fn deterministic(seed: u64) -> Self {
        let frozen = Frozen { slept: Duration::ZERO, generator: distcore::Generator::new(seed) };
        SystemHost { start: Instant::now(), frozen: Some(frozen) }
    }
}

impl Default for SystemHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for SystemHost {
    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::stdin().lock().read(buffer)
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
        if let Some(frozen) = &self.frozen {
            return FROZEN_TIME + frozen.slept;
        }
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    fn monotonic(&self) -> Duration {
        self.frozen.as_ref().map_or_else(|| self.start.elapsed(), |frozen| frozen.slept)
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        if let Some(frozen) = &mut self.frozen {
            for chunk in bytes.chunks_mut(8) {
                chunk.copy_from_slice(&frozen.generator.bits().to_le_bytes()[..chunk.len()]);
            }
            return;
        }
        if getrandom::fill(bytes).is_err() {
            // No entropy source: better a repeatable stream than none; nothing here is a secret.
            bytes.iter_mut().enumerate().for_each(|(i, byte)| *byte = i as u8);
        }
    }

    fn sleep(&mut self, duration: Duration) {
        if let Some(frozen) = &mut self.frozen {
            // Centuries of sleep are the guest's affair.
            frozen.slept = frozen.slept.saturating_add(duration).min(Duration::from_secs(u64::MAX >> 2));
            return;
        }
        std::thread::sleep(duration);
    }

    fn diagnose(&mut self, message: &str) {
        // A closed stderr is no reason to stop.
        let _ = writeln!(io::stderr().lock(), "sigemu: {message}");
    }
}
