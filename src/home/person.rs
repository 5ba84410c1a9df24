//! `/admin/members/{id}`: everything about one person, in one order: who they are, progress, credentials, attempts, contributions, what people said of them,
//! strikes, and what was done.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::called::titles;
use super::explain::FactBook;
use super::given::{Given, GivenLine};
use super::name_card::NameCard;
use super::portal::{Portal, calendar};
use super::record::{Clerk, Record};
use super::staff_cards::may;
use crate::access::{
    IssueCredentials, May, Principal, ReadMembers, RenameMembers, VoidContributions, WatchContributions,
};
use crate::app::App;
use crate::contributions;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::members::{self, Member};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

/// What waits for a person that the page names.
const NAMED: u64 = 20;

#[derive(Template)]
#[template(path = "home/member.html")]
struct MemberPage {
    shell: Shell,
    id: String,
    name: String,
    email: String,
    verified: bool,
    joined: String,
    portal: Portal,
    /// What waits for a person to look at it.
    held: Vec<GivenLine>,
    record: Record,
    may_void: bool,
    may_issue: bool,
    watches: bool,
    naming: NameCard,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    done: String,
    /// Where the list of attempts goes on.
    #[serde(default)]
    attempts: Option<String>,
    /// Where the audit log goes on.
    #[serde(default)]
    audit: Option<String>,
}

/// `GET /admin/members/{id}`.
pub async fn member_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    member(&app, staff.shell(), &staff.principal, id, &shown, None).await
}

/// The page, with what was done a moment ago, or with the name that was refused and why.
pub(super) async fn member(
    app: &App,
    shell: Shell,
    reader: &Principal,
    id: MemberId,
    shown: &Shown,
    wrong: Option<(String, String)>,
) -> Result<impl IntoResponse + use<>> {
    let (db, now, w) = (app.db.read(), app.db.now(), shell.w);
    let member = members::find(db, id).await?;
    let mut naming = NameCard::of(app, w, &member, may::<RenameMembers>(reader)).await?;
    if let Some((written, why)) = wrong {
        (naming.written, naming.wrong) = (written, Some(why));
    }
    let zone = calendar(app).await?;
    let clerk = Clerk { app, w, zone: &zone, reader };
    let done = shown.done.as_str();
    Ok(Page(MemberPage {
        id: member.id.to_string(),
        verified: members::verified_email(db, member.id).await?.is_some(),
        joined: zone.date(w, member.joined_at),
        portal: Portal::of(app, w, member.id, now, true).await?,
        held: held(app, w, &zone, &member).await?,
        record: clerk.record(&member, shown.attempts.as_deref(), shown.audit.as_deref()).await?,
        may_void: may::<VoidContributions>(reader),
        may_issue: may::<IssueCredentials>(reader),
        watches: may::<WatchContributions>(reader),
        done: ["renamed", "declined"].contains(&done).then(|| w.t(&format!("name-done-{done}"))),
        naming,
        name: member.name,
        email: member.email,
        shell,
    }))
}

/// What is the member's and waits, told as on the timeline; no track says anything of it yet.
async fn held(app: &App, w: Words, zone: &Zone, member: &Member) -> Result<Vec<GivenLine>> {
    let db = app.db.read();
    let held = contributions::held_of_member(db, member.id, NAMED).await?;
    let titles = titles(app, w).await?;
    let book = FactBook::new(w, zone.clone(), &[], &held, &titles);
    let sources = contributions::named_sources(db).await?;
    let given = Given { w, progress: &[], book: &book, sources: &sources, for_staff: true };
    Ok(given.lines(&held.iter().collect::<Vec<_>>()))
}
