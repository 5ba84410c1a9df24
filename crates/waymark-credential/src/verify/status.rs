//! Is it revoked or suspended? The bit is read from a list that the same issuer signed, that is not stale and that is
//! the one the credential names (Bitstring Status List 1.0 §3.2).

use serde_json::Value;
use time::Duration;

use super::{
    detail::{Code, Detail},
    issuer_key::{self, Standing, dated},
    report::Outcome,
    seal::{self, Seal},
    shape,
    want::{OwnRecord, Supply},
};
use crate::{
    Timestamp,
    did::{Authorised, ControllerDocument},
    model::{CredentialStatus, Iri, OneOrMany, StatusListCredential},
    proof::Document,
    status_list::StatusList,
    strict_json,
};

/// The most bytes of a status list credential.
pub const MAX_LIST: usize = 2 * 1024 * 1024;
/// How old a copy may be where the list itself sets no end.
const MAX_AGE: Duration = Duration::hours(24);
/// How far a list may begin in the future, for clocks that differ.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// The place of a credential's bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub list: String,
    pub index: u64,
    pub purpose: Purpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
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

/// Reads the declared status; an entry that cannot be followed is not checked.
pub(super) fn entry(status: &CredentialStatus) -> Result<Entry, Detail> {
    let unsupported = |found: &str| Detail::of(Code::StatusMethodUnsupported).with("found", found);
    if status.kind != "BitstringStatusListEntry" {
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
        Ok(number) if number.to_string() == index => Ok(Entry { list: list.to_owned(), index: number, purpose }),
        _ => Err(unusable(&"statusListIndex is not a whole number")),
    }
}

/// Reads one declared status of a document of any kind.
pub(super) fn entry_of(status: &Value) -> Result<Entry, Detail> {
    let text = |name: &str| status.get(name).and_then(Value::as_str).map(str::to_owned);
    let kinds = match status.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        kind => kind.and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    if status.get("statusSize").is_some_and(|size| *size != 1) {
        return Err(Detail::of(Code::StatusMethodUnsupported).with("found", "an entry of several bits"));
    }
    entry(&CredentialStatus {
        id: None,
        kind: kinds,
        status_purpose: text("statusPurpose"),
        status_list_index: text("statusListIndex"),
        status_list_credential: text("statusListCredential").and_then(|url| Iri::parse(url).ok()),
    })
}

/// What the list and, where the issuer is ours, the record say together.
pub(super) fn judge(
    entry: &Entry,
    list: &Supply,
    record: Option<OwnRecord>,
    issuer: &str,
    keys: &ControllerDocument,
    now: Timestamp,
) -> (Outcome, Detail) {
    match record {
        Some(OwnRecord::Revoked) => return (Outcome::Failed, Code::Revoked.into()),
        Some(OwnRecord::Suspended) => return (Outcome::Failed, Code::Suspended.into()),
        Some(OwnRecord::Live | OwnRecord::Absent) | None => {}
    }
    let place = |code| Detail::of(code).with("list", &entry.list).with("index", entry.index);
    match bit(entry, list, issuer, keys, now) {
        Ok(false) => (Outcome::Passed, place(Code::StatusClear)),
        Ok(true) if entry.purpose == Purpose::Suspension => (Outcome::Failed, place(Code::Suspended)),
        Ok(true) => (Outcome::Failed, place(Code::RevokedByList)),
        Err(detail) => (Outcome::NotChecked, detail),
    }
}

fn bit(
    entry: &Entry,
    supply: &Supply,
    issuer: &str,
    keys: &ControllerDocument,
    now: Timestamp,
) -> Result<bool, Detail> {
    let proved;
    let list = match supply {
        Supply::Found { bytes, fetched_at } => {
            proved = ProvedList::new(bytes, &entry.list, issuer, keys, *fetched_at, now)?;
            &proved
        }
        Supply::List(list) => {
            list.still_holds(&entry.list, issuer, keys, now)?;
            &**list
        }
        Supply::Unreachable(why) => return Err(Detail::of(Code::ListUnreachable).with("problem", why)),
        Supply::NotAsked | Supply::Record(_) | Supply::Document(_) => return Err(Code::ListNotAsked.into()),
    };
    fresh(&list.list, list.fetched_at, now)?;
    if !list.list.credential_subject.status_purpose.as_slice().iter().any(|purpose| purpose == entry.purpose.as_str()) {
        return Err(unusable(&"it is a list for another purpose"));
    }
    list.bits.get(entry.index).map_err(|error| unusable(&error))
}

/// A status list whose signature was checked, with its bits decoded: for a caller that reads many credentials of one list. It takes the
/// memory of its bits, one byte for eight entries.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvedList {
    /// Without its encoded bits.
    list: StatusListCredential,
    bits: StatusList,
    /// The signatures that count, and the key by which each one holds.
    seals: Vec<(Seal, Authorised)>,
    fetched_at: Timestamp,
}

