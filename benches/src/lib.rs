//! Benchmarks: the interpreter, distribution arithmetic, comparisons.
