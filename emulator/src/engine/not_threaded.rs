//! Where the threaded engine has no calling convention to rely on: the portable loop runs everything.

use isa::Inst;

use super::Stop;
use crate::hart::Hart;
use crate::hooks::HookTable;
use crate::memory::Memory;

/// There are none.
pub(super) enum Traces {}

/// There are none.
#[derive(Clone, Copy)]
pub(super) enum Place {}

/// As that of the threaded engine.
#[expect(dead_code, reason = "the threaded engine gives them")]
pub(super) enum Exit {
    Fuel,
    Refused,
    Hook,
    Instruction(Place),
    Stop(Stop),
}

impl Traces {
    pub(super) fn new(_: bool) -> Self {
        unreachable!("not possible, see IS_POSSIBLE")
    }

    pub(super) fn clear(&mut self) {
        match *self {}
    }

    pub(super) fn bytes(&self) -> usize {
        match *self {}
    }

    pub(super) fn rest(&self, _: Place) -> &[Inst] {
        match *self {}
    }

    #[expect(clippy::too_many_arguments, reason = "as the threaded engine")]
    pub(super) fn run(
        &mut self,
        _: &mut Hart,
        _: &mut Memory,
        _: &HookTable,
        _: u64,
        _: u64,
        _: bool,
        _: Option<Place>,
    ) -> Exit {
        match *self {}
    }
}

pub(super) fn is_available() -> bool {
    false
}

/// Whether this engine exists at all.
pub(super) const IS_POSSIBLE: bool = false;
