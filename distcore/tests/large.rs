//! The largest precision, in a process of its own: 64 million pairs in megabytes.

use distcore::{Arithmetic, BinaryFn, Format::F64, Law, Representation};

/// The most memory that this process has had, in kilobytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

#[test]
fn eight_thousand_diracs_need_megabytes() {
    let core = Arithmetic::new(Representation::Athens, 8000).expect("a precision");
    let x = core.law(&Law::gauss(3.0, 0.1).expect("a law"), F64);
    let y = core.law(&Law::lognormal(0.0, 0.5).expect("a law"), F64);
    for function in [BinaryFn::Add, BinaryFn::Mul, BinaryFn::Div] {
        let result = core.binary(function, &x, &y, F64);
        assert_eq!(result.len(), 8000);
        assert!((result.finite_mass() - 1.0).abs() < 1e-12);
    }
    let sum = core.binary(BinaryFn::Add, &x, &y, F64);
    assert!((sum.mean() - x.mean() - y.mean()).abs() < 1e-12);
    match peak_memory() {
        // The pairs alone would be 1024 MB.
        Some(kilobytes) => assert!(kilobytes < 64_000, "{kilobytes} kB"),
        None => eprintln!("NOT CHECKED: memory (no /proc/self/status here)"),
    }
}
