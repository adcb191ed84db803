//! The fast ways against the plain rule, written out once more as in the module's first lines.

use super::block::{Item, split_list};
use super::distinct::merge_if_few;
use super::halves;
use super::operand::Diracs;
use super::operation::{Operation, Product, Quotient, Sum};
use super::pairs::{all_pairs, combine};
use super::simd::{InstructionSet, limit_instruction_set};
use super::streamed;
use super::sweep;
use crate::arithmetic::Cancel;
use crate::{BinaryFn, Distribution, Format, Generator, SpecialMass};

const NO_CANCEL: Cancel = Cancel(None);

/// The plain rule: splits `items` into at most `n` Diracs.
fn split(items: &mut [Item], n: usize, cancel: Cancel) -> Vec<Item> {
    let mut out = Vec::with_capacity(n.min(items.len()));
    let mut scratch = Vec::with_capacity(items.len());
    descend(items, n, &mut scratch, &mut out, cancel);
    out
}

fn descend(items: &mut [Item], n: usize, scratch: &mut Vec<Item>, out: &mut Vec<Item>, cancel: Cancel) {
    if items.is_empty() || cancel.is_requested() {
        return;
    }
    if n == 1 || items.len() == 1 {
        out.push(mean(items));
    } else if items.len() <= n {
        out.extend_from_slice(items);
    } else {
        let boundary = partition(items, mean(items).position, scratch);
        let (left, right) = items.split_at_mut(boundary);
        let (left_n, right_n) = halves(n);
        descend(left, left_n, scratch, out, cancel);
        descend(right, right_n, scratch, out, cancel);
    }
}

/// The one Dirac that stands for all items: their weighted mean with their total mass.
fn mean(items: &[Item]) -> Item {
    if let [item] = items {
        return *item;
    }
    let (mut mass, mut moment) = (0.0, 0.0);
    for item in items {
        mass += item.mass;
        moment += item.mass * item.position;
    }
    let position = moment / mass;
    if position.is_finite() {
        return Item { position, mass };
    }
    // Without mass all positions count alike; products that overflow are scaled down first.
    let count = items.len() as f64;
    let weight = |item: &Item| if mass > 0.0 { item.mass / mass } else { 1.0 / count };
    let position: f64 = items.iter().map(|item| item.position * weight(item)).sum();
    Item {
        position: position.clamp(f64::MIN, f64::MAX),
        mass,
    }
}

/// Moves positions <= `threshold` to the front, the order within both parts kept. Returns how many there are.
fn partition(items: &mut [Item], threshold: f64, scratch: &mut Vec<Item>) -> usize {
    scratch.clear();
    let mut kept = 0;
    for index in 0..items.len() {
        let item = items[index];
        if item.position <= threshold {
            items[kept] = item;
            kept += 1;
        } else {
            scratch.push(item);
        }
    }
    items[kept..].copy_from_slice(scratch);
    kept
}

/// All pairs in the order of the rule.
fn pairs(x: &[Item], y: &[Item], function: impl Fn(f64, f64) -> f64) -> Vec<Item> {
    let row = |x: &Item| {
        let pair = |y: &Item| Item {
            position: function(x.position, y.position),
            mass: x.mass * y.mass,
        };
        y.iter().map(pair).collect::<Vec<_>>()
    };
    x.iter().flat_map(row).collect()
}

/// A random operand: masses uneven, positions from `place` in random order.
fn operand(len: usize, generator: &mut Generator, place: impl Fn(f64) -> f64) -> Vec<Item> {
    let total: f64 = len as f64 * 0.75;
    let mut item = || Item {
        position: place(generator.uniform()),
        mass: (0.5 + 0.5 * generator.uniform()) / total,
    };
    (0..len).map(|_| item()).collect()
}

fn diracs(items: &[Item]) -> Diracs<'static> {
    items.iter().map(|item| (item.position, item.mass)).collect()
}

fn distribution(items: &[Item]) -> Distribution {
    let (positions, masses): (Vec<f64>, Vec<f64>) = items.iter().map(|item| (item.position, item.mass)).unzip();
    Distribution::from_parts(&positions, &masses).expect("finite positions")
}

