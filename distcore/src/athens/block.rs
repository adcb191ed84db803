//! The split of pairs that lie in memory, at the speed of the inner loops in [`simd`](super::simd).

use super::halves;
use super::simd::{Halves, Job, Kernel, LANES, Pairs, Sums, with_best_kernel};
use crate::arithmetic::Cancel;
use std::cell::Cell;

/// A Dirac in the making.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) position: f64,
    pub(crate) mass: f64,
}

/// Pairs in two arrays, with room behind them for the parts that wait.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) positions: Vec<f64>,
    pub(crate) masses: Vec<f64>,
}

/// A block of up to so many elements an array (13 MB together) is kept for the next operation: what all pairs of 512 Diracs take, of
/// which most of the time would go to fresh memory otherwise.
const KEPT: usize = room_to_split(1 << 18) + LANES;

/// The room that the split of `len` pairs mostly takes: the pairs, then the right half of them, then again the right half of that, and
/// so on, each with its padding. Right parts that are much larger than left ones take more.
pub(crate) const fn room_to_split(len: usize) -> usize {
    3 * len + 32 * LANES
}

thread_local! {
    /// The last operation's block. To allocate and clear one takes longer than a small operation; what it holds is never
    /// read before it is written.
    static SPARE: Cell<Block> = const { Cell::new(Block { positions: Vec::new(), masses: Vec::new() }) };
}

impl Block {
    /// A block with room for `len` pairs and their padding. What is in it is arbitrary.
    pub(crate) fn with_room(len: usize) -> Block {
        let mut block = SPARE.take();
        block.reserve(len);
        block
    }

    /// Leaves the block to the thread's next operation.
    pub(crate) fn recycle(self) {
        if self.positions.len() <= KEPT {
            SPARE.set(self);
        }
    }

    /// Room for `len` pairs and their padding.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, len: usize) {
        if self.positions.len() < len + LANES {
            // At least doubled, so that growing step by step stays cheap.
            let room = (len + LANES).max(2 * self.positions.len());
            self.positions.resize(room, 0.0);
            self.masses.resize(room, 0.0);
        }
    }
}

/// A part of the tree that waits or is worked on: `len` pairs at `start`.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    len: usize,
    n: usize,
    sums: Sums,
}

/// Adds mass and moment one by one.
#[inline(always)]
fn add_in_order(sums: &mut Sums, positions: &[f64], masses: &[f64]) {
    for (&position, &mass) in positions.iter().zip(masses) {
        sums.mass += mass;
        sums.moment += mass * position;
    }
}

/// The same for two parts: side by side, since each addition waits for the one before it.
#[inline(always)]
fn both_sums_in_order(left: (&[f64], &[f64]), right: (&[f64], &[f64])) -> [Sums; 2] {
    let common = left.0.len().min(right.0.len());
    let ((left_positions, left_positions_rest), (left_masses, left_masses_rest)) =
        (left.0.split_at(common), left.1.split_at(common));
    let ((right_positions, right_positions_rest), (right_masses, right_masses_rest)) =
        (right.0.split_at(common), right.1.split_at(common));
    let (mut left, mut right) = (Sums::default(), Sums::default());
    let pairs = left_positions
        .iter()
        .zip(left_masses)
        .zip(right_positions.iter().zip(right_masses));
    for ((&left_position, &left_mass), (&right_position, &right_mass)) in pairs {
        left.mass += left_mass;
        left.moment += left_mass * left_position;
        right.mass += right_mass;
        right.moment += right_mass * right_position;
    }
    add_in_order(&mut left, left_positions_rest, left_masses_rest);
    add_in_order(&mut right, right_positions_rest, right_masses_rest);
    [left, right]
}

/// How a block is to be split.
#[derive(Clone, Copy)]
pub(crate) struct Task<'c> {
    /// The number of pairs.
    pub(crate) len: usize,
    /// The number of Diracs that they may become.
    pub(crate) n: usize,
    /// Whether sums are made one by one in the order of the pairs, as real cores make them for samples, instead of in the
    /// kernel's lanes, which is several times faster.
    pub(crate) sums_in_order: bool,
    pub(crate) cancel: Cancel<'c>,
}

