//! `/admin/members/{id}/accommodations`: what a person is allowed beyond others, who approved it, and why.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Allowance;

use super::accommodations::{LONGEST_REASON, accommodations_of, approve, end_accommodation};
use super::staff_pages::exam_of;
use crate::access::{ApproveAccommodations, May, Posted};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::attempts::wording::{Person, person};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::exams;
use crate::ids::{AccommodationId, MemberId};
use crate::members;
use crate::web::page::{Page, Shell, see_other};

struct AllowedRow {
    id: String,
    exam: Option<String>,
    percent: u32,
    minutes: u32,
    break_minutes: u32,
    reason: String,
    approved: String,
    by: Person,
    ended: Option<String>,
}

#[derive(Template)]
#[template(path = "attempts/accommodations.html")]
struct AccommodationsPage {
    shell: Shell,
    member: String,
    name: String,
    rows: Vec<AllowedRow>,
    exams: Vec<(String, String)>,
    longest_reason: usize,
    done: bool,
}

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

async fn member_of(app: &App, id: &str) -> Result<members::Member> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    if !members::exists(app.db.read(), id).await? {
        return Err(Error::not_found());
    }
    members::find(app.db.read(), id).await
}

/// `GET /admin/members/{id}/accommodations`.
pub async fn accommodations_page(
    staff: May<ApproveAccommodations>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let (shell, zone) = (staff.shell(), zone(&app).await?);
    let member = member_of(&app, &id).await?;
    let listed = exams::list(app.db.read()).await?;
    let exams: Vec<(String, String)> =
        listed.iter().map(|exam| (exam.spec.slug.clone(), title(exam, shell.w))).collect();
    let named = |exam| listed.iter().find(|each| each.id == exam).map(|exam| title(exam, shell.w));
    let all = accommodations_of(app.db.read(), member.id).await?;
    let mut rows = vec![];
    for each in all {
        rows.push(AllowedRow {
            id: each.id.to_string(),
            exam: each.exam.and_then(named),
            percent: each.allowance.percent,
            minutes: each.allowance.minutes,
            break_minutes: each.allowance.break_minutes,
            reason: each.reason,
            approved: zone.instant(shell.w, each.approved_at),
            by: person(app.db.read(), shell.w, &each.approved_by).await?,
            ended: each.ended_at.map(|at| zone.instant(shell.w, at)),
        });
    }
    Ok(Page(AccommodationsPage {
        member: member.id.to_string(),
        name: member.name,
        rows,
        exams,
        longest_reason: LONGEST_REASON,
        done: done.done.is_some(),
        shell,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccommodationForm {
    /// An accommodation that ends; else a new one is approved.
    #[serde(default)]
    end: String,
    #[serde(default)]
    exam: String,
    #[serde(default)]
    percent: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    break_minutes: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/members/{id}/accommodations`.
pub async fn accommodations_post(
    staff: May<ApproveAccommodations>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<AccommodationForm>,
) -> Result<Response> {
    let member = member_of(&app, &id).await?;
    let exam = match form.exam.as_str() {
        "" => None,
        slug => Some(exam_of(&app, slug).await?.id),
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    if form.end.is_empty() {
        // What is no number is refused as one that does not fit.
        let number = |text: &str, empty| match text.trim() {
            "" => empty,
            text => text.parse().unwrap_or(u32::MAX),
        };
        let allowance = Allowance {
            percent: number(&form.percent, 100),
            minutes: number(&form.minutes, 0),
            break_minutes: number(&form.break_minutes, 0),
        };
        approve(&mut ch, member.id, exam, allowance, &form.reason).await?;
    } else {
        let id: AccommodationId = form.end.parse().map_err(|_| Error::not_found())?;
        end_accommodation(&mut ch, member.id, id).await?;
    }
    ch.commit().await?;
    Ok(see_other(&format!("/admin/members/{}/accommodations?done=1", member.id)))
}
