//! The staff's start page: what is there and what waits.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::calendar;
use super::staff_cards::{Group, groups, may};
use crate::access::{AuthorBanks, EnterStaff, May, ReadMembers, ReadProgram};
use crate::app::App;
use crate::contributions;
use crate::database::outbox;
use crate::error::Result;
use crate::people;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffPage {
    shell: Shell,
    setup: people::Setup,
    /// Whether the visitor is an examiner and nothing more.
    examiner: bool,
    /// Whether the visitor may see the overview and the figures.
    program: bool,
    groups: Vec<Group>,
    held: u64,
    accepted: u64,
    waiting: u64,
    oldest: Option<String>,
}

/// `GET /admin`.
pub async fn staff_page(staff: May<EnterStaff>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let db = app.db.read();
    let (waiting, oldest) = outbox::waiting(db).await?;
    let zone = calendar(&app).await?;
    Ok(Page(StaffPage {
        setup: people::Setup::of(&app, shell.w, &staff.principal).await?,
        examiner: may::<AuthorBanks>(&staff.principal) && !may::<ReadMembers>(&staff.principal),
        program: may::<ReadProgram>(&staff.principal),
        groups: groups(db, shell.w, &staff.principal).await?,
        held: contributions::count_unknown(db).await?,
        accepted: contributions::count(db, contributions::State::Accepted).await?,
        waiting,
        oldest: oldest.map(|at| zone.instant(shell.w, at)),
        shell,
    }))
}
