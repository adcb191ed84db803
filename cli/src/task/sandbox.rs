//! A cage around the process: should a program break out of the emulator, it finds nothing to use.
//!
//! * Landlock (since Linux 5.13): of the host's files only those below the data sources can be opened, and changed only if they are
//!   writable; where the kernel knows how, no network and no signals to other processes either.
//! * seccomp: only the system calls that a run needs; no new program, no new process, no socket, no memory that is both
//!   written and executed.
//!
//! Neither can be taken back. It is both or an error. Landlock is for the thread that asks and for those that it starts afterwards, so
//! none may be there before; seccomp is for all.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) use linux::{restrict_calls, restrict_files};

/// Shows that files are restricted: calls are restricted after them.
pub(super) struct FilesRestricted(());

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(super) fn restrict_files(_: &[(&std::path::Path, bool)]) -> anyhow::Result<FilesRestricted> {
    anyhow::bail!("there is none for this operating system and processor")
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(super) fn restrict_calls(_: FilesRestricted) -> anyhow::Result<()> {
    anyhow::bail!("there is none for this operating system and processor")
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux {
    use std::collections::BTreeMap;
    use std::path::Path;

    use anyhow::{Context as _, Result, bail};
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetStatus, Scope,
    };
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        TargetArch, apply_filter_all_threads,
    };

    use super::FilesRestricted;

    /// What every kernel with Landlock can restrict.
    const LEAST: ABI = ABI::V1;
    /// What is restricted where the kernel can.
    const WANTED: ABI = ABI::V6;

    /// From now on this thread opens no file of the host but those below `directories`, for writing only where that is allowed.
    pub(crate) fn restrict_files(directories: &[(&Path, bool)]) -> Result<FilesRestricted> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let write = AccessFs::WriteFile
            | AccessFs::Truncate
            | AccessFs::RemoveFile
            | AccessFs::RemoveDir
            | AccessFs::MakeReg
            | AccessFs::MakeDir
            | AccessFs::Refer;
        let mut rules = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(LEAST))
            .context("this kernel has no Landlock, or it is switched off (boot option lsm=)")?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(WANTED))?
            .handle_access(AccessNet::from_all(WANTED))?
            .scope(Scope::from_all(WANTED))?
            .create()
            .context("this kernel has no Landlock, or it is switched off (boot option lsm=)")?;
        for (path, is_writable) in directories {
            let access = if *is_writable { read | write } else { read };
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?;
        }
        match rules.restrict_self()?.ruleset {
            RulesetStatus::NotEnforced => bail!("this kernel does not enforce Landlock"),
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(FilesRestricted(())),
        }
    }

    /// System calls that a run makes, with any arguments.
    const CALLS: &[i64] = &[
        // streams and files; which of them can be opened is Landlock's business
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_readv,
        libc::SYS_writev,
        libc::SYS_pread64,
        libc::SYS_pwrite64,
        libc::SYS_lseek,
        libc::SYS_close,
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_fstat,
        libc::SYS_newfstatat,
        libc::SYS_statx,
        libc::SYS_readlinkat,
        libc::SYS_getdents64,
        libc::SYS_mkdirat,
        libc::SYS_unlinkat,
        libc::SYS_renameat,
        libc::SYS_renameat2,
        libc::SYS_ftruncate,
        libc::SYS_fsync,
        libc::SYS_fdatasync,
        libc::SYS_fcntl,
        libc::SYS_ppoll,
        // memory
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        // threads, time, signals to itself, the end
        libc::SYS_futex,
        libc::SYS_set_robust_list,
        libc::SYS_rseq,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_gettid,
        libc::SYS_getpid,
        libc::SYS_tgkill,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_getrusage,
        libc::SYS_getrandom,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
        // the second filter
        libc::SYS_seccomp,
    ];

    /// Further calls that x86-64 has of old.
    #[cfg(target_arch = "x86_64")]
    const OLD_CALLS: &[i64] = &[libc::SYS_poll, libc::SYS_time];
    #[cfg(not(target_arch = "x86_64"))]
    const OLD_CALLS: &[i64] = &[];

    /// From now on no thread makes system calls but those that a run needs; all others fail with `EPERM`.
    pub(crate) fn restrict_calls(_: FilesRestricted) -> Result<()> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            CALLS.iter().chain(OLD_CALLS).map(|&call| (call, Vec::new())).collect();
        // A thread of this process, never a process.
        let thread = libc::CLONE_THREAD as u64;
        rules.insert(libc::SYS_clone, vec![only_with(0, thread, thread)?]);
        // No memory that can be executed.
        let execute = libc::PROT_EXEC as u64;
        rules.insert(libc::SYS_mmap, vec![only_with(2, execute, 0)?]);
        rules.insert(libc::SYS_mprotect, vec![only_with(2, execute, 0)?]);
        // Names of threads and of memory, and what the second filter needs.
        let names = [libc::PR_SET_NAME, libc::PR_SET_VMA, libc::PR_SET_NO_NEW_PRIVS];
        let names = names.into_iter().map(|option| only_with(0, u64::MAX, option as u64));
        rules.insert(libc::SYS_prctl, names.collect::<Result<_>>()?);
        apply(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)?;
        // Arguments of clone3 lie in memory, where no filter can read them; the C library falls back to clone if there is none.
        // Where two filters refuse, the error number is that of the later one.
        let none = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
        apply(none, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32))
    }

    /// The call is allowed if `argument & mask` is `value`.
    fn only_with(argument: u8, mask: u64, value: u64) -> Result<SeccompRule> {
        let comparison = SeccompCmpOp::MaskedEq(mask);
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, comparison, value)?;
        Ok(SeccompRule::new(vec![condition])?)
    }

    fn apply(rules: BTreeMap<i64, Vec<SeccompRule>>, others: SeccompAction, these: SeccompAction) -> Result<()> {
        let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
        let program: BpfProgram = SeccompFilter::new(rules, others, these, architecture)?.try_into()?;
        apply_filter_all_threads(&program).context("this kernel has no seccomp")
    }
}
