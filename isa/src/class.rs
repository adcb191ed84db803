//! Kinds of work.

/// What kind of work an instruction does, in words that would suit any abstract domain: intervals, taint, distributions.
///
/// Which registers it reads and writes, and of which file, is told by [`Op::operands`](crate::Op::operands): a `Load` into an f
/// register and one into an x register are one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpClass {
    /// Writes a value that no register decides: `lui`, `auipc`, `fli.*`, may-be-operations.
    Constant,
    /// Sums, differences, products, quotients, remainders of integers, word forms and shift-and-add included. `addi rd, rs1, 0` is
    /// how integer registers are copied.
    IntegerArithmetic,
    /// 1 or 0 from an order of integers: `slt` and its forms.
    IntegerCompare,
    /// The smaller or larger of two integers or floating-point numbers.
    MinMax,
    /// Multiplication or flooring division of an integer by a power of two: the shifts.
    Shift,
    /// Works on bits as bits: logic, rotations, counts, permutations, single bits, extensions of bytes and halfwords.
    Bitwise,
    /// One operand or zero, depending on another: `czero.*`.
    Select,
    /// Reads memory into a register.
    Load,
    /// Writes a register (or zeros: `cbo.zero`) to memory.
    Store,
    /// Goes on elsewhere or not, depending on two registers.
    Branch,
    /// Goes on elsewhere: `jal`, `jalr`.
    Jump,
    /// Load-reserved, store-conditional, and read-modify-write of memory.
    Atomic,
    /// Sum, difference, product, quotient, square root of floating-point numbers.
    FloatArithmetic,
    /// Product and sum with one rounding.
    FloatFused,
    /// An integer that answers a question about floating-point numbers: order, equality, `fclass`.
    FloatCompare,
    /// The same number in another format or rounded to an integer: `fcvt.*`, `fround.*`.
    FloatConvert,
    /// The magnitude of one and a sign made from two: `fsgnj` and its forms. With both sources equal: move, negate, absolute value.
    FloatSign,
    /// The same bits in a register of the other file: `fmv.x.d`, `fmv.d.x` and their narrow forms.
    BitMove,
    /// Orders memory accesses, waits, or advises a cache: no register changes and no value depends on it.
    Ordering,
    /// Everything else that concerns the machine: CSRs, calls and returns between privilege levels, address translation.
    System,
}
