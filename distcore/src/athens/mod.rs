//! Athens: the split at the mean ("telescoping torques").
//!
//! A list of weighted positions is reduced to at most n Diracs by recursion on the list *in its order*:
//!
//! 1. n = 1 or one item: emit (weighted mean, total mass);
//! 2. at most n items: emit them unchanged, in order;
//! 3. else m = weighted mean; stable partition, position <= m to the left, the rest to the right; the left part gets
//!    ⌈n/2⌉ Diracs, the right one ⌊n/2⌋.
//!
//! For n a power of two this is the rule of real cores, order included. For any other n it uses all n Diracs.
//! A law is split by the same rule, with the law's own conditional means ([`law`]).

mod block;
mod buckets;

mod comparison;
mod distinct;
mod equal;
mod law;
mod long;
mod operand;
mod operation;
mod pairs;

mod simd;
mod streamed;
mod sweep;
#[cfg(test)]
mod tests;

pub(crate) use block::Item;
pub(crate) use buckets::{nearly_sorted, sorted};
pub(crate) use comparison::compare;
pub(crate) use distinct::merge_if_few;
pub(crate) use equal::split_equal;
pub(crate) use law::law;
pub(crate) use long::split_long;
pub(crate) use operand::Diracs;
pub(crate) use pairs::{all_pairs, combine, split_points};
#[cfg(test)]
pub(crate) use simd::Portable;
pub use simd::{InstructionSet, instruction_set, limit_instruction_set};
pub(crate) use simd::{Job, Kernel, with_best_kernel};

/// How many Diracs the left and the right part get.
#[inline]
pub(crate) fn halves(n: usize) -> (usize, usize) {
    (n.div_ceil(2), n / 2)
}
