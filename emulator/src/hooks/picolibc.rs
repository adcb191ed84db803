//! `scanf` of picolibc: numbers with a Ux part.
//!
//! Its `vfscanf` converts a number on its own way, inlined, so that there is no place inside where a tail could be read. But it can be
//! called several times: the hook calls it for each number of the format with the part of the format up to there, reads the Ux part
//! that follows, and calls it for the rest. Each part ends with a `%n` of ours, which is only written if the part was matched.
//!
//! A stream of picolibc takes back one character. What turns out to be no Ux part is kept here, and `fgetc`, which all reading ends
//! in, gives it out again. (Of a file that is closed or moved in just then it would come too late.)

use std::collections::HashMap;

use distcore::Format;

use super::GuestArgument;
use super::scan_format::{self, Conversion, Kind};
use super::streams::Stream;
use crate::hart::reg;
use crate::machine::{Failure, Machine};
use crate::trap::Trap;

/// Characters to be read again, by stream; the next one is the last.
pub(super) type PutBack = HashMap<u64, Vec<u8>>;

/// Where the stream of `sscanf` (`struct __file_str`) has its position.
const STRING_POSITION: u64 = 32;
/// Where a stream has its `get` function.
const GET: u64 = 16;
/// Stack for two counts of ours, which the guest writes.
const OWN_STACK: u64 = 64;
/// What an int holds that no call has counted in.
const UNWRITTEN: i32 = -1;

/// A call of scanf under way.
struct Scan {
    function: u64,
    stream: u64,
    /// The first of its arguments, words one behind the other.
    arguments: u64,
    /// Numbers are floats even where the format says `l`.
    only_floats: bool,
    /// Characters that were read so far.
    characters: u64,
    /// Conversions that were assigned so far.
    assigned: i32,
}

impl Machine {
    /// `vfscanf(stream, format, arguments)` starts. Its whole work is done here if the format asks for a number.
    pub(super) fn enter_picolibc_scanf(&mut self, only_floats: bool) -> Result<(), Failure> {
        if self.shadow.is_none() || std::mem::take(&mut self.hooks.scans_piece) {
            return Ok(());
        }
        let [stream, format, arguments] = [0, 1, 2].map(|n| self.hart.x[reg::A0 + n]);
        let format = self.memory.c_string(format)?.to_vec();
        let conversions = scan_format::conversions(&format);
        let is_plain = !conversions.iter().any(Conversion::is_number);
        if is_plain || conversions.iter().any(|conversion| conversion.is_positional) {
            return Ok(());
        }
        let mut scan = Scan {
            function: self.hart.pc,
            stream,
            arguments,
            only_floats,
            characters: 0,
            assigned: 0,
        };
        let stack_pointer = self.hart.x[reg::SP];
        self.hart.x[reg::SP] = (stack_pointer & !15).wrapping_sub(OWN_STACK);
        let result = self.scan(&mut scan, &format, &conversions)?;
        self.hart.x[reg::SP] = stack_pointer;
        self.hart.x[reg::A0] = i64::from(result) as u64;
        if let Some(shadow) = &mut self.shadow {
            shadow.clear_x(reg::A0);
        }
        self.hart.pc = self.hart.x[reg::RA];
        Ok(())
    }

    /// What scanf returns.
    fn scan(&mut self, scan: &mut Scan, format: &[u8], conversions: &[Conversion]) -> Result<i32, Failure> {
        let (mut text, mut first) = (0, 0);
        let numbers = conversions
            .iter()
            .enumerate()
            .filter(|(_, conversion)| conversion.is_number());
        for (index, number) in numbers {
            let before = &format[text..number.text.start];
            if let Some(result) = self.scan_number(scan, before, &conversions[first..index], number, format)? {
                return Ok(result);
            }
            (text, first) = (number.text.end, index + 1);
        }
        let rest = &conversions[first..];
        let result = match self.scan_piece(scan, &format[text..], rest, &self.words_of(scan, rest)?)? {
            result if result < 0 && scan.assigned == 0 => result,
            result => scan.assigned + result.max(0),
        };
        Ok(result)
    }

