//! Distributions as a person reads them: `716.84 ± 14.9 ▁▂▄▆█▆▄▂▁` in place of a Ux text.
//!
//! Output comes in pieces that may end anywhere. What may be the beginning of a Ux text is held back until it is complete, or
//! until it can no longer be one.

use emulator::distcore::Distribution;
use emulator::distcore::ux::UxValue;
use plot::number::significant;
use plot::sparkline;

use crate::values::{Candidate, candidate_at, particle_start};

/// Cells of a sparkline.
const CELLS: usize = 16;

/// Finds the Ux texts in a stream.
#[derive(Default)]
pub(crate) struct Scanner {
    held: Vec<u8>,
}

/// A piece of a stream.
pub(crate) enum Piece<'a> {
    /// What is no value.
    Text(&'a [u8]),
    /// A value: its whole text, the particle in it, and what it says.
    Value {
        text: &'a [u8],
        particle: &'a str,
        value: &'a UxValue,
    },
}

/// Rewrites a stream.
#[derive(Default)]
pub(crate) struct Renderer {
    scanner: Scanner,
}

impl Scanner {
    /// Takes a piece of output and gives on what is complete, in order.
    pub(crate) fn scan(&mut self, bytes: &[u8], found: &mut dyn FnMut(Piece<'_>)) {
        self.held.extend_from_slice(bytes);
        let mut done = 0;
        let mut search = 0;
        while let Some(marker) = find(&self.held[search..], b"Ux").map(|at| at + search) {
            let start = particle_start(&self.held[done..marker]) + done;
            match candidate_at(&self.held[start..], marker - start) {
                Candidate::Value(value, length) => {
                    found(Piece::Text(&self.held[done..start]));
                    found(Piece::Value {
                        text: &self.held[start..start + length],
                        // A number is ASCII.
                        particle: std::str::from_utf8(&self.held[start..marker]).unwrap_or_default(),
                        value: &value,
                    });
                    done = start + length;
                    search = done;
                }
                Candidate::Nothing => search = marker + 2,
                Candidate::Incomplete => {
                    found(Piece::Text(&self.held[done..start]));
                    self.held.drain(..start);
                    return;
                }
            }
        }
        // The tail may be a particle whose Ux comes with the next piece.
        let hold = particle_start(strip_suffix_u(&self.held[done..])) + done;
        found(Piece::Text(&self.held[done..hold]));
        self.held.drain(..hold);
    }

    /// What was held back and will not become a Ux text any more.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }
}

impl Renderer {
    /// Takes a piece of output and gives back what can be shown.
    pub(crate) fn render(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut shown = Vec::new();
        self.scanner.scan(bytes, &mut |piece| match piece {
            Piece::Text(text) => shown.extend_from_slice(text),
            Piece::Value { particle, value, .. } => shown.extend(describe(particle, value).into_bytes()),
        });
        shown
    }

    /// What was held back and will not become a Ux text any more.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        self.scanner.finish()
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn strip_suffix_u(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"U").unwrap_or(bytes)
}

/// A value in a few characters: particle, spread, shape. A plain number is only its particle.
fn describe(particle: &str, value: &UxValue) -> String {
    let Ok(distribution) = Distribution::from_ux(value) else {
        return particle.to_owned();
    };
    if value.diracs.len() < 2 {
        return particle.to_owned();
    }
    let mut text = format!("{particle} ± {}", significant(distribution.standard_deviation(), 3));
    if let Some(shape) = sparkline(&distribution, CELLS) {
        text.push(' ');
        text.push_str(&shape);
    }
    let special = distribution.special();
    for (mass, name) in [
        (special.nan, "NaN"),
        (special.negative_infinity, "-Inf"),
        (special.positive_infinity, "+Inf"),
    ] {
        if mass > 0.0 {
            text.push_str(&format!(" ({}% {name})", significant(100.0 * mass, 3)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render_in_pieces(text: &str, size: usize) -> String {
        let mut renderer = Renderer::default();
        let mut shown: Vec<u8> = text
            .as_bytes()
            .chunks(size)
            .flat_map(|piece| renderer.render(piece))
            .collect();
        shown.extend(renderer.finish());
        String::from_utf8(shown).unwrap()
    }

    fn gauss() -> String {
        use emulator::distcore::laws::Law;
        use emulator::distcore::{Arithmetic, Format, Representation};
        let law = Law::gauss(716.84, 14.9).unwrap();
        let distribution = Arithmetic::new(Representation::Athens, 64)
            .unwrap()
            .law(&law, Format::F64);
        distribution.to_ux(None, Format::F64).to_text("716.84")
    }

    #[test]
    fn a_distribution_is_shown_as_particle_spread_and_shape() {
        let text = format!("lift = {} N\n", gauss());
        insta::assert_snapshot!(render_in_pieces(&text, text.len()), @"lift = 716.84 ± 14.9 ▁▁▁▂▄▅▇██▇▅▄▂▁▁▁ N");
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let text = format!("a {} b {} Ux c id7 Ux0 9", gauss(), gauss());
        let whole = render_in_pieces(&text, text.len());
        for size in [1, 2, 3, 7, 100, 1000] {
            assert_eq!(render_in_pieces(&text, size), whole, "pieces of {size}");
        }
    }

    #[test]
    fn a_plain_number_is_shown_plain() {
        let value = "1.500000Ux0400000000000000003FF8000000000000000000013FF80000000000008000000000000000";
        assert_eq!(
            render_in_pieces(&format!("{value}, {value}\n"), 20),
            "1.500000, 1.500000\n"
        );
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in [
            "Ux",
            "Linux 6.1 Uxbridge",
            "1.0Ux04 no more",
            "enter 1-5",
            "nan inf -3 Uxx",
        ] {
            for size in [1, 4, 100] {
                assert_eq!(render_in_pieces(text, size), text);
            }
        }
    }

    #[test]
    fn special_mass_is_named() {
        use emulator::distcore::{Distribution, Format, Representation, SpecialMass};
        let special = SpecialMass {
            nan: 0.25,
            ..SpecialMass::default()
        };
        let value = Distribution::from_all_parts(&[1.0, 2.0], &[0.5, 0.25], special, Representation::Athens).unwrap();
        let text = value.to_ux(None, Format::F64).to_text("1.3");
        assert!(render_in_pieces(&text, 9).ends_with("(25.0% NaN)"));
    }
}
