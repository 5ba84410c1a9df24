//! `/me/notices`: the list with what is new in it, and `/me/notices/settings`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::ways_of;
use super::lifecycle::{Kind, Way};
use super::service::{self, Which};
use super::settings::{self, Settings};
use super::words::{self, Told};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::database::Kind as Door;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::ids::NoticeId;
use crate::issuer;
use crate::web::page::{Page, Shell, see_other};

const ON_A_PAGE: u64 = 30;

struct Line {
    id: String,
    date: String,
    told: Told,
    kind: String,
    unread: bool,
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct NoticesPage {
    shell: Shell,
    rows: Vec<Line>,
    /// The newest of those shown, where something is unread.
    until: Option<String>,
    older: Option<String>,
}

#[derive(Deserialize)]
pub struct Before {
    #[serde(default)]
    before: Option<String>,
}

/// `GET /me/notices`.
pub async fn notices_page(
    who: SignedIn,
    State(app): State<App>,
    Query(query): Query<Before>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let mut shell = who.shell();
    let w = shell.w;
    let before = query.before.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::of_member(db, who.member, before, false, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |notice| notice.id.to_string());
    shell.unread = service::unread(db, who.member).await?;
    let until = listed.data.first().filter(|_| shell.unread > 0).map(|notice| notice.id.to_string());
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for notice in &listed.data {
        rows.push(Line {
            id: notice.id.to_string(),
            date: zone.instant(w, notice.at),
            told: words::tell(db, w, &zone, notice).await?,
            kind: w.t(&kind_key(notice.what.kind())),
            unread: notice.read_at.is_none(),
        });
    }
    Ok(Page(NoticesPage { shell, rows, until, older: listed.next_cursor }))
}

fn kind_key(kind: Kind) -> String {
    format!("notices-kind-{}", kind.as_str())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadForm {
    #[serde(default)]
    read: Option<String>,
    #[serde(default)]
    unread: Option<String>,
    #[serde(default)]
    until: Option<String>,
}

/// `POST /me/notices`: one as read or as unread, or all that were shown and are older.
pub async fn notices_post(who: SignedIn, State(app): State<App>, Posted(form): Posted<ReadForm>) -> Result<Response> {
    let ch = app.db.change(who.actor(), Door::Ordinary).await?;
    let id = |text: &str| text.parse::<NoticeId>().map_err(|_| Error::not_found());
    match (&form.read, &form.unread, &form.until) {
        (Some(one), None, None) => service::mark_read(&ch, who.member, Which::These(&[id(one)?])).await?,
        (None, Some(one), None) => service::mark_unread(&ch, who.member, id(one)?).await?,
        (None, None, Some(until)) => service::mark_read(&ch, who.member, Which::Until(id(until)?)).await?,
        _ => return Err(Error::not_found()),
    }
    ch.commit().await?;
    Ok(see_other("/me/notices"))
}

struct Choice {
    value: &'static str,
    word: String,
    chosen: bool,
}

struct KindRow {
    name: &'static str,
    title: String,
    about: String,
    ways: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "notices/settings.html")]
struct SettingsPage {
    shell: Shell,
    known: Settings,
    rows: Vec<KindRow>,
    saved: bool,
}

#[derive(Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: Option<String>,
}

/// `GET /me/notices/settings`.
pub async fn settings_page(
    who: SignedIn,
    State(app): State<App>,
    Query(query): Query<Saved>,
) -> Result<impl IntoResponse> {
    let mut shell = who.shell();
    shell.unread = service::unread(app.db.read(), who.member).await?;
    let known = settings::of(&app, who.member).await?;
    let w = shell.w;
    let row = |(kind, chosen): (&Kind, &Way)| KindRow {
        name: kind.as_str(),
        title: w.t(&kind_key(*kind)),
        about: w.t(&format!("notices-about-{}", kind.as_str())),
        ways: Way::ALL
            .iter()
            .map(|way| Choice {
                value: way.as_str(),
                word: w.t(&format!("notices-way-{}", way.as_str().replace('_', "-"))),
                chosen: way == chosen,
            })
            .collect(),
    };
    let rows = known.ways.iter().map(row).collect();
    Ok(Page(SettingsPage { shell, known, rows, saved: query.saved.is_some() }))
}

/// `POST /me/notices/settings`: ways by kind, or `letters` as `end` or `begin`.
pub async fn settings_post(
    who: SignedIn,
    State(app): State<App>,
    Posted(mut form): Posted<BTreeMap<String, String>>,
) -> Result<Response> {
    let letters = form.remove("letters");
    let ways = ways_of(&form)?;
    let ch = app.db.change(who.actor(), Door::Ordinary).await?;
    match letters.as_deref() {
        None => settings::choose(&ch, who.member, &ways).await?,
        Some("end") => settings::end_letters(&ch, who.member).await?,
        Some("begin") => settings::begin_letters(&ch, who.member).await?,
        Some(_) => return Err(Error::not_found()),
    }
    ch.commit().await?;
    Ok(see_other("/me/notices/settings?saved=1"))
}
