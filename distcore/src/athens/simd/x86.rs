//! The inner loops in the instructions of x86-64: AVX-512, AVX2, and the SSE2 that every such machine has.

use super::{Cut, CutLanes, HALF, Halves, Job, Kernel, LANES, Operation, Pairs, PartSums, Prefix, Row, Sums, less};
use std::arch::x86_64::*;

/// # Safety
/// The machine must have the features.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx2,popcnt,bmi1,bmi2")]
pub(super) unsafe fn on_avx512<J: Job>(job: J) -> J::Output {
    job.run(Avx512(()))
}

/// # Safety
/// The machine must have the features.
#[inline(never)]
#[target_feature(enable = "avx2,popcnt")]
pub(super) unsafe fn on_avx2<J: Job>(job: J) -> J::Output {
    job.run(Avx2(()))
}

/// Exists only on machines with AVX-512: `on_avx512` makes it.
#[derive(Clone, Copy)]
pub(super) struct Avx512(pub(super) ());

impl Kernel for Avx512 {
    const NAME: &'static str = "AVX-512";
    const WINDOW: usize = 16;
    const COUNTS_FOUR: bool = false;

    #[inline(always)]
    fn apart<J: Job>(self, job: J) -> J::Output {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { on_avx512(job) }
    }

    #[inline(always)]
    fn count<O: Operation, const COLUMNS: usize>(self, factor: f64, keys: &[f64; COLUMNS], threshold: f64) -> usize {
        let mut count = 0_usize;
        for keys in keys.as_chunks::<LANES>().0 {
            // SAFETY: the features are there, or `self` would not be; the array has eight elements.
            unsafe {
                let (factor, keys) = (_mm512_set1_pd(factor), _mm512_loadu_pd(keys.as_ptr()));
                let results = if O::IS_PRODUCT {
                    _mm512_mul_pd(factor, keys)
                } else {
                    _mm512_add_pd(factor, keys)
                };
                count += _mm512_cmp_pd_mask::<_CMP_LE_OQ>(results, _mm512_set1_pd(threshold)).count_ones() as usize;
            }
        }
        count
    }

    #[inline(always)]
    fn add<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [[&Prefix; 2]; 2]) {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { add_avx::<O>(parts, row, prefixes) }
    }

    #[inline(always)]
    fn add_first<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [&Prefix; 2]) {
        add_part_sse2::<O>(parts, 0, row, prefixes);
    }

    // Half of the lanes at a time with AVX-512, too: most rows are short.
    type Lanes<const PARTS: usize> = CutLanesAvx<PARTS>;

    #[inline(always)]
    fn lanes<const PARTS: usize>(self) -> CutLanesAvx<PARTS> {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { CutLanesAvx::new() }
    }

    #[inline(always)]
    fn add_results<O: Operation, const PARTS: usize, const UPPER: bool>(
        self,
        lanes: &mut CutLanesAvx<PARTS>,
        row: Row,
        columns: [&[f64; HALF]; 2],
        thresholds: [f64; PARTS],
    ) {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { add_results_avx512::<O, PARTS, UPPER>(lanes, row, columns, thresholds) }
    }

    #[inline(always)]
    fn cut<const PARTS: usize>(self, lanes: CutLanesAvx<PARTS>) -> Cut<PARTS> {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { lanes.cut() }
    }

    #[inline(always)]
    fn divide(self, pairs: &Pairs, threshold: f64) -> Halves {
        // SAFETY: the features are there, or `self` would not be; `Pairs` reach to a multiple of LANES.
        unsafe { divide_avx512(pairs.positions.as_ptr(), pairs.masses.as_ptr(), pairs.len, threshold) }
    }

    #[inline(always)]
    fn partition(self, pairs: Pairs, threshold: f64, right: (&mut [f64], &mut [f64])) -> Halves {
        let padded = pairs.len + LANES;
        assert!(pairs.positions.len() >= padded && pairs.masses.len() >= padded);
        assert!(right.0.len() >= padded && right.1.len() >= padded);
        // SAFETY: the features are there, or `self` would not be. A step reads and writes LANES elements from
        // an index of at most len - 1 on the left, and from one of at most len + LANES - LANES on the right.
        unsafe {
            partition_avx512(
                (pairs.positions.as_mut_ptr(), pairs.masses.as_mut_ptr()),
                pairs.len,
                threshold,
                (right.0.as_mut_ptr(), right.1.as_mut_ptr()),
            )
        }
    }
}

