//! Values and flags of every operation that SoftFloat has, compared with it: `SIGEMU_FLOAT_CASES=20000000 cargo test --release -p
//! emulator --test softfloat -- --nocapture` runs twenty million operands an operation.

mod operands;
mod oracle;

use emulator::float::{F16, F32, F64, Float, Rounding, convert, exact, fast, flags};
use operands::Operands;
use oracle::{Oracle, compare, compare_all_halves};
use softfloat_wrapper::Float as Soft;

/// Operands for operations that read one of three.
fn unary<F: Float>(operands: &mut Operands<F>) -> [F::Bits; 3] {
    let a = operands.one();
    [a, a, a]
}

fn binary<F: Float>(operands: &mut Operands<F>) -> [F::Bits; 3] {
    let [a, b] = operands.two();
    [a, b, b]
}

fn ternary<F: Float>(operands: &mut Operands<F>) -> [F::Bits; 3] {
    operands.three()
}

/// One test a line and format: name, operands, our layers, SoftFloat's call.
macro_rules! against_softfloat {
    ($($name:ident $draw:ident { $($layer:literal: $ours:expr),* } $theirs:expr;)*) => {
        $(
            mod $name {
                use super::*;

                fn test<F: Oracle>(format: &str) {
                    let name = concat!(stringify!($name), " ").to_string() + format;
                    compare::<F>(&name, $draw, &[$(($layer, $ours)),*], $theirs);
                }

                #[test]
                fn f16() {
                    test::<F16>("f16");
                }

                #[test]
                fn f32() {
                    test::<F32>("f32");
                }

                #[test]
                fn f64() {
                    test::<F64>("f64");
                }
            }
        )*
    };
}

against_softfloat! {
    add binary {
        "float": |[a, b, _], rm, fl| F::add(a, b, rm, fl).into(),
        "exact": |[a, b, _], rm, fl| exact::add::<F>(a, b, rm, fl).into()
    } |[a, b, _], rm| a.add(b, rm).to_bits().into();
    sub binary {
        "float": |[a, b, _], rm, fl| F::sub(a, b, rm, fl).into(),
        "exact": |[a, b, _], rm, fl| exact::sub::<F>(a, b, rm, fl).into()
    } |[a, b, _], rm| a.sub(b, rm).to_bits().into();
    mul binary {
        "float": |[a, b, _], rm, fl| F::mul(a, b, rm, fl).into(),
        "exact": |[a, b, _], rm, fl| exact::mul::<F>(a, b, rm, fl).into()
    } |[a, b, _], rm| a.mul(b, rm).to_bits().into();
    div binary {
        "float": |[a, b, _], rm, fl| F::div(a, b, rm, fl).into(),
        "exact": |[a, b, _], rm, fl| exact::div::<F>(a, b, rm, fl).into()
    } |[a, b, _], rm| a.div(b, rm).to_bits().into();
    sqrt unary {
        "float": |[a, ..], rm, fl| F::sqrt(a, rm, fl).into(),
        "exact": |[a, ..], rm, fl| exact::sqrt::<F>(a, rm, fl).into()
    } |[a, ..], rm| a.sqrt(rm).to_bits().into();
    fused ternary {
        "float": |[a, b, c], rm, fl| F::fused(a, b, c, rm, fl).into(),
        "exact": |[a, b, c], rm, fl| exact::fused::<F>(a, b, c, rm, fl).into()
    } |[a, b, c], rm| a.fused_mul_add(b, c, rm).to_bits().into();
    fused_sub ternary {
        "float": |[a, b, c], rm, fl| F::fused_sub(a, b, c, rm, fl).into()
    } |[a, b, c], rm| a.fused_mul_add(b, c.neg(), rm).to_bits().into();
    fused_negated_sub ternary {
        "float": |[a, b, c], rm, fl| F::fused_negated_sub(a, b, c, rm, fl).into()
    } |[a, b, c], rm| a.neg().fused_mul_add(b, c, rm).to_bits().into();
    fused_negated_add ternary {
        "float": |[a, b, c], rm, fl| F::fused_negated_add(a, b, c, rm, fl).into()
    } |[a, b, c], rm| a.neg().fused_mul_add(b, c.neg(), rm).to_bits().into();

    eq binary { "float": |[a, b, _], _, fl| F::eq(a, b, fl).into() } |[a, b, _], _| a.eq(b).into();
    lt binary { "float": |[a, b, _], _, fl| F::lt(a, b, fl).into() } |[a, b, _], _| a.lt(b).into();
    le binary { "float": |[a, b, _], _, fl| F::le(a, b, fl).into() } |[a, b, _], _| a.le(b).into();
    lt_quiet binary { "float": |[a, b, _], _, fl| F::lt_quiet(a, b, fl).into() } |[a, b, _], _| a.lt_quiet(b).into();
    le_quiet binary { "float": |[a, b, _], _, fl| F::le_quiet(a, b, fl).into() } |[a, b, _], _| a.le_quiet(b).into();

    round unary { "float": |[a, ..], rm, fl| F::round(a, rm, fl).into() }
        |[a, ..], rm| a.round_to_integral(rm).to_bits().into();
    to_i32 unary { "float": |[a, ..], rm, fl| F::to_i32(a, rm, fl) as u64 } |[a, ..], rm| a.to_i32(rm, true) as u64;
    to_u32 unary { "float": |[a, ..], rm, fl| F::to_u32(a, rm, fl).into() } |[a, ..], rm| a.to_u32(rm, true).into();
    to_i64 unary { "float": |[a, ..], rm, fl| F::to_i64(a, rm, fl) as u64 } |[a, ..], rm| a.to_i64(rm, true) as u64;
    to_u64 unary { "float": |[a, ..], rm, fl| F::to_u64(a, rm, fl) } |[a, ..], rm| a.to_u64(rm, true);
}

