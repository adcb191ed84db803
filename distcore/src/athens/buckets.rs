//! Many points put in order, roughly: the fast way to the final split and to a sorted table.
//!
//! Points are dealt to buckets of equal width by their positions, with one pass to count and one to move. Every node of the
//! tree of splits is then a row of whole buckets, whose sums are known, and parts of two; a split looks at the points of one
//! bucket. Distributions whose mass lies in a few buckets cost as much as they would without.

use crate::arithmetic::Cancel;
use crate::athens::{Item, halves};

/// Points in the order of their buckets.
pub(crate) struct Buckets {
    low: f64,
    scale: f64,
    /// Where each bucket starts, and the end of the last.
    starts: Vec<u32>,
    points: Vec<Item>,
}

/// The average number of points in a bucket.
const POINTS_A_BUCKET: usize = 8;

impl Buckets {
    /// Finite positions and as many masses.
    pub(crate) fn new(positions: &[f64], masses: &[f64]) -> Buckets {
        let (low, high) = positions
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                (if x < low { x } else { low }, if x > high { x } else { high })
            });
        let count = (positions.len() / POINTS_A_BUCKET).max(1);
        // Of a range beyond that of doubles, or of none, all points are in the first bucket.
        let scale = count as f64 / (high - low);
        let scale = if scale.is_finite() { scale } else { 0.0 };
        let mut buckets = Buckets {
            low,
            scale,
            starts: vec![0; count + 1],
            points: vec![
                Item {
                    position: 0.0,
                    mass: 0.0
                };
                positions.len()
            ],
        };
        for &position in positions {
            let bucket = buckets.of(position);
            buckets.starts[bucket + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut buckets.starts {
            sum += *start;
            *start = sum;
        }
        let mut next = buckets.starts.clone();
        for (&position, &mass) in positions.iter().zip(masses) {
            let place = &mut next[buckets.of(position)];
            buckets.points[*place as usize] = Item { position, mass };
            *place += 1;
        }
        buckets
    }

    /// The bucket of a position: never smaller for a larger one.
    #[inline(always)]
    fn of(&self, position: f64) -> usize {
        // `as` takes NaN (of an infinite distance, times 0) to 0.
        (((position - self.low) * self.scale) as usize).min(self.starts.len() - 2)
    }

    /// The points, ascending.
    pub(crate) fn sorted(mut self) -> Vec<Item> {
        for bounds in self.starts.windows(2) {
            let bucket = &mut self.points[bounds[0] as usize..bounds[1] as usize];
            bucket.sort_unstable_by(|a, b| a.position.total_cmp(&b.position));
        }
        self.points
    }

    /// Splits the points into at most `n` Diracs by the rule of Athens. A part of no more points than Diracs is emitted
    /// in the order of its buckets.
    pub(crate) fn split(mut self, n: usize, cancel: Cancel) -> Vec<Item> {
        let sums: Vec<(f64, f64)> = self
            .starts
            .windows(2)
            .map(|bounds| sums(&self.points[bounds[0] as usize..bounds[1] as usize]))
            .collect();
        let mut out = Vec::with_capacity(n);
        let mut waiting = vec![(0, self.points.len(), n)];
        while let Some((start, end, n)) = waiting.pop() {
            if start == end || cancel.is_requested() {
                continue;
            }
            let points = &self.points[start..end];
            if points.len() == 1 || (points.len() <= n && n > 1) {
                out.extend_from_slice(points);
                continue;
            }
            let (mass, moment) = self.sums_of(start, end, &sums);
            let mean = moment / mass;
            if !(mass > 0.0 && mean.is_finite()) {
                continue;
            }
            if n == 1 {
                out.push(Item { position: mean, mass });
                continue;
            }
            // The only bucket with points on both sides; rounding can take the mean out of the part.
            let first = self.of(self.points[start].position);
            let last = self.of(self.points[end - 1].position);
            let bucket = self.of(mean).clamp(first, last);
            let (from, to) = (
                (self.starts[bucket] as usize).max(start),
                (self.starts[bucket + 1] as usize).min(end),
            );
            let middle = from + partition(&mut self.points[from..to], mean);
            let (left, right) = halves(n);
            waiting.push((middle, end, right));
            waiting.push((start, middle, left));
        }
        out
    }

    /// Mass and moment of the points from `start` to `end`.
    fn sums_of(&self, start: usize, end: usize, of_buckets: &[(f64, f64)]) -> (f64, f64) {
        let first = self.of(self.points[start].position);
        let last = self.of(self.points[end - 1].position);
        if first == last {
            return sums(&self.points[start..end]);
        }
        // Two parts of buckets, and whole ones between.
        let (head, tail) = (self.starts[first + 1] as usize, self.starts[last] as usize);
        let (a, b) = (sums(&self.points[start..head]), sums(&self.points[tail..end]));
        let add = |x: (f64, f64), y: &(f64, f64)| (x.0 + y.0, x.1 + y.1);
        let whole = of_buckets[first + 1..last].iter().fold((0.0, 0.0), add);
        add(add(a, &whole), &b)
    }
}

