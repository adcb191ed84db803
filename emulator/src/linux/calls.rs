//! The system calls, by number (asm-generic/unistd.h).
//!
//! Arguments in `a0` to `a5`, number in `a7`, result or negative error number in `a0`. A call that this environment does not know
//! fails with `ENOSYS`, as on a kernel that is too old for it.

use std::time::Duration;

use super::errno::Errno;
use super::files::AT_FDCWD;
use super::status::Status;
use super::{Outcome, PROCESS_ID, Process, USER_ID};
use crate::hart::{Hart, reg};
use crate::host::Host;
use crate::memory::{EXECUTE, MAPPED, Memory, PAGE_SIZE, READ, WRITE, page_up, word};

/// Largest single transfer between guest and host, so that a hostile count costs no memory.
const LARGEST_TRANSFER: u64 = 1 << 20;
/// Most elements of an I/O vector (`UIO_MAXIOV`).
const MOST_VECTORS: u64 = 1024;
/// Longest path (`PATH_MAX`).
const LONGEST_PATH: usize = 4096;

const AT_SYMLINK_NOFOLLOW: u64 = 0x100;
const AT_NO_AUTOMOUNT: u64 = 0x800;
const AT_EMPTY_PATH: u64 = 0x1000;
const AT_STATX_SYNC: u64 = 0x6000;
/// `si_code` of a signal from `tkill` or `tgkill`.
const SI_TKILL: i32 = -6;

const MAP_FIXED: u64 = 0x10;
const MAP_ANONYMOUS: u64 = 0x20;
const MAP_FIXED_NOREPLACE: u64 = 0x10_0000;
const MREMAP_MAYMOVE: u64 = 1;

type CallResult = Result<u64, Errno>;

