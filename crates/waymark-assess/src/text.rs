//! A text in one or more languages, keyed by BCP 47 tag; `und` stands for a text whose language was not said.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tag of a text without a stated language (BCP 47, RFC 5646 §4.1).
pub const NO_LANGUAGE: &str = "und";
/// More languages than this in one text are refused.
pub const MAX_LANGUAGES: usize = 8;

/// A text in one to eight languages. Every entry is non-empty, trimmed, with `\n` line ends and no other control
/// character than tab, which PostgreSQL could not store and a page could not show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Text(BTreeMap<String, String>);

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text is empty: write it or leave the field out")]
    Empty,
    #[error("the text in language `{0}` is empty: write it or leave that language out")]
    EmptyIn(String),
    #[error("`{0}` is no language tag: write one like `ja`, `en` or `pt-BR`")]
    NotALanguage(String),
    #[error("the text has {0} languages: give at most {MAX_LANGUAGES}")]
    TooManyLanguages(usize),
    #[error("the text holds the control character U+{0:04X}: remove it")]
    Control(u32),
}

impl TextError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::EmptyIn(_) => "empty",
            Self::NotALanguage(_) => "not_a_language",
            Self::TooManyLanguages(_) => "too_many_languages",
            Self::Control(_) => "control_character",
        }
    }

    pub fn in_japanese(&self) -> String {
        match self {
            Self::Empty => "文が空です。書くか、この項目ごと消してください".into(),
            Self::EmptyIn(tag) => format!("言語「{tag}」の文が空です。書くか、この言語を消してください"),
            Self::NotALanguage(tag) => {
                format!("「{tag}」は言語タグではありません。ja、en、pt-BR のように書いてください")
            }
            Self::TooManyLanguages(n) => format!("言語が{n}個あります。{MAX_LANGUAGES}個までにしてください"),
            Self::Control(c) => format!("制御文字 U+{c:04X} が入っています。取り除いてください"),
        }
    }
}

impl Text {
    /// A text whose language is not said.
    pub fn plain(text: &str) -> Result<Self, TextError> {
        Ok(Self(BTreeMap::from([(NO_LANGUAGE.to_owned(), tidy(text)?.ok_or(TextError::Empty)?)])))
    }

    /// A text by language tag.
    pub fn in_languages(texts: BTreeMap<String, String>) -> Result<Self, TextError> {
        if texts.is_empty() {
            return Err(TextError::Empty);
        }
        if texts.len() > MAX_LANGUAGES {
            return Err(TextError::TooManyLanguages(texts.len()));
        }
        let mut out = BTreeMap::new();
        for (tag, text) in texts {
            if !is_language_tag(&tag) {
                return Err(TextError::NotALanguage(tag.chars().take(40).collect()));
            }
            let text = tidy(&text)?.ok_or_else(|| TextError::EmptyIn(tag.clone()))?;
            out.insert(tag, text);
        }
        Ok(Self(out))
    }

    /// The text for a reader of `language`, with the tag it is really in: the same tag, else the same primary language,
    /// else the text without language, else English, else the first there is.
    pub fn pick(&self, language: &str) -> (&str, &str) {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let entry = |tag: &str| self.0.get_key_value(tag);
        let (tag, text) = entry(language)
            .or_else(|| self.0.iter().find(|(tag, _)| primary(tag) == primary(language)))
            .or_else(|| entry(NO_LANGUAGE))
            .or_else(|| entry("en"))
            .or_else(|| self.0.iter().next())
            .expect("every constructor refuses a text without languages");
        (tag, text)
    }

    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// The longest entry, in characters.
    pub fn longest(&self) -> usize {
        self.0.values().map(|text| text.chars().count()).max().unwrap_or_default()
    }
}

impl TryFrom<BTreeMap<String, String>> for Text {
    type Error = TextError;
    fn try_from(texts: BTreeMap<String, String>) -> Result<Self, TextError> {
        Self::in_languages(texts)
    }
}

impl From<Text> for BTreeMap<String, String> {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// A primary subtag of two or three letters and up to three more subtags: what a text file plausibly names.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_lowercase())
        && parts.clone().count() <= 3
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn tidy(text: &str) -> Result<Option<String>, TextError> {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some(c) => Err(TextError::Control(u32::from(c))),
        None => Ok(Some(text).filter(|text| !text.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(entries: &[(&str, &str)]) -> Result<Text, TextError> {
        Text::in_languages(entries.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn picks_the_nearest_language() {
        let both = text(&[("ja", "問"), ("en", "question")]).unwrap();
        assert_eq!(both.pick("ja"), ("ja", "問"));
        assert_eq!(both.pick("ja-JP"), ("ja", "問"));
        assert_eq!(both.pick("fr"), ("en", "question"));
        assert_eq!(Text::plain("q").unwrap().pick("ja"), ("und", "q"));
        assert_eq!(text(&[("zh-Hant", "題"), ("ko", "문")]).unwrap().pick("zh-Hans"), ("zh-Hant", "題"));
    }

    #[test]
    fn refuses_what_cannot_be_shown_or_stored() {
        assert_eq!(Text::plain(" \n"), Err(TextError::Empty));
        assert_eq!(Text::plain("a\0b"), Err(TextError::Control(0)));
        assert_eq!(text(&[("ja", "問"), ("en", " ")]), Err(TextError::EmptyIn("en".into())));
        assert_eq!(text(&[("question", "q")]), Err(TextError::NotALanguage("question".into())));
        assert_eq!(text(&[]), Err(TextError::Empty));
        assert_eq!(Text::plain(" a\r\nb ").unwrap().pick("en").1, "a\nb");
    }
}
