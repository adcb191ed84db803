# Zicbom: without a cache its operations keep what memory holds.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  la a1, tdat

  TEST_CASE(2, a0, 5, li a0, 5; sd a0, 0(a1); cbo.clean (a1); ld a0, 0(a1))
  TEST_CASE(3, a0, 6, li a0, 6; sd a0, 0(a1); cbo.flush (a1); ld a0, 0(a1))
  TEST_CASE(4, a0, 7, li a0, 7; sd a0, 0(a1); cbo.inval (a1); ld a0, 0(a1))
  # Any address of the block names it.
  TEST_CASE(5, a0, 8, li a0, 8; sd a0, 0(a1); addi a2, a1, 61; cbo.flush (a2); ld a0, 0(a1))

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 6
tdat: .skip 64

RVTEST_DATA_END
