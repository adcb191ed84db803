//! Words to instructions and back, over the whole encoding space.

use isa::{Inst, Op, Rm, Slot, TABLE, decode, encode, is_vector};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200_000) })]

    /// Whatever decodes comes back bit for bit: no field is lost and none is ignored.
    #[test]
    fn every_legal_word_comes_back(word in any::<u32>()) {
        let word = word | 3;
        if let Some(inst) = decode(word) {
            prop_assert_eq!(inst.len, 4);
            prop_assert_eq!(encode(&inst), Some(word));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    /// Random words seldom meet a row with many fixed bits, so each row gets words of its own.
    #[test]
    fn every_row_comes_back(free in any::<u32>()) {
        for row in &TABLE {
            let word = row.bits | free & !row.mask;
            let reserved_rounding = row.format.layout().rm == Rm::Rounding && matches!(word >> 12 & 7, 5 | 6);
            let decoded = decode(word);
            prop_assert_eq!(decoded.is_none(), reserved_rounding, "{:#010x} {}", word, row.mnemonic);
            if let Some(inst) = decoded {
                prop_assert_eq!(inst.op, row.op);
                prop_assert_eq!(encode(&inst), Some(word));
            }
        }
    }
}

/// A compressed instruction is its base instruction: the expansion has an encoding, which means the same.
#[test]
fn expansions_are_encodable() {
    for half in (0..=u16::MAX).filter(|half| half & 3 != 3) {
        if let Some(inst) = decode(u32::from(half)) {
            assert_eq!(inst.len, 2);
            let word = encode(&inst).expect("a base instruction has an encoding");
            assert_eq!(decode(word), Some(Inst { len: 4, ..inst }));
        }
    }
}

#[test]
fn the_upper_half_does_not_change_a_compressed_instruction() {
    for half in 0..=u16::MAX {
        if half & 3 != 3 {
            assert_eq!(decode(u32::from(half)), decode(u32::from(half) | 0xffff_0000));
        }
    }
}

#[test]
fn operands_that_do_not_fit_are_refused() {
    let add = Inst::new(Op::Add);
    assert!(encode(&add).is_some());
    for wrong in [
        Inst { rd: 32, ..add },
        Inst { imm: 1, ..add },
        Inst { rs3: 1, ..add },
        Inst { rm: 1, ..add },
    ] {
        assert_eq!(encode(&wrong), None, "{wrong:?}");
    }
    let cases = [
        (Op::Addi, -2048, 2047, 1),
        (Op::Sd, -2048, 2047, 1),
        (Op::Beq, -4096, 4094, 2),
        (Op::Jal, -0x10_0000, 0xf_fffe, 2),
        (Op::Lui, i32::MIN, 0x7fff_f000, 0x1000),
        (Op::Slli, 0, 63, 1),
        (Op::Slliw, 0, 31, 1),
        (Op::Csrrw, 0, 4095, 1),
        (Op::MopR, 0, 31, 1),
        (Op::MopRr, 0, 7, 1),
    ];
    for (op, least, most, step) in cases {
        for imm in [least, most] {
            assert!(encode(&Inst { imm, ..Inst::new(op) }).is_some(), "{op:?} {imm}");
        }
        for imm in [least.checked_sub(step), most.checked_add(step)].into_iter().flatten() {
            assert_eq!(encode(&Inst { imm, ..Inst::new(op) }), None, "{op:?} {imm}");
        }
        if step > 1 {
            assert_eq!(
                encode(&Inst {
                    imm: least + 1,
                    ..Inst::new(op)
                }),
                None,
                "{op:?} odd"
            );
        }
    }
    let fadd = Inst::new(Op::FaddD);
    for rm in 0..=8 {
        assert_eq!(
            encode(&Inst { rm, ..fadd }).is_some(),
            rm <= 4 || rm == 7,
            "rounding mode {rm}"
        );
    }
}

/// The manual's "RVC opcode map" and its notes on reserved encodings.
#[test]
fn reserved_compressed_forms_are_illegal() {
    let reserved: [(u16, &str); 12] = [
        (0x0000, "all zeros"),
        (0x0004, "c.addi4spn with a zero immediate"),
        (0x9000, "quadrant 0, 100, beyond Zcb"),
        (0x8c40, "c.sh with bit 6"),
        (0x2001, "c.addiw with rd = x0"),
        (0x6101, "c.addi16sp with a zero immediate"),
        (0x6001, "c.lui with rd = x0 and a zero immediate"),
        (0x6201, "c.lui with rd = x4 and a zero immediate: not a c.mop"),
        (0x9c79, "Zcb's unary 110"),
        (0x9c7d, "Zcb's unary 111"),
        (0x4002, "c.lwsp with rd = x0"),
        (0x8002, "c.jr with rs1 = x0"),
    ];
    for (half, what) in reserved {
        assert_eq!(decode(u32::from(half)), None, "{half:#06x}: {what}");
    }
    assert_eq!(decode(0x6002), None, "c.ldsp with rd = x0");
}

#[test]
fn hints_are_legal() {
    let nop = Inst {
        len: 2,
        ..Inst::new(Op::Addi)
    };
    assert_eq!(decode(0x0001), Some(nop), "c.nop");
    assert_eq!(decode(0x6081), Some(nop), "c.mop.1");
    assert_eq!(decode(0x0005), Some(Inst { imm: 1, ..nop }), "c.nop 1");
    assert_eq!(decode(0x0501), Some(Inst { rd: 10, rs1: 10, ..nop }), "c.addi a0, 0");
    assert_eq!(decode(0x4005), Some(Inst { imm: 1, ..nop }), "c.li x0, 1");
    assert_eq!(
        decode(0x6005),
        Some(Inst {
            imm: 0x1000,
            ..Inst { op: Op::Lui, ..nop }
        }),
        "c.lui x0, 1"
    );
    assert_eq!(
        decode(0x800a),
        Some(Inst {
            op: Op::Add,
            rs2: 2,
            ..nop
        }),
        "c.mv x0, x2"
    );
    assert_eq!(
        decode(0x900a),
        Some(Inst {
            op: Op::Add,
            rs2: 2,
            ..nop
        }),
        "c.ntl.p1"
    );
    assert_eq!(
        decode(0x0502),
        Some(Inst {
            op: Op::Slli,
            rd: 10,
            rs1: 10,
            ..nop
        }),
        "c.slli a0, 0"
    );
}

#[test]
fn illegal_words_are_illegal() {
    let words = [
        (0xffff_ffff, "all ones"),
        (0x0000_001f, "a length above 32 bits"),
        (0x1005_302f | 1 << 20, "lr.d with rs2"),
        (0xe205_1053 | 1 << 20, "fclass.d with rs2"),
        (0xe205_0053 | 2 << 12, "fmv.x.d with funct3 = 2"),
        (0x02b5_55d3, "fadd.d with rounding mode 5"),
        (0x02b5_65d3, "fadd.d with rounding mode 6"),
        (0x4205_50d3 | 5 << 12, "fcvt.d.s with rounding mode 5"),
        (0x02b5_151b, "slliw by 43"),
        (0x0000_4003 | 7 << 12, "a load of width 7"),
        (
            0x0200_4073 & !0x8000_0000,
            "funct3 = 4 of SYSTEM that is no may-be-operation",
        ),
    ];
    for (word, what) in words {
        assert_eq!(decode(word), None, "{word:#010x}: {what}");
    }
}

#[test]
fn fences_are_legal_with_any_fields() {
    for (word, what) in [
        (0x0ff0_000f, "fence"),
        (0x8330_000f, "fence.tso"),
        (0x0100_000f, "pause"),
        (0xffff_8f8f, "reserved"),
    ] {
        assert_eq!(decode(word).map(|i| i.op), Some(Op::Fence), "{what}");
    }
    assert_eq!(decode(0xffff_9f8f).map(|i| i.op), Some(Op::FenceI));
}

#[test]
fn vector_instructions_are_recognised_and_never_decode() {
    // vadd.vv, vsetvli, vle8.v, vse64.v
    for word in [0x0220_8057, 0x0c05_7057, 0x0205_0007, 0x0205_7027] {
        assert!(is_vector(word), "{word:#010x}");
        assert_eq!(decode(word), None, "{word:#010x}");
    }
    for row in &TABLE {
        assert!(!is_vector(row.bits), "{}", row.mnemonic);
    }
}

#[test]
fn operands_name_what_the_fields_hold() {
    for op in Op::ALL {
        let layout = op.format().layout();
        let operands = op.operands();
        for (slot, file) in [
            (layout.rd, operands.rd),
            (layout.rs1, operands.rs1),
            (layout.rs2, operands.rs2),
            (layout.rs3, operands.rs3),
        ] {
            assert_eq!(file.is_some(), matches!(slot, Slot::X | Slot::F), "{op:?}");
        }
    }
}
