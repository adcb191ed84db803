//! Which parts of guest memory a Linux process has mapped: program break, mappings, stack.

use std::collections::BTreeMap;

use super::{EXECUTE, MAPPED, Memory, PAGE_SIZE, READ, WRITE};
use crate::cancel::Cancel;
use crate::limits::Limit;

/// The layout of a process, from low addresses to high: program, heap (grows up), gap, mappings (grow down), guard, stack.
pub(crate) struct AddressSpace {
    heap_start: u64,
    program_break: u64,
    /// Start and end of each mapping, page-aligned, disjoint.
    mappings: BTreeMap<u64, u64>,
    /// Mappings lie below this address: the guard of the stack.
    mappings_end: u64,
    stack_low: u64,
    bound: Bound,
}

/// How much may be mapped.
#[derive(Debug)]
pub(crate) struct Bound {
    /// Most bytes at once.
    pub(crate) most: u64,
    /// Who is told when it would be more; ends work on large ranges, too.
    pub(crate) cancel: Cancel,
}

/// Bytes that are worked on between two looks at the cancel flag: some 100 µs.
const CHUNK: u64 = 1 << 20;

impl Bound {
    /// Whether `more` bytes can be mapped; stops the run if not.
    fn admits(&self, memory: &Memory, more: u64) -> bool {
        let admits = memory.mapped().saturating_add(more) <= self.most;
        if !admits {
            self.cancel.stop(Limit::Memory);
        }
        admits
    }

    /// Calls `work` with the starts and sizes of the pieces of a range until the run shall end.
    pub(crate) fn in_chunks(&self, start: u64, size: u64, mut work: impl FnMut(u64, u64)) {
        for done in (0..size).step_by(CHUNK as usize) {
            if self.cancel.is_cancelled() {
                break;
            }
            work(start + done, CHUNK.min(size - done));
        }
    }
}

/// The unmapped gap below the stack: an access there is a stack overflow.
const STACK_GUARD: u64 = 64 * 1024;

pub(crate) fn page_down(address: u64) -> u64 {
    address & !(PAGE_SIZE - 1)
}

/// `None` where the next page boundary does not fit in 64 bits.
pub(crate) fn page_up(address: u64) -> Option<u64> {
    Some(page_down(address.checked_add(PAGE_SIZE - 1)?))
}

impl AddressSpace {
    /// A process whose program ends at `program_end` and whose stack of `stack_size` bytes (a multiple of the page size) ends
    /// at the end of guest memory. `None` if that does not fit.
    pub(crate) fn new(memory: &mut Memory, program_end: u64, stack_size: u64, bound: Bound) -> Option<Self> {
        let heap_start = page_up(program_end)?;
        let stack_low = memory.scratch_start().checked_sub(stack_size)?;
        let mappings_end = stack_low.checked_sub(STACK_GUARD)?;
        if heap_start > mappings_end {
            return None;
        }
        memory.change_flags(stack_low, stack_size, 0, READ | WRITE | MAPPED);
        bound.admits(memory, 0);
        Some(AddressSpace {
            heap_start,
            program_break: heap_start,
            mappings: BTreeMap::new(),
            mappings_end,
            stack_low,
            bound,
        })
    }

    /// Whether `address` lies in the guard below the stack.
    pub(crate) fn is_stack_guard(&self, address: u64) -> bool {
        (self.mappings_end..self.stack_low).contains(&address)
    }

    /// The lowest address of the stack.
    pub(crate) fn stack_low(&self) -> u64 {
        self.stack_low
    }

    fn lowest_mapping(&self) -> u64 {
        self.mappings
            .first_key_value()
            .map_or(self.mappings_end, |(&start, _)| start)
    }

    /// `brk`: moves the end of the heap if there is room, and returns where it now is.
    pub(crate) fn set_program_break(&mut self, memory: &mut Memory, wanted: u64) -> u64 {
        let old_end = page_down(self.program_break + PAGE_SIZE - 1);
        let Some(new_end) = page_up(wanted) else {
            return self.program_break;
        };
        if wanted < self.heap_start || new_end > self.lowest_mapping() {
            return self.program_break;
        }
        if new_end > old_end {
            if !self.bound.admits(memory, new_end - old_end) {
                return self.program_break;
            }
            memory.change_flags(old_end, new_end - old_end, 0, READ | WRITE | MAPPED);
        } else {
            self.release(memory, new_end, old_end - new_end);
        }
        self.program_break = wanted;
        wanted
    }

    /// Finds `size` bytes (page-aligned) for a new mapping: the highest gap that fits.
    pub(crate) fn find_gap(&self, size: u64) -> Option<u64> {
        let floor = page_up(self.program_break)?;
        let mut end = self.mappings_end;
        for (&start, &mapping_end) in self.mappings.iter().rev() {
            if end.checked_sub(mapping_end)? >= size {
                break;
            }
            end = start;
        }
        end.checked_sub(size).filter(|&start| start >= floor)
    }

    /// Whether a mapping may be placed at exactly this range.
    pub(crate) fn may_place(&self, start: u64, size: u64) -> bool {
        start >= PAGE_SIZE && start.checked_add(size).is_some_and(|end| end <= self.mappings_end)
    }

    /// Maps `[start, start + size)` with `rights`, zeroed, in place of whatever was there. Whether that much may be mapped.
    #[must_use]
    pub(crate) fn map(&mut self, memory: &mut Memory, start: u64, size: u64, rights: u8) -> bool {
        self.unmap(memory, start, size);
        if !self.bound.admits(memory, size) {
            return false;
        }
        if start >= self.program_break {
            self.mappings.insert(start, start + size);
        }
        memory.change_flags(start, size, READ | WRITE | EXECUTE, rights | MAPPED);
        true
    }

    /// Makes pages zero, as far as the run goes on.
    pub(crate) fn make_zero(&self, memory: &mut Memory, start: u64, size: u64) {
        self.bound
            .in_chunks(start, size, |start, size| memory.make_zero(start, size));
    }

    /// Moves the contents of pages, distributions included, as far as the run goes on.
    pub(crate) fn copy(&self, memory: &mut Memory, from: u64, to: u64, size: u64) {
        self.bound.in_chunks(0, size, |done, size| {
            memory.move_with_tags(from + done, to + done, size)
        });
    }

    /// Unmaps whatever is mapped in the range; the range lies inside guest memory.
    pub(crate) fn unmap(&mut self, memory: &mut Memory, start: u64, size: u64) {
        let end = start + size;
        let touched: Vec<(u64, u64)> = self
            .mappings
            .range(..end)
            .filter(|&(_, &e)| e > start)
            .map(|(&s, &e)| (s, e))
            .collect();
        for (old_start, old_end) in touched {
            self.mappings.remove(&old_start);
            if old_start < start {
                self.mappings.insert(old_start, start);
            }
            if old_end > end {
                self.mappings.insert(end, old_end);
            }
        }
        self.release(memory, start, size);
    }

    /// Takes the pages away and makes their bytes zero again, as the next owner must find them.
    fn release(&self, memory: &mut Memory, start: u64, size: u64) {
        self.bound.in_chunks(start, size, |start, size| {
            for page in (start..start + size).step_by(PAGE_SIZE as usize) {
                if memory.flags_at(page) & MAPPED != 0 {
                    memory.make_zero(page, PAGE_SIZE);
                    memory.change_flags(page, PAGE_SIZE, 0xff, 0);
                }
            }
        });
    }
}
