//! See `checks/machine.rs`.
#![no_main]

#[path = "../checks/machine.rs"]
mod machine;

libfuzzer_sys::fuzz_target!(|data: &[u8]| machine::check_code(data));
