//! `waymark credential bulk FILE`: many credentials from a table, against the store itself. The same command again takes up what was cut off.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Context, DRY_RUN, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::app::App;
use crate::banks;
use crate::credentials::{self, CheckedTable, TableEncoding, TableFormat, TableSettings};
use crate::error::{Code, Error};
use crate::ids::JobId;
use crate::issuer;
use crate::jobs::{self, Counts, JobKind, JobState, RowState};
use crate::tables::FileSettings;

#[derive(Args)]
pub(super) struct Bulk {
    /// The table: CSV (comma, tab or semicolon) or NDJSON, up to 1,000 rows.
    file: PathBuf,
    /// The track of rows that name none: slug or id.
    #[arg(long)]
    track: Option<String>,
    /// The language of new recipients whose row names none: ja or en.
    #[arg(long)]
    locale: Option<String>,
    /// utf-8, utf-16le or cp932, where it cannot be told from the file.
    #[arg(long, value_parser = encoding)]
    encoding: Option<TableEncoding>,
    /// Report what would be issued and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where to write links for recipients who never signed in, as CSV.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    claim_links: Option<PathBuf>,
}

fn encoding(label: &str) -> Result<TableEncoding, String> {
    TableEncoding::parse(label).ok_or_else(|| "use utf-8, utf-16le, utf-16be or cp932".to_owned())
}

impl Bulk {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let bytes = banks::read_bounded(&self.file, credentials::BULK_LIMIT).map_err(|why| {
            let exit = if why.kind() == std::io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Invalid };
            Failure::new(exit, format!("{} cannot be read: {why}", self.file.display()))
        })?;
        if bytes.len() > credentials::BULK_LIMIT {
            let message = format!("{} is larger than {} bytes: split it", self.file.display(), credentials::BULK_LIMIT);
            return Err(Failure::new(Exit::Invalid, message));
        }
        if let Some(tag) = self.locale.as_deref().filter(|tag| !matches!(*tag, "ja" | "en")) {
            return Err(Failure::new(Exit::Invalid, format!("--locale: `{tag}` is not known; use ja or en")));
        }
        let app = context.open().await?;
        let settings = self.settings(&bytes);
        let key = credentials::table_key(&settings)?;
        let open = jobs::by_open_key(app.db.read(), JobKind::BulkIssue, &key).await?;
        let id = match open.filter(|job| job.state == JobState::Running && !self.dry_run) {
            Some(job) => {
                say(&format!("taking up {} again, which was cut off", job.id));
                job.id
            }
            None => {
                let checked = credentials::check_table(&app, &bytes, &settings).await?;
                self.tell(context, &checked);
                if self.dry_run {
                    print_report(context, &checked);
                    return Ok(if checked.errors() == 0 { Exit::Ok } else { Exit::Partial });
                }
                if checked.good().next().is_none() {
                    print_report(context, &checked);
                    return Ok(Exit::Invalid);
                }
                issuer::keyring(&app).await.map_err(Error::from)?;
                let id = begin(&app, &settings, &checked, key).await?;
                // Before the first row, so that whoever is cut off knows what to look for.
                say(&format!(
                    "{id}: issuing {}; the same command again takes it up if it is cut off",
                    counted(checked.good().count(), "row")
                ));
                id
            }
        };
        let counts = work(&app, id).await?;
        if let Some(path) = &self.claim_links {
            write_links(&app, id, path).await?;
        }
        print_result(context, &app, id, counts).await
    }

    fn settings(&self, bytes: &[u8]) -> TableSettings {
        let name = self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let lines = [".ndjson", ".jsonl"].iter().any(|end| name.to_lowercase().ends_with(end));
        TableSettings {
            format: if lines || bytes.first() == Some(&b'{') { TableFormat::Ndjson } else { TableFormat::Csv },
            track: self.track.clone(),
            locale: self.locale.clone(),
            file: FileSettings::of(&name, self.encoding, bytes),
        }
    }

    /// What was found, for whoever sits at the terminal.
    fn tell(&self, context: &Context, checked: &CheckedTable) {
        if context.json {
            return;
        }
        for row in &checked.sheet.rows {
            for finding in &row.findings {
                let kind = if finding.is_error() { "error" } else { "warning" };
                let column = finding.column.as_deref().map(|c| format!("{c}: ")).unwrap_or_default();
                let value = finding.value.as_deref().map(|v| format!(" (`{v}`)")).unwrap_or_default();
                say(&format!("{}:{}: {kind}: {column}{}{value}", self.file.display(), row.row, finding.detail));
            }
        }
    }
}

