//! What other systems deliver, read into what happened: one file for each language. Of a payload only the members that are needed are looked at, each
//! strictly; everything else may be as it likes.
//!
//! Promises: the key of what happened follows from signed content alone, so a payload that is delivered again under another name is the same event. Nothing here
//! touches a store.

mod discourse;
pub mod feed;
mod forgejo;
mod github;

use serde_json::Value;

use super::adapter::{Adapter, Credit, Native};
use crate::clock::{Timestamp, parse_rfc3339};

/// What one delivery says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Happened(Box<Happened>),
    /// What was told under this key is not so any more.
    TakenBack(TakenBack),
    /// Nothing to credit; the word says why.
    Ignored(&'static str),
}

/// Something that can be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub native: Native,
    /// Names it, however often it is delivered.
    pub key: String,
    pub at: Option<Timestamp>,
    /// What it was done to: counted once where a track says so.
    pub object: String,
    pub url: Option<String>,
    pub title: Option<String>,
    /// Repository or category, under each name that it has.
    pub places: Vec<String>,
    pub people: Vec<(Credit, Person)>,
    /// Who accepted, merged or liked it.
    pub giver: Option<Person>,
    /// The state of the object that the payload shows, where it can change again.
    pub as_of: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    pub native: Native,
    pub key: String,
    pub people: Vec<(Credit, Person)>,
    /// Where set, only what was seen in this state or an earlier one is taken back: an older payload says nothing about a newer one.
    pub as_of: Option<Timestamp>,
    /// Whether the payload is about the taking back and nothing else, so that it also holds for what comes later than it.
    pub for_good: bool,
}

/// Who did something, by their name in the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub login: String,
    pub is_bot: bool,
}

/// A member of the payload that is not what the published format says, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

type Read<T> = Result<T, Unreadable>;

/// Reads the payload of an event that the adapter's system names `event`. `base` is the address of the source.
///
/// # Errors
/// A member that is needed is missing or of another kind.
pub fn read(adapter: Adapter, event: &str, payload: &Value, base: &str) -> Result<Reading, Unreadable> {
    match adapter {
        Adapter::GitHub => github::read(event, payload),
        Adapter::Discourse => discourse::read(event, payload, base),
        Adapter::Forgejo => forgejo::read(event, payload),
        Adapter::CloudEvents | Adapter::Feed => Ok(Reading::Ignored("not_delivered")),
    }
}

const LONGEST_TITLE: usize = 500;

/// A text that must be there.
fn text<'v>(payload: &'v Value, pointer: &str) -> Read<&'v str> {
    let found = payload.pointer(pointer).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    found.ok_or_else(|| Unreadable(format!("`{}` is missing or is no text", dotted(pointer))))
}

fn number(payload: &Value, pointer: &str) -> Read<i64> {
    let found = payload.pointer(pointer).and_then(Value::as_i64);
    found.ok_or_else(|| Unreadable(format!("`{}` is missing or is no whole number", dotted(pointer))))
}

fn moment(payload: &Value, pointer: &str) -> Read<Timestamp> {
    let said = text(payload, pointer)?;
    parse_rfc3339(said).ok_or_else(|| Unreadable(format!("`{}` is no time", dotted(pointer))))
}

fn flag(payload: &Value, pointer: &str) -> bool {
    payload.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// One line of at most so many characters as a contribution's title has.
fn title(payload: &Value, pointer: &str) -> Read<String> {
    Ok(text(payload, pointer)?.chars().take(LONGEST_TITLE).collect())
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// A user as GitHub and Forgejo write one; None where the account is gone.
fn user(payload: &Value, pointer: &str) -> Read<Option<Person>> {
    let Some(found) = payload.pointer(pointer).filter(|user| !user.is_null()) else { return Ok(None) };
    let login = text(found, "/login").map_err(|_| Unreadable(format!("`{}.login` is missing", dotted(pointer))))?;
    let said = found.get("type").and_then(Value::as_str);
    let of_the_system = found.get("id").and_then(Value::as_i64).is_some_and(|id| id < 0);
    let is_bot = said.is_some_and(|kind| kind.eq_ignore_ascii_case("bot")) || login.ends_with("[bot]") || of_the_system;
    Ok(Some(Person { login: login.to_lowercase(), is_bot }))
}
