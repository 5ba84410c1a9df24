//! `waymark member import FILE`: people from a table, against the store itself. The columns are taken by their names.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Context, DRY_RUN, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::app::App;
use crate::banks;
use crate::error::Error;
use crate::ids::JobId;
use crate::invitations::{self, How, TableSettings, Tried};
use crate::issuer;
use crate::jobs::{self, RowState};
use crate::tables::{self, Encoding, FileSettings, TABLE_LIMIT};

/// What is said where no row is good.
const NOBODY: &str = "nobody was enrolled: no row is good";

#[derive(Subcommand)]
pub(super) enum MemberCommand {
    /// Enrol people from a table: name, e-mail, language, handle, organization, title.
    Import(Import),
}

#[derive(Args)]
pub(super) struct Import {
    /// The table: CSV (comma, tab or semicolon), up to 1,000 rows.
    file: PathBuf,
    /// The language of people whose row names none: ja or en; the program's own unless said.
    #[arg(long)]
    language: Option<String>,
    /// utf-8, utf-16le or cp932, where it cannot be told from the file.
    #[arg(long, value_parser = encoding)]
    encoding: Option<Encoding>,
    /// Report what would become of each row and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where to write a link to join for each person of the table who never signed in, as CSV.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    links: Option<PathBuf>,
}

fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::parse(label).ok_or_else(|| "use utf-8, utf-16le, utf-16be or cp932".to_owned())
}

impl MemberCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Import(import) => import.run(context).await,
        }
    }
}

impl Import {
    async fn run(self, context: &Context) -> Outcome {
        let bytes = banks::read_bounded(&self.file, TABLE_LIMIT).map_err(|why| {
            let exit = if why.kind() == std::io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Invalid };
            Failure::new(exit, format!("{} cannot be read: {why}", self.file.display()))
        })?;
        if bytes.len() > TABLE_LIMIT {
            let message = format!("{} is larger than {TABLE_LIMIT} bytes: split it", self.file.display());
            return Err(Failure::new(Exit::Invalid, message));
        }
        if let Some(tag) = self.language.as_deref().filter(|tag| !matches!(*tag, "ja" | "en")) {
            return Err(Failure::new(Exit::Invalid, format!("--language: `{tag}` is not known; use ja or en")));
        }
        let app = context.open().await?;
        let settings = self.settings(&app, &bytes).await?;
        let tried = invitations::try_out(&app, &bytes, &settings).await?;
        let tried = tried.map_err(|wrong| tables::refused(&wrong))?;
        self.tell(context, &tried);
        let of = |outcome: &str| tried.iter().filter(|t| t.outcome == outcome).count();
        let (new, known, rejected) = (of("enrolled"), of("known"), of("rejected"));
        if self.dry_run || new + known == 0 {
            say(if self.dry_run { DRY_RUN } else { NOBODY });
            let rows: Vec<Value> = tried.iter().map(Tried::report).collect();
            let text = format!("{}: {new} new, {known} known, {rejected} left out", counted(tried.len(), "row"));
            context.print(&json!({"dry_run": self.dry_run, "rows": rows}), &text);
            return Ok(match (rejected, new + known) {
                (0, _) => Exit::Ok,
                (_, 0) => Exit::Invalid,
                _ => Exit::Partial,
            });
        }
        let id = invitations::prepare_table(&app, Actor::Operator, &settings, vec![]).await?;
        invitations::start_table(&app, Actor::Operator, id, &settings, &tried).await?;
        work(&app, id).await?;
        if let Some(path) = &self.links {
            write_links(&app, id, path).await?;
        }
        print_result(context, &app, id).await
    }

    async fn settings(&self, app: &App, bytes: &[u8]) -> Result<TableSettings, Failure> {
        let own = issuer::language(app.db.read()).await?;
        let name = self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(TableSettings {
            language: self.language.clone().unwrap_or_else(|| own.as_str().to_owned()),
            handles: true,
            file: FileSettings::of(&name, self.encoding, bytes),
        })
    }

    /// What was found, for whoever sits at the terminal.
    fn tell(&self, context: &Context, tried: &[Tried]) {
        if context.json {
            return;
        }
        for (row, finding) in tried.iter().flat_map(|t| t.findings.iter().map(move |finding| (t.row, finding))) {
            let kind = if finding.is_error() { "error" } else { "warning" };
            let column = finding.column.as_deref().map(|c| format!("{c}: ")).unwrap_or_default();
            let value = finding.value.as_deref().map(|v| format!(" (`{v}`)")).unwrap_or_default();
            say(&format!("{}:{row}: {kind}: {column}{}{value}", self.file.display(), finding.detail));
        }
    }
}

/// How long to wait for rows that a server beside works on.
const REST: std::time::Duration = std::time::Duration::from_millis(200);

/// Works until no row waits.
async fn work(app: &App, id: JobId) -> Result<(), Failure> {
    loop {
        let job = jobs::find(app.db.read(), id).await?;
        if job.state.has_ended() {
            return Ok(());
        }
        if !invitations::take_row(app, &job).await? {
            let _ = tokio::time::timeout(REST, std::future::pending::<()>()).await;
        }
    }
}

async fn write_links(app: &App, id: JobId, path: &Path) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // The file first: links that could not be written down would take the place of those in use.
    let mut file =
        options.open(path).map_err(|why| Failure::new(Exit::Failure, format!("{}: {why}", path.display())))?;
    let job = jobs::find(app.db.read(), id).await?;
    let made = invitations::invite_all(app, Actor::Operator, &job, How::Link).await?;
    let header = ["name", "email", "invitation_link"].map(str::to_owned).to_vec();
    let count = made.len();
    let rows = made.into_iter().map(|row| vec![row.name, row.email, row.link.unwrap_or_default()]);
    file.write_all(&tables::csv([header].into_iter().chain(rows))?)?;
    say(&format!("{}: {}", path.display(), counted(count, "link")));
    Ok(())
}

async fn print_result(context: &Context, app: &App, id: JobId) -> Outcome {
    let job = jobs::find(app.db.read(), id).await?;
    let rows = jobs::rows(app.db.read(), id, 0, u64::from(u32::MAX)).await?;
    let came_to = |word: &str| rows.iter().filter(|r| r.outcome.as_ref().is_some_and(|o| o["outcome"] == word)).count();
    let (enrolled, known) = (came_to("enrolled"), came_to("known"));
    let failed = rows.iter().filter(|row| row.state == RowState::Failed).count();
    let mut body = serde_json::to_value(jobs::body_of(app, &job).await?).map_err(Error::from)?;
    body["enrolled"] = json!(enrolled);
    body["known"] = json!(known);
    body["rows"] = rows.iter().map(|row| row.outcome.clone().unwrap_or(Value::Null)).collect();
    context.print(&body, &format!("{id}: {enrolled} enrolled, {known} known already, {failed} left out"));
    Ok(if failed == 0 { Exit::Ok } else { Exit::Partial })
}
