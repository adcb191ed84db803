//! What finished runs of a program leave for the next one.
//!
//! From its second run on, a program's machines note the pages that they write (`memory/snapshot.rs`). When such a machine is dropped,
//! its memory goes back to what it held before the program's first instruction, and waits with all decoded code for the next run, which
//! so neither loads nor decodes. Of one run nothing can be seen in another: what was written, what was mapped, and tags are gone.
//! A process that runs a program once pays nothing for this.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use loader::Image;

use crate::engine::{Blocks, Engine};
use crate::linux::{StartError, load_segments};
use crate::memory::{Memory, MemorySnapshot};

/// Machines' worth of memory that wait at most, where there are as many processors.
const MOST_RESTING: usize = 8;
/// Sizes of memory for which the state before the first instruction is kept.
const MOST_SIZES: usize = 4;
/// A memory of which more pages were written is given back: going back would take longer than to load anew.
const MOST_PAGES: usize = 512;
/// Decoded code that takes more bytes is given back.
const MOST_BYTES: usize = 8 << 20;

/// How many machines' worth of memory wait at most: more runs than there are processors gain nothing from being at once.
fn most_resting() -> usize {
    static MOST: OnceLock<usize> = OnceLock::new();
    *MOST.get_or_init(|| std::thread::available_parallelism().map_or(1, |count| count.get().min(MOST_RESTING)))
}

/// What the runs of one program share.
#[derive(Default)]
pub(crate) struct Warm(Mutex<State>);

#[derive(Default)]
struct State {
    has_run: bool,
    snapshots: Vec<Arc<MemorySnapshot>>,
    resting: Vec<Prepared>,
}

/// A program in memory, as a run finds it.
pub(crate) struct Prepared {
    pub(crate) memory: Memory,
    pub(crate) blocks: Blocks,
    /// What memory shall go back to; none if it need not.
    pub(crate) snapshot: Option<Arc<MemorySnapshot>>,
}

impl Prepared {
    /// In a memory that need not go back to anything.
    pub(crate) fn new(memory: Memory, watched: bool, engine: Engine) -> Prepared {
        Prepared {
            memory,
            blocks: Blocks::new(watched, engine),
            snapshot: None,
        }
    }
}

impl Warm {
    /// The program of `image` in a memory of `memory_size` bytes, with the code that is known of it.
    pub(crate) fn prepare(
        &self,
        image: &Image,
        memory_size: u64,
        watched: bool,
        engine: Engine,
    ) -> Result<Prepared, StartError> {
        let mut state = self.state();
        let is_first = !std::mem::replace(&mut state.has_run, true);
        let is_fit =
            |prepared: &Prepared| prepared.memory.has_size(memory_size) && prepared.blocks.are_for(watched, engine);
        if let Some(place) = state.resting.iter().rposition(is_fit) {
            return Ok(state.resting.remove(place));
        }
        let known = state.snapshots.iter().find(|snapshot| snapshot.has_size(memory_size));
        let known = known.cloned();
        let has_room = state.snapshots.len() < MOST_SIZES;
        drop(state);

        let mut memory = Memory::new(memory_size);
        load_segments(&mut memory, image)?;
        let snapshot = match known {
            Some(snapshot) => {
                memory.share();
                Some(snapshot)
            }
            None if is_first || !has_room => None,
            None => {
                let snapshot = Arc::new(memory.snapshot());
                let mut state = self.state();
                if !state.snapshots.iter().any(|known| known.has_size(memory_size)) {
                    state.snapshots.push(Arc::clone(&snapshot));
                }
                Some(snapshot)
            }
        };
        Ok(Prepared {
            memory,
            blocks: Blocks::new(watched, engine),
            snapshot,
        })
    }

    /// A run has ended in good order.
    pub(crate) fn keep(&self, mut prepared: Prepared) {
        let Some(snapshot) = &prepared.snapshot else { return };
        if prepared.memory.written_pages() > MOST_PAGES || prepared.blocks.bytes() > MOST_BYTES {
            return;
        }
        if prepared.memory.rewind(snapshot) {
            prepared.blocks.clear();
        }
        // Their tables, too: they count as memory of distributions.
        prepared.memory.forget_all_tags();
        let mut state = self.state();
        if state.resting.len() >= most_resting() {
            state.resting.remove(0);
        }
        state.resting.push(prepared);
    }

    /// The state is whole after every statement, so that a thread which panicked while it held the lock has broken nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
