//! The Athens operation on two distributions without its N x N pairs, for + - * /.
//!
//! For a fixed first operand x the result `z = x op y_j` is monotone in y_j. So with the second operand in a fitting
//! order (a [`Columns`] table), the pairs of a node of the split tree are one range of columns in every row, and
//! splitting a node at m moves one boundary a row. Mass and mean of a node are sums over rows of differences of prefix
//! sums, which are kept in two doubles each: nodes in the tails are light, and plain prefix sums lose their digits
//! (to 7e-11, measured).
//!
//! This is done for the upper part of the tree, while rows are long. A node whose rows are short is written out as
//! pairs and split in memory (see [`block`](super::block)): a few pairs for every Dirac of the result, so memory is
//! proportional to the number of rows. Every test `z <= m` is made on the rounded z, and every Dirac that comes from a
//! block is summed over its pairs, so the result is that of the plain rule up to the rounding of its sums.
//!
//! Where a mean falls on a position up to rounding (lattices), the order of summation decides on which side the
//! position goes. The order here is fixed and the same on every machine, but differs from the plain rule's.

use super::block::Item;
use super::block::{self, Block, Origin, Task};
use super::halves;
use super::operand::Diracs;
use super::simd::{Job, Kernel, LANES, Sums, write_row};
use crate::arithmetic::Cancel;

/// Nodes with at most this many pairs a row are written out.
const SHORT_ROW: usize = 16;
/// Nodes with at most this many pairs are written out whatever their shape: they fit into the first-level cache.
const SMALL_NODE: usize = 1024;
/// Operands may have this many Diracs: boundaries are 16 bits wide.
pub(crate) const MAX_DIRACS: usize = u16::MAX as usize;

/// What the rows of a product have in common with those of a sum.
pub(crate) trait Operation: Copy {
    /// The result of a pair, rounded.
    fn result(x: f64, y: f64) -> f64;
    /// What a column is sorted by, and what its mass is multiplied with in the prefix sums of moments.
    fn key(y: f64) -> f64;
    /// The first moment of a node from sums over its rows: of x times the columns' mass, of the columns' moment of keys,
    /// and of x times that moment.
    fn moment(x_masses: f64, keys: f64, x_keys: f64) -> f64;
    /// Whether results fall as y rises where x < 0.
    const MIRRORS: bool;
}

/// x + y
#[derive(Clone, Copy)]
pub(crate) struct Sum;
/// x * y
#[derive(Clone, Copy)]
pub(crate) struct Product;
/// x / y
#[derive(Clone, Copy)]
pub(crate) struct Quotient;

impl Operation for Sum {
    #[inline(always)]
    fn result(x: f64, y: f64) -> f64 {
        x + y
    }
    #[inline(always)]
    fn key(y: f64) -> f64 {
        y
    }
    #[inline(always)]
    fn moment(x_masses: f64, keys: f64, _: f64) -> f64 {
        x_masses + keys
    }
    const MIRRORS: bool = false;
}

impl Operation for Product {
    #[inline(always)]
    fn result(x: f64, y: f64) -> f64 {
        x * y
    }
    #[inline(always)]
    fn key(y: f64) -> f64 {
        y
    }
    #[inline(always)]
    fn moment(_: f64, _: f64, x_keys: f64) -> f64 {
        x_keys
    }
    const MIRRORS: bool = true;
}

impl Operation for Quotient {
    #[inline(always)]
    fn result(x: f64, y: f64) -> f64 {
        x / y
    }
    #[inline(always)]
    fn key(y: f64) -> f64 {
        1.0 / y
    }
    #[inline(always)]
    fn moment(_: f64, _: f64, x_keys: f64) -> f64 {
        x_keys
    }
    const MIRRORS: bool = true;
}

/// The second operand in the order in which results rise, once as it is and, where an operation mirrors, once more with
/// -y, which rows with x < 0 use together with -x. Both tables lie in one array.
struct Columns {
    count: usize,
    values: Vec<f64>,
    masses: Vec<f64>,
    /// Running sums of mass and of mass times key, each as high and low part.
    prefixes: Vec<[f64; 4]>,
    /// Where a column stood in the operand.
    origins: Vec<u32>,
}

