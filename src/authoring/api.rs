//! `/api/v1/banks`, `/api/v1/banks/{slug}/items`, `/api/v1/items/{id}` and its steps.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::interchange::item_from_value;
use waymark_assess::item::ItemVersion;

use crate::access::{AuthorBanks, May, ReadBanks, ReadKeys, ReviewItems};
use crate::actor::Actor;
use crate::app::App;
use crate::banks::lifecycle::{Proposal, State as ItemState, Verb};
use crate::banks::{self, Filter, Item, Listing};
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::ItemId;
use crate::issuer;
use crate::web::input::Json;

/// `GET /api/v1/banks`: `{data: [{id, slug, title, items, states}]}`.
pub async fn list_banks(
    _: May<ReadBanks>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let line = |(bank, states): (banks::Bank, std::collections::BTreeMap<ItemState, u64>)| {
        let by_name: serde_json::Map<String, Value> =
            states.iter().map(|(state, items)| (state.as_str().to_owned(), json!(items))).collect();
        json!({"id": bank.id, "slug": bank.slug, "title": bank.title, "items": states.values().sum::<u64>(), "states": by_name})
    };
    let listed = Listed::of(banks::banks(app.db.read()).await?, &page, |(bank, _)| bank.slug.clone())?;
    let data: Vec<Value> = listed.data.into_iter().map(line).collect();
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBank {
    slug: String,
    #[serde(default)]
    title: String,
}

/// `POST /api/v1/banks`.
pub async fn open_bank(
    may: May<AuthorBanks>,
    State(app): State<App>,
    Json(new): Json<NewBank>,
) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let bank = banks::open_bank(&mut ch, &new.slug, &new.title).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(json!({"id": bank.id, "slug": bank.slug, "title": bank.title}))))
}

/// What a list of items is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub struct ItemsQuery {
    limit: Option<usize>,
    /// The slug of the last item shown.
    cursor: Option<String>,
    text: Option<String>,
    state: Option<String>,
    #[serde(rename = "type")]
    item_type: Option<String>,
    domain: Option<String>,
    tag: Option<String>,
    missing: Option<String>,
}

/// `GET /api/v1/banks/{slug}/items`: no keys.
pub async fn list_items(
    _: May<ReadBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(query): Query<ItemsQuery>,
) -> Result<impl IntoResponse> {
    let bank = banks::bank(app.db.read(), &slug).await?;
    let state = match query.state.as_deref() {
        None => None,
        Some(text) => Some(ItemState::parse(text).ok_or_else(|| {
            let known = ItemState::ALL.map(ItemState::as_str).join(", ");
            Error::invalid(vec![Fault::new("/state", "unknown", format!("one of {known}"))])
        })?),
    };
    let filter = Filter {
        text: query.text,
        state,
        item_type: query.item_type,
        domain: query.domain,
        tag: query.tag,
        missing: query.missing,
        plain: Some(issuer::language(app.db.read()).await?.as_str().to_owned()),
    };
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let after = |listing: &Listing| query.cursor.as_ref().is_none_or(|cursor| listing.slug > *cursor);
    let items = banks::items(app.db.read(), bank.id).await?;
    let found = items.iter().filter(|listing| after(listing) && filter.lets_through(listing));
    let rows: Vec<Value> = found.take(limit + 1).map(line).collect();
    let cursor = |row: &Value| row["slug"].as_str().unwrap_or_default().to_owned();
    Ok(axum::Json(Listed::cut(rows, u64::try_from(limit).map_err(Error::internal)?, cursor)))
}

fn line(listing: &Listing) -> Value {
    let content = &listing.content;
    let question: serde_json::Map<String, Value> =
        content.stem.entries().map(|(tag, text)| (tag.to_owned(), json!(text))).collect();
    json!({
        "id": listing.id, "slug": listing.slug, "state": listing.state.as_str(), "proposal": listing.proposal.map(Proposal::as_str),
        "type": banks::type_name(content.item_type()), "domain": content.domain, "tags": content.tags,
        "languages": content.languages(), "question": question,
    })
}

/// `POST /api/v1/banks/{slug}/items`: the fields of a bank file; the item begins as a draft.
pub async fn write_item(
    may: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(fields): Json<Value>,
) -> Result<Response> {
    let bank = banks::bank(app.db.read(), &slug).await?;
    let version = version(&app, &fields).await?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let item = banks::write(&mut ch, &bank, &version).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, answer(&app, item.id).await?).into_response())
}

/// `GET /api/v1/items/{id}`: everything but key and rationale, with the `ETag` that an edit names.
pub async fn read_item(_: May<ReadBanks>, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    answer(&app, item_id(&id)?).await
}

/// `GET /api/v1/items/{id}/key`: the item with key and rationale. The look is audited.
pub async fn read_key(may: May<ReadKeys>, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let item = banks::item(ch.tx(), item_id(&id)?).await?;
    let version = banks::open_key(&mut ch, &item, item.working()).await?;
    ch.commit().await?;
    Ok((no_store(&item), axum::Json(banks::fields(&version))))
}

