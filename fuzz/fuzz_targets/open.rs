#![no_main]

#[path = "../../crates/waymark-credential/tests/fuzz/bodies.rs"]
#[allow(dead_code, reason = "each target runs one of the bodies")]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::open(data));
