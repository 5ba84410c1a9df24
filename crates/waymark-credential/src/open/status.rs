//! The form of a `BitstringStatusListEntry` (Bitstring Status List 1.0 §2.1).

use serde_json::Value;

use super::{faults::Rules, members::each};
use crate::model::is_absolute_iri;

/// Faults of one entry; other kinds of status have no rules of their own here.
pub(super) fn entry(rules: &mut Rules, entry: &Value, pointer: &str) {
    if !each(entry.get("type")).iter().any(|name| name == "BitstringStatusListEntry") {
        return;
    }
    let mut demand = |holds: bool, name: &str, problem: &str| {
        if !holds {
            rules.fault(format!("{pointer}/{name}"), problem);
        }
    };
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let url = |name: &str| text(name).is_some_and(is_absolute_iri);
    demand(text("statusPurpose").is_some(), "statusPurpose", "must be a text");
    let index = text("statusListIndex").is_some_and(is_whole_number);
    demand(index, "statusListIndex", "must be a whole number, as a text in base 10");
    demand(url("statusListCredential"), "statusListCredential", "must be a URL");
    let apart = entry.get("id").is_none_or(|id| Some(id) != entry.get("statusListCredential"));
    demand(apart, "id", "must not be the address of the list");
    let size = entry.get("statusSize").map_or(Some(1), |size| size.as_u64().filter(|size| (1..=32).contains(size)));
    demand(size.is_some(), "statusSize", "must be a whole number of at least 1");
    let messages = entry.get("statusMessage");
    let size = size.unwrap_or(1);
    demand(size == 1 || messages.is_some(), "statusMessage", "must be there where an entry has more than one bit");
    let well_formed =
        |message: &Value| ["status", "message"].iter().all(|name| message.get(*name).is_some_and(Value::is_string));
    let complete = |messages: &Value| {
        let count = messages.as_array().map_or(0, Vec::len);
        u64::try_from(count) == Ok(1 << size) && each(Some(messages)).iter().all(well_formed)
    };
    demand(messages.is_none_or(complete), "statusMessage", "must hold a status and a message for every value");
    let references = each(entry.get("statusReference"));
    let urls = references.iter().all(|reference| reference.as_str().is_some_and(is_absolute_iri));
    demand(urls, "statusReference", "must be a URL or URLs");
}

fn is_whole_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}
