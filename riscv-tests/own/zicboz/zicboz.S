# Zicboz: a cache block of zeros.

#include "riscv_test.h"
#include "test_macros.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  # Zeroes the 64-byte block that holds the address, and nothing beside it.
  la a1, block
  li a2, -1
  .irp offset, -8, 0, 8, 16, 24, 32, 40, 48, 56, 64
  sd a2, \offset(a1)
  .endr
  addi a3, a1, 37
  cbo.zero (a3)

  TEST_CASE(2, a0, -1, ld a0, -8(a1))
  TEST_CASE(3, a0, 0, ld a0, 0(a1))
  TEST_CASE(4, a0, 0, ld a0, 8(a1))
  TEST_CASE(5, a0, 0, ld a0, 16(a1))
  TEST_CASE(6, a0, 0, ld a0, 24(a1))
  TEST_CASE(7, a0, 0, ld a0, 32(a1))
  TEST_CASE(8, a0, 0, ld a0, 40(a1))
  TEST_CASE(9, a0, 0, ld a0, 48(a1))
  TEST_CASE(10, a0, 0, ld a0, 56(a1))
  TEST_CASE(11, a0, -1, ld a0, 64(a1))

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 6
  .skip 64
block: .skip 128

RVTEST_DATA_END
