//! Many points sorted, in a time that grows with their number alone.
//!
//! Points are dealt to buckets of equal width by their positions, with one pass to count and one to move, and each bucket is
//! sorted. Distributions whose mass lies in a few buckets cost as much as they would without.

use super::Item;
use super::simd::{Job, Kernel, LANES, with_best_kernel};

/// The average number of points in a bucket.
const POINTS_A_BUCKET: usize = 8;

/// Which bucket a position belongs to.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    /// Buckets for each unit of position.
    scale: f64,
    last: u32,
}

impl Scale {
    /// The bucket of a position: never smaller for a larger one.
    #[inline(always)]
    pub(super) fn of(self, position: f64) -> u32 {
        // Adding 2^52 leaves the nearest integer in the low bits: several times faster than a conversion. NaN (of an
        // infinite distance, times 0) leaves 0.
        const SHIFT: f64 = (1u64 << 52) as f64;
        (((position - self.low) * self.scale + SHIFT).to_bits() as u32).min(self.last)
    }
}

/// The scale for these positions, and the bucket of each.
struct Deal<'a>(&'a [f64]);

impl Job for Deal<'_> {
    type Output = (Scale, Vec<u32>);

    #[inline(always)]
    fn run<K: Kernel>(self, _: K) -> (Scale, Vec<u32>) {
        // Two loops: together they are not compiled to vector instructions.
        let low = fold(self.0, f64::INFINITY, |low, x| if x < low { x } else { low });
        let high = fold(self.0, f64::NEG_INFINITY, |high, x| if x > high { x } else { high });
        let count = (self.0.len() / POINTS_A_BUCKET).max(1);
        // Of a range beyond that of doubles, or of none, all points are in the first bucket.
        let scale = (count - 1) as f64 / (high - low);
        let scale = Scale {
            low,
            scale: if scale.is_finite() { scale } else { 0.0 },
            last: count as u32 - 1,
        };
        (scale, self.0.iter().map(|&position| scale.of(position)).collect())
    }
}

/// The fold of all numbers in lanes, and of these; `start` changes nothing.
#[inline(always)]
fn fold(numbers: &[f64], start: f64, function: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [start; LANES];
    let (steps, rest) = numbers.as_chunks::<LANES>();
    for step in steps {
        for (lane, &number) in lanes.iter_mut().zip(step) {
            *lane = function(*lane, number);
        }
    }
    lanes
        .iter()
        .chain(rest)
        .fold(start, |sum, &number| function(sum, number))
}

/// Where each of these buckets starts, and the end of the last.
fn starts(scale: Scale, buckets: &[u32]) -> Vec<u32> {
    let mut starts = vec![0u32; scale.last as usize + 2];
    for &bucket in buckets {
        starts[bucket as usize + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Moves items to their buckets.
fn deal<T: Copy>(items: impl Iterator<Item = T>, nothing: T, buckets: &[u32], starts: &[u32]) -> Vec<T> {
    let mut dealt = vec![nothing; buckets.len()];
    let mut next = starts.to_vec();
    for (item, &bucket) in items.zip(buckets) {
        let next = &mut next[bucket as usize];
        let place = *next;
        *next = place + 1;
        dealt[place as usize] = item;
    }
    dealt
}

/// Finite positions bucket by bucket, and where each bucket starts.
pub(super) fn dealt(positions: &[f64]) -> (Scale, Vec<u32>, Vec<f64>) {
    let (scale, buckets) = with_best_kernel(Deal(positions));
    let starts = starts(scale, &buckets);
    let points = deal(positions.iter().copied(), 0.0, &buckets, &starts);
    (scale, starts, points)
}

/// Buckets of more points are sorted.
const LARGE: u32 = 32;

/// Finite positions in nearly ascending order: none is further from its place than a few others.
pub(crate) fn nearly_sorted(positions: &[f64]) -> Vec<f64> {
    let (_, starts, mut points) = dealt(positions);
    for bounds in starts.windows(2).filter(|bounds| bounds[1] - bounds[0] > LARGE) {
        points[bounds[0] as usize..bounds[1] as usize].sort_unstable_by(f64::total_cmp);
    }
    points
}

/// Finite positions with their masses, ascending.
pub(crate) fn sorted(positions: &[f64], masses: &[f64]) -> Vec<Item> {
    let (scale, buckets) = with_best_kernel(Deal(positions));
    let starts = starts(scale, &buckets);
    let nothing = Item {
        position: 0.0,
        mass: 0.0,
    };
    let items = positions
        .iter()
        .zip(masses)
        .map(|(&position, &mass)| Item { position, mass });
    let mut points = deal(items, nothing, &buckets, &starts);
    for bounds in starts.windows(2) {
        let bucket = &mut points[bounds[0] as usize..bounds[1] as usize];
        bucket.sort_unstable_by(|a, b| a.position.total_cmp(&b.position));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;

    #[test]
    fn points_are_sorted_with_their_masses() {
        let mut generator = Generator::new(3);
        for heavy in [false, true] {
            let points: Vec<Item> = (0..5000)
                .map(|_| {
                    let u = generator.uniform() + 1e-9;
                    // Of the heavy tail nearly everything is in the first bucket.
                    let position = if heavy { u.powi(-3) } else { libm::log(u) };
                    Item { position, mass: u }
                })
                .collect();
            let positions: Vec<f64> = points.iter().map(|point| point.position).collect();
            let masses: Vec<f64> = points.iter().map(|point| point.mass).collect();
            let mut expected = points;
            expected.sort_by(|a, b| a.position.total_cmp(&b.position));
            assert_eq!(sorted(&positions, &masses), expected);
            let nearly = nearly_sorted(&positions);
            for (item, some) in expected
                .iter()
                .skip(LARGE as usize)
                .zip(nearly.windows(2 * LARGE as usize))
            {
                assert!(some.contains(&item.position));
            }
        }
    }

    #[test]
    fn extremes_are_sorted_as_well() {
        let positions = [f64::MAX, -f64::MAX, 0.0, 1.0, -0.0, 5e-324, f64::MAX, 2.0, 3.0];
        let points = sorted(&positions, &[1.0 / 9.0; 9]);
        assert!(points.is_sorted_by(|a, b| a.position <= b.position));
        assert!(sorted(&[], &[]).is_empty());
        assert!(nearly_sorted(&[]).is_empty());
    }
}
