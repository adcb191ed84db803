# Zcb: more compressed instructions.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  la a1, tdat
  # c.lbu a0, 0(a1)
  TEST_CASE(2, a0, 0x81, .2byte 0x8188)
  # c.lbu a0, 1(a1)
  TEST_CASE(3, a0, 0x2, .2byte 0x81c8)
  # c.lbu a0, 2(a1)
  TEST_CASE(4, a0, 0xf3, .2byte 0x81a8)
  # c.lbu a0, 3(a1)
  TEST_CASE(5, a0, 0x74, .2byte 0x81e8)
  # c.lhu a0, 0(a1)
  TEST_CASE(6, a0, 0x281, .2byte 0x8588)
  # c.lh a0, 0(a1)
  TEST_CASE(7, a0, 0x0000000000000281, .2byte 0x85c8)
  # c.lhu a0, 2(a1)
  TEST_CASE(8, a0, 0x74f3, .2byte 0x85a8)
  # c.lh a0, 2(a1)
  TEST_CASE(9, a0, 0x00000000000074f3, .2byte 0x85e8)

  # c.sb a2, 0(a1)
  TEST_CASE(10, a0, 0xffffff5a, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x8990; lwu a0, 0(a1))
  # c.sb a2, 1(a1)
  TEST_CASE(11, a0, 0xffff5aff, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x89d0; lwu a0, 0(a1))
  # c.sb a2, 2(a1)
  TEST_CASE(12, a0, 0xff5affff, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x89b0; lwu a0, 0(a1))
  # c.sb a2, 3(a1)
  TEST_CASE(13, a0, 0x5affffff, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x89f0; lwu a0, 0(a1))
  # c.sh a2, 0(a1)
  TEST_CASE(14, a0, 0xffff235a, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x8d90; lwu a0, 0(a1))
  # c.sh a2, 2(a1)
  TEST_CASE(15, a0, 0x235affff, li a0, -1; sw a0, 0(a1); li a2, 0x1235a; .2byte 0x8db0; lwu a0, 0(a1))

  # c.zext.b a0
  TEST_CASE(16, a0, 0x0000000000000000, li a0, 0x0000000000000000; .2byte 0x9d61)
  # c.zext.b a0
  TEST_CASE(17, a0, 0x00000000000000f0, li a0, 0x123456789abcdef0; .2byte 0x9d61)
  # c.zext.b a0
  TEST_CASE(18, a0, 0x000000000000007f, li a0, 0xfedcba987654327f; .2byte 0x9d61)
  # c.zext.b a0
  TEST_CASE(19, a0, 0x00000000000000ff, li a0, 0xffffffffffffffff; .2byte 0x9d61)
  # c.zext.b a0
  TEST_CASE(20, a0, 0x0000000000000080, li a0, 0x8080808080808080; .2byte 0x9d61)
  # c.sext.b a0
  TEST_CASE(21, a0, 0x0000000000000000, li a0, 0x0000000000000000; .2byte 0x9d65)
  # c.sext.b a0
  TEST_CASE(22, a0, 0xfffffffffffffff0, li a0, 0x123456789abcdef0; .2byte 0x9d65)
  # c.sext.b a0
  TEST_CASE(23, a0, 0x000000000000007f, li a0, 0xfedcba987654327f; .2byte 0x9d65)
  # c.sext.b a0
  TEST_CASE(24, a0, 0xffffffffffffffff, li a0, 0xffffffffffffffff; .2byte 0x9d65)
  # c.sext.b a0
  TEST_CASE(25, a0, 0xffffffffffffff80, li a0, 0x8080808080808080; .2byte 0x9d65)
  # c.zext.h a0
  TEST_CASE(26, a0, 0x0000000000000000, li a0, 0x0000000000000000; .2byte 0x9d69)
  # c.zext.h a0
  TEST_CASE(27, a0, 0x000000000000def0, li a0, 0x123456789abcdef0; .2byte 0x9d69)
  # c.zext.h a0
  TEST_CASE(28, a0, 0x000000000000327f, li a0, 0xfedcba987654327f; .2byte 0x9d69)
  # c.zext.h a0
  TEST_CASE(29, a0, 0x000000000000ffff, li a0, 0xffffffffffffffff; .2byte 0x9d69)
  # c.zext.h a0
  TEST_CASE(30, a0, 0x0000000000008080, li a0, 0x8080808080808080; .2byte 0x9d69)
  # c.sext.h a0
  TEST_CASE(31, a0, 0x0000000000000000, li a0, 0x0000000000000000; .2byte 0x9d6d)
  # c.sext.h a0
  TEST_CASE(32, a0, 0xffffffffffffdef0, li a0, 0x123456789abcdef0; .2byte 0x9d6d)
  # c.sext.h a0
  TEST_CASE(33, a0, 0x000000000000327f, li a0, 0xfedcba987654327f; .2byte 0x9d6d)
  # c.sext.h a0
  TEST_CASE(34, a0, 0xffffffffffffffff, li a0, 0xffffffffffffffff; .2byte 0x9d6d)
  # c.sext.h a0
  TEST_CASE(35, a0, 0xffffffffffff8080, li a0, 0x8080808080808080; .2byte 0x9d6d)
  # c.zext.w a0
  TEST_CASE(36, a0, 0x0000000000000000, li a0, 0x0000000000000000; .2byte 0x9d71)
  # c.zext.w a0
  TEST_CASE(37, a0, 0x000000009abcdef0, li a0, 0x123456789abcdef0; .2byte 0x9d71)
  # c.zext.w a0
  TEST_CASE(38, a0, 0x000000007654327f, li a0, 0xfedcba987654327f; .2byte 0x9d71)
  # c.zext.w a0
  TEST_CASE(39, a0, 0x00000000ffffffff, li a0, 0xffffffffffffffff; .2byte 0x9d71)
  # c.zext.w a0
  TEST_CASE(40, a0, 0x0000000080808080, li a0, 0x8080808080808080; .2byte 0x9d71)
  # c.not a0
  TEST_CASE(41, a0, 0xffffffffffffffff, li a0, 0x0000000000000000; .2byte 0x9d75)
  # c.not a0
  TEST_CASE(42, a0, 0xedcba9876543210f, li a0, 0x123456789abcdef0; .2byte 0x9d75)
  # c.not a0
  TEST_CASE(43, a0, 0x0123456789abcd80, li a0, 0xfedcba987654327f; .2byte 0x9d75)
  # c.not a0
  TEST_CASE(44, a0, 0x0000000000000000, li a0, 0xffffffffffffffff; .2byte 0x9d75)
  # c.not a0
  TEST_CASE(45, a0, 0x7f7f7f7f7f7f7f7f, li a0, 0x8080808080808080; .2byte 0x9d75)
  # c.mul a0, a2
  TEST_CASE(46, a0, 0x0000000000000000, li a0, 0x0000000000000000; li a2, 0x0000000000000005; .2byte 0x9d51)
  # c.mul a0, a2
  TEST_CASE(47, a0, 0x0000000000000015, li a0, 0x0000000000000003; li a2, 0x0000000000000007; .2byte 0x9d51)
  # c.mul a0, a2
  TEST_CASE(48, a0, 0x0000000000000001, li a0, 0xffffffffffffffff; li a2, 0xffffffffffffffff; .2byte 0x9d51)
  # c.mul a0, a2
  TEST_CASE(49, a0, 0x2236d88fe5618cf0, li a0, 0x0123456789abcdef; li a2, 0xfedcba9876543210; .2byte 0x9d51)
  # c.mul a0, a2
  TEST_CASE(50, a0, 0x0000000000000000, li a0, 0x8000000000000000; li a2, 0x0000000000000002; .2byte 0x9d51)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 3
tdat: .8byte 0x0897861574f30281

RVTEST_DATA_END
