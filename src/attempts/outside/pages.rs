//! `/admin/exams/{slug}/outside`: results from outside as a list, and a file to take in.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{BATCH_LIMIT, take_all, try_all};
use super::line::{Line, line};
use super::list::received;
use super::service::{self, Outcome};
use super::settling::count_unknown;
use super::settling_pages::settling_page;
use super::sheet::{self, Unreadable};
use crate::access::{May, Permission, Posted, ReadResults, SendResults};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::OutsideResultId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

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
    /// Results whose candidate nobody knows.
    unknown: u64,
    may_send: bool,
    /// Of a file that was checked or taken in.
    report: Vec<Report>,
    checked: bool,
    taken: bool,
    csv: String,
    problem: Option<String>,
}

const ON_A_PAGE: u64 = 100;

async fn page(app: &App, shell: Shell, exam: &Exam, may_send: bool) -> Result<OutsidePage> {
    let zone = zone(app).await?;
    let received = received(app.db.read(), exam, None, ON_A_PAGE).await?;
    Ok(OutsidePage {
        slug: exam.spec.slug.clone(),
        title: title(exam, shell.w),
        rows: received.into_iter().map(|row| line(shell.w, &zone, row)).collect(),
        unknown: count_unknown(app.db.read(), exam).await?,
        may_send,
        report: vec![],
        checked: false,
        taken: false,
        csv: String::new(),
        problem: None,
        shell,
    })
}

/// `GET /admin/exams/{slug}/outside`.
pub async fn outside_page(
    staff: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    Ok(Page(page(&app, staff.shell(), &exam, staff.principal.holds(SendResults::ROLES)).await?))
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
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    let entries: Vec<_> = rows.into_iter().map(|row| row.entry).collect();
    let taken = form.go == "take";
    let results = if taken {
        take_all(&app, staff.actor(), &exam, entries).await?
    } else {
        try_all(&app, staff.actor(), &exam, &entries).await?
    };
    let wrong = results.iter().any(Result::is_err);
    let report = lines.iter().zip(&results).map(|(line, result)| {
        let (word, detail) = match result {
            Ok(Outcome::Accepted { corrects: Some(_), .. }) if taken => ("outside-correction", String::new()),
            Ok(Outcome::Accepted { corrects: Some(_), .. }) => ("outside-would-correct", String::new()),
            Ok(Outcome::Accepted { .. }) if taken => ("outside-accepted", String::new()),
            Ok(Outcome::Accepted { .. }) => ("outside-would-count", String::new()),
            Ok(Outcome::Duplicate { .. }) => ("outside-duplicate", String::new()),
            Ok(Outcome::Held { .. }) if taken => ("outside-held", words.t("outside-held-todo")),
            Ok(Outcome::Held { .. }) => ("outside-would-hold", words.t("outside-would-hold-todo")),
            Err(faults) => ("outside-rejected", named(words, faults)),
        };
        Report { line: *line, word: words.t(word), detail }
    });
    let report = report.collect();
    let page = page(&app, staff.shell(), &exam, true).await?;
    if taken {
        return Ok(Page(OutsidePage { report, taken, ..page }).into_response());
    }
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(OutsidePage { report, checked: true, csv: form.csv, ..page })).into_response())
}

/// What is wrong, column by column, in the reader's language.
fn named(words: Words, faults: &[Fault]) -> String {
    let said = |fault: &Fault| {
        let key = format!("outside-fault-{}", fault.code.replace('_', "-"));
        let why = if words.has(&key) { words.t(&key) } else { fault.detail.clone() };
        match fault.pointer.trim_start_matches('/') {
            "" => why,
            column => words.with2("outside-fault", "column", column, "why", why),
        }
    };
    words.sentences(&faults.iter().map(said).collect::<Vec<_>>())
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

/// `POST /admin/exams/{slug}/outside/{id}/member`: whose a held result is, by member id, handle or proved address.
pub async fn assign_outside(
    staff: May<SendResults>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(form): Posted<AssignForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let id: OutsideResultId = id.parse().map_err(|_| Error::not_found())?;
    let most = service::most_points(&app, &exam).await?;
    if let Some(member) = service::named(app.db.read(), form.member.trim()).await? {
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        service::assign(&mut ch, &exam, most, id, member).await?;
        ch.commit().await?;
        return Ok(see_other(&format!("/admin/exams/{slug}/outside/settle?done=member")));
    }
    let page = settling_page(&app, staff.shell(), &exam, true).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page.unknown_member())).into_response())
}
