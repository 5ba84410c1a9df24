//! `/admin/held`: events whose member is not known yet; taking contributions back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::explain::{kind_words, title_of};
use super::portal::calendar;
use super::staff_cards::may;
use crate::access::{self, LinkHandles, May, Posted, Principal, ReadMembers, VoidContributions, WatchContributions};
use crate::actor::Actor;
use crate::app::App;
use crate::contributions::{self, HeldBecause};
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::ContributionId;
use crate::members;
use crate::web::page::{Page, Shell, see_other};

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
    /// Whether the visitor may look through what is held back for other reasons.
    may_watch: bool,
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
            Some(HeldBecause::OwnHand) => "quarantine-own-hand-means",
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
        may_watch: may::<WatchContributions>(principal),
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

/// `POST /admin/held/{id}/member`: the handle of a held event belongs to this member; everything held for it is credited to them. Nobody gives themselves a handle.
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
    if access::behind(ch.tx(), ch.actor).await? == Actor::Member(member.id) {
        return Err(Error::new(Code::OwnContribution));
    }
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
