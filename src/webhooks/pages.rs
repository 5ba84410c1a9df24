//! `/admin/webhooks`: who is told of what, and how each delivery went.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{delivery_id, webhook_id};
use super::form::{Fields, WebhookForm, kind_words};
use super::lifecycle::{self, MOST_TRIES};
use super::owed::{self, Delivery, Try};
use super::service::{self, Webhook};
use crate::access::{ManageWebhooks, May, Posted};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::{WebhookDeliveryId, WebhookId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// Icon and colour, and the words.
struct Chip {
    look: &'static str,
    words: String,
}

fn standing(w: Words, webhook: &Webhook) -> Chip {
    match webhook.off {
        None if webhook.failing_since.is_some() => Chip { look: "suspended", words: w.t("webhook-failing") },
        None => Chip { look: "valid", words: w.t("webhook-on") },
        Some((lifecycle::Off::ByStaff, _)) => Chip { look: "unknown", words: w.t("webhook-off") },
        Some(_) => Chip { look: "revoked", words: w.t("webhook-off-alone") },
    }
}

struct Line {
    id: String,
    url: String,
    note: String,
    chip: Chip,
    kinds: String,
    exams: String,
}

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Line>,
    fields: Fields,
    removed: bool,
}

async fn list(app: &App, shell: Shell, fields: Fields) -> Result<ListPage> {
    let w = shell.w;
    let rows = service::all(app.db.read()).await?;
    let rows = rows.into_iter().map(|webhook| Line {
        id: webhook.id.to_string(),
        chip: standing(w, &webhook),
        kinds: webhook.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "),
        exams: webhook.exams.into_iter().collect::<Vec<_>>().join(", "),
        url: webhook.url,
        note: webhook.note,
    });
    Ok(ListPage { rows: rows.collect(), fields, removed: false, shell })
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
    /// Deliveries before this one.
    #[serde(default)]
    before: Option<String>,
}

/// `GET /admin/webhooks`.
pub async fn webhooks_page(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let fields = Fields::of(shell.w, WebhookForm::default());
    let page = list(&app, shell, fields).await?;
    Ok(Page(ListPage { removed: done.done == "removed", ..page }))
}

/// `POST /admin/webhooks`: the answer is the page of the new one, with its secret, this once.
pub async fn add_webhook_post(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Posted(form): Posted<WebhookForm>,
) -> Result<Response> {
    let shell = staff.shell();
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match service::add(&app, &mut ch, form.to_new()).await {
        Ok((webhook, secret)) => {
            ch.commit().await?;
            let page = one(&app, shell, webhook.id, None).await?;
            Ok((StatusCode::CREATED, Page(OnePage { secret: Some(secret), ..page })).into_response())
        }
        Err(e) => {
            drop(ch);
            let fields = Fields::refused(shell.w, form, e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(list(&app, shell, fields).await?)).into_response())
        }
    }
}

struct TryLine {
    at: String,
    came: String,
    answer: String,
    took_ms: i64,
}

struct DeliveryLine {
    id: String,
    event: String,
    kind: String,
    words: String,
    told: String,
    chip: Chip,
    /// When it is tried next.
    next: Option<String>,
    body: String,
    tries: Vec<TryLine>,
}

#[derive(Template)]
#[template(path = "webhooks/one.html")]
struct OnePage {
    shell: Shell,
    id: String,
    url: String,
    host: String,
    on: bool,
    chip: Chip,
    /// Why it was switched off by itself, and when.
    off: Option<(String, String)>,
    failing_since: Option<String>,
    old_until: Option<String>,
    created: String,
    fields: Fields,
    rows: Vec<DeliveryLine>,
    next: Option<WebhookDeliveryId>,
    most_tries: u32,
    /// Shown this once.
    secret: Option<String>,
    done: Option<String>,
}

const ON_A_PAGE: u64 = 20;

async fn one(app: &App, shell: Shell, id: WebhookId, before: Option<WebhookDeliveryId>) -> Result<OnePage> {
    let (w, db) = (shell.w, app.db.read());
    let zone = crate::issuer::zone(db).await?;
    let webhook = service::find(db, id).await?;
    let mut found = owed::of(db, id, before, ON_A_PAGE + 1).await?;
    let more = found.len() as u64 > ON_A_PAGE;
    found.truncate(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX));
    let ids: Vec<WebhookDeliveryId> = found.iter().map(|delivery| delivery.id).collect();
    let mut tries = owed::tries_of(db, &ids).await?;
    let next = ids.last().copied().filter(|_| more);
    let rows = found.into_iter().map(|delivery| {
        let tries = tries.remove(&delivery.id).unwrap_or_default();
        delivery_line(w, &zone, delivery, &tries)
    });
    let now = app.db.now();
    Ok(OnePage {
        id: webhook.id.to_string(),
        host: webhook.host(),
        on: webhook.is_on(),
        chip: standing(w, &webhook),
        off: webhook
            .off
            .map(|(why, at)| (w.t(&format!("webhook-off-{}", why.as_str().replace('_', "-"))), zone.instant(w, at))),
        failing_since: webhook.failing_since.filter(|_| webhook.is_on()).map(|at| zone.instant(w, at)),
        old_until: webhook.old_until.filter(|until| now < *until).map(|at| zone.instant(w, at)),
        created: zone.date(w, webhook.created_at),
        fields: Fields::of(w, WebhookForm::of(&webhook)),
        rows: rows.collect(),
        next,
        most_tries: MOST_TRIES,
        secret: None,
        done: None,
        url: webhook.url,
        shell,
    })
}

