//! Programs that use their operands more than once, for plain numbers and for values with lineage alike.

use distcore::lineage::{Graph, Input};
use distcore::{BinaryFn, Format::F64, Law, UnaryFn};

/// What a program computes with: plain numbers of one run, or values with lineage.
pub(crate) trait Machine {
    type Value: Copy;
    fn law(&mut self, law: Law) -> Self::Value;
    fn number(&mut self, value: f64) -> Self::Value;
    fn binary(&mut self, function: BinaryFn, x: Self::Value, y: Self::Value) -> Self::Value;
    fn unary(&mut self, function: UnaryFn, x: Self::Value) -> Self::Value;
    fn mixture(&mut self, x: Self::Value, y: Self::Value, p: f64) -> Self::Value;

    fn add(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Add, x, y)
    }
    fn sub(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Sub, x, y)
    }
    fn mul(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Mul, x, y)
    }
    fn div(&mut self, x: Self::Value, y: Self::Value) -> Self::Value {
        self.binary(BinaryFn::Div, x, y)
    }
    fn uniform(&mut self, min: f64, max: f64) -> Self::Value {
        self.law(Law::uniform(min, max).expect("a law"))
    }
    fn gauss(&mut self, mean: f64, stddev: f64) -> Self::Value {
        self.law(Law::gauss(mean, stddev).expect("a law"))
    }
    /// 1 with probability p, else 0.
    fn chance(&mut self, p: f64) -> Self::Value {
        let (one, zero) = (self.number(1.0), self.number(0.0));
        self.mixture(one, zero, p)
    }
}

/// With lineage.
pub(crate) struct Tracked(pub(crate) Graph);

#[derive(Clone, Copy)]
pub(crate) struct Tracing(pub(crate) Input);

impl Machine for Tracked {
    type Value = Tracing;
    fn law(&mut self, law: Law) -> Tracing {
        Tracing(self.0.law(&law, F64).into())
    }
    fn number(&mut self, value: f64) -> Tracing {
        Tracing(value.into())
    }
    fn binary(&mut self, function: BinaryFn, x: Tracing, y: Tracing) -> Tracing {
        Tracing(match (x.0, y.0) {
            (Input::Certain(x), Input::Certain(y)) => function.evaluate(x, y, F64).into(),
            (x, y) => self.0.binary(function, x, y, F64).into(),
        })
    }
    fn unary(&mut self, function: UnaryFn, x: Tracing) -> Tracing {
        Tracing(match x.0 {
            Input::Certain(x) => function.evaluate(x, F64).into(),
            Input::Node(x) => self.0.unary(function, x, F64).into(),
        })
    }
    fn mixture(&mut self, x: Tracing, y: Tracing, p: f64) -> Tracing {
        Tracing(self.0.mixture(x.0, y.0, p, F64).into())
    }
}

/// (a + b) / (a - b)
pub(crate) fn ratio<M: Machine>(m: &mut M) -> M::Value {
    let (a, b) = (m.gauss(10.0, 1.0), m.gauss(3.0, 0.5));
    let (sum, difference) = (m.add(a, b), m.sub(a, b));
    m.div(sum, difference)
}

/// The larger root of a x² + b x + c.
pub(crate) fn quadratic_root<M: Machine>(m: &mut M) -> M::Value {
    let (a, b, c) = (m.uniform(0.8, 1.2), m.gauss(-6.0, 0.3), m.uniform(2.0, 3.5));
    let square = m.mul(b, b);
    let (four, two) = (m.number(4.0), m.number(2.0));
    let product = m.mul(a, c);
    let product = m.mul(four, product);
    let discriminant = m.sub(square, product);
    let root = m.unary(UnaryFn::Sqrt, discriminant);
    let numerator = m.sub(root, b);
    let denominator = m.mul(two, a);
    m.div(numerator, denominator)
}

