//! The form of a webhook, and what was wrong with it.

use serde::Deserialize;

use super::lifecycle::Kind;
use super::service::{LONGEST_NOTE, NewWebhook, Webhook};
use crate::error::{Code, Error, Result};
use crate::web::i18n::Words;

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookForm {
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    kind: Vec<String>,
    /// Slugs, with blanks or commas between them.
    #[serde(default)]
    pub exams: String,
    #[serde(default)]
    pub note: String,
}

impl WebhookForm {
    pub(super) fn of(webhook: &Webhook) -> Self {
        Self {
            url: webhook.url.clone(),
            kind: webhook.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            exams: webhook.exams.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
            note: webhook.note.clone(),
        }
    }

    pub(super) fn to_new(&self) -> NewWebhook {
        let between = |c: char| c.is_whitespace() || matches!(c, ',' | '、' | '，');
        NewWebhook {
            url: self.url.clone(),
            kinds: self.kind.clone(),
            exams: self.exams.split(between).filter(|slug| !slug.is_empty()).map(str::to_owned).collect(),
            note: self.note.clone(),
        }
    }
}

/// The fields of the form, ready to be drawn.
pub(super) struct Fields {
    pub given: WebhookForm,
    pub kinds: Vec<Choice>,
    pub longest_note: usize,
    /// Id of the field and what to do about it.
    pub wrong: Vec<(&'static str, String)>,
}

pub(super) struct Choice {
    pub name: &'static str,
    pub words: String,
    pub chosen: bool,
}

pub(super) fn kind_words(w: Words, kind: Kind) -> String {
    w.t(&format!("webhook-kind-{}", kind.as_str().replace(['.', '_'], "-")))
}

impl Fields {
    pub fn of(w: Words, given: WebhookForm) -> Self {
        let choice = |kind: Kind| Choice {
            name: kind.as_str(),
            words: kind_words(w, kind),
            chosen: given.kind.iter().any(|name| name == kind.as_str()),
        };
        Self { kinds: Kind::choices().map(choice).collect(), longest_note: LONGEST_NOTE, wrong: vec![], given }
    }

    /// What was refused, field by field; errors of another sort are handed on.
    pub fn refused(w: Words, given: WebhookForm, refused: Error) -> Result<Self> {
        if refused.code() != Code::ValidationFailed {
            return Err(refused);
        }
        let begins = |field: &str| refused.faults().iter().any(|fault| fault.pointer.starts_with(&format!("/{field}")));
        let fields = ["url", "kinds", "exams", "note"].into_iter().filter(|field| begins(field));
        let wrong = fields.map(|field| (field, w.t(&format!("webhook-wrong-{field}")))).collect();
        Ok(Self { wrong, ..Self::of(w, given) })
    }

    pub fn is_wrong(&self, field: &str) -> bool {
        self.wrong_with(field).is_some()
    }

    pub fn wrong_with(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|(id, _)| *id == field).map(|(_, text)| text.as_str())
    }
}