impl Columns {
    fn new<O: Operation>(y: &Diracs) -> Columns {
        let room = if O::MIRRORS { 2 } else { 1 } * (y.len() + LANES);
        let mut columns = Columns {
            count: y.len(),
            values: Vec::with_capacity(room),
            masses: Vec::with_capacity(room),
            prefixes: Vec::with_capacity(room),
            origins: Vec::with_capacity(room),
        };
        columns.append::<O>(y, 1.0);
        if O::MIRRORS {
            columns.append::<O>(y, -1.0);
        }
        columns
    }

    /// The start of the table of -y.
    fn mirrored(&self) -> usize {
        self.count + LANES
    }

    fn append<O: Operation>(&mut self, y: &Diracs, sign: f64) {
        let mut order: Vec<u32> = (0..y.len() as u32).collect();
        let keys: Vec<f64> = y.positions.iter().map(|&y| O::key(sign * y)).collect();
        if !keys.is_sorted() {
            order.sort_by(|&a, &b| keys[a as usize].total_cmp(&keys[b as usize]));
        }
        let mut prefix = [0.0; 4];
        self.prefixes.push(prefix);
        for &index in &order {
            let (position, mass) = (y.positions[index as usize], y.masses[index as usize]);
            self.values.push(sign * position);
            self.masses.push(mass);
            prefix = add_exactly(prefix, 0, mass);
            prefix = add_exactly(prefix, 2, mass * keys[index as usize]);
            self.prefixes.push(prefix);
        }
        self.origins.extend(order);
        // A NaN is never <= a threshold, so a search cannot run into the padding.
        self.values.extend([f64::NAN; LANES]);
        self.masses.extend([0.0; LANES]);
        self.prefixes.extend([prefix; LANES - 1]);
        self.origins.extend([0; LANES]);
    }
}

/// Adds `term` to the sum in `sums[at]`, and what rounding loses (Knuth's two-sum) to `sums[at + 1]`.
#[inline(always)]
fn add_exactly(mut sums: [f64; 4], at: usize, term: f64) -> [f64; 4] {
    let sum = sums[at] + term;
    let back = sum - sums[at];
    sums[at + 1] += (sums[at] - (sum - back)) + (term - back);
    sums[at] = sum;
    sums
}

/// One position of the first operand.
#[derive(Clone, Copy)]
struct Row {
    x: f64,
    mass: f64,
    /// Where its table of columns starts.
    table: u32,
    /// Where it stood in the operand.
    origin: u32,
}

/// An operation on two lists of Diracs, to be split into at most `n`.
pub(crate) struct Sweep<'a, O> {
    rows: Vec<Row>,
    columns: Columns,
    /// Whether rows and columns lie in the order of the operands.
    in_order: bool,
    n: usize,
    cancel: Cancel<'a>,
    operation: std::marker::PhantomData<O>,
}