/// Dirac by Dirac: positions to 1e-12 of the largest, masses to 1e-12 of the whole.
///
/// Sums of up to 2^18 terms in another order differ by some 1e-16 times the root of their number, less than 1e-13.
fn assert_same(ours: &[Item], plain: &[Item], what: &str) {
    assert_eq!(ours.len(), plain.len(), "{what}: number of Diracs");
    let size = plain.iter().fold(0.0_f64, |size, item| size.max(item.position.abs()));
    for (k, (ours, plain)) in ours.iter().zip(plain).enumerate() {
        let (moved, shifted) = ((ours.position - plain.position).abs(), (ours.mass - plain.mass).abs());
        assert!(
            moved <= 1e-12 * size && shifted <= 1e-12,
            "{what}: Dirac {k} is {ours:?}, not {plain:?}"
        );
    }
}

fn compare<O: Operation>(what: &str, seed: u64, place_x: impl Fn(f64) -> f64, place_y: impl Fn(f64) -> f64) {
    let mut generator = Generator::new(seed);
    for (x_len, y_len, n) in [
        (64, 64, 64),
        (100, 70, 100),
        (33, 200, 47),
        (256, 256, 256),
        (7, 700, 32),
        (700, 7, 129),
    ] {
        let (x, y) = (
            operand(x_len, &mut generator, &place_x),
            operand(y_len, &mut generator, &place_y),
        );
        let what = format!("{what} of {x_len} and {y_len} Diracs in {n}");
        let mut all = pairs(&x, &y, O::result);
        let plain = split(&mut all, n, NO_CANCEL);
        let (rows, columns) = (diracs(&x), diracs(&y));
        let straight = || sweep::split::<O>(&rows, &columns, true, n, NO_CANCEL);
        let swapped = || sweep::split::<O::Swapped>(&columns, &rows, false, n, NO_CANCEL);
        let ways: [(&str, &dyn Fn() -> Vec<Item>); 2] = [("as they are", &straight), ("exchanged", &swapped)];
        for (order, sweep) in ways {
            let swept = sweep();
            assert_same(&swept, &plain, &format!("{what}, rows and columns {order}"));
            for set in [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512] {
                // For other tests, too: they must not mind.
                limit_instruction_set(set);
                assert_eq!(sweep(), swept, "{what}, {order}: at most {set:?}, bit for bit");
            }
        }
        let (in_memory, special) = all_pairs(&diracs(&x), &diracs(&y), n, NO_CANCEL, O::result);
        assert_eq!(special, SpecialMass::default());
        assert_same(&in_memory, &plain, &what);
        // So little memory that most of the tree is built from pairs made again.
        let (streamed, _) = streamed::split(&diracs(&x), &diracs(&y), n, x_len * y_len / 10, NO_CANCEL, O::result);
        assert_same(&streamed, &plain, &what);
    }
}

#[test]
fn sums_are_those_of_the_plain_rule() {
    compare::<Sum>("sum", 1, |u| 3.0 * u - 1.0, |u| (4.0 * u).exp());
}

#[test]
fn products_are_those_of_the_plain_rule() {
    compare::<Product>("product", 2, |u| 1.0 + u, |u| 2.0 + u * u);
    compare::<Product>("product of mixed signs", 3, |u| u - 0.3, |u| 5.0 * u - 4.0);
}

#[test]
fn quotients_are_those_of_the_plain_rule() {
    compare::<Quotient>("quotient", 4, |u| u - 0.3, |u| 1.0 + u);
    compare::<Quotient>(
        "quotient by mixed signs",
        5,
        |u| u - 0.3,
        |u| if u < 0.4 { u - 2.0 } else { u + 0.5 },
    );
}

