//! Safe Exam Browser: whether a request comes from the browser that the exam asks for.
//!
//! The browser sends `X-SafeExamBrowser-ConfigKeyHash`, the SHA-256 in hex over the address of the request (without fragment) and the config key in lower-case
//! hex, and `X-SafeExamBrowser-RequestHash` likewise with the browser exam key (SEB developer documentation, "Config Key"). The address is the one that the
//! candidate sees: ours as configured, not what a proxy made of it. An exam may know several keys of each kind; comparison takes the same time whichever fits.
//!
//! A browser that does not fit is stopped, noted, and nothing else: answers stay, nothing is handed in.

use axum::http::HeaderMap;
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

const CONFIG_KEY_HASH: &str = "x-safeexambrowser-configkeyhash";
const REQUEST_HASH: &str = "x-safeexambrowser-requesthash";
/// Refusals that one attempt writes down.
const MOST_NOTED: i64 = 100;

/// Lets a request of a candidate pass, or says that the exam asks for another browser.
///
/// # Errors
/// [`Code::BrowserRequired`].
pub async fn admit(app: &App, who: &Candidate, headers: &HeaderMap, attempt: &Attempt) -> Result<()> {
    let delivery = delivery_of(app.db.read(), attempt.exam).await?;
    let address = format!("{}{}", app.links.base(), who.visitor.path);
    if fits(&delivery, &address, headers) {
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

/// Whether the headers were made with one of the keys, for this address.
fn fits(delivery: &Delivery, address: &str, headers: &HeaderMap) -> bool {
    proves(&delivery.config_keys, address, headers, CONFIG_KEY_HASH)
        && proves(&delivery.browser_keys, address, headers, REQUEST_HASH)
}

fn proves(keys: &[String], address: &str, headers: &HeaderMap, name: &str) -> bool {
    if keys.is_empty() {
        return true;
    }
    let Some(given) = headers.get(name).map(|value| value.as_bytes().to_ascii_lowercase()) else { return false };
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
        found |= expected.as_bytes().ct_eq(&given);
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const ADDRESS: &str = "https://exam.example/exam/att_1/1?lang=ja";

    fn key(digit: char) -> String {
        digit.to_string().repeat(64)
    }

    fn with(name: &'static str, key: &str, address: &str) -> HeaderMap {
        let hash: String = Sha256::new()
            .chain_update(address)
            .chain_update(key)
            .finalize()
            .iter()
            .map(|b| format!("{b:02X}"))
            .collect();
        HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), HeaderValue::from_str(&hash).expect("hex"))])
    }

    #[test]
    fn one_of_several_keys_fits_at_the_address_that_the_candidate_sees() {
        let delivery = Delivery { config_keys: vec![key('a'), key('b')], ..Delivery::default() };
        assert!(fits(&Delivery::default(), ADDRESS, &HeaderMap::new()), "any browser will do");
        assert!(fits(&delivery, ADDRESS, &with(CONFIG_KEY_HASH, &key('b'), ADDRESS)));
        assert!(fits(&delivery, &format!("{ADDRESS}#top"), &with(CONFIG_KEY_HASH, &key('a'), ADDRESS)));
        for wrong in [
            HeaderMap::new(),
            with(CONFIG_KEY_HASH, &key('c'), ADDRESS),
            with(CONFIG_KEY_HASH, &key('a'), "https://exam.example/exam/att_1/2"),
            with(REQUEST_HASH, &key('a'), ADDRESS),
            HeaderMap::from_iter([(
                axum::http::HeaderName::from_static(CONFIG_KEY_HASH),
                HeaderValue::from_str(&key('a')).expect("hex"),
            )]),
        ] {
            assert!(!fits(&delivery, ADDRESS, &wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_browser_key_is_asked_for_besides() {
        let delivery = Delivery { config_keys: vec![key('a')], browser_keys: vec![key('d')], ..Delivery::default() };
        let mut headers = with(CONFIG_KEY_HASH, &key('a'), ADDRESS);
        assert!(!fits(&delivery, ADDRESS, &headers));
        headers.extend(with(REQUEST_HASH, &key('d'), ADDRESS));
        assert!(fits(&delivery, ADDRESS, &headers));
    }
}