/// The host's arithmetic where the host has no fused multiply-add.
#[test]
fn without_multiply_add() {
    compare::<F64>(
        "mul f64 without fma",
        binary,
        &[("host", |[a, b, _], rm, fl| {
            fast::double::mul(a, b, rm, fl, || None).unwrap_or_else(|| exact::mul::<F64>(a, b, rm, fl))
        })],
        |[a, b, _], rm| a.mul(b, rm).to_bits(),
    );
    compare::<F64>(
        "div f64 without fma",
        binary,
        &[("host", |[a, b, _], rm, fl| {
            fast::double::div(a, b, rm, fl, || None).unwrap_or_else(|| exact::div::<F64>(a, b, rm, fl))
        })],
        |[a, b, _], rm| a.div(b, rm).to_bits(),
    );
    compare::<F64>(
        "sqrt f64 without fma",
        unary,
        &[("host", |[a, ..], rm, fl| {
            fast::double::sqrt(a, rm, fl, || None).unwrap_or_else(|| exact::sqrt::<F64>(a, rm, fl))
        })],
        |[a, ..], rm| a.sqrt(rm).to_bits(),
    );
}

/// Without a fused multiply-add the host does nothing about fused operations, and little while NX is clear.
#[test]
fn the_host_declines_without_multiply_add() {
    let (one, third) = (1f64.to_bits(), (1.0f64 / 3.0).to_bits());
    for before in [0, flags::NX] {
        let mut fflags = before;
        let rm = Rounding::NearestEven;
        assert_eq!(fast::double::fused(one, one, one, rm, &mut fflags, || None), None);
        assert_eq!(
            fast::single::fused(0x3f80_0000, 0x3f80_0000, 0, rm, &mut fflags, || None),
            None
        );
        let declines = before == 0;
        assert_eq!(
            fast::double::mul(third, third, rm, &mut fflags, || None).is_none(),
            declines
        );
        assert_eq!(
            fast::double::div(one, third, rm, &mut fflags, || None).is_none(),
            declines
        );
        assert_eq!(fast::double::sqrt(third, rm, &mut fflags, || None).is_none(), declines);
        assert_eq!(fflags, before);
    }
}

/// The comparisons would prove nothing about the host's arithmetic if it were never used.
#[test]
fn the_host_computes_ordinary_numbers() {
    fn check<F: Float>(format: &str) {
        let rm = Rounding::NearestEven;
        let (a, b) = (F::from_i32(1, rm, &mut 0), F::from_i32(3, rm, &mut 0));
        for before in [0, flags::NX] {
            let mut fl = before;
            assert!(F::add_on_host(a, b, rm, &mut fl).is_some(), "{format} add");
            assert!(F::sub_on_host(a, b, rm, &mut fl).is_some(), "{format} sub");
            assert!(F::mul_on_host(a, b, rm, &mut fl).is_some(), "{format} mul");
            assert!(F::fused_on_host(a, b, b, rm, &mut fl).is_some(), "{format} fused");
            let zero = F::from_raw(0);
            assert_eq!(F::mul_on_host(a, zero, rm, &mut fl), Some(zero), "{format} mul");
            assert_eq!(F::div_on_host(zero, b, rm, &mut fl), Some(zero), "{format} div");
            assert_eq!(F::sqrt_on_host(zero, rm, &mut fl), Some(zero), "{format} sqrt");
            assert_eq!(F::fused_on_host(zero, a, b, rm, &mut fl), Some(b), "{format} fused");
            assert_eq!(fl, before, "{format}: so far everything is exact");
            assert!(F::div_on_host(a, b, rm, &mut fl).is_some(), "{format} div");
            fl = before;
            assert!(F::sqrt_on_host(b, rm, &mut fl).is_some(), "{format} sqrt");
            assert_eq!(fl, flags::NX, "{format}");
        }
    }
    fast::MultiplyAdd::ask();
    let Some(fma) = fast::MultiplyAdd::known() else {
        println!("not checked on this host, which has no fused multiply-add: that ordinary numbers take the fast path");
        return;
    };
    // (1 + u)² = 1 + 2u + u², of which u² is lost to a rounded product.
    let (u, v) = (f64::EPSILON, f32::EPSILON);
    assert_eq!(fma.f64(1.0 + u, 1.0 + u, -(1.0 + 2.0 * u)), u * u);
    assert_eq!(fma.f32(1.0 + v, 1.0 + v, -(1.0 + 2.0 * v)), v * v);
    check::<F32>("f32");
    check::<F64>("f64");
}

