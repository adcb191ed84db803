//! Reading numbers from streams: the Ux part behind a number that `scanf` or `>>` has just read.
//!
//! These functions collect the characters of a plain number and stop at the `U`, which stays in the stream. So while one of them
//! converts its number, the hook reads on, as the program itself would: from the buffer, and with the guest's own refill
//! function where the buffer ends. What turns out to be no Ux part is put back.
//!
//! * glibc: `__vfscanf_internal` calls `__strtod_internal`, characters come from `__uflow`. The field width is in the format.
//! * musl: `__floatscan` reads from the stream itself and gives a binary128 number, which `__trunctfdf2` makes a double.
//!   Characters come from `__shgetc`, which knows the field width.
//! * libstdc++, libc++: `num_get::do_get` calls `strtod_l`, characters come from `uflow()` of the stream's buffer.

use distcore::Format;
use distcore::ux::UxValue;

use super::GuestArgument;
use super::returns::Attachment;
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::trap::Trap;

/// A stream of a C or C++ library, by the address of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// `_IO_FILE`.
    Glibc(u64),
    /// `FILE`.
    Musl(u64),
    /// `std::streambuf`, with the state that `>>` will leave.
    Cpp {
        buffer: u64,
        state: u64,
        library: CppLibrary,
    },
}

/// Whose `std::streambuf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CppLibrary {
    /// GNU.
    LibStdCpp,
    /// LLVM.
    LibCpp,
}

impl Stream {
    /// Where the object keeps the pointers to the start of its buffer, the next character, and the end.
    fn pointers(self) -> [u64; 3] {
        match self {
            Stream::Glibc(file) => [file + 24, file + 8, file + 16],
            // buf, rpos, shend
            Stream::Musl(file) => [file + 88, file + 8, file + 184],
            Stream::Cpp {
                buffer,
                library: CppLibrary::LibStdCpp,
                ..
            } => [buffer + 8, buffer + 16, buffer + 24],
            Stream::Cpp {
                buffer,
                library: CppLibrary::LibCpp,
                ..
            } => [buffer + 16, buffer + 24, buffer + 32],
        }
    }
}

/// A function that reads numbers from a stream and is under way.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    stream: Stream,
    stack_pointer: u64,
    /// Of each floating conversion of a scanf format, in order: the field width, 0 for none.
    widths: Vec<u64>,
    /// Conversions that have been done.
    done: usize,
}

/// Readers that are remembered at once: they do not nest deeper than a program calls itself from its own stream buffers.
const MOST_READERS: usize = 1024;

/// Virtual functions of a `std::streambuf`, by their offset in the table (Itanium C++ ABI; the same in both libraries).
const UFLOW: u64 = 80;
const PBACKFAIL: u64 = 88;
/// `std::ios_base::eofbit`, in both libraries.
const EOF_BIT: u32 = 2;
/// `F_EOF` in the flags that musl's `FILE` starts with.
const MUSL_EOF: u8 = 16;
/// musl keeps room for this many characters before its buffer.
const MUSL_UNGET: u64 = 8;
/// Longest Ux part that is read: what the count field can ask for before a reader refuses it.
const MOST_DIRACS: usize = 10_000;

impl Machine {
    /// glibc's `__vfscanf_internal(file, format, …)` starts.
    pub(super) fn enter_scanf(&mut self) -> Result<(), Trap> {
        if self.shadow.is_none() {
            return Ok(());
        }
        let widths = floating_widths(self.memory.c_string(self.hart.x[reg::A1])?);
        if !widths.is_empty() {
            self.start_reader(Stream::Glibc(self.hart.x[reg::A0]), widths);
        }
        Ok(())
    }

    /// `num_get::do_get` starts; the streambuf is the first member of the iterator in `a1`.
    pub(super) fn enter_extraction(&mut self, library: CppLibrary) {
        if self.shadow.is_none() {
            return;
        }
        let state = match library {
            // this, begin (two words), end (two words), ios, state, value
            CppLibrary::LibStdCpp => self.hart.x[reg::A0 + 6],
            // this, begin, end, ios, state, value
            CppLibrary::LibCpp => self.hart.x[reg::A0 + 4],
        };
        self.start_reader(
            Stream::Cpp {
                buffer: self.hart.x[reg::A1],
                state,
                library,
            },
            Vec::new(),
        );
    }

    /// musl's `__floatscan(file, …)` starts.
    pub(super) fn enter_floatscan(&mut self) {
        if self.shadow.is_some() {
            let file = self.hart.x[reg::A0];
            self.call_back(vec![Attachment::TailOf(Stream::Musl(file))]);
        }
    }

    /// It has read a number, which is in `a0` and `a1`: the conversion of these bits will have the distribution.
    pub(super) fn leave_floatscan(&mut self, stream: Stream) -> Result<(), Failure> {
        if let Some(value) = self.read_tail(stream, 0)? {
            self.hooks.long_double = Some(([self.hart.x[reg::A0], self.hart.x[reg::A1]], value));
        }
        Ok(())
    }

