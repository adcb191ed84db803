//! Every test of every suite, in every environment, on every chosen emulator: one named test each.
//!
//! `SIGEMU_RISCV_TESTS_RUNNERS` chooses the emulators (`sigemu,qemu` without it; `spike` too), `SIGEMU_RISCV_TESTS` names a folder
//! of ELF files to be run as well. At the end the counts are printed by suite, with what was not run and why.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use riscv_tests::compile::compile;
use riscv_tests::environment::Environment;
use riscv_tests::folder::{self, Program};
use riscv_tests::runner::{Outcome, Runner};
use riscv_tests::sources::Sources;
use riscv_tests::suite::{Origin, SUITES, Suite, Test};
use riscv_tests::table::{Table, Verdict};
use riscv_tests::{cache_folder, crate_folder, lines};

type Shared = Arc<Mutex<Table>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let table = Shared::default();
    let trials = match trials(&table) {
        Ok(trials) => trials,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let conclusion = libtest_mimic::run(&arguments, trials);
    // A list of tests is read by other programs: nothing else may stand in it.
    if !arguments.list
        && let Ok(table) = table.lock()
        && !table.is_empty()
    {
        println!("{table}");
    }
    conclusion.exit_code()
}

fn trials(table: &Shared) -> anyhow::Result<Vec<Trial>> {
    let sources = Sources::find()?;
    let mut trials = Vec::new();
    for runner in Runner::chosen()? {
        for suite in SUITES {
            for test in suite.tests(&sources)? {
                for &environment in suite
                    .environments
                    .iter()
                    .filter(|&&environment| runner.serves(environment))
                {
                    trials.push(trial(&runner, environment, &test, &sources, table));
                }
            }
        }
        trials.extend(line_trials(&runner, &sources, table)?);
        trials.push(canary(&runner, &sources));
    }
    if let Some(folder) = std::env::var_os("SIGEMU_RISCV_TESTS").map(PathBuf::from) {
        let runner = Runner::named("sigemu")?;
        trials.extend(
            folder::programs(&folder)?
                .into_iter()
                .map(|program| folder_trial(&runner, program, table)),
        );
    }
    Ok(trials)
}

/// One test in one environment on one emulator. What the emulator lacks is listed as ignored and counted with its reason.
fn trial(runner: &Runner, environment: Environment, test: &Test, sources: &Sources, table: &Shared) -> Trial {
    let row = format!("{runner} {environment} {}", test.suite.name);
    let name = format!("{runner}::{environment}::{}::{}", test.suite.name, test.name);
    let lacks = runner
        .lacks(&test.suite)
        .or_else(|| runner.expected_failure(&test.suite, &test.name));
    if let (Some(reason), Ok(mut table)) = (lacks, table.lock()) {
        table.add_not_run(&row, reason);
    }
    let (runner, test, sources, table) = (runner.clone(), test.clone(), sources.clone(), table.clone());
    Trial::test(name, move || {
        let elf = compile(&test, environment, &sources).map_err(|error| format!("{error:#}"))?;
        verdict(runner.run(&elf, &[]), &row, &table)
    })
    .with_ignored_flag(lacks.is_some())
}

fn folder_trial(runner: &Runner, program: Program, table: &Shared) -> Trial {
    let (runner, table) = (runner.clone(), table.clone());
    let name = program
        .elf
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let row = format!("{runner} folder {}", program.suite);
    Trial::test(format!("{runner}::folder::{}::{name}", program.suite), move || {
        verdict(program.run(&runner), &row, &table)
    })
}

fn verdict(outcome: anyhow::Result<Outcome>, row: &str, table: &Shared) -> Result<(), Failed> {
    let outcome = outcome.map_err(|error| format!("{error:#}"))?;
    let passed = outcome == Outcome::Passed;
    table
        .lock()
        .map_err(|error| error.to_string())?
        .add(row, if passed { Verdict::Passed } else { Verdict::Failed });
    if passed {
        Ok(())
    } else {
        Err(outcome.to_string().into())
    }
}

/// The test lines of each extension, made into one program: the number of a failed case is that of its line.
fn line_trials(runner: &Runner, sources: &Sources, table: &Shared) -> anyhow::Result<Vec<Trial>> {
    const UNKNOWN_TO_QEMU: [&str; 6] = ["zfa", "zicond", "zimop", "zicbom", "zicboz", "zawrs"];
    // Rows of the privileged architecture and our own instruction have a text only.
    const NOT_RUN: [&str; 3] = ["privileged", "svinval", "xuxhw"];
    let folder = cache_folder().join("lines");
    std::fs::create_dir_all(&folder)?;
    let mut trials = Vec::new();
    for (name, lines) in lines::all()? {
        if NOT_RUN.contains(&name.as_str()) {
            continue;
        }
        let source = folder.join(format!("{name}.S"));
        let program = lines::program(&lines)?;
        if std::fs::read_to_string(&source).is_ok_and(|old| old == program) {
            // Unchanged: what was built from it is still good.
        } else {
            std::fs::write(&source, program)?;
        }
        // In machine mode programs run with the least privilege, which has to be given leave for cache-block operations.
        let needs_leave = name.starts_with("zicbo");
        let environments: &[Environment] = if needs_leave {
            &[Environment::User]
        } else {
            &Environment::ALL
        };
        let qemu_knows = !UNKNOWN_TO_QEMU.contains(&name.as_str());
        let suite = Suite {
            name: "lines",
            origin: Origin::Own,
            tests: lines.len(),
            environments,
            march: "rv64g_zfh",
            qemu_knows,
        };
        let test = Test { suite, name, source };
        for &environment in environments.iter().filter(|&&environment| runner.serves(environment)) {
            trials.push(trial(runner, environment, &test, sources, table));
        }
    }
    Ok(trials)
}

/// A harness that cannot see a failure proves nothing: this program must be seen to fail in its third case.
fn canary(runner: &Runner, sources: &Sources) -> Trial {
    let environment = if matches!(runner, Runner::Spike(_)) {
        Environment::Machine
    } else {
        Environment::User
    };
    let source = crate_folder().join("own/canary/fails_in_case_3.S");
    let suite = Suite {
        name: "canary",
        origin: Origin::Own,
        tests: 1,
        environments: &[Environment::User],
        march: "rv64g",
        qemu_knows: true,
    };
    let test = Test {
        suite,
        name: "fails_in_case_3".to_owned(),
        source,
    };
    let (runner, sources) = (runner.clone(), sources.clone());
    Trial::test(
        format!("{runner}::{environment}::canary::a_failure_is_seen"),
        move || {
            let elf = compile(&test, environment, &sources).map_err(|error| format!("{error:#}"))?;
            match runner.run(&elf, &[]).map_err(|error| format!("{error:#}"))? {
                Outcome::Failed(3) => Ok(()),
                Outcome::Died(why) if why.contains("exit code 3") || why.contains("tohost = 3") => Ok(()),
                other => Err(format!("case 3 fails, but the outcome was: {other}").into()),
            }
        },
    )
}
