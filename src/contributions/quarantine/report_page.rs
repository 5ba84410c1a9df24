//! `/admin/rings`: pairs and rings as a picture and as a table.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;

use super::api::ReciprocityQuery;
use super::report::reciprocity;
use super::rings::Group;
use crate::access::{May, WatchContributions};
use crate::app::App;
use crate::error::Result;
use crate::ids::MemberId;
use crate::web::page::{Page, Shell};
use crate::{issuer, members};

/// People in one picture: beyond, it says nothing to an eye.
const DRAWN: usize = 16;
/// Groups that the page shows; the API has all.
const SHOWN: usize = 50;
/// Half of the picture's side, and the circle on which people stand.
const MIDDLE: f64 = 160.0;
const CIRCLE: f64 = 112.0;
/// The radius of a person, at which an arrow begins and ends.
const PERSON: f64 = 15.0;

/// One person of a picture.
struct Dot {
    x: i64,
    y: i64,
    number: usize,
}

/// One arrow, from edge to edge.
struct Arrow {
    x1: i64,
    y1: i64,
    x2: i64,
    y2: i64,
    /// 1 to 6, by how much was given.
    width: u32,
}

struct Person {
    number: usize,
    id: String,
    name: String,
    gave: u32,
    received: u32,
}

struct Shown {
    title: String,
    /// How much of what they received came from among them.
    told: String,
    people: Vec<Person>,
    dots: Vec<Dot>,
    arrows: Vec<Arrow>,
    /// Who gave to whom, how often: the picture in words.
    edges: Vec<(String, String, u32)>,
}

#[derive(Template)]
#[template(path = "giving/rings.html")]
struct RingsPage {
    shell: Shell,
    days: u32,
    threshold: u32,
    since: String,
    facts: u64,
    groups: Vec<Shown>,
    more: usize,
}

/// `GET /admin/rings`.
pub async fn rings_page(
    may: May<WatchContributions>,
    State(app): State<App>,
    Query(query): Query<ReciprocityQuery>,
) -> Result<impl IntoResponse> {
    let shell = may.shell();
    let (days, threshold) = query.bounds();
    let report = reciprocity(app.db.read(), app.db.now(), days, threshold).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let mut groups = vec![];
    for group in report.groups.iter().take(SHOWN) {
        groups.push(shown(&app, &shell, group).await?);
    }
    Ok(Page(RingsPage {
        since: zone.date(shell.w, report.since),
        more: report.groups.len().saturating_sub(SHOWN),
        facts: report.facts,
        days,
        threshold,
        groups,
        shell,
    }))
}

async fn shown(app: &App, shell: &Shell, group: &Group) -> Result<Shown> {
    let mut names: BTreeMap<MemberId, String> = BTreeMap::new();
    for member in &group.members {
        names.insert(*member, members::find(app.db.read(), *member).await?.name);
    }
    let name = |member: &MemberId| names.get(member).cloned().unwrap_or_default();
    let sum = |of: &dyn Fn(&(MemberId, MemberId, u32)) -> bool| -> u32 {
        group.edges.iter().filter(|e| of(e)).map(|(_, _, n)| n).sum()
    };
    let people = group.members.iter().enumerate().map(|(at, member)| Person {
        number: at + 1,
        id: member.to_string(),
        name: name(member),
        gave: sum(&|(from, _, _)| from == member),
        received: sum(&|(_, to, _)| to == member),
    });
    let key = if group.members.len() == 2 { "rings-pair" } else { "rings-ring" };
    let (dots, arrows) = if group.members.len() <= DRAWN { drawn(group) } else { (vec![], vec![]) };
    Ok(Shown {
        title: shell.w.with1(key, "n", group.members.len()),
        told: shell.w.with(
            "rings-share",
            &[("share", &group.share()), ("inside", &group.inside), ("received", &group.received)],
        ),
        people: people.collect(),
        edges: group.edges.iter().map(|(from, to, n)| (name(from), name(to), *n)).collect(),
        dots,
        arrows,
    })
}

/// Everybody on a circle, in the order of the table; an arrow from giver to receiver.
fn drawn(group: &Group) -> (Vec<Dot>, Vec<Arrow>) {
    let count = group.members.len();
    let place: BTreeMap<MemberId, (f64, f64)> = group
        .members
        .iter()
        .enumerate()
        .map(|(at, member)| {
            let turn = TAU * fraction(at, count);
            (*member, (MIDDLE + CIRCLE * turn.sin(), MIDDLE - CIRCLE * turn.cos()))
        })
        .collect();
    let dots = group.members.iter().enumerate().filter_map(|(at, member)| {
        let (x, y) = place.get(member)?;
        Some(Dot { x: whole(*x), y: whole(*y), number: at + 1 })
    });
    let most = group.edges.iter().map(|(_, _, n)| *n).max().unwrap_or(1).max(1);
    let arrows = group.edges.iter().filter_map(|(from, to, n)| {
        let ((x1, y1), (x2, y2)) = (place.get(from)?, place.get(to)?);
        let (dx, dy) = (x2 - x1, y2 - y1);
        let length = dx.hypot(dy).max(1.0);
        // Aside by a little, so that both directions of a pair are seen.
        let (ux, uy) = (dx / length, dy / length);
        let (sx, sy) = (-uy * 5.0, ux * 5.0);
        Some(Arrow {
            x1: whole(x1 + ux * PERSON + sx),
            y1: whole(y1 + uy * PERSON + sy),
            x2: whole(x2 - ux * (PERSON + 6.0) + sx),
            y2: whole(y2 - uy * (PERSON + 6.0) + sy),
            width: 1 + n * 4 / most,
        })
    });
    (dots.collect(), arrows.collect())
}

fn fraction(at: usize, of: usize) -> f64 {
    let small = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    small(at) / small(of.max(1))
}

fn whole(place: f64) -> i64 {
    place.round() as i64
}
