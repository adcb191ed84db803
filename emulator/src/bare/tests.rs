//! Programs of a few instructions, and what they leave in registers. Expected values are those of the privileged manual.

use std::sync::Arc;

use isa::{Inst, Op, csr};

use super::privilege::{Privilege, interrupt, status};
use super::ram::MAIN_START;
use super::{BareMachine, clint};
use crate::cores::Core;
use crate::host::TaskHost;
use crate::machine::{Exit, Task};
use crate::program::Program;

/// An ELF file of one segment at [`MAIN_START`], code from its start.
fn elf(code: &[u32]) -> Vec<u8> {
    let data: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut file = vec![0; 0x1000];
    let mut put = |offset: usize, bytes: &[u8]| file[offset..offset + bytes.len()].copy_from_slice(bytes);
    put(0, b"\x7fELF\x02\x01\x01");
    put(16, &[2, 0, 243, 0, 1, 0, 0, 0]); // executable, RISC-V, version 1
    put(24, &MAIN_START.to_le_bytes());
    put(32, &64u64.to_le_bytes()); // program headers
    put(52, &[64, 0, 56, 0, 1, 0, 64, 0]);
    put(64, &[1, 0, 0, 0, 7, 0, 0, 0]); // PT_LOAD, rwx
    put(72, &0x1000u64.to_le_bytes());
    put(80, &MAIN_START.to_le_bytes());
    put(88, &MAIN_START.to_le_bytes());
    put(96, &(data.len() as u64).to_le_bytes());
    put(104, &0x10_0000u64.to_le_bytes());
    put(112, &0x1000u64.to_le_bytes());
    file.extend(data);
    file
}

fn machine(code: &[u32], instructions: u64) -> BareMachine {
    let program = Program::parse(elf(code)).expect("the file is well-formed");
    let mut task = Task::new(Core::named("C0-Bypass").expect("a default core"), "test");
    task.limits.instructions = Some(instructions);
    BareMachine::new(Arc::new(program), task, Box::new(TaskHost::new().deterministic(0))).expect("the program fits")
}

fn encode(inst: Inst) -> u32 {
    isa::encode(&inst).expect("operands fit")
}

/// `csrrw rd, csr, rs1`
fn csrrw(rd: u8, csr: u16, rs1: u8) -> u32 {
    encode(Inst {
        rd,
        rs1,
        imm: csr.into(),
        ..Inst::new(Op::Csrrw)
    })
}

/// `csrrs rd, csr, x0`
fn csrr(rd: u8, csr: u16) -> u32 {
    encode(Inst {
        rd,
        imm: csr.into(),
        ..Inst::new(Op::Csrrs)
    })
}

fn nullary(op: Op) -> u32 {
    encode(Inst::new(op))
}

/// `ld rd, 0(rs1)`
fn ld(rd: u8, rs1: u8) -> u32 {
    encode(Inst {
        rd,
        rs1,
        ..Inst::new(Op::Ld)
    })
}

/// `sd rs2, 0(rs1)`
fn sd(rs2: u8, rs1: u8) -> u32 {
    encode(Inst {
        rs2,
        rs1,
        ..Inst::new(Op::Sd)
    })
}

const NOP: u32 = 0x13;
/// `jal x0, 0`
const LOOP: u32 = 0x6f;
/// Where these tests have their trap handler: a jump to itself.
const HANDLER: u64 = MAIN_START + 0x100;

/// Lets `code` run in `mode` with the handler for machine mode in place, until it is stuck or has executed `instructions`.
fn run_in(mode: Privilege, code: &[u32], instructions: u64, prepare: impl FnOnce(&mut BareMachine)) -> BareMachine {
    let mut words = code.to_vec();
    words.resize(0x40, NOP);
    words.push(LOOP);
    let mut machine = machine(&words, instructions);
    machine.system.pmp.set_address(0, u64::MAX);
    machine.system.pmp.set_config(0, 0x1f);
    machine.system.csrs.mtvec = HANDLER;
    machine.system.csrs.privilege = mode;
    prepare(&mut machine);
    machine.system.state_changed();
    machine.run();
    machine
}

