# Zawrs: waiting on a reservation.

#include "riscv_test.h"
#include "test_macros.h"
#include "new_instructions.h"

RVTEST_RV64U
RVTEST_CODE_BEGIN

  # Without a reservation neither waits.
  TEST_CASE(2, a0, 7, li a0, 7; wrs.nto)
  TEST_CASE(3, a0, 7, li a0, 7; wrs.sto)

  # With one, sto ends after a short time whatever happens, and the reservation may be used afterwards.
  la a1, tdat
  TEST_CASE(4, a0, 0x11223344, lr.w a0, (a1); wrs.sto)
  TEST_CASE(5, a0, 5, lr.w a2, (a1); wrs.sto; li a0, 5; sw a0, 0(a1); lw a0, 0(a1))

  TEST_PASSFAIL

RVTEST_CODE_END

  .data
RVTEST_DATA_BEGIN

  .align 3
tdat: .word 0x11223344

RVTEST_DATA_END
