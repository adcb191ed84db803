//! Which bytes of memory belong to an uncertain value.
//!
//! A tag is an opaque number, given by the tracker, of a value that stands in memory; a [`Piece`] is one byte of such a value.
//! Most values lie where they were stored, so a page keeps one word for each aligned group of four bytes ([`Group`]): nothing,
//! or "bytes 0 to 3 of value t", or "bytes 4 to 7 of value t". What does not fit, because bytes were copied one by one or to a
//! misaligned place, is spelled out byte by byte in a map beside it. A value is whole again when its bytes are back in order.

use std::collections::HashMap;

use super::{Memory, PAGE_SHIFT, PAGE_SIZE, SHADOWED};
use crate::resources::Arena;

/// The number of an uncertain value; never 0, below 2^31.
pub(crate) type Tag = u32;

/// One byte of an uncertain value, or (tag 0) of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Piece {
    pub(crate) tag: Tag,
    /// Which byte of the value, 0 the least significant.
    pub(crate) index: u8,
}

/// The pieces that up to eight bytes consist of.
pub(crate) type Pieces = [Piece; 8];

/// Four aligned bytes: 0, or a tag, with [`UPPER`] for bytes 4 to 7 of the value, or [`RAGGED`].
type Group = u32;
const UPPER: Group = 1 << 31;
/// The bytes are spelled out in the map.
const RAGGED: Group = UPPER;
const GROUP: u64 = 4;

struct PageTags {
    groups: Box<[Group; (PAGE_SIZE / GROUP) as usize]>,
    ragged: HashMap<u16, [Piece; GROUP as usize]>,
    /// Groups that are not 0.
    live: u16,
}

/// The tags of all pages.
#[derive(Default)]
pub(crate) struct Tags {
    pages: Vec<Option<PageTags>>,
    /// Pages that have a table.
    tables: usize,
    /// One bit for each group of all memory: whether it is not 0. There as soon as a page has a table.
    tagged: Option<Arena>,
}

/// Bytes of [`Tags::tagged`] for a page.
const TAGGED_BYTES: usize = (PAGE_SIZE / GROUP / 8) as usize;

impl Tags {
    pub(super) fn tagged_groups(&self) -> *const u8 {
        self.tagged.as_ref().map_or(std::ptr::null(), |tagged| tagged.as_ptr())
    }
}

/// A page whose tags are being changed, with its part of [`Tags::tagged`].
struct PageTagsMut<'a> {
    page: &'a mut PageTags,
    tagged: &'a mut [u8],
}

impl PageTagsMut<'_> {
    fn set(&mut self, group: usize, value: Group) {
        self.page.set(group, value);
        let bit = 1 << (group % 8);
        if value == 0 {
            self.tagged[group / 8] &= !bit;
        } else {
            self.tagged[group / 8] |= bit;
        }
    }

    fn set_bytes(&mut self, group: usize, bytes: [Piece; GROUP as usize]) {
        let value = group_with(&bytes);
        self.set(group, value);
        if value == RAGGED {
            self.page.ragged.insert(group as u16, bytes);
        }
    }
}

/// What stands for these bytes.
fn group_with(bytes: &[Piece; GROUP as usize]) -> Group {
    let Piece { tag, index } = bytes[0];
    let in_order = |start: u8| {
        let same = |(i, piece): (usize, &Piece)| piece.tag == tag && piece.index == start + i as u8;
        index == start && bytes.iter().enumerate().all(same)
    };
    if bytes.iter().all(|piece| piece.tag == 0) {
        0
    } else if in_order(0) {
        tag
    } else if in_order(GROUP as u8) {
        tag | UPPER
    } else {
        RAGGED
    }
}

impl PageTags {
    fn new() -> Self {
        PageTags {
            groups: Box::new([0; (PAGE_SIZE / GROUP) as usize]),
            ragged: HashMap::new(),
            live: 0,
        }
    }

    fn set(&mut self, group: usize, value: Group) {
        let old = std::mem::replace(&mut self.groups[group], value);
        if old == RAGGED && value != RAGGED {
            self.ragged.remove(&(group as u16));
        }
        self.live = self.live + u16::from(value != 0) - u16::from(old != 0);
    }

