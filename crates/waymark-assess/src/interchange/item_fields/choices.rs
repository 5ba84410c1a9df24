//! Choice, true/false and ordering: one list of options.

use super::{Family, Given as _, answers, filled, kept, marked, optional};
use crate::{
    item::{Choice, Interaction, ItemOption, ItemType, KeyKind, OptionId, Ordering},
    mistake::Mistake,
    strict::{Object, shown, whole},
    text::Text,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Single or multiple choice; which one, where `item_type` does not say, by whether `correct` is a list.
pub(super) fn choice(object: &Object<'_>, item_type: Option<ItemType>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let texts = filled(object, "answers", wrong).and_then(|value| answers::read(value, "/answers", wrong));
    let marked =
        filled(object, "correct", wrong).and_then(|value| marked::read(value, texts.as_ref().map(Vec::len), wrong));
    let choose = optional(object, "choose").map(|value| whole(value, "/choose", 1..=26, wrong));
    let stated = optional(object, "fixed").map(|value| marked::places(value, "/fixed", wrong));
    let (texts, (right, listed)) = (texts?, marked?);
    marked::check_letter(object, &right, wrong);
    let multiple = item_type.map_or(listed, |item_type| item_type == ItemType::MultipleChoice);
    let (fixed, kept) = kept::places(&texts, stated.given()?);
    let ids = answers::ids(object, "answers", texts.len(), wrong)?;
    let right = right.iter().filter_map(|place| ids.get(*place).cloned()).collect();
    let options = answers::options(texts, ids, &fixed);
    let choice = Choice { multiple, true_false: false, options, choose: choose.given()? };
    Some(Family { interaction: Interaction::Choice(choice), key: KeyKind::Options(right), kept })
}

/// `correct: true` or `false`; `answers` only where other words than the usual ones are wanted.
pub(super) fn true_false(object: &Object<'_>, stem: Option<&Text>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let texts = match optional(object, "answers") {
        Some(value) => answers::read(value, "/answers", wrong),
        None => stem.map(usual_words),
    };
    let right = filled(object, "correct", wrong).and_then(|value| match value {
        Value::Bool(right) => Some(usize::from(!right)),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(0),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(1),
        Value::Number(place) if place.as_u64().is_some_and(|n| n < 2) => Some(usize::from(place.as_u64() == Some(1))),
        other => {
            wrong.push(Mistake::new(
                "/correct",
                "not_true_or_false",
                format!("{} stands here: write `true` or `false`", shown(other)),
                format!("{}が書かれています。true か false にしてください", shown(other)),
            ));
            None
        }
    });
    let (texts, right) = (texts?, right?);
    let ids = answers::ids(object, "answers", texts.len(), wrong)?;
    let right = KeyKind::Options(ids.get(right).cloned().into_iter().collect());
    let fixed: BTreeSet<usize> = (0..texts.len()).collect();
    let choice =
        Choice { multiple: false, true_false: true, options: answers::options(texts, ids, &fixed), choose: None };
    Some(Family { interaction: Interaction::Choice(choice), key: right, kept: Vec::new() })
}

/// True and false in the languages of the question.
pub(super) fn usual_words(stem: &Text) -> Vec<Text> {
    let is_japanese = stem.entries().any(|(_, text)| text.chars().any(|c| ('ぁ'..='ヶ').contains(&c)));
    let words = |japanese: &str, english: &str| {
        let word = |tag: &str| if tag == "ja" || tag.starts_with("ja-") { japanese } else { english };
        let texts: BTreeMap<String, String> =
            stem.languages().map(|tag| (tag.to_owned(), word(tag).to_owned())).collect();
        let text = match stem.languages().next() {
            Some(crate::text::NO_LANGUAGE) if is_japanese => Text::plain(japanese),
            Some(crate::text::NO_LANGUAGE) => Text::plain(english),
            _ => Text::in_languages(texts),
        };
        text.expect("fixed words in languages that the question has")
    };
    vec![words("正しい", "True"), words("誤り", "False")]
}

/// `answers` in the right order, or in any order with `correct` as the list of their places.
pub(super) fn ordering(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let texts = filled(object, "answers", wrong).and_then(|value| answers::read(value, "/answers", wrong));
    let places = optional(object, "correct").map(|value| marked::list(value, "/correct", wrong));
    let stated = optional(object, "fixed").map(|value| marked::places(value, "/fixed", wrong));
    let texts = texts?;
    let places = match places {
        Some(places) => places?,
        None => (0..texts.len()).collect(),
    };
    let fixed: BTreeSet<usize> = stated.given()?.unwrap_or_default();
    let ids = answers::ids(object, "answers", texts.len(), wrong)?;
    let sequence: Option<Vec<OptionId>> = places.iter().map(|place| ids.get(*place).cloned()).collect();
    let Some(sequence) = sequence else {
        wrong.push(marked::beyond("/correct", texts.len()));
        return None;
    };
    let options: Vec<ItemOption> = answers::options(texts, ids, &fixed);
    let interaction = Interaction::Order(Ordering { options });
    Some(Family { interaction, key: KeyKind::Sequence(sequence), kept: Vec::new() })
}
