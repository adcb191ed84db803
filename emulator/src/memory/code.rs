//! Where instructions have been decoded from: a store there is told, so that what was decoded is forgotten.
//!
//! The flag [`CODE`] of a page sends stores the slow way; there, lines of 64 bytes decide, so that data may stand beside code on
//! one page.

use std::collections::BTreeMap;

use super::{CODE, Memory, PAGE_SHIFT, PAGE_SIZE};

/// Base-2 logarithm of the bytes in a line: as many lines in a page as bits in a word.
const LINE_SHIFT: u32 = PAGE_SHIFT - u64::BITS.ilog2();

/// The lines of code of each page that has [`CODE`], a bit each.
pub(super) type CodeLines = BTreeMap<usize, u64>;

/// The pages of a range, and which of their lines it touches.
fn lines(start: u64, size: u64) -> impl Iterator<Item = (usize, u64)> {
    let end = start.saturating_add(size);
    let pages = if size == 0 {
        0..0
    } else {
        start >> PAGE_SHIFT..end.div_ceil(PAGE_SIZE)
    };
    pages.map(move |page| {
        let first = start.max(page << PAGE_SHIFT) >> LINE_SHIFT;
        let last = (end - 1).min(page << PAGE_SHIFT | (PAGE_SIZE - 1)) >> LINE_SHIFT;
        let (above, below) = (u64::MAX << (first % 64), u64::MAX >> (63 - last % 64));
        (page as usize, above & below)
    })
}

impl Memory {
    /// Instructions have been decoded from the range: a store there is [`Stop::CodeWritten`](crate::engine::Stop::CodeWritten), and
    /// what the host writes there is noted. What lies outside the arena is left out.
    pub(crate) fn watch_code(&mut self, start: u64, size: u64) {
        for (page, lines) in lines(start, size) {
            let Some(flags) = self.flags.get_mut(page) else { break };
            *flags |= CODE;
            *self.code_lines.entry(page).or_default() |= lines;
        }
    }

    /// Nothing that was decoded is kept any more.
    pub(crate) fn watch_no_code(&mut self) {
        for page in std::mem::take(&mut self.code_lines).into_keys() {
            self.flags[page] &= !CODE;
        }
    }

    /// Whether the host has written where instructions have been decoded from, or they may not be executed any more; asking forgets
    /// it.
    pub(crate) fn was_code_written(&mut self) -> bool {
        let was_written = std::mem::take(&mut self.code_written);
        if was_written {
            self.watch_no_code();
        }
        was_written
    }

    /// Whether the range, which lies in the arena, touches lines of code.
    pub(super) fn holds_code(&self, start: u64, size: u64) -> bool {
        lines(start, size).any(|(page, lines)| {
            let is_code = self.flags[page] & CODE != 0;
            is_code && self.code_lines.get(&page).is_some_and(|code| code & lines != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Stop;
    use crate::memory::{Bus, EXECUTE, READ, WRITE};

    #[test]
    fn stores_beside_code_are_ordinary() {
        let mut memory = Memory::new(1 << 20);
        memory.change_flags(0, 2 * PAGE_SIZE, 0, READ | WRITE | EXECUTE);
        memory.watch_code(0x1004, 8);
        for (address, is_code) in [
            (0xff8, false),
            (0x1000, true),
            (0x1038, true),
            (0x1040, false),
            (0x1ff8, false),
        ] {
            let stored = memory.store(address, 1u64.to_le_bytes());
            assert_eq!(
                stored,
                if is_code { Err(Stop::CodeWritten) } else { Ok(()) },
                "{address:#x}"
            );
        }
        assert_eq!(
            memory.store(0xffc, [1; 8]),
            Err(Stop::CodeWritten),
            "a store across two pages"
        );
        memory.slice_mut(0x1040, 64).expect("memory").fill(2);
        assert!(!memory.was_code_written());
        memory.slice_mut(0x1000, 4096).expect("memory").fill(2);
        assert!(memory.was_code_written());
        assert_eq!(memory.store(0x1000, [3; 8]), Ok(()));
    }

    #[test]
    fn code_across_pages_and_whole_pages_are_watched() {
        let mut memory = Memory::new(1 << 20);
        memory.watch_code(0x1fc0, 0x1041);
        for (address, is_code) in [
            (0x1fbf, false),
            (0x1fc0, true),
            (0x2800, true),
            (0x3000, true),
            (0x3040, false),
        ] {
            assert_eq!(memory.holds_code(address, 1), is_code, "{address:#x}");
        }
        assert!(!memory.holds_code(0x2000, 0));
        memory.watch_code((1 << 20) + Memory::SCRATCH_SIZE - 2, 8);
        memory.watch_no_code();
        assert!(!memory.holds_code(0, 1 << 20));
    }
}
