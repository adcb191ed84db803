//! RISC-V semihosting: a bare program asks its host for files, a console, time, and its end.
//!
//! Sources: RISC-V semihosting specification (binary interface) and Arm's "Semihosting for AArch32 and AArch64" (operations).
//! `a0` holds the operation and gets the result, `a1` points to a block of doubleword parameters. Files are those of the mounts,
//! by the same paths as in the Linux environment.

use super::console::Console;
use crate::hart::{Hart, reg};
use crate::host::Host;
use crate::linux::{AT_FDCWD, Errno, Files, O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY};
use crate::machine::Exit;
use crate::memory::Bus;
use crate::trap::Signal;

mod operation {
    pub(super) const OPEN: u64 = 0x01;
    pub(super) const CLOSE: u64 = 0x02;
    pub(super) const WRITEC: u64 = 0x03;
    pub(super) const WRITE0: u64 = 0x04;
    pub(super) const WRITE: u64 = 0x05;
    pub(super) const READ: u64 = 0x06;
    pub(super) const READC: u64 = 0x07;
    pub(super) const ISERROR: u64 = 0x08;
    pub(super) const ISTTY: u64 = 0x09;
    pub(super) const SEEK: u64 = 0x0a;
    pub(super) const FLEN: u64 = 0x0c;
    pub(super) const TMPNAM: u64 = 0x0d;
    pub(super) const REMOVE: u64 = 0x0e;
    pub(super) const RENAME: u64 = 0x0f;
    pub(super) const CLOCK: u64 = 0x10;
    pub(super) const TIME: u64 = 0x11;
    pub(super) const SYSTEM: u64 = 0x12;
    pub(super) const ERRNO: u64 = 0x13;
    pub(super) const GET_CMDLINE: u64 = 0x15;
    pub(super) const HEAPINFO: u64 = 0x16;
    pub(super) const EXIT: u64 = 0x18;
    pub(super) const EXIT_EXTENDED: u64 = 0x20;
    pub(super) const ELAPSED: u64 = 0x30;
    pub(super) const TICKFREQ: u64 = 0x31;
}

/// Reasons to stop, of `EXIT` and `EXIT_EXTENDED`.
const APPLICATION_EXIT: u64 = 0x20026;
const ABORT: u64 = 0x20023;

const FAILURE: u64 = u64::MAX;
/// Longest path, command line or string to print that is taken from the program, in bytes.
const LONGEST_TEXT: u64 = 1 << 20;
/// Bytes that one READ or WRITE moves at a time.
const CHUNK: u64 = 1 << 16;
/// The file by which programs ask which extensions there are: its magic number, then bit 0 for EXIT_EXTENDED and bit 1 for
/// separate output and error streams.
const FEATURES_NAME: &[u8] = b":semihosting-features";
const FEATURES: [u8; 5] = [0x53, 0x48, 0x46, 0x42, 0x03];
/// The handle of the features file; no descriptor is that large.
const FEATURES_HANDLE: i32 = 0x10000;

/// Open files and the last error.
pub(super) struct Semihosting {
    files: Files,
    errno: i32,
    command_line: Vec<u8>,
    features_position: usize,
    /// How often the console was read in vain.
    past_end: u32,
}

/// READC calls that may fail at the end of input. Libraries that take every result for a character (picolibc) would read for ever.
const READS_PAST_END: u32 = 8;

/// The program passed something that cannot be used.
struct Refused;

/// Memory of the program, as the instruction that calls would reach it.
struct Guest<B> {
    view: B,
}

impl<B: Bus> Guest<B> {
    fn doubleword(&mut self, address: u64) -> Result<u64, Refused> {
        self.view.load(address).map(u64::from_le_bytes).map_err(|_| Refused)
    }

    fn store_doubleword(&mut self, address: u64, value: u64) -> Result<(), Refused> {
        self.view.store(address, value.to_le_bytes()).map_err(|_| Refused)
    }

    fn bytes(&mut self, address: u64, size: u64) -> Result<Vec<u8>, Refused> {
        (0..size)
            .map(|index| match self.view.load::<1>(address.wrapping_add(index)) {
                Ok([byte]) => Ok(byte),
                Err(_) => Err(Refused),
            })
            .collect()
    }

    fn text(&mut self, address: u64, size: u64) -> Result<Vec<u8>, Refused> {
        if size > LONGEST_TEXT {
            Err(Refused)
        } else {
            self.bytes(address, size)
        }
    }

    /// A C string without its terminator.
    fn c_string(&mut self, address: u64) -> Result<Vec<u8>, Refused> {
        let mut text = Vec::new();
        for index in 0..LONGEST_TEXT {
            match self.view.load::<1>(address.wrapping_add(index)) {
                Ok([0]) => return Ok(text),
                Ok([byte]) => text.push(byte),
                Err(_) => return Err(Refused),
            }
        }
        Err(Refused)
    }

    fn store_bytes(&mut self, address: u64, bytes: &[u8]) -> Result<(), Refused> {
        for (index, byte) in bytes.iter().enumerate() {
            self.view
                .store(address.wrapping_add(index as u64), [*byte])
                .map_err(|_| Refused)?;
        }
        Ok(())
    }
}

