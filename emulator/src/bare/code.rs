//! Instructions decoded before, by their place in RAM.
//!
//! Stores do not look here: as on hardware with an instruction cache, changed code is seen after `fence.i`.

use isa::{Inst, Op, OpClass, RegFile};

use super::ram::{PAGE_SHIFT, PAGE_SIZE};

/// Places in a page where an instruction can start.
const SLOTS: usize = (PAGE_SIZE / 2) as usize;

/// How the main loop has to treat an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not decoded yet, or cannot be kept (it reaches into the next page).
    Unknown,
    /// Integer and memory instructions: nothing but registers and memory.
    Plain,
    /// Needs floating point to be on, and writes an f register.
    FloatWrite,
    /// Needs floating point to be on; may raise flags.
    Float,
    /// Touches privileged state.
    System,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Decoded {
    pub(super) inst: Inst,
    pub(super) kind: Kind,
}

const UNKNOWN: Decoded = Decoded {
    inst: Inst::new(Op::Addi),
    kind: Kind::Unknown,
};

impl Decoded {
    pub(super) fn new(inst: Inst) -> Decoded {
        let operands = inst.op.operands();
        let files = [operands.rd, operands.rs1, operands.rs2, operands.rs3];
        let kind = if is_system(inst.op) {
            Kind::System
        } else if operands.rd == Some(RegFile::F) {
            Kind::FloatWrite
        } else if files.contains(&Some(RegFile::F)) {
            Kind::Float
        } else {
            Kind::Plain
        };
        Decoded { inst, kind }
    }
}

fn is_system(op: Op) -> bool {
    let is_cache_or_wait = matches!(
        op,
        Op::FenceI | Op::CboInval | Op::CboClean | Op::CboFlush | Op::CboZero | Op::WrsNto | Op::WrsSto
    );
    op.class() == OpClass::System || is_cache_or_wait
}

/// One page of decoded code.
pub(super) type Page = [Decoded; SLOTS];

/// All pages that code was executed in.
pub(super) struct Code {
    pages: Vec<Option<Box<Page>>>,
}

impl Code {
    /// For an arena of RAM of this many pages.
    pub(super) fn new(pages: usize) -> Code {
        let mut code = Code { pages: Vec::new() };
        code.pages.resize_with(pages, || None);
        code
    }

    /// The page that holds the arena offset.
    pub(super) fn page(&mut self, offset: usize) -> &mut Page {
        let page = &mut self.pages[offset >> PAGE_SHIFT];
        page.get_or_insert_with(|| Box::new([UNKNOWN; SLOTS]))
    }

    /// Forgets everything: code has changed.
    pub(super) fn clear(&mut self) {
        self.pages
            .iter_mut()
            .filter(|page| page.is_some())
            .for_each(|page| *page = None);
    }
}

/// Which slot of its page an address is.
#[inline(always)]
pub(super) fn slot(address: u64) -> usize {
    (address >> 1) as usize & (SLOTS - 1)
}
