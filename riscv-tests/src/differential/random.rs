//! Random numbers, and values that are awkward to compute with.

/// A fixed sequence of numbers (xorshift64*, Vigna 2016).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The sequence of a seed. Neighbouring seeds give unlike sequences, and none is zero.
    pub(super) fn of(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end.max(1)
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        choices.get(self.below(choices.len())).copied()
    }
}

/// An integer at an edge, small, or anything.
pub(super) fn integer(random: &mut Random) -> u64 {
    let any = random.next();
    match random.below(4) {
        0 => any,
        1 => any >> (any & 63),
        2 => ((any as i64) >> (any & 63)) as u64,
        _ => {
            let edges = [
                0,
                1,
                2,
                u64::MAX,
                1 << 63,
                (1 << 63) - 1,
                1 << 31,
                (1 << 31) - 1,
                0xffff_ffff,
                !0x7fff_ffff,
                1 << 32,
            ];
            random.one_of(&edges).unwrap_or(0)
        }
    }
}

/// Bits of a float register: a double, or a boxed single or half; near each other, at an edge, or anything.
pub(super) fn float_bits(random: &mut Random) -> u64 {
    let (exponent_bits, fraction_bits, boxed) = random
        .one_of(&[
            (11, 52, 0),
            (11, 52, 0),
            (8, 23, !0 << 32),
            (8, 23, !0 << 32),
            (5, 10, !0_u64 << 16),
        ])
        .unwrap_or((11, 52, 0));
    let any = random.next();
    let sign = any >> 63 << (exponent_bits + fraction_bits);
    let bias = (1_u64 << (exponent_bits - 1)) - 1;
    let exponent = match random.below(6) {
        0 => 0,
        1 => 2 * bias + 1,
        2 => random.next() & (2 * bias + 1),
        3 => 2 * bias - random.below(3) as u64,
        4 => 1 + random.below(fraction_bits + 2) as u64,
        _ => bias + random.below(fraction_bits + 4) as u64 - 2,
    };
    let all = (1_u64 << fraction_bits) - 1;
    let fraction = match random.below(4) {
        0 => 0,
        1 => all - random.below(2) as u64,
        2 => 1 << random.below(fraction_bits),
        _ => any & all,
    };
    boxed | sign | (exponent & (2 * bias + 1)) << fraction_bits | fraction
}
