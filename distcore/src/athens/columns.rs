//! One operand as the sweep's columns: sorted, with running sums.

use super::operand::Diracs;
use super::operation::Operation;
use super::simd::LANES;

/// Running sums over columns: of mass and of mass times key, then what rounding lost of either.
///
/// Nodes in the tails are light, and plain running sums lose their digits (to 7e-11, measured).
pub(super) type Prefix = [f64; 4];

/// Mass and moment of keys of the columns between two places.
#[inline(always)]
pub(super) fn between(from: &Prefix, to: &Prefix) -> [f64; 2] {
    [
        (to[0] - from[0]) + (to[2] - from[2]),
        (to[1] - from[1]) + (to[3] - from[3]),
    ]
}

/// An operand in the order in which results rise.
pub(super) struct Columns<'a> {
    operand: &'a Diracs<'a>,
    sign: f64,
    pub(super) count: usize,
    /// The keys, and behind them as many NaN, which are below no threshold, as a search may look at: it looks at
    /// [`Columns::window`] columns from any place on, the end included.
    pub(super) keys: Vec<f64>,
    /// The running sums before each column, and the total.
    pub(super) prefixes: Vec<Prefix>,
    /// Where a column stands in the operand.
    origins: Vec<u32>,
    /// The sum of mass times key without its sign.
    pub(super) size: f64,
}

impl<'a> Columns<'a> {
    /// The positions of `operand` times `sign`.
    pub(super) fn new<O: Operation>(operand: &'a Diracs, sign: f64) -> Columns<'a> {
        let count = operand.len();
        let (positions, masses) = (&*operand.positions, &*operand.masses);
        let value = |index: u32| sign * positions[index as usize];
        let unsorted: Vec<f64> = positions.iter().map(|position| O::key(sign * position)).collect();
        let mut origins: Vec<u32> = (0..count as u32).collect();
        // Keys may be equal by rounding alone. Of divisors the larger one makes the smaller result.
        if !unsorted.is_sorted_by(|a, b| a < b) {
            origins.sort_by(|&a, &b| {
                let by_key = unsorted[a as usize].total_cmp(&unsorted[b as usize]);
                by_key.then_with(|| value(b).total_cmp(&value(a)))
            });
        }
        let padded = count + Columns::window(count);
        let mut keys = Vec::with_capacity(padded);
        let mut prefixes = Vec::with_capacity(count + 1);
        let (mut prefix, mut size) = ([0.0; 4], 0.0);
        prefixes.push(prefix);
        for &index in &origins {
            let (key, mass) = (unsorted[index as usize], masses[index as usize]);
            keys.push(key);
            add_exactly(&mut prefix, 0, mass);
            add_exactly(&mut prefix, 1, mass * key);
            prefixes.push(prefix);
            size += mass * key.abs();
        }
        keys.resize(padded, f64::NAN);
        Columns {
            operand,
            sign,
            count,
            keys,
            prefixes,
            origins,
            size,
        }
    }

    /// How many columns a search looks at for a boundary at most `longest` columns away.
    #[inline(always)]
    pub(super) fn window(longest: usize) -> usize {
        longest.next_power_of_two().max(2 * LANES)
    }

    /// A column's position.
    pub(super) fn position(&self, column: usize) -> f64 {
        self.sign * self.operand.positions[self.origins[column] as usize]
    }

    /// A column's mass, and where it stands in the operand.
    pub(super) fn mass(&self, column: usize) -> (f64, u32) {
        let origin = self.origins[column];
        (self.operand.masses[origin as usize], origin)
    }
}

/// Adds `term` to the sum in `sums[at]`, and what rounding loses (Knuth's two-sum) to `sums[at + 2]`.
#[inline(always)]
fn add_exactly(sums: &mut Prefix, at: usize, term: f64) {
    let sum = sums[at] + term;
    let back = sum - sums[at];
    sums[at + 2] += (sums[at] - (sum - back)) + (term - back);
    sums[at] = sum;
}
