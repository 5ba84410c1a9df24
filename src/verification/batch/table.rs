//! The answers in words: one line each, for the table and for CSV.

use waymark_credential::verify::{CheckId, Outcome as Answer};

use super::run::{Fault, Outcome};
use crate::verification::view::{ReportView, icon_of};
use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// One line of the table; what is not known is empty.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub at: usize,
    pub given: String,
    /// The state's stable name; empty where there is no report.
    pub state: &'static str,
    pub word: String,
    pub icon: &'static str,
    pub holder: String,
    pub title: String,
    pub language: String,
    pub issuer: String,
    pub number: String,
    pub awarded: String,
    pub valid_until: String,
    /// Whether it belongs to the name beside it, where one was given.
    pub theirs: String,
    pub problem_code: String,
    pub problem: String,
    pub same_as: Option<usize>,
}

impl Shown {
    pub fn of(outcome: &Outcome, words: Words, zone: &Zone) -> Self {
        let mut shown =
            Self { at: outcome.at, given: outcome.given.clone(), same_as: outcome.same_as, ..Self::default() };
        match &outcome.found {
            Err(fault) => {
                shown.word = words.t("batch-none");
                shown.icon = "question";
                shown.problem = fault_words(fault, words);
                shown.problem_code = fault.code.clone();
            }
            Ok(checked) => {
                let view = ReportView::of(checked, words, zone);
                shown.state = view.state;
                shown.word = words.t(&format!("state-{}", view.state.replace('_', "-")));
                shown.icon = icon_of(view.state);
                shown.theirs = match checked.report.check(CheckId::Recipient).outcome {
                    Answer::Passed => words.t("whose-answer-matches"),
                    Answer::Failed => words.t("whose-answer-differs"),
                    Answer::NotChecked => String::new(),
                };
                if view.state != "valid" {
                    shown.problem = words.t(&format!("state-{}-meaning", view.state.replace('_', "-")));
                }
                if let Some(claims) = view.claims {
                    shown.holder = claims.holder.unwrap_or_default();
                    shown.title = claims.title;
                    shown.language = claims.language;
                    shown.issuer = claims.issuer;
                    shown.number = claims.number.unwrap_or_default();
                    shown.awarded = claims.awarded.unwrap_or(claims.valid_from);
                    shown.valid_until = claims.valid_until.unwrap_or_else(|| words.t("fact-no-end"));
                }
            }
        }
        shown
    }
}

/// Why there is no report, in the reader's language.
pub fn fault_words(fault: &Fault, words: Words) -> String {
    let name = fault.code.replace('_', "-");
    if let Some(seconds) = fault.seconds {
        return words.with1("batch-why-rate-limited", "seconds", seconds);
    }
    let known = [format!("batch-why-{name}"), format!("verify-why-{name}")].into_iter().find(|key| words.has(key));
    match known {
        Some(key) => words.with1(&key, "megabytes", crate::web::layers::UPLOAD_LIMIT / (1024 * 1024)),
        None => words.t("verify-why-no-credential"),
    }
}
