//! Does the key belong to the issuer? The issuer's identifier is the document that controls the key, and that document
//! lists the key for assertions.

use super::{
    detail::{Code, Detail},
    report::Outcome,
    seal::Seal,
    want::{GONE, Supply, Want},
};
use crate::{
    Timestamp,
    did::{Authorised, ControllerDocument, Did, InvalidDid, NotAuthorised, key_at},
    model::DateTime,
};

/// Where an issuer's keys are found.
pub(super) enum Source {
    /// In the identifier itself.
    Here(ControllerDocument),
    /// In a document that must be supplied.
    Wanted(Want),
    /// Nowhere that is known here.
    Unsupported(Detail),
}

/// Where the key of `seal` is found: at an address of its own, or in the document of `issuer`.
pub(super) fn source_of(seal: Option<&Seal>, issuer: &str) -> Source {
    match seal.and_then(|seal| seal.key_address(issuer)) {
        Some(address) => Source::Wanted(Want::KeyDocument(address.to_owned())),
        None => source(issuer),
    }
}

/// Where the keys of `issuer` are found.
pub(super) fn source(issuer: &str) -> Source {
    let unsupported = |problem: &dyn std::fmt::Display| {
        Source::Unsupported(Detail::of(Code::IssuerUnsupported).with("issuer", issuer).with("problem", problem))
    };
    if issuer.starts_with("https://") {
        return Source::Wanted(Want::KeyDocument(issuer.to_owned()));
    }
    match Did::parse(issuer) {
        Ok(Did::Key(_) | Did::Jwk(_)) => match ControllerDocument::of_itself(issuer) {
            Some(document) => Source::Here(document),
            None => unsupported(&InvalidDid::NotADid),
        },
        Ok(Did::Web(_)) => Source::Wanted(Want::DidDocument(issuer.to_owned())),
        Err(error) => unsupported(&error),
    }
}

/// Reads the supplied document of `issuer`, or what stands at the address of the key itself; else why the key is not known.
pub(super) fn read(seal: Option<&Seal>, issuer: &str, supply: &Supply) -> Result<ControllerDocument, Detail> {
    let read = |bytes: &[u8]| match seal.filter(|seal| seal.key_address(issuer).is_some()) {
        Some(seal) => key_at(bytes, &seal.method, issuer),
        None => ControllerDocument::parse(bytes, issuer),
    };
    match supply {
        Supply::Found { bytes, .. } => {
            read(bytes).map_err(|error| Detail::of(Code::KeyDocumentUnusable).with("problem", error))
        }
        Supply::Unreachable(why) => Err(Detail::of(Code::KeyUnreachable).with("problem", why)),
        Supply::Document(document) if document.id() == issuer => Ok((**document).clone()),
        Supply::Gone => Err(Detail::of(Code::KeyUnreachable).with("problem", GONE)),
        Supply::NotAsked | Supply::Record(_) | Supply::Intended(_) | Supply::Document(_) | Supply::List(_) => {
            Err(Code::KeyNotAsked.into())
        }
    }
}

/// The key behind `method` for an assertion, or one that might have asserted until it was withdrawn; else the outcome of the check and why.
pub(super) fn find(
    document: &ControllerDocument,
    method: &str,
    now: Timestamp,
) -> Result<Authorised, (Outcome, Detail)> {
    let withdrawn = |error| document.withdrawn_key(method, now).ok_or(error);
    found(document.assertion_key(method).or_else(withdrawn), method)
}

/// The same for the purpose that a proof names.
pub(super) fn find_for(
    document: &ControllerDocument,
    method: &str,
    purpose: &str,
    now: Timestamp,
) -> Result<Authorised, (Outcome, Detail)> {
    match purpose {
        "authentication" => found(document.authentication_key(method), method),
        _ => find(document, method, now),
    }
}

fn found(key: Result<Authorised, NotAuthorised>, method: &str) -> Result<Authorised, (Outcome, Detail)> {
    key.map_err(|error| {
        let detail = |code| Detail::of(code).with("method", method);
        match error {
            NotAuthorised::NotListed => (Outcome::Failed, detail(Code::KeyNotListed)),
            NotAuthorised::NotForAssertions | NotAuthorised::OtherController => {
                (Outcome::Failed, detail(Code::KeyNotForAssertions))
            }
            NotAuthorised::Unsupported(found) => {
                (Outcome::NotChecked, Detail::of(Code::KeyKindUnsupported).with("found", found))
            }
            NotAuthorised::Key(error) => {
                (Outcome::NotChecked, Detail::of(Code::KeyDocumentUnusable).with("problem", error))
            }
        }
    })
}

/// What the key's own dates say at `now`, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    Good,
    /// No longer used, and this was signed before.
    Retired(Timestamp),
    /// No longer used, and this is dated later, or not at all.
    Expired(Timestamp),
    /// Withdrawn: anybody may hold it, and may date what they sign as they like.
    Revoked(Timestamp),
}

/// `signed` is what the document says of its own date. It counts against a key that was retired, which is in nobody else's hands; against one that was
/// revoked no date counts.
pub(super) fn standing(key: &Authorised, signed: Option<Timestamp>, now: Timestamp) -> Standing {
    match (key.revoked, key.expires) {
        (Some(at), _) if at <= now => Standing::Revoked(at),
        (_, Some(at)) if at <= now && signed.is_some_and(|signed| signed < at) => Standing::Retired(at),
        (_, Some(at)) if at <= now => Standing::Expired(at),
        _ => Standing::Good,
    }
}

/// The date in a finding.
pub(super) fn dated(code: Code, at: Timestamp) -> Detail {
    Detail::of(code).with("at", DateTime::seconds(at).as_str())
}
