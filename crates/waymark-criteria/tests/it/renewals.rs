//! Renewing: what counts for which term, and until when.

use serde_json::json;
use waymark_criteria::{Fact, HeldTerm, Outcome, decide};

use crate::given::{at, exam, fact, joined, merged, noon, only, voided};

fn held(number: u128, awarded: &str, until: &str, credential: &str) -> Fact {
    let detail = json!({"kind": "credential", "track": "t", "credential": credential, "valid_until": until});
    fact(number, noon(awarded), detail)
}

fn ended(number: u128, awarded: &str, until: &str, at: &str) -> Fact {
    let detail = json!({"kind": "credential", "track": "t", "credential": "crd", "valid_until": until, "ended_at": at});
    fact(number, noon(awarded), detail)
}

const FIRST_END: &str = "2027-01-01T00:00:00Z";
const SECOND_END: &str = "2028-01-01T00:00:00Z";

#[test]
fn what_earned_it_does_not_renew_it() {
    let asked = only("exam", &json!({"slug": "a"}));
    let facts = [exam(1, noon("2026-01-01"), true), held(2, "2026-01-01", FIRST_END, "one")];
    let [term] = &HeldTerm::of("t", &facts)[..] else { panic!("one term") };
    assert!(decide(&asked, &facts, noon("2026-06-01")).is_met(), "the tree itself is true");
    assert_eq!(term.renewal(&asked, &facts, 0, noon("2026-06-01")).outcome, Outcome::NotYet);
    let mut again = facts.to_vec();
    again.push(exam(3, noon("2026-11-01"), true));
    let renewed = term.renewal(&asked, &again, 0, noon("2026-12-01"));
    assert_eq!(renewed.outcome, Outcome::Met { at: noon("2026-11-01"), term: 1 });
}

#[test]
fn a_year_of_work_does_not_renew_two_terms() {
    let asked = only("contributions", &json!({"types": ["change.merged"], "at_least": 2}));
    let mut facts = vec![held(1, "2026-01-01", FIRST_END, "one")];
    facts.extend((1..=6).map(|month| merged(month + 10, noon(&format!("2026-0{month}-15")))));
    let first = &HeldTerm::of("t", &facts)[0];
    let renewed = first.renewal(&asked, &facts, 30, noon("2026-07-01"));
    assert_eq!(renewed.decided_at(), Some(noon("2026-02-15")));
    // The next term was awarded at once; it begins where the first ends.
    facts.push(held(2, "2026-02-15", SECOND_END, "two"));
    let terms = HeldTerm::of("t", &facts);
    assert_eq!((terms.len(), terms[1].number, terms[1].from), (2, 2, at(FIRST_END)));
    assert_eq!(terms[1].renewal(&asked, &facts, 30, noon("2026-07-01")).outcome, Outcome::NotYet);
    facts.extend([merged(31, noon("2027-02-01")), merged(32, noon("2027-02-02"))]);
    assert_eq!(terms[1].renewal(&asked, &facts, 30, noon("2027-03-01")).decided_at(), Some(noon("2027-02-02")));
    // What renewed the first is not changed by any of that.
    assert_eq!(terms[0].renewal(&asked, &facts, 30, noon("2027-03-01")).decided_at(), Some(noon("2026-02-15")));
}

#[test]
fn what_renewed_within_the_grace_does_not_count_for_the_next_term() {
    let asked = only("contributions", &json!({"types": ["change.merged"], "at_least": 1}));
    let facts = [
        held(1, "2026-01-01", FIRST_END, "one"),
        merged(11, noon("2027-01-10")),
        held(2, "2027-01-10", SECOND_END, "two"),
    ];
    let terms = HeldTerm::of("t", &facts);
    assert_eq!(terms[0].renewal(&asked, &facts, 30, noon("2027-02-01")).decided_at(), Some(noon("2027-01-10")));
    assert_eq!(terms[1].renewal(&asked, &facts, 30, noon("2027-02-01")).outcome, Outcome::NotYet);
}

#[test]
fn the_grace_has_an_end_and_it_is_outside() {
    let asked = only("exam", &json!({"slug": "a"}));
    let renewed = |passed: &str| {
        let facts = [held(1, "2026-01-01", FIRST_END, "one"), exam(2, at(passed), true)];
        HeldTerm::of("t", &facts)[0].renewal(&asked, &facts, 30, noon("2028-01-01")).is_met()
    };
    assert!(renewed("2027-01-30T23:59:59Z"));
    assert!(!renewed("2027-01-31T00:00:00Z"));
}

#[test]
fn a_higher_credential_renews_a_lower_one() {
    let asked = only("held", &json!({"track": "higher"}));
    let higher =
        |awarded: &str| fact(9, noon(awarded), json!({"kind": "credential", "track": "higher", "credential": "h"}));
    let term = |facts: &[Fact]| HeldTerm::of("t", facts).remove(0);
    let before = [held(1, "2026-03-01", FIRST_END, "one"), higher("2026-02-01")];
    assert!(!term(&before).renewal(&asked, &before, 0, noon("2026-12-01")).is_met(), "held before, it renews nothing");
    let after = [held(1, "2026-03-01", FIRST_END, "one"), higher("2026-05-01")];
    assert_eq!(term(&after).renewal(&asked, &after, 0, noon("2026-12-01")).decided_at(), Some(noon("2026-05-01")));
}

#[test]
fn what_was_ended_or_taken_back_is_not_renewed() {
    assert_eq!(HeldTerm::of("t", &[ended(1, "2026-01-01", FIRST_END, "2026-05-01T00:00:00Z")]), []);
    assert_eq!(HeldTerm::of("t", &[voided(9, held(1, "2026-01-01", FIRST_END, "one"))]), []);
    assert_eq!(HeldTerm::of("other", &[held(1, "2026-01-01", FIRST_END, "one")]), []);
    // A later term that was revoked leaves nothing to renew; one that was taken back leaves the earlier one.
    let first = held(1, "2026-01-01", FIRST_END, "one");
    assert_eq!(HeldTerm::of("t", &[first.clone(), ended(2, "2026-06-01", SECOND_END, "2026-07-01T00:00:00Z")]), []);
    let left = HeldTerm::of("t", &[first, voided(9, held(2, "2026-06-01", SECOND_END, "two"))]);
    assert_eq!(left.iter().map(|term| term.credential.as_str()).collect::<Vec<_>>(), ["one"]);
}

#[test]
fn joining_counts_whenever_it_was_and_time_alone_may_renew_until_the_end() {
    let asked = only("tenure", &json!({"days": 400}));
    let facts = [joined(1, noon("2025-12-01")), held(2, "2026-01-01", FIRST_END, "one")];
    let term = &HeldTerm::of("t", &facts)[0];
    let waiting = term.renewal(&asked, &facts, 30, noon("2026-06-01"));
    assert_eq!(waiting.wake_at, Some(noon("2027-01-05")), "within the grace");
    assert!(term.renewal(&asked, &facts, 30, noon("2027-01-05")).is_met());
    assert_eq!(term.renewal(&asked, &facts, 0, noon("2026-06-01")).wake_at, None, "too late to be waited for");
}
