//! `sigemu task` as a server in another language sees it: the client is `tests/clients/task.py`.

use system_tests::{Guest, Toolchain, python, root};

/// Every scenario of the client: success, failure, cancel, limit, garbage; each event is checked against the committed schema.
#[test]
fn a_python_client_drives_tasks() {
    let output = std::process::Command::new(python())
        .arg(root().join("tests/clients/task.py"))
        .arg("--sigemu")
        .arg(system_tests::binary())
        .arg("--schemas")
        .arg(root().join("docs/schema"))
        .arg("--hostile")
        .arg(Guest::new("hostile.c").build(Toolchain::Glibc))
        .arg("--affine")
        .arg(Guest::new("uniform_affine.c").build(Toolchain::Glibc))
        .arg("--faults")
        .arg(Guest::new("faults.c").build(Toolchain::Glibc))
        .arg("--look")
        .arg(Guest::new("look.c").build(Toolchain::Glibc))
        .arg("--characters")
        .arg(Guest::new("characters.c").build(Toolchain::Glibc))
        .arg("--sum")
        .arg(Guest::new("reference/sum.c").build(Toolchain::Glibc))
        .arg("--ways")
        .arg(Guest::new("reference/ways.c").build(Toolchain::Glibc))
        .output()
        .expect("python starts");
    let (said, told) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    println!("{said}");
    assert!(output.status.success(), "{said}\n{told}");
}