/// [`Kernel::add`].
///
/// # Safety
/// The machine must have AVX.
#[inline(always)]
unsafe fn add_avx<O: Operation>(parts: &mut PartSums, row: Row, prefixes: [[&Prefix; 2]; 2]) {
    // SAFETY: all arrays have four elements, the weights two.
    unsafe {
        let [first, second] = [
            _mm256_sub_pd(
                _mm256_load_pd(prefixes[0][1].0.as_ptr()),
                _mm256_load_pd(prefixes[0][0].0.as_ptr()),
            ),
            _mm256_sub_pd(
                _mm256_load_pd(prefixes[1][1].0.as_ptr()),
                _mm256_load_pd(prefixes[1][0].0.as_ptr()),
            ),
        ];
        // Mass and moment of either part, and what rounding has lost of them.
        let high = _mm256_permute2f128_pd::<0x20>(first, second);
        let low = _mm256_permute2f128_pd::<0x31>(first, second);
        let sums = _mm256_add_pd(high, low);
        let mass = _mm256_set1_pd(row.weights[0]);
        if O::IS_PRODUCT {
            let weights = _mm256_setr_pd(row.weights[0], row.weights[1], row.weights[0], row.weights[1]);
            let total = _mm256_add_pd(_mm256_loadu_pd(parts.sums.as_ptr()), _mm256_mul_pd(sums, weights));
            _mm256_storeu_pd(parts.sums.as_mut_ptr(), total);
        } else {
            let total = _mm256_add_pd(_mm256_loadu_pd(parts.sums.as_ptr()), _mm256_mul_pd(sums, mass));
            _mm256_storeu_pd(parts.sums.as_mut_ptr(), total);
            let shift = _mm256_mul_pd(sums, _mm256_set1_pd(row.weights[1]));
            let total = _mm256_add_pd(_mm256_loadu_pd(parts.shifts.as_ptr()), shift);
            _mm256_storeu_pd(parts.shifts.as_mut_ptr(), total);
        }
    }
}

/// [`Kernel::count`] with what every x86-64 has.
#[inline(always)]
pub(super) fn count_sse2<O: Operation, const COLUMNS: usize>(
    factor: f64,
    keys: &[f64; COLUMNS],
    threshold: f64,
) -> usize {
    // SAFETY: SSE2 is part of x86-64; each of the arrays has two elements.
    unsafe {
        let (factor, limit) = (_mm_set1_pd(factor), _mm_set1_pd(threshold));
        let mut sum = _mm_setzero_si128();
        for keys in keys.as_chunks::<2>().0 {
            let keys = _mm_loadu_pd(keys.as_ptr());
            let results = if O::IS_PRODUCT {
                _mm_mul_pd(factor, keys)
            } else {
                _mm_add_pd(factor, keys)
            };
            // Each result up to the threshold counts -1.
            sum = _mm_add_epi64(sum, _mm_castpd_si128(_mm_cmple_pd(results, limit)));
        }
        let sum = _mm_add_epi64(sum, _mm_unpackhi_epi64(sum, sum));
        (_mm_cvtsi128_si64(sum) as usize).wrapping_neg()
    }
}

/// [`Kernel::Lanes`] of the kernels with AVX.
#[derive(Clone, Copy)]
pub(super) struct CutLanesAvx<const PARTS: usize> {
    /// By part, mass and moment, lower and upper half.
    sums: [[[__m256d; 2]; 2]; PARTS],
    next: [__m256d; PARTS],
}

impl<const PARTS: usize> CutLanesAvx<PARTS> {
    /// # Safety
    /// The machine must have AVX.
    #[inline(always)]
    unsafe fn new() -> CutLanesAvx<PARTS> {
        // SAFETY: the caller's duty.
        let (zero, infinity) = unsafe { (_mm256_setzero_pd(), _mm256_set1_pd(f64::INFINITY)) };
        CutLanesAvx {
            sums: [[[zero; 2]; 2]; PARTS],
            next: [infinity; PARTS],
        }
    }

