//! The inner loops of the split of pairs in memory, and a step of the sweep's search, for AVX-512, AVX2 and any machine.
//!
//! All three give the same bits: sums run in eight lanes, element k of a part in lane k mod 8, and the lanes are added
//! in one fixed order at the end. No multiplication is fused with an addition. Tested equal at the end of this file.
//!
//! This and the sweep's inner loop ([`rows`](super::rows), called by [`sweep`](super::sweep)) are the crate's only unsafe code:
//! stable Rust has no portable compress instruction, and bounds checks in these loops cost more than the loops.

use super::operation::Operation;
use std::sync::atomic::{AtomicU8, Ordering};

/// Elements that a step of a kernel takes. Arrays are padded to a multiple of it.
pub(crate) const LANES: usize = 8;

/// The mass of a part and its first moment (sum of mass times position).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) mass: f64,
    pub(crate) moment: f64,
}

impl Sums {
    #[inline(always)]
    pub(crate) fn plus(self, other: Sums) -> Sums {
        Sums {
            mass: self.mass + other.mass,
            moment: self.moment + other.moment,
        }
    }

    #[inline(always)]
    pub(crate) fn mean(&self) -> f64 {
        self.moment / self.mass
    }
}

/// What a threshold makes of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Halves {
    /// How many positions are <= the threshold.
    pub(crate) left_len: usize,
    pub(crate) left: Sums,
    pub(crate) right: Sums,
}

/// Pairs of position and mass in two arrays, the padding included.
pub(crate) struct Pairs<'a> {
    positions: &'a mut [f64],
    masses: &'a mut [f64],
    len: usize,
}

impl<'a> Pairs<'a> {
    /// The first `len` elements of arrays that are at least `len + LANES` long. What follows them is overwritten: the
    /// padding is massless and right of every threshold.
    #[inline(always)]
    pub(crate) fn padded(positions: &'a mut [f64], masses: &'a mut [f64], len: usize) -> Pairs<'a> {
        positions[len..len + LANES].fill(f64::MAX);
        masses[len..len + LANES].fill(0.0);
        Pairs { positions, masses, len }
    }
}

/// An instruction set's version of the inner loops.
pub(crate) trait Kernel: Copy {
    /// The instruction set, for people.
    const NAME: &'static str;

    /// Among how many columns a boundary is found by counting, no longer by halving: once or twice [`LANES`].
    const WINDOW: usize;

    /// For how many keys the sum with a row's factor, or the product, is at most `threshold`. Keys rise; factors of products are
    /// not negative.
    fn count<O: Operation>(self, factor: f64, keys: &[f64; LANES], threshold: f64) -> usize;

    /// Sums on both sides of `threshold`.
    fn divide(self, pairs: &Pairs, threshold: f64) -> Halves;

    /// As `divide`, and moves positions > `threshold` to the front of `right`, the rest to the front of `pairs`, both
    /// in their order. The two arrays of `right` must be as long as the padded `pairs`.
    fn partition(self, pairs: Pairs, threshold: f64, right: (&mut [f64], &mut [f64])) -> Halves;
}

/// Work that is compiled once for every instruction set. `run` has to be `#[inline(always)]`.
pub(crate) trait Job {
    type Output;
    fn run<K: Kernel>(self, kernel: K) -> Self::Output;
}

/// What operations on two distributions are compiled for. The later one is the faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum InstructionSet {
    /// Any machine's.
    Portable,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX-512 (F and VL).
    Avx512,
}

static LIMIT: AtomicU8 = AtomicU8::new(InstructionSet::Avx512 as u8);

/// Makes operations of this process use no instruction set beyond `limit`, on any thread. Results are the same with each: this is
/// for measuring and testing.
pub fn limit_instruction_set(limit: InstructionSet) {
    LIMIT.store(limit as u8, Ordering::Relaxed);
}

/// Runs a job with the best kernel of this machine.
pub(crate) fn with_best_kernel<J: Job>(job: J) -> J::Output {
    #[cfg(target_arch = "x86_64")]
    {
        let allowed = |set: InstructionSet| set as u8 <= LIMIT.load(Ordering::Relaxed);
        if allowed(InstructionSet::Avx512)
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the features were found a line above (popcnt and avx2 come with avx512vl).
            return unsafe { x86::on_avx512(job) };
        }
        if allowed(InstructionSet::Avx2) && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
            // SAFETY: the features were found a line above.
            return unsafe { x86::on_avx2(job) };
        }
    }
    job.run(Portable)
}

