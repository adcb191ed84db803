//! Which quantile of each source belongs to which point of a joint evaluation.
//!
//! The first dimensions are those of a Sobol sequence (I. Sobol', "On the distribution of points in a cube and the
//! approximate evaluation of integrals", USSR Comp. Math. Math. Phys. 7, 1967; the recurrence as P. Bratley and B. Fox,
//! "Algorithm 659: Implementing Sobol's quasirandom sequence generator", ACM TOMS 14, 1988) with a nested uniform scramble a
//! source (A. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995) by the hash of S. Laine and T. Karras
//! ("Stratified sampling for stochastic transparency", 2011; B. Burley, "Practical hash-based Owen scrambling", JCGT 9,
//! 2020). A digital shift is not enough: it leaves the sum of two sources on a lattice.
//!
//! The initial numbers are our own, not the well-known ones (S. Joe, F. Kuo, "Constructing Sobol sequences with better
//! two-dimensional projections", SIAM J. Sci. Comput. 30, 2008), but chosen by the same idea: for one dimension after the other
//! and the primitive polynomials by degree, the best of 48 random choices by the quality parameters t (H. Niederreiter,
//! "Random Number Generation and Quasi-Monte Carlo Methods", 1992) of its two-dimensional projections with all earlier
//! dimensions at 2^8, 2^12 and 2^14 points. Further dimensions are pseudo-random permutations.
//!
//! With 2^m points, every dimension visits each of the 2^m strata of [0, 1) exactly once, at its midpoint.

/// Primitive polynomials (bit k is the coefficient of x^k) with the initial direction numbers. The first dimension,
/// van der Corput's, needs none.
const DIRECTIONS: [(u32, &[u32]); 63] = [
    (3, &[1]),
    (7, &[1, 1]),
    (11, &[1, 1, 5]),
    (13, &[1, 3, 1]),
    (19, &[1, 1, 7, 3]),
    (25, &[1, 1, 5, 9]),
    (37, &[1, 3, 5, 1, 7]),
    (41, &[1, 1, 7, 5, 19]),
    (47, &[1, 1, 5, 15, 13]),
    (55, &[1, 1, 3, 11, 3]),
    (59, &[1, 3, 3, 7, 29]),
    (61, &[1, 3, 5, 11, 3]),
    (67, &[1, 3, 1, 1, 15, 19]),
    (91, &[1, 3, 1, 7, 21, 29]),
    (97, &[1, 1, 3, 7, 15, 61]),
    (103, &[1, 1, 5, 1, 7, 3]),
    (109, &[1, 3, 3, 11, 21, 53]),
    (115, &[1, 3, 7, 11, 17, 3]),
    (131, &[1, 3, 5, 5, 17, 51, 43]),
    (137, &[1, 3, 5, 13, 5, 7, 43]),
    (143, &[1, 1, 7, 3, 29, 63, 49]),
    (145, &[1, 1, 3, 7, 11, 61, 21]),
    (157, &[1, 1, 1, 7, 27, 11, 93]),
    (167, &[1, 1, 1, 5, 27, 47, 43]),
    (171, &[1, 3, 7, 13, 1, 45, 89]),
    (185, &[1, 1, 7, 7, 1, 63, 105]),
    (191, &[1, 3, 1, 9, 19, 5, 91]),
    (193, &[1, 3, 1, 1, 17, 41, 49]),
    (203, &[1, 3, 7, 3, 27, 17, 89]),
    (211, &[1, 1, 7, 15, 19, 49, 97]),
    (213, &[1, 1, 3, 3, 23, 39, 41]),
    (229, &[1, 1, 7, 1, 7, 33, 51]),
    (239, &[1, 3, 1, 13, 29, 57, 61]),
    (241, &[1, 3, 3, 13, 15, 15, 31]),
    (247, &[1, 1, 5, 15, 1, 19, 19]),
    (253, &[1, 3, 3, 7, 13, 51, 23]),
    (285, &[1, 1, 5, 3, 13, 51, 109, 239]),
    (299, &[1, 3, 3, 5, 1, 43, 61, 141]),
    (301, &[1, 3, 5, 3, 31, 53, 85, 37]),
    (333, &[1, 1, 5, 1, 5, 63, 11, 147]),
    (351, &[1, 1, 1, 11, 11, 7, 5, 131]),
    (355, &[1, 3, 5, 15, 19, 47, 117, 77]),
    (357, &[1, 3, 5, 1, 23, 1, 79, 117]),
    (361, &[1, 1, 1, 15, 13, 51, 73, 167]),
    (369, &[1, 3, 1, 1, 31, 9, 107, 185]),
    (391, &[1, 3, 3, 13, 21, 53, 127, 243]),
    (397, &[1, 1, 3, 15, 11, 35, 103, 83]),
    (425, &[1, 3, 7, 3, 13, 31, 63, 171]),
    (451, &[1, 1, 1, 7, 31, 7, 5, 127]),
    (463, &[1, 3, 7, 7, 25, 63, 77, 151]),
    (487, &[1, 3, 1, 1, 27, 55, 61, 127]),
    (501, &[1, 1, 1, 15, 27, 51, 5, 213]),
    (529, &[1, 3, 7, 5, 29, 55, 61, 173, 337]),
    (539, &[1, 3, 5, 1, 13, 13, 101, 21, 401]),
    (545, &[1, 1, 1, 9, 17, 5, 127, 67, 79]),
    (557, &[1, 3, 1, 13, 15, 47, 69, 99, 83]),
    (563, &[1, 3, 1, 5, 27, 25, 95, 157, 7]),
    (601, &[1, 1, 5, 11, 7, 29, 61, 107, 505]),
    (607, &[1, 3, 5, 11, 15, 17, 81, 37, 207]),
    (617, &[1, 3, 1, 7, 7, 53, 73, 179, 427]),
    (623, &[1, 3, 5, 7, 29, 23, 11, 75, 27]),
    (631, &[1, 1, 5, 1, 11, 43, 1, 123, 377]),
    (637, &[1, 1, 7, 13, 19, 11, 81, 111, 213]),
];

