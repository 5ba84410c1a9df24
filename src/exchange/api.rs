//! `POST /api/v1/banks/{slug}/imports`, `GET /api/v1/banks/{slug}/export`.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::interchange::{self, ExportFormat, Format};

use super::service;
use crate::access::{ApplyProgram, AuthorBanks, May};
use crate::app::App;
use crate::banks;
use crate::error::{Error, Fault, Result};
use crate::web::input;

/// The largest file, and a little for what a form puts around it.
pub const IMPORT_LIMIT: usize = interchange::MAX_FILE + 64 * 1024;

/// What the address says about the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    format: Option<String>,
}

/// The file as body → 200 with the report, item by item.
pub async fn import_bank(
    may: May<ApplyProgram>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<ImportQuery>,
    request: Request,
) -> Result<Response> {
    if !banks::is_slug(&slug) {
        return Err(Error::not_found());
    }
    let kind = input::content_type(request.headers()).to_owned();
    let (_, bytes) = input::upload(request, interchange::MAX_FILE).await?;
    let format = match asked.format.as_deref() {
        Some(name) => Format::parse(name).ok_or_else(|| unknown_format(name))?,
        None => Format::detect(of_media_type(&kind)?, &bytes)
            .map_err(|m| Error::invalid(vec![Fault::new("", m.code, m.message)]))?,
    };
    let created = !banks::exists(app.db.read(), &slug).await?;
    let place = app.desk.place()?;
    let read = service::read(&app, &place, &slug, bytes, format).await?;
    let report = service::store(&app, may.actor(), &slug, read, asked.dry_run).await?;
    let mut body = json!(report);
    body["bank"] = json!(slug);
    body["dry_run"] = json!(asked.dry_run);
    let stored = report.imported() + report.updated() + report.unchanged() > 0;
    body["bank_created"] = json!(created && stored && !asked.dry_run);
    Ok(Json(body).into_response())
}

/// A name whose extension tells the format; nothing for the types that leave it to the bytes.
fn of_media_type(kind: &str) -> Result<&'static str> {
    Ok(match kind {
        "text/csv" => "file.csv",
        "application/json" => "file.json",
        "application/yaml" | "text/yaml" => "file.yaml",
        "application/xml" | "text/xml" => "file.xml",
        "application/zip" => "file.zip",
        "application/octet-stream" | "text/plain" => "file",
        _ => {
            let expected = "application/octet-stream, application/zip, application/xml, text/plain, text/csv, application/json, application/yaml";
            return Err(Error::new(crate::error::Code::UnsupportedType).with("expected", expected));
        }
    })
}

fn unknown_format(name: &str) -> Error {
    let name: String = name.chars().take(40).collect();
    let detail =
        format!("`{name}` is no format: write qti, moodle-xml, gift, aiken, csv, json or yaml, or leave it out");
    Error::invalid(vec![Fault::new("/format", "unknown_format", detail)])
}

/// In which format a bank is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    format: String,
    /// Of formats that hold one language.
    #[serde(default)]
    language: Option<String>,
    /// The report on what the file does not say, in place of the file.
    #[serde(default)]
    dry_run: bool,
    /// CSV, JSON and YAML with the pictures that they name, as one ZIP. Other formats hold theirs, or none.
    #[serde(default)]
    pictures: bool,
}

/// The bank as a file, keys included. How many items and losses there are stands in the headers; `dry_run` answers them in full.
pub async fn export_bank(
    may: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<ExportQuery>,
) -> Result<Response> {
    let format = ExportFormat::parse(&asked.format).ok_or_else(|| {
        let names: Vec<&str> = ExportFormat::ALL.iter().map(|format| format.as_str()).collect();
        let detail = format!("this is no format: write one of {}", names.join(", "));
        Error::invalid(vec![Fault::new("/format", "unknown_format", detail)])
    })?;
    let language = asked.language.as_deref().unwrap_or("en");
    let export = service::export(&app, may.actor(), &slug, format, language).await?.ok_or_else(Error::not_found)?;
    if asked.dry_run {
        let beside: Vec<&String> = export.beside.keys().collect();
        let body: Value = json!({
            "bank": slug, "format": format.as_str(), "items": export.items, "losses": export.losses, "left_out": export.left_out,
            "pictures_beside": beside,
        });
        return Ok(Json(body).into_response());
    }
    let packed = asked.pictures && format.names_pictures();
    let name = format!("{slug}.{}", format.extension());
    let (bytes, name, media_type) = match packed {
        true => (export.packed(&name), format!("{slug}.zip"), "application/zip"),
        false => (export.bytes, name, format.media_type()),
    };
    let beside = if packed { 0 } else { export.beside.len() };
    let name = format!("attachment; filename=\"{name}\"");
    let count = |n: usize| HeaderValue::from(u64::try_from(n).unwrap_or(u64::MAX));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Error::internal)?),
        (header::HeaderName::from_static("waymark-items"), count(export.items)),
        (header::HeaderName::from_static("waymark-left-out"), count(export.left_out.len())),
        (header::HeaderName::from_static("waymark-losses"), count(export.losses.len())),
        (header::HeaderName::from_static("waymark-pictures-beside"), count(beside)),
    ];
    Ok((headers, bytes).into_response())
}
