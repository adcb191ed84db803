//! Answers at the edge of the number range, and where Diracs have no mass.

use distcore::{
    Arithmetic, Distribution, Format, Format::F64, IntegerFn, IntegerType, Law, Representation, SpecialMass, UnaryFn,
};

fn core(representation: Representation, precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(representation, precision).expect("a precision in range")
}

fn athens(precision: usize) -> Arithmetic<'static> {
    core(Representation::Athens, precision)
}

fn evenly(positions: &[f64]) -> Distribution {
    Distribution::from_parts(positions, &vec![1.0 / positions.len() as f64; positions.len()]).expect("finite positions")
}

#[test]
fn a_dirac_without_mass_moves_no_moment() {
    let value = Distribution::from_parts(&[0.0, 1.0, 1e200], &[0.5, 0.5, 0.0]).expect("a distribution");
    assert_eq!(
        (value.mean(), value.central_moment(2), value.standard_deviation()),
        (0.5, 0.25, 0.5)
    );
}

#[test]
fn moments_that_overflow_are_infinite() {
    let value = evenly(&[-1e200, 1e200]);
    assert_eq!((value.mean(), value.central_moment(2)), (0.0, f64::INFINITY));
    assert_eq!(value.standard_deviation(), 1e200);
}

#[test]
fn a_deviation_is_finite_if_it_is_in_range() {
    // mpmath at 40 digits. The exponential function multiplies the error of its argument, 2^-53 of some 400, by that.
    for (mu, sigma, expected) in [
        (-100.0, 27.0, 1.483_300_411_286_660_7e273),
        (-700.0, 30.0, 7.225_973_768_125_749e86),
        (0.0, 2.0, 54.095_839_368_740_59),
        (1.0, 0.001, 2.718_283_867_171_237_7e-3),
    ] {
        let deviation = Law::lognormal(mu, sigma).expect("a law").deviation();
        assert!(
            (deviation / expected - 1.0).abs() < 2e-13,
            "{deviation}, not {expected}"
        );
    }
}

#[test]
fn weights_may_be_as_large_as_numbers_are() {
    let value = athens(32).weighted_samples(&[(1.0, 1e308), (2.0, 1e308)], F64);
    assert_eq!((value.positions(), value.masses()), (&[1.0, 2.0][..], &[0.5, 0.5][..]));
}

#[test]
fn distances_do_not_mind_roundings_of_infinite_mass() {
    let below = |mass: f64, positions: &[f64], masses: &[f64]| {
        let special = SpecialMass {
            negative_infinity: mass,
            ..SpecialMass::default()
        };
        Distribution::from_all_parts(positions, masses, special, Representation::Athens).expect("a distribution")
    };
    let (f, g) = (
        below(0.1, &[0.0, 1.0], &[0.2, 0.7]),
        below(0.1, &[0.0, 1.0, 2.0], &[0.1, 0.2, 0.6]),
    );
    // F is above G by 0.1 between 0 and 1, by 0.6 between 1 and 2.
    assert!((f.wasserstein_1(&g) - 0.7).abs() < 1e-14);
}

/// The running sum of thousands of masses is off by more than the slack of 2^-46, if nothing compensates it.
#[test]
fn quantiles_of_many_equal_masses_are_the_right_ones() {
    for n in [4999, 8000] {
        let value = evenly(&(1..=n).map(f64::from).collect::<Vec<f64>>());
        for k in 1..=n {
            let p = f64::from(k) / f64::from(n);
            assert_eq!(value.quantile(p), f64::from(k), "of {n}");
        }
    }
}

/// Squares of the distances overflow, or are 0.
#[test]
fn joint_samples_are_split_at_any_scale() {
    let rows = |scale: f64| -> Vec<f64> { (0..400).map(|k| scale * f64::from(k * 7919 % 400)).collect() };
    let leaves = |scale: f64| athens(32).joint_samples(&rows(scale), 2, F64).masses().len();
    assert_eq!((leaves(1.0), leaves(1e170), leaves(1e-170)), (32, 32, 32));
    let none = athens(32).joint_samples(&[], 2, F64);
    assert!(none.marginal(1).expect("a value").special().nan == 1.0);
}

#[test]
fn grids_end_where_numbers_do() {
    let zurich = core(Representation::Zurich, 32);
    for law in [Law::exponential(1e307), Law::gauss(0.0, 1e308)] {
        let value = zurich.law(&law.expect("a law"), F64);
        let mass: f64 = value.masses().iter().sum();
        assert!(value.len() == 32 && (mass - 1.0).abs() < 1e-12, "{value:?}");
    }
}

#[test]
fn deviations_that_overflow_are_infinite() {
    assert_eq!(Law::weibull(0.0059, 1.0).expect("a law").deviation(), f64::INFINITY);
}

#[test]
fn positions_beyond_float_are_one_infinite_dirac() {
    let value = evenly(&[1e300, 0.0, 2e300, -1e300]).to_ux(None, Format::F32);
    let diracs: Vec<(f64, u64)> = value.diracs.iter().map(|dirac| (dirac.position, dirac.mass)).collect();
    let quarter = 1u64 << 61;
    assert_eq!(
        diracs,
        [
            (0.0, quarter),
            (f64::NEG_INFINITY, quarter),
            (f64::INFINITY, 2 * quarter)
        ]
    );
    assert!(value.mean.is_nan());
}

#[test]
fn fewer_integers_are_still_of_their_type() {
    let x = athens(64).samples(&(0..50).map(|k| 3.0 * f64::from(k)).collect::<Vec<f64>>(), F64);
    let wide = athens(64).integer(IntegerFn::Add, IntegerType::U64, &x, u64::MAX - 160);
    let fewer = athens(4).compressed(&wide).integer_positions();
    let range = i128::from(u64::MAX) - 160..=i128::from(u64::MAX);
    assert!(fewer.iter().all(|value| range.contains(value)), "{fewer:?}");
}

#[test]
fn what_is_certain_is_of_the_representation_as_well() {
    let zurich = core(Representation::Zurich, 32);
    assert_eq!(
        zurich.binary(distcore::BinaryFn::Add, 1.0, 2.0, F64).representation(),
        Representation::Zurich
    );
}

/// What glibc gives on RISC-V, by qemu-riscv64: FP_ILOGB0 is -INT_MAX.
#[test]
fn ilogb_of_no_ordinary_number() {
    let ilogb = |x: f64| UnaryFn::Ilogb.evaluate(x, F64);
    assert_eq!(
        (ilogb(0.0), ilogb(f64::NAN), ilogb(f64::INFINITY)),
        (-2147483647.0, 2147483647.0, 2147483647.0)
    );
}
