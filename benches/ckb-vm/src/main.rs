//! Runs one program on ckb-vm's assembly interpreter, which writes nothing: what it prints is thrown away.

use ckb_vm::machine::VERSION2;
use ckb_vm::machine::asm::{AsmCoreMachine, AsmMachine};
use ckb_vm::registers::{A0, A2, A7};
use ckb_vm::{Bytes, DefaultMachineBuilder, DefaultMachineRunner, Error, ISA_B, ISA_IMC, ISA_MOP, Register, SupportMachine, Syscalls};

/// `write`: everything is written.
struct Write;

impl<M: SupportMachine> Syscalls<M> for Write {
    fn initialize(&mut self, _: &mut M) -> Result<(), Error> {
        Ok(())
    }

    fn ecall(&mut self, machine: &mut M) -> Result<bool, Error> {
        if machine.registers()[A7].to_u64() != 64 {
            return Ok(false);
        }
        let size = machine.registers()[A2].clone();
        machine.set_register(A0, size);
        Ok(true)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: run-ckb-vm PROGRAM")?;
    let program = Bytes::from(std::fs::read(path)?);
    let core = <Box<AsmCoreMachine> as SupportMachine>::new(ISA_IMC | ISA_B | ISA_MOP, VERSION2, u64::MAX);
    let machine = DefaultMachineBuilder::new(core).syscall(Box::new(Write)).build();
    let mut machine = AsmMachine::new(machine);
    machine.load_program(&program, [Ok(Bytes::from("program"))].into_iter())?;
    let status = machine.run()?;
    std::process::exit(status.into());
}
