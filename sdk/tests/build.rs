//! The build driver, the headers and the library, with Debian's cross compilers.

use std::path::{Path, PathBuf};

use loader::Image;
use sdk::build::{Build, BuildError, Built};
use sdk::functions::{FUNCTIONS, Passed, Width};

/// Source files in a folder of their own.
struct Project(tempfile::TempDir);

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let directory = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            std::fs::write(directory.path().join(name), text).expect("the source is written");
        }
        Project(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn build(&self, sources: &[&str], flags: &[&str]) -> Result<Built, BuildError> {
        Build::new(sources.iter().map(|name| self.path(name)))
            .output(self.path("out.elf"))
            .flags(flags)
            .run()
    }

    /// Builds without a word from the compiler.
    fn image(&self, sources: &[&str], flags: &[&str]) -> Image {
        let built = self.build(sources, flags).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(built.diagnostics, "");
        Image::parse(&std::fs::read(built.output).expect("the executable is there"))
            .expect("it is one that sigemu loads")
    }
}

/// The two instructions at a symbol.
fn code_at(image: &Image, name: &str) -> (u32, u16) {
    let address = image
        .symbols
        .named(name)
        .unwrap_or_else(|| panic!("{name} is not defined"))
        .address;
    let text = image
        .segments
        .iter()
        .find(|segment| segment.executable)
        .expect("a text segment");
    let at = (address - text.address) as usize;
    let bytes = &text.data()[at..at + 6];
    (
        u32::from_le_bytes(bytes[..4].try_into().expect("four bytes")),
        u16::from_le_bytes(bytes[4..].try_into().expect("two")),
    )
}

/// A program that needs every function of the API, under both names.
fn everything() -> String {
    let mut text = String::from("#include <uncertain.h>\n#include <stdio.h>\n");
    // The old names are macros for the new ones in the header: undo that to reach the library's aliases.
    let mut table = String::from("typedef void (*any)(void);\nany table[] = {\n");
    for function in FUNCTIONS {
        for width in Width::ALL {
            let [name, old] = function.names(width);
            text.push_str(&format!("#undef {old}\nvoid {old}(void);\n"));
            table.push_str(&format!("\t(any){name}, (any){old},\n"));
        }
    }
    text + &table + "};\nint main(void) { return table[0] == table[1] ? 0 : 1; }\n"
}

#[test]
fn each_function_is_its_instruction_and_a_return() {
    let project = Project::new(&[("main.c", &everything())]);
    let image = project.image(&["main.c"], &[]);
    for function in FUNCTIONS {
        for width in Width::ALL {
            for name in function.names(width) {
                let (word, next) = code_at(&image, &name);
                assert_eq!(word, function.instruction(width), "{name}");
                assert_eq!(next, 0x8082, "{name} does not return after its instruction"); // c.jr ra
            }
        }
    }
}

/// Result and parameters of every prototype in the header, as the table says them.
#[test]
fn the_header_declares_what_the_table_says() {
    let (_, header) = sdk::build::HEADERS[0];
    let passed = |text: &str, real: &str| match text {
        _ if text.contains('*') => Passed::Integer,
        "size_t" | "ssize_t" => Passed::Integer,
        "void" => Passed::Nothing,
        _ if text == real => Passed::Value,
        other => panic!("unexpected type {other}"),
    };
    for function in FUNCTIONS {
        for (width, real) in [(Width::Double, "double"), (Width::Float, "float")] {
            let [name, _] = function.names(width);
            let line = header
                .lines()
                .find(|line| line.contains(&format!("\t{name}(")) && line.contains(';'))
                .unwrap_or_else(|| panic!("{name} is not declared"));
            let (result, rest) = line.split_once('\t').expect("result, tab, name");
            assert_eq!(passed(result, real), function.result, "{name}");
            let mut parameters = rest[name.len() + 1..rest.find(';').expect("an end") - 1].to_owned();
            // A pointer to a function is one parameter: `real (*likelihood)(…)`.
            if let Some(end) = parameters
                .strip_prefix(&format!("{real} (*likelihood)("))
                .and_then(|rest| rest.find(')'))
            {
                parameters = format!(
                    "void *likelihood{}",
                    &parameters[format!("{real} (*likelihood)(").len() + end + 1..]
                );
            }
            let kinds: Vec<_> = parameters
                .split(", ")
                .map(|parameter| {
                    let (kind, name) = parameter.rsplit_once(' ').expect("type and name");
                    passed(if name.starts_with('*') { "*" } else { kind }, real)
                })
                .collect();
            assert_eq!(kinds, function.arguments, "{name}");
        }
    }
}