impl Process {
    /// Carries out the system call that `ecall` asks for, and writes its result to `a0`.
    pub(crate) fn call(&mut self, hart: &mut Hart, memory: &mut Memory, host: &mut dyn Host) -> Outcome {
        let a: [u64; 6] = std::array::from_fn(|i| hart.x[reg::A0 + i]);
        let descriptor = a[0] as i32;
        let directory = i64::from(descriptor);
        let mut outcome = Outcome::Continue;
        let result: CallResult = match hart.x[reg::A7] {
            17 => self.getcwd(memory, a[0], a[1]),
            23 => self.files.duplicate(descriptor, 0, None).map(number),
            24 if descriptor == a[1] as i32 => Err(Errno::EINVAL), // dup3, unlike dup2, refuses equal numbers
            24 => self.files.duplicate(descriptor, 0, Some(a[1] as i32)).map(number),
            25 => self.fcntl(descriptor, a[1], a[2]),
            29 => self.ioctl(memory, host, descriptor, a[1], a[2]),
            34 => path(memory, a[1])
                .and_then(|p| self.files.make_directory(directory, &p))
                .map(|()| 0),
            35 => path(memory, a[1])
                .and_then(|p| self.files.unlink(directory, &p, a[2]))
                .map(|()| 0),
            38 | 276 => path(memory, a[1])
                .and_then(|from| Ok((from, path(memory, a[3])?)))
                .and_then(|(from, to)| self.files.rename((directory, &from), (a[2] as i32 as i64, &to)))
                .map(|()| 0),
            36 | 37 | 33 => Err(Errno::EPERM), // symlinkat, linkat, mknodat: links could lead out of a mount
            43 => path(memory, a[0])
                .and_then(|p| self.files.exists(&p))
                .and_then(|()| copy_out(memory, a[1], &statfs())),
            44 => self
                .files
                .check_open(descriptor)
                .and_then(|()| copy_out(memory, a[1], &statfs())),
            45 => path(memory, a[0])
                .and_then(|p| self.files.truncate_path(&p, a[1]))
                .map(|()| 0),
            46 => self.files.truncate(descriptor, a[1]).map(|()| 0),
            47 => self.files.allocate(descriptor, a[1], a[2], a[3]).map(|()| 0),
            48 | 439 => path(memory, a[1])
                .and_then(|p| self.files.access(directory, &p, a[2]))
                .map(|()| 0),
            49 => path(memory, a[0])
                .and_then(|p| self.files.change_directory(&p))
                .map(|()| 0),
            50 => self.files.change_to_descriptor(descriptor).map(|()| 0),
            52 | 55 => self.files.check_open(descriptor).map(|()| 0), // fchmod, fchown: modes and owners are not kept
            53 | 54 => path(memory, a[1])
                .and_then(|p| self.files.access(directory, &p, 0))
                .map(|()| 0),
            56 => path(memory, a[1])
                .and_then(|p| self.files.open(directory, &p, a[2]))
                .map(number),
            57 => self.files.close(descriptor).map(|()| 0),
            59 => Err(Errno::EMFILE), // pipe2: there is nobody at the other end
            61 => self.getdents(memory, descriptor, a[1], a[2]),
            62 => self.files.seek(descriptor, a[1] as i64, a[2]),
            63 => self.read(memory, host, descriptor, a[1], a[2], None),
            64 => self.write_call(memory, host, descriptor, &[(a[1], a[2])], None),
            65 => vectors(memory, a[1], a[2]).and_then(|v| self.read_vectors(memory, host, descriptor, &v)),
            66 => vectors(memory, a[1], a[2]).and_then(|v| self.write_call(memory, host, descriptor, &v, None)),
            67 => self.read(memory, host, descriptor, a[1], a[2], Some(a[3])),
            68 => self.write_call(memory, host, descriptor, &[(a[1], a[2])], Some(a[3])),
            73 => self.poll(memory, a[0], a[1]),
            78 => self.readlinkat(memory, a),
            79 => self.newfstatat(memory, host, directory, a[1], a[2], a[3]),
            80 => self
                .files
                .status(host, descriptor)
                .and_then(|status| copy_out(memory, a[1], &status.stat())),
            81 => Ok(0), // sync
            88 => self.set_times(memory, directory, a[1]),
            82 | 83 => self.files.synchronise(descriptor).map(|()| 0),
            93 | 94 => return Outcome::Exit(a[0] as i32 & 0xff),
            96 | 178 => Ok(PROCESS_ID), // set_tid_address, gettid
            98 => futex(memory, a[0], a[1], a[2]),
            99 => Ok(0), // set_robust_list: there is nobody to tell
            101 => sleep(memory, host, a[0]),
            115 => sleep(memory, host, a[2]),
            113 => clock(host, a[0]).and_then(|now| copy_out(memory, a[1], &timespec(now))),
            114 => clock(host, a[0]).and_then(|_| {
                if a[1] == 0 {
                    Ok(0)
                } else {
                    copy_out(memory, a[1], &timespec(Duration::from_nanos(1)))
                }
            }),
            123 => copy_out(memory, a[2], &1u64.to_le_bytes()).map(|_| 8), // sched_getaffinity: one hart
            124 => Ok(0),                                                  // sched_yield
            118..=121 => Ok(0), // sched_{setparam,setscheduler,getscheduler,getparam}: SCHED_OTHER
            125 | 126 => Ok(0), // sched_get_priority_max, _min of SCHED_OTHER
            129 => self.kill(a[0], a[1], 0),
            130 => self.kill(a[0], a[1], SI_TKILL),
            131 => self.kill(a[1], a[2], SI_TKILL),
            132 => self.set_alternate_stack(memory, hart.x[reg::SP], a[0], a[1]),
            134 => self.set_action(memory, a),
            135 => self.set_mask(memory, a),
            136 => self.pending_signals(memory, a[0]),
            139 => {
                return match self.leave_handler(hart, memory) {
                    Ok(saved) => Outcome::HandlerLeft(saved),
                    Err(trap) => Outcome::Fault(trap),
                };
            }
            140 => Err(Errno::EACCES), // setpriority
            141 => Ok(20),             // getpriority: nice 0
            153 if a[0] != 0 => copy_out(memory, a[0], &[0; 32]).map(|_| host.monotonic().as_millis() as u64 / 10),
            153 => Ok(host.monotonic().as_millis() as u64 / 10),
            160 => uname(memory, a[0]),
            163 => self.limit(memory, a[0], a[1]),
            166 => Ok(0o022), // umask: modes are not kept
            165 => copy_out(memory, a[1], &rusage(host)),
            169 => copy_out(memory, a[0], &timeval(host.realtime())),
            168 => getcpu(memory, a[0], a[1]),
            172 | 155 | 156 => Ok(PROCESS_ID), // getpid, getpgid, getsid
            173 => Ok(1),
            174..=177 => Ok(USER_ID),
            179 => Err(Errno::ENOSYS), // sysinfo: programs fall back to the page size and one processor
            214 => {
                let end = self.space.set_program_break(memory, a[0]);
                Ok(end)
            }
            215 => self.munmap(memory, a[0], a[1]),
            216 => self.mremap(memory, a[0], a[1], a[2], a[3]),
            220 => return Outcome::Unsupported(clone_request(a[0])),
            435 => match memory.slice(a[0], 8) {
                Ok(flags) => return Outcome::Unsupported(clone_request(word(flags))),
                Err(_) => Err(Errno::EFAULT),
            },
            221 => return Outcome::Unsupported("running other programs (execve)"),
            222 => self.mmap(memory, a),
            226 => self.mprotect(memory, a[0], a[1], a[2]),
            227 => Ok(0), // msync
            233 => self.madvise(memory, a[0], a[1], a[2]),
            260 => Err(Errno::ECHILD), // wait4
            259 => {
                outcome = Outcome::CodeChanged; // riscv_flush_icache
                Ok(0)
            }
            261 => {
                if a[3] != 0 {
                    self.limit(memory, a[1], a[3])
                } else {
                    Ok(0)
                }
            }
            278 if a[2] & !7 != 0 => Err(Errno::EINVAL),
            278 => random(memory, host, a[0], a[1]),
            291 => self.statx(memory, host, a),
            _ => Err(Errno::ENOSYS),
        };
        hart.x[reg::A0] = match result {
            Ok(value) => value,
            Err(Errno(number)) => i64::from(-number) as u64,
        };
        outcome
    }

