//! Who signs: name, address and time zone of each issuer of this installation, the identifier it signs under, and its keys over time.
//!
//! * An issuer is a row, so that several may live in one installation. A track names one; there is a default one.
//! * The key history knows the public half of every key that ever signed; private halves stay in `signing`.
//! * Without a usable key nothing is issued and everything is still verified; [`keyring`] says why.

mod documents;
mod entity;
mod identity;
mod keys;
mod known;
mod profile;
mod service;

pub use documents::{did_document, issuer_document, jwks, key_document};
pub use identity::{NotIssuing, Signer, SigningIdentity, identity, keyring, seal, seal_conformance};
pub use keys::{IssuerKey, KeyState, conformance_dids, conformance_key, generate_keys, keys};
pub use known::{
    KnownIssuer, NewIssuer, add_known_issuer, add_known_post, end_known_issuer, end_known_post, known_issuers_page,
    list_known_issuers, live as known_issuers,
};
pub use profile::IssuerProfile;
pub use service::{Issuer, default_issuer, find, keep, zone};
