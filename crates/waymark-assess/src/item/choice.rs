//! Choice items, true/false among them: options in the order of the author, each under an id that stays the same for good
//! and never leaves staff.

use super::{ItemKey, KeyKind, key::of_another_kind, options};
use crate::{mistake::Mistake, option_id::OptionId, text::Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fewest and most options of an item.
pub const OPTIONS: std::ops::RangeInclusive<usize> = 2..=26;

/// One option of an item: of a choice, an order, a list to match, a pool of words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemOption {
    pub id: OptionId,
    pub text: Text,
    /// Stays at its place when the others are shuffled, because it speaks of them ("All of the above").
    pub fixed: bool,
}

impl ItemOption {
    pub(super) fn value(&self) -> Value {
        json!({"id": self.id.as_str(), "text": self.text, "fixed": self.fixed})
    }
}

/// Options as they are stored.
pub(super) fn values(options: &[ItemOption]) -> Vec<Value> {
    options.iter().map(ItemOption::value).collect()
}

/// A choice among options.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub multiple: bool,
    /// Two options, true and false in whatever words, in the order of the author. Not `multiple`.
    #[serde(default)]
    pub true_false: bool,
    pub options: Vec<ItemOption>,
    /// How many to choose, where the item tells the candidate. Multiple choice only; else nothing shown may hint at it.
    pub choose: Option<u32>,
}

impl Choice {
    pub(super) fn check(&self, stem: &Text, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        let fits = if self.true_false { 2..=2 } else { OPTIONS };
        options::check(&self.options, "/answers", fits, stem, mistakes);
        match key.kind() {
            KeyKind::Options(right) => self.check_key(right, mistakes),
            _ => mistakes.push(of_another_kind()),
        }
        if self.true_false && (self.multiple || self.options.iter().any(|option| !option.fixed)) {
            mistakes.push(Mistake::new(
                "/answers",
                "true_false_moves",
                "a true/false item has one right answer and keeps its order: fix both options",
                "正誤問題の正答は1つで、選択肢の順番は変わりません。2つとも固定してください",
            ));
        }
    }

    fn check_key(&self, right: &BTreeSet<OptionId>, mistakes: &mut Vec<Mistake>) {
        options::key(right, &self.options, "/correct", mistakes);
        if !self.multiple && right.len() > 1 {
            mistakes.push(Mistake::new(
                "/correct",
                "more_than_one_key",
                format!(
                    "{} options are marked as right in a single-choice item: name one, or set `type: multiple_choice`",
                    right.len()
                ),
                format!(
                    "単一選択の設問に正答が{}個あります。1個にするか、type: multiple_choice としてください",
                    right.len()
                ),
            ));
        }
        match self.choose {
            Some(_) if !self.multiple => mistakes.push(Mistake::new(
                "/choose",
                "choose_on_single_choice",
                "`choose` is for multiple choice: remove it, or set `type: multiple_choice`",
                "choose は複数選択の設問のためのものです。消すか、type: multiple_choice としてください",
            )),
            choose => mistakes.extend(choose_differs(choose, right.len())),
        }
    }

    pub(super) fn value(&self) -> Value {
        let mut value = json!({"multiple": self.multiple, "choose": self.choose, "options": values(&self.options)});
        if self.true_false {
            value["true_false"] = json!(true);
        }
        value
    }
}

/// `choose` tells candidates a number, so that it must be the number of right ones.
pub(super) fn choose_differs(choose: Option<u32>, right: usize) -> Option<Mistake> {
    choose.filter(|n| usize::try_from(*n) != Ok(right)).map(|n| {
        Mistake::new(
            "/choose",
            "choose_differs",
            format!("`choose` tells candidates to pick {n}, but {right} options are right: make them agree"),
            format!("choose は{n}個選ぶように伝えますが、正答は{right}個です。一致させてください"),
        )
    })
}