    fn getcwd(&self, memory: &mut Memory, buffer: u64, size: u64) -> CallResult {
        let text = [self.files.mounts.working_directory().as_bytes(), b"\0"].concat();
        if text.len() as u64 > size {
            return Err(Errno::ERANGE);
        }
        copy_out(memory, buffer, &text).map(|_| text.len() as u64)
    }

    fn fcntl(&mut self, descriptor: i32, command: u64, argument: u64) -> CallResult {
        if !self.files.is_open(descriptor) {
            return Err(Errno::EBADF);
        }
        match command {
            0 | 1030 => self.files.duplicate(descriptor, argument as i32, None).map(number), // F_DUPFD, F_DUPFD_CLOEXEC
            3 => self.files.flags(descriptor),                                               // F_GETFL
            1 | 2 | 4 => Ok(0), // F_GETFD, F_SETFD, F_SETFL
            _ => Err(Errno::EINVAL),
        }
    }

    fn ioctl(
        &mut self,
        memory: &mut Memory,
        host: &mut dyn Host,
        descriptor: i32,
        request: u64,
        argument: u64,
    ) -> CallResult {
        const TCGETS: u64 = 0x5401;
        const TIOCGWINSZ: u64 = 0x5413;
        let terminal = self.files.is_terminal(host, descriptor)?;
        match request {
            TCGETS if terminal => copy_out(memory, argument, &[0; 60]),
            TIOCGWINSZ if terminal => copy_out(memory, argument, &[24, 0, 80, 0, 0, 0, 0, 0]),
            _ => Err(Errno::ENOTTY),
        }
    }

    fn getdents(&mut self, memory: &mut Memory, descriptor: i32, buffer: u64, size: u64) -> CallResult {
        let entries = self.files.list(descriptor, size.min(LARGEST_TRANSFER) as usize)?;
        copy_out(memory, buffer, &entries).map(|_| entries.len() as u64)
    }

