//! Choice items: options in the order of the author, each under an id that stays the same for good and never leaves staff.

use super::{ItemKey, MAX_OPTION};
use crate::{mistake::Mistake, text::Text};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Fewest and most options of an item.
pub const OPTIONS: std::ops::RangeInclusive<usize> = 2..=26;

/// The lasting id of an option within its item; candidates see a handle drawn per attempt instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptionId(String);

impl OptionId {
    /// One to 64 letters, digits, `.`, `_` or `-`.
    pub fn new(id: &str) -> Option<Self> {
        let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        fits.then(|| Self(id.to_owned()))
    }

    /// `a` for the first option, `b` for the second, up to `z`: the ids of formats that have none of their own.
    pub fn of_place(place: usize) -> Option<Self> {
        u8::try_from(place).ok().filter(|n| *n < 26).map(|n| Self(char::from(b'a' + n).to_string()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One option of a choice item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOption {
    pub id: OptionId,
    pub text: Text,
    /// Stays at its place when the others are shuffled, because it speaks of them ("All of the above").
    pub fixed: bool,
}

/// A choice among options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub multiple: bool,
    pub options: Vec<ItemOption>,
    /// How many to choose, where the item tells the candidate. Multiple choice only; else nothing shown may hint at it.
    pub choose: Option<u32>,
}

impl Choice {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        if !OPTIONS.contains(&self.options.len()) {
            mistakes.push(Mistake::new(
                "/answers",
                "number_of_options",
                format!("there are {} options: give 2 to 26", self.options.len()),
                format!("選択肢が{}個あります。2個から26個にしてください", self.options.len()),
            ));
        }
        self.check_texts(stem, mistakes);
        self.check_key(key.options(), mistakes);
    }

    fn check_texts(&self, stem: &Text, mistakes: &mut Vec<Mistake>) {
        let languages: Vec<&str> = stem.languages().collect();
        let (mut seen_ids, mut seen_texts) = (BTreeSet::new(), BTreeMap::new());
        for (n, option) in self.options.iter().enumerate() {
            let at = format!("/answers/{n}");
            if !seen_ids.insert(&option.id) {
                mistakes.push(Mistake::new(
                    &at,
                    "duplicate_option",
                    format!("the option id `{}` is there twice: give each option its own", option.id),
                    format!("選択肢のid「{}」が2度出てきます。別々のidにしてください", option.id),
                ));
            }
            if option.text.longest() > MAX_OPTION {
                mistakes.push(Mistake::new(
                    &at,
                    "too_long",
                    format!("the option is longer than {MAX_OPTION} characters: shorten it"),
                    format!("選択肢が{MAX_OPTION}字を超えています。短くしてください"),
                ));
            }
            if option.text.languages().ne(languages.iter().copied()) {
                let has = option.text.languages().collect::<Vec<_>>().join(", ");
                let wants = languages.join(", ");
                mistakes.push(Mistake::new(
                    &at,
                    "languages_differ",
                    format!("the option is in {has}, the question in {wants}: write both in the same languages"),
                    format!("選択肢の言語は{has}、問題文の言語は{wants}です。同じ言語にそろえてください"),
                ));
            }
            for entry in option.text.entries() {
                if let Some(first) = seen_texts.insert(entry, n) {
                    mistakes.push(Mistake::new(
                        &at,
                        "same_text",
                        format!(
                            "the text is the same as that of option {} (counting from 0): nobody could tell them apart",
                            first
                        ),
                        format!("{first}番(0から数えて)の選択肢と同じ文です。区別できるように書いてください"),
                    ));
                }
            }
        }
    }

    fn check_key(&self, key: &BTreeSet<OptionId>, mistakes: &mut Vec<Mistake>) {
        let mut wrong =
            |pointer: &str, code, message: String, ja: String| mistakes.push(Mistake::new(pointer, code, message, ja));
        for id in key.iter().filter(|id| self.options.iter().all(|option| option.id != **id)) {
            wrong(
                "/correct",
                "no_such_option",
                format!("the key names option `{id}`, which is not there"),
                format!("正答が、ない選択肢「{id}」を指しています"),
            );
        }
        if key.is_empty() {
            wrong(
                "/correct",
                "no_key",
                "no option is marked as right: say which".into(),
                "正答がありません。どれが正しいか書いてください".into(),
            );
        }
        if !self.multiple && key.len() > 1 {
            wrong(
                "/correct",
                "more_than_one_key",
                format!(
                    "{} options are marked as right in a single-choice item: name one, or set `type: multiple_choice`",
                    key.len()
                ),
                format!(
                    "単一選択の設問に正答が{}個あります。1個にするか、type: multiple_choice としてください",
                    key.len()
                ),
            );
        }
        match self.choose {
            Some(_) if !self.multiple => wrong(
                "/choose",
                "choose_on_single_choice",
                "`choose` is for multiple choice: remove it, or set `type: multiple_choice`".into(),
                "choose は複数選択の設問のためのものです。消すか、type: multiple_choice としてください".into(),
            ),
            Some(n) if usize::try_from(n) != Ok(key.len()) => wrong(
                "/choose",
                "choose_differs",
                format!("`choose` tells candidates to pick {n}, but {} options are right: make them agree", key.len()),
                format!("choose は{n}個選ぶように伝えますが、正答は{}個です。一致させてください", key.len()),
            ),
            _ => {}
        }
    }
}