impl ProvedList {
    /// Reads and checks the list at `url` as a reader would: shape, `url` as its id, `issuer` as its signer by keys of `keys` that are good
    /// at `now`, bits that decode. Age and purpose are judged where it is used.
    ///
    /// # Errors
    /// What a reader would be told instead of a status.
    pub fn new(
        bytes: &[u8],
        url: &str,
        issuer: &str,
        keys: &ControllerDocument,
        fetched_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, Detail> {
        let value = strict_json::parse(bytes, MAX_LIST).map_err(|error| unusable(&error))?;
        let mut list = shape::status_list(&value).map_err(|error| unusable(&error))?;
        belongs(&list, url, issuer)?;
        let proofs = list.proof.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
        let seals = seal::embedded(proofs, issuer).map_err(|(_, _, detail)| match detail.code {
            Code::KeyOfAnother => {
                let by = proofs.first().map_or("nobody", |proof| proof.verification_method.as_str());
                Detail::of(Code::ListOfAnother).with("found", by)
            }
            _ => not_proved(detail),
        })?;
        let mut proved = Vec::new();
        for seal in seals {
            let key = good_key(&seal, keys, now)?;
            let (outcome, detail) = seal.check(Some(&Document::StatusList(&list)), &key.key);
            if outcome != Outcome::Passed {
                return Err(not_proved(detail));
            }
            proved.push((seal, key));
        }
        let bits = StatusList::decode(&list.credential_subject.encoded_list).map_err(|error| unusable(&error))?;
        list.credential_subject.encoded_list = String::new();
        Ok(Self { list, bits, seals: proved, fetched_at })
    }

    /// What was settled when it was made, for this entry and at this moment: it is that list, of that issuer, whose document still lists the
    /// very keys by which it was proved, and they are good.
    fn still_holds(&self, url: &str, issuer: &str, keys: &ControllerDocument, now: Timestamp) -> Result<(), Detail> {
        belongs(&self.list, url, issuer)?;
        for (seal, by) in &self.seals {
            if good_key(seal, keys, now)?.key != by.key {
                return Err(not_proved(Code::ProofInvalid.into()));
            }
        }
        Ok(())
    }
}

/// Checks a status list credential as a reader would: shape, `url` as its id, `issuer` as its signer by a key of `keys` that is
/// good at `now`, and bits that decode. For the funnel that signs lists; age and purpose are a reader's questions.
///
/// # Errors
/// What a reader would be told instead of a status.
pub fn check_status_list(
    bytes: &[u8],
    url: &str,
    issuer: &str,
    keys: &ControllerDocument,
    now: Timestamp,
) -> Result<StatusList, Detail> {
    ProvedList::new(bytes, url, issuer, keys, now, now).map(|list| list.bits)
}

fn belongs(list: &StatusListCredential, url: &str, issuer: &str) -> Result<(), Detail> {
    if list.id.as_str() != url {
        return Err(unusable(&format_args!("it says that it is {}", list.id)));
    }
    match list.issuer.id().as_str() {
        signer if signer == issuer => Ok(()),
        signer => Err(Detail::of(Code::ListOfAnother).with("found", signer)),
    }
}

fn unusable(problem: &dyn std::fmt::Display) -> Detail {
    Detail::of(Code::ListUnusable).with("problem", problem)
}

fn not_proved(problem: Detail) -> Detail {
    Detail::of(Code::ListNotProved).with("problem", problem)
}

/// The key that `seal` names, which is good at `now` as the seal itself is.
fn good_key(seal: &Seal, keys: &ControllerDocument, now: Timestamp) -> Result<Authorised, Detail> {
    let key = issuer_key::find(keys, &seal.method).map_err(|(_, detail)| not_proved(detail))?;
    match issuer_key::standing(&key, now) {
        Standing::Good if seal.expires.as_ref().is_some_and(|expires| expires.at() <= now) => {
            Err(not_proved(Detail::of(Code::ListStale)))
        }
        Standing::Good => Ok(key),
        Standing::Revoked(at) => Err(not_proved(dated(Code::KeyRevoked, at))),
        Standing::Expired(at) => Err(not_proved(dated(Code::KeyExpired, at))),
    }
}

/// A list that has ended, or a copy older than the list allows, could hide a revocation.
fn fresh(list: &StatusListCredential, fetched_at: Timestamp, now: Timestamp) -> Result<(), Detail> {
    if list.valid_from.as_ref().is_some_and(|from| from.at() > now + CLOCK_SKEW) {
        return Err(unusable(&"it begins in the future"));
    }
    if let Some(until) = &list.valid_until
        && until.at() <= now
    {
        return Err(dated(Code::ListStale, until.at()));
    }
    let ttl = list.credential_subject.ttl.map(|ttl| Duration::milliseconds(i64::try_from(ttl).unwrap_or(i64::MAX)));
    let age = match (ttl, &list.valid_until) {
        (Some(ttl), _) => Some(ttl),
        (None, None) => Some(MAX_AGE),
        (None, Some(_)) => None,
    };
    match age.and_then(|age| fetched_at.checked_add(age)) {
        Some(end) if end < now => Err(dated(Code::ListStale, end)),
        _ => Ok(()),
    }
}
