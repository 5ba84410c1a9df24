//! `POST /api/v1/members`, `GET` and `PATCH /api/v1/members/{id}`, `POST /api/v1/members/{id}/tokens`.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::names;
use super::service::{self, Affiliation, Member, NewMember};
use crate::access::{
    self, EnrolMembers, LinkHandles, May, MintTokens, Permission as _, ReadMembers, RenameMembers, SelfOr,
};
use crate::app::App;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::issuer;
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
        None => issuer::language(app.db.read()).await?,
        Some(tag) => Locale::parse(tag)
            .ok_or_else(|| Error::invalid(vec![Fault::new("/locale", "unknown_locale", "use `ja` or `en`")]))?,
    };
    if body.handle.is_some() && !may.principal.holds(LinkHandles::ROLES) {
        return Err(Error::new(Code::Forbidden).with("needs", LinkHandles::NAME).member("needs", LinkHandles::NAME));
    }
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
    let member = service::enrol_by_staff(&mut ch, new).await?;
    ch.commit().await?;
    let location = format!("/api/v1/members/{}", member.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(MemberBody::of(member))))
}

impl MemberBody {
    fn of(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            email: member.email,
            name: member.name,
            locale: member.locale.as_str(),
            joined_at: rfc3339(member.joined_at),
        }
    }

    /// Changes with everything that the body says.
    fn tag(&self) -> Result<String> {
        let digest = Sha256::digest(serde_json::to_vec(self)?);
        Ok(format!("\"{}\"", digest[..12].iter().map(|b| format!("{b:02x}")).collect::<String>()))
    }

    fn answer(self) -> Result<impl IntoResponse> {
        Ok(([(header::ETAG, self.tag()?)], axum::Json(self)))
    }
}

/// `GET /api/v1/members/{id}`, with the `ETag` that an edit names.
pub async fn read_member(
    who: SelfOr<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(id)?;
    MemberBody::of(service::find(app.db.read(), id).await?).answer()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    name: String,
}

/// `PATCH /api/v1/members/{id}`: another name. `If-Match` names the state that was read; what is signed keeps its name until it is replaced.
pub async fn edit_member(
    may: May<RenameMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<EditBody>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let read = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok());
    let read = read.ok_or_else(|| Error::new(Code::PreconditionRequired))?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let member = service::find(ch.tx(), id).await?;
    may.principal.reaches(&access::roles_of(ch.tx(), member.id).await?)?;
    let tag = MemberBody::of(member).tag()?;
    if !read.split(',').any(|given| matches!(given.trim(), given if given == tag || given == "*")) {
        return Err(Error::new(Code::PreconditionFailed).member("etag", tag));
    }
    if names::rename(&mut ch, id, &body.name).await? {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    MemberBody::of(service::find(app.db.read(), id).await?).answer()
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
    may.principal.reaches(&access::roles_of(ch.tx(), member.id).await?)?;
    let (token, expires_at) = access::mint_member_token(&mut ch, member.id).await?;
    ch.commit().await?;
    // A secret is shown once: no kept answer may show it again.
    Ok((
        StatusCode::CREATED,
        axum::Extension(access::NotKept),
        axum::Json(json!({"token": token, "expires_at": rfc3339(expires_at)})),
    ))
}
