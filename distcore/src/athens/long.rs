//! Lists of any length.
//!
//! What splits a block makes passes over all of it at the speed of memory, and looks at the flag of a cancel between them. A guest can
//! hand over hundreds of millions of samples: the first splits of such a list are made here, a sample at a time, with a look at the
//! flag every so many.

use super::block::split_list;
use super::{Item, halves};
use crate::arithmetic::Cancel;

/// Longest list that is split as one block: making one and passing over it a few times takes some milliseconds.
const LONGEST_BLOCK: usize = 1 << 18;

/// Splits a list of finite positions into at most `n` Diracs by the rule, sums made in the order of the list. Once the flag is set, the
/// result is part of the list.
pub(crate) fn split_long(items: Vec<Item>, n: usize, cancel: Cancel) -> Vec<Item> {
    split(items, n, LONGEST_BLOCK, cancel)
}

fn split(items: Vec<Item>, n: usize, longest: usize, cancel: Cancel) -> Vec<Item> {
    if items.len() <= longest {
        return split_list(&items, n, cancel);
    }
    let mut out = Vec::with_capacity(n);
    let mut waiting = vec![(items, n)];
    while let Some((mut items, n)) = waiting.pop() {
        if items.len() <= longest.max(n) {
            out.extend(split_list(&items, n, cancel));
            continue;
        }
        let (mut mass, mut moment) = (0.0, 0.0);
        for item in cancel.while_wanted(items.iter()) {
            mass += item.mass;
            moment += item.mass * item.position;
        }
        if cancel.is_requested() {
            break;
        }
        let mean: f64 = moment / mass;
        if n == 1 {
            if mass > 0.0 {
                // At the end of the number range the division can round up to infinity.
                let position = mean.clamp(f64::MIN, f64::MAX);
                out.push(Item { position, mass });
            }
            continue;
        }
        // The left part stays in place.
        let (mut left_len, mut right) = (0, Vec::new());
        for at in cancel.while_wanted(0..items.len()) {
            let item = items[at];
            if item.position <= mean {
                items[left_len] = item;
                left_len += 1;
            } else {
                right.push(item);
            }
        }
        items.truncate(left_len);
        let (left_n, right_n) = halves(n);
        waiting.push((right, right_n));
        waiting.push((items, left_n));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::Generator;

    /// Many equal positions, masses of 0, and both ends of the number range.
    fn lists() -> Vec<Vec<Item>> {
        let mut generator = Generator::new(5);
        let mut list = |position: &dyn Fn(f64) -> f64| -> Vec<Item> {
            let item = |n: usize| Item {
                position: position(generator.uniform()),
                mass: if n.is_multiple_of(7) { 0.0 } else { 1e-3 },
            };
            (0..1000).map(item).collect()
        };
        vec![
            list(&|u| u.powi(3)),
            list(&|u| (u * 10.0).floor()),
            list(&|_| 4.25),
            list(&|u| if u < 0.5 { f64::MIN } else { f64::MAX }),
            list(&|u| f64::MAX * (0.9 + 0.1 * u)),
        ]
    }

    #[test]
    fn the_first_splits_are_those_of_a_block() {
        let bits = |items: Vec<Item>| -> Vec<(u64, u64)> {
            items
                .iter()
                .map(|item| (item.position.to_bits(), item.mass.to_bits()))
                .collect()
        };
        for list in lists() {
            for n in [1, 2, 3, 16, 33, 500, 1000] {
                let whole = split_list(&list, n, Cancel(None));
                for longest in [0, 1, 10, 100, 999] {
                    let ours = split(list.clone(), n, longest, Cancel(None));
                    assert_eq!(bits(ours), bits(whole.clone()), "{n} Diracs, blocks of {longest}");
                }
            }
        }
    }

    #[test]
    fn who_gives_up_gives_up_at_once() {
        let flag = AtomicBool::new(true);
        assert!(split(lists().remove(0), 16, 10, Cancel(Some(&flag))).is_empty());
    }
}