/// Beyond heavy columns lie many that are lighter by more digits than two doubles have.
#[test]
fn light_nodes_keep_their_digits() {
    let mut generator = Generator::new(10);
    let item = |position, mass| Item { position, mass };
    let x = [item(0.0, 0.25), item(0.25, 0.25), item(0.5, 0.5)];
    let mut y = operand(300, &mut generator, |u| 40.0 + 20.0 * u);
    y.iter_mut().for_each(|item| item.mass *= 1e-35);
    // Uneven masses, which leave rounding errors in the running sums, and an even one, which a split takes away exactly.
    y[..4].fill_with(|| item(-1e3, 0.1 + 0.1 * generator.uniform()));
    y[4] = item(30.0, 0.25);
    let (rows, columns) = (diracs(&x), diracs(&y));
    let light = |items: &[Item]| -> Vec<Item> { items.iter().copied().filter(|item| item.mass < 1e-30).collect() };
    let plain = light(&split(&mut pairs(&x, &y, Sum::result), 128, NO_CANCEL));
    assert!(plain.len() >= 8, "the case does what it is for: {plain:?}");
    for swept in [
        sweep::split::<Sum>(&rows, &columns, true, 128, NO_CANCEL),
        sweep::split::<Sum>(&columns, &rows, false, 128, NO_CANCEL),
    ] {
        let swept = light(&swept);
        let shifted = swept
            .iter()
            .zip(&plain)
            .any(|(ours, plain)| (ours.mass / plain.mass - 1.0).abs() > 1e-12);
        assert!(!shifted, "{swept:?}, not {plain:?}");
        assert_same(&swept, &plain, "light results");
    }
}

/// A few pairs far out make nodes of no more pairs than Diracs, whose order is that of the operands.
#[test]
fn small_nodes_come_out_in_the_order_of_the_rule() {
    let mut generator = Generator::new(6);
    let place = |u: f64| if u > 0.97 { 1e3 * u } else { u };
    let (x, y) = (operand(80, &mut generator, place), operand(90, &mut generator, place));
    let plain = split(&mut pairs(&x, &y, Product::result), 64, NO_CANCEL);
    assert!(
        !plain.is_sorted_by(|a, b| a.position <= b.position),
        "the case does what it is for"
    );
    let swept = sweep::split::<Product>(&diracs(&x), &diracs(&y), true, 64, NO_CANCEL);
    assert_same(&swept, &plain, "product with outliers");
    let bits = |items: &[Item]| items.iter().map(|item| item.position.to_bits()).collect::<Vec<_>>();
    let exact = swept
        .iter()
        .zip(&plain)
        .filter(|(a, b)| a.position == b.position)
        .count();
    assert!(
        exact >= 8,
        "lone pairs are emitted as they are: {exact}, {:x?}",
        bits(&swept)
    );
}

/// What the operation as a whole gives, beside the plain rule.
fn both(function: BinaryFn, x: &[Item], y: &[Item], n: usize) -> (Vec<Item>, Vec<Item>) {
    let result = |x: f64, y: f64| function.evaluate(x, y, Format::F64);
    let (items, special) = combine(function, diracs(x), diracs(y), Format::F64, n, NO_CANCEL);
    assert_eq!(special, SpecialMass::default());
    (items, split(&mut pairs(x, y, result), n, NO_CANCEL))
}

fn spread_evenly(positions: impl Iterator<Item = f64>) -> Vec<Item> {
    let positions: Vec<f64> = positions.collect();
    let mass = 1.0 / positions.len() as f64;
    positions.into_iter().map(|position| Item { position, mass }).collect()
}

/// Values that are clamped at the same bound: their difference is exactly 0 where both are there.
#[test]
fn an_atom_of_a_difference_is_exactly_where_it_is() {
    let mut generator = Generator::new(21);
    let mut atoms = 0;
    for n in [32, 64, 256] {
        for case in 0..20 {
            let bound = 0.1 + 0.08 * f64::from(case);
            let x = operand(n, &mut generator, |u| (4.0 * u - 2.0).max(bound));
            let y = operand(n, &mut generator, |u| -(5.0 * u - 2.2).max(bound));
            let (ours, plain) = both(BinaryFn::Add, &x, &y, n);
            let atom = |items: &[Item]| items.iter().find(|item| item.position == 0.0).map(|item| item.mass);
            // Not always a Dirac of its own.
            if let Some(plain) = atom(&plain) {
                let ours = atom(&ours).unwrap_or_default();
                assert!(
                    (ours - plain).abs() <= 1e-12,
                    "{n} Diracs at {bound}: {ours}, not {plain}"
                );
                atoms += 1;
            }
        }
    }
    assert!(atoms >= 30, "the case does what it is for: {atoms}");
}