    /// # Safety
    /// The machine must have AVX.
    #[inline(always)]
    unsafe fn cut(self) -> Cut<PARTS> {
        let mut sums = [Sums::default(); PARTS];
        for (sums, [mass, moment]) in sums.iter_mut().zip(self.sums) {
            // SAFETY: the caller's duty.
            unsafe {
                *sums = Sums {
                    mass: add_lanes_avx(mass[0], mass[1]),
                    moment: add_lanes_avx(moment[0], moment[1]),
                };
            }
        }
        let mut next = [0.0; PARTS];
        for (next, lanes) in next.iter_mut().zip(self.next) {
            // SAFETY: the caller's duty.
            unsafe {
                let two = _mm_min_pd(_mm256_castpd256_pd128(lanes), _mm256_extractf128_pd::<1>(lanes));
                *next = less(_mm_cvtsd_f64(two), _mm_cvtsd_f64(_mm_unpackhi_pd(two, two)));
            }
        }
        Cut { sums, next }
    }
}

/// Result, mass and moment of four columns of a row.
///
/// # Safety
/// The machine must have AVX.
#[inline(always)]
unsafe fn results_avx<O: Operation>(row: Row, [keys, masses]: [&[f64; HALF]; 2]) -> [__m256d; 3] {
    // SAFETY: the caller's duty; the arrays have four elements.
    unsafe {
        let (factor, keys) = (_mm256_set1_pd(row.factor), _mm256_loadu_pd(keys.as_ptr()));
        let result = if O::IS_PRODUCT {
            _mm256_mul_pd(factor, keys)
        } else {
            _mm256_add_pd(factor, keys)
        };
        let mass = _mm256_mul_pd(_mm256_set1_pd(row.weights[0]), _mm256_loadu_pd(masses.as_ptr()));
        [result, mass, _mm256_mul_pd(mass, result)]
    }
}

/// [`Kernel::add_results`].
///
/// # Safety
/// The machine must have AVX-512 (F, VL and DQ).
#[inline(always)]
unsafe fn add_results_avx512<O: Operation, const PARTS: usize, const UPPER: bool>(
    lanes: &mut CutLanesAvx<PARTS>,
    row: Row,
    columns: [&[f64; HALF]; 2],
    thresholds: [f64; PARTS],
) {
    let half = usize::from(UPPER);
    // SAFETY: the caller's duty.
    unsafe {
        let [result, mass, moment] = results_avx::<O>(row, columns);
        for (([sum_mass, sum_moment], next), threshold) in lanes.sums.iter_mut().zip(&mut lanes.next).zip(thresholds) {
            let up_to = _mm256_cmp_pd_mask::<_CMP_LE_OQ>(result, _mm256_set1_pd(threshold));
            let (sum_mass, sum_moment) = (&mut sum_mass[half], &mut sum_moment[half]);
            *sum_mass = _mm256_mask_add_pd(*sum_mass, up_to, *sum_mass, mass);
            *sum_moment = _mm256_mask_add_pd(*sum_moment, up_to, *sum_moment, moment);
            if !O::IS_EXACT {
                let above = _mm256_cmp_pd_mask::<_CMP_GT_OQ>(result, _mm256_set1_pd(threshold));
                *next = _mm256_mask_min_pd(*next, above, *next, result);
            }
        }
    }
}

/// The same.
///
/// # Safety
/// The machine must have AVX.
#[inline(always)]
unsafe fn add_results_avx2<O: Operation, const PARTS: usize, const UPPER: bool>(
    lanes: &mut CutLanesAvx<PARTS>,
    row: Row,
    columns: [&[f64; HALF]; 2],
    thresholds: [f64; PARTS],
) {
    let half = usize::from(UPPER);
    // SAFETY: the caller's duty.
    unsafe {
        let [result, mass, moment] = results_avx::<O>(row, columns);
        for (([sum_mass, sum_moment], next), threshold) in lanes.sums.iter_mut().zip(&mut lanes.next).zip(thresholds) {
            let up_to = _mm256_cmp_pd::<_CMP_LE_OQ>(result, _mm256_set1_pd(threshold));
            let (sum_mass, sum_moment) = (&mut sum_mass[half], &mut sum_moment[half]);
            *sum_mass = _mm256_add_pd(*sum_mass, _mm256_and_pd(up_to, mass));
            *sum_moment = _mm256_add_pd(*sum_moment, _mm256_and_pd(up_to, moment));
            if !O::IS_EXACT {
                // What is up to the threshold becomes NaN, which the instruction passes over.
                *next = _mm256_min_pd(_mm256_or_pd(up_to, result), *next);
            }
        }
    }
}

