//! What webhooks do on an event, and every minute.

use super::lifecycle::Off;
use super::owed;
use super::service::{self, Webhook};
use super::telling;
use crate::access::{self, Role};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Timestamp;
use crate::database::{Kind, Read};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::{Code, Result};
use crate::ids::{EventId, WebhookId};
use crate::members;
use crate::web::i18n::Words;

/// Whether anything is to be written down at all: an event that no webhook wants costs one look.
pub async fn hear(db: &impl Read, at: Timestamp, event: &DomainEvent) -> Result<Heard> {
    let given_up = matches!(event, DomainEvent::WebhookGivenUp { .. });
    let on = given_up || !service::wanting(db, telling::kinds(event), at).await?.is_empty();
    Ok(if on { Heard::Apart } else { Heard::Whole })
}

/// Writes down what each webhook is owed of an event. `id` and `at` are the event's own, so that hearing of it twice changes nothing.
pub async fn on_event(app: &App, id: EventId, at: Timestamp, event: &DomainEvent) -> Result<()> {
    if let DomainEvent::WebhookGivenUp { webhook } = event {
        return write_to_staff(app, *webhook).await;
    }
    let on = service::wanting(app.db.read(), telling::kinds(event), at).await?;
    if on.is_empty() {
        return Ok(());
    }
    let message = match telling::message(app, event).await {
        Ok(Some(message)) => message,
        Ok(None) => return Ok(()),
        // What is no longer there has nothing to tell, and must not hold up what else its member waits for.
        Err(e) if e.code() == Code::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    let hearing: Vec<&Webhook> = on.iter().filter(|w| w.hears(message.kind, message.exam.as_deref())).collect();
    if hearing.is_empty() {
        return Ok(());
    }
    let ch = app.db.change(Actor::System("webhooks"), Kind::Ordinary).await?;
    for webhook in hearing {
        owed::owe(&ch, webhook.id, id, message.kind, at, &message.data).await?;
    }
    ch.commit().await
}

/// At start and every minute.
pub async fn tend(app: &App) -> Result<()> {
    let ch = app.db.change(Actor::System("webhooks"), Kind::Ordinary).await?;
    match owed::forget(&ch).await? {
        0 => ch.undo().await,
        _ => ch.commit().await,
    }
}

/// Tells those who can mend it, where mail is set; their pages tell it in any case.
async fn write_to_staff(app: &App, id: WebhookId) -> Result<()> {
    let webhook = match service::find(app.db.read(), id).await {
        Err(e) if e.code() == Code::NotFound => return Ok(()),
        other => other?,
    };
    let Some((why, _)) = webhook.off else { return Ok(()) };
    tracing::warn!(webhook = %id, host = %webhook.host(), why = why.as_str(), "a webhook was switched off");
    if app.config.mail.host.is_empty() {
        return Ok(());
    }
    for member in access::holders_of(app.db.read(), &[Role::Owner, Role::Admin]).await? {
        let member = members::find(app.db.read(), member).await?;
        let (subject, body) = letter(Words::new(member.locale), &webhook, why, &app.links.to("/admin/webhooks"));
        app.post.send(&member.email, &subject, &body);
    }
    Ok(())
}

/// Names the host alone: the rest of the address may be a password.
fn letter(words: Words, webhook: &Webhook, why: Off, pages: &str) -> (String, String) {
    let (host, page) = (webhook.host(), format!("{pages}/{}", webhook.id));
    let why = words.t(&format!("webhook-off-{}", why.as_str().replace('_', "-")));
    let body = words.with("webhook-letter", &[("host", &host), ("why", &why), ("page", &page)]);
    (words.with1("webhook-letter-subject", "host", host.as_str()), body)
}
