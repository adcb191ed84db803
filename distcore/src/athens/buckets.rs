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
struct Scale {
    low: f64,
    /// Buckets for each unit of position.
    scale: f64,
    last: u32,
}

impl Scale {
    /// The bucket of a position: never smaller for a larger one.
    #[inline(always)]
    fn of(self, position: f64) -> u32 {
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
        let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        let mut widen = |position: f64, lane: usize| {
            low[lane] = if position < low[lane] { position } else { low[lane] };
            high[lane] = if position > high[lane] { position } else { high[lane] };
        };
        let (steps, rest) = self.0.as_chunks::<LANES>();
        for step in steps {
            for (lane, &position) in step.iter().enumerate() {
                widen(position, lane);
            }
        }
        rest.iter().for_each(|&position| widen(position, 0));
        let low = low.into_iter().fold(f64::INFINITY, f64::min);
        let high = high.into_iter().fold(f64::NEG_INFINITY, f64::max);
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

/// Finite positions with their masses, ascending.
pub(crate) fn sorted(positions: &[f64], masses: &[f64]) -> Vec<Item> {
    let (scale, buckets) = with_best_kernel(Deal(positions));
    // Where each bucket starts, and the end of the last.
    let mut starts = vec![0u32; scale.last as usize + 2];
    for &bucket in &buckets {
        starts[bucket as usize + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let nothing = Item {
        position: 0.0,
        mass: 0.0,
    };
    let mut points = vec![nothing; positions.len()];
    let mut next = starts.clone();
    for ((&position, &mass), &bucket) in positions.iter().zip(masses).zip(&buckets) {
        let place = &mut next[bucket as usize];
        points[*place as usize] = Item { position, mass };
        *place += 1;
    }
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
        }
    }

    #[test]
    fn extremes_are_sorted_as_well() {
        let positions = [f64::MAX, -f64::MAX, 0.0, 1.0, -0.0, 5e-324, f64::MAX, 2.0, 3.0];
        let points = sorted(&positions, &[1.0 / 9.0; 9]);
        assert!(points.is_sorted_by(|a, b| a.position <= b.position));
        assert!(sorted(&[], &[]).is_empty());
    }
}
