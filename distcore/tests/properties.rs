//! What must hold for every value: algebra, order, mass, special values, round trips.
//!
//! Values are random but reproducible: proptest picks a seed and a size, the crate's named generator does the rest. So
//! positions are never on a lattice, where a mean may tie with a position.

use distcore::ux::UxValue;
use distcore::{
    Arithmetic, BinaryFn, Distribution, Format::F64, FusedFn, Generator, Representation, SpecialMass, UnaryFn,
};
use proptest::prelude::*;

fn athens(precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(Representation::Athens, precision).expect("a precision in range")
}

/// `len` Diracs with uneven masses at random places between `low` and `high`, in no order.
fn value(seed: u64, len: usize, low: f64, high: f64) -> Distribution {
    let mut generator = Generator::new(seed);
    let samples: Vec<(f64, f64)> = (0..len)
        .map(|_| (low + (high - low) * generator.uniform(), 0.5 + generator.uniform()))
        .collect();
    athens(len.max(2)).weighted_samples(&samples, F64)
}

/// As `value`, a tenth of it at each special value.
fn special_value(seed: u64, len: usize) -> Distribution {
    let finite = value(seed, len, -2.0, 2.0);
    let masses: Vec<f64> = finite.masses().iter().map(|mass| 0.7 * mass).collect();
    let special = SpecialMass {
        nan: 0.1,
        negative_infinity: 0.1,
        positive_infinity: 0.1,
    };
    Distribution::from_all_parts(finite.positions(), &masses, special, Representation::Athens).expect("a value")
}

fn range(x: &Distribution) -> f64 {
    x.support_max() - x.support_min()
}

/// Every sum over at most 2^16 pairs is good to some 1e-14 of the range; 1e-12 leaves room for the depth of the tree.
const ROUNDING: f64 = 1e-12;

