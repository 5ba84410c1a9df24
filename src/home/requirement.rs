//! A requirement tree in words, for anyone ([`Asked`]), and with a member's state in it ([`Row`]).

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use waymark_criteria::{
    Amount, Criteria, Decision, Explained, HeldAt, Missing, Node, NodeId, NodeKind, NodeState, Requirement, Span, Unit,
};

use super::explain::{FactBook, kinds_words};
use crate::web::i18n::Words;

/// Titles of tracks by slug, in one language.
pub(super) type TrackTitles = BTreeMap<String, String>;

/// One requirement as it is asked of everyone.
#[derive(Template)]
#[template(path = "home/asked.html")]
pub(super) struct Asked {
    id: String,
    title: String,
    /// How it is counted.
    rules: Vec<String>,
    link: Option<(String, String)>,
    children: Vec<Asked>,
}

/// The tree as a list of rows and the line that says how many of them are needed, where that is not all.
pub(super) fn asked(w: Words, criteria: &Criteria, tracks: &TrackTitles) -> (Option<String>, Vec<Asked>) {
    let root = criteria.root();
    if root.text.is_empty() && !root.requirement.children().is_empty() {
        let rule = (root.requirement.kind() != NodeKind::All).then(|| title_of(w, root, tracks));
        return (rule, root.requirement.children().iter().map(|child| asked_node(w, child, tracks)).collect());
    }
    (None, vec![asked_node(w, root, tracks)])
}

fn asked_node(w: Words, node: &Node, tracks: &TrackTitles) -> Asked {
    let link = match &node.requirement {
        Requirement::Exam { slug } => Some((format!("/exams/{slug}"), w.t("action-exam"))),
        Requirement::Held { track, .. } => Some((format!("/p/{track}"), w.t("action-track"))),
        _ => None,
    };
    Asked {
        id: format!("asked-{}", node.id),
        title: title_of(w, node, tracks),
        rules: rules_of(w, &node.requirement),
        link,
        children: node.requirement.children().iter().map(|child| asked_node(w, child, tracks)).collect(),
    }
}

/// The author's words, else our own.
fn title_of(w: Words, node: &Node, tracks: &TrackTitles) -> String {
    if !node.text.is_empty() {
        return w.pick(&node.text).to_owned();
    }
    let called = |slug: &str| tracks.get(slug).cloned().unwrap_or_else(|| slug.to_owned());
    match &node.requirement {
        Requirement::All(_) => w.t("asked-all"),
        Requirement::Any(_) => w.t("asked-any"),
        Requirement::AtLeast(n, _) => w.with1("asked-at-least", "n", *n),
        Requirement::Exam { slug } => w.with1("asked-exam", "slug", slug.as_str()),
        Requirement::Contributions(c) => w.with1("asked-contributions", "n", c.at_least),
        Requirement::Held { track, at: HeldAt::Now } => w.with1("asked-held", "track", called(track)),
        Requirement::Held { track, at: HeldAt::Ever } => w.with1("asked-held-ever", "track", called(track)),
        Requirement::Tenure(Span::Days(n)) => w.with1("asked-tenure-days", "n", *n),
        Requirement::Tenure(Span::Months(n)) => w.with1("asked-tenure-months", "n", *n),
        Requirement::Attested { role } => w.with1("asked-attested", "role", role.as_str()),
    }
}

/// How contributions are counted, one sentence each.
fn rules_of(w: Words, requirement: &Requirement) -> Vec<String> {
    let Requirement::Contributions(c) = requirement else { return vec![] };
    let mut rules = vec![w.with1("rule-kinds", "kinds", kinds_words(w, &c.types))];
    rules.extend(c.window_days.map(|n| w.with1("rule-window", "n", n)));
    rules.extend(c.per_day.map(|n| w.with1("rule-per-day", "n", n)));
    rules.extend(c.per_giver.map(|n| w.with1("rule-per-giver", "n", n)));
    if c.distinct_objects {
        rules.push(w.t("rule-distinct"));
    }
    rules
}

/// A fact under a requirement.
pub(super) struct FactLine {
    pub date: String,
    pub title: String,
    pub url: Option<String>,
    /// Why it does not count; none where it does.
    pub why: Option<String>,
}

