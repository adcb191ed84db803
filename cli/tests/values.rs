//! The commands around values, as a user meets them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use emulator::distcore::{Arithmetic, Distribution, Format::F64, Law, Representation, SpecialMass};
use emulator::reference::values::{Ending, Header, ValuesWriter};
use emulator::reference::{Place, ValueId};

/// Standard output, standard error, exit code.
struct Ended {
    stdout: Vec<u8>,
    stderr: String,
    code: i32,
}

impl Ended {
    #[track_caller]
    fn good(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        String::from_utf8(self.stdout).expect("text")
    }

    /// The one line on standard error of a command that refuses.
    #[track_caller]
    fn refusal(self) -> String {
        assert_eq!((self.code, self.stdout.len()), (2, 0), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        self.stderr.trim_end().to_owned()
    }
}

fn sigemu<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>, stdin: &[u8]) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sigemu"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sigemu starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let input = stdin.to_vec();
    // A command that refuses its arguments does not read: a broken pipe is its right.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    drop(writer.join());
    Ended {
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("text"),
        code: output.status.code().unwrap_or(-1),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn gauss(mean: f64, deviation: f64) -> Distribution {
    let law = Law::gauss(mean, deviation).expect("a law");
    Arithmetic::new(Representation::Athens, 8)
        .expect("a precision")
        .law(&law, F64)
}

fn text(value: &Distribution, particle: f64) -> String {
    value.to_ux(Some(particle), F64).to_text(&particle.to_string())
}

/// What a program printed.
fn printed() -> String {
    let special = SpecialMass {
        nan: 0.25,
        ..SpecialMass::default()
    };
    let partly =
        Distribution::from_all_parts(&[1.0, 2.0], &[0.5, 0.25], special, Representation::Athens).expect("a value");
    format!(
        "lift = {} N, drag: {}\ncount {}\n{}\n",
        text(&gauss(700.0, 20.0), 701.5),
        text(&gauss(-3.0, 1.0), -3.0),
        text(&Distribution::certain(7.0), 7.0),
        text(&partly, 1.3),
    )
}

#[test]
fn values_in_any_text_are_found_and_named() {
    let table = sigemu(["ux", "compare"], printed().as_bytes()).good();
    insta::assert_snapshot!(table);
    insta::assert_snapshot!(
        sigemu(
            ["ux", "inspect", "--only", "lift", "--only", "4", "-"],
            printed().as_bytes()
        )
        .good()
    );
}

/// Files with what two versions of a program print.
fn two_versions(folder: &Path) -> [PathBuf; 2] {
    let (lift, drag, mass) = (gauss(700.0, 20.0), gauss(-3.0, 1.0), gauss(50.0, 2.0));
    let old = format!(
        "lift = {}\ndrag = {}\nmass = {}\nmass = {}\n",
        text(&lift, 701.5),
        text(&drag, -3.0),
        text(&mass, 50.0),
        text(&gauss(60.0, 2.0), 60.0)
    );
    let new = format!(
        "mass = {}\nlift = {}\nthrust = {}\nmass = {}\n",
        text(&mass, 50.0),
        text(&gauss(710.0, 20.0), 711.5),
        text(&drag, -3.0),
        text(&gauss(61.0, 2.0), 61.0)
    );
    let paths = ["old.txt", "new.txt"].map(|name| folder.join(name));
    for (path, content) in paths.iter().zip([old, new]) {
        std::fs::write(path, content).expect("the file is written");
    }
    paths
}

#[test]
fn values_of_two_files_are_compared_label_by_label() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = two_versions(folder.path());
    let [old, new] = paths.each_ref().map(|path| path.to_str().expect("a path"));
    let json = |options: &[&str]| -> Vec<(serde_json::Value, serde_json::Value, serde_json::Value)> {
        let printed = sigemu(["ux", "compare", "--json"].iter().chain(options), b"").good();
        let objects: Vec<serde_json::Value> = serde_json::from_str(&printed).expect("JSON");
        let of = |object: &serde_json::Value| {
            let mean = object["MeanDifference"].as_f64().map(f64::round);
            (object["From"].clone(), object["To"].clone(), mean.into())
        };
        objects.iter().map(of).collect()
    };
    let null = serde_json::Value::Null;
    let pair = |name: &str, difference: f64| (name.into(), name.into(), difference.into());
    assert_eq!(
        json(&[old, new]),
        [
            pair("lift", 10.0),
            pair("mass", 0.0),
            pair("mass (2)", 1.0),
            ("drag".into(), null.clone(), null.clone()),
            (null.clone(), "thrust".into(), null.clone()),
        ]
    );
    assert_eq!(json(&["--only", "lift", old, new]), [pair("lift", 10.0)]);
    let table = sigemu(["ux", "compare", old, new], b"").good();
    assert!(
        table.contains(&format!("only in {old}: drag\nonly in {new}: thrust\n")) && table.contains("\nmass (2)  "),
        "{table}"
    );
    // One table a pair, with the files above its columns.
    assert_eq!(table.matches("Kolmogorov").count(), 3);
    assert!(table.starts_with("lift ") && table.lines().next().is_some_and(|line| line.ends_with(new)));
    // The second file in a pipe.
    let piped = std::fs::read(new).expect("the file");
    let lift = sigemu(["ux", "compare", "--only", "lift", old, "-"], &piped).good();
    assert!(
        lift.lines().next().is_some_and(|line| line.ends_with("standard input")),
        "{lift}"
    );
    for (only, expected) in [
        (
            "drag",
            format!("no two values have the same label: {old} has drag; {new} has none"),
        ),
        (
            "weight",
            "no value is called `weight` or has that number; there are 8: lift,".into(),
        ),
    ] {
        let message = sigemu(["ux", "compare", "--only", only, old, new], b"").refusal();
        assert!(message.contains(&expected), "{message}");
    }
    // One value without a name is compared with all.
    let one = text(&gauss(0.0, 1.0), 0.0);
    let table = sigemu(["ux", "compare", &one, old], b"").good();
    assert_eq!(table.matches("Kolmogorov").count(), 1);
}

