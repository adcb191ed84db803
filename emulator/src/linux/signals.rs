//! Signals: those that a process raises itself, by a system call or by a trap. Nobody else sends any.
//!
//! A handler runs on a frame below the stack pointer (or on the alternate stack) that holds `siginfo`, `ucontext` and so the
//! interrupted registers; it returns to a trampoline that calls `rt_sigreturn`. Layouts: Linux, arch/riscv/kernel/signal.c,
//! arch/riscv/include/uapi/asm/{ucontext,sigcontext,ptrace}.h, asm-generic/siginfo.h. RISC-V has no `sa_restorer`.

use super::errno::Errno;
use super::{PROCESS_ID, Process, USER_ID};
use crate::hart::{Hart, reg};
use crate::memory::{EXECUTE, Memory, PAGE_SIZE, READ, word};
use crate::trap::{Signal, Trap};

const SA_ONSTACK: u64 = 0x0800_0000;
const SA_NODEFER: u64 = 0x4000_0000;
const SA_RESETHAND: u64 = 0x8000_0000;

const SIG_DFL: u64 = 0;
const SIG_IGN: u64 = 1;
const MOST_SIGNALS: u64 = 64;

const SS_ONSTACK: u32 = 1;
const SS_DISABLE: u32 = 2;
const LEAST_ALTERNATE_STACK: u64 = 2048;

/// `struct rt_sigframe`: 128 bytes of siginfo, then the ucontext.
const UCONTEXT: u64 = 128;
const UC_STACK: u64 = UCONTEXT + 16;
const UC_SIGMASK: u64 = UCONTEXT + 40;
/// pc and x1 to x31, after 128 bytes for a mask and 8 for alignment.
const MCONTEXT: u64 = UCONTEXT + 176;
/// f0 to f31, then fcsr.
const FLOATS: u64 = MCONTEXT + 256;
const FCSR: u64 = FLOATS + 256;
/// The floating state has room for 128-bit registers.
const FRAME_SIZE: u64 = FLOATS + 528;

/// Where the code that handlers return to lies: in the emulator's page at the end of the scratch region.
const TRAMPOLINE_OFFSET: u64 = 64;
/// `li a7, 139; ecall`.
const TRAMPOLINE: [u32; 2] = [0x08b0_0893, 0x0000_0073];

#[derive(Debug, Clone, Copy, Default)]
struct Action {
    handler: u64,
    flags: u64,
    mask: u64,
}

/// What a handler is told about a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// `kill` (0) or `tgkill` (-6).
    Process(i32),
    /// A trap: code and address.
    Trap(i32, u64),
}

/// The signal state of a process.
#[derive(Clone)]
pub(super) struct Signals {
    actions: [Action; MOST_SIGNALS as usize + 1],
    mask: u64,
    pending: [Option<Origin>; MOST_SIGNALS as usize + 1],
    /// Lowest address and size.
    alternate: Option<(u64, u64)>,
}

impl Default for Signals {
    fn default() -> Self {
        Signals {
            actions: [Action::default(); MOST_SIGNALS as usize + 1],
            mask: 0,
            pending: [None; MOST_SIGNALS as usize + 1],
            alternate: None,
        }
    }
}

/// What becomes of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Nothing is to be done.
    Nothing,
    /// The process ends.
    Kill(Signal),
    /// The hart stands at the first instruction of a handler; the interrupted registers are saved at these addresses.
    Handler(SavedRegisters),
}

/// Where a frame keeps registers: x0 (its place is the pc's) and f0, 8 bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SavedRegisters {
    pub(crate) x: u64,
    pub(crate) f: u64,
}

/// Puts the trampoline for handlers into its page.
pub(super) fn write_trampoline(memory: &mut Memory) {
    let address = trampoline(memory);
    let code: Vec<u8> = TRAMPOLINE.iter().flat_map(|word| word.to_le_bytes()).collect();
    memory.host_slice_mut(address, code.len() as u64).copy_from_slice(&code);
    memory.change_flags(address, code.len() as u64, 0, READ | EXECUTE);
}

