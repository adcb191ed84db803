//! What the representations promise, case by case.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use distcore::{
    Arithmetic, BinaryFn, Distribution, Format, Format::F64, IntegerFn, IntegerType, Law, Operand, Representation,
    Rounding, UnaryFn,
};

fn core(representation: Representation, precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(representation, precision).expect("a precision in range")
}

fn athens(precision: usize) -> Arithmetic<'static> {
    core(Representation::Athens, precision)
}

fn gauss(mean: f64, stddev: f64) -> Law {
    Law::gauss(mean, stddev).expect("a law")
}

fn die(core: Arithmetic) -> Distribution {
    core.samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64)
}

/// The numbers of ways to throw 3 to 18 with three dice.
const THREE_DICE: [u32; 16] = [1, 3, 6, 10, 15, 21, 25, 27, 27, 25, 21, 15, 10, 6, 3, 1];

#[test]
fn three_dice_have_sixteen_exact_atoms() {
    for representation in [Representation::Athens, Representation::Jupiter] {
        let core = core(representation, 32);
        let two = core.binary(BinaryFn::Add, &die(core), &die(core), F64);
        let three = core.binary(BinaryFn::Add, &two, &die(core), F64).merged();
        assert_eq!(three.len(), 16);
        for (k, &(position, mass)) in three.iter().enumerate() {
            assert_eq!(position, 3.0 + k as f64);
            assert!((mass - f64::from(THREE_DICE[k]) / 216.0).abs() < 1e-15);
        }
    }
}

#[test]
fn comparisons_are_exact_coins() {
    let core = athens(32);
    let less = core.binary(BinaryFn::Less, &die(core), &die(core), F64);
    assert_eq!(less.positions(), [0.0, 1.0]);
    assert!((less.mean() - 15.0 / 36.0).abs() < 1e-15);
    let equal = core.binary(BinaryFn::Equal, &die(core), 4.0, F64);
    assert!((equal.mean() - 1.0 / 6.0).abs() < 1e-15);
}

/// Every Dirac of the precision is used, so more Diracs are never worse.
#[test]
fn a_precision_that_is_no_power_of_two_is_used_in_full() {
    let truth = athens(8000).law(&gauss(0.0, 1.0), F64);
    let mut last = f64::INFINITY;
    for n in [32, 40, 48, 56, 64, 100, 128] {
        let value = athens(n).law(&gauss(0.0, 1.0), F64);
        assert_eq!(value.len(), n);
        let distance = value.wasserstein_1(&truth);
        assert!(distance < last, "{n}: {distance} after {last}");
        last = distance;
    }
}

#[test]
fn samples_are_never_merged() {
    let value = athens(32).samples(&[2.0, 1.0, 2.0], F64);
    assert_eq!(value.positions(), [2.0, 1.0, 2.0]);
}

