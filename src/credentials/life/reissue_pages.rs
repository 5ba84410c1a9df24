//! `/admin/reissue`: what compromised keys signed, what is done and what is left; a button that starts or goes on.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::reissue::{compromised_key, outstanding};
use super::reissue_runs::{begin_reissue, go_on_with_reissues, run_of};
use crate::access::{May, Permission, Posted, ReadCredentials, ReissueCredentials};
use crate::app::App;
use crate::database::Kind;
use crate::error::Result;
use crate::issuer::{self, KeyState};
use crate::signing::Purpose;
use crate::web::page::{Page, Shell, see_other};

struct KeyLine {
    kid: String,
    compromised: String,
    left: u64,
    done: u64,
    suspended: u64,
    expired: u64,
    /// How many of a hundred are done.
    percent: u64,
    running: bool,
    /// When the last run ended.
    finished: Option<String>,
}

#[derive(Template)]
#[template(path = "credentials/reissue.html")]
struct ReissuePage {
    shell: Shell,
    keys: Vec<KeyLine>,
    may: bool,
}

#[derive(Template)]
#[template(path = "credentials/reissue_keys.html")]
struct Fragment {
    shell: Shell,
    keys: Vec<KeyLine>,
    may: bool,
}

async fn lines(app: &App, shell: &Shell) -> Result<Vec<KeyLine>> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let mut lines = vec![];
    for key in issuer::keys(db).await? {
        if key.state != KeyState::Compromised || key.purpose != Purpose::Credential {
            continue;
        }
        let found = outstanding(app, key.id).await?;
        let run = run_of(db, key.id).await?;
        let left = found.left.len() as u64;
        let at = key.revoked_at.or(key.retired_at).unwrap_or(key.created_at);
        lines.push(KeyLine {
            compromised: zone.instant(shell.w, at),
            percent: (found.done * 100).checked_div(found.done + left).unwrap_or(100),
            running: run.is_some_and(|(_, finished)| finished.is_none()),
            finished: run.and_then(|(_, finished)| finished).map(|at| zone.instant(shell.w, at)),
            left,
            done: found.done,
            suspended: found.suspended,
            expired: found.expired,
            kid: key.kid,
        });
    }
    Ok(lines)
}

/// `GET /admin/reissue`.
pub async fn reissue_page(staff: May<ReadCredentials>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let keys = lines(&app, &shell).await?;
    Ok(Page(ReissuePage { keys, may: staff.principal.holds(ReissueCredentials::ROLES), shell }))
}

/// `GET /admin/reissue/progress`: the part of the page that changes.
pub async fn reissue_fragment(staff: May<ReadCredentials>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let keys = lines(&app, &shell).await?;
    Ok(Page(Fragment { keys, may: staff.principal.holds(ReissueCredentials::ROLES), shell }))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/reissue/{kid}`: begins, or goes on.
pub async fn reissue_post(
    staff: May<ReissueCredentials>,
    State(app): State<App>,
    Path(kid): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let key = compromised_key(app.db.read(), &kid).await?;
    // Nothing is begun that could not be gone on with.
    issuer::keyring(&app).await?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    begin_reissue(&mut ch, &key).await?;
    ch.commit().await?;
    go_on_with_reissues(&app);
    Ok(see_other("/admin/reissue"))
}