/// The instruction set that operations on two distributions use on this machine: `AVX-512`, `AVX2` or `portable`. Results are
/// the same with each.
#[must_use]
pub fn instruction_set() -> &'static str {
    struct Name;
    impl Job for Name {
        type Output = &'static str;

        #[inline(always)]
        fn run<K: Kernel>(self, _: K) -> &'static str {
            K::NAME
        }
    }
    with_best_kernel(Name)
}

/// The order in which lanes are added up.
#[inline(always)]
fn add_lanes(lane: [f64; LANES]) -> f64 {
    ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]))
}

/// The kernel for any machine, and the reference for the others.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Kernel for Portable {
    const NAME: &'static str = "portable";
    const WINDOW: usize = LANES;

    #[inline(always)]
    fn count<O: Operation>(self, factor: f64, keys: &[f64; LANES], threshold: f64) -> usize {
        // Every such machine has SSE2. Left to itself the compiler counts bits one by one.
        #[cfg(target_arch = "x86_64")]
        return x86::count_sse2::<O>(factor, keys, threshold);
        #[cfg(not(target_arch = "x86_64"))]
        return keys
            .iter()
            .map(|&key| usize::from(O::product(factor, key) <= threshold))
            .sum();
    }

    #[inline(always)]
    fn divide(self, pairs: &Pairs, threshold: f64) -> Halves {
        let mut lanes = PortableLanes::default();
        let end = pairs.len.next_multiple_of(LANES);
        let positions = pairs.positions[..end].as_chunks::<LANES>().0;
        let masses = pairs.masses[..end].as_chunks::<LANES>().0;
        let mut left_len = 0;
        for (positions, masses) in positions.iter().zip(masses) {
            left_len += lanes.add(positions, masses, threshold);
        }
        lanes.halves(left_len)
    }

    #[inline(always)]
    fn partition(self, pairs: Pairs, threshold: f64, right: (&mut [f64], &mut [f64])) -> Halves {
        // By side (right, left) and lane. Each element is added to one side only: two selections would cost more than they save.
        let (mut mass, mut moment) = ([[0.0; LANES]; 2], [[0.0; LANES]; 2]);
        let end = pairs.len.next_multiple_of(LANES);
        assert!(pairs.positions.len() >= end && pairs.masses.len() >= end);
        assert!(right.0.len() >= end && right.1.len() >= end);
        let (mut left_len, mut right_len) = (0, 0);
        for start in (0..end).step_by(LANES) {
            for lane in 0..LANES {
                // Each element is written to both sides, and one of the two counts. No branch: it would be a coin toss.
                // SAFETY: left_len + right_len = start + lane < end <= the length of all four arrays.
                unsafe {
                    let pair_position = *pairs.positions.get_unchecked(start + lane);
                    let pair_mass = *pairs.masses.get_unchecked(start + lane);
                    let goes_left = usize::from(pair_position <= threshold);
                    *pairs.positions.get_unchecked_mut(left_len) = pair_position;
                    *pairs.masses.get_unchecked_mut(left_len) = pair_mass;
                    *right.0.get_unchecked_mut(right_len) = pair_position;
                    *right.1.get_unchecked_mut(right_len) = pair_mass;
                    mass[goes_left][lane] += pair_mass;
                    moment[goes_left][lane] += pair_mass * pair_position;
                    left_len += goes_left;
                    right_len += 1 - goes_left;
                }
            }
        }
        PortableLanes {
            left_mass: mass[1],
            left_moment: moment[1],
            right_mass: mass[0],
            right_moment: moment[0],
        }
        .halves(left_len)
    }
}

#[derive(Default)]
struct PortableLanes {
    left_mass: [f64; LANES],
    left_moment: [f64; LANES],
    right_mass: [f64; LANES],
    right_moment: [f64; LANES],
}

