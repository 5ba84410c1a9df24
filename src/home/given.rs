//! A member's contributions, each with what became of it: the tracks that count it, or why it does not count and what can be done about that.

use std::collections::{BTreeSet, HashMap};

use waymark_criteria::{Requirement, Why};

use super::explain::{FactBook, kind_words, title_of};
use crate::contributions::{Contribution, HeldBecause, LINK_TYPES, SourceDefinition, State};
use crate::decisions::TrackProgress;
use crate::ids::FactId;
use crate::web::i18n::Words;

/// One contribution with what became of it.
pub(super) struct GivenLine {
    pub id: String,
    pub date: String,
    pub title: String,
    pub url: Option<String>,
    pub kind: String,
    /// The source that told of it.
    pub source: String,
    /// Titles of the tracks that count it, in one line.
    pub counts_for: Option<String>,
    /// Why it does not count, where it does not, each with its track.
    pub why_not: Vec<String>,
    /// What its member can do about that.
    pub advice: Vec<String>,
    pub voided: bool,
    /// Whether a person looks at it before it is credited.
    pub waits: bool,
}

/// What tracks say about facts: that they count, or why not.
type Verdicts<'p> = HashMap<FactId, Vec<(usize, Option<&'p Why>)>>;

/// What contributions are told with.
pub(super) struct Given<'g> {
    pub w: Words,
    pub progress: &'g [TrackProgress],
    pub book: &'g FactBook<'g>,
    /// By the name that they have in addresses.
    pub sources: &'g [(String, SourceDefinition)],
    /// Whether staff read it: then nobody is advised.
    pub for_staff: bool,
}

impl Given<'_> {
    pub fn lines(&self, contributions: &[&Contribution]) -> Vec<GivenLine> {
        let facts: BTreeSet<FactId> = contributions.iter().filter_map(|c| c.fact).collect();
        let verdicts = verdicts(self.progress, &facts);
        contributions.iter().map(|c| self.line(c, &verdicts)).collect()
    }

    fn line(&self, c: &Contribution, verdicts: &Verdicts<'_>) -> GivenLine {
        let w = self.w;
        let (mut counts_for, mut advice) = (vec![], vec![]);
        let mut reasons: Vec<(String, Vec<&str>)> = vec![];
        let of_fact = c.fact.filter(|_| c.state == State::Accepted);
        if let Some((fact, said)) = of_fact.and_then(|fact| Some((fact, verdicts.get(&fact)?))) {
            for (track, why) in said {
                let title = w.pick(&self.progress[*track].version.definition.title);
                let Some(why) = why else {
                    counts_for.push(title);
                    continue;
                };
                let told = self.book.why(fact, why);
                match reasons.iter_mut().find(|(known, _)| *known == told) {
                    Some((_, tracks)) => tracks.push(title),
                    None => reasons.push((told, vec![title])),
                }
                push_once(&mut advice, advice_key(why).map(|key| w.t(key)));
            }
        }
        let told = reasons
            .iter()
            .map(|(why, tracks)| w.with2("given-why", "track", tracks.join(&w.t("list-comma")), "why", why.as_str()));
        let mut why_not: Vec<String> = told.collect();
        if c.state == State::Voided {
            why_not.push(match c.void_reason.as_deref() {
                Some(reason) => w.with1("why-voided-because", "reason", reason),
                None => w.t("why-voided"),
            });
            push_once(&mut advice, Some(w.t("advice-voided")));
        } else if c.state == State::Held {
            let own = c.held_because == Some(HeldBecause::OwnHand);
            why_not.push(w.t(match own {
                true if self.for_staff => "quarantine-own-hand-means",
                true => "given-held-own-hand",
                false => "given-held",
            }));
            push_once(&mut advice, Some(w.t("advice-held")));
        } else if counts_for.is_empty() && why_not.is_empty() {
            let reached = self.progress.iter().find(|p| p.decision.is_met() && asks_for(p, &c.kind));
            why_not.push(match reached {
                Some(p) => w.with1("given-after", "track", w.pick(&p.version.definition.title)),
                None => w.t("given-unasked"),
            });
        }
        let known = self.sources.iter().find(|(_, definition)| definition.source == c.source);
        GivenLine {
            id: c.id.to_string(),
            date: self.book.date(c.happened_at),
            title: title_of(w, c),
            url: c.url.clone(),
            kind: kind_words(w, &c.kind),
            source: source_name(w, &c.source, known.map(|(_, definition)| definition)),
            // What counts for one track needs no advice for another.
            advice: if self.for_staff || !counts_for.is_empty() { vec![] } else { advice },
            counts_for: (!counts_for.is_empty()).then(|| counts_for.join(&w.t("list-comma"))),
            why_not,
            voided: c.state == State::Voided,
            waits: c.state == State::Held,
        }
    }
}

