# Zicclsm: misaligned loads and stores, also over the edge of a page.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64UF
RVTEST_CODE_BEGIN

  la a1, edge
  li a2, 0x8877665544332211

  # sh
  TEST_CASE(2, a0, 0x2211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sh a2, -1(a1); lh a0, -1(a1))
  TEST_CASE(3, a0, 0x2211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sh a2, -1(a1); lhu a0, -1(a1))
  TEST_CASE(4, a0, 0x1100000000000000, ld a0, -8(a1))
  TEST_CASE(5, a0, 0x22, ld a0, 0(a1))
  TEST_CASE(6, a0, 0x2211, sh a2, 1(a1); lh a0, 1(a1))
  TEST_CASE(7, a0, 0x2211, sh a2, 2(a1); lh a0, 2(a1))
  TEST_CASE(8, a0, 0x2211, sh a2, 3(a1); lh a0, 3(a1))
  TEST_CASE(9, a0, 0x2211, sh a2, 4(a1); lh a0, 4(a1))
  TEST_CASE(10, a0, 0x2211, sh a2, 5(a1); lh a0, 5(a1))
  TEST_CASE(11, a0, 0x2211, sh a2, 6(a1); lh a0, 6(a1))
  TEST_CASE(12, a0, 0x2211, sh a2, 7(a1); lh a0, 7(a1))
  # sw
  TEST_CASE(13, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -3(a1); lw a0, -3(a1))
  TEST_CASE(14, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -3(a1); lwu a0, -3(a1))
  TEST_CASE(15, a0, 0x3322110000000000, ld a0, -8(a1))
  TEST_CASE(16, a0, 0x44, ld a0, 0(a1))
  TEST_CASE(17, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -2(a1); lw a0, -2(a1))
  TEST_CASE(18, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -2(a1); lwu a0, -2(a1))
  TEST_CASE(19, a0, 0x2211000000000000, ld a0, -8(a1))
  TEST_CASE(20, a0, 0x4433, ld a0, 0(a1))
  TEST_CASE(21, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -1(a1); lw a0, -1(a1))
  TEST_CASE(22, a0, 0x44332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sw a2, -1(a1); lwu a0, -1(a1))
  TEST_CASE(23, a0, 0x1100000000000000, ld a0, -8(a1))
  TEST_CASE(24, a0, 0x443322, ld a0, 0(a1))
  TEST_CASE(25, a0, 0x44332211, sw a2, 1(a1); lw a0, 1(a1))
  TEST_CASE(26, a0, 0x44332211, sw a2, 2(a1); lw a0, 2(a1))
  TEST_CASE(27, a0, 0x44332211, sw a2, 3(a1); lw a0, 3(a1))
  TEST_CASE(28, a0, 0x44332211, sw a2, 4(a1); lw a0, 4(a1))
  TEST_CASE(29, a0, 0x44332211, sw a2, 5(a1); lw a0, 5(a1))
  TEST_CASE(30, a0, 0x44332211, sw a2, 6(a1); lw a0, 6(a1))
  TEST_CASE(31, a0, 0x44332211, sw a2, 7(a1); lw a0, 7(a1))
  # sd
  TEST_CASE(32, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -7(a1); ld a0, -7(a1))
  TEST_CASE(33, a0, 0x7766554433221100, ld a0, -8(a1))
  TEST_CASE(34, a0, 0x88, ld a0, 0(a1))
  TEST_CASE(35, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -6(a1); ld a0, -6(a1))
  TEST_CASE(36, a0, 0x6655443322110000, ld a0, -8(a1))
  TEST_CASE(37, a0, 0x8877, ld a0, 0(a1))
  TEST_CASE(38, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -5(a1); ld a0, -5(a1))
  TEST_CASE(39, a0, 0x5544332211000000, ld a0, -8(a1))
  TEST_CASE(40, a0, 0x887766, ld a0, 0(a1))
  TEST_CASE(41, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -4(a1); ld a0, -4(a1))
  TEST_CASE(42, a0, 0x4433221100000000, ld a0, -8(a1))
  TEST_CASE(43, a0, 0x88776655, ld a0, 0(a1))
  TEST_CASE(44, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -3(a1); ld a0, -3(a1))
  TEST_CASE(45, a0, 0x3322110000000000, ld a0, -8(a1))
  TEST_CASE(46, a0, 0x8877665544, ld a0, 0(a1))
  TEST_CASE(47, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -2(a1); ld a0, -2(a1))
  TEST_CASE(48, a0, 0x2211000000000000, ld a0, -8(a1))
  TEST_CASE(49, a0, 0x887766554433, ld a0, 0(a1))
  TEST_CASE(50, a0, 0x8877665544332211, sd zero, -16(a1); sd zero, -8(a1); sd zero, 0(a1); sd zero, 8(a1); sd a2, -1(a1); ld a0, -1(a1))
  TEST_CASE(51, a0, 0x1100000000000000, ld a0, -8(a1))
  TEST_CASE(52, a0, 0x88776655443322, ld a0, 0(a1))
  TEST_CASE(53, a0, 0x8877665544332211, sd a2, 1(a1); ld a0, 1(a1))
  TEST_CASE(54, a0, 0x8877665544332211, sd a2, 2(a1); ld a0, 2(a1))
  TEST_CASE(55, a0, 0x8877665544332211, sd a2, 3(a1); ld a0, 3(a1))
  TEST_CASE(56, a0, 0x8877665544332211, sd a2, 4(a1); ld a0, 4(a1))
  TEST_CASE(57, a0, 0x8877665544332211, sd a2, 5(a1); ld a0, 5(a1))
  TEST_CASE(58, a0, 0x8877665544332211, sd a2, 6(a1); ld a0, 6(a1))
  TEST_CASE(59, a0, 0x8877665544332211, sd a2, 7(a1); ld a0, 7(a1))
  # Floating-point registers.
  fmv.d.x fa0, a2
  TEST_CASE(60, a0, 0x8877665544332211, fsd fa0, -7(a1); fld fa1, -7(a1); fmv.x.d a0, fa1)
  TEST_CASE(61, a0, 0x8877665544332211, fsd fa0, -4(a1); fld fa1, -4(a1); fmv.x.d a0, fa1)
  TEST_CASE(62, a0, 0x8877665544332211, fsd fa0, -1(a1); fld fa1, -1(a1); fmv.x.d a0, fa1)
  TEST_CASE(63, a0, 0x8877665544332211, fsd fa0, 1(a1); fld fa1, 1(a1); fmv.x.d a0, fa1)
  TEST_CASE(64, a0, 0x8877665544332211, fsd fa0, 5(a1); fld fa1, 5(a1); fmv.x.d a0, fa1)
  TEST_CASE(65, a0, 0x44332211, fsw fa0, -3(a1); flw fa1, -3(a1); fmv.x.w a0, fa1)
  TEST_CASE(66, a0, 0x44332211, fsw fa0, -2(a1); flw fa1, -2(a1); fmv.x.w a0, fa1)
  TEST_CASE(67, a0, 0x44332211, fsw fa0, -1(a1); flw fa1, -1(a1); fmv.x.w a0, fa1)
  TEST_CASE(68, a0, 0x44332211, fsw fa0, 1(a1); flw fa1, 1(a1); fmv.x.w a0, fa1)
  TEST_CASE(69, a0, 0x44332211, fsw fa0, 3(a1); flw fa1, 3(a1); fmv.x.w a0, fa1)

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 12
  .skip 4096
edge: .skip 64

RVTEST_DATA_END
