//! The step at which a person says what the columns mean.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::columns::Meaning;
use super::finding::cut;
use super::table::Table;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};

/// One thing to choose.
pub struct Choice {
    pub value: &'static str,
    pub word: String,
    pub chosen: bool,
}

/// A column: what it is called, what stands in it, what it can mean.
pub struct ColumnRow {
    pub number: usize,
    pub name: String,
    pub examples: String,
    pub choices: Vec<Choice>,
}

/// The columns as the page shows them; `words` begins the keys of the meanings' texts (`import-column-`).
pub fn column_rows<M: Meaning>(w: Words, words: &str, table: &Table, meanings: &[Option<M>]) -> Vec<ColumnRow> {
    let row = |(at, name): (usize, &String)| {
        let filled = table.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let examples: Vec<String> = filled.take(2).map(|cell| cut(cell)).collect();
        let choice = |meaning: &M| Choice {
            value: meaning.as_str(),
            word: w.t(&format!("{words}{}", meaning.as_str().replace('_', "-"))),
            chosen: meanings.get(at).copied().flatten() == Some(*meaning),
        };
        let choices = M::all().iter().map(choice).collect();
        ColumnRow { number: at, name: name.clone(), examples: examples.join(" · "), choices }
    };
    table.header.iter().enumerate().map(row).collect()
}

/// The page of the columns, for rooms that need no more than that.
#[derive(Template)]
#[template(path = "tables/columns.html")]
pub struct ColumnsPage {
    pub shell: Shell,
    /// Where a file is chosen, and what that page is called.
    pub first: &'static str,
    pub title: String,
    /// The table's own address.
    pub address: String,
    pub about: String,
    pub encoding: &'static str,
    pub columns: Vec<ColumnRow>,
    pub problems: Vec<String>,
}

impl IntoResponse for ColumnsPage {
    fn into_response(self) -> Response {
        let status = if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        (status, Page(self)).into_response()
    }
}
