//! The Athens operation on two distributions: which way is taken.
//!
//! All ways give what the rule says: all pairs, first operand outer; at most n distinct positions merged and ascending,
//! else the split.
//!
//! * + - * / on doubles: the [`sweep`](super::sweep), which never forms the pairs;
//! * other functions, or operands at the edge of the number range: the pairs in memory if they are few
//!   ([`block`](super::block)), else made again for every level of the tree ([`streamed`](super::streamed)).

use super::block::{self, Block, InOrder, Task};
use super::distinct::Atoms;
use super::simd::{Job, Kernel, with_best_kernel};
use super::split::Item;
use super::streamed;
use super::sweep::{MAX_DIRACS, Operation, Product, Quotient, Sum, Sweep};
use crate::arithmetic::Cancel;
use crate::{BinaryFn, Distribution, Format, SpecialMass};

/// Pairs are held in memory up to this number: 64 MB.
const MAX_PAIRS_IN_MEMORY: usize = 1 << 22;

/// The Diracs of `x` with mass, special ones last.
pub(crate) fn massive(x: &Distribution) -> Vec<Item> {
    let all = x.diracs().chain(x.special().diracs());
    all.filter(|dirac| dirac.1 > 0.0)
        .map(|(position, mass)| Item { position, mass })
        .collect()
}

/// The result of `function` on two independent distributions in at most `n` Diracs, and its special mass.
pub(crate) fn combine(
    function: BinaryFn,
    x: &Distribution,
    y: &Distribution,
    format: Format,
    n: usize,
    cancel: Cancel,
) -> (Vec<Item>, SpecialMass) {
    let (x, mut y) = (massive(x), massive(y));
    if format == Format::F64 {
        match function {
            BinaryFn::Add => return sweep::<Sum>(x, y, n, cancel),
            BinaryFn::Sub => {
                y.iter_mut().for_each(|item| item.position = -item.position);
                return sweep::<Sum>(x, y, n, cancel);
            }
            BinaryFn::Mul => return sweep::<Product>(x, y, n, cancel),
            BinaryFn::Div => return sweep::<Quotient>(x, y, n, cancel),
            _ => {}
        }
    }
    let (x, y) = (&x[..], &y[..]);
    match (function, format) {
        // Written out so that each loop is compiled for its operation.
        (BinaryFn::Add, Format::F32) => all_pairs(x, y, n, cancel, |x, y| f64::from((x + y) as f32)),
        (BinaryFn::Sub, Format::F32) => all_pairs(x, y, n, cancel, |x, y| f64::from((x - y) as f32)),
        (BinaryFn::Mul, Format::F32) => all_pairs(x, y, n, cancel, |x, y| f64::from((x * y) as f32)),
        (BinaryFn::Div, Format::F32) => all_pairs(x, y, n, cancel, |x, y| f64::from((x / y) as f32)),
        _ => all_pairs(x, y, n, cancel, |x, y| function.evaluate(x, y, format)),
    }
}

/// Splits all pairs of `x` and `y`, made one by one.
pub(crate) fn all_pairs(
    x: &[Item],
    y: &[Item],
    n: usize,
    cancel: Cancel,
    function: impl Fn(f64, f64) -> f64 + Copy,
) -> (Vec<Item>, SpecialMass) {
    let mut special = SpecialMass::default();
    if let Some(atoms) = few(x, y, n, &mut special, function) {
        return (atoms, special);
    }
    if x.len() * y.len() > MAX_PAIRS_IN_MEMORY {
        return streamed::split(x, y, n, MAX_PAIRS_IN_MEMORY, cancel, function);
    }
    special = SpecialMass::default();
    let mut block = Block::default();
    block.reserve(x.len() * y.len());
    let mut len = 0;
    for x in x {
        for y in y {
            let (position, mass) = (function(x.position, y.position), x.mass * y.mass);
            if !special.absorb(position, mass) {
                block.positions[len] = position;
                block.masses[len] = mass;
                len += 1;
            }
        }
    }
    let mut out = Vec::with_capacity(n);
    let task = Task {
        len,
        n,
        above: f64::NEG_INFINITY,
        up_to: f64::INFINITY,
        cancel,
    };
    split_block(&mut block, task, &mut out);
    (out, special)
}

/// Splits pairs in memory that lie in the order of the rule.
pub(crate) fn split_block(block: &mut Block, task: Task, out: &mut Vec<Item>) {
    struct Split<'a, 'c>(&'a mut Block, Task<'c>, &'a mut Vec<Item>);

    impl Job for Split<'_, '_> {
        type Output = ();
        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) {
            block::split(kernel, self.0, self.1, &InOrder, self.2);
        }
    }

    with_best_kernel(Split(block, task, out));
}

/// The merged atoms if there are at most `n`.
fn few(
    x: &[Item],
    y: &[Item],
    n: usize,
    special: &mut SpecialMass,
    function: impl Fn(f64, f64) -> f64,
) -> Option<Vec<Item>> {
    let mut atoms = Atoms::new(n);
    for x in x {
        for y in y {
            let (position, mass) = (function(x.position, y.position), x.mass * y.mass);
            if !special.absorb(position, mass) && !atoms.add(position, mass) {
                return None;
            }
        }
    }
    Some(atoms.ascending())
}

/// The sweep where it is possible, else all pairs.
fn sweep<O: Operation>(x: Vec<Item>, y: Vec<Item>, n: usize, cancel: Cancel) -> (Vec<Item>, SpecialMass) {
    // Pairs with a special operand or a zero divisor have a special result, except x / ±Inf = 0.
    let mut special = SpecialMass::default();
    let (rows, special_rows): (Vec<Item>, Vec<Item>) = x.iter().partition(|item| item.position.is_finite());
    let regular = |item: &&Item| O::key(item.position).is_finite();
    let (columns, special_columns): (Vec<Item>, Vec<Item>) = y.iter().partition(regular);
    let mut all_special = true;
    let mut absorb = |x: &Item, y: &Item| {
        all_special &= special.absorb(O::result(x.position, y.position), x.mass * y.mass);
    };
    for x in &special_rows {
        y.iter().for_each(|y| absorb(x, y));
    }
    for y in &special_columns {
        rows.iter().for_each(|x| absorb(x, y));
    }
    if !all_special || !stays_finite::<O>(&rows, &columns) || rows.len().max(columns.len()) > MAX_DIRACS {
        return all_pairs(&x, &y, n, cancel, O::result);
    }
    if let Some(atoms) = few(&rows, &columns, n, &mut SpecialMass::default(), O::result) {
        return (atoms, special);
    }
    (with_best_kernel(Sweep::<O>::new(&rows, &columns, n, cancel)), special)
}

/// Whether no result of finite operands overflows.
fn stays_finite<O: Operation>(rows: &[Item], columns: &[Item]) -> bool {
    let largest = |items: &[Item]| items.iter().fold(0.0_f64, |max, item| max.max(item.position.abs()));
    let smallest = |items: &[Item]| {
        items
            .iter()
            .fold(f64::INFINITY, |min, item| min.min(item.position.abs()))
    };
    let (x, high, low) = (largest(rows), largest(columns), smallest(columns));
    O::result(x, high).is_finite() && (O::result(x, low).is_finite() || columns.is_empty())
}
