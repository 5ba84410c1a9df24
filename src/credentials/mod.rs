//! Awarding, releasing, suspending, revoking and reinstating credentials, and the lists that say which ones stand.
//!
//! * A member holds at most one credential per track and term that is not revoked; asking again answers the same one.
//! * What will be signed is stored first (intended), then signed, verified and released in one further step. [`resume`] finishes what a
//!   crash left in between, from the stored bytes.
//! * A place in a status list is random and never used again; a set bit never goes back: reinstating signs a new document.
//! * What is released is never changed by later facts: a decision that is superseded opens a review, and a person decides.
//! * What follows a credential (its replacement, its renewal) is an award of its own; see [`replace`], [`renew`], [`cancel`], [`reissue`].
//! * One is issued by page, after a look at what would be ([`issue_page`]).
//! * Many at once come from a table, row by row, by the same verb as one ([`work`]); who never signed in gets a link to claim.
//! * Nobody but the member makes a credential visible, each one or beforehand all that they will earn. A replacement is seen by those whom its holder let see
//!   the one before.
//!
//! For rooms above: [`find`], [`by_share_id`], [`by_number`], [`by_uuid`], [`of_member`], [`live`], [`history_of`], [`signed_json`], [`signed_jwt`],
//! [`status_list`] read; [`show_to`] changes the visibility in the member's own name.

mod anew;
mod another_key;
mod api;
mod award;
mod awards;
mod beforehand;
mod bulk;
mod claims;
mod deliveries;
mod document;
mod entity;
mod find;
mod fsck;
mod glyphs;
mod history;
mod holding;
mod issue;
mod life;
mod lifecycle;
mod list_page;
mod lists;
mod numbering;
mod pages;
mod release;
mod request;
mod reviews;
mod single;
mod standing;
mod visibility;

pub use anew::begin_anew;
pub use api::{
    CredentialBody, described, issue_credential, member_credentials, read_credential, reinstate, revoke,
    set_visibility, status_list_document, suspend,
};
pub use award::{Award, Awarded, award};
pub use awards::{Awarding, awards_since};
pub use beforehand::{choose_default, default_visibility};
pub use bulk::pages::{bulk_links, bulk_page, bulk_result, bulk_step, error_rows, start_bulk, upload_bulk};
pub use bulk::{
    BULK_LIMIT, Checked as CheckedTable, Encoding as TableEncoding, Format as TableFormat, Settings as TableSettings,
    bulk_claim_links, check as check_table, csv as write_table, hash_of as table_hash, issue_bulk, key_of as table_key,
    prepare as prepare_table, start as start_table, work,
};
pub use claims::{
    ClaimRow, Letter, award_letter, links_for as claim_links_for, make_claim_link, make_claim_link_page, needs_letter,
    on_event as write_to_recipient,
};
pub use deliveries::{hear, leave_key, on_event, tend};
pub use document::{GivenEvidence, GivenResult};
pub use find::{
    Credential, HistoryEntry, by_number, by_share_id, by_uuid, find, history_of, live, of_member, own, search,
    signed_json, signed_jwt, these,
};
pub use fsck::{Damage, Examined, examine};
pub use glyphs::undrawable;
pub use history::Reason;
pub use holding::{count_held, ending};
pub use issue::issue;
pub use life::{
    Correction, Dating, Difference, Outstanding, Reissued, Renewal, Renewed, Replaced, Replacement, Succession,
    begin_reissue, cancel, cancel_call, cancel_now, cancel_page, cancel_post, compromised_key, go_on_with_reissues,
    last_of, outstanding, reissue, reissue_fragment, reissue_page, reissue_post, renew, renew_call, renew_now,
    renew_page, renew_post, replace, replace_call, replace_now, replace_page, replace_post, resting_on,
    resume_reissues, standing_for, succession,
};
pub use lifecycle::{Basis, ReasonCode, ReviewOutcome, Stage, Status, StatusChange, Visibility};
pub use list_page::credentials_page;
pub use lists::status_list;
pub use numbering::share_id;
pub use pages::{change_standing, credential_page};
pub use release::{release, resume};
pub use request::{CheckedRequest, IssueRequest, Recipient};
pub use reviews::{
    Review, count_open as open_reviews, keep_call, keep_post, list as list_open_reviews, list_reviews, reviews_page,
};
pub use single::{issue_page, issue_post, issued_page};
pub use standing::{change_status, publish_status};
pub use visibility::show_to;