#[test]
fn a_plot_in_characters_leaves_out_plain_numbers() {
    let ended = sigemu(["plot", "--format", "text", "--rows", "3"], printed().as_bytes());
    assert_eq!(
        ended.stderr,
        "sigemu: left out 1 plain number (--all draws them as well)\n"
    );
    insta::assert_snapshot!(String::from_utf8(ended.stdout).expect("text"));
}

#[test]
fn the_picture_in_the_readme_is_current() {
    let program = root().join("sdk/examples/wing-lift/wing-lift.elf");
    let output = sigemu([Path::new("run"), &program], b"").good();
    let svg = sigemu(
        ["plot", "-", "--only", "dynamic pressure", "--only", "lift"],
        output.as_bytes(),
    )
    .good();
    let path = root().join("docs/wing-lift.svg");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        svg == committed,
        "{} is not what this prints: sigemu run sdk/examples/wing-lift/wing-lift.elf | sigemu plot - --only 'dynamic pressure' \
         --only lift -o docs/wing-lift.svg",
        path.display()
    );
}

#[test]
fn a_png_begins_as_one() {
    let ended = sigemu(
        ["plot", "--format", "png", "--scale", "1"],
        text(&gauss(0.0, 1.0), 0.0).as_bytes(),
    );
    assert_eq!(&ended.stdout[..8], b"\x89PNG\r\n\x1a\n");
}

