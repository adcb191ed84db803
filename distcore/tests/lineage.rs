//! Lineage: identities, equality with untracked arithmetic, observation, and bounded memory.

use std::sync::Arc;

use distcore::lineage::{Graph, Limits, NodeId, Statistics};
use distcore::{
    Arithmetic, BinaryFn, Distribution, Format::F64, FusedFn, Generator, IntegerFn, IntegerType, Law, Representation,
    Rounding, UnaryFn,
};

const REPRESENTATIONS: [Representation; 3] = [Representation::Athens, Representation::Zurich, Representation::Jupiter];

fn core(representation: Representation, precision: usize) -> Arithmetic<'static> {
    Arithmetic::new(representation, precision).expect("a precision")
}

fn athens(precision: usize) -> Graph {
    Graph::new(core(Representation::Athens, precision), 1)
}

fn gauss(graph: &mut Graph, mean: f64, stddev: f64) -> NodeId {
    graph.law(&Law::gauss(mean, stddev).expect("a law"), F64)
}

fn uniform(graph: &mut Graph, min: f64, max: f64) -> NodeId {
    graph.law(&Law::uniform(min, max).expect("a law"), F64)
}

#[test]
fn a_value_less_itself_is_0_and_divided_by_itself_1() {
    for representation in REPRESENTATIONS {
        let mut graph = Graph::new(core(representation, 64), 1);
        let x = gauss(&mut graph, 5.0, 3.0);
        for (function, result) in [(BinaryFn::Sub, 0.0), (BinaryFn::Div, 1.0)] {
            let same = graph.binary(function, x, x, F64);
            assert_eq!(graph.marginal(same).positions(), [result], "{representation:?}");
            assert_eq!(graph.marginal(same).masses(), [1.0]);
        }
        // The same for a value that is computed, from several sources.
        let y = uniform(&mut graph, 1.0, 2.0);
        let product = graph.binary(BinaryFn::Mul, x, y, F64);
        let nothing = graph.binary(BinaryFn::Sub, product, product, F64);
        assert_eq!(graph.marginal(nothing).positions(), [0.0], "{representation:?}");
        let difference = graph.binary(BinaryFn::Sub, y, x, F64);
        let sum = graph.binary(BinaryFn::Add, x, difference, F64);
        let equal = graph.binary(BinaryFn::Sub, sum, y, F64);
        // Rounding of three operations on numbers below 20.
        let marginal = graph.marginal(equal);
        assert!(marginal.support_max().abs() < 1e-14 && marginal.support_min().abs() < 1e-14);
    }
}

#[test]
fn sums_less_a_part_are_the_other_part() {
    for statistics in [Statistics::Diracs, Statistics::Particles] {
        let mut graph = athens(64).with_statistics(statistics);
        let (a, b) = (gauss(&mut graph, 1.0, 1.0), gauss(&mut graph, 2.0, 0.5));
        let sum = graph.binary(BinaryFn::Add, a, b, F64);
        let rest = graph.binary(BinaryFn::Sub, sum, a, F64);
        let difference = graph.binary(BinaryFn::Sub, a, b, F64);
        let product = graph.binary(BinaryFn::Mul, sum, difference, F64);
        let (a2, b2) = (
            graph.binary(BinaryFn::Mul, a, a, F64),
            graph.binary(BinaryFn::Mul, b, b, F64),
        );
        let squares = graph.binary(BinaryFn::Sub, a2, b2, F64);
        // As they are, and as 64 Diracs, which is what is printed.
        for (one, other) in [(rest, b), (product, squares)] {
            let (one, other) = (graph.marginal(one), graph.marginal(other));
            let most = 1e-3 * other.standard_deviation();
            assert!(one.wasserstein_1(&other) <= most, "{statistics:?}");
            let core = core(Representation::Athens, 64);
            assert!(
                core.compressed(&one).wasserstein_1(&core.compressed(&other)) <= most,
                "{statistics:?}"
            );
        }
    }
}

