//! Driving the verifier: keys, lists and records of our own come from the store, foreign ones through the guarded connector and only where the
//! reader asked for it. What is shown is what the report says, on the server's page and in its API alike.

mod absent;
mod address;
mod again;
mod api;
mod batch;
mod device;
mod number;
mod pages;
mod questions;
mod recipient;
mod recognized;
mod resolver;
mod saved;
mod service;
mod view;

pub use again::{After, Again};
pub use api::verify_call;
pub use batch::{batch_call, batch_page, batch_post};
pub use device::device_texts;
pub use pages::{verify_page, verify_post};
pub use questions::{
    QuestionCard, answer_post, ask_post, asked_page, asked_report, questions_page, switch_post, tend, waiting,
};
pub use recipient::whose_post;
pub use resolver::resolve;
pub use saved::report_post;
pub use service::{Asked, Checked, Source, verify};
pub use view::{CheckView, ClaimsView, EvidenceView, ReportView, report_json};
