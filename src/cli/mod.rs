//! The command line: nouns, then verbs. Data goes to stdout, all else to stderr.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::api_docs;
use crate::config::Config;
use crate::error::Error;

mod admin;
mod api_key;
mod attempt;
mod backup;
mod bank;
mod bulk;
mod connections;
mod context;
mod credential;
pub mod demo;
mod exam;
mod follow;
mod fsck;
mod key;
mod member;
mod migrate;
mod one_credential;
mod operate;
mod program;
mod serve;
mod tls;
mod track;
mod verify;
mod webhook;

pub use context::{Context, Exit, Failure, Outcome, out, say};
use context::{DRY_RUN, counted};

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