const FUNCTIONS: [BinaryFn; 24] = [
    BinaryFn::Add,
    BinaryFn::Sub,
    BinaryFn::Mul,
    BinaryFn::Div,
    BinaryFn::Min,
    BinaryFn::Max,
    BinaryFn::Fmin,
    BinaryFn::Fmax,
    BinaryFn::Copysign,
    BinaryFn::CopysignNegated,
    BinaryFn::CopysignXor,
    BinaryFn::Equal,
    BinaryFn::Less,
    BinaryFn::LessEqual,
    BinaryFn::Pow,
    BinaryFn::Hypot,
    BinaryFn::Atan2,
    BinaryFn::Fmod,
    BinaryFn::Remainder,
    BinaryFn::Fdim,
    BinaryFn::Nextafter,
    BinaryFn::Ldexp,
    BinaryFn::Jn,
    BinaryFn::Yn,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sums_and_products_commute(seed: u64, n in 4usize..200, x_len in 2usize..200, y_len in 2usize..200) {
        let (x, y) = (value(seed, x_len, -1.0, 3.0), value(!seed, y_len, 2.0, 5.0));
        // Bit for bit: compilers swap operands.
        for function in [BinaryFn::Add, BinaryFn::Mul, BinaryFn::Hypot, BinaryFn::Max, BinaryFn::Min] {
            prop_assert_eq!(athens(n).binary(function, &x, &y, F64), athens(n).binary(function, &y, &x, F64));
        }
        let minus_y = athens(n).unary(UnaryFn::Neg, &y, F64);
        let difference = athens(n).binary(BinaryFn::Sub, &x, &y, F64);
        prop_assert_eq!(&difference, &athens(n).binary(BinaryFn::Add, &x, &minus_y, F64));
        prop_assert_eq!(&difference, &athens(n).binary(BinaryFn::Add, &minus_y, &x, F64));
    }

    #[test]
    fn operations_move_and_stretch_with_their_operands(seed: u64, n in 4usize..200, shift in -10.0..10.0f64, scale in 0.1..10.0f64) {
        let (x, y) = (value(seed, 90, -1.0, 3.0), value(!seed, 110, 2.0, 5.0));
        let core = athens(n);
        let sum = core.binary(BinaryFn::Add, &x, &y, F64);
        let moved = core.binary(BinaryFn::Add, &core.binary(BinaryFn::Add, &x, shift, F64), &y, F64);
        prop_assert!(moved.wasserstein_1(&core.binary(BinaryFn::Add, &sum, shift, F64)) <= ROUNDING * range(&sum));
        let product = core.binary(BinaryFn::Mul, &x, &y, F64);
        let stretched = core.binary(BinaryFn::Mul, &core.binary(BinaryFn::Mul, &x, scale, F64), &y, F64);
        let expected = core.binary(BinaryFn::Mul, &product, scale, F64);
        prop_assert!(stretched.wasserstein_1(&expected) <= ROUNDING * range(&expected));
    }

    #[test]
    fn the_mean_of_a_sum_is_the_sum_of_the_means(seed: u64, n in 4usize..300, x_len in 2usize..300, y_len in 2usize..300) {
        let (x, y) = (value(seed, x_len, -1.0, 3.0), value(!seed, y_len, 1e3, 1e3 + 5.0));
        let sum = athens(n).binary(BinaryFn::Add, &x, &y, F64);
        // A position near 1e3 is itself only good to 1e-13, 2e-14 of the range.
        prop_assert!((sum.mean() - (x.mean() + y.mean())).abs() <= ROUNDING * range(&sum));
        let product = athens(n).binary(BinaryFn::Mul, &x, &y, F64);
        prop_assert!((product.mean() - x.mean() * y.mean()).abs() <= ROUNDING * range(&product));
    }

    #[test]
    fn masses_stay_normalised_and_special_ones_are_exact(seed: u64, n in 4usize..100, x_len in 2usize..80, y_len in 2usize..80) {
        let (x, y) = (special_value(seed, x_len), special_value(!seed, y_len));
        for function in FUNCTIONS {
            for representation in [Representation::Athens, Representation::Zurich, Representation::Jupiter] {
                let core = Arithmetic::new(representation, n).expect("a precision");
                let result = core.binary(function, &x, &y, F64);
                let total = result.finite_mass() + result.special().total();
                prop_assert!((total - 1.0).abs() <= ROUNDING, "{function:?} {representation:?}: {total}");
                let mut special = SpecialMass::default();
                for (x, x_mass) in x.diracs().chain(x.special().diracs()) {
                    for (y, y_mass) in y.diracs().chain(y.special().diracs()) {
                        special.absorb(function.evaluate(x, y, F64), x_mass * y_mass);
                    }
                }
                let ours = result.special();
                prop_assert!((ours.nan - special.nan).abs() <= ROUNDING, "{function:?} {representation:?}");
                let infinities = (ours.negative_infinity - special.negative_infinity).abs()
                    + (ours.positive_infinity - special.positive_infinity).abs();
                prop_assert!(infinities <= ROUNDING, "{function:?} {representation:?}: {ours:?} {special:?}");
            }
        }
    }

    #[test]
    fn monotone_maps_keep_order_and_masses(seed: u64, len in 2usize..300) {
        let core = athens(len.max(2));
        let ascending = core.binary(BinaryFn::Add, &value(seed, len, 0.1, 2.0), &value(!seed, len, 0.1, 2.0), F64);
        prop_assume!(ascending.positions().is_sorted());
        for function in [UnaryFn::Exp, UnaryFn::Log, UnaryFn::Sqrt, UnaryFn::Atan, UnaryFn::Cbrt, UnaryFn::Erf] {
            let mapped = core.unary(function, &ascending, F64);
            prop_assert!(mapped.positions().is_sorted(), "{function:?}");
            prop_assert_eq!(mapped.masses(), ascending.masses());
        }
    }

    #[test]
    fn no_value_has_more_diracs_than_the_precision(seed: u64, n in 2usize..200) {
        let (x, y) = (value(seed, 150, -1.0, 1.0), value(!seed, 150, -1.0, 1.0));
        for function in [BinaryFn::Add, BinaryFn::Div, BinaryFn::Pow] {
            prop_assert!(athens(n).binary(function, &x, &y, F64).len() <= n);
        }
        prop_assert!(athens(n).samples(x.positions(), F64).len() <= n);
    }

    #[test]
    fn printing_and_parsing_gives_the_value_back(seed: u64, len in 2usize..100, binary: bool) {
        let x = special_value(seed, len);
        let ux = x.to_ux(Some(x.finite_mean()), F64);
        let parsed = if binary {
            UxValue::parse_binary(&ux.to_binary(), None).expect("own bytes").0
        } else {
            UxValue::parse_text(ux.to_text("1.5").as_bytes()).expect("own text").0
        };
        let again = Distribution::from_ux(&parsed).expect("a value");
        prop_assert_eq!(again.positions(), x.positions());
        // Masses are cut to units of 2^-63.
        let unit = 2f64.powi(-63);
        prop_assert!(again.masses().iter().zip(x.masses()).all(|(again, mass)| (again - mass).abs() <= unit));
        prop_assert!((again.special().nan - x.special().nan).abs() <= unit);
        prop_assert_eq!(Distribution::from_ux(&again.to_ux(None, F64)).expect("a value"), again);
    }

    #[test]
    fn fused_is_a_multiplication_then_an_addition(seed: u64, n in 4usize..100) {
        let (a, b, c) = (value(seed, 40, -1.0, 2.0), value(!seed, 50, 1.0, 2.0), value(seed ^ 1, 60, 3.0, 4.0));
        let core = athens(n);
        let product = core.binary(BinaryFn::Mul, &a, &b, F64);
        prop_assert_eq!(
            core.fused(FusedFn::MultiplyAdd, &a, &b, &c, F64),
            core.binary(BinaryFn::Add, &product, &c, F64)
        );
        let negated = core.unary(UnaryFn::Neg, &product, F64);
        prop_assert_eq!(
            core.fused(FusedFn::NegatedMultiplySub, &a, &b, &c, F64),
            core.binary(BinaryFn::Sub, &negated, &c, F64)
        );
        // One uncertain operand: rounded once.
        let once = core.fused(FusedFn::MultiplySub, &a, 3.0, 0.1, F64);
        prop_assert!(once.positions().iter().zip(a.positions()).all(|(&z, &a)| z == a.mul_add(3.0, -0.1)));
    }
}
