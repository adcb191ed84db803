//! Which parts of guest memory a Linux process has mapped: program break, mappings, stack.

use std::collections::BTreeMap;

use super::{EXECUTE, Memory, PAGE_SIZE, READ, SHARED, WRITE};

/// The layout of a process, from low addresses to high: program, heap (grows up), gap, mappings (grow down), guard, stack.
#[derive(Clone)]
pub(crate) struct AddressSpace {
    heap_start: u64,
    program_break: u64,
    /// Start and end of each mapping, page-aligned, disjoint.
    mappings: BTreeMap<u64, u64>,
    /// Mappings lie below this address: the guard of the stack.
    mappings_end: u64,
    stack_low: u64,
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
    pub(crate) fn new(memory: &mut Memory, program_end: u64, stack_size: u64) -> Option<Self> {
        let heap_start = page_up(program_end)?;
        let stack_low = memory.scratch_start().checked_sub(stack_size)?;
        let mappings_end = stack_low.checked_sub(STACK_GUARD)?;
        if heap_start > mappings_end {
            return None;
        }
        memory.change_flags(stack_low, stack_size, 0, READ | WRITE);
        Some(AddressSpace {
            heap_start,
            program_break: heap_start,
            mappings: BTreeMap::new(),
            mappings_end,
            stack_low,
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
            memory.change_flags(old_end, new_end - old_end, 0, READ | WRITE);
        } else {
            release(memory, new_end, old_end - new_end);
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

    /// Maps `[start, start + size)` with `rights`, zeroed, in place of whatever was there.
    pub(crate) fn map(&mut self, memory: &mut Memory, start: u64, size: u64, rights: u8) {
        self.unmap(memory, start, size);
        if start >= self.program_break {
            self.mappings.insert(start, start + size);
        }
        memory.change_flags(start, size, READ | WRITE | EXECUTE, rights);
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
        release(memory, start, size);
    }
}

/// Takes the rights away and makes the bytes zero again, as the next owner of the pages must find them.
fn release(memory: &mut Memory, start: u64, size: u64) {
    let mut page = start;
    while page < start + size {
        if memory.flags_at(page) & !SHARED != 0 {
            memory.host_slice_mut(page, PAGE_SIZE).fill(0);
            memory.change_flags(page, PAGE_SIZE, 0xff, 0);
        }
        page += PAGE_SIZE;
    }
}
