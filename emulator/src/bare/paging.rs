//! Address translation: Sv39, Sv48 and Sv57 with Svnapot; Svade or Svadu, as `menvcfg.ADUE` says.
//!
//! Source: privileged manual, "Virtual Address Translation Process"; the steps below carry its numbers.

use super::pmp::{Access, Pmp};
use super::privilege::Privilege;
use super::ram::{PAGE_SHIFT, PAGE_SIZE, Ram};

/// A field of `satp`.
pub(super) const MODE_SHIFT: u32 = 60;
/// A field of `satp`: the page number of the root table.
pub(super) const ROOT: u64 = (1 << 44) - 1;

const V: u64 = 1;
const R: u64 = 1 << 1;
const W: u64 = 1 << 2;
const X: u64 = 1 << 3;
const U: u64 = 1 << 4;
const A: u64 = 1 << 6;
const D: u64 = 1 << 7;
const PPN_SHIFT: u32 = 10;
const PPN: u64 = (1 << 44) - 1;
/// Reserved, or of extensions that this hart does not have (Svpbmt).
const RESERVED: u64 = 0x7fc0_0000_0000_0000;
const N: u64 = 1 << 63;

/// Levels of page tables that a mode of `satp` has; `None` for a mode that does not exist here.
pub(super) fn levels(mode: u64) -> Option<u32> {
    match mode {
        0 => Some(0),
        8 => Some(3),
        9 => Some(4),
        10 => Some(5),
        _ => None,
    }
}

/// Why an address has no translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The page tables do not allow the access.
    Page,
    /// The page tables themselves cannot be reached.
    Access,
}

/// Who asks, and what state of the hart decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub(super) access: Access,
    /// User or supervisor.
    pub(super) privilege: Privilege,
    pub(super) satp: u64,
    pub(super) sum: bool,
    pub(super) mxr: bool,
    /// Whether the hart sets A and D bits itself (Svadu) or faults where they are clear (Svade).
    pub(super) updates_bits: bool,
}

/// The physical address of `address`.
pub(super) fn translate(address: u64, request: Request, ram: &mut Ram, pmp: &Pmp) -> Result<u64, Fault> {
    let levels = levels(request.satp >> MODE_SHIFT).unwrap_or(0);
    if levels == 0 {
        return Ok(address);
    }
    let bits = PAGE_SHIFT + 9 * levels;
    let unused = 64 - bits;
    if (address << unused) as i64 >> unused != address as i64 {
        return Err(Fault::Page);
    }
    // Steps 1 to 4: walk down to a leaf.
    let mut table = (request.satp & ROOT) << PAGE_SHIFT;
    for level in (0..levels).rev() {
        let shift = PAGE_SHIFT + 9 * level;
        let entry_address = table + (address >> shift & 0x1ff) * 8;
        let readable = pmp.allows(entry_address, 8, Access::Load, Privilege::Supervisor);
        let entry = ram
            .doubleword(entry_address)
            .filter(|_| readable)
            .ok_or(Fault::Access)?;
        if entry & V == 0 || entry & (R | W) == W || entry & RESERVED != 0 {
            return Err(Fault::Page);
        }
        if entry & (R | X) == 0 {
            if entry & (N | A | D | U) != 0 {
                return Err(Fault::Page);
            }
            table = (entry >> PPN_SHIFT & PPN) << PAGE_SHIFT;
            continue;
        }
        // Steps 5 to 8.
        let page = leaf(entry, level, address)?;
        if !is_allowed(entry, &request) {
            return Err(Fault::Page);
        }
        // Step 9.
        let wanted = if request.access == Access::Store { A | D } else { A };
        if entry & wanted != wanted {
            if !request.updates_bits {
                return Err(Fault::Page);
            }
            if !pmp.allows(entry_address, 8, Access::Store, Privilege::Supervisor) {
                return Err(Fault::Access);
            }
            ram.set_doubleword(entry_address, entry | wanted);
        }
        return Ok(page | address & (PAGE_SIZE - 1));
    }
    Err(Fault::Page)
}

/// The physical address of the page of 4 KiB that holds `address`, by a leaf entry of `level`.
fn leaf(entry: u64, level: u32, address: u64) -> Result<u64, Fault> {
    let ppn = entry >> PPN_SHIFT & PPN;
    // Which bits of the page number come from the virtual address: those below the level, or the four of a NAPOT page.
    let from_virtual = if entry & N == 0 {
        let below = (1u64 << (9 * level)) - 1;
        if ppn & below != 0 {
            return Err(Fault::Page);
        }
        below
    } else {
        // Svnapot has 64 KiB pages only.
        if level != 0 || ppn & 0xf != 0x8 {
            return Err(Fault::Page);
        }
        0xf
    };
    Ok((ppn & !from_virtual | address >> PAGE_SHIFT & from_virtual) << PAGE_SHIFT)
}

fn is_allowed(entry: u64, request: &Request) -> bool {
    let of_user = entry & U != 0;
    let privilege_fits = match request.privilege {
        Privilege::User => of_user,
        // A supervisor never executes user pages.
        _ => !of_user || request.sum && request.access != Access::Fetch,
    };
    privilege_fits
        && match request.access {
            Access::Load => entry & R != 0 || request.mxr && entry & X != 0,
            Access::Store => entry & W != 0,
            Access::Fetch => entry & X != 0,
        }
}
