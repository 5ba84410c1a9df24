//! What went wrong with a form of thanks, in the reader's language, each with the field that it belongs to.

use crate::clock::parse_rfc3339;
use crate::error::{Code, Error, Result};
use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// Fields and sentences; errors that no form can mend pass through.
pub(super) fn told(w: Words, zone: &Zone, e: Error) -> Result<Vec<(String, String)>> {
    let whole = |text: String| Ok(vec![("to".to_owned(), text)]);
    match e.code() {
        Code::ValidationFailed => {
            let texts = e.faults().iter().map(|fault| {
                let key = format!("thanks-why-{}", fault.code.replace('_', "-"));
                let text = if w.has(&key) { w.t(&key) } else { fault.detail.clone() };
                (fault.pointer.trim_start_matches('/').to_owned(), text)
            });
            Ok(texts.collect())
        }
        Code::ThanksLimit => {
            let key = format!("thanks-why-limit-{}", e.reason().unwrap_or("week").replace('_', "-"));
            let until = e.inside().members.iter().find(|(name, _)| *name == "not_before");
            let until = until.and_then(|(_, at)| at.as_str()).and_then(parse_rfc3339);
            whole(w.with1(&key, "until", until.map(|at| zone.instant(w, at)).unwrap_or_default()))
        }
        Code::ThanksSettled => whole(w.t("thanks-why-settled")),
        Code::OwnContribution => whole(w.t("thanks-why-own")),
        Code::RateLimited => whole(w.t("thanks-why-too-often")),
        _ => Err(e),
    }
}