/// A sum of normal values is normal. It is found in parts of a few values each; the errors of the parts must not add up.
#[test]
fn long_sums_of_particles_are_close() {
    let mut graph = athens(64).with_statistics(Statistics::Particles);
    let mut sum = gauss(&mut graph, 0.0, 1.0);
    for _ in 1..100 {
        let next = gauss(&mut graph, 0.0, 1.0);
        sum = graph.binary(BinaryFn::Add, sum, next, F64);
    }
    let truth = core(Representation::Athens, 8000).law(&Law::gauss(0.0, 10.0).expect("a law"), F64);
    let distance = graph.marginal(sum).wasserstein_1(&truth) / 10.0;
    // M random points of a normal law are at 1.27 / sqrt(M) in the mean: 9.9e-3 for 16384. Half of that says that they are not
    // random ones.
    assert!(distance < 5e-3, "{distance:e}");
}

#[test]
fn sine_and_cosine_squared_are_1() {
    let mut graph = athens(128);
    let x = gauss(&mut graph, 0.0, 2.0);
    let (sin, cos) = (graph.unary(UnaryFn::Sin, x, F64), graph.unary(UnaryFn::Cos, x, F64));
    let sin2 = graph.binary(BinaryFn::Mul, sin, sin, F64);
    let one = graph.fused(FusedFn::MultiplyAdd, cos, cos, sin2, F64);
    let one = graph.marginal(one);
    // Two functions and two products, each to an ulp, and a sum.
    let ulps = 3.0 * f64::EPSILON;
    assert!((one.support_min() - 1.0).abs() <= ulps && (one.support_max() - 1.0).abs() <= ulps);
}

/// A square is the square Dirac by Dirac: as `pow(x, 2)`.
#[test]
fn one_source_is_mapped_dirac_by_dirac() {
    for representation in REPRESENTATIONS {
        let mut graph = Graph::new(core(representation, 32), 1);
        let x = gauss(&mut graph, 1.0, 1.0);
        let square = graph.binary(BinaryFn::Mul, x, x, F64);
        let of = |graph: &mut Graph, id| Arc::clone(&graph.marginal(id));
        let (x, square) = (of(&mut graph, x), of(&mut graph, square));
        assert!(
            x.positions()
                .iter()
                .map(|x| x * x)
                .eq(square.positions().iter().copied())
        );
        assert_eq!(x.masses(), square.masses());
    }
}

/// A random tree, computed with and without lineage: equal bit for bit.
#[test]
fn trees_are_what_untracked_arithmetic_gives() {
    let functions = [
        BinaryFn::Add,
        BinaryFn::Sub,
        BinaryFn::Mul,
        BinaryFn::Div,
        BinaryFn::Max,
        BinaryFn::Less,
        BinaryFn::Hypot,
    ];
    for representation in REPRESENTATIONS {
        let plain = core(representation, 24);
        let mut graph = Graph::new(plain, 9);
        let mut generator = Generator::new(5);
        let mut parts: Vec<(NodeId, Distribution)> = (0..16)
            .map(|k| {
                let law = Law::gauss(f64::from(k) - 3.5, 1.0 + generator.uniform()).expect("a law");
                (graph.law(&law, F64), plain.law(&law, F64))
            })
            .collect();
        while parts.len() > 1 {
            let mut pick = || parts.swap_remove((generator.bits() % parts.len() as u64) as usize);
            let ((x, x_plain), (y, y_plain)) = (pick(), pick());
            let made = match generator.bits() % 10 {
                7 => {
                    let id = graph.mixture(x, y, 0.3, F64);
                    (id, plain.mixture(&x_plain, &y_plain, 0.3, F64))
                }
                8 => {
                    let id = graph.fused(FusedFn::NegatedMultiplySub, x, 3.0, y, F64);
                    (
                        id,
                        plain.fused(FusedFn::NegatedMultiplySub, &x_plain, 3.0, &y_plain, F64),
                    )
                }
                9 => {
                    let to_integer = UnaryFn::ToInteger(IntegerType::I32, Rounding::Down);
                    let (i, j) = (graph.unary(to_integer, x, F64), graph.unary(to_integer, y, F64));
                    let id = graph.integer(IntegerFn::Xor, IntegerType::I32, i, j);
                    let (i, j) = (
                        plain.unary(to_integer, &x_plain, F64),
                        plain.unary(to_integer, &y_plain, F64),
                    );
                    (id, plain.integer(IntegerFn::Xor, IntegerType::I32, &i, &j))
                }
                k => {
                    let function = functions[k as usize];
                    let id = graph.binary(function, x, y, F64);
                    (id, plain.binary(function, &x_plain, &y_plain, F64))
                }
            };
            let id = graph.unary(UnaryFn::Atan, made.0, F64);
            parts.push((id, plain.unary(UnaryFn::Atan, &made.1, F64)));
        }
        let (id, untracked) = &parts[0];
        assert_eq!(*graph.marginal(*id), *untracked, "{representation:?}");
        assert_eq!(graph.diagnostics().sampled, 0);
    }
}

