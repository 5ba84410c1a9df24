//! `POST /hooks/{slug}`: where other systems deliver. The signature is checked over the raw bytes before anything is parsed.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use super::adapter::Adapter;
use super::health::{self, Came, Tallies};
use super::inbox::{self, Delivery};
use super::secret::{self, Secrets};
use super::source::{SourceDefinition, sources};
use crate::access::Public;
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::input;

const SENDER: Actor = Actor::System("sources");

/// `POST /hooks/{slug}` → 202 with what became of it. What is signed rightly and cannot be read is kept, and answered with 202 as well: the sender can do nothing about it.
pub async fn receive_delivery(
    _: Public,
    State(app): State<App>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<impl IntoResponse> {
    let source = with_slug(&app, &slug).await?;
    let admitted = app.intake.admit(1)?;
    let headers = request.headers().clone();
    input::require_type(&headers, &["application/json"])?;
    let body = input::body(request, &app).await?;
    let place = source.secret.as_ref().ok_or_else(Error::not_found)?;
    let secrets = Secrets::open(place, &app.config).map_err(|why| {
        Error::new(Code::Unavailable).because(format!("{} cannot check deliveries: {}", source.source, why.as_str()))
    })?;
    let signed = secret::signature(source.adapter, &headers).is_some_and(|said| secrets.signed(&body, &said));
    if !signed {
        note_forgery(&app, &source).await?;
        return Err(Error::new(Code::SignatureRefused));
    }
    let (name, event) = named(source.adapter, &headers);
    let mut ch = app.db.change(SENDER, Kind::Ordinary).await?;
    let delivery = Delivery { name: &name, event: &event, body: &body, received_at: ch.now, by_hand: false };
    let fate = inbox::take(&mut ch, &source, &delivery).await?;
    ch.commit().await?;
    drop(admitted);
    Ok((StatusCode::ACCEPTED, axum::Json(fate)))
}

async fn with_slug(app: &App, slug: &str) -> Result<SourceDefinition> {
    let all = sources(app.db.read()).await?;
    let found = all.into_iter().find(|source| source.adapter.is_hook() && source.slug.as_deref() == Some(slug));
    found.ok_or_else(Error::not_found)
}

/// One minute in which something came with a wrong signature. Whoever sends a million of them writes no more than who sends one.
async fn note_forgery(app: &App, source: &SourceDefinition) -> Result<()> {
    if health::forgery_noted(app.db.read(), &source.source, app.db.now()).await? {
        return Ok(());
    }
    let ch = app.db.change(SENDER, Kind::Ordinary).await?;
    let mut tallies = Tallies::default();
    tallies.add(&source.source, Came::Forged);
    health::tally(&ch, tallies).await?;
    ch.commit().await
}

/// The sender's names for the delivery and for the event.
fn named(adapter: Adapter, headers: &HeaderMap) -> (String, String) {
    let said = |names: &[&str]| {
        let found = names.iter().find_map(|name| headers.get(*name)?.to_str().ok());
        found.unwrap_or_default().to_owned()
    };
    match adapter {
        Adapter::GitHub => (said(&["x-github-delivery"]), said(&["x-github-event"])),
        Adapter::Discourse => (said(&["x-discourse-event-id"]), said(&["x-discourse-event"])),
        Adapter::Forgejo => {
            (said(&["x-forgejo-delivery", "x-gitea-delivery"]), said(&["x-forgejo-event", "x-gitea-event"]))
        }
        Adapter::CloudEvents | Adapter::Feed => (String::new(), String::new()),
    }
}