    fn read(
        &mut self,
        memory: &mut Memory,
        host: &mut dyn Host,
        descriptor: i32,
        buffer: u64,
        size: u64,
        offset: Option<u64>,
    ) -> CallResult {
        let buffer = memory.slice_mut(buffer, size.min(LARGEST_TRANSFER))?;
        Ok(match offset {
            None => self.files.read(host, descriptor, buffer)?,
            Some(offset) => self.files.read_at(descriptor, buffer, offset)?,
        } as u64)
    }

    fn read_vectors(
        &mut self,
        memory: &mut Memory,
        host: &mut dyn Host,
        descriptor: i32,
        vectors: &[(u64, u64)],
    ) -> CallResult {
        let mut total = 0;
        for &(buffer, size) in vectors {
            if size == 0 {
                continue;
            }
            let count = self.read(memory, host, descriptor, buffer, size, None)?;
            total += count;
            if count < size || self.cancel.is_cancelled() {
                break;
            }
        }
        Ok(total)
    }

    fn write_call(
        &mut self,
        memory: &Memory,
        host: &mut dyn Host,
        descriptor: i32,
        vectors: &[(u64, u64)],
        offset: Option<u64>,
    ) -> CallResult {
        let mut total = 0;
        for &(buffer, size) in vectors {
            if size == 0 {
                continue;
            }
            let bytes = memory.slice(buffer, size.min(LARGEST_TRANSFER))?;
            let written = match offset {
                Some(offset) => self.files.write_at(descriptor, bytes, offset).map_err(Some),
                None => self.files.write(host, descriptor, bytes),
            };
            let count = match written {
                Ok(count) => count as u64,
                Err(None) => {
                    self.raise_broken_pipe();
                    return Err(Errno::EPIPE);
                }
                Err(Some(_)) if total > 0 => return Ok(total),
                Err(Some(errno)) => return Err(errno),
            };
            total += count;
            if count < size || self.cancel.is_cancelled() {
                break;
            }
        }
        Ok(total)
    }

    fn newfstatat(
        &mut self,
        memory: &mut Memory,
        host: &mut dyn Host,
        directory: i64,
        name: u64,
        buffer: u64,
        flags: u64,
    ) -> CallResult {
        let name = path(memory, name)?;
        let status = self.status(host, directory, &name, flags)?;
        copy_out(memory, buffer, &status.stat())
    }

    fn status(&mut self, host: &dyn Host, directory: i64, name: &str, flags: u64) -> Result<Status, Errno> {
        if flags & !(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_SYNC) != 0 {
            return Err(Errno::EINVAL);
        }
        if name.is_empty() && flags & AT_EMPTY_PATH != 0 {
            if directory == AT_FDCWD {
                self.files.status_at(directory, ".", false)
            } else {
                self.files.status(host, directory as i32)
            }
        } else {
            self.files.status_at(directory, name, flags & AT_SYMLINK_NOFOLLOW != 0)
        }
    }

    fn statx(&mut self, memory: &mut Memory, host: &mut dyn Host, a: [u64; 6]) -> CallResult {
        let [directory, name, flags, _, buffer, _] = a;
        let name = path(memory, name)?;
        let status = self.status(host, directory as i32 as i64, &name, flags)?;
        copy_out(memory, buffer, &status.statx())
    }

    fn readlinkat(&mut self, memory: &mut Memory, a: [u64; 6]) -> CallResult {
        let [directory, name, buffer, size, ..] = a;
        if size as i32 <= 0 {
            return Err(Errno::EINVAL);
        }
        let name = path(memory, name)?;
        let target = self.files.read_link(directory as i32 as i64, &name)?;
        let shown = &target[..target.len().min(size as usize)];
        copy_out(memory, buffer, shown).map(|_| shown.len() as u64)
    }

