//! The staff's start page: what is there and what waits.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::calendar;
use crate::access::{
    Attest, AuthorBanks, DecideTitles, EnrolMembers, EnterStaff, ManageKeys, ManageWebhooks, MarkResponses, May,
    Permission, Principal, ReadBanks, ReadCredentials, ReadMembers, ReadProgram, ReadResults, ReviewLinks, WatchThanks,
};
use crate::app::App;
use crate::attempts;
use crate::banks;
use crate::contributions;
use crate::credentials;
use crate::database::outbox;
use crate::error::Result;
use crate::members;
use crate::people;
use crate::titles;
use crate::web::page::{Page, Shell};
use crate::webhooks;

pub(super) fn may<P: Permission>(principal: &Principal) -> bool {
    principal.holds(P::ROLES)
}

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffPage {
    shell: Shell,
    setup: people::Setup,
    /// None where the visitor may not see members.
    members: Option<u64>,
    /// How many wait for another name.
    names: u64,
    /// Whether the visitor is an examiner and nothing more.
    examiner: bool,
    /// Whether the visitor may let people in.
    enrols: bool,
    /// Whether the visitor may vouch for members.
    attests: bool,
    /// How many titles wait for a second person; None where the visitor does not decide on titles.
    titles: Option<u64>,
    /// Whether the visitor may see credentials.
    credentials: bool,
    reviews: u64,
    /// Whether the visitor may change signing keys.
    keys: bool,
    /// Whether the visitor may see the overview and the figures.
    program: bool,
    /// How many webhooks are off by themselves; None where the visitor may not manage them.
    webhooks: Option<u64>,
    /// How many items wait for a review; None where the visitor may not see banks.
    banks: Option<u64>,
    /// How many results wait to be released; None where the visitor may not see results.
    results: Option<u64>,
    /// How many responses wait to be marked; None where the visitor may not mark.
    marking: Option<u64>,
    held: u64,
    /// How many links wait for a reviewer; None where the visitor is none.
    links: Option<u64>,
    /// Whether the visitor may see who thanked whom.
    thanks: bool,
    accepted: u64,
    waiting: u64,
    oldest: Option<String>,
}

/// `GET /admin`.
pub async fn staff_page(staff: May<EnterStaff>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let db = app.db.read();
    let members = if may::<ReadMembers>(&staff.principal) { Some(members::count(db).await?) } else { None };
    let (waiting, oldest) = outbox::waiting(db).await?;
    let zone = calendar(&app).await?;
    let results = if may::<ReadResults>(&staff.principal) { Some(attempts::held(db, None).await?) } else { None };
    let marking = if may::<MarkResponses>(&staff.principal) { Some(attempts::count_waiting(db).await?) } else { None };
    let webhooks = if may::<ManageWebhooks>(&staff.principal) { Some(webhooks::count_off(db).await?) } else { None };
    Ok(Page(StaffPage {
        setup: people::Setup::of(&app, shell.w, &staff.principal).await?,
        webhooks,
        marking,
        examiner: may::<AuthorBanks>(&staff.principal) && members.is_none(),
        results,
        banks: if may::<ReadBanks>(&staff.principal) { Some(banks::count_waiting(db).await?) } else { None },
        enrols: may::<EnrolMembers>(&staff.principal),
        attests: may::<Attest>(&staff.principal),
        titles: if may::<DecideTitles>(&staff.principal) { Some(titles::count_waiting(db).await?) } else { None },
        credentials: may::<ReadCredentials>(&staff.principal),
        reviews: credentials::open_reviews(db).await?,
        keys: may::<ManageKeys>(&staff.principal),
        program: may::<ReadProgram>(&staff.principal),
        members,
        names: members::count_name_requests(db).await?,
        held: contributions::count_unknown(db).await?,
        thanks: may::<WatchThanks>(&staff.principal),
        links: if may::<ReviewLinks>(&staff.principal) {
            Some(contributions::count_waiting_links(db).await?)
        } else {
            None
        },
        accepted: contributions::count(db, contributions::State::Accepted).await?,
        waiting,
        oldest: oldest.map(|at| zone.instant(shell.w, at)),
        shell,
    }))
}
