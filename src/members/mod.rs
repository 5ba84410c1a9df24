//! People: who they are to the program, under which addresses and handles they are known, and how they sign in.
//!
//! * A member id is never rewritten; an alias leads from a merged id to the one that was kept.
//! * An e-mail address belongs to one member. Nothing about a member is public here.
//! * The name under which a member appears is changed by staff, on the member's word; what was signed keeps the name it was signed with.
//! * An account is claimed once its member signed in; before that, a link of one use leads the recipient of an award in.
//! * An affiliation is dated and says who stated it; requirements cannot see it.

mod affiliations;
mod api;
mod claim;
mod entity;
mod language;
mod many;
mod named;
mod names;
mod pages;
mod search;
mod service;

pub use affiliations::{affiliations, end_affiliation};
pub use api::{edit_member, enrol_member, mint_token, read_member};
pub use claim::{
    CLAIM_LINK, Claimable, claim, claimable, claimed_at, create_claim_link, end_claim_links, is_claimed, may_be_claimed,
};
pub use language::choose_language;
pub use many::{Ties, aliases, by_handles, by_verified_emails, existing, named_like, names_of, ties};
pub use named::bearers_of;
pub use names::{
    NameRequest, ask_for_name, close_request, count_name_requests, name_request_of, name_requests, rename,
};
pub use pages::{ask_link, login, login_page, logout, sign_in_page};
pub use search::{LONGEST_SEARCH, search};
pub use service::*;
