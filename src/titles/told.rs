//! Titles in words: for their holder, for staff, and for whoever looks from outside.

use std::collections::BTreeMap;

use waymark_criteria::{Detail, Fact};

use super::find::{self, TitleTerm};
use super::holding;
use super::lifecycle::{Phase, State};
use super::term::Term;
use crate::app::App;
use crate::database::Read;
use crate::decisions::Decided;
use crate::error::{Code, Result};
use crate::ids::{FactId, MemberId};
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{issuer, members, tracks};

/// One of a member's titles, as they read it.
pub struct MyTitle {
    pub title: String,
    pub term: String,
    pub chip: &'static str,
    pub word: String,
    /// What the people who decided wished to say of it.
    pub sentence: Option<String>,
    /// Who decided, and when.
    pub decided: Option<String>,
    /// Why it was ended or put on hold.
    pub why: Option<String>,
    pub credential: Option<String>,
}

/// The member's titles, the latest term first.
pub async fn mine(app: &App, w: Words, member: MemberId) -> Result<Vec<MyTitle>> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let mut all = vec![];
    for term in find::of_member(db, member).await?.into_iter().rev() {
        let credential = holding::credential_of(db, &term).await?;
        let on_hold = holding::is_on_hold(db, &term, app.db.now()).await?;
        let phase = term.phase(on_hold, app.db.now());
        let definition = tracks::find(db, term.track).await?.definition;
        all.push(MyTitle {
            title: w.pick(&definition.title).to_owned(),
            term: span(w, &zone, &term),
            chip: phase.chip(),
            word: phase_word(w, phase),
            decided: decided(db, w, &zone, &term).await?,
            why: match phase {
                Phase::Ended => term.end_reason,
                Phase::OnHold => credential.as_ref().and_then(|c| c.public_reason.clone()),
                _ => None,
            },
            sentence: term.public_reason,
            credential: credential.map(|c| c.id.to_string()),
        });
    }
    Ok(all)
}

/// `1 Apr 2026 to 31 Mar 2027`.
pub(super) fn span(w: Words, zone: &Zone, term: &TitleTerm) -> String {
    let last = term.until - time::Duration::milliseconds(1);
    w.with2("titles-span", "from", zone.date(w, term.from), "to", zone.date(w, last))
}

pub(super) fn phase_word(w: Words, phase: Phase) -> String {
    w.t(&format!("titles-phase-{}", phase.as_str().replace('_', "-")))
}

pub(super) async fn name_of(db: &impl Read, person: MemberId) -> Result<String> {
    match members::find(db, person).await {
        Ok(member) => Ok(member.name),
        Err(e) if e.code() == Code::NotFound => Ok(person.to_string()),
        Err(e) => Err(e),
    }
}

/// Which two people decided, and when; none before they did.
pub(super) async fn decided(db: &impl Read, w: Words, zone: &Zone, term: &TitleTerm) -> Result<Option<String>> {
    let Some(second) = term.decided.filter(|_| matches!(term.state, State::Confirmed | State::Ended)) else {
        return Ok(None);
    };
    let (first, other) = (name_of(db, term.proposed.person).await?, name_of(db, second.person).await?);
    let date = zone.date(w, second.at);
    Ok(Some(w.with("titles-decided-by", &[("first", &first), ("second", &other), ("date", &date)])))
}

/// What the facts of titles among these rest on: who decided, when, and for which term. For the member and for staff.
pub async fn said_of_facts(db: &impl Read, w: Words, zone: &Zone, facts: &[Fact]) -> Result<BTreeMap<FactId, String>> {
    let panels = facts.iter().filter(|fact| matches!(fact.detail, Detail::Panel { .. }));
    let ids: Vec<FactId> = panels.map(|fact| fact.id).collect();
    let mut said = BTreeMap::new();
    for (fact, term) in find::by_facts(db, &ids).await? {
        if let Some(decided) = decided(db, w, zone, &term).await? {
            said.insert(fact, w.with2("titles-fact", "decided", decided, "term", span(w, zone, &term)));
        }
    }
    Ok(said)
}

/// What a stranger reads of the people behind a title: how many there were and whose they are, and what they wished to say.
pub async fn said_publicly(
    db: &impl Read,
    w: Words,
    decided: &Decided,
    issuer: &str,
) -> Result<Option<(String, Option<String>)>> {
    let terms = find::by_facts(db, &decided.explanation.facts()).await?;
    let term = terms.into_values().find(|term| term.track == decided.track);
    Ok(term.map(|term| (w.with1("titles-basis", "issuer", issuer), term.public_reason)))
}

/// The first and the last day, as forms write them.
pub(super) fn days(zone: &Zone, term: &TitleTerm) -> (String, String) {
    let whole = Term { from: term.from, until: term.until };
    (super::term::day_of(zone, term.from), whole.last_day(zone))
}
