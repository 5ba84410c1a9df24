//! Tables that go out again: the rows to be corrected, what became of each, links.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::error::Result;
use crate::web::table;

/// A table as bytes.
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let rows: Vec<Vec<String>> = rows.into_iter().collect();
    table::csv(rows.iter().map(|row| row.iter().map(String::as_str)))
}

/// A table as a file to save, which nobody on the way keeps.
pub fn download(name: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Result<Response> {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, csv(rows)?).into_response())
}
