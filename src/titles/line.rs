//! One term of a title as staff read it, with the steps that lead on from there.

use super::find::TitleTerm;
use super::lifecycle::{Phase, State as TermState};
use super::{holding, told};
use crate::app::App;
use crate::error::Result;
use crate::ids::MemberId;
use crate::issuer;
use crate::web::i18n::Words;

/// One term, and what may be done about it by whoever looks.
pub(super) struct Line {
    pub id: String,
    pub member: String,
    pub name: String,
    pub term: String,
    pub chip: &'static str,
    pub word: String,
    pub proposed: String,
    pub reason: String,
    pub sentence: Option<String>,
    /// Who decided, and when; or who refused it, and why.
    pub decided: Option<String>,
    pub ended: Option<String>,
    pub credential: Option<String>,
    /// The steps that lead on, in their order.
    pub steps: Vec<Button>,
    /// Why the one who looks cannot decide on it.
    pub barred: Option<String>,
    pub renewable: bool,
}

/// A step that leads on.
pub(super) struct Button {
    pub step: &'static str,
    pub word: String,
    /// What the reason is for; None where the step asks for none.
    pub hint: Option<String>,
    /// Whether it was refused a moment ago: then it stands open, with what was typed.
    pub open: bool,
    pub reason: String,
    pub public_reason: String,
}

impl Button {
    fn new(w: Words, step: &'static str) -> Self {
        let asks = !matches!(step, "confirm" | "withdraw");
        Self {
            step,
            word: w.t(&format!("titles-step-{step}")),
            hint: asks.then(|| w.t(&format!("titles-hint-{step}"))),
            open: false,
            reason: String::new(),
            public_reason: String::new(),
        }
    }
}

pub(super) async fn line(app: &App, w: Words, looks: Option<MemberId>, term: TitleTerm) -> Result<Line> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let credential = holding::credential_of(db, &term).await?;
    let phase = term.phase(holding::is_on_hold(db, &term, app.db.now()).await?, app.db.now());
    let own = looks == Some(term.member);
    let first = looks == Some(term.proposed.person);
    let holds = credential.is_some();
    let steps: &[&'static str] = match phase {
        _ if own || looks.is_none() => &[],
        Phase::Proposed if first => &["withdraw"],
        Phase::Proposed => &["confirm", "refuse"],
        Phase::Current if holds => &["hold", "end"],
        Phase::OnHold if holds => &["lift", "end"],
        Phase::OnHold => &["end"],
        Phase::Current | Phase::Ahead => &["end"],
        Phase::Over | Phase::Ended | Phase::Refused | Phase::Withdrawn => &[],
    };
    let barred = match (phase, own, first) {
        (_, true, _) => Some(w.t("titles-barred-own")),
        (Phase::Proposed, _, true) => Some(w.t("titles-barred-first")),
        _ => None,
    };
    let decided = match (term.state, term.decided) {
        (TermState::Refused, Some(by)) => {
            let (name, reason) =
                (told::name_of(db, by.person).await?, term.decision_reason.clone().unwrap_or_default());
            Some(w.with2("titles-refused-by", "name", name, "reason", reason))
        }
        _ => told::decided(db, w, &zone, &term).await?,
    };
    let ended = match (&term.ended, &term.end_reason) {
        (Some(by), Some(reason)) => {
            let (name, date) = (told::name_of(db, by.person).await?, zone.date(w, by.at));
            Some(w.with("titles-ended-by", &[("name", &name), ("date", &date), ("reason", reason)]))
        }
        _ => None,
    };
    let (by, date) = (told::name_of(db, term.proposed.person).await?, zone.date(w, term.proposed.at));
    Ok(Line {
        id: term.id.to_string(),
        member: term.member.to_string(),
        name: told::name_of(db, term.member).await?,
        term: told::span(w, &zone, &term),
        chip: phase.chip(),
        word: told::phase_word(w, phase),
        proposed: w.with2("titles-proposed-by", "name", by, "date", date),
        reason: term.reason,
        sentence: term.public_reason,
        decided,
        ended,
        credential: credential.map(|known| known.id.to_string()),
        steps: steps.iter().map(|step| Button::new(w, step)).collect(),
        barred,
        renewable: !own && matches!(phase, Phase::Current | Phase::Over),
    })
}
