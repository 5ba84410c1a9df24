//! A track by form: everything that its file can say.
//!
//! The form and the file are two views of one document. While it is written it is kept as a draft, mistakes and all; publishing reads it exactly as
//! `waymark program apply` reads a file. What the form does not show is never lost. What files write is shown and left to them.

mod control;
mod fields;
mod file;
mod leaf_view;
mod leaves;
mod locked;
mod node;
mod notice;
mod stock;
#[cfg(test)]
mod tests;
mod tree;
mod typed;
mod view;
mod words;
mod work;
mod wrong;

pub use file::{file_page, file_post};
pub use view::summary;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use self::notice::Notice;
use self::typed::Fields;
use self::view::DesignerPage;
use self::work::Work;
use super::check::checked;
use super::plan;
use super::publishing::{Publication, Published, publish, take_back, take_over};
use crate::access::{May, Posted, PublishTracks};
use crate::app::App;
use crate::clock::Timestamp;
use crate::database::Kind;
use crate::document::is_slug;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::tracks;
use crate::web::page::{Page, see_other};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// `GET /admin/tracks/new`.
pub async fn new_track_page(staff: May<PublishTracks>, State(app): State<App>) -> Result<impl IntoResponse> {
    let document =
        json!({"kind": "milestone", "requires": {"all": []}, "template": "hexagon", "achievement_type": "Badge"});
    Ok(Page(DesignerPage::new(&app, staff.shell(), Work::default(), document, None, false, Notice::None).await?))
}

/// `GET /admin/tracks/{slug}`: the form; of a track that files write, what it says.
pub async fn track_form_page(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let work = Work::found(&app, &slug).await?;
    if work.is_locked() {
        return Ok(Page(locked::page(&app, staff.shell(), work, None).await?).into_response());
    }
    let document = work.base();
    let notice = Notice::done(&asked.done);
    Ok(Page(DesignerPage::new(&app, staff.shell(), work, document, None, true, notice).await?).into_response())
}

/// `POST /admin/tracks/new`.
pub async fn new_track_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    settle(&staff, &app, Work::default(), fields).await
}

/// `POST /admin/tracks/{slug}`: one step of the form.
pub async fn track_form_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    let work = Work::found(&app, &slug).await?;
    settle(&staff, &app, work, fields).await
}

async fn settle(staff: &May<PublishTracks>, app: &App, work: Work, fields: Fields) -> Result<Response> {
    let step = fields.get("step").map_or("check", String::as_str);
    let path = format!("/admin/tracks/{}", work.slug);
    match step {
        "take-over" if work.is_locked() => {
            take_over(app, staff.actor(), &work.slug).await?;
            return Ok(see_other(&format!("{path}?done=taken-over")));
        }
        "copy" if work.known.is_some() => return copy(staff, app, work, &fields).await,
        _ if work.is_locked() => return Err(Error::new(Code::ManagedByFiles)),
        "take-back" => {
            take_back(app, staff.actor(), &work.slug).await?;
            return Ok(see_other(&format!("{path}?done=unscheduled")));
        }
        "discard" => return Ok(see_other(&discard(staff, app, &work).await?)),
        _ => {}
    }
    let mut document = fields::said(&fields, &work.base());
    if !work.is_new() {
        document["slug"] = json!(work.slug);
    }
    tree::own_title(&mut document);
    if matches!(step, "draft" | "publish" | "plan") {
        return match keep(staff, app, &work, &document, step, &fields).await? {
            Kept::There(path) => Ok(see_other(&path)),
            Kept::Not(notice, status) => {
                let page = DesignerPage::new(app, staff.shell(), work, document, Some(&fields), true, notice).await?;
                Ok((status, Page(page)).into_response())
            }
        };
    }
    let insist = step == "check";
    let mut page = DesignerPage::new(app, staff.shell(), work, document, Some(&fields), insist, Notice::None).await?;
    page.notice = if insist && page.good { Notice::Good } else { Notice::None };
    Ok(Page(page).into_response())
}

/// What became of a document that somebody wanted kept.
enum Kept {
    /// Kept; go there.
    There(String),
    /// Not kept, and why.
    Not(Notice, StatusCode),
}

fn refused(notice: Notice) -> Result<Kept> {
    Ok(Kept::Not(notice, StatusCode::UNPROCESSABLE_ENTITY))
}

