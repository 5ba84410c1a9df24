//! Which options the author marked as right, counted from 0 and, as a check, by letter.

use super::optional;
use crate::{
    mistake::{Mistake, pointer_to},
    strict::{Object, shown, whole},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// The places marked as right, and whether they came as a list.
pub(super) fn read(value: &Value, options: Option<usize>, wrong: &mut Vec<Mistake>) -> Option<(BTreeSet<usize>, bool)> {
    let (places, listed) = match value {
        Value::Array(_) => (places(value, "/correct", wrong)?, true),
        single => (BTreeSet::from([place(single, "/correct", wrong)?]), false),
    };
    let count = options?;
    for beyond in places.iter().filter(|place| **place >= count) {
        wrong.push(Mistake::new(
            "/correct",
            "no_such_option",
            format!(
                "`correct` is {beyond}, but the {count} options count from 0 to {}: correct it",
                count.saturating_sub(1)
            ),
            format!(
                "correct は{beyond}ですが、選択肢{count}個は0から{}までです。直してください",
                count.saturating_sub(1)
            ),
        ));
    }
    Some((places, listed))
}

fn place(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<usize> {
    whole(value, pointer, 0..=999, wrong).and_then(|n| usize::try_from(n).ok())
}

/// Places in the order given, each once.
pub(super) fn list(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<Vec<usize>> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().enumerate().map(|(n, value)| place(value, &pointer_to(pointer, n), wrong)).collect()
}

/// A place that the list does not have.
pub(super) fn beyond(pointer: &str, count: usize) -> Mistake {
    let last = count.saturating_sub(1);
    Mistake::new(
        pointer,
        "no_such_option",
        format!("a place named here is not there: the {count} options count from 0 to {last}"),
        format!("ここに書かれた番号の選択肢がありません。選択肢{count}個は0から{last}までです"),
    )
}

pub(super) fn places(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<BTreeSet<usize>> {
    let Some(list) = value.as_array() else {
        return place(value, pointer, wrong).map(|place| BTreeSet::from([place]));
    };
    let mut places = BTreeSet::new();
    for (n, value) in list.iter().enumerate() {
        let at = pointer_to(pointer, n);
        if !places.insert(place(value, &at, wrong)?) {
            wrong.push(Mistake::new(
                at,
                "duplicate_option",
                "the same option is named twice: name it once",
                "同じ選択肢が2度書かれています。1度だけにしてください",
            ));
        }
    }
    Some(places)
}

/// `correct_letter` says the same as `correct`, or the item is refused: one of the two is a slip.
pub(super) fn check_letter(object: &Object<'_>, right: &BTreeSet<usize>, wrong: &mut Vec<Mistake>) {
    let Some(value) = optional(object, "correct_letter") else { return };
    let said = match value {
        Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|list| list.join(";")),
        other => other.as_str().map(str::to_owned),
    };
    let letters = said.as_ref().map(|said| said.chars().filter(|c| !c.is_whitespace() && !",;".contains(*c)));
    let places: Option<BTreeSet<usize>> = letters.and_then(|letters| {
        letters.map(|c| c.is_ascii_alphabetic().then(|| usize::from(c.to_ascii_lowercase() as u8 - b'a'))).collect()
    });
    if places.as_ref() != Some(right) {
        let list = |places: &BTreeSet<usize>| places.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let letter = |n: &usize| u8::try_from(*n).ok().filter(|n| *n < 26).map_or('?', |n| char::from(b'A' + n));
        let meant: String = right.iter().map(letter).collect();
        wrong.push(Mistake::new(
            "/correct_letter",
            "letter_disagrees",
            format!(
                "`correct` is {} (counting from 0, so {meant}), `correct_letter` is {}: make them agree",
                list(right),
                shown(value)
            ),
            format!(
                "correct は{}(0から数えるので{meant})ですが、correct_letter は{}です。一致させてください",
                list(right),
                shown(value)
            ),
        ));
    }
}