#[test]
fn a_call_from_user_mode_is_delegated() {
    let machine = run_in(Privilege::User, &[NOP, nullary(Op::Ecall)], 10, |machine| {
        machine.system.csrs.medeleg = 1 << 8;
        machine.system.csrs.stvec = HANDLER;
        machine.system.csrs.mstatus |= status::SIE;
    });
    let csrs = &machine.system.csrs;
    assert_eq!((csrs.scause, csrs.sepc, csrs.stval), (8, MAIN_START + 4, 0));
    assert_eq!(csrs.privilege, Privilege::Supervisor);
    assert_eq!(csrs.mstatus & (status::SPP | status::SPIE | status::SIE), status::SPIE);
    assert_eq!((machine.hart.pc, csrs.mcause), (HANDLER, 0));
}

#[test]
fn privileged_instructions_are_illegal_below_their_mode() {
    use Privilege::{Machine, Supervisor, User};
    let cases: [(u32, Privilege, u64, bool); 16] = [
        (nullary(Op::Mret), Supervisor, 0, false),
        (nullary(Op::Sret), User, 0, false),
        (nullary(Op::Sret), Supervisor, 0, true),
        (nullary(Op::Sret), Supervisor, status::TSR, false),
        (nullary(Op::Sret), Machine, status::TSR, true),
        (nullary(Op::Wfi), Supervisor, 0, true),
        (nullary(Op::Wfi), Supervisor, status::TW, false),
        (nullary(Op::Wfi), User, 0, false),
        (nullary(Op::SfenceVma), Supervisor, 0, true),
        (nullary(Op::SfenceVma), Supervisor, status::TVM, false),
        (nullary(Op::SfenceVma), Machine, status::TVM, true),
        (csrr(5, csr::SATP), Supervisor, status::TVM, false),
        (csrr(5, csr::SATP), Machine, status::TVM, true),
        (csrr(5, csr::CYCLE), User, 0, false),
        (csrrw(0, csr::CYCLE, 5), Machine, 0, false),
        (csrr(5, csr::FCSR), Machine, 0, false),
    ];
    for (word, mode, bits, legal) in cases {
        let machine = run_in(mode, &[word], 1, |machine| machine.system.csrs.mstatus |= bits);
        let trapped = machine.system.csrs.mcause == 2 && machine.system.csrs.mtval == u64::from(word);
        assert_eq!(!trapped, legal, "{word:#x} in {mode:?} with {bits:#x}");
    }
}

#[test]
fn floating_point_has_to_be_on_and_marks_its_state_dirty() {
    let float = encode(Inst {
        rd: 1,
        rs1: 5,
        ..Inst::new(Op::FmvDX)
    });
    let off = run_in(Privilege::Machine, &[float], 1, |_| {});
    assert_eq!((off.system.csrs.mcause, off.system.csrs.mtval), (2, float.into()));
    let clean = 2 << 13;
    let on = run_in(Privilege::Machine, &[float], 1, |machine| {
        machine.system.csrs.mstatus |= clean
    });
    assert_eq!(
        (on.system.csrs.mcause, on.system.csrs.mstatus & status::FS),
        (0, status::FS)
    );
    // A comparison that raises no flag changes nothing.
    let compare = encode(Inst {
        rd: 1,
        rs1: 2,
        rs2: 3,
        ..Inst::new(Op::FeqD)
    });
    let compared = run_in(Privilege::Machine, &[compare], 1, |machine| {
        machine.system.csrs.mstatus |= clean
    });
    assert_eq!(compared.system.csrs.mstatus & status::FS, clean);
}

