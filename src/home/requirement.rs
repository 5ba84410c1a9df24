//! A requirement tree in words, for anyone ([`Asked`]), and with a member's state in it ([`Row`]).

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use waymark_criteria::{
    Amount, Criteria, Decision, Explained, Missing, Node, NodeId, NodeKind, NodeState, Requirement,
};

use super::asked::{figure_key, rules_of, title_of};
use super::explain::FactBook;
use crate::web::i18n::Words;

/// Titles of tracks by slug, and of exams by `exam/` and their slug, in one language.
pub(super) type TrackTitles = BTreeMap<String, String>;

/// One requirement as it is asked of everyone.
#[derive(Template)]
#[template(path = "home/asked.html")]
pub(super) struct Asked {
    id: String,
    title: String,
    /// How it is counted.
    rules: String,
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
        Requirement::Exam { slug, .. } => Some((format!("/exams/{slug}"), w.t("action-exam"))),
        Requirement::Held { track, .. } => Some((format!("/p/{track}"), w.t("action-track"))),
        _ => None,
    };
    Asked {
        id: format!("asked-{}", node.id),
        title: title_of(w, node, tracks),
        rules: w.sentences(&rules_of(w, &node.requirement, tracks)),
        link,
        children: node.requirement.children().iter().map(|child| asked_node(w, child, tracks)).collect(),
    }
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
    title: String,
    bar: Option<Bar>,
    missing: Option<String>,
    pub action: Option<(String, String)>,
    summary: String,
    counted: Vec<FactLine>,
    uncounted: Vec<FactLine>,
    /// That there are earlier ones, which are not named.
    earlier: Option<String>,
    children: Vec<Row>,
    met: bool,
}

impl Row {
    /// What is asked and what is missing, in one line.
    pub fn to_do(&self, w: &Words) -> String {
        match &self.missing {
            Some(missing) => w.with2("to-do", "title", self.title.as_str(), "missing", missing.as_str()),
            None => self.title.clone(),
        }
    }

    pub fn is_open(&self) -> bool {
        !self.met
    }

    /// The rows below that are not met.
    pub fn open_children(&self) -> Vec<&Row> {
        self.children.iter().filter(|row| row.is_open()).collect()
    }
}

/// What the rows of one track are told with.
pub(super) struct Teller<'a> {
    pub w: Words,
    pub icons: &'a str,
    pub slug: &'a str,
    pub tracks: &'a TrackTitles,
    pub book: &'a FactBook<'a>,
    /// Whether staff read it: then nothing speaks to the member, and nothing leads to what only they can do.
    pub for_staff: bool,
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
        let counted: Vec<FactLine> = latest(&e.facts).iter().filter_map(|fact| line(*fact, None)).collect();
        let uncounted: Vec<FactLine> =
            latest(&e.uncounted).iter().filter_map(|u| line(u.fact, Some(self.book.why(u.fact, &u.why)))).collect();
        let unnamed = e.facts.len() + e.uncounted.len() - latest(&e.facts).len() - latest(&e.uncounted).len();
        Some(Row {
            icons: self.icons.to_owned(),
            id: format!("{}-{}", self.slug, node.id),
            state,
            icon,
            word: w.t(word),
            title: title_of(w, node, self.tracks),
            bar: self.bar(e),
            missing: e.missing.as_ref().and_then(|missing| self.missing(missing)),
            action: e.missing.as_ref().filter(|_| !self.for_staff).and_then(|missing| self.action(missing, &node.id)),
            summary: w.with2("facts-summary", "counted", e.facts.len(), "uncounted", e.uncounted.len()),
            earlier: (unnamed > 0).then(|| w.with1("facts-earlier", "n", unnamed)),
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
        let key = figure_key(e.unit);
        Some(Bar {
            value: format!("{}", near(e.have.min(e.need))),
            max: format!("{}", near(e.need)),
            figure: self.w.with2(key, "have", e.have.min(e.need).to_string(), "need", e.need.to_string()),
        })
    }
}

/// How many facts of each sort a row names.
const NAMED_FACTS: usize = 50;

/// The latest ones of a list that is in the order in which things happened.
fn latest<T>(all: &[T]) -> &[T] {
    &all[all.len().saturating_sub(NAMED_FACTS)..]
}

/// How far a member is on one track: for the order of tracks and the length of one bar, never for a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Acts still to be done: exams to pass, contributions to make. Waiting is none; another track counts as many.
    pub steps: u32,
    /// From 0 to 1.
    pub share: f64,
}

/// How many acts it stands for to earn another track first.
const ANOTHER_TRACK: u32 = 10;

