//! `/me`: what is met, what is missing, and what to do about it.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::{Portal, calendar};
use crate::access::{self, SignedIn};
use crate::app::App;
use crate::error::Result;
use crate::members;
use crate::notices;
use crate::ranks;
use crate::titles;
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
    /// When staff lately made a sign-in link for this member.
    handed: Vec<String>,
    questions: Vec<verification::QuestionCard>,
    ladders: Vec<ranks::LadderCard>,
    titles: Vec<titles::MyTitle>,
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
    let mut shell = me.shell();
    shell.unread = notices::unread(app.db.read(), me.member).await?;
    let member = members::find(app.db.read(), me.member).await?;
    let portal = Portal::of(&app, shell.w, member.id, app.db.now(), false).await?;
    let questions = verification::waiting(&app, shell.w, me.member).await?;
    let zone = calendar(&app).await?;
    let since = app.db.now() - TOLD_FOR;
    let made = access::tokens_of(app.db.read(), me.member, since).await?;
    let acted_for = made.into_iter().take(MOST_TOLD).map(|at| zone.instant(shell.w, at)).collect();
    let links = access::links_of(app.db.read(), me.member, since).await?;
    let handed = links.into_iter().take(MOST_TOLD).map(|(at, _)| zone.instant(shell.w, at)).collect();
    let ladders = ranks::cards(&app, shell.w, member.id).await?;
    let titles = titles::mine(&app, shell.w, member.id).await?;
    Ok(Page(MePage { shell, name: member.name, portal, acted_for, handed, questions, ladders, titles }))
}

/// `GET /me/progress`: the part of `/me` that changes, for the script that keeps the page up to date.
pub async fn progress_fragment(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let portal = Portal::of(&app, shell.w, me.member, app.db.now(), false).await?;
    Ok(Page(Fragment { shell, portal }))
}