/// The first of N (at most 8) unknowns of as many equations with uncertain coefficients, by Gauss' elimination without
/// pivoting.
pub(crate) fn linear_solve<M: Machine, const N: usize>(m: &mut M) -> M::Value {
    let zero = m.number(0.0);
    // Row i: coefficients, then the right side.
    let mut rows = [[zero; 9]; 8];
    for (i, row) in rows.iter_mut().enumerate().take(N) {
        for (j, entry) in row.iter_mut().enumerate().take(N + 1) {
            *entry = match j {
                _ if j == N => m.gauss(1.0 + i as f64, 0.3),
                _ if j == i => m.uniform(N as f64, N as f64 + 2.0),
                _ => m.uniform(-0.5, 1.0),
            };
        }
    }
    for pivot in 0..N {
        let above = rows[pivot];
        for row in &mut rows[pivot + 1..N] {
            let factor = m.div(row[pivot], above[pivot]);
            for j in pivot..=N {
                let product = m.mul(factor, above[j]);
                row[j] = m.sub(row[j], product);
            }
        }
    }
    let mut unknowns = [zero; 8];
    for i in (0..N).rev() {
        let mut rest = rows[i][N];
        for j in i + 1..N {
            let product = m.mul(rows[i][j], unknowns[j]);
            rest = m.sub(rest, product);
        }
        unknowns[i] = m.div(rest, rows[i][i]);
    }
    unknowns[0]
}

/// x³ - 3 x² + 2 x by Horner's rule, over a range where it is not monotone.
pub(crate) fn polynomial<M: Machine>(m: &mut M) -> M::Value {
    let x = m.uniform(-0.5, 2.5);
    let mut value = m.number(1.0);
    for coefficient in [-3.0, 2.0, 0.0] {
        let coefficient = m.number(coefficient);
        value = m.mul(value, x);
        value = m.add(value, coefficient);
    }
    value
}

/// Infected after 60 days of an epidemic with uncertain rates.
pub(crate) fn sir<M: Machine>(m: &mut M) -> M::Value {
    let (beta, gamma) = (m.uniform(0.2, 0.4), m.uniform(0.08, 0.12));
    let (mut s, mut i) = (m.number(0.99), m.number(0.01));
    for _ in 0..60 {
        let contacts = m.mul(s, i);
        let infected = m.mul(beta, contacts);
        let recovered = m.mul(gamma, i);
        s = m.sub(s, infected);
        i = m.add(i, infected);
        i = m.sub(i, recovered);
    }
    i
}

/// The estimate of a scalar Kalman filter with an uncertain noise level, after 10 uncertain measurements.
pub(crate) fn kalman<M: Machine>(m: &mut M) -> M::Value {
    let (noise, drift) = (m.uniform(0.5, 1.5), m.number(0.01));
    let (mut estimate, mut variance) = (m.gauss(0.0, 1.0), m.number(1.0));
    let one = m.number(1.0);
    for step in 0..10 {
        let measured = m.gauss(f64::from(step) * 0.1, 0.3);
        variance = m.add(variance, drift);
        let total = m.add(variance, noise);
        let gain = m.div(variance, total);
        let innovation = m.sub(measured, estimate);
        let correction = m.mul(gain, innovation);
        estimate = m.add(estimate, correction);
        let rest = m.sub(one, gain);
        variance = m.mul(rest, variance);
    }
    estimate
}

/// A dot product of 64 terms that share a factor: sum of x_k (y_k + s).
pub(crate) fn dot_product<M: Machine>(m: &mut M) -> M::Value {
    let shared = m.gauss(1.0, 0.3);
    let mut sum = m.number(0.0);
    for k in 0..64 {
        let (x, y) = (m.uniform(0.0, 1.0), m.gauss(0.02 * f64::from(k), 0.5));
        let shifted = m.add(y, shared);
        let product = m.mul(x, shifted);
        sum = m.add(sum, product);
    }
    sum
}

