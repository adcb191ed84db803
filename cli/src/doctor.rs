//! `sigemu doctor`: what this machine has and lacks.

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;
use emulator::Engine;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Exit code where programs can be run but not built.
const CANNOT_BUILD: u8 = 1;

/// A thing that is there or not.
struct Finding {
    group: &'static str,
    name: &'static str,
    /// What was found, such as a version; `None` if it is missing.
    found: Option<String>,
    /// What it is for.
    purpose: &'static str,
    /// How to get it.
    remedy: &'static str,
    is_needed: bool,
}

pub(crate) fn doctor(arguments: &DoctorArguments) -> Result<ExitCode> {
    let mut findings = vec![
        // Nothing outside the binary is needed to run.
        fact("sigemu", "version", env!("CARGO_PKG_VERSION").into(), ""),
    ];
    findings.extend(programs());
    findings.extend(processor());
    findings.extend(kernel());
    let can_build = findings
        .iter()
        .all(|finding| finding.found.is_some() || !finding.is_needed);
    let text = if arguments.json {
        format!("{:#}\n", object(&findings, can_build))
    } else {
        table(&findings, can_build)
    };
    crate::output::write(None, text.as_bytes())?;
    Ok(if can_build {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CANNOT_BUILD)
    })
}

fn fact(group: &'static str, name: &'static str, found: String, purpose: &'static str) -> Finding {
    Finding {
        group,
        name,
        found: Some(found),
        purpose,
        remedy: "",
        is_needed: false,
    }
}

/// Programs of others. `-print-prog-name` answers with a path if a driver has the compiler, with the bare name if not.
fn programs() -> Vec<Finding> {
    let gcc = sdk::build::COMPILER;
    let has = |option: &str| said(gcc, option).filter(|answer| answer.contains('/'));
    let version = said(gcc, "-dumpfullversion").map(|version| format!("gcc {version}"));
    let if_there = |there: Option<String>| there.and_then(|_| version.clone());
    let program = |name, found, purpose, remedy, is_needed| Finding {
        group: "programs",
        name,
        found,
        purpose,
        remedy,
        is_needed,
    };
    let first_line = |program: &str| {
        said(program, "--version").and_then(|text| Some(text.lines().next()?.split(" (").next()?.to_owned()))
    };
    vec![
        program(
            "C compiler",
            if_there(has("-print-prog-name=cc1")),
            "sigemu build",
            "apt install gcc-riscv64-linux-gnu",
            true,
        ),
        program(
            "C library",
            has("-print-file-name=libc.a").map(|_| "static".into()),
            "sigemu build",
            "apt install libc6-dev-riscv64-cross",
            true,
        ),
        program(
            "C++ compiler",
            if_there(has("-print-prog-name=cc1plus")),
            "sigemu build of C++",
            "apt install g++-riscv64-linux-gnu",
            false,
        ),
        program(
            "Fortran compiler",
            if_there(has("-print-prog-name=f951")),
            "sigemu build of Fortran",
            "apt install gfortran-riscv64-linux-gnu",
            false,
        ),
        program(
            "zig",
            said("zig", "version").or_else(|| said("python3", "-m ziglang version")),
            "another compiler, with musl",
            "pip install ziglang",
            false,
        ),
        program(
            "qemu-riscv64",
            first_line("qemu-riscv64"),
            "comparing plain runs",
            "apt install qemu-user",
            false,
        ),
    ]
}

/// What a program prints when asked, if it is there and content.
fn said(program: &str, arguments: &str) -> Option<String> {
    let output = Command::new(program).args(arguments.split(' ')).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

fn processor() -> Vec<Finding> {
    let kernels = match emulator::distcore::instruction_set() {
        "portable" => "portable code (results are the same, operations slower)".to_owned(),
        name => format!("{name} kernels"),
    };
    let engine = match Engine::fastest() {
        Engine::Threaded => "threaded",
        _ if cfg!(debug_assertions) => "portable (a debug build)",
        _ => "portable (slower; the threaded one is for x86-64)",
    };
    let threads = std::thread::available_parallelism().map_or("unknown".into(), |count| count.to_string());
    vec![
        fact(
            "processor",
            "architecture",
            format!("{}{}", std::env::consts::ARCH, features()),
            "",
        ),
        fact("processor", "threads", threads, "executions of Reference cores"),
        fact(
            "processor",
            "distributions",
            kernels,
            "operations on two uncertain values",
        ),
        fact("processor", "engine", engine.into(), "code without uncertain values"),
    ]
}

/// Instruction sets that matter here, of this processor.
fn features() -> String {
    #[cfg(target_arch = "x86_64")]
    {
        let features = [
            ("FMA", is_x86_feature_detected!("fma")),
            ("AVX2", is_x86_feature_detected!("avx2")),
            ("AVX-512F", is_x86_feature_detected!("avx512f")),
            ("AVX-512VL", is_x86_feature_detected!("avx512vl")),
        ];
        let there: Vec<&str> = features
            .iter()
            .filter(|feature| feature.1)
            .map(|feature| feature.0)
            .collect();
        if there.is_empty() {
            " without AVX2".into()
        } else {
            format!(" with {}", there.join(", "))
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    String::new()
}

/// What a sandbox can be made of.
fn kernel() -> Vec<Finding> {
    let sandbox = |name, found, remedy| Finding {
        group: "kernel",
        name,
        found,
        purpose: "a sandbox around runs",
        remedy,
        is_needed: false,
    };
    vec![
        sandbox(
            "Landlock",
            landlock().map(|version| format!("version {version}")),
            "Linux 5.13 or newer, with Landlock enabled",
        ),
        sandbox("seccomp", seccomp(), "Linux with CONFIG_SECCOMP_FILTER"),
    ]
}

/// The version of the kernel's Landlock interface.
#[cfg(target_os = "linux")]
fn landlock() -> Option<i64> {
    /// Asks for the version instead of making a rule set.
    const CREATE_RULESET_VERSION: u32 = 1;
    // SAFETY: with that flag the kernel reads and writes no memory of ours; the attribute is to be null and its size 0.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<u8>(),
            0usize,
            CREATE_RULESET_VERSION,
        )
    };
    (version > 0).then_some(version)
}

#[cfg(not(target_os = "linux"))]
fn landlock() -> Option<i64> {
    None
}

fn seccomp() -> Option<String> {
    let actions = std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").ok()?;
    actions
        .split_whitespace()
        .any(|action| action == "errno")
        .then(|| "filters".into())
}

fn table(findings: &[Finding], can_build: bool) -> String {
    let mut text = String::new();
    let mut group = "";
    for finding in findings {
        if finding.group != group {
            group = finding.group;
            text.push_str(&format!("{group}\n"));
        }
        let state = match &finding.found {
            Some(found) => found.clone(),
            None => format!("missing: {}", finding.remedy),
        };
        let purpose = match finding.purpose {
            "" => String::new(),
            purpose => format!("   (for {purpose})"),
        };
        text.push_str(&format!("  {:<17} {state}{purpose}\n", finding.name));
    }
    text.push_str(if can_build {
        "sigemu run and sigemu build work here.\n"
    } else {
        "sigemu run works here, sigemu build does not: install what is missing for it.\n"
    });
    text
}

fn object(findings: &[Finding], can_build: bool) -> Value {
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "Group": finding.group,
                "Name": finding.name,
                "Found": finding.found,
                "Purpose": finding.purpose,
                "Remedy": if finding.found.is_some() { Value::Null } else { finding.remedy.into() },
            })
        })
        .collect();
    json!({ "CanRun": true, "CanBuild": can_build, "Findings": findings })
}
