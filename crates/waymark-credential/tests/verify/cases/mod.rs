//! The table of cases: an input, what is known and found, and the state, check and finding that must come of it.

mod did_jwk;
mod forms;
mod hosted;
mod jose;
mod jwt_forms;
mod jwt_lists;
mod key_life;
mod keys;
mod lists;
mod named;
mod older_model;
mod restructured;
mod states;

pub use forms::picture;
use serde_json::Value;
use waymark_credential::{
    Timestamp,
    verify::{CheckId, Code, Outcome, Policy, Report, State, Unreadable},
};

use crate::made::{NOW, World, at};

pub struct Case {
    pub name: &'static str,
    pub input: Vec<u8>,
    pub now: Timestamp,
    pub policy: Policy,
    pub world: World,
    expected: Expected,
}

enum Expected {
    Report(State, CheckId, Code),
    Unreadable(&'static str),
}

impl Case {
    /// The input must come to `state`, and `check` must have found `code`.
    fn new(name: &'static str, input: impl Input, state: State, check: CheckId, code: Code) -> Self {
        Self::of(name, input.bytes(), Expected::Report(state, check, code))
    }

    fn unreadable(name: &'static str, input: impl Input, code: &'static str) -> Self {
        Self::of(name, input.bytes(), Expected::Unreadable(code))
    }

    fn of(name: &'static str, input: Vec<u8>, expected: Expected) -> Self {
        Self { name, input, now: at(NOW), policy: Policy::product(), world: World::of_guild(&[]), expected }
    }

    fn at(mut self, now: &str) -> Self {
        self.now = at(now);
        self
    }

    fn world(mut self, world: World) -> Self {
        self.world = world;
        self
    }

    fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    pub fn run(&self) -> Result<Report, Unreadable> {
        self.world.verify(&self.input, &self.policy, self.now)
    }
}

pub trait Input {
    fn bytes(self) -> Vec<u8>;
}

impl Input for &Value {
    fn bytes(self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Input for Value {
    fn bytes(self) -> Vec<u8> {
        (&self).bytes()
    }
}

impl Input for String {
    fn bytes(self) -> Vec<u8> {
        self.into_bytes()
    }
}

impl Input for &str {
    fn bytes(self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl Input for Vec<u8> {
    fn bytes(self) -> Vec<u8> {
        self
    }
}

pub fn all() -> Vec<Case> {
    [
        states::cases(),
        forms::cases(),
        keys::cases(),
        did_jwk::cases(),
        key_life::cases(),
        lists::cases(),
        jwt_lists::cases(),
        named::cases(),
        older_model::cases(),
        hosted::cases(),
        jose::cases(),
        jwt_forms::cases(),
        restructured::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_case_comes_to_its_state_by_its_check() {
    let mut wrong = Vec::new();
    for case in all() {
        let answer = case.run();
        match (&case.expected, &answer) {
            (Expected::Unreadable(code), Err(unreadable)) if unreadable.code() == *code => {}
            (Expected::Report(state, check, code), Ok(report))
                if report.state() == *state && report.check(*check).detail.code == *code => {}
            (_, Err(unreadable)) => wrong.push(format!("{}: {}", case.name, unreadable.code())),
            (_, Ok(report)) => {
                let found: Vec<_> = report.checks().iter().map(|c| format!("{}={}", c.id.as_str(), c.detail)).collect();
                wrong.push(format!("{}: {:?} {found:?}", case.name, report.state()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn claims_are_shown_only_when_shape_proof_and_key_passed() {
    let mut shown = 0;
    for case in all() {
        let Ok(report) = case.run() else { continue };
        let proved = [CheckId::Shape, CheckId::Proof, CheckId::IssuerKey]
            .iter()
            .all(|id| report.check(*id).outcome == Outcome::Passed);
        assert_eq!(report.shown().is_some(), proved, "{}", case.name);
        if !proved {
            let later = [CheckId::Status, CheckId::Validity, CheckId::IssuerIdentity];
            assert!(later.iter().all(|id| report.check(*id).outcome == Outcome::NotChecked), "{}", case.name);
        }
        shown += usize::from(proved);
    }
    assert!(shown > 20);
}

#[test]
fn every_state_and_every_check_is_decided_by_some_case() {
    let cases = all();
    let reports: Vec<_> = cases.iter().filter_map(|case| case.run().ok()).collect();
    for state in State::ALL {
        assert!(reports.iter().any(|report| report.state() == state), "{state:?}");
    }
    for id in CheckId::ALL {
        let failed = |outcome| reports.iter().any(|report| report.check(id).outcome == outcome);
        let may_fail = !matches!(id, CheckId::IssuerIdentity | CheckId::HolderIdentity);
        assert_eq!(failed(Outcome::Failed), may_fail, "{id:?}");
        assert_eq!(failed(Outcome::Passed), id != CheckId::HolderIdentity, "{id:?}");
    }
    let mut names: Vec<_> = cases.iter().map(|case| case.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "names are distinct");
}