/// Page tables of Sv39 that map the virtual page 0x4000_0000 to the physical page `MAIN_START + 0x8000` with these bits.
fn map(machine: &mut BareMachine, bits: u64) {
    let [root, middle, last] = [0x10000, 0x11000, 0x12000].map(|offset| MAIN_START + offset);
    let ram = &mut machine.system.ram;
    ram.set_doubleword(root + 8, middle >> 12 << 10 | 1);
    ram.set_doubleword(middle, last >> 12 << 10 | 1);
    ram.set_doubleword(last, (MAIN_START + 0x8000) >> 12 << 10 | bits);
    machine.system.csrs.satp = 8 << 60 | root >> 12;
    machine.system.csrs.mstatus |= status::MPRV | (Privilege::Supervisor as u64) << status::MPP_SHIFT;
    machine.hart.x[5] = 0x4000_0010;
}

const LEAF: u64 = MAIN_START + 0x12000;
/// Valid, readable, writable, accessed, dirty.
const PAGE: u64 = 0xc7;

#[test]
fn a_store_goes_through_page_tables() {
    let machine = run_in(Privilege::Machine, &[sd(6, 5), ld(7, 5)], 2, |machine| {
        map(machine, PAGE);
        machine.hart.x[6] = 77;
    });
    assert_eq!(machine.system.csrs.mcause, 0);
    assert_eq!(machine.system.ram.doubleword(MAIN_START + 0x8010), Some(77));
    assert_eq!(machine.hart.x[7], 77);
}

/// Sv39, Sv48 and Sv57: a chain of tables in which entry 1 of each leads on to the next.
#[test]
fn every_mode_walks_its_number_of_levels() {
    for (mode, levels) in [(8, 3), (9, 4), (10, 5)] {
        let table = |level: u64| MAIN_START + 0x10000 + 0x1000 * level;
        let address = (0..levels).fold(0, |address, level| address | 1 << (12 + 9 * level)) + 0x10;
        let run = |address: u64| {
            run_in(Privilege::Machine, &[ld(7, 5)], 1, |machine| {
                for level in 0..levels {
                    let next = if level + 1 == levels {
                        MAIN_START + 0x8000
                    } else {
                        table(level + 1)
                    };
                    let bits = if level + 1 == levels { PAGE } else { 1 };
                    machine
                        .system
                        .ram
                        .set_doubleword(table(level) + 8, next >> 12 << 10 | bits);
                }
                machine.system.ram.set_doubleword(MAIN_START + 0x8010, 42);
                machine.system.csrs.satp = mode << 60 | table(0) >> 12;
                machine.system.csrs.mstatus |= status::MPRV | (Privilege::Supervisor as u64) << status::MPP_SHIFT;
                machine.hart.x[5] = address;
            })
        };
        let machine = run(address);
        assert_eq!((machine.system.csrs.mcause, machine.hart.x[7]), (0, 42), "mode {mode}");
        // The bits above those that are translated have to repeat the highest of them.
        let machine = run(address | 1 << (12 + 9 * levels));
        assert_eq!(machine.system.csrs.mcause, 13, "mode {mode}");
    }
}

