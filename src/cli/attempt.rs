//! `waymark attempt verify-log FILE`: whether the log of an attempt is whole, away from the server that wrote it.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome};
use crate::attempts::chain::{self, Log};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Check the hash chain of a downloaded log.
    VerifyLog(VerifyLog),
}

#[derive(Args)]
pub(super) struct VerifyLog {
    /// What `GET /api/v1/attempts/{id}/events` answered.
    file: std::path::PathBuf,
    /// The `log` of the candidate's receipt: it is to be the hash of the event that closed the attempt.
    #[arg(long, value_name = "HASH")]
    receipt: Option<String>,
}

pub(super) fn run(command: Command, context: &Context) -> Outcome {
    let Command::VerifyLog(given) = command;
    let bytes = std::fs::read(&given.file)
        .map_err(|e| Failure::new(Exit::NotFound, format!("{}: {e}", given.file.display())))?;
    let log: Log = serde_json::from_slice(&bytes)
        .map_err(|e| Failure::new(Exit::Invalid, format!("{} is no log of an attempt: {e}", given.file.display())))?;
    let broken = chain::verify(&log).err().map(|broken| broken.to_string());
    let closed = log.events.iter().any(|event| event.kind == "closed" && Some(&event.hash) == given.receipt.as_ref());
    let problem = match broken {
        None if given.receipt.is_some() && !closed => Some("no closing event has the hash of the receipt".to_owned()),
        other => other,
    };
    let body =
        json!({"attempt": log.attempt, "events": log.events.len(), "holds": problem.is_none(), "problem": problem});
    let text = match &problem {
        None => format!("{}: {} events, each follows from the one before it", log.attempt, log.events.len()),
        Some(problem) => format!("{}: {problem}", log.attempt),
    };
    context.print(&body, &text);
    Ok(if problem.is_none() { Exit::Ok } else { Exit::Failure })
}
