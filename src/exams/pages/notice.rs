//! What the pages of an exam say above their forms, and what the exam is called there.

use serde_json::Value;

use crate::web::i18n::Words;

/// What the page says above the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    None,
    Published,
    Draft,
    Discarded,
    Good,
    NotYet,
    NoSlug,
    SlugTaken,
    /// Somebody else wrote meanwhile.
    Changed,
}

impl Notice {
    pub fn done(word: &str) -> Self {
        match word {
            "published" | "yes" => Self::Published,
            "draft" => Self::Draft,
            "discarded" => Self::Discarded,
            _ => Self::None,
        }
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Published => "exam-published",
            Self::Draft => "exam-draft-kept",
            Self::Discarded => "exam-draft-gone",
            Self::Good => "exam-good",
            Self::NotYet => "exam-not-yet",
            Self::NoSlug => "exam-no-slug",
            Self::SlugTaken => "exam-slug-taken",
            Self::Changed => "exam-changed",
        }
    }

    pub fn is_bad(self) -> bool {
        matches!(self, Self::NotYet | Self::NoSlug | Self::SlugTaken | Self::Changed)
    }
}

/// What an exam is called while it is written.
pub fn title(w: Words, document: &Value, slug: &str) -> String {
    let own = document["title"][w.lang()].as_str().or_else(|| document["title"].as_str());
    let any = || document["title"].as_object().and_then(|texts| texts.values().find_map(Value::as_str));
    own.or_else(any).unwrap_or(slug).to_owned()
}