/// Conversions between two formats.
macro_rules! conversions {
    ($($name:ident: $from:ident => $to:ident, $call:ident;)*) => {$(
        #[test]
        fn $name() {
            compare::<$from>(
                stringify!($name),
                unary::<$from>,
                &[("float", |[a, ..], rm, fl| convert::<$from, $to>(a, rm, fl).into())],
                |[a, ..], rm| a.$call(rm).to_bits().into(),
            );
        }
    )*};
}

conversions! {
    f16_to_f32: F16 => F32, to_f32;
    f16_to_f64: F16 => F64, to_f64;
    f32_to_f16: F32 => F16, to_f16;
    f32_to_f64: F32 => F64, to_f64;
    f64_to_f16: F64 => F16, to_f16;
    f64_to_f32: F64 => F32, to_f32;
}

#[test]
fn all_halves() {
    compare_all_halves(
        "sqrt",
        |[a, ..], rm, fl| F16::sqrt(a, rm, fl).into(),
        |[a, ..], rm| a.sqrt(rm).to_bits().into(),
    );
    compare_all_halves(
        "round",
        |[a, ..], rm, fl| F16::round(a, rm, fl).into(),
        |[a, ..], rm| a.round_to_integral(rm).to_bits().into(),
    );
    compare_all_halves(
        "to_i32",
        |[a, ..], rm, fl| F16::to_i32(a, rm, fl) as u64,
        |[a, ..], rm| a.to_i32(rm, true) as u64,
    );
    compare_all_halves(
        "to_u32",
        |[a, ..], rm, fl| F16::to_u32(a, rm, fl).into(),
        |[a, ..], rm| a.to_u32(rm, true).into(),
    );
    compare_all_halves(
        "to_i64",
        |[a, ..], rm, fl| F16::to_i64(a, rm, fl) as u64,
        |[a, ..], rm| a.to_i64(rm, true) as u64,
    );
    compare_all_halves(
        "to_u64",
        |[a, ..], rm, fl| F16::to_u64(a, rm, fl),
        |[a, ..], rm| a.to_u64(rm, true),
    );
    compare_all_halves(
        "to_f32",
        |[a, ..], rm, fl| convert::<F16, F32>(a, rm, fl).into(),
        |[a, ..], rm| a.to_f32(rm).to_bits().into(),
    );
    compare_all_halves(
        "to_f64",
        |[a, ..], rm, fl| convert::<F16, F64>(a, rm, fl),
        |[a, ..], rm| a.to_f64(rm).to_bits(),
    );
}

/// Conversions from integers; these travel in the place of a double's bits.
fn from_integers<F: Oracle>(format: &str) {
    let draw = |operands: &mut Operands<F64>| [operands.integer(); 3];
    compare::<F64>(
        &format!("from_i32 {format}"),
        draw,
        &[("float", |[a, ..], rm, fl| F::from_i32(a as i32, rm, fl).into())],
        |[a, ..], rm| F::Soft::from_i32(a.to_bits() as i32, rm).to_bits().into(),
    );
    compare::<F64>(
        &format!("from_u32 {format}"),
        draw,
        &[("float", |[a, ..], rm, fl| F::from_u32(a as u32, rm, fl).into())],
        |[a, ..], rm| F::Soft::from_u32(a.to_bits() as u32, rm).to_bits().into(),
    );
    compare::<F64>(
        &format!("from_i64 {format}"),
        draw,
        &[("float", |[a, ..], rm, fl| F::from_i64(a as i64, rm, fl).into())],
        |[a, ..], rm| F::Soft::from_i64(a.to_bits() as i64, rm).to_bits().into(),
    );
    compare::<F64>(
        &format!("from_u64 {format}"),
        draw,
        &[("float", |[a, ..], rm, fl| F::from_u64(a, rm, fl).into())],
        |[a, ..], rm| F::Soft::from_u64(a.to_bits(), rm).to_bits().into(),
    );
}

#[test]
fn integers_to_f16() {
    from_integers::<F16>("f16");
}

#[test]
fn integers_to_f32() {
    from_integers::<F32>("f32");
}

#[test]
fn integers_to_f64() {
    from_integers::<F64>("f64");
}
