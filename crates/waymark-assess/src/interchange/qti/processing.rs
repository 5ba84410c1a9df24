//! How a QTI item is scored: one of the three templates, by any of their addresses, or rules that come to the same.

use crate::{
    interchange::{numbers::decimal, tree::Element},
    mistake::Mistake,
};
use std::collections::BTreeSet;

/// What the rules come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scored {
    /// Nothing is said.
    Unsaid,
    /// Points for exactly the right response; of each of these, or of all together.
    MatchCorrect {
        of: BTreeSet<String>,
        together: bool,
    },
    /// The sum of what each answer is mapped to.
    MapResponse {
        of: BTreeSet<String>,
    },
    MapPoint {
        of: BTreeSet<String>,
    },
    /// A number within a tolerance of the right one; `inclusive`: the bounds themselves are right.
    Equal {
        of: String,
        relative: bool,
        tolerance: String,
        inclusive: bool,
    },
}

/// # Errors
/// Rules that come to none of these.
pub(super) fn read(item: &Element) -> Result<Scored, Mistake> {
    let Some(rules) = item.child("responseProcessing") else { return Ok(Scored::Unsaid) };
    let every = || {
        item.all("responseDeclaration")
            .filter_map(|d| d.attribute("identifier"))
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let address = rules.attribute("template").or_else(|| rules.attribute("templateLocation"));
    let own: Vec<&Element> = rules.elements().collect();
    if let (Some(address), true) = (address, own.is_empty()) {
        return template(address, every());
    }
    if own.is_empty() {
        return Ok(Scored::Unsaid);
    }
    let mut found: Option<Scored> = None;
    for rule in own {
        let Some(scored) = one_rule(rule)? else { continue };
        found = Some(match found {
            None => scored,
            Some(earlier) => both(earlier, scored)?,
        });
    }
    found.ok_or_else(|| own_rules("no rule sets the score"))
}

/// The three templates stand under several addresses; only their last step tells them apart.
fn template(address: &str, of: BTreeSet<String>) -> Result<Scored, Mistake> {
    let of_ims = [
        "http://www.imsglobal.org/question/",
        "https://www.imsglobal.org/question/",
        "http://purl.imsglobal.org/spec/qti/",
        "https://purl.imsglobal.org/spec/qti/",
    ]
    .iter()
    .any(|known| address.starts_with(known));
    let last = address.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
    let name = last.strip_suffix(".xml").unwrap_or(last);
    if address.contains("://") && !of_ims {
        return Err(own_rules(address));
    }
    match name {
        "match_correct" | "CC2_match" | "CC2_match_basic" => Ok(Scored::MatchCorrect { of, together: true }),
        "map_response" | "CC2_map_response" => Ok(Scored::MapResponse { of }),
        "map_response_point" => Ok(Scored::MapPoint { of }),
        _ => Err(own_rules(address)),
    }
}

/// What one rule says of the score; nothing if it speaks of feedback alone.
fn one_rule(rule: &Element) -> Result<Option<Scored>, Mistake> {
    match rule.name.as_str() {
        "setOutcomeValue" => {
            if !sets_score(rule) {
                return Ok(None);
            }
            match rule.elements().next() {
                Some(value) => value_of(value),
                None => Ok(None),
            }
        }
        "responseCondition" => condition(rule),
        other => Err(own_rules(other)),
    }
}

fn is_score(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.contains("SCORE") && !name.contains("MAX") && !name.contains("FEEDBACK")
}

fn sets_score(rule: &Element) -> bool {
    rule.attribute("identifier").is_some_and(is_score)
}

/// `mapResponse R`, `sum(SCORE, mapResponse R)`, `sum(SCORE1, SCORE2)`.
fn value_of(value: &Element) -> Result<Option<Scored>, Mistake> {
    let of = |e: &Element| e.attribute("identifier").map(str::to_owned).into_iter().collect::<BTreeSet<_>>();
    match value.name.as_str() {
        "mapResponse" => Ok(Some(Scored::MapResponse { of: of(value) })),
        "mapResponsePoint" => Ok(Some(Scored::MapPoint { of: of(value) })),
        "baseValue" | "variable" => Ok(None),
        "sum" => {
            let mut found = None;
            for part in value.elements() {
                found = match (found, value_of(part)?) {
                    (None, next) => next,
                    (earlier, None) => earlier,
                    (Some(earlier), Some(next)) => Some(both(earlier, next)?),
                };
            }
            Ok(found)
        }
        other => Err(own_rules(other)),
    }
}

fn condition(rule: &Element) -> Result<Option<Scored>, Mistake> {
    let mut found: Option<Scored> = None;
    for branch in rule.elements() {
        let parts: Vec<&Element> = branch.elements().collect();
        let has_test = branch.name != "responseElse";
        let test = parts.first().copied().filter(|_| has_test);
        let scores: Vec<&Element> =
            parts.iter().copied().filter(|e| e.name == "setOutcomeValue" && sets_score(e)).collect();
        if parts.iter().any(|e| {
            e.name == "responseCondition"
                && !e.find(|inner| inner.name == "setOutcomeValue" && sets_score(inner)).is_empty()
        }) {
            return Err(own_rules("nested conditions"));
        }
        let Some(set) = scores.first().and_then(|set| set.elements().next()) else { continue };
        // Nothing for nothing, or for a wrong answer, is what every rule gives.
        if is_zero(set) {
            continue;
        }
        let scored = match (value_of(set)?, test) {
            (Some(mapped), Some(test)) => {
                if is_only_emptiness(test) {
                    mapped
                } else {
                    return Err(own_rules(&test.name));
                }
            }
            (Some(mapped), None) => mapped,
            (None, Some(test)) => matched(test)?,
            (None, None) => return Err(own_rules("points for any answer")),
        };
        found = Some(match found {
            None => scored,
            Some(_) => return Err(own_rules("several grades of right")),
        });
    }
    Ok(found)
}

fn is_zero(value: &Element) -> bool {
    value.name == "baseValue" && value.text().trim().parse::<f64>().is_ok_and(|n| n == 0.0)
}

/// `isNull R` or `not(isNull R)`.
fn is_only_emptiness(test: &Element) -> bool {
    match test.name.as_str() {
        "isNull" => true,
        "not" => test.elements().all(is_only_emptiness),
        _ => false,
    }
}

/// A test that holds for exactly the right response.
fn matched(test: &Element) -> Result<Scored, Mistake> {
    match test.name.as_str() {
        "match" | "equal" | "stringMatch" => {
            let parts: Vec<&Element> = test.elements().collect();
            let variable = parts.iter().find(|e| e.name == "variable").and_then(|e| e.attribute("identifier"));
            let correct = parts.iter().find(|e| e.name == "correct").and_then(|e| e.attribute("identifier"));
            let mode = test.attribute("toleranceMode").unwrap_or("exact");
            match (variable, correct) {
                (Some(variable), Some(correct)) if variable == correct && test.name == "equal" && mode != "exact" => {
                    within(test, variable, mode)
                }
                (Some(variable), Some(correct)) if variable == correct => {
                    Ok(Scored::MatchCorrect { of: BTreeSet::from([variable.to_owned()]), together: false })
                }
                _ => Err(own_rules(&test.name)),
            }
        }
        "and" => {
            let mut all = BTreeSet::new();
            for part in test.elements() {
                match matched(part)? {
                    Scored::MatchCorrect { of, .. } => all.extend(of),
                    _ => return Err(own_rules("and")),
                }
            }
            if all.is_empty() { Err(own_rules("and")) } else { Ok(Scored::MatchCorrect { of: all, together: true }) }
        }
        other => Err(own_rules(other)),
    }
}

/// `equal` with one tolerance, or the same one below and above, bounds included or not (trap e).
fn within(test: &Element, of: &str, mode: &str) -> Result<Scored, Mistake> {
    let numbers: Option<Vec<String>> =
        test.attribute("tolerance").unwrap_or_default().split_whitespace().map(decimal).collect();
    let tolerance = match numbers.unwrap_or_default().as_slice() {
        [one] => one.clone(),
        [below, above] if below == above => below.clone(),
        _ => return Err(own_rules("equal")),
    };
    let bound = |name: &str| test.attribute(name) != Some("false");
    let (lower, upper) = (bound("includeLowerBound"), bound("includeUpperBound"));
    if lower != upper || !matches!(mode, "absolute" | "relative") {
        return Err(own_rules("equal"));
    }
    Ok(Scored::Equal { of: of.to_owned(), relative: mode == "relative", tolerance, inclusive: lower })
}

/// Two rules that add up: points for each response.
fn both(a: Scored, b: Scored) -> Result<Scored, Mistake> {
    match (a, b) {
        (Scored::MatchCorrect { of: mut a, .. }, Scored::MatchCorrect { of: b, .. }) if a.is_disjoint(&b) => {
            a.extend(b);
            Ok(Scored::MatchCorrect { of: a, together: false })
        }
        (Scored::MapResponse { of: mut a }, Scored::MapResponse { of: b }) => {
            a.extend(b);
            Ok(Scored::MapResponse { of: a })
        }
        _ => Err(own_rules("rules of two kinds")),
    }
}

fn own_rules(what: &str) -> Mistake {
    let what: String = what.chars().take(80).filter(|c| !c.is_control()).collect();
    Mistake::new(
        "/scoring",
        "own_response_processing",
        format!(
            "the item is scored by rules of its own (`{what}`) that come to neither match_correct nor map_response: use one of these"
        ),
        format!(
            "独自の採点規則({what})があり、match_correct や map_response と同じにはなりません。どちらかを使ってください"
        ),
    )
}
