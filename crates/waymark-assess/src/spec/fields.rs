//! The members of an exam file, each with its limits.

use crate::{
    form::MAX_POSITIONS,
    item::MAX_POINTS,
    mistake::Mistake,
    rational::Rational,
    score::Cut,
    strict::{Object, read_text, shown, text},
    text::Text,
};
use serde_json::Value;

pub(super) fn slug(object: &Object<'_>, name: &str, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let pointer = object.at(name);
    let value = text(object.required(name, mistakes)?, &pointer, mistakes)?;
    let fits = (1..=64).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !value.starts_with('-');
    if !fits {
        mistakes.push(Mistake::new(
            pointer,
            "not_a_slug",
            "use up to 64 of a-z, 0-9 and `-`, not beginning with `-`",
            "64字までの英小文字・数字・「-」で、「-」以外から始めてください",
        ));
    }
    fits.then(|| value.to_owned())
}

/// A bank's slug is its file's name without extension; who writes the extension too is told so.
pub(super) fn bank_slug(object: &Object<'_>, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let known = ["csv", "json", "yaml", "yml", "gift", "xml", "zip"];
    let named = object.get("bank").and_then(Value::as_str).and_then(|bank| bank.rsplit_once('.'));
    if let Some((stem, _)) = named.filter(|(_, extension)| known.contains(extension)) {
        mistakes.push(Mistake::new(
            object.at("bank"),
            "not_a_slug",
            format!("name the bank without its extension: `{stem}`"),
            format!("拡張子を付けずに「{stem}」と書いてください"),
        ));
        return None;
    }
    slug(object, "bank", mistakes)
}

/// A whole number within the range; `otherwise` where the member is not there.
pub(super) fn whole_or(
    object: &Object<'_>,
    name: &str,
    range: std::ops::RangeInclusive<u32>,
    otherwise: u32,
    mistakes: &mut Vec<Mistake>,
) -> Option<u32> {
    if object.get(name).is_some() { object.whole(name, range, mistakes) } else { Some(otherwise) }
}

pub(super) fn not_a_list(pointer: &str, message: &str, message_ja: &str) -> Mistake {
    Mistake::new(pointer, "not_a_list", message, message_ja)
}

pub(super) fn read_cut(object: &Object<'_>, mistakes: &mut Vec<Mistake>) -> Option<Cut> {
    match (object.get("cut"), object.get("cut_percent")) {
        (Some(_), None) => object.whole("cut", 1..=MAX_POSITIONS * MAX_POINTS, mistakes).map(Cut::Points),
        (None, Some(percent)) => {
            let exact = match percent {
                Value::String(text) => text.parse::<Rational>().ok(),
                // A whole number is exact as it stands; a decimal one has been through a binary fraction by now, so that
                // its shortest decimal form is read: what the author wrote, up to 15 digits.
                Value::Number(number) => number.to_string().parse().ok(),
                _ => None,
            };
            let fits = exact.filter(|exact| *exact > Rational::ZERO && *exact <= Rational::from(100));
            if fits.is_none() {
                mistakes.push(Mistake::new(
                    "/scoring/cut_percent",
                    "not_a_percentage",
                    format!("{} stands here: write more than 0 and at most 100, like 75 or \"200/3\"", shown(percent)),
                    format!(
                        "{}が書かれています。0より大きく100以下の数を、75 や \"200/3\" のように書いてください",
                        shown(percent)
                    ),
                ));
            }
            fits.map(Cut::Percent)
        }
        _ => {
            mistakes.push(Mistake::new(
                "/scoring",
                "one_cut",
                "give one of `cut` (points) and `cut_percent`",
                "合格点は cut(点数)か cut_percent(割合)のどちらか一方で書いてください",
            ));
            None
        }
    }
}

/// A list, for the order is the author's: candidates read the sections of their result in it.
pub(super) fn read_domains(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Vec<(String, Text)>> {
    let Some(entries) = value.as_array() else {
        mistakes.push(Mistake::new(
            "/domains",
            "not_a_list",
            "write a list: `- {domain: security, title: {ja: …, en: …}}`",
            "一覧で書いてください。例: - {domain: security, title: {ja: …, en: …}}",
        ));
        return None;
    };
    let mut read: Vec<(String, Text)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let pointer = format!("/domains/{at}");
        let Some(object) = Object::open(entry, &pointer, &["domain", "title"], mistakes) else { continue };
        let name = object.required("domain", mistakes).and_then(|name| text(name, &object.at("domain"), mistakes));
        let title = object.required("title", mistakes).and_then(|t| read_text(t, &object.at("title"), mistakes));
        let (Some(name), Some(title)) = (name, title) else { continue };
        if read.iter().any(|(known, _)| known == name) {
            mistakes.push(Mistake::new(
                object.at("domain"),
                "repeated",
                format!("domain `{name}` has a title already: keep one"),
                format!("領域「{name}」にはもう名前があります。一つにしてください"),
            ));
        } else {
            read.push((name.to_owned(), title));
        }
    }
    Some(read)
}
