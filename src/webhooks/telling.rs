//! What a domain event says outside: its kind and its data. Ids, times and public addresses, nothing else.

use serde_json::{Value, json};
use waymark_assess::attempt::Closing;

use super::lifecycle::Kind;
use crate::app::App;
use crate::attempts::{self, Told};
use crate::clock::{from_millis, rfc3339};
use crate::credentials::{self, Visibility};
use crate::domain_event::{DomainEvent, Standing};
use crate::error::Result;
use crate::ids::{AttemptId, CredentialId};
use crate::tracks;

/// One event, ready to be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub kind: Kind,
    /// The slug of the exam that it is of.
    pub exam: Option<String>,
    pub data: Value,
}

/// The kinds as which a domain event may be told.
pub(super) fn kinds(event: &DomainEvent) -> &'static [Kind] {
    match event {
        DomainEvent::CredentialReleased { .. } => &[Kind::CredentialReleased],
        DomainEvent::CredentialStatusChanged { to: Some(Standing::Valid), .. } => &[Kind::CredentialReinstated],
        DomainEvent::CredentialStatusChanged { to: Some(Standing::Suspended), .. } => &[Kind::CredentialSuspended],
        DomainEvent::CredentialStatusChanged { to: Some(Standing::Revoked), .. } => &[Kind::CredentialRevoked],
        DomainEvent::AttemptStarted { .. } => &[Kind::AttemptStarted],
        DomainEvent::AttemptPaused { .. } => &[Kind::AttemptPaused],
        DomainEvent::AttemptResumed { .. } => &[Kind::AttemptResumed],
        DomainEvent::AttemptSubmitted { .. } => &[Kind::AttemptSubmitted, Kind::AttemptEnded],
        DomainEvent::AttemptVoided { .. } => &[Kind::AttemptVoided],
        DomainEvent::ResultReleased { .. } => &[Kind::ResultReleased],
        DomainEvent::VoucherRedeemed { .. } => &[Kind::VoucherUsed],
        _ => &[],
    }
}

/// What is told of a domain event; None where nothing is.
pub(super) async fn message(app: &App, event: &DomainEvent) -> Result<Option<Message>> {
    Ok(Some(match event {
        DomainEvent::CredentialReleased { credential, .. } => {
            credential_message(app, Kind::CredentialReleased, *credential).await?
        }
        DomainEvent::CredentialStatusChanged { credential, to: Some(to), .. } => {
            let kind = match to {
                Standing::Valid => Kind::CredentialReinstated,
                Standing::Suspended => Kind::CredentialSuspended,
                Standing::Revoked => Kind::CredentialRevoked,
            };
            credential_message(app, kind, *credential).await?
        }
        DomainEvent::AttemptStarted { attempt } => {
            let told = told(app, *attempt).await?;
            let more = json!({
                "ordinal": told.ordinal,
                "practice": told.practice,
                "started_at": told.started_at.map(rfc3339),
                "deadline": told.deadline.map(rfc3339),
            });
            attempt_message(Kind::AttemptStarted, told, &more)
        }
        DomainEvent::AttemptPaused { attempt, by_staff, until } => {
            let by = if *by_staff { "staff" } else { "candidate" };
            let more = json!({"by": by, "until": until.map(|at| rfc3339(from_millis(at)))});
            attempt_message(Kind::AttemptPaused, told(app, *attempt).await?, &more)
        }
        DomainEvent::AttemptResumed { attempt, over } => {
            let more = json!({"by_itself": over.is_some(), "at": over.map(|at| rfc3339(from_millis(at)))});
            attempt_message(Kind::AttemptResumed, told(app, *attempt).await?, &more)
        }
        DomainEvent::AttemptSubmitted { attempt, .. } => {
            let told = told(app, *attempt).await?;
            let Some((how, at)) = told.end else { return Ok(None) };
            let at = rfc3339(at);
            match how {
                Closing::Submitted => attempt_message(Kind::AttemptSubmitted, told, &json!({"at": at})),
                Closing::Expired => attempt_message(Kind::AttemptEnded, told, &json!({"by": "time", "at": at})),
                Closing::Ended => attempt_message(Kind::AttemptEnded, told, &json!({"by": "staff", "at": at})),
            }
        }
        DomainEvent::AttemptVoided { attempt, .. } => {
            attempt_message(Kind::AttemptVoided, told(app, *attempt).await?, &json!({}))
        }
        DomainEvent::ResultReleased { attempt } => {
            attempt_message(Kind::ResultReleased, told(app, *attempt).await?, &json!({}))
        }
        DomainEvent::VoucherRedeemed { voucher, attempt, .. } => {
            let batch = attempts::voucher_batch(app.db.read(), *voucher).await?;
            let more = json!({"voucher": voucher, "batch": batch});
            attempt_message(Kind::VoucherUsed, told(app, *attempt).await?, &more)
        }
        _ => return Ok(None),
    }))
}

async fn told(app: &App, attempt: AttemptId) -> Result<Told> {
    attempts::told(app.db.read(), attempt).await
}

fn attempt_message(kind: Kind, told: Told, more: &Value) -> Message {
    let mut data = json!({"attempt": told.attempt, "exam": told.exam, "member": told.member});
    for (name, value) in more.as_object().into_iter().flatten() {
        data[name] = value.clone();
    }
    Message { kind, exam: Some(told.exam), data }
}

/// `url` only where its holder lets others see it now: a link to what is private is nobody's to hand on.
async fn credential_message(app: &App, kind: Kind, id: CredentialId) -> Result<Message> {
    let known = credentials::find(app.db.read(), id).await?;
    let track = tracks::version(app.db.read(), known.track_version).await?.definition.slug;
    let url = (known.visibility != Visibility::Private).then(|| app.links.share(&known.share_id));
    let data = json!({
        "credential": known.id,
        "member": known.member,
        "track": track,
        "achievement": app.links.achievement(&known.track.to_string()),
        "url": url,
    });
    Ok(Message { kind, exam: None, data })
}