impl<'a, O: Operation> Sweep<'a, O> {
    /// Prepares the operation. Positions of `x` are finite, those of `y` too or, for a quotient, infinite; no result
    /// and no key is NaN or infinite; masses are positive; neither list is longer than [`MAX_DIRACS`].
    pub(crate) fn new(x: &Diracs, y: &Diracs, n: usize, cancel: Cancel<'a>) -> Sweep<'a, O> {
        let columns = Columns::new::<O>(y);
        let row = |(origin, (x, mass)): (usize, (f64, f64))| {
            let mirrored = O::MIRRORS && x < 0.0;
            Row {
                x: if mirrored { -x } else { x },
                mass,
                table: if mirrored { columns.mirrored() as u32 } else { 0 },
                origin: origin as u32,
            }
        };
        let rows: Vec<Row> = x.iter().enumerate().map(row).collect();
        let straight = |row: &Row| columns.origins[row.table as usize..][..columns.count].is_sorted();
        let in_order = rows.iter().all(|row| row.table == 0) && rows.first().is_none_or(straight);
        Sweep {
            rows,
            columns,
            in_order,
            n,
            cancel,
            operation: std::marker::PhantomData,
        }
    }

    /// The first column of a row, between `low` and `high`, whose result is above `threshold`.
    #[inline(always)]
    fn boundary<K: Kernel>(&self, kernel: K, row: &Row, low: usize, high: usize, threshold: f64) -> usize {
        let values = &self.columns.values[row.table as usize..];
        let (mut at, mut len) = (low, high - low);
        while len > LANES {
            let half = len / 2;
            let below = O::result(row.x, values[at + half - 1]) <= threshold;
            // No branch: it would be a coin toss.
            at += std::hint::select_unpredictable(below, half, 0);
            len -= half;
        }
        // Results beyond `high` are above an earlier threshold, so looking at them cannot hurt.
        let Some(values) = values[at..].first_chunk::<LANES>() else {
            return high;
        };
        let results = values.map(|y| O::result(row.x, y));
        (at + kernel.count(&results, threshold)).min(high)
    }

    /// Mass and first moment of a node.
    #[inline(always)]
    fn sums(&self, node: &Node, low: &[u16], high: &[u16]) -> Sums {
        // Of the columns' [mass, its low part, moment of keys, its low part]: the sums weighted with the rows' mass and
        // with the rows' mass times x.
        let (mut weighted, mut scaled) = ([0.0; 4], [0.0; 4]);
        let bounds = low[node.first..node.end].iter().zip(&high[node.first..node.end]);
        for (row, (&from, &to)) in self.rows[node.first..node.end].iter().zip(bounds) {
            let prefixes = &self.columns.prefixes[row.table as usize..];
            let (from, to) = (&prefixes[usize::from(from)], &prefixes[usize::from(to)]);
            for k in 0..4 {
                let columns = to[k] - from[k];
                weighted[k] += row.mass * columns;
                scaled[k] += row.mass * row.x * columns;
            }
        }
        let both = |parts: [f64; 4], at: usize| parts[at] + parts[at + 1];
        Sums {
            mass: both(weighted, 0),
            moment: O::moment(both(scaled, 0), both(weighted, 2), both(scaled, 2)),
        }
    }

    /// Writes the pairs of a node into `block`; returns their number.
    #[inline(always)]
    fn write_out(&self, node: &Node, low: &[u16], high: &[u16], block: &mut Block) -> usize {
        block.reserve(2 * node.pairs + LANES);
        let mut len = 0;
        let bounds = low[node.first..node.end].iter().zip(&high[node.first..node.end]);
        for (row, (&from, &to)) in self.rows[node.first..node.end].iter().zip(bounds) {
            let start = row.table as usize;
            let (from, to) = (start + usize::from(from), start + usize::from(to));
            write_row(
                to - from,
                |y| O::result(row.x, y),
                row.mass,
                (&self.columns.values[from..], &self.columns.masses[from..]),
                (&mut block.positions[len..], &mut block.masses[len..]),
            );
            len += to - from;
        }
        len
    }
}

/// A node of the split tree: in each row from `first` to `end` the columns between two boundaries.
#[derive(Clone, Copy)]
struct Node {
    /// Which arrays of boundaries delimit it.
    low: usize,
    high: usize,
    /// Which array is free for its split.
    free: usize,
    first: usize,
    end: usize,
    pairs: usize,
    n: usize,
    above: f64,
    up_to: f64,
}

impl<O: Operation> Job for Sweep<'_, O> {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Vec<Item> {
        let mut out = Vec::with_capacity(self.n);
        let mut block = Block::with_room(SMALL_NODE);
        let (row_count, count) = (self.rows.len(), self.columns.count);
        // Boundaries: all rows begin at 0 and end at `count`; one more array for each level of the tree.
        let mut bounds = vec![vec![0u16; row_count], vec![count as u16; row_count]];
        let whole = (f64::NEG_INFINITY, f64::INFINITY);
        let mut waiting = vec![Node {
            low: 0,
            high: 1,
            free: 2,
            first: 0,
            end: row_count,
            pairs: row_count * count,
            n: self.n,
            above: whole.0,
            up_to: whole.1,
        }];
        while let Some(node) = waiting.pop() {
            if self.cancel.is_requested() {
                break;
            }
            if node.pairs == 0 {
                continue;
            }
            let (low, high) = (&bounds[node.low], &bounds[node.high]);
            if node.pairs <= SMALL_NODE.max(SHORT_ROW * (node.end - node.first)) || node.pairs <= node.n {
                let len = self.write_out(&node, low, high, &mut block);
                let origin = NodeOrigin {
                    sweep: &self,
                    node: &node,
                    low,
                    high,
                };
                let Node { n, above, up_to, .. } = node;
                let task = Task {
                    len,
                    n,
                    above,
                    up_to,
                    cancel: self.cancel,
                };
                block::split(kernel, &mut block, task, &origin, &mut out);
                continue;
            }
            let Sums { mass, moment } = self.sums(&node, low, high);
            let threshold = moment / mass;
            if node.n == 1 || !threshold.is_finite() {
                if mass > 0.0 && threshold.is_finite() {
                    out.push(Item {
                        position: threshold,
                        mass,
                    });
                }
                continue;
            }
            if bounds.len() == node.free {
                bounds.push(vec![0; row_count]);
            }
            let (earlier, free) = bounds.split_at_mut(node.free);
            let (low, high, middle) = (&earlier[node.low], &earlier[node.high], &mut free[0]);
            for r in node.first..node.end {
                let (from, to) = (usize::from(low[r]), usize::from(high[r]));
                let at = if from < to {
                    self.boundary(kernel, &self.rows[r], from, to, threshold)
                } else {
                    from
                };
                middle[r] = at as u16;
            }
            let (left_n, right_n) = halves(node.n);
            let free = node.free + 1;
            let left = Node {
                high: node.free,
                n: left_n,
                up_to: threshold,
                free,
                ..node
            };
            let right = Node {
                low: node.free,
                n: right_n,
                above: threshold,
                free,
                ..node
            };
            let (left, right) = (left.narrowed(low, middle), right.narrowed(middle, high));
            waiting.extend([right, left]);
        }
        block.recycle();
        out
    }
}