#[test]
fn samples_are_those_of_the_library() {
    let value = gauss(700.0, 20.0);
    let mut generator = emulator::distcore::Generator::new(5);
    let wanted: Vec<f64> = (0..100).map(|_| value.sample(&mut generator)).collect();
    let lines = sigemu(["samples", "-n", "100", "--seed", "5"], text(&value, 1.0).as_bytes()).good();
    let found: Vec<f64> = lines.lines().map(|line| line.parse().expect("a number")).collect();
    assert_eq!(found, wanted);
    let json = sigemu(
        ["samples", "-n", "100", "--seed", "5", "--format", "json"],
        text(&value, 1.0).as_bytes(),
    )
    .good();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["Count"], 100);
    assert_eq!(
        json["Samples"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(serde_json::Value::as_f64)
            .collect::<Vec<_>>(),
        wanted
    );
}

#[test]
fn samples_of_several_values_need_columns() {
    let message = sigemu(["samples"], printed().as_bytes()).refusal();
    assert!(
        message.contains("there are 4 values: choose one with --only, or --format csv or json"),
        "{message}"
    );
    let csv = sigemu(["samples", "--format", "csv", "--count", "2"], printed().as_bytes()).good();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "lift,drag,count,value 4"));
    assert!(lines[1].split(',').nth(2) == Some("7.0"), "{}", lines[1]);
}

#[test]
fn every_form_comes_back_as_it_was() {
    let original = sigemu(["ux", "convert"], printed().as_bytes()).good();
    for form in ["binary", "json", "hex"] {
        let converted = sigemu(["ux", "convert", "--to", form], printed().as_bytes());
        assert_eq!(converted.code, 0);
        let back = sigemu(["ux", "convert"], &converted.stdout);
        assert_eq!(back.good(), original, "{form}");
        if form == "hex" {
            // As arguments, as one, and on lines of any length.
            let digits = String::from_utf8(converted.stdout).expect("text");
            let back = sigemu(["ux", "convert"].into_iter().chain(digits.lines()), b"");
            assert_eq!(back.good(), original);
            assert_eq!(sigemu(["ux", "convert", &digits], b"").good(), original);
            let joined: Vec<u8> = digits.bytes().filter(|&c| c != b'\n').collect();
            let wrapped = joined.chunks(60).collect::<Vec<_>>().join(&b"\r\n"[..]);
            assert_eq!(sigemu(["ux", "convert", "-"], &wrapped).good(), original);
            let message = sigemu(["ux", "convert"], &joined[..joined.len() - 2]).refusal();
            assert!(
                message.starts_with("sigemu: standard input: hexadecimal digits: malformed Ux data at byte "),
                "{message}"
            );
        }
    }
    let csv = sigemu(["ux", "convert", "--to", "csv"], printed().as_bytes()).good();
    // Means are computed anew: the last digits of some differ. Particle, type and samples are kept.
    let strip = |text: &str| {
        let start = |line: &str| line.find("Ux").map(|marker| line[..marker + 20].to_owned());
        text.lines().map(start).collect::<Vec<_>>()
    };
    let back = sigemu(["ux", "convert", "--from", "csv"], csv.as_bytes()).good();
    assert_eq!(strip(&back), strip(&original));
    assert_eq!(
        back.lines().map(str::len).collect::<Vec<_>>(),
        original.lines().map(str::len).collect::<Vec<_>>()
    );
}

#[test]
fn a_plain_number_in_csv_stays_one() {
    // NaN and 3.5 as a core prints what has no distribution: samples = 0.
    let printed = "nanUx0400000000000000007FF8000000000000000000017FF80000000000008000000000000000\n\
                   3.5Ux040000000000000000400C00000000000000000001400C0000000000008000000000000000\n";
    let csv = sigemu(["ux", "convert", "--to", "csv"], printed.as_bytes()).good();
    assert!(
        csv.starts_with("label,particle,type,samples,position,mass\nvalue 1,NaN,4,0,NaN,1.0\n"),
        "{csv}"
    );
    assert_eq!(
        sigemu(["ux", "convert", "--from", "csv"], csv.as_bytes()).good(),
        printed
    );
}

/// What a table says in a row.
fn row(table: &str, name: &str) -> String {
    let line = table.lines().find_map(|line| line.trim_start().strip_prefix(name));
    line.unwrap_or_default().trim().to_owned()
}

