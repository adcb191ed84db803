//! The Reference core, from the command line: what its values are distributed like, that they do not depend on who computes them,
//! and that the world is changed once.

mod arrays;
mod behaviour;
mod hostile;
mod merging;
mod support;
mod truth;