fn sums(points: &[Item]) -> (f64, f64) {
    points.iter().fold((0.0, 0.0), |(mass, moment), point| {
        (mass + point.mass, moment + point.mass * point.position)
    })
}

/// Moves positions up to `threshold` to the front, both sides in their order; returns how many.
fn partition(points: &mut [Item], threshold: f64) -> usize {
    let (mut right, mut left) = (Vec::with_capacity(points.len()), 0);
    for index in 0..points.len() {
        let point = points[index];
        if point.position <= threshold {
            points[left] = point;
            left += 1;
        } else {
            right.push(point);
        }
    }
    points[left..].copy_from_slice(&right);
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;
    use crate::athens::split_list;

    #[test]
    fn the_split_is_that_of_the_rule() {
        let mut generator = Generator::new(3);
        for (heavy, equal) in [(false, true), (true, true), (false, false), (true, false)] {
            let positions: Vec<f64> = (0..5000)
                .map(|_| {
                    let u = generator.uniform() + 1e-9;
                    // Of the heavy tail nearly everything is in the first bucket.
                    if heavy { u.powi(-3) } else { libm::log(u) }
                })
                .collect();
            let masses: Vec<f64> = (0..5000)
                .map(|_| if equal { 1.0 } else { generator.uniform() } / 5000.0)
                .collect();
            let items: Vec<Item> = positions
                .iter()
                .zip(&masses)
                .map(|(&position, &mass)| Item { position, mass })
                .collect();
            for n in [1, 2, 7, 64, 200] {
                let mut ours = Buckets::new(&positions, &masses).split(n, Cancel(None));
                let mut expected = split_list(&items, n, Cancel(None));
                assert_eq!(ours.len(), expected.len());
                // Equal but for the order of small parts and the rounding of 5000 additions of numbers of one sign.
                let by_position = |a: &Item, b: &Item| a.position.total_cmp(&b.position);
                ours.sort_by(by_position);
                expected.sort_by(by_position);
                for (ours, expected) in ours.iter().zip(&expected) {
                    let close = |a: f64, b: f64| (a - b).abs() <= 5000.0 * f64::EPSILON * b.abs();
                    assert!(close(ours.mass, expected.mass) && close(ours.position, expected.position));
                }
            }
            let sorted = Buckets::new(&positions, &masses).sorted();
            assert!(sorted.is_sorted_by(|a, b| a.position <= b.position) && sorted.len() == 5000);
        }
    }

    #[test]
    fn extremes_are_sorted_as_well() {
        let positions = [f64::MAX, -f64::MAX, 0.0, 1.0, -0.0, 5e-324, f64::MAX, 2.0, 3.0];
        let sorted = Buckets::new(&positions, &[1.0 / 9.0; 9]).sorted();
        assert!(sorted.is_sorted_by(|a, b| a.position <= b.position));
        let split = Buckets::new(&positions, &[1.0 / 9.0; 9]).split(4, Cancel(None));
        assert!((split.iter().map(|item| item.mass).sum::<f64>() - 1.0).abs() < 1e-15);
    }
}
