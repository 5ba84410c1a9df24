//! The life of an attempt against a model simple enough to be believed.

use crate::bank::bank;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::{Duration, UtcDateTime};
use waymark_assess::{
    Blueprint, Form, Seed,
    attempt::{
        Attempt, Before, Closing, Connection, Course, Operation, Receipt, Refused, Save, SaveStep, Saved, State, Step,
        Terms,
    },
};

const START: UtcDateTime = UtcDateTime::UNIX_EPOCH;
const LIMIT: Duration = Duration::seconds(60);
const GRACE: Duration = Duration::seconds(5);

fn at(seconds: i64) -> UtcDateTime {
    START + Duration::seconds(seconds)
}

fn form() -> Form {
    let blueprint = Blueprint::from_value(&json!({"domains": {"d": 3}})).expect("a good blueprint");
    blueprint.plan(bank(&[("d", 5)]).iter().map(Into::into)).expect("five fill three").draw(Seed([9; 32]))
}

fn start(attempt: &Attempt, now: UtcDateTime) -> Step {
    attempt.start(now, Terms::of(LIMIT, GRACE), &Course::whole(3), Connection::RunsOn)
}

/// What a server stores of an attempt, with each step applied as one transaction.
struct Desk {
    form: Form,
    course: Course,
    attempt: Attempt,
    saved: BTreeMap<u32, Saved>,
    operations: BTreeMap<String, Operation>,
    seq: u64,
}

impl Desk {
    fn open() -> Self {
        Self {
            form: form(),
            course: Course::whole(3),
            attempt: Attempt::Created,
            saved: BTreeMap::new(),
            operations: BTreeMap::new(),
            seq: 0,
        }
    }

    fn started() -> Self {
        let mut desk = Self::open();
        let Step::Write(attempt) = start(&desk.attempt, at(0)) else { panic!("a new attempt starts") };
        desk.attempt = attempt;
        desk
    }

    fn handle(&self, position: u32, option: usize) -> Value {
        json!([self.form.position(position).expect("of the form").options()[option].handle.as_str()])
    }

    fn save(&mut self, position: u32, response: Value, revision: u64, id: &str, now: i64) -> Result<Receipt, Refused> {
        let save = Save { position, response, revision, client_op_id: id.into() };
        let saved = self.saved.get(&position).cloned().unwrap_or_default();
        let before = Before { saved: &saved, operation: self.operations.get(id), seq: self.seq };
        match self.attempt.save(&self.form, &self.course, before, &save, at(now))? {
            SaveStep::Replay(receipt) => Ok(receipt),
            SaveStep::Write { saved, operation } => {
                let receipt = operation.receipt;
                self.seq = receipt.seq;
                self.saved.insert(position, saved);
                self.operations.insert(id.into(), operation);
                Ok(receipt)
            }
        }
    }

    fn add(&mut self, now: i64, seconds: i64) -> Result<(), Refused> {
        self.attempt = self.attempt.add(&self.course, at(now), Duration::seconds(seconds))?;
        Ok(())
    }

    fn submit(&mut self, now: i64) -> Result<(), Refused> {
        if let Step::Write(attempt) = self.attempt.submit(&self.course, at(now))? {
            self.attempt = attempt;
        }
        Ok(())
    }
}

fn code(result: Result<Receipt, Refused>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "taken")
}

#[test]
fn revisions_count_and_a_retry_is_answered_alike() {
    let mut desk = Desk::started();
    let (a, b) = (desk.handle(1, 0), desk.handle(1, 1));
    let first = desk.save(1, a.clone(), 0, "op-1", 10).unwrap();
    assert_eq!((first.seq, first.revision, first.saved_at), (1, 1, at(10)));
    assert_eq!(desk.save(1, b.clone(), 1, "op-2", 20).unwrap().revision, 2);
    assert_eq!(desk.save(1, a.clone(), 0, "op-1", 30), Ok(first), "the same answer, later and after other changes");
    let stale = desk.save(1, a.clone(), 1, "op-3", 30).unwrap_err();
    let Refused::Stale { stored, sent } = &stale else { panic!("{stale:?}") };
    assert_eq!((stored.revision, stored.response.to_value(), *sent), (2, b.clone(), 1));
    assert_eq!(code(desk.save(1, a.clone(), 3, "op-4", 30)), "response_stale", "a revision from the future");
    assert_eq!(code(desk.save(1, b, 0, "op-1", 30)), "client_op_id_reused");
    assert_eq!(desk.save(1, json!([]), 2, "op-5", 31).unwrap().revision, 3);
    assert!(desk.saved[&1].response.is_cleared());
    assert_eq!(desk.save(2, desk.handle(2, 0), 0, "op-6", 32).unwrap().seq, 4);
}

