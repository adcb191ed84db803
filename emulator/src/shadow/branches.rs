//! Where a program's way depended on a distribution.

/// An instruction whose operand was uncertain although it steers the program; the particle decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BranchSite {
    /// Times it was met.
    pub times: u64,
}
