// A test on the bare machine: it starts in machine mode at the reset address, runs in the mode that it asks for, and reports
// through HTIF by storing to `tohost`: 1 when it passes, else twice the number of the test that failed, plus 1.
//
// The names are those of riscv-tests' own single-hart environment, which the sources are written against: `mtvec_handler` and
// `stvec_handler`, where a test defines them, take over its traps.

#ifndef SIGEMU_RISCV_TEST_MACHINE_H
#define SIGEMU_RISCV_TEST_MACHINE_H

#include "encoding.h"

#define TESTNUM gp

// Names that the assembler gave up with privileged architecture 1.10.
.equ sptbr,    CSR_SATP
.equ sbadaddr, CSR_STVAL
.equ mbadaddr, CSR_MTVAL

#define RVTEST_RV64U  .macro init; .endm
#define RVTEST_RV64UF .macro init; RVTEST_FP_ENABLE; .endm
#define RVTEST_RV64M  .macro init; RVTEST_ENABLE_MACHINE; .endm
#define RVTEST_RV64S  .macro init; RVTEST_ENABLE_SUPERVISOR; .endm

#define RVTEST_FP_ENABLE         enable_floating_point
#define RVTEST_ENABLE_MACHINE    enable_machine
#define RVTEST_ENABLE_SUPERVISOR enable_supervisor

.macro enable_floating_point
    li a0, MSTATUS_FS & (MSTATUS_FS >> 1)
    csrs mstatus, a0
    csrwi fcsr, 0
.endm

.macro enable_machine
    li a0, MSTATUS_MPP
    csrs mstatus, a0
.endm

.macro enable_supervisor
    li a0, MSTATUS_MPP & (MSTATUS_MPP >> 1)
    csrs mstatus, a0
    li a0, SIP_SSIP | SIP_STIP
    csrs mideleg, a0
.endm

// Runs what follows up to `end_attempt`; a trap in between (the CSR does not exist) leads there.
.macro attempt
    la t0, 9f
    csrw mtvec, t0
.endm
.macro end_attempt
    .balign 4
9:
.endm

.macro clear_registers
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\n, 0
    .endr
.endm

#define RVTEST_CODE_BEGIN machine_begin
#define RVTEST_CODE_END   unimp

.macro machine_begin
    .section .text.init, "ax"
    .weak stvec_handler
    .weak mtvec_handler
    .globl _start
_start:
    j reset

    .balign 64
trap_vector:
    // The environment calls of pass and fail.
    csrr t5, mcause
    li t6, CAUSE_USER_ECALL
    beq t5, t6, write_tohost
    li t6, CAUSE_SUPERVISOR_ECALL
    beq t5, t6, write_tohost
    li t6, CAUSE_MACHINE_ECALL
    beq t5, t6, write_tohost
    la t5, mtvec_handler
    beqz t5, unexpected_trap
    jr t5
unexpected_trap:
    ori TESTNUM, TESTNUM, 1337
write_tohost:
    sw TESTNUM, tohost, t5
    sw zero, tohost + 4, t5
    j write_tohost

reset:
    clear_registers
0:  csrr a0, mhartid
    bnez a0, 0b

    // No translation; all of memory open to the lower modes; no delegation.
    attempt
    csrwi satp, 0
    end_attempt
    attempt
    li t0, -1
    csrw pmpaddr0, t0
    li t0, PMP_NAPOT | PMP_R | PMP_W | PMP_X
    csrw pmpcfg0, t0
    end_attempt
    csrwi mie, 0
    attempt
    csrwi medeleg, 0
    csrwi mideleg, 0
    end_attempt

    li TESTNUM, 0
    la t0, trap_vector
    csrw mtvec, t0

    // A test with a handler for supervisor mode gets the exceptions that its kind of test is about.
    la t0, stvec_handler
    beqz t0, 1f
    csrw stvec, t0
    li t0, (1 << CAUSE_LOAD_PAGE_FAULT) | (1 << CAUSE_STORE_PAGE_FAULT) | (1 << CAUSE_FETCH_PAGE_FAULT) | \
           (1 << CAUSE_MISALIGNED_FETCH) | (1 << CAUSE_USER_ECALL) | (1 << CAUSE_BREAKPOINT)
    csrw medeleg, t0

1:  csrwi mstatus, 0
    init
    la t0, 1f
    csrw mepc, t0
    csrr a0, mhartid
    mret
1:
.endm

#define RVTEST_PASS report_pass
#define RVTEST_FAIL report_failure

.macro report_pass
    fence
    li TESTNUM, 1
    li a7, 93
    li a0, 0
    ecall
.endm

.macro report_failure
    fence
1:  beqz TESTNUM, 1b
    sll TESTNUM, TESTNUM, 1
    or TESTNUM, TESTNUM, 1
    li a7, 93
    mv a0, TESTNUM
    ecall
.endm

#define EXTRA_DATA
#define RVTEST_DATA_BEGIN                                                                  \
    EXTRA_DATA                                                                             \
    .pushsection .tohost, "aw", @progbits;                                                 \
    .align 6; .global tohost; tohost: .dword 0; .size tohost, 8;                           \
    .align 6; .global fromhost; fromhost: .dword 0; .size fromhost, 8;                     \
    .popsection;                                                                           \
    .align 4; .global begin_signature; begin_signature:
#define RVTEST_DATA_END .align 4; .global end_signature; end_signature:

#endif
