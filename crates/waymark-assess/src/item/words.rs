//! Short texts: what is typed is compared with what is accepted, both brought into one form first.

use super::{ItemKey, KeyKind, key::of_another_kind, scoring::Share};
use crate::{
    mistake::Mistake,
    normalization::{Ignored, normalized},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Longest short text, in characters.
pub const MAX_SHORT_TEXT: u32 = 500;
/// Most texts that a key may accept.
pub const MAX_ACCEPTED_TEXTS: usize = 100;

/// A line to be typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortText {
    /// Longest answer, in characters.
    pub max_length: u32,
}

/// Texts that are right, and what is ignored when comparing.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedTexts {
    pub texts: Vec<AcceptedText>,
    pub ignore: BTreeSet<Ignored>,
}

/// A text that is right.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedText {
    pub text: String,
    /// What it earns of the part's worth.
    #[serde(default)]
    pub share: Share,
}

impl AcceptedTexts {
    /// What `answer` earns; `None` for one that is not accepted.
    pub(crate) fn share_of(&self, answer: &str) -> Option<Share> {
        let answer = normalized(answer, &self.ignore);
        let fits = |accepted: &&AcceptedText| normalized(&accepted.text, &self.ignore) == answer;
        self.texts.iter().find(fits).map(|accepted| accepted.share)
    }

    pub(super) fn value(&self) -> Value {
        let text = |accepted: &AcceptedText| {
            let mut value = json!({"text": accepted.text});
            accepted.share.write(&mut value);
            value
        };
        let ignore: Vec<&str> = self.ignore.iter().map(|ignored| ignored.as_str()).collect();
        json!({"texts": self.texts.iter().map(text).collect::<Vec<_>>(), "ignore": ignore})
    }

    pub(super) fn check(&self, at: &str, max_length: u32, mistakes: &mut Vec<Mistake>) {
        if self.texts.is_empty() || self.texts.len() > MAX_ACCEPTED_TEXTS {
            mistakes.push(Mistake::new(
                at,
                "number_of_answers",
                format!("{} texts are accepted: give 1 to {MAX_ACCEPTED_TEXTS}", self.texts.len()),
                format!(
                    "正解とする文字列が{}個あります。1個から{MAX_ACCEPTED_TEXTS}個にしてください",
                    self.texts.len()
                ),
            ));
        }
        let mut seen = BTreeMap::new();
        for (n, accepted) in self.texts.iter().enumerate() {
            let at = format!("{at}/{n}");
            let length = accepted.text.chars().count();
            if length > usize::try_from(max_length).unwrap_or(usize::MAX) || accepted.text.chars().any(char::is_control)
            {
                mistakes.push(Mistake::new(
                    &at,
                    "never_typed",
                    format!("nobody can type this: keep to one line of {max_length} characters"),
                    format!("この正解は入力できません。1行{max_length}字以内にしてください"),
                ));
            }
            let compared = normalized(&accepted.text, &self.ignore);
            if compared.is_empty() {
                mistakes.push(Mistake::new(
                    &at,
                    "empty",
                    "nothing is left of this text to compare: write letters or digits, or ignore less",
                    "比べる文字が残りません。文字か数字を書くか、無視するものを減らしてください",
                ));
            }
            if let Some(first) = seen.insert(compared, n) {
                mistakes.push(Mistake::new(
                    &at,
                    "same_text",
                    format!("this reads the same as text {first} (counting from 0), given what is ignored: remove one"),
                    format!("無視するものを除くと{first}番(0から数えて)と同じです。どちらかを消してください"),
                ));
            }
        }
    }
}

impl ShortText {
    pub(super) fn check(&self, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        check_length(self.max_length, MAX_SHORT_TEXT, mistakes);
        match key.kind() {
            KeyKind::Texts(texts) => texts.check("/correct", self.max_length, mistakes),
            _ => mistakes.push(of_another_kind()),
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({"max_length": self.max_length})
    }
}

pub(super) fn check_length(length: u32, most: u32, mistakes: &mut Vec<Mistake>) {
    if !(1..=most).contains(&length) {
        mistakes.push(Mistake::new(
            "/max_length",
            "length_out_of_range",
            format!("`max_length` is {length}: write a number from 1 to {most}"),
            format!("max_length が{length}です。1から{most}までにしてください"),
        ));
    }
}
