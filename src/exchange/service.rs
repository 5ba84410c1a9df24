//! Reading, storing and writing a bank's file.

use serde_json::json;
use waymark_assess::interchange::{self, Export, ExportFormat, Format, Import, Report};

use crate::actor::Actor;
use crate::app::{App, Place};
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::{banks, exams};

/// Reads a file and compares it with what the bank holds. Stores nothing. The work is done away from the threads that answer, at a place of the desk,
/// which the caller keeps until the file is stored.
///
/// # Errors
/// A slug that no bank can have; the server stops.
pub async fn read(app: &App, place: &Place, bank: &str, bytes: Vec<u8>, format: Format) -> Result<Import> {
    if !banks::is_slug(bank) {
        return Err(Error::not_found());
    }
    let current = banks::current(app.db.read(), bank).await?;
    let work = move |stop: interchange::Stop<'_>| {
        let (bytes, told) = banks::in_utf8(&bytes, format);
        let mut read = interchange::import_until(&bytes, format, &|_| None, &|slug| current.get(slug).copied(), stop)?;
        read.report.warnings.extend(told);
        Some(read)
    };
    place.work(work).await
}

/// Stores what was read, or says what would be stored: a dry run does the same and lets go of it.
///
/// # Errors
/// An exam could no longer be filled.
pub async fn store(app: &App, actor: Actor, bank: &str, read: Import, dry_run: bool) -> Result<Report> {
    if read.accepted.is_empty() {
        return Ok(read.report);
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let report = banks::import(&mut ch, bank, read).await?;
    let broken = exams::broken_by(ch.tx(), bank).await?;
    if !broken.is_empty() {
        let fault = |(exam, mistake): &(String, waymark_assess::Mistake)| {
            Fault::new("", "exam_cannot_be_filled", format!("exam {exam}: {}", mistake.message))
        };
        return Err(Error::invalid(broken.iter().map(fault).collect()));
    }
    if dry_run {
        return Ok(report);
    }
    let counts = json!({"imported": report.imported(), "updated": report.updated(), "unchanged": report.unchanged()});
    ch.audit(AuditEntry::new("bank.import", bank, counts)).await?;
    ch.commit().await?;
    Ok(report)
}

/// Writes the bank in `format`; formats of one language take the texts nearest to `language`. None where there is no such bank.
///
/// # Errors
/// Every place of the desk is taken.
pub async fn export(
    app: &App,
    actor: Actor,
    bank: &str,
    format: ExportFormat,
    language: &str,
) -> Result<Option<Export>> {
    let place = app.desk.place()?;
    let db = app.db.read();
    let Some(versions) = banks::in_use(db, bank).await? else { return Ok(None) };
    let pictures = banks::pictures(db, &versions).await?;
    let language = language.to_owned();
    let work = move |_: interchange::Stop<'_>| {
        let all: Vec<_> = versions.iter().collect();
        Some(interchange::export(&all, format, &language, &|sha256| pictures.get(sha256).cloned()))
    };
    let written = place.work(work).await?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    ch.audit(AuditEntry::new("bank.export", bank, json!({"format": format.as_str(), "items": written.items}))).await?;
    ch.commit().await?;
    Ok(Some(written))
}