impl Node {
    /// With its number of pairs, and without the empty rows at both ends.
    #[inline(always)]
    fn narrowed(mut self, low: &[u16], high: &[u16]) -> Node {
        while self.first < self.end && low[self.first] == high[self.first] {
            self.first += 1;
        }
        while self.first < self.end && low[self.end - 1] == high[self.end - 1] {
            self.end -= 1;
        }
        let rows = low[self.first..self.end].iter().zip(&high[self.first..self.end]);
        self.pairs = rows.map(|(&low, &high)| usize::from(high - low)).sum();
        self
    }
}

/// Where the pairs of a written-out node come from.
struct NodeOrigin<'a, O> {
    sweep: &'a Sweep<'a, O>,
    node: &'a Node,
    low: &'a [u16],
    high: &'a [u16],
}

impl<O: Operation> Origin for NodeOrigin<'_, O> {
    fn in_order(&self) -> bool {
        self.sweep.in_order
    }

    /// Makes the pairs again: this is rare, and carrying the order along with every pair would slow down all others.
    #[cold]
    fn emit(&self, above: f64, up_to: f64, out: &mut Vec<Item>) {
        let Columns {
            values,
            masses,
            origins,
            ..
        } = &self.sweep.columns;
        let mut pairs = Vec::new();
        for r in self.node.first..self.node.end {
            let row = &self.sweep.rows[r];
            let start = row.table as usize;
            for j in start + usize::from(self.low[r])..start + usize::from(self.high[r]) {
                let position = O::result(row.x, values[j]);
                if above < position && position <= up_to {
                    pairs.push((
                        (row.origin, origins[j]),
                        Item {
                            position,
                            mass: row.mass * masses[j],
                        },
                    ));
                }
            }
        }
        pairs.sort_by_key(|pair| pair.0);
        out.extend(pairs.into_iter().map(|pair| pair.1));
    }
}
