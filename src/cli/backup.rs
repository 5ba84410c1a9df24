//! `waymark backup`: one file with database and keys.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted, say};
use crate::clock::{Clock as _, SystemClock, rfc3339};
use crate::operations::backup::{self, BackupError, NUMBER_GAP};

#[derive(Subcommand)]
pub(super) enum BackupCommand {
    /// Copy database and keys into one new file, while the server runs.
    Create {
        /// The file to write; `waymark-backup-TIME.tar.gz` here unless said otherwise.
        file: Option<PathBuf>,
        /// Leave the private keys out.
        #[arg(long)]
        without_keys: bool,
    },
    /// Read a backup whole: hashes, the database inside, its credentials and its audit log.
    Verify { file: PathBuf },
    /// Put a backup back, into a data folder (or PostgreSQL database) that is empty.
    Restore { file: PathBuf },
}

impl From<BackupError> for Failure {
    fn from(e: BackupError) -> Self {
        let exit = match &e {
            BackupError::Exists(_)
            | BackupError::Occupied { .. }
            | BackupError::KeysOccupied(_)
            | BackupError::OtherStore { .. } => Exit::Conflict,
            BackupError::Missing(_) | BackupError::NoFolder(_) => Exit::NotFound,
            BackupError::Unfit { .. } => Exit::Invalid,
            BackupError::Io { .. }
            | BackupError::NoTool { .. }
            | BackupError::Tool { .. }
            | BackupError::Store(_)
            | BackupError::Inside(_) => Exit::Failure,
        };
        Self::new(exit, e.to_string())
    }
}

impl BackupCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Create { file, without_keys } => create(context, file, !without_keys).await,
            Self::Verify { file } => verify(context, file).await,
            Self::Restore { file } => restore(context, file).await,
        }
    }
}

async fn create(context: &Context, file: Option<PathBuf>, with_keys: bool) -> Outcome {
    let app = context.open().await?;
    let file = file.unwrap_or_else(|| {
        let time: String = rfc3339(app.db.now()).chars().filter(char::is_ascii_alphanumeric).collect();
        PathBuf::from(format!("waymark-backup-{}.tar.gz", time.to_lowercase()))
    });
    let manifest = backup::create(&app, &file, with_keys).await?;
    if manifest.has_keys() {
        say("it holds the private keys: whoever reads the file can issue in your name");
    } else {
        say("it holds no private keys: what is put back from it verifies, and issues nothing until the keys are back");
    }
    context.print(&json!({"file": file, "manifest": manifest}), &file.display().to_string());
    Ok(Exit::Ok)
}

async fn verify(context: &Context, file: PathBuf) -> Outcome {
    let found = backup::examine(&context.config, &file, Arc::new(SystemClock)).await?;
    let mut lines = found.damage.clone();
    if lines.is_empty() {
        let inside = match found.audit_rows {
            Some(rows) => format!("{}, {}", counted(found.credentials, "credential"), counted(rows, "audit row")),
            None => "the dump's hash is right; only a restore into PostgreSQL reads what is in it".to_owned(),
        };
        let keys = if found.manifest.has_keys() { "with keys" } else { "without keys" };
        lines.push(format!("sound: of {}, {keys}: {inside}", found.manifest.created_at));
    }
    let sound = found.damage.is_empty();
    let body = json!({"sound": sound, "opened": found.opened, "credentials": found.credentials, "audit_rows": found.audit_rows,
                      "damage": found.damage, "manifest": found.manifest});
    context.print(&body, &lines.join("\n"));
    Ok(if sound { Exit::Ok } else { Exit::Failure })
}

async fn restore(context: &Context, file: PathBuf) -> Outcome {
    let done = backup::restore(&context.config, &file, Arc::new(SystemClock)).await?;
    let since = &done.manifest.created_at;
    say(&format!("what was issued, answered or changed after {since} is not in it"));
    say(&format!("revoke again what was revoked or suspended after {since}: it counts as valid until then"));
    say(&format!(
        "new credentials take new status lists and numbers {NUMBER_GAP} further on, so that none is given twice"
    ));
    if let Some(address) = &done.issued_at {
        let own = &context.config.base_url;
        say(&format!(
            "what was issued points to {address}, and this configuration says {own}: set WAYMARK_BASE_URL to {address}"
        ));
    }
    if !done.manifest.has_keys() {
        say(&format!(
            "put the private keys into {}: nothing is issued until then",
            context.config.keys_dir().display()
        ));
    }
    say("next: waymark doctor, waymark fsck, waymark serve");
    let now = rfc3339(SystemClock.now());
    let body =
        json!({"restored_at": now, "migrated": done.migrated, "issued_at": done.issued_at, "manifest": done.manifest});
    context.print(&body, &format!("restored: the state of {since}"));
    Ok(Exit::Ok)
}
