//! Webhooks as JSON, below `/api/v1/webhooks`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Extension, Json as Answered};
use serde_json::{Value, json};

use super::owed::{self, Delivery, Try};
use super::service::{self, NewWebhook, Webhook};
use crate::access::{ManageWebhooks, May, NotKept, ReadWebhooks};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::{WebhookDeliveryId, WebhookId};
use crate::web::input::Json;

/// A webhook as programs read it, without its secret.
pub fn webhook_json(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "note": webhook.note,
        "kinds": webhook.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "exams": webhook.exams,
        "enabled": webhook.is_on(),
        "disabled_because": webhook.off.map(|(why, _)| why.as_str()),
        "disabled_at": webhook.off.map(|(_, at)| rfc3339(at)),
        "failing_since": webhook.failing_since.map(rfc3339),
        "old_secret_until": webhook.old_until.map(rfc3339),
        "created_at": rfc3339(webhook.created_at),
        "created_by": webhook.created_by,
    })
}

fn delivery_json(delivery: &Delivery) -> Value {
    let waits = delivery.finished_at.is_none();
    json!({
        "id": delivery.id,
        "event": delivery.event,
        "kind": delivery.kind.as_str(),
        "told_at": rfc3339(delivery.told_at),
        "state": delivery.state.as_str(),
        "tries": delivery.tries,
        "next_try_at": waits.then(|| rfc3339(delivery.due_at)),
        "status": delivery.status,
        "error": delivery.error,
        "finished_at": delivery.finished_at.map(rfc3339),
    })
}

fn try_json(one: &Try) -> Value {
    json!({
        "number": one.number,
        "at": rfc3339(one.at),
        "status": one.status,
        "error": one.error,
        "answer": one.answer,
        "took_ms": one.took_ms,
    })
}

pub(super) fn webhook_id(text: &str) -> Result<WebhookId> {
    text.parse().map_err(|_| Error::not_found())
}

pub(super) fn delivery_id(text: &str) -> Result<WebhookDeliveryId> {
    text.parse().map_err(|_| Error::not_found())
}

/// `GET /api/v1/webhooks`.
pub async fn list_webhooks(
    _: May<ReadWebhooks>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let all: Vec<Value> = service::all(app.db.read()).await?.iter().map(webhook_json).collect();
    let id = |webhook: &Value| webhook["id"].as_str().unwrap_or_default().to_owned();
    Ok(Answered(Listed::of(all, &page, id)?))
}

/// `POST /api/v1/webhooks` `{url, kinds, exams?, note?}` → 201 with `secret`, shown this once.
pub async fn add_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Json(new): Json<NewWebhook>,
) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let (webhook, secret) = service::add(&app, &mut ch, new).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, Extension(NotKept), Answered(with_secret(&webhook, &secret))))
}

fn with_secret(webhook: &Webhook, secret: &str) -> Value {
    let mut body = webhook_json(webhook);
    body["secret"] = json!(secret);
    body
}

/// `GET /api/v1/webhooks/{id}`.
pub async fn read_webhook(
    _: May<ReadWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    Ok(Answered(webhook_json(&service::find(app.db.read(), webhook_id(&id)?).await?)))
}

/// `PUT /api/v1/webhooks/{id}`: another address, other kinds.
pub async fn edit_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewWebhook>,
) -> Result<impl IntoResponse> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    service::edit(&app, &mut ch, id, new).await?;
    ch.commit().await?;
    Ok(Answered(webhook_json(&service::find(app.db.read(), id).await?)))
}

async fn switched(staff: &May<ManageWebhooks>, app: &App, id: &str, on: bool) -> Result<Answered<Value>> {
    let id = webhook_id(id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match service::switch(&mut ch, id, on).await? {
        true => ch.commit().await?,
        false => ch.undo().await?,
    }
    Ok(Answered(webhook_json(&service::find(app.db.read(), id).await?)))
}

/// `POST /api/v1/webhooks/{id}/enable`: what it was owed is told now.
pub async fn enable_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    switched(&staff, &app, &id, true).await
}

/// `POST /api/v1/webhooks/{id}/disable`.
pub async fn disable_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    switched(&staff, &app, &id, false).await
}

/// `POST /api/v1/webhooks/{id}/rotate` → with the new `secret`, shown this once.
pub async fn rotate_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let secret = service::rotate(&app, &mut ch, id).await?;
    ch.commit().await?;
    Ok((Extension(NotKept), Answered(with_secret(&service::find(app.db.read(), id).await?, &secret))))
}

/// `POST /api/v1/webhooks/{id}/remove` → `{id, removed}`: with everything that it was owed.
pub async fn remove_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    service::remove(&mut ch, id).await?;
    ch.commit().await?;
    Ok(Answered(json!({"id": id, "removed": true})))
}

/// `POST /api/v1/webhooks/{id}/test` → 202 with the delivery.
pub async fn test_webhook(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let delivery = owed::test(&mut ch, id).await?;
    ch.commit().await?;
    Ok((StatusCode::ACCEPTED, Answered(delivery_json(&delivery))))
}

/// `GET /api/v1/webhooks/{id}/deliveries?limit=&cursor=`: the newest first, for 30 days.
pub async fn list_deliveries(
    _: May<ReadWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let id = service::find(app.db.read(), webhook_id(&id)?).await?.id;
    let before = page.cursor.as_deref().map(delivery_id).transpose()?;
    let found = owed::of(app.db.read(), id, before, page.limit() + 1).await?;
    let listed = Listed::cut(found, page.limit(), |delivery| delivery.id.to_string());
    let data: Vec<Value> = listed.data.iter().map(delivery_json).collect();
    Ok(Answered(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// `GET /api/v1/webhooks/{id}/deliveries/{delivery}`: with the body as it is sent, and every try.
pub async fn read_delivery(
    _: May<ReadWebhooks>,
    State(app): State<App>,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<impl IntoResponse> {
    let found = owed::find(app.db.read(), webhook_id(&id)?, delivery_id(&delivery)?).await?;
    let tries = owed::tries_of(app.db.read(), &[found.id]).await?;
    let mut body = delivery_json(&found);
    body["body"] = json!(found.body);
    body["log"] = tries.values().flatten().map(try_json).collect();
    Ok(Answered(body))
}

/// `POST /api/v1/webhooks/{id}/deliveries/{delivery}/redeliver` → 202.
pub async fn redeliver(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<impl IntoResponse> {
    let (id, delivery) = (webhook_id(&id)?, delivery_id(&delivery)?);
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let again = owed::redeliver(&mut ch, id, delivery).await?;
    ch.commit().await?;
    Ok((StatusCode::ACCEPTED, Answered(delivery_json(&again))))
}
