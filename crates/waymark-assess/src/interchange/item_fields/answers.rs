//! The options of an item, in one language or several.

use super::{read_words, words_of};
use crate::{
    mistake::{Mistake, pointer_to},
    strict::shown,
    text::{Text, TextError},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A list of texts, of texts by language, or a list for each language.
pub(super) fn read(value: &Value, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    match value {
        Value::Array(answers) => {
            let read = |(n, answer): (usize, &Value)| read_words(answer, &pointer_to("/answers", n), wrong);
            let texts: Vec<Option<Text>> = answers.iter().enumerate().map(read).collect();
            texts.into_iter().collect()
        }
        Value::Object(languages) => by_language(languages, wrong),
        other => {
            wrong.push(Mistake::new(
                "/answers",
                "not_a_list",
                format!("{} stands here: write a list of options", shown(other)),
                format!("{}が書かれています。選択肢のリストにしてください", shown(other)),
            ));
            None
        }
    }
}

fn by_language(languages: &serde_json::Map<String, Value>, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    let mut texts: Vec<BTreeMap<String, String>> = Vec::new();
    let mut first: Option<(&str, usize)> = None;
    for (tag, list) in languages {
        let at = pointer_to("/answers", tag);
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
            wrong.push(Mistake::new(pointer_to("/answers", n), e.code(), e.to_string(), e.in_japanese()));
        };
        Text::in_languages(texts).map_err(refused).ok()
    };
    texts.into_iter().enumerate().map(read).collect()
}
