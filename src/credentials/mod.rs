//! Awarding, releasing, suspending, revoking and reinstating credentials, and the lists that say which ones stand.
//!
//! * A member holds at most one credential per track and term that is not revoked; asking again answers the same one.
//! * What will be signed is stored first (intended), then signed, verified and released in one further step. `resume` finishes what a
//!   crash left in between, from the stored bytes.
//! * A place in a status list is random and never used again; a set bit never goes back: reinstating signs a new document.
//! * Nobody but the member makes a credential visible.
//!
//! For rooms above: [`find`], [`by_share_id`], [`by_number`], [`by_uuid`], [`of_member`], [`live`], [`history_of`], [`signed_json`], [`signed_jwt`]
//! read; [`show_to`] changes the visibility in the member's own name.

mod entity;
mod find;
mod history;
mod lifecycle;
mod visibility;

pub use find::{
    Credential, HistoryEntry, by_number, by_share_id, by_uuid, find, history_of, live, of_member, search, signed_json,
    signed_jwt,
};
pub use history::Reason;
pub use lifecycle::{Basis, ReasonCode, Stage, Status, StatusChange, Visibility};
pub use visibility::show_to;