/// Keeps a document as a draft, begins its dry run, or publishes it.
async fn keep(
    staff: &May<PublishTracks>,
    app: &App,
    work: &Work,
    document: &Value,
    step: &str,
    fields: &Fields,
) -> Result<Kept> {
    let slug = document["slug"].as_str().unwrap_or_default().to_owned();
    if work.is_new() {
        if !is_slug(&slug) {
            return refused(Notice::NoSlug);
        }
        if slug == "new" {
            return refused(Notice::SlugReserved);
        }
        if Work::of(app, &slug).await?.exists() {
            return refused(Notice::SlugTaken);
        }
    } else if fields.get("seen").is_some_and(|seen| *seen != work.seen()) {
        return Ok(Kept::Not(Notice::Changed, StatusCode::CONFLICT));
    }
    let effective_at = match effective(app, fields).await? {
        Some(at) => at,
        None => return refused(Notice::NoDay),
    };
    let found = checked(app.db.read(), document).await?;
    if step == "publish" {
        let Some(definition) = found.good() else { return refused(Notice::NotYet) };
        let silent = fields.get("silent").is_some_and(|on| !on.is_empty());
        let how = Publication { silent, effective_at, dry_run: false };
        let done = match publish(app, staff.actor(), definition, how, |_| Ok(())).await {
            Ok(Published::Now(_)) => "published",
            Ok(Published::Same(_)) => "same",
            Ok(Published::Later(_)) => "scheduled",
            Err(e) if e.faults().iter().any(|fault| fault.code == "no_issuer") => return refused(Notice::NoIssuer),
            Err(e) => return Err(e),
        };
        return Ok(Kept::There(format!("/admin/tracks/{slug}?done={done}")));
    }
    let mut ch = app.db.change(staff.actor(), Kind::Ordinary).await?;
    if !tracks::keep_draft(&mut ch, &slug, document, work.revision()).await? {
        return Ok(Kept::Not(Notice::Changed, StatusCode::CONFLICT));
    }
    ch.commit().await?;
    if step == "plan" {
        // It is a draft by now: its own page shows what is wrong, and the next button finds it.
        let Some(definition) = found.good() else {
            return Ok(Kept::There(format!("/admin/tracks/{slug}?done=not-yet")));
        };
        plan::begin(app, staff.actor(), definition).await?;
        return Ok(Kept::There(format!("/admin/tracks/{slug}/plan")));
    }
    Ok(Kept::There(format!("/admin/tracks/{slug}?done=draft")))
}

/// The moment at which the day that was typed begins, in the zone of the program; none inside where no day was typed, none outside where it is no day.
async fn effective(app: &App, fields: &Fields) -> Result<Option<Option<Timestamp>>> {
    let typed = fields.get("effective_on").map_or("", |text| text.trim());
    if typed.is_empty() {
        return Ok(Some(None));
    }
    let zone = issuer::zone(app.db.read()).await?;
    Ok(zone.day(typed).map(|(first, _)| Some(first)))
}

/// Begins another track from this one: a draft under a name of its own.
async fn copy(staff: &May<PublishTracks>, app: &App, work: Work, fields: &Fields) -> Result<Response> {
    let slug = fields.get("copy").map_or("", |text| text.trim()).to_owned();
    if !is_slug(&slug) || slug == "new" || Work::of(app, &slug).await?.exists() {
        let page = locked::page(app, staff.shell(), work, Some(slug)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let mut document = work.base();
    document["slug"] = json!(slug);
    if let Some(map) = document.as_object_mut() {
        // A step of a ladder is one track's alone.
        map.remove("level");
    }
    let mut ch = app.db.change(staff.actor(), Kind::Ordinary).await?;
    tracks::keep_draft(&mut ch, &slug, &document, 0).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/tracks/{slug}?done=draft")))
}

/// Lets the draft go; what is published stays.
async fn discard(staff: &May<PublishTracks>, app: &App, work: &Work) -> Result<String> {
    let mut ch = app.db.change(staff.actor(), Kind::Ordinary).await?;
    tracks::drop_draft(&mut ch, &work.slug).await?;
    ch.commit().await?;
    Ok(match work.known {
        Some(_) => format!("/admin/tracks/{}?done=discarded", work.slug),
        None => "/admin/tracks".to_owned(),
    })
}
