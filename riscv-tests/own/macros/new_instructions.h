// Instructions that binutils 2.40 does not know, as macros over .insn. The encodings are those of the unprivileged manual; `isa`'s
// tests compare them with LLVM's.

#ifndef SIGEMU_NEW_INSTRUCTIONS_H
#define SIGEMU_NEW_INSTRUCTIONS_H

// Zicond
.macro czero.eqz rd, rs1, rs2
    .insn r 0x33, 5, 7, \rd, \rs1, \rs2
.endm
.macro czero.nez rd, rs1, rs2
    .insn r 0x33, 7, 7, \rd, \rs1, \rs2
.endm

// Zimop: the number is an operand here (mop.r.5 is mop.r .., 5).
.macro mop.r rd, rs1, n
    .insn i 0x73, 4, \rd, \rs1, (((\n) >> 4 & 1) << 10 | ((\n) >> 2 & 3) << 6 | 7 << 2 | ((\n) & 3)) - 2048
.endm
.macro mop.rr rd, rs1, rs2, n
    .insn r 0x73, 4, 0x41 | ((\n) >> 2 & 1) << 5 | ((\n) & 3) << 1, \rd, \rs1, \rs2
.endm

// Zcmop: c.mop.n for odd n from 1 to 15.
.macro c.mop n
    .2byte 0x6001 | (\n) << 7
.endm

// Zawrs
.macro wrs.nto
    .4byte 0x00d00073
.endm
.macro wrs.sto
    .4byte 0x01d00073
.endm

// Zfa: fmt is 0 for s, 1 for d, 2 for h.
.macro fli fmt, rd, number
    .insn r 0x53, 0, 0x78 | \fmt, \rd, x\number, x1
.endm
.macro fminm fmt, rd, rs1, rs2
    .insn r 0x53, 2, 0x14 | \fmt, \rd, \rs1, \rs2
.endm
.macro fmaxm fmt, rd, rs1, rs2
    .insn r 0x53, 3, 0x14 | \fmt, \rd, \rs1, \rs2
.endm
.macro fround fmt, rd, rs1, rm
    .insn r 0x53, \rm, 0x20 | \fmt, \rd, \rs1, x4
.endm
.macro froundnx fmt, rd, rs1, rm
    .insn r 0x53, \rm, 0x20 | \fmt, \rd, \rs1, x5
.endm
.macro fleq fmt, rd, rs1, rs2
    .insn r 0x53, 4, 0x50 | \fmt, \rd, \rs1, \rs2
.endm
.macro fltq fmt, rd, rs1, rs2
    .insn r 0x53, 5, 0x50 | \fmt, \rd, \rs1, \rs2
.endm
.macro fcvtmod.w.d rd, rs1
    .insn r 0x53, 1, 0x61, \rd, \rs1, x8
.endm

#endif
