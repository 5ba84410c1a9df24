//! `/api/v1/members/{id}/notices` and `…/notice-settings`: the member's own, and nobody else's.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::lifecycle::{Kind, Way};
use super::service::{self, Which};
use super::{settings, words};
use crate::access::SignedIn;
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind as Door;
use crate::database::pagination::Listed;
use crate::error::{Error, Fault, Result};
use crate::ids::{MemberId, NoticeId};
use crate::issuer;
use crate::web::input::Json;

/// Marked in one call.
const MOST: usize = 200;

#[derive(Deserialize)]
pub struct NoticesQuery {
    #[serde(default)]
    unread: bool,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Serialize)]
struct NoticeBody {
    id: String,
    kind: &'static str,
    what: &'static str,
    about: Vec<String>,
    text: String,
    href: String,
    at: String,
    read_at: Option<String>,
}

/// To anybody but the member themselves they do not exist, whatever role that is.
fn own(who: &SignedIn, id: &str) -> Result<MemberId> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    if who.member == id { Ok(id) } else { Err(Error::not_found()) }
}

/// `GET /api/v1/members/{id}/notices`.
pub async fn list_notices(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<NoticesQuery>,
) -> Result<impl IntoResponse> {
    let member = own(&who, &id)?;
    let (db, w) = (app.db.read(), who.visitor.words);
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let before = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::of_member(db, member, before, query.unread, limit + 1).await?;
    let listed = Listed::cut(found, limit, |notice| notice.id.to_string());
    let zone = issuer::zone(db).await?;
    let mut data = vec![];
    for notice in listed.data {
        let told = words::tell(db, w, &zone, &notice).await?;
        data.push(NoticeBody {
            id: notice.id.to_string(),
            kind: notice.what.kind().as_str(),
            what: notice.what.as_str(),
            about: notice.about,
            text: told.text,
            href: app.links.to(&told.href),
            at: rfc3339(notice.at),
            read_at: notice.read_at.map(rfc3339),
        });
    }
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBody {
    #[serde(default)]
    ids: Option<Vec<NoticeId>>,
    #[serde(default)]
    until: Option<NoticeId>,
}

/// `POST /api/v1/members/{id}/notices/read`.
pub async fn read_notices(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<ReadBody>,
) -> Result<impl IntoResponse> {
    let member = own(&who, &id)?;
    let which = match (&body.ids, body.until) {
        (Some(ids), None) if ids.len() <= MOST => Which::These(ids),
        (Some(_), None) => {
            let detail = "name at most 200 notices, or the newest of them as `until`";
            return Err(Error::invalid(vec![Fault::new("/ids", "too_many", detail)]));
        }
        (None, Some(until)) => Which::Until(until),
        _ => {
            let detail = "write either `ids` or `until`, the newest notice that was seen";
            return Err(Error::invalid(vec![Fault::new("", "invalid_value", detail)]));
        }
    };
    let ch = app.db.change(who.actor(), Door::Ordinary).await?;
    service::mark_read(&ch, member, which).await?;
    ch.commit().await?;
    Ok(axum::Json(json!({"unread": service::unread(app.db.read(), member).await?})))
}

#[derive(Serialize)]
struct SettingsBody {
    ways: BTreeMap<&'static str, &'static str>,
    letters: bool,
    mail: bool,
    address_proved: bool,
}

async fn settings_body(app: &App, member: MemberId) -> Result<SettingsBody> {
    let known = settings::of(app, member).await?;
    Ok(SettingsBody {
        ways: known.ways.iter().map(|(kind, way)| (kind.as_str(), way.as_str())).collect(),
        letters: !known.stopped,
        mail: known.mail,
        address_proved: known.address.is_some(),
    })
}

/// `GET /api/v1/members/{id}/notice-settings`.
pub async fn read_settings(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let member = own(&who, &id)?;
    Ok(axum::Json(settings_body(&app, member).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    #[serde(default)]
    ways: BTreeMap<String, String>,
    #[serde(default)]
    letters: Option<bool>,
}

/// The ways that are asked for, by kind.
///
/// # Errors
/// Each word that is no kind or no way.
pub(super) fn ways_of(given: &BTreeMap<String, String>) -> Result<BTreeMap<Kind, Way>> {
    let (mut ways, mut faults) = (BTreeMap::new(), vec![]);
    for (kind, way) in given {
        match (Kind::parse(kind), Way::parse(way)) {
            (Some(kind), Some(way)) => {
                ways.insert(kind, way);
            }
            (None, _) => {
                let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
                let detail = format!("use one of: {}", known.join(", "));
                faults.push(Fault::new("/ways", "unknown_word", detail));
            }
            (Some(kind), None) => {
                let detail = "use at_once, daily, weekly or here";
                faults.push(Fault::new(format!("/ways/{}", kind.as_str()), "unknown_word", detail));
            }
        }
    }
    if faults.is_empty() { Ok(ways) } else { Err(Error::invalid(faults)) }
}

/// `PUT /api/v1/members/{id}/notice-settings`: what is not named stays as it is.
pub async fn change_settings(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<SettingsChange>,
) -> Result<impl IntoResponse> {
    let member = own(&who, &id)?;
    let ways = ways_of(&body.ways)?;
    let ch = app.db.change(who.actor(), Door::Ordinary).await?;
    settings::choose(&ch, member, &ways).await?;
    match body.letters {
        Some(true) => settings::begin_letters(&ch, member).await?,
        Some(false) => settings::end_letters(&ch, member).await?,
        None => {}
    }
    ch.commit().await?;
    Ok(axum::Json(settings_body(&app, member).await?))
}