impl PortableLanes {
    /// Adds eight pairs to their side; returns how many are left.
    #[inline(always)]
    fn add(&mut self, positions: &[f64; LANES], masses: &[f64; LANES], threshold: f64) -> usize {
        let mut left_len = 0;
        for lane in 0..LANES {
            let (position, mass) = (positions[lane], masses[lane]);
            let moment = mass * position;
            let left = position <= threshold;
            self.left_mass[lane] += if left { mass } else { 0.0 };
            self.left_moment[lane] += if left { moment } else { 0.0 };
            self.right_mass[lane] += if left { 0.0 } else { mass };
            self.right_moment[lane] += if left { 0.0 } else { moment };
            left_len += usize::from(left);
        }
        left_len
    }

    #[inline(always)]
    fn halves(self, left_len: usize) -> Halves {
        Halves {
            left_len,
            left: Sums {
                mass: add_lanes(self.left_mass),
                moment: add_lanes(self.left_moment),
            },
            right: Sums {
                mass: add_lanes(self.right_mass),
                moment: add_lanes(self.right_moment),
            },
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Halves, Job, Kernel, LANES, Operation, Pairs, Sums, add_lanes};
    use std::arch::x86_64::*;

    /// # Safety
    /// The machine must have the features.
    #[target_feature(enable = "avx512f,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) unsafe fn on_avx512<J: Job>(job: J) -> J::Output {
        job.run(Avx512(()))
    }

    /// # Safety
    /// The machine must have the features.
    #[target_feature(enable = "avx2,popcnt")]
    pub(super) unsafe fn on_avx2<J: Job>(job: J) -> J::Output {
        job.run(Avx2(()))
    }

    /// Exists only on machines with AVX-512: `on_avx512` makes it.
    #[derive(Clone, Copy)]
    pub(super) struct Avx512(pub(super) ());

    impl Kernel for Avx512 {
        const NAME: &'static str = "AVX-512";
        const WINDOW: usize = 2 * LANES;

        #[inline(always)]
        fn count<O: Operation>(self, factor: f64, keys: &[f64; LANES], threshold: f64) -> usize {
            // SAFETY: the features are there, or `self` would not be; the array has eight elements.
            unsafe {
                let (factor, keys) = (_mm512_set1_pd(factor), _mm512_loadu_pd(keys.as_ptr()));
                let results = if O::IS_PRODUCT {
                    _mm512_mul_pd(factor, keys)
                } else {
                    _mm512_add_pd(factor, keys)
                };
                _mm512_cmp_pd_mask::<_CMP_LE_OQ>(results, _mm512_set1_pd(threshold)).count_ones() as usize
            }
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

    /// [`Kernel::count`] with what every x86-64 has.
    #[inline(always)]
    pub(super) fn count_sse2<O: Operation>(factor: f64, keys: &[f64; LANES], threshold: f64) -> usize {
        let mut below = 0;
        for (pair, keys) in keys.as_chunks::<2>().0.iter().enumerate() {
            // SAFETY: SSE2 is part of x86-64; `keys` are two.
            unsafe {
                let (factor, keys) = (_mm_set1_pd(factor), _mm_loadu_pd(keys.as_ptr()));
                let results = if O::IS_PRODUCT {
                    _mm_mul_pd(factor, keys)
                } else {
                    _mm_add_pd(factor, keys)
                };
                below |= _mm_movemask_pd(_mm_cmple_pd(results, _mm_set1_pd(threshold))) << (2 * pair);
            }
        }
        // Results rise, so those up to the threshold come first.
        below.trailing_ones() as usize
    }

    #[target_feature(enable = "avx512f,avx512vl,popcnt")]
    fn lanes_avx512(lanes: __m512d) -> f64 {
        let mut array = [0.0; LANES];
        // SAFETY: the array has eight elements.
        unsafe { _mm512_storeu_pd(array.as_mut_ptr(), lanes) };
        add_lanes(array)
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
                mass: lanes_avx512(left_mass),
                moment: lanes_avx512(left_moment),
            },
            right: Sums {
                mass: lanes_avx512(right_mass),
                moment: lanes_avx512(right_moment),
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
                mass: lanes_avx512(left_mass),
                moment: lanes_avx512(left_moment),
            },
            right: Sums {
                mass: lanes_avx512(right_mass),
                moment: lanes_avx512(right_moment),
            },
        }
    }

    /// Exists only on machines with AVX2: `on_avx2` makes it.
    #[derive(Clone, Copy)]
    pub(super) struct Avx2(pub(super) ());