/// The number of dimensions of the Sobol sequence.
pub(super) const TABULATED: usize = DIRECTIONS.len() + 1;

/// At most 2^16 points.
const MAX_BITS: u32 = 16;

/// A dimension of a point set of 2^`bits` points.
#[derive(Clone, Debug)]
pub(super) enum Dimension {
    /// Sobol's, by the columns of its generator matrix, the first digit in the lowest bit, and the key of the scramble.
    Sobol {
        columns: [u32; MAX_BITS as usize],
        key: u32,
    },
    /// A pseudo-random permutation of the strata, by the factor and the term of each round.
    Permutation { rounds: [(u32, u32); 4], bits: u32 },
}

impl Dimension {
    /// Dimension `index` for the source `number`.
    pub(super) fn new(index: usize, bits: u32, seed: u64, number: u64) -> Dimension {
        let key = mix(seed ^ mix(number));
        if index >= TABULATED {
            let key = |round: u64| mix(key.wrapping_add(round));
            let rounds = [0, 1, 2, 3].map(key).map(|key| (key as u32 | 1, (key >> 32) as u32));
            return Dimension::Permutation { rounds, bits };
        }
        let mut columns = directions(index);
        for column in &mut columns {
            *column = (*column << (u32::BITS - MAX_BITS)).reverse_bits();
        }
        Dimension::Sobol {
            columns,
            key: (key >> 32) as u32,
        }
    }

    /// Which of 2^`fine` strata points `first`, `first + 1`, … are in; at most as many strata as points. Both `first` and the
    /// number of points asked for are multiples of a power of two that is at least that number.
    #[inline(always)]
    pub(super) fn strata(&self, first: usize, fine: u32, to: &mut [u32]) {
        match self {
            Dimension::Sobol { columns, key } => {
                // Bits of the point's number that all these points share, then each lower bit doubles what is there.
                let chosen = |bit: &usize| first >> bit & 1 == 1;
                let start = (0..MAX_BITS as usize)
                    .filter(chosen)
                    .fold(0, |sum, bit| sum ^ columns[bit]);
                let Some(to_start) = to.first_mut() else { return };
                *to_start = start;
                let mut filled = 1;
                for column in columns {
                    let (known, rest) = to.split_at_mut(filled);
                    if rest.is_empty() {
                        break;
                    }
                    for (to, known) in rest.iter_mut().zip(known) {
                        *to = *known ^ column;
                    }
                    filled *= 2;
                }
                // The scramble works on reversed numbers: there a digit depends on those above it if a multiplication or an
                // addition carries from low to high.
                for to in to.iter_mut() {
                    let mut x = to.wrapping_add(*key);
                    for factor in [0x6c50_b47c, 0xb82f_1e52, 0xc7af_e638, 0x8d22_f6e6_u32] {
                        x ^= x.wrapping_mul(factor);
                    }
                    *to = x.reverse_bits() >> (u32::BITS - fine);
                }
            }
            Dimension::Permutation { rounds, bits } => {
                // Rounds of steps that are each invertible on numbers of that many bits: a multiplication with an odd number,
                // an addition, and an exclusive or with the number's own upper half.
                let mask = (1u32 << bits) - 1;
                let half = bits.div_ceil(2);
                let coarser = bits - fine;
                for (k, to) in to.iter_mut().enumerate() {
                    let mut x = (first + k) as u32;
                    for (factor, term) in rounds {
                        x = x.wrapping_mul(*factor).wrapping_add(*term) & mask;
                        x ^= x >> half;
                    }
                    *to = x >> coarser;
                }
            }
        }
    }
}

