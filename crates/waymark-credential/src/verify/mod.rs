//! Verification: hostile bytes in, one [`Report`] out, and nothing believed on the way.
//!
//! The machine does no I/O. It is opened with the input, names what it [`wants`](Verification::wants) — a DID document, a
//! status list, our own record — and is [supplied](Verification::supply) by the caller, who decides what is fetched from
//! where. What was not supplied is *not checked*, never passed. Order: container, strict JSON, known context, closed
//! shape, key of the issuer, proof, status, dates; only then is a claim shown.

mod claims;
mod detail;
mod endorsements;
mod hosted;
mod identity;
mod input;
mod issuer_key;
mod jwt;
mod jwt_claims;
mod machine;
mod names;
mod policy;
mod presentation;
mod proving;
mod recipient;
mod report;
mod seal;
mod shape;
mod standing;
mod status;
mod subject;
mod want;

pub use claims::Claims;
pub use detail::{Code, Detail};
pub use endorsements::{Endorsement, MOST_ENDORSEMENTS};
pub use input::{MAX_DOCUMENT, Unreadable};
pub use machine::Verification;
pub use policy::{Expected, KeyUse, OwnKey, Policy, PolicyKind, RecipientAsked, TrustedIssuer};
pub use presentation::{PresentationReport, PresentationVerification};
pub(crate) use proving::MOST_LISTS;
pub use report::{Check, CheckId, Outcome, ProvedBy, Report, State, state_of};
pub use status::{MAX_LIST, ProvedList, check_status_list};
pub use want::{MAX_ROUNDS, MAX_WANTS, OwnRecord, Supply, Want};
