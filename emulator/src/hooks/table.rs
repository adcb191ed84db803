//! Which functions are hooked, by name.
//!
//! All symbols of an address are aliases: a function with several names is hooked once. Binding does not matter, local
//! functions (zig's musl) count as well.

use std::collections::HashMap;

use distcore::Format;
use loader::Image;
use sdk::functions;

use super::LibmFunction;
use super::streams::CppLibrary;

/// What to do when a function starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hook {
    /// A member of the printf family; the numbers of the `a` registers that hold format and va_list.
    Printf {
        format: usize,
        arguments: usize,
        text: Text,
    },
    /// `sprintf` and its relatives: they do not know the size of their buffer, which is in `a0`.
    Unbounded,
    /// libstdc++'s `to_string`, whose buffer has `a2` characters.
    ToString,
    /// A function that takes digits from `printf` and counts on there being nothing else.
    Digits,
    /// `std::to_chars` of a double or float.
    ToChars(Format),
    /// `std::from_chars` of a double or float.
    FromChars(Format),
    /// `strtold`.
    ParseLongDouble,
    /// `strfromd`, `strfromf`.
    StringFrom(Format),
    /// `strtod` and its relatives, with the text in `a0` and the place for its end in `a1`.
    ParseFloat(Format),
    /// `wcstod` and its relatives.
    ParseWide(Format),
    /// glibc's scanf family.
    Scanf { is_wide: bool },
    /// picolibc's scanf family; whether `%lf` reads a float, too.
    PicolibcScanf { only_floats: bool },
    /// picolibc's `fgetc`, which all of its reading ends in.
    PicolibcGetc,
    /// `num_get::do_get`, which `>>` ends in.
    Extraction { library: CppLibrary, is_wide: bool },
    /// musl's `__floatscan`.
    FloatScan,
    /// A long double becomes a number of this format.
    Truncation(Format),
    /// libgfortran formats a number.
    FortranFormat,
    /// libgfortran writes a formatted number.
    FortranWrite,
    /// libgfortran reads a number.
    FortranNumber,
    /// libgfortran reads a character.
    FortranCharacter,
    /// libgfortran reads a field.
    FortranField,
    /// libgfortran converts the text of a number.
    FortranConvert,
    /// An exception is about to look for its handler.
    Unwind,
    /// A function of libm.
    Libm(LibmFunction),
    /// A UxHw function of a library that is not ours; the immediate that ours would have.
    Function(u16),
}

/// What a printf function's format consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// Characters.
    Narrow,
    /// Wide characters.
    Wide,
    /// Characters (picolibc): no long double, and floating arguments of this format, floats as bits in an integer's place.
    Tiny(Format),
    /// Wide characters, and a long double is printed with a narrow function (musl).
    WideOverNarrow,
}

/// The end of every printf call of a C library: (name, format register, va_list register).
///
/// glibc up to 2.36, glibc from 2.37, musl and picolibc, picolibc's own names, newlib (which has `vfprintf` as a wrapper of these).
const PRINTF: &[(&str, usize, usize, Text)] = &[
    ("__vfprintf_internal", 1, 2, Text::Narrow),
    ("__printf_buffer", 1, 2, Text::Narrow),
    ("__d_vfprintf", 1, 2, Text::Tiny(Format::F64)),
    ("__f_vfprintf", 1, 2, Text::Tiny(Format::F32)),
    ("__i_vfprintf", 1, 2, Text::Tiny(Format::F64)),
    ("_vfprintf_r", 2, 3, Text::Narrow),
    ("_svfprintf_r", 2, 3, Text::Narrow),
    ("__vfwprintf_internal", 1, 2, Text::Wide),
    ("__wprintf_buffer", 1, 2, Text::Wide),
    ("vfwprintf", 1, 2, Text::WideOverNarrow),
    (GENERAL, 1, 2, Text::Narrow),
];

/// The name that picolibc gives to one of its own three, too: of several names it says least.
const GENERAL: &str = "vfprintf";

