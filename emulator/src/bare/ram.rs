//! Physical memory: RAM regions, one behind the other in one arena.

use std::ops::Range;

use loader::Image;

/// Where RAM starts on the machines that bare programs are linked for (Spike, QEMU's `virt`).
pub(super) const MAIN_START: u64 = 0x8000_0000;
/// Physical addresses have 56 bits.
pub(super) const ADDRESS_END: u64 = 1 << 56;
pub(super) const PAGE_SHIFT: u32 = 12;
pub(super) const PAGE_SIZE: u64 = 1 << PAGE_SHIFT;

/// Memory behind a segment that lies outside main RAM: stacks and heaps are often no segment of their own.
const SLACK: u64 = 16 << 20;

/// Names that linker scripts give to the end of what a program uses without loading it.
const END_SYMBOLS: [&str; 5] = ["__stack", "__stack_top", "__heap_end", "_end", "end"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Region {
    start: u64,
    size: u64,
    /// Where it begins in the arena.
    offset: usize,
}

/// All RAM. The host allocates a page when it is first touched.
pub(super) struct Ram {
    regions: Vec<Region>,
    arena: Box<[u8]>,
}

/// Why the RAM that a program needs cannot be given to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RamError {
    /// A segment lies where a device is.
    Device { address: u64 },
    /// It does not fit the limit.
    TooLarge { needed: u64 },
}

impl Ram {
    /// RAM of `main_size` bytes at [`MAIN_START`], and wherever else `image` loads, at most `limit` bytes in all and none of them among
    /// the addresses of `devices`.
    pub(super) fn new(image: &Image, main_size: u64, devices: Range<u64>, limit: u64) -> Result<Ram, RamError> {
        let mut total: u64 = 0;
        let mut regions = Vec::new();
        for Range { start, end } in layout(image, main_size, devices)? {
            let size = end - start;
            regions.push(Region {
                start,
                size,
                offset: total as usize,
            });
            total = total.saturating_add(size);
        }
        if total > limit {
            return Err(RamError::TooLarge { needed: total });
        }
        let mut ram = Ram {
            regions,
            arena: vec![0; total as usize].into_boxed_slice(),
        };
        for segment in &image.segments {
            let data = segment.data();
            if let Some(offset) = ram.offset(segment.physical_address, data.len() as u64) {
                ram.arena[offset..offset + data.len()].copy_from_slice(data);
            }
        }
        Ok(ram)
    }

    /// No RAM at all.
    pub(super) fn none() -> Ram {
        Ram {
            regions: Vec::new(),
            arena: Box::new([]),
        }
    }

    /// Where `size` bytes from the physical `address` lie in the arena, if all of them are RAM.
    pub(super) fn offset(&self, address: u64, size: u64) -> Option<usize> {
        self.regions.iter().find_map(|region| {
            let inside = address.checked_sub(region.start)?;
            (inside < region.size && size <= region.size - inside).then(|| region.offset + inside as usize)
        })
    }

    /// `N` bytes at an offset of the arena.
    #[inline(always)]
    pub(super) fn read<const N: usize>(&self, offset: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.arena[offset..offset + N]);
        bytes
    }

    #[inline(always)]
    pub(super) fn write<const N: usize>(&mut self, offset: usize, bytes: [u8; N]) {
        self.arena[offset..offset + N].copy_from_slice(&bytes);
    }

    /// The doubleword at a physical address.
    pub(super) fn doubleword(&self, address: u64) -> Option<u64> {
        self.offset(address, 8)
            .map(|offset| u64::from_le_bytes(self.read(offset)))
    }

    pub(super) fn set_doubleword(&mut self, address: u64, value: u64) {
        if let Some(offset) = self.offset(address, 8) {
            self.write(offset, value.to_le_bytes());
        }
    }

    pub(super) fn bytes(&self, address: u64, size: u64) -> Option<&[u8]> {
        self.offset(address, size)
            .map(|offset| &self.arena[offset..offset + size as usize])
    }

    pub(super) fn bytes_mut(&mut self, address: u64, size: u64) -> Option<&mut [u8]> {
        self.offset(address, size)
            .map(|offset| &mut self.arena[offset..offset + size as usize])
    }

    /// Pages in the arena.
    pub(super) fn pages(&self) -> usize {
        self.arena.len() >> PAGE_SHIFT
    }
}

/// Where RAM is: `main_size` bytes at [`MAIN_START`], and wherever else `image` loads. Ascending, page-aligned, apart from each other
/// and from `devices`.
pub(super) fn layout(image: &Image, main_size: u64, devices: Range<u64>) -> Result<Vec<Range<u64>>, RamError> {
    let mut spans = vec![(MAIN_START, MAIN_START + page_up(main_size))];
    let ends = END_SYMBOLS
        .iter()
        .filter_map(|name| image.symbols.named(name))
        .map(|symbol| symbol.address);
    let ends: Vec<u64> = ends.collect();
    for segment in &image.segments {
        for start in [segment.physical_address, segment.address] {
            let Some(end) = start
                .checked_add(segment.memory_size)
                .filter(|end| *end <= ADDRESS_END - SLACK)
            else {
                return Err(RamError::TooLarge { needed: u64::MAX });
            };
            let near = |address: &&u64| **address >= end && **address - end < SLACK;
            let end = ends.iter().filter(near).fold(end, |end, symbol| end.max(*symbol));
            let is_main = start >= MAIN_START;
            spans.push((
                start & !(PAGE_SIZE - 1),
                page_up(if is_main { end } else { end + SLACK }),
            ));
        }
    }
    for (start, end) in &mut spans {
        if *start < devices.end && *end > devices.start {
            // Slack gives way to devices; what is loaded does not.
            if *start < devices.start && *end - devices.start <= SLACK {
                *end = devices.start;
            } else {
                return Err(RamError::Device { address: devices.start });
            }
        }
    }
    spans.sort_unstable();
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for (start, end) in spans {
        match ranges.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => ranges.push(start..end),
        }
    }
    Ok(ranges)
}

fn page_up(address: u64) -> u64 {
    address.next_multiple_of(PAGE_SIZE)
}