/// [`Kernel::add_results`] with what every x86-64 has.
#[inline(always)]
pub(super) fn add_results_sse2<O: Operation, const PARTS: usize, const UPPER: bool>(
    lanes: &mut CutLanes<PARTS>,
    row: Row,
    [keys, masses]: [&[f64; HALF]; 2],
    thresholds: [f64; PARTS],
) {
    // SAFETY: SSE2 is part of x86-64; two elements are read and written at places below 4 of four, or below 8 of eight.
    unsafe {
        for column in (0..HALF).step_by(2) {
            let lane = column + if UPPER { HALF } else { 0 };
            let (factor, keys) = (_mm_set1_pd(row.factor), _mm_loadu_pd(keys.as_ptr().add(column)));
            let result = if O::IS_PRODUCT {
                _mm_mul_pd(factor, keys)
            } else {
                _mm_add_pd(factor, keys)
            };
            let mass = _mm_mul_pd(_mm_set1_pd(row.weights[0]), _mm_loadu_pd(masses.as_ptr().add(column)));
            let moment = _mm_mul_pd(mass, result);
            for (([sum_mass, sum_moment], next), threshold) in
                lanes.sums.iter_mut().zip(&mut lanes.next).zip(thresholds)
            {
                let up_to = _mm_cmple_pd(result, _mm_set1_pd(threshold));
                let (sum_mass, sum_moment) = (sum_mass.as_mut_ptr().add(lane), sum_moment.as_mut_ptr().add(lane));
                _mm_storeu_pd(sum_mass, _mm_add_pd(_mm_loadu_pd(sum_mass), _mm_and_pd(up_to, mass)));
                _mm_storeu_pd(
                    sum_moment,
                    _mm_add_pd(_mm_loadu_pd(sum_moment), _mm_and_pd(up_to, moment)),
                );
                if !O::IS_EXACT {
                    // What is up to the threshold becomes NaN, which the instruction passes over.
                    let next = next.as_mut_ptr();
                    _mm_storeu_pd(next, _mm_min_pd(_mm_or_pd(up_to, result), _mm_loadu_pd(next)));
                }
            }
        }
    }
}

/// [`less`](super::less) with what every x86-64 has.
#[inline(always)]
pub(super) fn less_sse2(a: f64, b: f64) -> f64 {
    // SAFETY: SSE2 is part of x86-64.
    unsafe { _mm_cvtsd_f64(_mm_min_sd(_mm_set_sd(a), _mm_set_sd(b))) }
}

/// [`add_part`](super::add_part) with what every x86-64 has.
#[inline(always)]
pub(super) fn add_part_sse2<O: Operation>(parts: &mut PartSums, part: usize, row: Row, [from, to]: [&Prefix; 2]) {
    let (from, to) = (from.0.as_ptr(), to.0.as_ptr());
    let (sums, shifts) = (
        &mut parts.sums.as_chunks_mut::<2>().0[part],
        &mut parts.shifts.as_chunks_mut::<2>().0[part],
    );
    // SAFETY: SSE2 is part of x86-64; running sums are four aligned numbers, `sums` and `shifts` two.
    unsafe {
        let high = _mm_sub_pd(_mm_load_pd(to), _mm_load_pd(from));
        let low = _mm_sub_pd(_mm_load_pd(to.add(2)), _mm_load_pd(from.add(2)));
        let sum = _mm_add_pd(high, low);
        let [mass, moment] = row.weights.map(|weight| _mm_set1_pd(weight));
        let weights = if O::IS_PRODUCT {
            _mm_loadu_pd(row.weights.as_ptr())
        } else {
            mass
        };
        let total = _mm_add_pd(_mm_loadu_pd(sums.as_ptr()), _mm_mul_pd(sum, weights));
        _mm_storeu_pd(sums.as_mut_ptr(), total);
        if !O::IS_PRODUCT {
            let shift = _mm_mul_pd(sum, moment);
            _mm_storeu_pd(shifts.as_mut_ptr(), _mm_add_pd(_mm_loadu_pd(shifts.as_ptr()), shift));
        }
    }
}

/// [`add_lanes`](super::add_lanes) of eight lanes in two halves.
#[inline]
#[target_feature(enable = "avx")]
fn add_lanes_avx(low: __m256d, high: __m256d) -> f64 {
    let four = _mm256_add_pd(low, high);
    let two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd::<1>(four));
    _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_lanes_avx512(lanes: __m512d) -> f64 {
    add_lanes_avx(_mm512_castpd512_pd256(lanes), _mm512_extractf64x4_pd::<1>(lanes))
}

