# ctzw where the low word is zero and the high word is not: 32, whatever the high word holds.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  TEST_R_OP(2, ctzw, 32, 0x8000000000000000)
  TEST_R_OP(3, ctzw, 32, 0x0000000100000000)
  TEST_R_OP(4, ctzw, 32, 0xffffffff00000000)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  TEST_DATA

RVTEST_DATA_END
