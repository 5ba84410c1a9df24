//! `/me`: what is met, what is missing, and what to do about it.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::{Portal, calendar};
use crate::access::{self, SignedIn};
use crate::app::App;
use crate::error::Result;
use crate::members;
use crate::verification;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "home/me.html")]
struct MePage {
    shell: Shell,
    name: String,
    portal: Portal,
    /// When staff lately made a token that acts as this member.
    acted_for: Vec<String>,
    questions: Vec<verification::QuestionCard>,
}

#[derive(Template)]
#[template(path = "home/portal.html")]
struct Fragment {
    shell: Shell,
    portal: Portal,
}

/// For so long a member reads on their page that staff acted in their name, and of so many times.
const TOLD_FOR: time::Duration = time::Duration::days(30);
const MOST_TOLD: usize = 5;

/// `GET /me`.
pub async fn me_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let member = members::find(app.db.read(), me.member).await?;
    let portal = Portal::of(&app, shell.w, member.id, app.db.now(), false).await?;
    let questions = verification::waiting(&app, shell.w, me.member).await?;
    let zone = calendar(&app).await?;
    let since = app.db.now() - TOLD_FOR;
    let made = access::tokens_of(app.db.read(), me.member, since).await?;
    let acted_for = made.into_iter().take(MOST_TOLD).map(|at| zone.instant(shell.w, at)).collect();
    Ok(Page(MePage { shell, name: member.name, portal, acted_for, questions }))
}

/// `GET /me/progress`: the part of `/me` that changes, for the script that keeps the page up to date.
pub async fn progress_fragment(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let portal = Portal::of(&app, shell.w, me.member, app.db.now(), false).await?;
    Ok(Page(Fragment { shell, portal }))
}