/// # Safety
/// Both arrays are readable up to `len` rounded up to LANES.
#[target_feature(enable = "avx512f,avx512vl,popcnt")]
unsafe fn divide_avx512(positions: *const f64, masses: *const f64, len: usize, threshold: f64) -> Halves {
    let limit = _mm512_set1_pd(threshold);
    let zero = _mm512_setzero_pd();
    let (mut left_mass, mut left_moment, mut right_mass, mut right_moment) = (zero, zero, zero, zero);
    let mut left_len = 0;
    let mut at = 0;
    while at < len {
        // SAFETY: at is below len and a multiple of LANES.
        let (position, mass) = unsafe { (_mm512_loadu_pd(positions.add(at)), _mm512_loadu_pd(masses.add(at))) };
        let moment = _mm512_mul_pd(mass, position);
        let left = _mm512_cmp_pd_mask::<_CMP_LE_OQ>(position, limit);
        let right = _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(position, limit);
        left_mass = _mm512_mask_add_pd(left_mass, left, left_mass, mass);
        left_moment = _mm512_mask_add_pd(left_moment, left, left_moment, moment);
        right_mass = _mm512_mask_add_pd(right_mass, right, right_mass, mass);
        right_moment = _mm512_mask_add_pd(right_moment, right, right_moment, moment);
        left_len += left.count_ones() as usize;
        at += LANES;
    }
    Halves {
        left_len,
        left: Sums {
            mass: add_lanes_avx512(left_mass),
            moment: add_lanes_avx512(left_moment),
        },
        right: Sums {
            mass: add_lanes_avx512(right_mass),
            moment: add_lanes_avx512(right_moment),
        },
    }
}

/// # Safety
/// All arrays are readable and writable up to `len + LANES`.
#[target_feature(enable = "avx512f,avx512vl,popcnt")]
unsafe fn partition_avx512(
    (positions, masses): (*mut f64, *mut f64),
    len: usize,
    threshold: f64,
    (right_positions, right_masses): (*mut f64, *mut f64),
) -> Halves {
    let limit = _mm512_set1_pd(threshold);
    let zero = _mm512_setzero_pd();
    let (mut left_mass, mut left_moment, mut right_mass, mut right_moment) = (zero, zero, zero, zero);
    let (mut left_len, mut right_len) = (0, 0);
    let mut at = 0;
    while at < len {
        // SAFETY: at is below len and a multiple of LANES.
        let (position, mass) = unsafe { (_mm512_loadu_pd(positions.add(at)), _mm512_loadu_pd(masses.add(at))) };
        let moment = _mm512_mul_pd(mass, position);
        let left = _mm512_cmp_pd_mask::<_CMP_LE_OQ>(position, limit);
        let right = _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(position, limit);
        left_mass = _mm512_mask_add_pd(left_mass, left, left_mass, mass);
        left_moment = _mm512_mask_add_pd(left_moment, left, left_moment, moment);
        right_mass = _mm512_mask_add_pd(right_mass, right, right_mass, mass);
        right_moment = _mm512_mask_add_pd(right_moment, right, right_moment, moment);
        // SAFETY: left_len <= at, so the left store ends where the load ended; right_len <= at < len likewise.
        unsafe {
            _mm512_storeu_pd(positions.add(left_len), _mm512_maskz_compress_pd(left, position));
            _mm512_storeu_pd(masses.add(left_len), _mm512_maskz_compress_pd(left, mass));
            _mm512_storeu_pd(
                right_positions.add(right_len),
                _mm512_maskz_compress_pd(right, position),
            );
            _mm512_storeu_pd(right_masses.add(right_len), _mm512_maskz_compress_pd(right, mass));
        }
        let count = left.count_ones() as usize;
        left_len += count;
        right_len += LANES - count;
        at += LANES;
    }
    Halves {
        left_len,
        left: Sums {
            mass: add_lanes_avx512(left_mass),
            moment: add_lanes_avx512(left_moment),
        },
        right: Sums {
            mass: add_lanes_avx512(right_mass),
            moment: add_lanes_avx512(right_moment),
        },
    }
}

/// Exists only on machines with AVX2: `on_avx2` makes it.
#[derive(Clone, Copy)]
pub(super) struct Avx2(pub(super) ());

