//! The split of many points of equal mass: what joint points are.
//!
//! The points are dealt to buckets once, and each bucket is added up. A part of the tree is then a range of buckets, with a
//! part of one at either end, and its threshold cuts one bucket only: everything in the buckets before it is on the left,
//! everything after it on the right. So a level costs an addition a bucket, not a move of each point.

use super::buckets::{Scale, dealt};
use super::simd::{Job, Kernel, LANES, with_best_kernel};
use super::{Item, halves};
use crate::arithmetic::Cancel;

/// Splits finite positions of equal mass into at most `n` Diracs by the rule of [the module](super). Parts of no more points
/// than Diracs come out ascending.
pub(crate) fn split_equal(positions: &[f64], mass: f64, n: usize, cancel: Cancel) -> Vec<Item> {
    let (scale, starts, mut points) = dealt(positions);
    let sum = |bounds: &[u32]| points[bounds[0] as usize..bounds[1] as usize].iter().sum();
    let sums: Vec<f64> = starts.windows(2).map(sum).collect();
    with_best_kernel(Split {
        points: &mut points,
        sums: &sums,
        starts: &starts,
        scale,
        mass,
        n,
        cancel,
    })
}

/// A range of the points that is to become `n` Diracs.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    /// The whole buckets in it.
    first: usize,
    last: usize,
    n: usize,
}

struct Split<'a, 'c> {
    points: &'a mut [f64],
    /// Of each bucket.
    sums: &'a [f64],
    starts: &'a [u32],
    scale: Scale,
    mass: f64,
    n: usize,
    cancel: Cancel<'c>,
}

impl Job for Split<'_, '_> {
    type Output = Vec<Item>;

    #[inline(always)]
    fn run<K: Kernel>(self, _: K) -> Vec<Item> {
        let mut out = Vec::with_capacity(self.n.min(self.points.len()));
        let mut spare = Vec::new();
        let mut waiting = vec![Part {
            start: 0,
            end: self.points.len(),
            first: 0,
            last: self.sums.len(),
            n: self.n,
        }];
        while let Some(part) = waiting.pop() {
            let Part {
                start,
                end,
                first: first_bucket,
                last: last_bucket,
                n,
            } = part;
            let part = &mut self.points[start..end];
            let Some(&first) = part.first() else { continue };
            if self.cancel.is_requested() {
                break;
            }
            let count = part.len();
            // A sum of equal positions can round to either side of them.
            if part.iter().all(|&position| position == first) {
                out.push(Item {
                    position: first,
                    mass: self.mass * count as f64,
                });
                continue;
            }
            if count <= n {
                part.sort_unstable_by(f64::total_cmp);
                out.extend(part.iter().map(|&position| Item {
                    position,
                    mass: self.mass,
                }));
                continue;
            }
            let mean = if first_bucket < last_bucket {
                let (whole_start, whole_end) = (self.starts[first_bucket] as usize, self.starts[last_bucket] as usize);
                let ends = sum(&self.points[start..whole_start], 1.0) + sum(&self.points[whole_end..end], 1.0);
                (sum(&self.sums[first_bucket..last_bucket], 1.0) + ends) / count as f64
            } else {
                sum(part, 1.0) / count as f64
            };
            // At the end of the number range a sum can overflow where the mean does not.
            let mean = if mean.is_finite() {
                mean
            } else {
                sum(&self.points[start..end], 1.0 / count as f64)
            };
            if n == 1 {
                out.push(Item {
                    position: mean,
                    mass: self.mass * count as f64,
                });
                continue;
            }
            let bucket = self.scale.of(mean) as usize;
            let from = (self.starts[bucket] as usize).clamp(start, end);
            let to = (self.starts[bucket + 1] as usize).clamp(start, end);
            let middle = from + part_at(&mut self.points[from..to], mean, &mut spare);
            let (left, right) = halves(n);
            // A part that lies in one bucket has none that are whole.
            waiting.push(Part {
                start: middle,
                end,
                first: (bucket + 1).max(first_bucket),
                last: last_bucket,
                n: right,
            });
            waiting.push(Part {
                start,
                end: middle,
                first: first_bucket,
                last: bucket.min(last_bucket),
                n: left,
            });
        }
        out
    }
}

/// The sum of these numbers times `scale`, added up in lanes.
#[inline(always)]
fn sum(numbers: &[f64], scale: f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let (steps, rest) = numbers.as_chunks::<LANES>();
    for step in steps {
        for (lane, number) in lanes.iter_mut().zip(step) {
            *lane += number * scale;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|number| number * scale).sum::<f64>()
}

/// Moves positions up to `threshold` to the front; returns how many. `spare` is scratch.
#[inline(always)]
fn part_at(positions: &mut [f64], threshold: f64, spare: &mut Vec<f64>) -> usize {
    let len = positions.len();
    if spare.len() < len {
        spare.resize(len, 0.0);
    }
    let (mut left, mut right) = (0, 0);
    for k in 0..len {
        // Each goes to both sides, and one of the two counts: a branch would be a coin toss.
        let position = positions[k];
        positions[left] = position;
        spare[right] = position;
        let is_left = usize::from(position <= threshold);
        left += is_left;
        right += 1 - is_left;
    }
    positions[left..].copy_from_slice(&spare[..right]);
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;
    use crate::athens::split_points;

    /// The rule as it is written for points of any mass gives the same Diracs up to rounding.
    #[test]
    fn equal_masses_are_split_by_the_rule() {
        let mut generator = Generator::new(5);
        for heavy in [false, true] {
            for (len, n) in [(1024, 16), (4096, 64), (4096, 100), (1000, 512), (5, 8)] {
                let position = |u: f64| {
                    if heavy {
                        (u + 1e-9).powi(-2)
                    } else {
                        libm::log(u + 1e-9)
                    }
                };
                let positions: Vec<f64> = (0..len).map(|_| position(generator.uniform())).collect();
                let mass = 1.0 / len as f64;
                let mut expected = split_points(&positions, &vec![mass; len], n, Cancel(None));
                expected.sort_unstable_by(|a, b| a.position.total_cmp(&b.position));
                let split = split_equal(&positions, mass, n, Cancel(None));
                assert_eq!(split.len(), expected.len());
                for (ours, theirs) in split.iter().zip(&expected) {
                    // Means of up to 4096 positive or negative numbers: each sum is right to 4096 ulps.
                    assert!((ours.position / theirs.position - 1.0).abs() < 4096.0 * f64::EPSILON);
                    assert!((ours.mass - theirs.mass).abs() < 4096.0 * f64::EPSILON);
                }
            }
        }
    }

    #[test]
    fn an_atom_is_one_dirac_and_stays_where_it_is() {
        let positions: Vec<f64> = (0..1000).map(|k| if k < 700 { 0.1 } else { f64::from(k) }).collect();
        let split = split_equal(&positions, 1e-3, 8, Cancel(None));
        assert_eq!(split[0].position, 0.1);
        assert!((split[0].mass - 0.7).abs() < 1e-12);
        let extremes = [f64::MAX, f64::MAX, -f64::MAX, f64::MAX];
        assert!(
            split_equal(&extremes, 0.25, 2, Cancel(None))
                .iter()
                .all(|item| item.position.is_finite())
        );
    }
}
