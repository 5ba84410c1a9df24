//! What every list of options, sources, targets and areas must keep to: lasting ids that differ, texts that can be told
//! apart, all in the languages of the question.

use super::{ItemOption, MAX_OPTION, OptionId};
use crate::{mistake::Mistake, text::Text};
use std::collections::{BTreeMap, BTreeSet};

/// Checks the options that stand under `base` in a bank file against the languages of `stem`.
pub(super) fn check(
    options: &[ItemOption],
    base: &str,
    fits: std::ops::RangeInclusive<usize>,
    stem: &Text,
    mistakes: &mut Vec<Mistake>,
) {
    if !fits.contains(&options.len()) {
        let (low, high) = (fits.start(), fits.end());
        mistakes.push(Mistake::new(
            base,
            "number_of_options",
            format!("there are {} options: give {low} to {high}", options.len()),
            format!("選択肢が{}個あります。{low}個から{high}個にしてください", options.len()),
        ));
    }
    texts(options, base, stem, mistakes);
}

/// Ids and texts alone.
pub(super) fn texts(options: &[ItemOption], base: &str, stem: &Text, mistakes: &mut Vec<Mistake>) {
    let (mut seen_ids, mut seen_texts) = (BTreeSet::new(), BTreeMap::new());
    for (n, option) in options.iter().enumerate() {
        let at = format!("{base}/{n}");
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
        languages(&option.text, &at, ("option", "選択肢"), stem, mistakes);
        for entry in option.text.entries() {
            if let Some(first) = seen_texts.insert(entry, n) {
                mistakes.push(Mistake::new(
                    &at,
                    "same_text",
                    format!(
                        "the text is the same as that of option {first} (counting from 0): nobody could tell them apart"
                    ),
                    format!("{first}番(0から数えて)の選択肢と同じ文です。区別できるように書いてください"),
                ));
            }
        }
    }
}

/// `text` is in exactly the languages of the question.
pub(super) fn languages(text: &Text, at: &str, what: (&str, &str), stem: &Text, mistakes: &mut Vec<Mistake>) {
    if text.languages().ne(stem.languages()) {
        let has = text.languages().collect::<Vec<_>>().join(", ");
        let wants = stem.languages().collect::<Vec<_>>().join(", ");
        mistakes.push(Mistake::new(
            at,
            "languages_differ",
            format!("the {} is in {has}, the question in {wants}: write both in the same languages", what.0),
            format!("{}の言語は{has}、問題文の言語は{wants}です。同じ言語にそろえてください", what.1),
        ));
    }
}

/// The key is there, and names only what is there.
pub(super) fn key<'k>(
    key: impl IntoIterator<Item = &'k OptionId>,
    options: &[ItemOption],
    at: &str,
    mistakes: &mut Vec<Mistake>,
) {
    let mut empty = true;
    for id in key {
        empty = false;
        if options.iter().all(|option| option.id != *id) {
            mistakes.push(Mistake::new(
                at,
                "no_such_option",
                format!("the key names option `{id}`, which is not there"),
                format!("正答が、ない選択肢「{id}」を指しています"),
            ));
        }
    }
    if empty {
        mistakes.push(no_key(at));
    }
}

pub(super) fn no_key(at: &str) -> Mistake {
    Mistake::new(
        at,
        "no_key",
        "no option is marked as right: say which",
        "正答がありません。どれが正しいか書いてください",
    )
}
