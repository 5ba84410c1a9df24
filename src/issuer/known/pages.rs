//! `/admin/known-issuers`: the trust list, with a form to add and a button to end.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service::{self, NewIssuer};
use crate::access::{KeepTrustList, May, Permission, Posted, ReadProgram};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::KnownIssuerId;
use crate::web::page::{Page, Shell, see_other};

struct Line {
    id: String,
    issuer: String,
    name: String,
    keys: Vec<String>,
    note: String,
    since: String,
    ended: Option<String>,
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

#[derive(Template)]
#[template(path = "issuer/known.html")]
struct KnownIssuersPage {
    shell: Shell,
    rows: Vec<Line>,
    may_keep: bool,
    given: KnownForm,
    /// Id of the field and what to do about it.
    wrong: Vec<(&'static str, String)>,
}

async fn page(app: &App, shell: Shell, may_keep: bool) -> Result<KnownIssuersPage> {
    let zone = crate::issuer::zone(app.db.read()).await?;
    let rows = service::all(app.db.read()).await?;
    let rows = rows.into_iter().map(|known| Line {
        id: known.id.to_string(),
        since: zone.date(shell.w, known.since),
        ended: known.ended_at.map(|at| zone.date(shell.w, at)),
        issuer: known.issuer,
        name: known.name,
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
        Code::Conflict => vec![("issuer", w.t("known-wrong-twice"))],
        _ => ["issuer", "name", "keys", "note"]
            .into_iter()
            .filter(|field| refused.faults().iter().any(|fault| fault.pointer == format!("/{field}")))
            .map(|field| (field, w.t(&format!("known-wrong-{field}"))))
            .collect(),
    };
    page.given = form;
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
