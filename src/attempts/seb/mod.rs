//! Safe Exam Browser: whether a request comes from the browser that the exam asks for.
//!
//! The browser sends `X-SafeExamBrowser-ConfigKeyHash`, the SHA-256 in hex over the address of the request (without fragment) and the config key in lower-case
//! hex, and `X-SafeExamBrowser-RequestHash` likewise with the browser exam key (SEB developer documentation, "Config Key"). The address is the one that the
//! candidate sees: ours as configured, not what a proxy made of it. An exam may know several keys of each kind; comparison takes the same time whichever fits.
//!
//! Versions on newer `WebKit` send no headers and offer the same hashes, over the address of the page, to scripts. There a page hands them in ([`proof`]), and the
//! browser gets a cookie that stands for them.
//!
//! A browser that does not fit is stopped, noted, and nothing else: answers stay, nothing is handed in.

mod entity;
mod hashes;
mod pages;
mod proof;
mod settings;

pub(in crate::attempts) use pages::{Browser, gate, gate_exam};
pub use pages::{browser_post, settings_file};
pub(in crate::attempts) use proof::{forget, forget_of};
pub(in crate::attempts) use settings::of_exam as settings_of;

use axum::http::{HeaderMap, HeaderValue};
use serde_json::json;

use self::hashes::fits;
use super::lease::delivery_of;
use super::log::{self, Kind};
use super::service::{Attempt, lock};
use crate::access::Candidate;
use crate::app::App;
use crate::database::Kind as ChangeKind;
use crate::error::{Code, Error, Result};
use crate::ids::{ExamId, MemberId};

const CONFIG_KEY_HASH: &str = "x-safeexambrowser-configkeyhash";
const REQUEST_HASH: &str = "x-safeexambrowser-requesthash";
/// Refusals that one attempt writes down.
const MOST_NOTED: i64 = 100;

/// Lets a request of a candidate pass, or says that the exam asks for another browser.
///
/// # Errors
/// [`Code::BrowserRequired`].
pub async fn admit(app: &App, who: &Candidate, headers: &HeaderMap, attempt: &Attempt) -> Result<()> {
    if fits_exam(app, attempt.exam, who.member, &who.visitor.path, headers).await? {
        return Ok(());
    }
    let mut ch = app.db.change(who.actor(), ChangeKind::Ordinary).await?;
    lock(&mut ch, attempt.id, who.member).await?;
    let before = log::counts(ch.tx(), &[attempt.id.to_string()], Kind::BrowserRefused).await?;
    if before.values().sum::<i64>() < MOST_NOTED {
        // The beginning tells staff which configuration was used; it opens nothing.
        let start =
            |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(|v| v.chars().take(8).collect::<String>());
        let what = json!({"config_key_hash": start(CONFIG_KEY_HASH), "request_hash": start(REQUEST_HASH)});
        log::append(&mut ch, attempt.id, Kind::BrowserRefused, what).await?;
    }
    ch.commit().await?;
    Err(Error::new(Code::BrowserRequired))
}

/// Whether the member's request comes from a browser that the exam asks for, by headers or by what a page of theirs proved before. `path` is that of the
/// request, with its query.
pub async fn fits_exam(app: &App, exam: ExamId, member: MemberId, path: &str, headers: &HeaderMap) -> Result<bool> {
    let delivery = delivery_of(app.db.read(), exam).await?;
    let address = format!("{}{path}", app.links.base());
    let given = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    if fits(&delivery, &address, given(CONFIG_KEY_HASH), given(REQUEST_HASH)) {
        return Ok(true);
    }
    proof::holds(app, exam, member, &delivery, headers).await
}