impl Reach {
    pub fn of(decision: &Decision) -> Self {
        let by_id: HashMap<&NodeId, &Explained> = decision.nodes.iter().map(|e| (&e.node, e)).collect();
        decision.nodes.first().map_or(Self { steps: 0, share: 0.0 }, |root| Self::of_node(root, &by_id))
    }

    fn of_node(e: &Explained, by_id: &HashMap<&NodeId, &Explained>) -> Self {
        if e.state == NodeState::Met {
            return Self { steps: 0, share: 1.0 };
        }
        let children: Vec<&Explained> = e.children.iter().filter_map(|child| by_id.get(child).copied()).collect();
        let worked: Vec<&Explained> = children.iter().copied().filter(|c| c.kind != NodeKind::Tenure).collect();
        let counted = if worked.is_empty() { children } else { worked };
        let mut parts: Vec<Self> = counted.iter().map(|child| Self::of_node(child, by_id)).collect();
        parts.sort_by(|a, b| a.steps.cmp(&b.steps).then(b.share.total_cmp(&a.share)));
        let take = match e.kind {
            NodeKind::All => parts.len(),
            NodeKind::Any => 1,
            NodeKind::AtLeast => near(e.need) as usize,
            _ => return Self { steps: steps_of(e), share: (near(e.have) / near(e.need).max(1.0)).clamp(0.0, 0.99) },
        };
        let taken = parts.iter().take(take);
        Self {
            steps: taken.clone().map(|part| part.steps).sum(),
            share: (taken.map(|part| part.share).sum::<f64>() / take.max(1) as f64).min(0.99),
        }
    }

    /// Hundredths of the way.
    pub fn percent(self) -> u32 {
        (self.share * 100.0) as u32
    }

    /// Fewer acts come first, then the longer way made.
    pub fn nearer(self, other: Self) -> std::cmp::Ordering {
        self.steps.cmp(&other.steps).then(other.share.total_cmp(&self.share))
    }
}

fn steps_of(e: &Explained) -> u32 {
    match e.missing {
        Some(
            Missing::TakeExam { .. }
            | Missing::BeAttested { .. }
            | Missing::BeGivenTitle { .. }
            | Missing::AwaitEvent { .. }
            | Missing::Join,
        ) => 1,
        Some(Missing::Contribute { count, .. } | Missing::Vary { count, .. } | Missing::KeepUp { count, .. }) => count,
        Some(Missing::BeActive { days, .. }) => days,
        Some(Missing::Gather { amount, .. }) => near(amount).ceil() as u32,
        Some(Missing::HoldCredential { .. }) => ANOTHER_TRACK,
        _ => 0,
    }
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
        let reach = |decision: Decision| Reach::of(&decision);
        let criteria = Criteria::from_value(&json!({"all": [
            {"id": "exam", "exam": {"slug": "e"}},
            {"id": "since", "tenure": {"days": 30}},
            {"id": "some", "at_least": {"n": 1, "of": [
                {"id": "a", "contributions": {"types": ["x"], "at_least": 2}},
                {"id": "b", "contributions": {"types": ["y"], "at_least": 4}},
            ]}},
        ]}))
        .expect("valid");
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("valid");
        let fact = |n: usize, detail: serde_json::Value| -> Fact {
            let fact = json!({
                "id": format!("fct_{n:026}"), "happened_at": "2026-11-20T09:00:00Z",
                "known_at": "2026-11-20T09:00:00Z", "detail": detail,
            });
            serde_json::from_value(fact).expect("a fact")
        };
        let mut facts = vec![fact(9, json!({"kind": "membership"}))];
        let mut before = reach(decide(&criteria, &facts, now));
        assert_eq!(before, Reach { steps: 3, share: 0.0 }, "one exam and the two that are nearer; waiting is no act");
        let details = [
            json!({"kind": "contribution", "type": "x"}),
            json!({"kind": "exam", "slug": "e", "passed": true}),
            json!({"kind": "contribution", "type": "x"}),
        ];
        for (n, detail) in details.into_iter().enumerate() {
            facts.push(fact(n + 1, detail));
            let after = reach(decide(&criteria, &facts, now));
            assert!(after.share > before.share && after.steps == before.steps - 1, "{n}: {before:?} → {after:?}");
            before = after;
        }
        assert_eq!((before.steps, before.percent()), (0, 99), "the thirty days are not over");
        let later = parse_rfc3339("2026-12-21T09:00:00Z").expect("valid");
        assert_eq!(reach(decide(&criteria, &facts, later)).percent(), 100);
    }
}