const MODIFIER: &str = r#"
#include <uxhw.h>
#include <stdio.h>
int main(void) {
	double x = UxHwDoubleUniformDist(0, 1);
	float y = UxHwFloatGaussDist(0.5f, 1.0f);
	printf("%" SignaloidParticleModifier ".1f % " SignaloidParticleModifier "f %.2" SignaloidParticleModifier "lf\n", x, (double)y, x);
	return 0;
}
"#;

#[test]
fn the_particle_modifier_builds_with_warnings_as_errors() {
    let project = Project::new(&[("main.c", MODIFIER), ("main.cpp", MODIFIER)]);
    project.image(&["main.c"], &["-Wall", "-Wextra", "-Werror", "-Wformat=2", "-std=c11"]);
    project.image(
        &["main.cpp"],
        &["-Wall", "-Wextra", "-Werror", "-Wformat=2", "-std=c++17"],
    );
    // The character in the executable is the one that the emulator looks for.
    let bytes = std::fs::read(project.path("out.elf")).expect("the executable is there");
    let modifier = sdk::PARTICLE_MODIFIER as char;
    let format = format!("%{modifier}.1f % {modifier}f %.2{modifier}lf\n\0");
    assert!(bytes.windows(format.len()).any(|window| window == format.as_bytes()));
    // In any other build it is empty.
    project.image(&["main.c"], &["-USIGEMU_CORE", "-Wall", "-Wextra", "-Werror"]);
    let bytes = std::fs::read(project.path("out.elf")).expect("the executable is there");
    let format = b"%.1f % f %.2lf\n\0";
    assert!(bytes.windows(format.len()).any(|window| window == format));
}

/// The forms of other versions of the API, in C by counting macro arguments and in C++ by overloads.
#[test]
fn drifted_forms() {
    let text = r#"
#include <uxhw.h>
static double likelihood(double theta) { return UxHwDoubleGaussDist(theta, 1); }
static double likelihood2(void *parameters, double theta) { return likelihood(theta + *(double *)parameters); }
int main(void) {
	WeightedDoubleSample samples[2] = {{1, 0.5}, {2, 0.5}};
	WeightedFloatSample floats[2] = {{1, 0.5f}, {2, 0.5f}};
	double offset = 0;
	double sum = UxHwDoubleDistFromWeightedSamples(samples, 2) + UxHwDoubleDistFromWeightedSamples(samples, 2, 100);
	sum += UxHwFloatDistFromWeightedSamples(floats, 2) + UxHwFloatDistFromWeightedSamples(floats, 2, 100);
	sum += UxHwDoubleBayesLaplace(likelihood, 1.0, 2.0);
	sum += UxHwDoubleBayesLaplace(likelihood2, &offset, 1.0, 2.0, 3);
	return sum > 0;
}
"#;
    let project = Project::new(&[("main.c", text), ("main.cpp", text)]);
    for source in ["main.c", "main.cpp"] {
        let image = project.image(&[source], &["-Wall", "-Wextra", "-Werror", "-pedantic-errors"]);
        assert!(image.symbols.named("UxHwDoubleBayesLaplaceWithParameters").is_some());
    }
}

#[test]
fn min_and_max_are_macros_in_c_only() {
    let c = "#include <uxhw.h>\nint main(void) { return min(1, 2) - max(0, 1); }\n";
    let own = "#define min(a, b) 7\n#include <uxhw.h>\nint main(void) { return min(1, 2) - 7; }\n";
    let cpp = "#include <uxhw.h>\n#include <algorithm>\n#include <limits>\n\
               int main() { return std::min(1, 2) + std::numeric_limits<int>::max() * 0; }\n";
    let project = Project::new(&[("c.c", c), ("own.c", own), ("cpp.cpp", cpp)]);
    for source in ["c.c", "own.c", "cpp.cpp"] {
        project.image(&[source], &["-Wall", "-Werror"]);
    }
}

#[test]
fn libm_calls_stay_calls() {
    let source = "#include <math.h>\n#include <stdlib.h>\nint main(int c, char **v) { double x = atof(v[c - 1]); float y = x;\n\
                  return pow(x, 2) + sqrt(x) + fabs(x) + floor(x) + sin(x) + cos(x) + fma(x, x, x) + fmax(x, 2) + powf(y, 2) + copysign(x, -1); }\n";
    let project = Project::new(&[("main.c", source)]);
    // The assembly tells what is called: the executable has libm's inner references as well.
    let assembly = project.path("main.s");
    let output = std::process::Command::new(sdk::build::COMPILER)
        .args(["-O2", "-S", "-ffp-contract=off"])
        .args(sdk::build::no_builtin())
        .arg(project.path("main.c"))
        .arg("-o")
        .arg(&assembly)
        .output()
        .expect("the compiler starts");
    assert!(output.status.success());
    let assembly = std::fs::read_to_string(assembly).expect("assembly");
    for name in [
        "pow", "sqrt", "fabs", "floor", "sin", "cos", "fma", "fmax", "powf", "copysign",
    ] {
        assert!(assembly.contains(&format!("call\t{name}@plt\n")), "{name} is inlined");
    }
    assert!(project.build(&["main.c"], &[]).is_ok());
}

