//! What members give, as events from sources.
//!
//! * An event counts once: (source, id) is unique, a repetition is a duplicate, and what it says the second time changes nothing.
//! * An accepted contribution records its fact in the same transaction, with the affiliation that the member had when it happened.
//! * What cannot be credited yet is held, and credited once its subject is known. A correction is a void.
//! * Whatever brings a contribution (a source, a link, a table, a gathering) ends in [`receive`]. What needs a person waits for one.
//! * Activities ([`ACTIVITIES`]) are kept beside contributions and credit nobody by themselves.
//! * A shipped idea credits its author and each co-author, by a contribution of their own that keeps the same record.
//! * Other systems deliver in their own languages ([`Adapter`]), signed; each delivery is read into events and takes the same way. What nobody can read waits for a
//!   person, and each source tells how it fares.

mod adapter;
mod adapters;
mod api;
mod co_authors;
mod dead_letters;
mod deliveries;
mod entity;
mod envelope;
mod feed_pages;
mod feeds;
mod find;
mod gatherings;
mod givers;
mod handles;
mod health;
mod hooks;
mod inbox;
mod intake;
mod lifecycle;
mod links;
mod own;
mod pages;
mod quarantine;
mod said;
mod secret;
mod service;
mod settling;
mod source;
mod stored;
mod strangers;
mod subject;
mod tables;
mod tending;
mod told;
mod unknown;
mod work;

pub use adapter::{Adapter, Credit, Native, Rule};
pub use api::{BATCH_LIMIT, list_sources, receive_events, void_contribution};
pub use dead_letters::{DeadLetter, count_dead_letters};
pub use deliveries::on_event;
pub use envelope::{DATA_LIMIT, Envelope, NotAnEvent, Problem};
pub use feed_pages::{add_feed_post, feed_step_post, feeds_page};
pub use feeds::{Fetching, MemberFeed, fetch_due};
pub use find::{
    After, Contribution, count, extent_of_member, find, held, held_of_member, of_facts, of_member, page_of_member,
};
pub use gatherings::{
    attend_call, attend_page, attend_post, attendance_post, code_page, confirm_attendance, gathering_page,
    gathering_post, gatherings_page, late_page, late_post, list_gatherings, make_gathering, read_gathering,
    refuse_attendance,
};
pub use givers::{Gave, gave_between, received_since};
pub use handles::{
    ClaimState, HandleClaim, claim_handle, claim_post, claims_of, confirm_handle, count_open_claims, handles_page,
    handles_staff_page, list_handles, my_handle_post, refuse_handle, release_handle, staff_handle_post,
};
pub use health::{Came, Health, Standing, health};
pub use hooks::receive_delivery;
pub use intake::{receive, receive_all};
pub use lifecycle::{ACTIVITIES, HeldBecause, State, is_activity};
pub use links::{
    accept_link, answer_link, count_waiting_links, link_post, link_step_post, links_page, links_staff_page, list_links,
    read_link, refuse_link, staff_link_post, submit_link, waiting_links_of, withdraw_link,
};
pub use own::{LINK_TYPES, THANKED, THANKS as FROM_THANKS, is_reserved as is_own, types as own_types};
pub use pages::{dead_letter_post, source_page, sources_page};
pub use quarantine::{
    Strike, held_counts, lift_strike, list_held, list_strikes, quarantine_page, quarantine_post, read_reciprocity,
    record_strike, release_contribution, rings_page, strike_lift_post, strike_post, strikes_of, strikes_page,
};
pub use secret::{NoSecret, SecretPlace};
pub use service::{Outcome, Receipt, Speaker, void};
pub use source::{
    SourceDefinition, SubjectForm, keep_source, keep_source_as, named_sources, plain_name, source, source_managed,
    sources,
};
pub use stored::{Stored, StoredWork, Wanted, each_stored, stored_works};
pub use tables::{
    Settings as TableSettings, TABLE_LIMIT, import_call, import_page, import_post, import_report, import_start_post,
    import_step_page, take_row,
};
pub use tending::tend;
pub use unknown::count_unknown;