/// `PUT /api/v1/items/{id}`: another version. `If-Match` names the state that was read.
pub async fn replace_item(
    may: May<AuthorBanks>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(fields): Json<Value>,
) -> Result<impl IntoResponse> {
    let id = item_id(&id)?;
    let expected = expected(&app, id, &headers).await?;
    let version = version(&app, &fields).await?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    if banks::edit(&mut ch, id, expected, &version, "").await?.is_some() {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    answer(&app, id).await
}

/// `GET /api/v1/items/{id}/versions`: no keys.
pub async fn list_versions(
    _: May<ReadBanks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let item = banks::item(app.db.read(), item_id(&id)?).await?;
    let versions = banks::versions_of(app.db.read(), item.id).await?.into_iter().map(|version| {
        json!({
            "id": version.id, "number": version.number, "written_at": rfc3339(version.written_at), "author": version.author,
            "in_use": version.id == item.version && item.standing.state.is_drawn(), "proposed": Some(version.id) == item.proposed,
        })
    });
    let id = |version: &Value| version["id"].as_str().unwrap_or_default().to_owned();
    Ok(axum::Json(Listed::of(versions.collect(), &page, id)?))
}

/// Why; due for sending back, retiring, withdrawing and reinstating.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident: $permission:ident, $verb:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $name(
            may: May<$permission>,
            State(app): State<App>,
            Path(id): Path<String>,
            headers: HeaderMap,
            Json(body): Json<Reason>,
        ) -> Result<impl IntoResponse> {
            take(&app, may.actor(), &id, &headers, Verb::$verb, &body.reason).await
        }
    )*};
}

steps! {
    /// `POST /api/v1/items/{id}/submit`: ask for a review.
    submit: AuthorBanks, Submit;
    take_back: AuthorBanks, TakeBack;
    reopen: AuthorBanks, Reopen;
    discard: AuthorBanks, Discard;
    send_back: ReviewItems, SendBack;
    /// `POST /api/v1/items/{id}/approve`: by somebody who had no hand in it.
    approve: ReviewItems, Approve;
    pretest: ReviewItems, Pretest;
    operate: ReviewItems, Operate;
    retire: ReviewItems, Retire;
    withdraw: ReviewItems, Withdraw;
    reinstate: ReviewItems, Reinstate;
}

async fn take(app: &App, actor: Actor, id: &str, headers: &HeaderMap, verb: Verb, reason: &str) -> Result<Response> {
    let id = item_id(id)?;
    let expected = expected(app, id, headers).await?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    banks::step(&mut ch, id, expected, verb, reason).await?;
    ch.commit().await?;
    Ok(answer(app, id).await?.into_response())
}

async fn answer(app: &App, id: ItemId) -> Result<impl IntoResponse + use<>> {
    let item = banks::item(app.db.read(), id).await?;
    let content = banks::content_of(app.db.read(), item.working()).await?;
    let body = json!({
        "id": item.id, "bank": item.bank.slug, "slug": item.slug, "state": item.standing.state.as_str(),
        "proposal": item.standing.proposal.map(Proposal::as_str), "version": item.version, "proposed": item.proposed,
        "revision": item.revision, "steps": item.standing.steps().map(Verb::as_str).collect::<Vec<_>>(),
        "languages": content.languages(), "item": banks::shown(&content)?,
    });
    Ok((no_store(&item), axum::Json(body)))
}

fn no_store(item: &Item) -> [(header::HeaderName, String); 2] {
    [(header::ETAG, format!("\"{}\"", item.revision)), (header::CACHE_CONTROL, "no-store".to_owned())]
}

/// The revision that the caller read.
async fn expected(app: &App, id: ItemId, headers: &HeaderMap) -> Result<i64> {
    let current = banks::item(app.db.read(), id).await?.revision;
    let read = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok());
    let read = read.ok_or_else(|| Error::new(Code::PreconditionRequired))?;
    let tag = format!("\"{current}\"");
    if read.split(',').any(|given| matches!(given.trim(), given if given == tag || given == "*")) {
        return Ok(current);
    }
    Err(Error::new(Code::PreconditionFailed).member("etag", tag))
}

/// The version that these fields describe, with a figure that is here already.
async fn version(app: &App, fields: &Value) -> Result<ItemVersion> {
    let picture = picture(app.db.read(), fields["figure"].as_str()).await?;
    item_from_value(fields, &|name| picture.clone().filter(|_| Some(name) == fields["figure"].as_str())).map_err(
        |mistakes| Error::invalid(mistakes.into_iter().map(|m| Fault::new(m.pointer, m.code, m.message)).collect()),
    )
}

/// The bytes of a figure by its hash.
pub(super) async fn picture(db: &impl Read, sha256: Option<&str>) -> Result<Option<Vec<u8>>> {
    match sha256.filter(|name| name.len() == 64) {
        Some(sha256) => Ok(banks::figure(db, sha256).await?.map(|picture| picture.bytes)),
        None => Ok(None),
    }
}

pub(super) fn item_id(text: &str) -> Result<ItemId> {
    text.parse().map_err(|_| Error::not_found())
}
