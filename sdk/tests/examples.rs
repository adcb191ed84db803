//! The executables beside the example programs are what their sources build to.

use std::path::{Path, PathBuf};
use std::process::Command;

use sdk::build::{Build, COMPILER};

/// What the committed files were built with. Another compiler gives other bytes.
const BUILT_WITH: &str = "riscv64-linux-gnu-gcc (Debian 12.2.0-13) 12.2.0";

fn folders() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(examples).expect("sdk/examples");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("main.c").is_file())
        .collect()
}

#[test]
fn executables_are_built_from_their_sources() {
    let version = Command::new(COMPILER)
        .arg("--version")
        .output()
        .expect("apt install gcc-riscv64-linux-gnu");
    let version = String::from_utf8_lossy(&version.stdout);
    let version = version.lines().next().unwrap_or_default();
    let folders = folders();
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let name = folder.file_name().expect("a name");
        let shipped = std::fs::read(folder.join(name).with_extension("elf")).expect("cargo xtask examples builds it");
        assert!(shipped.len() < 700_000, "{}: {} bytes", folder.display(), shipped.len());
        assert!(
            folder.join("README.md").is_file(),
            "{} has no README.md",
            folder.display()
        );
        let directory = tempfile::tempdir().expect("a temporary folder");
        let output = directory.path().join("built.elf");
        let built = Build::new([folder.join("main.c")])
            .output(&output)
            .flags(sdk::EXAMPLE_FLAGS)
            .run();
        let built = built.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(built.diagnostics, "");
        if version != BUILT_WITH {
            println!(
                "not checked, byte for byte: {} (built with {BUILT_WITH}, here is {version})",
                folder.display()
            );
            continue;
        }
        let bytes = std::fs::read(output).expect("the executable");
        assert!(
            bytes == shipped,
            "{} is out of date: cargo xtask examples builds it anew",
            folder.display()
        );
    }
}