#[test]
fn a_type_that_is_not_known_is_named_once() {
    let value = text(&gauss(0.0, 1.0), 0.0);
    let table = |value: &str| sigemu(["ux", "inspect", value], b"").good();
    assert_eq!(
        row(&table(&value), "representation"),
        "Athens (type 04), 8 Diracs, 64-bit positions"
    );
    assert_eq!(
        row(&table(&value.replace("Ux04", "Ux99")), "representation"),
        "unknown type 99, 8 Diracs, 64-bit positions"
    );
}

#[test]
fn masses_may_be_off_by_what_rounding_makes_of_them() {
    let csv = "position,mass\n1,0.33333333333\n2,0.33333333333\n3,0.33333333333\n";
    let table = sigemu(["ux", "convert", "--from", "csv"], csv.as_bytes()).good();
    assert!(table.starts_with("Ux04"), "{table}");
}

#[test]
fn samples_become_a_value() {
    let numbers = "x\n1\n2, 3\n4 5 6\n";
    let found = sigemu(["ux", "convert", "--from", "samples"], numbers.as_bytes()).good();
    let die = Arithmetic::new(Representation::Athens, 64)
        .expect("a precision")
        .samples(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], F64);
    assert_eq!(found.trim_end(), text(&die, 3.5));
}

/// A values file of three executions that print `lift` each and `drag` twice; the names of the two values.
fn values_file(path: &Path) -> (ValueId, ValueId) {
    let header = Header {
        task: [1; 32],
        seed: 0,
        precision: 3,
        first: 0,
        executions: 3,
    };
    let place = |conversion| Place {
        text: b"lift = %f N, drag = %f\n".to_vec(),
        conversion,
        occurrence: 0,
    };
    let ids = (ValueId::new(0, &place(0)), ValueId::new(0, &place(1)));
    let mut writer = ValuesWriter::new(Vec::new(), &header).expect("a vector takes it");
    for (lift, drag) in [(700.5, Some(1.0)), (701.5, None), (699.25, Some(3.0))] {
        let printed: Vec<_> = [Some((ids.0, lift)), drag.map(|drag| (ids.1, drag))]
            .into_iter()
            .flatten()
            .collect();
        writer
            .push(Ending::Exit, 0, &printed, |n| place(n as u32))
            .expect("a vector takes it");
    }
    std::fs::write(path, writer.finish().expect("a vector takes it")).expect("the file is written");
    ids
}

#[test]
fn value_ids_are_looked_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.values");
    let (lift, drag) = values_file(&path);
    let file = path.to_str().expect("a path");
    assert_eq!(
        sigemu(["samples", &lift.to_string(), "--values", file], b"").good(),
        "700.5\n701.5\n699.25\n"
    );
    // In what the program printed, and as a file of its own.
    let printed = format!("lift = 700.5{lift} N, drag = 1.0{drag}\n");
    let csv = "lift,drag\n700.5,1.0\n701.5,3.0\n";
    assert_eq!(
        sigemu(
            ["samples", "-", "--values", file, "-n", "2", "--format", "csv"],
            printed.as_bytes()
        )
        .good(),
        csv
    );
    assert_eq!(sigemu(["samples", file, "-n", "2", "--format", "csv"], b"").good(), csv);
    let report = sigemu(["ux", "inspect", file, "--only", "drag", "--json"], b"").good();
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!((&report[0]["Mean"], &report[0]["Maximum"]), (&2.0.into(), &3.0.into()));
    assert!(
        sigemu(["plot", file, "--format", "text", "--rows", "1"], b"")
            .good()
            .starts_with("lift  700.417 ± 0.920")
    );
    let other = "val_00000000000000000000000000000000";
    let message = sigemu(["samples", other, "--values", file], b"").refusal();
    assert!(message.contains("there is no value val_0000"), "{message}");
    let message = sigemu(["samples", &lift.to_string(), "--values", "Cargo.toml"], b"").refusal();
    assert_eq!(message, "sigemu: Cargo.toml: not a values file");
}