/// The published table of a real core with autocorrelation is the one without.
#[test]
fn the_wing_lift_is_the_untracked_one() {
    for n in [32, 64, 128, 256, 512] {
        let mut graph = athens(n);
        let mean = 95.2 * 0.3048;
        let v = gauss(&mut graph, mean, 0.01 * mean);
        let rho = uniform(&mut graph, 1.225 - 1.225 * 0.01, 1.225 + 1.225 * 0.01);
        let half = graph.binary(BinaryFn::Mul, 0.5, rho, F64);
        let square = graph.binary(BinaryFn::Pow, v, 2.0, F64);
        let product = graph.binary(BinaryFn::Mul, half, square, F64);
        let lift = graph.binary(
            BinaryFn::Mul,
            product,
            0.278_499_000_000_000_1 - -1.111_346_000_000_000_2,
            F64,
        );
        let lift = graph.marginal(lift);

        let plain = core(Representation::Athens, n);
        let (v, rho) = (graph.marginal(v), graph.marginal(rho));
        let half = plain.binary(BinaryFn::Mul, 0.5, &*rho, F64);
        let square = plain.binary(BinaryFn::Pow, &*v, 2.0, F64);
        let product = plain.binary(BinaryFn::Mul, &half, &square, F64);
        let untracked = plain.binary(
            BinaryFn::Mul,
            &product,
            0.278_499_000_000_000_1 - -1.111_346_000_000_000_2,
            F64,
        );
        assert_eq!(*lift, untracked);
        if n == 32 {
            let printed = [1, 2, 3, 4].map(|k| format!("{:.6}", lift.nth_moment(k)));
            assert_eq!(printed, ["716.835513", "220.969401", "110.173271", "138338.298592"]);
        }
    }
}

/// Jupiter keeps all combinations up to 8192, also of values that are used twice, and says when there are more.
#[test]
fn jupiter_is_exact_up_to_its_bound() {
    for (precision, is_exact) in [(64, true), (90, true), (91, false)] {
        let mut graph = Graph::new(core(Representation::Jupiter, precision), 1);
        let (a, b) = (gauss(&mut graph, 10.0, 1.0), gauss(&mut graph, 3.0, 0.5));
        let (sum, difference) = (
            graph.binary(BinaryFn::Add, a, b, F64),
            graph.binary(BinaryFn::Sub, a, b, F64),
        );
        let ratio = graph.binary(BinaryFn::Div, sum, difference, F64);
        let (a, b, ratio) = (graph.marginal(a), graph.marginal(b), graph.marginal(ratio));
        assert_eq!(graph.diagnostics().compressed, u64::from(!is_exact));
        if is_exact {
            let all = a
                .diracs()
                .flat_map(|(a, a_mass)| b.diracs().map(move |(b, b_mass)| ((a + b) / (a - b), a_mass * b_mass)));
            assert!(all.eq(ratio.diracs()), "N = {precision}");
        } else {
            assert!(ratio.len() <= 8192);
        }
    }
}