#[test]
fn page_faults_by_cause() {
    let amo = encode(Inst {
        rd: 7,
        rs1: 5,
        rs2: 6,
        ..Inst::new(Op::AmoaddD)
    });
    // Instruction, page table entry, SUM and MXR, cause or 0.
    let cases: [(u32, u64, u64, u64); 14] = [
        (ld(7, 5), 0, 0, 13),
        (sd(6, 5), 0, 0, 15),
        (amo, 0, 0, 15),
        (sd(6, 5), PAGE & !4, 0, 15),
        (amo, PAGE & !4, 0, 15),
        (ld(7, 5), PAGE & !2, 0, 13),    // writable, not readable: reserved
        (ld(7, 5), PAGE & !0x40, 0, 13), // not accessed, and Svade
        (sd(6, 5), PAGE & !0x80, 0, 15), // not dirty
        (ld(7, 5), PAGE & !0x80, 0, 0),  // a load needs no dirty page
        (ld(7, 5), PAGE | 0x10, 0, 13),  // of user mode
        (ld(7, 5), PAGE | 0x10, status::SUM, 0),
        (ld(7, 5), 0x49, 0, 13), // executable only
        (ld(7, 5), 0x49, status::MXR, 0),
        (ld(7, 5), PAGE | 1 << 60, 0, 13), // a reserved bit
    ];
    for (word, entry, bits, cause) in cases {
        let machine = run_in(Privilege::Machine, &[word], 1, |machine| {
            map(machine, entry);
            machine.system.csrs.mstatus |= bits;
        });
        let csrs = &machine.system.csrs;
        let value = if cause == 0 { 0 } else { 0x4000_0010 };
        assert_eq!(
            (csrs.mcause, csrs.mtval),
            (cause, value),
            "{word:#x} with {entry:#x} and {bits:#x}"
        );
    }
}

#[test]
fn the_hart_sets_accessed_and_dirty_bits_where_it_is_told_to() {
    let update = |word| {
        let machine = run_in(Privilege::Machine, &[word], 1, |machine| {
            map(machine, PAGE & !0xc0);
            machine.system.csrs.menvcfg = 1 << 61;
        });
        assert_eq!(machine.system.csrs.mcause, 0);
        machine.system.ram.doubleword(LEAF).map(|entry| entry & 0xc0)
    };
    assert_eq!(update(ld(7, 5)), Some(0x40));
    assert_eq!(update(sd(6, 5)), Some(0xc0));
}

#[test]
fn an_access_that_reaches_into_an_unmapped_page_stores_nothing() {
    let machine = run_in(Privilege::Machine, &[sd(6, 5)], 1, |machine| {
        map(machine, PAGE);
        machine.hart.x[5] = 0x4000_0ffc;
        machine.hart.x[6] = u64::MAX;
    });
    let csrs = &machine.system.csrs;
    assert_eq!((csrs.mcause, csrs.mtval), (15, 0x4000_1000));
    assert_eq!(machine.system.ram.doubleword(MAIN_START + 0x8ff8), Some(0));
}

#[test]
fn protection_binds_lower_modes() {
    let denied = run_in(Privilege::User, &[ld(7, 5)], 1, |machine| {
        machine.hart.x[5] = MAIN_START + 0x2_0000;
        // 0x20000..0x30000 may be neither read nor written; the rest of the address space may.
        machine.system.pmp.set_address(0, (MAIN_START + 0x2_0000) >> 2 | 0x1fff);
        machine.system.pmp.set_address(1, u64::MAX);
        machine.system.pmp.set_config(0, 0x1f18);
    });
    let csrs = &denied.system.csrs;
    assert_eq!((csrs.mcause, csrs.mtval), (5, MAIN_START + 0x2_0000));
    assert_eq!(csrs.mstatus & status::MPP, 0);
}

#[test]
fn the_timer_interrupts_through_a_vector() {
    let machine = run_in(Privilege::Machine, &[LOOP], 100, |machine| {
        machine.system.csrs.mtvec = HANDLER - 4 * 7 + 1;
        machine.system.csrs.mie = interrupt::MTI;
        machine.system.csrs.mstatus |= status::MIE;
        machine.system.clint.compare = 1_000_000;
    });
    let csrs = &machine.system.csrs;
    assert_eq!((csrs.mcause, csrs.mepc), (1 << 63 | 7, MAIN_START));
    assert_eq!(csrs.mstatus & (status::MIE | status::MPIE), status::MPIE);
    assert!(machine.hart.pc == HANDLER);
}

