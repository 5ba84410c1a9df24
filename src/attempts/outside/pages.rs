//! `/admin/exams/{slug}/outside`: results from outside as a list, a file to take in, and whose the held ones are.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::api::{BATCH_LIMIT, take_all};
use super::service::{self, Outcome, Received};
use super::sheet::{self, Unreadable};
use crate::access::{May, Permission, Posted, ReadResults, SendResults};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::ids::{MemberId, OutsideResultId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

struct Line {
    id: String,
    candidate: String,
    member: Option<String>,
    score: String,
    form: String,
    delivered_by: String,
    at: String,
    state: String,
    held: bool,
    version: i32,
}

/// What became of one row of a file.
struct Report {
    line: u64,
    word: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "attempts/outside.html")]
struct OutsidePage {
    shell: Shell,
    slug: String,
    title: String,
    rows: Vec<Line>,
    may_send: bool,
    /// Of a file that was checked or taken in.
    report: Vec<Report>,
    checked: bool,
    taken: bool,
    csv: String,
    problem: Option<String>,
    unknown_member: bool,
    done: bool,
}

const ON_A_PAGE: u64 = 100;

async fn page(app: &App, shell: Shell, exam: &Exam, may_send: bool) -> Result<OutsidePage> {
    let zone = zone(app).await?;
    let received = service::received(app.db.read(), exam, None, ON_A_PAGE).await?;
    Ok(OutsidePage {
        slug: exam.spec.slug.clone(),
        title: title(exam, shell.w),
        rows: received.into_iter().map(|row| line(shell.w, &zone, row)).collect(),
        may_send,
        report: vec![],
        checked: false,
        taken: false,
        csv: String::new(),
        problem: None,
        unknown_member: false,
        done: false,
        shell,
    })
}

fn line(words: Words, zone: &Zone, row: Received) -> Line {
    let text = |name: &str| row.content[name].as_str().unwrap_or_default().to_owned();
    Line {
        state: words.t(&format!("outside-{}", row.state())),
        held: row.state() == "held",
        score: match &row.content["of"] {
            Value::String(of) => words.with2("result-score-value", "points", text("score"), "max", of.as_str()),
            _ => text("score"),
        },
        form: text("form"),
        at: zone.instant(words, row.happened_at),
        id: row.id,
        candidate: row.candidate,
        member: row.member,
        delivered_by: row.delivered_by,
        version: row.version,
    }
}

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/exams/{slug}/outside`.
pub async fn outside_page(
    staff: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let page = page(&app, staff.shell(), &exam, staff.principal.holds(SendResults::ROLES)).await?;
    Ok(Page(OutsidePage { done: done.done.is_some(), ..page }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetForm {
    csv: String,
    /// `check` looks, `take` takes in.
    go: String,
}

/// `POST /admin/exams/{slug}/outside`: checks a file, or takes it in.
pub async fn outside_post(
    staff: May<SendResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<SheetForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let words = staff.visitor.words;
    let rows = match sheet::read(&form.csv, BATCH_LIMIT, app.db.now()) {
        Ok(rows) => rows,
        Err(why) => {
            let page = page(&app, staff.shell(), &exam, true).await?;
            let page = OutsidePage { problem: Some(unreadable(words, &why)), csv: form.csv, ..page };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let wrong = rows.iter().any(|row| row.entry.is_err());
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    let entries: Vec<_> = rows.into_iter().map(|row| row.entry).collect();
    if form.go != "take" {
        let report = lines.iter().zip(&entries).map(|(line, entry)| Report {
            line: *line,
            word: words.t(if entry.is_ok() { "outside-readable" } else { "outside-rejected" }),
            detail: entry.as_ref().err().map(|faults| named(faults)).unwrap_or_default(),
        });
        let report = report.collect();
        let page = page(&app, staff.shell(), &exam, true).await?;
        let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return Ok((status, Page(OutsidePage { report, checked: true, csv: form.csv, ..page })).into_response());
    }
    let results = take_all(&app, staff.actor(), &exam, entries).await?;
    let report = lines.iter().zip(&results).map(|(line, result)| {
        let (word, detail) = match result {
            Ok(Outcome::Accepted { corrects: Some(_), .. }) => ("outside-correction", String::new()),
            Ok(Outcome::Accepted { .. }) => ("outside-accepted", String::new()),
            Ok(Outcome::Duplicate { .. }) => ("outside-duplicate", String::new()),
            Ok(Outcome::Held { .. }) => ("outside-held", String::new()),
            Err(faults) => ("outside-rejected", named(faults)),
        };
        Report { line: *line, word: words.t(word), detail }
    });
    let report = report.collect();
    let page = page(&app, staff.shell(), &exam, true).await?;
    Ok(Page(OutsidePage { report, taken: true, ..page }).into_response())
}

/// The columns at fault with their codes: `score more_than_all`.
fn named(faults: &[crate::error::Fault]) -> String {
    let named: Vec<String> =
        faults.iter().map(|fault| format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.code)).collect();
    named.join(", ")
}

fn unreadable(words: Words, why: &Unreadable) -> String {
    match why {
        Unreadable::UnknownColumn(name) => words.with1("outside-unknown-column", "name", name.as_str()),
        Unreadable::MissingColumn(name) => words.with1("outside-missing-column", "name", *name),
        Unreadable::NotCsv(line) => words.with1("outside-not-csv", "line", *line),
        Unreadable::TooMany => words.with1("outside-too-many", "most", BATCH_LIMIT),
        Unreadable::Empty => words.t("outside-empty"),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    member: String,
}

/// `POST /admin/exams/{slug}/outside/{id}/member`: whose a held result is.
pub async fn assign_outside(
    staff: May<SendResults>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(form): Posted<AssignForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let id: OutsideResultId = id.parse().map_err(|_| Error::not_found())?;
    let most = service::most_points(&app, &exam).await?;
    if let Ok(member) = form.member.trim().parse::<MemberId>() {
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        match service::assign(&mut ch, &exam, most, id, member).await {
            Ok(()) => {
                ch.commit().await?;
                return Ok(see_other(&format!("/admin/exams/{slug}/outside?done=1")));
            }
            Err(e) if e.code() == Code::NotFound => {}
            Err(e) => return Err(e),
        }
    }
    let page = page(&app, staff.shell(), &exam, true).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(OutsidePage { unknown_member: true, ..page })).into_response())
}
