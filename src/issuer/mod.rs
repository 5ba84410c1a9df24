//! Who signs: name, address and time zone of each issuer of this installation. A track names one; there is a default one.
//!
//! An issuer is a row, so that several may live in one installation; its keys stand in the key history.

mod entity;
mod profile;
mod service;

pub use profile::IssuerProfile;
pub use service::{Issuer, default_issuer, find, keep, zone};