impl Semihosting {
    /// With arguments, the program's name first; they are joined by spaces, and the program takes them apart.
    pub(super) fn new(files: Files, arguments: &[Vec<u8>]) -> Semihosting {
        Semihosting {
            files,
            errno: 0,
            command_line: arguments.join(&b' '),
            features_position: 0,
            past_end: 0,
        }
    }

    /// Carries out the call that `hart` makes in a cycle, with memory as it sees it; `Some` if it ends the run.
    pub(super) fn call(
        &mut self,
        hart: &mut Hart,
        view: impl Bus,
        cycles: u64,
        console: &mut Console,
        host: &mut dyn Host,
    ) -> Option<Exit> {
        let (number, parameter) = (hart.x[reg::A0], hart.x[reg::A1]);
        let mut guest = Guest { view };
        if number == operation::EXIT || number == operation::EXIT_EXTENDED {
            let reason = guest.doubleword(parameter).unwrap_or(ABORT);
            let code = guest.doubleword(parameter.wrapping_add(8)).unwrap_or(1);
            return Some(match reason {
                APPLICATION_EXIT => Exit::Status(code as u8),
                ABORT => Exit::Signal(Signal::ABRT),
                _ => Exit::Status(1),
            });
        }
        if number == operation::READC && self.past_end >= READS_PAST_END {
            return Some(Exit::Stuck(
                "the program goes on reading its console at the end of the input".into(),
            ));
        }
        hart.x[reg::A0] = self
            .perform(number, parameter, cycles, &mut guest, console, host)
            .unwrap_or(FAILURE);
        None
    }

    fn perform(
        &mut self,
        number: u64,
        parameter: u64,
        cycles: u64,
        guest: &mut Guest<impl Bus>,
        console: &mut Console,
        host: &mut dyn Host,
    ) -> Result<u64, Refused> {
        let argument = |guest: &mut Guest<_>, index: u64| guest.doubleword(parameter.wrapping_add(8 * index));
        Ok(match number {
            operation::OPEN => {
                let (name, mode) = (argument(guest, 0)?, argument(guest, 1)?);
                let size = argument(guest, 2)?;
                let name = guest.text(name, size)?;
                self.open(&name, mode)?
            }
            operation::CLOSE => match argument(guest, 0)? as i32 {
                // The streams and the features stay open.
                0..=2 | FEATURES_HANDLE => 0,
                handle => self.outcome(|files| files.close(handle).map(|()| 0)),
            },
            operation::WRITEC => {
                let byte = guest.bytes(parameter, 1)?;
                console.print(&byte, host);
                0
            }
            operation::WRITE0 => {
                let text = guest.c_string(parameter)?;
                console.print(&text, host);
                0
            }
            operation::WRITE => {
                let (handle, address) = (argument(guest, 0)? as i32, argument(guest, 1)?);
                let size = argument(guest, 2)?;
                self.write(handle, address, size, guest, console, host)?
            }
            operation::READ => {
                let (handle, address) = (argument(guest, 0)? as i32, argument(guest, 1)?);
                let size = argument(guest, 2)?;
                console.flush(host);
                self.read(handle, address, size, guest, host)?
            }
            operation::READC => {
                console.flush(host);
                let mut byte = [0];
                match host.read_input(&mut byte) {
                    Ok(1) => byte[0].into(),
                    _ => {
                        self.past_end += 1;
                        FAILURE
                    }
                }
            }
            operation::ISERROR => u64::from((argument(guest, 0)? as i64) < 0),
            operation::ISTTY => {
                let handle = argument(guest, 0)? as i32;
                u64::from(self.files.is_terminal(host, handle).unwrap_or(false))
            }
            operation::SEEK => {
                let (handle, position) = (argument(guest, 0)? as i32, argument(guest, 1)?);
                self.outcome(|files| files.seek(handle, position as i64, 0).map(|_| 0))
            }
            operation::FLEN => match argument(guest, 0)? as i32 {
                FEATURES_HANDLE => FEATURES.len() as u64,
                handle => self.outcome(|files| files.length(handle)),
            },
            operation::TMPNAM => {
                let (address, id) = (argument(guest, 0)?, argument(guest, 1)?);
                let size = argument(guest, 2)?;
                let name = format!("tmp{:03}.sigemu\0", id & 0xff);
                if (name.len() as u64) > size {
                    return Err(Refused);
                }
                guest.store_bytes(address, name.as_bytes())?;
                0
            }
            operation::REMOVE => {
                let name = self.path(guest, parameter)?;
                self.outcome(|files| files.unlink(AT_FDCWD, &name, 0).map(|()| 0))
            }
            operation::RENAME => {
                let (from, to) = (
                    self.path(guest, parameter)?,
                    self.path(guest, parameter.wrapping_add(16))?,
                );
                self.outcome(|files| files.rename((AT_FDCWD, &from), (AT_FDCWD, &to)).map(|()| 0))
            }
            // Hundredths of a second, of the hart's own time.
            operation::CLOCK => cycles / 10_000_000,
            operation::TIME => host.realtime().as_secs(),
            operation::ERRNO => self.errno as u64,
            operation::GET_CMDLINE => {
                let (address, size) = (argument(guest, 0)?, argument(guest, 1)?);
                let length = self.command_line.len() as u64;
                if length >= size {
                    return Err(Refused);
                }
                let mut text = self.command_line.clone();
                text.push(0);
                guest.store_bytes(address, &text)?;
                guest.store_doubleword(parameter.wrapping_add(8), length)?;
                0
            }
            // Zeros: the program knows its heap and stack better.
            operation::HEAPINFO => {
                let block = guest.doubleword(parameter)?;
                for index in 0..4 {
                    guest.store_doubleword(block.wrapping_add(8 * index), 0)?;
                }
                0
            }
            operation::ELAPSED => {
                guest.store_doubleword(parameter, cycles)?;
                0
            }
            operation::TICKFREQ => 1_000_000_000,
            // There is no command interpreter to run anything.
            operation::SYSTEM => FAILURE,
            _ => FAILURE,
        })
    }

