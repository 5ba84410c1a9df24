//! Driving the verifier: keys, lists and records of our own come from the store, foreign ones through the guarded connector and only where the
//! reader asked for it. What is shown is what the report says, on the server's page and in its API alike.

mod api;
mod device;
mod pages;
mod resolver;
mod service;
mod view;

pub use api::verify_call;
pub use device::device_texts;
pub use pages::{verify_page, verify_post};
pub use resolver::resolve;
pub use service::{Asked, Checked, Source, verify};
pub use view::{CheckView, ClaimsView, EvidenceView, ReportView, report_json};
