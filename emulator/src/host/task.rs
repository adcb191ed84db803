//! The world of a task inside another program: streams that the embedder gives.

use std::io;
use std::time::Duration;

use super::gather::{Gather, Sink};
use super::world::World;
use super::{Host, Input, Stream};
use crate::cancel::Cancel;

type MessageSink = Box<dyn FnMut(&str) + Send>;

/// Streams that the embedder gives: input from an [`Input`], output to a function, in the chunks in which the guest writes it or
/// in larger ones.
///
/// ```
/// use std::sync::mpsc;
/// use emulator::{Input, Stream, TaskHost};
///
/// let (sender, receiver) = mpsc::channel();
/// let host = TaskHost::new()
///     .input(Input::bytes("3 4\n"))
///     .output(move |stream: Stream, bytes: &[u8]| {
///         // A receiver that is gone is a pipe that nobody reads: the guest gets SIGPIPE.
///         sender.send((stream, bytes.to_vec())).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
///     });
/// # drop((host, receiver));
/// ```
pub struct TaskHost {
    world: World,
    input: Input,
    output: Output,
    diagnostics: Option<MessageSink>,
}

impl TaskHost {
    /// No input, output that goes nowhere, and the clocks and randomness of this machine.
    #[must_use]
    pub fn new() -> TaskHost {
        TaskHost {
            world: World::real(),
            input: Input::bytes([]),
            output: Output::Nowhere,
            diagnostics: None,
        }
    }

    /// What the guest reads from standard input.
    #[must_use]
    pub fn input(mut self, input: Input) -> TaskHost {
        self.input = input;
        self
    }

    /// Who gets what the guest writes to standard output and standard error, on the thread that runs it. While the function works,
    /// the guest waits: one that never returns makes a run that never ends. Of its errors,
    /// [`BrokenPipe`](io::ErrorKind::BrokenPipe) ends the guest with `SIGPIPE`, and the guest sees every other as `EIO`.
    #[must_use]
    pub fn output(mut self, sink: impl FnMut(Stream, &[u8]) -> io::Result<()> + Send + 'static) -> TaskHost {
        self.output = Output::AsWritten(Box::new(sink));
        self
    }

    /// As [`TaskHost::output`], for a guest that writes in small pieces: they are gathered into chunks of at most `most` bytes (one
    /// write of more is one chunk), in the order in which they were written to both streams. A chunk is delivered when the next piece
    /// does not fit, when the guest writes to the other stream, reads, sleeps or ends, and otherwise `delay` after its first byte, by
    /// another thread. An error of the function reaches the guest with its next write.
    #[must_use]
    pub fn gathered_output(
        mut self,
        most: usize,
        delay: Duration,
        sink: impl FnMut(Stream, &[u8]) -> io::Result<()> + Send + 'static,
    ) -> TaskHost {
        self.output = Output::Gathered(Gather::new(Box::new(sink), most, delay));
        self
    }

    /// Who gets remarks that are for the user and not from the guest, a line each (see [`Host::diagnose`]).
    #[must_use]
    pub fn diagnostics(mut self, sink: impl FnMut(&str) + Send + 'static) -> TaskHost {
        self.diagnostics = Some(Box::new(sink));
        self
    }

    /// Clocks that stand still but for the guest's own sleeping (2001-09-09 01:46:40 UTC), which does not wait, and randomness from
    /// `seed`: the same input gives the same run.
    #[must_use]
    pub fn deterministic(mut self, seed: u64) -> TaskHost {
        self.world = World::frozen(seed);
        self
    }
}

/// Where output goes.
enum Output {
    Nowhere,
    AsWritten(Sink),
    Gathered(Gather),
}

impl Default for TaskHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for TaskHost {
    fn attach(&mut self, cancel: &Cancel) {
        self.world.cancel = cancel.clone();
    }

    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Who is to answer must see the question.
        if self.input.may_wait() {
            self.flush();
        }
        self.input.read(buffer, &self.world.cancel)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match &mut self.output {
            Output::Nowhere => Ok(()),
            Output::AsWritten(sink) => sink(stream, bytes),
            Output::Gathered(gather) => gather.write(stream, bytes),
        }
    }

    fn flush(&mut self) {
        if let Output::Gathered(gather) = &self.output {
            gather.flush();
        }
    }

    fn is_terminal(&self, _: Option<Stream>) -> bool {
        false
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
        self.flush();
        self.world.sleep(duration);
    }

    fn diagnose(&mut self, message: &str) {
        self.flush();
        if let Some(sink) = &mut self.diagnostics {
            sink(message);
        }
    }
}
