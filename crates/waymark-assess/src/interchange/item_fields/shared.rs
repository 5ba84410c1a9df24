//! What any item may say beside its type: how it is scored, what it shares with others.

use super::{read_words, words_of};
use crate::{
    item::{MAX_POINTS, Rule, Scoring, Stimulus},
    mistake::Mistake,
    rational::Rational,
    strict::{Object, not_one_of, shown, whole},
};
use serde_json::Value;

const RULES: [&str; 2] = ["all_or_nothing", "per_part"];

/// `all_or_nothing`, `per_part`, or `{rule, points, penalty}`; a penalty alone means `per_part`.
pub(super) fn scoring(value: &Value, wrong: &mut Vec<Mistake>) -> Option<Scoring> {
    if value.is_string() {
        return Some(Scoring { rule: rule(value, "/scoring", wrong)?, ..Scoring::default() });
    }
    let object = Object::open(value, "/scoring", &["rule", "points", "penalty"], wrong)?;
    let penalty = match object.get("penalty") {
        None => Some(Rational::ZERO),
        Some(value) => {
            let read = super::scalar(value).and_then(|text| text.trim().parse().ok());
            if read.is_none() {
                wrong.push(Mistake::new(
                    "/scoring/penalty",
                    "penalty_out_of_range",
                    format!("{} stands here: write a fraction from 0 to 1, like `1/3`", shown(value)),
                    format!("{}が書かれています。1/3 のような0から1までの分数にしてください", shown(value)),
                ));
            }
            read
        }
    };
    let points = match object.get("points") {
        None => Some(1),
        Some(value) => whole(value, "/scoring/points", 1..=MAX_POINTS, wrong),
    };
    let usual = if object.get("penalty").is_some() { Rule::PerPart } else { Rule::AllOrNothing };
    let rule = match object.get("rule") {
        None => Some(usual),
        Some(value) => rule(value, "/scoring/rule", wrong),
    };
    Some(Scoring { rule: rule?, points: points?, penalty: penalty? })
}

fn rule(value: &Value, at: &str, wrong: &mut Vec<Mistake>) -> Option<Rule> {
    match value.as_str() {
        Some("all_or_nothing") => Some(Rule::AllOrNothing),
        Some("per_part") => Some(Rule::PerPart),
        _ => {
            wrong.push(not_one_of(value, at, &RULES));
            None
        }
    }
}

/// `{id, text}`: items with one id stand together, and carry the same text.
pub(super) fn stimulus(value: &Value, wrong: &mut Vec<Mistake>) -> Option<Stimulus> {
    let object = Object::open(value, "/stimulus", &["id", "text"], wrong)?;
    let id = object.required("id", wrong).and_then(|id| words_of(id, "/stimulus/id", wrong));
    let text = object.required("text", wrong).and_then(|text| read_words(text, "/stimulus/text", wrong));
    Some(Stimulus { id: id?, text: text? })
}