    /// `utimensat`: times are not kept; what is checked is that the file is there.
    fn set_times(&mut self, memory: &Memory, directory: i64, name: u64) -> CallResult {
        if name == 0 {
            return self.files.check_open(directory as i32).map(|()| 0);
        }
        let name = path(memory, name)?;
        self.files.access(directory, &name, 2).map(|()| 0)
    }

    /// `ppoll`: files and streams are always ready.
    fn poll(&mut self, memory: &mut Memory, list: u64, count: u64) -> CallResult {
        const POLLNVAL: u16 = 32;
        if count > MOST_VECTORS {
            return Err(Errno::EINVAL);
        }
        let entries = memory.slice(list, 8 * count)?.to_vec();
        let mut ready = 0;
        for (i, entry) in entries.chunks_exact(8).enumerate() {
            let descriptor = word(&entry[..4]) as u32 as i32;
            let asked = word(&entry[4..6]) as u16;
            let found = match descriptor {
                ..0 => 0,
                _ if self.files.is_open(descriptor) => asked & 0x45, // POLLIN, POLLOUT, POLLRDNORM
                _ => POLLNVAL,
            };
            ready += u64::from(found != 0);
            copy_out(memory, list + 8 * i as u64 + 6, &found.to_le_bytes())?;
        }
        Ok(ready)
    }

    /// `madvise`: memory that the guest gives up reads as zero (MADV_DONTNEED); other advice is not taken.
    fn madvise(&mut self, memory: &mut Memory, start: u64, length: u64, advice: u64) -> CallResult {
        const MADV_DONTNEED: u64 = 4;
        let size = page_up(length).ok_or(Errno::EINVAL)?;
        if !start.is_multiple_of(PAGE_SIZE) {
            return Err(Errno::EINVAL);
        }
        if !memory.allows(start, size, MAPPED) || start.checked_add(size).is_none_or(|end| end > memory.scratch_start())
        {
            return Err(Errno::ENOMEM);
        }
        if advice == MADV_DONTNEED {
            self.space.make_zero(memory, start, size);
        }
        Ok(0)
    }

    /// `getrlimit` and the reading half of `prlimit64`.
    fn limit(&self, memory: &mut Memory, resource: u64, buffer: u64) -> CallResult {
        const RLIMIT_STACK: u64 = 3;
        const RLIMIT_NOFILE: u64 = 7;
        let value = match resource {
            RLIMIT_STACK => memory.scratch_start() - self.space.stack_low(),
            RLIMIT_NOFILE => 1024,
            0..=15 => u64::MAX,
            _ => return Err(Errno::EINVAL),
        };
        copy_out(memory, buffer, &[value.to_le_bytes(), value.to_le_bytes()].concat())
    }