/// Each as a newcomer might do it; each message in one line that says what to do.
#[test]
fn what_goes_wrong_is_told() {
    let value = text(&gauss(0.0, 1.0), 0.0);
    let tail = format!("{value}7");
    let cases: &[(&[&str], &[u8], &str)] = &[
        (
            &["plot", "nothing.txt"],
            b"",
            "nothing.txt: no such file, and no Ux text",
        ),
        (&["plot", "."], b"", ".: a directory; expected a file with Ux values"),
        (&["plot"], b"", "standard input: empty"),
        (&["plot"], b"hello", "standard input: no Ux value in 5 bytes"),
        (&["plot", "-", "-"], b"", "standard input can be read only once"),
        (
            &["plot", &value, "-o", "picture.jpg"],
            b"",
            "picture.jpg: the name of a picture ends in .svg, .png or .txt",
        ),
        (
            &["plot", &value, "-o", "/nowhere/a.svg"],
            b"",
            "/nowhere/a.svg: cannot be written: No such file",
        ),
        (
            &["plot", &value, "--scale", "0"],
            b"",
            "--scale 0: expected a factor above 0",
        ),
        (
            &["plot", &value, "--only", "drag"],
            b"",
            "no value is called `drag` or has that number; there are 1: value",
        ),
        (
            &["plot", &value[..50]],
            b"",
            "the text given: malformed Ux data at byte 45: list of Diracs needs",
        ),
        (
            &["plot", &tail],
            b"",
            "the value ends here, as its count of 8 Diracs has it, but 1 more bytes follow",
        ),
        (
            &["plot", "-"],
            b"a line\nlift = 1Ux0400000000000000013FF8",
            "standard input: byte 35 (line 2): malformed Ux text: mean",
        ),
        (
            &["plot", "val_0123456789abcdef0123456789abcdef"],
            b"",
            "say with --values in which values file",
        ),
        (
            &["ux", "compare", &value],
            b"",
            "there is only one value, `value`: comparing needs two",
        ),
        (
            &["ux", "convert", "--from", "csv"],
            b"a,b\n1,2\n",
            "no column `position` in the first line",
        ),
        (
            &["ux", "convert", "--from", "csv"],
            b"position,mass\n1,x\n",
            "line 2: mass `x` is no number",
        ),
        (
            &["ux", "convert", "--from", "csv"],
            b"position,mass\n1,0.2\n2,0.2\n",
            "sigemu: standard input: the masses sum to 0.4, not to 1",
        ),
        (
            &["ux", "convert", "--from", "csv"],
            b"label,position,mass\nlift,1,0.9\nlift,2,0.9\n",
            "standard input: lift: the masses sum to 1.8, not to 1",
        ),
        (
            &["ux", "convert", "--from", "csv"],
            b"position,mass\n-1e999,1\n",
            "line 2: position `-1e999` is beyond the range of a double",
        ),
        (
            &["ux", "convert", "--from", "samples"],
            b"1\n1e400\n",
            "line 2: `1e400` is beyond the range of a double",
        ),
        (
            &["ux", "convert"],
            b"label,particle,type,position,mass\nlift,1,4,1,1\n",
            "standard input: no Ux value, but CSV: `sigemu ux convert --from csv` reads it",
        ),
        (
            &["ux", "inspect"],
            b"1.5\n2.5\n",
            "standard input: no Ux value, but numbers: `sigemu ux convert --from samples` makes a value of them",
        ),
        (
            &["ux", "inspect", ""],
            b"",
            "an argument is empty; expected a Ux text, a file, or `-` for standard input",
        ),
        (
            &["ux", "convert", "--from", "csv", ""],
            b"",
            "an argument is empty; expected",
        ),
        (
            &["ux", "convert", "--from", "samples"],
            b"1\n2 x\n",
            "line 2: `x` is no number",
        ),
        (
            &["ux", "inspect"],
            br#"[{"Diracs":[{"Position":1,"Mass":3}]}]"#,
            "value 1: Diracs[0]: a mass is a probability, not 3",
        ),
        (
            &["ux", "inspect"],
            br#"{"Diracs":[{"Position":1}]}"#,
            "missing field `Mass` at line 1 column 25",
        ),
        (
            &["ux", "inspect"],
            b"Ux0400000000000000013FF000000000000000000001\
            3FF00000000000000000000000000000",
            "standard input: byte 0 (line 1): a value without mass",
        ),
    ];
    for (arguments, stdin, expected) in cases {
        let message = sigemu(*arguments, stdin).refusal();
        assert!(
            message.starts_with("sigemu: ") && message.contains(expected),
            "{arguments:?}: {message}"
        );
    }
}

