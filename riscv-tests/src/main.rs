//! Conformance runner for riscv-tests and the architecture tests.

fn main() {}