    fn mmap(&mut self, memory: &mut Memory, a: [u64; 6]) -> CallResult {
        let [address, length, protection, flags, descriptor, offset] = a;
        let size = page_up(length).filter(|&size| size > 0).ok_or(Errno::EINVAL)?;
        let fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) != 0;
        let start = if fixed {
            if !address.is_multiple_of(PAGE_SIZE) {
                return Err(Errno::EINVAL);
            }
            Some(address)
                .filter(|&start| self.space.may_place(start, size))
                .ok_or(Errno::ENOMEM)?
        } else {
            self.space.find_gap(size).ok_or(Errno::ENOMEM)?
        };
        if !self.space.map(memory, start, size, rights(protection)) {
            return Err(Errno::ENOMEM);
        }
        if flags & MAP_ANONYMOUS == 0 {
            // A private copy, read at once. Writes to a shared mapping do not reach the file.
            let mut done = 0;
            while done < length && !self.cancel.is_cancelled() {
                let chunk = (length - done).min(LARGEST_TRANSFER);
                let bytes = memory.host_slice_mut(start + done, chunk);
                match self
                    .files
                    .read_at(descriptor as i32, bytes, offset.saturating_add(done))
                {
                    Ok(0) => break,
                    Ok(count) => done += count as u64,
                    Err(errno) => {
                        self.space.unmap(memory, start, size);
                        return Err(errno);
                    }
                }
            }
        }
        Ok(start)
    }

    fn munmap(&mut self, memory: &mut Memory, start: u64, length: u64) -> CallResult {
        let size = page_up(length).filter(|&size| size > 0).ok_or(Errno::EINVAL)?;
        if !start.is_multiple_of(PAGE_SIZE) || !self.space.may_place(start, size) {
            return Err(Errno::EINVAL);
        }
        self.space.unmap(memory, start, size);
        Ok(0)
    }

    fn mremap(&mut self, memory: &mut Memory, old: u64, old_length: u64, new_length: u64, flags: u64) -> CallResult {
        let old_size = page_up(old_length).filter(|&size| size > 0).ok_or(Errno::EINVAL)?;
        let new_size = page_up(new_length).filter(|&size| size > 0).ok_or(Errno::EINVAL)?;
        if !old.is_multiple_of(PAGE_SIZE) || !self.space.may_place(old, old_size) || !memory.allows(old, old_size, READ)
        {
            return Err(Errno::EFAULT);
        }
        if new_size <= old_size {
            if new_size < old_size {
                self.space.unmap(memory, old + new_size, old_size - new_size);
            }
            return Ok(old);
        }
        if flags & MREMAP_MAYMOVE == 0 {
            return Err(Errno::ENOMEM);
        }
        let new = self.space.find_gap(new_size).ok_or(Errno::ENOMEM)?;
        if !self.space.map(memory, new, new_size, READ | WRITE) {
            return Err(Errno::ENOMEM);
        }
        self.space.copy(memory, old, new, old_size);
        self.space.unmap(memory, old, old_size);
        Ok(new)
    }

    fn mprotect(&mut self, memory: &mut Memory, start: u64, length: u64, protection: u64) -> CallResult {
        let size = page_up(length).ok_or(Errno::ENOMEM)?;
        if !start.is_multiple_of(PAGE_SIZE) {
            return Err(Errno::EINVAL);
        }
        if start.checked_add(size).is_none_or(|end| end > memory.scratch_start()) || !memory.allows(start, size, MAPPED)
        {
            return Err(Errno::ENOMEM);
        }
        memory.change_flags(start, size, READ | WRITE | EXECUTE, rights(protection));
        Ok(0)
    }
}

/// What `clone` with these flags was meant to make.
fn clone_request(flags: u64) -> &'static str {
    const CLONE_THREAD: u64 = 0x1_0000;
    if flags & CLONE_THREAD != 0 {
        "a second thread (pthread_create, std::thread, OpenMP)"
    } else {
        "a child process (fork, system, popen)"
    }
}

/// How many of `a0` to `a5` a system call looks at.
pub(crate) fn argument_count(call: u64) -> usize {
    match call {
        93 | 94 | 57 | 23 | 214 | 49 => 1,
        25 | 29 | 61..=66 | 134 | 135 | 56 | 101 | 215 | 226 | 278 => 3,
        67..=70 | 78 | 79 | 216 | 261 => 4,
        222 | 291 => 6,
        172..=178 | 124 => 0,
        _ => 2,
    }
}

fn getcpu(memory: &mut Memory, cpu: u64, node: u64) -> CallResult {
    for place in [cpu, node] {
        if place != 0 {
            copy_out(memory, place, &[0; 4])?;
        }
    }
    Ok(0)
}

/// `struct statfs`: blocks of 4096 bytes, names of up to 255.
fn statfs() -> Vec<u8> {
    let fields = [
        0x0102_1994u64,
        PAGE_SIZE,
        1 << 20,
        1 << 19,
        1 << 19,
        1 << 16,
        1 << 15,
        0,
        255,
        PAGE_SIZE,
        0,
        0,
        0,
        0,
        0,
    ];
    fields.iter().flat_map(|field| field.to_le_bytes()).collect()
}

fn number(descriptor: i32) -> u64 {
    descriptor as u64
}

