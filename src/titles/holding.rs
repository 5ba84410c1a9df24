//! Putting a title on hold, and lifting that: what the credential says is what counts, so there is no second record of it.

use super::find::{self, TitleTerm};
use super::service::{not_own, person};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Timestamp;
use crate::credentials::{self, Basis, Credential, Reason, ReasonCode, Status, StatusChange};
use crate::database::{Kind, Read};
use crate::decisions;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::TitleTermId;

/// The credential of a term: the released one that rests on the term's fact and was not replaced. None before it is issued.
pub async fn credential_of(db: &impl Read, term: &TitleTerm) -> Result<Option<Credential>> {
    let Some(fact) = term.fact else { return Ok(None) };
    let held = credentials::of_member(db, term.member).await?;
    for credential in held.into_iter().filter(|credential| credential.track == term.track) {
        if credentials::last_of(db, &credential).await?.is_some() {
            continue;
        }
        if let Basis::Decided(decision) = credentials::resting_on(db, &credential).await?
            && decisions::find(db, decision).await?.explanation.facts().contains(&fact)
        {
            return Ok(Some(credential));
        }
    }
    Ok(None)
}

/// Whether the term's credential is suspended; where there is none yet, whether the title was put on hold after this term was decided, for then
/// it waits.
pub(super) async fn is_on_hold(db: &impl Read, term: &TitleTerm, now: Timestamp) -> Result<bool> {
    let Some(decided) = term.decided.filter(|_| term.fact.is_some() && now < term.until) else { return Ok(false) };
    if let Some(credential) = credential_of(db, term).await? {
        return Ok(credential.status == Status::Suspended);
    }
    let held = credentials::of_member(db, term.member).await?;
    let last = held.into_iter().filter(|credential| credential.track == term.track).max_by_key(|last| last.term);
    let since = last.filter(|last| last.status == Status::Suspended).and_then(|last| last.status_changed_at);
    Ok(since.is_some_and(|since| decided.at <= since))
}

/// Puts the title on hold: its credential is suspended. `public` is read by whoever sees the credential.
pub async fn hold(app: &App, actor: Actor, id: TitleTermId, reason: &str, public: Option<&str>) -> Result<TitleTerm> {
    step(app, actor, id, StatusChange::Suspend, (reason, public)).await
}

/// Lifts the hold: a new document is signed under the same link.
pub async fn lift(app: &App, actor: Actor, id: TitleTermId, reason: &str) -> Result<TitleTerm> {
    step(app, actor, id, StatusChange::Reinstate, (reason, None)).await
}

async fn step(
    app: &App,
    actor: Actor,
    id: TitleTermId,
    step: StatusChange,
    (reason, public): (&str, Option<&str>),
) -> Result<TitleTerm> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid(vec![Fault::new("/reason", "invalid_reason", "say why, in 1 to 500 characters")]));
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let person = person(&ch).await?;
    let term = find::find(ch.tx(), id).await?;
    not_own(&ch, person, &term).await?;
    let refused = || Error::new(Code::TitleStateConflict).with("state", "not_held").member("state", "not_held");
    let credential = credential_of(ch.tx(), &term).await?.ok_or_else(refused)?;
    if credential.has_expired(ch.now) {
        return Err(refused());
    }
    let why = Reason {
        code: ReasonCode::Other,
        public: public.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        internal: Some(reason.to_owned()),
    };
    if credentials::change_status(app, &mut ch, credential.id, step, &why).await? {
        ch.commit().await?;
        if step == StatusChange::Reinstate {
            credentials::release(app, credential.id).await?;
        }
        credentials::publish_status(app, credential.id).await;
    } else {
        ch.undo().await?;
    }
    find::find(app.db.read(), id).await
}
