//! The inner loops of the split of pairs in memory, and steps of the sweep's search, sums and cuts, for AVX-512, AVX2 and any machine.
//!
//! All three give the same bits: sums run in eight lanes, element k of a part in lane k mod 8, and the lanes are added
//! in one fixed order at the end. No multiplication is fused with an addition. Tested equal at the end of this file.
//!
//! This and the inner loops of the [`sweep`](super::sweep), its visits and searches, are the crate's only unsafe code:
//! stable Rust has no portable compress instruction, and bounds checks in these loops cost more than the loops.

#[cfg(target_arch = "x86_64")]
mod x86;

use super::operation::Operation;
use super::sweep::columns::Prefix;
use super::sweep::rows::Row;
use std::sync::atomic::{AtomicU8, Ordering};

/// Elements that a step of a kernel takes. Arrays are padded to a multiple of it.
pub(crate) const LANES: usize = 8;
/// Half of them.
pub(crate) const HALF: usize = LANES / 2;

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
    pub(crate) fn minus(self, other: Sums) -> Sums {
        Sums {
            mass: self.mass - other.mass,
            moment: self.moment - other.moment,
        }
    }

    #[inline(always)]
    pub(crate) fn mean(&self) -> f64 {
        self.moment / self.mass
    }
}

/// Mass and moment of two parts of a node in the making.
#[derive(Clone, Copy, Default)]
pub(crate) struct PartSums {
    /// Mass and moment of the first part, then of the second.
    sums: [f64; 4],
    /// At the place of each mass what the rows add to the moment of sums (beside it is nothing of use).
    shifts: [f64; 4],
}

impl PartSums {
    #[inline(always)]
    pub(crate) fn sums(&self) -> [Sums; 2] {
        let part = |at: usize| Sums {
            mass: self.sums[at],
            moment: self.sums[at + 1] + self.shifts[at],
        };
        [part(0), part(2)]
    }
}

/// What is up to each of some thresholds.
#[derive(Clone, Copy)]
pub(crate) struct Cut<const PARTS: usize> {
    /// Moments are about 0.
    pub(crate) sums: [Sums; PARTS],
    /// Of quotients, the least result above each threshold; infinite if there is none.
    pub(crate) next: [f64; PARTS],
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

    /// Among how many columns a boundary is found by counting, no longer by halving: 8 or 16.
    const WINDOW: usize;
    /// Whether to count among four columns takes less time than among eight.
    const COUNTS_FOUR: bool;

    /// Runs a job with this kernel in a function of its own: a loop among others in one function gets its registers by chance.
    fn apart<J: Job>(self, job: J) -> J::Output;

    /// For how many keys the sum with a row's factor, or the product, is at most `threshold`. There are 4, 8 or 16; factors of
    /// products are not negative.
    fn count<O: Operation, const COLUMNS: usize>(self, factor: f64, keys: &[f64; COLUMNS], threshold: f64) -> usize;

    /// Adds columns of a row to two parts: for each those between two running sums.
    fn add<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [[&Prefix; 2]; 2]);

    /// The same for the first part alone.
    fn add_first<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [&Prefix; 2]);

    /// A [`Cut`] in the making, in eight lanes: column k of a row, counted from the row's first one, in lane k mod 4 of either half.
    type Lanes<const PARTS: usize>: Copy;

    /// Without results.
    fn lanes<const PARTS: usize>(self) -> Self::Lanes<PARTS>;

    /// Adds four results of a row, whose keys and masses are given, to the upper lanes or the lower ones.
    fn add_results<O: Operation, const PARTS: usize, const UPPER: bool>(
        self,
        lanes: &mut Self::Lanes<PARTS>,
        row: Row,
        columns: [&[f64; HALF]; 2],
        thresholds: [f64; PARTS],
    );

    /// All lanes together.
    fn cut<const PARTS: usize>(self, lanes: Self::Lanes<PARTS>) -> Cut<PARTS>;

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
    /// x86-64 with AVX-512 (F, VL and DQ).
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
            && is_x86_feature_detected!("avx512dq")
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

