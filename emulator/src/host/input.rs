//! Where a guest's standard input comes from, and reading it so that a cancel is seen.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::cancel::Cancel;

/// How long a read waits before it looks for a cancel again.
const SLICE: Duration = Duration::from_millis(4);

/// A guest's standard input.
#[derive(Debug)]
pub struct Input(Source);

#[derive(Debug)]
enum Source {
    Bytes(Cursor<Vec<u8>>),
    /// What came last and has not been read, and where more comes from.
    Channel(Cursor<Vec<u8>>, Receiver<Vec<u8>>),
    File(File),
    Stdin,
}

/// The other end of [`Input::channel`]. Input ends when it, and every clone of it, is dropped.
#[derive(Debug, Clone)]
pub struct InputSender(Sender<Vec<u8>>);

impl InputSender {
    /// Adds bytes to what the guest can read. `false` if the run is over and nobody will.
    pub fn send(&self, bytes: impl Into<Vec<u8>>) -> bool {
        self.0.send(bytes.into()).is_ok()
    }
}

impl Input {
    /// These bytes, then the end.
    #[must_use]
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Input {
        Input(Source::Bytes(Cursor::new(bytes.into())))
    }

    /// What is sent while the run goes on. The guest waits for it, and a cancel ends the wait.
    #[must_use]
    pub fn channel() -> (InputSender, Input) {
        let (sender, receiver) = channel();
        (InputSender(sender), Input(Source::Channel(Cursor::default(), receiver)))
    }

    /// An open file, pipe or device. On Unix a cancel ends a wait for it.
    #[must_use]
    pub fn file(file: File) -> Input {
        Input(Source::File(file))
    }

    /// The standard input of this process. On Unix a cancel ends a wait for it. Reads past the buffer of [`std::io::stdin`].
    #[must_use]
    pub fn stdin() -> Input {
        Input(Source::Stdin)
    }

    /// Whether a read may have to wait for somebody.
    pub(super) fn may_wait(&self) -> bool {
        !matches!(self.0, Source::Bytes(_))
    }

    /// Reads into `buffer`; 0 at the end.
    pub(super) fn read(&mut self, buffer: &mut [u8], cancel: &Cancel) -> io::Result<usize> {
        match &mut self.0 {
            Source::Bytes(bytes) => bytes.read(buffer),
            Source::Channel(bytes, receiver) => loop {
                let count = bytes.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                match receiver.recv_timeout(SLICE) {
                    Ok(more) => *bytes = Cursor::new(more),
                    Err(RecvTimeoutError::Disconnected) => return Ok(0),
                    Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => return Err(interrupted()),
                    Err(RecvTimeoutError::Timeout) => {}
                }
            },
            Source::File(file) => {
                #[cfg(unix)]
                wait_until_readable(&*file, cancel)?;
                file.read(buffer)
            }
            Source::Stdin => read_stdin(buffer, cancel),
        }
    }
}

fn interrupted() -> io::Error {
    io::ErrorKind::Interrupted.into()
}

/// Reads from this process's standard input.
#[cfg(unix)]
pub(super) fn read_stdin(buffer: &mut [u8], cancel: &Cancel) -> io::Result<usize> {
    let stdin = io::stdin();
    wait_until_readable(&stdin, cancel)?;
    // Not through its buffer: what lies there would not show when waiting for more.
    Ok(rustix::io::read(&stdin, buffer)?)
}

/// Reads from this process's standard input.
#[cfg(not(unix))]
pub(super) fn read_stdin(buffer: &mut [u8], _: &Cancel) -> io::Result<usize> {
    io::stdin().lock().read(buffer)
}

/// Waits until a read would not wait, or until the run shall end.
#[cfg(unix)]
fn wait_until_readable(file: impl std::os::fd::AsFd, cancel: &Cancel) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let slice = Timespec {
        tv_sec: 0,
        tv_nsec: SLICE.subsec_nanos().into(),
    };
    loop {
        if cancel.is_cancelled() {
            return Err(interrupted());
        }
        match poll(&mut [PollFd::new(&file, PollFlags::IN)], Some(&slice)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // An end, an error, a closed descriptor: the read will tell.
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(mut input: Input) -> Vec<u8> {
        let cancel = Cancel::new();
        let (mut all, mut buffer) = (Vec::new(), [0; 3]);
        loop {
            match input.read(&mut buffer, &cancel).unwrap() {
                0 => return all,
                count => all.extend(&buffer[..count]),
            }
        }
    }

    #[test]
    fn input_comes_in_order_and_ends() {
        assert_eq!(read_all(Input::bytes("hello")), b"hello");
        let (sender, input) = Input::channel();
        let reader = std::thread::spawn(|| read_all(input));
        for part in ["he", "", "llo"] {
            assert!(sender.send(part));
        }
        drop(sender);
        assert_eq!(reader.join().unwrap(), b"hello");
    }

    #[test]
    fn a_wait_is_given_up() {
        let cancel = Cancel::new();
        let (_sender, mut input) = Input::channel();
        cancel.cancel();
        assert_eq!(
            input.read(&mut [0], &cancel).unwrap_err().kind(),
            io::ErrorKind::Interrupted
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_wait_for_a_pipe_is_given_up() {
        let (reader, writer) = io::pipe().unwrap();
        let mut input = Input::file(File::from(std::os::fd::OwnedFd::from(reader)));
        let cancel = Cancel::new();
        let waiter = std::thread::spawn({
            let cancel = cancel.clone();
            move || input.read(&mut [0], &cancel).unwrap_err().kind()
        });
        cancel.cancel();
        assert_eq!(waiter.join().unwrap(), io::ErrorKind::Interrupted);
        drop(writer);
    }
}