/// max(S - K, 0) discounted, less a tenth of S, for a stock that may have jumped.
pub(crate) fn option<M: Machine>(m: &mut M) -> M::Value {
    let rate = m.uniform(0.01, 0.05);
    let shock = m.gauss(0.0, 0.2);
    let exponent = m.add(rate, shock);
    let growth = m.unary(UnaryFn::Exp, exponent);
    let (hundred, seventy, zero, tenth) = (m.number(100.0), m.number(70.0), m.number(0.0), m.number(0.1));
    let (calm, jumped) = (m.mul(hundred, growth), m.mul(seventy, growth));
    let stock = m.mixture(calm, jumped, 0.9);
    let strike = m.number(95.0);
    let gain = m.sub(stock, strike);
    let payoff = m.binary(BinaryFn::Max, gain, zero);
    let debt = m.unary(UnaryFn::Neg, rate);
    let discount = m.unary(UnaryFn::Exp, debt);
    let value = m.mul(payoff, discount);
    let hedge = m.mul(tenth, stock);
    m.sub(value, hedge)
}

/// The sum of two uniform values.
pub(crate) fn sum_of_two<M: Machine>(m: &mut M) -> M::Value {
    let (x, y) = (m.uniform(0.0, 1.0), m.uniform(0.0, 1.0));
    m.add(x, y)
}

/// x * x
pub(crate) fn square<M: Machine>(m: &mut M) -> M::Value {
    let x = m.gauss(1.0, 1.0);
    m.mul(x, x)
}

/// x * y
pub(crate) fn product<M: Machine>(m: &mut M) -> M::Value {
    let (x, y) = (m.gauss(1.0, 1.0), m.gauss(2.0, 0.5));
    m.mul(x, y)
}

/// x / (x + y)
pub(crate) fn share<M: Machine>(m: &mut M) -> M::Value {
    let (x, y) = (m.uniform(1.0, 2.0), m.uniform(1.0, 3.0));
    let sum = m.add(x, y);
    m.div(x, sum)
}

/// exp of a normal value
pub(crate) fn exponential<M: Machine>(m: &mut M) -> M::Value {
    let x = m.gauss(0.0, 0.5);
    m.unary(UnaryFn::Exp, x)
}

/// (a + b)(a - b)
pub(crate) fn difference_of_squares<M: Machine>(m: &mut M) -> M::Value {
    let (a, b) = (m.gauss(1.0, 1.0), m.gauss(2.0, 0.5));
    let (sum, difference) = (m.add(a, b), m.sub(a, b));
    m.mul(sum, difference)
}

/// A lift that is either out of order or carries an uncertain load: b (x + y) + (1 - b) y.
pub(crate) fn bernoulli_lift<M: Machine>(m: &mut M) -> M::Value {
    let (b, x, y) = (m.chance(0.3), m.gauss(2.0, 0.5), m.uniform(0.0, 1.0));
    let one = m.number(1.0);
    let sum = m.add(x, y);
    let on = m.mul(b, sum);
    let other = m.sub(one, b);
    let off = m.mul(other, y);
    m.add(on, off)
}

/// 50 steps of x = f x + noise with one uncertain f.
pub(crate) fn recurrence<M: Machine>(m: &mut M) -> M::Value {
    let (factor, mut state) = (m.uniform(0.8, 0.95), m.gauss(0.0, 1.0));
    for _ in 0..50 {
        let noise = m.gauss(0.0, 0.1);
        let scaled = m.mul(factor, state);
        state = m.add(scaled, noise);
    }
    state
}

/// The sum of N values of one law.
pub(crate) fn sum<M: Machine, const N: usize>(m: &mut M) -> M::Value {
    let mut sum = m.uniform(0.0, 1.0);
    for _ in 1..N {
        let x = m.uniform(0.0, 1.0);
        sum = m.add(sum, x);
    }
    sum
}
