//! The Ux texts in what a program printed, read by a reader of their own: not by the code under test.

/// A value and its distribution, as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ux {
    /// The characters before `Ux`.
    pub particle: String,
    /// The two digits of the representation.
    pub representation: u8,
    /// The `samples` field.
    pub samples: u64,
    /// The `mean` field.
    pub mean: f64,
    /// Position and mass (2^63 is 1), in the order of the text.
    pub diracs: Vec<(f64, u64)>,
    /// Every character of it.
    pub text: String,
}

/// What is not a Ux text.
const PARTICLE_END: &[char] = &[' ', '\n', '<', '>', '|', ',', '=', '\t', '"'];

/// All values with a Ux part in `output`, in order.
///
/// # Panics
///
/// On a Ux part that is cut short or not upper-case hex: a core never prints one.
pub fn find_all(output: &str) -> Vec<Ux> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = output[from..].find("Ux") {
        let at = from + at;
        let start = output[from..at].rfind(PARTICLE_END).map_or(from, |end| from + end + 1);
        let (ux, end) = parse(output, start, at);
        found.push(ux);
        from = end;
    }
    found
}

/// `output` with every Ux part taken out: what `--particle` prints.
pub fn without(output: &str) -> String {
    let mut rest = String::new();
    let mut from = 0;
    while let Some(at) = output[from..].find("Ux") {
        let at = from + at;
        rest.push_str(&output[from..at]);
        from = parse(output, at, at).1;
    }
    rest + &output[from..]
}

/// The value whose particle starts at `start` and whose Ux part starts at `at`, and where it ends.
fn parse(output: &str, start: usize, at: usize) -> (Ux, usize) {
    let mut next = at + 2;
    let mut field = |digits: usize| {
        let text = output
            .get(next..next + digits)
            .unwrap_or_else(|| panic!("a Ux text is cut short: {}", &output[at..]));
        assert!(
            text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')),
            "not upper-case hex: {text}"
        );
        next += digits;
        u64::from_str_radix(text, 16).expect("hex digits")
    };
    let representation = field(2) as u8;
    let samples = field(16);
    let mean = f64::from_bits(field(16));
    let count = field(8);
    let diracs = (0..count).map(|_| (f64::from_bits(field(16)), field(16))).collect();
    let ux = Ux {
        particle: output[start..at].into(),
        representation,
        samples,
        mean,
        diracs,
        text: output[start..next].into(),
    };
    (ux, next)
}

impl Ux {
    /// Whether it says that the value has no distribution: no samples, one Dirac of all the mass at the mean.
    pub fn is_certain(&self) -> bool {
        let [(position, mass)] = self.diracs[..] else {
            return false;
        };
        self.samples == 0 && mass == 1 << 63 && position.to_bits() == self.mean.to_bits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTAIN: &str = "0.40007Ux0000000000000000003FD99AC12423C7C7000000013FD99AC12423C7C78000000000000000";

    #[test]
    fn values_are_found_among_other_text() {
        let output = format!("x = {CERTAIN} m, <{CERTAIN}> and\nplain 3.5\n");
        let found = find_all(&output);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], found[1]);
        assert_eq!(
            (found[0].particle.as_str(), found[0].text.as_str()),
            ("0.40007", CERTAIN)
        );
        assert!(found[0].is_certain());
        assert_eq!(found[0].diracs, [(f64::from_bits(0x3FD9_9AC1_2423_C7C7), 1 << 63)]);
        assert_eq!(without(&output), "x = 0.40007 m, <0.40007> and\nplain 3.5\n");
    }

    #[test]
    #[should_panic(expected = "cut short")]
    fn a_text_that_is_cut_is_no_ux_text() {
        find_all(&CERTAIN[..60]);
    }
}
