//! Comparisons of two distributions: two atoms, found with a sorted operand and its running masses in N log N steps.

use super::block::Item;
use super::operand::Diracs;
use crate::BinaryFn;

/// The atoms at 0 and 1 of a comparison of independent operands; nothing compares with NaN, so its mass goes to 0.
///
/// None if `function` is no comparison.
pub(crate) fn compare(function: BinaryFn, x: &Diracs, y: &Diracs) -> Option<Vec<Item>> {
    if !function.is_comparison() {
        return None;
    }
    let mut columns: Vec<(f64, f64)> = y.iter().filter(|dirac| !dirac.0.is_nan()).collect();
    columns.sort_by(|a, b| a.0.total_cmp(&b.0));
    let nan: f64 = y.iter().filter(|dirac| dirac.0.is_nan()).map(|dirac| dirac.1).sum();
    // Summed from both ends, so that nothing below, or nothing above, is exactly 0.
    let running = |masses: &mut dyn Iterator<Item = f64>| {
        let mut sums = vec![0.0];
        masses.for_each(|mass| sums.push(sums[sums.len() - 1] + mass));
        sums
    };
    let below = running(&mut columns.iter().map(|column| column.1));
    let above = running(&mut columns.iter().rev().map(|column| column.1));
    let total = below[columns.len()] + nan;

    let (mut yes, mut no) = (0.0, 0.0);
    for (x, mass) in x.iter() {
        if x.is_nan() {
            no += mass * total;
            continue;
        }
        let lower = columns.partition_point(|column| column.0 < x);
        let upper = columns.partition_point(|column| column.0 <= x);
        let equal: f64 = columns[lower..upper].iter().map(|column| column.1).sum();
        let (smaller, larger) = (below[lower], above[columns.len() - upper]);
        let holds = match function {
            BinaryFn::Less => larger,
            BinaryFn::LessEqual => equal + larger,
            _ => equal,
        };
        let fails = match function {
            BinaryFn::Less => smaller + equal,
            BinaryFn::LessEqual => smaller,
            _ => smaller + larger,
        };
        yes += mass * holds;
        no += mass * (fails + nan);
    }
    let atoms = [
        Item {
            position: 0.0,
            mass: no,
        },
        Item {
            position: 1.0,
            mass: yes,
        },
    ];
    Some(atoms.into_iter().filter(|atom| atom.mass > 0.0).collect())
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::athens::{Diracs, merge_if_few};
    use crate::{BinaryFn, Format, Generator};

    #[test]
    fn the_atoms_are_those_of_all_pairs() {
        let mut generator = Generator::new(1);
        for case in 0..20 {
            let mut operand = |offset: f64| -> Diracs<'static> {
                let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
                let finite = (0..40).map(|_| ((generator.uniform() * 9.0).floor() + offset, generator.uniform()));
                let finite: Vec<(f64, f64)> = finite.collect();
                let special = special.into_iter().filter(|_| case % 2 == 0).map(|value| (value, 0.5));
                finite.into_iter().chain(special).collect()
            };
            // In the last cases one operand is above the other everywhere.
            let (x, y) = (operand(0.0), operand(if case > 15 { 20.0 } else { 2.0 }));
            for function in [BinaryFn::Less, BinaryFn::LessEqual, BinaryFn::Equal] {
                let pairs: Vec<super::Item> = x
                    .iter()
                    .flat_map(|(x, x_mass)| {
                        let result = move |y| function.evaluate(x, y, Format::F64);
                        y.iter().map(move |(y, y_mass)| super::Item {
                            position: result(y),
                            mass: x_mass * y_mass,
                        })
                    })
                    .collect();
                let expected = merge_if_few(pairs.iter().copied(), 2).expect("two atoms");
                let ours = compare(function, &x, &y).expect("a comparison");
                assert_eq!(ours.len(), expected.len(), "{function:?}");
                for (ours, expected) in ours.iter().zip(&expected) {
                    assert_eq!(ours.position, expected.position);
                    // 1849 products of up to 1 each: sums of some 400, good to 1e-13 relative.
                    assert!(
                        (ours.mass - expected.mass).abs() <= 1e-13 * expected.mass,
                        "{function:?}"
                    );
                }
            }
        }
        let one: Diracs = [(1.0, 1.0)].into_iter().collect();
        assert_eq!(compare(BinaryFn::Add, &one, &one), None);
    }
}
