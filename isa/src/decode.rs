//! From bits to an instruction.
//!
//! Rows are found through a table of buckets that is built at compile time: the key is the major opcode with `funct3`, or, for
//! OP-FP, where `funct3` is a rounding mode, `funct7`. A bucket holds at most a dozen rows.

use crate::{Inst, Op, Rm, Row, Slot, TABLE, compressed};

/// Decodes the instruction at the start of `word`: a 16-bit form in the low half, or all 32 bits.
///
/// `None` is what a hart with every extension of the table calls an illegal instruction: reserved compressed forms, the rounding
/// modes 5 and 6, vector instructions ([`crate::is_vector`]), lengths above 32 bits. Hints are legal and decode to the base
/// instruction that they are a form of. What only the machine's state decides (a CSR that does not exist, an `frm` of 5) is left to
/// the executor.
pub fn decode(word: u32) -> Option<Inst> {
    if word & 3 != 3 {
        return compressed::expand(word as u16);
    }
    find(word).and_then(|row| operands(row, word))
}

/// The row of a 32-bit word.
fn find(word: u32) -> Option<&'static Row> {
    let bucket = bucket_of(word);
    let candidates = BUCKETS
        .rows
        .get(usize::from(BUCKETS.starts[bucket])..usize::from(BUCKETS.starts[bucket + 1]))?;
    candidates.iter().map(|op| op.row()).find(|row| row.matches(word))
}

/// The operands of a word that matches `row`.
fn operands(row: &Row, word: u32) -> Option<Inst> {
    let layout = row.format.layout();
    let register = |slot: Slot, low: u32| match slot {
        Slot::Absent => 0,
        Slot::X | Slot::F | Slot::Number => (word >> low & 31) as u8,
    };
    let rm = match layout.rm {
        Rm::Absent => 0,
        Rm::Rounding => match word >> 12 & 7 {
            5 | 6 => return None,
            mode => mode as u8,
        },
        Rm::Ordering => (word >> 25 & 3) as u8,
    };
    Some(Inst {
        op: row.op,
        rd: register(layout.rd, 7),
        rs1: register(layout.rs1, 15),
        rs2: register(layout.rs2, 20),
        rs3: register(layout.rs3, 27),
        rm,
        imm: layout.imm.extract(word),
        len: 4,
    })
}

/// The major opcode OP-FP, bits 6:2.
const OP_FP: u32 = 0b10100;
/// Buckets by opcode and funct3, then those of OP-FP by funct7.
const BUCKET_COUNT: usize = 256 + 128;

/// The bucket of a 32-bit word.
const fn bucket_of(word: u32) -> usize {
    let opcode = word >> 2 & 31;
    (if opcode == OP_FP {
        256 + (word >> 25)
    } else {
        opcode << 3 | (word >> 12 & 7)
    }) as usize
}

/// Whether a word that `row` matches can fall into `bucket`.
const fn belongs(row: &Row, bucket: usize) -> bool {
    let bucket = bucket as u32;
    let (key, key_mask) = if bucket >= 256 {
        ((bucket - 256) << 25 | OP_FP << 2, 0xfe00_007c)
    } else if bucket >> 3 == OP_FP {
        return false;
    } else {
        ((bucket >> 3) << 2 | (bucket & 7) << 12, 0x0000_707c)
    };
    (row.bits ^ key) & row.mask & key_mask == 0
}

/// The rows of bucket `b` are `rows[starts[b]..starts[b + 1]]`.
struct Buckets {
    starts: [u16; BUCKET_COUNT + 1],
    rows: [Op; ENTRIES],
}

/// Rows in all buckets together (a row whose key bits are free is in several).
const ENTRIES: usize = {
    let mut entries = 0;
    let mut bucket = 0;
    while bucket < BUCKET_COUNT {
        let mut row = 0;
        while row < TABLE.len() {
            entries += belongs(&TABLE[row], bucket) as usize;
            row += 1;
        }
        bucket += 1;
    }
    entries
};

static BUCKETS: Buckets = {
    let mut buckets = Buckets {
        starts: [0; BUCKET_COUNT + 1],
        rows: [TABLE[0].op; ENTRIES],
    };
    let mut used = 0;
    let mut bucket = 0;
    while bucket < BUCKET_COUNT {
        buckets.starts[bucket] = used as u16;
        let mut row = 0;
        while row < TABLE.len() {
            if belongs(&TABLE[row], bucket) {
                buckets.rows[used] = TABLE[row].op;
                used += 1;
            }
            row += 1;
        }
        bucket += 1;
    }
    buckets.starts[BUCKET_COUNT] = used as u16;
    buckets
};
