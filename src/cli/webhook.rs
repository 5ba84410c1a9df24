//! `waymark webhook`: who is told of what, without a browser. A secret is printed once and stored nowhere.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, say};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::ids::WebhookId;
use crate::webhooks::{self, Delivery, NewWebhook, State, Webhook, webhook_json};

#[derive(Subcommand)]
pub(super) enum WebhookCommand {
    /// Every webhook with where it leads and how it stands.
    List,
    /// Add one; prints its secret alone on stdout.
    Add(Add),
    /// Send a test now and say what the receiver answered.
    Test(Named),
    /// Switch one on; what it was owed is sent.
    Enable(Named),
    /// Switch one off; what it is owed waits.
    Disable(Named),
    /// Make a new secret, printed alone on stdout; for a day messages are signed with both.
    Rotate(Named),
    /// Remove one with everything that it was owed.
    Remove(Named),
}

#[derive(Args)]
pub(super) struct Add {
    /// Where to send: an https address.
    url: String,
    /// What it is to be told of, such as `attempt.submitted`; once for each kind.
    #[arg(long = "kind", value_name = "KIND", required = true)]
    kinds: Vec<String>,
    /// Only of this exam, by its slug; once for each. Without one, of all.
    #[arg(long = "exam", value_name = "SLUG")]
    exams: Vec<String>,
    /// What people call it.
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Args)]
pub(super) struct Named {
    /// Its id: `whk_…`, as `waymark webhook list` says it.
    id: String,
}

impl Named {
    fn id(&self) -> Result<WebhookId, Failure> {
        let wrong =
            || Failure::new(Exit::NotFound, format!("there is no webhook `{}`: see `waymark webhook list`", self.id));
        self.id.parse().map_err(|_| wrong())
    }
}

impl WebhookCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let exit = match self {
            Self::List => list(context, &app).await,
            Self::Add(new) => add(context, &app, new).await,
            Self::Test(named) => test(context, &app, named.id()?).await,
            Self::Enable(named) => switch(context, &app, named.id()?, true).await,
            Self::Disable(named) => switch(context, &app, named.id()?, false).await,
            Self::Rotate(named) => rotate(context, &app, named.id()?).await,
            Self::Remove(named) => remove(context, &app, named.id()?).await,
        }?;
        app.db.close().await;
        Ok(exit)
    }
}

fn line(webhook: &Webhook) -> String {
    let stands = match (webhook.off, webhook.failing_since) {
        (Some((why, at)), _) => format!("off since {} ({})", rfc3339(at), why.as_str()),
        (None, Some(since)) => format!("on, nothing got through since {}", rfc3339(since)),
        (None, None) => "on".to_owned(),
    };
    let kinds: Vec<&str> = webhook.kinds.iter().map(|kind| kind.as_str()).collect();
    let exams: Vec<&str> = webhook.exams.iter().map(String::as_str).collect();
    let exams = if exams.is_empty() { String::new() } else { format!("  exams: {}", exams.join(" ")) };
    format!("{}  {}  {stands}\n  {}{exams}", webhook.id, webhook.url, kinds.join(" "))
}

async fn list(context: &Context, app: &App) -> Outcome {
    let all = webhooks::all(app.db.read()).await?;
    let body = json!({"webhooks": all.iter().map(webhook_json).collect::<Vec<_>>()});
    if all.is_empty() {
        say("No webhooks: add one with `waymark webhook add URL --kind KIND`.");
    }
    if context.json || !all.is_empty() {
        context.print(&body, &all.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    Ok(Exit::Ok)
}

async fn add(context: &Context, app: &App, new: Add) -> Outcome {
    let Add { url, kinds, exams, note } = new;
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let (webhook, secret) = webhooks::add(app, &mut ch, NewWebhook { url, kinds, exams, note }).await.map_err(named)?;
    ch.commit().await?;
    with_secret(context, &webhook, &secret);
    Ok(Exit::Ok)
}

/// Every fault with the option that it is about.
fn named(e: crate::error::Error) -> Failure {
    let faults: Vec<String> = e.faults().iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail)).collect();
    let mut failure = Failure::from(e);
    if !faults.is_empty() {
        failure.message = faults.join("\n");
    }
    failure
}

fn with_secret(context: &Context, webhook: &Webhook, secret: &str) {
    let mut body = webhook_json(webhook);
    body["secret"] = json!(secret);
    context.print(&body, secret);
    if !context.json {
        say(&format!("{}: keep the secret where your receiver finds it; it is not shown again.", webhook.id));
    }
}

async fn test(context: &Context, app: &App, id: WebhookId) -> Outcome {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let owed = webhooks::test(&mut ch, id).await?;
    ch.commit().await?;
    // A server that runs may be quicker; then the answer is there already. What else is due goes out with it.
    let mut tried = webhooks::delivery(app.db.read(), id, owed.id).await?;
    while tried.tries == 0 && tried.error.is_none() && webhooks::send_due(app).await? {
        tried = webhooks::delivery(app.db.read(), id, owed.id).await?;
    }
    let came = came(&tried);
    let exit = match (tried.state, tried.tries) {
        (State::Delivered, _) => Exit::Ok,
        (_, 0) if tried.error.is_none() => Exit::Partial,
        _ => Exit::Network,
    };
    let body = json!({
        "delivery": tried.id, "state": tried.state.as_str(), "status": tried.status, "error": tried.error,
    });
    context.print(&body, &came);
    Ok(exit)
}

fn came(tried: &Delivery) -> String {
    match (tried.status, &tried.error) {
        (Some(status), _) if tried.state == State::Delivered => format!("received: {status}"),
        (Some(status), _) => format!("answered {status}, which is no 2xx: it is tried again"),
        (None, Some(why)) => format!("not received ({why}): it is tried again"),
        (None, None) => "taken up by the running server: see /admin/webhooks for what came of it".to_owned(),
    }
}

async fn switch(context: &Context, app: &App, id: WebhookId, on: bool) -> Outcome {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    match webhooks::switch(&mut ch, id, on).await? {
        true => ch.commit().await?,
        false => ch.undo().await?,
    }
    let webhook = webhooks::find(app.db.read(), id).await?;
    context.print(&webhook_json(&webhook), &line(&webhook));
    Ok(Exit::Ok)
}

async fn rotate(context: &Context, app: &App, id: WebhookId) -> Outcome {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let secret = webhooks::rotate(app, &mut ch, id).await?;
    ch.commit().await?;
    with_secret(context, &webhooks::find(app.db.read(), id).await?, &secret);
    Ok(Exit::Ok)
}

async fn remove(context: &Context, app: &App, id: WebhookId) -> Outcome {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    webhooks::remove(&mut ch, id).await?;
    ch.commit().await?;
    context.print(&json!({"id": id, "removed": true}), &format!("{id} removed"));
    Ok(Exit::Ok)
}
