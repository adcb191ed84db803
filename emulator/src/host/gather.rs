//! Small writes, gathered into chunks.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Stream;

/// Who gets output.
pub(super) type Sink = Box<dyn FnMut(Stream, &[u8]) -> io::Result<()> + Send>;

/// A sink behind a buffer. What lies there belongs to one stream, so that the order of the streams is kept; a thread delivers what
/// has lain for long enough, whatever the guest does meanwhile.
pub(super) struct Gather {
    shared: Arc<Shared>,
    deliverer: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// There is something to deliver, or no more will come.
    changed: Condvar,
    most: usize,
    delay: Duration,
}

struct State {
    sink: Sink,
    stream: Stream,
    kept: Vec<u8>,
    /// When the first of `kept` came.
    since: Instant,
    /// Why what was kept could not be delivered; the next write tells the guest.
    error: Option<io::Error>,
    has_ended: bool,
}

impl State {
    fn deliver(&mut self) -> io::Result<()> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let delivered = (self.sink)(self.stream, &self.kept);
        self.kept.clear();
        delivered
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A sink that panics has broken no state of ours.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Delivers what has lain for `delay`, until no more comes.
    fn deliver_late(&self) {
        let mut state = self.lock();
        while !state.has_ended {
            if state.kept.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let left = self.delay.saturating_sub(state.since.elapsed());
            if left.is_zero() {
                state.error = state.deliver().err().or(state.error.take());
            } else {
                let waited = self.changed.wait_timeout(state, left);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}

impl Gather {
    /// Chunks of at most `most` bytes, none delivered later than `delay`, but for what a scheduler adds.
    pub(super) fn new(sink: Sink, most: usize, delay: Duration) -> Gather {
        let state = State {
            sink,
            stream: Stream::Output,
            kept: Vec::new(),
            since: Instant::now(),
            error: None,
            has_ended: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            most,
            delay,
        });
        let late = Arc::clone(&shared);
        // Without the thread, every write is delivered at once.
        let deliverer = std::thread::Builder::new()
            .name("sigemu-output".into())
            .spawn(move || late.deliver_late())
            .ok();
        Gather { shared, deliverer }
    }

    pub(super) fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.shared.lock();
        if let Some(error) = state.error.take() {
            return Err(error);
        }
        if state.stream != stream || state.kept.len() + bytes.len() > self.shared.most {
            state.deliver()?;
            state.stream = stream;
        }
        if bytes.len() >= self.shared.most || self.deliverer.is_none() {
            return (state.sink)(stream, bytes);
        }
        if state.kept.is_empty() && !bytes.is_empty() {
            state.since = Instant::now();
            self.shared.changed.notify_one();
        }
        state.kept.extend_from_slice(bytes);
        Ok(())
    }

    /// Delivers what is there.
    pub(super) fn flush(&self) {
        let mut state = self.shared.lock();
        state.error = state.deliver().err().or(state.error.take());
    }
}

impl Drop for Gather {
    fn drop(&mut self) {
        self.flush();
        self.shared.lock().has_ended = true;
        self.shared.changed.notify_one();
        if let Some(deliverer) = self.deliverer.take() {
            // It does nothing that could fail but call the sink; a sink that panicked there has said so.
            let _ = deliverer.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Chunks = Arc<Mutex<Vec<(Stream, Vec<u8>)>>>;

    fn gather(most: usize, delay: Duration) -> (Gather, Chunks) {
        let chunks = Chunks::default();
        let sink = Arc::clone(&chunks);
        let gather = Gather::new(
            Box::new(move |stream, bytes| {
                sink.lock().unwrap().push((stream, bytes.to_vec()));
                Ok(())
            }),
            most,
            delay,
        );
        (gather, chunks)
    }

    const NEVER: Duration = Duration::from_secs(3600);

    #[test]
    fn small_writes_become_chunks_in_order() {
        let (gather, chunks) = gather(10, NEVER);
        for byte in b"0123456789ab" {
            gather.write(Stream::Output, &[*byte]).unwrap();
        }
        gather.write(Stream::Error, b"!").unwrap();
        gather.write(Stream::Output, b"cd").unwrap();
        gather
            .write(Stream::Output, b"a long one, which goes as it is")
            .unwrap();
        gather.write(Stream::Output, b"e").unwrap();
        drop(gather);
        let expected: [(Stream, &[u8]); 6] = [
            (Stream::Output, b"0123456789"),
            (Stream::Output, b"ab"),
            (Stream::Error, b"!"),
            (Stream::Output, b"cd"),
            (Stream::Output, b"a long one, which goes as it is"),
            (Stream::Output, b"e"),
        ];
        let chunks = chunks.lock().unwrap();
        assert_eq!(chunks.len(), expected.len());
        for (chunk, expected) in chunks.iter().zip(expected) {
            assert_eq!((chunk.0, &chunk.1[..]), expected);
        }
    }

    #[test]
    fn nothing_lies_for_long() {
        let (gather, chunks) = gather(1000, Duration::from_millis(5));
        gather.write(Stream::Output, b"x").unwrap();
        let start = Instant::now();
        // Nobody calls it any more; the bound is for a machine that stands still.
        while chunks.lock().unwrap().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(gather);
        assert_eq!(chunks.lock().unwrap().len(), 1);
    }

    #[test]
    fn an_error_comes_with_the_next_write() {
        let failing = |_: Stream, _: &[u8]| Err(io::ErrorKind::BrokenPipe.into());
        let gather = Gather::new(Box::new(failing), 10, NEVER);
        gather.write(Stream::Output, b"x").unwrap();
        gather.flush();
        let error = gather.write(Stream::Output, b"y").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
