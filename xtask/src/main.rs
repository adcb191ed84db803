//! Project chores that take two commands.

fn main() {}
