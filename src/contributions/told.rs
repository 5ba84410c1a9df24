//! What went wrong with a form, in the reader's language, for the page on which it happened.

use crate::error::{Code, Error, Result};
use crate::web::i18n::Words;

/// The sentence for the top of the page; errors that no form can mend pass through.
pub(super) fn told(w: Words, e: Error) -> Result<String> {
    match e.code() {
        Code::ValidationFailed => {
            let texts = e.faults().iter().map(|f| {
                let key = format!("giving-why-{}", f.code.replace('_', "-"));
                if w.has(&key) { w.t(&key) } else { f.detail.clone() }
            });
            Ok(w.sentences(&texts.collect::<Vec<_>>()))
        }
        Code::OwnContribution
        | Code::GivingStateConflict
        | Code::LinkKnown
        | Code::HandleTaken
        | Code::TooMany
        | Code::AttendanceCodeRefused
        | Code::AttendanceFull => {
            let key = format!("giving-why-{}", e.code().as_str().replace('_', "-"));
            Ok(w.t(&key))
        }
        _ => Err(e),
    }
}
