//! Integer functions that are longer than an expression.
//!
//! Unprivileged manual, chapters "M" (division has no traps), "B" (bit manipulation) and "Scalar cryptography" (Zbkb, Zbkx).

/// Signed division: by zero gives -1, overflow gives the dividend.
pub(crate) fn div(a: i64, b: i64) -> i64 {
    if b == 0 { -1 } else { a.wrapping_div(b) }
}

/// Signed remainder: by zero gives the dividend, overflow gives 0.
pub(crate) fn rem(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { a.wrapping_rem(b) }
}

/// Unsigned division: by zero gives all ones.
pub(crate) fn divu(a: u64, b: u64) -> u64 {
    a.checked_div(b).unwrap_or(u64::MAX)
}

/// Unsigned remainder: by zero gives the dividend.
pub(crate) fn remu(a: u64, b: u64) -> u64 {
    a.checked_rem(b).unwrap_or(a)
}

/// Word form of [`div`].
pub(crate) fn divw(a: i32, b: i32) -> i32 {
    if b == 0 { -1 } else { a.wrapping_div(b) }
}

/// Word form of [`rem`].
pub(crate) fn remw(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { a.wrapping_rem(b) }
}

/// Word form of [`divu`].
pub(crate) fn divuw(a: u32, b: u32) -> u32 {
    a.checked_div(b).unwrap_or(u32::MAX)
}

/// Word form of [`remu`].
pub(crate) fn remuw(a: u32, b: u32) -> u32 {
    a.checked_rem(b).unwrap_or(a)
}

/// High half of the signed product.
pub(crate) fn mulh(a: i64, b: i64) -> i64 {
    ((i128::from(a) * i128::from(b)) >> 64) as i64
}

/// High half of the product of signed `a` and unsigned `b`.
pub(crate) fn mulhsu(a: i64, b: u64) -> i64 {
    ((i128::from(a) * i128::from(b)) >> 64) as i64
}

/// High half of the unsigned product.
pub(crate) fn mulhu(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 64) as u64
}

/// The 127-bit carry-less product.
fn carryless_product(a: u64, b: u64) -> u128 {
    (0..64)
        .filter(|i| b >> i & 1 == 1)
        .fold(0, |product, i| product ^ u128::from(a) << i)
}

/// Low half of the carry-less product.
pub(crate) fn clmul(a: u64, b: u64) -> u64 {
    carryless_product(a, b) as u64
}

/// High half of the carry-less product.
pub(crate) fn clmulh(a: u64, b: u64) -> u64 {
    (carryless_product(a, b) >> 64) as u64
}

/// Bits 126 to 63 of the carry-less product.
pub(crate) fn clmulr(a: u64, b: u64) -> u64 {
    (carryless_product(a, b) >> 63) as u64
}

/// Each byte becomes all ones if it has a bit, else zero.
pub(crate) fn orc_b(a: u64) -> u64 {
    u64::from_le_bytes(a.to_le_bytes().map(|byte| if byte == 0 { 0 } else { 0xff }))
}

/// The bits of each byte reversed.
pub(crate) fn brev8(a: u64) -> u64 {
    u64::from_le_bytes(a.to_le_bytes().map(u8::reverse_bits))
}

/// Each byte of `b` selects a byte of `a`; zero where it is beyond.
pub(crate) fn xperm8(a: u64, b: u64) -> u64 {
    let table = a.to_le_bytes();
    u64::from_le_bytes(
        b.to_le_bytes()
            .map(|index| table.get(usize::from(index)).copied().unwrap_or(0)),
    )
}

/// Each nibble of `b` selects a nibble of `a`.
pub(crate) fn xperm4(a: u64, b: u64) -> u64 {
    (0..16).fold(0, |result, i| {
        let index = b >> (4 * i) & 15;
        result | (a >> (4 * index) & 15) << (4 * i)
    })
}
