//! What a requirement asks, in words: its title, how it is counted, and in what its figures are.

use waymark_criteria::{
    Anchor, Contributions, Cycle, Distinct, HeldAt, Measure, Node, Requirement, ScoreAtLeast, Span, Unit, Window,
};

use super::called::{TrackTitles, exam_key};
use super::explain::{kind_words, kinds_words};
use crate::web::i18n::Words;

/// The author's words, else our own. `own`: the track that asks; its own title is not told by its own name.
pub(super) fn title_of(w: Words, node: &Node, tracks: &TrackTitles, own: &str) -> String {
    if !node.text.is_empty() {
        return w.pick(&node.text).to_owned();
    }
    let called = |slug: &str| called(tracks, slug).to_owned();
    let exam = |slug: &str| tracks.get(&exam_key(slug)).cloned().unwrap_or_else(|| slug.to_owned());
    match &node.requirement {
        Requirement::All(_) => w.t("asked-all"),
        Requirement::Any(_) => w.t("asked-any"),
        Requirement::AtLeast(n, _) => w.with1("asked-at-least", "n", *n),
        Requirement::Exam { slug, score: None } => w.with1("asked-exam", "title", exam(slug)),
        Requirement::Exam { slug, score: Some(need) } => {
            let (key, n) = score_key(*need);
            w.with2(&format!("asked-exam-{key}"), "title", exam(slug), "n", n)
        }
        Requirement::Contributions(c) => {
            let (key, n) = match (c.measure, c.distinct) {
                (Measure::AtLeast(n), Some(Distinct::Type)) => ("asked-types", n),
                (Measure::AtLeast(n), Some(Distinct::Source)) => ("asked-sources", n),
                (Measure::AtLeast(n), Some(Distinct::Object) | None) => ("asked-contributions", n),
                (Measure::Sum(n), _) => ("asked-sum", n),
                (Measure::ActiveDays(n), _) => ("asked-active-days", n),
                (Measure::Streak(Cycle::Day, n), _) => ("asked-streak-days", n),
                (Measure::Streak(Cycle::Week, n), _) => ("asked-streak-weeks", n),
                (Measure::Streak(Cycle::Month | Cycle::Quarter | Cycle::Year, n), _) => ("asked-streak-months", n),
            };
            w.with1(key, "n", n)
        }
        Requirement::Held { track, at: HeldAt::Now } => w.with1("asked-held", "track", called(track)),
        Requirement::Held { track, at: HeldAt::Ever } => w.with1("asked-held-ever", "track", called(track)),
        Requirement::Tenure(Span::Days(n)) => w.with1("asked-tenure-days", "n", *n),
        Requirement::Tenure(Span::Months(n)) => w.with1("asked-tenure-months", "n", *n),
        Requirement::Attested { role } => w.with1("asked-attested", "role", role.as_str()),
        Requirement::Panel { title } if title == own => w.t("asked-panel-own"),
        Requirement::Panel { title } => w.with1("asked-panel", "title", called(title)),
    }
}

/// The title of a track, else its slug.
pub(super) fn called<'t>(tracks: &'t TrackTitles, slug: &'t str) -> &'t str {
    tracks.get(slug).map_or(slug, String::as_str)
}

/// How a score is counted, and how much of it.
pub(super) fn score_key(need: ScoreAtLeast) -> (&'static str, u32) {
    match need {
        ScoreAtLeast::Points(n) => ("points", n),
        ScoreAtLeast::Percent(n) => ("percent", n),
        ScoreAtLeast::Scaled(n) => ("scaled", n),
    }
}

/// How contributions are counted, one sentence each.
pub(super) fn rules_of(w: Words, requirement: &Requirement, tracks: &TrackTitles) -> Vec<String> {
    let Requirement::Contributions(c) = requirement else { return vec![] };
    let mut rules = vec![w.with1("rule-kinds", "kinds", kinds_words(w, &c.types))];
    if !c.sources.is_empty() {
        rules.push(w.with1("rule-sources", "sources", c.sources.join(&w.t("list-comma"))));
    }
    rules.extend(c.window.as_ref().map(|window| window_rule(w, window, tracks)));
    rules.extend(c.per_day.map(|n| w.with1("rule-per-day", "n", n)));
    rules.extend(c.per_giver.map(|n| w.with1("rule-per-giver", "n", n)));
    rules.extend(c.per_object.map(|n| w.with1("rule-per-object", "n", n)));
    if c.distinct == Some(Distinct::Object) {
        rules.push(w.t("rule-distinct"));
    }
    rules.extend((c.hold_days > 0).then(|| w.with1("rule-hold", "n", c.hold_days)));
    if c.peer_accepted {
        rules.push(w.t("rule-accepted"));
    }
    rules.push(own_rule(w, c));
    rules.extend(c.reciprocal.map(|n| w.with1("rule-reciprocal", "n", n)));
    rules.retain(|rule| !rule.is_empty());
    rules
}

/// That what one does to one's own work does not count goes without saying; that it does is said.
fn own_rule(w: Words, c: &Contributions) -> String {
    if c.own { w.t("rule-own") } else { String::new() }
}

fn window_rule(w: Words, window: &Window, tracks: &TrackTitles) -> String {
    match window {
        Window::Days(n) => w.with1("rule-window", "n", *n),
        Window::Calendar(Cycle::Quarter) => w.t("rule-window-quarter"),
        Window::Calendar(Cycle::Year) => w.t("rule-window-year"),
        Window::Calendar(Cycle::Day | Cycle::Week | Cycle::Month) => w.t("rule-window-month"),
        Window::Since(Anchor::Joining) => w.t("rule-since-joining"),
        Window::Since(Anchor::Award(track)) => w.with1("rule-since-award", "track", called(tracks, track)),
        Window::Since(Anchor::Event(kind)) => w.with1("rule-since-event", "kind", kind_words(w, kind)),
    }
}

/// The text for how much there is of how much.
pub(super) fn figure_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Facts => "figure-facts",
        Unit::Requirements => "figure-requirements",
        Unit::Days => "figure-days",
        Unit::Months => "figure-months",
        Unit::Amount => "figure-amount",
        Unit::Types => "figure-types",
        Unit::Sources => "figure-sources",
        Unit::ActiveDays => "figure-active-days",
        Unit::DaysInARow => "figure-days-in-a-row",
        Unit::WeeksInARow => "figure-weeks-in-a-row",
        Unit::MonthsInARow => "figure-months-in-a-row",
    }
}