    fn bytes(&self, group: usize) -> [Piece; GROUP as usize] {
        match self.groups[group] {
            RAGGED => self.ragged.get(&(group as u16)).copied().unwrap_or_default(),
            0 => Default::default(),
            value => std::array::from_fn(|i| Piece {
                tag: value & !UPPER,
                index: i as u8 + if value & UPPER != 0 { GROUP as u8 } else { 0 },
            }),
        }
    }
}

fn group_of(address: u64) -> usize {
    ((address & (PAGE_SIZE - 1)) / GROUP) as usize
}

impl Memory {
    fn page_tags(&self, address: u64) -> Option<&PageTags> {
        self.tags.pages.get((address >> PAGE_SHIFT) as usize)?.as_ref()
    }

    /// Whether any of the `size` bytes at `address` belongs to an uncertain value.
    pub(crate) fn is_tagged(&self, address: u64, size: u64) -> bool {
        // Beyond the pages that ever held a value there is none, and addresses there may be as large as they like.
        let end = address
            .saturating_add(size)
            .min((self.tags.pages.len() as u64) << PAGE_SHIFT);
        if address >= end {
            return false;
        }
        let mut group_start = address & !(GROUP - 1);
        while group_start < end {
            if self
                .page_tags(group_start)
                .is_some_and(|page| match page.groups[group_of(group_start)] {
                    0 => false,
                    RAGGED => {
                        let bytes = page.bytes(group_of(group_start));
                        (0..GROUP).any(|i| (address..end).contains(&(group_start + i)) && bytes[i as usize].tag != 0)
                    }
                    _ => true,
                })
            {
                return true;
            }
            group_start += GROUP;
        }
        false
    }

    /// The tag of the value that fills exactly the `size` (4 or 8) bytes at `address`, found in the common case of an aligned value.
    #[inline]
    pub(crate) fn whole_tag(&self, address: u64, size: u64) -> Option<Tag> {
        let page = self.page_tags(address)?;
        let low = page.groups[group_of(address)];
        if !address.is_multiple_of(size) || low == 0 || low & UPPER != 0 {
            return None;
        }
        (size == GROUP || page.groups[group_of(address) + 1] == low | UPPER).then_some(low)
    }

    /// What the `size` (at most 8) bytes at `address` consist of.
    pub(crate) fn pieces(&self, address: u64, size: u64) -> Pieces {
        std::array::from_fn(|i| {
            let byte = address.wrapping_add(i as u64);
            if i as u64 >= size {
                return Piece::default();
            }
            self.page_tags(byte).map_or(Piece::default(), |page| {
                page.bytes(group_of(byte))[(byte % GROUP) as usize]
            })
        })
    }

    /// Says that the `size` (4 or 8) bytes at `address` now are the value `tag`.
    pub(crate) fn put_tag(&mut self, address: u64, size: u64, tag: Tag) {
        if address.is_multiple_of(size) {
            let group = group_of(address);
            let mut page = self.page_tags_mut(address);
            page.set(group, tag);
            if size > GROUP {
                page.set(group + 1, tag | UPPER);
            }
        } else {
            self.put_pieces(address, size, &std::array::from_fn(|i| Piece { tag, index: i as u8 }));
        }
    }

    /// Says what the `size` (at most 8) bytes at `address` now consist of.
    pub(crate) fn put_pieces(&mut self, address: u64, size: u64, pieces: &Pieces) {
        for (i, &piece) in pieces.iter().enumerate().take(size as usize) {
            let byte = address + i as u64;
            let group = group_of(byte);
            let mut page = self.page_tags_mut(byte);
            let mut bytes = page.page.bytes(group);
            bytes[(byte % GROUP) as usize] = piece;
            page.set_bytes(group, bytes);
        }
        self.forget_empty(address, size);
    }

    /// Copies `size` bytes with the values in them; both ranges are page-aligned and do not overlap.
    pub(crate) fn move_with_tags(&mut self, from: u64, to: u64, size: u64) {
        for page in (0..size).step_by(PAGE_SIZE as usize) {
            let count = PAGE_SIZE.min(size - page);
            let bytes = self.bytes[(from + page) as usize..(from + page + count) as usize].to_vec();
            self.host_slice_mut(to + page, count).copy_from_slice(&bytes);
            if self.flags_at(from + page) & SHADOWED == 0 {
                continue;
            }
            for group in (0..count).step_by(GROUP as usize) {
                let Some(tags) = self.page_tags(from + page) else { break };
                if tags.groups[group_of(group)] != 0 {
                    let pieces = tags.bytes(group_of(group));
                    self.page_tags_mut(to + page).set_bytes(group_of(group), pieces);
                }
            }
        }
    }