    impl Kernel for Avx2 {
        const NAME: &'static str = "AVX2";
        const WINDOW: usize = LANES;

        #[inline(always)]
        fn count<O: Operation>(self, factor: f64, keys: &[f64; LANES], threshold: f64) -> usize {
            // SAFETY: the features are there, or `self` would not be; the array has twice four elements.
            unsafe {
                let (factor, limit) = (_mm256_set1_pd(factor), _mm256_set1_pd(threshold));
                let (low, high) = (_mm256_loadu_pd(keys.as_ptr()), _mm256_loadu_pd(keys.as_ptr().add(HALF)));
                let (low, high) = if O::IS_PRODUCT {
                    (_mm256_mul_pd(factor, low), _mm256_mul_pd(factor, high))
                } else {
                    (_mm256_add_pd(factor, low), _mm256_add_pd(factor, high))
                };
                let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LE_OQ>(low, limit));
                let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LE_OQ>(high, limit));
                (low | high << HALF).count_ones() as usize
            }
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

    const HALF: usize = LANES / 2;

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
        let sum = |low: __m256d, high: __m256d| {
            let mut array = [0.0; LANES];
            // SAFETY: the array has eight elements.
            unsafe {
                _mm256_storeu_pd(array.as_mut_ptr(), low);
                _mm256_storeu_pd(array.as_mut_ptr().add(HALF), high);
            }
            add_lanes(array)
        };
        Halves {
            left_len,
            left: Sums {
                mass: sum(low.left_mass, high.left_mass),
                moment: sum(low.left_moment, high.left_moment),
            },
            right: Sums {
                mass: sum(low.right_mass, high.right_mass),
                moment: sum(low.right_moment, high.right_moment),
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;

    type Result = (Halves, Halves, Vec<f64>, Vec<f64>, Vec<f64>, Vec<f64>);

    /// Both loops on one part, with everything that they write.
    struct Both(Vec<f64>, Vec<f64>, f64);

    impl Job for Both {
        type Output = Result;
        #[inline(always)]
        fn run<K: Kernel>(self, kernel: K) -> Result {
            let Both(mut positions, mut masses, threshold) = self;
            let len = positions.len();
            positions.resize(len + LANES, 0.0);
            masses.resize(len + LANES, 0.0);
            let (mut right, mut right_masses) = (positions.clone(), masses.clone());
            let divided = kernel.divide(&Pairs::padded(&mut positions, &mut masses, len), threshold);
            let pairs = Pairs::padded(&mut positions, &mut masses, len);
            let parted = kernel.partition(pairs, threshold, (&mut right, &mut right_masses));
            positions.truncate(parted.left_len);
            masses.truncate(parted.left_len);
            right.truncate(len - parted.left_len);
            right_masses.truncate(len - parted.left_len);
            (divided, parted, positions, masses, right, right_masses)
        }
    }

    #[test]
    fn every_kernel_gives_the_same_bits() {
        let mut generator = Generator::new(1);
        for len in (0..40).chain([100, 1000, 4096]) {
            let positions: Vec<f64> = (0..len).map(|_| (generator.uniform() - 0.5) * 1e3).collect();
            let masses: Vec<f64> = (0..len).map(|_| generator.uniform()).collect();
            for threshold in [-1e4, -200.0, 0.0, positions.first().copied().unwrap_or(0.0), 1e4] {
                let job = || Both(positions.clone(), masses.clone(), threshold);
                let expected = job().run(Portable);
                let (left, right): (Vec<f64>, Vec<f64>) = positions.iter().partition(|&&x| x <= threshold);
                assert_eq!((&expected.2, &expected.4), (&left, &right), "a stable partition");
                assert_eq!(expected.0, expected.1);
                assert_eq!(with_best_kernel(job()), expected);
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
                    // SAFETY: the features were found a line above.
                    assert_eq!(unsafe { x86::on_avx2(job()) }, expected);
                } else {
                    eprintln!("NOT CHECKED: the AVX2 kernel (this machine has no AVX2)");
                }
            }
        }
        #[cfg(target_arch = "x86_64")]
        if !is_x86_feature_detected!("avx512f") {
            eprintln!("NOT CHECKED: the AVX-512 kernel (this machine has no AVX-512)");
        }
    }
}
