//! Is it revoked or suspended? The bit is read from a list that the same issuer signed, that is not stale and that is
//! the one the credential names (Bitstring Status List 1.0 §3.2); or the credential is looked for in a list of names (`named`).

mod list;
mod lists;
mod named;

use serde_json::Value;
use time::Duration;

use super::{
    detail::{Code, Detail},
    report::Outcome,
    want::{GONE, OwnRecord, Supply},
};
use crate::{
    model::{CredentialStatus, Iri},
    work::Work,
};

pub use list::{ProvedList, check_status_list};
pub(super) use lists::Lists;

/// The most bytes of a status list credential.
pub const MAX_LIST: usize = 2 * 1024 * 1024;
/// The type of an entry in a bit of a signed list. No other name leads to its IRI ([`crate::canonical`]).
const BITSTRING: &str = "BitstringStatusListEntry";
/// How old a copy may be where the list itself sets no end.
const MAX_AGE: Duration = Duration::hours(24);

/// Where a credential's status stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub list: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// In a bit of a signed list.
    Bit { index: u64, purpose: Purpose },
    /// By the credential's own id, in a list of what is revoked.
    Named(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Revocation,
    Suspension,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

/// Reads the declared status of the credential with this id; an entry that cannot be followed is not checked.
pub(super) fn entry(status: &CredentialStatus, credential: Option<&str>) -> Result<Entry, Detail> {
    let unsupported = |found: &str| Detail::of(Code::StatusMethodUnsupported).with("found", found);
    if status.kind == named::METHOD {
        let list = status.id.as_ref().map(Iri::as_str).filter(|list| list.starts_with("https://"));
        return match (list, credential) {
            (Some(list), Some(id)) => Ok(Entry { list: list.to_owned(), place: Place::Named(id.to_owned()) }),
            (None, _) => Err(unusable(&"it is not signed, so that it counts only at an https address")),
            (_, None) => Err(unusable(&"it lists credentials by their id, and this one has none")),
        };
    }
    if status.kind != BITSTRING {
        return Err(unsupported(&status.kind));
    }
    let purpose = match status.status_purpose.as_deref() {
        Some("revocation") => Purpose::Revocation,
        Some("suspension") => Purpose::Suspension,
        other => return Err(unsupported(other.unwrap_or("no purpose"))),
    };
    let list = status.status_list_credential.as_ref().map(Iri::as_str).unwrap_or_default();
    if !list.starts_with("https://") && !list.starts_with("http://") {
        return Err(unsupported(list));
    }
    let index = status.status_list_index.as_deref().unwrap_or_default();
    match index.parse::<u64>() {
        Ok(number) if number.to_string() == index => {
            Ok(Entry { list: list.to_owned(), place: Place::Bit { index: number, purpose } })
        }
        _ => Err(unusable(&"statusListIndex is not a whole number")),
    }
}

/// Reads one declared status of a document of any kind.
pub(super) fn entry_of(status: &Value, credential: Option<&str>) -> Result<Entry, Detail> {
    let text = |name: &str| status.get(name).and_then(Value::as_str).map(str::to_owned);
    let kinds: Vec<&str> = match status.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.and_then(Value::as_str).into_iter().collect(),
    };
    // what else it is does not make it less of an entry
    let kinds = if kinds.contains(&BITSTRING) { BITSTRING.to_owned() } else { kinds.join(", ") };
    if status.get("statusSize").is_some_and(|size| *size != 1) {
        return Err(Detail::of(Code::StatusMethodUnsupported).with("found", "an entry of several bits"));
    }
    let address = |name: &str| text(name).and_then(|url| Iri::parse(url).ok());
    let status = CredentialStatus {
        id: address("id"),
        kind: kinds,
        status_purpose: text("statusPurpose"),
        status_list_index: text("statusListIndex"),
        status_list_credential: address("statusListCredential"),
    };
    entry(&status, credential)
}

/// What the list, of which `supply` is what came, and, where the issuer is ours, the record say together.
pub(super) fn judge(
    entry: &Entry,
    record: Option<OwnRecord>,
    lists: &mut Lists<'_>,
    supply: &Supply,
    work: &mut Work,
) -> (Outcome, Detail) {
    match record {
        Some(OwnRecord::Revoked) => return (Outcome::Failed, Code::Revoked.into()),
        Some(OwnRecord::Suspended) => return (Outcome::Failed, Code::Suspended.into()),
        Some(OwnRecord::Live | OwnRecord::Absent) | None => {}
    }
    let found = |code| {
        let found = Detail::of(code).with("list", &entry.list);
        match &entry.place {
            Place::Bit { index, .. } => found.with("index", index),
            Place::Named(_) => found,
        }
    };
    match (lists.set(entry, supply, work), &entry.place) {
        (Ok(false), _) => (Outcome::Passed, found(Code::StatusClear)),
        (Ok(true), Place::Named(_)) => (Outcome::Failed, found(Code::Revoked)),
        (Ok(true), Place::Bit { purpose: Purpose::Suspension, .. }) => (Outcome::Failed, found(Code::Suspended)),
        (Ok(true), Place::Bit { .. }) => (Outcome::Failed, found(Code::RevokedByList)),
        (Err(detail), _) => (Outcome::NotChecked, detail),
    }
}

/// Why no list was supplied, where none was.
fn absent(supply: &Supply) -> Detail {
    match supply {
        Supply::Unreachable(why) => Detail::of(Code::ListUnreachable).with("problem", why),
        Supply::Gone => Detail::of(Code::ListUnreachable).with("problem", GONE),
        _ => Code::ListNotAsked.into(),
    }
}

fn unusable(problem: &dyn std::fmt::Display) -> Detail {
    Detail::of(Code::ListUnusable).with("problem", problem)
}
