//! The signature of an architecture test, as Spike writes it (`+signature=file +signature-granularity=n`).

use std::fmt::Write as _;

/// Memory as hexadecimal text: lines of `granularity` bytes, the one at the highest address first; the last line is filled up
/// with zeros.
pub(super) fn text(memory: &[u8], granularity: usize) -> String {
    let granularity = granularity.max(1);
    let mut text = String::with_capacity(memory.len() * 2 + memory.len() / granularity + 1);
    for line in memory.chunks(granularity) {
        text.extend(std::iter::repeat_n("00", granularity - line.len()));
        for byte in line.iter().rev() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spike 1.1.1-dev, `htif_t::stop`: `for (j = line_size; j > 0; j--) if (i + j <= size) print data[i + j - 1] else print 0`.
    #[test]
    fn lines_are_big_endian_and_filled_up() {
        let memory: Vec<u8> = (1..=10).collect();
        assert_eq!(text(&memory, 4), "04030201\n08070605\n00000a09\n");
        assert_eq!(text(&memory[..8], 16), "00000000000000000807060504030201\n");
        assert_eq!(text(&[], 4), "");
    }
}
