//! An exam by form: everything that its file can say.
//!
//! The form and the file are two views of one document. While it is written it is kept as a draft, mistakes and all; publishing reads it exactly as
//! `waymark program apply` reads a file. What the form does not show is never lost.

mod check;
mod controls;
mod fields;
mod file;
mod moment;
mod notice;
mod picks;
mod pointed;
mod rows;
mod steps;
mod stock;
#[cfg(test)]
mod tests;
mod view;
mod wrong;

pub use check::check_post;
pub use file::{file_page, file_post};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use self::notice::Notice;
use self::pointed::Fields;
use self::steps::Step;
use self::view::SettingsPage;
use super::checking::{Checked, checked};
use super::work::Work;
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::banks;
use crate::error::Result;
use crate::issuer;
use crate::web::page::{Page, see_other};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    bank: String,
    #[serde(default)]
    done: String,
}

/// `GET /admin/exams/new`: first the bank, then the form.
pub async fn new_exam_page(
    staff: May<PublishExams>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let bank = if banks::is_slug(&asked.bank) && banks::exists(app.db.read(), &asked.bank).await? {
        asked.bank
    } else {
        String::new()
    };
    let document = json!({"bank": bank, "blueprint": {}, "timing": {"minutes": 60}, "scoring": {}});
    let zone = issuer::zone(app.db.read()).await?;
    let fields = fields::open(&document, &zone);
    Ok(Page(SettingsPage::new(&app, &staff, Work::default(), fields, document, false).await?))
}

/// `GET /admin/exams/{slug}/settings`.
pub async fn exam_settings_page(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let work = Work::found(app.db.read(), &slug).await?;
    let document = work.base();
    let zone = issuer::zone(app.db.read()).await?;
    let fields = fields::open(&document, &zone);
    let mut page = SettingsPage::new(&app, &staff, work, fields, document, true).await?;
    page.notice = Notice::done(&asked.done);
    Ok(Page(page))
}

/// `POST /admin/exams/new`.
pub async fn new_exam_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    settle(&staff, &app, Work::default(), fields).await
}

/// `POST /admin/exams/{slug}/settings`: one step of those in [`Step`].
pub async fn exam_settings_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    let work = Work::found(app.db.read(), &slug).await?;
    settle(&staff, &app, work, fields).await
}

async fn settle(staff: &May<PublishExams>, app: &App, work: Work, mut fields: Fields) -> Result<Response> {
    let zone = issuer::zone(app.db.read()).await?;
    let step = Step::of(&fields);
    steps::rearrange(&mut fields, &step);
    let mut document = fields::said(&fields, &work.base(), &zone);
    if !work.is_new() {
        document["slug"] = json!(work.slug);
    }
    match step {
        Step::Draft | Step::Publish => match keep(staff, app, &work, &document, &step, fields.get("seen")).await? {
            Kept::There(path) => Ok(see_other(&path)),
            Kept::Not(notice, status) => {
                let mut page = SettingsPage::new(app, staff, work, fields, document, true).await?;
                page.notice = notice;
                Ok((status, Page(page)).into_response())
            }
        },
        Step::Discard => {
            work.discard(app, staff.actor()).await?;
            Ok(see_other(&match work.known {
                Some(_) => format!("/admin/exams/{}/settings?done=discarded", work.slug),
                None => "/admin/exams".to_owned(),
            }))
        }
        Step::Look(insist) => {
            let mut page = SettingsPage::new(app, staff, work, fields, document, insist).await?;
            page.notice = if insist && page.panel.good { Notice::Good } else { Notice::None };
            Ok(Page(page).into_response())
        }
    }
}

/// What became of a document that somebody wanted kept.
enum Kept {
    /// Kept; go there.
    There(String),
    /// Not kept, and why.
    Not(Notice, StatusCode),
}

/// Keeps a document as a draft, or publishes it.
async fn keep(
    staff: &May<PublishExams>,
    app: &App,
    work: &Work,
    document: &Value,
    step: &Step,
    seen: Option<&String>,
) -> Result<Kept> {
    let refused = |notice| Ok(Kept::Not(notice, StatusCode::UNPROCESSABLE_ENTITY));
    let slug = document["slug"].as_str().unwrap_or_default().to_owned();
    if work.is_new() {
        let there = Work::of(app.db.read(), &slug).await?;
        if !banks::is_slug(&slug) {
            return refused(Notice::NoSlug);
        }
        if there.known.is_some() || there.draft.is_some() {
            return refused(Notice::SlugTaken);
        }
    } else if seen.is_some_and(|seen| *seen != work.seen()) {
        return Ok(Kept::Not(Notice::Changed, StatusCode::CONFLICT));
    }
    if matches!(step, Step::Draft) {
        return Ok(match work.keep(app, staff.actor(), &slug, document).await? {
            true => Kept::There(format!("/admin/exams/{slug}/settings?done=draft")),
            false => Kept::Not(Notice::Changed, StatusCode::CONFLICT),
        });
    }
    let Checked { spec: Some(spec), mistakes, .. } = checked(app.db.read(), document).await? else {
        return refused(Notice::NotYet);
    };
    if !mistakes.is_empty() {
        return refused(Notice::NotYet);
    }
    Ok(match work.publish(app, staff.actor(), &spec, false).await? {
        Some(_) => Kept::There(format!("/admin/exams/{slug}/settings?done=published")),
        None => Kept::Not(Notice::Changed, StatusCode::CONFLICT),
    })
}