/// The less of two numbers; the second one if the first is NaN.
#[inline(always)]
pub(crate) fn less(a: f64, b: f64) -> f64 {
    // The instruction itself: the compiler would compare several pairs at a time, and take longer to bring them together.
    #[cfg(target_arch = "x86_64")]
    return x86::less_sse2(a, b);
    #[cfg(not(target_arch = "x86_64"))]
    return if a < b { a } else { b };
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
    const WINDOW: usize = 8;
    const COUNTS_FOUR: bool = true;

    #[inline(never)]
    fn apart<J: Job>(self, job: J) -> J::Output {
        job.run(self)
    }

    #[inline(always)]
    fn count<O: Operation, const COLUMNS: usize>(self, factor: f64, keys: &[f64; COLUMNS], threshold: f64) -> usize {
        // Every such machine has SSE2. Left to itself the compiler counts bits one by one.
        #[cfg(target_arch = "x86_64")]
        return x86::count_sse2::<O, COLUMNS>(factor, keys, threshold);
        #[cfg(not(target_arch = "x86_64"))]
        return keys
            .iter()
            .map(|&key| usize::from(O::product(factor, key) <= threshold))
            .sum();
    }

    #[inline(always)]
    fn add<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [[&Prefix; 2]; 2]) {
        for (part, prefixes) in prefixes.into_iter().enumerate() {
            add_part::<O>(parts, part, row, prefixes);
        }
    }

    #[inline(always)]
    fn add_first<O: Operation>(self, parts: &mut PartSums, row: Row, prefixes: [&Prefix; 2]) {
        add_part::<O>(parts, 0, row, prefixes);
    }

    type Lanes<const PARTS: usize> = CutLanes<PARTS>;

    #[inline(always)]
    fn lanes<const PARTS: usize>(self) -> CutLanes<PARTS> {
        CutLanes {
            sums: [[[0.0; LANES]; 2]; PARTS],
            next: [[f64::INFINITY; 2]; PARTS],
        }
    }

    #[inline(always)]
    fn add_results<O: Operation, const PARTS: usize, const UPPER: bool>(
        self,
        lanes: &mut CutLanes<PARTS>,
        row: Row,
        columns: [&[f64; HALF]; 2],
        thresholds: [f64; PARTS],
    ) {
        // As for `count`.
        #[cfg(target_arch = "x86_64")]
        x86::add_results_sse2::<O, PARTS, UPPER>(lanes, row, columns, thresholds);
        #[cfg(not(target_arch = "x86_64"))]
        for column in 0..HALF {
            let lane = column + if UPPER { HALF } else { 0 };
            let (result, mass) = (
                O::product(row.factor, columns[0][column]),
                row.weights[0] * columns[1][column],
            );
            for (([sum_mass, sum_moment], [next, _]), threshold) in
                lanes.sums.iter_mut().zip(&mut lanes.next).zip(thresholds)
            {
                let is_up_to = result <= threshold;
                sum_mass[lane] += if is_up_to { mass } else { 0.0 };
                sum_moment[lane] += if is_up_to { mass * result } else { 0.0 };
                *next = if !is_up_to && result < *next { result } else { *next };
            }
        }
    }

    #[inline(always)]
    fn cut<const PARTS: usize>(self, lanes: CutLanes<PARTS>) -> Cut<PARTS> {
        let mut sums = [Sums::default(); PARTS];
        for (sums, [mass, moment]) in sums.iter_mut().zip(lanes.sums) {
            *sums = Sums {
                mass: add_lanes(mass),
                moment: add_lanes(moment),
            };
        }
        let mut next = [0.0; PARTS];
        for (next, [a, b]) in next.iter_mut().zip(lanes.next) {
            *next = less(a, b);
        }
        Cut { sums, next }
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

/// Adds columns of a row to a part.
#[inline(always)]
fn add_part<O: Operation>(parts: &mut PartSums, part: usize, row: Row, [from, to]: [&Prefix; 2]) {
    // As for `count`.
    #[cfg(target_arch = "x86_64")]
    x86::add_part_sse2::<O>(parts, part, row, [from, to]);
    #[cfg(not(target_arch = "x86_64"))]
    {
        let sum = |at: usize| (to.0[at] - from.0[at]) + (to.0[at + 2] - from.0[at + 2]);
        let (mass, moment, part) = (sum(0), sum(1), 2 * part);
        parts.sums[part] += mass * row.weights[0];
        if O::IS_PRODUCT {
            parts.sums[part + 1] += moment * row.weights[1];
        } else {
            parts.sums[part + 1] += moment * row.weights[0];
            parts.shifts[part] += mass * row.weights[1];
        }
    }
}

/// The portable [`Kernel::Lanes`]: by part, mass and moment.
#[derive(Clone, Copy)]
pub(crate) struct CutLanes<const PARTS: usize> {
    sums: [[[f64; LANES]; 2]; PARTS],
    /// In two lanes.
    next: [[f64; 2]; PARTS],
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
