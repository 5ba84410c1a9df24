//! What the browser needs to check by itself (`assets/device`): the words of a report, and what the server knows about issuers. The state, the checks
//! and the findings have the names that the server gives them, so that both say the same.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use waymark_credential::key::encode_multikey;
use waymark_credential::verify::{CheckId, Code, Outcome, State as Verdict};

use super::service;
use super::view::{icon_of, icon_of_outcome};
use crate::access::Public;
use crate::app::App;
use crate::error::Result;
use crate::web::i18n::{Arg, Words};
use crate::web::published::{Published, published};

/// For how many seconds a browser may keep it.
const FRESH_SECONDS: u32 = 300;

/// The texts beside states, checks and findings; those that take a value have it as `{name}`.
const TEXTS: [&str; 46] = [
    "device-ask-server",
    "device-working",
    "device-heading",
    "device-how",
    "device-checked-at",
    "device-kept",
    "device-says",
    "device-holder",
    "device-issuer",
    "device-key",
    "device-fetched",
    "device-fetched-nothing",
    "device-needs-https",
    "device-too-old",
    "device-went-wrong",
    "device-not-read",
    "device-no-file",
    "device-number",
    "device-offer",
    "device-offer-ask",
    "device-what-rdfc",
    "device-what-picture",
    "device-what-vocabulary",
    "device-what-list",
    "device-what-number",
    "device-what-records",
    "unreached-cors",
    "unreached-status",
    "unreached-large",
    "unreached-refused",
    "fact-number",
    "report-checks",
    "report-technical",
    "report-shows-nothing",
    "state-thanks-meaning",
    "scan-stop",
    "scan-looking",
    "scan-denied",
    "scan-no-camera",
    "scan-nothing",
    "scan-unreadable",
    "scan-found",
    "scan-foreign",
    "scan-insecure",
    "scan-text",
    "scan-camera",
];

/// Why an input is no credential, as the browser finds out by itself.
const UNREADABLE: [&str; 6] = ["empty", "too_large", "not_recognized", "not_json", "no_credential", "pdf"];

/// `GET /verify/device.json`: fetched once somebody asks their browser to check.
pub async fn device_texts(visitor: Public, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let words = visitor.shell().w;
    let mut texts = said(words);
    texts["base"] = json!(app.links.base());
    texts["policy"] = policy(&app).await?;
    Ok(published(
        &headers,
        Published::new("application/json", FRESH_SECONDS, texts.to_string().into_bytes()).by_language(),
    ))
}

/// Which issuers are ours and by which keys, which are known, and which stand for nothing. An issuer that is known by certain keys only is left out:
/// the server compares those.
async fn policy(app: &App) -> Result<Value> {
    let policy = service::policy(app).await?;
    let known = policy.trusted_issuers.iter().filter(|known| known.keys.is_empty());
    let own_keys = policy.own_keys.iter().map(|own| {
        let uses: Vec<_> = own.uses.iter().map(|to| to.as_str()).collect();
        json!({"key": encode_multikey(&own.key), "uses": uses})
    });
    Ok(json!({
        "trusted_issuers": known.map(|known| json!({"id": known.id, "name": known.name})).collect::<Vec<_>>(),
        "own_keys": own_keys.collect::<Vec<_>>(),
        "conformance_issuers": policy.conformance_issuers,
        "own_issuers": policy.own_issuers,
    }))
}

/// Every word of a report in one language.
fn said(words: Words) -> Value {
    let of = |key: &str| with_names(words, key);
    let dashed = |name: &str| name.replace('_', "-");
    let mut states = Map::new();
    for name in Verdict::ALL.iter().map(|state| state.as_str()).chain(["altered_unread"]) {
        let icon = icon_of(name.strip_suffix("_unread").unwrap_or(name));
        let key = format!("state-{}", dashed(name));
        states
            .insert(name.to_owned(), json!({"word": of(&key), "meaning": of(&format!("{key}-meaning")), "icon": icon}));
    }
    let outcomes = [Outcome::Passed, Outcome::Failed, Outcome::NotChecked].map(|outcome| {
        let name = outcome.as_str();
        (name.to_owned(), json!({"word": of(&format!("outcome-{}", dashed(name))), "icon": icon_of_outcome(name)}))
    });
    let checks = CheckId::ALL.map(|id| (id.as_str().to_owned(), json!(of(&format!("check-{}", dashed(id.as_str()))))));
    let mut findings: Map<String, Value> = Code::ALL
        .iter()
        .map(|code| (code.as_str().to_owned(), json!(of(&format!("finding-{}", dashed(code.as_str()))))))
        .collect();
    findings.insert("device_cannot".into(), json!(of("device-cannot")));
    let unreadable = UNREADABLE.map(|code| (code.to_owned(), json!(of(&format!("verify-why-{}", dashed(code))))));
    json!({
        "lang": words.lang(),
        "states": states,
        "outcomes": outcomes.into_iter().collect::<Map<_, _>>(),
        "checks": checks.into_iter().collect::<Map<_, _>>(),
        "findings": findings,
        "unreadable": unreadable.into_iter().collect::<Map<_, _>>(),
        "texts": TEXTS.iter().map(|key| ((*key).to_owned(), json!(of(key)))).collect::<Map<_, _>>(),
    })
}

/// The text with `{name}` where a value of that name goes.
fn with_names(words: Words, key: &str) -> String {
    let mut names = BTreeSet::from(["time", "what", "domain", "button", "megabytes"]);
    for sentence in Code::ALL.iter().map(|code| code.sentence()) {
        names.extend(sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()));
    }
    let braced: Vec<(&str, String)> = names.into_iter().map(|name| (name, format!("{{{name}}}"))).collect();
    let args: Vec<(&str, &dyn Arg)> = braced.iter().map(|(name, value)| (*name, value as &dyn Arg)).collect();
    words.with(key, &args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn every_state_check_and_finding_has_words_in_both_languages() {
        for locale in Locale::ALL {
            let texts = said(Words::new(locale));
            let whole = texts.to_string();
            assert!(!whole.contains('⟦') && !whole.contains("{$"), "{whole}");
            assert_eq!(texts["states"].as_object().map(Map::len), Some(Verdict::ALL.len() + 1));
            assert_eq!(texts["checks"].as_object().map(Map::len), Some(CheckId::COUNT));
            assert_eq!(texts["findings"].as_object().map(Map::len), Some(Code::ALL.len() + 1));
        }
        assert_eq!(said(Words::new(Locale::En))["findings"]["expired"], "Expired on {until}.");
    }
}
