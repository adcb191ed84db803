# Stores two words between begin_signature and end_signature: see tests/folder.rs.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  li TESTNUM, 2
  la a1, begin_signature
  li a0, 0x0102030405060708
  sd a0, 0(a1)
  li a0, -1
  sw a0, 8(a1)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .skip 16

RVTEST_DATA_END
