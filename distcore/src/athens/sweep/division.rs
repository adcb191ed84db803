//! The split of a node with long rows, by running sums.
//!
//! Each row of the node is visited once ([`Visit::split`](super::visit::Visit::split)): that finds the row's boundary among the
//! results, rounded as the rule wants them, and adds the columns before it to the left part's sums. The right part's are the difference,
//! if that keeps their digits: the node's own must not be a difference already, and neither part may be light. Else they are added up as
//! well. (Differences of differences alone: positions off by 1e-11 at N = 128, against 3e-14; measured.)

use super::Sweep;
use super::rows::Boundaries;
use super::tree::{Node, Origin, Part, Tree, View, narrowed};
use super::visit::Visited;
use crate::athens::halves;
use crate::athens::operation::Operation;
use crate::athens::simd::{Job, Kernel, Sums};

/// A child with less than this part of its node's mass is light.
const LIGHT: f64 = 0.125;

/// Divides the last node of a tree, whose place its parts take.
pub(super) struct Division<'s, 'a, O>(pub(super) &'s Sweep<'a, O>, pub(super) &'s mut Tree);

impl<O: Operation> Job for Division<'_, '_, O> {
    type Output = ();

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) {
        let Division(sweep, tree) = self;
        let Some((view, middle)) = tree.last_to_split() else {
            return;
        };
        let [left, right] = sweep.divide(kernel, &view, middle);
        let &Node {
            n,
            low,
            high,
            free,
            first,
            end,
            ..
        } = view.node;
        let (left_n, right_n) = halves(n);
        let whole = (first, end);
        let (first, end) = narrowed(whole, middle, view.high);
        let right = Node {
            part: right,
            n: right_n,
            low: free,
            high,
            free: free + 1,
            first,
            end,
        };
        let (first, end) = narrowed(whole, view.low, middle);
        let left = Node {
            part: left,
            n: left_n,
            low,
            high: free,
            free: free + 1,
            first,
            end,
        };
        tree.nodes.pop();
        tree.nodes.push(right);
        tree.nodes.push(left);
    }
}

impl<O: Operation> Sweep<'_, O> {
    /// The two parts of a node, whose boundaries it sets in `middle`.
    #[inline(always)]
    fn divide<K: Kernel>(&self, kernel: K, view: &View, middle: &mut [Boundaries]) -> [Part; 2] {
        let node = view.node;
        if node.part.origin != Origin::Difference {
            let (pairs, [left, _]) = self.split::<K, false>(kernel, view, middle);
            let [left, right] = self.parts_of(node, pairs, left, None);
            if !left.is_light_in(&node.part) && !right.is_light_in(&node.part) {
                return [left, right];
            }
        }
        let (pairs, [left, right]) = self.split::<K, true>(kernel, view, middle);
        self.parts_of(node, pairs, left, Some(right))
    }

    /// Sets the boundaries of a node's parts; returns the number of pairs of the left part, and its sums and, if `BOTH`, those of the
    /// right one.
    #[inline(always)]
    fn split<K: Kernel, const BOTH: bool>(
        &self,
        kernel: K,
        view: &View,
        middle: &mut [Boundaries],
    ) -> (usize, [Sums; 2]) {
        let mut visited = Visited::default();
        for (blocks, visit) in self.visits(view) {
            // SAFETY: boundaries are 0, the number of columns, or made by a visit.
            unsafe { visit.split::<K, O, BOTH>(kernel, view.node.part.mean, &mut middle[blocks], &mut visited) };
        }
        (visited.pairs, visited.sums.sums())
    }

    /// What is known of both sides of the mean of a node; the sums of the right one are a difference if they are not given.
    #[inline(always)]
    fn parts_of(&self, node: &Node, left_pairs: usize, left: Sums, right: Option<Sums>) -> [Part; 2] {
        let (whole, blocks) = (&node.part, node.first..node.end);
        let pairs = whole.pairs - left_pairs;
        let left = self.part(blocks.clone(), left, left_pairs, [whole.above, whole.mean]);
        let right = match right {
            Some(right) => self.part(blocks, right, pairs, [whole.mean, whole.up_to]),
            None => {
                let sums = whole.sums.minus(left.sums);
                Part {
                    sums,
                    origin: Origin::Difference,
                    error: self.error_about_center(whole) + left.error,
                    mean: sums.mean() + self.center,
                    pairs,
                    above: whole.mean,
                    up_to: whole.up_to,
                }
            }
        };
        [left, right]
    }
}

impl Part {
    #[inline(always)]
    fn is_light_in(&self, whole: &Part) -> bool {
        self.sums.mass <= LIGHT * whole.sums.mass
    }
}
