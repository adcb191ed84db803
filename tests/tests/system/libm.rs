//! libm functions are operations on distributions: one operand's positions are mapped, masses and order stay.

use system_tests::{Guest, Toolchain, sigemu, ux};

/// What each line of `libm.c` should be, from the crate `libm` (a port of musl's: another code than the one under test where that
/// is glibc's).
fn reference(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "x" => |x| x,
        "acos" => libm::acos,
        "asin" => libm::asin,
        "asinh" => libm::asinh,
        "atan" => libm::atan,
        "atanh" => libm::atanh,
        "cbrt" => libm::cbrt,
        "cos" => libm::cos,
        "cosh" => libm::cosh,
        "erf" => libm::erf,
        "erfc" => libm::erfc,
        "exp" => libm::exp,
        "exp2" => libm::exp2,
        "expm1" => libm::expm1,
        "fabs" => libm::fabs,
        "floor" => libm::floor,
        "ceil" => libm::ceil,
        "lgamma" => libm::lgamma,
        "log" => libm::log,
        "log10" => libm::log10,
        "log1p" => libm::log1p,
        "log2" => libm::log2,
        "rint" => libm::rint,
        "round" => libm::round,
        "sin" => libm::sin,
        "sinh" => libm::sinh,
        "sqrt" => libm::sqrt,
        "tan" => libm::tan,
        "tanh" => libm::tanh,
        "tgamma" => libm::tgamma,
        "trunc" => libm::trunc,
        "j0" => libm::j0,
        "j1" => libm::j1,
        "y0" => libm::y0,
        "y1" => libm::y1,
        "acosh" => |x| libm::acosh(x + 1.0),
        "pow2" => |x| x * x,
        "pow-half" => |x| libm::exp2(-x),
        "fmax-half" => |x| x.max(0.5),
        "fmin-half" => |x| x.min(0.5),
        "fmod-quarter" => |x| x % 0.25,
        "hypot-one" => |x| libm::sqrt(x * x + 1.0),
        "atan2-one" => libm::atan,
        "fdim-half" => |x| (x - 0.5).max(0.0),
        "modf" => |x| x + 3.0 - 3.0,
        "modf-whole" => |_| 3.0,
        _ => return None,
    })
}

fn maps_positions(toolchain: Toolchain) {
    let program = Guest::new("libm.c").build(toolchain);
    let run = |options: &[&str]| sigemu().arg("run").args(options).arg(&program).end().good();
    let output = run(&["--core", "C0-XS", "--ux"]);
    assert_eq!(
        ux::without(&output),
        run(&["--core", "C0-Bypass"]),
        "particles are those of an ordinary processor"
    );

    // 32 exact positions, in float too.
    let w = 0.75 / 32.0;
    let argument: Vec<f64> = (0..32).map(|i| 0.125 + w / 2.0 + w * f64::from(i)).collect();
    let mut checked = 0;
    for line in output.lines() {
        let (name, text) = line.split_once(' ').expect("a name and a value");
        let [value] = &ux::find_all(text)[..] else {
            panic!("{line}")
        };
        let (function, is_float) = match (reference(name), name.strip_suffix('f').and_then(reference)) {
            (Some(function), _) => (function, false),
            (None, Some(function)) => (function, true),
            (None, None) => panic!("no reference for {name}"),
        };
        // Two good libraries differ by an ulp or two of the result or of 1 (cancellation in lgamma, y0, …: absolute).
        let epsilon = if is_float {
            f64::from(f32::EPSILON)
        } else {
            f64::EPSILON
        };
        let tolerance = |expected: f64| 4.0 * epsilon * expected.abs().max(1.0);
        let expected: Vec<f64> = argument.iter().map(|&x| function(x)).collect();
        let is_constant = expected.iter().all(|&y| y == expected[0]);
        if is_constant && value.diracs.len() == 1 {
            assert!(
                (value.diracs[0].0 - expected[0]).abs() <= tolerance(expected[0]),
                "{name}: {line}"
            );
        } else {
            assert_eq!(value.diracs.len(), 32, "{toolchain:?} {name}: {line}");
            for (&(position, mass), &expected) in value.diracs.iter().zip(&expected) {
                assert_eq!(mass, (1 << 63) / 32, "{name}");
                assert!(
                    (position - expected).abs() <= tolerance(expected),
                    "{name}: {position} is not {expected}"
                );
                assert!(
                    !is_float || position == f64::from(position as f32),
                    "{name}: {position} is no float"
                );
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 2 + 2 * 30 + 4 + 13);
}

#[test]
fn with_glibc() {
    maps_positions(Toolchain::Glibc);
}

#[test]
fn with_musl() {
    maps_positions(Toolchain::Musl);
}
