//! The Athens operation on two distributions: which way is taken.
//!
//! All ways give what the rule says: all pairs, first operand outer; at most n distinct positions merged and ascending,
//! else the split.
//!
//! * few pairs, or a function other than + - * / on doubles, or operands at the edge of the number range: the pairs in
//!   memory ([`block`](super::block)), and if they are too many for that, made again for every level of the tree
//!   ([`streamed`](super::streamed));
//! * else the [`sweep`](super::sweep), which never forms all pairs.

use super::block::Item;
use super::block::{self, Block, Task, room_to_split};
use super::distinct::Atoms;
use super::operand::Diracs;
use super::operation::{Operation, Product, Quotient, Sum, second_makes_rows};
use super::simd::{Job, Kernel, with_best_kernel};
use super::streamed;
use super::sweep::{self, MAX_DIRACS};
use crate::arithmetic::Cancel;
use crate::{BinaryFn, Format, SpecialMass};

/// Pairs are held in memory up to this number: 64 MB.
pub(super) const MAX_PAIRS_IN_MEMORY: usize = 1 << 22;
/// Up to this number of pairs, forming them all is faster than the sweep on most machines.
const FEW_PAIRS: usize = 200;

/// The result of `function` on two independent distributions in at most `n` Diracs, and its special mass. (A difference comes here
/// as the sum with the negated operand.)
pub(crate) fn combine(
    function: BinaryFn,
    x: Diracs,
    y: Diracs,
    format: Format,
    n: usize,
    cancel: Cancel,
) -> (Vec<Item>, SpecialMass) {
    match (function, format) {
        (BinaryFn::Add, Format::F64) => sweep::<Sum>(x, y, n, cancel),
        (BinaryFn::Mul, Format::F64) => sweep::<Product>(x, y, n, cancel),
        (BinaryFn::Div, Format::F64) => sweep::<Quotient>(x, y, n, cancel),
        // Written out so that each loop is compiled for its operation.
        (BinaryFn::Add, Format::F32) => all_pairs(&x, &y, n, cancel, |x, y| f64::from((x + y) as f32)),
        (BinaryFn::Mul, Format::F32) => all_pairs(&x, &y, n, cancel, |x, y| f64::from((x * y) as f32)),
        (BinaryFn::Div, Format::F32) => all_pairs(&x, &y, n, cancel, |x, y| f64::from((x / y) as f32)),
        _ => all_pairs(&x, &y, n, cancel, |x, y| {
            cancel.unless_requested(|| function.evaluate(x, y, format))
        }),
    }
}

/// Splits all pairs of `x` and `y`, made one by one.
pub(crate) fn all_pairs(
    x: &Diracs,
    y: &Diracs,
    n: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64 + Copy,
) -> (Vec<Item>, SpecialMass) {
    if let Some(merged) = few_atoms(x, y, n, cancel, function) {
        merged
    } else if x.len() * y.len() > MAX_PAIRS_IN_MEMORY {
        streamed::split(x, y, n, MAX_PAIRS_IN_MEMORY, cancel, function)
    } else {
        with_best_kernel(AllPairs {
            x,
            y,
            n,
            cancel,
            function,
        })
    }
}

/// The merged atoms and the special mass, if there are at most `n` distinct positions.
fn few_atoms(
    x: &Diracs,
    y: &Diracs,
    n: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64,
) -> Option<(Vec<Item>, SpecialMass)> {
    let mut special = SpecialMass::default();
    let mut atoms = Atoms::new(n);
    for (x, x_mass) in x.iter() {
        if cancel.is_requested() {
            return None;
        }
        for (y, y_mass) in y.iter() {
            let (position, mass) = (function(x, y), x_mass * y_mass);
            if !special.absorb(position, mass) && !atoms.add(position, mass) {
                return None;
            }
        }
    }
    Some((atoms.ascending(), special))
}

/// Whether there surely are more than `n` distinct results, because those along one operand, then along the other, all rise or all
/// fall. Saves most operations the search for equal results.
fn has_many_results<O: Operation>(x: &Diracs, y: &Diracs, n: usize) -> bool {
    let (&[.., last_x], &[first_y, .., last_y]) = (&*x.positions, &*y.positions) else {
        return false;
    };
    let rise_along_x = |y: f64| all_rise(&x.positions, |x| O::result(x, y));
    let rise_along_y = all_rise(&y.positions, |y| O::result(last_x, y));
    x.len() + y.len() > n + 1
        && rise_along_y.is_some()
        && (rise_along_x(first_y) == rise_along_y || rise_along_x(last_y) == rise_along_y.map(|rise| !rise))
}

/// Whether the results of a function all rise; whether they all fall if false, and neither if none.
fn all_rise(positions: &[f64], function: impl Fn(f64) -> f64) -> Option<bool> {
    // No branch for each of them: see `are_ascending`.
    let steps = positions.windows(2).map(|pair| (function(pair[0]), function(pair[1])));
    let (rise, fall) = steps.fold((true, true), |(rise, fall), (from, to)| {
        (rise & (from < to), fall & (from > to))
    });
    (rise || fall).then_some(rise)
}

