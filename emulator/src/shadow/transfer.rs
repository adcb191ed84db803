//! Between registers and memory: whole values, parts of them, and integers that change their size.

use distcore::{Format, IntegerType, UnaryFn};
use isa::Op;

use super::Shadow;
use super::registers::{Held, RegisterNumber};
use super::values::Kind;
use crate::memory::{Memory, Piece, Pieces};

/// Bytes that a load or store moves.
pub(super) fn access_size(op: Op) -> u64 {
    match op {
        Op::Lb | Op::Lbu | Op::Sb => 1,
        Op::Lh | Op::Lhu | Op::Sh | Op::Flh | Op::Fsh => 2,
        Op::Lw | Op::Lwu | Op::Sw | Op::Flw | Op::Fsw => 4,
        _ => 8,
    }
}

impl Shadow {
    /// What the `size` bytes at `address` hold.
    pub(super) fn held_at(&self, memory: &Memory, address: u64, size: u64) -> Held {
        if matches!(size, 4 | 8)
            && let Some(tag) = memory.whole_tag(address, size)
            && self.values.get(tag).is_some_and(|value| value.kind.size() == size)
        {
            return Held::Value(tag);
        }
        if memory.is_tagged(address, size) {
            self.assemble(memory.pieces(address, size))
        } else {
            Held::Nothing
        }
    }

    /// Pieces as a value, if they are exactly all of its bytes in order.
    pub(super) fn assemble(&self, pieces: Pieces) -> Held {
        let tag = pieces[0].tag;
        if pieces.iter().all(|piece| piece.tag == 0) {
            return Held::Nothing;
        }
        let whole = tag != 0
            && self.values.get(tag).is_some_and(|value| {
                let size = value.kind.size() as usize;
                pieces.iter().enumerate().all(|(i, &piece)| {
                    piece
                        == if i < size {
                            Piece { tag, index: i as u8 }
                        } else {
                            Piece::default()
                        }
                })
            });
        if whole { Held::Value(tag) } else { Held::Pieces(pieces) }
    }

    /// The bytes of a register as pieces of values. An integer is a number, not bytes: `None`.
    pub(super) fn as_pieces(&self, held: Held) -> Option<Pieces> {
        match held {
            Held::Nothing => Some(Pieces::default()),
            Held::Pieces(pieces) => Some(pieces),
            Held::Value(tag) => match self.values.get(tag)?.kind {
                Kind::Integer(_) => None,
                kind => Some(std::array::from_fn(|i| {
                    if (i as u64) < kind.size() {
                        Piece { tag, index: i as u8 }
                    } else {
                        Piece::default()
                    }
                })),
            },
        }
    }

    /// What a register holds after the load `op` from `address`.
    pub(super) fn loaded(&mut self, memory: &Memory, op: Op, address: u64) -> Held {
        let size = access_size(op);
        let held = self.held_at(memory, address, size);
        let Held::Value(tag) = held else { return held };
        let Some(value) = self.values.get(tag).cloned() else {
            return Held::Nothing;
        };
        let Kind::Integer(_) = value.kind else { return held };
        // An integer register holds 64 bits: extended with the sign by lb, lh, lw, with zeros by lbu, lhu, lwu.
        let unsigned = match op {
            Op::Lbu => Some(IntegerType::U8),
            Op::Lhu => Some(IntegerType::U16),
            Op::Lwu => Some(IntegerType::U32),
            Op::Fld | Op::Flw | Op::Flh => return Held::Nothing,
            _ => None,
        };
        let extended = match unsigned {
            Some(kind) => self.algebra.unary(UnaryFn::Wrap(kind), &value.uncertain, Format::F64),
            None => value.uncertain,
        };
        Held::Value(self.add(Kind::Integer(IntegerType::I64), extended))
    }

    /// Says what memory holds after the store `op` of `source` to `address`; the bytes have been stored and are certain so far.
    pub(super) fn stored(&mut self, memory: &mut Memory, op: Op, source: RegisterNumber, address: u64) {
        let size = access_size(op);
        let held = self.registers.get(source);
        match held {
            Held::Nothing => {}
            Held::Pieces(pieces) => memory.put_pieces(address, size, &pieces),
            Held::Value(tag) => match self.values.get(tag).map(|value| value.kind) {
                None => {}
                Some(Kind::Integer(kind)) => self.store_integer(memory, tag, kind, address, size),
                Some(kind) if kind.size() == size => memory.put_tag(address, size, tag),
                Some(_) => {
                    if let Some(pieces) = self.as_pieces(held) {
                        memory.put_pieces(address, size, &pieces);
                    }
                }
            },
        }
    }

    fn store_integer(&mut self, memory: &mut Memory, tag: u32, kind: IntegerType, address: u64, size: u64) {
        let narrow = match size {
            1 => IntegerType::I8,
            2 => IntegerType::I16,
            4 => IntegerType::I32,
            _ => IntegerType::I64,
        };
        let tag = if kind == narrow {
            tag
        } else {
            let Some(value) = self.values.get(tag).cloned() else {
                return;
            };
            let wrapped = self.algebra.unary(UnaryFn::Wrap(narrow), &value.uncertain, Format::F64);
            self.add(Kind::Integer(narrow), wrapped)
        };
        let pieces = std::array::from_fn(|i| Piece { tag, index: i as u8 });
        memory.put_pieces(address, size, &pieces);
    }
}

/// A signal handler interrupts: registers go to its frame and come back, distributions and all.
impl Shadow {
    /// Keeps what the registers hold beside `x0` to `x31` at `x` and `f0` to `f31` at `f`, where their bits have been stored.
    pub(crate) fn store_registers(&mut self, memory: &mut Memory, x: u64, f: u64) {
        for number in 0..32 {
            self.stored(memory, Op::Sd, RegisterNumber::x(number), x + 8 * u64::from(number));
            self.stored(memory, Op::Fsd, RegisterNumber::f(number), f + 8 * u64::from(number));
        }
    }

    /// Undoes [`Shadow::store_registers`].
    pub(crate) fn load_registers(&mut self, memory: &Memory, x: u64, f: u64) {
        for number in 0..32 {
            let held = self.loaded(memory, Op::Ld, x + 8 * u64::from(number));
            self.registers.set(RegisterNumber::x(number), held);
            let held = self.loaded(memory, Op::Fld, f + 8 * u64::from(number));
            self.registers.set(RegisterNumber::f(number), held);
        }
    }
}