    /// The bytes have been overwritten by something certain. Costs nothing on pages that hold no uncertain value.
    pub(crate) fn clear_tags(&mut self, address: u64, size: u64) {
        let end = address.saturating_add(size);
        let mut page_start = address & !(PAGE_SIZE - 1);
        while page_start < end {
            if self.flags_at(page_start) & SHADOWED != 0 {
                let from = address.max(page_start);
                let to = end.min(page_start + PAGE_SIZE);
                self.clear_tags_in_page(from, to);
            }
            page_start += PAGE_SIZE;
        }
    }

    fn clear_tags_in_page(&mut self, from: u64, to: u64) {
        let mut page = self.page_tags_mut(from);
        let mut byte = from;
        while byte < to {
            let group = group_of(byte);
            let group_start = byte & !(GROUP - 1);
            let group_end = group_start + GROUP;
            if page.page.groups[group] != 0 {
                if byte == group_start && to >= group_end {
                    page.set(group, 0);
                } else {
                    let mut bytes = page.page.bytes(group);
                    for touched in byte..to.min(group_end) {
                        bytes[(touched % GROUP) as usize] = Piece::default();
                    }
                    page.set_bytes(group, bytes);
                }
            }
            byte = group_end;
        }
        self.forget_empty(from, to - from);
    }

