//! Whatever the bytes are: a machine ends by itself, without panicking, and every engine ends the same way.

use std::sync::Arc;

use emulator::{BareMachine, Core, Engine, Exit, Limit, Machine, Program, Task, TaskHost};

/// Instructions that a run may take: enough to go wrong in, few enough for many runs.
const LIMIT: u64 = 20_000;
/// Bytes of guest memory; small, because each run maps it anew.
const MEMORY: u64 = 1 << 20;
/// Where code stands in the files of [`executable`].
const CODE: u64 = 0x1_0000;
/// Where there is memory to write to.
const DATA: u64 = 0x4_0000;

/// Runs an ELF file, if it is one: on a bare machine, on an ordinary core with each engine, and on a tracking core.
pub(crate) fn check_file(bytes: &[u8]) {
    let Ok(program) = Program::parse(bytes) else { return };
    let program = Arc::new(program);
    if let Ok(mut machine) = BareMachine::new(Arc::clone(&program), task("C0-Bypass"), Box::new(host())) {
        machine.run();
    }
    let run = |core, engine, force_tracking| run(&program, core, engine, force_tracking);
    let bypass = run("C0-Bypass", Engine::Threaded, false);
    bypass.equals(&run("C0-Bypass", Engine::Portable, false), "threaded and portable");
    let stepping = run("C0-Bypass", Engine::Stepping, false);
    // The others end a block that they have begun.
    if !matches!(stepping.end, Some((Exit::Stopped(Limit::Instructions), _))) {
        bypass.equals(&stepping, "threaded and one at a time");
    }
    let athens = run("C0-XS", Engine::Threaded, false);
    athens.equals(&run("C0-XS", Engine::Portable, false), "threaded and portable, watched");
    athens.equals(&run("C0-XS", Engine::Threaded, true), "forced tracking");
}

/// Runs bytes as machine code.
pub(crate) fn check_code(bytes: &[u8]) {
    check_file(&executable(bytes));
}

fn task(core: &str) -> Task {
    let mut core = Core::named(core).expect("a default core");
    core.memory_size = MEMORY;
    let mut task = Task::new(core, "fuzz");
    task.limits.instructions = Some(LIMIT);
    task
}

/// A finished run.
struct Ran {
    /// How it ended and after how many instructions; `None` when it could not start.
    end: Option<(Exit, u64)>,
    has_writable_code: bool,
}

impl Ran {
    /// Two engines do the same, but for code that was changed: without `fence.i` nobody says when that is seen.
    fn equals(&self, other: &Ran, which: &str) {
        if !self.has_writable_code && !other.has_writable_code {
            assert_eq!(self.end, other.end, "{which}");
        }
    }
}

fn run(program: &Arc<Program>, core: &str, engine: Engine, force_tracking: bool) -> Ran {
    let mut task = task(core);
    task.engine = engine;
    task.force_tracking = force_tracking;
    match Machine::new(Arc::clone(program), task, Box::new(host())) {
        Ok(mut machine) => {
            let report = machine.run();
            // A machine outlives its own bugs; here they are what is looked for.
            assert!(!matches!(report.exit, Exit::Failed(_)), "{:?}", report.exit);
            Ran {
                end: Some((report.exit, report.stats.dynamic_instructions)),
                has_writable_code: machine.has_writable_code(),
            }
        }
        Err(_) => Ran {
            end: None,
            has_writable_code: false,
        },
    }
}

/// A static executable: a segment of code, and one of zeros to write to.
fn executable(code: &[u8]) -> Vec<u8> {
    const HEADER: u16 = 64;
    const PROGRAM_HEADER: u16 = 56;
    const EM_RISCV: u16 = 243;
    const DOUBLE_FLOAT_ABI: u32 = 4;
    let start = u64::from(HEADER + 2 * PROGRAM_HEADER);
    let mut file = Vec::new();
    file.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    file.extend([2u16, EM_RISCV].map(u16::to_le_bytes).concat()); // ET_EXEC
    file.extend(1u32.to_le_bytes());
    file.extend([CODE + start, u64::from(HEADER), 0].map(u64::to_le_bytes).concat());
    file.extend(DOUBLE_FLOAT_ABI.to_le_bytes());
    file.extend([HEADER, PROGRAM_HEADER, 2, 0, 0, 0].map(u16::to_le_bytes).concat());
    file.extend([1u32, 5].map(u32::to_le_bytes).concat()); // PT_LOAD, r-x
    let size = start + code.len() as u64;
    file.extend([0, CODE, CODE, size, size, 4096].map(u64::to_le_bytes).concat());
    file.extend([1u32, 6].map(u32::to_le_bytes).concat()); // PT_LOAD, rw-
    file.extend([0, DATA, DATA, 0, 4096, 4096].map(u64::to_le_bytes).concat());
    file.extend(code);
    file
}

/// Streams without input, whose output goes nowhere; no time passes.
fn host() -> TaskHost {
    TaskHost::new().deterministic(0)
}
