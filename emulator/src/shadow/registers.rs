//! What each register holds beside its bits.

use isa::RegFile;

use crate::memory::{Pieces, Tag};

/// A register of either file, numbered as in a block's mask: `xn` is n, `fn` is 32 + n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RegisterNumber(u8);

impl RegisterNumber {
    pub(crate) fn x(number: u8) -> Self {
        RegisterNumber(number & 31)
    }

    pub(crate) fn f(number: u8) -> Self {
        RegisterNumber(32 + (number & 31))
    }

    pub(crate) fn of(file: RegFile, number: u8) -> Self {
        match file {
            RegFile::X => Self::x(number),
            RegFile::F => Self::f(number),
        }
    }

    fn bit(self) -> u64 {
        1 << self.0
    }
}

/// What a register, or a word in memory, holds beside its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Nothing: it is certain.
    Nothing,
    /// One whole value in its natural place.
    Value(Tag),
    /// Bytes of values, loose or in a wrong place.
    Pieces(Pieces),
}

/// All registers.
pub(super) struct Registers {
    held: Box<[Held; 64]>,
    /// Those that hold something; bit 0 stands for hooks and is always set.
    live: u64,
}

impl Default for Registers {
    fn default() -> Self {
        Registers {
            held: Box::new([Held::Nothing; 64]),
            live: crate::engine::HOOK_BIT,
        }
    }
}

impl Registers {
    #[inline]
    pub(super) fn live(&self) -> u64 {
        self.live
    }

    #[inline]
    pub(super) fn get(&self, register: RegisterNumber) -> Held {
        self.held[usize::from(register.0)]
    }

    #[inline]
    pub(super) fn set(&mut self, register: RegisterNumber, held: Held) {
        if register.0 == 0 {
            return; // x0 is zero
        }
        self.held[usize::from(register.0)] = held;
        match held {
            Held::Nothing => self.live &= !register.bit(),
            Held::Value(_) | Held::Pieces(_) => self.live |= register.bit(),
        }
    }

    pub(super) fn for_each_tag(&self, visit: &mut dyn FnMut(Tag)) {
        for held in self.held.iter() {
            match held {
                Held::Nothing => {}
                Held::Value(tag) => visit(*tag),
                Held::Pieces(pieces) => pieces
                    .iter()
                    .filter(|piece| piece.tag != 0)
                    .for_each(|piece| visit(piece.tag)),
            }
        }
    }
}