/// A loop that prints walks only what is new; what it prints, and what comes later, is to the bit what one gets without.
#[test]
fn asking_in_many_ways_changes_nothing() {
    for seed in 0..40 {
        let build = |asked: bool| {
            let mut graph = athens(24).with_statistics(if seed % 4 == 3 {
                Statistics::Particles
            } else {
                Statistics::Diracs
            });
            let mut generator = Generator::new(seed);
            let mut questions = Generator::new(seed + 1000);
            let mut values: Vec<NodeId> = (0..3).map(|k| gauss(&mut graph, f64::from(k) + 2.0, 0.1)).collect();
            let late = uniform(&mut graph, 0.5, 1.0);
            for step in 0..150 {
                // Mostly what is new, as in a loop; now and then something old.
                let mut pick = |values: &[NodeId]| {
                    let reach = if generator.bits().is_multiple_of(8) {
                        values.len()
                    } else {
                        values.len().min(4)
                    };
                    values[values.len() - 1 - (generator.bits() % reach as u64) as usize]
                };
                let (x, y) = (pick(&values), pick(&values));
                let made = match step % 11 {
                    0 => gauss(&mut graph, 0.5, 0.1),
                    1 if step > 60 => graph.binary(BinaryFn::Mul, x, late, F64),
                    2 => graph.unary(UnaryFn::Atan, x, F64),
                    3 | 7 => graph.binary(BinaryFn::Mul, x, 0.7, F64),
                    4 => graph.mixture(x, y, 0.5, F64),
                    5 => graph.binary(BinaryFn::Max, x, y, F64),
                    6 => {
                        let square = graph.binary(BinaryFn::Mul, x, x, F64);
                        graph.unary(UnaryFn::Sqrt, square, F64)
                    }
                    _ => graph.binary(BinaryFn::Sub, x, y, F64),
                };
                values.push(made);
                let ask = questions.bits() % 3;
                let which = values[values.len() - 1 - (questions.bits() % values.len().min(6) as u64) as usize];
                if asked && ask > 0 {
                    graph.marginal(if ask == 1 { made } else { which });
                }
            }
            let last = values[values.len() - 12..].iter();
            last.map(|&id| graph.marginal(id)).collect::<Vec<_>>()
        };
        let (asked, unasked) = (build(true), build(false));
        for (k, (asked, unasked)) in asked.iter().zip(&unasked).enumerate() {
            assert_eq!(asked, unasked, "value {k}, seed {seed}");
        }
    }
}

/// A question in a loop costs what is new: the time for asks does not grow with the loop.
#[test]
fn asking_in_a_loop_is_not_quadratic() {
    let mut graph = athens(16);
    let factor = uniform(&mut graph, 0.9, 0.99);
    let mut state = gauss(&mut graph, 0.0, 1.0);
    let mut other = state;
    let mut steps = |count: usize| {
        let start = std::time::Instant::now();
        for _ in 0..count {
            let noise = gauss(&mut graph, 0.0, 0.1);
            let scaled = graph.binary(BinaryFn::Mul, factor, state, F64);
            other = graph.binary(BinaryFn::Sub, state, other, F64);
            state = graph.binary(BinaryFn::Add, scaled, noise, F64);
            graph.marginal(state);
            graph.marginal(other);
        }
        start.elapsed()
    };
    let fastest = |steps: &mut dyn FnMut(usize) -> std::time::Duration| (0..5).map(|_| steps(100)).min();
    let early = fastest(&mut steps);
    steps(2500);
    let late = fastest(&mut steps);
    // Quadratic it would be six times as much.
    assert!(late < early.map(|early| 3 * early), "{early:?}, then {late:?}");
}

