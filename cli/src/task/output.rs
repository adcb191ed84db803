//! From the bytes that a program prints to events.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::event::{Data, Event, Events, StreamName};
use crate::render::{Piece, Scanner};

/// One of the program's output streams.
#[derive(Default)]
pub(crate) struct OutputStream {
    /// The beginning of a character whose end has not been printed yet: at most three bytes.
    held: Vec<u8>,
    scanner: Scanner,
    /// Bytes that the scanner has given back.
    scanned: u64,
}

impl OutputStream {
    /// Tells of `bytes` that were printed.
    pub(crate) fn write(&mut self, name: StreamName, bytes: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        let bytes = std::mem::take(&mut self.held);
        match std::str::from_utf8(&bytes) {
            Ok(text) => send_text(name, text)?,
            Err(error) => {
                let (good, rest) = bytes.split_at(error.valid_up_to());
                send_text(name, std::str::from_utf8(good).unwrap_or_default())?;
                if error.error_len().is_none() {
                    self.held = rest.to_vec();
                } else {
                    send_bytes(name, rest)?;
                }
            }
        }
        if name == StreamName::Stdout {
            self.tell_values(|scanner, found| scanner.scan(&bytes, found))?;
        }
        Ok(())
    }

    /// Tells of what was held back: the stream has ended.
    pub(crate) fn finish(&mut self, name: StreamName) -> io::Result<()> {
        send_bytes(name, &std::mem::take(&mut self.held))
    }

    fn tell_values(&mut self, scan: impl FnOnce(&mut Scanner, &mut dyn FnMut(Piece<'_>))) -> io::Result<()> {
        let mut result = Ok(());
        let scanned = &mut self.scanned;
        scan(&mut self.scanner, &mut |piece| match piece {
            Piece::Text(text) => *scanned += text.len() as u64,
            Piece::Value { text, particle, value } => {
                let event = Event::Value {
                    offset: *scanned,
                    length: text.len() as u64,
                    particle: particle.into(),
                    mean: Some(value.mean).filter(|mean| mean.is_finite()),
                    diracs: value.diracs.len() as u64,
                };
                *scanned += text.len() as u64;
                if result.is_ok() {
                    result = Events::send(&event);
                }
            }
        });
        result
    }
}

fn send_text(stream: StreamName, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let data = Data::Text(text.into());
    Events::send(&Event::Output { stream, data })
}

fn send_bytes(stream: StreamName, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let data = Data::Base64(BASE64_STANDARD.encode(bytes));
    Events::send(&Event::Output { stream, data })
}