#[test]
fn a_value_may_begin_with_a_minus_sign() {
    let value = text(&Distribution::certain(-1.5), -1.5);
    assert_eq!(sigemu(["samples", &value, "-n", "2"], b"").good(), "-1.5\n-1.5\n");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sigemu"))
        .args(["samples", &text(&gauss(0.0, 1.0), 0.0), "-n", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sigemu starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

/// Lines of a command whose standard output and standard error are one pipe, which is closed after so many of them; and its exit code.
fn read_some(arguments: &[&str], lines: usize) -> (Vec<String>, i32) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigemu"));
    let both = writer.try_clone().expect("a pipe");
    command.args(arguments).stdin(Stdio::null()).stdout(writer).stderr(both);
    let mut child = command.spawn().expect("sigemu starts");
    // The command has them now; here they must not stay open.
    drop(command);
    let read = std::io::BufRead::lines(std::io::BufReader::new(reader));
    let read: Vec<String> = read.take(lines).map(|line| line.expect("text")).collect();
    (read, child.wait().expect("it ends").code().unwrap_or(-1))
}

#[test]
fn a_reader_that_leaves_is_no_error_in_any_form() {
    let value = text(&gauss(3.0, 0.5), 3.0);
    let most = u64::MAX.to_string();
    for format in ["text", "csv"] {
        let (lines, code) = read_some(&["samples", "--format", format, "--count", &most, &value], 3);
        assert_eq!((lines.len(), code), (3, 0), "{format}");
    }
    // One line of any length: it is written as it is made.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigemu"));
    let samples = ["samples", "--format", "json", "--count", &most, &value];
    let mut child = command.args(samples).stdout(writer).spawn().expect("sigemu starts");
    drop(command);
    let mut start = [0; 60];
    std::io::Read::read_exact(&mut { reader }, &mut start).expect("the beginning");
    assert!(start.starts_with(b"{\"Count\":18446744073709551615,\"Samples\":["));
    assert!(child.wait().expect("it ends").success());
    // Nobody reads what is told on standard error, either.
    let (_, code) = read_some(&["run", "/nowhere"], 0);
    assert_eq!(code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let value = text(&gauss(3.0, 0.5), 3.0);
    for arguments in [
        &["cores"][..],
        &["man"],
        &["completions", "zsh"],
        &["doctor"],
        &["samples", &value],
        &["samples", "--format", "json", &value],
        &["samples", "--format", "csv", &value],
        &["plot", &value],
        &["ux", "inspect", &value],
        &["ux", "convert", "--to", "json", &value],
        &["task", "--schema", "task"],
        &["task", "/nowhere/task.json"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigemu"));
        let ended = command.args(arguments).stdin(Stdio::null()).stdout(full).output();
        let ended = ended.expect("sigemu starts");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {told}");
        assert_eq!(
            told, "sigemu: cannot write to standard output: No space left on device (os error 28)\n",
            "{arguments:?}"
        );
    }
}

#[test]
fn folders_that_contain_themselves_have_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).expect("a link");
    let told = sigemu([Path::new("build"), folder.path()], b"").refusal();
    assert!(told.len() < 400, "{told}");
}

#[test]
fn the_doctor_says_what_works() {
    let ended = sigemu(["doctor", "--json"], b"");
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("JSON");
    assert_eq!(report["CanRun"], true);
    assert_eq!(ended.code, if report["CanBuild"] == true { 0 } else { 1 });
    let findings = report["Findings"].as_array().expect("a list");
    for name in ["C compiler", "zig", "distributions", "engine", "Landlock", "seccomp"] {
        assert!(findings.iter().any(|finding| finding["Name"] == name), "{name}");
    }
    // Without any program in sight, building does not work, and the way to the compiler is told.
    let bare = Command::new(env!("CARGO_BIN_EXE_sigemu"))
        .arg("doctor")
        .env("PATH", "")
        .output()
        .expect("it ends");
    assert_eq!(bare.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bare.stdout).contains("missing: apt install gcc-riscv64-linux-gnu"));
}

/// Every command and option of the table is in what is made from it.
#[test]
fn completions_and_manual_know_every_command() {
    let commands = [
        "run",
        "build",
        "cores",
        "samples",
        "plot",
        "ux",
        "doctor",
        "completions",
        "man",
    ];
    for shell in ["bash", "zsh", "fish"] {
        let script = sigemu(["completions", shell], b"").good();
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
        assert!(script.contains("instruction-limit"), "{shell}");
    }
    let manual = sigemu(["man"], b"").good();
    assert!(
        manual.starts_with(".ie")
            && commands
                .iter()
                .all(|command| manual.contains(&format!("sigemu\\-{command}(1)")))
    );
    let folder = std::env::temp_dir().join(format!("sigemu-man-{}", std::process::id()));
    sigemu([Path::new("man"), &folder], b"").good();
    let page = std::fs::read_to_string(folder.join("sigemu-ux-convert.1")).expect("a page");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert!(page.contains("\\-\\-precision"));
}

/// A number that is none is told as such, and not as an option that is unknown, or in the words of a parser.
#[test]
fn numbers_that_are_none() {
    for (command, option, text, message) in [
        (
            "run",
            "--seed",
            "-1",
            "not a whole number from 0 to 18446744073709551615",
        ),
        (
            "run",
            "--instruction-limit",
            "1e6",
            "not a whole number from 0 to 18446744073709551615",
        ),
        (
            "run",
            "--precision",
            "-4",
            "not a whole number: a precision is 4 to 8000, on a Reference core 4 to 1000000",
        ),
        (
            "run",
            "--memory-size",
            "64MB",
            "not a whole number of bytes, without a unit, such as 64000000",
        ),
        (
            "run",
            "--memory-size",
            "-64",
            "not a whole number of bytes, without a unit, such as 64000000",
        ),
        (
            "run",
            "--stack-size",
            "0",
            "not a whole number of bytes, without a unit, of 16384 or more",
        ),
        ("run", "--threads", "0", "not a whole number of 1 or more"),
        ("run", "--threads", "-2", "not a whole number of 1 or more"),
        (
            "run",
            "--shard",
            "-1/2",
            "'-1/2' is no shard: they are 1/N to N/N, for example 3/64",
        ),
        (
            "run",
            "--signature-granularity",
            "5000",
            "not a whole number from 1 to 4096",
        ),
        (
            "samples",
            "-n",
            "-3",
            "not a whole number from 0 to 18446744073709551615",
        ),
        (
            "samples",
            "--seed",
            "x",
            "not a whole number from 0 to 18446744073709551615",
        ),
        ("plot", "--bars", "-1", "not a whole number from 1 to 8192"),
        ("plot", "--rows", "300", "not a whole number from 1 to 100"),
    ] {
        let ended = sigemu([command, option, text, "a"], b"");
        assert_eq!((ended.code, ended.stdout.len()), (2, 0), "{option} {text}");
        let line = ended.stderr.lines().next().unwrap_or_default();
        assert!(
            line.starts_with(&format!("error: invalid value '{text}' for '"))
                && line.ends_with(&format!(": {message}")),
            "{option} {text}: {line}"
        );
    }
}
