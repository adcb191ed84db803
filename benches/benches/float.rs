//! Floating-point operations: the host's own, what the emulator makes of it, integer arithmetic, and SoftFloat.
//!
//! Every line runs the same operands through one operation, results to memory. The emulator is measured with NX set (the usual case, where
//! a range check is all), with NX cleared before each operation on numbers that round and on numbers that do not (where a residual decides),
//! and without the host's help.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use emulator::float::{F32, F64, Float, Format, Rounding, exact, flags::NX};
use softfloat_wrapper::{self as soft, ExceptionFlags, RoundingMode};
use std::hint::black_box;
use std::time::Duration;

const RM: Rounding = Rounding::NearestEven;
const COUNT: usize = 1024;

/// Operands in [1, 2): `bits` bits of fraction below the leading one, so that few give exact results and many do not.
fn operands<F: Format>(bits: u32) -> Vec<F::Bits> {
    let one = (F::MAX_EXPONENT as u64) << F::FRACTION_BITS;
    let unused = F::FRACTION_BITS - bits;
    let mut state = 1u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        F::from_raw(one | (state >> 12 & F::FRACTION) >> unused << unused)
    };
    (0..COUNT + 2).map(|_| next()).collect()
}

/// One operation over all operands.
fn over<B: Copy>(operands: &[B], out: &mut [B], mut operation: impl FnMut(B, B, B) -> B) {
    for (out, abc) in out.iter_mut().zip(operands.windows(3)) {
        *out = black_box(operation(abc[0], abc[1], abc[2])); // one at a time: the host's operation must not become a vector's
    }
}

macro_rules! bench_operation {
    ($criterion:expr, $format:ident, $host:ident, $soft:ident, $name:ident, exact_bits $exact_bits:expr, |$a:ident, $b:ident, $c:ident|
     host $on_host:expr, ours($($operand:ident),*), soft $on_soft:expr) => {{
        let mut group = $criterion.benchmark_group(concat!(stringify!($host), " ", stringify!($name)));
        group.throughput(Throughput::Elements(COUNT as u64));
        let rounding = operands::<$format>($format::FRACTION_BITS);
        let exact_ones = operands::<$format>($exact_bits);
        let mut out = rounding[..COUNT].to_vec();
        group.bench_function("host, no flags", |bencher| bencher.iter(|| over(black_box(&rounding), black_box(&mut out), |$a, $b, $c| {
            let ($a, $b, $c) = ($host::from_bits($a), $host::from_bits($b), $host::from_bits($c));
            let _ = ($b, $c);
            $on_host.to_bits()
        })));
        let mut sticky = NX;
        group.bench_function("NX set", |bencher| bencher.iter(|| {
            let fflags = black_box(&mut sticky);
            over(black_box(&rounding), black_box(&mut out), |$a, $b, $c| {
                let _ = ($b, $c);
                $format::$name($($operand,)* RM, fflags)
            })
        }));
        for (label, operands) in [("NX clear, rounds", &rounding), ("NX clear, exact", &exact_ones)] {
            group.bench_function(label, |bencher| bencher.iter(|| over(black_box(operands), black_box(&mut out), |$a, $b, $c| {
                let _ = ($b, $c);
                let mut fflags = black_box(0);
                let r = $format::$name($($operand,)* RM, &mut fflags);
                black_box(fflags);
                r
            })));
        }
        group.bench_function("integers", |bencher| bencher.iter(|| {
            let fflags = black_box(&mut sticky);
            over(black_box(&rounding), black_box(&mut out), |$a, $b, $c| {
                let _ = ($b, $c);
                exact::$name::<$format>($($operand,)* RM, fflags)
            })
        }));
        group.bench_function("SoftFloat", |bencher| bencher.iter(|| {
            ExceptionFlags::from_bits(NX).set();
            over(black_box(&rounding), black_box(&mut out), |$a, $b, $c| {
                use soft::Float;
                let [$a, $b, $c] = [$a, $b, $c].map(soft::$soft::from_bits);
                let _ = ($b, $c);
                $on_soft.to_bits()
            })
        }));
        group.finish();
    }};
}

fn float(criterion: &mut Criterion) {
    const SOFT: RoundingMode = RoundingMode::TiesToEven;
    macro_rules! bench_format {
        ($format:ident, $host:ident, $soft:ident) => {
            let half = $format::PRECISION / 2 - 1;
            bench_operation!(criterion, $format, $host, $soft, add, exact_bits half, |a, b, c| host a + b, ours(a, b), soft a.add(b, SOFT));
            bench_operation!(criterion, $format, $host, $soft, mul, exact_bits half, |a, b, c| host a * b, ours(a, b), soft a.mul(b, SOFT));
            bench_operation!(criterion, $format, $host, $soft, div, exact_bits 0, |a, b, c| host a / b, ours(a, b), soft a.div(b, SOFT));
            bench_operation!(criterion, $format, $host, $soft, sqrt, exact_bits 0, |a, b, c| host a.sqrt(), ours(a), soft a.sqrt(SOFT));
            // Without FMA at compile time the host's fused operation would be a library routine: the separate ones stand in.
            bench_operation!(criterion, $format, $host, $soft, fused, exact_bits half, |a, b, c| host a * b + c, ours(a, b, c),
                soft a.fused_mul_add(b, c, SOFT));
        };
    }
    bench_format!(F64, f64, F64);
    bench_format!(F32, f32, F32);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400));
    targets = float
}
criterion_main!(benches);
