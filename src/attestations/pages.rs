//! `/admin/attestations`: vouching for a member in a role, and what was said lately.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service::{self, Attestation, Attested};
use crate::access::{Attest, May, Posted};
use crate::app::App;
use crate::database::Kind;
use crate::database::pagination::Listed;
use crate::error::{Code, Error, Result};
use crate::ids::{AttestationId, MemberId};
use crate::issuer;
use crate::members;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

const ON_A_PAGE: u64 = 25;

struct Line {
    id: String,
    date: String,
    member: String,
    name: String,
    role: String,
    by: String,
    note: Option<String>,
    /// When and why it was taken back.
    taken_back: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "attestations/attestations.html")]
struct AttestationsPage {
    shell: Shell,
    rows: Vec<Line>,
    next: Option<String>,
    /// The roles that can be spoken in.
    roles: Vec<String>,
    /// What was written into the form.
    email: String,
    role: String,
    note: String,
    done: Option<String>,
    /// What was wrong with the form that was sent: the field, and the text.
    wrong: Option<(&'static str, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    cursor: Option<String>,
    /// The member for whom the form is opened.
    #[serde(default)]
    member: Option<String>,
    #[serde(default)]
    done: String,
}

/// `GET /admin/attestations`.
pub async fn attestations_page(
    staff: May<Attest>,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse> {
    let before = shown.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let mut page = page(&app, staff.shell(), before).await?;
    if let Some(member) = shown.member {
        let id: MemberId = member.parse().map_err(|_| Error::not_found())?;
        page.email = members::find(app.db.read(), id).await?.email;
    }
    page.done = ["said", "known", "void"]
        .contains(&&*shown.done)
        .then(|| page.shell.w.t(&format!("attest-done-{}", shown.done)));
    Ok(Page(page))
}

async fn page(app: &App, shell: Shell, before: Option<AttestationId>) -> Result<AttestationsPage> {
    let db = app.db.read();
    let found = service::latest(db, before, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |said| said.id.to_string());
    let zone = issuer::default_issuer(db).await?.map_or_else(Zone::utc, |issuer| issuer.profile.zone());
    let mut names = BTreeMap::new();
    for said in &listed.data {
        for id in [Some(said.member), said.by.parse().ok()].into_iter().flatten() {
            if let Entry::Vacant(place) = names.entry(id) {
                place.insert(members::find(db, id).await?.name);
            }
        }
    }
    let named = |id: MemberId| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let w = shell.w;
    let line = |said: Attestation| Line {
        id: said.id.to_string(),
        date: zone.date(w, said.at),
        name: named(said.member),
        member: said.member.to_string(),
        by: said.by.parse().map_or_else(|_| said.by.clone(), named),
        role: said.role,
        note: said.note,
        taken_back: said.taken_back.map(|taken| (zone.date(w, taken.at), taken.reason)),
    };
    Ok(AttestationsPage {
        rows: listed.data.into_iter().map(line).collect(),
        next: listed.next_cursor,
        roles: service::roles(db).await?.into_iter().collect(),
        email: String::new(),
        role: String::new(),
        note: String::new(),
        done: None,
        wrong: None,
        shell,
    })
}

#[derive(Deserialize)]
pub struct AttestForm {
    email: String,
    role: String,
    #[serde(default)]
    note: String,
}

/// `POST /admin/attestations`.
pub async fn attest_post(
    staff: May<Attest>,
    State(app): State<App>,
    Posted(form): Posted<AttestForm>,
) -> Result<Response> {
    let note = form.note.replace("\r\n", "\n");
    let wrong = match members::by_email(app.db.read(), &form.email).await? {
        None => ("email", "attest-wrong-email"),
        Some(member) => {
            let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
            match service::attest(&mut ch, member.id, &form.role, Some(&note)).await {
                Ok(Attested::New(_)) => {
                    ch.commit().await?;
                    return Ok(see_other("/admin/attestations?done=said"));
                }
                Ok(Attested::Known(_)) => {
                    ch.undo().await?;
                    return Ok(see_other("/admin/attestations?done=known"));
                }
                Err(e) => {
                    ch.undo().await?;
                    match e.code() {
                        Code::OwnAttestation => ("email", "attest-wrong-own"),
                        Code::ValidationFailed if e.faults().iter().any(|fault| fault.pointer == "/role") => {
                            ("role", "attest-wrong-role")
                        }
                        Code::ValidationFailed => ("note", "attest-wrong-note"),
                        _ => return Err(e),
                    }
                }
            }
        }
    };
    let mut page = page(&app, staff.shell(), None).await?;
    page.wrong = Some((wrong.0, page.shell.w.t(wrong.1)));
    (page.email, page.role, page.note) = (form.email, form.role, note);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct VoidForm {
    reason: String,
}

/// `POST /admin/attestations/{id}/void`.
pub async fn void_post(
    staff: May<Attest>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<VoidForm>,
) -> Result<Response> {
    let id: AttestationId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match service::void(&mut ch, id, &form.reason).await {
        Ok((_, true)) => ch.commit().await?,
        Ok((_, false)) => ch.undo().await?,
        Err(e) if e.code() == Code::ValidationFailed => {
            ch.undo().await?;
            let mut page = page(&app, staff.shell(), None).await?;
            page.wrong = Some(("reason", page.shell.w.t("attest-wrong-reason")));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
        Err(e) => return Err(e),
    }
    Ok(see_other("/admin/attestations?done=void"))
}
