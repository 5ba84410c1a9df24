//! What the calls of all rooms that take tables share.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::TABLE_LIMIT;
use super::text::Encoding;
use crate::error::{Fault, Result};
use crate::ids::JobId;
use crate::web::input;

/// The table that is the body of a call.
pub async fn body(request: Request) -> Result<Vec<u8>> {
    input::require_type(request.headers(), &["text/csv", "text/tab-separated-values"])?;
    Ok(input::upload(request, TABLE_LIMIT).await?.1)
}

/// The encoding that a call or a form names, where it names one.
pub fn named_encoding(label: Option<&str>, faults: &mut Vec<Fault>) -> Option<Encoding> {
    let label = label.map(str::trim).filter(|label| !label.is_empty())?;
    let known = Encoding::parse(label);
    if known.is_none() {
        faults.push(Fault::new("/encoding", "unknown_word", "use utf-8, utf-16 or cp932"));
    }
    known
}

/// What would become of each row: of a dry run.
pub fn dry_run(rows: &[Value]) -> Response {
    axum::Json(json!({"dry_run": true, "rows": rows})).into_response()
}

/// What becomes of each row, with the work that was started.
pub fn started(id: JobId, rows: &[Value]) -> Response {
    let location = format!("/api/v1/jobs/{id}");
    let body = json!({"dry_run": false, "job": id, "rows": rows});
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], axum::Json(body)).into_response()
}
