//! `/me`: what is met, what is missing, and what to do about it.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::Portal;
use crate::access::SignedIn;
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
    questions: Vec<verification::QuestionCard>,
}

#[derive(Template)]
#[template(path = "home/portal.html")]
struct Fragment {
    shell: Shell,
    portal: Portal,
}

/// `GET /me`.
pub async fn me_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let member = members::find(app.db.read(), me.member).await?;
    let portal = Portal::of(&app, shell.w, member.id, app.db.now(), false).await?;
    let questions = verification::waiting(&app, shell.w, me.member).await?;
    Ok(Page(MePage { shell, name: member.name, portal, questions }))
}

/// `GET /me/progress`: the part of `/me` that changes, for the script that keeps the page up to date.
pub async fn progress_fragment(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let portal = Portal::of(&app, shell.w, me.member, app.db.now(), false).await?;
    Ok(Page(Fragment { shell, portal }))
}
