//! `/admin/credentials/{id}/issued`: what was issued, and what happens next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

use super::look::afterwards;
use crate::access::{IssueCredentials, May};
use crate::app::App;
use crate::credentials::find;
use crate::credentials::pages::standing;
use crate::error::{Error, Result};
use crate::tracks;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "credentials/issued.html")]
struct IssuedPage {
    shell: Shell,
    id: String,
    member: String,
    name: String,
    title: String,
    badge: String,
    number: String,
    standing: &'static str,
    word: String,
    /// Not signed yet: no key was open.
    waiting: bool,
    then: Vec<String>,
    /// Where the next one of this track is issued.
    again: String,
}

/// `GET /admin/credentials/{id}/issued`.
pub async fn issued_page(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let (shell, db) = (staff.shell(), app.db.read());
    let known = find(db, id.parse().map_err(|_| Error::not_found())?).await?;
    let version = tracks::version(db, known.track_version).await?;
    let standing = standing(&known, app.db.now());
    Ok(Page(IssuedPage {
        id: known.id.to_string(),
        member: known.member.to_string(),
        title: shell.w.pick(&version.definition.title).to_owned(),
        badge: format!("/achievements/{}/badge.svg", known.track),
        word: shell.w.t(&format!("standing-{standing}")),
        waiting: standing == "waiting",
        then: afterwards(&app, shell.w, Some(known.member), known.visibility).await?,
        again: format!("/admin/credentials/issue?track={}", version.definition.slug),
        number: known.number,
        name: known.name,
        standing,
        shell,
    }))
}
