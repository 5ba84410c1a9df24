//! Tracks being written: the designer, the dry run over stored facts, publishing, and whether requirements do anything.
//!
//! * A draft changes nothing. Its dry run looks at everybody as long work, and says who gains, loses, keeps, and when each threshold was crossed.
//! * Publishing makes a version, now or on a day to come. What it awards is dated by the crossing. Published silently, members are told nothing of
//!   what the publishing alone brought them.
//! * Whoever holds a credential keeps it, whatever is published later.
//! * What files write is left to files, until somebody takes it over.

mod api;
mod check;
mod designer;
mod effect;
mod entity;
mod fairness;
mod health;
mod health_page;
mod outlook;
mod pages;
mod plan;
mod publishing;
mod rows;
mod work;

pub use api::{count_health, keep_draft, make_plan, publish_track, read_draft, read_health, read_plan};
pub use designer::{file_page, file_post, new_track_page, new_track_post, track_form_page, track_form_post};
pub use health_page::{health_page, health_post};
pub use outlook::{Outlook, outlook};
pub use pages::{plan_page, plan_post, tracks_page};
pub use work::work;
