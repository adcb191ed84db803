//! The job arrays of `docs/reference.md`, taken from that page and run, so that they cannot rot.
//!
//! There is no cluster here. GNU parallel and xargs are real. For Slurm a stand-in for `sbatch` does what the options of the example
//! mean, one task after another. The Kubernetes job is validated against Kubernetes' schema, and what its pods would execute is executed.
//! Only two things are changed: how many executions there are, and where files lie.

use std::path::{Path, PathBuf};
use std::process::Command;

use system_tests::{python, root, sigemu};

use crate::support::guest;

/// Executions that the examples ask for, and how many are made of them here.
const PRECISION: (&str, &str) = ("--precision 1000000", "--precision 1000");

/// The code blocks below a heading of the page.
fn examples(heading: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/reference.md")).expect("docs/reference.md");
    let section = page.split_once(&format!("\n### {heading}\n")).expect("the section").1;
    let end = ["\n### ", "\n## "]
        .iter()
        .filter_map(|heading| section.find(heading))
        .min();
    let section = &section[..end.unwrap_or(section.len())];
    // Code is what stands between an odd and an even fence; its first line names the language.
    let blocks = section.split("```").skip(1).step_by(2);
    blocks
        .map(|block| {
            let code = block.split_once('\n').expect("a language").1;
            assert!(!code.contains(PRECISION.0) || code.contains("--shard"), "{code}");
            code.replace(PRECISION.0, PRECISION.1)
        })
        .collect()
}

/// A folder with the program as `main.elf`, and programs of this page in `bin`.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().expect("a folder"));
        std::fs::copy(guest("reference/sum.c"), place.path("main.elf")).expect("the program");
        std::fs::create_dir(place.path("bin")).expect("a folder");
        std::os::unix::fs::symlink(system_tests::binary(), place.path("bin/sigemu")).expect("a link");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a shell script there, which must end well.
    fn run(&self, script: &str, variables: &[(&str, &str)]) {
        let checked = Command::new("bash").args(["-n", "-c", script]).output().expect("bash");
        assert!(checked.status.success() && checked.stderr.is_empty(), "{checked:?}");
        let path = std::env::var("PATH").expect("PATH");
        let ended = Command::new("sh")
            .args(["-e", "-c", script])
            .current_dir(self.0.path())
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .envs(variables.iter().copied())
            .output()
            .expect("sh");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{script}\n{told}");
    }

    /// The joined values are those of one machine.
    fn check(&self, joined: &Path) {
        let alone = self.path("alone");
        sigemu()
            .args(["run", "--core", "C0-Reference"])
            .args(PRECISION.1.split(' '))
            .arg("--values")
            .arg(&alone)
            .arg(self.path("main.elf"))
            .end()
            .good();
        let bytes = |path: &Path| std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(bytes(joined) == bytes(&alone));
    }
}

#[track_caller]
fn installed(program: &str) {
    let found = Command::new(program).arg("--version").output().is_ok();
    assert!(
        found,
        "{program} is not installed: apt install {program}, or cargo xtask setup"
    );
}

#[test]
fn gnu_parallel_and_xargs() {
    installed("parallel");
    let [parallel, xargs] = &examples("GNU parallel")[..] else {
        panic!("two examples")
    };
    let place = Place::new();
    place.run(parallel, &[]);
    place.check(&place.path("all.values"));
    let place = Place::new();
    let merge = parallel.lines().last().expect("the merge");
    assert!(merge.starts_with("sigemu merge "));
    place.run(&format!("{xargs}{merge}"), &[]);
    place.check(&place.path("all.values"));
}

/// What `sbatch` does with the options of the example; others are errors. The job is over when this is.
const SBATCH: &str = r#"#!/bin/bash
set -eu
read_option() {
    case "$1" in
        --parsable) ;;
        --array=*) array="${1#*=}" ;;
        --cpus-per-task=*) cpus="${1#*=}" ;;
        --output=*) output="${1#*=}" ;;
        --dependency=afterok:17) ;;
        --wrap=*) wrap="${1#*=}" ;;
        *) echo "sbatch: $1?" >&2; exit 1 ;;
    esac
}
array= cpus=1 output=slurm-%j.out wrap= script=
for argument in "$@"; do
    case "$argument" in
        -*) read_option "$argument" ;;
        *) script="$argument" ;;
    esac
done
if [ -n "$wrap" ]; then
    sh -e -c "$wrap"
    exit
fi
# Options in the script are those before its first command.
while read -r mark option; do
    case "$mark" in
        '#SBATCH') read_option "$option" ;;
        '#'*) ;;
        *) break ;;
    esac
done < "$script"
export SLURM_CPUS_PER_TASK="$cpus" SLURM_ARRAY_TASK_COUNT=$((${array#*-} - ${array%-*} + 1))
for task in $(seq "${array%-*}" "${array#*-}"); do
    SLURM_ARRAY_TASK_ID="$task" sh "$script" > "${output//%a/$task}" 2>&1
done
echo 17
"#;

#[test]
fn slurm() {
    let [script, submit] = &examples("Slurm")[..] else {
        panic!("a script and how it is submitted")
    };
    assert!(script.starts_with("#!/bin/sh\n#SBATCH "), "{script}");
    let place = Place::new();
    std::fs::write(place.path("run.sh"), script).expect("a file");
    let sbatch = place.path("bin/sbatch");
    std::fs::write(&sbatch, SBATCH).expect("a file");
    std::fs::set_permissions(&sbatch, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
    place.run(submit, &[]);
    assert!(place.path("part-64.log").exists(), "every task has its log");
    place.check(&place.path("all.values"));
}

#[test]
fn kubernetes() {
    let [job] = &examples("Kubernetes")[..] else {
        panic!("a job")
    };
    let place = Place::new();
    std::fs::write(place.path("job.yaml"), job).expect("a file");
    let read = Command::new(python())
        .arg(root().join("tests/python/job.py"))
        .arg(place.path("job.yaml"))
        .output()
        .expect("python starts");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let read: serde_json::Value = serde_json::from_slice(&read.stdout).expect("JSON");
    let completions = read["Completions"].as_u64().expect("a number");
    assert_eq!(read["Folders"], serde_json::json!(["/values"]));
    let command: Vec<&str> = read["Command"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|word| word.as_str())
        .collect();
    let ["sh", "-c", script] = command[..] else {
        panic!("{command:?}")
    };
    // The volume, and the program in the image, are in this folder.
    std::fs::create_dir(place.path("values")).expect("a folder");
    let folder = place.0.path().display().to_string();
    let here = |script: &str| {
        script
            .replace("/values/", &format!("{folder}/values/"))
            .replace("/main.elf", &format!("{folder}/main.elf"))
    };
    for index in 0..completions {
        place.run(&here(script), &[("JOB_COMPLETION_INDEX", &index.to_string())]);
    }
    let page = std::fs::read_to_string(root().join("docs/reference.md")).expect("docs/reference.md");
    let merge = "sigemu merge /values/all.values /values/part-*.values";
    assert!(
        page.contains(&format!("`{merge}`")),
        "the page says how they are joined"
    );
    place.run(&here(merge), &[]);
    place.check(&place.path("values/all.values"));
}