impl Kernel for Avx2 {
    const NAME: &'static str = "AVX2";
    const WINDOW: usize = 8;
    const COUNTS_FOUR: bool = true;

    #[inline(always)]
    fn apart<J: Job>(self, job: J) -> J::Output {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { on_avx2(job) }
    }

    #[inline(always)]
    fn count<O: Operation, const COLUMNS: usize>(self, factor: f64, keys: &[f64; COLUMNS], threshold: f64) -> usize {
        let mut count = 0;
        for keys in keys.as_chunks::<HALF>().0 {
            // SAFETY: the features are there, or `self` would not be; the array has four elements.
            unsafe {
                let (factor, keys) = (_mm256_set1_pd(factor), _mm256_loadu_pd(keys.as_ptr()));
                let results = if O::IS_PRODUCT {
                    _mm256_mul_pd(factor, keys)
                } else {
                    _mm256_add_pd(factor, keys)
                };
                let below = _mm256_cmp_pd::<_CMP_LE_OQ>(results, _mm256_set1_pd(threshold));
                count += _mm256_movemask_pd(below).count_ones();
            }
        }
        count as usize
    }

    #[inline(always)]
    fn add<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [[&Prefix; 2]; 2]) {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { add_avx::<O>(parts, row, prefixes) }
    }

    #[inline(always)]
    fn add_first<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [&Prefix; 2]) {
        add_part_sse2::<O>(parts, 0, row, prefixes);
    }

    type Lanes<const PARTS: usize> = CutLanesAvx<PARTS>;

    #[inline(always)]
    fn lanes<const PARTS: usize>(self) -> CutLanesAvx<PARTS> {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { CutLanesAvx::new() }
    }

    #[inline(always)]
    fn add_results<O: Operation, const PARTS: usize, const UPPER: bool>(
        self,
        lanes: &mut CutLanesAvx<PARTS>,
        row: Row,
        columns: [&[f64; HALF]; 2],
        thresholds: [f64; PARTS],
    ) {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { add_results_avx2::<O, PARTS, UPPER>(lanes, row, columns, thresholds) }
    }

    #[inline(always)]
    fn cut<const PARTS: usize>(self, lanes: CutLanesAvx<PARTS>) -> Cut<PARTS> {
        // SAFETY: the features are there, or `self` would not be.
        unsafe { lanes.cut() }
    }

    #[inline(always)]
    fn divide(self, pairs: &Pairs, threshold: f64) -> Halves {
        // SAFETY: the features are there, or `self` would not be; `Pairs` reach to a multiple of LANES.
        unsafe { divide_avx2(pairs.positions.as_ptr(), pairs.masses.as_ptr(), pairs.len, threshold) }
    }

    #[inline(always)]
    fn partition(self, pairs: Pairs, threshold: f64, right: (&mut [f64], &mut [f64])) -> Halves {
        let padded = pairs.len + LANES;
        assert!(pairs.positions.len() >= padded && pairs.masses.len() >= padded);
        assert!(right.0.len() >= padded && right.1.len() >= padded);
        // SAFETY: the features are there, or `self` would not be. A step reads and writes half of LANES elements
        // from an index below len + LANES / 2.
        unsafe {
            partition_avx2(
                (pairs.positions.as_mut_ptr(), pairs.masses.as_mut_ptr()),
                pairs.len,
                threshold,
                (right.0.as_mut_ptr(), right.1.as_mut_ptr()),
            )
        }
    }
}

/// For each mask of four doubles the permutation of eight 32-bit words that moves its doubles to the front.
static COMPRESS: [[u32; 8]; 16] = {
    let mut table = [[0; 8]; 16];
    let mut mask = 0;
    while mask < 16 {
        let (mut to, mut from) = (0, 0);
        while from < 4 {
            if mask >> from & 1 == 1 {
                table[mask][2 * to] = 2 * from as u32;
                table[mask][2 * to + 1] = 2 * from as u32 + 1;
                to += 1;
            }
            from += 1;
        }
        mask += 1;
    }
    table
};

/// Four running sums of four lanes each: mass and moment, left and right.
#[derive(Clone, Copy)]
struct Lanes {
    left_mass: __m256d,
    left_moment: __m256d,
    right_mass: __m256d,
    right_moment: __m256d,
}

