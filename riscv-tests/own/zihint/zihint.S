# Zihintpause, Zihintntl and Zicbop: hints change nothing, wherever they point.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  la a1, tdat

  # pause
  TEST_CASE(2, a0, 7, li a0, 7; .4byte 0x0100000f)

  # ntl.p1, ntl.pall, ntl.s1, ntl.all, then their compressed forms, each before the load that it speaks of.
  TEST_CASE(3, a0, 0x11223344, add x0, x0, sp; lw a0, 0(a1))
  TEST_CASE(4, a0, 0x11223344, add x0, x0, gp; lw a0, 0(a1))
  TEST_CASE(5, a0, 0x11223344, add x0, x0, tp; lw a0, 0(a1))
  TEST_CASE(6, a0, 0x11223344, add x0, x0, t0; lw a0, 0(a1))
  TEST_CASE(7, a0, 0x11223344, .2byte 0x900a, 1; lw a0, 0(a1))
  TEST_CASE(8, a0, 0x11223344, .2byte 0x900e, 1; lw a0, 0(a1))
  TEST_CASE(9, a0, 0x11223344, .2byte 0x9012, 1; lw a0, 0(a1))
  TEST_CASE(10, a0, 0x11223344, .2byte 0x9016, 1; lw a0, 0(a1))

  # prefetch.i, prefetch.r, prefetch.w: of data, of nothing, of an odd address.
  TEST_CASE(11, a0, 0x11223344, ori x0, a1, 0; lw a0, 0(a1))
  TEST_CASE(12, a2, -1, li a2, -1; ori x0, a2, 32 + 0)
  TEST_CASE(13, a2, 1, li a2, 1; ori x0, a2, 64 + 0)
  TEST_CASE(14, a0, 0x11223344, ori x0, a1, 1; lw a0, 0(a1))
  TEST_CASE(15, a2, -1, li a2, -1; ori x0, a2, 32 + 1)
  TEST_CASE(16, a2, 1, li a2, 1; ori x0, a2, 64 + 1)
  TEST_CASE(17, a0, 0x11223344, ori x0, a1, 3; lw a0, 0(a1))
  TEST_CASE(18, a2, -1, li a2, -1; ori x0, a2, 32 + 3)
  TEST_CASE(19, a2, 1, li a2, 1; ori x0, a2, 64 + 3)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 3
tdat: .word 0x11223344

RVTEST_DATA_END
