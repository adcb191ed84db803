//! Translations found before, for pages that are plain RAM and may be accessed without any further look.

use super::ram::PAGE_SHIFT;

const ENTRIES: usize = 256;

/// What decides about a translation besides the address; kept in the twelve bits that page numbers leave free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Context(u64);

impl Context {
    /// `bits` below 2^11.
    pub(super) const fn new(bits: u64) -> Context {
        Context((bits << 1 | 1) << 52)
    }
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Page number and context; 0 where there is none (a context is never 0).
    tag: u64,
    offset: usize,
}

/// Direct-mapped, for one kind of access.
#[derive(Debug)]
pub(super) struct Tlb {
    entries: Box<[Entry; ENTRIES]>,
}

impl Default for Tlb {
    fn default() -> Self {
        Tlb {
            entries: Box::new([Entry { tag: 0, offset: 0 }; ENTRIES]),
        }
    }
}

impl Tlb {
    /// Where the page of `address` begins in the arena of RAM.
    #[inline(always)]
    pub(super) fn find(&self, address: u64, context: Context) -> Option<usize> {
        let page = address >> PAGE_SHIFT;
        let entry = &self.entries[page as usize % ENTRIES];
        (entry.tag == page | context.0).then_some(entry.offset)
    }

    pub(super) fn insert(&mut self, address: u64, context: Context, offset: usize) {
        let page = address >> PAGE_SHIFT;
        self.entries[page as usize % ENTRIES] = Entry {
            tag: page | context.0,
            offset,
        };
    }

    pub(super) fn clear(&mut self) {
        self.entries.fill(Entry { tag: 0, offset: 0 });
    }
}
