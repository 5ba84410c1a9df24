//! `/api/v1/links`: hand in, list, accept, refuse, answer, take back.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::lifecycle::LinkState;
use super::service::{self, NewLink, Submission};
use crate::access::{May, Permission as _, ReadLinks, ReviewLinks, SelfOr, SignedIn};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::SubmissionId;
use crate::web::input::Json;

const MOST: u64 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLinkBody {
    url: String,
    r#type: String,
    /// A day: `2026-04-01`.
    happened_on: String,
    sentence: String,
    disclosure: String,
}

#[derive(Serialize)]
pub struct LinkBody {
    id: String,
    member: String,
    url: String,
    r#type: String,
    happened_at: String,
    sentence: String,
    disclosure: &'static str,
    state: &'static str,
    reason: Option<String>,
    submitted_at: String,
    contribution: Option<String>,
}

impl From<Submission> for LinkBody {
    fn from(s: Submission) -> Self {
        Self {
            id: s.id.to_string(),
            member: s.member.to_string(),
            url: s.url,
            r#type: s.kind,
            happened_at: rfc3339(s.happened_at),
            sentence: s.sentence,
            disclosure: s.disclosure.as_str(),
            state: s.state.as_str(),
            reason: s.reason,
            submitted_at: rfc3339(s.submitted_at),
            contribution: s.contribution,
        }
    }
}

/// `POST /api/v1/links`, as the member.
pub async fn submit_link(
    who: SignedIn,
    State(app): State<App>,
    Json(body): Json<NewLinkBody>,
) -> Result<impl IntoResponse> {
    let new = NewLink {
        url: body.url,
        kind: body.r#type,
        happened_on: body.happened_on,
        sentence: body.sentence,
        disclosure: body.disclosure,
    };
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let link = service::submit(&mut ch, who.member, new).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(LinkBody::from(link))))
}

#[derive(Deserialize)]
pub struct LinksQuery {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/links`: to reviewers those in `state` (what waits, where it is not said), to a member their own.
pub async fn list_links(
    who: SelfOr<ReadLinks>,
    State(app): State<App>,
    Query(query): Query<LinksQuery>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let limit = query.limit.unwrap_or(50).clamp(1, MOST);
    let found = match who.principal.member() {
        Some(member) if !who.principal.holds(ReadLinks::ROLES) => service::of_member(db, member, MOST).await?,
        _ => {
            let state = LinkState::parse(query.state.as_deref().unwrap_or("waiting")).ok_or_else(|| {
                let detail = "use waiting, accepted, refused or withdrawn";
                Error::invalid(vec![Fault::new("/state", "unknown_word", detail)])
            })?;
            let after = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
            service::list(db, state, after, limit + 1).await?
        }
    };
    let listed = Listed::cut(found, limit, |s| s.id.to_string());
    let data: Vec<LinkBody> = listed.data.into_iter().map(LinkBody::from).collect();
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// `GET /api/v1/links/{id}`: with what happened to it, and to reviewers what others have of the same address.
pub async fn read_link(
    who: SelfOr<ReadLinks>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let link = service::find(db, id.parse().map_err(|_| Error::not_found())?).await?;
    who.about(link.member)?;
    let steps: Vec<_> = service::steps(db, link.id)
        .await?
        .into_iter()
        .map(|s| json!({"step": s.step, "said": s.said, "at": rfc3339(s.at)}))
        .collect();
    let others = match who.principal.holds(ReadLinks::ROLES) {
        true => service::of_others(db, &link).await?,
        false => vec![],
    };
    let others: Vec<_> = others.into_iter().map(|(id, member)| json!({"id": id, "member": member})).collect();
    let mut whole = serde_json::to_value(LinkBody::from(link))?;
    whole["steps"] = json!(steps);
    whole["same_address"] = json!(others);
    Ok(axum::Json(whole))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    /// Another has been credited for the same address, and both did it.
    #[serde(default)]
    shared: bool,
}

/// `POST /api/v1/links/{id}/accept`.
pub async fn accept_link(
    may: May<ReviewLinks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<AcceptBody>,
) -> Result<impl IntoResponse> {
    let id: SubmissionId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let link = service::accept(&mut ch, id, body.shared).await?;
    let said =
        json!({"contribution": link.contribution, "shared": body.shared, "disclosure": link.disclosure.as_str()});
    ch.audit(AuditEntry::new("link.accept", id, said)).await?;
    ch.commit().await?;
    Ok(axum::Json(LinkBody::from(link)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefuseBody {
    reason: String,
}

/// `POST /api/v1/links/{id}/refuse`.
pub async fn refuse_link(
    may: May<ReviewLinks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<RefuseBody>,
) -> Result<impl IntoResponse> {
    let id: SubmissionId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let link = service::refuse(&mut ch, id, &body.reason).await?;
    ch.audit(AuditEntry::new("link.refuse", id, json!({"reason": link.reason}))).await?;
    ch.commit().await?;
    Ok(axum::Json(LinkBody::from(link)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    text: String,
}

/// `POST /api/v1/links/{id}/answer`, as the member.
pub async fn answer_link(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<AnswerBody>,
) -> Result<impl IntoResponse> {
    let id = own(&app, &who, &id).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let link = service::answer(&mut ch, id, &body.text).await?;
    ch.commit().await?;
    Ok(axum::Json(LinkBody::from(link)))
}

/// `POST /api/v1/links/{id}/withdraw`, as the member.
pub async fn withdraw_link(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let id = own(&app, &who, &id).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let link = service::withdraw(&mut ch, id).await?;
    ch.commit().await?;
    Ok(axum::Json(LinkBody::from(link)))
}

/// The member's own link of this id; to others there is none.
pub(super) async fn own(app: &App, who: &SignedIn, id: &str) -> Result<SubmissionId> {
    let link = service::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    if link.member == who.member { Ok(link.id) } else { Err(Error::not_found()) }
}
