//! What several items speak about: a case, a passage, a log. Shown beside each of them.

use super::{MAX_STEM, options};
use crate::{mistake::Mistake, text::Text};
use serde::Deserialize;
use serde_json::{Value, json};

/// A shared stimulus. Items of a bank with the same `id` carry the same text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stimulus {
    /// The author's id: staff only.
    pub id: String,
    pub text: Text,
}

impl Stimulus {
    pub(super) fn check(&self, stem: &Text, mistakes: &mut Vec<Mistake>) {
        options::languages(&self.text, "/stimulus/text", ("stimulus", "共通資料"), stem, mistakes);
        if self.text.longest() > MAX_STEM {
            mistakes.push(Mistake::new(
                "/stimulus/text",
                "too_long",
                format!("the stimulus is longer than {MAX_STEM} characters: shorten it"),
                format!("共通資料が{MAX_STEM}字を超えています。短くしてください"),
            ));
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({"id": self.id, "text": self.text})
    }
}
