//! The host-target interface of Spike: a program ends, prints, reads and makes a few calls by storing to `tohost`.
//!
//! The doubleword in `tohost` is device (bits 63:56), command (55:48) and payload. Device 0, command 0 with an odd payload ends
//! the run with status payload / 2; with an even one, the payload is the address of eight doublewords: a system call by its Linux
//! number, and its arguments. Device 1 is the console: command 1 prints a byte, command 0 asks for one.

use super::console::Console;
use super::ram::{PAGE_SIZE, Ram};
use crate::host::{Host, Stream};

/// Linux numbers of the calls that programs for Spike make.
const READ: u64 = 63;
const WRITE: u64 = 64;
const EXIT: u64 = 93;
const ENOSYS: i64 = -38;
const EFAULT: i64 = -14;
const EBADF: i64 = -9;
const EIO: i64 = -5;

/// Where the two words are, and what is still to be answered.
#[derive(Debug, Default)]
pub(super) struct Htif {
    tohost: Option<u64>,
    fromhost: Option<u64>,
    /// A store has met `tohost`, and whether it was one that completed the doubleword.
    written: Option<bool>,
    /// The console asked for a byte that has not come yet.
    wants_input: bool,
}

/// What `tohost` asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Nothing,
    Exit(u64),
    /// Only the low half has been written so far: look again a few instructions later.
    Half,
}

impl Htif {
    pub(super) fn new(tohost: Option<u64>, fromhost: Option<u64>) -> Htif {
        Htif {
            tohost,
            fromhost,
            ..Htif::default()
        }
    }

    /// Whether the page at the physical address `page` holds `tohost`.
    pub(super) fn is_in_page(&self, page: u64) -> bool {
        self.tohost.is_some_and(|tohost| tohost & !(PAGE_SIZE - 1) == page)
    }

    /// Notes a store of `size` bytes to RAM; whether it met `tohost`.
    pub(super) fn is_written(&mut self, address: u64, size: u64) -> bool {
        let Some(tohost) = self.tohost else { return false };
        let meets = address < tohost + 8 && address + size > tohost;
        if meets {
            self.written = Some(address + size >= tohost + 8);
        }
        meets
    }

    /// Answers what has been stored to `tohost`. `is_settled` takes a half-written doubleword for complete.
    pub(super) fn serve(
        &mut self,
        ram: &mut Ram,
        console: &mut Console,
        host: &mut dyn Host,
        is_settled: bool,
    ) -> Asked {
        let (Some(tohost), Some(is_complete)) = (self.tohost, self.written) else {
            return Asked::Nothing;
        };
        if !is_complete && !is_settled {
            return Asked::Half;
        }
        self.written = None;
        let value = ram.doubleword(tohost).unwrap_or(0);
        if value == 0 {
            return Asked::Nothing;
        }
        let payload = value & 0xffff_ffff_ffff;
        match (value >> 56, value >> 48 & 0xff) {
            (0, 0) if payload & 1 != 0 => return Asked::Exit(payload >> 1),
            (0, 0) => {
                if let Some(status) = call(payload, ram, console, host) {
                    return Asked::Exit(status);
                }
                self.respond(ram, 1);
            }
            (1, 1) => {
                console.print(&[payload as u8], host);
                self.respond(ram, 1 << 56 | 1 << 48);
            }
            (1, 0) => self.wants_input = true,
            _ => {}
        }
        ram.set_doubleword(tohost, 0);
        if self.wants_input {
            self.read_byte(ram, console, host);
        }
        Asked::Nothing
    }

    fn respond(&self, ram: &mut Ram, value: u64) {
        if let Some(fromhost) = self.fromhost {
            ram.set_doubleword(fromhost, value);
        }
    }

    fn read_byte(&mut self, ram: &mut Ram, console: &mut Console, host: &mut dyn Host) {
        console.flush(host);
        let mut byte = [0];
        // At the end of input nothing ever comes, as on a line that nobody types on.
        if matches!(host.read_input(&mut byte), Ok(1)) {
            self.wants_input = false;
            self.respond(ram, 1 << 56 | 0x100 | u64::from(byte[0]));
        }
    }
}

/// Makes a system call and stores its result over its number; the status where it ends the run.
fn call(block: u64, ram: &mut Ram, console: &mut Console, host: &mut dyn Host) -> Option<u64> {
    let argument = |index: u64| ram.doubleword(block.wrapping_add(8 * index)).unwrap_or(0);
    let [number, first, address, size] = [argument(0), argument(1), argument(2), argument(3)];
    let result = match number {
        EXIT => return Some(first),
        WRITE => match (first, ram.bytes(address, size)) {
            (_, None) => EFAULT,
            (1, Some(bytes)) => {
                console.print(bytes, host);
                size as i64
            }
            (2, Some(bytes)) => host.write(Stream::Error, bytes).map_or(EIO, |()| size as i64),
            _ => EBADF,
        },
        READ => {
            console.flush(host);
            match (first, ram.bytes_mut(address, size)) {
                (_, None) => EFAULT,
                (0, Some(bytes)) => host.read_input(bytes).map_or(EIO, |count| count as i64),
                _ => EBADF,
            }
        }
        _ => ENOSYS,
    };
    ram.set_doubleword(block, result as u64);
    None
}
