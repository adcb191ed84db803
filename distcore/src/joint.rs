//! Several values with a common distribution: joint (multidimensional) samples.
//!
//! Rows of samples are reduced by the rule of Athens, generalised: a set of rows is split at the mean of the coordinate
//! that spreads most (in units of that coordinate's own standard deviation over all rows), and each leaf becomes one
//! joint Dirac at the leaf's mean. In one dimension that is the rule itself.

use crate::arithmetic::{Arithmetic, Cancel};
use crate::athens::halves;
use crate::{Distribution, Format, SpecialMass};

/// Values that are jointly distributed: Dirac k of each belongs together with Dirac k of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    columns: Vec<Vec<f64>>,
    masses: Vec<f64>,
    format: Format,
    representation: crate::Representation,
}

impl Joint {
    /// The number of values.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.columns.len()
    }

    /// The masses of the joint Diracs.
    #[must_use]
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }

    /// The positions of one of the values, Dirac by Dirac (may be NaN or infinite); `None` if there is no such value.
    #[must_use]
    pub fn positions(&self, dimension: usize) -> Option<&[f64]> {
        self.columns.get(dimension).map(Vec::as_slice)
    }

    /// What positions are rounded to.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The distribution of one of the values alone; `None` if there is no such value.
    #[must_use]
    pub fn marginal(&self, dimension: usize) -> Option<Distribution> {
        let positions = self.positions(dimension)?;
        if positions.is_empty() {
            // Of no samples, as for one value.
            return Some(Distribution::certain(f64::NAN));
        }
        let mut special = SpecialMass::default();
        let finite: Vec<(f64, f64)> = positions
            .iter()
            .map(|&position| self.format.round(position))
            .zip(self.masses.iter().copied())
            .filter(|&(position, mass)| !special.absorb(position, mass))
            .collect();
        let diracs = finite
            .iter()
            .map(|dirac| dirac.0)
            .chain(finite.iter().map(|dirac| dirac.1))
            .collect();
        Some(Distribution::from_raw(diracs, special, self.representation))
    }
}

impl Arithmetic<'_> {
    /// The joint distribution of rows of samples, `samples[row * dimensions + dimension]`, in at most N joint Diracs.
    ///
    /// Left out at the end is what does not fill a row. A row with a NaN or an infinity is never averaged with others:
    /// it stays a Dirac of its own, and such rows beyond N/2 are merged by their pattern of finite coordinates into the
    /// first of its kind.
    ///
    /// ```
    /// use distcore::{Arithmetic, Format, Representation};
    /// let athens = Arithmetic::new(Representation::Athens, 32)?;
    /// let joint = athens.joint_samples(&[1.0, 10.0, 2.0, 20.0, 3.0, 30.0], 2, Format::F64);
    /// assert_eq!(joint.positions(0), Some(&[1.0, 2.0, 3.0][..]));
    /// assert_eq!(joint.positions(1), Some(&[10.0, 20.0, 30.0][..]));
    /// # Ok::<(), distcore::PrecisionError>(())
    /// ```
    #[must_use]
    pub fn joint_samples(&self, samples: &[f64], dimensions: usize, format: Format) -> Joint {
        let cancel = self.cancel();
        let rows: Vec<&[f64]> = (cancel.while_wanted(samples.chunks_exact(dimensions.max(1)))).collect();
        let mass = 1.0 / rows.len() as f64;
        let is_finite = |row: &&[f64]| row.iter().all(|x| x.is_finite());
        let (finite, odd): (Vec<&[f64]>, Vec<&[f64]>) =
            cancel.while_wanted(rows.iter()).partition(|row| is_finite(row));

        let mut leaves: Vec<(Vec<f64>, f64)> = Vec::new();
        let odd_leaves = gather_odd(&odd, self.precision() / 2, mass, cancel);
        let budget = self.precision() - odd_leaves.len().min(self.precision() - 1);
        let scales: Vec<f64> = (0..dimensions)
            .map(|dimension| spread(&finite, dimension, cancel))
            .collect();
        divide(finite, budget, &Splitting { scales, mass, cancel }, &mut leaves);
        leaves.extend(odd_leaves);
        if cancel.is_requested() {
            leaves = vec![(vec![f64::NAN; dimensions], 1.0)];
        }

        let column = |dimension: usize| leaves.iter().map(|leaf| format.round(leaf.0[dimension])).collect();
        Joint {
            columns: (0..dimensions).map(column).collect(),
            masses: leaves.iter().map(|leaf| leaf.1).collect(),
            format,
            representation: self.representation(),
        }
    }
}

/// Rows with special values as Diracs of their own; beyond `limit`, merged into the first of the same pattern.
fn gather_odd(rows: &[&[f64]], limit: usize, mass: f64, cancel: Cancel) -> Vec<(Vec<f64>, f64)> {
    let pattern = |row: &[f64]| {
        row.iter()
            .map(|x| if x.is_finite() { 0 } else { x.to_bits() })
            .collect::<Vec<_>>()
    };
    let mut leaves: Vec<(Vec<f64>, f64)> = Vec::new();
    for row in rows.iter().take_while(|_| !cancel.is_requested()) {
        let like = leaves.iter().position(|leaf| pattern(&leaf.0) == pattern(row));
        match like {
            Some(like) if leaves.len() >= limit => leaves[like].1 += mass,
            _ => leaves.push((row.to_vec(), mass)),
        }
    }
    leaves
}

