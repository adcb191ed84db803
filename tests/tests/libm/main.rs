//! libm: each function maps the Diracs of its argument, whoever implements it, called or inlined.

use std::path::Path;

use system_tests::{Guest, Toolchain, sigemu, ux};

/// The function of this name on a double, by an independent implementation.
fn reference(name: &str, x: f64) -> f64 {
    let second = 0.75;
    match name {
        "acos" => x.acos(),
        "acosh" => x.acosh(),
        "asin" => x.asin(),
        "asinh" => x.asinh(),
        "atan" => x.atan(),
        "atanh" => x.atanh(),
        "cbrt" => x.cbrt(),
        "ceil" => x.ceil(),
        "cos" => x.cos(),
        "cosh" => x.cosh(),
        "erf" => libm::erf(x),
        "erfc" => libm::erfc(x),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "expm1" => x.exp_m1(),
        "fabs" => x.abs(),
        "floor" => x.floor(),
        "j0" => libm::j0(x),
        "j1" => libm::j1(x),
        "jn" => libm::jn(2, x),
        "lgamma" => libm::lgamma(x),
        "log" => x.ln(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "log2" => x.log2(),
        "logb" => x.log2().floor(),
        "nearbyint" | "rint" | "lrint" => x.round_ties_even(),
        "round" | "lround" => x.round(),
        "sin" => x.sin(),
        "sinh" => x.sinh(),
        "sqrt" => x.sqrt(),
        "tan" => x.tan(),
        "tanh" => x.tanh(),
        "tgamma" => libm::tgamma(x),
        "trunc" => x.trunc(),
        "y0" => libm::y0(x),
        "y1" => libm::y1(x),
        "yn" => libm::yn(2, x),
        "atan2$" => x.atan2(second),
        "copysign$" => x.copysign(second),
        "fdim$" => (x - second).max(0.0),
        "fmax$" => x.max(second),
        "fmin$" => x.min(second),
        "fmod$" => x % second,
        "hypot$" => x.hypot(second),
        "nextafter$" => libm::nextafter(x, second),
        "pow$" => x.powf(second),
        "remainder$" => libm::remainder(x, second),
        "ldexp" => x * 8.0,
        "fma" => x * 2.0 + 0.5,
        "modf" => x.fract(),
        "frexp" => libm::frexp(x).0,
        "exponent" => f64::from(libm::frexp(x).1),
        "ilogb" => f64::from(libm::ilogb(x)),
        "negative" => -x,
        "exp10" => 10f64.powf(x),
        "quotient" => (x / second).round_ties_even() % 8.0,
        "zero" => 0.0,
        "one" => 1.0,
        "below half" => f64::from(x < 0.5),
        // What `fclass` says of normal numbers.
        "class" => {
            if x < 0.5 {
                2.0
            } else {
                64.0
            }
        }
        "log of x + i/2" => x.hypot(0.5).ln(),
        "angle of x + i/2" => 0.5f64.atan2(x),
        "magnitude of x + i/2" => x.hypot(0.5),
        "square" => x * x,
        "cube" => x * x * x,
        "narrowed" => f64::from(x as f32),
        _ => panic!("{name} has no reference"),
    }
}

/// Positions and masses, ascending, with those as one that are equal within `tolerance`.
fn merged(mut diracs: Vec<(f64, f64)>, tolerance: f64) -> Vec<(f64, f64)> {
    diracs.sort_by(|a, b| a.0.total_cmp(&b.0));
    diracs.dedup_by(|next, kept| {
        let same = (next.0 - kept.0).abs() <= tolerance * kept.0.abs();
        if same {
            kept.1 += next.1;
        }
        same
    });
    diracs
}

/// Each line `NAME <ARGUMENT> <RESULT>`, or `NAME float …`: the result's Diracs are the function's values at those of the
/// argument. Gives the number of lines.
fn check(program: &Path, what: &str) -> usize {
    let run = |options: &[&str]| {
        sigemu()
            .args(["run", "--precision", "8"])
            .args(options)
            .arg(program)
            .end()
            .good()
    };
    let output = run(&["--ux"]);
    for line in output.lines() {
        let (name, _) = line.split_once(" <").expect("a name");
        let name = name.trim().trim_end_matches(" float");
        let [argument, result] = &ux::find_all(line)[..] else {
            panic!("{what}: two values: {line}")
        };
        assert!(argument.diracs.len() == 8, "{what}: {name}: the argument is uncertain");
        // Both sides are good to some units in the last place (2^-53) where the function is well conditioned, a result in
        // single precision to half of one (2^-25, and twice that for two roundings).
        let tolerance = if line.contains(" float <") {
            2f64.powi(-23)
        } else {
            64.0 * f64::EPSILON
        };
        let weighted = |(x, mass): &(f64, u64)| (*x, *mass as f64 / (1u64 << 63) as f64);
        let expected = argument
            .diracs
            .iter()
            .map(weighted)
            .map(|(x, mass)| (reference(name, x), mass))
            .collect();
        let expected = merged(expected, tolerance);
        let found = merged(result.diracs.iter().map(weighted).collect(), tolerance);
        let show = || format!("{what}: {name}: {found:?} instead of {expected:?}");
        assert_eq!(found.len(), expected.len(), "{}", show());
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                (found.0 - expected.0).abs() <= tolerance * expected.0.abs().max(1e-3),
                "{}",
                show()
            );
            // Masses are sums of at most eight, each rounded to 2^-63.
            assert!((found.1 - expected.1).abs() <= 1e-15, "{}", show());
        }
    }
    let plain = sigemu().args(["run", "--core", "C0-Bypass"]).arg(program).end().good();
    assert_eq!(run(&["--particle"]), plain, "{what}");
    assert_eq!(run(&["--particle", "--force-tracking"]), plain, "{what}");
    assert_eq!(run(&["--ux", "--force-tracking"]), output, "{what}");
    output.lines().count()
}