/// Functions of other kinds.
const OTHERS: &[(&str, Hook)] = &[
    ("sprintf", Hook::Unbounded),
    ("vsprintf", Hook::Unbounded),
    ("__sprintf_chk", Hook::Unbounded),
    ("__vsprintf_chk", Hook::Unbounded),
    ("ecvt", Hook::Digits),
    ("fcvt", Hook::Digits),
    ("ecvt_r", Hook::Digits),
    ("fcvt_r", Hook::Digits),
    ("strfromd", Hook::StringFrom(Format::F64)),
    ("strfromf", Hook::StringFrom(Format::F32)),
    ("__vfscanf_internal", Hook::Scanf { is_wide: false }),
    ("__vfwscanf_internal", Hook::Scanf { is_wide: true }),
    ("__d_vfscanf", Hook::PicolibcScanf { only_floats: false }),
    ("__f_vfscanf", Hook::PicolibcScanf { only_floats: true }),
    ("__floatscan", Hook::FloatScan),
    ("__trunctfdf2", Hook::Truncation(Format::F64)),
    ("__trunctfsf2", Hook::Truncation(Format::F32)),
    ("_Unwind_RaiseException", Hook::Unwind),
    ("_Unwind_ForcedUnwind", Hook::Unwind),
    ("read_real", Hook::FortranNumber),
    ("parse_real", Hook::FortranNumber),
    ("_gfortrani_read_f", Hook::FortranNumber),
    ("next_char_default", Hook::FortranCharacter),
    ("next_char_internal", Hook::FortranCharacter),
    ("next_char_utf8", Hook::FortranCharacter),
    ("_gfortrani_read_block_form", Hook::FortranField),
    ("_gfortrani_convert_real", Hook::FortranConvert),
    ("get_float_string", Hook::FortranFormat),
    ("write_float_string", Hook::FortranWrite),
];

/// `num_get<char>::do_get` and `num_get<wchar_t>::do_get`, for double and float.
const EXTRACTION: &[(&str, CppLibrary, bool)] = &[
    (
        "_ZNKSt7num_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEE6do_getES3_S3_RSt8ios_baseRSt12_Ios_IostateRd",
        CppLibrary::LibStdCpp,
        false,
    ),
    (
        "_ZNKSt7num_getIcSt19istreambuf_iteratorIcSt11char_traitsIcEEE6do_getES3_S3_RSt8ios_baseRSt12_Ios_IostateRf",
        CppLibrary::LibStdCpp,
        false,
    ),
    (
        "_ZNKSt7num_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE6do_getES3_S3_RSt8ios_baseRSt12_Ios_IostateRd",
        CppLibrary::LibStdCpp,
        true,
    ),
    (
        "_ZNKSt7num_getIwSt19istreambuf_iteratorIwSt11char_traitsIwEEE6do_getES3_S3_RSt8ios_baseRSt12_Ios_IostateRf",
        CppLibrary::LibStdCpp,
        true,
    ),
    (
        "_ZNKSt3__17num_getIcNS_19istreambuf_iteratorIcNS_11char_traitsIcEEEEE6do_getES4_S4_RNS_8ios_baseERjRd",
        CppLibrary::LibCpp,
        false,
    ),
    (
        "_ZNKSt3__17num_getIcNS_19istreambuf_iteratorIcNS_11char_traitsIcEEEEE6do_getES4_S4_RNS_8ios_baseERjRf",
        CppLibrary::LibCpp,
        false,
    ),
    (
        "_ZNKSt3__17num_getIwNS_19istreambuf_iteratorIwNS_11char_traitsIwEEEEE6do_getES4_S4_RNS_8ios_baseERjRd",
        CppLibrary::LibCpp,
        true,
    ),
    (
        "_ZNKSt3__17num_getIwNS_19istreambuf_iteratorIwNS_11char_traitsIwEEEEE6do_getES4_S4_RNS_8ios_baseERjRf",
        CppLibrary::LibCpp,
        true,
    ),
];

