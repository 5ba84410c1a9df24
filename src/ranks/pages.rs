//! `/me/ranks`, `/admin/members/{id}/ranks`, and what other pages show of points and ranks.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::definition::Texts;
use super::standing::{self, OnLadder, Rank};
use crate::access::{May, Posted, ReadMembers, SignedIn};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members};

/// Ranks of one ladder that a page lists.
const LISTED: usize = 50;

/// One ladder with where a member stands.
pub struct LadderCard {
    pub slug: String,
    pub title: String,
    pub about: String,
    pub points: u64,
    /// The rank, and since when.
    pub rank: Option<(String, String)>,
    pub next: Option<NextStep>,
    pub history: Vec<RankLine>,
    /// How many more there are than are listed.
    pub unlisted: usize,
}

/// The next step, as a bar shows it.
pub struct NextStep {
    pub at: u64,
    pub words: String,
}

pub struct RankLine {
    pub date: String,
    pub title: String,
    pub points: u64,
    /// In what way it is not of today's ladder, or no longer stands.
    pub note: Option<String>,
}

/// Where a member stands on each ladder, for a page.
pub async fn cards(app: &App, w: Words, member: MemberId) -> Result<Vec<LadderCard>> {
    let standings = standing::of_member(app.db.read(), member).await?;
    let zone = issuer::zone(app.db.read()).await?;
    Ok(standings.iter().map(|on| card(w, &zone, on)).collect())
}

fn card(w: Words, zone: &Zone, on: &OnLadder) -> LadderCard {
    let definition = &on.version.definition;
    let name = |titles: &Texts| w.pick(titles).to_owned();
    let line = |rank: &Rank| RankLine {
        date: zone.date(w, rank.reached_at),
        title: name(&rank.titles),
        points: rank.points,
        note: match rank.gone_at {
            Some(at) => Some(w.with1("ranks-gone", "date", zone.date(w, at))),
            None => (rank.version != on.version.number).then(|| w.with1("ranks-earlier", "version", rank.version)),
        },
    };
    LadderCard {
        slug: definition.slug.clone(),
        title: name(&definition.title),
        about: definition.description.as_ref().map_or_else(String::new, name),
        points: on.points,
        rank: on.rank.as_ref().map(|rank| (name(&rank.titles), zone.date(w, rank.reached_at))),
        next: on.next.as_ref().map(|next| NextStep {
            at: next.at,
            words: w.with2("ranks-next", "title", name(&next.titles), "n", next.missing),
        }),
        history: on.history.iter().take(LISTED).map(line).collect(),
        unlisted: on.history.len().saturating_sub(LISTED),
    }
}

#[derive(Template)]
#[template(path = "ranks/member.html")]
struct RanksPage {
    shell: Shell,
    /// The member's name and id, where staff look.
    of: Option<(String, String)>,
    ladders: Vec<LadderCard>,
    shown: bool,
}

/// `GET /me/ranks`.
pub async fn my_ranks_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let ladders = cards(&app, shell.w, me.member).await?;
    let shown = standing::is_shown(app.db.read(), me.member).await?;
    Ok(Page(RanksPage { shell, of: None, ladders, shown }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownForm {
    /// `yes` or `no`.
    shown: String,
}

/// `POST /me/ranks`: whether others may see them.
pub async fn my_ranks_post(me: SignedIn, State(app): State<App>, Posted(form): Posted<ShownForm>) -> Result<Response> {
    let visible = match form.shown.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::malformed("`shown` is `yes` or `no`")),
    };
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    standing::show(&mut ch, me.member, visible).await?;
    ch.commit().await?;
    Ok(see_other("/me/ranks"))
}

/// `GET /admin/members/{id}/ranks`.
pub async fn staff_ranks_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let shell = staff.shell();
    let member = members::find(app.db.read(), id).await?;
    let ladders = cards(&app, shell.w, member.id).await?;
    let shown = standing::is_shown(app.db.read(), member.id).await?;
    Ok(Page(RanksPage { shell, of: Some((member.name, member.id.to_string())), ladders, shown }))
}

/// What others see of a member's ranks: ladder and rank, nothing where the member does not show them.
pub async fn shown_on_profile(app: &App, w: Words, member: MemberId) -> Result<Vec<(String, String)>> {
    if !standing::is_shown(app.db.read(), member).await? {
        return Ok(vec![]);
    }
    let standings = standing::of_member(app.db.read(), member).await?;
    let named = |on: OnLadder| {
        let rank = on.rank?;
        Some((w.pick(&on.version.definition.title).to_owned(), w.pick(&rank.titles).to_owned()))
    };
    Ok(standings.into_iter().filter_map(named).collect())
}
