//! The command line: nouns, then verbs. Data goes to stdout, all else to stderr.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use axum::http::StatusCode;
use clap::{Parser, Subcommand};

use crate::api_docs;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, ConfigError};
use crate::database::{ConnectError, Database};
use crate::entropy::SystemEntropy;
use crate::error::{Code, Error};

mod admin;
mod api_key;
mod attempt;
mod backup;
mod bank;
mod bulk;
mod connections;
mod credential;
pub mod demo;
mod exam;
mod follow;
mod fsck;
mod key;
mod member;
mod migrate;
mod operate;
mod program;
mod serve;
mod tls;
mod track;
mod verify;
mod webhook;

const EXIT_CODES: &str = "\
Exit codes: 0 ok · 1 failure · 2 usage · 3 not found · 4 invalid input or configuration · 5 conflict
            6 not authorised · 7 network · 8 partly done · 20 verify: any state but valid";

/// Certification and recognition: exams, contributions, credentials that anyone can verify.
#[derive(Parser)]
#[command(name = "waymark", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
struct Cli {
    /// The folder that holds the database, keys and files (`WAYMARK_DATA_DIR`).
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration file; `waymark.toml` here, where there is one, unless said otherwise.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer in JSON on stdout.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web pages, the API and the worker.
    Serve(serve::Serve),
    /// Item banks.
    #[command(subcommand)]
    Bank(bank::Bank),
    /// Exams: simulate, void an item, export.
    #[command(subcommand)]
    Exam(exam::Exam),
    /// Attempts: check the log of one, erase what is kept of a person.
    #[command(subcommand)]
    Attempt(attempt::Command),
    /// A program as files: validate, plan, apply, diff, export.
    #[command(subcommand)]
    Program(program::ProgramCommand),
    /// Tracks: run the tests that stand beside their files.
    #[command(subcommand)]
    Track(track::TrackCommand),
    /// Credentials.
    #[command(subcommand)]
    Credential(credential::CredentialCommand),
    /// Signing keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Read every credential, intent, list and audit row again and say what is damaged.
    Fsck,
    /// Examine this installation and say what to do.
    Doctor,
    /// One file with database and keys: make it, check it, put it back.
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Ask the running server whether it is ready.
    Healthcheck,
    /// The hash-chained log of what was changed.
    Audit(operate::Audit),
    /// Bring the database up to this program's schema.
    Migrate,
    /// Keys for programs.
    ApiKey(api_key::ApiKey),
    /// Administrators and sign-in links.
    Admin(admin::Admin),
    /// The same as `admin login-link`.
    LoginLink(admin::LoginLink),
    /// Members: bring them in from a table.
    #[command(subcommand)]
    Member(member::MemberCommand),
    /// Who is told of what happens: list, add, test and more.
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// The recorded week of the demo.
    Demo(demo::Demo),
    /// Print the API as a document in the `OpenAPI` 3.1 format.
    Openapi,
    /// Print the version.
    Version,
}

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
const DRY_RUN: &str = "dry run: nothing is written";

/// `1 track`, `2 tracks`.
fn counted(n: impl TryInto<u64>, what: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Parses the arguments of this process and runs the command.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            say(&format!("waymark: the runtime did not start: {e}"));
            return ExitCode::FAILURE;
        }
    };
    let exit = match runtime.block_on(dispatch(cli)) {
        Ok(exit) => exit,
        Err(failure) => {
            say(&format!("waymark: {}", failure.message));
            failure.exit
        }
    };
    // What a thread still does, nobody waits for any more: commands wait for what they need.
    runtime.shutdown_background();
    ExitCode::from(exit as u8)
}

async fn dispatch(cli: Cli) -> Outcome {
    let starts = matches!(cli.command, Command::Serve(_));
    if let Some(file) = cli.config.as_ref().filter(|file| !file.is_file()) {
        return Err(Failure::new(Exit::Invalid, format!("configuration: there is no file {}", file.display())));
    }
    let file = cli.config.unwrap_or_else(|| PathBuf::from("waymark.toml"));
    let config = Config::read(&file, Config::environment(), cli.data, starts)?;
    let context = Context { config, json: cli.json };
    match cli.command {
        Command::Serve(command) => command.run(context).await,
        Command::Bank(command) => command.run(&context).await,
        Command::Exam(command) => command.run(&context).await,
        Command::Attempt(command) => attempt::run(command, &context).await,
        Command::Migrate => migrate::run(&context).await,
        Command::Program(command) => command.run(&context).await,
        Command::Track(command) => command.run(&context).await,
        Command::Credential(command) => command.run(&context).await,
        Command::Key(command) => command.run(&context).await,
        Command::Backup(command) => command.run(&context).await,
        Command::Fsck => fsck::run(&context).await,
        Command::Doctor => operate::doctor(&context).await,
        Command::Healthcheck => operate::healthcheck(&context).await,
        Command::Audit(command) => command.run(&context).await,
        Command::ApiKey(command) => command.run(&context).await,
        Command::Admin(command) => command.run(&context).await,
        Command::LoginLink(command) => command.run(&context).await,
        Command::Member(command) => command.run(&context).await,
        Command::Webhook(command) => command.run(&context).await,
        Command::Demo(command) => command.run(&context).await,
        Command::Openapi => {
            let document = api_docs::document(context.config.base_url.as_str().trim_end_matches('/'))?;
            out(&serde_json::to_string_pretty(&document).map_err(Error::from)?);
            Ok(Exit::Ok)
        }
        Command::Version => {
            context.print(
                &serde_json::json!({"version": env!("CARGO_PKG_VERSION")}),
                concat!("waymark ", env!("CARGO_PKG_VERSION")),
            );
            Ok(Exit::Ok)
        }
    }
}
