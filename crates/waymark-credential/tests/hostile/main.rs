//! Bounded work: whatever 256 KiB hold, reading and judging them takes at most [`MEMORY`] beside the input, and what would take much work is
//! refused by count: levels, proofs, statements, steps. Counted is memory, not time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod inputs;

use inputs::Hostile;
use peak_alloc::PeakAlloc;
use time::macros::utc_datetime;
use waymark_credential::Timestamp;
use waymark_credential::status_list::{StatusList, StatusListError};
use waymark_credential::verify::{MAX_DOCUMENT, Outcome, Policy, State, Verification};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The most memory that one verification takes beside its input, in bytes.
const MEMORY: usize = 64 * 1024 * 1024;
const NOW: Timestamp = utc_datetime!(2026-06-01 00:00:00);

/// What `work` gives, and the memory that it took.
fn counted<T>(work: impl FnOnce() -> T) -> (T, usize) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let answer = work();
    (answer, ALLOCATOR.peak_usage() - before)
}

/// The findings of every check that did not pass, or the name of the refusal. Nothing is supplied from outside.
fn judge(input: &[u8]) -> Vec<&'static str> {
    let report = match Verification::open(input, &Policy::product(), NOW) {
        Err(unreadable) => return vec![unreadable.code()],
        Ok(verification) => verification.report(),
    };
    assert_ne!(report.state(), State::Valid);
    report
        .checks()
        .iter()
        .filter(|check| check.outcome != Outcome::Passed)
        .map(|check| check.detail.code.as_str())
        .collect()
}

/// One test, because the count is of the whole process.
#[test]
fn hostile_inputs_are_answered_within_the_limits() {
    let mut wrong = Vec::new();
    let inputs = inputs::all();
    assert!(inputs.len() > 150, "{}", inputs.len());
    for Hostile { name, input, expected } in inputs {
        assert!(input.len() <= MAX_DOCUMENT, "{name}: {} bytes", input.len());
        let (findings, memory) = counted(|| judge(&input));
        if memory > MEMORY || expected.is_some_and(|expected| !findings.contains(&expected)) {
            wrong.push(format!("{name}: {findings:?} and not {expected:?}, {memory} bytes"));
        }
    }
    let bomb = inputs::gzip(100_000_000);
    let (list, memory) = counted(|| StatusList::decode(&bomb));
    if memory > MEMORY || list != Err(StatusListError::TooLong) {
        wrong.push(format!("a list that unpacks to very much: {memory} bytes"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
