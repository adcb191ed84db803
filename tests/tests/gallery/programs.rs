//! The programs' formulas once more, on plain random numbers.

use std::f64::consts::PI;
use std::path::PathBuf;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use system_tests::root;

/// An example and what it should print.
pub(crate) struct Program {
    /// Below `sdk/examples`.
    pub(crate) source: &'static str,
    /// A file beside the source that it reads from standard input.
    pub(crate) input: Option<&'static str>,
    /// It uses an uncertain value twice.
    pub(crate) needs_tracking: bool,
    /// What it prints depends on an answer about a distribution.
    pub(crate) asks: bool,
    /// Samples of each value it prints, in order.
    pub(crate) truth: fn() -> Vec<Vec<f64>>,
}

impl Program {
    pub(crate) fn path(&self) -> PathBuf {
        root().join("sdk/examples").join(self.source)
    }
}

const fn program(source: &'static str, truth: fn() -> Vec<Vec<f64>>) -> Program {
    Program {
        source,
        input: None,
        needs_tracking: false,
        asks: false,
        truth,
    }
}

pub(crate) const PROGRAMS: &[Program] = &[
    program("wing-lift/main.c", || {
        // Trapezoids of (lower - upper), and the dynamic pressure.
        let chord = [0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0];
        let upper = [1.0, -1.9, -1.72, -1.38, -1.16, -0.9, -0.66, -0.34, 0.1];
        let lower = [1.0, 0.62, 0.46, 0.3, 0.24, 0.18, 0.15, 0.12, 0.1];
        let area = |y: [f64; 9]| {
            (1..9)
                .map(|i| (chord[i] - chord[i - 1]) * (y[i] + y[i - 1]) / 2.0)
                .sum::<f64>()
        };
        let coefficient = area(lower) - area(upper);
        draw(|r| {
            let pressure = 0.5 * r.uniform(0.99 * 1.225, 1.01 * 1.225) * r.gauss(28.0, 0.28).powi(2);
            [pressure, pressure * coefficient]
        })
    }),
    program("investment/main.c", || {
        draw(|r| {
            let (mut savings, mut prices) = (0.0, 1.0);
            for _ in 0..10 {
                let is_calm = r.uniform(0.0, 1.0) < 0.9;
                let gain = if is_calm {
                    r.gauss(0.07, 0.06)
                } else {
                    r.uniform(-0.3, 0.0)
                };
                savings = (savings + 1000.0) * (1.0 + gain);
                prices *= 1.0 + r.uniform(0.01, 0.04);
            }
            [savings, savings / prices]
        })
    }),
    Program {
        input: Some("readings.txt"),
        ..program("sensor-calibration/main.c", || {
            let readings = std::fs::read_to_string(root().join("sdk/examples/sensor-calibration/readings.txt"));
            let readings = readings.expect("the example's readings");
            let readings: Vec<f64> = readings
                .split_whitespace()
                .map(|text| text.parse().expect("a number"))
                .collect();
            draw(|r| {
                let reading = readings[(r.uniform(0.0, 1.0) * readings.len() as f64) as usize];
                let volts = (reading + r.uniform(-0.5, 0.5)) / 4095.0 * 2.5;
                let ohms = r.uniform(9900.0, 10100.0) / (r.gauss(3.3, 0.02) / volts - 1.0);
                let kelvin = 1.0 / (1.0 / 298.15 + (ohms / 10000.0).ln() / r.gauss(3950.0, 20.0));
                [volts, kelvin - 273.15]
            })
        })
    },
    program("option-payoff/src/main.c", || {
        draw(|r| {
            let share = 100.0 * ((0.03 - 0.02) * 0.75 + 0.2 * 0.75f64.sqrt() * r.gauss(0.0, 1.0)).exp();
            [share, (-0.03 * 0.75f64).exp() * (share - 95.0).max(0.0)]
        })
    }),
    Program {
        needs_tracking: true,
        ..program("dislocation/src/main.c", || {
            draw(|r| {
                let (g, f) = (r.uniform(0.15, 0.25), r.uniform(0.3, 0.45));
                let (radius, shear) = (r.gauss(1e-8, 5e-10), r.uniform(6e10, 8e10));
                let b = 2.54e-10;
                let root = (8.0 * g * f * radius / (PI * shear * b * b)).sqrt();
                [r.gauss(3.06, 0.05) * g / (2.0 * b) * (root - f) / 1e6]
            })
        })
    },
    program("robot-arm/src/main.c", || {
        draw(|r| {
            let (a, b) = (r.gauss(0.9, 0.02), r.uniform(0.05, 0.15));
            [0.4 * a.cos() + 0.35 * b.cos(), 0.4 * a.sin() + 0.35 * b.sin()]
        })
    }),
    program("kalman/src/main.c", || {
        // All is linear and normal: the filter's own mean and the variance of the weighted sum.
        draw(|r| {
            let readings = [2.03, 1.96, 2.11, 1.99, 2.02, 2.08, 1.94, 2.05, 2.01, 1.97];
            let (mut level, mut variance) = (r.gauss(1.8, 0.3), 0.09);
            for reading in readings {
                variance += 0.02 * 0.02;
                let gain = variance / (variance + 0.05 * 0.05);
                level += gain * (r.gauss(reading, 0.05) - level);
                variance *= 1.0 - gain;
            }
            [level]
        })
    }),
    program("fft/src/main.c", || {
        draw(|r| {
            let x = [1.0, 0.8, 0.1, -0.6, -0.9, -0.7, 0.0, 0.7].map(|x| r.uniform(x - 0.05, x + 0.05));
            let bin = |k: f64| {
                (0..8)
                    .map(|i| x[i] * (2.0 * PI * k * i as f64 / 8.0).cos())
                    .sum::<f64>()
                    / 8.0
            };
            [bin(0.0), bin(1.0)]
        })
    }),
    Program {
        // Conjugate normals: precisions 1 and 1 / 0.5^2 add, means are weighted with them.
        asks: true,
        ..program("bayes/src/main.c", || {
            draw(|r| [r.gauss((10.0 + 4.0 * 10.8) / 5.0, 0.2f64.sqrt())])
        })
    },
    program("battery/src/main.cpp", || {
        draw(|r| {
            let current = 0.3 * r.uniform(18.0, 26.0) + 0.05 * r.gauss(120.0, 8.0) + r.uniform(1.5, 2.5);
            [current, r.gauss(2400.0, 60.0) / current]
        })
    }),
    program("beam/src/main.f90", || {
        draw(|r| [r.gauss(5e3, 4e2) * 8.0 / (3.0 * r.uniform(1.9e11, 2.1e11) * 8e-6) * 1000.0])
    }),
    Program {
        needs_tracking: true,
        ..program("epidemic/src/main.c", || {
            draw(|r| {
                let (contagion, recovery) = (r.uniform(0.25, 0.35), r.gauss(0.1, 0.01));
                let (mut susceptible, mut infected) = (0.99, 0.01);
                for _ in 0..20 {
                    let caught = contagion * susceptible * infected;
                    susceptible -= caught;
                    infected += caught - recovery * infected;
                }
                [infected]
            })
        })
    },
    Program {
        // Meshes 2 and 3 by substitution, then Ohm's law for mesh 1.
        needs_tracking: true,
        ..program("linear-solve/src/main.c", || {
            draw(|r| {
                let (r1, r2, r3) = (r.uniform(95.0, 105.0), r.uniform(209.0, 231.0), r.uniform(313.5, 346.5));
                let second = r2 / (r2 + r3 + 100.0 - r3 * r3 / (r3 + 470.0));
                [r.gauss(12.0, 0.1) / (r1 + r2 - r2 * second) * 1000.0]
            })
        })
    },
];

/// Draws of a program's outputs.
fn draw<const OUTPUTS: usize>(mut formula: impl FnMut(&mut Source) -> [f64; OUTPUTS]) -> Vec<Vec<f64>> {
    const DRAWS: usize = 1_000_000;
    let mut source = Source(Xoshiro256PlusPlus::seed_from_u64(1));
    let mut samples = vec![Vec::with_capacity(DRAWS); OUTPUTS];
    for _ in 0..DRAWS {
        for (sample, value) in samples.iter_mut().zip(formula(&mut source)) {
            sample.push(value);
        }
    }
    samples
}

struct Source(Xoshiro256PlusPlus);

impl Source {
    fn uniform(&mut self, min: f64, max: f64) -> f64 {
        // 53 random bits, in the middle of their cells: never 0.
        min + (max - min) * ((self.0.next_u64() >> 11) as f64 + 0.5) * f64::powi(2.0, -53)
    }

    fn gauss(&mut self, mean: f64, deviation: f64) -> f64 {
        // Box and Muller, one of the two.
        let radius = (-2.0 * self.uniform(0.0, 1.0).ln()).sqrt();
        mean + deviation * radius * (2.0 * PI * self.uniform(0.0, 1.0)).cos()
    }
}
