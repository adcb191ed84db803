#!/usr/bin/env python3
"""Reference values for tests/laws.rs, written to laws.txt beside this file.

Needs mpmath (pip install mpmath). Everything is computed in 60 digits from antiderivatives of f(x) and x f(x), a way that
double arithmetic could not go: differences of them cancel by up to forty digits.

Line format, all numbers exact as doubles:
  L law parameters…          begins a parameter set; the lines that follow belong to it
  M mean variance deviation
  P x pdf cdf survival       at a point
  Q p quantile upper         quantiles of p and of 1 - p
  C lo hi mass mean          a cell (lo, hi]
  T level index mass mean    leaf `index` of 2^level of the tree that splits every cell at its conditional mean
"""

import pathlib
import sys

try:
    from mpmath import (e1, erfc, euler, exp, expm1, gamma, gammainc, inf, isinf, log, log1p, mp, mpf, ncdf, npdf,
                        pi, sqrt)
except ImportError:
    sys.exit("make_laws.py needs mpmath: pip install mpmath")

mp.dps = 60
LEVELS = (2, 5, 8, 12)


class Standard:
    """A law in standard form: F (or its complement S) and G, the antiderivative of x f(x)."""

    support = (-inf, inf)

    def S(self, x):
        return 1 - self.F(x)

    def mass(self, lo, hi):
        # Both forms are exact enough at 60 digits unless the cell lies in a far upper tail.
        if self.upper(lo):
            return self.S(lo) - self.S(hi)
        return self.F(hi) - self.F(lo)

    def upper(self, x):
        return not isinf(x) and x > self.mean

    def cell(self, lo, hi):
        mass = self.mass(lo, hi)
        return mass, (self.G(hi) - self.G(lo)) / mass


class Uniform(Standard):
    support = (mpf(0), mpf(1))
    mean, variance = mpf(1) / 2, mpf(1) / 12
    f = staticmethod(lambda x: mpf(1))
    F = staticmethod(lambda x: x)
    G = staticmethod(lambda x: x * x / 2)
    quantile = staticmethod(lambda p: p)


def normal_quantile(p):
    if p > 0.5:
        return -normal_quantile(1 - p)
    z = -sqrt(-2 * log(p)) if p < 0.1 else mpf(0)
    for _ in range(100):  # Newton on ln F, which is concave
        step = (log(ncdf(z)) - log(p)) * ncdf(z) / npdf(z)
        z -= step
        if abs(step) < mpf(10) ** -50:
            return z
    raise ArithmeticError(p)


class Gauss(Standard):
    mean, variance = mpf(0), mpf(1)
    f = staticmethod(lambda x: npdf(x))
    F = staticmethod(lambda x: erfc(-x / sqrt(2)) / 2)
    S = staticmethod(lambda x: erfc(x / sqrt(2)) / 2)
    G = staticmethod(lambda x: mpf(0) if isinf(x) else -npdf(x))
    quantile = staticmethod(normal_quantile)


class Exponential(Standard):
    support = (mpf(0), inf)
    mean, variance = mpf(1), mpf(1)
    f = staticmethod(lambda x: exp(-x))
    F = staticmethod(lambda x: -expm1(-x))
    S = staticmethod(lambda x: exp(-x))
    G = staticmethod(lambda x: mpf(0) if isinf(x) else -(x + 1) * exp(-x))
    quantile = staticmethod(lambda p: -log1p(-p))


class Gumbel(Standard):
    mean, variance = +euler, pi**2 / 6
    f = staticmethod(lambda x: exp(-x - exp(-x)))
    F = staticmethod(lambda x: mpf(1) if x == inf else mpf(0) if x == -inf else exp(-exp(-x)))
    S = staticmethod(lambda x: mpf(0) if x == inf else -expm1(-exp(-x)))

    @staticmethod
    def G(x):
        if isinf(x):
            return +euler if x > 0 else mpf(0)
        t = exp(-x)
        return x * exp(-t) - e1(t)

    quantile = staticmethod(lambda p: -log(-log(p)))


