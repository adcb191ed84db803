//! Going back to what memory held at a moment.
//!
//! A [`MemorySnapshot`] is shared by all machines that start from it. Each of them has a copy of its own and notes the pages that
//! it writes ([`SHARED`] is gone from their flags), so that going back costs what was written and not what there is.

use super::{CODE, EXECUTE, Memory, PAGE_SHIFT, PAGE_SIZE, SHARED, page_down};

/// What memory held at a moment; there was no distribution in it.
pub(crate) struct MemorySnapshot {
    scratch_start: u64,
    mapped: u64,
    has_writable_code: bool,
    /// The flags of all pages, [`SHARED`] among them.
    flags: Box<[u8]>,
    /// For each page where its bytes start in `contents`, in pages, plus one; 0 for a page of zeros.
    places: Box<[u32]>,
    contents: Vec<u8>,
}

impl MemorySnapshot {
    /// Whether it is one of a memory that was made with this size.
    pub(crate) fn has_size(&self, memory_size: u64) -> bool {
        self.scratch_start == page_down(memory_size)
    }

    /// The bytes of a page; `None` for zeros.
    fn page(&self, number: usize) -> Option<&[u8]> {
        let start = (self.places[number] as usize).checked_sub(1)? << PAGE_SHIFT;
        self.contents.get(start..start + PAGE_SIZE as usize)
    }

    /// A memory that holds the same.
    pub(crate) fn memory(&self) -> Memory {
        let mut memory = Memory::new(self.scratch_start);
        memory.flags.copy_from_slice(&self.flags);
        memory.mapped = self.mapped;
        for number in 0..self.places.len() {
            if let Some(bytes) = self.page(number) {
                memory.page_mut(number).copy_from_slice(bytes);
            }
        }
        memory
    }
}

impl Memory {
    /// What memory holds, for others to start from. From now on this memory notes its own pages and can go back.
    pub(crate) fn snapshot(&mut self) -> MemorySnapshot {
        self.share();
        let mut places = vec![0; self.flags.len()].into_boxed_slice();
        let mut contents = Vec::new();
        for (number, place) in places.iter_mut().enumerate() {
            // Without any flag it is nobody's, and zero.
            if self.flags[number] & !SHARED == 0 {
                continue;
            }
            let start = number << PAGE_SHIFT;
            let bytes = &self.bytes[start..start + PAGE_SIZE as usize];
            if bytes.iter().any(|&byte| byte != 0) {
                contents.extend_from_slice(bytes);
                *place = (contents.len() >> PAGE_SHIFT) as u32;
            }
        }
        MemorySnapshot {
            scratch_start: self.scratch_start,
            mapped: self.mapped,
            has_writable_code: self.has_writable_code,
            flags: self.flags.iter().map(|flags| flags & !CODE).collect(),
            places,
            contents,
        }
    }

    /// From now on this memory, which holds what some snapshot holds, notes its own pages and can go back to that.
    pub(crate) fn share(&mut self) {
        for flags in &mut self.flags {
            *flags |= SHARED;
        }
        self.owned.clear();
        self.flags_changed = false;
    }

    /// How many pages were written since the snapshot.
    pub(crate) fn written_pages(&self) -> usize {
        self.owned.len()
    }

    /// Whether it was made with this size.
    pub(crate) fn has_size(&self, memory_size: u64) -> bool {
        self.scratch_start == page_down(memory_size)
    }

    /// Goes back to the snapshot that this memory was made from, or made. Returns whether what was decoded from it may be wrong now.
    pub(crate) fn rewind(&mut self, snapshot: &MemorySnapshot) -> bool {
        let mut code_changed = std::mem::take(&mut self.code_written);
        let owned = std::mem::take(&mut self.owned);
        for &number in &owned {
            let number = number as usize;
            let code = self.flags[number] & CODE;
            code_changed |= code != 0;
            match snapshot.page(number) {
                Some(bytes) => self.page_mut(number).copy_from_slice(bytes),
                None => self.page_mut(number).fill(0),
            }
            self.flags[number] = snapshot.flags[number] | code;
            self.forget_tags(number);
        }
        // The list is used again: it grows once.
        self.owned = owned;
        self.owned.clear();
        if std::mem::take(&mut self.flags_changed) {
            self.flags.copy_from_slice(&snapshot.flags);
            self.mapped = snapshot.mapped;
            self.has_writable_code = snapshot.has_writable_code;
            for &page in self.code_lines.keys() {
                let flags = &mut self.flags[page];
                code_changed |= *flags & EXECUTE == 0;
                *flags |= CODE;
            }
        }
        if code_changed {
            self.watch_no_code();
        }
        code_changed
    }

