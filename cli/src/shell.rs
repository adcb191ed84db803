//! `sigemu completions` and `sigemu man`: what is made from the table of commands and options.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Command, CommandFactory as _, ValueEnum};

use crate::arguments::Sigemu;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// The shells whose users asked.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// A folder to write a page for each command to [default: one page to standard output]
    folder: Option<PathBuf>,
}

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<ExitCode> {
    let shell = match arguments.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Sigemu::command(), "sigemu", &mut script);
    crate::output::write(None, &script)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn man(arguments: &ManArguments) -> Result<ExitCode> {
    let mut command = Sigemu::command();
    command.build();
    match &arguments.folder {
        None => crate::output::write(None, &page(&command)?)?,
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
            pages(&command, "sigemu", folder)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A page for a command and each of its commands: `sigemu-ux-inspect.1`.
fn pages(command: &Command, name: &str, folder: &Path) -> Result<()> {
    crate::output::write(Some(&folder.join(format!("{name}.1"))), &page(command)?)?;
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
    {
        pages(inner, &format!("{name}-{}", inner.get_name()), folder)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    // Without a date: the same version is the same page.
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