/// Results that are a few roundings wide, so that a mean may round to one end of its part: each is counted once.
#[test]
fn coarse_results_keep_their_mass() {
    let mut generator = Generator::new(23);
    for n in [4, 7, 16, 32, 128] {
        for case in 0..200 {
            let width = 2_f64.powi(case % 10);
            let x = operand(60, &mut generator, |u| 1e15 + (width * u).round());
            let y = operand(40, &mut generator, |u| (width * u - 0.5).exp().min(1e3));
            let (ours, _) = both(BinaryFn::Add, &x, &y, n);
            let mass = |items: &[Item]| items.iter().map(|item| item.mass).sum::<f64>();
            let (ours, whole) = (mass(&ours), mass(&x) * mass(&y));
            assert!(
                (ours - whole).abs() < 1e-12,
                "{n} Diracs, case {case}: {ours}, not {whole}"
            );
        }
    }
}

/// Operands that are each wider than the number range, with results within it.
#[test]
fn wide_operands_have_finite_results() {
    let m = f64::MAX;
    let x = spread_evenly((0..40).map(|k| {
        let k = f64::from(k);
        if k < 20.0 {
            -0.9 * m * (1.0 - 0.001 * k)
        } else {
            0.9 * m * (1.0 - 0.001 * (60.0 - k))
        }
    }));
    // Uneven, or means fall on results.
    let y = spread_evenly((0..30).map(|k| m * 0.003 * (f64::from(k) * (1.0 + 0.003 * f64::from(k)) - 14.7)));
    let far = spread_evenly((0..40).map(|k| if k < 39 { f64::from(k) * 1e306 } else { -1.75e308 }));
    let near = spread_evenly((0..30).map(|k| f64::from(k) * 1e305));
    for n in [2, 3, 4, 8] {
        for (x, y) in [(&x, &y), (&far, &near)] {
            // Scaled down, so that the plain rule's moments stay finite.
            let scaled = |items: &[Item]| -> Vec<Item> {
                let scaled = items.iter().map(|item| Item {
                    position: item.position * 2_f64.powi(-600),
                    ..*item
                });
                scaled.collect()
            };
            let (ours, _) = both(BinaryFn::Add, x, y, n);
            let (_, plain) = both(BinaryFn::Add, &scaled(x), &scaled(y), n);
            assert_same(&scaled(&ours), &plain, &format!("{n} Diracs"));
        }
    }
}

/// Nearly all mass is at tiny values, and the width of the rest says nothing about how well their mean has to be known.
#[test]
fn a_light_result_far_away_does_not_hide_that_a_mean_is_rounding() {
    let item = |position, mass| Item { position, mass };
    let mut x: Vec<Item> = (0..16)
        .map(|k| item(-1.0 - 0.1 * f64::from(k), 1.0 / 32.0 + 0.001 * f64::from(k % 5)))
        .collect();
    x.extend((0..16).map(|k| item(1e-20 * f64::from(k) * (1.0 + 0.01 * f64::from(k % 3)), 1.0 / 32.0)));
    x.push(item(1.0, 1e-25));
    let y = spread_evenly((0..20).map(|k| 1e-21 * (1.0 + 0.037 * f64::from(k))));
    let (ours, plain) = both(BinaryFn::Add, &x, &y, 16);
    assert_eq!(ours.len(), plain.len());
    for (ours, plain) in ours.iter().zip(&plain) {
        // Relative to themselves; the plain rule's sums are good to 660 roundings of their terms, in practice far fewer.
        assert!(
            (ours.mass / plain.mass - 1.0).abs() < 1e-12 && (ours.position / plain.position - 1.0).abs() < 1e-12,
            "{ours:?}, not {plain:?}"
        );
    }
}

/// Where one side of a mean is far smaller than the other, a difference of sums is nothing but rounding.
#[test]
fn results_beside_much_larger_ones_keep_their_diracs() {
    for scale in [1e-12, 1e-15, 1e-16, 1e-20, 1e-100] {
        let x = (0..32).map(|k| {
            if k < 16 {
                -1.0 - f64::from(k) / 16.0
            } else {
                scale * (1.0 + f64::from(k) / 32.0)
            }
        });
        let y = (0..32).map(|k| 0.9 + 0.2 * f64::from(k) / 32.0);
        let (x, y) = (spread_evenly(x), spread_evenly(y));
        for n in [5, 8, 16, 32] {
            let (ours, plain) = both(BinaryFn::Mul, &x, &y, n);
            assert_same(&ours, &plain, &format!("{n} Diracs"));
            for (ours, plain) in ours.iter().zip(&plain) {
                // Relative to itself; the plain rule's sums are good to 2^10 roundings of their terms.
                assert!(
                    (ours.position / plain.position - 1.0).abs() < 1e-12,
                    "{scale:e}, {n} Diracs: {ours:?}, not {plain:?}"
                );
            }
        }
    }
}