#[test]
fn a_software_interrupt_is_raised_by_a_store() {
    let word = encode(Inst {
        rs1: 5,
        rs2: 6,
        ..Inst::new(Op::Sw)
    });
    let machine = run_in(Privilege::Machine, &[word], 100, |machine| {
        machine.system.csrs.mie = interrupt::MSI;
        machine.system.csrs.mstatus |= status::MIE;
        machine.hart.x[5] = clint::ADDRESSES.start;
        machine.hart.x[6] = 1;
    });
    assert_eq!(
        (machine.system.csrs.mcause, machine.system.csrs.mepc),
        (1 << 63 | 3, MAIN_START + 4)
    );
}

#[test]
fn supervisor_interrupts_wait_until_the_supervisor_wants_them() {
    let pending = |sie: u64| {
        run_in(Privilege::Supervisor, &[NOP, NOP], 2, |machine| {
            machine.system.csrs.mideleg = interrupt::SSI;
            machine.system.csrs.mie = interrupt::SSI;
            machine.system.csrs.mip = interrupt::SSI;
            machine.system.csrs.stvec = HANDLER;
            machine.system.csrs.mstatus |= sie;
        })
    };
    assert_eq!(pending(0).system.csrs.scause, 0);
    assert_eq!(pending(status::SIE).system.csrs.scause, 1 << 63 | 1);
}

#[test]
fn a_handler_that_traps_ends_the_run() {
    let mut machine = machine(&[0], 1_000_000);
    let exit = machine.run().exit;
    let Exit::Stuck(message) = exit else { panic!("{exit:?}") };
    assert!(message.contains("illegal instruction at pc 0x80000000"), "{message}");
    assert!(
        message.contains("0x0 (mtvec) itself traps: fetch access fault"),
        "{message}"
    );
}

#[test]
fn endless_waits_end_the_run() {
    assert!(matches!(machine(&[NOP, LOOP], 1_000_000).run().exit, Exit::Stuck(_)));
    // `wfi`, and a jump back to it.
    let back = encode(Inst {
        imm: -4,
        ..Inst::new(Op::Jal)
    });
    assert!(matches!(
        machine(&[nullary(Op::Wfi), back], 1_000_000).run().exit,
        Exit::Stuck(_)
    ));
    // A loop that computes is the program's own business.
    let count = encode(Inst {
        rd: 5,
        rs1: 5,
        imm: 1,
        ..Inst::new(Op::Addi)
    });
    assert_eq!(
        machine(&[count, back], 1000).run().exit,
        Exit::Stopped(crate::Limit::Instructions)
    );
}

/// Arbitrary words as code, in a hart whose privileged state is arbitrary too: nothing may panic, whatever traps.
#[test]
fn arbitrary_code_cannot_fault_the_emulator() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let count = Op::ALL.len() as u64;
    for round in 0..400 {
        let words: Vec<u32> = (0..1024)
            .map(|_| {
                // Half of the words are instructions of the table with random operands; system instructions come often.
                let row = if random() % 4 == 0 {
                    Op::Csrrw.row()
                } else {
                    Op::ALL[(random() % count) as usize].row()
                };
                let bits = random() as u32;
                if random() % 2 == 0 {
                    bits
                } else {
                    bits & !row.mask | row.bits
                }
            })
            .collect();
        let mut machine = machine(&words, 3000);
        for register in &mut machine.hart.x[1..] {
            *register = match random() % 4 {
                0 => random(),
                1 => MAIN_START + random() % 0x10_0000,
                2 => clint::ADDRESSES.start + random() % 0x10_0000,
                _ => random() % 64,
            };
        }
        for number in 0..4096 {
            if random() % 8 == 0 {
                let value = if random() % 2 == 0 {
                    random()
                } else {
                    MAIN_START + random() % 0x1_0000
                };
                super::csrs::write(number, value, &mut machine.system, &mut machine.hart);
            }
        }
        if round % 2 == 0 {
            machine.system.csrs.mtvec = MAIN_START;
            machine.system.csrs.stvec = MAIN_START + 0x800;
        }
        machine.run();
        assert_eq!(machine.hart.x[0], 0);
    }
}
