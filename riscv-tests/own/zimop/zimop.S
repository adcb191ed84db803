# Zimop and Zcmop: may-be-operations.

#include "riscv_test.h"
#include "test_macros.h"
#include "new_instructions.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  TEST_CASE(2, a0, 0, li a0, -1; li a1, 1; mop.r a0, a1, 0)
  TEST_CASE(3, a0, 0, li a0, -1; li a1, 2; mop.r a0, a1, 1)
  TEST_CASE(4, a0, 0, li a0, -1; li a1, 3; mop.r a0, a1, 2)
  TEST_CASE(5, a0, 0, li a0, -1; li a1, 4; mop.r a0, a1, 3)
  TEST_CASE(6, a0, 0, li a0, -1; li a1, 5; mop.r a0, a1, 4)
  TEST_CASE(7, a0, 0, li a0, -1; li a1, 6; mop.r a0, a1, 5)
  TEST_CASE(8, a0, 0, li a0, -1; li a1, 7; mop.r a0, a1, 6)
  TEST_CASE(9, a0, 0, li a0, -1; li a1, 8; mop.r a0, a1, 7)
  TEST_CASE(10, a0, 0, li a0, -1; li a1, 9; mop.r a0, a1, 8)
  TEST_CASE(11, a0, 0, li a0, -1; li a1, 10; mop.r a0, a1, 9)
  TEST_CASE(12, a0, 0, li a0, -1; li a1, 11; mop.r a0, a1, 10)
  TEST_CASE(13, a0, 0, li a0, -1; li a1, 12; mop.r a0, a1, 11)
  TEST_CASE(14, a0, 0, li a0, -1; li a1, 13; mop.r a0, a1, 12)
  TEST_CASE(15, a0, 0, li a0, -1; li a1, 14; mop.r a0, a1, 13)
  TEST_CASE(16, a0, 0, li a0, -1; li a1, 15; mop.r a0, a1, 14)
  TEST_CASE(17, a0, 0, li a0, -1; li a1, 16; mop.r a0, a1, 15)
  TEST_CASE(18, a0, 0, li a0, -1; li a1, 17; mop.r a0, a1, 16)
  TEST_CASE(19, a0, 0, li a0, -1; li a1, 18; mop.r a0, a1, 17)
  TEST_CASE(20, a0, 0, li a0, -1; li a1, 19; mop.r a0, a1, 18)
  TEST_CASE(21, a0, 0, li a0, -1; li a1, 20; mop.r a0, a1, 19)
  TEST_CASE(22, a0, 0, li a0, -1; li a1, 21; mop.r a0, a1, 20)
  TEST_CASE(23, a0, 0, li a0, -1; li a1, 22; mop.r a0, a1, 21)
  TEST_CASE(24, a0, 0, li a0, -1; li a1, 23; mop.r a0, a1, 22)
  TEST_CASE(25, a0, 0, li a0, -1; li a1, 24; mop.r a0, a1, 23)
  TEST_CASE(26, a0, 0, li a0, -1; li a1, 25; mop.r a0, a1, 24)
  TEST_CASE(27, a0, 0, li a0, -1; li a1, 26; mop.r a0, a1, 25)
  TEST_CASE(28, a0, 0, li a0, -1; li a1, 27; mop.r a0, a1, 26)
  TEST_CASE(29, a0, 0, li a0, -1; li a1, 28; mop.r a0, a1, 27)
  TEST_CASE(30, a0, 0, li a0, -1; li a1, 29; mop.r a0, a1, 28)
  TEST_CASE(31, a0, 0, li a0, -1; li a1, 30; mop.r a0, a1, 29)
  TEST_CASE(32, a0, 0, li a0, -1; li a1, 31; mop.r a0, a1, 30)
  TEST_CASE(33, a0, 0, li a0, -1; li a1, 32; mop.r a0, a1, 31)

  TEST_CASE(34, a0, 0, li a0, -1; li a1, 1; mop.rr a0, a1, a1, 0)
  TEST_CASE(35, a0, 0, li a0, -1; li a1, 2; mop.rr a0, a1, a1, 1)
  TEST_CASE(36, a0, 0, li a0, -1; li a1, 3; mop.rr a0, a1, a1, 2)
  TEST_CASE(37, a0, 0, li a0, -1; li a1, 4; mop.rr a0, a1, a1, 3)
  TEST_CASE(38, a0, 0, li a0, -1; li a1, 5; mop.rr a0, a1, a1, 4)
  TEST_CASE(39, a0, 0, li a0, -1; li a1, 6; mop.rr a0, a1, a1, 5)
  TEST_CASE(40, a0, 0, li a0, -1; li a1, 7; mop.rr a0, a1, a1, 6)
  TEST_CASE(41, a0, 0, li a0, -1; li a1, 8; mop.rr a0, a1, a1, 7)

  # c.mop.n writes no register.
  TEST_CASE(42, ra, 41, li ra, 41; c.mop 1)
  TEST_CASE(43, t0, 45, li t0, 45; c.mop 5)
  TEST_CASE(44, a0, 47, li t2, 47; c.mop 7; mv a0, t2)
  TEST_CASE(45, s1, 49, li s1, 49; c.mop 9)
  TEST_CASE(46, a1, 51, li a1, 51; c.mop 11)
  TEST_CASE(47, a3, 53, li a3, 53; c.mop 13)
  TEST_CASE(48, a5, 55, li a5, 55; c.mop 15)

  # c.mop.3: gp is the number of the test.
  TEST_CASE(49, gp, 49, c.mop 3)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  TEST_DATA

RVTEST_DATA_END
