//! Physical memory protection (privileged manual, "Physical Memory Protection").
//!
//! Sixteen entries of 64; the others read as zero. Granularity is four bytes.

use super::privilege::Privilege;

/// Entries that exist.
const ENTRIES: usize = 16;

const R: u8 = 1;
const W: u8 = 2;
const X: u8 = 4;
const MODE: u8 = 0x18;
const TOR: u8 = 0x08;
const NA4: u8 = 0x10;
const NAPOT: u8 = 0x18;
const LOCKED: u8 = 0x80;

/// `pmpaddr` holds bits 55:2 of an address.
const ADDRESS_MASK: u64 = (1 << 54) - 1;

/// How memory is accessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Load,
    Store,
    Fetch,
}

/// Registers `pmpcfg` and `pmpaddr`.
#[derive(Debug, Default)]
pub(super) struct Pmp {
    config: [u8; ENTRIES],
    address: [u64; ENTRIES],
}

impl Pmp {
    /// `pmpcfg<number>`, `number` even: eight entries.
    pub(super) fn config(&self, number: usize) -> u64 {
        let mut bytes = [0; 8];
        for (byte, config) in bytes.iter_mut().zip(self.config.iter().skip(number * 4)) {
            *byte = *config;
        }
        u64::from_le_bytes(bytes)
    }

    pub(super) fn set_config(&mut self, number: usize, value: u64) {
        for (config, new) in self.config.iter_mut().skip(number * 4).zip(value.to_le_bytes()) {
            // Writing without reading is reserved: such a write changes nothing.
            if *config & LOCKED == 0 && new & (R | W) != W {
                *config = new & (R | W | X | MODE | LOCKED);
            }
        }
    }

    pub(super) fn address(&self, number: usize) -> u64 {
        self.address.get(number).copied().unwrap_or(0)
    }

    pub(super) fn set_address(&mut self, number: usize, value: u64) {
        // A locked top-of-range entry locks the address below it too.
        let next = self.config.get(number + 1).copied().unwrap_or(0);
        let is_locked = next & LOCKED != 0 && next & MODE == TOR;
        if let (Some(address), Some(config)) = (self.address.get_mut(number), self.config.get(number))
            && config & LOCKED == 0
            && !is_locked
        {
            *address = value & ADDRESS_MASK;
        }
    }

    /// The bytes that entry `number` matches, from first to last; `None` if it is off or empty.
    fn range(&self, number: usize) -> Option<(u64, u64)> {
        let address = self.address[number];
        match self.config[number] & MODE {
            TOR => {
                let start = if number == 0 { 0 } else { self.address[number - 1] };
                (start < address).then(|| (start << 2, (address << 2) - 1))
            }
            NA4 => Some((address << 2, (address << 2) + 3)),
            NAPOT => {
                let span = address ^ (address + 1);
                Some(((address & !span) << 2, (address | span) << 2 | 3))
            }
            _ => None,
        }
    }

    /// Whether `size` bytes from the physical `start` may be accessed. The lowest entry that matches any byte decides, and it
    /// has to match all of them.
    pub(super) fn allows(&self, start: u64, size: u64, access: Access, privilege: Privilege) -> bool {
        let Some(end) = start.checked_add(size - 1) else {
            return false;
        };
        let wanted = match access {
            Access::Load => R,
            Access::Store => W,
            Access::Fetch => X,
        };
        for number in 0..ENTRIES {
            let Some((first, last)) = self.range(number) else {
                continue;
            };
            if end < first || start > last {
                continue;
            }
            if start < first || end > last {
                return false;
            }
            let config = self.config[number];
            return privilege == Privilege::Machine && config & LOCKED == 0 || config & wanted != 0;
        }
        privilege == Privilege::Machine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_by_mode() {
        let mut pmp = Pmp::default();
        pmp.set_address(0, 0x1000 >> 2);
        pmp.set_address(1, 0x2000 >> 2);
        pmp.set_address(2, 0x3000 >> 2);
        pmp.set_address(3, (0x4000 >> 2) | 0x1ff); // 4 KiB at 0x4000
        pmp.set_config(0, u64::from_le_bytes([0, TOR | R, NA4 | W | R, NAPOT | X, 0, 0, 0, 0]));
        assert_eq!(pmp.range(0), None);
        assert_eq!(pmp.range(1), Some((0x1000, 0x1fff)));
        assert_eq!(pmp.range(2), Some((0x3000, 0x3003)));
        assert_eq!(pmp.range(3), Some((0x4000, 0x4fff)));
        let user = |start, size, access| pmp.allows(start, size, access, Privilege::User);
        assert!(user(0x1ff8, 8, Access::Load));
        assert!(!user(0x1ffc, 8, Access::Load), "matches a part only");
        assert!(!user(0x1000, 8, Access::Store));
        assert!(user(0x3000, 4, Access::Store));
        assert!(user(0x4000, 4096, Access::Fetch));
        assert!(!user(0x5000, 1, Access::Load), "no entry matches");
        assert!(pmp.allows(0x5000, 1, Access::Load, Privilege::Machine));
    }

    #[test]
    fn a_locked_entry_binds_machine_mode_and_cannot_be_changed() {
        let mut pmp = Pmp::default();
        pmp.set_address(0, 0x1000 >> 2);
        pmp.set_address(1, 0x2000 >> 2);
        pmp.set_config(0, u64::from(TOR | R | LOCKED) << 8);
        assert!(!pmp.allows(0x1000, 8, Access::Store, Privilege::Machine));
        assert!(pmp.allows(0x1000, 8, Access::Load, Privilege::Machine));
        pmp.set_config(0, 0);
        pmp.set_address(0, 7);
        pmp.set_address(1, 7);
        assert_eq!((pmp.config(0), pmp.address(0), pmp.address(1)), (0x8900, 0x400, 0x800));
    }

    #[test]
    fn an_all_ones_address_matches_everything() {
        let mut pmp = Pmp::default();
        pmp.set_address(0, u64::MAX);
        pmp.set_config(0, u64::from(NAPOT | R | W | X));
        assert!(pmp.allows(0, 8, Access::Load, Privilege::User));
        assert!(pmp.allows((1 << 56) - 8, 8, Access::Load, Privilege::User));
        assert_eq!((pmp.config(2), pmp.config(14), pmp.address(63)), (0, 0, 0));
    }

    #[test]
    fn writing_without_reading_is_reserved() {
        let mut pmp = Pmp::default();
        pmp.set_config(0, u64::from(NAPOT | W));
        assert_eq!(pmp.config(0), 0);
    }
}