/// An outlier in both operands, whose difference with itself is in the body.
#[test]
fn an_outlier_leaves_the_body_as_it_is() {
    let mut generator = Generator::new(22);
    for outlier in [1e12, 1e18, 1e20, 1e200] {
        let mut operand = || {
            let mut items = spread_evenly((0..101).map(|_| generator.uniform()));
            items[57].position = outlier;
            items
        };
        let (x, y) = (operand(), operand());
        let negated: Vec<Item> = y
            .iter()
            .map(|item| Item {
                position: -item.position,
                ..*item
            })
            .collect();
        let (ours, _) = both(BinaryFn::Add, &x, &negated, 32);
        let body: Vec<Item> = ours.into_iter().filter(|item| item.position.abs() < 2.0).collect();
        let mass: f64 = body.iter().map(|item| item.mass).sum();
        let variance = body
            .iter()
            .map(|item| item.mass * item.position * item.position)
            .sum::<f64>()
            / mass;
        // Of the difference of two uniform values: 1/6. Eight Diracs or more lose some per cent, as the plain rule does.
        assert!(
            body.len() >= 8 && (0.14..0.19).contains(&variance),
            "{outlier:e}: {} Diracs, {variance}",
            body.len()
        );
    }
}

/// So many pairs with so few digits that they are not even held in memory.
#[test]
fn an_outlier_among_very_many_pairs_leaves_the_body_as_it_is() {
    let mut generator = Generator::new(23);
    let mut operand = |outlier| {
        let mut items = operand(2100, &mut generator, |u| u);
        items[1000].position = outlier;
        items
    };
    let (x, y) = (operand(1e30), operand(-1e30));
    let (items, _) = combine(BinaryFn::Add, diracs(&x), diracs(&y), Format::F64, 2100, NO_CANCEL);
    let body: Vec<Item> = items.into_iter().filter(|item| item.position.abs() < 3.0).collect();
    assert!(body.len() >= 500, "{} Diracs", body.len());
    let below: f64 = body
        .iter()
        .filter(|item| item.position <= 1.0)
        .map(|item| item.mass)
        .sum();
    assert!((below - 0.5).abs() < 0.03, "half of all sums are up to 1: {below}");
}

/// Wide ranges, in which a mean can be beyond all results by rounding: counts of pairs must not wrap around, which a build with
/// overflow checks would tell.
#[test]
fn counts_of_pairs_do_not_wrap_around() {
    let mut generator = Generator::new(30);
    for power in [3, 6, 9, 12, 15, 17, 40] {
        for _ in 0..50 {
            let x = (0..16).map(|k| if k % 3 == 0 { 10f64.powi(power) } else { 1.0 } * generator.uniform());
            let x = spread_evenly(x.collect::<Vec<f64>>().into_iter());
            let y = spread_evenly((0..16).map(|_| generator.uniform()));
            let (items, _) = combine(BinaryFn::Add, diracs(&x), diracs(&y), Format::F64, 16, NO_CANCEL);
            let mass: f64 = items.iter().map(|item| item.mass).sum();
            assert!((mass - 1.0).abs() < 1e-12, "{mass}");
        }
    }
}

/// Products that are ordinary numbers, of factors that are not.
#[test]
fn products_of_subnormal_numbers_keep_their_digits() {
    let mut generator = Generator::new(24);
    let x = spread_evenly((0..100).map(|_| 1e300 * (1.0 + generator.uniform())));
    let y = spread_evenly((0..100).map(|_| 1e-312 * (1.0 + generator.uniform())));
    let (ours, plain) = both(BinaryFn::Mul, &x, &y, 32);
    assert_same(&ours, &plain, "products");
    let worst = ours
        .iter()
        .zip(&plain)
        .map(|(ours, plain)| (ours.position / plain.position - 1.0).abs());
    assert!(worst.fold(0.0, f64::max) < 1e-13);
}