fn trampoline(memory: &Memory) -> u64 {
    memory.scratch_start() + Memory::SCRATCH_SIZE - PAGE_SIZE + TRAMPOLINE_OFFSET
}

fn bit(signal: u64) -> u64 {
    1 << (signal - 1)
}

/// SIGKILL and SIGSTOP: neither handled nor blocked.
fn is_untouchable(signal: u64) -> bool {
    matches!(signal, 9 | 19)
}

/// Signals that do nothing unless handled: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. Those that would stop the process (SIGTSTP, SIGTTIN,
/// SIGTTOU) do nothing either: there is nobody to continue it.
fn is_harmless(signal: u64) -> bool {
    matches!(signal, 17 | 18 | 20 | 21 | 22 | 23 | 28)
}

impl Process {
    /// `rt_sigaction`.
    pub(super) fn set_action(&mut self, memory: &mut Memory, a: [u64; 6]) -> Result<u64, Errno> {
        let [signal, new, old, set_size, ..] = a;
        if set_size != 8 || !(1..=MOST_SIGNALS).contains(&signal) || new != 0 && is_untouchable(signal) {
            return Err(Errno::EINVAL);
        }
        let before = self.signals.actions[signal as usize];
        if new != 0 {
            let [handler, flags, mask] = words(memory, new)?;
            self.signals.actions[signal as usize] = Action { handler, flags, mask };
            if handler == SIG_IGN || handler == SIG_DFL && is_harmless(signal) {
                self.signals.pending[signal as usize] = None;
            }
        }
        if old != 0 {
            put(memory, old, &[before.handler, before.flags, before.mask])?;
        }
        Ok(0)
    }

    /// `rt_sigprocmask`.
    pub(super) fn set_mask(&mut self, memory: &mut Memory, a: [u64; 6]) -> Result<u64, Errno> {
        let [how, new, old, set_size, ..] = a;
        if set_size != 8 {
            return Err(Errno::EINVAL);
        }
        let before = self.signals.mask;
        if new != 0 {
            let [set] = words(memory, new)?;
            let mask = match how {
                0 => before | set,
                1 => before & !set,
                2 => set,
                _ => return Err(Errno::EINVAL),
            };
            self.signals.mask = mask & !(bit(9) | bit(19));
        }
        if old != 0 {
            put(memory, old, &[before])?;
        }
        Ok(0)
    }

    /// `rt_sigpending`.
    pub(super) fn pending_signals(&self, memory: &mut Memory, set: u64) -> Result<u64, Errno> {
        let pending = (1..=MOST_SIGNALS).filter(|&signal| self.signals.pending[signal as usize].is_some());
        put(memory, set, &[pending.map(bit).fold(0, |all, bit| all | bit)])
    }

    /// `sigaltstack`.
    pub(super) fn set_alternate_stack(
        &mut self,
        memory: &mut Memory,
        stack_pointer: u64,
        new: u64,
        old: u64,
    ) -> Result<u64, Errno> {
        let before = self.signals.describe_stack(stack_pointer);
        if new != 0 {
            let [address, flags, size] = words(memory, new)?;
            if before[1] == u64::from(SS_ONSTACK) {
                return Err(Errno::EPERM);
            }
            self.signals.alternate = match flags as u32 {
                SS_DISABLE => None,
                0 if size < LEAST_ALTERNATE_STACK => return Err(Errno::ENOMEM),
                0 => Some((address, size)),
                _ => return Err(Errno::EINVAL),
            };
        }
        if old != 0 {
            put(memory, old, &before)?;
        }
        Ok(0)
    }

    /// `kill`, `tkill`, `tgkill`: a signal that the process sends to itself. There is nobody else.
    pub(super) fn kill(&mut self, target: u64, signal: u64, code: i32) -> Result<u64, Errno> {
        if signal > MOST_SIGNALS {
            return Err(Errno::EINVAL);
        }
        if target as i64 as i32 != PROCESS_ID as i32 && target != 0 && target as i32 != -1 {
            return Err(Errno::ESRCH);
        }
        if signal != 0 {
            self.raise(signal, Origin::Process(code));
        }
        Ok(0)
    }

