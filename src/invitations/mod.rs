//! How people come in: members from a table, and invitations with a link by which somebody who never signed in takes their account over.
//!
//! * Nothing is enrolled before somebody has seen what would become of each row. An address that is known is left as it is.
//! * An invitation is one member's, of whom there is at most one open at a time. Its link is stored as a hash, works once and for 30 days, and can be
//!   taken back; a new link takes the place of the one before.
//! * Whoever has signed in, in whatever way, or holds a staff role, can be invited no more: no link leads into an account in use.
//! * Links that are unknown, used, replaced, withdrawn and expired are one and the same to whoever follows them.
//! * Letters are written by the worker, after the commit, where mail is set; else whoever invites gets the links, once.

mod api;
mod by_staff;
mod door;
mod entity;
mod letter;
mod lifecycle;
mod pages;
mod service;
mod table;

pub use api::{invite_call, list_invitations, renew_call, withdraw_call};
pub use by_staff::How;
pub use door::{accept_post, decline_post, invitation_page};
pub use letter::{Letter, hear, letter_for, on_event};
pub use lifecycle::{Standing, State};
pub use pages::{invitation_post, invitations_page, invite_post};
pub use service::{
    Filter, INVITATION, Invitation, accept, decline, find, invite, latest_of, link, list, look, send, withdraw,
};
pub use table::{
    Invited, Settings as TableSettings, Tried, import_call, import_page, import_post, import_report, invite_all,
    invite_table_call, invite_table_post, prepare as prepare_table, start as start_table, start_post, step_page,
    take_row, try_out,
};
