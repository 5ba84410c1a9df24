//! `/admin/exams`: the staff's pages of results, and the buttons that let held ones go.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use waymark_assess::attempt::Closing;
use waymark_assess::spec::Release;

use super::{title, zone};
use crate::access::{
    May, Permission, Posted, PublishExams, ReadMembers, ReadResults, ReleaseResults, ScheduleExams, VoidItems,
};
use crate::app::App;
use crate::attempts::conflict;
use crate::attempts::in_path::attempt_id;
use crate::attempts::results::{self, LONGEST_REASON, ResultRow, Which};
use crate::attempts::wording::{Figure, score};
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::exams::{self, Exam};
use crate::members;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

struct ExamLine {
    slug: String,
    title: String,
    policy: String,
    held: u64,
}

#[derive(Template)]
#[template(path = "attempts/exams.html")]
struct ExamsPage {
    shell: Shell,
    rows: Vec<ExamLine>,
    may_publish: bool,
    may_schedule: bool,
    /// Exams that are being written, by slug.
    drafts: Vec<DraftLine>,
}

struct DraftLine {
    slug: String,
    title: String,
}

/// What a draft is called: a half-written document may say nothing of use yet.
fn draft_line(w: Words, draft: exams::Draft) -> DraftLine {
    let title = match &draft.document["title"] {
        Value::Object(texts) => {
            let said = |(tag, text): (&String, &Value)| Some((tag.clone(), text.as_str()?.to_owned()));
            w.pick(&texts.iter().filter_map(said).collect()).to_owned()
        }
        title => title.as_str().unwrap_or_default().to_owned(),
    };
    let title = Some(title).filter(|title| !title.trim().is_empty()).unwrap_or_else(|| draft.slug.clone());
    DraftLine { title, slug: draft.slug }
}

fn policy(shell: &Shell, zone: &Zone, release: Release) -> String {
    match release {
        Release::AtOnce => shell.w.t("results-policy-at-once"),
        Release::On(at) => shell.w.with1("results-policy-on", "at", zone.instant(shell.w, at)),
        _ => shell.w.t("results-policy-held"),
    }
}

/// `GET /admin/exams`: each exam, and how many of its results wait.
pub async fn exams_page(staff: May<ReadResults>, State(app): State<App>) -> Result<impl IntoResponse> {
    let (shell, zone) = (staff.shell(), zone(&app).await?);
    let mut rows = vec![];
    for exam in exams::list(app.db.read()).await? {
        rows.push(ExamLine {
            title: title(&exam, shell.w),
            policy: policy(&shell, &zone, exam.spec.release),
            held: results::held(app.db.read(), Some(exam.id)).await?,
            slug: exam.spec.slug,
        });
    }
    let may_publish = staff.principal.holds(PublishExams::ROLES);
    let drafts = if may_publish { exams::drafts(app.db.read()).await? } else { vec![] };
    let drafts = drafts.into_iter().map(|draft| draft_line(shell.w, draft)).collect();
    let may_schedule = staff.principal.holds(ScheduleExams::ROLES);
    Ok(Page(ExamsPage { may_publish, may_schedule, drafts, shell, rows }))
}

struct ResultLine {
    attempt: String,
    /// Where the visitor may see members.
    member: Option<String>,
    name: String,
    ordinal: u32,
    closed: String,
    expired: bool,
    score: Figure,
    passed: bool,
    /// The candidate could read the keys.
    conflict: bool,
    waiting: bool,
    /// None while it is held.
    released: Option<String>,
}

#[derive(Template)]
#[template(path = "attempts/results.html")]
struct ResultsPage {
    shell: Shell,
    slug: String,
    title: String,
    policy: String,
    held: u64,
    rows: Vec<ResultLine>,
    next: Option<String>,
    may_release: bool,
    may_void: bool,
    longest_reason: usize,
    /// How many were released just now.
    done: Option<u32>,
}

const ON_A_PAGE: u64 = 50;

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<u32>,
}

/// `GET /admin/exams/{slug}/results`.
pub async fn results_page(
    staff: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(page): Query<PageQuery>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let before = page.cursor.as_deref().map(attempt_id).transpose()?;
    let found = results::of_exam(app.db.read(), exam.id, before, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |row| row.attempt.to_string());
    let zone = zone(&app).await?;
    let sees_members = staff.principal.holds(ReadMembers::ROLES);
    let marked = conflict::marked(app.db.read(), listed.data.iter().map(|row| row.attempt)).await?;
    let mut rows = vec![];
    for row in listed.data {
        let conflict = marked.contains_key(&row.attempt);
        rows.push(ResultLine { conflict, ..line(&app, &shell, &zone, row, sees_members).await? });
    }
    Ok(Page(ResultsPage {
        title: title(&exam, shell.w),
        policy: policy(&shell, &zone, exam.spec.release),
        held: results::held(app.db.read(), Some(exam.id)).await?,
        next: listed.next_cursor.map(|cursor| format!("{}?cursor={cursor}", address(&exam))),
        may_release: staff.principal.holds(ReleaseResults::ROLES),
        may_void: staff.principal.holds(VoidItems::ROLES),
        longest_reason: LONGEST_REASON,
        done: done.done,
        rows,
        slug,
        shell,
    }))
}

fn address(exam: &Exam) -> String {
    format!("/admin/exams/{}/results", exam.spec.slug)
}

async fn line(app: &App, shell: &Shell, zone: &Zone, row: ResultRow, sees_members: bool) -> Result<ResultLine> {
    let member = members::find(app.db.read(), row.member).await?;
    Ok(ResultLine {
        attempt: row.attempt.to_string(),
        member: sees_members.then(|| member.id.to_string()),
        name: member.name,
        ordinal: row.ordinal,
        closed: zone.instant(shell.w, row.closed.at),
        expired: row.closed.how == Closing::Expired,
        score: score(shell.w, row.points, row.max),
        passed: row.passed,
        conflict: false,
        waiting: row.waiting,
        released: row.released_at.map(|at| zone.instant(shell.w, at)),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseForm {
    /// One attempt; all that are held where it is empty.
    #[serde(default)]
    attempt: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/exams/{slug}/results`: lets one held result go, or all.
pub async fn release_page(
    staff: May<ReleaseResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<ReleaseForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let which = if form.attempt.is_empty() { Which::All } else { Which::These([attempt_id(&form.attempt)?].into()) };
    let reason = Some(form.reason.trim()).filter(|text| !text.is_empty());
    let released = results::release_held(&app, staff.actor(), &exam, &which, reason).await?;
    Ok(see_other(&format!("{}?done={}", address(&exam), released.len())))
}