#[target_feature(enable = "avx2,popcnt")]
fn zero_lanes() -> Lanes {
    let zero = _mm256_setzero_pd();
    Lanes {
        left_mass: zero,
        left_moment: zero,
        right_mass: zero,
        right_moment: zero,
    }
}

/// Adds four pairs; returns the mask of those that go left.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn add_avx2(lanes: &mut Lanes, position: __m256d, mass: __m256d, limit: __m256d) -> usize {
    let moment = _mm256_mul_pd(mass, position);
    let left = _mm256_cmp_pd::<_CMP_LE_OQ>(position, limit);
    lanes.left_mass = _mm256_add_pd(lanes.left_mass, _mm256_and_pd(left, mass));
    lanes.left_moment = _mm256_add_pd(lanes.left_moment, _mm256_and_pd(left, moment));
    lanes.right_mass = _mm256_add_pd(lanes.right_mass, _mm256_andnot_pd(left, mass));
    lanes.right_moment = _mm256_add_pd(lanes.right_moment, _mm256_andnot_pd(left, moment));
    _mm256_movemask_pd(left) as usize
}

#[target_feature(enable = "avx2,popcnt")]
fn halves_avx2(left_len: usize, low: Lanes, high: Lanes) -> Halves {
    Halves {
        left_len,
        left: Sums {
            mass: add_lanes_avx(low.left_mass, high.left_mass),
            moment: add_lanes_avx(low.left_moment, high.left_moment),
        },
        right: Sums {
            mass: add_lanes_avx(low.right_mass, high.right_mass),
            moment: add_lanes_avx(low.right_moment, high.right_moment),
        },
    }
}

/// # Safety
/// Both arrays are readable up to `len` rounded up to LANES.
#[target_feature(enable = "avx2,popcnt")]
unsafe fn divide_avx2(positions: *const f64, masses: *const f64, len: usize, threshold: f64) -> Halves {
    let limit = _mm256_set1_pd(threshold);
    let (mut low, mut high) = (zero_lanes(), zero_lanes());
    let mut left_len = 0;
    let mut at = 0;
    while at < len {
        for (lanes, at) in [(&mut low, at), (&mut high, at + HALF)] {
            // SAFETY: at is below len and a multiple of LANES.
            let (position, mass) = unsafe { (_mm256_loadu_pd(positions.add(at)), _mm256_loadu_pd(masses.add(at))) };
            left_len += add_avx2(lanes, position, mass, limit).count_ones() as usize;
        }
        at += LANES;
    }
    halves_avx2(left_len, low, high)
}

/// # Safety
/// All arrays are readable and writable up to `len + LANES`.
#[target_feature(enable = "avx2,popcnt")]
unsafe fn partition_avx2(
    (positions, masses): (*mut f64, *mut f64),
    len: usize,
    threshold: f64,
    (right_positions, right_masses): (*mut f64, *mut f64),
) -> Halves {
    let limit = _mm256_set1_pd(threshold);
    let (mut low, mut high) = (zero_lanes(), zero_lanes());
    let (mut left_len, mut right_len) = (0, 0);
    let mut at = 0;
    while at < len {
        for (lanes, at) in [(&mut low, at), (&mut high, at + HALF)] {
            // SAFETY: at is below len rounded up to LANES; left_len <= at, so the left store ends where the load
            // ended; right_len <= at likewise. A mask of four bits indexes the table of sixteen.
            unsafe {
                let (position, mass) = (_mm256_loadu_pd(positions.add(at)), _mm256_loadu_pd(masses.add(at)));
                let left = add_avx2(lanes, position, mass, limit);
                let compress = |mask: usize, of: __m256d| {
                    let order = _mm256_loadu_si256(COMPRESS.get_unchecked(mask).as_ptr().cast());
                    _mm256_castsi256_pd(_mm256_permutevar8x32_epi32(_mm256_castpd_si256(of), order))
                };
                _mm256_storeu_pd(positions.add(left_len), compress(left, position));
                _mm256_storeu_pd(masses.add(left_len), compress(left, mass));
                _mm256_storeu_pd(right_positions.add(right_len), compress(left ^ 15, position));
                _mm256_storeu_pd(right_masses.add(right_len), compress(left ^ 15, mass));
                let count = left.count_ones() as usize;
                left_len += count;
                right_len += HALF - count;
            }
        }
        at += LANES;
    }
    halves_avx2(left_len, low, high)
}
