//! Whatever the bytes are: a machine ends by itself, without panicking, and every engine ends the same way.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use emulator::{BareMachine, Core, Engine, Exit, Host, Machine, Program, Stream, Task};

/// Instructions that a run may take: enough to go wrong in, few enough for many runs.
const LIMIT: u64 = 20_000;
/// Bytes of guest memory; small, because each run maps it anew.
const MEMORY: u64 = 1 << 20;
/// Where code stands in the files of [`executable`].
const CODE: u64 = 0x1_0000;
/// Where there is memory to write to.
const DATA: u64 = 0x4_0000;

/// Runs an ELF file, if it is one: on an ordinary core with each engine, on a tracking core, and on a bare machine.
pub(crate) fn check_file(bytes: &[u8]) {
    let Ok(program) = Program::parse(bytes) else { return };
    // Without `fence.i` nobody says when code that was written is seen, and engines decode at different times.
    let writes_code = program
        .image()
        .segments
        .iter()
        .any(|segment| segment.writable && segment.executable);
    let program = Arc::new(program);
    if writes_code {
        run(&program, "C0-Bypass", Engine::Threaded, false);
        run(&program, "C0-XS", Engine::Portable, false);
        return;
    }
    let bypass = run(&program, "C0-Bypass", Engine::Threaded, false);
    assert_eq!(
        bypass,
        run(&program, "C0-Bypass", Engine::Portable, false),
        "threaded and portable"
    );
    let athens = run(&program, "C0-XS", Engine::Threaded, false);
    assert_eq!(
        athens,
        run(&program, "C0-XS", Engine::Portable, false),
        "threaded and portable, watched"
    );
    assert_eq!(
        athens,
        run(&program, "C0-XS", Engine::Threaded, true),
        "forced tracking"
    );
    if let Ok(mut machine) = BareMachine::new(Arc::clone(&program), task("C0-Bypass"), Box::new(Nowhere)) {
        machine.run();
    }
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

fn run(program: &Arc<Program>, core: &str, engine: Engine, force_tracking: bool) -> Option<(Exit, u64)> {
    let mut task = task(core);
    task.engine = engine;
    task.force_tracking = force_tracking;
    let report = Machine::new(Arc::clone(program), task, Box::new(Nowhere)).ok()?.run();
    Some((report.exit, report.stats.dynamic_instructions))
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

/// A world without input, in which no time passes.
struct Nowhere;

impl Host for Nowhere {
    fn read_input(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    fn write(&mut self, _: Stream, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn is_terminal(&self, _: Option<Stream>) -> bool {
        false
    }

    fn realtime(&self) -> Duration {
        Duration::ZERO
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        bytes.fill(4);
    }

    fn sleep(&mut self, _: Duration) {}

    fn diagnose(&mut self, _: &str) {}
}
