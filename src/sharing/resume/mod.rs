//! `/me/resume`: what a member has earned in the lines that résumés ask for, in Japanese with Western and with era years and in English, to be copied and
//! taken along. Only what holds today, oldest first. Addresses stand where the credential can be opened; a private one goes by its number.

mod files;
mod lines;
mod pages;

pub use files::{resume_csv, resume_json, resume_text};
pub use pages::resume_page;