/// `std::to_chars` and `std::from_chars`: libstdc++'s, and libc++'s of the former.
const CHARACTERS: &[(&str, Hook)] = &[
    ("_ZSt8to_charsPcS_d", Hook::ToChars(Format::F64)),
    ("_ZSt8to_charsPcS_f", Hook::ToChars(Format::F32)),
    ("_ZSt8to_charsPcS_dSt12chars_format", Hook::ToChars(Format::F64)),
    ("_ZSt8to_charsPcS_fSt12chars_format", Hook::ToChars(Format::F32)),
    ("_ZSt8to_charsPcS_dSt12chars_formati", Hook::ToChars(Format::F64)),
    ("_ZSt8to_charsPcS_fSt12chars_formati", Hook::ToChars(Format::F32)),
    ("_ZNSt3__18to_charsEPcS0_d", Hook::ToChars(Format::F64)),
    ("_ZNSt3__18to_charsEPcS0_f", Hook::ToChars(Format::F32)),
    (
        "_ZNSt3__18to_charsEPcS0_dNS_12chars_formatE",
        Hook::ToChars(Format::F64),
    ),
    (
        "_ZNSt3__18to_charsEPcS0_fNS_12chars_formatE",
        Hook::ToChars(Format::F32),
    ),
    (
        "_ZNSt3__18to_charsEPcS0_dNS_12chars_formatEi",
        Hook::ToChars(Format::F64),
    ),
    (
        "_ZNSt3__18to_charsEPcS0_fNS_12chars_formatEi",
        Hook::ToChars(Format::F32),
    ),
    ("_ZSt10from_charsPKcS0_RdSt12chars_format", Hook::FromChars(Format::F64)),
    ("_ZSt10from_charsPKcS0_RfSt12chars_format", Hook::FromChars(Format::F32)),
];

/// The start of the name of libstdc++'s `__gnu_cxx::__to_xstring<…>`, which `std::to_string` ends in.
const TO_STRING: &str = "_ZN9__gnu_cxx12__to_xstringI";

/// What turns a text into a long double.
const PARSE_LONG: &[&str] = &["strtold", "strtold_l", "__strtold_internal", "____strtold_l_internal"];

/// What [`Hook::PicolibcScanf`] stands for: their presence tells picolibc.
const PICOLIBC_SCANF: [&str; 2] = ["__d_vfscanf", "__f_vfscanf"];