const LIBRARIES: [Toolchain; 3] = [Toolchain::Glibc, Toolchain::Musl, Toolchain::Picolibc];

const LEVELS: [&[&str]; 3] = [&["-O0"], &["-O2"], &["-O2", "-ffast-math"]];

fn check_everywhere(source: &'static str, toolchains: &[Toolchain], levels: &[&'static [&'static str]], lines: usize) {
    for &toolchain in toolchains {
        for &flags in levels {
            let program = Guest { source, flags }.build(toolchain);
            assert_eq!(check(&program, &format!("{toolchain:?} {flags:?}")), lines);
        }
    }
}

#[test]
fn every_function() {
    check_everywhere("libm.c", &LIBRARIES, &LEVELS, 112);
}

#[test]
fn inlined_functions() {
    check_everywhere("inlined.c", &LIBRARIES, &LEVELS, 21);
}

/// Functions that few call, NaN and sign tests by any code, complex logarithms.
#[test]
fn rare_functions() {
    // With -ffast-math there is no NaN, and a magnitude is a root of squares.
    check_everywhere("libm_rare.c", &LIBRARIES, &LEVELS[..2], 27);
}

/// `pow(x, 2)` is no product of two values.
#[test]
fn powers() {
    check_everywhere("powers.cpp", &[Toolchain::Glibc], &LEVELS, 7);
    // With -ffast-math clang makes products whatever it is told, and the newer one of zig does so always in C++.
    assert_eq!(check(&Guest::new("powers.cpp").build(Toolchain::Clang), "clang"), 7);
    assert_eq!(check(&Guest::new("powers.f90").build(Toolchain::Glibc), "gfortran"), 3);
}

/// glibc's `acos` calls `__ieee754_acos`, and `exp`, `__exp` and `__ieee754_exp` are one function: one operation each.
#[test]
fn wrappers_and_aliases_are_one_operation() {
    let program = Guest::new("wrappers.c").build(Toolchain::Glibc);
    let stats = sigemu().args(["run", "--stats=json"]).arg(program).end().stderr;
    // The constructor and the four calls.
    let field = stats.split("\"").find(|word| {
        word.to_ascii_lowercase().contains("uncertain") && word.to_ascii_lowercase().contains("operation")
    });
    let field = field.unwrap_or_else(|| panic!("{stats}"));
    let rest = stats.split(field).nth(1).expect("a value");
    let count: String = rest
        .chars()
        .filter(|c| !"\": ".contains(*c))
        .take_while(char::is_ascii_digit)
        .collect();
    assert_eq!(count, "5", "{stats}");
}
