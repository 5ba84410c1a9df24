//! Pages: choose a file, see what it would do, confirm.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::Mistake;
use waymark_assess::interchange::{self, Format, ItemOutcome, Report};

use super::{IMPORT_LIMIT, kept, service};
use crate::access::{ApplyProgram, May, Posted, check_multipart};
use crate::app::App;
use crate::banks;
use crate::error::{Code, Error, Result};
use crate::tables;
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::page::{Page, Shell};

/// Rows of a report that are shown; the counts are always of all.
const SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "exchange/import.html")]
struct ImportPage {
    shell: Shell,
    slug: String,
    /// What people call the bank.
    title: String,
    /// Nobody made the bank yet: the import does.
    is_new: bool,
    problems: Vec<String>,
    report: Option<Shown>,
}

impl ImportPage {
    async fn of(app: &App, shell: Shell, slug: &str) -> Result<Self> {
        let known = match banks::bank(app.db.read(), slug).await {
            Err(e) if e.code() == Code::NotFound => None,
            other => Some(other?),
        };
        let is_new = known.is_none();
        let title = known.and_then(|bank| bank.title).unwrap_or_else(|| slug.to_owned());
        Ok(Self { shell, slug: slug.to_owned(), title, is_new, problems: vec![], report: None })
    }

    fn with(self, problem: String) -> Self {
        Self { problems: vec![problem], ..self }
    }

    fn telling(self, report: Shown) -> Self {
        Self { report: Some(report), ..self }
    }

    /// The columns of a CSV: name, what stands there, an example.
    fn columns(&self) -> Vec<(&'static str, String, String)> {
        let w = self.shell.w;
        let text = |part: &str, name: &str| w.t(&format!("exchange-{part}-{name}"));
        COLUMNS.iter().map(|(name, key)| (*name, text("column", key), text("example", key))).collect()
    }
}

/// The columns that a CSV of choice items has, by the keys of their texts.
const COLUMNS: [(&str, &str); 9] = [
    ("id", "id"),
    ("question", "question"),
    ("a, b, c …", "options"),
    ("correct", "correct"),
    ("domain", "domain"),
    ("tags", "tags"),
    ("rationale", "rationale"),
    ("figure", "figure"),
    ("figure_alt", "figure-alt"),
];

/// `GET /admin/banks/{slug}/import/sample.csv`: a file to begin with, in the reader's language.
pub async fn sample_csv(may: May<ApplyProgram>, Path(slug): Path<String>) -> Result<Response> {
    if !banks::is_slug(&slug) {
        return Err(Error::not_found());
    }
    let text = may.shell().w.t("exchange-sample");
    // Every cell of the sample is plain: no comma or quotation mark stands within one.
    tables::download("items.csv", text.lines().map(|line| line.split(',').map(str::to_owned).collect()))
}

/// A report in words.
struct Shown {
    /// What to confirm; empty once it is done, or where nothing is to be stored.
    confirm: String,
    format: String,
    name: String,
    done: bool,
    imported: usize,
    updated: usize,
    unchanged: usize,
    rejected: usize,
    rows: Vec<Row>,
    more: usize,
}

struct Row {
    item: String,
    place: String,
    state: String,
    /// For a chip.
    class: &'static str,
    texts: Vec<String>,
}

/// `GET /admin/banks/{slug}/import`.
pub async fn import_page(may: May<ApplyProgram>, State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    if !banks::is_slug(&slug) {
        return Err(Error::not_found());
    }
    Ok(Page(ImportPage::of(&app, may.shell(), &slug).await?).into_response())
}

#[derive(Default)]
struct Form {
    csrf: String,
    format: String,
    name: String,
    file: Vec<u8>,
}

