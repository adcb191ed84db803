//! The name of an instruction, and what the table says of it.

use crate::{Extension, Format, OpClass, Operands, Row, TABLE, for_each_instruction};

macro_rules! ops {
    ($(($op:ident, $mnemonic:literal, $bits:literal, $mask:literal, $format:ident, $extension:ident, $class:ident))*) => {
        /// An instruction: `fcvt.w.s` is `FcvtWS`. Its number is its row in [`TABLE`]; numbers are not stable between versions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Op {
            $(
                #[doc = concat!("`", $mnemonic, "`")]
                $op,
            )*
        }

        impl Op {
            /// Every instruction, in table order.
            pub const ALL: [Op; Op::COUNT] = [$(Op::$op),*];
            /// The number of rows in the table.
            pub const COUNT: usize = [$(stringify!($op)),*].len();
        }
    };
}
for_each_instruction!(ops);

impl Op {
    /// The row of the table.
    pub const fn row(self) -> &'static Row {
        const ROWS: &[Row; Op::COUNT] = &TABLE;
        &ROWS[self as usize]
    }

    /// The name in assembly, such as `fcvt.w.s`.
    pub const fn mnemonic(self) -> &'static str {
        self.row().mnemonic
    }

    /// Which operands it has, and where their bits are.
    pub const fn format(self) -> Format {
        self.row().format
    }

    /// The extension that defines it.
    pub const fn extension(self) -> Extension {
        self.row().extension
    }

    /// What kind of work it does.
    pub const fn class(self) -> OpClass {
        self.row().class
    }

    /// The register file of each register operand.
    pub const fn operands(self) -> Operands {
        self.format().operands()
    }
}
