//! `POST /api/v1/contributions/import`.

use axum::extract::{Query, Request, State};
use axum::response::Response;
use serde::Deserialize;

use super::sheet::{Preset, Settings};
use super::work;
use crate::access::{ImportContributions, May};
use crate::app::App;
use crate::contributions::own;
use crate::error::{Error, Fault, Result};
use crate::tables::{self, FileSettings, call};

/// What the address says about the body.
#[derive(Debug, Default, Deserialize)]
pub struct ImportQuery {
    #[serde(default)]
    preset: Option<String>,
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    object: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    day: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// The settings of a file whose columns are taken by their names.
pub(super) fn settings(query: ImportQuery, name: &str, bytes: &[u8]) -> Result<Settings> {
    let mut faults = vec![];
    let some = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let preset = Preset::parse(query.preset.as_deref().unwrap_or("none"));
    if preset.is_none() {
        faults.push(Fault::new("/preset", "unknown_word", "use connpass, peatix, doorkeeper or none"));
    }
    let kind = query.r#type.unwrap_or_else(|| own::ATTENDED.to_owned());
    if !own::TABLE_TYPES.contains(&kind.as_str()) {
        faults.push(Fault::new("/type", "unknown_type", format!("use one of: {}", own::TABLE_TYPES.join(", "))));
    }
    let encoding = call::named_encoding(query.encoding.as_deref(), &mut faults);
    let (Some(preset), true) = (preset, faults.is_empty()) else { return Err(Error::invalid(faults)) };
    Ok(Settings {
        preset,
        kind,
        object: some(query.object),
        title: some(query.title),
        day: some(query.day),
        file: FileSettings::of(name, encoding, bytes),
    })
}

/// A table of contributions → 202 with the work that was started and what becomes of each row; a dry run answers 200 with the rows alone.
pub async fn import_call(
    may: May<ImportContributions>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Response> {
    let bytes = call::body(request).await?;
    let dry_run = query.dry_run;
    let settings = settings(query, "", &bytes)?;
    let tried = work::try_out(&app, may.actor(), &bytes, &settings).await?;
    let tried = tried.map_err(|wrong| tables::refused(&wrong))?;
    let rows: Vec<_> = tried.iter().map(work::Tried::report).collect();
    if dry_run {
        return Ok(call::dry_run(&rows));
    }
    let id = tables::prepare(&app, may.actor(), &settings, vec![], None).await?;
    work::start(&app, may.actor(), id, &settings, &tried).await?;
    Ok(call::started(id, &rows))
}

impl ImportQuery {
    /// What a form says, by the names of its fields.
    pub(super) fn of_form(field: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            preset: field("preset"),
            r#type: field("type"),
            object: field("object"),
            title: field("title"),
            day: field("day"),
            encoding: field("encoding"),
            dry_run: true,
        }
    }
}