/// The standard deviation of a coordinate.
fn spread(rows: &[&[f64]], dimension: usize, cancel: Cancel) -> f64 {
    let mean = mean(rows, dimension, cancel);
    let distances = || {
        cancel
            .while_wanted(rows.iter())
            .map(|row| (row[dimension] - mean).abs())
    };
    // Relative to the largest: squares overflow and underflow.
    let largest = distances().fold(0.0, f64::max);
    if largest == 0.0 {
        return 0.0;
    }
    let squares = distances().map(|distance| (distance / largest).powi(2));
    largest * (squares.sum::<f64>() / rows.len() as f64).sqrt()
}

fn mean(rows: &[&[f64]], dimension: usize, cancel: Cancel) -> f64 {
    let sum: f64 = cancel.while_wanted(rows.iter()).map(|row| row[dimension]).sum();
    sum / rows.len() as f64
}

/// What all splits of rows have in common.
struct Splitting<'c> {
    /// The standard deviation of each coordinate in all rows.
    scales: Vec<f64>,
    /// The mass of a row.
    mass: f64,
    cancel: Cancel<'c>,
}

/// Splits rows into at most `n` leaves of (mean row, mass).
fn divide(rows: Vec<&[f64]>, n: usize, splitting: &Splitting<'_>, leaves: &mut Vec<(Vec<f64>, f64)>) {
    let Splitting { scales, mass, cancel } = splitting;
    let (mass, cancel) = (*mass, *cancel);
    let Some(first) = rows.first().filter(|_| !cancel.is_requested()) else {
        return;
    };
    if rows.len() <= n && n > 1 {
        leaves.extend(rows.iter().map(|row| (row.to_vec(), mass)));
        return;
    }
    let dimensions = 0..first.len();
    let relative = |dimension: usize| {
        let relative = spread(&rows, dimension, cancel) / scales[dimension];
        if relative.is_finite() { relative } else { 0.0 }
    };
    let widest = dimensions.clone().max_by(|&a, &b| relative(a).total_cmp(&relative(b)));
    if n == 1 || rows.len() == 1 || widest.is_none_or(|dimension| relative(dimension) == 0.0) {
        leaves.push((
            dimensions.map(|dimension| mean(&rows, dimension, cancel)).collect(),
            mass * rows.len() as f64,
        ));
        return;
    }
    let widest = widest.unwrap_or(0);
    let threshold = mean(&rows, widest, cancel);
    let rows = cancel.while_wanted(rows.into_iter());
    let (left, right): (Vec<&[f64]>, Vec<&[f64]>) = rows.partition(|row| row[widest] <= threshold);
    let (left_n, right_n) = halves(n);
    divide(left, left_n, splitting, leaves);
    divide(right, right_n, splitting, leaves);
}

#[cfg(test)]
mod tests {
    use crate::{Arithmetic, Format::F64, Generator, Representation};

    #[test]
    fn one_dimension_is_the_rule_of_athens() {
        let mut generator = Generator::new(3);
        let samples: Vec<f64> = (0..1000).map(|_| generator.uniform().powi(3)).collect();
        let athens = Arithmetic::new(Representation::Athens, 64).expect("a precision");
        let (joint, alone) = (athens.joint_samples(&samples, 1, F64), athens.samples(&samples, F64));
        let marginal = joint.marginal(0).expect("one dimension");
        assert_eq!(marginal.len(), alone.len());
        for (ours, rule) in marginal.diracs().zip(alone.diracs()) {
            // Plain sums of up to 1000 terms, scaled by the mass before or after.
            assert!((ours.0 - rule.0).abs() < 1e-13 && (ours.1 - rule.1).abs() < 1e-13);
        }
    }

    #[test]
    fn dependence_survives_the_reduction() {
        let mut generator = Generator::new(4);
        let mut samples = Vec::new();
        for _ in 0..20_000 {
            let (u, v) = (generator.uniform(), generator.uniform());
            samples.extend([u, 0.8 * u + 0.6 * v]);
        }
        let athens = Arithmetic::new(Representation::Athens, 256).expect("a precision");
        let joint = athens.joint_samples(&samples, 2, F64);
        let (x, y) = (joint.positions(0).expect("x"), joint.positions(1).expect("y"));
        let moment = |of: &dyn Fn(usize) -> f64| -> f64 { (0..x.len()).map(|k| joint.masses()[k] * of(k)).sum() };
        let (mean_x, mean_y) = (moment(&|k| x[k]), moment(&|k| y[k]));
        let covariance = moment(&|k| (x[k] - mean_x) * (y[k] - mean_y));
        // Truth 0.8 / 12 = 0.0667. Sampling error: 1 % ; a leaf of 1/16 x 1/16 of the range hides 1/256 of a variance.
        assert!((covariance / (0.8 / 12.0) - 1.0).abs() < 0.03, "{covariance}");
        assert!(x.len() <= 256);
    }

    #[test]
    fn rows_with_special_values_are_not_averaged() {
        let athens = Arithmetic::new(Representation::Athens, 4).expect("a precision");
        let samples: Vec<f64> = (0..100)
            .flat_map(|k| [f64::from(k), if k % 2 == 0 { f64::NAN } else { 1.0 }])
            .collect();
        let joint = athens.joint_samples(&samples, 2, F64);
        assert!(joint.masses().len() <= 4);
        assert!((joint.marginal(1).expect("two dimensions").special().nan - 0.5).abs() < 1e-12);
    }
}