class Logistic(Standard):
    mean, variance = mpf(0), pi**2 / 3
    F = staticmethod(lambda x: mpf(1) if x == inf else mpf(0) if x == -inf else 1 / (1 + exp(-x)))
    S = staticmethod(lambda x: mpf(0) if x == inf else 1 / (1 + exp(x)))
    f = staticmethod(lambda x: exp(-x) / (1 + exp(-x)) ** 2)
    G = staticmethod(lambda x: mpf(0) if isinf(x) else x / (1 + exp(-x)) - log(1 + exp(x)))
    quantile = staticmethod(lambda p: log(p / (1 - p)))


class Laplace(Standard):
    mean, variance = mpf(0), mpf(2)
    f = staticmethod(lambda x: exp(-abs(x)) / 2)
    F = staticmethod(lambda x: exp(x) / 2 if x < 0 else 1 - exp(-x) / 2)
    S = staticmethod(lambda x: exp(-x) / 2 if x > 0 else 1 - exp(x) / 2)
    G = staticmethod(lambda x: mpf(0) if isinf(x) else (x - 1) * exp(x) / 2 if x < 0 else -(x + 1) * exp(-x) / 2)
    quantile = staticmethod(lambda p: log(2 * p) if p < 0.5 else -log(2 * (1 - p)))


class Weibull(Standard):
    support = (mpf(0), inf)

    def __init__(self, k):
        self.k = mpf(k)
        self.mean = gamma(1 + 1 / self.k)
        self.variance = gamma(1 + 2 / self.k) - self.mean**2

    def f(self, x):
        return self.k * x ** (self.k - 1) * exp(-(x**self.k))

    def F(self, x):
        return mpf(1) if isinf(x) else -expm1(-(x**self.k))

    def S(self, x):
        return mpf(0) if isinf(x) else exp(-(x**self.k))

    def G(self, x):
        if isinf(x):
            return self.mean
        return gammainc(1 + 1 / self.k, 0, x**self.k)

    def quantile(self, p):
        return (-log1p(-p)) ** (1 / self.k)


class Lognormal(Standard):
    support = (mpf(0), inf)

    def __init__(self, sigma):
        self.s = mpf(sigma)
        self.mean = exp(self.s**2 / 2)
        self.variance = exp(self.s**2) * expm1(self.s**2)

    def score(self, x):
        return inf if isinf(x) else -inf if x == 0 else log(x) / self.s

    def f(self, x):
        return npdf(self.score(x)) / (x * self.s)

    def F(self, x):
        return Gauss.F(self.score(x))

    def S(self, x):
        return Gauss.S(self.score(x))

    def G(self, x):
        return self.mean * Gauss.F(self.score(x) - self.s)

    def quantile(self, p):
        return exp(self.s * normal_quantile(p))


class BoundedPareto(Standard):
    def __init__(self, alpha, ratio):
        self.a, self.r = mpf(alpha), ratio
        self.support = (mpf(1), self.r)
        self.share = -expm1(-self.a * log(self.r))
        self.mean = self.G(self.r)
        square = self.raw(self.r, 2)
        self.variance = square - self.mean**2

    def raw(self, x, n):
        power = n - self.a
        return self.a / self.share * (log(x) if power == 0 else expm1(power * log(x)) / power)

    def f(self, x):
        return self.a * x ** (-self.a - 1) / self.share

    def F(self, x):
        return -expm1(-self.a * log(x)) / self.share

    def G(self, x):
        return self.raw(x, 1)

    def quantile(self, p):
        return (1 - p * self.share) ** (-1 / self.a)


# Ordinary, extreme small, extreme large.
SETS = [
    ("uniform", (0.05, 0.07)),
    ("uniform", (-1e-300, 3e-300)),
    ("uniform", (-1e307, 5e307)),
    ("gauss", (20.0, 0.5)),
    ("gauss", (1e-200, 3e-201)),
    ("gauss", (-5e200, 1e203)),
    ("exponential", (0.7,)),
    ("exponential", (1e-280,)),
    ("exponential", (1e280,)),
    ("gumbel", (1.0, 2.0)),
    ("gumbel", (-1e-150, 1e-152)),
    ("gumbel", (1e100, 1e102)),
    ("logistic", (3.0, 0.25)),
    ("logistic", (1e-100, 1e-101)),
    ("logistic", (-1e120, 1e119)),
    ("laplace", (-1.5, 0.8)),
    ("laplace", (2e-50, 1e-52)),
    ("laplace", (1e60, 1e61)),
    ("weibull", (2.0, 3.0)),
    ("weibull", (0.2, 1e-50)),
    ("weibull", (1000.0, 1e50)),
    ("lognormal", (0.5, 0.4)),
    ("lognormal", (-200.0, 1e-4)),
    ("lognormal", (300.0, 6.0)),
    ("bounded_pareto", (1.5, 1.0, 100.0)),
    ("bounded_pareto", (0.01, 1e-100, 1e100)),
    ("bounded_pareto", (50.0, 1e10, 1.5e10)),
    ("bounded_pareto", (1.0, 2.0, 5.0)),  # the limit case of the formulas
]


