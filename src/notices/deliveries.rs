//! What becomes a notice when something happens; and what is looked for every minute.

use waymark_assess::attempt::Closing;

use super::lifecycle::What;
use super::service::{self, New};
use super::{letters, reminders, sending};
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::credentials::{self, Basis, Credential, Status};
use crate::database::Change;
use crate::database::outbox::Claimed;
use crate::domain_event::{DomainEvent, Heard, Standing};
use crate::error::{Code, Result};
use crate::ids::{AttemptId, CredentialId, MemberId};
use crate::{attempts, tracks};

/// Writes the notice of an event. Everything is only written, so nothing is left to do afterwards.
pub async fn hear(app: &App, ch: &Change<'_>, claimed: &Claimed, event: &DomainEvent) -> Result<Heard> {
    match notice_of(ch, claimed, event).await {
        // What is gone by now has nothing to tell, and must not hold up what else its member waits for.
        Err(e) if e.code() == Code::NotFound => {}
        Err(e) => return Err(e),
        Ok(Some(new)) => service::note(app, ch, new).await?,
        Ok(None) => {}
    }
    Ok(Heard::Whole)
}

async fn notice_of(ch: &Change<'_>, claimed: &Claimed, event: &DomainEvent) -> Result<Option<New>> {
    // The event's own id, the same however often it is delivered.
    let this = claimed.id()?.to_string();
    let told = |member: MemberId, what: What, about: String, cause: String| {
        Some(New { member, what, about, detail: None, cause: format!("{}/{cause}", what.as_str()) })
    };
    Ok(match event {
        DomainEvent::CredentialReleased { credential, .. } => released(ch, *credential).await?,
        DomainEvent::CredentialStatusChanged { credential, to, .. } => {
            let known = credentials::find(ch.tx(), *credential).await?;
            let what = changed(ch, &known, *to).await?;
            what.and_then(|what| told(known.member, what, known.id.to_string(), this))
        }
        DomainEvent::GoalNear { track, member } => told(*member, What::Near, track.to_string(), track.to_string()),
        DomainEvent::ResultReleased { attempt } => result(ch, *attempt, claimed.told_at, this).await?,
        DomainEvent::WindowMoved { window, member } => told(*member, What::WindowMoved, window.to_string(), this),
        DomainEvent::WindowCancelled { window, member } => {
            told(*member, What::WindowCancelled, window.to_string(), window.to_string())
        }
        // A source that is held back holds back many at once.
        DomainEvent::ContributionHeld { contribution, member } => {
            told(*member, What::Held, contribution.to_string(), day(claimed.told_at).to_string())
        }
        DomainEvent::ContributionRefused { about, member } => told(*member, What::Refused, about.clone(), this),
        DomainEvent::StrikeRecorded { strike, member } => {
            told(*member, What::Strike, strike.to_string(), strike.to_string())
        }
        DomainEvent::ThanksGiven { thanks, member } => {
            told(*member, What::Thanks, thanks.to_string(), thanks.to_string())
        }
        _ => None,
    })
}

/// Counts days from 1970, so that what belongs together is told together.
fn day(at: Timestamp) -> i64 {
    millis(at).div_euclid(86_400_000)
}

/// What was earned, renewed or put right. Several tracks that were published together are one notice.
async fn released(ch: &Change<'_>, id: CredentialId) -> Result<Option<New>> {
    let known = credentials::find(ch.tx(), id).await?;
    if known.status == Status::Revoked || known.cancelled_at.is_some() {
        return Ok(None);
    }
    let version = tracks::version(ch.tx(), known.track_version).await?;
    let before = credentials::succession(ch.tx(), &known).await?.renews;
    if let Some(before) = &before {
        service::settle(ch, known.member, &before.id.to_string(), &[What::Reminder, What::Grace]).await?;
    }
    service::settle(ch, known.member, &known.track.to_string(), &[What::Near]).await?;
    let what = match (known.basis, &before) {
        (Basis::Replaces(_), _) => What::Replaced,
        _ if version.is_quiet_about(known.awarded_at) => return Ok(None),
        (_, Some(_)) => What::Renewed,
        (_, None) => What::Earned,
    };
    let by_publishing = matches!(known.basis, Basis::Decided(_)) && known.awarded_at < version.published_at;
    let cause = match what {
        What::Earned if by_publishing => {
            let on = known.released_at.unwrap_or(known.intended_at);
            format!("published/{}/{}", millis(version.published_at), day(on))
        }
        _ => format!("{}/{id}", what.as_str()),
    };
    Ok(Some(New { member: known.member, what, about: id.to_string(), detail: None, cause }))
}

/// What became of a credential; none where another notice tells it, or where its member never saw it.
async fn changed(ch: &Change<'_>, known: &Credential, to: Option<Standing>) -> Result<Option<What>> {
    if !known.is_released() || known.cancelled_at.is_some() {
        return Ok(None);
    }
    let to = to.unwrap_or(match known.status {
        Status::Valid => Standing::Valid,
        Status::Suspended => Standing::Suspended,
        Status::Revoked => Standing::Revoked,
    });
    Ok(match to {
        Standing::Valid => Some(What::Reinstated),
        Standing::Suspended => Some(What::Suspended),
        // Of the one that takes its place its holder hears.
        Standing::Revoked if credentials::last_of(ch.tx(), known).await?.is_some() => None,
        Standing::Revoked => Some(What::Revoked),
    })
}

/// A result that its candidate did not see at once, on handing in.
async fn result(ch: &Change<'_>, attempt: AttemptId, told_at: Timestamp, cause: String) -> Result<Option<New>> {
    let told = attempts::told(ch.tx(), attempt).await?;
    let seen = told.end.is_some_and(|(how, at)| how == Closing::Submitted && told_at - at < time::Duration::MINUTE);
    let (what, about) = (What::Result, attempt.to_string());
    let new = New { member: told.member, what, about, detail: None, cause: format!("result/{cause}") };
    Ok((!seen).then_some(new))
}

/// What time alone brings about: reminders, and letters that are due. Sends nothing.
pub async fn sweep(app: &App) -> Result<()> {
    reminders::sweep(app).await?;
    letters::assemble(app).await?;
    letters::forget(app).await
}

/// At start and every minute: the sweep, and what is due goes out beside the worker, which does not wait for a mail server.
pub async fn tend(app: &App) -> Result<()> {
    sweep(app).await?;
    sending::go_on(app);
    Ok(())
}
