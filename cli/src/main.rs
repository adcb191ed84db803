//! The sigemu command.

fn main() {}
