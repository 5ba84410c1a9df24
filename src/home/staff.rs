//! The staff's pages: what waits, members with their progress, held events.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::explain::{kind_words, title_of};
use super::names::NameCard;
use super::portal::{Portal, calendar, lapse_words, nearest, no_longer};
use super::requirement::Reach;
use crate::access::{
    Attest, AuthorBanks, EnterStaff, LinkHandles, ManageKeys, ManageWebhooks, MarkResponses, May, Permission, Posted,
    Principal, ReadBanks, ReadCredentials, ReadMembers, ReadResults, RenameMembers, ReviewLinks, VoidContributions,
};
use crate::app::App;
use crate::attempts;
use crate::banks;
use crate::contributions::{self, HeldBecause};
use crate::credentials;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind, outbox};
use crate::decisions;
use crate::error::{Error, Result};
use crate::ids::{ContributionId, MemberId};
use crate::members::{self, Member};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::webhooks;

fn may<P: Permission>(principal: &Principal) -> bool {
    principal.holds(P::ROLES)
}

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffPage {
    shell: Shell,
    /// None where the visitor may not see members.
    members: Option<u64>,
    /// How many wait for another name.
    names: u64,
    /// Whether the visitor is an examiner and nothing more.
    examiner: bool,
    /// Whether the visitor may vouch for members.
    attests: bool,
    /// Whether the visitor may see credentials.
    credentials: bool,
    reviews: u64,
    /// Whether the visitor may change signing keys.
    keys: bool,
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
        webhooks,
        marking,
        examiner: may::<AuthorBanks>(&staff.principal) && members.is_none(),
        results,
        banks: if may::<ReadBanks>(&staff.principal) { Some(banks::count_waiting(db).await?) } else { None },
        attests: may::<Attest>(&staff.principal),
        credentials: may::<ReadCredentials>(&staff.principal),
        reviews: credentials::open_reviews(db).await?,
        keys: may::<ManageKeys>(&staff.principal),
        members,
        names: members::count_name_requests(db).await?,
        held: contributions::count(db, contributions::State::Held).await?,
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

struct MemberLine {
    id: String,
    name: String,
    handle: Option<String>,
    joined: String,
    /// What is reached: the icon of its state, and the words.
    reached: Vec<(&'static str, String)>,
    /// The nearest track not reached yet, with the hundredths of the way.
    nearest: Option<(String, u32)>,
}

#[derive(Template)]
#[template(path = "home/members.html")]
struct MembersPage {
    shell: Shell,
    rows: Vec<MemberLine>,
    next: Option<String>,
}

const MEMBERS_ON_A_PAGE: u64 = 20;

/// `GET /admin/members`.
pub async fn members_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let after = page.cursor.as_deref().map(str::parse::<MemberId>).transpose().map_err(|_| Error::not_found())?;
    let found = members::list(app.db.read(), after, MEMBERS_ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, MEMBERS_ON_A_PAGE, |member| member.id.to_string());
    let zone = calendar(&app).await?;
    let mut rows = vec![];
    for member in listed.data {
        rows.push(member_line(&app, shell.w, member, &zone).await?);
    }
    Ok(Page(MembersPage { shell, rows, next: listed.next_cursor }))
}

async fn member_line(app: &App, w: Words, member: Member, zone: &crate::web::zone::Zone) -> Result<MemberLine> {
    let progress = decisions::progress_of(app.db.read(), member.id, app.db.now()).await?;
    let title = |n: usize| w.pick(&progress[n].version.definition.title).to_owned();
    let held = credentials::of_member(app.db.read(), member.id).await?;
    let mut reached = vec![];
    for (n, p) in progress.iter().enumerate() {
        match no_longer(&held, p.version.track, app.db.now()) {
            Some(known) => {
                let (state, words) = lapse_words(w, known, zone);
                reached.push((state, w.with2("staff-lapsed", "title", title(n), "words", words)));
            }
            None if p.decision.is_met() => reached.push(("valid", title(n))),
            None => {}
        }
    }
    let nearest = nearest(&progress).map(|n| (title(n), Reach::of(&progress[n].decision).percent()));
    Ok(MemberLine {
        id: member.id.to_string(),
        handle: members::handles_of(app.db.read(), member.id).await?.into_iter().next(),
        joined: zone.date(w, member.joined_at),
        name: member.name,
        reached,
        nearest,
    })
}

#[derive(Template)]
#[template(path = "home/member.html")]
struct MemberPage {
    shell: Shell,
    id: String,
    name: String,
    email: String,
    verified: bool,
    handles: Vec<String>,
    organization: Option<String>,
    joined: String,
    portal: Portal,
    may_void: bool,
    naming: NameCard,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/members/{id}`.
pub async fn member_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    member(&app, staff.shell(), &staff.principal, id, &done.done, None).await
}

/// The page, with what was done a moment ago, or with the name that was refused and why.
pub(super) async fn member(
    app: &App,
    shell: Shell,
    principal: &Principal,
    id: MemberId,
    done: &str,
    wrong: Option<(String, String)>,
) -> Result<impl IntoResponse + use<>> {
    let db = app.db.read();
    let member = members::find(db, id).await?;
    let mut naming = NameCard::of(app, shell.w, &member, may::<RenameMembers>(principal)).await?;
    if let Some((written, why)) = wrong {
        (naming.written, naming.wrong) = (written, Some(why));
    }
    let now = app.db.now();
    let tie = members::affiliation_at(db, member.id, now).await?;
    Ok(Page(MemberPage {
        id: member.id.to_string(),
        verified: members::verified_email(db, member.id).await?.is_some(),
        handles: members::handles_of(db, member.id).await?,
        organization: tie.map(|tie| tie.organization),
        joined: calendar(app).await?.date(shell.w, member.joined_at),
        portal: Portal::of(app, shell.w, member.id, now, true).await?,
        may_void: may::<VoidContributions>(principal),
        done: ["renamed", "declined"].contains(&done).then(|| shell.w.t(&format!("name-done-{done}"))),
        naming,
        name: member.name,
        email: member.email,
        shell,
    }))
}

struct HeldLine {
    id: String,
    received: String,
    source: String,
    kind: String,
    title: String,
    subject: String,
    why: String,
    /// The handle that could be linked to a member.
    handle: Option<String>,
}

#[derive(Template)]
#[template(path = "home/held.html")]
struct HeldPage {
    shell: Shell,
    rows: Vec<HeldLine>,
    next: Option<String>,
    may_link: bool,
    may_void: bool,
    /// What was wrong with the form that was sent, and for which row.
    wrong: Option<(String, String)>,
}

const HELD_ON_A_PAGE: u64 = 50;

/// `GET /admin/held`.
pub async fn held_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let after = page.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    held(&app, staff.shell(), &staff.principal, after, None).await.map(Page)
}

async fn held(
    app: &App,
    shell: Shell,
    principal: &Principal,
    after: Option<ContributionId>,
    wrong: Option<(String, String)>,
) -> Result<HeldPage> {
    let w = shell.w;
    let zone = calendar(app).await?;
    let found = contributions::held(app.db.read(), after, HELD_ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, HELD_ON_A_PAGE, |c| c.id.to_string());
    let rows = listed.data.into_iter().map(|c| HeldLine {
        id: c.id.to_string(),
        received: zone.instant(w, c.received_at),
        kind: kind_words(w, &c.kind),
        title: title_of(w, &c),
        why: w.t(match c.held_because {
            Some(HeldBecause::UnknownHandle) | None => "held-unknown-handle",
            Some(HeldBecause::UnverifiedAddress) => "held-unverified-address",
            Some(HeldBecause::FormNotListed) => "held-form-not-listed",
            Some(HeldBecause::OverLimit) => "quarantine-over-limit-means",
            Some(HeldBecause::Suspicious) => "quarantine-suspicious-means",
        }),
        handle: handle_of(&c),
        source: c.source,
        subject: c.subject,
    });
    Ok(HeldPage {
        rows: rows.collect(),
        next: listed.next_cursor,
        may_link: may::<LinkHandles>(principal),
        may_void: may::<VoidContributions>(principal),
        wrong,
        shell,
    })
}

fn handle_of(c: &contributions::Contribution) -> Option<String> {
    (c.held_because == Some(HeldBecause::UnknownHandle))
        .then(|| c.subject.strip_prefix("handle:").map(str::to_owned))
        .flatten()
}

#[derive(Deserialize)]
pub struct WhoBody {
    email: String,
}

/// `POST /admin/held/{id}/member`: the handle of a held event belongs to this member; everything held for it is credited to them.
pub async fn credit_held(
    staff: May<LinkHandles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(body): Posted<WhoBody>,
) -> Result<Response> {
    let id: ContributionId = id.parse().map_err(|_| Error::not_found())?;
    let contribution = contributions::find(app.db.read(), id).await?;
    let handle = handle_of(&contribution).ok_or_else(Error::not_found)?;
    let Some(member) = members::by_email(app.db.read(), &body.email).await? else {
        let shell = staff.shell();
        let wrong = Some((id.to_string(), shell.w.t("held-no-such-member")));
        let page = held(&app, shell, &staff.principal, None, wrong).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    members::link_handle(&mut ch, member.id, &handle).await?;
    ch.audit(AuditEntry::new("handle.link", member.id, json!({"handle": handle}))).await?;
    ch.commit().await?;
    Ok(see_other("/admin/held"))
}

#[derive(Deserialize)]
pub struct WhyBody {
    reason: String,
}

const LONGEST_REASON: usize = 500;

/// `POST /admin/contributions/{id}/void`: takes a contribution back, or dismisses one that is held.
pub async fn take_back(
    staff: May<VoidContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(body): Posted<WhyBody>,
) -> Result<Response> {
    let id: ContributionId = id.parse().map_err(|_| Error::not_found())?;
    let known = contributions::find(app.db.read(), id).await?;
    let back = known.member.map_or_else(|| "/admin/held".to_owned(), |member| format!("/admin/members/{member}"));
    let reason: String = body.reason.trim().chars().take(LONGEST_REASON).collect();
    if reason.is_empty() || known.state == contributions::State::Voided {
        return Ok(see_other(&back));
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    contributions::void(&mut ch, id, &reason).await?;
    ch.audit(AuditEntry::new("contribution.void", id, json!({"reason": reason}))).await?;
    ch.commit().await?;
    Ok(see_other(&back))
}