def standard(name, p):
    """The standard form, its location and its scale."""
    p = [mpf(x) for x in p]
    if name == "uniform":
        return Uniform(), p[0], p[1] - p[0]
    if name == "exponential":
        return Exponential(), mpf(0), p[0]
    if name == "weibull":
        return Weibull(p[0]), mpf(0), p[1]
    if name == "lognormal":
        return Lognormal(p[1]), mpf(0), exp(p[0])
    if name == "bounded_pareto":
        return BoundedPareto(p[0], p[2] / p[1]), mpf(0), p[1]
    return {"gauss": Gauss, "gumbel": Gumbel, "logistic": Logistic, "laplace": Laplace}[name](), p[0], p[1]


def number(x):
    return repr(float(x))


def leaves_to_keep(level):
    n = 2**level
    if n <= 32:
        return set(range(n))
    step = n // 24 + 1
    return set(range(0, n, step)) | set(range(3)) | set(range(n - 3, n)) | {n // 2 - 1, n // 2}


def write_set(out, name, parameters):
    law, location, scale = standard(name, parameters)
    print("L", name, *map(number, parameters), file=out)
    place = lambda z: location + scale * z
    moments = (place(law.mean), scale**2 * law.variance, scale * sqrt(law.variance))
    print("M", *map(number, moments), file=out)

    for p in (1e-30, 1e-6, 0.1, 0.5, 0.7, 1 - 1e-5):
        p = mpf(p)
        quantile = place(law.quantile(p))
        print("Q", number(p), number(quantile), number(place(law.quantile(1 - p))), file=out)
        for probability in (p, 1 - p):
            x = mpf(float(place(law.quantile(probability))))
            z = (x - location) / scale
            if law.support[0] < z < law.support[1]:
                values = (law.f(z) / scale, law.F(z), law.S(z))
                print("P", number(x), *map(number, values), file=out)

    # Cells from very narrow to wide, at all sorts of places.
    deviation = sqrt(law.variance)
    for p in (1e-12, 0.02, 0.3, 0.5, 0.9, 1 - 1e-4):
        start = law.quantile(mpf(p))
        for width in (1e-6, 1e-3, 0.05, 0.4, 1.5):
            lo = mpf(float(place(start)))
            hi = mpf(float(lo + scale * deviation * mpf(width)))
            z_lo, z_hi = (max(law.support[0], min(law.support[1], (x - location) / scale)) for x in (lo, hi))
            if not z_lo < z_hi:
                continue
            mass, mean = law.cell(z_lo, z_hi)
            print("C", number(lo), number(hi), number(mass), number(place(mean)), file=out)

    cells = [(law.support[0], law.support[1], mpf(1), law.mean)]
    for level in range(1, max(LEVELS) + 1):
        parts = []
        for lo, hi, _, mean in cells:
            parts += [(lo, mean, *law.cell(lo, mean)), (mean, hi, *law.cell(mean, hi))]
        cells = parts
        if level in LEVELS:
            keep = leaves_to_keep(level)
            for index, (_, _, mass, mean) in enumerate(cells):
                if index in keep:
                    print("T", level, index, number(mass), number(place(mean)), file=out)


def main():
    path = pathlib.Path(__file__).with_name("laws.txt")
    with path.open("w", encoding="ascii") as out:
        print("# Written by make_laws.py, which describes the format.", file=out)
        for name, parameters in SETS:
            print(name, parameters, file=sys.stderr)
            write_set(out, name, parameters)


if __name__ == "__main__":
    main()
