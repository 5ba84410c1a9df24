//! `/me/timeline` and `/admin/members/{id}/timeline`: every contribution of a member, a page at a time, by year.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use waymark_criteria::Why;

use super::called::titles;
use super::explain::FactBook;
use super::given::{Given, GivenLine};
use super::portal::calendar;
use crate::access::{May, Permission, ReadMembers, SignedIn, VoidContributions};
use crate::app::App;
use crate::clock::Timestamp;
use crate::contributions::{self, Contribution};
use crate::database::pagination::Listed;
use crate::decisions::{self, TrackProgress};
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId};
use crate::members;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

const ON_A_PAGE: u64 = 50;
/// Years that can be chosen; what is older stands at the end of the whole list.
const MOST_YEARS: usize = 30;

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    year: Option<String>,
    /// The contribution that was shown last.
    #[serde(default)]
    after: Option<String>,
}

/// A year that can be chosen, and whether it is this one.
struct Year {
    year: i16,
    here: bool,
}

#[derive(Template)]
#[template(path = "home/timeline.html")]
struct TimelinePage {
    shell: Shell,
    /// Where it is, without the query.
    path: String,
    /// Whose it is, for staff.
    member: Option<(String, String)>,
    may_void: bool,
    total: u64,
    years: Vec<Year>,
    year: Option<i16>,
    lines: Vec<GivenLine>,
    next: Option<String>,
    /// Links that the member handed in and nobody has looked at yet.
    links: u64,
}

/// `GET /me/timeline?year&after`.
pub async fn timeline_page(
    me: SignedIn,
    State(app): State<App>,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse> {
    let member = members::resolve(app.db.read(), me.member).await?;
    timeline(&app, me.shell(), member, None, false, &shown).await
}

/// `GET /admin/members/{id}/timeline?year&after`: the same for staff.
pub async fn member_timeline_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse> {
    let member = members::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    let may_void = staff.principal.holds(VoidContributions::ROLES);
    timeline(&app, staff.shell(), member.id, Some(member.name), may_void, &shown).await
}

async fn timeline(
    app: &App,
    shell: Shell,
    member: MemberId,
    name: Option<String>,
    may_void: bool,
    shown: &Shown,
) -> Result<Page<TimelinePage>> {
    let (db, w, now) = (app.db.read(), shell.w, app.db.now());
    let zone = calendar(app).await?;
    let year = shown.year.as_deref().filter(|text| !text.is_empty());
    let year: Option<i16> = year.map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let between = match year {
        None => None,
        Some(year) => {
            let day = |text: &str| zone.day(&format!("{year:04}-{text}")).ok_or_else(Error::not_found);
            Some((day("01-01")?.0, day("12-31")?.1))
        }
    };
    let after = match shown.after.as_deref() {
        None => None,
        Some(id) => {
            let last = contributions::find(db, id.parse().map_err(|_| Error::not_found())?).await?;
            Some((last.happened_at, last.id)).filter(|_| last.member == Some(member))
        }
    };
    if shown.after.is_some() && after.is_none() {
        return Err(Error::not_found());
    }
    let found = contributions::page_of_member(db, member, between, after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |c| c.id.to_string());
    let (progress, facts) = decisions::progress_sparing(app, member, now).await?;
    let mut named = listed.data.clone();
    named.extend(contributions::of_facts(db, &compared(&progress, &listed.data)).await?);
    let titles = titles(app, w).await?;
    let book = FactBook::new(w, zone.clone(), &facts, &named, &titles);
    let sources = contributions::named_sources(db).await?;
    let for_staff = name.is_some();
    let given = Given { w, progress: &progress, book: &book, sources: &sources, for_staff };
    let lines = given.lines(&listed.data.iter().collect::<Vec<_>>());
    let extent = contributions::extent_of_member(db, member).await?;
    let links = contributions::waiting_links_of(db, member).await?;
    let path = if for_staff { format!("/admin/members/{member}/timeline") } else { "/me/timeline".to_owned() };
    let next = listed.next_cursor.map(|after| match year {
        Some(year) => format!("{path}?year={year}&after={after}"),
        None => format!("{path}?after={after}"),
    });
    Ok(Page(TimelinePage {
        shell,
        member: name.map(|name| (member.to_string(), name)),
        may_void,
        total: extent.map_or(0, |(n, ..)| n),
        years: extent.map_or_else(Vec::new, |(_, first, last)| years(&zone, first, last, year)),
        path,
        year,
        lines,
        next,
        links,
    }))
}

/// From the latest year to the first.
fn years(zone: &Zone, first: Timestamp, last: Timestamp, chosen: Option<i16>) -> Vec<Year> {
    let (first, last) = (zone.calendar(first).0, zone.calendar(last).0);
    (first..=last).rev().take(MOST_YEARS).map(|year| Year { year, here: chosen == Some(year) }).collect()
}

/// The facts with which those of the page are compared, and which it therefore names.
fn compared(progress: &[TrackProgress], page: &[Contribution]) -> Vec<FactId> {
    let shown: BTreeSet<FactId> = page.iter().filter_map(|c| c.fact).collect();
    let uncounted = progress.iter().flat_map(|p| &p.decision.nodes).flat_map(|e| &e.uncounted);
    let other = uncounted.filter(|u| shown.contains(&u.fact)).filter_map(|u| match &u.why {
        Why::SameObject { counted } | Why::SameType { counted } | Why::SameSource { counted } => Some(*counted),
        _ => None,
    });
    let other: BTreeSet<FactId> = other.filter(|fact| !shown.contains(fact)).collect();
    other.into_iter().collect()
}
