//! "Is it yours?": whoever reads a credential of ours asks its holder, who confirms or declines with one press.
//!
//! * Asked is only about what is shown and in force. The one who asks gets a page with an address that cannot be guessed; no cookie, no account.
//! * The holder sees it on their own page and, where mail is sent and their address is confirmed, in their mailbox; a few a day at most, and none
//!   for whoever switched them off. The mail carries none of the stranger's words.
//! * Nothing about the holder is told but their answer and its time. The report's state and its check of the holder stay as they are.

mod entity;
mod holder;
mod lifecycle;
mod pages;
mod service;

pub use holder::{QuestionCard, answer_post, questions_page, switch_post, waiting};
pub use pages::{ask_post, asked_page, asked_report};
pub use service::tend;
