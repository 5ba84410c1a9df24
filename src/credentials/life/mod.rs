//! What follows a credential: one that takes its place, one that renews it, or nothing, where nobody had claimed it.
//!
//! * Replacing ends the one and awards the other in one change, so that a member never holds two for one track and term, nor none. Number, check
//!   code, moment and visibility stay; the link is a new one.
//! * Renewing awards the next term; the standing of the earlier one stays what its dates say. A title's terms are those that people decided on.
//! * What a member who never signed in was awarded can be cancelled: it is revoked, and they are never shown it.
//! * What a compromised key signed is replaced one by one. What is still to be done is read from the store, so that a run that was cut off goes on.

mod api;
mod cancel;
mod pages;
mod reissue;
mod reissue_pages;
mod reissue_runs;
mod renew;
mod replace;
mod successors;
mod term;

pub use api::{cancel_call, renew_call, replace_call};
pub use cancel::{cancel, cancel_now};
pub use pages::{cancel_page, cancel_post, renew_page, renew_post, replace_page, replace_post};
pub use reissue::{Outstanding, Reissued, compromised_key, outstanding, reissue};
pub use reissue_pages::{reissue_fragment, reissue_page, reissue_post};
pub use reissue_runs::{begin_reissue, go_on_with_reissues, resume_reissues};
pub(super) use renew::renew_decided;
pub use renew::{Renewal, Renewed, renew, renew_now};
pub use replace::{Correction, Dating, Difference, Replaced, Replacement, replace, replace_now};
pub(super) use successors::line_before;
pub use successors::{Succession, decision_of, last_of, resting_on, standing_for, succession};
pub(super) use term::award_term;

use super::find::Credential;
use super::lifecycle::Status;
use crate::clock::Timestamp;
use crate::error::{Code, Error, Result};

/// Why something cannot follow: `reason` says what it waits for.
fn refused(reason: &'static str) -> Error {
    Error::new(Code::NotReplaceable).with("reason", reason).member("reason", reason)
}

/// Only what stands can be followed. What is suspended waits for its own decision; what has expired is renewed, not replaced.
fn stands(known: &Credential, now: Timestamp) -> Result<()> {
    match known.status {
        Status::Revoked => Err(refused("revoked")),
        Status::Suspended => Err(refused("suspended")),
        Status::Valid if known.has_expired(now) => Err(refused("expired")),
        Status::Valid => Ok(()),
    }
}
