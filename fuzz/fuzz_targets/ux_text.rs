//! See `checks/ux_text.rs`.
#![no_main]

#[path = "../checks/ux_text.rs"]
mod ux_text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ux_text::check(data));