#[test]
fn zurich_is_a_grid() {
    let zurich = core(Representation::Zurich, 8);
    let value = zurich.samples(&[0.0, 1.0, 6.9, 7.0], F64);
    assert_eq!(value.positions(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    assert_eq!(value.masses(), [0.25, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]);
    let uniform = zurich.law(&Law::uniform(0.0, 8.0).expect("a law"), F64);
    assert_eq!(uniform.positions(), [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
    assert!(uniform.masses().iter().all(|mass| (mass - 0.125).abs() < 1e-15));
    let sum = zurich.binary(BinaryFn::Add, &uniform, &uniform, F64);
    assert_eq!((sum.support_min(), sum.support_max(), sum.len()), (1.0, 15.0, 8));
    let normal = zurich.law(&gauss(5.0, 2.0), F64);
    assert!((normal.finite_mass() - 1.0).abs() < 1e-14 && (normal.mean() - 5.0).abs() < 1e-12);
    assert_eq!(zurich.samples(&[3.0, 3.0], F64).positions(), [3.0]);
}

#[test]
fn jupiter_is_the_outer_product_up_to_its_bound() {
    let jupiter = core(Representation::Jupiter, 32);
    let x = jupiter.law(&gauss(0.0, 1.0), F64);
    let product = jupiter.binary(BinaryFn::Mul, &x, &x, F64);
    assert_eq!(product.len(), 1024);
    assert_eq!(product.positions()[32 * 3 + 5], x.positions()[3] * x.positions()[5]);
    // 1024 * 1024 pairs are beyond the bound: split to two dimensions' worth, the mean kept.
    let square = jupiter.binary(BinaryFn::Add, &product, &product, F64);
    assert_eq!(square.len(), 1024);
    assert!((square.central_moment(2) / (2.0 * product.central_moment(2)) - 1.0).abs() < 1e-3);
}

#[test]
fn floats_are_floats() {
    let core = athens(64);
    let x = core.law(&gauss(0.1, 0.3), Format::F32);
    let y = core.binary(BinaryFn::Mul, &x, &core.law(&gauss(2.0, 0.1), Format::F32), Format::F32);
    let z = core.unary(UnaryFn::Exp, &y, Format::F32);
    for value in [&x, &y, &z] {
        assert!(
            value
                .positions()
                .iter()
                .all(|&position| f64::from(position as f32) == position)
        );
    }
    // Overflow of float is infinite mass, not an infinite position.
    let large = core.binary(BinaryFn::Mul, &z, 3e38, Format::F32);
    assert!(large.special().positive_infinity > 0.1);
}

#[test]
fn integers_beyond_2_to_the_53_are_exact() {
    let core = athens(32);
    let big = i64::MAX - 5;
    let offset = core.samples(&[0.0, 1.0, 2.0, 3.0], F64);
    let value = core.integer(IntegerFn::Add, IntegerType::I64, &offset, big);
    assert_eq!(
        value.integer_positions(),
        (0..4).map(|k| i128::from(big) + k).collect::<Vec<_>>()
    );
    let back = core.integer(IntegerFn::Sub, IntegerType::I64, &value, big);
    assert_eq!(back.positions(), [0.0, 1.0, 2.0, 3.0]);
    // Two of them: 7 atoms that f64 cannot tell apart.
    let sum = core.integer(IntegerFn::Add, IntegerType::U64, &value, &offset);
    assert_eq!(
        sum.integer_positions(),
        (0..7).map(|k| i128::from(big) + k).collect::<Vec<_>>()
    );
    let wrapped = core.unary(UnaryFn::Wrap(IntegerType::I32), &value, F64);
    assert_eq!(wrapped.integer_positions(), [-6, -5, -4, -3]);
    let low = core.integer(IntegerFn::And, IntegerType::I64, &value, 3i64);
    assert_eq!(low.integer_positions(), [2, 3, 0, 1]);
    let saturated = core.unary(UnaryFn::ToInteger(IntegerType::I64, Rounding::TowardZero), &value, F64);
    assert_eq!(saturated.integer_positions(), value.integer_positions());
}

#[test]
fn many_integers_are_reduced_to_integers() {
    let core = athens(32);
    let now = 1_700_000_000_000_000_000i64;
    let jitter = core.unary(
        UnaryFn::ToInteger(IntegerType::I64, Rounding::NearestEven),
        &core.law(&gauss(0.0, 1000.0), F64),
        F64,
    );
    let time = core.integer(IntegerFn::Add, IntegerType::I64, &jitter, now);
    let later = core.integer(IntegerFn::Add, IntegerType::I64, &time, &jitter);
    assert_eq!(later.len(), 32);
    let spread = core.integer(IntegerFn::Sub, IntegerType::I64, &later, now);
    // Doubles near 1.7e18 are 256 apart: a spread of 1414 would be lost in them. 32 Diracs lose some percent of it.
    let expected = 2.0 * jitter.central_moment(2);
    assert!(
        (spread.central_moment(2) / expected - 1.0).abs() < 0.03,
        "{}",
        spread.central_moment(2)
    );
    assert!(spread.positions().iter().all(|position| position.fract() == 0.0));
}

#[test]
fn conversions_saturate_and_special_values_become_integers() {
    let core = athens(32);
    let x = core.samples(&[1.5, -2.5, 1e10, f64::NAN], F64);
    let x = core.unary(UnaryFn::ToInteger(IntegerType::I32, Rounding::NearestEven), &x, F64);
    assert_eq!(
        x.integer_positions(),
        [2, -2, i128::from(i32::MAX), i128::from(i32::MAX)]
    );
    assert_eq!(x.special().total(), 0.0);
}

#[test]
fn mixtures_weigh_their_parts() {
    let core = athens(32);
    let coin = core.samples(&[0.0, 1.0], F64);
    let mixed = core.mixture(&coin, 5.0, 0.25, F64);
    assert_eq!(
        mixed.diracs().collect::<Vec<_>>(),
        [(0.0, 0.125), (1.0, 0.125), (5.0, 0.75)]
    );
    // Only the mean of the weight matters; it is clipped first.
    let weight = core.samples(&[-1.0, 1.0], F64);
    assert_eq!(core.mixture(1.0, 2.0, &weight, F64).mean(), 1.5);
    let many = core.mixture(
        &core.law(&gauss(0.0, 1.0), F64),
        &core.law(&gauss(9.0, 1.0), F64),
        0.5,
        F64,
    );
    assert_eq!(many.len(), 32);
    assert!((many.mean() - 4.5).abs() < 1e-13);
    assert!(core.mixture(1.0, 2.0, f64::NAN, F64).mean().is_nan());
}

#[test]
fn questions_to_special_mass() {
    let x = athens(8).samples(&[1.0, 2.0, f64::INFINITY, 3.0], F64);
    assert_eq!(x.mean(), f64::INFINITY);
    assert_eq!(x.probability_above(2.0), 0.5);
    assert_eq!((x.quantile(0.75), x.quantile(1.0)), (3.0, f64::INFINITY));
    assert_eq!((x.support_min(), x.support_max()), (1.0, f64::INFINITY));
    assert!(x.central_moment(2).is_nan());
    let nan = athens(8).samples(&[1.0, f64::NAN], F64);
    assert!(nan.mean().is_nan() && nan.quantile(0.9).is_nan());
    assert_eq!(nan.quantile(0.5), 1.0);
    assert_eq!(nan.mode(1), 1.0);
    assert!(nan.mode(2).is_nan() && nan.mode(0).is_nan());
}

#[test]
fn posterior_takes_uncertain_evidence() {
    let prior = Distribution::from_parts(&[0.25, 0.75], &[0.5, 0.5]).expect("a value");
    let coin = |p: f64| Distribution::from_parts(&[0.0, 1.0], &[1.0 - p, p]).expect("a value");
    let evidence = coin(0.5);
    let posterior = prior.posterior(Operand::Uncertain(&evidence), coin);
    assert!((posterior.mean() - 0.5).abs() < 1e-15);
}

#[test]
fn a_cancelled_operation_gives_up() {
    let (flag, core) = (AtomicBool::new(false), athens(4096));
    let x = core.law(&gauss(1.0, 0.1), F64);
    let start = Instant::now();
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            flag.store(true, Ordering::Relaxed);
        });
        // 16 million powers take seconds.
        core.cancelled_by(&flag).binary(BinaryFn::Pow, &x, &x, F64)
    });
    assert!(result.mean().is_nan());
    // A thread of a busy machine may wait its turn for a while, but not as long as the operation would take.
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