    /// `__trunctfdf2` or `__trunctfsf2` starts: a binary128 number in `a0` and `a1` becomes one of `format`.
    pub(super) fn enter_truncation(&mut self, format: Format) {
        let bits = [self.hart.x[reg::A0], self.hart.x[reg::A1]];
        if let Some((_, value)) = self.hooks.long_double.take_if(|(number, _)| *number == bits) {
            self.attach_on_return(&value, format);
        }
    }

    /// A function of the strtod family starts on a plain number: perhaps for a reader whose stream has more to say.
    pub(super) fn continue_in_stream(&mut self, text: u64, length: usize, format: Format) -> Result<(), Failure> {
        self.end_readers();
        let Some(reader) = self.hooks.readers.last_mut() else {
            return Ok(());
        };
        let stream = reader.stream;
        let mut room = 0;
        if let Stream::Glibc(_) = stream {
            // Only the call by scanf itself, which is one for each conversion.
            let symbols = &self.program.image().symbols;
            let is_inner = symbols
                .at(self.hart.pc)
                .iter()
                .any(|symbol| symbol.name.ends_with("_internal") && !symbol.name.contains("_l_"));
            let caller = symbols.function_containing(self.hart.x[reg::RA]);
            if !is_inner || caller.is_none_or(|(function, _)| function.name != "__vfscanf_internal") {
                return Ok(());
            }
            let width = reader.widths.get(reader.done).copied().unwrap_or(0);
            reader.done += 1;
            if width != 0 {
                room = width.saturating_sub(length as u64);
                if room == 0 {
                    return Ok(());
                }
            }
        }
        let number_end = self.memory.slice(text, length as u64)?.last().copied();
        if number_end.is_none() {
            return Ok(());
        }
        if let Some(value) = self.read_tail(stream, room)? {
            self.attach_on_return(&value, format);
        }
        Ok(())
    }

    fn attach_on_return(&mut self, value: &UxValue, format: Format) {
        if self.recorder.is_some() {
            self.call_back(vec![Attachment::Draw(value.clone(), format)]);
            return;
        }
        let Some(shadow) = &mut self.shadow else { return };
        if let Some(uncertain) = shadow.algebra().read(value, format).uncertain {
            let number = shadow.hold(uncertain);
            self.call_back(vec![Attachment::Number(number, format)]);
        }
    }

    fn start_reader(&mut self, stream: Stream, widths: Vec<u64>) {
        self.end_readers();
        if self.hooks.readers.len() >= MOST_READERS {
            self.hooks.readers.clear();
        }
        self.hooks.readers.push(Reader {
            stream,
            stack_pointer: self.hart.x[reg::SP],
            widths,
            done: 0,
        });
    }

    /// Forgets the readers that have returned: their stack pointers are not above the present one.
    fn end_readers(&mut self) {
        let stack_pointer = self.hart.x[reg::SP];
        self.hooks.readers.retain(|reader| reader.stack_pointer > stack_pointer);
    }

    /// Reads a Ux part of at most `room` characters (0: no limit) from the stream. If there is none, nothing has been read.
    fn read_tail(&mut self, stream: Stream, room: u64) -> Result<Option<UxValue>, Failure> {
        let room = if room == 0 { usize::MAX } else { room as usize };
        let mut tail = Vec::new();
        let mut ended = false;
        // The header tells how many digits follow: with 16-digit positions, or fewer with 8-digit ones.
        const HEADER: usize = 2 + 2 + 16 + 16 + 8;
        let mut wanted = HEADER;
        while tail.len() < wanted.min(room) {
            let Some(byte) = self.next_character(stream)? else {
                ended = true;
                break;
            };
            tail.push(byte);
            let fits = match tail.len() {
                1 => byte == b'U',
                2 => byte == b'x',
                _ => byte.is_ascii_hexdigit(),
            };
            if !fits {
                break;
            }
            if tail.len() == HEADER {
                let count = std::str::from_utf8(&tail[HEADER - 8..])
                    .ok()
                    .and_then(|hex| usize::from_str_radix(hex, 16).ok());
                wanted += 32 * count.filter(|&count| count <= MOST_DIRACS).unwrap_or(0);
            }
        }
        let (value, length) = match UxValue::parse_text(&tail) {
            Ok((value, length)) => (Some(value), length),
            Err(_) => (None, 0),
        };
        let all_read = length == tail.len();
        self.put_back(stream, &tail[length..])?;
        if let (Stream::Cpp { state, .. }, true, true) = (stream, ended, all_read) {
            let mut bits = self.memory.slice(state, 4)?.to_vec();
            bits[0] |= EOF_BIT as u8;
            self.memory.slice_mut(state, 4)?.copy_from_slice(&bits);
        }
        Ok(value)
    }

