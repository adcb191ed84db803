//! Files: the guest sees what is mounted, and nothing else of the host.

use std::os::unix::fs::symlink;
use std::path::Path;

use system_tests::{Guest, Toolchain, sigemu};

/// A folder with a secret beside two directories that are mounted.
fn world() -> tempfile::TempDir {
    let world = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(world.path().join(name), text).expect("a file is written");
    std::fs::create_dir_all(world.path().join("data/sub")).expect("a folder");
    std::fs::create_dir(world.path().join("other")).expect("a folder");
    write("secret", "SECRET");
    write("data/file", "data");
    write("data/sub/deep", "deep");
    write("other/file", "other");
    let link = |target: &Path, name: &str| symlink(target, world.path().join(name)).expect("a link");
    link(Path::new("../secret"), "data/up");
    link(&world.path().join("secret"), "data/absolute");
    link(Path::new("/etc"), "data/etc");
    link(Path::new("file"), "data/inside");
    link(Path::new("sub/../../secret"), "data/around");
    world
}

/// What `look.c` says about each path, line by line.
fn look(world: &tempfile::TempDir, options: &[&str], paths: &[&str]) -> Vec<String> {
    let output = sigemu()
        .args(["run", "--core", "C0-Bypass"])
        .args(options)
        .arg(Guest::new("look.c").build(Toolchain::Glibc))
        .arg("--")
        .args(paths)
        .folder(world.path())
        .end()
        .good();
    assert!(!output.contains("SECRET"), "{output}");
    output.lines().map(str::to_owned).collect()
}

#[test]
fn no_way_leads_out() {
    let world = world();
    let secret = world.path().join("secret");
    let ways = [
        secret.to_str().expect("a path in UTF-8"),
        "/data/../secret",
        "/data/../../secret",
        "../secret",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "/data/up",
        "/data/absolute",
        "/data/etc",
        "/data/etc/passwd",
        "/data/around",
        "/data/sub/../../secret",
        "/proc/self/maps",
        "/proc/self/exe",
        "/proc/self/cwd/secret",
        "/proc/self/root/etc/passwd",
        "/dev/fd/3",
        "/dev/mem",
        "/sys",
    ];
    for mount in ["data:/data", "data:/data:rw"] {
        let lines = look(&world, &["--mount", mount], &ways);
        for (way, line) in ways.iter().zip(&lines) {
            assert_eq!(line, &format!("{way}: no"), "with --mount {mount}");
        }
    }
    // From the default root, which is the mount.
    let data = world.path().join("data");
    let program = Guest::new("look.c").build(Toolchain::Glibc);
    let output = sigemu()
        .arg("run")
        .arg(program)
        .arg("--")
        .args(ways)
        .folder(&data)
        .end()
        .good();
    assert!(!output.contains("SECRET") && !output.contains("root:"), "{output}");
}

#[test]
fn mounts_are_what_they_are_called() {
    let world = world();
    let options = [
        "--mount",
        "data:/data:ro",
        "--mount",
        "other:/in/other:rw",
        "--cwd",
        "/data",
    ];
    let lines = look(
        &world,
        &options,
        &[
            "file",
            "inside",
            "/in/other/file",
            "/",
            "/in",
            "sub",
            "/data/absent",
            "./sub/../file",
        ],
    );
    let expected = [
        "file: 'data'",
        "inside: 'data'",
        "/in/other/file: 'other' writable",
        "/: [.] [..] [data] [in]",
        "/in: [.] [..] [other]",
        "sub: [.] [..] [deep]",
        "/data/absent: no",
        "./sub/../file: 'data'",
        "cwd /data",
    ];
    assert_eq!(lines, expected);
    // A mount inside a mount hides what is there.
    let options = ["--mount", "data:/:ro", "--mount", "other:/sub:ro"];
    assert_eq!(
        look(&world, &options, &["sub/file", "sub/deep", "file"])[..3],
        ["sub/file: 'other'", "sub/deep: no", "file: 'data'"]
    );
    // By default a mount is read-only, and the current directory is writable.
    assert_eq!(look(&world, &["--mount", "data:/"], &["file"])[0], "file: 'data'");
    assert_eq!(look(&world, &[], &["data/file"])[0], "data/file: 'data' writable");
}

#[test]
fn mounts_that_make_no_sense() {
    let program = Guest::new("look.c").build(Toolchain::Glibc);
    for (mount, message) in [
        ("data", "a mount is HOST:GUEST"),
        ("data:relative", "a mount is HOST:GUEST"),
        ("absent-folder:/data", "absent-folder"),
    ] {
        let ended = sigemu().args(["run", "--mount", mount]).arg(&program).end();
        assert!(ended.code == 2 && ended.stderr.contains(message), "{ended:?}");
    }
}

#[test]
fn a_working_directory_that_is_not_there_is_refused() {
    let world = world();
    let program = Guest::new("look.c").build(Toolchain::Glibc);
    let run = |options: &[&str]| {
        let run = sigemu().arg("run").args(options).arg(&program).folder(world.path());
        run.end()
    };
    for (mounts, cwd, seen) in [
        (&[][..], "rel", "/"),
        (&[], "/nonexist", "/"),
        (&[], "/data/file", "/"),
        (&["--mount", "data:/in/data"], "data", "/in/data"),
        (&["--mount", "data:/in/data"], "/data", "/in/data"),
        (&["--mount", "data:/in/data"], "/in/data/absent", "/in/data"),
    ] {
        let ended = run(&[mounts, &["--cwd", cwd]].concat());
        let message = format!(
            "sigemu: --cwd: {cwd:?} is no directory of the program: choose an absolute path of one that exists; it sees {seen}\n"
        );
        assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr), (2, "", message));
    }
    for (mounts, cwd) in [
        (&[][..], "/data/"),
        (&["--mount", "data:/in/data"], "/in"),
        (&["--mount", "data:/in/data"], "/in/data/../data/sub"),
        (&["--mount", "data:/in/data"], "/"),
    ] {
        run(&[mounts, &["--cwd", cwd]].concat()).good();
    }
}
