//! What only the operating system knows of a thread and a machine: processor time, memory.

use std::ops::{Deref, DerefMut, Range};
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

/// A piece of memory, all zero at first. The host allocates a page of it when that is first touched.
pub(crate) struct Arena(system::Mapping);

impl Arena {
    /// `length` bytes.
    pub(crate) fn new(length: usize) -> Arena {
        Arena(system::Mapping::new(length))
    }

    /// `length` bytes which will all be written.
    pub(crate) fn populated(length: usize) -> Arena {
        let mut arena = Arena::new(length);
        arena.populate(0..length);
        arena
    }

    /// Gives a range of it its pages at once, as it will be written: a fault for each takes a microsecond or more. What lies around
    /// a large range gets pages, too.
    pub(crate) fn populate(&mut self, range: Range<usize>) {
        self.0.populate(range);
    }
}

impl Deref for Arena {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl DerefMut for Arena {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [u8] {
        self.0.bytes_mut()
    }
}

impl AsRef<[u8]> for Arena {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl AsMut<[u8]> for Arena {
    fn as_mut(&mut self) -> &mut [u8] {
        self
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::alloc::{Layout, handle_alloc_error};
    use std::ops::Range;
    use std::ptr::{self, NonNull};
    use std::time::Duration;

    /// A private mapping of zeros that starts at a [`HUGE_PAGE`].
    pub(super) struct Mapping {
        start: NonNull<u8>,
        length: usize,
        /// All that was mapped: where, and how many bytes.
        whole: (*mut libc::c_void, usize),
    }

    // SAFETY: the mapping is memory that nobody else knows of, as that of a vector.
    unsafe impl Send for Mapping {}
    // SAFETY: as above; it is changed through a unique reference only.
    unsafe impl Sync for Mapping {}

    /// The size of a page of a higher level on x86-64, on Arm with pages of 4 kB, and on RISC-V.
    const HUGE_PAGE: usize = 2 << 20;
    /// Bytes from which one huge page is less work than that many small ones, the part of it that nobody needs included.
    const HUGE_IS_CHEAPER: usize = 256 << 10;

    impl Mapping {
        pub(super) fn new(length: usize) -> Mapping {
            if length == 0 {
                return Mapping {
                    start: NonNull::dangling(),
                    length,
                    whole: (ptr::null_mut(), 0),
                };
            }
            // Room for the whole of the last huge page, wherever the kernel places it. Too much is refused there.
            let size = length
                .checked_next_multiple_of(HUGE_PAGE)
                .and_then(|length| length.checked_add(HUGE_PAGE))
                .unwrap_or(usize::MAX & !(HUGE_PAGE - 1));
            let rights = libc::PROT_READ | libc::PROT_WRITE;
            let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            // SAFETY: a new mapping, at a place that the kernel chooses.
            let place = unsafe { libc::mmap(ptr::null_mut(), size, rights, kind, -1, 0) };
            let aligned = place.wrapping_byte_add(place.addr().next_multiple_of(HUGE_PAGE) - place.addr());
            match NonNull::new(aligned.cast()) {
                Some(start) if place != libc::MAP_FAILED => Mapping {
                    start,
                    length,
                    whole: (place, size),
                },
                _ => handle_alloc_error(Layout::array::<u8>(length).unwrap_or(Layout::new::<u8>())),
            }
        }

        #[inline(always)]
        pub(super) fn bytes(&self) -> &[u8] {
            // SAFETY: that many bytes from there on are mapped, and zero until somebody writes them.
            unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
        }

        #[inline(always)]
        pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
            // SAFETY: as above, and the reference is unique.
            unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
        }

        pub(super) fn populate(&mut self, range: Range<usize>) {
            const PAGE: usize = 4096;
            let end = range.end.min(self.length);
            if range.start >= end {
                return;
            }
            let advise = |start: usize, end: usize, advice| {
                // SAFETY: the pages lie in the mapping, which has room for the last huge page, and advice does not change what they
                // hold. Where the kernel (before 5.14) or its page size does not fit, nothing happens.
                unsafe { libc::madvise(self.start.as_ptr().wrapping_add(start).cast(), end - start, advice) };
            };
            if end - range.start >= HUGE_IS_CHEAPER {
                let first = range.start & !(HUGE_PAGE - 1);
                advise(first, end.next_multiple_of(HUGE_PAGE), libc::MADV_HUGEPAGE);
            }
            advise(
                range.start & !(PAGE - 1),
                end.next_multiple_of(PAGE),
                libc::MADV_POPULATE_WRITE,
            );
        }
    }

    impl Drop for Mapping {
        fn drop(&mut self) {
            let (place, size) = self.whole;
            if size > 0 {
                // SAFETY: the mapping is ours, and no reference to it is left.
                unsafe { libc::munmap(place, size) };
            }
        }
    }

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

    pub(super) struct Mapping(Box<[u8]>);

    impl Mapping {
        pub(super) fn new(length: usize) -> Mapping {
            // Zeroed allocations of some size are mapped lazily by the operating system.
            Mapping(vec![0; length].into())
        }

        pub(super) fn bytes(&self) -> &[u8] {
            &self.0
        }

        pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
            &mut self.0
        }

        pub(super) fn populate(&mut self, _: std::ops::Range<usize>) {}
    }

    pub(crate) fn physical_memory() -> Option<u64> {
        None
    }

    pub(crate) fn peak_memory() -> Option<u64> {
        None
    }
}
