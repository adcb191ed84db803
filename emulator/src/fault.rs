//! A fatal trap, told so that a programmer can find it.

use std::fmt;

use crate::environment::Environment;
use crate::program::Program;
use crate::trap::Trap;

/// A trap that ended the program, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub trap: Trap,
    /// Address of the instruction.
    pub pc: u64,
    /// Function and source line, as far as the executable tells.
    pub place: Option<String>,
    /// Whether the access fell into the gap below the stack.
    pub stack_overflow: bool,
}

impl Fault {
    pub(crate) fn new(trap: Trap, pc: u64, program: &Program, environment: &Environment) -> Fault {
        let stack_overflow = match trap {
            Trap::LoadFault { address } | Trap::StoreFault { address } => environment.is_stack_guard(address),
            _ => false,
        };
        Fault {
            trap,
            pc,
            place: program.locate(pc).map(|location| location.to_string()),
            stack_overflow,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.trap.signal(), self.trap)?;
        if self.stack_overflow {
            f.write_str(" (stack overflow)")?;
        }
        write!(f, ", at pc 0x{:x}", self.pc)?;
        match &self.place {
            Some(place) => write!(f, " in {place}"),
            None => Ok(()),
        }
    }
}
