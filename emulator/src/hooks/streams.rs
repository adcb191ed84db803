//! Reading numbers from streams: the Ux part behind a number that `scanf` or `>>` has just read.
//!
//! These functions collect the characters of a plain number and stop at the `U`, which stays in the stream. So while one of them
//! converts its number, the hook reads on, as the program itself would: from the buffer, and with the guest's own refill
//! function where the buffer ends. What turns out to be no Ux part is put back.
//!
//! * glibc: `__vfscanf_internal` calls `__strtod_internal`, characters come from `__uflow`. The field width is in the format. Wide
//!   characters: `__vfwscanf_internal`, `__wcstod_internal`, `__wuflow`.
//! * musl: `__floatscan` reads from the stream itself and gives a binary128 number, which `__trunctfdf2` makes a double.
//!   Characters come from `__shgetc`, which knows the field width.
//! * libstdc++, libc++: `num_get::do_get` calls `strtod_l`, characters come from `uflow()` of the stream's buffer.
//! * picolibc: see [`super::picolibc`].
//!
//! `%n` counts the characters of Ux parts too.

use distcore::Format;
use distcore::ux::UxValue;

use super::GuestArgument;
use super::returns::Attachment;
use super::scan_format::{self, Conversion, Kind};
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::trap::Trap;

/// A stream of a C or C++ library, by the address of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// `_IO_FILE`.
    Glibc(u64),
    /// `_IO_FILE` that is read by wide characters, and its `_IO_wide_data`.
    GlibcWide { file: u64, data: u64 },
    /// `FILE` of picolibc.
    Picolibc(u64),
    /// `FILE`.
    Musl(u64),
    /// `std::streambuf`, with the state that `>>` will leave.
    Cpp {
        buffer: u64,
        state: u64,
        library: CppLibrary,
        /// Of `wchar_t`.
        is_wide: bool,
    },
}

