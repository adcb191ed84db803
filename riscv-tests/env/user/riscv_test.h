// A test as a Linux user program: no libc, exit code 0 when it passes, else the number of the test that failed.
//
// The tests are written against these names (riscv-tests/isa/macros/scalar/test_macros.h and the sources themselves).

#ifndef SIGEMU_RISCV_TEST_USER_H
#define SIGEMU_RISCV_TEST_USER_H

#define TESTNUM gp

#define RVTEST_RV64U  .macro init; .endm
#define RVTEST_RV64UF .macro init; fscsr x0; .endm

#define RVTEST_CODE_BEGIN .section .text.init; .globl _start; _start: init;
#define RVTEST_CODE_END   unimp

#define SYSTEM_CALL_EXIT 93

#define RVTEST_PASS exit_with_zero
#define RVTEST_FAIL exit_with_test_number

.macro exit_with_zero
    li a0, 0
    li a7, SYSTEM_CALL_EXIT
    ecall
.endm

// Exit codes have eight bits: 255 stands for all numbers from there on, and for a failure before the first test.
.macro exit_with_test_number
    mv a0, TESTNUM
    addi a1, TESTNUM, -1
    li a2, 254
    bltu a1, a2, 1f
    li a0, 255
1:  li a7, SYSTEM_CALL_EXIT
    ecall
.endm

#define EXTRA_DATA
#define RVTEST_DATA_BEGIN EXTRA_DATA .align 4; .globl begin_signature; begin_signature:
#define RVTEST_DATA_END   .align 4; .globl end_signature; end_signature:

#endif