#[test]
fn what_is_refused_and_in_which_words() {
    let mut desk = Desk::open();
    let a = desk.handle(1, 0);
    assert_eq!(code(desk.save(1, a.clone(), 0, "x", 0)), "attempt_not_started");
    assert_eq!(desk.submit(0), Err(Refused::NotStarted));
    assert_eq!(desk.add(0, 900), Err(Refused::NotStarted));
    let mut desk = Desk::started();
    for bad in ["", "two words", "línea", &"x".repeat(101)] {
        assert_eq!(code(desk.save(1, a.clone(), 0, bad, 1)), "client_op_id_invalid");
    }
    assert_eq!(code(desk.save(0, a.clone(), 0, "x", 1)), "no_such_position");
    assert_eq!(code(desk.save(4, a.clone(), 0, "x", 1)), "no_such_position");
    assert_eq!(code(desk.save(2, a.clone(), 0, "x", 1)), "response_invalid", "a handle of another position");
    assert!(desk.saved.is_empty() && desk.operations.is_empty());
    assert_eq!(code(desk.save(1, a.clone(), 0, "x", 1)), "taken");
    desk.submit(2).unwrap();
    assert_eq!(code(desk.save(1, json!([]), 1, "y", 3)), "attempt_closed");
    assert_eq!(code(desk.save(1, json!([]), 1, "y", 900)), "attempt_closed");
    assert_eq!(code(desk.save(1, a, 0, "x", 3)), "taken", "an answer that was taken stays taken");
    assert_eq!(desk.add(3, 900), Err(Refused::Closed(State::Submitted)));
}

#[test]
fn the_effective_deadline_is_the_last_moment_that_counts() {
    let mut desk = Desk::started();
    let a = desk.handle(1, 0);
    assert_eq!(desk.attempt.remaining(at(20)), Duration::seconds(40));
    assert_eq!(desk.attempt.remaining(at(-20)), LIMIT, "a clock that was set back gives no more than the limit");
    assert_eq!(desk.attempt.remaining(at(62)), Duration::ZERO);
    assert_eq!(code(desk.save(1, a.clone(), 0, "x", 65)), "taken");
    assert_eq!(desk.save(1, json!([]), 1, "y", 66), Err(Refused::Late(at(65))));
    assert_eq!(desk.attempt.state(at(65)), State::InProgress);
    assert_eq!(desk.attempt.state(at(66)), State::Expired, "before anybody has written it");
    assert!(desk.attempt.counts(at(65)) && !desk.attempt.counts(at(66)));
    assert_eq!(desk.attempt.settle(&desk.course, at(65)), None);
    assert_eq!(desk.add(66, 900), Err(Refused::Late(at(65))));
    desk.submit(900).unwrap();
    let Attempt::Closed(closed) = &desk.attempt else { panic!("closed") };
    assert_eq!((closed.how, closed.at), (Closing::Expired, at(65)), "closed at the deadline, not when noticed");
    assert_eq!(code(desk.save(1, json!([]), 1, "z", 901)), "attempt_over");
}

#[test]
fn time_is_only_ever_added() {
    let mut desk = Desk::started();
    desk.add(10, -30).unwrap();
    assert_eq!(desk.attempt.sitting().unwrap().deadline, at(60), "nothing is ever taken away");
    desk.add(10, 60).unwrap();
    let a = desk.handle(1, 0);
    assert_eq!(code(desk.save(1, a, 0, "x", 125)), "taken");
    assert_eq!(start(&desk.attempt, at(130)), Step::Already, "starting again gives no new time");
    let endless = start(&Attempt::Created, UtcDateTime::MAX);
    let Step::Write(endless) = endless else { panic!("starts") };
    assert_eq!(endless.state(UtcDateTime::MAX), State::InProgress);
}

#[test]
fn closed_is_scored_once() {
    let mut desk = Desk::started();
    assert_eq!(desk.attempt.scored(), None);
    desk.submit(30).unwrap();
    assert_eq!(desk.attempt.submit(&desk.course, at(31)), Ok(Step::Already));
    let scored = desk.attempt.scored().unwrap();
    assert_eq!((scored.state(at(40)), scored.scored()), (State::Scored, None));
    assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
}

#[derive(Debug, Clone)]
enum Act {
    Save { position: u32, option: usize, behind: u64 },
    Retry(usize),
    Submit,
    Sweep,
    Extend(i64),
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        8 => (1_u32..=3, 0_usize..4, 0_u64..2).prop_map(|(position, option, behind)| Act::Save { position, option, behind }),
        3 => any::<usize>().prop_map(Act::Retry),
        1 => Just(Act::Submit),
        2 => Just(Act::Sweep),
        1 => (1_i64..200).prop_map(Act::Extend),
        4 => (0_i64..20).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..60)
}

