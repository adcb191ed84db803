//! What an execution sees of the world.
//!
//! There is one world and there are many executions: the first sees the host as an ordinary run does; the others print nothing, and
//! their clocks and random bytes are functions of the execution's number. All read the same standard input.

use std::cell::Cell;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use distcore::Generator;

use super::recorder::{Purpose, generator};
use crate::cancel::Cancel;
use crate::host::{Host, Stream};

/// Bytes of standard input that are kept for all executions to read.
const MOST_INPUT: usize = 1 << 30;
/// Bytes asked of the host at once.
const INPUT_CHUNK: usize = 1 << 16;
/// What looking at a clock takes, for programs that wait for it to move.
const LOOK: Duration = Duration::from_micros(1);

/// What executions other than the first had to tell.
#[derive(Default)]
struct Messages {
    count: u64,
    /// The first message of the execution with the least number that had one.
    first: Option<(u64, String)>,
}

/// What all executions share.
pub(super) struct World {
    host: Mutex<Box<dyn Host>>,
    input: Mutex<Input>,
    /// Whether input, output, error look like terminals.
    terminals: [bool; 3],
    /// Real and monotonic time at the first draw.
    draw: OnceLock<(Duration, Duration)>,
    /// What the others would have told the user: how often, and the first.
    messages: Mutex<Messages>,
}

/// Standard input behind the run-up.
#[derive(Default)]
struct Input {
    bytes: Vec<u8>,
    ended: bool,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The program before its first draw; a shard without the first execution keeps its output to itself.
    RunUp { visible: bool },
    /// The first execution of the task.
    First,
    /// Another one.
    Other,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere in the host is that thread's affair.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(super) fn new(host: Box<dyn Host>) -> World {
        let terminals = [None, Some(Stream::Output), Some(Stream::Error)].map(|stream| host.is_terminal(stream));
        World {
            host: Mutex::new(host),
            input: Mutex::default(),
            terminals,
            draw: OnceLock::new(),
            messages: Mutex::default(),
        }
    }

    /// It is the moment of the first draw: from here the clocks of the executions go on.
    pub(super) fn begin(&self) {
        let host = lock(&self.host);
        self.draw.get_or_init(|| (host.realtime(), host.monotonic()));
    }

    /// What executions other than the first had to tell: how often, and what the first of them was.
    pub(super) fn messages(&self) -> (u64, Option<String>) {
        let messages = lock(&self.messages);
        (messages.count, messages.first.as_ref().map(|first| first.1.clone()))
    }

    /// Tells the user.
    pub(super) fn diagnose(&self, message: &str) {
        lock(&self.host).diagnose(message);
    }

    /// Input from `position` on. As much as was asked for, so that it does not matter who asked first; from a terminal, what
    /// there is.
    fn read(&self, position: usize, buffer: &mut [u8]) -> io::Result<usize> {
        let mut input = lock(&self.input);
        while !input.ended && input.bytes.len() < position + buffer.len() {
            if self.terminals[0] && input.bytes.len() > position {
                break;
            }
            if input.bytes.len() >= MOST_INPUT {
                return Err(io::ErrorKind::OutOfMemory.into());
            }
            let start = input.bytes.len();
            input.bytes.resize(start + INPUT_CHUNK, 0);
            let read = lock(&self.host).read_input(&mut input.bytes[start..]);
            input.bytes.truncate(start + *read.as_ref().unwrap_or(&0));
            input.ended = read? == 0;
        }
        let rest = input.bytes.get(position..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// The world as one execution sees it.
pub(super) struct ExecutionHost {
    world: Arc<World>,
    role: Role,
    /// Its number.
    execution: u64,
    /// Bytes of input read.
    position: usize,
    /// How far the clocks of an execution other than the first have moved since the first draw.
    since: Cell<Duration>,
    generator: Generator,
}

impl ExecutionHost {
    pub(super) fn new(world: &Arc<World>, role: Role, seed: u64, execution: u64) -> ExecutionHost {
        ExecutionHost {
            world: Arc::clone(world),
            role,
            execution,
            position: 0,
            since: Cell::new(Duration::ZERO),
            generator: generator(seed, execution, Purpose::System),
        }
    }

    fn is_visible(&self) -> bool {
        matches!(self.role, Role::First | Role::RunUp { visible: true })
    }

    fn look(&self) -> Duration {
        self.wait(LOOK);
        self.since.get()
    }

    fn wait(&self, duration: Duration) {
        // Centuries of sleep are the guest's affair.
        let since = self.since.get().saturating_add(duration);
        self.since.set(since.min(Duration::from_secs(u64::MAX >> 2)));
    }
}

impl Host for ExecutionHost {
    fn attach(&mut self, cancel: &Cancel) {
        lock(&self.world.host).attach(cancel);
    }

    fn read_input(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Role::RunUp { .. } = self.role {
            return lock(&self.world.host).read_input(buffer);
        }
        let count = self.world.read(self.position, buffer)?;
        self.position += count;
        Ok(count)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        if self.is_visible() {
            lock(&self.world.host).write(stream, bytes)
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) {
        if self.is_visible() {
            lock(&self.world.host).flush();
        }
    }

    fn is_terminal(&self, stream: Option<Stream>) -> bool {
        match stream {
            None => self.world.terminals[0],
            Some(Stream::Output) => self.world.terminals[1],
            Some(Stream::Error) => self.world.terminals[2],
        }
    }

    fn realtime(&self) -> Duration {
        match self.role {
            Role::Other => self.world.draw.get().map_or(Duration::ZERO, |draw| draw.0) + self.look(),
            _ => lock(&self.world.host).realtime(),
        }
    }

    fn monotonic(&self) -> Duration {
        match self.role {
            Role::Other => self.world.draw.get().map_or(Duration::ZERO, |draw| draw.1) + self.look(),
            _ => lock(&self.world.host).monotonic(),
        }
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        if let Role::RunUp { .. } = self.role {
            lock(&self.world.host).fill_random(bytes);
            return;
        }
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.generator.bits().to_le_bytes()[..chunk.len()]);
        }
    }

    fn sleep(&mut self, duration: Duration) {
        match self.role {
            Role::Other => self.wait(duration),
            _ => lock(&self.world.host).sleep(duration),
        }
    }

    fn diagnose(&mut self, message: &str) {
        if self.is_visible() {
            return self.world.diagnose(message);
        }
        let mut messages = lock(&self.world.messages);
        messages.count += 1;
        // Which thread comes first is chance; which execution is not.
        if messages.first.as_ref().is_none_or(|first| self.execution < first.0) {
            messages.first = Some((self.execution, message.to_owned()));
        }
    }
}