    /// The result, or -1 and the error for `ERRNO`.
    fn outcome(&mut self, call: impl FnOnce(&mut Files) -> Result<u64, Errno>) -> u64 {
        match call(&mut self.files) {
            Ok(result) => result,
            Err(Errno(number)) => {
                self.errno = number;
                FAILURE
            }
        }
    }

    /// A path by its address and length, which stand at `block`.
    fn path(&mut self, guest: &mut Guest<impl Bus>, block: u64) -> Result<String, Refused> {
        let (address, size) = (guest.doubleword(block)?, guest.doubleword(block.wrapping_add(8))?);
        String::from_utf8(guest.text(address, size)?).map_err(|_| Refused)
    }

    /// Opens by a mode of C's `fopen`: r, rb, r+, r+b, w, wb, w+, w+b, a, ab, a+, a+b as 0 to 11.
    fn open(&mut self, name: &[u8], mode: u64) -> Result<u64, Refused> {
        if name == b":tt" {
            // The console: for reading, writing and appending it is the three streams.
            return Ok((mode / 4).min(2));
        }
        if name == FEATURES_NAME {
            self.features_position = 0;
            return Ok(if mode < 2 { FEATURES_HANDLE as u64 } else { FAILURE });
        }
        let flags = match (mode / 4, mode & 2 != 0) {
            (0, false) => 0,
            (0, true) => O_RDWR,
            (1, false) => O_WRONLY | O_CREAT | O_TRUNC,
            (1, true) => O_RDWR | O_CREAT | O_TRUNC,
            (2, false) => O_WRONLY | O_CREAT | O_APPEND,
            (2, true) => O_RDWR | O_CREAT | O_APPEND,
            _ => return Err(Refused),
        };
        let name = String::from_utf8(name.to_vec()).map_err(|_| Refused)?;
        Ok(self.outcome(|files| files.open(AT_FDCWD, &name, flags).map(|handle| handle as u64)))
    }

    /// How many bytes were not written.
    fn write(
        &mut self,
        handle: i32,
        address: u64,
        size: u64,
        guest: &mut Guest<impl Bus>,
        console: &mut Console,
        host: &mut dyn Host,
    ) -> Result<u64, Refused> {
        let mut done = 0;
        while done < size {
            let bytes = guest.bytes(address.wrapping_add(done), CHUNK.min(size - done))?;
            if handle == 1 {
                console.print(&bytes, host);
                done += bytes.len() as u64;
                continue;
            }
            match self.files.write(host, handle, &bytes) {
                Ok(count) if count > 0 => done += count as u64,
                Ok(_) => break,
                Err(errno) => {
                    self.errno = errno.unwrap_or(Errno::EIO).0;
                    break;
                }
            }
        }
        Ok(size - done)
    }

    /// How many bytes were not read.
    fn read(
        &mut self,
        handle: i32,
        address: u64,
        size: u64,
        guest: &mut Guest<impl Bus>,
        host: &mut dyn Host,
    ) -> Result<u64, Refused> {
        if handle == FEATURES_HANDLE {
            let rest = &FEATURES[self.features_position.min(FEATURES.len())..];
            let rest = &rest[..rest.len().min(size as usize)];
            guest.store_bytes(address, rest)?;
            self.features_position += rest.len();
            return Ok(size - rest.len() as u64);
        }
        let mut done = 0;
        while done < size {
            let mut bytes = vec![0; CHUNK.min(size - done) as usize];
            let count = match self.files.read(host, handle, &mut bytes) {
                Ok(count) => count,
                Err(Errno(number)) => {
                    self.errno = number;
                    return Err(Refused);
                }
            };
            guest.store_bytes(address.wrapping_add(done), &bytes[..count])?;
            done += count as u64;
            // A terminal or a pipe gives what there is: a program that reads lines must not wait for a full buffer.
            if count < bytes.len() {
                break;
            }
        }
        Ok(size - done)
    }
}
