//! From the bytes that a program prints to events.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::event::{Data, Event, Events, StreamName, Value};
use super::reference::PrintedIds;
use crate::render::{Piece, Scanner};

/// Who looks for uncertain values in a stream.
pub(crate) enum Marks {
    None,
    /// Values are Ux texts.
    Values {
        scanner: Scanner,
        /// Bytes that the scanner has given back.
        scanned: u64,
    },
    /// Values have ValueIDs.
    Ids(PrintedIds),
}

impl Marks {
    pub(crate) fn values() -> Marks {
        Marks::Values {
            scanner: Scanner::default(),
            scanned: 0,
        }
    }

    pub(crate) fn ids() -> Marks {
        Marks::Ids(PrintedIds::default())
    }
}

/// One of the program's output streams.
pub(crate) struct OutputStream {
    /// The beginning of a character whose end has not been printed yet: at most three bytes.
    held: Vec<u8>,
    marks: Marks,
}

impl OutputStream {
    pub(crate) fn new(marks: Marks) -> OutputStream {
        let held = Vec::new();
        OutputStream { held, marks }
    }

    /// The ValueIDs that it has shown, if they were looked for.
    pub(crate) fn ids(&self) -> Option<&PrintedIds> {
        match &self.marks {
            Marks::Ids(ids) => Some(ids),
            _ => None,
        }
    }

    /// Tells of `bytes` that were printed.
    pub(crate) fn write(&mut self, name: StreamName, bytes: &[u8]) -> io::Result<()> {
        let printed = bytes;
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
        match &mut self.marks {
            Marks::None => Ok(()),
            Marks::Values { scanner, scanned } => tell_values(scanner, scanned, printed),
            Marks::Ids(ids) => {
                ids.scan(printed);
                Ok(())
            }
        }
    }

    /// Tells of what was held back: the stream has ended.
    pub(crate) fn finish(&mut self, name: StreamName) -> io::Result<()> {
        send_bytes(name, &std::mem::take(&mut self.held))
    }
}

fn tell_values(scanner: &mut Scanner, scanned: &mut u64, bytes: &[u8]) -> io::Result<()> {
    let mut result = Ok(());
    scanner.scan(bytes, &mut |piece| match piece {
        Piece::Text(text) => *scanned += text.len() as u64,
        Piece::Value { text, particle, value } => {
            let event = Event::Value(Value {
                offset: Some(*scanned),
                length: Some(text.len() as u64),
                particle: Some(particle.into()),
                mean: Some(value.mean).filter(|mean| mean.is_finite()),
                diracs: Some(value.diracs.len() as u64),
                value_id: None,
                samples: None,
            });
            *scanned += text.len() as u64;
            if result.is_ok() {
                result = Events::send(&event);
            }
        }
    });
    result
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