fn came(w: Words, status: Option<u16>, error: Option<&str>) -> String {
    match (status, error) {
        (Some(status), _) => format!("HTTP {status}"),
        (None, Some(code @ ("refused" | "unsigned"))) => w.t(&format!("webhook-error-{code}")),
        (None, Some(why)) => why.to_owned(),
        (None, None) => String::new(),
    }
}

fn delivery_line(w: Words, zone: &Zone, delivery: Delivery, tries: &[Try]) -> DeliveryLine {
    let waits = delivery.finished_at.is_none();
    let look = match delivery.state {
        lifecycle::State::Waiting if delivery.error.is_some() || delivery.status.is_some() => "suspended",
        lifecycle::State::Waiting => "info",
        lifecycle::State::Delivered => "valid",
        lifecycle::State::GivenUp => "revoked",
    };
    let line = |one: &Try| TryLine {
        at: zone.instant(w, one.at),
        came: came(w, one.status, one.error.as_deref()),
        answer: one.answer.clone(),
        took_ms: one.took_ms,
    };
    DeliveryLine {
        id: delivery.id.to_string(),
        event: delivery.event.to_string(),
        kind: delivery.kind.as_str().to_owned(),
        words: kind_words(w, delivery.kind),
        told: zone.instant(w, delivery.told_at),
        chip: Chip { look, words: w.t(&format!("webhook-delivery-{}", delivery.state.as_str().replace('_', "-"))) },
        next: (waits && delivery.tries > 0).then(|| zone.instant(w, delivery.due_at)),
        body: delivery.body,
        tries: tries.iter().map(line).collect(),
    }
}

const DONE: [&str; 5] = ["test", "enable", "disable", "edit", "redeliver"];

/// `GET /admin/webhooks/{id}`.
pub async fn webhook_page(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let before = done.before.as_deref().map(delivery_id).transpose()?;
    let page = one(&app, staff.shell(), webhook_id(&id)?, before).await?;
    let known = DONE.contains(&done.done.as_str());
    let done = known.then(|| page.shell.w.t(&format!("webhook-done-{}", done.done)));
    Ok(Page(OnePage { done, ..page }))
}

/// `POST /admin/webhooks/{id}`: another address, other kinds.
pub async fn edit_webhook_post(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<WebhookForm>,
) -> Result<Response> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match service::edit(&app, &mut ch, id, form.to_new()).await {
        Ok(()) => {
            ch.commit().await?;
            Ok(see_other(&format!("/admin/webhooks/{id}?done=edit")))
        }
        Err(e) => {
            drop(ch);
            let shell = staff.shell();
            let fields = Fields::refused(shell.w, form, e)?;
            let page = one(&app, shell, id, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(OnePage { fields, ..page })).into_response())
        }
    }
}

/// A button's form carries its token alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {}

/// `POST /admin/webhooks/{id}/{step}`: `test`, `enable`, `disable`, `rotate`, `remove`.
pub async fn webhook_step_post(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    _: Posted<Press>,
) -> Result<Response> {
    let id = webhook_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match step.as_str() {
        "test" => drop(owed::test(&mut ch, id).await?),
        "enable" | "disable" => {
            if !service::switch(&mut ch, id, step == "enable").await? {
                ch.undo().await?;
                return Ok(see_other(&format!("/admin/webhooks/{id}")));
            }
        }
        "rotate" => {
            let secret = service::rotate(&app, &mut ch, id).await?;
            ch.commit().await?;
            let page = one(&app, staff.shell(), id, None).await?;
            return Ok(Page(OnePage { secret: Some(secret), ..page }).into_response());
        }
        "remove" => {
            service::remove(&mut ch, id).await?;
            ch.commit().await?;
            return Ok(see_other("/admin/webhooks?done=removed"));
        }
        _ => return Err(Error::not_found()),
    }
    ch.commit().await?;
    Ok(see_other(&format!("/admin/webhooks/{id}?done={step}")))
}

/// `POST /admin/webhooks/{id}/deliveries/{delivery}`: once more.
pub async fn redeliver_post(
    staff: May<ManageWebhooks>,
    State(app): State<App>,
    Path((id, delivery)): Path<(String, String)>,
    _: Posted<Press>,
) -> Result<Response> {
    let (id, delivery) = (webhook_id(&id)?, delivery_id(&delivery)?);
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    owed::redeliver(&mut ch, id, delivery).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/webhooks/{id}?done=redeliver")))
}
