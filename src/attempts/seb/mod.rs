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
mod pages;
mod proof;
mod settings;

pub(in crate::attempts) use pages::{Browser, gate, gate_exam};
pub use pages::{browser_post, settings_file};
pub(in crate::attempts) use proof::{forget, forget_of};
pub(in crate::attempts) use settings::of_exam as settings_of;

use axum::http::{HeaderMap, HeaderValue};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::lease::{Delivery, delivery_of};
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

/// Whether the hashes were made with one of the keys of each kind, for this address.
fn fits(delivery: &Delivery, address: &str, config_key: Option<&[u8]>, browser_key: Option<&[u8]>) -> bool {
    proves(&delivery.config_keys, address, config_key) && proves(&delivery.browser_keys, address, browser_key)
}

fn proves(keys: &[String], address: &str, given: Option<&[u8]>) -> bool {
    if keys.is_empty() {
        return true;
    }
    // The documentation shows the header with a semicolon behind the hash.
    let Some(given) = given.map(|given| given.trim_ascii().to_ascii_lowercase()) else { return false };
    let given = given.strip_suffix(b";").unwrap_or(&given).trim_ascii_end();
    let address = address.split('#').next().unwrap_or_default();
    let mut found = Choice::from(0);
    for key in keys {
        let expected: String = Sha256::new()
            .chain_update(address)
            .chain_update(key)
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        found |= expected.as_bytes().ct_eq(given);
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://exam.example/exam/att_1/1?lang=ja";

    fn key(digit: char) -> String {
        digit.to_string().repeat(64)
    }

    fn hash(key: &str, address: &str) -> Vec<u8> {
        let hash = Sha256::digest(format!("{address}{key}"));
        hash.iter().map(|b| format!("{b:02X}")).collect::<String>().into_bytes()
    }

    #[test]
    fn one_of_several_keys_fits_at_the_address_that_the_candidate_sees() {
        let delivery = Delivery { config_keys: vec![key('a'), key('b')], ..Delivery::default() };
        let fits_with = |address: &str, given: &[u8]| fits(&delivery, address, Some(given), None);
        assert!(fits(&Delivery::default(), ADDRESS, None, None), "any browser will do");
        assert!(fits_with(ADDRESS, &hash(&key('b'), ADDRESS)));
        assert!(fits_with(&format!("{ADDRESS}#top"), &hash(&key('a'), ADDRESS)));
        assert!(fits_with(ADDRESS, &[hash(&key('a'), ADDRESS), b" ;".to_vec()].concat()));
        assert!(!fits(&delivery, ADDRESS, None, Some(&hash(&key('a'), ADDRESS))), "of the other kind");
        assert!(!fits(&delivery, ADDRESS, None, None));
        for wrong in [
            hash(&key('c'), ADDRESS),
            hash(&key('a'), "https://exam.example/exam/att_1/2"),
            key('a').into_bytes(),
            vec![],
        ] {
            assert!(!fits_with(ADDRESS, &wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_browser_key_is_asked_for_besides() {
        let delivery = Delivery { config_keys: vec![key('a')], browser_keys: vec![key('d')], ..Delivery::default() };
        let (config, browser) = (hash(&key('a'), ADDRESS), hash(&key('d'), ADDRESS));
        assert!(!fits(&delivery, ADDRESS, Some(&config), None));
        assert!(!fits(&delivery, ADDRESS, Some(&config), Some(&config)));
        assert!(fits(&delivery, ADDRESS, Some(&config), Some(&browser)));
    }
}