/// `POST /admin/banks/{slug}/import`: reads the file, keeps it, shows what would happen.
pub async fn choose_post(
    may: May<ApplyProgram>,
    State(app): State<App>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response> {
    if !banks::is_slug(&slug) {
        return Err(Error::not_found());
    }
    let w = may.shell().w;
    let page = ImportPage::of(&app, may.shell(), &slug).await?;
    let refused = |page: ImportPage, problem: String, status| (status, Page(page.with(problem))).into_response();
    let form = match uploaded(request, &app).await {
        Err(e) if e.code() == Code::TooLarge => {
            return Ok(refused(page, w.t("exchange-why-too-large"), StatusCode::PAYLOAD_TOO_LARGE));
        }
        other => other?,
    };
    check_multipart(&may.principal, &form.csrf)?;
    if form.file.is_empty() {
        return Ok(refused(page, w.t("exchange-why-no-file"), StatusCode::UNPROCESSABLE_ENTITY));
    }
    let format = match Format::parse(&form.format).map_or_else(|| Format::detect(&form.name, &form.file), Ok) {
        Ok(format) => format,
        Err(mistake) => return Ok(refused(page, in_words(w, &mistake), StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let Ok(place) = app.desk.place() else {
        return Ok(busy(refused(page, w.t("exchange-why-busy"), StatusCode::SERVICE_UNAVAILABLE)));
    };
    let (data, bytes) = (app.config.data_dir.clone(), form.file.clone());
    let hash = tokio::task::spawn_blocking(move || kept::keep(&data, &bytes)).await.map_err(Error::internal)??;
    let read = service::read(&app, &place, &slug, form.file, format).await?;
    let report = match service::store(&app, may.actor(), &slug, read, true).await {
        Ok(report) => report,
        Err(e) if e.code() == Code::ValidationFailed => {
            return Ok(refused(page, faults(&e), StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(e) => return Err(e),
    };
    let mut shown = Shown::of(w, &report, format, form.name, false);
    if report.imported() + report.updated() > 0 {
        shown.confirm = hash;
    }
    Ok(Page(page.telling(shown)).into_response())
}

/// What was confirmed: the file by its hash.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    file: String,
    format: String,
    name: String,
}

/// `POST /admin/banks/{slug}/import/confirm`: imports the file that was shown.
pub async fn confirm_post(
    may: May<ApplyProgram>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<Confirmed>,
) -> Result<Response> {
    if !banks::is_slug(&slug) {
        return Err(Error::not_found());
    }
    let w = may.shell().w;
    let format = Format::parse(&form.format).ok_or_else(|| Error::malformed("no such format"))?;
    let page = ImportPage::of(&app, may.shell(), &slug).await?;
    let Ok(place) = app.desk.place() else {
        let page = page.with(w.t("exchange-why-busy"));
        return Ok(busy((StatusCode::SERVICE_UNAVAILABLE, Page(page)).into_response()));
    };
    let (data, name) = (app.config.data_dir.clone(), form.file.clone());
    let bytes = tokio::task::spawn_blocking(move || kept::take(&data, &name)).await.map_err(Error::internal)?;
    let Some(bytes) = bytes else {
        return Ok((StatusCode::GONE, Page(page.with(w.t("exchange-why-gone")))).into_response());
    };
    let read = service::read(&app, &place, &slug, bytes, format).await?;
    let report = service::store(&app, may.actor(), &slug, read, false).await?;
    kept::forget(&app.config.data_dir, &form.file);
    let shown = Shown::of(w, &report, format, form.name, true);
    Ok(Page(page.telling(shown)).into_response())
}

/// Every place of the desk is taken: the page says so, and when to come back.
fn busy(mut response: Response) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

async fn uploaded(request: Request, app: &App) -> Result<Form> {
    let (parts, bytes) = input::upload(request, IMPORT_LIMIT).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let mut parts = Multipart::from_request(whole, app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            form.name = part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
            form.file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
            continue;
        }
        let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
        match name.as_str() {
            "csrf" => form.csrf = text,
            "format" => form.format = text,
            _ => {}
        }
    }
    Ok(form)
}

fn faults(error: &Error) -> String {
    error.faults().iter().map(|fault| fault.detail.as_str()).collect::<Vec<_>>().join(" · ")
}

fn in_words(w: Words, mistake: &Mistake) -> String {
    mistake.message_in(w.lang()).to_owned()
}

impl Shown {
    fn of(w: Words, report: &Report, format: Format, name: String, done: bool) -> Self {
        let mut rows = vec![];
        for (line, mistake) in &report.broken {
            rows.push(Row {
                item: String::new(),
                place: line.to_string(),
                state: w.t("exchange-state-file"),
                class: "revoked",
                texts: vec![in_words(w, mistake)],
            });
        }
        for warning in report.warnings.iter().filter(|warning| warning.item.is_none()) {
            rows.push(Row {
                item: String::new(),
                place: warning.line.to_string(),
                state: w.t("exchange-state-file"),
                class: "unknown",
                texts: vec![in_words(w, &warning.text)],
            });
        }
        let mut notes: Notes<'_> = BTreeMap::new();
        for loss in &report.losses {
            notes.entry((loss.item.as_str(), loss.line)).or_default().push(&loss.text);
        }
        for warning in &report.warnings {
            if let Some(item) = &warning.item {
                notes.entry((item.as_str(), Some(warning.line))).or_default().push(&warning.text);
            }
        }
        for item in &report.items {
            rows.extend(row(w, &notes, item));
        }
        let more = rows.len().saturating_sub(SHOWN);
        rows.truncate(SHOWN);
        Self {
            confirm: String::new(),
            format: format.as_str().to_owned(),
            name,
            done,
            imported: report.imported(),
            updated: report.updated(),
            unchanged: report.unchanged(),
            rejected: report.rejected().count(),
            rows,
            more,
        }
    }
}

/// What is to be said of an item that was taken, by its name and line.
type Notes<'r> = BTreeMap<(&'r str, Option<usize>), Vec<&'r Mistake>>;

fn row(w: Words, notes: &Notes<'_>, item: &interchange::ItemReport) -> Option<Row> {
    let known = notes.get(&(item.item.as_str(), Some(item.line))).into_iter().flatten();
    let mut texts: Vec<String> = known.map(|note| in_words(w, note)).collect();
    let (state, class) = match &item.outcome {
        ItemOutcome::Rejected(mistakes) => {
            texts = mistakes.iter().map(|mistake| in_words(w, mistake)).collect();
            ("exchange-state-rejected", "revoked")
        }
        ItemOutcome::Imported => ("exchange-state-imported", "valid"),
        ItemOutcome::Updated => ("exchange-state-updated", "info"),
        ItemOutcome::Unchanged if texts.is_empty() => return None,
        ItemOutcome::Unchanged => ("exchange-state-unchanged", "unknown"),
    };
    let place = item.file.as_ref().map_or_else(|| item.line.to_string(), |file| format!("{file}:{}", item.line));
    Some(Row { item: item.item.clone(), place, state: w.t(state), class, texts })
}
