# Zicntr: counters.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  # Cycles and instructions pass, and time does not run backwards.
  TEST_CASE(2, a0, 1, rdcycle a1; nop; nop; nop; rdcycle a2; sltu a0, a1, a2)
  TEST_CASE(3, a0, 1, rdinstret a1; nop; nop; nop; rdinstret a2; sltu a0, a1, a2)
  TEST_CASE(4, a0, 0, rdtime a1; nop; nop; nop; rdtime a2; sltu a0, a2, a1)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  TEST_DATA

RVTEST_DATA_END