/// How much there is of how much.
pub(super) struct Bar {
    pub value: String,
    pub max: String,
    pub figure: String,
}

/// One requirement with a member's state.
#[derive(Template)]
#[template(path = "home/requirement.html")]
pub(super) struct Row {
    icons: String,
    id: String,
    state: &'static str,
    icon: &'static str,
    word: String,
    pub title: String,
    pub bar: Option<Bar>,
    pub missing: Option<String>,
    pub action: Option<(String, String)>,
    summary: String,
    counted: Vec<FactLine>,
    uncounted: Vec<FactLine>,
    children: Vec<Row>,
    met: bool,
}

impl Row {
    /// The open leaves below, this one included: what there is to do.
    pub fn to_do(&self) -> Vec<&Row> {
        if self.met {
            return vec![];
        }
        if self.children.is_empty() {
            return vec![self];
        }
        self.children.iter().flat_map(Row::to_do).collect()
    }
}

/// What the rows of one track are told with.
pub(super) struct Teller<'a> {
    pub w: Words,
    pub icons: &'a str,
    pub slug: &'a str,
    pub tracks: &'a TrackTitles,
    pub book: &'a FactBook,
}

impl Teller<'_> {
    /// The decision as rows, and the line that says how many are needed, where that is not all.
    pub fn rows(&self, criteria: &Criteria, decision: &Decision) -> (Option<String>, Vec<Row>) {
        let explained: HashMap<&NodeId, &Explained> = decision.nodes.iter().map(|e| (&e.node, e)).collect();
        let root = criteria.root();
        if root.text.is_empty() && !root.requirement.children().is_empty() {
            let rule = (root.requirement.kind() != NodeKind::All).then(|| title_of(self.w, root, self.tracks));
            let children = root.requirement.children().iter();
            return (rule, children.filter_map(|child| self.row(child, &explained)).collect());
        }
        (None, self.row(root, &explained).into_iter().collect())
    }

    fn row(&self, node: &Node, explained: &HashMap<&NodeId, &Explained>) -> Option<Row> {
        let w = self.w;
        let e = explained.get(&node.id)?;
        let (state, icon, word) = match e.state {
            NodeState::Met => ("met", "check", "state-met"),
            NodeState::InProgress => ("in_progress", "in-progress", "state-in-progress"),
            NodeState::NotStarted => ("not_started", "not-started", "state-not-started"),
            NodeState::Waiting => ("waiting", "waiting", "state-waiting"),
        };
        let line = |fact, why: Option<String>| {
            let told = self.book.told(fact)?;
            Some(FactLine { date: self.book.date(told.at), title: told.title.clone(), url: told.url.clone(), why })
        };
        let counted: Vec<FactLine> = e.facts.iter().filter_map(|fact| line(*fact, None)).collect();
        let uncounted: Vec<FactLine> =
            e.uncounted.iter().filter_map(|u| line(u.fact, Some(self.book.why(u.fact, &u.why)))).collect();
        Some(Row {
            icons: self.icons.to_owned(),
            id: format!("{}-{}", self.slug, node.id),
            state,
            icon,
            word: w.t(word),
            title: title_of(w, node, self.tracks),
            bar: self.bar(e),
            missing: e.missing.as_ref().and_then(|missing| self.missing(missing)),
            action: e.missing.as_ref().and_then(|missing| self.action(missing, &node.id)),
            summary: w.with2("facts-summary", "counted", counted.len(), "uncounted", uncounted.len()),
            counted,
            uncounted,
            children: node.requirement.children().iter().filter_map(|child| self.row(child, explained)).collect(),
            met: e.state == NodeState::Met,
        })
    }

    fn bar(&self, e: &Explained) -> Option<Bar> {
        if e.need <= Amount::ONE {
            return None;
        }
        let key = match e.unit {
            Unit::Facts => "figure-facts",
            Unit::Requirements => "figure-requirements",
            Unit::Days => "figure-days",
            Unit::Months => "figure-months",
        };
        Some(Bar {
            value: format!("{}", near(e.have.min(e.need))),
            max: format!("{}", near(e.need)),
            figure: self.w.with2(key, "have", e.have.to_string(), "need", e.need.to_string()),
        })
    }

    fn missing(&self, missing: &Missing) -> Option<String> {
        let w = self.w;
        Some(match missing {
            Missing::TakeExam { .. } => w.t("missing-exam"),
            Missing::Contribute { types, count } => {
                w.with2("missing-contribute", "n", *count, "kinds", kinds_words(w, types))
            }
            Missing::HoldCredential { track } => {
                w.with1("missing-hold", "track", self.tracks.get(track).map_or(track.as_str(), String::as_str))
            }
            Missing::WaitUntil { at } => w.with1("missing-wait", "date", self.book.date(*at)),
            Missing::BeAttested { role } => w.with1("missing-attested", "role", role.as_str()),
            Missing::Join => w.t("missing-join"),
            Missing::AnyOf { .. } => w.t("missing-any"),
            Missing::SomeOf { count, .. } => w.with1("missing-some", "n", *count),
        })
    }

    /// Where to go for it.
    fn action(&self, missing: &Missing, node: &NodeId) -> Option<(String, String)> {
        match missing {
            Missing::TakeExam { slug } => Some((format!("/exams/{slug}"), self.w.t("action-exam"))),
            Missing::Contribute { .. } => {
                Some((format!("/p/{}#asked-{node}", self.slug), self.w.t("action-contribute")))
            }
            Missing::HoldCredential { track } => Some((format!("/p/{track}"), self.w.t("action-track"))),
            _ => None,
        }
    }
}

