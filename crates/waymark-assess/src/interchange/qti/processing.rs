//! How a QTI item is scored: one of the three templates, by any of their addresses, or rules that come to the same.

use crate::{
    interchange::{numbers::decimal, tree::Element},
    mistake::Mistake,
};
use std::collections::BTreeMap;

/// What the rules come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scored {
    /// Nothing is said.
    Unsaid,
    /// Each of these responses by itself or, where `together`, only all of them at once.
    By { rules: BTreeMap<String, How>, together: bool },
}

/// How one response is scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    /// Points for exactly the right response.
    Match,
    /// The sum of what each answer is mapped to.
    Map,
    MapPoint,
    /// A number within a tolerance of the right one; `inclusive`: the bounds themselves are right.
    Equal {
        relative: bool,
        tolerance: String,
        inclusive: bool,
    },
}

impl Scored {
    fn one(of: &str, how: How) -> Self {
        Self::By { rules: BTreeMap::from([(of.to_owned(), how)]), together: false }
    }

    /// How the response of this name is scored, where that is said.
    pub fn how(&self, response: &str) -> Option<&How> {
        match self {
            Self::Unsaid => None,
            Self::By { rules, .. } => rules.get(response),
        }
    }

    /// Whether only the whole of several responses scores.
    pub fn is_together(&self) -> bool {
        !matches!(self, Self::By { together: false, .. })
    }
}

/// # Errors
/// Rules that come to none of these.
pub(super) fn read(item: &Element) -> Result<Scored, Mistake> {
    let Some(rules) = item.child("responseProcessing") else { return Ok(Scored::Unsaid) };
    let reader = Reader { keys: keys(item) };
    let address = rules.attribute("template").or_else(|| rules.attribute("templateLocation"));
    let own: Vec<&Element> = rules.elements().collect();
    if let (Some(address), true) = (address, own.is_empty()) {
        return reader.template(address);
    }
    if own.is_empty() {
        return Ok(Scored::Unsaid);
    }
    let mut found: Option<Scored> = None;
    for rule in own {
        let Some(scored) = reader.one_rule(rule)? else { continue };
        found = Some(match found {
            None => scored,
            Some(earlier) => both(earlier, scored)?,
        });
    }
    // Rules that look at the response and set no points leave it open how many it earns.
    let sets_points = !rules.find(|e| e.name == "setOutcomeValue" && sets_score(e)).is_empty();
    match found {
        None if sets_points => Err(own_rules("no rule sets the score")),
        None => Ok(Scored::Unsaid),
        Some(found) => Ok(found),
    }
}

/// The declared responses with their right value, where that is one.
fn keys(item: &Element) -> BTreeMap<String, Option<String>> {
    let key = |declaration: &Element| {
        let values: Vec<String> = declaration
            .child("correctResponse")
            .map(|correct| correct.all("value").map(|value| value.text().trim().to_owned()).collect())
            .unwrap_or_default();
        let only = <[String; 1]>::try_from(values).ok().map(|[only]| only);
        Some((declaration.attribute("identifier")?.to_owned(), only))
    };
    item.all("responseDeclaration").filter_map(key).collect()
}

struct Reader {
    keys: BTreeMap<String, Option<String>>,
}

impl Reader {
    /// The three templates stand under several addresses; only their last step tells them apart.
    fn template(&self, address: &str) -> Result<Scored, Mistake> {
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
        let (how, together) = match name {
            "match_correct" | "CC2_match" | "CC2_match_basic" => (How::Match, true),
            "map_response" | "CC2_map_response" => (How::Map, false),
            "map_response_point" => (How::MapPoint, false),
            _ => return Err(own_rules(address)),
        };
        let rules = self.keys.keys().map(|name| (name.clone(), how.clone())).collect();
        Ok(Scored::By { rules, together })
    }

    /// What one rule says of the score; nothing if it speaks of feedback alone.
    fn one_rule(&self, rule: &Element) -> Result<Option<Scored>, Mistake> {
        match rule.name.as_str() {
            "setOutcomeValue" if sets_score(rule) => rule.elements().next().map_or(Ok(None), value_of),
            "setOutcomeValue" => Ok(None),
            "responseCondition" => self.condition(rule),
            other => Err(own_rules(other)),
        }
    }

    fn condition(&self, rule: &Element) -> Result<Option<Scored>, Mistake> {
        let mut found: Option<Scored> = None;
        let mut add = |scored: Scored| match found.replace(scored) {
            None => Ok(()),
            Some(_) => Err(own_rules("several grades of right")),
        };
        for branch in rule.elements() {
            let parts: Vec<&Element> = branch.elements().collect();
            let test = parts.first().copied().filter(|_| branch.name != "responseElse");
            let within = |e: &&Element| e.name == "responseCondition" && !points_in(e).is_empty();
            for nested in parts.iter().copied().filter(within) {
                // Rules for whatever is no empty answer.
                if test.is_some_and(|test| !is_only_emptiness(test)) {
                    return Err(own_rules("nested conditions"));
                }
                if let Some(scored) = self.condition(nested)? {
                    add(scored)?;
                }
            }
            let mut points = parts.iter().copied().filter(|e| e.name == "setOutcomeValue" && sets_score(e));
            let Some(set) = points.next().and_then(|set| set.elements().next()) else { continue };
            // Nothing for nothing, or for a wrong answer, is what every rule gives; no more than there is to earn, too.
            if earns_nothing(set) || test.is_some_and(is_bound) {
                continue;
            }
            add(match (value_of(set)?, test) {
                (Some(mapped), None) => mapped,
                (Some(mapped), Some(test)) if is_only_emptiness(test) => mapped,
                (Some(_), Some(test)) => return Err(own_rules(&test.name)),
                (None, Some(test)) => self.matched(test)?,
                (None, None) => return Err(own_rules("points for any answer")),
            })?;
        }
        Ok(found)
    }