/// A wide character as one of those that numbers consist of; 0, which is none of them, for all others.
fn narrow(character: u64) -> u8 {
    u8::try_from(character).unwrap_or(0)
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
    /// Bytes of a character.
    fn character_size(self) -> u64 {
        match self {
            Stream::GlibcWide { .. } | Stream::Cpp { is_wide: true, .. } => 4,
            _ => 1,
        }
    }

    /// Where the object keeps the pointers to the start of its buffer, the next character, and the end.
    fn pointers(self) -> [u64; 3] {
        match self {
            Stream::Glibc(file) => [file + 24, file + 8, file + 16],
            // _IO_read_base, _IO_read_ptr, _IO_read_end
            Stream::GlibcWide { data, .. } => [data + 16, data, data + 8],
            Stream::Picolibc(_) => [0; 3],
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
    /// Of each number that a scanf format asks for, in order: the field width, 0 for none.
    widths: Vec<u64>,
    /// Characters of Ux parts that were read so far, after each number that has been read.
    tails: Vec<u64>,
}

/// A `%n` of a call under way. What it points at holds [`UNWRITTEN`] until the guest's function writes there: only then it is counted
/// that Ux parts were read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    address: u64,
    size: u64,
    before: u64,
    /// How many numbers the format asks for in front of it.
    numbers: usize,
}

/// No count is negative.
const UNWRITTEN: u64 = 1 << 63 | 1 << 31 | 1 << 15 | 1 << 7;

/// Where `_IO_FILE` has the pointer `_wide_data` (glibc, `struct_FILE.h`).
const GLIBC_WIDE_DATA: u64 = 160;
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
    /// glibc's `__vfscanf_internal(file, format, arguments, …)` starts, or its twin for wide characters.
    pub(super) fn enter_scanf(&mut self, is_wide: bool) -> Result<(), Trap> {
        if self.shadow.is_none() {
            return Ok(());
        }
        let [file, format, arguments] = [0, 1, 2].map(|n| self.hart.x[reg::A0 + n]);
        let conversions = if is_wide {
            // What is no character is in no conversion either.
            let format = self.wide_string(format)?.unwrap_or_default();
            scan_format::conversions(format.as_bytes())
        } else {
            scan_format::conversions(self.memory.c_string(format)?)
        };
        let numbers = conversions.iter().filter(|conversion| conversion.is_number());
        let widths: Vec<u64> = numbers.map(|conversion| conversion.width).collect();
        if widths.is_empty() {
            return Ok(());
        }
        let stream = if is_wide {
            Stream::GlibcWide {
                file,
                data: self.word_at(file.wrapping_add(GLIBC_WIDE_DATA))?,
            }
        } else {
            Stream::Glibc(file)
        };
        self.start_reader(stream, widths);
        let counts = self.watch_counts(&conversions, arguments)?;
        if !counts.is_empty() {
            self.call_back(vec![Attachment::Counts(counts)]);
        }
        Ok(())
    }

    /// It has returned.
    pub(super) fn leave_scanf(&mut self, counts: &[Count]) -> Result<(), Trap> {
        // Its reader is the last one: those of calls inside it were started deeper and are forgotten at this stack pointer.
        let stack_pointer = self.hart.x[reg::SP];
        let readers = &mut self.hooks.readers;
        readers.retain(|reader| reader.stack_pointer >= stack_pointer);
        let tails = readers.pop_if(|reader| reader.stack_pointer == stack_pointer);
        let tails = tails.map_or_else(Vec::new, |reader| reader.tails);
        for count in counts {
            let before = count.numbers.min(tails.len());
            self.settle_count(*count, tails[..before].last().copied().unwrap_or(0))?;
        }
        Ok(())
    }

    /// Notes the `%n` of a call whose arguments stand at `arguments`.
    pub(super) fn watch_counts(&mut self, conversions: &[Conversion], arguments: u64) -> Result<Vec<Count>, Trap> {
        let mut counts = Vec::new();
        let mut numbers = 0;
        for conversion in conversions {
            numbers += usize::from(conversion.is_number());
            let (Kind::Count(size), Some(argument)) = (conversion.kind, conversion.argument) else {
                continue;
            };
            let address = self.word_at(arguments.wrapping_add(8 * argument as u64))?;
            let Ok(bytes) = self.memory.slice_mut(address, size) else {
                continue; // the guest will see
            };
            let before = crate::memory::word(bytes);
            bytes.copy_from_slice(&UNWRITTEN.to_le_bytes()[..size as usize]);
            bytes[size as usize - 1] = 0x80;
            counts.push(Count {
                address,
                size,
                before,
                numbers,
            });
        }
        Ok(counts)
    }

    /// Adds to a count what its function did not know of, if it has been written; else puts back what was there.
    pub(super) fn settle_count(&mut self, count: Count, characters: u64) -> Result<(), Trap> {
        let bytes = self.memory.slice_mut(count.address, count.size)?;
        let found = crate::memory::word(bytes);
        let is_written = bytes.last().is_some_and(|&top| top & 0x80 == 0);
        let value = if is_written {
            found.wrapping_add(characters)
        } else {
            count.before
        };
        bytes.copy_from_slice(&value.to_le_bytes()[..count.size as usize]);
        Ok(())
    }

    /// `num_get::do_get` starts; the streambuf is the first member of the iterator in `a1`.
    pub(super) fn enter_extraction(&mut self, library: CppLibrary, is_wide: bool) {
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
                is_wide,
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
        if let Some((value, _)) = self.read_tail(stream, 0)? {
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
    pub(super) fn continue_in_stream(&mut self, length: usize, format: Format) -> Result<(), Failure> {
        self.end_readers();
        let Some(reader) = self.hooks.readers.last_mut() else {
            return Ok(());
        };
        let stream = reader.stream;
        let mut room = 0;
        let is_scanf = matches!(stream, Stream::Glibc(_) | Stream::GlibcWide { .. });
        if is_scanf {
            // Only the call by scanf itself, which is one for each conversion.
            let symbols = &self.program.image().symbols;
            let is_inner = symbols
                .at(self.hart.pc)
                .any(|symbol| symbol.name.ends_with("_internal") && !symbol.name.contains("_l_"));
            let caller = symbols.function_containing(self.hart.x[reg::RA]);
            let is_ours = |name| ["__vfscanf_internal", "__vfwscanf_internal"].contains(&name);
            if !is_inner || caller.is_none_or(|(function, _)| !is_ours(function.name)) {
                return Ok(());
            }
            let width = reader.widths.get(reader.tails.len()).copied().unwrap_or(0);
            let before = reader.tails.last().copied().unwrap_or(0);
            reader.tails.push(before);
            if width != 0 {
                room = width.saturating_sub(length as u64);
                if room == 0 {
                    return Ok(());
                }
            }
        }
        if length == 0 {
            return Ok(());
        }
        if let Some((value, characters)) = self.read_tail(stream, room)? {
            if let (true, Some(reader)) = (is_scanf, self.hooks.readers.last_mut())
                && let Some(last) = reader.tails.last_mut()
            {
                *last += characters as u64;
            }
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
            tails: Vec::new(),
        });
    }

    /// Forgets the readers that have returned: their stack pointers are not above the present one.
    fn end_readers(&mut self) {
        let stack_pointer = self.hart.x[reg::SP];
        self.hooks.readers.retain(|reader| reader.stack_pointer > stack_pointer);
    }

    /// Reads a Ux part of at most `room` characters (0: no limit) from the stream, and tells how many it has. If there is none, nothing
    /// has been read.
    pub(super) fn read_tail(&mut self, stream: Stream, room: u64) -> Result<Option<(UxValue, usize)>, Failure> {
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
        Ok(value.map(|value| (value, length)))
    }

    /// The next character of a stream, taken out of it.
    fn next_character(&mut self, stream: Stream) -> Result<Option<u8>, Failure> {
        if let Stream::Picolibc(file) = stream {
            return self.next_of_picolibc(file);
        }
        let size = stream.character_size();
        let [_, next, end] = stream.pointers();
        let (position, end) = (self.pointer_at(next)?, self.pointer_at(end)?);
        if position < end || matches!(stream, Stream::Musl(_)) && position != end {
            let character = crate::memory::word(self.memory.slice(position, size)?);
            self.memory
                .slice_mut(next, 8)?
                .copy_from_slice(&(position + size).to_le_bytes());
            return Ok(Some(narrow(character)));
        }
        let (function, object) = match stream {
            Stream::Glibc(file) => (self.function_named("__uflow"), file),
            Stream::GlibcWide { file, .. } => (self.function_named("__wuflow"), file),
            Stream::Musl(file) => (self.function_named("__shgetc"), file),
            Stream::Cpp { buffer, .. } => (Some(self.virtual_function(buffer, UFLOW)?), buffer),
            Stream::Picolibc(_) => return Ok(None),
        };
        let Some(function) = function else { return Ok(None) };
        let character = self.call_guest(function, &[GuestArgument::Integer(object)])?.integer as i32;
        Ok(u64::try_from(character).ok().map(narrow))
    }

    /// Puts characters back that were the last to be taken; as many as the library can take.
    fn put_back(&mut self, stream: Stream, characters: &[u8]) -> Result<(), Failure> {
        if let Stream::Picolibc(file) = stream {
            return Ok(self.put_back_to_picolibc(file, characters)?);
        }
        let size = stream.character_size();
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
            let before = position.wrapping_sub(size);
            if position > lowest {
                let is_there = crate::memory::word(self.memory.slice(before, size)?) == u64::from(character);
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
                Stream::GlibcWide { file, .. } => (self.function_named("_IO_sputbackwc"), file),
                Stream::Musl(_) | Stream::Picolibc(_) => return Ok(()),
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

    pub(super) fn function_named(&self, name: &str) -> Option<u64> {
        self.program.image().symbols.named(name).map(|symbol| symbol.address)
    }
}