/// Splits the pairs at the front of `block`, which lie in the order of the rule: first operand outer, second inner.
#[inline(always)]
pub(crate) fn split<K: Kernel>(kernel: K, block: &mut Block, task: Task, out: &mut Vec<Item>) {
    let Task {
        len,
        n,
        sums_in_order: in_order,
        cancel,
    } = task;
    let whole = Pairs::padded(&mut block.positions, &mut block.masses, len);
    let mut sums = kernel.divide(&whole, f64::MAX).left;
    if in_order {
        sums = Sums::default();
        add_in_order(&mut sums, &block.positions[..len], &block.masses[..len]);
    }
    let mut waiting: Vec<Part> = Vec::with_capacity(16);
    let mut next = Some(Part { start: 0, len, n, sums });
    while let Some(part) = next.take().or_else(|| waiting.pop()) {
        let Part { start, len, n, sums } = part;
        if len == 0 || cancel.is_requested() {
            continue;
        }
        let end = start + len;
        if n == 1 || len == 1 {
            emit_mean(len, sums, || block.positions[start], out);
            continue;
        }
        if len <= n {
            let positions = block.positions[start..end].iter();
            out.extend(
                positions
                    .zip(&block.masses[start..end])
                    .map(|(&position, &mass)| Item { position, mass }),
            );
            continue;
        }
        let threshold = sums.moment / sums.mass;
        let (left_n, right_n) = halves(n);
        if n == 2 && !in_order {
            let pairs = Pairs::padded(&mut block.positions[start..], &mut block.masses[start..], len);
            let parts = kernel.divide(&pairs, threshold);
            let left_len = parts.left_len.min(len);
            let lone = |left: bool| {
                let of = |x: &&f64| (**x <= threshold) == left;
                block.positions[start..end]
                    .iter()
                    .find(of)
                    .copied()
                    .unwrap_or(threshold)
            };
            emit_mean(left_len, parts.left, || lone(true), out);
            emit_mean(len - left_len, parts.right, || lone(false), out);
            continue;
        }
        // The left part stays in place; the right one waits behind whatever waits already.
        let used = waiting.last().map_or(end, |last| end.max(last.start + last.len));
        let right_start = used + LANES;
        block.reserve(right_start + len + LANES);
        let (positions, right_positions) = block.positions[start..].split_at_mut(right_start - start);
        let (masses, right_masses) = block.masses[start..].split_at_mut(right_start - start);
        let pairs = Pairs::padded(positions, masses, len);
        let Halves {
            left_len,
            mut left,
            mut right,
        } = kernel.partition(pairs, threshold, (&mut *right_positions, &mut *right_masses));
        // A mean at the end of the number range takes the padding along.
        let left_len = left_len.min(len);
        if in_order {
            let right_len = len - left_len;
            [left, right] = both_sums_in_order(
                (&positions[..left_len], &masses[..left_len]),
                (&right_positions[..right_len], &right_masses[..right_len]),
            );
        }
        waiting.push(Part {
            start: right_start,
            len: len - left_len,
            n: right_n,
            sums: right,
        });
        next = Some(Part {
            start,
            len: left_len,
            n: left_n,
            sums: left,
        });
    }
}

/// Emits the Dirac of a part of `len` pairs. One pair is emitted as it is, not as moment / mass.
#[inline(always)]
fn emit_mean(len: usize, sums: Sums, lone: impl Fn() -> f64, out: &mut Vec<Item>) {
    if sums.mass > 0.0 {
        // At the end of the number range the division can round up to infinity.
        let mean = || (sums.moment / sums.mass).clamp(f64::MIN, f64::MAX);
        let position = if len == 1 { lone() } else { mean() };
        out.push(Item {
            position,
            mass: sums.mass,
        });
    }
}

/// Splits a list of finite positions into at most `n` Diracs by the rule, sums made in the order of the list.
pub(crate) fn split_list(items: &[Item], n: usize, cancel: Cancel) -> Vec<Item> {
    struct List<'a, 'c>(&'a mut Block, Task<'c>, &'a mut Vec<Item>);

    impl Job for List<'_, '_> {
        type Output = ();
        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) {
            split(kernel, self.0, self.1, self.2);
        }
    }

    let mut block = Block::with_room(room_to_split(items.len()));
    for ((position, mass), item) in block.positions.iter_mut().zip(&mut block.masses).zip(items) {
        (*position, *mass) = (item.position, item.mass);
    }
    let mut out = Vec::with_capacity(n.min(items.len()));
    let task = Task {
        len: items.len(),
        n,
        sums_in_order: true,
        cancel,
    };
    with_best_kernel(List(&mut block, task, &mut out));
    block.recycle();
    out
}
