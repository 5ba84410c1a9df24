//! What credentials do on an event, and every minute.

use std::sync::atomic::{AtomicBool, Ordering};

use super::award::Awarded;
use super::release::{release, resume};
use super::{find, life, lists, reviews, standing};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{Kind, Read};
use crate::decisions;
use crate::domain_event::{DomainEvent, Heard, Standing};
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, DecisionId, SigningKeyId};
use crate::{issuer, tracks};

/// Whether anything is left to do: what is released or published already needs no signature, and most is by the time that this hears of it.
/// Everything else is done apart, by [`on_event`].
pub async fn hear(db: &impl Read, event: &DomainEvent) -> Result<Heard> {
    if matches!(event, DomainEvent::CredentialStatusChanged { to: Some(Standing::Valid), .. }) {
        // A renewal that was decided while it was suspended can be awarded now.
        AWARDS_WAIT.store(true, Ordering::Relaxed);
    }
    let done = match event {
        DomainEvent::CredentialIntended { credential, .. } => find::unreleased(db, *credential).await?.is_none(),
        DomainEvent::CredentialStatusChanged { credential, .. } => lists::are_published(db, *credential).await?,
        _ => false,
    };
    Ok(if done { Heard::Whole } else { Heard::Apart })
}

pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    match event {
        DomainEvent::DecisionReached { decision, .. } => award_decided(app, *decision).await,
        DomainEvent::DecisionSuperseded { by, .. } => review(app, *by).await,
        DomainEvent::CredentialIntended { credential, .. } => release_now(app, *credential).await,
        DomainEvent::CredentialStatusChanged { credential, .. } => {
            standing::publish_status(app, *credential).await;
            Ok(())
        }
        DomainEvent::KeyGivenUp { key } | DomainEvent::KeyCompromised { key } => leave_key(app, *key).await,
        _ => Ok(()),
    }
}

/// Has the status lists that this key signed signed by the one in its place. Where none can sign yet, it is done as soon as one can.
pub async fn leave_key(app: &App, key: SigningKeyId) -> Result<()> {
    match lists::leave_key(app, key).await {
        Err(e) if e.code() == Code::IssuingOff => {
            tracing::warn!(%key, error = %e, "the status lists that this key signed wait for another");
            Ok(())
        }
        other => other,
    }
}

/// A decision that was reached becomes a credential, unless it was superseded in the meantime.
async fn award_decided(app: &App, id: DecisionId) -> Result<()> {
    let decided = decisions::find(app.db.read(), id).await?;
    if !decided.met || decided.superseded_by.is_some() {
        return Ok(());
    }
    let validity = tracks::version(app.db.read(), decided.track_version).await?;
    let mut ch = app.db.change(Actor::System("credentials"), Kind::Privileged).await?;
    let outcome = match &decided.renews {
        Some(credential) => life::renew_decided(app, &mut ch, credential, &decided).await,
        None => life::award_term(app, &mut ch, &decided).await,
    };
    match outcome {
        Ok(Awarded::New { .. }) => ch.commit().await,
        Ok(Awarded::Held(held)) => {
            ch.undo().await?;
            reviews::hold_against(app, &held, &decided).await
        }
        Err(e) if e.code() == Code::NotReplaceable => {
            tracing::warn!(decision = %id, track = %validity.definition.slug, error = %e, "what would be renewed no longer stands");
            Ok(())
        }
        Err(e) if is_over(&e) => {
            tracing::warn!(decision = %id, track = %validity.definition.slug, "what was reached had expired before it was decided; nothing is awarded");
            Ok(())
        }
        // Asking again would be refused again, and hold back the member's other events; it is tried anew at the next start.
        Err(e) if e.code() == Code::ValidationFailed => {
            tracing::error!(decision = %id, track = %validity.definition.slug, error = %e, "what was reached cannot be awarded");
            Ok(())
        }
        Err(e) if e.code() == Code::IssuingOff => {
            tracing::warn!(decision = %id, error = %e, "an award waits for the signing key");
            AWARDS_WAIT.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(e) => Err(e),
    }
}

/// A decision took the place of another. What was awarded on that one stays as it is, and a person is asked; where nothing was awarded yet, the
/// new decision simply counts. What was revoked since is not awarded again by this.
async fn review(app: &App, by: DecisionId) -> Result<()> {
    let decided = decisions::find(app.db.read(), by).await?;
    if decided.superseded_by.is_some() {
        return Ok(());
    }
    let line = decisions::line_of(app.db.read(), by).await?;
    match find::awarded_on(app.db.read(), &line).await? {
        Some(known) => reviews::hold_against(app, &known, &decided).await,
        None => award_decided(app, by).await,
    }
}

/// Whether a decision may stand without its award: after a start, and once an award was put off for want of a key.
static AWARDS_WAIT: AtomicBool = AtomicBool::new(true);
const PAGE: u64 = 200;

/// Awards what was decided while nothing could be signed. What was awarded once, and revoked since, is left as it is.
async fn award_waiting(app: &App) -> Result<()> {
    if issuer::keyring(app).await.is_err() || !AWARDS_WAIT.swap(false, Ordering::Relaxed) {
        return Ok(());
    }
    let mut after = None;
    loop {
        let page = decisions::standing(app.db.read(), after, PAGE).await?;
        let Some(last) = page.last().map(|d| d.id) else { return Ok(()) };
        for decided in page {
            let line = decisions::line_of(app.db.read(), decided.id).await?;
            if find::awarded_on(app.db.read(), &line).await?.is_none() {
                award_decided(app, decided.id).await?;
            }
        }
        after = Some(last);
    }
}

/// Whether the document was refused only because it would be issued expired.
fn is_over(e: &Error) -> bool {
    e.code() == Code::ValidationFailed && e.faults().iter().all(|f| f.pointer == "/validUntil")
}

/// Without a key the credential waits; it must not hold back the member's other events.
async fn release_now(app: &App, id: CredentialId) -> Result<()> {
    match release(app, id).await {
        Err(e) if e.code() == Code::IssuingOff => {
            tracing::warn!(credential = %id, error = %e, "a credential waits for the signing key");
            Ok(())
        }
        Err(e) if e.code() == Code::SetAside => {
            tracing::error!(credential = %id, error = %e, "a credential is set aside");
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// At start and every minute: finish what was left, keep the lists fresh. A failure of one does not keep the other from being done.
pub async fn tend(app: &App) -> Result<()> {
    life::go_on_with_reissues(app);
    award_waiting(app).await?;
    let resumed = resume(app).await;
    let lists = lists::refresh_all(app).await;
    let finished = resumed?;
    if finished > 0 {
        tracing::info!(finished, "released credentials that were left unfinished");
    }
    match lists {
        // No key, no list: said once at start, not every minute.
        Err(e) if e.code() == Code::IssuingOff => Ok(()),
        other => other,
    }
}