fn push_once(list: &mut Vec<String>, text: Option<String>) {
    if let Some(text) = text
        && !list.contains(&text)
    {
        list.push(text);
    }
}

/// The title of a source; Waymark's own have no file.
fn source_name(w: Words, source: &str, known: Option<&SourceDefinition>) -> String {
    match (known, source) {
        (Some(definition), _) => w.pick(&definition.title).to_owned(),
        (None, "waymark:links") => w.t("given-by-link"),
        (None, "waymark:gatherings") => w.t("given-by-gathering"),
        (None, "waymark:tables") => w.t("given-by-table"),
        (None, other) => other.to_owned(),
    }
}

/// What the tracks say about these facts, read in one pass over each decision: it may name tens of thousands.
fn verdicts<'p>(progress: &'p [TrackProgress], facts: &BTreeSet<FactId>) -> Verdicts<'p> {
    let mut verdicts: Verdicts<'p> = HashMap::new();
    for (track, p) in progress.iter().enumerate() {
        let mut of_track: HashMap<FactId, Option<&Why>> = HashMap::new();
        for e in &p.decision.nodes {
            for uncounted in e.uncounted.iter().filter(|u| facts.contains(&u.fact)) {
                // What one requirement counts is counted, whatever another says; of two reasons the last stands.
                of_track
                    .entry(uncounted.fact)
                    .and_modify(|why| *why = why.and(Some(&uncounted.why)))
                    .or_insert(Some(&uncounted.why));
            }
            of_track.extend(e.facts.iter().filter(|fact| facts.contains(fact)).map(|fact| (*fact, None)));
        }
        for (fact, why) in of_track {
            verdicts.entry(fact).or_default().push((track, why));
        }
    }
    verdicts
}

/// Whether a requirement of the track counts contributions of this type.
fn asks_for(p: &TrackProgress, kind: &str) -> bool {
    p.version.definition.requirements().nodes().iter().any(|node| match &node.requirement {
        Requirement::Contributions(c) => c.types.iter().any(|t| t == kind),
        _ => false,
    })
}

/// What a member can do about something that does not count.
fn advice_key(why: &Why) -> Option<&'static str> {
    Some(match why {
        Why::Voided { .. } => "advice-voided",
        Why::OutsideWindow { .. } | Why::StreakBroken { .. } => "advice-newer",
        Why::OverDailyCap { .. } => "advice-other-day",
        Why::OverGiverCap { .. } | Why::OverReciprocalCap { .. } => "advice-other-people",
        Why::SameObject { .. } | Why::OverObjectCap { .. } => "advice-other-work",
        Why::SameType { .. } => "advice-other-kind",
        Why::SameSource { .. } => "advice-other-source",
        Why::OwnAction | Why::NotAccepted => "advice-acceptance",
        Why::OnHold { .. } | Why::HappenedAhead { .. } => "advice-wait",
        Why::BeforeStart => "advice-from-now",
        Why::NoAmount
        | Why::BelowScore { .. }
        | Why::NotPassed { .. }
        | Why::Superseded { .. }
        | Why::Ended { .. }
        | Why::AfterMet { .. } => return None,
    })
}

/// Whether a member can hand in a link for one of these types.
pub(super) fn by_link(types: &[String]) -> bool {
    types.iter().any(|kind| LINK_TYPES.contains(&kind.as_str()))
}
