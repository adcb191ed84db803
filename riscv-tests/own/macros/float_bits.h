// Cases of floating-point instructions with operands and results as bits, and with the flags that they raise.
//
// `to` and `from` are the moves between register files (fmv.d.x and fmv.x.d), fmt is 0 for s, 1 for d, 2 for h.

#ifndef SIGEMU_FLOAT_BITS_H
#define SIGEMU_FLOAT_BITS_H

#define EXPECT_FLAGS(flags) frflags a3; li a4, flags; bne a3, a4, fail

// fa0 = number; no flags
#define TEST_CONSTANT(testnum, from, fmt, result, number) \
  TEST_CASE(testnum, a0, result, fsflags x0; fli fmt, fa0, number; from a0, fa0; EXPECT_FLAGS(0))

// fa0 = inst(fa1, fa2)
#define TEST_FLOAT_PAIR(testnum, to, from, fmt, inst, result, flags, val1, val2) \
  TEST_CASE(testnum, a0, result, \
    li a1, val1; li a2, val2; to fa1, a1; to fa2, a2; fsflags x0; \
    inst fmt, fa0, fa1, fa2; from a0, fa0; EXPECT_FLAGS(flags))

// a0 = inst(fa1, fa2)
#define TEST_FLOAT_QUESTION(testnum, to, fmt, inst, result, flags, val1, val2) \
  TEST_CASE(testnum, a0, result, \
    li a1, val1; li a2, val2; to fa1, a1; to fa2, a2; fsflags x0; \
    inst fmt, a0, fa1, fa2; EXPECT_FLAGS(flags))

// fa0 = inst(fa1), once with the mode in the instruction, once with the mode in frm
#define TEST_FLOAT_ROUND(testnum, to, from, fmt, inst, result, flags, val1, mode) \
  TEST_CASE(testnum, a0, result, \
    li a1, val1; to fa1, a1; fsflags x0; fsrmi mode; \
    inst fmt, fa0, fa1, 7; from a2, fa0; fsrmi 0; \
    inst fmt, fa0, fa1, mode; from a0, fa0; bne a0, a2, fail; EXPECT_FLAGS(flags))

// a0 = fcvtmod.w.d(fa1)
#define TEST_FLOAT_MODULAR(testnum, result, flags, val1) \
  TEST_CASE(testnum, a0, result, li a1, val1; fmv.d.x fa1, a1; fsflags x0; fcvtmod.w.d a0, fa1; EXPECT_FLAGS(flags))

#endif
