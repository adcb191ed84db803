//! The only way out of the emulator: streams, clocks, randomness.
//!
//! Everything that a run takes from or gives to the machine it runs on goes through one [`Host`], so that an embedder decides
//! what the guest can see, and a test can play the world. Files are reached through directories that the embedder opened (see
//! [`Mount`](crate::linux::Mount)).
//!
//! * [`SystemHost`]: the streams of this process, for a command.
//! * [`TaskHost`]: streams that the embedder gives, for a server.

mod gather;
mod input;
mod metered;
mod system;
mod task;
mod world;

pub use input::{Input, InputSender};
pub(crate) use metered::Metered;
pub use system::SystemHost;
pub use task::TaskHost;

use std::io;
use std::time::Duration;

use crate::cancel::Cancel;

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
    /// Gets the request that ends the run, before anything else is called. A host whose [`Host::read_input`] or [`Host::sleep`] can
    /// take long keeps it, and gives up waiting when somebody asks: only so is a blocked guest seen to by a cancel or a time limit.
    fn attach(&mut self, cancel: &Cancel) {
        let _ = cancel;
    }

    /// Reads from standard input into `buffer`; 0 at its end.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::Interrupted`] where the wait was given up because the run shall end. Else whatever the operating system says;
    /// the guest sees it as `EIO`.
    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Takes all of `bytes` for an output stream.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::BrokenPipe`] ends the guest with `SIGPIPE`; the guest sees every other error as `EIO`.
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// Delivers output that was taken and kept back: the run has ended. What then fails has nobody to be told.
    fn flush(&mut self) {}

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
