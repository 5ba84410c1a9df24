//! Lists of options, in one language or several, with their ids where the author has some.

use super::{optional, read_words, words_of};
use crate::{
    item::{ItemOption, OptionId},
    mistake::{Mistake, pointer_to},
    strict::{Object, shown},
    text::{Text, TextError},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A list of texts, of texts by language, or a list for each language.
pub(super) fn read(value: &Value, base: &str, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    match value {
        Value::Array(answers) => {
            let read = |(n, answer): (usize, &Value)| read_words(answer, &pointer_to(base, n), wrong);
            let texts: Vec<Option<Text>> = answers.iter().enumerate().map(read).collect();
            texts.into_iter().collect()
        }
        Value::Object(languages) => by_language(languages, base, wrong),
        other => {
            wrong.push(Mistake::new(
                base,
                "not_a_list",
                format!("{} stands here: write a list of options", shown(other)),
                format!("{}が書かれています。選択肢のリストにしてください", shown(other)),
            ));
            None
        }
    }
}

fn by_language(languages: &serde_json::Map<String, Value>, base: &str, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    let mut texts: Vec<BTreeMap<String, String>> = Vec::new();
    let mut first: Option<(&str, usize)> = None;
    for (tag, list) in languages {
        let at = pointer_to(base, tag);
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let (other, expected) = *first.get_or_insert((tag, list.len()));
        if list.len() != expected || list.is_empty() {
            wrong.push(Mistake::new(
                at,
                "languages_differ",
                format!(
                    "`{tag}` has {} options, `{other}` {expected}: write the same ones in each language",
                    list.len()
                ),
                format!(
                    "「{tag}」の選択肢は{}個、「{other}」は{expected}個です。言語ごとに同じ数にしてください",
                    list.len()
                ),
            ));
            return None;
        }
        texts.resize(expected, BTreeMap::new());
        for (n, value) in list.iter().enumerate() {
            texts[n].insert(tag.clone(), words_of(value, &pointer_to(&at, n), wrong)?);
        }
    }
    let read = |(n, texts): (usize, BTreeMap<String, String>)| {
        let refused = |e: TextError| {
            wrong.push(Mistake::new(pointer_to(base, n), e.code(), e.to_string(), e.in_japanese()));
        };
        Text::in_languages(texts).map_err(refused).ok()
    };
    texts.into_iter().enumerate().map(read).collect()
}

/// The ids of a list: those that `ids: {answers: [...]}` gives, else `a`, `b`, … by place.
pub(super) fn ids(object: &Object<'_>, list: &str, count: usize, wrong: &mut Vec<Mistake>) -> Option<Vec<OptionId>> {
    let given = match optional(object, "ids") {
        Some(value) => {
            let known = ["answers", "sources", "targets", "pool", "areas"];
            Object::open(value, "/ids", &known, wrong)?.get(list)
        }
        None => None,
    };
    own_ids(given, &format!("/ids/{list}"), count, wrong)
}

/// As [`ids`], from the list itself.
pub(super) fn own_ids(
    given: Option<&Value>,
    at: &str,
    count: usize,
    wrong: &mut Vec<Mistake>,
) -> Option<Vec<OptionId>> {
    let Some(given) = given else {
        let ids: Option<Vec<OptionId>> = (0..count).map(OptionId::of_place).collect();
        if ids.is_none() {
            wrong.push(Mistake::new(
                at.replace("/ids", ""),
                "number_of_options",
                format!("there are {count} options: give 2 to 26"),
                format!("選択肢が{count}個あります。2個から26個にしてください"),
            ));
        }
        return ids;
    };
    let ids: Option<Vec<OptionId>> = given
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|id| id.as_str().and_then(OptionId::new))
        .collect();
    let ids = ids.filter(|ids| ids.len() == count);
    if ids.is_none() {
        wrong.push(Mistake::new(
            at,
            "ids_differ",
            format!("give an id for each of the {count} options: up to 64 letters, digits, `.`, `_` or `-`, or leave `ids` out"),
            format!("選択肢{count}個のそれぞれにid(64字までの英数字と「.」「_」「-」)を書くか、ids を消してください"),
        ));
    }
    ids
}

/// Texts and ids as options.
pub(super) fn options(texts: Vec<Text>, ids: Vec<OptionId>, fixed: &BTreeSet<usize>) -> Vec<ItemOption> {
    let option = |(place, (text, id))| ItemOption { id, text, fixed: fixed.contains(&place) };
    texts.into_iter().zip(ids).enumerate().map(option).collect()
}