    /// The pages of the range are about to be written.
    pub(super) fn own(&mut self, start: u64, size: u64) {
        let first = (start >> PAGE_SHIFT) as usize;
        let last = (start + size).div_ceil(PAGE_SIZE) as usize;
        for number in first..last {
            if self.flags[number] & SHARED != 0 {
                self.flags[number] &= !SHARED;
                self.owned.push(number as u32);
            }
        }
    }

    fn page_mut(&mut self, number: usize) -> &mut [u8] {
        let start = number << PAGE_SHIFT;
        &mut self.bytes[start..start + PAGE_SIZE as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bus, MAPPED, READ, WRITE};
    use super::*;

    fn memory() -> Memory {
        let mut memory = Memory::new(16 * PAGE_SIZE);
        memory.change_flags(0, 4 * PAGE_SIZE, 0, READ | WRITE | MAPPED);
        memory.store(8, [1; 8]).unwrap();
        memory.store(3 * PAGE_SIZE, [7; 8]).unwrap();
        memory.change_flags(3 * PAGE_SIZE, PAGE_SIZE, READ | WRITE, 0); // not to be seen for the time being
        memory
    }

    fn differs(a: &Memory, b: &Memory) -> bool {
        *a.bytes != *b.bytes || a.flags != b.flags || a.mapped != b.mapped
    }

    #[test]
    fn whatever_was_written_is_undone() {
        let mut memory = memory();
        let snapshot = memory.snapshot();
        let before = snapshot.memory();
        assert!(!differs(&memory, &before));
        memory.store(8, [2; 8]).unwrap(); // by the guest
        memory.store(PAGE_SIZE - 4, [3; 8]).unwrap(); // over a page boundary
        memory.slice_mut(2 * PAGE_SIZE, 10).unwrap().fill(4); // by a system call
        memory.change_flags(5 * PAGE_SIZE, 2 * PAGE_SIZE, 0, READ | WRITE | MAPPED); // a new mapping
        memory.store(5 * PAGE_SIZE, [5; 8]).unwrap();
        memory.put_tag(16, 8, 9); // a value
        memory.host_slice_mut(memory.scratch_start(), 4).fill(6); // by the emulator
        memory.change_flags(0, PAGE_SIZE, WRITE, 0); // mprotect
        assert!(differs(&memory, &before));
        assert!(!memory.rewind(&snapshot), "no code was written");
        assert!(!differs(&memory, &before));
        assert!(!memory.is_tagged(0, PAGE_SIZE));
        // And again, from there.
        memory.store(8, [2; 8]).unwrap();
        assert_eq!(memory.owned, [0]);
        memory.rewind(&snapshot);
        assert!(!differs(&memory, &before));
    }

    #[test]
    fn written_code_is_noticed() {
        let mut memory = memory();
        let snapshot = memory.snapshot();
        let map = |memory: &mut Memory| {
            memory.change_flags(8 * PAGE_SIZE, PAGE_SIZE, 0, READ | WRITE | EXECUTE);
            memory.store(8 * PAGE_SIZE, [1; 4]).unwrap();
        };
        map(&mut memory);
        assert!(!memory.rewind(&snapshot), "nothing was decoded from it");
        map(&mut memory);
        memory.watch_code(8 * PAGE_SIZE, 4);
        assert!(memory.rewind(&snapshot));
        assert!(!memory.rewind(&snapshot));
        // Decoded from a page that could be executed only for a while.
        memory.change_flags(0, PAGE_SIZE, 0, EXECUTE);
        memory.watch_code(0, 4);
        assert!(memory.rewind(&snapshot));
        memory.change_flags(0, PAGE_SIZE, 0, EXECUTE);
        memory.watch_code(0, 4);
        memory.change_flags(0, PAGE_SIZE, EXECUTE, 0);
        assert!(memory.was_code_written());
    }

    #[test]
    fn machines_do_not_see_each_other() {
        let mut first = memory();
        let snapshot = first.snapshot();
        let mut second = snapshot.memory();
        first.store(8, [2; 8]).unwrap();
        assert_eq!(second.load::<8>(8), Ok([1; 8]));
        second.store(8, [3; 8]).unwrap();
        assert_eq!(first.load::<8>(8), Ok([2; 8]));
        assert!(!differs(&snapshot.memory(), &{
            second.rewind(&snapshot);
            second
        }));
    }
}
