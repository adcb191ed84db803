//! The semantics of every instruction, in the order of the table in `isa`.
//!
//! A row without an arm does not compile. Sources: unprivileged manual (20240411) by chapter; what is longer than three lines
//! is a function elsewhere.

use isa::{Inst, Op};

use super::csr::Change;
use super::{atomic, csr, integer};
use crate::engine::Stop;
use crate::float::{self, F16, F32, F64, Float};
use crate::hart::Hart;
use crate::memory::Bus;

/// Where execution goes after an instruction.
pub(crate) enum Flow {
    /// To the one behind it.
    Next,
    /// To this address.
    Jump(u64),
}

/// Bytes in a cache block of `cbo.*`.
const CACHE_BLOCK: u64 = 64;

const fn sign_extend_word(word: u32) -> u64 {
    word as i32 as u64
}

/// Executes `inst`, which stands at `pc`. Changes registers and memory, but neither `hart.pc` nor the instruction count; when it
/// returns a [`Stop`], nothing has changed.
///
/// `op` is `inst.op`: a caller that knows it as a constant gets the code of that instruction alone.
#[inline(always)]
pub(crate) fn execute<B: Bus>(op: Op, inst: &Inst, pc: u64, hart: &mut Hart, bus: &mut B) -> Result<Flow, Stop> {
    execute_with::<B, false>(op, inst, pc, hart, bus)
}

/// The same, but floating-point arithmetic that the host's own does not prove is left undone: [`Stop::Unusual`]. So the code of
/// the common case has no call in it.
#[inline(always)]
pub(crate) fn execute_on_host<B: Bus>(op: Op, inst: &Inst, hart: &mut Hart, bus: &mut B) -> Result<Flow, Stop> {
    execute_with::<B, true>(op, inst, 0, hart, bus)
}

