//! Breakpoints that machine code sets itself (debug manual 0.13, "Trigger Module": `mcontrol`, action 0).
//!
//! Four triggers that compare an address with equality or with an order (`maskmax` is 0:
//! no ranges). They fire before the access
//! happens. There is no debugger: `dmode` stays 0 and the only action is the breakpoint exception.

use super::pmp::Access;
use super::privilege::Privilege;

const COUNT: usize = 4;

const TYPE_ADDRESS_MATCH: u64 = 2 << 60;
const EXECUTE: u64 = 1 << 2;
const STORE: u64 = 1 << 1;
const LOAD: u64 = 1;
const USER: u64 = 1 << 3;
const SUPERVISOR: u64 = 1 << 4;
const MACHINE: u64 = 1 << 6;
const MATCH: u64 = 15 << 7;
const MATCH_EQUAL: u64 = 0;
const MATCH_AT_LEAST: u64 = 2 << 7;
const MATCH_BELOW: u64 = 3 << 7;

#[derive(Debug, Clone, Copy, Default)]
struct Trigger {
    control: u64,
    address: u64,
}

/// The registers behind `tselect`.
#[derive(Debug, Default)]
pub(super) struct Triggers {
    pub(super) selected: usize,
    triggers: [Trigger; COUNT],
}

impl Triggers {
    /// Selects a trigger; a number that does not exist changes nothing.
    pub(super) fn select(&mut self, number: u64) {
        if number < COUNT as u64 {
            self.selected = number as usize;
        }
    }

    /// `tdata1`.
    pub(super) fn control(&self) -> u64 {
        TYPE_ADDRESS_MATCH | self.triggers[self.selected].control
    }

    pub(super) fn set_control(&mut self, value: u64) {
        let kind = match value & MATCH {
            kind @ (MATCH_EQUAL | MATCH_AT_LEAST | MATCH_BELOW) => kind,
            _ => MATCH_EQUAL,
        };
        self.triggers[self.selected].control = value & (EXECUTE | STORE | LOAD | USER | SUPERVISOR | MACHINE) | kind;
    }

    /// `tdata2`.
    pub(super) fn address(&self) -> u64 {
        self.triggers[self.selected].address
    }

    pub(super) fn set_address(&mut self, address: u64) {
        self.triggers[self.selected].address = address;
    }

    /// Whether any trigger looks at this kind of access, whatever the address.
    pub(super) fn watches(&self, access: Access) -> bool {
        let bit = kind(access);
        self.triggers
            .iter()
            .any(|trigger| trigger.control & bit != 0 && trigger.control & (USER | SUPERVISOR | MACHINE) != 0)
    }

    /// Whether an access at the virtual `address` meets a trigger.
    pub(super) fn fires(&self, address: u64, access: Access, privilege: Privilege) -> bool {
        let mode = match privilege {
            Privilege::User => USER,
            Privilege::Supervisor => SUPERVISOR,
            Privilege::Machine => MACHINE,
        };
        self.triggers.iter().any(|trigger| {
            let is_on = trigger.control & kind(access) != 0 && trigger.control & mode != 0;
            is_on
                && match trigger.control & MATCH {
                    MATCH_AT_LEAST => address >= trigger.address,
                    MATCH_BELOW => address < trigger.address,
                    _ => address == trigger.address,
                }
        })
    }
}

fn kind(access: Access) -> u64 {
    match access {
        Access::Load => LOAD,
        Access::Store => STORE,
        Access::Fetch => EXECUTE,
    }
}
