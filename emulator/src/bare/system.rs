//! What stands between the hart's registers and the world: CSRs, address translation, protection, RAM, devices.

use super::clint::{self, Clint};
use super::csrs::{Csrs, environment};
use super::htif::Htif;
use super::paging::{self, Fault, Request};
use super::pmp::{Access, Pmp};
use super::privilege::{Privilege, interrupt, status};
use super::ram::{PAGE_SIZE, Ram};
use super::tlb::{Context, Tlb};
use super::triggers::Triggers;
use crate::engine::Stop;
use crate::hart::Hart;
use crate::memory::Bus;
use crate::trap::Trap;

/// Everything of the machine but the registers of user mode.
pub(super) struct System {
    pub(super) csrs: Csrs,
    pub(super) pmp: Pmp,
    pub(super) triggers: Triggers,
    pub(super) clint: Clint,
    pub(super) htif: Htif,
    pub(super) ram: Ram,
    /// Traps taken: cycles in which no instruction retired.
    pub(super) traps: u64,
    /// Set when something happened that can make an interrupt pending or that the host has to look at.
    pub(super) needs_attention: bool,
    /// Whether fetches have to look at the triggers.
    pub(super) watches_fetches: bool,
    loads: Tlb,
    stores: Tlb,
    fetches: Tlb,
    /// The mode that loads and stores are made in (`mstatus.MPRV`).
    data_privilege: Privilege,
    data_context: Context,
}

impl System {
    pub(super) fn new(ram: Ram, htif: Htif) -> System {
        let mut system = System {
            csrs: Csrs::new(),
            pmp: Pmp::default(),
            triggers: Triggers::default(),
            clint: Clint::default(),
            htif,
            ram,
            traps: 0,
            needs_attention: false,
            watches_fetches: false,
            loads: Tlb::default(),
            stores: Tlb::default(),
            fetches: Tlb::default(),
            data_privilege: Privilege::Machine,
            data_context: Context::new(0),
        };
        system.state_changed();
        system
    }

    /// Cycles so far: every instruction and every trap takes one.
    pub(super) fn cycles(&self, hart: &Hart) -> u64 {
        hart.instret.wrapping_add(self.traps)
    }

    /// `mip`.
    pub(super) fn pending(&self, hart: &Hart) -> u64 {
        let software = if self.clint.software_interrupt {
            interrupt::MSI
        } else {
            0
        };
        let timer = if self.clint.timer_interrupt(self.cycles(hart)) {
            interrupt::MTI
        } else {
            0
        };
        self.csrs.mip | software | timer
    }

    /// To be called after the mode or `mstatus` or any other CSR changed.
    pub(super) fn state_changed(&mut self) {
        let csrs = &self.csrs;
        let previous = Privilege::from_number((csrs.mstatus & status::MPP) >> status::MPP_SHIFT);
        self.data_privilege = match previous {
            Some(previous) if csrs.mstatus & status::MPRV != 0 => previous,
            _ => csrs.privilege,
        };
        let sum_and_mxr = (csrs.mstatus & (status::SUM | status::MXR)) >> 16;
        self.data_context = Context::new(self.data_privilege as u64 | sum_and_mxr);
        self.watches_fetches = self.triggers.watches(Access::Fetch);
        self.needs_attention = true;
    }

    /// To be called after page tables, protection or triggers changed.
    pub(super) fn forget_translations(&mut self) {
        self.loads.clear();
        self.stores.clear();
        self.fetches.clear();
    }

    /// The physical address of `size` bytes inside one page, if they may be accessed.
    fn physical(&mut self, address: u64, size: u64, access: Access) -> Result<u64, Trap> {
        let privilege = if access == Access::Fetch {
            self.csrs.privilege
        } else {
            self.data_privilege
        };
        let mut physical = address;
        if privilege != Privilege::Machine {
            let request = Request {
                access,
                privilege,
                satp: self.csrs.satp,
                sum: self.csrs.mstatus & status::SUM != 0,
                mxr: self.csrs.mstatus & status::MXR != 0,
                updates_bits: self.csrs.menvcfg & environment::ADUE != 0,
            };
            physical = paging::translate(address, request, &mut self.ram, &self.pmp).map_err(|fault| match fault {
                Fault::Page => page_fault(access, address),
                Fault::Access => access_fault(access, address),
            })?;
        }
        if self.pmp.allows(physical, size, access, privilege) {
            Ok(physical)
        } else {
            Err(access_fault(access, address))
        }
    }

