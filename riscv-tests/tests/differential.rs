//! Random instruction streams on sigemu and qemu-riscv64: the same registers, memory and flags.
//!
//! `SIGEMU_DIFFERENTIAL=50000000 cargo test -p riscv-tests --test differential` runs that many instructions, from
//! `SIGEMU_DIFFERENTIAL_SEED` on.

use isa::{Inst, Op, encode};
use riscv_tests::differential::Stream;
use riscv_tests::runner::Runner;
use riscv_tests::sources::Sources;

/// Long streams wear values down to zeros and NaNs; short ones spend their time on drawing new values.
const SLOTS: usize = 250;
const PASSES: u32 = 400;
const DEFAULT: u64 = 1_000_000;

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
    let sigemu = Runner::named("sigemu").expect("sigemu builds");

    let (mut instructions, mut seed) = (0, first_seed);
    while instructions < wanted {
        let stream = Stream::random(seed, SLOTS, PASSES);
        if !stream
            .agrees(&sigemu, &Runner::Qemu, &sources)
            .expect("both emulators run")
        {
            let small = stream
                .shrink(&sigemu, &Runner::Qemu, &sources)
                .expect("both emulators run");
            panic!(
                "sigemu and qemu differ\n{}{}",
                small.listing(),
                small.source().display()
            );
        }
        instructions += stream.instructions();
        seed += 1;
    }
    println!(
        "{instructions} instructions in {} streams, no difference",
        seed - first_seed
    );
}

/// The harness must see a difference: qemu 7.2 gets `ctzw` wrong where the low word is zero and the high word is not.
#[test]
fn a_known_difference_is_seen_and_shrunk() {
    let sources = Sources::find().expect("the sources of riscv-tests");
    let sigemu = Runner::named("sigemu").expect("sigemu builds");
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
    let differs = |stream: &Stream| {
        !stream
            .agrees(&sigemu, &Runner::Qemu, &sources)
            .expect("both emulators run")
    };
    assert!(
        differs(&stream),
        "qemu's ctzw is right: it can be compared like the others"
    );
    let small = stream
        .shrink(&sigemu, &Runner::Qemu, &sources)
        .expect("both emulators run");
    assert!(differs(&small));
    let listing = small.listing();
    let instructions: Vec<&str> = listing.lines().skip(1).collect();
    assert!(
        instructions.len() <= 3 && instructions.last() == Some(&"  6013129b ctzw\tt0,t1"),
        "{listing}"
    );
}
