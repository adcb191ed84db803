//! The A extension: load-reserved, store-conditional, read-modify-write.
//!
//! One hart, so every access is atomic. A store-conditional succeeds if the reservation is for its address and memory still
//! holds what was read (a compare-and-swap, as user-mode emulators do it).

use crate::engine::Stop;
use crate::hart::Hart;
use crate::memory::Bus;
use crate::trap::Trap;

fn aligned(address: u64, size: u64) -> Result<(), Stop> {
    if address.is_multiple_of(size) {
        Ok(())
    } else {
        Err(Trap::MisalignedAtomic { address }.into())
    }
}

/// A fault of an atomic is a store fault, whichever half met it.
fn as_store_fault(stop: Stop) -> Stop {
    match stop {
        Stop::Trap(Trap::LoadFault { address }) => Stop::Trap(Trap::StoreFault { address }),
        Stop::Trap(Trap::LoadPageFault { address }) => Stop::Trap(Trap::StorePageFault { address }),
        other => other,
    }
}

pub(super) fn load_reserved_w<B: Bus>(hart: &mut Hart, bus: &mut B, address: u64) -> Result<u64, Stop> {
    aligned(address, 4)?;
    let value = i64::from(i32::from_le_bytes(bus.load(address)?)) as u64;
    hart.reservation = Some((address, value));
    Ok(value)
}

pub(super) fn load_reserved_d<B: Bus>(hart: &mut Hart, bus: &mut B, address: u64) -> Result<u64, Stop> {
    aligned(address, 8)?;
    let value = u64::from_le_bytes(bus.load(address)?);
    hart.reservation = Some((address, value));
    Ok(value)
}

/// 0 if the word was stored, 1 if not.
pub(super) fn store_conditional_w<B: Bus>(hart: &mut Hart, bus: &mut B, address: u64, new: u64) -> Result<u64, Stop> {
    aligned(address, 4)?;
    let old = i64::from(i32::from_le_bytes(bus.load(address).map_err(as_store_fault)?)) as u64;
    if hart.reservation == Some((address, old)) {
        bus.store(address, (new as u32).to_le_bytes())?;
        hart.reservation = None;
        return Ok(0);
    }
    hart.reservation = None;
    Ok(1)
}

/// 0 if the doubleword was stored, 1 if not.
pub(super) fn store_conditional_d<B: Bus>(hart: &mut Hart, bus: &mut B, address: u64, new: u64) -> Result<u64, Stop> {
    aligned(address, 8)?;
    let old = u64::from_le_bytes(bus.load(address).map_err(as_store_fault)?);
    if hart.reservation == Some((address, old)) {
        bus.store(address, new.to_le_bytes())?;
        hart.reservation = None;
        return Ok(0);
    }
    hart.reservation = None;
    Ok(1)
}

/// Reads a word, stores `modify(it)`, returns what was read, sign-extended.
#[inline(always)]
pub(super) fn modify_w<B: Bus>(bus: &mut B, address: u64, modify: impl FnOnce(u32) -> u32) -> Result<u64, Stop> {
    aligned(address, 4)?;
    let old = u32::from_le_bytes(bus.load(address).map_err(as_store_fault)?);
    bus.store(address, modify(old).to_le_bytes())?;
    Ok(old as i32 as u64)
}

/// Reads a doubleword, stores `modify(it)`, returns what was read.
#[inline(always)]
pub(super) fn modify_d<B: Bus>(bus: &mut B, address: u64, modify: impl FnOnce(u64) -> u64) -> Result<u64, Stop> {
    aligned(address, 8)?;
    let old = u64::from_le_bytes(bus.load(address).map_err(as_store_fault)?);
    bus.store(address, modify(old).to_le_bytes())?;
    Ok(old)
}
