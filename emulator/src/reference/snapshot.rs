//! A machine at its first draw, from which all executions start.

use super::recorder::{Purpose, generator};
use super::world::ExecutionHost;
use crate::environment::Environment;
use crate::hart::Hart;
use crate::hooks;
use crate::machine::Machine;
use crate::memory::MemorySnapshot;

/// What the run-up has made of a machine, shared by the machines of all threads.
///
/// Memory is copied once a thread, and from then on page by page as executions write it. Files are private from here on.
pub(super) struct Snapshot {
    memory: MemorySnapshot,
    hart: Hart,
    environment: Environment,
    hooks: hooks::State,
}

impl Snapshot {
    /// The state of a machine that stands before its first draw. It can be rewound to it from now on.
    pub(super) fn new(machine: &mut Machine, most_file_bytes: u64) -> Snapshot {
        machine.environment.process().make_private(most_file_bytes);
        Snapshot {
            memory: machine.memory.snapshot(),
            hart: machine.hart.clone(),
            environment: machine.environment.fork(),
            hooks: machine.hooks.clone(),
        }
    }

    /// Instructions of the run-up.
    pub(super) fn instructions(&self) -> u64 {
        self.hart.instret
    }

    /// Another machine like `original`, which stands before its first draw.
    pub(super) fn machine(&self, original: &Machine, host: ExecutionHost) -> Machine {
        original.sibling(self.memory.memory(), Box::new(host))
    }

    /// Brings a machine back to its first draw, to make execution number `execution` of the task.
    pub(super) fn rewind(&self, machine: &mut Machine, host: ExecutionHost, seed: u64, execution: u64) {
        if machine.memory.rewind(&self.memory) {
            machine.blocks.clear();
        }
        machine.hart.clone_from(&self.hart);
        machine.environment = self.environment.fork();
        machine.hooks = self.hooks.clone();
        machine.host = Box::new(host);
        if let Some(shadow) = &mut machine.shadow {
            shadow.restart(generator(seed, execution, Purpose::Draws));
        }
        if let Some(recorder) = &mut machine.recorder {
            recorder.begin();
        }
    }
}
