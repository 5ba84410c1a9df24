//! Bounded work: whatever 256 KiB hold, reading and judging them takes at most [`MEMORY`] beside the input, and what would take much work is
//! refused by count: levels, proofs, statements, steps ([`Work`]). Counted are memory and work, not time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod inputs;

use inputs::Hostile;
use peak_alloc::PeakAlloc;
use time::macros::utc_datetime;
use waymark_credential::Timestamp;
use waymark_credential::status_list::{StatusList, StatusListError};
use waymark_credential::verify::{MAX_DOCUMENT, Outcome, Policy, State, Verification};
use waymark_credential::work::Work;

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

/// The findings of every check that did not pass, or the name of the refusal, and the work that it took. Nothing is supplied from outside.
fn judge(input: &[u8], policy: &Policy) -> (Vec<&'static str>, Work) {
    let (report, work) = match Verification::open(input, policy, NOW) {
        Err(unreadable) => return (vec![unreadable.code()], Work::default()),
        Ok(verification) => verification.report_with_work(),
    };
    assert_ne!(report.state(), State::Valid);
    let findings = report
        .checks()
        .iter()
        .filter(|check| check.outcome != Outcome::Passed)
        .map(|check| check.detail.code.as_str())
        .collect();
    (findings, work)
}

/// One test, because the count is of the whole process.
#[test]
fn hostile_inputs_are_answered_within_the_limits() {
    let mut wrong = Vec::new();
    let mut spent = Work::default();
    let inputs = inputs::all();
    assert!(inputs.len() > 150, "{}", inputs.len());
    for Hostile { name, input, expected } in inputs {
        assert!(input.len() <= MAX_DOCUMENT, "{name}: {} bytes", input.len());
        let ((findings, work), memory) = counted(|| judge(&input, &Policy::product()));
        let ((_, any), memory_any) = counted(|| judge(&input, &Policy::vc_api()));
        let memory = memory.max(memory_any);
        spent = [work, any].into_iter().fold(spent, |most, work| Work {
            terms: most.terms.max(work.terms),
            bytes: most.bytes.max(work.bytes),
            steps: most.steps.max(work.steps),
            signatures: most.signatures.max(work.signatures),
            lists: most.lists.max(work.lists),
        });
        // no endorsement is reached in any of them
        if !work.is_within(&Work::OF_ONE) || !any.is_within(&Work::OF_ONE) {
            wrong.push(format!("{name}: {work:?}, {any:?}"));
        }
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
    // the inputs spend what is allowed, so that the limits are tried; the limit of bytes is tried where it is set
    assert!(spent.steps == Work::OF_ONE.steps && spent.terms > Work::OF_ONE.terms / 10 * 9, "{spent:?}");
    assert!(spent.bytes > 500_000 && spent.signatures == 1, "a proof that does not hold ends it: {spent:?}");
}