    /// The next character of a stream, taken out of it.
    fn next_character(&mut self, stream: Stream) -> Result<Option<u8>, Failure> {
        let [_, next, end] = stream.pointers();
        let (position, end) = (self.pointer_at(next)?, self.pointer_at(end)?);
        if position < end || matches!(stream, Stream::Musl(_)) && position != end {
            let byte = self.memory.slice(position, 1)?[0];
            self.memory
                .slice_mut(next, 8)?
                .copy_from_slice(&(position + 1).to_le_bytes());
            return Ok(Some(byte));
        }
        let (function, object) = match stream {
            Stream::Glibc(file) => (self.function_named("__uflow"), file),
            Stream::Musl(file) => (self.function_named("__shgetc"), file),
            Stream::Cpp { buffer, .. } => (Some(self.virtual_function(buffer, UFLOW)?), buffer),
        };
        let Some(function) = function else { return Ok(None) };
        let character = self.call_guest(function, &[GuestArgument::Integer(object)])?.integer as i32;
        Ok(u8::try_from(character).ok())
    }

    /// Puts characters back that were the last to be taken; as many as the library can take.
    fn put_back(&mut self, stream: Stream, characters: &[u8]) -> Result<(), Failure> {
        let [start, next, _] = stream.pointers();
        if let (Stream::Musl(file), false) = (stream, characters.is_empty()) {
            self.memory.slice_mut(file, 1)?[0] &= !MUSL_EOF;
        }
        for &character in characters.iter().rev() {
            let (start, position) = (self.pointer_at(start)?, self.pointer_at(next)?);
            let lowest = if let Stream::Musl(_) = stream {
                start.saturating_sub(MUSL_UNGET)
            } else {
                start
            };
            let before = position.wrapping_sub(1);
            if position > lowest {
                let is_there = self.memory.slice(before, 1)?[0] == character;
                // At the end of its input musl leaves the pointers elsewhere; a string that is read may not be written.
                if !is_there && matches!(stream, Stream::Musl(_)) {
                    self.memory.slice_mut(before, 1)?[0] = character;
                }
                if is_there || matches!(stream, Stream::Musl(_)) {
                    self.memory.slice_mut(next, 8)?.copy_from_slice(&before.to_le_bytes());
                    continue;
                }
            }
            let (function, object) = match stream {
                Stream::Glibc(file) => (self.function_named("_IO_sputbackc"), file),
                Stream::Musl(_) => return Ok(()),
                Stream::Cpp { buffer, .. } => (Some(self.virtual_function(buffer, PBACKFAIL)?), buffer),
            };
            let Some(function) = function else { return Ok(()) };
            let arguments = [GuestArgument::Integer(object), GuestArgument::Integer(character.into())];
            if (self.call_guest(function, &arguments)?.integer as i32) < 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    fn pointer_at(&self, address: u64) -> Result<u64, Trap> {
        self.word_at(address)
    }

    fn virtual_function(&self, object: u64, offset: u64) -> Result<u64, Trap> {
        self.word_at(self.word_at(object)?.wrapping_add(offset))
    }

    fn function_named(&self, name: &str) -> Option<u64> {
        self.program.image().symbols.named(name).map(|symbol| symbol.address)
    }
}

/// The field widths of the floating conversions (but for long double) of a scanf format, 0 for none.
fn floating_widths(format: &[u8]) -> Vec<u64> {
    let mut widths = Vec::new();
    let mut rest = format.iter().copied().peekable();
    while let Some(c) = rest.next() {
        if c != b'%' {
            continue;
        }
        let mut width = 0u64;
        let mut is_long = false;
        while let Some(&c) = rest.peek() {
            match c {
                b'0'..=b'9' => width = width.saturating_mul(10).saturating_add(u64::from(c - b'0')),
                b'$' => width = 0,
                b'L' | b'q' => is_long = true,
                b'*' | b'\'' | b'I' | b'm' | b'h' | b'l' | b'j' | b'z' | b't' => {}
                _ => break,
            }
            rest.next();
        }
        match rest.next() {
            Some(b'e' | b'f' | b'g' | b'a' | b'E' | b'F' | b'G' | b'A') if !is_long => widths.push(width),
            Some(b'[') => {
                // A ']' in first place, perhaps after '^', is a member of the set.
                rest.next_if_eq(&b'^');
                rest.next();
                while rest.next().is_some_and(|c| c != b']') {}
            }
            _ => {}
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_floating_conversions_are_found_among_others() {
        assert_eq!(
            floating_widths(b"%d %lf,%10lf %*5f %% f %[]%f] %Lf %2$30le"),
            [0, 10, 5, 30]
        );
        assert!(floating_widths(b"%[^]f]%s 100%").is_empty());
    }
}
