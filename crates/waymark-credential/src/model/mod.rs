//! The closed types of Open Badges 3.0 and of status lists: every member that may stand in a document, and none besides.
//!
//! They are read with unknown members refused and written without `null` or empty arrays (OB 3.0 §A.2). A document that was
//! read and is written again has the same canonical JSON, or it was not of this shape. Members are in the order that people read them.

mod achievement;
mod closed;
mod complete;
mod context;
mod credential;
mod endorsement;
mod kind;
mod profile;
mod proof;
mod result;
mod status_list;
mod text;
pub mod vocabulary;

pub use achievement::{Achievement, Alignment, Criteria, IdentifierEntry, Image, Related};
pub use closed::{Misfit, read_closed};
pub use complete::{Credential, Draft, Fault, Invalid};
pub use context::{CREDENTIALS_V2, Contexts, OPEN_BADGES_3_0_3, OPEN_BADGES_EXTENSIONS, UnknownContexts};
pub use credential::{
    AchievementSubject, CredentialKinds, CredentialSchema, CredentialStatus, Evidence, IdentityObject,
    OpenBadgeCredential, RefreshService, TermsOfUse,
};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use kind::{Is, Kind, OneOrMany, ReferenceOr, kinds};
pub use profile::{Address, GeoCoordinates, Issuer, Profile};
pub use proof::{Cryptosuite, DataIntegrityProof};
pub use result::{AchievementResult, ResultDescription, RubricCriterionLevel};
pub use status_list::{BitstringStatusList, StatusListCredential};
pub(crate) use text::is_absolute_iri;
pub use text::{DateTime, Iri, NotADateTime, NotAnIri};
