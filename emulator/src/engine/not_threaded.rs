//! Where the threaded engine has no calling convention to rely on: the portable loop runs everything.

use isa::Inst;

use super::blocks::Blocks;
use crate::hart::Hart;
use crate::memory::Memory;

/// There are none.
pub(super) enum Operation {}

/// There are none.
pub(super) enum Link {}

/// As that of the threaded engine.
#[expect(dead_code, reason = "the threaded engine gives them")]
pub(super) enum Exit {
    Refused,
    Unlinked(Option<Link>),
    Instruction,
}

impl Link {
    pub(super) fn set(self, _: &[Operation]) {
        match self {}
    }
}

pub(super) fn operations(_: &[Inst], _: u64, _: bool) -> Box<[Operation]> {
    Box::default()
}

pub(super) fn run(_: &mut Hart, _: &mut Memory, _: &Blocks, _: u64, _: u64) -> Exit {
    Exit::Instruction
}

pub(super) fn is_available() -> bool {
    false
}

/// Whether this engine exists at all.
pub(super) const IS_POSSIBLE: bool = false;
