//! Facts and criteria in a few words.

use serde_json::{Value, json};
use waymark_criteria::{
    Amount, Criteria, Decision, Detail, Explained, Fact, FactId, MemberId, ObjectKey, PrefixedId, Timestamp,
};

pub fn at(text: &str) -> Timestamp {
    let parsed = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    parsed.unwrap_or_else(|error| panic!("{text}: {error}")).checked_to_utc().expect("inside the calendar")
}

/// Noon UTC of a day.
pub fn noon(day: &str) -> Timestamp {
    at(&format!("{day}T12:00:00Z"))
}

pub fn id(number: u128) -> FactId {
    FactId::from_bits(number)
}

pub fn criteria(value: &Value) -> Criteria {
    Criteria::from_value(value).unwrap_or_else(|mistakes| panic!("{value}: {mistakes:?}"))
}

/// A tree of one leaf called `it`.
pub fn only(kind: &str, asked: &Value) -> Criteria {
    criteria(&json!({"id": "it", kind: asked}))
}

pub fn current(kind: &str, asked: &Value) -> Criteria {
    criteria(&json!({"standing": "current", "id": "it", kind: asked}))
}

pub fn fact(number: u128, happened_at: Timestamp, detail: Value) -> Fact {
    Fact {
        id: id(number),
        happened_at,
        known_at: happened_at,
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail: serde_json::from_value::<Detail>(detail).unwrap(),
        voided_by: None,
    }
}

pub fn exam(number: u128, happened_at: Timestamp, passed: bool) -> Fact {
    fact(number, happened_at, json!({"kind": "exam", "slug": "a", "passed": passed}))
}

pub fn merged(number: u128, happened_at: Timestamp) -> Fact {
    fact(number, happened_at, json!({"kind": "contribution", "type": "change.merged"}))
}

pub fn joined(number: u128, happened_at: Timestamp) -> Fact {
    fact(number, happened_at, json!({"kind": "membership"}))
}

pub fn on(object: &str, fact: Fact) -> Fact {
    Fact { object: Some(ObjectKey::try_from(object.to_owned()).unwrap()), ..fact }
}

pub fn from(giver: u128, fact: Fact) -> Fact {
    Fact { giver: Some(MemberId::from_bits(giver)), ..fact }
}

pub fn weighing(amount: i64, fact: Fact) -> Fact {
    Fact { amount: Amount::whole(amount), ..fact }
}

/// The same contribution, of this type and source.
pub fn of(kind: &str, source: &str, fact: Fact) -> Fact {
    let detail = json!({"kind": "contribution", "type": kind, "source": source});
    Fact { detail: serde_json::from_value(detail).unwrap(), ..fact }
}

/// What the member gave to another.
pub fn given_to(number: u128, happened_at: Timestamp, other: u128) -> Fact {
    let to = MemberId::from_bits(other);
    fact(number, happened_at, json!({"kind": "given", "type": "change.merged", "to": to}))
}

pub fn voided(by: u128, fact: Fact) -> Fact {
    Fact { voided_by: Some(id(by)), ..fact }
}

pub fn node<'a>(decision: &'a Decision, name: &str) -> &'a Explained {
    decision.nodes.iter().find(|node| node.node.as_str() == name).unwrap_or_else(|| panic!("no node {name}"))
}

/// The reasons at the only leaf, as words.
pub fn reasons(decision: &Decision) -> Vec<(FactId, String)> {
    let uncounted = &node(decision, "it").uncounted;
    uncounted
        .iter()
        .map(|one| (one.fact, serde_json::to_value(&one.why).unwrap()["why"].as_str().unwrap().to_owned()))
        .collect()
}