    /// A test that holds for exactly the right response.
    fn matched(&self, test: &Element) -> Result<Scored, Mistake> {
        match test.name.as_str() {
            "match" | "equal" | "stringMatch" => {
                let parts: Vec<&Element> = test.elements().collect();
                let named = |name: &str| parts.iter().find(|e| e.name == name).copied();
                let variable = named("variable").and_then(|e| e.attribute("identifier"));
                let correct = named("correct").and_then(|e| e.attribute("identifier"));
                let mode = test.attribute("toleranceMode").unwrap_or("exact");
                match (variable, correct) {
                    (Some(variable), Some(correct)) if variable == correct => {
                        let within_bounds = test.name == "equal" && mode != "exact";
                        Ok(Scored::one(variable, if within_bounds { within(test, mode)? } else { How::Match }))
                    }
                    // The right value itself, where it stands in the declaration too.
                    (Some(variable), None) if test.name == "match" => {
                        let value = named("baseValue").map(|value| value.text().trim().to_owned());
                        let key = self.keys.get(variable).cloned().flatten();
                        let same = value.is_some() && value == key && parts.len() == 2;
                        if same { Ok(Scored::one(variable, How::Match)) } else { Err(own_rules("match")) }
                    }
                    _ => Err(own_rules(&test.name)),
                }
            }
            "and" => {
                let mut all = BTreeMap::new();
                for part in test.elements() {
                    match self.matched(part)? {
                        Scored::By { rules, .. } => all.extend(rules),
                        Scored::Unsaid => return Err(own_rules("and")),
                    }
                }
                if all.is_empty() { Err(own_rules("and")) } else { Ok(Scored::By { rules: all, together: true }) }
            }
            other => Err(own_rules(other)),
        }
    }
}

fn is_score(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.contains("SCORE") && !["MAX", "MIN", "FEEDBACK"].iter().any(|other| name.contains(other))
}

fn sets_score(rule: &Element) -> bool {
    rule.attribute("identifier").is_some_and(is_score)
}

fn points_in(rule: &Element) -> Vec<&Element> {
    rule.find(|e| e.name == "setOutcomeValue" && sets_score(e))
}

/// `mapResponse R`, `sum(SCORE, mapResponse R)`, `sum(SCORE1, SCORE2)`, and each a number of times.
fn value_of(value: &Element) -> Result<Option<Scored>, Mistake> {
    let of = value.attribute("identifier").unwrap_or_default();
    match value.name.as_str() {
        "mapResponse" => Ok(Some(Scored::one(of, How::Map))),
        "mapResponsePoint" => Ok(Some(Scored::one(of, How::MapPoint))),
        "baseValue" | "variable" => Ok(None),
        "sum" | "product" => {
            let mut found = None;
            for part in value.elements() {
                found = match (found, value_of(part)?) {
                    (None, next) => next,
                    (earlier, None) => earlier,
                    (Some(earlier), Some(next)) if value.name == "sum" => Some(both(earlier, next)?),
                    (Some(_), Some(_)) => return Err(own_rules("product")),
                };
            }
            Ok(found)
        }
        other => Err(own_rules(other)),
    }
}

/// Zero, less, or the least that there is.
fn earns_nothing(value: &Element) -> bool {
    match value.name.as_str() {
        "baseValue" => value.text().trim().parse::<f64>().is_ok_and(|n| n <= 0.0),
        "variable" => value.attribute("identifier").is_some_and(|name| name.to_ascii_uppercase().contains("MIN")),
        _ => false,
    }
}

/// Whether rules take points off for a wrong answer.
pub(super) fn punishes(item: &Element) -> bool {
    let below = |value: &Element| value.text().trim().parse::<f64>().is_ok_and(|n| n < 0.0);
    let rules = item.child("responseProcessing").map(points_in).unwrap_or_default();
    rules.iter().any(|rule| rule.child("baseValue").is_some_and(below))
}

/// `gt(SCORE, MAXSCORE)`, `lt(SCORE, MINSCORE)`: outcomes compared with outcomes.
fn is_bound(test: &Element) -> bool {
    let outcome = |e: &Element| match e.name.as_str() {
        "variable" => e.attribute("identifier").is_some_and(|name| name.to_ascii_uppercase().contains("SCORE")),
        "baseValue" => true,
        _ => false,
    };
    let compares = matches!(test.name.as_str(), "gt" | "gte" | "lt" | "lte");
    compares && test.elements().all(outcome) && test.child("variable").is_some()
}

/// `isNull R` or `not(isNull R)`.
fn is_only_emptiness(test: &Element) -> bool {
    match test.name.as_str() {
        "isNull" => true,
        "not" => test.elements().all(is_only_emptiness),
        _ => false,
    }
}

/// `equal` with one tolerance, or the same one below and above, bounds included or not (trap e).
fn within(test: &Element, mode: &str) -> Result<How, Mistake> {
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
    Ok(How::Equal { relative: mode == "relative", tolerance, inclusive: lower })
}

/// Two rules that add up: points for each response.
fn both(a: Scored, b: Scored) -> Result<Scored, Mistake> {
    let (Scored::By { rules: mut all, .. }, Scored::By { rules, .. }) = (a, b) else {
        return Err(own_rules("rules of two kinds"));
    };
    for (of, how) in rules {
        if all.insert(of, how.clone()).is_some_and(|earlier| earlier != How::Map || how != How::Map) {
            return Err(own_rules("rules of two kinds"));
        }
    }
    Ok(Scored::By { rules: all, together: false })
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
