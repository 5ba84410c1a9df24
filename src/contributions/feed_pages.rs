//! `/me/feeds`: the feeds that a member names as theirs, and how each is proved.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::feeds::{self, MemberFeed};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::FeedId;
use crate::issuer;
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

struct Line {
    id: String,
    url: String,
    /// Icon and colour, and the words.
    look: &'static str,
    state: String,
    code: String,
    proved: bool,
    author: Option<String>,
    fetched: Option<String>,
    problem: Option<String>,
}

struct Choice {
    source: String,
    title: String,
    from: String,
}

#[derive(Template)]
#[template(path = "contributions/feeds.html")]
struct FeedsPage {
    shell: Shell,
    rows: Vec<Line>,
    choices: Vec<Choice>,
    /// Whether a track counts articles, however they come.
    counted: bool,
    given: FeedForm,
    wrong: Option<String>,
    done: Option<String>,
}

fn problem(w: Words, code: &str) -> String {
    match code.strip_prefix("status_") {
        Some(status) => w.with1("feed-problem-status", "status", status),
        None => w.t(&format!("feed-problem-{}", code.replace('_', "-"))),
    }
}

fn line(w: Words, zone: &Zone, feed: MemberFeed) -> Line {
    let proved = feed.proved_at.is_some();
    let (look, key) = match (proved, &feed.problem) {
        (true, None) => ("valid", "feed-proved"),
        (true, Some(_)) => ("suspended", "feed-failing"),
        (false, _) => ("info", "feed-unproved"),
    };
    Line {
        id: feed.id.to_string(),
        look,
        state: w.t(key),
        proved,
        author: feed.author,
        fetched: feed.fetched_at.map(|at| zone.instant(w, at)),
        problem: feed.problem.as_deref().map(|code| problem(w, code)),
        url: feed.url,
        code: feed.code,
    }
}

async fn page(app: &App, member: &SignedIn, given: FeedForm, wrong: Option<String>) -> Result<FeedsPage> {
    let (shell, db) = (member.shell(), app.db.read());
    let (w, zone) = (shell.w, issuer::zone(db).await?);
    let rows = feeds::feeds_of(db, member.member).await?.into_iter().map(|feed| line(w, &zone, feed)).collect();
    let choices = feeds::feed_sources(db).await?.into_iter().map(|source| Choice {
        title: w.pick(&source.title).to_owned(),
        from: source.from.join(", "),
        source: source.source,
    });
    let counts = |version: &tracks::TrackVersion| {
        version.definition.requirements().reads().contribution_types.contains("content.published")
    };
    let counted = tracks::current(db).await?.iter().any(counts);
    Ok(FeedsPage { rows, choices: choices.collect(), counted, given, wrong, done: None, shell })
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

const DONE: [&str; 3] = ["add", "check", "remove"];

/// `GET /me/feeds`.
pub async fn feeds_page(
    member: SignedIn,
    State(app): State<App>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let page = page(&app, &member, FeedForm::default(), None).await?;
    let done = DONE.contains(&done.done.as_str()).then(|| page.shell.w.t(&format!("feed-done-{}", done.done)));
    Ok(Page(FeedsPage { done, ..page }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedForm {
    #[serde(default)]
    source: String,
    #[serde(default)]
    url: String,
}

/// `POST /me/feeds`: names a feed; the page then shows the code that proves it.
pub async fn add_feed_post(
    member: SignedIn,
    State(app): State<App>,
    Posted(form): Posted<FeedForm>,
) -> Result<Response> {
    let mut ch = app.db.change(member.actor(), Kind::Ordinary).await?;
    let refused = match feeds::name_feed(&mut ch, member.member, &form.source, &form.url).await {
        Ok(_) => {
            ch.commit().await?;
            return Ok(see_other("/me/feeds?done=add"));
        }
        Err(e) => e,
    };
    drop(ch);
    let w = member.shell().w;
    let wrong = match (refused.code(), refused.faults().first()) {
        (Code::ValidationFailed, Some(fault)) => w.t(&format!("feed-wrong-{}", fault.code.replace('_', "-"))),
        (Code::Conflict, _) => w.t("feed-wrong-twice"),
        _ => return Err(refused),
    };
    let page = page(&app, &member, form, Some(wrong)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// A button's form carries its token alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {}

/// `POST /me/feeds/{id}/{step}`: `check` reads it now, `remove` forgets it.
pub async fn feed_step_post(
    member: SignedIn,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    _: Posted<Press>,
) -> Result<Response> {
    let id: FeedId = id.parse().map_err(|_| Error::not_found())?;
    match step.as_str() {
        "check" => drop(feeds::check_feed(&app, member.member, id).await?),
        "remove" => {
            let mut ch = app.db.change(member.actor(), Kind::Ordinary).await?;
            feeds::forget_feed(&mut ch, member.member, id).await?;
            ch.commit().await?;
        }
        _ => return Err(Error::not_found()),
    }
    Ok(see_other(&format!("/me/feeds?done={step}")))
}
