//! What every command is given, and how it answers.

use std::io::Write as _;
use std::sync::Arc;

use axum::http::StatusCode;

use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, ConfigError};
use crate::database::{ConnectError, Database};
use crate::entropy::SystemEntropy;
use crate::error::{Code, Error};

/// How a command ended; the number is the exit code (see contract: 0 ok, 1 failure, 2 usage, 3 not found, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok = 0,
    Failure = 1,
    NotFound = 3,
    Invalid = 4,
    Conflict = 5,
    NotAuthorised = 6,
    Network = 7,
    Partial = 8,
    NotValid = 20,
}

/// Why a command failed, as one or more lines for stderr.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        let exit = match e.code() {
            Code::NotFound => Exit::NotFound,
            Code::ValidationFailed | Code::Malformed => Exit::Invalid,
            Code::Forbidden | Code::SignInRequired | Code::InvalidToken => Exit::NotAuthorised,
            // What stands in the way is the state of things: the calls answer 409.
            code if code.status() == StatusCode::CONFLICT => Exit::Conflict,
            _ => Exit::Failure,
        };
        Self::new(exit, told(&e))
    }
}

/// What is wrong with what was given stands for itself, without the code that it has for programs.
fn told(e: &Error) -> String {
    if e.code() != Code::ValidationFailed || e.faults().is_empty() {
        let text = e.to_string();
        return if text == Code::NotFound.as_str() { "there is nothing of that name or id".to_owned() } else { text };
    }
    let lines = e.faults().iter().map(|fault| match fault.pointer.trim_start_matches('/') {
        "" => fault.detail.clone(),
        place => format!("{place}: {}", fault.detail),
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl From<ConfigError> for Failure {
    fn from(e: ConfigError) -> Self {
        Self::new(Exit::Invalid, e.to_string())
    }
}

impl From<ConnectError> for Failure {
    fn from(e: ConnectError) -> Self {
        Self::new(Exit::Failure, e.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        Self::new(Exit::Failure, e.to_string())
    }
}

pub type Outcome = Result<Exit, Failure>;

/// What every command may need: where the data is, and how to print.
pub struct Context {
    pub config: Config,
    pub json: bool,
}

impl Context {
    /// Opens the store as it stands; refuses one that waits for a migration.
    pub async fn open(&self) -> Result<App, Failure> {
        let app = self.connect().await?;
        app.post.usable()?;
        app.db.require_current().await?;
        Ok(app)
    }

    /// Opens the store, whatever its schema.
    pub async fn connect(&self) -> Result<App, Failure> {
        let url = self.config.database_url();
        if url.starts_with("sqlite") {
            create_private(&self.config.data_dir)?;
        }
        let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
        Ok(App::new(db, self.config.clone())?)
    }

    /// Whether there is a store to open: a file of SQLite, or another database by its address. Nothing is made to find out.
    pub fn has_store(&self) -> bool {
        let url = self.config.database_url();
        let file =
            url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//").split('?').next().unwrap_or(rest));
        file.is_none_or(|file| std::path::Path::new(file).is_file())
    }

    /// Prints data: one JSON document with `--json`, else the text.
    pub fn print(&self, json: &serde_json::Value, text: &str) {
        if self.json { out(&json.to_string()) } else { out(text) }
    }
}

/// A data folder that is made here is its owner's alone; one that exists keeps its mode.
fn create_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// One line of data on stdout. A reader that went away (`waymark … | head`) is no failure.
pub fn out(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// One line for the person at the terminal, on stderr.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// What every dry run says beside what it would do.
pub(super) const DRY_RUN: &str = "dry run: nothing is written";

/// `1 track`, `2 tracks`.
pub(super) fn counted(n: impl TryInto<u64>, what: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
