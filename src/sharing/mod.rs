//! What a member shows and a stranger opens: the page of a credential, its documents, what other sites embed, profiles, selections and lists of
//! holders, and the member's own pages where they decide.
//!
//! * Private and unknown answer alike; so does what has ended.
//! * The verdict on a credential's page and in a selection is the verifier's report on the signed bytes, made anew at each look. Profiles and lists of holders
//!   read the record (status and dates) and say so.
//! * What was chosen is asked again at each look: a credential that was made private is gone from every page at once, but for a selection for which the
//!   member said in so many words that it shows private ones.

mod accept;
mod address;
mod around;
mod certificate;
mod counted;
mod defaults;
mod documents;
mod embed;
mod holders;
mod linkedin;
mod manage;
mod page;
mod particulars;
mod picture;
mod preview;
pub mod profile;
mod resume;
pub mod selection;
mod shown;
mod spoken;
pub mod switches;

use crate::credentials::own;

pub use defaults::{defaults_page, set_defaults};
pub use embed::{card, live_badge_svg, oembed};
pub use holders::holders_page;
pub use manage::{manage_page, own_document, preview_page, set_switches, set_visibility, to_linkedin};
pub use page::open;
pub use profile::{
    choose_entries, end_profile, open_profile, order_entries, preview_profile, profile_page, publish_profile,
    thank_from_profile, write_profile,
};
pub use resume::{resume_csv, resume_json, resume_page, resume_text};
pub use selection::{
    begin_selection, end_selection, new_page as new_selection_page, open_selection, order_selection,
    own_page as selection_page, preview_selection, publish_selection, selections_page,
};
