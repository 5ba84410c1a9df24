//! `Idempotency-Key` on API calls that change something: the first request with a key does the work, every further one with the same key and body
//! gets its answer again.
//!
//! A key belongs to whoever sent it, with the roles that they hold, and to one call. Only what worked is kept: a request that failed has done nothing,
//! and may be sent again. Work that was begun goes on when its client leaves.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sha2::{Digest, Sha256};
use time::Duration;

use super::csrf;
use super::entity::idempotency as row;
use super::principal::Principal;
use super::resolving::resolve;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{from_millis, millis};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::deadline::TooSlow;

const HEADER: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest body that is compared and the longest answer that is kept.
const LONGEST: usize = 16 * 1024 * 1024;
/// Work that has not ended by then was cut off: the next request with the key takes it over.
const LEASE: Duration = Duration::seconds(30);
/// Answers are kept this long.
const KEPT: Duration = Duration::hours(48);
const UNDER_WAY: i32 = 0;

/// Put on an answer that must not be kept, since it shows a secret.
#[derive(Debug, Clone, Copy)]
pub struct NotKept;

/// For calls that must not be made twice by accident: refuses a request without the header.
pub fn require_idempotency_key(headers: &HeaderMap) -> Result<()> {
    if headers.contains_key(HEADER) { Ok(()) } else { Err(Error::new(Code::IdempotencyKeyRequired)) }
}

/// The layer around API calls. Without the header, or without knowing who asks, the request passes as it is.
pub async fn idempotent(State(app): State<App>, request: Request, next: Next) -> Response {
    let applies = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE)
        && request.uri().path().starts_with("/api/")
        && request.headers().contains_key(HEADER);
    if !applies {
        return next.run(request).await;
    }
    once(app, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn once(app: App, request: Request, next: Next) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let who = resolve(&mut parts, &app).await?;
    if who == Principal::Anonymous {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    // What was answered before is answered without a guard: whoever lost a role, or another site, is not told again.
    csrf::require_header(&parts.method, &parts.uri, &parts.headers, &who)?;
    let mut roles: Vec<&str> = who.roles().iter().map(|role| role.as_str()).collect();
    roles.sort_unstable();
    let given = parts.headers.get(HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if given.is_empty() || given.len() > 255 {
        return Err(Error::malformed("an Idempotency-Key has 1 to 255 visible characters"));
    }
    let path = parts.uri.path_and_query().map_or("", |p| p.as_str());
    let key = digest(&[
        who.actor().to_string().as_bytes(),
        roles.join(" ").as_bytes(),
        parts.method.as_str().as_bytes(),
        path.as_bytes(),
        given.as_bytes(),
    ]);
    let bytes = to_bytes(body, LONGEST)
        .await
        .map_err(|e| Error::new(if TooSlow::is_behind(&e) { Code::TooSlow } else { Code::TooLarge }))?;
    let kind = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let asked = digest(&[kind, &bytes]);
    if let Some(answer) = begin(&app, &key, &asked).await? {
        return Ok(answer);
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    tokio::spawn(async move {
        let response = next.run(request).await;
        finish(&app, &key, response).await
    })
    .await
    .map_err(Error::internal)?
}

/// Claims the key; answers what was answered before, where it was.
async fn begin(app: &App, key: &str, asked: &str) -> Result<Option<Response>> {
    let ch = app.db.change(Actor::System("access"), Kind::Ordinary).await?;
    let claim = row::ActiveModel {
        key: Set(key.to_owned()),
        request_hash: Set(asked.to_owned()),
        status: Set(UNDER_WAY),
        content_type: Set(String::new()),
        location: Set(None),
        body: Set(vec![]),
        at: Set(millis(ch.now)),
    };
    let fresh = row::Entity::insert(claim)
        .on_conflict(OnConflict::column(row::Column::Key).do_nothing().to_owned())
        .exec_without_returning(ch.tx())
        .await?;
    if fresh == 1 {
        ch.commit().await?;
        return Ok(None);
    }
    let known = row::Entity::find_by_id(key.to_owned()).one(ch.tx()).await?;
    // Given back in this very moment: the client asks again.
    let known = known.ok_or_else(|| Error::new(Code::IdempotencyInProgress).retry_after(1))?;
    if known.request_hash != asked {
        return Err(Error::new(Code::IdempotencyKeyReused));
    }
    if known.status != UNDER_WAY {
        ch.undo().await?;
        return replay(known).map(Some);
    }
    let free_again = from_millis(known.at) + LEASE;
    if free_again > ch.now {
        // Whether somebody still works on it cannot be told from here: by then it is answered, or taken over.
        let left = (free_again - ch.now).whole_milliseconds().unsigned_abs().div_ceil(1000);
        return Err(Error::new(Code::IdempotencyInProgress).retry_after(u64::try_from(left).unwrap_or(1)));
    }
    let taken = row::Entity::update_many()
        .col_expr(row::Column::At, Expr::value(millis(ch.now)))
        .filter(row::Column::Key.eq(key))
        .filter(row::Column::At.eq(known.at))
        .exec(ch.tx())
        .await?;
    if taken.rows_affected == 0 {
        return Err(Error::new(Code::IdempotencyInProgress).retry_after(1));
    }
    ch.commit().await?;
    Ok(None)
}

fn replay(known: row::Model) -> Result<Response> {
    let status = u16::try_from(known.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let mut response =
        (status.ok_or_else(|| Error::internal("a kept answer has no status"))?, known.body).into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    let values = [(CONTENT_TYPE, Some(known.content_type)), (LOCATION, known.location)];
    for (name, value) in values.into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?))) {
        headers.insert(name, HeaderValue::from_str(&value).map_err(Error::internal)?);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keeps what worked; gives the key back where it did not.
async fn finish(app: &App, key: &str, response: Response) -> Result<Response> {
    let keep = response.status().is_success() && response.extensions().get::<NotKept>().is_none();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LONGEST).await.map_err(Error::internal)?;
    let ch = app.db.change(Actor::System("access"), Kind::Ordinary).await?;
    if keep {
        let text = |name| parts.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned);
        row::Entity::update_many()
            .col_expr(row::Column::Status, Expr::value(i32::from(parts.status.as_u16())))
            .col_expr(row::Column::ContentType, Expr::value(text(CONTENT_TYPE).unwrap_or_default()))
            .col_expr(row::Column::Location, Expr::value(text(LOCATION)))
            .col_expr(row::Column::Body, Expr::value(bytes.to_vec()))
            .filter(row::Column::Key.eq(key))
            .exec(ch.tx())
            .await?;
    } else {
        row::Entity::delete_by_id(key.to_owned()).exec(ch.tx()).await?;
    }
    ch.commit().await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Forgets answers that nobody will ask for again.
pub async fn forget_answers(app: &App) -> Result<()> {
    let ch = app.db.change(Actor::System("access"), Kind::Ordinary).await?;
    let before = millis(ch.now - KEPT);
    row::Entity::delete_many().filter(row::Column::At.lt(before)).exec(ch.tx()).await?;
    ch.commit().await
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
