//! Project chores that take two commands: `cargo xtask VERB`.

mod compare;
mod examples;
mod setup;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask setup      install what the tests need, where it is missing
cargo xtask test       setup, then every test of the workspace, then one line of counts
                       (further arguments go to the test runner: cargo xtask test -p loader)
cargo xtask examples   build the executables in sdk/examples anew
cargo xtask compare    run the benchmark programs on sigemu and on other emulators, and print ratios
                       (--save: also into benches/results.md)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("setup") if arguments.len() == 1 => setup::run().map(|()| true),
        Some("test") => setup::run().and_then(|()| test::run(&arguments[1..])),
        Some("compare") if arguments.len() == 1 => compare::run(false),
        Some("compare") if arguments[1..] == ["--save"] => compare::run(true),
        Some("examples") if arguments.len() == 1 => examples::run().map(|()| true),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}
