# Zihpm: counters of nothing read as zero.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  TEST_CASE(2, a0, 0, li a0, -1; csrr a0, hpmcounter3)
  TEST_CASE(3, a0, 0, li a0, -1; csrr a0, hpmcounter4)
  TEST_CASE(4, a0, 0, li a0, -1; csrr a0, hpmcounter5)
  TEST_CASE(5, a0, 0, li a0, -1; csrr a0, hpmcounter6)
  TEST_CASE(6, a0, 0, li a0, -1; csrr a0, hpmcounter7)
  TEST_CASE(7, a0, 0, li a0, -1; csrr a0, hpmcounter8)
  TEST_CASE(8, a0, 0, li a0, -1; csrr a0, hpmcounter9)
  TEST_CASE(9, a0, 0, li a0, -1; csrr a0, hpmcounter10)
  TEST_CASE(10, a0, 0, li a0, -1; csrr a0, hpmcounter11)
  TEST_CASE(11, a0, 0, li a0, -1; csrr a0, hpmcounter12)
  TEST_CASE(12, a0, 0, li a0, -1; csrr a0, hpmcounter13)
  TEST_CASE(13, a0, 0, li a0, -1; csrr a0, hpmcounter14)
  TEST_CASE(14, a0, 0, li a0, -1; csrr a0, hpmcounter15)
  TEST_CASE(15, a0, 0, li a0, -1; csrr a0, hpmcounter16)
  TEST_CASE(16, a0, 0, li a0, -1; csrr a0, hpmcounter17)
  TEST_CASE(17, a0, 0, li a0, -1; csrr a0, hpmcounter18)
  TEST_CASE(18, a0, 0, li a0, -1; csrr a0, hpmcounter19)
  TEST_CASE(19, a0, 0, li a0, -1; csrr a0, hpmcounter20)
  TEST_CASE(20, a0, 0, li a0, -1; csrr a0, hpmcounter21)
  TEST_CASE(21, a0, 0, li a0, -1; csrr a0, hpmcounter22)
  TEST_CASE(22, a0, 0, li a0, -1; csrr a0, hpmcounter23)
  TEST_CASE(23, a0, 0, li a0, -1; csrr a0, hpmcounter24)
  TEST_CASE(24, a0, 0, li a0, -1; csrr a0, hpmcounter25)
  TEST_CASE(25, a0, 0, li a0, -1; csrr a0, hpmcounter26)
  TEST_CASE(26, a0, 0, li a0, -1; csrr a0, hpmcounter27)
  TEST_CASE(27, a0, 0, li a0, -1; csrr a0, hpmcounter28)
  TEST_CASE(28, a0, 0, li a0, -1; csrr a0, hpmcounter29)
  TEST_CASE(29, a0, 0, li a0, -1; csrr a0, hpmcounter30)
  TEST_CASE(30, a0, 0, li a0, -1; csrr a0, hpmcounter31)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  TEST_DATA

RVTEST_DATA_END