#[test]
fn c_and_cpp_together() {
    let project = Project::new(&[
        ("half.c", "double half(double x) { return x / 2; }\n"),
        (
            "main.cpp",
            "#include <iostream>\n#include <vector>\nextern \"C\" double half(double);\n\
             int main() { std::vector<double> v{1, 2}; std::cout << half(v[1]) << '\\n'; }\n",
        ),
    ]);
    let image = project.image(&["main.cpp", "half.c"], &["-Wall", "-Werror"]);
    assert!(image.symbols.named("half").is_some());
    assert!(image.has_lines);
}

#[test]
fn fortran_alone_and_with_c() {
    let main = "program main\n  use uxhw\n  implicit none\n  real(c_double) :: x\n  interface\n\
                    function half(x) bind(C, name='half')\n      import :: c_double\n      real(c_double), value :: x\n\
                      real(c_double) :: half\n    end function\n  end interface\n\
                  x = UxHwDoubleGaussDist(1.0_c_double, 0.5_c_double)\n  print *, half(x), UxHwDoubleNthMoment(x, 2_c_size_t)\n\
                end program\n";
    let alone = "program alone\n  print *, sin(0.5d0)\nend program\n";
    let project = Project::new(&[
        ("half.c", "double half(double x) { return x / 2; }\n"),
        ("main.f90", main),
        ("alone.f90", alone),
    ]);
    let image = project.image(
        &["main.f90", "half.c"],
        &["-Wall", "-Wextra", "-Werror", "-Wl,--gc-sections"],
    );
    assert!(image.symbols.named("UxHwDoubleNthMoment").is_some());
    project.image(&["alone.f90"], &[]);
}

/// Every function is there for Fortran, under its own name.
#[test]
fn the_fortran_module_is_complete() {
    let (_, module) = sdk::build::HEADERS[2];
    for function in FUNCTIONS {
        for width in Width::ALL {
            let [name, _] = function.names(width);
            let at = module
                .find(&format!(" {name}("))
                .unwrap_or_else(|| panic!("{name} is not declared"));
            let rest = &module[at..];
            let parameters = &rest[rest.find('(').expect("an opening") + 1..rest.find(')').expect("a closing")];
            assert_eq!(parameters.split(", ").count(), function.arguments.len(), "{name}");
            assert!(
                rest[..400.min(rest.len())].contains(&format!("bind(C, name=\"{name}\")")),
                "{name}"
            );
        }
    }
}

#[test]
fn flags_of_the_user_come_last() {
    let project = Project::new(&[(
        "main.c",
        "int main(void) { return VALUE; }\n#ifdef __OPTIMIZE__\n#error optimised\n#endif\n",
    )]);
    project.image(&["main.c"], &["-DVALUE=3", "-O0"]);
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let project = Project::new(&[("main.c", MODIFIER)]);
    let bytes = || {
        project.image(&["main.c"], &[]);
        std::fs::read(project.path("out.elf")).expect("the executable is there")
    };
    assert!(bytes() == bytes());
}

#[test]
fn the_output_is_named_after_the_first_source() {
    let project = Project::new(&[("wing.c", "int main(void) { return 0; }\n")]);
    // Only the default depends on the current folder; do not change that of this process, ask for the name instead.
    let built = Build::new([project.path("wing.c")])
        .output(project.path("wing.elf"))
        .run()
        .expect("it builds");
    assert_eq!(built.output.file_name(), Some("wing.elf".as_ref()));
}

#[test]
fn refusals() {
    let project = Project::new(&[("bad.c", "int main(void) { return nothing; }\n"), ("notes.txt", "")]);
    let message = |sources: &[&str]| {
        project
            .build(sources, &[])
            .expect_err("this must be refused")
            .to_string()
    };
    assert_eq!(
        message(&[]),
        "nothing to build: name at least one source file (.c, .cc, .cpp, .cxx, .C or .f90)"
    );
    assert_eq!(
        message(&["absent.c"]),
        format!("{}: no such file", project.path("absent.c").display())
    );
    assert_eq!(
        message(&["notes.txt"]),
        format!(
            "{}: not a source file that is known (.c, .cc, .cpp, .cxx, .C, .f90, .s, .S, .o, .a)",
            project.path("notes.txt").display()
        )
    );
    let words = message(&["bad.c"]);
    // GCC's quotes depend on the locale.
    assert!(
        words.contains("bad.c:1:25: error: ") && words.contains("nothing"),
        "{words}"
    );
    assert!(
        words.ends_with("riscv64-linux-gnu-gcc failed: exit status: 1"),
        "{words}"
    );
    assert!(!Path::new(&project.path("out.elf")).exists());
}
