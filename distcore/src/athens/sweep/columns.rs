//! One operand as the sweep's columns: sorted, with running sums.

use crate::athens::operand::Diracs;
use crate::athens::operation::Operation;

/// Running sums over columns: of mass and of mass times key (of sums, from the columns' center on), then what rounding lost of either.
///
/// Nodes in the tails are light, and plain running sums lose their digits (to 7e-11, measured).
#[derive(Clone, Copy)]
#[repr(C, align(32))] // one load, which does not cross cache lines
pub(crate) struct Prefix(pub(crate) [f64; 4]);

/// The lists that make up [`Columns`]; their memory is used again.
#[derive(Default)]
pub(super) struct Lists {
    /// The keys, and behind them as many NaN, which are below no threshold, as a search may look at: it looks at
    /// [`Columns::window`] columns from any place on, the end included.
    pub(super) keys: Vec<f64>,
    /// The masses, and behind them as many zeros.
    pub(super) masses: Vec<f64>,
    /// The running sums before each column, and the total.
    pub(super) prefixes: Vec<Prefix>,
    /// Where a column stands in the operand.
    origins: Vec<u32>,
}

/// An operand in the order in which results rise.
pub(super) struct Columns<'a> {
    operand: &'a Diracs<'a>,
    sign: f64,
    pub(super) count: usize,
    pub(super) lists: &'a Lists,
    /// What moments of sums are taken about, so that they keep their digits where operands cancel: a key in the middle; 0 for products.
    pub(super) center: f64,
    /// The sums of mass and of mass times key.
    pub(super) total: [f64; 2],
    /// The sum of mass times key without its sign.
    pub(super) size: f64,
}

impl<'a> Columns<'a> {
    /// The positions of `operand` times `sign`.
    pub(super) fn new<O: Operation>(operand: &'a Diracs, sign: f64, lists: &'a mut Lists) -> Columns<'a> {
        let count = operand.len();
        let value = |index: u32| sign * operand.positions[index as usize];
        let Lists {
            keys,
            masses,
            prefixes,
            origins,
        } = &mut *lists;
        keys.clear();
        masses.clear();
        prefixes.clear();
        origins.clear();
        keys.extend(operand.positions.iter().map(|position| O::key(sign * position)));
        // Keys may be equal by rounding alone. Of divisors the larger one makes the smaller result.
        if keys.is_sorted_by(|a, b| a < b) {
            origins.extend(0..count as u32);
            masses.extend_from_slice(&operand.masses);
        } else {
            origins.extend((0..count as u32).rev());
            keys.reverse();
            if !keys.is_sorted_by(|a, b| a < b) {
                origins.sort_by(|&a, &b| {
                    let by_key = O::key(value(a)).total_cmp(&O::key(value(b)));
                    by_key.then_with(|| value(b).total_cmp(&value(a))).then(a.cmp(&b))
                });
                for (key, &index) in keys.iter_mut().zip(&*origins) {
                    *key = O::key(value(index));
                }
            }
            masses.extend(origins.iter().map(|&index| operand.masses[index as usize]));
        }
        let center = match keys.get(count / 2) {
            Some(&middle) if !O::IS_PRODUCT => middle,
            _ => 0.0,
        };
        let (mut prefix, mut size) = (Prefix([0.0; 4]), 0.0);
        prefixes.resize(count + 1, prefix);
        for ((&key, &mass), behind) in keys.iter().zip(&*masses).zip(&mut prefixes[1..]) {
            add_exactly(&mut prefix, 0, mass);
            let key = key - center;
            add_exactly(&mut prefix, 1, mass * key);
            *behind = prefix;
            size += mass * key.abs();
        }
        keys.resize(count + Columns::window(count), f64::NAN);
        masses.resize(keys.len(), 0.0);
        Columns {
            operand,
            sign,
            count,
            lists,
            center,
            total: [prefix.0[0] + prefix.0[2], prefix.0[1] + prefix.0[3]],
            size,
        }
    }

    pub(super) fn operand(&self) -> &'a Diracs<'a> {
        self.operand
    }

    /// The least and the largest key.
    pub(super) fn ends(&self) -> (f64, f64) {
        match self.lists.keys[..self.count] {
            [] => (f64::INFINITY, f64::NEG_INFINITY),
            [only] => (only, only),
            [first, .., last] => (first, last),
        }
    }

    /// How many columns a search looks at for a boundary at most `longest` columns away.
    #[inline(always)]
    pub(super) fn window(longest: usize) -> usize {
        longest.next_power_of_two().max(16)
    }

    /// What unsafe code relies on.
    #[inline(always)]
    pub(super) fn assert_padding(&self) {
        let Lists {
            keys, masses, prefixes, ..
        } = self.lists;
        assert!(
            keys.len() >= self.count + Columns::window(self.count)
                && masses.len() == keys.len()
                && prefixes.len() > self.count,
            "a window beyond the last column lies within the padding, and there is a running sum behind it"
        );
    }

    /// A column's position.
    pub(super) fn position(&self, column: usize) -> f64 {
        self.sign * self.operand.positions[self.lists.origins[column] as usize]
    }

    /// A column's mass, and where it stands in the operand.
    pub(super) fn mass(&self, column: usize) -> (f64, u32) {
        let origin = self.lists.origins[column];
        (self.operand.masses[origin as usize], origin)
    }
}

/// Adds `term` to the sum in `sums[at]`, and what rounding loses (Knuth's two-sum) to `sums[at + 2]`.
#[inline(always)]
fn add_exactly(Prefix(sums): &mut Prefix, at: usize, term: f64) {
    let sum = sums[at] + term;
    let back = sum - sums[at];
    sums[at + 2] += (sums[at] - (sum - back)) + (term - back);
    sums[at] = sum;
}
