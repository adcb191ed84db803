//! Calling functions of the guest from the host: `getc` of a stream, the likelihood of `BayesLaplace`.
//!
//! The call runs the machine, nested in the hook that makes it, until the function returns to a trampoline of its own; then every
//! register, with its distribution, is as it was before. The stack pointer tells which call has returned: a function that leaves
//! by longjmp ends the calls that it has left behind, and one that exits ends the run.

use distcore::Format;

use crate::hart::reg;
use crate::machine::{Ended, Failure, Machine};
use crate::shadow::{Number, RegisterNumber, particle};

/// Calls nested deeper than this are a guest's runaway recursion: the host's own stack is finite.
const DEEPEST: usize = 100;

/// An argument of a guest function (RISC-V psABI, lp64d): the n-th integer goes to `an`, the n-th number to `fan`.
#[derive(Debug, Clone)]
pub(crate) enum GuestArgument {
    /// An integer or a pointer.
    Integer(u64),
    /// A double or a float.
    Number(Number, Format),
}

/// What a guest function left in its result registers.
#[derive(Debug, Clone)]
pub(crate) struct GuestResult {
    /// `a0`, for functions that return an integer or a pointer.
    pub(crate) integer: u64,
    /// `fa0` as a double and as a float.
    double: Number,
    float: Number,
}

impl GuestResult {
    /// `fa0`, for functions that return a number of this format.
    pub(crate) fn number(self, format: Format) -> Number {
        match format {
            Format::F64 => self.double,
            Format::F32 => self.float,
        }
    }
}

impl Machine {
    /// Calls the function at `address` and runs the machine until it returns. Afterwards all registers are as before.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] where the program ended, or left the call by longjmp, inside the function: the caller gives it on at once.
    pub(crate) fn call_guest(&mut self, address: u64, arguments: &[GuestArgument]) -> Result<GuestResult, Failure> {
        if self.hooks.nested_calls >= DEEPEST {
            return Err(Failure::Unsupported("call-backs nested more than 100 deep"));
        }
        let (x, f, pc) = (self.hart.x, self.hart.f, self.hart.pc);
        let saved = self.shadow.as_mut().map(|shadow| shadow.save_registers());
        // Strictly below the caller's: hooks tell calls apart by their stack pointers.
        let stack_pointer = (x[reg::SP] & !15).wrapping_sub(16);
        self.hart.x[reg::SP] = stack_pointer;
        self.hart.x[reg::RA] = self.hooks.returns.call_trampoline();
        self.hart.pc = address;
        self.put_arguments(arguments);

        self.hooks.nested_calls += 1;
        let ended = self.run_on(false);
        self.hooks.nested_calls -= 1;
        if ended != (Ended::Returned { stack_pointer }) {
            return Err(Failure::Ended(ended));
        }
        let number = |format| match &self.shadow {
            Some(shadow) => shadow.operand(reg::FA0 as u8, &self.hart, format),
            None => Number::certain(particle(&self.hart, reg::FA0 as u8, format)),
        };
        let result = GuestResult {
            integer: self.hart.x[reg::A0],
            double: number(Format::F64),
            float: number(Format::F32),
        };
        (self.hart.x, self.hart.f, self.hart.pc) = (x, f, pc);
        if let (Some(shadow), Some(saved)) = (&mut self.shadow, saved) {
            shadow.restore_registers(saved);
        }
        Ok(result)
    }

    fn put_arguments(&mut self, arguments: &[GuestArgument]) {
        let (mut integers, mut numbers) = (reg::A0, reg::FA0);
        for argument in arguments {
            match argument {
                GuestArgument::Integer(integer) => {
                    self.hart.x[integers] = *integer;
                    integers += 1;
                }
                GuestArgument::Number(number, format) => {
                    self.set_number(numbers, number.particle, *format);
                    if let (Some(shadow), Some(uncertain)) = (&mut self.shadow, &number.uncertain) {
                        let register = RegisterNumber::f(numbers as u8);
                        shadow.set_number(register, uncertain.clone(), *format);
                    }
                    numbers += 1;
                }
            }
        }
    }
}