    /// Where in the arena a page's accesses of one kind may go from now on without asking; `None` if they have to ask.
    fn cacheable(&self, physical: u64, access: Access, privilege: Privilege) -> Option<usize> {
        let page = physical & !(PAGE_SIZE - 1);
        let is_free = !self.triggers.watches(access)
            && self.pmp.allows(page, PAGE_SIZE, access, privilege)
            && !(access == Access::Store && self.htif.is_in_page(page));
        if is_free {
            self.ram.offset(page, PAGE_SIZE)
        } else {
            None
        }
    }

    /// Where in the arena the instruction parcel at `address` lies, and whether its whole page may be fetched.
    pub(super) fn fetch(&mut self, address: u64) -> Result<(usize, bool), Trap> {
        let context = Context::new(self.csrs.privilege as u64);
        if let Some(page) = self.fetches.find(address, context) {
            return Ok((page + (address & (PAGE_SIZE - 1)) as usize, true));
        }
        let physical = self.physical(address, 2, Access::Fetch)?;
        let offset = self.ram.offset(physical, 2).ok_or(Trap::FetchFault { address })?;
        let page = self.cacheable(physical, Access::Fetch, self.csrs.privilege);
        if let Some(page) = page {
            self.fetches.insert(address, context, page);
        }
        Ok((offset, page.is_some()))
    }

    /// The instruction word at `address`: 16 bits, or 32 if its low two bits are set.
    pub(super) fn fetch_word(&mut self, address: u64) -> Result<u32, Trap> {
        let low = self.fetch(address)?.0;
        let low = u32::from(u16::from_le_bytes(self.ram.read(low)));
        if low & 3 != 3 {
            return Ok(low);
        }
        let high = self.fetch(address.wrapping_add(2))?.0;
        Ok(low | u32::from(u16::from_le_bytes(self.ram.read(high))) << 16)
    }

    /// Whether a trigger stops the instruction at `address`.
    pub(super) fn breaks_at(&self, address: u64) -> bool {
        self.watches_fetches && self.triggers.fires(address, Access::Fetch, self.csrs.privilege)
    }

    /// Whether a cache-block operation at `address` may reach it; it needs to be readable or writable.
    pub(super) fn check_block(&mut self, address: u64) -> Result<(), Trap> {
        match self.physical(address, 1, Access::Load) {
            Ok(_) => Ok(()),
            Err(_) => self.physical(address, 1, Access::Store).map(drop),
        }
    }

    fn check_triggers(&self, address: u64, access: Access) -> Result<(), Trap> {
        if self.triggers.watches(access) && self.triggers.fires(address, access, self.data_privilege) {
            return Err(Trap::Watchpoint { address });
        }
        Ok(())
    }

    #[cold]
    fn load_slowly(&mut self, address: u64, bytes: &mut [u8], cycles: u64) -> Result<(), Trap> {
        self.check_triggers(address, Access::Load)?;
        let (first, second) = split(address, bytes);
        let next = address.wrapping_add(first.len() as u64);
        self.load_in_page(address, first, cycles)?;
        if second.is_empty() {
            Ok(())
        } else {
            self.load_in_page(next, second, cycles)
        }
    }

    fn load_in_page(&mut self, address: u64, bytes: &mut [u8], cycles: u64) -> Result<(), Trap> {
        let size = bytes.len() as u64;
        let physical = self.physical(address, size, Access::Load)?;
        if let Some(from) = self.ram.bytes(physical, size) {
            bytes.copy_from_slice(from);
            if let Some(page) = self.cacheable(physical, Access::Load, self.data_privilege) {
                self.loads.insert(address, self.data_context, page);
            }
        } else if clint::ADDRESSES.contains(&physical) && physical.is_multiple_of(size) {
            self.clint.load(physical - clint::ADDRESSES.start, bytes, cycles);
        } else {
            return Err(Trap::LoadFault { address });
        }
        Ok(())
    }