/// The direction numbers of a tabulated dimension as 16-bit binary fractions.
fn directions(index: usize) -> [u32; MAX_BITS as usize] {
    let mut numbers = [1u32; MAX_BITS as usize];
    if let Some(&(polynomial, initial)) = index.checked_sub(1).and_then(|index| DIRECTIONS.get(index)) {
        let degree = initial.len();
        numbers[..degree].copy_from_slice(initial);
        for k in degree..MAX_BITS as usize {
            let first = numbers[k - degree];
            numbers[k] = (1..degree)
                .filter(|i| polynomial >> (degree - i) & 1 == 1)
                .fold(first ^ (first << degree), |sum, i| sum ^ (numbers[k - i] << i));
        }
    }
    for (k, number) in numbers.iter_mut().enumerate() {
        *number <<= MAX_BITS as usize - 1 - k;
    }
    numbers
}

/// A bijective hash of 64 bits: the finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom
/// Number Generators", OOPSLA 2014).
pub(super) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The strata of all 2^`bits` points, in blocks of `block`.
    fn strata(dimension: &Dimension, bits: u32, block: usize) -> Vec<u32> {
        let mut strata = vec![0; 1 << bits];
        for (k, to) in strata.chunks_mut(block).enumerate() {
            dimension.strata(k * block, bits, to);
        }
        strata
    }

    #[test]
    fn blocks_of_any_size_are_the_same_points() {
        for index in [0, 1, 5, TABULATED - 1, TABULATED] {
            let dimension = Dimension::new(index, 12, 1, 5);
            let whole = strata(&dimension, 12, 4096);
            assert_eq!(whole, strata(&dimension, 12, 512));
            assert_eq!(whole, strata(&dimension, 12, 1));
        }
    }

    #[test]
    fn every_dimension_visits_every_stratum_once() {
        for bits in [10, 16] {
            for index in 0..TABULATED + 8 {
                let dimension = Dimension::new(index, bits, 7, 1000 + index as u64);
                let mut strata = strata(&dimension, bits, 512);
                strata.sort_unstable();
                assert!(
                    strata.into_iter().eq(0..1 << bits),
                    "dimension {index} of 2^{bits} points"
                );
            }
        }
    }

    /// The first two dimensions of Sobol's sequence are a (0, m, 2)-net: each of the boxes of 2^-a by 2^-b with
    /// a + b = m holds exactly one point. The scramble keeps that.
    #[test]
    fn the_first_two_dimensions_are_a_perfect_net() {
        let (x, y) = (
            strata(&Dimension::new(0, 10, 1, 1), 10, 512),
            strata(&Dimension::new(1, 10, 1, 2), 10, 512),
        );
        for a in 0..=10 {
            let mut boxes: Vec<(u32, u32)> = x.iter().zip(&y).map(|(x, y)| (x >> (10 - a), y >> a)).collect();
            boxes.sort_unstable();
            boxes.dedup();
            assert_eq!(boxes.len(), 1 << 10, "boxes of 2^-{a}");
        }
    }

    /// Kolmogorov-Smirnov-like: no pair of the tabulated dimensions is correlated more than chance would have it.
    #[test]
    fn pairs_of_dimensions_are_uncorrelated() {
        let bits = 12;
        let strata: Vec<Vec<f64>> = (0..TABULATED + 4)
            .map(|index| Dimension::new(index, bits, 3, index as u64))
            .map(|dimension| strata(&dimension, bits, 512).into_iter().map(f64::from).collect())
            .collect();
        let mean = ((1 << bits) - 1) as f64 / 2.0;
        let variance = ((1u64 << (2 * bits)) - 1) as f64 / 12.0;
        for (i, x) in strata.iter().enumerate() {
            for (j, y) in strata.iter().enumerate().take(i) {
                let covariance: f64 = x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
                let correlation = covariance / (variance * (1 << bits) as f64);
                // Random permutations have a standard deviation of 1/64; of 2278 pairs the largest is at some 3.5 of
                // these. Five are a bound that chance does not reach.
                assert!(correlation.abs() < 5.0 / 64.0, "dimensions {i} and {j}: {correlation}");
            }
        }
    }
}
