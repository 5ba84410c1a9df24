//! Texts with gaps: inline choice, cloze, gap match. A gap stands as `{{id}}` in the text, once in each language.

use super::{
    AcceptedNumber, AcceptedTexts, ItemKey, ItemOption, ItemType, KeyKind, MAX_STEM, OptionId, choice::values,
    key::of_another_kind, number, options, words,
};
use crate::{
    markup::marks,
    mistake::{Mistake, pointer_to},
    text::Text,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest and most gaps of a text.
pub const GAPS: std::ops::RangeInclusive<usize> = 1..=20;
/// Fewest and most words of a pool, and options of an inline choice.
pub const POOL: std::ops::RangeInclusive<usize> = 2..=26;

/// A text with gaps to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    pub text: Text,
    /// In the order of the author.
    pub gaps: Vec<Gap>,
    /// The words that all gaps are filled from; empty unless every gap is [`GapKind::Pool`].
    pub pool: Vec<ItemOption>,
    /// Whether a word of the pool may fill more than one gap.
    pub reuse: bool,
}

/// One gap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub id: OptionId,
    pub kind: GapKind,
}

/// What fills a gap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GapKind {
    Choice { options: Vec<ItemOption> },
    Text { max_length: u32 },
    Number,
    Pool,
}

/// What is right in one gap.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GapKey {
    /// Any of these.
    Options(BTreeSet<OptionId>),
    Texts(AcceptedTexts),
    Numbers(Vec<AcceptedNumber>),
}

impl GapKey {
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Options(options) => json!({"options": options.iter().map(OptionId::as_str).collect::<Vec<_>>()}),
            Self::Texts(texts) => json!({"texts": texts.value()}),
            Self::Numbers(numbers) => {
                json!({"numbers": numbers.iter().map(AcceptedNumber::value).collect::<Vec<_>>()})
            }
        }
    }
}