    /// `SIGPIPE`, from a write to a pipe that nobody reads.
    pub(super) fn raise_broken_pipe(&mut self) {
        self.raise(13, Origin::Process(0));
    }

    fn raise(&mut self, signal: u64, origin: Origin) {
        let action = self.signals.actions[signal as usize];
        let ignored = action.handler == SIG_IGN || action.handler == SIG_DFL && is_harmless(signal);
        if !ignored || is_untouchable(signal) {
            self.signals.pending[signal as usize].get_or_insert(origin);
        }
    }

    /// Acts on the lowest pending signal that is not blocked; the hart stands between two instructions.
    pub(crate) fn deliver_pending(&mut self, hart: &mut Hart, memory: &mut Memory) -> Delivery {
        let next = (1..=MOST_SIGNALS)
            .find(|&signal| self.signals.pending[signal as usize].is_some() && self.signals.mask & bit(signal) == 0);
        let Some(signal) = next else { return Delivery::Nothing };
        let Some(origin) = self.signals.pending[signal as usize].take() else {
            return Delivery::Nothing;
        };
        self.deliver(signal, origin, hart, memory)
    }

    /// Acts on a trap, which cannot wait: blocked or ignored, it ends the process.
    pub(crate) fn deliver_trap(&mut self, trap: Trap, hart: &mut Hart, memory: &mut Memory) -> Delivery {
        let signal = trap.signal();
        let number = u64::from(signal.0);
        let action = self.signals.actions[usize::from(signal.0)];
        if self.signals.mask & bit(number) != 0 || action.handler == SIG_IGN {
            return Delivery::Kill(signal);
        }
        let mapped = |address| if memory.flags_at(address) == 0 { 1 } else { 2 }; // SEGV_MAPERR, SEGV_ACCERR
        let (code, address) = match trap {
            // ILL_ILLOPC, TRAP_BRKPT, BUS_ADRALN
            Trap::IllegalInstruction { .. } | Trap::Breakpoint => (1, hart.pc),
            Trap::MisalignedAtomic { address } => (1, address),
            Trap::FetchFault { address }
            | Trap::LoadFault { address }
            | Trap::StoreFault { address }
            | Trap::FetchPageFault { address }
            | Trap::LoadPageFault { address }
            | Trap::StorePageFault { address }
            | Trap::Watchpoint { address } => (mapped(address), address),
        };
        self.deliver(number, Origin::Trap(code, address), hart, memory)
    }

    fn deliver(&mut self, signal: u64, origin: Origin, hart: &mut Hart, memory: &mut Memory) -> Delivery {
        let action = self.signals.actions[signal as usize];
        if action.handler == SIG_DFL || is_untouchable(signal) {
            return Delivery::Kill(Signal(signal as u8));
        }
        let top = self.signals.frame_top(action.flags, hart.x[reg::SP]);
        let frame = top.saturating_sub(FRAME_SIZE) & !15;
        if self.write_frame(frame, signal, origin, hart, memory).is_err() {
            return Delivery::Kill(Signal::SEGV);
        }
        self.signals.mask |= action.mask;
        if action.flags & SA_NODEFER == 0 {
            self.signals.mask |= bit(signal);
        }
        self.signals.mask &= !(bit(9) | bit(19));
        if action.flags & SA_RESETHAND != 0 {
            self.signals.actions[signal as usize].handler = SIG_DFL;
        }
        hart.x[reg::RA] = trampoline(memory);
        hart.x[reg::SP] = frame;
        hart.x[reg::A0] = signal;
        hart.x[reg::A0 + 1] = frame;
        hart.x[reg::A0 + 2] = frame + UCONTEXT;
        hart.pc = action.handler;
        Delivery::Handler(SavedRegisters {
            x: frame + MCONTEXT,
            f: frame + FLOATS,
        })
    }

