//! Random instruction streams on sigemu and qemu-riscv64, and on each of sigemu's ways to run code: the same registers, memory and
//! flags; among ours also the same number of instructions.
//!
//! `SIGEMU_DIFFERENTIAL=50000000 cargo test -p riscv-tests --test differential` runs that many instructions, from
//! `SIGEMU_DIFFERENTIAL_SEED` on. What differs is shrunk and saved in `lines/found.txt`, where `conformance` runs it from then on.

use isa::{Inst, Op, encode};
use riscv_tests::crate_folder;
use riscv_tests::differential::{Emulator, Installed, Stream, found};
use riscv_tests::runner::Runner;
use riscv_tests::sources::Sources;

/// Long streams wear values down to zeros and NaNs; short ones spend their time on drawing new values.
const SLOTS: usize = 250;
const PASSES: u32 = 400;
const DEFAULT: u64 = 1_000_000;

/// How sigemu runs what qemu judges.
const REFERENCE: &[&str] = &["--core=C0-Bypass", "--stats=json"];
/// The other ways, which must do the same in as many instructions: without linked blocks, one instruction at a time, with loads
/// watched for distributions, and through the tracked path.
const OTHERS: [&[&str]; 6] = [
    &["--core=C0-Bypass", "--stats=json", "--engine=portable"],
    &["--core=C0-Bypass", "--stats=json", "--engine=stepping"],
    &["--core=C0-S", "--stats=json", "--engine=threaded"],
    &["--core=C0-S", "--stats=json", "--engine=portable"],
    &["--core=C0-S", "--stats=json", "--force-tracking"],
    &["--core=C0-S", "--stats=json", "--force-tracking", "--engine=stepping"],
];

#[test]
fn random_streams_agree_with_qemu() {
    let number = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text}")),
        Err(_) => default,
    };
    let wanted = number("SIGEMU_DIFFERENTIAL", DEFAULT);
    let first_seed = number("SIGEMU_DIFFERENTIAL_SEED", 1);
    let sources = Sources::find().expect("the sources of riscv-tests");
    let installed = |runner| Installed {
        runner,
        sources: &sources,
    };
    let qemu = installed(Runner::Qemu);
    let sigemu = installed(Runner::sigemu_with(REFERENCE));
    let others = OTHERS.map(|options| (options, installed(Runner::sigemu_with(options))));

    let (mut instructions, mut seed) = (0, first_seed);
    while instructions < wanted {
        let stream = Stream::random(seed, SLOTS, PASSES);
        check(&stream, &sigemu, &qemu, "sigemu and qemu");
        for (options, other) in &others {
            check(&stream, other, &sigemu, &format!("{options:?} and {REFERENCE:?}"));
        }
        instructions += stream.instructions();
        seed += 1;
    }
    println!(
        "{instructions} instructions in {} streams on qemu and in {} ways on sigemu, no difference",
        seed - first_seed,
        1 + OTHERS.len(),
    );
}

/// Shrinks a stream that differs, and saves what it tells.
fn check(stream: &Stream, ours: &dyn Emulator, reference: &dyn Emulator, who: &str) {
    if stream.agrees(ours, reference).expect("both emulators run") {
        return;
    }
    let small = stream.clone().shrink(ours, reference).expect("both emulators run");
    let line = found::line(&small, ours, reference).expect("both emulators run");
    let saved = match line {
        Some(line) => {
            let file = crate_folder().join("lines/found.txt");
            found::save(&line, &file).expect("a file that can be written");
            format!("{line}\nsaved in {}", file.display())
        }
        None => format!("no test line shows it; the program is {}", small.source().display()),
    };
    panic!("{who} differ\n{}{saved}", small.listing());
}

/// The harness must see a difference: qemu 7.2 gets `ctzw` wrong where the low word is zero and the high word is not.
#[test]
fn a_known_difference_is_seen_and_shrunk() {
    let sources = Sources::find().expect("the sources of riscv-tests");
    let installed = |runner| Installed {
        runner,
        sources: &sources,
    };
    let (sigemu, qemu) = (installed(Runner::sigemu()), installed(Runner::Qemu));
    let word = |inst: Inst| encode(&inst).expect("an encoding");
    let ones = word(Inst {
        rd: 6,
        imm: -1,
        ..Inst::new(Op::Addi)
    });
    let zero_low_word = word(Inst {
        rd: 6,
        rs1: 6,
        imm: 63,
        ..Inst::new(Op::Slli)
    });
    let ctzw = word(Inst {
        rd: 5,
        rs1: 6,
        ..Inst::new(Op::Ctzw)
    });
    let random = Stream::random(u64::from(u32::MAX), 60, PASSES);
    let stream = random.ending_with(ones).ending_with(zero_low_word).ending_with(ctzw);
    let differs = |stream: &Stream| !stream.agrees(&sigemu, &qemu).expect("both emulators run");
    assert!(
        differs(&stream),
        "qemu's ctzw is right: it can be compared like the others"
    );
    let small = stream.shrink(&sigemu, &qemu).expect("both emulators run");
    assert!(differs(&small));
    let listing = small.listing();
    let instructions: Vec<&str> = listing.lines().skip(1).collect();
    assert!(
        instructions.len() <= 3 && instructions.last() == Some(&"  6013129b ctzw\tt0,t1"),
        "{listing}"
    );
    // Of the three one is to blame: what qemu says of it is saved.
    let line = found::line(&small, &sigemu, &qemu).expect("both emulators run");
    let expected = "6013129b ; ctzw t0,t1 ; t1=0x8000000000000000 => t0=0x3f";
    assert_eq!(line.as_deref(), Some(expected));
}
