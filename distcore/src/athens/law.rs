//! The split of an exact law: each Dirac is the law's conditional mean in its cell, with the cell's exact mass.

use super::{Item, halves};
use crate::Law;
use crate::laws::Cell;

/// Splits `law` into `n` Diracs.
///
/// The law is split in its standard form, whose Diracs are then moved and stretched: so a law whose spread is tiny beside
/// its location loses digits in the last step only. A uniform law has cells of equal width, so its positions are written
/// as real cores compute them: `a + w/2 + w*i` with `w = (b - a) / n`.
pub(crate) fn law(law: &Law, n: usize) -> Vec<Item> {
    if let Law::Uniform { min, max, .. } = *law {
        let (width, mass) = ((max - min) / n as f64, 1.0 / n as f64);
        let position = |i: usize| min + width / 2.0 + width * i as f64;
        return (0..n)
            .map(|i| Item {
                position: position(i),
                mass,
            })
            .collect();
    }
    let standard = law.standard();
    let mut out = Vec::with_capacity(n);
    let whole = Cell {
        mass: 1.0,
        mean: standard.mean(),
    };
    descend(&standard, f64::NEG_INFINITY, f64::INFINITY, whole, n, &mut out);
    for item in &mut out {
        item.position = law.location() + law.scale() * item.position;
    }
    out
}

/// Splits the cell (lo, hi] into `n` Diracs.
fn descend(law: &Law, lo: f64, hi: f64, cell: Cell, n: usize, out: &mut Vec<Item>) {
    let mean = cell.mean;
    if n > 1 && lo < mean && mean < hi {
        let (left, right) = (law.cell(lo, mean), law.cell(mean, hi));
        let splits = |part: &Cell| part.mass > 0.0 && part.mean.is_finite();
        if splits(&left) && splits(&right) {
            let (left_n, right_n) = halves(n);
            descend(law, lo, mean, left, left_n, out);
            descend(law, mean, hi, right, right_n, out);
            return;
        }
    }
    // One Dirac, or a cell so narrow or so light that doubles cannot divide it.
    out.push(Item {
        position: mean,
        mass: cell.mass,
    });
}
