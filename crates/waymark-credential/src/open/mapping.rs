//! What the JSON says and what its quads say must be the same to the verdict: each member that decides stands at its place, and no other
//! road leads to its predicate (an alias in a context, a second object with the same id).

use serde_json::Value;

use super::{Latitude, OpenDocument, Role, members::each};
use crate::canonical::{ExpandError, Node, Quad, expand_open_within};
use crate::work::Work;

const CRED: &str = "https://www.w3.org/2018/credentials#";

/// The names that the verdict reads, of both data models: each is what its predicate is called in `CRED`.
const fn decisive(role: Role) -> &'static [&'static str] {
    match role {
        Role::Credential => &[
            "issuer",
            "validFrom",
            "issuanceDate",
            "validUntil",
            "expirationDate",
            "credentialStatus",
            "credentialSubject",
        ],
        Role::Presentation => &["holder", "verifiableCredential"],
    }
}

/// Expands the whole document and compares.
pub(super) fn check(document: &OpenDocument, latitude: Latitude, work: &mut Work) -> Result<(), ExpandError> {
    // the proofs are mapped with the document, so that nothing in them is left out either
    let (top, quads) = expand_open_within(document.value(), document.contexts(), work)?;
    for name in decisive(document.role()) {
        let written = each(document.value().get(*name)).len();
        let stated = quads.iter().filter(|quad| states(quad, &top, name)).count();
        if written != stated {
            return Err(ExpandError::NotAllowed {
                pointer: format!("/{name}"),
                what: "stating it by another name or in another place",
            });
        }
    }
    if latitude == Latitude::Known { reserved_words(document.value(), "") } else { Ok(()) }
}

fn states(quad: &Quad<'_>, top: &Node<'_>, predicate: &str) -> bool {
    quad.graph.is_none()
        && quad.subject == *top
        && quad.predicate.as_str().strip_prefix(CRED).is_some_and(|found| found == predicate)
}

/// In documents that are shown, texts are plain: no keyword at any depth but `@context`.
fn reserved_words(value: &Value, pointer: &str) -> Result<(), ExpandError> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            let place = format!("{pointer}/{name}");
            if name == "@context" {
                let own = each(Some(member)).iter().all(Value::is_string);
                return if own { Ok(()) } else { Err(not_shown(place, "a definition inside the document")) };
            }
            if name.starts_with('@') {
                return Err(not_shown(place, "a JSON-LD keyword"));
            }
            reserved_words(member, &place)
        }),
        Value::Array(values) => {
            values.iter().enumerate().try_for_each(|(at, value)| reserved_words(value, &format!("{pointer}/{at}")))
        }
        _ => Ok(()),
    }
}

fn not_shown(pointer: String, what: &'static str) -> ExpandError {
    ExpandError::NotAllowed { pointer, what }
}
