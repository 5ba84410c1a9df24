//! Numbers and texts that are typed: what is accepted, with tolerance or with what is ignored.

use super::{Family, filled, optional, scalar};
use crate::{
    decimal::Decimal,
    item::{
        AcceptedNumber, AcceptedText, AcceptedTexts, Ignored, Interaction, KeyKind, MAX_SHORT_TEXT, Share, ShortText,
        Tolerance,
    },
    mistake::{Mistake, pointer_to},
    strict::{Object, not_one_of, shown, whole},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Longest answer of a short text that does not say.
pub(super) const USUAL_LENGTH: u32 = 200;

/// `correct: 3.5`, or `{value, tolerance, exclude, share}`, or a list of them.
pub(super) fn numeric(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let numbers = numbers(filled(object, "correct", wrong)?, "/correct", optional(object, "tolerance"), wrong)?;
    Some(Family { interaction: Interaction::Number, key: KeyKind::Numbers(numbers), kept: Vec::new() })
}

/// `correct: Tokyo`, or `{text, share}`, or a list of them; `ignore` says what makes no difference.
pub(super) fn short_text(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Family> {
    let texts = texts(filled(object, "correct", wrong), "/correct", optional(object, "ignore"), wrong);
    let max_length = max_length(object, MAX_SHORT_TEXT, wrong);
    let interaction = Interaction::ShortText(ShortText { max_length: max_length?.unwrap_or(USUAL_LENGTH) });
    Some(Family { interaction, key: KeyKind::Texts(texts?), kept: Vec::new() })
}

/// `max_length`; the outer `None` is one that is no number.
pub(super) fn max_length(object: &Object<'_>, most: u32, wrong: &mut Vec<Mistake>) -> Option<Option<u32>> {
    match optional(object, "max_length") {
        None => Some(None),
        Some(value) => whole(value, &object.at("max_length"), 1..=most, wrong).map(Some),
    }
}

fn one_or_more(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

pub(super) fn numbers(
    value: &Value,
    at: &str,
    tolerance: Option<&Value>,
    wrong: &mut Vec<Mistake>,
) -> Option<Vec<AcceptedNumber>> {
    let listed = value.is_array();
    let read = |(n, one): (usize, &Value)| {
        let at = if listed { pointer_to(at, n) } else { at.to_owned() };
        number(one, &at, tolerance, wrong)
    };
    one_or_more(value).iter().enumerate().map(read).collect()
}

fn number(value: &Value, at: &str, usual: Option<&Value>, wrong: &mut Vec<Mistake>) -> Option<AcceptedNumber> {
    if !value.is_object() {
        let tolerance = match usual {
            Some(usual) => read_tolerance(usual, None, "/tolerance", wrong)?,
            None => Tolerance::Exact,
        };
        return Some(AcceptedNumber { value: decimal(value, at, wrong)?, tolerance, share: Share::WHOLE });
    }
    let object = Object::open(value, at, &["value", "tolerance", "exclude", "share"], wrong)?;
    let tolerance = match object.get("tolerance").or(usual) {
        Some(tolerance) => read_tolerance(tolerance, object.get("exclude"), &object.at("tolerance"), wrong)?,
        None => Tolerance::Exact,
    };
    let value = decimal(object.required("value", wrong)?, &object.at("value"), wrong)?;
    Some(AcceptedNumber { value, tolerance, share: share(&object, wrong)? })
}

fn read_tolerance(value: &Value, exclude: Option<&Value>, at: &str, wrong: &mut Vec<Mistake>) -> Option<Tolerance> {
    let mut excluded = BTreeSet::new();
    for edge in exclude.map(one_or_more).unwrap_or_default() {
        match edge.as_str().filter(|edge| ["lower", "upper"].contains(edge)) {
            Some(edge) => {
                excluded.insert(edge);
            }
            None => wrong.push(not_one_of(edge, &at.replace("/tolerance", "/exclude"), &["lower", "upper"])),
        }
    }
    let (include_lower, include_upper) = (!excluded.contains("lower"), !excluded.contains("upper"));
    let Some(text) = scalar(value) else {
        wrong.push(no_number(value, at));
        return None;
    };
    match text.trim().strip_suffix('%') {
        None => Some(Tolerance::Absolute { margin: decimal(value, at, wrong)?, include_lower, include_upper }),
        Some(percent) => {
            let percent = decimal(&Value::from(percent.trim()), at, wrong)?;
            let part = percent.checked_mul(&"0.01".parse().expect("a number"));
            if part.is_none() {
                wrong.push(no_number(value, at));
            }
            Some(Tolerance::Relative { part: part?, include_lower, include_upper })
        }
    }
}

fn decimal(value: &Value, at: &str, wrong: &mut Vec<Mistake>) -> Option<Decimal> {
    let number = scalar(value).and_then(|text| text.trim().parse().ok());
    if number.is_none() {
        wrong.push(no_number(value, at));
    }
    number
}

fn no_number(value: &Value, at: &str) -> Mistake {
    Mistake::new(
        at,
        "not_a_number",
        format!("{} stands here: write a number with a decimal point, in quotes in JSON, like \"3.5\"", shown(value)),
        format!(
            "{}が書かれています。小数点を使った数にしてください。JSONでは \"3.5\" のように引用符で囲みます",
            shown(value)
        ),
    )
}

/// `share: 1/2`, or the whole.
fn share(object: &Object<'_>, wrong: &mut Vec<Mistake>) -> Option<Share> {
    let Some(value) = object.get("share") else { return Some(Share::WHOLE) };
    let share = scalar(value).and_then(|text| text.trim().parse().ok()).and_then(Share::new);
    if share.is_none() {
        wrong.push(Mistake::new(
            object.at("share"),
            "share_out_of_range",
            format!("{} stands here: write a fraction above 0 and up to 1, like `1/2`", shown(value)),
            format!("{}が書かれています。1/2 のように、0より大きく1以下の分数にしてください", shown(value)),
        ));
    }
    share
}

pub(super) fn texts(
    value: Option<&Value>,
    at: &str,
    ignore: Option<&Value>,
    wrong: &mut Vec<Mistake>,
) -> Option<AcceptedTexts> {
    let value = value?;
    let listed = value.is_array();
    let read = |(n, one): (usize, &Value)| {
        let at = if listed { pointer_to(at, n) } else { at.to_owned() };
        if !one.is_object() {
            return Some(AcceptedText { text: super::words_of(one, &at, wrong)?, share: Share::WHOLE });
        }
        let object = Object::open(one, &at, &["text", "share"], wrong)?;
        let text = super::words_of(object.required("text", wrong)?, &object.at("text"), wrong)?;
        Some(AcceptedText { text, share: share(&object, wrong)? })
    };
    let texts: Option<Vec<AcceptedText>> = one_or_more(value).iter().enumerate().map(read).collect();
    Some(AcceptedTexts { texts: texts?, ignore: ignored(ignore, at, wrong)? })
}

/// A list of what is ignored; `[]` for nothing at all.
fn ignored(value: Option<&Value>, at: &str, wrong: &mut Vec<Mistake>) -> Option<BTreeSet<Ignored>> {
    let Some(value) = value else { return Some(Ignored::usual()) };
    let at = at.strip_suffix("/correct").or(at.strip_suffix("/texts")).unwrap_or(at);
    let known = Ignored::ALL.map(Ignored::as_str);
    let mut ignored = BTreeSet::new();
    for (n, name) in one_or_more(value).iter().enumerate() {
        match name.as_str().and_then(|name| Ignored::parse(name.trim())) {
            Some(what) => {
                ignored.insert(what);
            }
            None => {
                wrong.push(not_one_of(name, &format!("{at}/ignore/{n}"), &known));
                return None;
            }
        }
    }
    Some(ignored)
}
