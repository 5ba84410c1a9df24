//! Tables that go out: the rows with errors to be corrected, the result, links to claim.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::error::Result;
use crate::web::table;

/// A table as bytes.
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let rows: Vec<Vec<String>> = rows.into_iter().collect();
    table::csv(rows.iter().map(|row| row.iter().map(String::as_str)))
}

/// The table as a file to save.
pub fn download(name: &str, body: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        body,
    )
        .into_response()
}
