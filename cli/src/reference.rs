//! `sigemu run` on a Reference core.

use std::cell::OnceCell;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use emulator::reference::{self, Options, ReferenceReport, Shard};
use emulator::{Exit, Host, Program, Task};
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::RunArguments;
use crate::output::tell;
use crate::output_file::OutputFile;
use crate::run::{print_stats, tell_exit};

/// A run that lasts longer than this shows how far it is.
const LONG: Duration = Duration::from_secs(2);

pub(crate) fn run(
    arguments: &RunArguments,
    name: &str,
    program: Arc<Program>,
    task: Task,
    host: Box<dyn Host>,
) -> Result<ExitCode> {
    let shard = arguments.reference.shard.unwrap_or(Shard::ALL);
    let path = arguments
        .reference
        .values
        .clone()
        .unwrap_or_else(|| default_path(shard));
    let mut output = OutputFile::create(&path)?;
    let bar = Bar::default();
    let progress = |made, all| bar.show(made, all);
    let options = Options {
        threads: arguments.reference.threads,
        shard,
        progress: std::io::stderr().is_terminal().then_some(&progress),
    };
    let report =
        reference::run(program, task, host, options, &mut output).map_err(|error| anyhow!("{name}: {error}"))?;
    bar.clear();
    output.keep()?;
    tell_exit(name, &report.report.exit);
    for remark in remarks(&report) {
        tell!("sigemu: {name}: {}", remark.replace('\n', "\nsigemu: "));
    }
    print_stats(arguments.stats, arguments.seed, &report.report)?;
    Ok(ExitCode::from(report.report.exit.status()))
}

fn default_path(shard: Shard) -> PathBuf {
    if shard == Shard::ALL {
        "sigemu.values".into()
    } else {
        format!("sigemu-{}-of-{}.values", shard.number(), shard.count()).into()
    }
}

/// Says where executions differ in more than their numbers: lines for the user.
pub(crate) fn remarks(report: &ReferenceReport) -> Vec<String> {
    let mut lines = Vec::new();
    let all = report.executions;
    if matches!(report.report.exit, Exit::Cancelled | Exit::Stopped(_)) {
        lines.push(format!("{all} executions were made"));
    }
    if let Some((number, exit)) = &report.first_failure
        && !(*exit == report.report.exit && report.failures == all)
    {
        let how = match exit {
            Exit::Status(status) => format!("with exit status {status}"),
            Exit::Signal(signal) => format!("by {signal}"),
            Exit::Fault(fault) => format!("by {fault}"),
            Exit::Stopped(limit) => format!("by the {limit}"),
            Exit::Unsupported(what) => format!("because sigemu does not have {what}"),
            Exit::Stuck(why) | Exit::Failed(why) => why.clone(),
            Exit::Cancelled => "by a cancel".into(),
        };
        let number = number + 1;
        lines.push(format!(
            "{} of {all} executions failed; execution {number} ended {how}",
            report.failures
        ));
    }
    let values = report.values.iter().map(|value| &value.entry);
    let partial = values.filter(|value| value.count < all);
    let few: Vec<_> = partial.clone().take(MOST_LINES).collect();
    if !few.is_empty() {
        let count = partial.count();
        let mut line =
            format!("executions printed different numbers of values; {count} of them not in all executions:");
        for value in few {
            line += &format!(
                "\n  {} in {} of {all} executions: {}",
                value.id, value.count, value.place
            );
        }
        if count > MOST_LINES {
            line += &format!("\n  and {} more", count - MOST_LINES);
        }
        lines.push(line);
    }
    if report.unnamed > 0 {
        lines.push(format!(
            "executions printed more than 131072 values, or with too much text; {} have no ValueID",
            report.unnamed
        ));
    }
    if let (count @ 1.., Some(message)) = &report.messages {
        lines.push(format!(
            "{count} messages in other executions than the first, one of them: {message}"
        ));
    }
    lines
}

/// Lines about values that are not in all executions.
const MOST_LINES: usize = 5;

/// How far a long run is, on a terminal.
struct Bar {
    start: Instant,
    bar: OnceCell<ProgressBar>,
}

impl Default for Bar {
    fn default() -> Self {
        Bar {
            start: Instant::now(),
            bar: OnceCell::new(),
        }
    }
}

impl Bar {
    fn show(&self, made: u64, all: u64) {
        if self.start.elapsed() < LONG {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(all).with_elapsed(self.start.elapsed());
            // Without its style a bar is plainer and as right.
            if let Ok(style) =
                ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} executions, {eta} left")
            {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(made);
    }

    /// Leaves the terminal as it was.
    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
