//! Which functions are hooked, by name.
//!
//! All symbols of an address are aliases: a function with several names is hooked once. Binding does not matter, local
//! functions (zig's musl) count as well.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

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
    if !HOOKS.marks[mark(name.as_bytes())] {
        return None;
    }
    if let Some(hook) = HOOKS.by_name.get(name) {
        return Some(*hook);
    }
    if name.starts_with(TO_STRING) {
        return Some(Hook::ToString);
    }
    let (function, width) = functions::by_name(name)?;
    Some(Hook::Function(function.immediate(width)))
}

/// The hooks of the tables above, and of libm.
struct Hooks {
    by_name: HashMap<Cow<'static, str>, Hook>,
    /// For each [`mark`] whether a name that is looked for has it. Almost every function of a program is ruled out by its mark,
    /// and programs have thousands.
    marks: [bool; MARKS],
}

static HOOKS: LazyLock<Hooks> = LazyLock::new(|| {
    let printf = PRINTF.iter().map(|&(name, format, arguments, text)| {
        let hook = Hook::Printf {
            format,
            arguments,
            text,
        };
        (name, hook)
    });
    let extraction = EXTRACTION
        .iter()
        .map(|&(name, library, is_wide)| (name, Hook::Extraction { library, is_wide }));
    let known = printf
        .chain(OTHERS.iter().copied())
        .chain(CHARACTERS.iter().copied())
        .chain(PARSE_LONG.iter().map(|&name| (name, Hook::ParseLongDouble)))
        .chain(PARSE.iter().map(|&(name, format)| (name, Hook::ParseFloat(format))))
        .chain(PARSE_WIDE.iter().map(|&(name, format)| (name, Hook::ParseWide(format))))
        .chain(extraction)
        .map(|(name, hook)| (Cow::Borrowed(name), hook));
    let libm = LibmFunction::all().map(|(name, function)| (name, Hook::Libm(function)));
    let by_name: HashMap<_, _> = known.chain(libm).collect();
    let mut marks = [false; MARKS];
    marks[BY_PREFIX] = true;
    for name in by_name.keys() {
        marks[mark(name.as_bytes())] = true;
    }
    Hooks { by_name, marks }
});

const MARKS: usize = 1 << 12;

/// The mark of names that are known by their beginning: functions of UxHw, by whichever of their names, and [`TO_STRING`].
const BY_PREFIX: usize = 0;

/// A number of twelve bits that says little of a name, and says it fast.
fn mark(name: &[u8]) -> usize {
    match name {
        [b'U', b'x', b'H', b'w', ..] | [b'l', b'i', b'b', b'U', ..] | [b'_', b'Z', b'N', b'9', ..] => BY_PREFIX,
        [first, .., last] => usize::from(first & 31) | usize::from(last & 31) << 5 | (name.len() & 3) << 10,
        _ => 1,
    }
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
        for name in HOOKS.by_name.keys() {
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
        let to_string =
            hook_named("_ZN9__gnu_cxx12__to_xstringINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEcEE");
        assert!(matches!(to_string, Some(Hook::ToString)));
        assert!(hook_named("").is_none() && hook_named("f").is_none() && hook_named("main").is_none());
    }
}
