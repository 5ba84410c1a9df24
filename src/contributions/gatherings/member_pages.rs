//! `/attend/…`: the pages of whoever is there, or was.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service::{self, AttendanceState, Gathering};
use crate::access::{Posted, Public, SignedIn};
use crate::app::App;
use crate::contributions::told::told;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::{GatheringId, MemberId};
use crate::issuer;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "giving/attend.html")]
struct AttendPage {
    shell: Shell,
    id: String,
    title: String,
    when: String,
    /// The code to confirm with; None on the page of late claims.
    code: Option<String>,
    signed_in: bool,
    /// What stands already: `counted`, `waiting`, `refused`, or nothing.
    state: &'static str,
    reason: Option<String>,
    /// Until when one can ask without the code; None where that is over.
    late_until: Option<String>,
    wrong: Option<String>,
}

async fn gathering(app: &App, id: &str) -> Result<Gathering> {
    let id: GatheringId = id.parse().map_err(|_| Error::not_found())?;
    service::find(app.db.read(), id).await
}

async fn page(
    app: &App,
    shell: Shell,
    member: Option<MemberId>,
    g: Gathering,
    code: Option<String>,
    wrong: Option<String>,
) -> Result<Response> {
    let now = app.db.now();
    let zone = issuer::zone(app.db.read()).await?;
    let known = match member {
        Some(member) => service::of(app.db.read(), g.id, member).await?,
        None => None,
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AttendPage {
        state: known.as_ref().map_or("", |a| a.state.as_str()),
        reason: known.and_then(|a| a.reason),
        late_until: g.takes_late(now).then(|| zone.instant(shell.w, g.late_until)),
        when: zone.instant(shell.w, g.opens_at),
        signed_in: member.is_some(),
        id: g.id.to_string(),
        title: g.title,
        code,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// `GET /attend/{gathering}/{code}`: looking does nothing; the button does. A code that no longer works says what can be done instead.
pub async fn attend_page(
    visitor: Public,
    State(app): State<App>,
    Path((id, code)): Path<(String, String)>,
) -> Result<Response> {
    let g = gathering(&app, &id).await?;
    let shell = visitor.shell();
    let member = visitor.principal.member();
    if g.takes(app.db.now(), &code) {
        return page(&app, shell, member, g, Some(code), None).await;
    }
    let text = told(shell.w, Error::new(Code::AttendanceCodeRefused))?;
    page(&app, shell, member, g, None, Some(text)).await
}

/// `GET /attend/{gathering}`: for whoever has no code.
pub async fn late_page(visitor: Public, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let g = gathering(&app, &id).await?;
    let member = visitor.principal.member();
    page(&app, visitor.shell(), member, g, None, None).await
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /attend/{gathering}/{code}`: I am here.
pub async fn attend_post(
    who: SignedIn,
    State(app): State<App>,
    Path((id, code)): Path<(String, String)>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let g = gathering(&app, &id).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match service::attend(&mut ch, g.id, who.member, &code).await {
        Ok(_) => {
            ch.commit().await?;
            Ok(see_other(&format!("/attend/{}", g.id)))
        }
        Err(e) => {
            drop(ch);
            let shell = who.shell();
            let text = told(shell.w, e)?;
            page(&app, shell, Some(who.member), g, None, Some(text)).await
        }
    }
}

#[derive(Deserialize)]
pub struct NoteForm {
    note: String,
}

/// `POST /attend/{gathering}`: I was there, and have no code.
pub async fn late_post(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<NoteForm>,
) -> Result<Response> {
    let g = gathering(&app, &id).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match service::ask_late(&mut ch, g.id, who.member, &form.note).await {
        Ok(_) => {
            ch.commit().await?;
            Ok(see_other(&format!("/attend/{}", g.id)))
        }
        Err(e) => {
            drop(ch);
            let shell = who.shell();
            let text = told(shell.w, e)?;
            page(&app, shell, Some(who.member), g, None, Some(text)).await
        }
    }
}

/// What the member asked for without a code and does not have, a sentence each.
pub(in crate::contributions) async fn open_of_member(app: &App, w: Words, member: MemberId) -> Result<Vec<String>> {
    let db = app.db.read();
    let mut told = vec![];
    for a in service::open_of(db, member, 20).await? {
        let title = service::find(db, a.gathering).await?.title;
        told.push(match (a.state, a.reason) {
            (AttendanceState::Refused, Some(reason)) => {
                w.with2("attend-told-refused", "title", title, "reason", reason)
            }
            _ => w.with1("attend-told-waiting", "title", title),
        });
    }
    Ok(told)
}
