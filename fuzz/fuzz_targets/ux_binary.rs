//! See `checks/ux_binary.rs`.
#![no_main]

#[path = "../checks/ux_binary.rs"]
mod ux_binary;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ux_binary::check(data));
