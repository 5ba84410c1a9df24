//! `POST /api/v1/members` and `POST /api/v1/members/{id}/tokens`.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::service::{self, Affiliation, NewMember};
use crate::access::{self, EnrolMembers, May, MintTokens};
use crate::app::App;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::MemberId;
use crate::web::i18n::Locale;
use crate::web::input::Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolBody {
    email: String,
    name: String,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    handle: Option<String>,
    #[serde(default)]
    affiliation: Option<AffiliationBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AffiliationBody {
    organization: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    from: Option<String>,
}

#[derive(Serialize)]
pub struct MemberBody {
    id: String,
    email: String,
    name: String,
    locale: &'static str,
    joined_at: String,
}

pub async fn enrol_member(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Json(body): Json<EnrolBody>,
) -> Result<impl IntoResponse> {
    let locale = match body.locale.as_deref() {
        None => Locale::En,
        Some(tag) => Locale::parse(tag)
            .ok_or_else(|| Error::invalid(vec![Fault::new("/locale", "unknown_locale", "use `ja` or `en`")]))?,
    };
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let affiliation = match body.affiliation {
        None => None,
        Some(a) => {
            let from = match a.from.as_deref() {
                None => ch.now,
                Some(text) => day_or_instant(text).ok_or_else(|| {
                    Error::invalid(vec![Fault::new(
                        "/affiliation/from",
                        "invalid_time",
                        "use a date such as 2026-04-01",
                    )])
                })?,
            };
            Some(Affiliation { organization: a.organization, title: a.title, from, until: None })
        }
    };
    let new =
        NewMember { email: body.email, name: body.name, locale, handle: body.handle, affiliation, joined_at: None };
    let member = service::enrol(&mut ch, new).await?;
    ch.audit(AuditEntry::new("member.enrol", member.id, json!({}))).await?;
    ch.commit().await?;
    let location = format!("/api/v1/members/{}", member.id);
    let body = MemberBody {
        id: member.id.to_string(),
        email: member.email,
        name: member.name,
        locale: member.locale.as_str(),
        joined_at: rfc3339(member.joined_at),
    };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(body)))
}

/// A date means its first moment in UTC.
fn day_or_instant(text: &str) -> Option<crate::clock::Timestamp> {
    parse_rfc3339(text).or_else(|| parse_rfc3339(&format!("{text}T00:00:00Z")))
}

pub async fn mint_token(
    may: May<MintTokens>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let member = service::find(ch.tx(), id).await?;
    let (token, expires_at) = access::mint_member_token(&mut ch, member.id).await?;
    ch.commit().await?;
    // A secret is shown once: no kept answer may show it again.
    Ok((
        StatusCode::CREATED,
        axum::Extension(access::NotKept),
        axum::Json(json!({"token": token, "expires_at": rfc3339(expires_at)})),
    ))
}
