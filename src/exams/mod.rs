//! Exams: what is asked, how long, how often, and what passes.
//!
//! * An exam's definition is versioned; a version never changes, and an attempt keeps to the one it began with.
//! * What cannot be filled from its bank is refused when it is published, naming the group or domain; never when a candidate starts.
//! * Publishing the same definition again makes no new version.
//! * What is being written is a draft beside it, and changes nothing for candidates.

mod api;
mod checking;
mod definition_api;
mod draft_api;
mod drafts;
mod entity;
mod exposure;
mod pages;
mod service;
mod told;
mod work;
mod written;

pub use api::list as list_exams;
pub use definition_api::{plan_exam, publish_exam, read_exam};
pub use draft_api::{discard_draft, publish_draft, read_draft, write_draft};
pub use drafts::{Draft, draft, drafts};
pub use exposure::{count_exposure, exposure};
pub use pages::{
    check_post, exam_settings_page, exam_settings_post, file_page, file_post, new_exam_page, new_exam_post,
};
pub use service::{Exam, Published, broken_by, by_id, feasible, find, list, plan, publish};
pub use written::written;
