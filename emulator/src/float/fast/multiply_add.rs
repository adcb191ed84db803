//! The host's fused multiply-add instruction, if it has one.
//!
//! `f64::mul_add` is one instruction only where the compiler may assume it; elsewhere it calls a routine many times slower than
//! [`exact`](crate::float::exact). A function with `#[target_feature(enable = "fma")]` cannot be inlined into a caller without, and a call
//! makes the caller save its registers; so x86-64 gets the instruction itself.

#[cfg(all(target_arch = "x86_64", not(target_feature = "fma"), not(miri)))]
use presence::{PRESENCE, PRESENT, Relaxed, UNKNOWN};

#[cfg(all(target_arch = "x86_64", not(target_feature = "fma"), not(miri)))]
mod presence {
    use std::sync::atomic::AtomicU8;
    pub(super) use std::sync::atomic::Ordering::Relaxed;

    /// What the processor said.
    pub(super) static PRESENCE: AtomicU8 = AtomicU8::new(UNKNOWN);
    pub(super) const UNKNOWN: u8 = 0;
    pub(super) const PRESENT: u8 = 1;
    const ABSENT: u8 = 2;

    #[cold]
    #[inline(never)]
    pub(super) fn ask() {
        let present = std::arch::is_x86_feature_detected!("fma");
        PRESENCE.store(if present { PRESENT } else { ABSENT }, Relaxed);
    }
}

/// Proof that the host has the instruction.
#[derive(Clone, Copy, Debug)]
pub struct MultiplyAdd(());

impl MultiplyAdd {
    /// The instruction, if the host is known to have it: see [`ask`](Self::ask).
    #[inline(always)]
    pub fn known() -> Option<MultiplyAdd> {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "fma"), not(miri)))]
        let present = PRESENCE.load(Relaxed) == PRESENT;
        #[cfg(not(all(target_arch = "x86_64", not(target_feature = "fma"), not(miri))))]
        let present = cfg!(any(
            target_feature = "fma",
            target_arch = "aarch64",
            target_arch = "riscv64"
        ));
        present.then_some(MultiplyAdd(()))
    }

    /// Asks the processor, once in a process. Apart from [`known`](Self::known) because its caller must keep values across a call,
    /// which makes it save registers; every operation that the host did not compute asks.
    #[inline(always)]
    pub fn ask() {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "fma"), not(miri)))]
        if PRESENCE.load(Relaxed) == UNKNOWN {
            presence::ask();
        }
    }

    /// `a · b + c`, rounded once to nearest-even.
    #[inline(always)]
    pub fn f64(self, a: f64, b: f64, c: f64) -> f64 {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "fma")))]
        {
            let mut r = a;
            // SAFETY: `self` exists only if the processor has FMA (and the system saves AVX state, which the detection includes). The
            // instruction reads and writes the three registers named here and clears the upper half of `r`'s vector register, which
            // the operand owns. It sets sticky bits of MXCSR, which is why `preserves_flags` is absent; nobody reads them.
            unsafe {
                std::arch::asm!(
                    "vfmadd213sd {r}, {b}, {c}",
                    r = inout(xmm_reg) r, b = in(xmm_reg) b, c = in(xmm_reg) c,
                    options(pure, nomem, nostack)
                );
            }
            r
        }
        #[cfg(not(all(target_arch = "x86_64", not(target_feature = "fma"))))]
        a.mul_add(b, c)
    }

    /// `a · b + c` of floats, rounded once to nearest-even.
    #[inline(always)]
    pub fn f32(self, a: f32, b: f32, c: f32) -> f32 {
        #[cfg(all(target_arch = "x86_64", not(target_feature = "fma")))]
        {
            let mut r = a;
            // SAFETY: as for doubles.
            unsafe {
                std::arch::asm!(
                    "vfmadd213ss {r}, {b}, {c}",
                    r = inout(xmm_reg) r, b = in(xmm_reg) b, c = in(xmm_reg) c,
                    options(pure, nomem, nostack)
                );
            }
            r
        }
        #[cfg(not(all(target_arch = "x86_64", not(target_feature = "fma"))))]
        a.mul_add(b, c)
    }
}
