//! `/verify/batch`: a list in, a table out; the same answers as CSV, as JSON or as a page to keep.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};

use super::picked::{self, TooMany};
use super::rows::{ListFault, of_file, of_text};
use super::run::{count, items, run};
use super::table::Shown;
use super::{MOST, sheet};
use crate::access::{Public, check_multipart};
use crate::app::{App, Limit};
use crate::error::Result;
use crate::issuer;
use crate::verification::pages::may_go_back_to;
use crate::verification::saved::{self, Entry};
use crate::web::client::Client;
use crate::web::input;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "verification/batch.html")]
struct BatchPage {
    shell: Shell,
    most: usize,
    given: String,
    look_up: bool,
    problem: Option<String>,
    lines: Vec<Shown>,
    /// How many of each, in words.
    summary: String,
    checked_at: String,
}

pub async fn batch_page(visitor: Public) -> impl IntoResponse {
    Page(empty(visitor.shell(), Given::default(), None))
}

#[derive(Default)]
struct Given {
    text: String,
    file: Vec<u8>,
    look_up: bool,
    /// `csv`, `json`, `pdf`, `page`; else the table.
    form: String,
}

fn empty(shell: Shell, given: Given, problem: Option<String>) -> BatchPage {
    BatchPage {
        shell,
        most: MOST,
        given: given.text,
        look_up: given.look_up,
        problem,
        lines: vec![],
        summary: String::new(),
        checked_at: String::new(),
    }
}

pub async fn batch_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    mut form: Multipart,
) -> Result<Response> {
    let (mut given, mut csrf) = (Given::default(), String::new());
    while let Some(part) = form.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            given.file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
            continue;
        }
        let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
        match name.as_str() {
            "csrf" => csrf = text,
            "text" => given.text = text,
            "look_up" => given.look_up = true,
            "form" => given.form = text,
            _ => {}
        }
    }
    check_multipart(&visitor.principal, &csrf)?;
    answer(&visitor, &app, &client, given).await
}

/// The table for one pasted text.
pub async fn answer_text(
    visitor: &Public,
    app: &App,
    client: &Client,
    text: String,
    look_up: bool,
) -> Result<Response> {
    answer(visitor, app, client, Given { text, look_up, ..Given::default() }).await
}

async fn answer(visitor: &Public, app: &App, client: &Client, given: Given) -> Result<Response> {
    let (shell, words) = (visitor.shell(), visitor.shell().w);
    let lines = match (given.file.is_empty(), given.text.trim().is_empty()) {
        (true, _) => of_text(&given.text),
        (false, true) => of_file(&given.file),
        (false, false) => return Ok(Page(empty(shell, given, Some(words.t("batch-fault-both")))).into_response()),
    };
    let lines = match lines {
        Ok(lines) => lines,
        Err(fault) => {
            let problem = match fault {
                ListFault::Empty => words.t("batch-fault-empty"),
                ListFault::TooMany(_) => words.with1("batch-fault-many", "most", MOST),
                ListFault::Encoding => words.t("batch-fault-encoding"),
            };
            return Ok(Page(empty(shell, given, Some(problem))).into_response());
        }
    };
    client.spend_many(app, Limit::Verification, u32::try_from(lines.len()).unwrap_or(u32::MAX))?;
    // The same list once more, for the other forms of the answer: a file cannot be sent again by a page.
    let again = if given.file.is_empty() { given.text.clone() } else { as_text(&lines) };
    let items = match picked::opened(app, client, items(app, lines, given.look_up)).await? {
        Ok(items) => items,
        Err(TooMany(_)) => {
            let problem = words.with1("batch-fault-many-picked", "most", MOST);
            return Ok(Page(empty(shell, given, Some(problem))).into_response());
        }
    };
    let outcomes = run(app, client, items).await;
    let zone = issuer::zone(app.db.read()).await?;
    let now = app.db.now();
    match given.form.as_str() {
        "csv" => {
            let lines: Vec<Shown> = outcomes.iter().map(|outcome| Shown::of(outcome, words, &zone)).collect();
            Ok(saved::attached(sheet::csv(&lines, words)?, "text/csv; charset=utf-8", "csv", now, &zone))
        }
        "json" | "pdf" | "page" => {
            let entries: Vec<Entry<'_>> = outcomes.iter().map(Entry::of_line).collect();
            saved::answer(app, shell, &given.form, &entries, now, &zone).await
        }
        // The other forms are the same list once more, and count as nothing.
        _ => {
            count(app, client, &outcomes, visitor.principal.member()).await?;
            let lines: Vec<Shown> = outcomes.iter().map(|outcome| Shown::of(outcome, words, &zone)).collect();
            let valid = lines.iter().filter(|line| line.state == "valid").count();
            let none = lines.iter().filter(|line| line.state.is_empty()).count();
            let counts: [(&str, &dyn crate::web::i18n::Arg); 4] =
                [("all", &lines.len()), ("valid", &valid), ("none", &none), ("other", &(lines.len() - valid - none))];
            let summary = words.with("batch-summary", &counts);
            let checked_at = words.with1("report-checked-at", "time", zone.instant(words, now));
            let look_up = given.look_up;
            let page =
                BatchPage { shell, most: MOST, given: again, look_up, problem: None, lines, summary, checked_at };
            Ok(may_go_back_to(Page(page).into_response()))
        }
    }
}

/// A list as text that reads the same, line for line: what each means, without what else stood beside it.
fn as_text(lines: &[super::line::Line]) -> String {
    use super::line::Subject;
    let named = lines.iter().any(|line| line.name.is_some());
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = if named { "url,number,check_code,name\n".to_owned() } else { String::new() };
    let mut written = usize::from(named);
    for line in lines {
        // Blank lines keep the numbers that the lines have.
        while written + 1 < line.at {
            text.push('\n');
            written += 1;
        }
        written += 1;
        let (url, number, code, name) = match &line.meaning {
            Ok(Subject::Address(url)) => (url.as_str(), "", "", line.name.as_deref().unwrap_or_default()),
            Ok(Subject::Number { number, check_code }) => {
                ("", number.as_str(), check_code.as_str(), line.name.as_deref().unwrap_or_default())
            }
            Ok(Subject::NamedNumber { number, name }) => ("", number.as_str(), "", name.as_str()),
            Err(_) => (line.given.as_str(), "", "", line.name.as_deref().unwrap_or_default()),
        };
        let cells: Vec<&str> = if named {
            vec![url, number, code, name]
        } else {
            [url, number, code, name].into_iter().filter(|cell| !cell.is_empty()).collect()
        };
        text.push_str(&cells.into_iter().map(cell).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}
