//! `1EdTechRevocationList` (1EdTech Revocation List 1.0): a JSON document that names the credentials which are revoked. Nothing in it is
//! signed. What makes it the issuer's is its address, which stands under the issuer's signature, and that it came over https.

use serde_json::Value;

use super::{MAX_AGE, MAX_LIST, absent, unusable};
use crate::{
    Timestamp, strict_json,
    verify::{
        detail::{Code, Detail},
        issuer_key::dated,
        want::Supply,
    },
    work::Work,
};

/// The type of a status that leads here.
pub(super) const METHOD: &str = "1EdTechRevocationList";

/// Whether the list at `url` names `credential` as revoked; else why it does not answer that.
pub(super) fn holds(
    credential: &str,
    url: &str,
    issuer: &str,
    supply: &Supply,
    now: Timestamp,
    work: &mut Work,
) -> Result<bool, Detail> {
    let Supply::Found { bytes, fetched_at } = supply else { return Err(absent(supply)) };
    if !work.reads_list(bytes.len()) {
        return Err(Code::ProofTooComplex.into());
    }
    let list = strict_json::parse(bytes, MAX_LIST).map_err(|error| unusable(&error))?;
    if !list.is_object() {
        return Err(unusable(&"it is not an object"));
    }
    let stated = list.get("id");
    if let Some(id) = stated.filter(|id| *id != url) {
        return Err(unusable(&format_args!("it says that it is {id}")));
    }
    let by = list.get("issuer").map(|by| by.get("id").unwrap_or(by));
    if let Some(other) = by.filter(|by| *by != issuer) {
        return Err(Detail::of(Code::ListOfAnother).with("found", other.as_str().unwrap_or("somebody else")));
    }
    if let Some(end) = fetched_at.checked_add(MAX_AGE).filter(|end| *end < now) {
        return Err(dated(Code::ListStale, end));
    }
    let revoked = match list.get("revokedCredential") {
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(single @ (Value::Object(_) | Value::String(_))) => std::slice::from_ref(single),
        // a list that names nobody leaves the member out; then it must at least say that it is this list
        None if stated.is_some() => &[],
        _ => return Err(unusable(&"it has no revokedCredential")),
    };
    let mut found = false;
    for entry in revoked {
        let Some(id) = entry.as_str().or_else(|| entry.get("id")?.as_str()) else {
            return Err(unusable(&"an entry of revokedCredential has no id"));
        };
        // true where nothing is said, and anything but false revokes
        found |= same_id(id, credential) && entry.get("revoked").is_none_or(|revoked| *revoked != Value::Bool(false));
    }
    Ok(found)
}

/// Two ids of one credential (Open Badges 3.0 §7): equal once they are trimmed and percent-decoded.
fn same_id(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

fn plain(id: &str) -> Vec<u8> {
    let bytes = id.trim().as_bytes();
    let digit =
        |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16)).and_then(|n| u8::try_from(n).ok());
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push(high * 16 + low);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}
