//! A requirement tree in words, for anyone ([`Asked`]), and with a member's state in it ([`Row`]).

use std::collections::HashMap;

use askama::Template;
use waymark_criteria::{Amount, Criteria, Decision, Explained, Node, NodeId, NodeKind, NodeState, Requirement};

use super::asked::{figure_key, rules_of, title_of};
use super::called::TrackTitles;
use super::explain::FactBook;
pub(super) use crate::decisions::Reach;
use crate::decisions::length_of;
use crate::web::i18n::Words;

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

/// The tree of the track `own` as a list of rows, and the line that says how many of them are needed, where that is not all.
pub(super) fn asked(w: Words, criteria: &Criteria, tracks: &TrackTitles, own: &str) -> (Option<String>, Vec<Asked>) {
    let root = criteria.root();
    if root.text.is_empty() && !root.requirement.children().is_empty() {
        let rule = (root.requirement.kind() != NodeKind::All).then(|| title_of(w, root, tracks, own));
        return (rule, root.requirement.children().iter().map(|child| asked_node(w, child, tracks, own)).collect());
    }
    (None, vec![asked_node(w, root, tracks, own)])
}

fn asked_node(w: Words, node: &Node, tracks: &TrackTitles, own: &str) -> Asked {
    let link = match &node.requirement {
        Requirement::Exam { slug, .. } => Some((format!("/exams/{slug}"), w.t("action-exam"))),
        Requirement::Held { track, .. } => Some((format!("/p/{track}"), w.t("action-track"))),
        _ => None,
    };
    Asked {
        id: format!("asked-{}", node.id),
        title: title_of(w, node, tracks, own),
        rules: w.sentences(&rules_of(w, &node.requirement, tracks)),
        link,
        children: node.requirement.children().iter().map(|child| asked_node(w, child, tracks, own)).collect(),
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
    /// What the ids of rows begin with after the slug: one page may tell two trees of one track.
    pub part: &'static str,
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
            let rule =
                (root.requirement.kind() != NodeKind::All).then(|| title_of(self.w, root, self.tracks, self.slug));
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
            id: format!("{}-{}{}", self.slug, self.part, node.id),
            state,
            icon,
            word: w.t(word),
            title: title_of(w, node, self.tracks, self.slug),
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
            value: format!("{}", length_of(e.have.min(e.need))),
            max: format!("{}", length_of(e.need)),
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
