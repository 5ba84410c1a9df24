//! The right answer of any type, as a reviewer reads it.

use serde_json::Value;
use waymark_assess::item::ItemVersion;

use crate::authoring::sentences;
use crate::banks;
use crate::web::i18n::Words;

/// Key and rationale, once they were asked for.
pub struct Revealed {
    pub answers: Vec<String>,
    /// How it is scored, where that is not one point for everything right.
    pub scoring: Option<String>,
    /// By language.
    pub rationale: Vec<(String, String)>,
}

/// What is right, in the reader's language, and why, in each.
pub fn revealed(w: Words, version: &ItemVersion) -> Revealed {
    let fields = banks::fields(version);
    let why = version.rationale().map(|why| why.reveal().entries());
    let rationale = why.into_iter().flatten().map(|(tag, text)| (sentences::language(w, tag), text.to_owned()));
    Revealed { answers: answers(w, &fields), scoring: scoring(w, &fields["scoring"]), rationale: rationale.collect() }
}

fn answers(w: Words, fields: &Value) -> Vec<String> {
    let correct = &fields["correct"];
    let words = |list: &str, place: &Value| {
        let place = usize::try_from(place.as_u64()?).ok()?;
        Some(said(w, &fields[list][place]))
    };
    match fields["type"].as_str().unwrap_or_default() {
        "matching" => {
            let pair =
                |pair: &Value| Some(format!("{} → {}", words("sources", &pair[0])?, words("targets", &pair[1])?));
            each(correct).filter_map(pair).collect()
        }
        "ordering" => {
            let steps = each(correct).filter_map(|place| words("answers", place));
            (1..).zip(steps).map(|(n, step): (usize, String)| format!("{n}. {step}")).collect()
        }
        "numeric" => each(correct).map(|one| number(w, one)).collect(),
        "short_text" => each(correct).map(|one| accepted(w, one)).collect(),
        "hotspot" => {
            let label =
                |place: &Value| Some(said(w, &fields["areas"][usize::try_from(place.as_u64()?).ok()?]["label"]));
            each(correct).filter_map(label).collect()
        }
        "essay" | "file_upload" => {
            let points = |line: &Value| w.with1("editor-key-points", "n", line["points"].as_u64().unwrap_or_default());
            each(&fields["rubric"]).map(|line| format!("{} ({})", said(w, &line["text"]), points(line))).collect()
        }
        "inline_choice" | "cloze" | "gap_match" => {
            let gap =
                |(name, gap): (&String, &Value)| format!("{{{{{name}}}}}: {}", filling(w, fields, gap).join(" / "));
            fields["gaps"].as_object().into_iter().flatten().map(gap).collect()
        }
        _ => each(correct).filter_map(|place| words("answers", place)).collect(),
    }
}

fn filling(w: Words, fields: &Value, gap: &Value) -> Vec<String> {
    if gap["texts"].is_array() {
        return each(&gap["texts"]).map(|one| accepted(w, one)).collect();
    }
    if gap["numbers"].is_array() {
        return each(&gap["numbers"]).map(|one| number(w, one)).collect();
    }
    let options = if gap["answers"].is_array() { &gap["answers"] } else { &fields["pool"] };
    let word = |place: &Value| Some(said(w, &options[usize::try_from(place.as_u64()?).ok()?]));
    each(&gap["correct"]).filter_map(word).collect()
}

/// The entries of a list; one value is a list of one.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    list.iter()
}

fn said(w: Words, value: &Value) -> String {
    match value {
        Value::Object(texts) => {
            let texts = texts.iter().filter_map(|(tag, text)| Some((tag.clone(), text.as_str()?.to_owned())));
            w.pick(&texts.collect()).to_owned()
        }
        other => other.as_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

fn number(w: Words, number: &Value) -> String {
    let mut words = said(w, &number["value"]);
    if let Some(tolerance) = number["tolerance"].as_str() {
        words = format!("{words} ± {tolerance}");
    }
    for edge in each(&number["exclude"]).filter_map(Value::as_str) {
        words = format!("{words} · {}", w.t(&format!("editor-{edge}")));
    }
    with_share(w, words, number)
}

fn accepted(w: Words, text: &Value) -> String {
    let words = if text.is_object() { said(w, &text["text"]) } else { said(w, text) };
    with_share(w, words, text)
}

fn with_share(w: Words, words: String, value: &Value) -> String {
    match value["share"].as_str() {
        Some(share) => format!("{words} ({})", w.with1("editor-key-share", "share", share)),
        None => words,
    }
}

fn scoring(w: Words, scoring: &Value) -> Option<String> {
    let rule = scoring["rule"].as_str()?;
    let points = w.with1("editor-key-points", "n", scoring["points"].as_u64().unwrap_or(1));
    let mut words = format!("{} · {points}", w.t(&format!("editor-scoring-rule-{}", rule.replace('_', "-"))));
    if let Some(penalty) = scoring["penalty"].as_str().filter(|penalty| *penalty != "0") {
        words = format!("{words} · {}", w.with1("editor-key-penalty", "penalty", penalty));
    }
    Some(words)
}
