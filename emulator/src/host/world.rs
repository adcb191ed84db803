//! Clocks, randomness and sleep: those of this machine, or ones that are the same on every run.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::cancel::Cancel;

/// Where a frozen clock stands: 2001-09-09 01:46:40 UTC, in seconds since 1970.
const FROZEN_TIME: Duration = Duration::from_secs(1_000_000_000);

/// What the hosts have in common.
pub(super) struct World {
    start: Instant,
    frozen: Option<Frozen>,
    /// What ends waits.
    pub(super) cancel: Cancel,
}

/// A clock that only sleeping moves, and a random generator with a seed.
struct Frozen {
    slept: Duration,
    generator: distcore::Generator,
}

impl World {
    pub(super) fn real() -> World {
        World {
            start: Instant::now(),
            frozen: None,
            cancel: Cancel::new(),
        }
    }

    pub(super) fn frozen(seed: u64) -> World {
        let frozen = Frozen {
            slept: Duration::ZERO,
            generator: distcore::Generator::new(seed),
        };
        World {
            frozen: Some(frozen),
            ..World::real()
        }
    }

    pub(super) fn realtime(&self) -> Duration {
        if let Some(frozen) = &self.frozen {
            return FROZEN_TIME + frozen.slept;
        }
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    pub(super) fn monotonic(&self) -> Duration {
        self.frozen
            .as_ref()
            .map_or_else(|| self.start.elapsed(), |frozen| frozen.slept)
    }

    pub(super) fn fill_random(&mut self, bytes: &mut [u8]) {
        if let Some(frozen) = &mut self.frozen {
            for chunk in bytes.chunks_mut(8) {
                chunk.copy_from_slice(&frozen.generator.bits().to_le_bytes()[..chunk.len()]);
            }
            return;
        }
        if getrandom::fill(bytes).is_err() {
            // No entropy source: better a repeatable stream than none; nothing here is a secret.
            bytes.iter_mut().enumerate().for_each(|(i, byte)| *byte = i as u8);
        }
    }

    pub(super) fn sleep(&mut self, duration: Duration) {
        if let Some(frozen) = &mut self.frozen {
            // Centuries of sleep are the guest's affair.
            frozen.slept = frozen
                .slept
                .saturating_add(duration)
                .min(Duration::from_secs(u64::MAX >> 2));
            return;
        }
        self.cancel.wait(duration);
    }
}
