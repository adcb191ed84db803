//! Asking a run to stop, from any thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::limits::Limit;

/// A request to stop, which any thread can make and which is never taken back.
///
/// Clones are the same request. One may stand in any number of tasks: [`Cancel::cancel`] ends them all.
///
/// A run looks at it between any two system calls, hooked functions and blocks of code that touch distributions, after at most
/// 2^18 plain instructions, inside long operations on distributions, and while it waits for input or sleeps. So it ends within
/// some milliseconds whatever the program does.
///
/// ```
/// use std::time::Duration;
/// use emulator::Cancel;
///
/// let cancel = Cancel::new();
/// let waiter = std::thread::spawn({
///     let cancel = cancel.clone();
///     move || cancel.wait(Duration::from_secs(3600))
/// });
/// cancel.cancel();
/// assert!(waiter.join().unwrap());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    inner: Arc<Inner>,
}

/// Why a run shall stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Somebody asked for it.
    Cancelled,
    /// It has used up something.
    Limit(Limit),
}

#[derive(Debug, Default)]
struct Inner {
    /// What long operations poll; set together with the reason.
    flag: Arc<AtomicBool>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    reason: Option<Reason>,
    /// Requests that follow this one.
    children: Vec<Weak<Inner>>,
}

impl Cancel {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Asks to stop, and wakes who waits. The first reason counts; asking again changes nothing.
    pub fn cancel(&self) {
        self.inner.raise(Reason::Cancelled);
    }

    /// Whether somebody has asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.flag().load(Ordering::Relaxed)
    }

    /// Waits until somebody asks to stop, at most for `timeout`; tells whether somebody has.
    pub fn wait(&self, timeout: Duration) -> bool {
        // Centuries do not fit into an instant, and waiting for a day again and again is as good.
        const LONGEST: Duration = Duration::from_secs(24 * 3600);
        let start = Instant::now();
        let mut state = self.inner.lock();
        while state.reason.is_none() {
            let Some(left) = timeout.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) else {
                return false;
            };
            let woken = self.inner.changed.wait_timeout(state, left.min(LONGEST));
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// The items, until somebody asks to stop; looks every 2^16 of them. For passes over what may be very much.
    pub(crate) fn while_wanted<T>(&self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        distcore::until(Some(self.flag()), items)
    }

    /// A request of its own that follows this one: who cancels this one cancels it too, and not the other way round.
    #[must_use]
    pub fn child(&self) -> Cancel {
        let child = Cancel::new();
        let mut state = self.inner.lock();
        state.children.retain(|child| child.strong_count() > 0);
        state.children.push(Arc::downgrade(&child.inner));
        let reason = state.reason;
        drop(state);
        if let Some(reason) = reason {
            child.inner.raise(reason);
        }
        child
    }

    /// Ends the run because it has reached a limit.
    pub(crate) fn stop(&self, limit: Limit) {
        self.inner.raise(Reason::Limit(limit));
    }

    /// The flag alone, for work that polls it.
    pub(crate) fn flag(&self) -> &Arc<AtomicBool> {
        &self.inner.flag
    }

    /// Why to stop, if somebody has asked.
    pub(crate) fn reason(&self) -> Option<Reason> {
        self.inner.lock().reason
    }
}

impl Inner {
    /// The state is whole after every statement, so that a thread which panicked while it held the lock has broken nothing.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raise(&self, reason: Reason) {
        let mut state = self.lock();
        state.reason.get_or_insert(reason);
        self.flag.store(true, Ordering::Relaxed);
        let children = std::mem::take(&mut state.children);
        drop(state);
        self.changed.notify_all();
        for child in children.iter().filter_map(Weak::upgrade) {
            child.raise(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reaches_children_and_not_parents() {
        let parent = Cancel::new();
        let (first, second) = (parent.child(), parent.child());
        first.stop(Limit::WallTime);
        assert!(first.is_cancelled() && !parent.is_cancelled() && !second.is_cancelled());
        parent.cancel();
        assert_eq!(
            first.reason(),
            Some(Reason::Limit(Limit::WallTime)),
            "the first reason counts"
        );
        assert_eq!(second.reason(), Some(Reason::Cancelled));
        assert_eq!(parent.child().reason(), Some(Reason::Cancelled), "born cancelled");
    }

    #[test]
    fn children_that_are_gone_are_forgotten() {
        let parent = Cancel::new();
        (0..1000).for_each(|_| drop(parent.child()));
        assert!(parent.inner.lock().children.len() <= 1);
    }

    #[test]
    fn a_wait_ends_at_its_time() {
        assert!(!Cancel::new().wait(Duration::from_millis(1)));
        assert!(!Cancel::new().wait(Duration::ZERO));
    }
}
