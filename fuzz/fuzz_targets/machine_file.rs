//! See `checks/machine.rs`.
#![no_main]

#[path = "../checks/machine.rs"]
#[expect(dead_code, reason = "the other target uses the rest")]
mod machine;

libfuzzer_sys::fuzz_target!(|data: &[u8]| machine::check_file(data));
