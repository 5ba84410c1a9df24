//! Reading single members of a JSON document.

use serde_json::Value;
use time::{PrimitiveDateTime, format_description::well_known::Iso8601};

use crate::{
    Timestamp,
    model::{DateTime, is_absolute_iri},
};

/// One value or the values of an array, as a slice; nothing where the member is missing.
pub(super) fn each(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(single) => std::slice::from_ref(single),
    }
}

/// The id in a text, or in an object with an `id`, where it is an absolute URL.
pub(super) fn id_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text,
        Value::Object(members) => members.get("id")?.as_str()?,
        _ => return None,
    };
    is_absolute_iri(text).then(|| text.to_owned())
}

/// The names of a beginning, of both data models: the older base context defines those of the newer one too.
pub(super) const BEGINNINGS: [&str; 2] = ["validFrom", "issuanceDate"];
/// The names of an end.
pub(super) const ENDS: [&str; 2] = ["validUntil", "expirationDate"];

/// The dates under these names, each with its name; what is no date is left aside.
pub(super) fn dates(value: &Value, names: [&'static str; 2]) -> impl Iterator<Item = (&'static str, DateTime)> {
    names.into_iter().filter_map(|name| Some((name, date(value, name).ok()??)))
}

/// The date under `name`; an error where it is there and no date.
pub(super) fn date(value: &Value, name: &str) -> Result<Option<DateTime>, ()> {
    match value.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => DateTime::parse(text.clone()).map(Some).map_err(|_| ()),
        Some(_) => Err(()),
    }
}

/// The date of a proof. One that was written without a time zone is read as UTC (VC-DATA-INTEGRITY §2.1).
pub(super) fn proof_date(text: &str) -> Option<Timestamp> {
    match DateTime::parse(text) {
        Ok(date) => Some(date.at()),
        Err(_) => {
            let zoneless = text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T') && !text.contains(['Z', '+']);
            let read = PrimitiveDateTime::parse(text, &Iso8601::DATE_TIME).ok().filter(|_| zoneless);
            read.map(|at| at.assume_utc().into())
        }
    }
}