fn print_report(context: &Context, checked: &CheckedTable) {
    say(DRY_RUN);
    let mut report = checked.report();
    report["dry_run"] = json!(true);
    let text = format!(
        "{}: {} would be issued, {} with errors, {} with warnings; {}",
        counted(checked.sheet.rows.len(), "row"),
        checked.good().count(),
        checked.errors(),
        checked.warned(),
        counted(checked.new_members, "new recipient")
    );
    context.print(&report, &text);
}

/// Starts it under the file's own name, so that the same command finds it again.
async fn begin(app: &App, settings: &TableSettings, checked: &CheckedTable, key: String) -> Result<JobId, Failure> {
    let prepared = credentials::prepare_table(app, Actor::Operator, settings, vec![], Some(key.clone())).await;
    let id = match prepared {
        Ok(id) => id,
        // Prepared by the same command, which was cut off before it started.
        Err(e) if e.code() == Code::Conflict => {
            jobs::by_open_key(app.db.read(), JobKind::BulkIssue, &key).await?.ok_or(e)?.id
        }
        Err(e) => return Err(e.into()),
    };
    credentials::start_table(app, Actor::Operator, id, settings, checked).await?;
    Ok(id)
}

/// Works until no row waits. A server that runs beside takes its share.
async fn work(app: &App, id: JobId) -> Result<Counts, Failure> {
    let shown = std::io::stderr().is_terminal();
    loop {
        let job = jobs::find(app.db.read(), id).await?;
        let counts = jobs::counts(app.db.read(), id).await?;
        if shown {
            show(&counts);
        }
        if job.state.has_ended() {
            if shown {
                let _ = writeln!(std::io::stderr());
            }
            return Ok(counts);
        }
        if !credentials::work(app, &job).await? {
            // another process holds a row: look again soon
            let _ = tokio::time::timeout(REST, std::future::pending::<()>()).await;
        }
    }
}

/// How long to wait for rows that somebody else works on.
const REST: std::time::Duration = std::time::Duration::from_millis(200);
const WIDE: u64 = 30;

fn show(counts: &Counts) {
    let worked = counts.total - counts.waiting;
    let full = worked * WIDE / counts.total.max(1);
    let bar: String = (0..WIDE).map(|n| if n < full { '#' } else { '.' }).collect();
    let _ = write!(std::io::stderr(), "\r[{bar}] {worked}/{} ({} failed)", counts.total, counts.failed);
}

async fn write_links(app: &App, id: JobId, path: &std::path::Path) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let exists = |e| Failure::new(Exit::Failure, format!("{}: {e}", path.display()));
    // The file first: links that could not be written down would take the place of those in use.
    let mut file = options.open(path).map_err(exists)?;
    let made = credentials::claim_links_for(app, Actor::Operator, id).await?;
    let header = ["name", "email", "number", "claim_link"].map(str::to_owned).to_vec();
    let count = made.len();
    let rows = made.into_iter().map(|row| vec![row.name, row.email, row.number, row.link]);
    file.write_all(&credentials::write_table([header].into_iter().chain(rows))?)?;
    say(&format!("{}: {}", path.display(), counted(count, "link")));
    Ok(())
}

async fn print_result(context: &Context, app: &App, id: JobId, counts: Counts) -> Outcome {
    let job = jobs::find(app.db.read(), id).await?;
    let rows = jobs::rows(app.db.read(), id, 0, u64::from(u32::MAX)).await?;
    let result = |word: &str| rows.iter().filter(|r| r.outcome.as_ref().is_some_and(|o| o["result"] == word)).count();
    let (issued, held) = (result("issued"), result("held"));
    if !context.json {
        for row in rows.iter().filter(|r| r.state == RowState::Failed) {
            let said = row.outcome.clone().unwrap_or_default();
            let why: Vec<&str> =
                said["errors"].as_array().into_iter().flatten().filter_map(|e| e["detail"].as_str()).collect();
            say(&format!("row {}: not issued: {}", said["row"], why.join("; ")));
        }
    }
    let mut body = serde_json::to_value(jobs::body_of(app, &job).await?).map_err(Error::from)?;
    body["issued"] = json!(issued);
    body["held"] = json!(held);
    let said = rows.into_iter().map(|row| row.outcome.unwrap_or(Value::Null));
    body["rows"] = said.collect();
    let text =
        format!("{id}: {issued} issued, {held} held already, {} not issued, {} left", counts.failed, counts.cancelled);
    context.print(&body, &text);
    Ok(if counts.failed + counts.cancelled == 0 { Exit::Ok } else { Exit::Partial })
}
