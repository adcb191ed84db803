//! The machine: hart, memory, execution, shadow, hooks, system calls, cores.

pub mod float;