    /// Scans what stands `before` a number, the number, and its Ux part. What scanf returns if it ends here.
    fn scan_number(
        &mut self,
        scan: &mut Scan,
        before: &[u8],
        others: &[Conversion],
        number: &Conversion,
        format: &[u8],
    ) -> Result<Option<i32>, Failure> {
        let start = self.hart.x[reg::SP];
        let end = start + 8;
        for count in [start, end] {
            self.memory
                .slice_mut(count, 4)?
                .copy_from_slice(&UNWRITTEN.to_le_bytes());
        }
        let piece = [before, b" %n", &format[number.text.clone()], b"%n"].concat();
        let mut words = self.words_of(scan, others)?;
        words.push(start);
        words.extend(self.words_of(scan, std::slice::from_ref(number))?);
        words.push(end);
        let result = self.scan_piece(scan, &piece, others, &words)?;
        let int_at = |machine: &Machine, address| -> Result<i32, Trap> { Ok(machine.word_at(address)? as u32 as i32) };
        let (start, end) = (int_at(self, start)?, int_at(self, end)?);
        if end == UNWRITTEN {
            let nothing = result < 0 && scan.assigned == 0;
            return Ok(Some(if nothing { result } else { scan.assigned + result.max(0) }));
        }
        scan.assigned += result.max(0);
        scan.characters += end.unsigned_abs() as u64;
        let length = end.abs_diff(start) as u64;
        let room = number.width.saturating_sub(length);
        if number.width != 0 && room == 0 {
            return Ok(None);
        }
        let Some((value, characters)) = self.read_tail(Stream::Picolibc(scan.stream), room)? else {
            return Ok(None);
        };
        scan.characters += characters as u64;
        let (Some(argument), Kind::Number(format), Some(shadow)) = (number.argument, number.kind, &mut self.shadow)
        else {
            return Ok(None);
        };
        let format = if scan.only_floats { Format::F32 } else { format };
        if let Some(uncertain) = shadow.algebra().read(&value, format).uncertain {
            let place = crate::memory::word(self.memory.slice(scan.arguments + 8 * argument as u64, 8)?);
            shadow.set_number_at(&mut self.memory, place, uncertain, format);
        }
        Ok(None)
    }

    /// Calls the guest's function for a part of the format; `conversions` are the guest's own ones in it.
    fn scan_piece(
        &mut self,
        scan: &Scan,
        piece: &[u8],
        conversions: &[Conversion],
        words: &[u64],
    ) -> Result<i32, Failure> {
        let counts = self.watch_counts(conversions, scan.arguments)?;
        self.hooks.scratch.enter(self.hart.x[reg::SP]);
        let piece = self.put_scratch(&[piece, b"\0"].concat())?;
        let words: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let words = self.put_scratch(&words)?;
        self.hooks.scans_piece = true;
        let arguments = [scan.stream, piece, words].map(GuestArgument::Integer);
        let result = self.call_guest(scan.function, &arguments)?.integer as i32;
        for count in counts {
            self.settle_count(count, scan.characters)?;
        }
        Ok(result)
    }

    /// The arguments of these conversions.
    fn words_of(&self, scan: &Scan, conversions: &[Conversion]) -> Result<Vec<u64>, Trap> {
        let arguments = conversions.iter().filter_map(|conversion| conversion.argument);
        arguments
            .map(|argument| self.word_at(scan.arguments.wrapping_add(8 * argument as u64)))
            .collect()
    }

    /// The next character of a stream, taken out of it.
    pub(super) fn next_of_picolibc(&mut self, file: u64) -> Result<Option<u8>, Failure> {
        let Some(function) = self.function_named("fgetc") else {
            return Ok(None);
        };
        let character = self.call_guest(function, &[GuestArgument::Integer(file)])?.integer as i32;
        Ok(u8::try_from(character).ok())
    }

    /// Puts characters back that were the last to be taken.
    pub(super) fn put_back_to_picolibc(&mut self, file: u64, characters: &[u8]) -> Result<(), Trap> {
        if characters.is_empty() {
            return Ok(());
        }
        // A string is still there; and its stream lies on the stack, where the next one may be at the same place.
        if self.function_named("__file_str_get") == Some(self.word_at(file + GET)?) {
            let position = self.word_at(file + STRING_POSITION)? - characters.len() as u64;
            let place = self.memory.slice_mut(file + STRING_POSITION, 8)?;
            place.copy_from_slice(&position.to_le_bytes());
            return Ok(());
        }
        let waiting = self.hooks.put_back.entry(file).or_default();
        waiting.extend(characters.iter().rev());
        Ok(())
    }

    /// `fgetc(stream)` starts: characters that were put back come first, after one that the program itself has put back.
    pub(super) fn enter_picolibc_getc(&mut self) -> Result<(), Trap> {
        let file = self.hart.x[reg::A0];
        if self.hooks.put_back.is_empty() || self.word_at(file)? as u32 != 0 {
            return Ok(());
        }
        let Some(waiting) = self.hooks.put_back.get_mut(&file) else {
            return Ok(());
        };
        if let Some(character) = waiting.pop() {
            self.hart.x[reg::A0] = character.into();
            self.hart.pc = self.hart.x[reg::RA];
        }
        if waiting.is_empty() {
            self.hooks.put_back.remove(&file);
        }
        Ok(())
    }
}
