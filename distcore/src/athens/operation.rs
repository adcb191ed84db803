//! The operations that the [`sweep`](super::sweep) can do, in terms of rows and columns.
//!
//! One operand's positions are the rows, the other's the columns. Results are sums or products of a row's *factor* and a
//! column's *key*, perhaps but for rounding, and so rise with the key in every row (if factors are not negative).

/// An operation whose results are monotone in both operands.
pub(crate) trait Operation: Copy {
    /// The same operation with rows and columns exchanged.
    type Swapped: Operation;
    /// Whether results are products of factor and key, not sums.
    const IS_PRODUCT: bool;
    /// Whether that is exactly the result. If not, results are quotients.
    const IS_EXACT: bool;

    /// The result of a row and a column, rounded.
    fn result(row: f64, column: f64) -> f64;

    /// A row's part of its results.
    #[inline(always)]
    fn factor(row: f64) -> f64 {
        row
    }

    /// A column's part of its results.
    #[inline(always)]
    fn key(column: f64) -> f64 {
        column
    }

    /// The product of factor and key, or the sum.
    #[inline(always)]
    fn product(factor: f64, key: f64) -> f64 {
        if Self::IS_PRODUCT { factor * key } else { factor + key }
    }
}

/// row + column
#[derive(Clone, Copy)]
pub(crate) struct Sum;
/// row * column
#[derive(Clone, Copy)]
pub(crate) struct Product;
/// row / column
#[derive(Clone, Copy)]
pub(crate) struct Quotient;
/// column / row
#[derive(Clone, Copy)]
pub(crate) struct Fraction;

impl Operation for Sum {
    type Swapped = Sum;
    const IS_PRODUCT: bool = false;
    const IS_EXACT: bool = true;

    #[inline(always)]
    fn result(row: f64, column: f64) -> f64 {
        row + column
    }
}

impl Operation for Product {
    type Swapped = Product;
    const IS_PRODUCT: bool = true;
    const IS_EXACT: bool = true;

    #[inline(always)]
    fn result(row: f64, column: f64) -> f64 {
        row * column
    }
}

impl Operation for Quotient {
    type Swapped = Fraction;
    const IS_PRODUCT: bool = true;
    const IS_EXACT: bool = false;

    #[inline(always)]
    fn result(row: f64, column: f64) -> f64 {
        row / column
    }

    #[inline(always)]
    fn key(column: f64) -> f64 {
        1.0 / column
    }
}

impl Operation for Fraction {
    type Swapped = Quotient;
    const IS_PRODUCT: bool = true;
    const IS_EXACT: bool = false;

    #[inline(always)]
    fn result(row: f64, column: f64) -> f64 {
        column / row
    }

    #[inline(always)]
    fn factor(row: f64) -> f64 {
        1.0 / row
    }
}

/// Whether the second of two operands, whose numbers of Diracs and ends are given, should make the rows: whether fewer rows take part in
/// a node of the tree then.
///
/// Where rows spread the results further than columns do, a node reaches only some of them.
pub(crate) fn second_makes_rows<O: Operation>([x_len, y_len]: [usize; 2], ends: [(f64, f64); 2]) -> bool {
    // Of factors relative to their size, of terms as it is.
    let spread = |(low, high): (f64, f64)| (high - low) / if O::IS_PRODUCT { high.max(-low) } else { 1.0 };
    let [x_spread, y_spread] = ends.map(spread);
    y_len as f64 * (x_spread / y_spread).min(1.0) < x_len as f64 * (y_spread / x_spread).min(1.0)
}
