//! The one table: every instruction is a row, and every consumer (decoder, encoder, disassembler, executor, shadow step) reads it.
//!
//! A row is `(Op, mnemonic, match, mask, Format, Extension, OpClass)`. A word is that instruction when `word & mask == match`.
//! Bits come from the RISC-V unprivileged manual (20240411, chapter "RV32/64G Instruction Set Listings" and the chapters of the
//! extensions) and the privileged manual; overlapping rows do not compile (see the assertion at the end of this file).
//!
//! Forms that the manual carves out of another instruction's encoding are not rows, because they do what that instruction does:
//! `pause` and `fence.tso` are `fence`, `prefetch.*` is `ori x0`, `ntl.*` is `add x0, x0, ..`, `zext.h` is `packw .., x0`.
//! Only the disassembler gives them their names.

use crate::{Extension, Format, Op, OpClass};

/// Hands all rows of the table to the macro named in the argument.
///
/// The callback sees `$( ($op:ident, $mnemonic:literal, $bits:literal, $mask:literal, $format:ident, $extension:ident, $class:ident) )*`.
/// A `match` built this way needs no wildcard: a row without an arm is a compile error.
#[macro_export]
macro_rules! for_each_instruction {
    ($callback:ident) => {
        $callback! {
            // RV64I: unprivileged manual, "RV32I" and "RV64I" base integer instruction sets
            (Lui,           "lui",             0x00000037, 0x0000007f, U,                     I,          Constant)
            (Auipc,         "auipc",           0x00000017, 0x0000007f, U,                     I,          Constant)
            (Jal,           "jal",             0x0000006f, 0x0000007f, Jal,                   I,          Jump)
            (Jalr,          "jalr",            0x00000067, 0x0000707f, Jalr,                  I,          Jump)
            (Beq,           "beq",             0x00000063, 0x0000707f, Branch,                I,          Branch)
            (Bne,           "bne",             0x00001063, 0x0000707f, Branch,                I,          Branch)
            (Blt,           "blt",             0x00004063, 0x0000707f, Branch,                I,          Branch)
            (Bge,           "bge",             0x00005063, 0x0000707f, Branch,                I,          Branch)
            (Bltu,          "bltu",            0x00006063, 0x0000707f, Branch,                I,          Branch)
            (Bgeu,          "bgeu",            0x00007063, 0x0000707f, Branch,                I,          Branch)
            (Lb,            "lb",              0x00000003, 0x0000707f, Load,                  I,          Load)
            (Lh,            "lh",              0x00001003, 0x0000707f, Load,                  I,          Load)
            (Lw,            "lw",              0x00002003, 0x0000707f, Load,                  I,          Load)
            (Ld,            "ld",              0x00003003, 0x0000707f, Load,                  I,          Load)
            (Lbu,           "lbu",             0x00004003, 0x0000707f, Load,                  I,          Load)
            (Lhu,           "lhu",             0x00005003, 0x0000707f, Load,                  I,          Load)
            (Lwu,           "lwu",             0x00006003, 0x0000707f, Load,                  I,          Load)
            (Sb,            "sb",              0x00000023, 0x0000707f, Store,                 I,          Store)
            (Sh,            "sh",              0x00001023, 0x0000707f, Store,                 I,          Store)
            (Sw,            "sw",              0x00002023, 0x0000707f, Store,                 I,          Store)
            (Sd,            "sd",              0x00003023, 0x0000707f, Store,                 I,          Store)
            (Addi,          "addi",            0x00000013, 0x0000707f, I,                     I,          IntegerArithmetic)
            (Slti,          "slti",            0x00002013, 0x0000707f, I,                     I,          IntegerCompare)
            (Sltiu,         "sltiu",           0x00003013, 0x0000707f, I,                     I,          IntegerCompare)
            (Xori,          "xori",            0x00004013, 0x0000707f, I,                     I,          Bitwise)
            (Ori,           "ori",             0x00006013, 0x0000707f, I,                     I,          Bitwise)
            (Andi,          "andi",            0x00007013, 0x0000707f, I,                     I,          Bitwise)
            (Slli,          "slli",            0x00001013, 0xfc00707f, Shift6,                I,          Shift)
            (Srli,          "srli",            0x00005013, 0xfc00707f, Shift6,                I,          Shift)
            (Srai,          "srai",            0x40005013, 0xfc00707f, Shift6,                I,          Shift)
            (Add,           "add",             0x00000033, 0xfe00707f, R,                     I,          IntegerArithmetic)
            (Sub,           "sub",             0x40000033, 0xfe00707f, R,                     I,          IntegerArithmetic)
            (Sll,           "sll",             0x00001033, 0xfe00707f, R,                     I,          Shift)
            (Slt,           "slt",             0x00002033, 0xfe00707f, R,                     I,          IntegerCompare)
            (Sltu,          "sltu",            0x00003033, 0xfe00707f, R,                     I,          IntegerCompare)
            (Xor,           "xor",             0x00004033, 0xfe00707f, R,                     I,          Bitwise)
            (Srl,           "srl",             0x00005033, 0xfe00707f, R,                     I,          Shift)
            (Sra,           "sra",             0x40005033, 0xfe00707f, R,                     I,          Shift)
            (Or,            "or",              0x00006033, 0xfe00707f, R,                     I,          Bitwise)
            (And,           "and",             0x00007033, 0xfe00707f, R,                     I,          Bitwise)
            (Addiw,         "addiw",           0x0000001b, 0x0000707f, I,                     I,          IntegerArithmetic)
            (Slliw,         "slliw",           0x0000101b, 0xfe00707f, Shift5,                I,          Shift)
            (Srliw,         "srliw",           0x0000501b, 0xfe00707f, Shift5,                I,          Shift)
            (Sraiw,         "sraiw",           0x4000501b, 0xfe00707f, Shift5,                I,          Shift)
            (Addw,          "addw",            0x0000003b, 0xfe00707f, R,                     I,          IntegerArithmetic)
            (Subw,          "subw",            0x4000003b, 0xfe00707f, R,                     I,          IntegerArithmetic)
            (Sllw,          "sllw",            0x0000103b, 0xfe00707f, R,                     I,          Shift)
            (Srlw,          "srlw",            0x0000503b, 0xfe00707f, R,                     I,          Shift)
            (Sraw,          "sraw",            0x4000503b, 0xfe00707f, R,                     I,          Shift)
            (Fence,         "fence",           0x0000000f, 0x0000707f, Fence,                 I,          Ordering)
            (Ecall,         "ecall",           0x00000073, 0xffffffff, Nullary,               I,          System)
            (Ebreak,        "ebreak",          0x00100073, 0xffffffff, Nullary,               I,          System)

            // Zifencei
            (FenceI,        "fence.i",         0x0000100f, 0x0000707f, Fence,                 Zifencei,   Ordering)

            // Zicsr
            (Csrrw,         "csrrw",           0x00001073, 0x0000707f, Csr,                   Zicsr,      System)
            (Csrrs,         "csrrs",           0x00002073, 0x0000707f, Csr,                   Zicsr,      System)
            (Csrrc,         "csrrc",           0x00003073, 0x0000707f, Csr,                   Zicsr,      System)
            (Csrrwi,        "csrrwi",          0x00005073, 0x0000707f, CsrImmediate,          Zicsr,      System)
            (Csrrsi,        "csrrsi",          0x00006073, 0x0000707f, CsrImmediate,          Zicsr,      System)
            (Csrrci,        "csrrci",          0x00007073, 0x0000707f, CsrImmediate,          Zicsr,      System)

            // M: integer multiplication and division
            (Mul,           "mul",             0x02000033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Mulh,          "mulh",            0x02001033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Mulhsu,        "mulhsu",          0x02002033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Mulhu,         "mulhu",           0x02003033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Div,           "div",             0x02004033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Divu,          "divu",            0x02005033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Rem,           "rem",             0x02006033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Remu,          "remu",            0x02007033, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Mulw,          "mulw",            0x0200003b, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Divw,          "divw",            0x0200403b, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Divuw,         "divuw",           0x0200503b, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Remw,          "remw",            0x0200603b, 0xfe00707f, R,                     M,          IntegerArithmetic)
            (Remuw,         "remuw",           0x0200703b, 0xfe00707f, R,                     M,          IntegerArithmetic)

            // A: load-reserved, store-conditional, read-modify-write
            (LrW,           "lr.w",            0x1000202f, 0xf9f0707f, LoadReserved,          A,          Atomic)
            (ScW,           "sc.w",            0x1800202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoswapW,      "amoswap.w",       0x0800202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoaddW,       "amoadd.w",        0x0000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoxorW,       "amoxor.w",        0x2000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoandW,       "amoand.w",        0x6000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoorW,        "amoor.w",         0x4000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmominW,       "amomin.w",        0x8000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmomaxW,       "amomax.w",        0xa000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmominuW,      "amominu.w",       0xc000202f, 0xf800707f, Amo,                   A,          Atomic)
            (AmomaxuW,      "amomaxu.w",       0xe000202f, 0xf800707f, Amo,                   A,          Atomic)
            (LrD,           "lr.d",            0x1000302f, 0xf9f0707f, LoadReserved,          A,          Atomic)
            (ScD,           "sc.d",            0x1800302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoswapD,      "amoswap.d",       0x0800302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoaddD,       "amoadd.d",        0x0000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoxorD,       "amoxor.d",        0x2000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoandD,       "amoand.d",        0x6000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmoorD,        "amoor.d",         0x4000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmominD,       "amomin.d",        0x8000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmomaxD,       "amomax.d",        0xa000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmominuD,      "amominu.d",       0xc000302f, 0xf800707f, Amo,                   A,          Atomic)
            (AmomaxuD,      "amomaxu.d",       0xe000302f, 0xf800707f, Amo,                   A,          Atomic)

            // F: single precision
            (Flw,           "flw",             0x00002007, 0x0000707f, FloatLoad,             F,          Load)
            (Fsw,           "fsw",             0x00002027, 0x0000707f, FloatStore,            F,          Store)
            (FmaddS,        "fmadd.s",         0x00000043, 0x0600007f, FloatFused,            F,          FloatFused)
            (FmsubS,        "fmsub.s",         0x00000047, 0x0600007f, FloatFused,            F,          FloatFused)
            (FnmsubS,       "fnmsub.s",        0x0000004b, 0x0600007f, FloatFused,            F,          FloatFused)
            (FnmaddS,       "fnmadd.s",        0x0000004f, 0x0600007f, FloatFused,            F,          FloatFused)
            (FaddS,         "fadd.s",          0x00000053, 0xfe00007f, FloatR,                F,          FloatArithmetic)
            (FsubS,         "fsub.s",          0x08000053, 0xfe00007f, FloatR,                F,          FloatArithmetic)
            (FmulS,         "fmul.s",          0x10000053, 0xfe00007f, FloatR,                F,          FloatArithmetic)
            (FdivS,         "fdiv.s",          0x18000053, 0xfe00007f, FloatR,                F,          FloatArithmetic)
            (FsqrtS,        "fsqrt.s",         0x58000053, 0xfff0007f, FloatUnary,            F,          FloatArithmetic)
            (FsgnjS,        "fsgnj.s",         0x20000053, 0xfe00707f, FloatRUnrounded,       F,          FloatSign)
            (FsgnjnS,       "fsgnjn.s",        0x20001053, 0xfe00707f, FloatRUnrounded,       F,          FloatSign)
            (FsgnjxS,       "fsgnjx.s",        0x20002053, 0xfe00707f, FloatRUnrounded,       F,          FloatSign)
            (FminS,         "fmin.s",          0x28000053, 0xfe00707f, FloatRUnrounded,       F,          MinMax)
            (FmaxS,         "fmax.s",          0x28001053, 0xfe00707f, FloatRUnrounded,       F,          MinMax)
            (FleS,          "fle.s",           0xa0000053, 0xfe00707f, FloatCompare,          F,          FloatCompare)
            (FltS,          "flt.s",           0xa0001053, 0xfe00707f, FloatCompare,          F,          FloatCompare)
            (FeqS,          "feq.s",           0xa0002053, 0xfe00707f, FloatCompare,          F,          FloatCompare)
            (FclassS,       "fclass.s",        0xe0001053, 0xfff0707f, FloatToBits,           F,          FloatCompare)
            (FmvXW,         "fmv.x.w",         0xe0000053, 0xfff0707f, FloatToBits,           F,          BitMove)
            (FmvWX,         "fmv.w.x",         0xf0000053, 0xfff0707f, BitsToFloat,           F,          BitMove)
            (FcvtWS,        "fcvt.w.s",        0xc0000053, 0xfff0007f, FloatToInteger,        F,          FloatConvert)
            (FcvtSW,        "fcvt.s.w",        0xd0000053, 0xfff0007f, IntegerToFloat,        F,          FloatConvert)
            (FcvtWuS,       "fcvt.wu.s",       0xc0100053, 0xfff0007f, FloatToInteger,        F,          FloatConvert)
            (FcvtSWu,       "fcvt.s.wu",       0xd0100053, 0xfff0007f, IntegerToFloat,        F,          FloatConvert)
            (FcvtLS,        "fcvt.l.s",        0xc0200053, 0xfff0007f, FloatToInteger,        F,          FloatConvert)
            (FcvtSL,        "fcvt.s.l",        0xd0200053, 0xfff0007f, IntegerToFloat,        F,          FloatConvert)
            (FcvtLuS,       "fcvt.lu.s",       0xc0300053, 0xfff0007f, FloatToInteger,        F,          FloatConvert)
            (FcvtSLu,       "fcvt.s.lu",       0xd0300053, 0xfff0007f, IntegerToFloat,        F,          FloatConvert)

            // D: double precision
            (Fld,           "fld",             0x00003007, 0x0000707f, FloatLoad,             D,          Load)
            (Fsd,           "fsd",             0x00003027, 0x0000707f, FloatStore,            D,          Store)
            (FmaddD,        "fmadd.d",         0x02000043, 0x0600007f, FloatFused,            D,          FloatFused)
            (FmsubD,        "fmsub.d",         0x02000047, 0x0600007f, FloatFused,            D,          FloatFused)
            (FnmsubD,       "fnmsub.d",        0x0200004b, 0x0600007f, FloatFused,            D,          FloatFused)
            (FnmaddD,       "fnmadd.d",        0x0200004f, 0x0600007f, FloatFused,            D,          FloatFused)
            (FaddD,         "fadd.d",          0x02000053, 0xfe00007f, FloatR,                D,          FloatArithmetic)
            (FsubD,         "fsub.d",          0x0a000053, 0xfe00007f, FloatR,                D,          FloatArithmetic)
            (FmulD,         "fmul.d",          0x12000053, 0xfe00007f, FloatR,                D,          FloatArithmetic)
            (FdivD,         "fdiv.d",          0x1a000053, 0xfe00007f, FloatR,                D,          FloatArithmetic)
            (FsqrtD,        "fsqrt.d",         0x5a000053, 0xfff0007f, FloatUnary,            D,          FloatArithmetic)
            (FsgnjD,        "fsgnj.d",         0x22000053, 0xfe00707f, FloatRUnrounded,       D,          FloatSign)
            (FsgnjnD,       "fsgnjn.d",        0x22001053, 0xfe00707f, FloatRUnrounded,       D,          FloatSign)
            (FsgnjxD,       "fsgnjx.d",        0x22002053, 0xfe00707f, FloatRUnrounded,       D,          FloatSign)
            (FminD,         "fmin.d",          0x2a000053, 0xfe00707f, FloatRUnrounded,       D,          MinMax)
            (FmaxD,         "fmax.d",          0x2a001053, 0xfe00707f, FloatRUnrounded,       D,          MinMax)
            (FleD,          "fle.d",           0xa2000053, 0xfe00707f, FloatCompare,          D,          FloatCompare)
            (FltD,          "flt.d",           0xa2001053, 0xfe00707f, FloatCompare,          D,          FloatCompare)
            (FeqD,          "feq.d",           0xa2002053, 0xfe00707f, FloatCompare,          D,          FloatCompare)
            (FclassD,       "fclass.d",        0xe2001053, 0xfff0707f, FloatToBits,           D,          FloatCompare)
            (FmvXD,         "fmv.x.d",         0xe2000053, 0xfff0707f, FloatToBits,           D,          BitMove)
            (FmvDX,         "fmv.d.x",         0xf2000053, 0xfff0707f, BitsToFloat,           D,          BitMove)
            (FcvtWD,        "fcvt.w.d",        0xc2000053, 0xfff0007f, FloatToInteger,        D,          FloatConvert)
            (FcvtDW,        "fcvt.d.w",        0xd2000053, 0xfff0007f, IntegerToFloatExact,   D,          FloatConvert)
            (FcvtWuD,       "fcvt.wu.d",       0xc2100053, 0xfff0007f, FloatToInteger,        D,          FloatConvert)
            (FcvtDWu,       "fcvt.d.wu",       0xd2100053, 0xfff0007f, IntegerToFloatExact,   D,          FloatConvert)
            (FcvtLD,        "fcvt.l.d",        0xc2200053, 0xfff0007f, FloatToInteger,        D,          FloatConvert)
            (FcvtDL,        "fcvt.d.l",        0xd2200053, 0xfff0007f, IntegerToFloat,        D,          FloatConvert)
            (FcvtLuD,       "fcvt.lu.d",       0xc2300053, 0xfff0007f, FloatToInteger,        D,          FloatConvert)
            (FcvtDLu,       "fcvt.d.lu",       0xd2300053, 0xfff0007f, IntegerToFloat,        D,          FloatConvert)
            (FcvtSD,        "fcvt.s.d",        0x40100053, 0xfff0007f, FloatUnary,            D,          FloatConvert)
            (FcvtDS,        "fcvt.d.s",        0x42000053, 0xfff0007f, FloatUnaryExact,       D,          FloatConvert)

            // Zfhmin and Zfh: half precision
            (Flh,           "flh",             0x00001007, 0x0000707f, FloatLoad,             Zfhmin,     Load)
            (Fsh,           "fsh",             0x00001027, 0x0000707f, FloatStore,            Zfhmin,     Store)
            (FmaddH,        "fmadd.h",         0x04000043, 0x0600007f, FloatFused,            Zfh,        FloatFused)
            (FmsubH,        "fmsub.h",         0x04000047, 0x0600007f, FloatFused,            Zfh,        FloatFused)
            (FnmsubH,       "fnmsub.h",        0x0400004b, 0x0600007f, FloatFused,            Zfh,        FloatFused)
            (FnmaddH,       "fnmadd.h",        0x0400004f, 0x0600007f, FloatFused,            Zfh,        FloatFused)
            (FaddH,         "fadd.h",          0x04000053, 0xfe00007f, FloatR,                Zfh,        FloatArithmetic)
            (FsubH,         "fsub.h",          0x0c000053, 0xfe00007f, FloatR,                Zfh,        FloatArithmetic)
            (FmulH,         "fmul.h",          0x14000053, 0xfe00007f, FloatR,                Zfh,        FloatArithmetic)
            (FdivH,         "fdiv.h",          0x1c000053, 0xfe00007f, FloatR,                Zfh,        FloatArithmetic)
            (FsqrtH,        "fsqrt.h",         0x5c000053, 0xfff0007f, FloatUnary,            Zfh,        FloatArithmetic)
            (FsgnjH,        "fsgnj.h",         0x24000053, 0xfe00707f, FloatRUnrounded,       Zfh,        FloatSign)
            (FsgnjnH,       "fsgnjn.h",        0x24001053, 0xfe00707f, FloatRUnrounded,       Zfh,        FloatSign)
            (FsgnjxH,       "fsgnjx.h",        0x24002053, 0xfe00707f, FloatRUnrounded,       Zfh,        FloatSign)
            (FminH,         "fmin.h",          0x2c000053, 0xfe00707f, FloatRUnrounded,       Zfh,        MinMax)
            (FmaxH,         "fmax.h",          0x2c001053, 0xfe00707f, FloatRUnrounded,       Zfh,        MinMax)
            (FleH,          "fle.h",           0xa4000053, 0xfe00707f, FloatCompare,          Zfh,        FloatCompare)
            (FltH,          "flt.h",           0xa4001053, 0xfe00707f, FloatCompare,          Zfh,        FloatCompare)
            (FeqH,          "feq.h",           0xa4002053, 0xfe00707f, FloatCompare,          Zfh,        FloatCompare)
            (FclassH,       "fclass.h",        0xe4001053, 0xfff0707f, FloatToBits,           Zfh,        FloatCompare)
            (FmvXH,         "fmv.x.h",         0xe4000053, 0xfff0707f, FloatToBits,           Zfhmin,     BitMove)
            (FmvHX,         "fmv.h.x",         0xf4000053, 0xfff0707f, BitsToFloat,           Zfhmin,     BitMove)
            (FcvtWH,        "fcvt.w.h",        0xc4000053, 0xfff0007f, FloatToInteger,        Zfh,        FloatConvert)
            (FcvtHW,        "fcvt.h.w",        0xd4000053, 0xfff0007f, IntegerToFloat,        Zfh,        FloatConvert)
            (FcvtWuH,       "fcvt.wu.h",       0xc4100053, 0xfff0007f, FloatToInteger,        Zfh,        FloatConvert)
            (FcvtHWu,       "fcvt.h.wu",       0xd4100053, 0xfff0007f, IntegerToFloat,        Zfh,        FloatConvert)
            (FcvtLH,        "fcvt.l.h",        0xc4200053, 0xfff0007f, FloatToInteger,        Zfh,        FloatConvert)
            (FcvtHL,        "fcvt.h.l",        0xd4200053, 0xfff0007f, IntegerToFloat,        Zfh,        FloatConvert)
            (FcvtLuH,       "fcvt.lu.h",       0xc4300053, 0xfff0007f, FloatToInteger,        Zfh,        FloatConvert)
            (FcvtHLu,       "fcvt.h.lu",       0xd4300053, 0xfff0007f, IntegerToFloat,        Zfh,        FloatConvert)
            (FcvtSH,        "fcvt.s.h",        0x40200053, 0xfff0007f, FloatUnaryExact,       Zfhmin,     FloatConvert)
            (FcvtHS,        "fcvt.h.s",        0x44000053, 0xfff0007f, FloatUnary,            Zfhmin,     FloatConvert)
            (FcvtDH,        "fcvt.d.h",        0x42200053, 0xfff0007f, FloatUnaryExact,       Zfhmin,     FloatConvert)
            (FcvtHD,        "fcvt.h.d",        0x44100053, 0xfff0007f, FloatUnary,            Zfhmin,     FloatConvert)

            // Zfa: additional floating point
            (FliS,          "fli.s",           0xf0100053, 0xfff0707f, FloatConstant,         Zfa,        Constant)
            (FminmS,        "fminm.s",         0x28002053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FmaxmS,        "fmaxm.s",         0x28003053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FroundS,       "fround.s",        0x40400053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FroundnxS,     "froundnx.s",      0x40500053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FleqS,         "fleq.s",          0xa0004053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FltqS,         "fltq.s",          0xa0005053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FliD,          "fli.d",           0xf2100053, 0xfff0707f, FloatConstant,         Zfa,        Constant)
            (FminmD,        "fminm.d",         0x2a002053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FmaxmD,        "fmaxm.d",         0x2a003053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FroundD,       "fround.d",        0x42400053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FroundnxD,     "froundnx.d",      0x42500053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FleqD,         "fleq.d",          0xa2004053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FltqD,         "fltq.d",          0xa2005053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FliH,          "fli.h",           0xf4100053, 0xfff0707f, FloatConstant,         Zfa,        Constant)
            (FminmH,        "fminm.h",         0x2c002053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FmaxmH,        "fmaxm.h",         0x2c003053, 0xfe00707f, FloatRUnrounded,       Zfa,        MinMax)
            (FroundH,       "fround.h",        0x44400053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FroundnxH,     "froundnx.h",      0x44500053, 0xfff0007f, FloatUnary,            Zfa,        FloatConvert)
            (FleqH,         "fleq.h",          0xa4004053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FltqH,         "fltq.h",          0xa4005053, 0xfe00707f, FloatCompare,          Zfa,        FloatCompare)
            (FcvtmodWD,     "fcvtmod.w.d",     0xc2801053, 0xfff0707f, FloatToIntegerModular, Zfa,        FloatConvert)

            // Zba: address generation
            (AddUw,         "add.uw",          0x0800003b, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh1add,        "sh1add",          0x20002033, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh2add,        "sh2add",          0x20004033, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh3add,        "sh3add",          0x20006033, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh1addUw,      "sh1add.uw",       0x2000203b, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh2addUw,      "sh2add.uw",       0x2000403b, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (Sh3addUw,      "sh3add.uw",       0x2000603b, 0xfe00707f, R,                     Zba,        IntegerArithmetic)
            (SlliUw,        "slli.uw",         0x0800101b, 0xfc00707f, Shift6,                Zba,        Shift)

            // Zbb: basic bit manipulation (zext.h is packw with rs2 = x0)
            (Andn,          "andn",            0x40007033, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Orn,           "orn",             0x40006033, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Xnor,          "xnor",            0x40004033, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Clz,           "clz",             0x60001013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Ctz,           "ctz",             0x60101013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Cpop,          "cpop",            0x60201013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (SextB,         "sext.b",          0x60401013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (SextH,         "sext.h",          0x60501013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Clzw,          "clzw",            0x6000101b, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Ctzw,          "ctzw",            0x6010101b, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Cpopw,         "cpopw",           0x6020101b, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Min,           "min",             0x0a004033, 0xfe00707f, R,                     Zbb,        MinMax)
            (Minu,          "minu",            0x0a005033, 0xfe00707f, R,                     Zbb,        MinMax)
            (Max,           "max",             0x0a006033, 0xfe00707f, R,                     Zbb,        MinMax)
            (Maxu,          "maxu",            0x0a007033, 0xfe00707f, R,                     Zbb,        MinMax)
            (Rol,           "rol",             0x60001033, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Ror,           "ror",             0x60005033, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Rolw,          "rolw",            0x6000103b, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Rorw,          "rorw",            0x6000503b, 0xfe00707f, R,                     Zbb,        Bitwise)
            (Rori,          "rori",            0x60005013, 0xfc00707f, Shift6,                Zbb,        Bitwise)
            (Roriw,         "roriw",           0x6000501b, 0xfe00707f, Shift5,                Zbb,        Bitwise)
            (OrcB,          "orc.b",           0x28705013, 0xfff0707f, RUnary,                Zbb,        Bitwise)
            (Rev8,          "rev8",            0x6b805013, 0xfff0707f, RUnary,                Zbb,        Bitwise)

            // Zbkb: bit manipulation for cryptography
            (Pack,          "pack",            0x08004033, 0xfe00707f, R,                     Zbkb,       Bitwise)
            (Packh,         "packh",           0x08007033, 0xfe00707f, R,                     Zbkb,       Bitwise)
            (Packw,         "packw",           0x0800403b, 0xfe00707f, R,                     Zbkb,       Bitwise)
            (Brev8,         "brev8",           0x68705013, 0xfff0707f, RUnary,                Zbkb,       Bitwise)

            // Zbkx: crossbar permutations
            (Xperm4,        "xperm4",          0x28002033, 0xfe00707f, R,                     Zbkx,       Bitwise)
            (Xperm8,        "xperm8",          0x28004033, 0xfe00707f, R,                     Zbkx,       Bitwise)

            // Zbc: carry-less multiplication
            (Clmul,         "clmul",           0x0a001033, 0xfe00707f, R,                     Zbc,        Bitwise)
            (Clmulr,        "clmulr",          0x0a002033, 0xfe00707f, R,                     Zbc,        Bitwise)
            (Clmulh,        "clmulh",          0x0a003033, 0xfe00707f, R,                     Zbc,        Bitwise)

            // Zbs: single bits
            (Bclr,          "bclr",            0x48001033, 0xfe00707f, R,                     Zbs,        Bitwise)
            (Bext,          "bext",            0x48005033, 0xfe00707f, R,                     Zbs,        Bitwise)
            (Binv,          "binv",            0x68001033, 0xfe00707f, R,                     Zbs,        Bitwise)
            (Bset,          "bset",            0x28001033, 0xfe00707f, R,                     Zbs,        Bitwise)
            (Bclri,         "bclri",           0x48001013, 0xfc00707f, Shift6,                Zbs,        Bitwise)
            (Bexti,         "bexti",           0x48005013, 0xfc00707f, Shift6,                Zbs,        Bitwise)
            (Binvi,         "binvi",           0x68001013, 0xfc00707f, Shift6,                Zbs,        Bitwise)
            (Bseti,         "bseti",           0x28001013, 0xfc00707f, Shift6,                Zbs,        Bitwise)

            // Zicond: conditional zero
            (CzeroEqz,      "czero.eqz",       0x0e005033, 0xfe00707f, R,                     Zicond,     Select)
            (CzeroNez,      "czero.nez",       0x0e007033, 0xfe00707f, R,                     Zicond,     Select)

            // Zimop: may-be-operations (the number is the immediate)
            (MopR,          "mop.r",           0x81c04073, 0xb3c0707f, MopR,                  Zimop,      Constant)
            (MopRr,         "mop.rr",          0x82004073, 0xb200707f, MopRR,                 Zimop,      Constant)

            // Zicbom, Zicboz: cache blocks (prefetches of Zicbop are forms of ori with rd = x0)
            (CboInval,      "cbo.inval",       0x0000200f, 0xfff07fff, CacheBlock,            Zicbom,     Ordering)
            (CboClean,      "cbo.clean",       0x0010200f, 0xfff07fff, CacheBlock,            Zicbom,     Ordering)
            (CboFlush,      "cbo.flush",       0x0020200f, 0xfff07fff, CacheBlock,            Zicbom,     Ordering)
            (CboZero,       "cbo.zero",        0x0040200f, 0xfff07fff, CacheBlock,            Zicboz,     Store)

            // Zawrs: wait on reservation set
            (WrsNto,        "wrs.nto",         0x00d00073, 0xffffffff, Nullary,               Zawrs,      Ordering)
            (WrsSto,        "wrs.sto",         0x01d00073, 0xffffffff, Nullary,               Zawrs,      Ordering)

            // Privileged architecture
            (Mret,          "mret",            0x30200073, 0xffffffff, Nullary,               Privileged, System)
            (Sret,          "sret",            0x10200073, 0xffffffff, Nullary,               Privileged, System)
            (Wfi,           "wfi",             0x10500073, 0xffffffff, Nullary,               Privileged, System)
            (SfenceVma,     "sfence.vma",      0x12000073, 0xfe007fff, AddressFence,          Privileged, System)

            // Svinval
            (SinvalVma,     "sinval.vma",      0x16000073, 0xfe007fff, AddressFence,          Svinval,    System)
            (SfenceWInval,  "sfence.w.inval",  0x18000073, 0xffffffff, Nullary,               Svinval,    System)
            (SfenceInvalIr, "sfence.inval.ir", 0x18100073, 0xffffffff, Nullary,               Svinval,    System)

            // sigemu's own, in custom-0: a function of the UxHw library (number in the immediate, arguments in ABI registers)
            (Uxhw,          "sigemu.uxhw",     0x0000000b, 0x000fffff, Function,              Xuxhw,      System)
        }
    };
}

/// One instruction: one row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which instruction.
    pub op: Op,
    /// Its name in assembly, without the suffixes that operands add (`.aq`, the number of a may-be-operation).
    pub mnemonic: &'static str,
    /// The values of the bits that are fixed; zero elsewhere.
    pub bits: u32,
    /// Which bits are fixed.
    pub mask: u32,
    /// Which operands it has, and where they are.
    pub format: Format,
    /// The extension that defines it.
    pub extension: Extension,
    /// What kind of work it does.
    pub class: OpClass,
}

impl Row {
    /// Whether the fixed bits of this row are those of `word`.
    pub const fn matches(&self, word: u32) -> bool {
        word & self.mask == self.bits
    }
}

macro_rules! rows {
    ($(($op:ident, $mnemonic:literal, $bits:literal, $mask:literal, $format:ident, $extension:ident, $class:ident))*) => {
        /// All rows, indexed by `Op as usize`.
        pub const TABLE: [Row; Op::COUNT] = [$(Row {
            op: Op::$op,
            mnemonic: $mnemonic,
            bits: $bits,
            mask: $mask,
            format: Format::$format,
            extension: Extension::$extension,
            class: OpClass::$class,
        }),*];
    };
}
for_each_instruction!(rows);

const _: () = {
    let mut i = 0;
    while i < TABLE.len() {
        let a = &TABLE[i];
        assert!(a.op as usize == i, "the table is out of the order of Op");
        assert!(a.bits & !a.mask == 0, "a row fixes a bit that its mask leaves free");
        assert!(a.mask & 3 == 3 && a.bits & 3 == 3, "a row is not a 32-bit encoding");
        assert!(
            a.mask ^ a.format.operand_bits() == !0,
            "a bit of a row is neither fixed nor an operand, or both"
        );
        let mut j = i + 1;
        while j < TABLE.len() {
            let b = &TABLE[j];
            assert!(
                (a.bits ^ b.bits) & a.mask & b.mask != 0,
                "two rows of the table overlap"
            );
            j += 1;
        }
        i += 1;
    }
};
