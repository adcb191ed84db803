//! Guest memory of the emulator's own, for texts and argument lists that a hooked function reads while it runs.
//!
//! It works like a stack beside the guest's: what a call was given is released when the stack pointer at a later hook shows
//! that the call has returned (recursion and longjmp included). The guest can read it and not write it: fortified `%n` aborts
//! when its format lies in writable memory.

use crate::memory::{Memory, READ};

/// Calls that are remembered at once; the memory of those that are forgotten stays taken.
const MOST_CALLS: usize = 1 << 16;

pub(super) struct Scratch {
    end: u64,
    /// For each call that is under way: its stack pointer, and where its part of the scratch starts.
    calls: Vec<(u64, u64)>,
    top: u64,
}

impl Scratch {
    /// The scratch region of `memory` up to `end`.
    pub(super) fn new(memory: &Memory, end: u64) -> Scratch {
        Scratch {
            end,
            calls: Vec::new(),
            top: memory.scratch_start(),
        }
    }

    /// Starts the part of a call that is being entered with this stack pointer, and releases those of calls that have returned.
    pub(super) fn enter(&mut self, stack_pointer: u64) {
        while let Some(&(caller, start)) = self.calls.last() {
            // The stack grows down: a call still under way was entered with a higher stack pointer.
            if caller > stack_pointer {
                break;
            }
            self.top = start;
            self.calls.pop();
        }
        if self.calls.len() >= MOST_CALLS {
            self.calls.drain(..MOST_CALLS / 2);
        }
        self.calls.push((stack_pointer, self.top));
    }

    /// Puts bytes into the current call's part, 16-aligned. `None` if there is no room left.
    pub(super) fn put(&mut self, memory: &mut Memory, bytes: &[u8]) -> Option<u64> {
        let address = self.top.next_multiple_of(16);
        let end = address.checked_add(bytes.len() as u64).filter(|&end| end <= self.end)?;
        memory
            .host_slice_mut(address, bytes.len() as u64)
            .copy_from_slice(bytes);
        memory.change_flags(address, (end - address).max(1), 0, READ);
        self.top = end;
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::PAGE_SIZE;

    #[test]
    fn parts_are_released_when_their_call_has_returned() {
        let mut memory = Memory::new(1 << 20);
        let end = memory.scratch_start() + 10 * PAGE_SIZE;
        let mut scratch = Scratch::new(&memory, end);
        scratch.enter(1000);
        scratch.put(&mut memory, &[1; 100]).unwrap();
        scratch.enter(900); // called from within
        scratch.put(&mut memory, &[2; 100]).unwrap();
        assert_eq!(scratch.top - memory.scratch_start(), 212);
        scratch.enter(900); // the next call at the same depth: the one before has returned
        assert_eq!(scratch.top - memory.scratch_start(), 100);
        scratch.enter(2000); // all have returned
        assert_eq!(scratch.top - memory.scratch_start(), 0);
        assert!(scratch.put(&mut memory, &[0; 11 * PAGE_SIZE as usize]).is_none());
    }
}