#[inline(always)]
fn execute_with<B: Bus, const ON_HOST: bool>(
    op: Op,
    inst: &Inst,
    pc: u64,
    hart: &mut Hart,
    bus: &mut B,
) -> Result<Flow, Stop> {
    let (rd, rs1, rs2, rs3) = (
        usize::from(inst.rd & 31),
        usize::from(inst.rs1 & 31),
        usize::from(inst.rs2 & 31),
        usize::from(inst.rs3 & 31),
    );
    let imm = i64::from(inst.imm) as u64;

    // Registers.
    macro_rules! x1 {
        () => {
            hart.x[rs1]
        };
    }
    macro_rules! x2 {
        () => {
            hart.x[rs2]
        };
    }
    macro_rules! set {
        ($value:expr) => {{
            let value: u64 = $value;
            if rd != 0 {
                hart.x[rd] = value;
            }
        }};
    }
    macro_rules! setw {
        ($value:expr) => {
            set!(sign_extend_word($value))
        };
    }
    // Memory.
    macro_rules! address {
        () => {
            x1!().wrapping_add(imm)
        };
    }
    macro_rules! load {
        ($type:ty) => {
            <$type>::from_le_bytes(bus.load(address!())?)
        };
    }
    macro_rules! store {
        ($value:expr) => {
            bus.store(address!(), ($value).to_le_bytes())?
        };
    }
    macro_rules! amo_w {
        ($modify:expr) => {{
            let b = x2!() as u32;
            set!(atomic::modify_w(bus, x1!(), |a| $modify(a, b))?)
        }};
    }
    macro_rules! amo_d {
        ($modify:expr) => {{
            let b = x2!();
            set!(atomic::modify_d(bus, x1!(), |a| $modify(a, b))?)
        }};
    }
    // Control.
    macro_rules! branch {
        ($taken:expr) => {
            if $taken {
                return Ok(Flow::Jump(pc.wrapping_add(imm)));
            }
        };
    }
    macro_rules! csr {
        ($change:expr, $operand:expr) => {
            set!(csr::access(hart, inst.imm as u16, $change, $operand).ok_or(Stop::Illegal)?)
        };
    }
    // Floating point. A value narrower than its register is NaN-boxed; one that is not properly boxed reads as the canonical NaN.
    macro_rules! rounding {
        () => {
            hart.rounding(inst.rm).ok_or(Stop::Illegal)?
        };
    }
    macro_rules! float {
        ($format:ident . $operation:ident | $on_host:ident ($($operand:expr),*)) => {{
            let rounding = rounding!();
            if ON_HOST {
                $format::$on_host($($operand,)* rounding, &mut hart.fflags).ok_or(Stop::Unusual)?
            } else {
                $format::$operation($($operand,)* rounding, &mut hart.fflags)
            }
        }};
    }
    macro_rules! convert {
        ($from:ident to $to:ident ($operand:expr)) => {{
            let rounding = rounding!();
            if ON_HOST {
                float::convert_on_host::<$from, $to>($operand, rounding, &mut hart.fflags).ok_or(Stop::Unusual)?
            } else {
                float::convert::<$from, $to>($operand, rounding, &mut hart.fflags)
            }
        }};
    }
    macro_rules! d1 {
        () => {
            hart.f[rs1]
        };
    }
    macro_rules! d2 {
        () => {
            hart.f[rs2]
        };
    }
    macro_rules! d3 {
        () => {
            hart.f[rs3]
        };
    }
    macro_rules! s1 {
        () => {
            float::unboxed::<F32>(hart.f[rs1])
        };
    }
    macro_rules! s2 {
        () => {
            float::unboxed::<F32>(hart.f[rs2])
        };
    }
    macro_rules! s3 {
        () => {
            float::unboxed::<F32>(hart.f[rs3])
        };
    }
    macro_rules! h1 {
        () => {
            float::unboxed::<F16>(hart.f[rs1])
        };
    }
    macro_rules! h2 {
        () => {
            float::unboxed::<F16>(hart.f[rs2])
        };
    }
    macro_rules! h3 {
        () => {
            float::unboxed::<F16>(hart.f[rs3])
        };
    }
    macro_rules! setd {
        ($value:expr) => {
            hart.f[rd] = $value
        };
    }
    macro_rules! sets {
        ($value:expr) => {
            hart.f[rd] = float::boxed::<F32>($value)
        };
    }
    macro_rules! seth {
        ($value:expr) => {
            hart.f[rd] = float::boxed::<F16>($value)
        };
    }

    match op {
        // I
        Op::Lui => set!(imm),
        Op::Auipc => set!(pc.wrapping_add(imm)),
        Op::Jal => {
            set!(pc.wrapping_add(u64::from(inst.len)));
            return Ok(Flow::Jump(pc.wrapping_add(imm)));
        }
        Op::Jalr => {
            let target = address!() & !1;
            set!(pc.wrapping_add(u64::from(inst.len)));
            return Ok(Flow::Jump(target));
        }
        Op::Beq => branch!(x1!() == x2!()),
        Op::Bne => branch!(x1!() != x2!()),
        Op::Blt => branch!((x1!() as i64) < x2!() as i64),
        Op::Bge => branch!(x1!() as i64 >= x2!() as i64),
        Op::Bltu => branch!(x1!() < x2!()),
        Op::Bgeu => branch!(x1!() >= x2!()),
        Op::Lb => set!(load!(i8) as u64),
        Op::Lh => set!(load!(i16) as u64),
        Op::Lw => set!(load!(i32) as u64),
        Op::Ld => set!(load!(u64)),
        Op::Lbu => set!(load!(u8).into()),
        Op::Lhu => set!(load!(u16).into()),
        Op::Lwu => set!(load!(u32).into()),
        Op::Sb => store!(x2!() as u8),
        Op::Sh => store!(x2!() as u16),
        Op::Sw => store!(x2!() as u32),
        Op::Sd => store!(x2!()),
        Op::Addi => set!(x1!().wrapping_add(imm)),
        Op::Slti => set!(u64::from((x1!() as i64) < imm as i64)),
        Op::Sltiu => set!(u64::from(x1!() < imm)),
        Op::Xori => set!(x1!() ^ imm),
        Op::Ori => set!(x1!() | imm),
        Op::Andi => set!(x1!() & imm),
        Op::Slli => set!(x1!() << (imm & 63)),
        Op::Srli => set!(x1!() >> (imm & 63)),
        Op::Srai => set!((x1!() as i64 >> (imm & 63)) as u64),
        Op::Add => set!(x1!().wrapping_add(x2!())),
        Op::Sub => set!(x1!().wrapping_sub(x2!())),
        Op::Sll => set!(x1!() << (x2!() & 63)),
        Op::Slt => set!(u64::from((x1!() as i64) < x2!() as i64)),
        Op::Sltu => set!(u64::from(x1!() < x2!())),
        Op::Xor => set!(x1!() ^ x2!()),
        Op::Srl => set!(x1!() >> (x2!() & 63)),
        Op::Sra => set!((x1!() as i64 >> (x2!() & 63)) as u64),
        Op::Or => set!(x1!() | x2!()),
        Op::And => set!(x1!() & x2!()),
        Op::Addiw => setw!((x1!() as u32).wrapping_add(imm as u32)),
        Op::Slliw => setw!((x1!() as u32) << (imm & 31)),
        Op::Srliw => setw!(x1!() as u32 >> (imm & 31)),
        Op::Sraiw => setw!((x1!() as i32 >> (imm & 31)) as u32),
        Op::Addw => setw!((x1!() as u32).wrapping_add(x2!() as u32)),
        Op::Subw => setw!((x1!() as u32).wrapping_sub(x2!() as u32)),
        Op::Sllw => setw!((x1!() as u32) << (x2!() & 31)),
        Op::Srlw => setw!(x1!() as u32 >> (x2!() & 31)),
        Op::Sraw => setw!((x1!() as i32 >> (x2!() & 31)) as u32),
        // One hart and no devices: memory is always in order.
        Op::Fence => {}
        Op::Ecall => return Err(Stop::EnvironmentCall),
        Op::Ebreak => return Err(crate::trap::Trap::Breakpoint.into()),

        // Zifencei
        Op::FenceI => return Err(Stop::FenceI),

        // Zicsr
        Op::Csrrw => csr!(Change::Write, Some(x1!())),
        Op::Csrrs => csr!(Change::Set, (rs1 != 0).then_some(x1!())),
        Op::Csrrc => csr!(Change::Clear, (rs1 != 0).then_some(x1!())),
        Op::Csrrwi => csr!(Change::Write, Some(rs1 as u64)),
        Op::Csrrsi => csr!(Change::Set, (rs1 != 0).then_some(rs1 as u64)),
        Op::Csrrci => csr!(Change::Clear, (rs1 != 0).then_some(rs1 as u64)),

        // M
        Op::Mul => set!(x1!().wrapping_mul(x2!())),
        Op::Mulh => set!(integer::mulh(x1!() as i64, x2!() as i64) as u64),
        Op::Mulhsu => set!(integer::mulhsu(x1!() as i64, x2!()) as u64),
        Op::Mulhu => set!(integer::mulhu(x1!(), x2!())),
        Op::Div => set!(integer::div(x1!() as i64, x2!() as i64) as u64),
        Op::Divu => set!(integer::divu(x1!(), x2!())),
        Op::Rem => set!(integer::rem(x1!() as i64, x2!() as i64) as u64),
        Op::Remu => set!(integer::remu(x1!(), x2!())),
        Op::Mulw => setw!((x1!() as u32).wrapping_mul(x2!() as u32)),
        Op::Divw => setw!(integer::divw(x1!() as i32, x2!() as i32) as u32),
        Op::Divuw => setw!(integer::divuw(x1!() as u32, x2!() as u32)),
        Op::Remw => setw!(integer::remw(x1!() as i32, x2!() as i32) as u32),
        Op::Remuw => setw!(integer::remuw(x1!() as u32, x2!() as u32)),

        // A
        Op::LrW => set!(atomic::load_reserved_w(hart, bus, x1!())?),
        Op::ScW => set!(atomic::store_conditional_w(hart, bus, x1!(), x2!())?),
        Op::AmoswapW => amo_w!((|_: u32, b: u32| b)),
        Op::AmoaddW => amo_w!(u32::wrapping_add),
        Op::AmoxorW => amo_w!((|a: u32, b: u32| a ^ b)),
        Op::AmoandW => amo_w!((|a: u32, b: u32| a & b)),
        Op::AmoorW => amo_w!((|a: u32, b: u32| a | b)),
        Op::AmominW => amo_w!((|a: u32, b: u32| (a as i32).min(b as i32) as u32)),
        Op::AmomaxW => amo_w!((|a: u32, b: u32| (a as i32).max(b as i32) as u32)),
        Op::AmominuW => amo_w!(u32::min),
        Op::AmomaxuW => amo_w!(u32::max),
        Op::LrD => set!(atomic::load_reserved_d(hart, bus, x1!())?),
        Op::ScD => set!(atomic::store_conditional_d(hart, bus, x1!(), x2!())?),
        Op::AmoswapD => amo_d!((|_: u64, b: u64| b)),
        Op::AmoaddD => amo_d!(u64::wrapping_add),
        Op::AmoxorD => amo_d!((|a: u64, b: u64| a ^ b)),
        Op::AmoandD => amo_d!((|a: u64, b: u64| a & b)),
        Op::AmoorD => amo_d!((|a: u64, b: u64| a | b)),
        Op::AmominD => amo_d!((|a: u64, b: u64| (a as i64).min(b as i64) as u64)),
        Op::AmomaxD => amo_d!((|a: u64, b: u64| (a as i64).max(b as i64) as u64)),
        Op::AmominuD => amo_d!(u64::min),
        Op::AmomaxuD => amo_d!(u64::max),

        // F
        Op::Flw => sets!(load!(u32)),
        Op::Fsw => store!(hart.f[rs2] as u32),
        Op::FmaddS => sets!(float!(F32.fused | fused_on_host(s1!(), s2!(), s3!()))),
        Op::FmsubS => sets!(float!(F32.fused_sub | fused_sub_on_host(s1!(), s2!(), s3!()))),
        Op::FnmsubS => sets!(float!(
            F32.fused_negated_sub | fused_negated_sub_on_host(s1!(), s2!(), s3!())
        )),
        Op::FnmaddS => sets!(float!(
            F32.fused_negated_add | fused_negated_add_on_host(s1!(), s2!(), s3!())
        )),
        Op::FaddS => sets!(float!(F32.add | add_on_host(s1!(), s2!()))),
        Op::FsubS => sets!(float!(F32.sub | sub_on_host(s1!(), s2!()))),
        Op::FmulS => sets!(float!(F32.mul | mul_on_host(s1!(), s2!()))),
        Op::FdivS => sets!(float!(F32.div | div_on_host(s1!(), s2!()))),
        Op::FsqrtS => sets!(float!(F32.sqrt | sqrt_on_host(s1!()))),
        Op::FsgnjS => sets!(F32::sign_inject(s1!(), s2!())),
        Op::FsgnjnS => sets!(F32::sign_inject_negated(s1!(), s2!())),
        Op::FsgnjxS => sets!(F32::sign_inject_xor(s1!(), s2!())),
        Op::FminS => sets!(F32::min(s1!(), s2!(), &mut hart.fflags)),
        Op::FmaxS => sets!(F32::max(s1!(), s2!(), &mut hart.fflags)),
        Op::FleS => set!(u64::from(F32::le(s1!(), s2!(), &mut hart.fflags))),
        Op::FltS => set!(u64::from(F32::lt(s1!(), s2!(), &mut hart.fflags))),
        Op::FeqS => set!(u64::from(F32::eq(s1!(), s2!(), &mut hart.fflags))),
        Op::FclassS => set!(F32::class(s1!()).mask()),
        Op::FmvXW => set!(sign_extend_word(hart.f[rs1] as u32)),
        Op::FmvWX => sets!(x1!() as u32),
        Op::FcvtWS => set!(float!(F32.to_i32 | to_i32_on_host(s1!())) as u64),
        Op::FcvtWuS => set!(float!(F32.to_u32 | to_u32_on_host(s1!())) as i32 as u64),
        Op::FcvtLS => set!(float!(F32.to_i64 | to_i64_on_host(s1!())) as u64),
        Op::FcvtLuS => set!(float!(F32.to_u64 | to_u64_on_host(s1!()))),
        Op::FcvtSW => sets!(float!(F32.from_i32 | from_i32_on_host(x1!() as i32))),
        Op::FcvtSWu => sets!(float!(F32.from_u32 | from_u32_on_host(x1!() as u32))),
        Op::FcvtSL => sets!(float!(F32.from_i64 | from_i64_on_host(x1!() as i64))),
        Op::FcvtSLu => sets!(float!(F32.from_u64 | from_u64_on_host(x1!()))),

        // D
        Op::Fld => setd!(load!(u64)),
        Op::Fsd => store!(d2!()),
        Op::FmaddD => setd!(float!(F64.fused | fused_on_host(d1!(), d2!(), d3!()))),
        Op::FmsubD => setd!(float!(F64.fused_sub | fused_sub_on_host(d1!(), d2!(), d3!()))),
        Op::FnmsubD => setd!(float!(
            F64.fused_negated_sub | fused_negated_sub_on_host(d1!(), d2!(), d3!())
        )),
        Op::FnmaddD => setd!(float!(
            F64.fused_negated_add | fused_negated_add_on_host(d1!(), d2!(), d3!())
        )),
        Op::FaddD => setd!(float!(F64.add | add_on_host(d1!(), d2!()))),
        Op::FsubD => setd!(float!(F64.sub | sub_on_host(d1!(), d2!()))),
        Op::FmulD => setd!(float!(F64.mul | mul_on_host(d1!(), d2!()))),
        Op::FdivD => setd!(float!(F64.div | div_on_host(d1!(), d2!()))),
        Op::FsqrtD => setd!(float!(F64.sqrt | sqrt_on_host(d1!()))),
        Op::FsgnjD => setd!(F64::sign_inject(d1!(), d2!())),
        Op::FsgnjnD => setd!(F64::sign_inject_negated(d1!(), d2!())),
        Op::FsgnjxD => setd!(F64::sign_inject_xor(d1!(), d2!())),
        Op::FminD => setd!(F64::min(d1!(), d2!(), &mut hart.fflags)),
        Op::FmaxD => setd!(F64::max(d1!(), d2!(), &mut hart.fflags)),
        Op::FleD => set!(u64::from(F64::le(d1!(), d2!(), &mut hart.fflags))),
        Op::FltD => set!(u64::from(F64::lt(d1!(), d2!(), &mut hart.fflags))),
        Op::FeqD => set!(u64::from(F64::eq(d1!(), d2!(), &mut hart.fflags))),
        Op::FclassD => set!(F64::class(d1!()).mask()),
        Op::FmvXD => set!(d1!()),
        Op::FmvDX => setd!(x1!()),
        Op::FcvtWD => set!(float!(F64.to_i32 | to_i32_on_host(d1!())) as u64),
        Op::FcvtWuD => set!(float!(F64.to_u32 | to_u32_on_host(d1!())) as i32 as u64),
        Op::FcvtLD => set!(float!(F64.to_i64 | to_i64_on_host(d1!())) as u64),
        Op::FcvtLuD => set!(float!(F64.to_u64 | to_u64_on_host(d1!()))),
        Op::FcvtDW => setd!(float!(F64.from_i32 | from_i32_on_host(x1!() as i32))),
        Op::FcvtDWu => setd!(float!(F64.from_u32 | from_u32_on_host(x1!() as u32))),
        Op::FcvtDL => setd!(float!(F64.from_i64 | from_i64_on_host(x1!() as i64))),
        Op::FcvtDLu => setd!(float!(F64.from_u64 | from_u64_on_host(x1!()))),
        Op::FcvtSD => sets!(convert!(F64 to F32 (d1!()))),
        Op::FcvtDS => setd!(convert!(F32 to F64 (s1!()))),

        // Zfhmin, Zfh
        Op::Flh => seth!(load!(u16)),
        Op::Fsh => store!(hart.f[rs2] as u16),
        Op::FmaddH => seth!(F16::fused(h1!(), h2!(), h3!(), rounding!(), &mut hart.fflags)),
        Op::FmsubH => seth!(F16::fused_sub(h1!(), h2!(), h3!(), rounding!(), &mut hart.fflags)),
        Op::FnmsubH => seth!(F16::fused_negated_sub(
            h1!(),
            h2!(),
            h3!(),
            rounding!(),
            &mut hart.fflags
        )),
        Op::FnmaddH => seth!(F16::fused_negated_add(
            h1!(),
            h2!(),
            h3!(),
            rounding!(),
            &mut hart.fflags
        )),
        Op::FaddH => seth!(F16::add(h1!(), h2!(), rounding!(), &mut hart.fflags)),
        Op::FsubH => seth!(F16::sub(h1!(), h2!(), rounding!(), &mut hart.fflags)),
        Op::FmulH => seth!(F16::mul(h1!(), h2!(), rounding!(), &mut hart.fflags)),
        Op::FdivH => seth!(F16::div(h1!(), h2!(), rounding!(), &mut hart.fflags)),
        Op::FsqrtH => seth!(F16::sqrt(h1!(), rounding!(), &mut hart.fflags)),
        Op::FsgnjH => seth!(F16::sign_inject(h1!(), h2!())),
        Op::FsgnjnH => seth!(F16::sign_inject_negated(h1!(), h2!())),
        Op::FsgnjxH => seth!(F16::sign_inject_xor(h1!(), h2!())),
        Op::FminH => seth!(F16::min(h1!(), h2!(), &mut hart.fflags)),
        Op::FmaxH => seth!(F16::max(h1!(), h2!(), &mut hart.fflags)),
        Op::FleH => set!(u64::from(F16::le(h1!(), h2!(), &mut hart.fflags))),
        Op::FltH => set!(u64::from(F16::lt(h1!(), h2!(), &mut hart.fflags))),
        Op::FeqH => set!(u64::from(F16::eq(h1!(), h2!(), &mut hart.fflags))),
        Op::FclassH => set!(F16::class(h1!()).mask()),
        Op::FmvXH => set!(hart.f[rs1] as i16 as u64),
        Op::FmvHX => seth!(x1!() as u16),
        Op::FcvtWH => set!(F16::to_i32(h1!(), rounding!(), &mut hart.fflags) as u64),
        Op::FcvtWuH => set!(F16::to_u32(h1!(), rounding!(), &mut hart.fflags) as i32 as u64),
        Op::FcvtLH => set!(F16::to_i64(h1!(), rounding!(), &mut hart.fflags) as u64),
        Op::FcvtLuH => set!(F16::to_u64(h1!(), rounding!(), &mut hart.fflags)),
        Op::FcvtHW => seth!(F16::from_i32(x1!() as i32, rounding!(), &mut hart.fflags)),
        Op::FcvtHWu => seth!(F16::from_u32(x1!() as u32, rounding!(), &mut hart.fflags)),
        Op::FcvtHL => seth!(F16::from_i64(x1!() as i64, rounding!(), &mut hart.fflags)),
        Op::FcvtHLu => seth!(F16::from_u64(x1!(), rounding!(), &mut hart.fflags)),
        Op::FcvtSH => sets!(convert!(F16 to F32 (h1!()))),
        Op::FcvtHS => seth!(convert!(F32 to F16 (s1!()))),
        Op::FcvtDH => setd!(convert!(F16 to F64 (h1!()))),
        Op::FcvtHD => seth!(convert!(F64 to F16 (d1!()))),

        // Zfa
        Op::FliS => sets!(float::load_immediate::<F32>(inst.rs1)),
        Op::FminmS => sets!(F32::min_nan(s1!(), s2!(), &mut hart.fflags)),
        Op::FmaxmS => sets!(F32::max_nan(s1!(), s2!(), &mut hart.fflags)),
        Op::FroundS => sets!(F32::round(s1!(), rounding!(), &mut hart.fflags)),
        Op::FroundnxS => sets!(F32::round_exact(s1!(), rounding!(), &mut hart.fflags)),
        Op::FleqS => set!(u64::from(F32::le_quiet(s1!(), s2!(), &mut hart.fflags))),
        Op::FltqS => set!(u64::from(F32::lt_quiet(s1!(), s2!(), &mut hart.fflags))),
        Op::FliD => setd!(float::load_immediate::<F64>(inst.rs1)),
        Op::FminmD => setd!(F64::min_nan(d1!(), d2!(), &mut hart.fflags)),
        Op::FmaxmD => setd!(F64::max_nan(d1!(), d2!(), &mut hart.fflags)),
        Op::FroundD => setd!(F64::round(d1!(), rounding!(), &mut hart.fflags)),
        Op::FroundnxD => setd!(F64::round_exact(d1!(), rounding!(), &mut hart.fflags)),
        Op::FleqD => set!(u64::from(F64::le_quiet(d1!(), d2!(), &mut hart.fflags))),
        Op::FltqD => set!(u64::from(F64::lt_quiet(d1!(), d2!(), &mut hart.fflags))),
        Op::FliH => seth!(float::load_immediate::<F16>(inst.rs1)),
        Op::FminmH => seth!(F16::min_nan(h1!(), h2!(), &mut hart.fflags)),
        Op::FmaxmH => seth!(F16::max_nan(h1!(), h2!(), &mut hart.fflags)),
        Op::FroundH => seth!(F16::round(h1!(), rounding!(), &mut hart.fflags)),
        Op::FroundnxH => seth!(F16::round_exact(h1!(), rounding!(), &mut hart.fflags)),
        Op::FleqH => set!(u64::from(F16::le_quiet(h1!(), h2!(), &mut hart.fflags))),
        Op::FltqH => set!(u64::from(F16::lt_quiet(h1!(), h2!(), &mut hart.fflags))),
        Op::FcvtmodWD => set!(float::modular_i32(d1!(), &mut hart.fflags) as u64),

        // Zba
        Op::AddUw => set!((x1!() as u32 as u64).wrapping_add(x2!())),
        Op::Sh1add => set!((x1!() << 1).wrapping_add(x2!())),
        Op::Sh2add => set!((x1!() << 2).wrapping_add(x2!())),
        Op::Sh3add => set!((x1!() << 3).wrapping_add(x2!())),
        Op::Sh1addUw => set!(((x1!() as u32 as u64) << 1).wrapping_add(x2!())),
        Op::Sh2addUw => set!(((x1!() as u32 as u64) << 2).wrapping_add(x2!())),
        Op::Sh3addUw => set!(((x1!() as u32 as u64) << 3).wrapping_add(x2!())),
        Op::SlliUw => set!((x1!() as u32 as u64) << (imm & 63)),

        // Zbb
        Op::Andn => set!(x1!() & !x2!()),
        Op::Orn => set!(x1!() | !x2!()),
        Op::Xnor => set!(!(x1!() ^ x2!())),
        Op::Clz => set!(x1!().leading_zeros().into()),
        Op::Ctz => set!(x1!().trailing_zeros().into()),
        Op::Cpop => set!(x1!().count_ones().into()),
        Op::SextB => set!(x1!() as i8 as u64),
        Op::SextH => set!(x1!() as i16 as u64),
        Op::Clzw => set!((x1!() as u32).leading_zeros().into()),
        Op::Ctzw => set!((x1!() as u32).trailing_zeros().into()),
        Op::Cpopw => set!((x1!() as u32).count_ones().into()),
        Op::Min => set!((x1!() as i64).min(x2!() as i64) as u64),
        Op::Minu => set!(x1!().min(x2!())),
        Op::Max => set!((x1!() as i64).max(x2!() as i64) as u64),
        Op::Maxu => set!(x1!().max(x2!())),
        Op::Rol => set!(x1!().rotate_left(x2!() as u32 & 63)),
        Op::Ror => set!(x1!().rotate_right(x2!() as u32 & 63)),
        Op::Rolw => setw!((x1!() as u32).rotate_left(x2!() as u32 & 31)),
        Op::Rorw => setw!((x1!() as u32).rotate_right(x2!() as u32 & 31)),
        Op::Rori => set!(x1!().rotate_right(imm as u32 & 63)),
        Op::Roriw => setw!((x1!() as u32).rotate_right(imm as u32 & 31)),
        Op::OrcB => set!(integer::orc_b(x1!())),
        Op::Rev8 => set!(x1!().swap_bytes()),

        // Zbkb, Zbkx
        Op::Pack => set!(x1!() & 0xffff_ffff | x2!() << 32),
        Op::Packh => set!(x1!() & 0xff | (x2!() & 0xff) << 8),
        Op::Packw => setw!(x1!() as u32 & 0xffff | (x2!() as u32) << 16),
        Op::Brev8 => set!(integer::brev8(x1!())),
        Op::Xperm4 => set!(integer::xperm4(x1!(), x2!())),
        Op::Xperm8 => set!(integer::xperm8(x1!(), x2!())),

        // Zbc
        Op::Clmul => set!(integer::clmul(x1!(), x2!())),
        Op::Clmulr => set!(integer::clmulr(x1!(), x2!())),
        Op::Clmulh => set!(integer::clmulh(x1!(), x2!())),

        // Zbs
        Op::Bclr => set!(x1!() & !(1 << (x2!() & 63))),
        Op::Bext => set!(x1!() >> (x2!() & 63) & 1),
        Op::Binv => set!(x1!() ^ 1 << (x2!() & 63)),
        Op::Bset => set!(x1!() | 1 << (x2!() & 63)),
        Op::Bclri => set!(x1!() & !(1 << (imm & 63))),
        Op::Bexti => set!(x1!() >> (imm & 63) & 1),
        Op::Binvi => set!(x1!() ^ 1 << (imm & 63)),
        Op::Bseti => set!(x1!() | 1 << (imm & 63)),

        // Zicond
        Op::CzeroEqz => set!(if x2!() == 0 { 0 } else { x1!() }),
        Op::CzeroNez => set!(if x2!() != 0 { 0 } else { x1!() }),

        // Zimop: may-be-operations give 0 until an extension defines them
        Op::MopR | Op::MopRr => set!(0),

        // Zicbom, Zicboz: there is no cache; zeroing a block is a store of 64 bytes
        Op::CboInval | Op::CboClean | Op::CboFlush => {}
        Op::CboZero => {
            let block = x1!() & !(CACHE_BLOCK - 1);
            for offset in (0..CACHE_BLOCK).step_by(8) {
                bus.store(block + offset, [0; 8])?;
            }
        }

        // Zawrs: waiting may end at once
        Op::WrsNto | Op::WrsSto => {}

        // Privileged instructions are illegal in user mode
        Op::Mret | Op::Sret | Op::Wfi | Op::SfenceVma | Op::SinvalVma | Op::SfenceWInval | Op::SfenceInvalIr => {
            return Err(Stop::Illegal);
        }

        // Our own: functions of the UxHw library, and the return of a hooked function
        Op::Uxhw => return Err(Stop::Function(inst.imm)),
    }
    Ok(Flow::Next)
}
