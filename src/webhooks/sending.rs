//! Telling receivers: outside of any change, beside everything else that the worker does, and in the end one change that says how it went.

use tokio::task::JoinSet;

use super::owed::{self, Delivery, Try};
use super::service::Webhook;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::database::Kind;
use crate::error::Result;
use crate::outbound::FetchError;

/// Deliveries that one process has under way.
const MOST: usize = 64;

/// The deliveries under way. Dropped, they break off; what was not answered is tried again when its lease is over.
#[derive(Default)]
pub struct Underway(JoinSet<()>);

impl Underway {
    /// Begins what is due, as far as there is room.
    pub async fn go_on(&mut self, app: &App) -> Result<()> {
        while self.0.try_join_next().is_some() {}
        for (webhook, delivery) in claim(app, MOST.saturating_sub(self.0.len())).await? {
            let app = app.clone();
            self.0.spawn(async move {
                tell_and_settle(&app, &webhook, &delivery).await;
            });
        }
        Ok(())
    }
}

/// Tells what is due now and waits for the answers; answers whether there was any: for tests and for commands that end.
pub async fn send_due(app: &App) -> Result<bool> {
    let mut underway = Underway::default();
    underway.go_on(app).await?;
    let any = !underway.0.is_empty();
    while underway.0.join_next().await.is_some() {}
    Ok(any)
}

async fn claim(app: &App, most: usize) -> Result<Vec<(Webhook, Delivery)>> {
    // Most looks find nothing, and open no change for it.
    if most == 0 || owed::due(app.db.read(), app.db.now()).await?.is_empty() {
        return Ok(vec![]);
    }
    let mut ch = app.db.change(Actor::System("webhooks"), Kind::Ordinary).await?;
    let claimed = owed::claim(&mut ch, most).await?;
    ch.commit().await?;
    Ok(claimed)
}

async fn tell_and_settle(app: &App, webhook: &Webhook, delivery: &Delivery) {
    if let Err(e) = try_once(app, webhook, delivery).await {
        tracing::error!(webhook = %webhook.id, delivery = %delivery.id, error = %e, "how a delivery went could not be written down; it is tried again");
    }
}

async fn try_once(app: &App, webhook: &Webhook, delivery: &Delivery) -> Result<()> {
    let at = app.db.now();
    let secrets = match webhook.open(app, at) {
        Ok(secrets) => secrets,
        Err(e) => {
            tracing::error!(webhook = %webhook.id, error = %e, "nothing can be signed for a webhook: put webhooks.secret back, or rotate its secret");
            let ch = app.db.change(Actor::System("webhooks"), Kind::Ordinary).await?;
            owed::put_off(&ch, delivery.id).await?;
            return ch.commit().await;
        }
    };
    let (id, timestamp) = (delivery.event.to_string(), at.unix_timestamp());
    let signatures: Vec<String> = secrets.iter().map(|secret| secret.sign(&id, timestamp, &delivery.body)).collect();
    let headers =
        [("webhook-id", id), ("webhook-timestamp", timestamp.to_string()), ("webhook-signature", signatures.join(" "))];
    let came = app.connector.tell(&webhook.url, &headers, delivery.body.clone()).await;
    let mut ch = app.db.change(Actor::System("webhooks"), Kind::Ordinary).await?;
    let took_ms = millis(ch.now) - millis(at);
    let (status, error, answer) = match came {
        Ok(answer) => (Some(answer.status), None, answer.beginning),
        Err(FetchError::Unreachable(why)) => (None, Some(why), String::new()),
        Err(e) => (None, Some(e.code().to_owned()), String::new()),
    };
    owed::settle(&mut ch, delivery.id, at, Try { number: 0, at, status, error, answer, took_ms }).await?;
    ch.commit().await
}