    fn page_tags_mut(&mut self, address: u64) -> PageTagsMut<'_> {
        let number = (address >> PAGE_SHIFT) as usize;
        if self.tags.pages.len() <= number {
            self.tags.pages.resize_with(number + 1, || None);
        }
        self.own(address, 1);
        self.flags[number] |= SHADOWED;
        let Tags { pages, tables, tagged } = &mut self.tags;
        let page = pages[number].get_or_insert_with(|| {
            *tables += 1;
            PageTags::new()
        });
        let tagged = tagged.get_or_insert_with(|| Arena::new(self.flags.len() * TAGGED_BYTES));
        PageTagsMut {
            page,
            tagged: &mut tagged[number * TAGGED_BYTES..(number + 1) * TAGGED_BYTES],
        }
    }

    fn forget_empty(&mut self, address: u64, size: u64) {
        for page in [address, address + size - 1] {
            let number = (page >> PAGE_SHIFT) as usize;
            if self.tags.pages[number].as_ref().is_some_and(|page| page.live == 0) {
                // The page keeps its table: values come and go on the same pages.
                self.flags[number] &= !SHADOWED;
            }
        }
    }

    /// Page `number` holds no value any more.
    pub(super) fn forget_tags(&mut self, number: usize) {
        if let Some(Some(page)) = self.tags.pages.get_mut(number)
            && page.live > 0
        {
            page.groups.fill(0);
            page.ragged.clear();
            page.live = 0;
            if let Some(tagged) = &mut self.tags.tagged {
                tagged[number * TAGGED_BYTES..(number + 1) * TAGGED_BYTES].fill(0);
            }
        }
    }

    /// No page holds a value any more, and none has a table.
    pub(crate) fn forget_all_tags(&mut self) {
        self.tags = Tags::default();
    }

    /// Bytes that the tags take, roughly.
    pub(crate) fn tag_bytes(&self) -> usize {
        /// Of the map, with the room that it keeps free.
        const ENTRY: usize = 2 * size_of::<(u16, [Piece; GROUP as usize])>();
        let ragged = |page: &PageTags| ENTRY * page.ragged.len();
        self.tags.tables * size_of::<[Group; (PAGE_SIZE / GROUP) as usize]>()
            + self.tags.pages.iter().flatten().map(ragged).sum::<usize>()
    }

    /// Calls `visit` with every tag that stands in memory; some more than once.
    pub(crate) fn for_each_tag(&self, mut visit: impl FnMut(Tag)) {
        for page in self.tags.pages.iter().flatten().filter(|page| page.live > 0) {
            page.groups
                .iter()
                .filter(|&&group| group & !UPPER != 0)
                .for_each(|group| visit(group & !UPPER));
            page.ragged
                .values()
                .flatten()
                .filter(|piece| piece.tag != 0)
                .for_each(|piece| visit(piece.tag));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{READ, WRITE};
    use super::*;

    fn memory() -> Memory {
        let mut memory = Memory::new(1 << 20);
        memory.change_flags(0, 1 << 20, 0, READ | WRITE);
        memory
    }

    #[test]
    fn a_value_stored_whole_is_found_whole() {
        let mut memory = memory();
        memory.put_tag(64, 8, 7);
        assert_eq!(memory.whole_tag(64, 8), Some(7));
        assert_eq!(
            memory.whole_tag(64, 4),
            Some(7),
            "its lower half starts like a float: the tracker checks the kind"
        );
        assert_eq!(memory.whole_tag(68, 4), None);
        assert!(memory.is_tagged(71, 1) && !memory.is_tagged(72, 8));
    }

    #[test]
    fn bytes_moved_one_by_one_make_a_whole_value_again() {
        let mut memory = memory();
        memory.put_tag(64, 8, 7);
        for i in [5, 0, 7, 1, 6, 2, 3, 4] {
            let piece = memory.pieces(64 + i, 1);
            memory.put_pieces(4096 - 3 + i, 1, &piece);
        }
        for i in 0..8 {
            assert_eq!(memory.pieces(4096 - 3, 8)[i], Piece { tag: 7, index: i as u8 });
        }
        for i in 0..8 {
            let piece = memory.pieces(4096 - 3 + i, 1);
            memory.put_pieces(128 + i, 1, &piece);
        }
        assert_eq!(memory.whole_tag(128, 8), Some(7));
    }

    #[test]
    fn a_certain_byte_takes_only_its_own_place() {
        let mut memory = memory();
        memory.put_tag(64, 8, 7);
        memory.clear_tags(66, 1);
        assert_eq!(memory.whole_tag(64, 8), None);
        assert!(!memory.is_tagged(66, 1) && memory.is_tagged(67, 1) && memory.is_tagged(65, 1));
        memory.clear_tags(64, 8);
        assert_eq!(memory.flags_at(64) & SHADOWED, 0, "an empty page is ordinary again");
    }

    #[test]
    fn there_is_nothing_at_the_end_of_the_address_space() {
        let mut memory = memory();
        memory.put_tag(64, 8, 7);
        for address in [u64::MAX, u64::MAX - 7, u64::MAX - 4095, 1 << 20] {
            assert!(!memory.is_tagged(address, 8));
            assert_eq!(memory.whole_tag(address & !7, 8), None);
            assert_eq!(memory.pieces(address, 8), Pieces::default());
        }
    }

    /// Whatever is done, the bits that handlers look at say the same as the groups.
    #[test]
    fn a_bit_is_set_where_a_group_is() {
        let mut memory = memory();
        let agree = |memory: &Memory| {
            let tagged = memory.tags.tagged.as_ref().expect("there are tags");
            for address in (0..3 * PAGE_SIZE).step_by(GROUP as usize) {
                let group = memory
                    .page_tags(address)
                    .map_or(0, |page| page.groups[group_of(address)]);
                let bit = tagged[(address >> 5) as usize] >> (address >> 2 & 7) & 1;
                assert_eq!(bit == 1, group != 0, "{address:#x}");
            }
        };
        memory.put_tag(64, 8, 7);
        memory.put_tag(PAGE_SIZE - 3, 8, 8); // over a page boundary, in parts
        memory.put_tag(PAGE_SIZE + 100, 4, 9);
        agree(&memory);
        memory.clear_tags(66, 1);
        memory.clear_tags(PAGE_SIZE - 4, 4);
        agree(&memory);
        memory.move_with_tags(PAGE_SIZE, 2 * PAGE_SIZE, PAGE_SIZE);
        agree(&memory);
        assert!(memory.is_tagged(2 * PAGE_SIZE + 100, 4));
        memory.clear_tags(0, 3 * PAGE_SIZE);
        agree(&memory);
        memory.put_tag(64, 8, 7);
        memory.forget_tags(0);
        agree(&memory);
    }

    #[test]
    fn every_tag_is_visited() {
        let mut memory = memory();
        memory.put_tag(64, 8, 7);
        memory.put_tag(129, 4, 9);
        let mut seen = std::collections::BTreeSet::new();
        memory.for_each_tag(|tag| {
            seen.insert(tag);
        });
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [7, 9]);
    }
}
