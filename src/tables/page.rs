//! The step at which a person says what the columns mean, and what the pages of all steps show at their head.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::columns::{Meaning, meant, of_form};
use super::finding::cut;
use super::import::Import;
use super::reading::opened;
use super::steps::{confirm, handed_in, of_path};
use super::table::Table;
use super::text::Encoding;
use crate::access::{May, Posted};
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// The way to a page, and the step at which it stands.
pub struct Head {
    /// Address and name of each page above.
    pub trail: Vec<(&'static str, String)>,
    pub here: String,
    /// The names of all steps; empty where they are not shown.
    pub steps: Vec<String>,
    /// The number of this one.
    pub step: usize,
}

impl Head {
    /// Of the page whose name has this key.
    pub fn of<I: Import>(w: Words, here: &str, step: usize) -> Self {
        let above = I::TEXTS.above.iter().copied().chain([(I::FIRST, I::TEXTS.title)]);
        Self {
            trail: above.map(|(address, key)| (address, w.t(key))).collect(),
            here: w.t(here),
            steps: I::TEXTS.steps.iter().map(|key| w.t(key)).collect(),
            step,
        }
    }
}

/// One thing to choose.
pub struct Choice {
    pub value: &'static str,
    pub word: String,
    pub chosen: bool,
}

/// A column: what it is called, what stands in it, what it can mean.
struct ColumnRow {
    number: usize,
    name: String,
    examples: String,
    choices: Vec<Choice>,
}

fn column_rows<I: Import>(w: Words, table: &Table, meanings: &[Option<I::Column>]) -> Vec<ColumnRow> {
    let row = |(at, name): (usize, &String)| {
        let filled = table.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let examples: Vec<String> = filled.take(2).map(|cell| cut(cell)).collect();
        let choice = |meaning: &I::Column| Choice {
            value: meaning.as_str(),
            word: w.t(&format!("{}{}", I::TEXTS.meaning, meaning.as_str().replace('_', "-"))),
            chosen: meanings.get(at).copied().flatten() == Some(*meaning),
        };
        let choices = I::Column::all().iter().map(choice).collect();
        ColumnRow { number: at, name: name.clone(), examples: examples.join(" · "), choices }
    };
    table.header.iter().enumerate().map(row).collect()
}

#[derive(Template)]
#[template(path = "tables/columns.html")]
struct ColumnsPage {
    shell: Shell,
    head: Head,
    /// Where another file is chosen.
    first: &'static str,
    address: String,
    about: String,
    encoding: &'static str,
    columns: Vec<ColumnRow>,
    problems: Vec<String>,
}

/// Asks what the columns mean, with what is wrong so far.
pub async fn ask_columns<I: Import>(
    app: &App,
    shell: Shell,
    job: &Job,
    settings: &I,
    bytes: &[u8],
    mut problems: Vec<String>,
) -> Result<Response> {
    if !settings.has_columns() {
        return Err(Error::not_found());
    }
    let (w, file) = (shell.w, settings.file());
    let (table, encoding) = match opened(app, bytes, file.encoding).await? {
        // The encoding that was chosen does not fit: what was guessed did.
        Err(wrong) if file.encoding.is_some() => {
            problems.push(wrong.told(w));
            opened(app, bytes, None).await??
        }
        read => read?,
    };
    let meanings = meant(&table.header, file.columns.as_deref());
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ColumnsPage {
        head: Head::of::<I>(w, "bulk-step-columns", 2),
        first: I::FIRST,
        address: I::address(job),
        about: w.with2(I::TEXTS.columns, "file", file.name.as_str(), "rows", table.rows.len()),
        encoding: encoding.as_str(),
        columns: column_rows::<I>(w, &table, &meanings),
        problems,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// `GET …/{job}/columns`: back to the columns.
pub async fn columns_page<I: Import>(
    may: May<I::By>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let job = of_path::<I>(&app, &id).await?;
    let (settings, bytes) = handed_in::<I>(&app, &job).await?;
    ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await
}

/// `POST …/{job}/columns`: what the columns mean, as somebody confirmed it.
pub async fn columns_post<I: Import>(
    may: May<I::By>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<BTreeMap<String, String>>,
) -> Result<Response> {
    let job = of_path::<I>(&app, &id).await?;
    let (mut settings, bytes) = handed_in::<I>(&app, &job).await?;
    let encoding = form.get("encoding").and_then(|label| Encoding::parse(label));
    settings.file_mut().encoding = encoding;
    let Ok((table, _)) = opened(&app, &bytes, encoding).await? else {
        return ask_columns(&app, may.shell(), &job, &settings, &bytes, vec![]).await;
    };
    let meanings = of_form(&form, table.header.len());
    let wrong = settings.check(&meanings);
    settings.file_mut().columns = Some(meanings);
    if !wrong.is_empty() {
        let shell = may.shell();
        let problems = I::sentences(&wrong, shell.w);
        return ask_columns(&app, shell, &job, &settings, &bytes, problems).await;
    }
    confirm(&app, may.actor(), job.id, &settings).await?;
    Ok(see_other(&I::address(&job)))
}
