//! `/api/v1/invitations`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::by_staff::{How, again, invite_one, take_back};
use super::lifecycle::Standing;
use super::service::{self, Filter, Invitation};
use crate::access::{EnrolMembers, May, NotKept};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Fault, Result};
use crate::ids::InvitationId;
use crate::issuer;
use crate::web::i18n::Locale;
use crate::web::input::Json;

#[derive(Debug, Serialize)]
pub struct InvitationBody {
    id: String,
    member: String,
    state: Standing,
    made_at: String,
    sent_at: Option<String>,
    expires_at: String,
    ended_at: Option<String>,
    /// Only where it was made just now, to be handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

async fn body(app: &App, known: &Invitation, token: Option<String>) -> Result<InvitationBody> {
    Ok(InvitationBody {
        id: known.id.to_string(),
        member: known.member.to_string(),
        state: known.standing(app.db.read(), app.db.now()).await?,
        made_at: rfc3339(known.made_at),
        sent_at: known.sent_at.map(rfc3339),
        expires_at: rfc3339(known.expires_at),
        ended_at: known.ended_at.map(rfc3339),
        url: token.map(|token| app.links.invitation(&token)),
    })
}

#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/invitations`: the newest first.
pub async fn list_invitations(
    _: May<EnrolMembers>,
    State(app): State<App>,
    Query(asked): Query<ListQuery>,
) -> Result<impl IntoResponse> {
    let filter = match asked.state.as_deref() {
        None => None,
        Some(text) => Some(Filter::parse(text).ok_or_else(|| {
            let detail = "use open, expired, accepted, declined or withdrawn";
            Error::invalid(vec![Fault::new("/state", "unknown_word", detail)])
        })?),
    };
    let before = asked.cursor.as_deref().map(str::parse::<InvitationId>).transpose().map_err(|_| {
        Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", "take `next_cursor` of the page before")])
    })?;
    let limit = PageQuery { limit: asked.limit, cursor: None }.limit();
    let found = service::list(app.db.read(), app.db.now(), filter, before, limit + 1).await?;
    let found = Listed::cut(found, limit, |invitation| invitation.id.to_string());
    let mut data = vec![];
    for known in &found.data {
        data.push(body(&app, known, None).await?);
    }
    Ok(axum::Json(Listed { data, next_cursor: found.next_cursor, has_more: found.has_more }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    email: String,
    name: String,
    #[serde(default)]
    locale: Option<String>,
    how: How,
}

/// `POST /api/v1/invitations`: finds or enrols a person and invites them.
pub async fn invite_call(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Json(asked): Json<InviteBody>,
) -> Result<impl IntoResponse> {
    let locale = match asked.locale.as_deref() {
        None => issuer::language(app.db.read()).await?,
        Some(tag) => Locale::parse(tag)
            .ok_or_else(|| Error::invalid(vec![Fault::new("/locale", "unknown_locale", "use `ja` or `en`")]))?,
    };
    let how = asked.how.checked(&app)?;
    if how == How::Mail {
        app.limits.letter(&asked.email)?;
    }
    let (made, token) = invite_one(&app, may.actor(), &asked.email, &asked.name, locale, how).await?;
    // A secret is shown once: no kept answer may show it again.
    Ok((StatusCode::CREATED, axum::Extension(NotKept), axum::Json(body(&app, &made, token).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewBody {
    how: How,
}

/// `POST /api/v1/invitations/{id}/renew`: a new link; the one before is worth nothing.
pub async fn renew_call(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(asked): Json<RenewBody>,
) -> Result<impl IntoResponse> {
    let id: InvitationId = id.parse().map_err(|_| Error::not_found())?;
    let (made, token) = again(&app, may.actor(), id, asked.how.checked(&app)?).await?;
    Ok((axum::Extension(NotKept), axum::Json(body(&app, &made, token).await?)))
}

/// `POST /api/v1/invitations/{id}/withdraw`.
pub async fn withdraw_call(
    may: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: InvitationId = id.parse().map_err(|_| Error::not_found())?;
    take_back(&app, may.actor(), id).await?;
    let known = service::find(app.db.read(), id).await?;
    Ok(axum::Json(body(&app, &known, None).await?))
}
