//! `/me/handles` and `/admin/handles`.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::api::released;
use super::service::{self, ClaimState, HandleClaim};
use crate::access::{LinkHandles, May, Posted, SignedIn};
use crate::app::App;
use crate::contributions::told::told;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::HandleClaimId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

const ON_A_PAGE: u64 = 50;

struct Line {
    id: String,
    who: String,
    member: String,
    source: String,
    handle: String,
    code: String,
    open: bool,
    proved: bool,
    state: String,
    place: Option<String>,
    reason: Option<String>,
    until: String,
    waiting: u64,
}

struct Choice {
    source: String,
    title: String,
    chosen: bool,
}

async fn line(app: &App, w: Words, c: HandleClaim) -> Result<Line> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let open = c.is_open(app.db.now());
    let state = if c.state == ClaimState::Open && !open { "expired" } else { c.state.as_str() };
    Ok(Line {
        who: members::find(db, c.member).await?.name,
        waiting: service::waiting(db, &c.source, &c.handle).await?,
        open,
        proved: c.state == ClaimState::Proved,
        state: w.t(&format!("handles-state-{state}")),
        until: zone.date(w, c.expires_at),
        id: c.id.to_string(),
        member: c.member.to_string(),
        source: c.source,
        handle: c.handle,
        code: c.code,
        place: c.place,
        reason: c.reason,
    })
}

#[derive(Template)]
#[template(path = "giving/handles.html")]
struct HandlesPage {
    shell: Shell,
    rows: Vec<Line>,
    sources: Vec<Choice>,
    /// Handles that staff wrote down, good at every source.
    written: Vec<String>,
    handle: String,
    wrong: Option<String>,
}

/// `GET /me/handles`.
pub async fn handles_page(who: SignedIn, State(app): State<App>) -> Result<Response> {
    page(&app, &who, (String::new(), String::new()), None).await
}

async fn page(app: &App, who: &SignedIn, typed: (String, String), wrong: Option<String>) -> Result<Response> {
    let shell = who.shell();
    let db = app.db.read();
    let mut rows = vec![];
    for claim in service::of_member(db, who.member).await? {
        rows.push(line(app, shell.w, claim).await?);
    }
    let sources = service::sources(db).await?.into_iter().map(|s| Choice {
        title: shell.w.pick(&s.title).to_owned(),
        chosen: s.source == typed.0,
        source: s.source,
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = HandlesPage {
        sources: sources.collect(),
        written: members::handles_of(db, who.member).await?,
        rows,
        handle: typed.1,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct ClaimForm {
    source: String,
    handle: String,
}

/// `POST /me/handles`.
pub async fn claim_post(who: SignedIn, State(app): State<App>, Posted(form): Posted<ClaimForm>) -> Result<Response> {
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match service::claim(&mut ch, who.member, &form.source, &form.handle).await {
        Ok(claim) => {
            ch.commit().await?;
            Ok(see_other(&format!("/me/handles#{}", claim.id)))
        }
        Err(e) => {
            drop(ch);
            let text = told(who.shell().w, e)?;
            page(&app, &who, (form.source, form.handle), Some(text)).await
        }
    }
}

#[derive(Deserialize)]
pub struct StepForm {
    step: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    reason: String,
}

/// `POST /me/handles/{id}`: say where the code stands, or give the handle back.
pub async fn my_handle_post(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let id: HandleClaimId = id.parse().map_err(|_| Error::not_found())?;
    if service::find(app.db.read(), id).await?.member != who.member {
        return Err(Error::not_found());
    }
    let outcome = match form.step.as_str() {
        "place" => {
            let ch = app.db.change(who.actor(), Kind::Ordinary).await?;
            match service::say_where(&ch, id, &form.place).await {
                Ok(()) => ch.commit().await,
                Err(e) => Err(e),
            }
        }
        "release" => released(&app, who.actor(), id).await.map(|_| ()),
        _ => return Err(Error::not_found()),
    };
    match outcome {
        Ok(()) => Ok(see_other("/me/handles")),
        Err(e) => {
            let text = told(who.shell().w, e)?;
            page(&app, &who, (String::new(), String::new()), Some(text)).await
        }
    }
}

#[derive(Template)]
#[template(path = "giving/handles_staff.html")]
struct StaffPage {
    shell: Shell,
    rows: Vec<Line>,
    next: Option<String>,
    wrong: Option<String>,
    /// What was done just now.
    done: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct QueueQuery {
    #[serde(default)]
    cursor: Option<String>,
    /// The step that was taken just now.
    #[serde(default)]
    done: String,
}

/// `GET /admin/handles`: claims that wait to be confirmed.
pub async fn handles_staff_page(
    may: May<LinkHandles>,
    State(app): State<App>,
    Query(asked): Query<QueueQuery>,
) -> Result<Response> {
    staff(&app, may.shell(), asked, None).await
}

async fn staff(app: &App, shell: Shell, asked: QueueQuery, wrong: Option<String>) -> Result<Response> {
    let after = asked.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::list(app.db.read(), ClaimState::Open, after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |c| c.id.to_string());
    let mut rows = vec![];
    for claim in listed.data {
        rows.push(line(app, shell.w, claim).await?);
    }
    let done = ["confirm", "refuse"].contains(&&*asked.done);
    let done = done.then(|| shell.w.t(&format!("handles-done-{}", asked.done)));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(StaffPage { rows, next: listed.next_cursor, wrong, done, shell })).into_response())
}

/// `POST /admin/handles/{id}`: confirm or refuse.
pub async fn staff_handle_post(
    may: May<LinkHandles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let id: HandleClaimId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (action, outcome) = match form.step.as_str() {
        "confirm" => ("handle.link", service::confirm(&mut ch, id).await),
        "refuse" => ("handle.refuse", service::refuse(&mut ch, id, &form.reason).await),
        _ => return Err(Error::not_found()),
    };
    match outcome {
        Ok(claim) => {
            let said = json!({"claim": id, "source": claim.source, "handle": claim.handle, "reason": claim.reason});
            ch.audit(AuditEntry::new(action, claim.member, said)).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/admin/handles?done={}", form.step)))
        }
        Err(e) => {
            drop(ch);
            let shell = may.shell();
            let text = told(shell.w, e)?;
            staff(&app, shell, QueueQuery::default(), Some(text)).await
        }
    }
}
