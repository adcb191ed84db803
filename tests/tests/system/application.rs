//! Application folders: `sigemu build DIR`, `sigemu run DIR`.

use std::path::Path;

use system_tests::{sigemu, ux};

/// A mixed-language application that reads a file of its inputs.
fn application() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join("app").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file is written");
    };
    write(
        "src/main.cpp",
        "#include <cstdio>\n#include <fstream>\n#include <uxhw.h>\n#include \"parts/scale.h\"\n#include <shared.h>\n\
         extern \"C\" void shift_(double *);\n\
         int main() { std::ifstream input(\"width.txt\"); double width; input >> width; double x = UxHwDoubleUniformDist(0, width);\n\
         x = scale(x); shift_(&x); std::printf(\"%g %s\\n\", x, NAME); return SHARED; }\n",
    );
    write("src/parts/scale.h", "extern \"C\" double scale(double);\n");
    write("src/parts/scale.c", "double scale(double x) { return FACTOR * x; }\n");
    // In the order of their names, the module would come after its user.
    write(
        "src/a_shift.f90",
        "subroutine shift(x)\n  use z_offset\n  double precision :: x\n  x = x + offset\nend subroutine\n",
    );
    write(
        "src/z_module.f90",
        "module z_offset\n  double precision, parameter :: offset = 100d0\nend module\n",
    );
    write("src/include/shared.h", "#define SHARED 0\n");
    write(
        "src/config.mk",
        "# flags of each language\nBASE = -Wall\nCFLAGS = $(BASE) -DFACTOR=4.0 \\\n  -std=c99\n\
         CXXFLAGS += -std=c++17 -DNAME=\\\"mixed\\\"\nINC_DIRS = include\nLIBS := -lm\n",
    );
    write("inputs/width.txt", "8\n");
    write(
        "signaloid.yaml",
        "MinimumCore:\n  Class: C0\n  Microarchitecture: Athens\n  CorrelationTracking: Disable\n  MemorySize: 64000000\n  Precision: 16\n\
         TraceVariables:\n  - File: src/main.cpp\n    LineNumber: 7\n    Expression: x\n",
    );
    folder
}

fn run(folder: &Path, options: &[&str]) -> String {
    let ended = sigemu()
        .args(["run", "--ux"])
        .args(options)
        .arg("app")
        .folder(folder)
        .end();
    assert_eq!(ended.stderr, "");
    ended.good()
}

#[test]
fn an_application_is_built_and_run_on_its_core_in_its_inputs() {
    let folder = application();
    let output = run(folder.path(), &[]);
    let value = &ux::find_all(&output)[0];
    // 100 + 4 Uniform(0, 8) on the MinimumCore's 16 Diracs: the first is half a cell of 2 above 100.
    assert_eq!(
        (value.particle.as_str(), value.diracs.len(), value.diracs[0].0),
        ("116", 16, 101.0)
    );
    assert!(output.ends_with(" mixed\n"), "{output}");

    // --core overrides; nothing is built again unless a source is newer.
    let executable = folder.path().join("app/app.elf");
    let built = std::fs::metadata(&executable)
        .and_then(|metadata| metadata.modified())
        .expect("the executable");
    assert_eq!(
        ux::find_all(&run(folder.path(), &["--core", "C0-XS"]))[0].diracs.len(),
        32
    );
    let modified = || {
        std::fs::metadata(&executable)
            .and_then(|metadata| metadata.modified())
            .expect("the executable")
    };
    assert_eq!(modified(), built);
    let header = folder.path().join("app/src/include/shared.h");
    std::fs::write(&header, "#define SHARED 3\n").expect("a changed header");
    let ended = sigemu().args(["run", "--particle", "app"]).folder(folder.path()).end();
    assert_eq!((ended.code, ended.stdout.as_str()), (3, "116 mixed\n"), "{ended:?}");
    assert!(modified() > built);
}

#[test]
fn sources_may_be_listed() {
    let folder = application();
    std::fs::write(folder.path().join("app/src/broken.c"), "this is no C\n").expect("a file");
    let built = sigemu().args(["build", "app"]).folder(folder.path()).end();
    assert!(built.code == 2 && built.stderr.contains("broken.c"), "{built:?}");
    let makefile = folder.path().join("app/src/config.mk");
    let text = std::fs::read_to_string(&makefile).expect("config.mk");
    let listed = text + "SOURCES = main.cpp parts/scale.c $(wildcard *.f90)\n";
    std::fs::write(&makefile, listed).expect("config.mk");
    assert_eq!(
        sigemu()
            .args(["build", "app", "-o", "out.elf"])
            .folder(folder.path())
            .end()
            .stderr,
        ""
    );
    let ended = sigemu()
        .args(["run", "--particle", "out.elf"])
        .folder(folder.path().join("app/inputs"))
        .end();
    assert_eq!(ended.code, 2, "the folder of the executable is not mounted: {ended:?}");
    let ended = sigemu()
        .args(["run", "--particle", "../../out.elf"])
        .folder(folder.path().join("app/inputs"))
        .end();
    assert_eq!(ended.good(), "116 mixed\n");
}

/// A folder without `src/` may be anything, a home directory too: only the sources directly in it are its program.
#[test]
fn without_src_nothing_below_the_folder_is_compiled() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let below = folder.path().join("other/deep");
    std::fs::create_dir_all(&below).expect("folders");
    std::fs::write(below.join("broken.c"), "this is no C\n").expect("a file");
    for command in ["build", "run"] {
        let ended = sigemu().args([command, "."]).folder(folder.path()).end();
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (
                2,
                "sigemu: .: no application folder: it has no src/, and no source files (.c, .cpp, .f90 …) directly in it\n"
            ),
        );
    }
    let main = "#include <stdio.h>\n#include <width.h>\nint main(void) { printf(\"%d\\n\", WIDTH); return 0; }\n";
    std::fs::write(folder.path().join("main.c"), main).expect("a file");
    std::fs::write(below.join("width.h"), "#define WIDTH 1\n").expect("a file");
    std::fs::write(folder.path().join("config.mk"), "INC_DIRS = other/deep\n").expect("a file");
    let run = || sigemu().args(["run", "."]).folder(folder.path()).end().good();
    assert_eq!(run(), "1\n");
    // A header that config.mk leads to is still a reason to build again.
    std::fs::write(below.join("width.h"), "#define WIDTH 2\n").expect("a file");
    assert_eq!(run(), "2\n");
}

#[test]
fn folders_and_files_that_make_no_sense() {
    let folder = application();
    let refused = |name: &str, text: &str, message: &str| {
        let path = folder.path().join("app").join(name);
        let before = std::fs::read(&path).expect("a file");
        std::fs::write(&path, text).expect("a file is written");
        let ended = sigemu().args(["run", "app"]).folder(folder.path()).end();
        assert!(ended.code == 2 && ended.stderr.contains(message), "{ended:?}");
        std::fs::write(&path, before).expect("a file is written");
    };
    refused("src/config.mk", "all:\n\tgcc main.c\n", "only assignments");
    refused("src/config.mk", "CFLAGS = $(shell date)\n", "'shell'");
    refused(
        "signaloid.yaml",
        "MinimumCore:\n  Microarchitecture: Athens\n  Precision: 3\n  MemorySize: 64000000\n",
        "precision 3",
    );
    refused("signaloid.yaml", "MinimumCore: [\n", "signaloid.yaml");
    let empty = tempfile::tempdir().expect("a temporary folder");
    let ended = sigemu().args(["build", "."]).folder(empty.path()).end();
    assert!(ended.code == 2 && ended.stderr.contains("no source files"), "{ended:?}");
}
