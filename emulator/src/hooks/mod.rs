//! Functions of the guest that are recognised by name: what they mean to distributions.
//!
//! In reading order:
//!
//! * [`table`]: which names are hooked, and how; bound to addresses when a program is loaded. Code that is not hooked pays nothing:
//!   the engine sees a hook as a property of the block that starts at its address.
//! * [`printf`]: a floating conversion prints Ux. [`format`] reads format strings, [`number`] formats as C does, [`scratch`] is
//!   where finished texts lie while the guest prints them.
//!   [`strfrom`]: `strfromd` and `strfromf`; [`fortran`]: Fortran's `write` and `print`.
//!   [`fortran_input`]: its `read`.
//!   [`buffers`]: those that a Ux text does not fit.
//!   [`characters`]: C++'s `to_chars` and `from_chars`.
//! * [`parse`]: `strtod` and its relatives read Ux; [`streams`]: so do `scanf` and `>>`; [`picolibc`]: and that library's `scanf`.
//!   [`scan_format`] reads format strings.
//! * [`libm`]: a function of an uncertain argument is one operation on its distribution; [`returns`] attaches the result when
//!   the guest's own function has computed the particle.
//! * [`calls`]: calling guest functions from here.
//! * [`ux`]: between distributions and their texts.

mod buffers;
mod calls;
mod characters;
mod format;
mod fortran;
mod fortran_input;
mod libm;
mod number;
mod parse;
mod picolibc;
mod printf;
mod returns;
mod scan_format;
mod scratch;
mod streams;
mod strfrom;
mod table;
pub(crate) mod ux;

pub(crate) use calls::GuestArgument;
pub(crate) use libm::LibmFunction;
pub(crate) use returns::{CALLED_FUNCTION, RETURN_FUNCTION};
pub(crate) use table::{Hook, HookTable};

use crate::hart::reg;
use crate::machine::{Failure, Machine, Printing};
use crate::memory::Memory;
use crate::trap::Trap;
use returns::{Attachment, Returns};
use scratch::Scratch;

/// What hooks remember during a run.
#[derive(Clone)]
pub(crate) struct State {
    printing: Printing,
    scratch: Scratch,
    returns: Returns,
    nested_calls: usize,
    /// Functions under way that read numbers from streams.
    readers: Vec<streams::Reader>,
    /// Characters that were put back into picolibc's streams.
    put_back: picolibc::PutBack,
    /// The next call of picolibc's scanf is one that a hook makes.
    scans_piece: bool,
    /// The binary128 number that was read last with a Ux part.
    long_double: Option<([u64; 2], distcore::ux::UxValue)>,
    fortran: fortran::Fortran,
    fortran_input: fortran_input::Input,
    /// Calls under way inside which printf prints plain numbers.
    plain: usize,
    /// The last call that printed into a buffer of unknown size.
    unbounded: Option<buffers::Unbounded>,
    /// Characters of Ux parts that were printed so far.
    ux_characters: u64,
}

impl State {
    pub(crate) fn new(memory: &mut Memory, printing: Printing) -> State {
        let returns = Returns::new(memory);
        State {
            printing,
            scratch: Scratch::new(memory, returns.trampoline()),
            returns,
            nested_calls: 0,
            readers: Vec::new(),
            put_back: picolibc::PutBack::default(),
            scans_piece: false,
            long_double: None,
            fortran: fortran::Fortran::default(),
            fortran_input: fortran_input::Input::default(),
            plain: 0,
            unbounded: None,
            ux_characters: 0,
        }
    }
}

impl Machine {
    /// Whether a guest function is under way that the host called: the host's own stack is part of the state then.
    pub(crate) fn is_nested(&self) -> bool {
        self.hooks.nested_calls > 0
    }

    /// Whether what the program prints shows distributions.
    pub(crate) fn prints_ux(&self) -> bool {
        self.hooks.printing == Printing::Ux
    }

    /// When the work of a function starts and no number is under way: makes room for what it makes, and says who called it.
    pub(crate) fn prepare_shadow(&mut self) {
        if let Some(shadow) = &mut self.shadow {
            shadow.sweep_if_due(&mut self.memory, self.hart.x[reg::SP]);
            shadow.set_place(self.hart.x[reg::RA].wrapping_sub(2));
        }
    }

    /// A C string for a function of the guest that is about to be called; it is gone when the caller's function has returned.
    pub(crate) fn guest_string(&mut self, text: &[u8]) -> Result<u64, Trap> {
        self.hooks.scratch.enter(self.hart.x[reg::SP]);
        self.put_scratch(&[text, b"\0"].concat())
    }

    /// Acts on the hooked function at the program counter, which is about to start. Either it goes on, perhaps with other
    /// arguments, or its work is done and the program counter is where it would have returned to.
    pub(crate) fn enter_hook(&mut self) -> Result<(), Failure> {
        let Some(hook) = self.program.hooks.at(self.hart.pc) else {
            return Ok(());
        };
        self.prepare_shadow();
        match hook {
            Hook::Printf {
                format,
                arguments,
                text,
            } => Ok(self.enter_printf(format, arguments, text)?),
            Hook::Unbounded => {
                self.enter_unbounded();
                Ok(())
            }
            Hook::ToString => {
                self.enter_to_string();
                Ok(())
            }
            Hook::Digits => {
                self.hooks.plain += 1;
                self.call_back(vec![Attachment::Plain]);
                Ok(())
            }
            Hook::ToChars(format) => {
                self.enter_to_chars(format);
                Ok(())
            }
            Hook::FromChars(format) => self.enter_from_chars(format),
            Hook::ParseLongDouble => Ok(self.enter_strtold()?),
            Hook::StringFrom(format) => Ok(self.enter_strfrom(format)?),
            Hook::ParseFloat(format) => self.enter_parse(format),
            Hook::ParseWide(format) => self.enter_wide_parse(format),
            Hook::Scanf { is_wide } => Ok(self.enter_scanf(is_wide)?),
            Hook::PicolibcScanf { only_floats } => self.enter_picolibc_scanf(only_floats),
            Hook::PicolibcGetc => Ok(self.enter_picolibc_getc()?),
            Hook::Extraction { library, is_wide } => {
                self.enter_extraction(library, is_wide);
                Ok(())
            }
            Hook::FloatScan => {
                self.enter_floatscan();
                Ok(())
            }
            Hook::Truncation(format) => {
                self.enter_truncation(format);
                Ok(())
            }
            Hook::FortranFormat => Ok(self.enter_get_float_string()?),
            Hook::FortranWrite => Ok(self.enter_write_float_string()?),
            Hook::FortranNumber => {
                self.enter_fortran_number();
                Ok(())
            }
            Hook::FortranCharacter => {
                self.enter_next_char();
                Ok(())
            }
            Hook::FortranField => {
                self.enter_read_block();
                Ok(())
            }
            Hook::FortranConvert => {
                self.enter_convert_real();
                Ok(())
            }
            Hook::Unwind => Ok(self.enter_unwind()?),
            Hook::Libm(function) => Ok(self.enter_libm(function)?),
            Hook::Function(number) => self.enter_function(number),
        }
    }
}
