//! Who signs: name, address and time zone of each issuer of this installation, the identifier it signs under, and its keys over time.
//!
//! * An issuer is a row, so that several may live in one installation. A track names one; there is a default one.
//! * The key history knows the public half of every key that ever signed; private halves stay in `signing`.
//! * A key that is rotated, retired or compromised is one audited change; every process sees it at its next need.
//! * Without a usable key nothing is issued and everything is still verified; [`keyring`] says why.

mod documents;
mod entity;
mod identity;
mod keys;
mod known;
mod pages;
mod profile;
mod rotation;
mod service;
mod thanks_rules;

pub use documents::{did_document, issuer_document, jwks, key_document};
pub use identity::{NotIssuing, Signer, SigningIdentity, identity, keyring, seal, seal_conformance};
pub use keys::{IssuerKey, KeyState, compromised, conformance_dids, conformance_key, find_key, generate_keys, keys};
pub use known::{
    KnownIssuer, KnownName, NewIssuer, NewName, add_known_issuer, add_known_post, end_known_issuer, end_known_post,
    known_issuers_page, list_known_issuers, live as known_issuers, name_known_issuer, name_known_post,
};
pub use pages::{change_key, key_step_page, keys_page};
pub use profile::{CertificateStyle, Honorific, IssuerProfile};
pub use rotation::{
    Compromised, NotChanged, Rotated, active_key, compromise_key, encrypt_keys, may_change, passphrase, resting_on,
    retire_key, rotate_key,
};
pub use service::{Issuer, default_issuer, find, keep, language, languages, zone};
pub use thanks_rules::ThanksRules;