/// What turns a wide text into a number.
const PARSE_WIDE: &[(&str, Format)] = &[
    ("wcstod", Format::F64),
    ("wcstof", Format::F32),
    ("wcstod_l", Format::F64),
    ("wcstof_l", Format::F32),
    ("__wcstod_internal", Format::F64),
    ("__wcstof_internal", Format::F32),
    ("____wcstod_l_internal", Format::F64),
    ("____wcstof_l_internal", Format::F32),
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
        let mut table = HookTable {
            by_address: HashMap::new(),
            names: Vec::new(),
        };
        let has_picolibc_scanf = image.symbols.iter().any(|symbol| PICOLIBC_SCANF.contains(&symbol.name));
        for symbol in image.symbols.iter().filter(|symbol| symbol.is_function()) {
            let hook = match symbol.name {
                "fgetc" if has_picolibc_scanf => Some(Hook::PicolibcGetc),
                name => hook_named(name),
            };
            if let Some(hook) = hook
                && !(matches!(hook, Hook::Function(_)) && starts_with_our_instruction(image, symbol.address))
            {
                if symbol.name == GENERAL {
                    table.by_address.entry(symbol.address).or_insert(hook);
                } else {
                    table.by_address.insert(symbol.address, hook);
                }
                table.names.push((symbol.address, symbol.name.to_owned()));
            }
        }
        table.names.sort();
        table
    }

    /// Whether a hooked function starts at `address`.
    pub(crate) fn is_hooked(&self, address: u64) -> bool {
        self.by_address.contains_key(&address)
    }

    /// Whether the hook at `address` does nothing unless a register is uncertain.
    pub(crate) fn needs_uncertainty(&self, address: u64) -> bool {
        matches!(self.at(address), Some(Hook::Libm(_)))
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

/// The hook of a function of this name.
fn hook_named(name: &str) -> Option<Hook> {
    if !MARKS[usize::from(mark(name.as_bytes()))] {
        return None;
    }
    if let Some(&(_, format, arguments, text)) = PRINTF.iter().find(|(known, ..)| *known == name) {
        return Some(Hook::Printf {
            format,
            arguments,
            text,
        });
    }
    if let Some(&(_, hook)) = OTHERS.iter().find(|(known, _)| *known == name) {
        return Some(hook);
    }
    if let Some(&(_, hook)) = CHARACTERS.iter().find(|(known, _)| *known == name) {
        return Some(hook);
    }
    if PARSE_LONG.contains(&name) {
        return Some(Hook::ParseLongDouble);
    }
    if name.starts_with(TO_STRING) {
        return Some(Hook::ToString);
    }
    if let Some(&(_, format)) = PARSE.iter().find(|(known, _)| *known == name) {
        return Some(Hook::ParseFloat(format));
    }
    if let Some(&(_, format)) = PARSE_WIDE.iter().find(|(known, _)| *known == name) {
        return Some(Hook::ParseWide(format));
    }
    if let Some(&(_, library, is_wide)) = EXTRACTION.iter().find(|(known, ..)| *known == name) {
        return Some(Hook::Extraction { library, is_wide });
    }
    if let Some((function, width)) = functions::by_name(name) {
        return Some(Hook::Function(function.immediate(width)));
    }
    LibmFunction::named(name).map(Hook::Libm)
}

/// For each [`mark`] whether a name that is looked for has it. Almost every function of a program is ruled out by its mark, and
/// programs have thousands.
static MARKS: [bool; 1 << 12] = marks();

/// A number of twelve bits that says little of a name, and says it fast.
const fn mark(name: &[u8]) -> u16 {
    match name {
        // UxHw functions, by whichever of their names.
        [b'U', b'x', b'H', b'w', ..] | [b'l', b'i', b'b', b'U', ..] => 0,
        [first, .., last] => mark_of(*first, *last, name.len()),
        _ => 1,
    }
}

const fn mark_of(first: u8, last: u8, length: usize) -> u16 {
    (first & 31) as u16 | ((last & 31) as u16) << 5 | ((length & 3) as u16) << 10
}

const fn marks() -> [bool; 1 << 12] {
    let mut marks = [false; 1 << 12];
    marks[0] = true;
    macro_rules! mark_names {
        ($table:expr $(, $name:tt)?) => {
            let mut i = 0;
            while i < $table.len() {
                marks[mark($table[i]$(.$name)?.as_bytes()) as usize] = true;
                i += 1;
            }
        };
    }
    mark_names!(PRINTF, 0);
    mark_names!(OTHERS, 0);
    mark_names!(EXTRACTION, 0);
    mark_names!(PARSE_WIDE, 0);
    mark_names!(PARSE, 0);
    mark_names!(sdk::LIBM);
    let mut i = 0;
    while i < sdk::LIBM.len() {
        // The same for float.
        let name = sdk::LIBM[i].as_bytes();
        marks[mark_of(name[0], b'f', name.len() + 1) as usize] = true;
        i += 1;
    }
    marks
}

/// Whether the function at `address` is one of our own library: it needs no hook, its instruction says what it is.
fn starts_with_our_instruction(image: &Image, address: u64) -> bool {
    image
        .segments
        .iter()
        .filter(|segment| segment.addresses().contains(&address))
        .any(|segment| {
            let start = (address - segment.address) as usize;
            segment
                .data()
                .get(start)
                .is_some_and(|byte| u32::from(byte & 0x7f) == functions::OPCODE)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        let tables = [
            PRINTF.iter().map(|row| row.0).collect::<Vec<_>>(),
            OTHERS.iter().map(|row| row.0).collect(),
            EXTRACTION.iter().map(|row| row.0).collect(),
            PARSE_WIDE.iter().map(|row| row.0).collect(),
            PARSE.iter().map(|row| row.0).collect(),
        ];
        for name in tables.iter().flatten() {
            assert!(hook_named(name).is_some(), "{name}");
        }
        for name in sdk::LIBM {
            assert!(hook_named(name).is_some(), "{name}");
            assert!(hook_named(&format!("{name}f")).is_some(), "{name}f");
        }
        for function in functions::FUNCTIONS {
            for width in functions::Width::ALL {
                for name in function.names(width) {
                    assert!(hook_named(&name).is_some(), "{name}");
                }
            }
        }
        assert!(hook_named("").is_none() && hook_named("f").is_none() && hook_named("main").is_none());
    }
}
