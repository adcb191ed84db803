//! What only the operating system knows of a thread and a machine: processor time, memory.

use std::time::Duration;

/// The processor time of one thread, readable from others while that thread lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadClock(system::Clock);

impl ThreadClock {
    /// That of the calling thread.
    pub(crate) fn current() -> ThreadClock {
        ThreadClock(system::Clock::current())
    }

    /// How long the thread has been on a processor; elsewhere than on Linux, how long it has lived since some moment.
    pub(crate) fn now(self) -> Duration {
        self.0.now()
    }
}

pub(crate) use system::{peak_memory, physical_memory};

#[cfg(target_os = "linux")]
mod system {
    use std::time::Duration;

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Clock(libc::clockid_t);

    impl Clock {
        pub(super) fn current() -> Clock {
            let mut clock = libc::CLOCK_THREAD_CPUTIME_ID;
            // SAFETY: the calling thread exists, and `clock` is a place to write to. Where the call fails it writes nothing, and
            // the clock is that of whoever asks.
            unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
            Clock(clock)
        }

        pub(super) fn now(self) -> Duration {
            let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
            // SAFETY: `time` is a place to write to. The clock of a thread that has ended is an error, and leaves it zero.
            unsafe { libc::clock_gettime(self.0, &raw mut time) };
            Duration::new(time.tv_sec.max(0) as u64, time.tv_nsec.max(0) as u32)
        }
    }

    /// Bytes of memory that this machine has.
    pub(crate) fn physical_memory() -> Option<u64> {
        // SAFETY: these calls have no conditions.
        let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        u64::try_from(pages).ok()?.checked_mul(u64::try_from(size).ok()?)
    }

    /// Most memory that this process has held at once, in bytes.
    pub(crate) fn peak_memory() -> Option<u64> {
        let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: `usage` is a place to write to; all-zero bytes are a valid value of it, should the call fail.
        let usage = unsafe {
            libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
            usage.assume_init()
        };
        u64::try_from(usage.ru_maxrss)
            .ok()
            .filter(|&kilobytes| kilobytes > 0)
            .map(|kilobytes| kilobytes * 1024)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::time::{Duration, Instant};

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Clock(Instant);

    impl Clock {
        pub(super) fn current() -> Clock {
            Clock(Instant::now())
        }

        pub(super) fn now(self) -> Duration {
            self.0.elapsed()
        }
    }

    pub(crate) fn physical_memory() -> Option<u64> {
        None
    }

    pub(crate) fn peak_memory() -> Option<u64> {
        None
    }
}
