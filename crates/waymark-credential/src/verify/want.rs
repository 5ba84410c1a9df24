//! What the machine needs from outside, and the answers it takes.

use std::sync::Arc;

use super::status::ProvedList;
use crate::{Timestamp, did::ControllerDocument};

/// The most things one verification may want.
pub const MAX_WANTS: usize = 8;
/// The most rounds of wants and answers.
pub const MAX_ROUNDS: usize = 4;
/// What is said where [`Supply::Gone`] answers a want of which going away proves nothing.
pub(super) const GONE: &str = "the server answered 410";

/// One thing to be looked up. Where it is ours, from the store; else, and only if the reader asked for it, by guarded https.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Want {
    /// The document of this `did:web`; [`crate::did::Did::document_url`] says where it stands.
    DidDocument(String),
    /// The controlled identifier document at this https address.
    KeyDocument(String),
    /// The status list credential at this address.
    StatusList(String),
    /// A document of Open Badges 2.0 at this address: an assertion, a badge class or the profile of an issuer.
    HostedDocument(String),
    /// What our own records hold under this credential id; asked only about issuers that are ours.
    OwnRecord(String),
    /// Whether one of our own intents, carried out, is for the very bytes of which this is the SHA-256 (hexadecimal): what a proof signs. Asked
    /// only about issuers that are ours: where the key has been given up, and of an endorsement in our name.
    OwnIntent(String),
}

/// The answer to a [`Want`].
#[derive(Debug, Clone, PartialEq)]
pub enum Supply {
    /// The bytes as they were served, and when.
    Found { bytes: Vec<u8>, fetched_at: Timestamp },
    /// A key document that was read before, to answer [`Want::DidDocument`] and [`Want::KeyDocument`]; how fresh it is, the caller answers for.
    Document(Arc<ControllerDocument>),
    /// A list that was proved before, to answer [`Want::StatusList`]. What time changes — its age, the standing of its key — is judged anew.
    List(Arc<ProvedList>),
    /// It was asked for and did not come; the words say why.
    Unreachable(String),
    /// Whoever serves it says that it was there and is no more (HTTP 410).
    Gone,
    /// Nobody asked, because the reader did not want it (offline, or no foreign look-ups).
    NotAsked,
    /// The answer to [`Want::OwnRecord`].
    Record(OwnRecord),
    /// The answer to [`Want::OwnIntent`].
    Intended(bool),
}

/// What our records say of a credential id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnRecord {
    /// We never released a credential of this id.
    Absent,
    /// Released, and neither suspended nor revoked.
    Live,
    Suspended,
    Revoked,
}
