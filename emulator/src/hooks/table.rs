//! Which functions are hooked, by name.
//!
//! All symbols of an address are aliases: a function with several names is hooked once. Binding does not matter, local
//! functions (zig's musl) count as well.

use std::collections::HashMap;

use distcore::Format;
use loader::Image;
use sdk::functions;

use super::LibmFunction;

/// What to do when a function starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hook {
    /// A member of the printf family; the numbers of the `a` registers that hold format and va_list.
    Printf { format: usize, arguments: usize },
    /// `strtod` and its relatives, with the text in `a0` and the place for its end in `a1`.
    ParseFloat(Format),
    /// A function of libm.
    Libm(LibmFunction),
    /// A UxHw function of a library that is not ours; the immediate that ours would have.
    Function(u16),
}

/// The end of every printf call of a C library: (name, format register, va_list register).
///
/// glibc up to 2.36, glibc from 2.37, musl and picolibc, picolibc's own names, newlib (which has `vfprintf` as a wrapper of these).
const PRINTF: &[(&str, usize, usize)] = &[
    ("__vfprintf_internal", 1, 2),
    ("__printf_buffer", 1, 2),
    ("vfprintf", 1, 2),
    ("__d_vfprintf", 1, 2),
    ("__f_vfprintf", 1, 2),
    ("__i_vfprintf", 1, 2),
    ("_vfprintf_r", 2, 3),
    ("_svfprintf_r", 2, 3),
];

/// What turns a text into a number: public names, and those that glibc's own callers use.
const PARSE: &[(&str, Format)] = &[
    ("strtod", Format::F64),
    ("strtof", Format::F32),
    ("atof", Format::F64),
    ("strtod_l", Format::F64),
    ("strtof_l", Format::F32),
    ("__strtod_internal", Format::F64),
    ("__strtof_internal", Format::F32),
    ("____strtod_l_internal", Format::F64),
    ("____strtof_l_internal", Format::F32),
];

/// The hooks of a program, by address.
pub(crate) struct HookTable {
    by_address: HashMap<u64, Hook>,
    names: Vec<(u64, String)>,
}

impl HookTable {
    /// Finds the hooked functions among the symbols of `image`.
    pub(crate) fn bind(image: &Image) -> HookTable {
        let mut table = HookTable { by_address: HashMap::new(), names: Vec::new() };
        for symbol in image.symbols.iter().filter(|symbol| symbol.is_function()) {
            if let Some(hook) = hook_named(&symbol.name)
                && !(matches!(hook, Hook::Function(_)) && starts_with_our_instruction(image, symbol.address))
            {
                table.by_address.entry(symbol.address).or_insert(hook);
                table.names.push((symbol.address, symbol.name.clone()));
            }
        }
        table.names.sort();
        table
    }

    /// Whether a hooked function starts at `address`.
    pub(crate) fn is_hooked(&self, address: u64) -> bool {
        self.by_address.contains_key(&address)
    }

    /// The hook of the function that starts at `address`.
    pub(super) fn at(&self, address: u64) -> Option<Hook> {
        self.by_address.get(&address).copied()
    }

    /// The hooked functions, ascending by address; aliases each have a line.
    pub(crate) fn names(&self) -> &[(u64, String)] {
        &self.names
    }
}

fn hook_named(name: &str) -> Option<Hook> {
    if let Some(&(_, format, arguments)) = PRINTF.iter().find(|(known, ..)| *known == name) {
        return Some(Hook::Printf { format, arguments });
    }
    if let Some(&(_, format)) = PARSE.iter().find(|(known, _)| *known == name) {
        return Some(Hook::ParseFloat(format));
    }
    if let Some((function, width)) = functions::by_name(name) {
        return Some(Hook::Function(function.immediate(width)));
    }
    LibmFunction::named(name).map(Hook::Libm)
}

/// Whether the function at `address` is one of our own library: it needs no hook, its instruction says what it is.
fn starts_with_our_instruction(image: &Image, address: u64) -> bool {
    image.segments.iter().filter(|segment| segment.addresses().contains(&address)).any(|segment| {
        let start = (address - segment.address) as usize;
        segment.data().get(start).is_some_and(|byte| u32::from(byte & 0x7f) == functions::OPCODE)
    })
}
