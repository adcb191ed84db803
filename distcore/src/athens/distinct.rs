//! Few distinct positions: the atoms of discrete distributions.

use super::block::Item;

/// Collects items and merges equal positions, until there are more than a given number of distinct ones.
///
/// Results of continuous operands are distinct nearly always, so this gives up after little more than that many items.
pub(crate) struct Atoms {
    limit: usize,
    atoms: Vec<Item>,
    /// A hash table with linear probing: 0, or the index of an atom plus 1. At most a quarter is used.
    slots: Vec<u16>,
    shift: u32,
}

impl Atoms {
    /// For at most `limit` (below 2^16) distinct positions.
    pub(crate) fn new(limit: usize) -> Atoms {
        let bits = (4 * limit).next_power_of_two().trailing_zeros();
        Atoms {
            limit,
            atoms: Vec::with_capacity(limit),
            slots: vec![0; 1 << bits],
            shift: 64 - bits,
        }
    }

    /// Adds mass to a position. False if that makes too many distinct positions.
    #[inline]
    pub(crate) fn add(&mut self, position: f64, mass: f64) -> bool {
        // +0 and -0 are the same position; both become +0.
        let position = position + 0.0;
        // Fibonacci hashing: the high bits of a product with 2^64 / golden ratio.
        let mut slot = (position.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        loop {
            match self.slots[slot] {
                0 if self.atoms.len() == self.limit => return false,
                0 => {
                    self.atoms.push(Item { position, mass });
                    self.slots[slot] = self.atoms.len() as u16;
                    return true;
                }
                index => {
                    let atom = &mut self.atoms[usize::from(index) - 1];
                    if atom.position == position {
                        atom.mass += mass;
                        return true;
                    }
                }
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The atoms, ascending.
    pub(crate) fn ascending(mut self) -> Vec<Item> {
        self.atoms.sort_unstable_by(|a, b| a.position.total_cmp(&b.position));
        self.atoms
    }
}

/// The items with equal positions merged, ascending, if there are at most `n` distinct positions.
pub(crate) fn merge_if_few(mut items: impl Iterator<Item = super::Item>, n: usize) -> Option<Vec<super::Item>> {
    let mut atoms = Atoms::new(n);
    items
        .all(|item| atoms.add(item.position, item.mass))
        .then(|| atoms.ascending())
}