#[test]
fn special_operands_and_zero_divisors_go_where_ieee_754_says() {
    let x = Distribution::from_all_parts(
        &[-1.0, 0.0, 2.0],
        &[0.25, 0.25, 0.25],
        SpecialMass {
            nan: 0.0,
            negative_infinity: 0.0,
            positive_infinity: 0.25,
        },
        crate::Representation::Athens,
    )
    .expect("a distribution");
    let y = Distribution::from_all_parts(
        &[0.0, 4.0],
        &[0.25, 0.5],
        SpecialMass {
            nan: 0.0,
            negative_infinity: 0.25,
            positive_infinity: 0.0,
        },
        crate::Representation::Athens,
    )
    .expect("a distribution");
    let (items, special) = combine(
        BinaryFn::Div,
        Diracs::of(&x),
        Diracs::of(&y),
        Format::F64,
        32,
        NO_CANCEL,
    );
    // -1/0 = -Inf, 0/0 = NaN, 2/0 = Inf, Inf/0 = Inf, Inf/4 = Inf, Inf/-Inf = NaN; x/4 and x/-Inf = ±0 are finite.
    assert_eq!(special.negative_infinity, 0.0625);
    assert_eq!(special.nan, 0.0625 + 0.0625);
    assert_eq!(special.positive_infinity, 0.0625 + 0.0625 + 0.125);
    let expected = [(-0.25, 0.125), (0.0, 0.125 + 3.0 * 0.0625), (0.5, 0.125)];
    assert_eq!(
        items.iter().map(|item| (item.position, item.mass)).collect::<Vec<_>>(),
        expected
    );

    // The same among many Diracs, so that the sweep meets them.
    let mut generator = Generator::new(7);
    let many = operand(200, &mut generator, |u| u + 1.0);
    let mut with_zero = many.clone();
    with_zero[17].position = 0.0;
    let (swept, special) = combine(
        BinaryFn::Div,
        Diracs::of(&distribution(&many)),
        Diracs::of(&distribution(&with_zero)),
        Format::F64,
        64,
        NO_CANCEL,
    );
    let total: f64 = many.iter().map(|item| item.mass).sum();
    assert!((special.positive_infinity - total * with_zero[17].mass).abs() < 1e-15);
    with_zero.remove(17);
    let plain = split(&mut pairs(&many, &with_zero, Quotient::result), 64, NO_CANCEL);
    assert_same(&swept, &plain, "quotient without the zero divisor");
}

#[test]
fn results_that_overflow_become_infinite_mass() {
    let mut generator = Generator::new(8);
    let large = operand(100, &mut generator, |u| (u + 0.5) * 1e308);
    let (items, special) = combine(
        BinaryFn::Add,
        Diracs::of(&distribution(&large)),
        Diracs::of(&distribution(&large)),
        Format::F64,
        64,
        NO_CANCEL,
    );
    let finite: f64 = items.iter().map(|item| item.mass).sum();
    let total: f64 = large.iter().map(|item| item.mass).sum();
    assert!(special.positive_infinity > 0.1 && finite > 0.1);
    assert!((finite + special.positive_infinity - total * total).abs() < 1e-13);
}

#[test]
fn a_budget_is_divided_without_rest() {
    for n in 2..100 {
        let (left, right) = halves(n);
        assert_eq!(left + right, n);
        assert!(left - right <= 1);
    }
}

#[test]
fn atoms_are_merged_while_they_fit() {
    let item = |position| Item { position, mass: 0.25 };
    let items = [item(2.0), item(-0.0), item(2.0), item(0.0)];
    let merged = [
        Item {
            position: 0.0,
            mass: 0.5,
        },
        Item {
            position: 2.0,
            mass: 0.5,
        },
    ];
    assert_eq!(merge_if_few(items.into_iter(), 2), Some(merged.to_vec()));
    assert_eq!(merge_if_few(items.into_iter(), 1), None);
}

#[test]
fn lists_are_split_bit_for_bit_as_by_the_plain_rule() {
    let mut generator = Generator::new(9);
    for len in [1, 2, 31, 32, 33, 100, 1000, 20_000] {
        for n in [2, 3, 32, 47, 512] {
            let items = operand(len, &mut generator, |u| u * u * 1e3 - 7.0);
            assert_eq!(
                split_list(&items, n, NO_CANCEL),
                split(&mut items.clone(), n, NO_CANCEL),
                "{len} to {n}"
            );
        }
    }
}
