//! Fortran programs. Their linker warns about libgfortran itself, so that what the compiler says is not looked at.

use std::path::PathBuf;
use std::process::Command;

use crate::root;

/// A Fortran program, built by Debian's gfortran with the UxHw library.
///
/// # Panics
///
/// With the compiler's words where it refuses the program.
pub fn fortran(source: &str) -> PathBuf {
    let folder = root().join("target/guests");
    std::fs::create_dir_all(&folder).expect("target/guests");
    let output = folder.join(source.replace('/', "-")).with_extension("elf");
    let aside = tempfile::tempdir_in(&folder).expect("a temporary folder");
    sdk::build::unpack(aside.path()).expect("the library");
    let built = aside.path().join("built.elf");
    let command = Command::new("riscv64-linux-gnu-gfortran")
        .args(["-static", "-O2", "-g", "-ffp-contract=off"])
        .arg(root().join("tests/guests").join(source))
        .arg(aside.path().join(sdk::build::LIBRARY))
        .arg("-o")
        .arg(&built)
        .output()
        .expect("riscv64-linux-gnu-gfortran is not installed: apt install gfortran-riscv64-linux-gnu");
    assert!(command.status.success(), "{}", String::from_utf8_lossy(&command.stderr));
    std::fs::rename(built, &output).expect("the executable moves into place");
    output
}
