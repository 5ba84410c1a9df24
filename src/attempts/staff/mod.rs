//! What staff do to an attempt: more time, a pause and its end, an end, a void. Each has a reason, a row in the audit log, and is told to the
//! candidate, who sees it on the page; each is a step of [`waymark_assess::attempt`], which only ever adds time. A
//! proctoring service may pause, go on after its own pause, and end ([`proctor`]), in the exams that its key names.

mod api;
mod pages;
mod proctor;
mod steps;

pub use api::step_call;
pub use pages::{candidates_page, candidates_post};
pub use proctor::admit;
pub use steps::{LONGEST_REASON, StaffStep, credit_downtime, live, take};