/// How far along the whole tree is, from 0 to 1: for the order of cards and the length of one bar, never for a decision.
pub(super) fn reach(decision: &Decision) -> f64 {
    let by_id: HashMap<&NodeId, &Explained> = decision.nodes.iter().map(|e| (&e.node, e)).collect();
    decision.nodes.first().map_or(0.0, |root| reach_of(root, &by_id))
}

fn reach_of(e: &Explained, by_id: &HashMap<&NodeId, &Explained>) -> f64 {
    if e.state == NodeState::Met {
        return 1.0;
    }
    let mut parts: Vec<f64> = e.children.iter().filter_map(|c| by_id.get(c)).map(|c| reach_of(c, by_id)).collect();
    parts.sort_by(|a, b| b.total_cmp(a));
    let take = match e.kind {
        NodeKind::All => parts.len(),
        NodeKind::Any => 1,
        NodeKind::AtLeast => near(e.need) as usize,
        _ => return (near(e.have) / near(e.need).max(1.0)).clamp(0.0, 0.99),
    };
    parts.iter().take(take).sum::<f64>() / take.max(1) as f64
}

/// An amount for the length of a bar.
fn near(amount: Amount) -> f64 {
    let text = amount.to_string();
    let (above, below) = text.split_once('/').unwrap_or((&text, "1"));
    above.parse::<f64>().unwrap_or_default() / below.parse::<f64>().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waymark_criteria::{Fact, decide};

    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn reach_grows_with_each_fact_and_is_whole_only_when_met() {
        let criteria = Criteria::from_value(&json!({"all": [
            {"id": "exam", "exam": {"slug": "e"}},
            {"id": "some", "at_least": {"n": 1, "of": [
                {"id": "a", "contributions": {"types": ["x"], "at_least": 2}},
                {"id": "b", "contributions": {"types": ["y"], "at_least": 4}},
            ]}},
        ]}))
        .expect("valid");
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("valid");
        let mut facts: Vec<Fact> = vec![];
        let mut before = reach(&decide(&criteria, &facts, now));
        assert_eq!(before, 0.0);
        let details = [
            json!({"kind": "contribution", "type": "x"}),
            json!({"kind": "exam", "slug": "e", "passed": true}),
            json!({"kind": "contribution", "type": "x"}),
        ];
        for (n, detail) in details.into_iter().enumerate() {
            let fact = json!({
                "id": format!("fct_{:026}", n + 1), "happened_at": "2026-11-20T09:00:00Z",
                "known_at": "2026-11-20T09:00:00Z", "detail": detail,
            });
            facts.push(serde_json::from_value(fact).expect("a fact"));
            let after = reach(&decide(&criteria, &facts, now));
            assert!(after > before, "{n}: {before} → {after}");
            before = after;
        }
        assert_eq!(before, 1.0);
    }
}
