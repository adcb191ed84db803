//! What a process finds when it starts: its segments in memory, and arguments, environment and auxiliary vector on its stack.
//!
//! RISC-V ELF psABI, "Linux process initialization"; asm-generic/auxvec.h.

use loader::Image;

use super::StartError;
use crate::hart::{Hart, reg};
use crate::memory::{AddressSpace, Bound, EXECUTE, MAPPED, Memory, PAGE_SIZE, READ, WRITE, page_down, page_up};

const AT_NULL: u64 = 0;
const AT_PHDR: u64 = 3;
const AT_PHENT: u64 = 4;
const AT_PHNUM: u64 = 5;
const AT_PAGESZ: u64 = 6;
const AT_BASE: u64 = 7;
const AT_FLAGS: u64 = 8;
const AT_ENTRY: u64 = 9;
const AT_UID: u64 = 11;
const AT_EUID: u64 = 12;
const AT_GID: u64 = 13;
const AT_EGID: u64 = 14;
const AT_HWCAP: u64 = 16;
const AT_CLKTCK: u64 = 17;
const AT_SECURE: u64 = 23;
const AT_RANDOM: u64 = 25;
const AT_EXECFN: u64 = 31;

/// Letters of the ISA string that `AT_HWCAP` reports, one bit each.
const HWCAP: u64 = bit('i') | bit('m') | bit('a') | bit('f') | bit('d') | bit('c');

const fn bit(letter: char) -> u64 {
    1 << (letter as u64 - 'a' as u64)
}

/// Largest stack a process gets when nothing else is asked for: what Linux gives.
pub(super) const DEFAULT_STACK: u64 = 8 << 20;

/// Puts the segments in place and sets the rights of their pages. A page that two segments share gets the rights of both.
pub(crate) fn load_segments(memory: &mut Memory, image: &Image) -> Result<(), StartError> {
    let available = memory.scratch_start();
    let span = image.memory_span();
    if span.end > available {
        return Err(StartError::ProgramTooLarge {
            end: span.end,
            available,
        });
    }
    for segment in &image.segments {
        let range = segment.addresses();
        let start = page_down(range.start);
        let size = page_up(range.end).unwrap_or(range.end) - start;
        let rights = [
            (segment.readable, READ),
            (segment.writable, WRITE),
            (segment.executable, EXECUTE),
        ];
        let rights = rights
            .iter()
            .filter(|(granted, _)| *granted)
            .fold(MAPPED, |all, (_, right)| all | right);
        memory.change_flags(start, size, 0, rights);
        let data = segment.data();
        memory.populate(segment.address, data.len() as u64);
        memory
            .host_slice_mut(segment.address, data.len() as u64)
            .copy_from_slice(data);
    }
    Ok(())
}

/// The address space of a process: with `stack_size`, or as much of the default as a quarter of memory allows.
pub(super) fn address_space(
    memory: &mut Memory,
    image: &Image,
    stack_size: Option<u64>,
    bound: Bound,
) -> Result<AddressSpace, StartError> {
    let available = memory.scratch_start();
    let wanted = stack_size.unwrap_or_else(|| DEFAULT_STACK.min(available / 4));
    let stack_size = page_down(wanted).max(4 * PAGE_SIZE);
    AddressSpace::new(memory, image.memory_span().end, stack_size, bound).ok_or(StartError::NoRoomForStack {
        program_end: image.memory_span().end,
        stack_size,
        available,
    })
}

/// Writes the initial stack and points the hart at the program's entry.
pub(super) fn prepare_stack(
    memory: &mut Memory,
    hart: &mut Hart,
    space: &AddressSpace,
    image: &Image,
    arguments: &[Vec<u8>],
    environment: &[Vec<u8>],
    random: [u8; 16],
) -> Result<(), StartError> {
    let mut stack = StackWriter {
        memory,
        top: 0,
        low: space.stack_low(),
    };
    stack.top = stack.memory.scratch_start();
    stack.push(&[0; 16])?;
    let executable_name = stack.push_string(arguments.first().map_or(b"", |name| name))?;
    let random = stack.push(&random)?;
    let environment = environment
        .iter()
        .map(|entry| stack.push_string(entry))
        .collect::<Result<Vec<_>, _>>()?;
    let arguments = arguments
        .iter()
        .map(|argument| stack.push_string(argument))
        .collect::<Result<Vec<_>, _>>()?;

    let headers = &image.program_headers;
    let mut auxiliary = vec![
        (AT_PAGESZ, PAGE_SIZE),
        (AT_BASE, 0),
        (AT_FLAGS, 0),
        (AT_ENTRY, image.entry),
        (AT_UID, super::USER_ID),
        (AT_EUID, super::USER_ID),
        (AT_GID, super::USER_ID),
        (AT_EGID, super::USER_ID),
        (AT_HWCAP, HWCAP),
        (AT_CLKTCK, 100),
        (AT_SECURE, 0),
        (AT_RANDOM, random),
        (AT_EXECFN, executable_name),
    ];
    if let Some(address) = headers.address {
        auxiliary.extend([
            (AT_PHDR, address),
            (AT_PHNUM, headers.count.into()),
            (AT_PHENT, headers.entry_size.into()),
        ]);
    }
    auxiliary.push((AT_NULL, 0));

    let mut words = vec![arguments.len() as u64];
    words.extend(&arguments);
    words.push(0);
    words.extend(&environment);
    words.push(0);
    words.extend(auxiliary.iter().flat_map(|&(key, value)| [key, value]));
    let size = words.len() as u64 * 8;
    stack.top = (stack.top.checked_sub(size).ok_or(StartError::ArgumentsTooLong)?) & !15;
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    stack.write(&bytes)?;

    hart.x[reg::SP] = stack.top;
    hart.pc = image.entry;
    Ok(())
}

struct StackWriter<'a> {
    memory: &'a mut Memory,
    top: u64,
    low: u64,
}

impl StackWriter<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<u64, StartError> {
        self.top = self
            .top
            .checked_sub(bytes.len() as u64)
            .ok_or(StartError::ArgumentsTooLong)?;
        self.write(bytes)?;
        Ok(self.top)
    }

    fn push_string(&mut self, bytes: &[u8]) -> Result<u64, StartError> {
        self.push(&[bytes, b"\0"].concat())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StartError> {
        // At least half of the stack is left to the program.
        let limit = self.low + (self.memory.scratch_start() - self.low) / 2;
        if self.top < limit {
            return Err(StartError::ArgumentsTooLong);
        }
        self.memory
            .host_slice_mut(self.top, bytes.len() as u64)
            .copy_from_slice(bytes);
        Ok(())
    }
}