    fn write_frame(
        &self,
        frame: u64,
        signal: u64,
        origin: Origin,
        hart: &Hart,
        memory: &mut Memory,
    ) -> Result<(), Trap> {
        let stack = self.signals.describe_stack(hart.x[reg::SP]);
        let bytes = memory.slice_mut(frame, FRAME_SIZE)?;
        bytes.fill(0);
        let mut write = |offset: u64, field: &[u8]| {
            bytes[offset as usize..offset as usize + field.len()].copy_from_slice(field);
        };
        write(0, &(signal as u32).to_le_bytes());
        match origin {
            Origin::Process(code) => {
                write(8, &code.to_le_bytes());
                write(16, &(PROCESS_ID as u32).to_le_bytes());
                write(20, &(USER_ID as u32).to_le_bytes());
            }
            Origin::Trap(code, address) => {
                write(8, &code.to_le_bytes());
                write(16, &address.to_le_bytes());
            }
        }
        for (i, word) in stack.into_iter().enumerate() {
            write(UC_STACK + 8 * i as u64, &word.to_le_bytes());
        }
        write(UC_SIGMASK, &self.signals.mask.to_le_bytes());
        write(MCONTEXT, &hart.pc.to_le_bytes());
        for i in 1..32 {
            write(MCONTEXT + 8 * i as u64, &hart.x[i].to_le_bytes());
        }
        for i in 0..32 {
            write(FLOATS + 8 * i as u64, &hart.f[i].to_le_bytes());
        }
        write(FCSR, &(u32::from(hart.frm) << 5 | u32::from(hart.fflags)).to_le_bytes());
        Ok(())
    }

    /// `rt_sigreturn`: goes back to where the signal came, with the registers as the handler left them in the frame.
    pub(crate) fn leave_handler(&mut self, hart: &mut Hart, memory: &Memory) -> Result<SavedRegisters, Trap> {
        let frame = hart.x[reg::SP];
        let bytes = memory.slice(frame, FRAME_SIZE)?;
        let read = |offset: u64| word(&bytes[offset as usize..offset as usize + 8]);
        self.signals.mask = read(UC_SIGMASK) & !(bit(9) | bit(19));
        hart.pc = read(MCONTEXT);
        for i in 1..32 {
            hart.x[i] = read(MCONTEXT + 8 * i as u64);
        }
        for i in 0..32 {
            hart.f[i] = read(FLOATS + 8 * i as u64);
        }
        let fcsr = read(FCSR);
        hart.fflags = fcsr as u8 & 0x1f;
        hart.frm = (fcsr >> 5) as u8 & 7;
        Ok(SavedRegisters {
            x: frame + MCONTEXT,
            f: frame + FLOATS,
        })
    }
}

impl Signals {
    /// `stack_t` of the alternate stack: address, flags, size.
    fn describe_stack(&self, stack_pointer: u64) -> [u64; 3] {
        match self.alternate {
            None => [0, SS_DISABLE.into(), 0],
            Some((address, size)) => {
                let inside = self.is_on_alternate(stack_pointer);
                [address, if inside { SS_ONSTACK.into() } else { 0 }, size]
            }
        }
    }

    fn is_on_alternate(&self, stack_pointer: u64) -> bool {
        self.alternate
            .is_some_and(|(address, size)| stack_pointer > address && stack_pointer - address <= size)
    }

    fn frame_top(&self, flags: u64, stack_pointer: u64) -> u64 {
        match self.alternate {
            Some((address, size)) if flags & SA_ONSTACK != 0 && !self.is_on_alternate(stack_pointer) => {
                address.saturating_add(size)
            }
            _ => stack_pointer,
        }
    }
}

fn words<const N: usize>(memory: &Memory, address: u64) -> Result<[u64; N], Errno> {
    let bytes = memory.slice(address, 8 * N as u64)?;
    Ok(std::array::from_fn(|i| word(&bytes[8 * i..8 * i + 8])))
}

fn put(memory: &mut Memory, address: u64, words: &[u64]) -> Result<u64, Errno> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    memory.slice_mut(address, bytes.len() as u64)?.copy_from_slice(&bytes);
    Ok(0)
}
