//! Hexadecimal digits, sixteen at a time. A core prints strings of 130 KB, so both directions avoid a branch a digit.

/// How many characters at the start of `text` are hexadecimal digits, counting no further than `limit`.
pub(super) fn count_digits(text: &[u8], limit: usize) -> usize {
    let text = &text[..limit.min(text.len())];
    // Blocks without an early exit inside: the compiler makes vector instructions of them.
    let mut counted = 0;
    for block in text.chunks_exact(64) {
        if !block.iter().fold(true, |all, &c| all & is_digit(c)) {
            break;
        }
        counted += block.len();
    }
    counted + text[counted..].iter().take_while(|&&c| is_digit(c)).count()
}

/// Like `u8::is_ascii_hexdigit`, without a branch.
fn is_digit(c: u8) -> bool {
    (c.wrapping_sub(b'0') < 10) | ((c | 0x20).wrapping_sub(b'a') < 6)
}

/// The number that up to 16 digits spell. The caller has checked that all characters are digits.
#[inline]
pub(super) fn read(digits: &[u8]) -> u64 {
    let (eights, rest) = digits.as_chunks::<8>();
    let high = eights
        .iter()
        .fold(0, |number, &eight| number << 32 | u64::from(read8(eight)));
    rest.iter()
        .fold(high, |number, &c| number << 4 | u64::from((c & 0xF) + 9 * (c >> 6)))
}

/// The inverse of [`digits8`], for either case: bit 6 tells a letter from a decimal digit, and the low four bits of 'A'
/// are 1.
#[inline]
fn read8(digits: [u8; 8]) -> u32 {
    let characters = u64::from_be_bytes(digits);
    let letters = characters >> 6 & 0x0101_0101_0101_0101;
    let spread = (characters & 0x0F0F_0F0F_0F0F_0F0F) + letters * 9;
    let spread = (spread | spread >> 4) & 0x00FF_00FF_00FF_00FF;
    let spread = (spread | spread >> 8) & 0x0000_FFFF_0000_FFFF;
    (spread | spread >> 16) as u32
}

/// The 16 upper-case digits of a number.
pub(super) fn digits16(number: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    digits[..8].copy_from_slice(&digits8((number >> 32) as u32));
    digits[8..].copy_from_slice(&digits8(number as u32));
    digits
}

/// The 8 upper-case digits of a number: its nibbles spread over the bytes of a word, then all turned into characters at
/// once.
pub(super) fn digits8(number: u32) -> [u8; 8] {
    let spread = u64::from(number);
    let spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF;
    let spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF;
    let spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F;
    // A nibble of ten or more carries into bit 4 when 6 is added; 'A' lies 7 above the character after '9'.
    let letters = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    (spread + 0x3030_3030_3030_3030 + letters * 7).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_agree_with_the_standard_formatter() {
        let mut number = 1u64;
        for _ in 0..1000 {
            number = number
                .wrapping_mul(0x5851_F42D_4C95_7F2D)
                .wrapping_add(0x1405_7B7E_F767_814F);
            let text = format!("{number:016X}");
            assert_eq!(digits16(number), text.as_bytes());
            assert_eq!(read(text.as_bytes()), number);
            assert_eq!(read(text.to_lowercase().as_bytes()), number);
        }
    }

    #[test]
    fn digits_are_counted_up_to_the_first_other_character_and_the_limit() {
        for length in [0, 1, 63, 64, 65, 127, 128, 200] {
            let mut text = vec![b'a'; length];
            assert_eq!(count_digits(&text, 1000), length);
            assert_eq!(count_digits(&text, 64), length.min(64));
            text.extend_from_slice(b"g00");
            assert_eq!(count_digits(&text, 1000), length);
        }
        let others: Vec<u8> = (0..=255u8).filter(|c| !c.is_ascii_hexdigit()).collect();
        assert!(others.iter().all(|&c| count_digits(&[c], 1) == 0));
    }
}