proptest! {
    /// The model: a deadline, whether it is closed, and per position the last answer taken with its count.
    #[test]
    fn any_history_agrees_with_the_model(acts in acts()) {
        let mut desk = Desk::started();
        let (mut now, mut deadline, mut closed_at) = (0_i64, 60_i64, None::<i64>);
        let mut model: BTreeMap<u32, (Value, u64)> = BTreeMap::new();
        let mut taken: Vec<(u32, Value, u64, String, Receipt)> = Vec::new();
        for (n, act) in acts.into_iter().enumerate() {
            let over = closed_at.is_none() && now > deadline + 5;
            match act {
                Act::Wait(seconds) => now += seconds,
                Act::Save { position, option, behind } => {
                    let response = desk.handle(position, option);
                    let (_, revision) = model.get(&position).cloned().unwrap_or_default();
                    let sent = revision.wrapping_sub(behind).min(revision + behind);
                    let answer = desk.save(position, response.clone(), sent, &format!("op-{n}"), now);
                    if closed_at.is_some() || over {
                        let expected = if closed_at.is_some_and(|closed| closed <= deadline + 4) { "attempt_closed" } else { "attempt_over" };
                        let code = answer.map_or_else(|r| r.code(), |_| "taken");
                        prop_assert!(code == expected || (closed_at == Some(deadline + 5) && code != "taken"), "{}", code);
                    } else if sent != revision {
                        let Err(Refused::Stale { stored, .. }) = answer else { panic!("{answer:?}") };
                        prop_assert_eq!(stored.revision, revision);
                    } else {
                        let receipt = answer.unwrap();
                        prop_assert_eq!((receipt.revision, receipt.seq), (revision + 1, taken.len() as u64 + 1));
                        model.insert(position, (response.clone(), revision + 1));
                        taken.push((position, response, sent, format!("op-{n}"), receipt));
                    }
                }
                Act::Retry(which) if !taken.is_empty() => {
                    let (position, response, revision, id, receipt) = taken[which % taken.len()].clone();
                    prop_assert_eq!(desk.save(position, response, revision, &id, now), Ok(receipt));
                }
                Act::Retry(_) => {}
                Act::Submit => {
                    desk.submit(now).unwrap();
                    closed_at = closed_at.or(Some(now.min(deadline + 5)));
                }
                Act::Sweep => {
                    if let Some(attempt) = desk.attempt.settle(&desk.course, at(now)) {
                        prop_assert!(over);
                        desk.attempt = attempt;
                        closed_at = Some(deadline + 5);
                    } else {
                        prop_assert!(!over);
                    }
                }
                Act::Extend(by) => match desk.add(now, by) {
                    Ok(()) => {
                        prop_assert!(closed_at.is_none() && !over);
                        deadline += by;
                    }
                    Err(_) => prop_assert!(closed_at.is_some() || over),
                },
            }
            // What was acknowledged is there, and counts; an attempt closes once, at one time.
            for (position, (response, revision)) in &model {
                prop_assert_eq!((&desk.saved[position].response.to_value(), desk.saved[position].revision), (response, *revision));
            }
            prop_assert!(taken.iter().all(|(.., receipt)| desk.attempt.counts(receipt.saved_at)));
            match &desk.attempt {
                Attempt::Closed(closed) => prop_assert_eq!(Some(closed.at), closed_at.map(at)),
                _ => prop_assert_eq!(closed_at, None),
            }
        }
    }

    /// Two clients send their changes in any interleaving: each position ends with the last answer taken, and whoever was
    /// behind was told so.
    #[test]
    fn the_order_of_arrival_decides_and_nobody_is_overwritten_unseen(order in proptest::collection::vec(any::<bool>(), 2..20)) {
        let mut desk = Desk::started();
        let mut seen = [0_u64; 2];
        for (n, second) in order.iter().enumerate() {
            let client = usize::from(*second);
            let current = desk.saved.get(&1).map_or(0, |saved| saved.revision);
            match desk.save(1, desk.handle(1, client), seen[client], &format!("{client}-{n}"), 1) {
                Ok(receipt) => {
                    prop_assert_eq!(seen[client], current);
                    seen[client] = receipt.revision;
                    prop_assert_eq!(desk.saved[&1].response.to_value(), desk.handle(1, client));
                }
                Err(Refused::Stale { stored, .. }) => {
                    prop_assert!(seen[client] < current);
                    seen[client] = stored.revision;
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}
