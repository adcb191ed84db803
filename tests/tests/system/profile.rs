//! `sigemu run --profile`.

use system_tests::{Guest, Toolchain, sigemu};

#[test]
fn a_profile_counts_every_instruction() {
    let program = Guest::new("../../benches/guests/quicksort.c").build(Toolchain::Glibc);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let graph = folder.path().join("profile.svg");
    let ended = sigemu()
        .args(["run", "--core=C0-Bypass", "--stats=json"])
        .arg(format!("--profile={}", graph.display()))
        .arg(&program)
        .end();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let count = ended
        .stderr
        .split("\"DynamicInstructions\":")
        .nth(1)
        .expect("statistics");
    let count: u64 = count
        .split([',', '}'])
        .next()
        .and_then(|count| count.parse().ok())
        .expect("a count");
    // Rows: own share, share with calls, instructions, uncertain operations, time, name.
    let row = |name: &str| -> Vec<String> {
        let row = ended.stderr.lines().find(|line| line.ends_with(&format!("  {name}")));
        let row = row.unwrap_or_else(|| panic!("no {name}: {}", ended.stderr));
        row.split_whitespace().map(str::to_owned).collect()
    };
    // Sorting is most of this program, and it is main that calls it.
    let (sort, main) = (row("sort"), row("main"));
    assert!(sort[0].parse::<f64>().expect("a share") > 60.0, "{sort:?}");
    assert!(main[2].parse::<f64>().expect("a share") > 95.0, "{main:?}");
    let svg = std::fs::read_to_string(&graph).expect("the flame graph");
    let all: String = svg
        .split("<title>all (")
        .nth(1)
        .expect("its root")
        .chars()
        .take_while(|c| *c != ' ')
        .collect();
    assert_eq!(
        all.replace(',', "").parse::<u64>(),
        Ok(count),
        "every instruction is in it"
    );
}

#[test]
fn a_profile_tells_where_distributions_are_computed() {
    let program = Guest::new("wing_lift.c").build(Toolchain::Glibc);
    let run = |options: &[&str]| {
        let ended = sigemu()
            .args(["run", "--core=C0-XS", "--stats=json"])
            .args(options)
            .arg(&program)
            .end();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ended
    };
    let (plain, profiled) = (run(&[]), run(&["--profile"]));
    assert_eq!(profiled.stdout, plain.stdout);
    let operations = |text: &str| -> u64 {
        let count = text.split("\"UncertainOperations\":").nth(1).expect("statistics");
        count
            .split([',', '}'])
            .next()
            .and_then(|count| count.parse().ok())
            .expect("a count")
    };
    let in_rows: u64 = profiled
        .stderr
        .lines()
        .filter(|line| line.contains(" % "))
        .map(|line| {
            line.split_whitespace()
                .nth(5)
                .and_then(|count| count.parse::<u64>().ok())
                .expect("a count")
        })
        .sum();
    assert_eq!(in_rows, operations(&plain.stderr));
}

#[test]
fn a_flame_graph_that_cannot_be_written_is_refused_before_the_run() {
    let program = Guest::new("hello.c").build(Toolchain::Glibc);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let profile = |file: &str| {
        let ended = sigemu().args(["run", "--core=C0-Bypass", &format!("--profile={file}")]);
        ended.arg(&program).folder(folder.path()).end()
    };
    for (file, message) in [
        (
            "absent/p.svg",
            "sigemu: cannot write absent/p.svg: No such file or directory (os error 2)\n",
        ),
        (
            "graph.PNG",
            "sigemu: --profile: graph.PNG: a flame graph is an SVG file: choose a name such as graph.svg\n",
        ),
    ] {
        let ended = profile(file);
        assert_eq!(
            (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
            (2, "", message)
        );
    }
    // Any other name is taken as it is, and nothing else is left in the folder.
    assert_eq!(profile("graph").good(), "hello, world\n");
    let names = std::fs::read_dir(folder.path()).expect("the folder");
    let names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(names, ["graph"]);
}