    /// Faults before it stores anything.
    #[cold]
    fn store_slowly(&mut self, address: u64, bytes: &mut [u8], cycles: u64) -> Result<(), Trap> {
        self.check_triggers(address, Access::Store)?;
        let (first, second) = split(address, bytes);
        let next = address.wrapping_add(first.len() as u64);
        if !second.is_empty() {
            let size = second.len() as u64;
            let physical = self.physical(next, size, Access::Store)?;
            self.ram
                .offset(physical, size)
                .ok_or(Trap::StoreFault { address: next })?;
        }
        self.store_in_page(address, first, cycles)?;
        if second.is_empty() {
            Ok(())
        } else {
            self.store_in_page(next, second, cycles)
        }
    }

    fn store_in_page(&mut self, address: u64, bytes: &[u8], cycles: u64) -> Result<(), Trap> {
        let size = bytes.len() as u64;
        let physical = self.physical(address, size, Access::Store)?;
        if let Some(to) = self.ram.bytes_mut(physical, size) {
            to.copy_from_slice(bytes);
            if self.htif.is_written(physical, size) {
                self.needs_attention = true;
            }
            if let Some(page) = self.cacheable(physical, Access::Store, self.data_privilege) {
                self.stores.insert(address, self.data_context, page);
            }
        } else if clint::ADDRESSES.contains(&physical) && physical.is_multiple_of(size) {
            self.clint.store(physical - clint::ADDRESSES.start, bytes, cycles);
            self.needs_attention = true;
        } else {
            return Err(Trap::StoreFault { address });
        }
        Ok(())
    }
}

/// Splits an access at the end of the page it starts in.
fn split(address: u64, bytes: &mut [u8]) -> (&mut [u8], &mut [u8]) {
    let left = (PAGE_SIZE - (address & (PAGE_SIZE - 1))) as usize;
    bytes.split_at_mut(left.min(bytes.len()))
}

fn page_fault(access: Access, address: u64) -> Trap {
    match access {
        Access::Load => Trap::LoadPageFault { address },
        Access::Store => Trap::StorePageFault { address },
        Access::Fetch => Trap::FetchPageFault { address },
    }
}

fn access_fault(access: Access, address: u64) -> Trap {
    match access {
        Access::Load => Trap::LoadFault { address },
        Access::Store => Trap::StoreFault { address },
        Access::Fetch => Trap::FetchFault { address },
    }
}

/// Memory as an instruction sees it that executes in a certain cycle.
pub(super) struct View<'a> {
    pub(super) system: &'a mut System,
    pub(super) cycles: u64,
}

impl View<'_> {
    #[inline(always)]
    fn fast<const N: usize>(tlb: &Tlb, context: Context, address: u64) -> Option<usize> {
        let inside = address & (PAGE_SIZE - 1);
        let page = tlb.find(address, context)?;
        (inside <= PAGE_SIZE - N as u64).then_some(page + inside as usize)
    }
}

impl Bus for View<'_> {
    #[inline(always)]
    fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Stop> {
        if let Some(offset) = Self::fast::<N>(&self.system.loads, self.system.data_context, address) {
            return Ok(self.system.ram.read(offset));
        }
        let mut bytes = [0; N];
        self.system.load_slowly(address, &mut bytes, self.cycles)?;
        Ok(bytes)
    }

    #[inline(always)]
    fn store<const N: usize>(&mut self, address: u64, mut bytes: [u8; N]) -> Result<(), Stop> {
        if let Some(offset) = Self::fast::<N>(&self.system.stores, self.system.data_context, address) {
            self.system.ram.write(offset, bytes);
            return Ok(());
        }
        Ok(self.system.store_slowly(address, &mut bytes, self.cycles)?)
    }
}
