//! `/admin/known-issuers`: the trust list, with a form to add, one to note a further name, and a button to end.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service::{self, NewIssuer, NewName};
use crate::access::{KeepTrustList, May, Permission, Posted, ReadProgram};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::KnownIssuerId;
use crate::web::page::{Page, Shell, see_other};

struct Line {
    id: String,
    issuer: String,
    /// Of today.
    name: String,
    /// Each in a sentence, with since when; none where there was never another.
    names: Vec<String>,
    keys: Vec<String>,
    note: String,
    since: String,
    ended: Option<String>,
    /// What was typed as a further name, where it could not be taken.
    renaming: NameForm,
    open: bool,
}

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
pub struct KnownForm {
    issuer: String,
    name: String,
    #[serde(default)]
    keys: String,
    #[serde(default)]
    note: String,
}

/// A further name as it was filled in; the day may be left empty.
#[derive(Debug, Default, Deserialize)]
pub struct NameForm {
    name: String,
    #[serde(default)]
    since: String,
}

#[derive(Template)]
#[template(path = "issuer/known.html")]
struct KnownIssuersPage {
    shell: Shell,
    rows: Vec<Line>,
    may_keep: bool,
    given: KnownForm,
    /// Id of the field and what to do about it.
    wrong: Vec<(String, String)>,
}

async fn page(app: &App, shell: Shell, may_keep: bool) -> Result<KnownIssuersPage> {
    let zone = crate::issuer::zone(app.db.read()).await?;
    let named = |name: &str, since: &str| shell.w.with2("known-named-since", "name", name, "since", since);
    let rows = service::all(app.db.read()).await?;
    let rows = rows.into_iter().map(|known| Line {
        id: known.id.to_string(),
        name: known.name().to_owned(),
        names: match known.names.as_slice() {
            [_] => vec![],
            several => several.iter().map(|one| named(&one.name, &zone.date(shell.w, one.since))).collect(),
        },
        renaming: NameForm::default(),
        open: false,
        since: zone.date(shell.w, known.since),
        ended: known.ended_at.map(|at| zone.date(shell.w, at)),
        issuer: known.issuer,
        keys: known.keys,
        note: known.note,
    });
    Ok(KnownIssuersPage { rows: rows.collect(), may_keep, given: KnownForm::default(), wrong: vec![], shell })
}

/// `GET /admin/known-issuers`.
pub async fn known_issuers_page(staff: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let may_keep = staff.principal.holds(KeepTrustList::ROLES);
    page(&app, staff.shell(), may_keep).await.map(Page)
}

/// `POST /admin/known-issuers`.
pub async fn add_known_post(
    staff: May<KeepTrustList>,
    State(app): State<App>,
    Posted(form): Posted<KnownForm>,
) -> Result<Response> {
    let new = NewIssuer {
        issuer: form.issuer.clone(),
        name: form.name.clone(),
        keys: form.keys.split_whitespace().map(str::to_owned).collect(),
        note: form.note.replace("\r\n", "\n"),
        since: None,
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let refused = match service::add(&app, &mut ch, new).await {
        Ok(_) => {
            ch.commit().await?;
            return Ok(see_other("/admin/known-issuers"));
        }
        Err(e) if matches!(e.code(), Code::ValidationFailed | Code::Conflict) => e,
        Err(e) => return Err(e),
    };
    drop(ch);
    let mut page = page(&app, staff.shell(), true).await?;
    let w = page.shell.w;
    page.wrong = match refused.code() {
        Code::Conflict => vec![("issuer".to_owned(), w.t("known-wrong-twice"))],
        _ => ["issuer", "name", "keys", "note"]
            .into_iter()
            .filter(|field| is_wrong(&refused, field))
            .map(|field| (field.to_owned(), w.t(&format!("known-wrong-{field}"))))
            .collect(),
    };
    page.given = form;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

fn is_wrong(refused: &Error, field: &str) -> bool {
    refused.faults().iter().any(|fault| fault.pointer == format!("/{field}"))
}

/// `POST /admin/known-issuers/{id}/names`.
pub async fn name_known_post(
    staff: May<KeepTrustList>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<NameForm>,
) -> Result<Response> {
    let known: KnownIssuerId = id.parse().map_err(|_| Error::not_found())?;
    let zone = crate::issuer::zone(app.db.read()).await?;
    // What is no day is no moment either, and is refused as one.
    let moment = |day: &str| zone.day(day).map_or_else(|| day.to_owned(), |(first, _)| rfc3339(first));
    let new = NewName { name: form.name.clone(), since: Some(moment(form.since.trim())) };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let refused = match service::rename(&mut ch, known, new).await {
        Ok(_) => {
            ch.commit().await?;
            return Ok(see_other("/admin/known-issuers"));
        }
        Err(e) if matches!(e.code(), Code::ValidationFailed | Code::Conflict) => e,
        Err(e) => return Err(e),
    };
    drop(ch);
    let mut page = page(&app, staff.shell(), true).await?;
    let w = page.shell.w;
    page.wrong = match refused.code() {
        Code::Conflict => vec![(format!("since-{id}"), w.t("known-wrong-name-twice"))],
        _ => ["name", "since"]
            .into_iter()
            .filter(|field| is_wrong(&refused, field))
            .map(|field| (format!("{field}-{id}"), w.t(&format!("known-wrong-{field}"))))
            .collect(),
    };
    if let Some(line) = page.rows.iter_mut().find(|line| line.id == id) {
        (line.renaming, line.open) = (form, true);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The button's form carries its token alone.
#[derive(Debug, Deserialize)]
pub struct EndForm {}

/// `POST /admin/known-issuers/{id}/end`.
pub async fn end_known_post(
    staff: May<KeepTrustList>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(EndForm {}): Posted<EndForm>,
) -> Result<Response> {
    let id: KnownIssuerId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    if service::end(&mut ch, id).await? {
        ch.commit().await?;
    }
    Ok(see_other("/admin/known-issuers"))
}
