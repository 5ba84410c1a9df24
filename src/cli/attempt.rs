//! `waymark attempt verify-log FILE`: whether the log of an attempt is whole, away from the server that wrote it. `waymark attempt erase MEMBER`: what exams
//! keep of a person in their own words, and of them, taken away.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted};
use crate::actor::Actor;
use crate::attempts;
use crate::attempts::chain::{self, Log};
use crate::database::Kind;
use crate::error::Error;
use crate::ids::MemberId;
use crate::members;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Check the hash chain of a downloaded log.
    VerifyLog(VerifyLog),
    /// Erase what exams keep of a person beyond pseudonymous answers.
    Erase(Erase),
}

#[derive(Args)]
pub(super) struct VerifyLog {
    /// What `GET /api/v1/attempts/{id}/events` answered.
    file: std::path::PathBuf,
    /// The `log` of the candidate's receipt: it is to be the hash of the event that closed the attempt.
    #[arg(long, value_name = "HASH")]
    receipt: Option<String>,
}

#[derive(Args)]
pub(super) struct Erase {
    /// Whose: `mem_…`.
    member: String,
    /// On what ground; it stands in the audit log.
    #[arg(long)]
    reason: String,
    /// Count what would be erased, and erase nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(command: Command, context: &Context) -> Outcome {
    match command {
        Command::VerifyLog(given) => verify_log(&given, context),
        Command::Erase(given) => erase(&given, context).await,
    }
}

async fn erase(given: &Erase, context: &Context) -> Outcome {
    let unknown = || Failure::new(Exit::NotFound, format!("there is no member `{}`", given.member));
    let member: MemberId = given.member.parse().map_err(|_| unknown())?;
    let app = context.open().await?;
    let member = members::resolve(app.db.read(), member).await?;
    if !members::exists(app.db.read(), member).await? {
        return Err(unknown());
    }
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let erased = attempts::erase_traces(&mut ch, member, &given.reason).await?;
    match given.dry_run {
        true => ch.undo().await?,
        false => ch.commit().await?,
    }
    let counts = serde_json::to_value(erased).map_err(Error::from)?;
    let lines = counts.as_object().into_iter().flatten().map(|(name, n)| format!("{}: {n}", name.replace('_', " ")));
    let text = lines.collect::<Vec<_>>().join("\n");
    context.print(&json!({"member": member, "dry_run": given.dry_run, "erased": counts}), &text);
    app.db.close().await;
    Ok(Exit::Ok)
}

fn verify_log(given: &VerifyLog, context: &Context) -> Outcome {
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
        None => {
            let events = counted(log.events.len(), "event");
            format!("{}: {events}, each follows from the one before it", log.attempt)
        }
        Some(problem) => format!("{}: {problem}", log.attempt),
    };
    context.print(&body, &text);
    Ok(if problem.is_none() { Exit::Ok } else { Exit::Failure })
}
