//! The uncertain values that registers and memory words refer to, by tag.
//!
//! A value never changes. Copies of a number share one value: moving a double moves a tag. Nobody counts references; when the
//! values have grown to twice what the last sweep left alive, those that no register and no memory word names are dropped.

use distcore::{Format, IntegerType};

use super::algebra::Uncertain;
use crate::memory::Tag;

/// What the bits of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A double.
    F64,
    /// A float.
    F32,
    /// The bits of a number, shifted left until its sign is gone: half way to its absolute value.
    WithoutSign(Format),
    /// An integer: of 64 bits in a register, of the size that was stored in memory.
    Integer(IntegerType),
}

impl Kind {
    /// Bytes in memory.
    pub(crate) fn size(self) -> u64 {
        match self {
            Kind::F64 | Kind::WithoutSign(_) => 8,
            Kind::F32 => 4,
            Kind::Integer(kind) => u64::from(kind.bits() / 8),
        }
    }
}

impl From<Format> for Kind {
    fn from(format: Format) -> Kind {
        match format {
            Format::F64 => Kind::F64,
            Format::F32 => Kind::F32,
        }
    }
}

/// An uncertain number or integer in a register or in memory.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) uncertain: Uncertain,
    /// Address of the instruction that made it, or called the function that did.
    pub(crate) place: u64,
}

impl Value {
    /// Bytes that it takes, roughly.
    fn bytes(&self) -> usize {
        size_of::<Value>() + self.uncertain.bytes()
    }
}

/// All values, by tag: tag n is slot n - 1.
pub(crate) struct Values {
    slots: Vec<Option<Value>>,
    free: Vec<Tag>,
    /// Bytes of the values that are kept.
    bytes: usize,
    sweep_at: usize,
    /// Most bytes that they may take.
    limit: usize,
}

impl Default for Values {
    fn default() -> Self {
        Values {
            slots: Vec::new(),
            free: Vec::new(),
            bytes: 0,
            sweep_at: 0,
            limit: usize::MAX,
        }
    }
}

/// Sweeping less than this is not worth it.
const LEAST_SWEEP: usize = 16 << 20;

impl Values {
    pub(super) fn get(&self, tag: Tag) -> Option<&Value> {
        self.slots.get(tag as usize - 1)?.as_ref()
    }

    /// The value with this tag if it is of this kind.
    #[inline]
    pub(super) fn number(&self, tag: Tag, kind: Kind) -> Option<Uncertain> {
        self.get(tag)
            .filter(|value| value.kind == kind)
            .map(|value| value.uncertain.clone())
    }

    pub(super) fn add(&mut self, value: Value) -> Tag {
        self.bytes += value.bytes();
        if let Some(tag) = self.free.pop() {
            self.slots[tag as usize - 1] = Some(value);
            return tag;
        }
        self.slots.push(Some(value));
        self.slots.len() as Tag
    }

    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    pub(super) fn is_sweep_due(&self) -> bool {
        self.bytes >= self.sweep_at.max(LEAST_SWEEP).min(self.limit)
    }

    /// Whether the values, with `others` bytes that belong to them, leave less than an eighth of the limit free: below that sweeps
    /// would follow one another ever faster.
    pub(super) fn are_too_many(&self, others: usize) -> bool {
        self.bytes.saturating_add(others) > self.limit - self.limit / 8
    }

    /// Drops every value that `roots` does not name.
    pub(super) fn sweep(&mut self, roots: impl FnOnce(&mut dyn FnMut(Tag))) {
        let mut alive = vec![false; self.slots.len()];
        roots(&mut |tag| alive[tag as usize - 1] = true);
        self.bytes = 0;
        for (index, slot) in self.slots.iter_mut().enumerate() {
            match slot {
                Some(value) if alive[index] => self.bytes += value.bytes(),
                Some(_) => {
                    *slot = None;
                    self.free.push(index as Tag + 1);
                }
                None => {}
            }
        }
        self.sweep_at = 2 * self.bytes;
    }

    /// All that are kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Value> {
        self.slots.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_keeps_what_is_named_and_reuses_the_rest() {
        let mut values = Values::default();
        let value = || Value {
            kind: Kind::F64,
            uncertain: distcore::Distribution::certain(1.0).into(),
            place: 0,
        };
        let (a, b) = (values.add(value()), values.add(value()));
        values.sweep(|mark| mark(b));
        assert!(values.get(a).is_none() && values.get(b).is_some());
        assert_eq!(values.add(value()), a);
    }
}
