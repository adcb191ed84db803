//! Random instruction streams on sigemu and qemu-riscv64: the same registers, memory and flags.
//!
//! `SIGEMU_DIFFERENTIAL=50000000 cargo test -p riscv-tests --test differential` runs that many instructions, from
//! `SIGEMU_DIFFERENTIAL_SEED` on.

use riscv_tests::differential::Stream;
use riscv_tests::runner::Runner;
use riscv_tests::sources::Sources;

const SLOTS: usize = 1_000;
const PASSES: u32 = 200;
const DEFAULT: u64 = 2_000_000;

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