/// Page rights for `PROT_READ` (1), `PROT_WRITE` (2) and `PROT_EXEC` (4). RISC-V has no page that can be written but not read.
fn rights(protection: u64) -> u8 {
    let right = |bit: u64, right: u8| if protection & bit != 0 { right } else { 0 };
    right(1, READ) | right(2, READ | WRITE) | right(4, EXECUTE)
}

fn copy_out(memory: &mut Memory, address: u64, bytes: &[u8]) -> CallResult {
    memory.slice_mut(address, bytes.len() as u64)?.copy_from_slice(bytes);
    Ok(0)
}

fn path(memory: &Memory, address: u64) -> Result<String, Errno> {
    let bytes = memory.c_string_within(address, LONGEST_PATH as u64)?;
    if bytes.len() >= LONGEST_PATH {
        return Err(Errno::ENAMETOOLONG);
    }
    String::from_utf8(bytes.to_vec()).map_err(|_| Errno::ENOENT)
}

fn vectors(memory: &Memory, address: u64, count: u64) -> Result<Vec<(u64, u64)>, Errno> {
    if count > MOST_VECTORS {
        return Err(Errno::EINVAL);
    }
    let bytes = memory.slice(address, count * 16)?;
    Ok(bytes
        .chunks_exact(16)
        .map(|pair| (word(&pair[..8]), word(&pair[8..])))
        .collect())
}

fn timespec(time: Duration) -> Vec<u8> {
    [
        time.as_secs().to_le_bytes(),
        u64::from(time.subsec_nanos()).to_le_bytes(),
    ]
    .concat()
}

fn timeval(time: Duration) -> Vec<u8> {
    [
        time.as_secs().to_le_bytes(),
        u64::from(time.subsec_micros()).to_le_bytes(),
    ]
    .concat()
}

/// Clocks 0 and 5 count from 1970, all others (monotonic, process and thread time) from the start.
fn clock(host: &dyn Host, clock: u64) -> Result<Duration, Errno> {
    match clock {
        0 | 5 => Ok(host.realtime()),
        1..=11 => Ok(host.monotonic()),
        _ => Err(Errno::EINVAL),
    }
}

fn sleep(memory: &Memory, host: &mut dyn Host, request: u64) -> CallResult {
    let bytes = memory.slice(request, 16)?;
    let (seconds, nanoseconds) = (word(&bytes[..8]), word(&bytes[8..]));
    if nanoseconds >= 1_000_000_000 || seconds > i64::MAX as u64 {
        return Err(Errno::EINVAL);
    }
    host.sleep(Duration::new(seconds, nanoseconds as u32));
    Ok(0)
}

/// With one thread, nobody would ever wake a waiter: waiting fails as if the value had changed.
fn futex(memory: &Memory, address: u64, operation: u64, value: u64) -> CallResult {
    match operation & 0x7f {
        0 | 9 => {
            let bytes = memory.slice(address, 4)?;
            let current = word(bytes);
            Err(if current == value & 0xffff_ffff {
                Errno::EDEADLK
            } else {
                Errno::EAGAIN
            })
        }
        1 | 10 => Ok(0),
        _ => Err(Errno::ENOSYS),
    }
}

fn uname(memory: &mut Memory, buffer: u64) -> CallResult {
    const FIELD: usize = 65;
    let mut bytes = vec![0; 6 * FIELD];
    for (i, field) in ["Linux", "sigemu", "6.1.0", "#1", "riscv64", "(none)"]
        .iter()
        .enumerate()
    {
        bytes[i * FIELD..i * FIELD + field.len()].copy_from_slice(field.as_bytes());
    }
    copy_out(memory, buffer, &bytes)
}

/// `getrusage`: user time, and zeros.
fn rusage(host: &dyn Host) -> Vec<u8> {
    let mut bytes = timeval(host.monotonic());
    bytes.resize(144, 0);
    bytes
}

fn random(memory: &mut Memory, host: &mut dyn Host, buffer: u64, size: u64) -> CallResult {
    let bytes = memory.slice_mut(buffer, size.min(LARGEST_TRANSFER))?;
    host.fill_random(bytes);
    Ok(bytes.len() as u64)
}