/// The sweep where it is possible and pays, else all pairs.
fn sweep<O: Operation>(x: Diracs, y: Diracs, n: usize, cancel: Cancel) -> (Vec<Item>, SpecialMass) {
    if x.len() * y.len() <= FEW_PAIRS {
        return all_pairs(&x, &y, n, cancel, O::result);
    }
    if !has_many_results::<O>(&x, &y, n)
        && let Some(merged) = few_atoms(&x, &y, n, cancel, O::result)
    {
        return merged;
    }
    // Pairs with a special operand or a zero divisor have a special result, except x / ±Inf = 0.
    let (rows, special_rows) = x.clone().separate(f64::is_finite);
    let (columns, special_columns) = y.clone().separate(|y| O::key(y).is_finite());
    let pairs = |x: &Diracs, y: &Diracs, special: &mut SpecialMass| {
        x.iter().all(|(x, x_mass)| {
            y.iter()
                .all(|(y, y_mass)| special.absorb(O::result(x, y), x_mass * y_mass))
        })
    };
    let mut special = SpecialMass::default();
    let all_special = pairs(&special_rows, &y, &mut special) && pairs(&rows, &special_columns, &mut special);
    let ends = [rows.ends(), columns.ends()];
    let is_ordinary = stays_finite::<O>(&columns, ends) && keeps_digits::<O>(&rows, &columns);
    if !all_special || !is_ordinary || rows.len().max(columns.len()) > MAX_DIRACS {
        return all_pairs(&x, &y, n, cancel, O::result);
    }
    let items = if second_makes_rows::<O>([rows.len(), columns.len()], ends) {
        sweep::split::<O::Swapped>(&columns, &rows, false, n, cancel)
    } else {
        sweep::split::<O>(&rows, &columns, true, n, cancel)
    };
    (items, special)
}

/// Whether no result of finite operands, whose ends are given, overflows.
fn stays_finite<O: Operation>(columns: &Diracs, [(row_low, row_high), (low, high)]: [(f64, f64); 2]) -> bool {
    if columns.len() == 0 {
        return true;
    }
    let row = row_high.max(-row_low);
    // Of columns those furthest from 0 and closest to it.
    let closest = if low > 0.0 {
        low
    } else if high < 0.0 {
        -high
    } else {
        columns
            .positions
            .iter()
            .fold(f64::INFINITY, |min, position| min.min(position.abs()))
    };
    O::result(row, high.max(-low)).is_finite() && O::result(row, closest).is_finite()
}

/// Whether the moments of products keep their digits: mass times factor and mass times key, of which the product may be ordinary
/// where they are not.
fn keeps_digits<O: Operation>(rows: &Diracs, columns: &Diracs) -> bool {
    // Masses of 2^-122 are ordinary numbers then, too.
    const TINY: f64 = f64::MIN_POSITIVE * (1u128 << 122) as f64;
    let is_ordinary = |part: f64| part == 0.0 || part.abs() >= TINY;
    let all =
        |positions: &[f64], part: fn(f64) -> f64| positions.iter().fold(true, |all, &x| all & is_ordinary(part(x)));
    !O::IS_PRODUCT || (all(&rows.positions, O::factor) && all(&columns.positions, O::key))
}

/// All pairs in memory, in the order of the rule, and their split.
struct AllPairs<'a, 'c, F> {
    x: &'a Diracs<'a>,
    y: &'a Diracs<'a>,
    n: usize,
    cancel: Cancel<'c>,
    function: F,
}

impl<F: Fn(f64, f64) -> f64 + Copy> Job for AllPairs<'_, '_, F> {
    type Output = (Vec<Item>, SpecialMass);

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> Self::Output {
        let AllPairs {
            x,
            y,
            n,
            cancel,
            function,
        } = self;
        let mut block = Block::with_room(room_to_split(x.len() * y.len()));
        let (mut len, mut special) = (0, SpecialMass::default());
        for (x, x_mass) in x.iter() {
            let positions = &mut block.positions[len..len + y.len()];
            let masses = &mut block.masses[len..len + y.len()];
            let mut finite = true;
            for (to, &y) in positions.iter_mut().zip(y.positions.iter()) {
                *to = function(x, y);
                finite &= to.is_finite();
            }
            for (to, &y_mass) in masses.iter_mut().zip(y.masses.iter()) {
                *to = x_mass * y_mass;
            }
            len += if finite {
                y.len()
            } else {
                without_special(positions, masses, &mut special)
            };
            if cancel.is_requested() {
                break;
            }
        }
        let mut out = Vec::with_capacity(n);
        let task = Task {
            len,
            n,
            sums_in_order: false,
            cancel,
        };
        block::split(kernel, &mut block, task, &mut out);
        block.recycle();
        (out, special)
    }
}

/// Moves finite pairs to the front and the mass of the others to `special`; returns the number of the former.
#[cold]
fn without_special(positions: &mut [f64], masses: &mut [f64], special: &mut SpecialMass) -> usize {
    let mut kept = 0;
    for index in 0..positions.len() {
        if !special.absorb(positions[index], masses[index]) {
            positions[kept] = positions[index];
            masses[kept] = masses[index];
            kept += 1;
        }
    }
    kept
}

/// Splits pairs in memory that lie in the order of the rule.
pub(crate) fn split_block(block: &mut Block, task: Task, out: &mut Vec<Item>) {
    struct Split<'a, 'c>(&'a mut Block, Task<'c>, &'a mut Vec<Item>);

    impl Job for Split<'_, '_> {
        type Output = ();
        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) {
            block::split(kernel, self.0, self.1, self.2);
        }
    }

    with_best_kernel(Split(block, task, out));
}

/// Splits Diracs with finite positions that are results of an operation: in their order, like pairs.
pub(crate) fn split_points(positions: &[f64], masses: &[f64], n: usize, cancel: Cancel) -> Vec<Item> {
    let len = positions.len();
    let mut block = Block::with_room(room_to_split(len));
    block.positions[..len].copy_from_slice(positions);
    block.masses[..len].copy_from_slice(masses);
    let mut out = Vec::with_capacity(n.min(len));
    let task = Task {
        len,
        n,
        sums_in_order: false,
        cancel,
    };
    split_block(&mut block, task, &mut out);
    block.recycle();
    out
}