/// Dice that are used twice stay exact.
#[test]
fn discrete_values_are_enumerated() {
    let mut graph = athens(32);
    let die = graph.arithmetic().samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64);
    let (a, b) = (graph.source(die.clone()), graph.source(die));
    // |a - b| + min(a, b) is max(a, b).
    let difference = graph.binary(BinaryFn::Sub, a, b, F64);
    let distance = graph.unary(UnaryFn::Abs, difference, F64);
    let smaller = graph.binary(BinaryFn::Min, a, b, F64);
    let larger = graph.binary(BinaryFn::Add, distance, smaller, F64);
    let larger = graph.marginal(larger);
    assert_eq!(larger.positions(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    for (k, mass) in larger.masses().iter().enumerate() {
        assert!((mass - (2 * k + 1) as f64 / 36.0).abs() < 1e-15);
    }
}

/// Integers beyond 2^53 keep every bit also inside a kernel: ((x << 40) ^ x) ^ (x << 40) is x.
#[test]
fn wide_integers_are_exact() {
    let mut graph = athens(32);
    let x = graph.source(Distribution::from_parts(&[1_048_573.0, 777_777.0], &[0.25, 0.75]).expect("a value"));
    let shifted = graph.integer(IntegerFn::ShiftLeft, IntegerType::U64, x, 40);
    let mixed = graph.integer(IntegerFn::Xor, IntegerType::U64, shifted, x);
    let wide = graph.marginal(mixed);
    assert_eq!(
        wide.integer_positions(),
        [(1_048_573_i128 << 40) ^ 1_048_573, (777_777_i128 << 40) ^ 777_777]
    );
    let back = graph.integer(IntegerFn::Xor, IntegerType::U64, mixed, shifted);
    assert_eq!(graph.marginal(back).positions(), [1_048_573.0, 777_777.0]);
}

#[test]
fn columns_of_a_joint_distribution_stay_together() {
    let mut graph = athens(32);
    let mut generator = Generator::new(2);
    let samples: Vec<f64> = (0..5000)
        .flat_map(|_| [generator.uniform()].map(|u| [u, 2.0 * u]).concat())
        .collect();
    let joint = graph.arithmetic().joint_samples(&samples, 2, F64);
    let columns = graph.joint(&joint);
    let twice = graph.binary(BinaryFn::Mul, columns[0], 2.0, F64);
    let nothing = graph.binary(BinaryFn::Sub, columns[1], twice, F64);
    let nothing = graph.marginal(nothing);
    // Both columns are means of the same samples: equal up to the rounding of sums.
    assert!(nothing.support_max().abs() < 1e-12 && nothing.support_min().abs() < 1e-12);
    assert_eq!(*graph.marginal(columns[0]), joint.marginal(0).expect("a column"));
}

#[test]
fn copies_are_independent() {
    let mut graph = athens(64);
    let x = gauss(&mut graph, 0.0, 1.0);
    let copy = graph.independent_copy(x);
    let difference = graph.binary(BinaryFn::Sub, x, copy, F64);
    let x = graph.marginal(x);
    let untracked = core(Representation::Athens, 64).binary(BinaryFn::Sub, &*x, &*x, F64);
    assert_eq!(*graph.marginal(difference), untracked);
}

/// Whoever is selected is selected for all that follows.
#[test]
fn a_mixture_decides_once() {
    let mut graph = athens(64);
    let (a, b) = (gauss(&mut graph, -10.0, 1.0), gauss(&mut graph, 10.0, 1.0));
    let mixed = graph.mixture(a, b, 0.25, F64);
    let nothing = graph.binary(BinaryFn::Sub, mixed, mixed, F64);
    assert_eq!(graph.marginal(nothing).positions(), [0.0]);
    // mixed - a is 0 with probability 1/4.
    let rest = graph.binary(BinaryFn::Sub, mixed, a, F64);
    let rest = graph.marginal(rest);
    assert!((rest.probability_above(5.0) - 0.75).abs() < 1e-12);
    assert!((rest.mean() - 15.0).abs() < 1e-9);
    // An uncertain weight that decides on itself: E(p; chosen) = E(p²).
    let p = uniform(&mut graph, 0.0, 1.0);
    let chosen = graph.mixture(p, 0.0, p, F64);
    // The chooser has 64 cells: a probability is off by at most 1/128.
    assert!((graph.marginal(chosen).mean() - 1.0 / 3.0).abs() < 1.0 / 128.0);
}

/// A program with feedback and shared sources; asks after every step or never.
fn filter(graph: &mut Graph, steps: usize, ask: bool) -> Vec<Arc<Distribution>> {
    let gain = uniform(graph, 0.4, 0.6);
    let mut state = gauss(graph, 0.0, 1.0);
    for _ in 0..steps {
        let noise = gauss(graph, 0.0, 0.1);
        let scaled = graph.binary(BinaryFn::Mul, gain, state, F64);
        state = graph.binary(BinaryFn::Add, scaled, noise, F64);
        if ask {
            graph.marginal(state);
            graph.marginal(scaled);
        }
        if graph.is_sweep_due() {
            graph.sweep(|mark| [gain, state].into_iter().for_each(mark));
        }
    }
    let ratio = graph.binary(BinaryFn::Div, state, gain, F64);
    [state, ratio].map(|id| graph.marginal(id)).to_vec()
}

#[test]
fn asking_changes_nothing() {
    for statistics in [Statistics::Diracs, Statistics::Particles] {
        for nodes in [200, 1 << 16] {
            let limits = Limits {
                nodes,
                ..Limits::default()
            };
            let graph = || athens(32).with_statistics(statistics).with_limits(limits);
            assert_eq!(filter(&mut graph(), 300, true), filter(&mut graph(), 300, false));
        }
    }
}

/// Where modules of the live graph become sources, not a bit changes.
#[test]
fn collapsing_modules_loses_nothing() {
    let walk = |nodes: usize| {
        let mut graph = athens(32).with_limits(Limits {
            nodes,
            ..Limits::default()
        });
        let mut state = gauss(&mut graph, 0.0, 1.0);
        for _ in 0..500 {
            let step = uniform(&mut graph, -1.0, 1.0);
            let square = graph.binary(BinaryFn::Mul, step, step, F64);
            let damped = graph.unary(UnaryFn::Atan, state, F64);
            let moved = graph.binary(BinaryFn::Sub, state, damped, F64);
            state = graph.binary(BinaryFn::Add, moved, square, F64);
            if graph.is_sweep_due() {
                graph.sweep(|mark| mark(state));
            }
        }
        (graph.marginal(state), graph.diagnostics())
    };
    let ((whole, none), (collapsed, diagnostics)) = (walk(1 << 16), walk(64));
    assert_eq!(whole, collapsed);
    assert_eq!((none.collapsed, diagnostics.frozen, diagnostics.cut), (0, 0, 0));
    assert!(diagnostics.collapsed > 10);
}

/// Freezing keeps dependence: a filter that is frozen many times agrees with one that never is.
#[test]
fn frozen_values_stay_dependent() {
    let run = |nodes: usize| {
        let mut graph = athens(64).with_limits(Limits {
            nodes,
            ..Limits::default()
        });
        let results = filter(&mut graph, 400, false);
        (results, graph.diagnostics())
    };
    let ((whole, none), (frozen, diagnostics)) = (run(1 << 16), run(256));
    assert_eq!(none.frozen, 0);
    assert!(diagnostics.frozen > 4 && diagnostics.cut == 0, "{diagnostics:?}");
    for (whole, frozen) in whole.iter().zip(&frozen) {
        // Both are samples of M = 4096 points at worst: two times 1 / sqrt(4096) of the spread.
        let distance = whole.wasserstein_1(frozen) / whole.standard_deviation();
        assert!(distance < 2.0 / 64.0, "{distance}");
    }
    // gain - gain is 0 also after freezing.
    let mut graph = athens(64).with_limits(Limits {
        nodes: 64,
        ..Limits::default()
    });
    let gain = uniform(&mut graph, 1.0, 2.0);
    let mut sum = gain;
    for _ in 0..100 {
        let noise = gauss(&mut graph, 0.0, 1.0);
        let scaled = graph.binary(BinaryFn::Mul, noise, gain, F64);
        sum = graph.binary(BinaryFn::Add, sum, scaled, F64);
    }
    let doubled = graph.binary(BinaryFn::Add, sum, sum, F64);
    graph.sweep(|mark| [gain, sum, doubled].into_iter().for_each(mark));
    assert_eq!(graph.diagnostics().frozen, 3);
    let rest = graph.binary(BinaryFn::Sub, doubled, sum, F64);
    let nothing = graph.binary(BinaryFn::Sub, rest, sum, F64);
    assert_eq!(graph.marginal(nothing).positions(), [0.0]);
}

/// Without room for columns values are cut, and counted.
#[test]
fn values_are_cut_where_there_is_no_room() {
    let limits = Limits {
        nodes: 64,
        column_bytes: 1000,
    };
    let mut graph = athens(32).with_limits(limits);
    let results = filter(&mut graph, 200, false);
    assert!(graph.diagnostics().cut > 0 && graph.diagnostics().frozen == 0);
    assert!(results[0].standard_deviation().is_finite());
}

#[test]
fn what_is_swept_away_is_not_a_number() {
    let mut graph = athens(32);
    let x = gauss(&mut graph, 0.0, 1.0);
    let y = graph.unary(UnaryFn::Exp, x, F64);
    graph.sweep(|mark| mark(y));
    assert_eq!(graph.len(), 2, "y needs x");
    graph.sweep(|_| {});
    assert!(graph.is_empty());
    assert!(graph.marginal(y).mean().is_nan());
    let z = graph.binary(BinaryFn::Add, y, 1.0, F64);
    assert!(graph.marginal(z).mean().is_nan());
}