impl Gaps {
    /// Gap match with a pool, inline choice where each gap is one, cloze else.
    pub fn item_type(&self) -> ItemType {
        if !self.pool.is_empty() {
            ItemType::GapMatch
        } else if self.gaps.iter().all(|gap| matches!(gap.kind, GapKind::Choice { .. })) {
            ItemType::InlineChoice
        } else {
            ItemType::Cloze
        }
    }

    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        if !GAPS.contains(&self.gaps.len()) {
            mistakes.push(Mistake::new(
                "/gaps",
                "number_of_gaps",
                format!("there are {} gaps: give 1 to 20", self.gaps.len()),
                format!("空欄が{}個あります。1個から20個にしてください", self.gaps.len()),
            ));
        }
        options::languages(&self.text, "/text", ("text", "本文"), stem, mistakes);
        if self.text.longest() > MAX_STEM {
            mistakes.push(Mistake::new(
                "/text",
                "too_long",
                format!("the text is longer than {MAX_STEM} characters: shorten it"),
                format!("本文が{MAX_STEM}字を超えています。短くしてください"),
            ));
        }
        self.check_marks(mistakes);
        let pooled = self.gaps.iter().filter(|gap| gap.kind == GapKind::Pool).count();
        if pooled > 0 || !self.pool.is_empty() {
            options::check(&self.pool, "/pool", POOL, stem, mistakes);
            if pooled < self.gaps.len() {
                mistakes.push(Mistake::new(
                    "/gaps",
                    "pool_and_others",
                    "with a pool every gap is filled from it: write the other gaps as an item of their own",
                    "語群を使うときは、すべての空欄を語群から埋めます。ほかの空欄は別の設問にしてください",
                ));
            }
        }
        for gap in &self.gaps {
            if let GapKind::Choice { options } = &gap.kind {
                options::check(options, &pointer_to("/gaps", &gap.id), POOL, stem, mistakes);
            }
        }
        match key.kind() {
            KeyKind::Gaps(keys) => self.check_key(keys, mistakes),
            _ => mistakes.push(of_another_kind()),
        }
    }

    fn check_marks(&self, mistakes: &mut Vec<Mistake>) {
        let known: BTreeSet<&str> = self.gaps.iter().map(|gap| gap.id.as_str()).collect();
        if known.len() < self.gaps.len() {
            mistakes.push(Mistake::new(
                "/gaps",
                "duplicate_option",
                "a gap is there twice: give each its own id",
                "同じidの空欄が2度出てきます。別々のidにしてください",
            ));
        }
        for (tag, text) in self.text.entries() {
            let found = marks(text);
            let mut count: BTreeMap<&str, usize> = known.iter().map(|id| (*id, 0)).collect();
            for id in &found {
                match count.get_mut(id.as_str()) {
                    Some(n) => *n += 1,
                    None => mistakes.push(Mistake::new(
                        "/text",
                        "no_such_gap",
                        format!("the text ({tag}) has a mark {{{{{id}}}}}, but no gap of that name: add it to `gaps`"),
                        format!(
                            "本文({tag})に{{{{{id}}}}}がありますが、その名前の空欄がありません。gaps に加えてください"
                        ),
                    )),
                }
            }
            for (id, n) in count.into_iter().filter(|(_, n)| *n != 1) {
                mistakes.push(Mistake::new(
                    "/text",
                    "gap_not_once",
                    format!(
                        "gap `{id}` is marked {n} times in the text ({tag}): write {{{{{id}}}}} once, outside of links"
                    ),
                    format!(
                        "空欄「{id}」の印が本文({tag})に{n}個あります。リンクの外に{{{{{id}}}}}を1度だけ書いてください"
                    ),
                ));
            }
        }
    }

    fn check_key(&self, keys: &BTreeMap<OptionId, GapKey>, mistakes: &mut Vec<Mistake>) {
        for id in keys.keys().filter(|id| self.gaps.iter().all(|gap| gap.id != **id)) {
            mistakes.push(Mistake::new(
                pointer_to("/gaps", id),
                "no_such_gap",
                "the key names a gap that is not there: take it out",
                "正答が、ない空欄を指しています。取り除いてください",
            ));
        }
        for gap in &self.gaps {
            let at = format!("{}/correct", pointer_to("/gaps", &gap.id));
            match (&gap.kind, keys.get(&gap.id)) {
                (_, None) => mistakes.push(options::no_key(&at)),
                (GapKind::Choice { options: choices }, Some(GapKey::Options(right))) => {
                    options::key(right, choices, &at, mistakes);
                }
                (GapKind::Pool, Some(GapKey::Options(right))) => options::key(right, &self.pool, &at, mistakes),
                (GapKind::Text { max_length }, Some(GapKey::Texts(texts))) => {
                    words::check_length(*max_length, words::MAX_SHORT_TEXT, mistakes);
                    texts.check(&at, *max_length, mistakes);
                }
                (GapKind::Number, Some(GapKey::Numbers(numbers))) => number::check_accepted(numbers, &at, mistakes),
                (_, Some(_)) => mistakes.push(of_another_kind()),
            }
        }
        self.check_pool_suffices(keys, mistakes);
    }

    /// Where each word fits one gap only, two gaps that both need the same one cannot both be right.
    fn check_pool_suffices(&self, keys: &BTreeMap<OptionId, GapKey>, mistakes: &mut Vec<Mistake>) {
        let mut needed = BTreeSet::new();
        let single = keys.values().filter_map(|key| match key {
            GapKey::Options(right) if right.len() == 1 => right.first(),
            _ => None,
        });
        if !self.pool.is_empty() && !self.reuse && !single.into_iter().all(|word| needed.insert(word)) {
            mistakes.push(Mistake::new(
                "/reuse",
                "word_needed_twice",
                "two gaps need the same word: set `reuse: true`, or put the word into the pool twice in other words",
                "2つの空欄の正答が同じ語です。reuse: true とするか、正答を見直してください",
            ));
        }
    }

    pub(super) fn value(&self) -> Value {
        let gap = |gap: &Gap| {
            let kind = match &gap.kind {
                GapKind::Choice { options } => json!({"choice": {"options": values(options)}}),
                GapKind::Text { max_length } => json!({"text": {"max_length": max_length}}),
                GapKind::Number => json!("number"),
                GapKind::Pool => json!("pool"),
            };
            json!({"id": gap.id.as_str(), "kind": kind})
        };
        json!({
            "text": self.text,
            "gaps": self.gaps.iter().map(gap).collect::<Vec<_>>(),
            "pool": values(&self.pool),
            "reuse": self.reuse,
        })
    }
}
