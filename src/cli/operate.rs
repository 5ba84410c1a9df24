//! `doctor`, `healthcheck`, `audit verify` and `list`: looking after an installation.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted};
use crate::clock::{from_millis, rfc3339};
use crate::config::{Config, Remembered};
use crate::database::audit::{self, AuditFilter, AuditRow};
use crate::operations::{self, AuditEntryRead, Level};
use crate::outbound::Connector;
use crate::web::i18n::{Locale, Words};

/// The language that the terminal names, where it is one of ours.
pub(super) fn language() -> Option<Locale> {
    let environment = Config::environment();
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| environment.iter().find(|(n, v)| n == name && !v.is_empty()));
    named.and_then(|(_, value)| Locale::parse(value))
}

/// The language of the terminal.
pub(super) fn words() -> Words {
    Words::new(language().unwrap_or(Locale::En))
}

pub(super) async fn doctor(context: &Context) -> Outcome {
    let findings = if context.has_store() {
        operations::examine(&context.connect().await?, words()).await
    } else {
        operations::nothing_to_examine(&context.config, words())
    };
    let lines: Vec<String> = findings
        .iter()
        .map(|f| {
            let sign = match f.level {
                Level::Ok => "ok  ",
                Level::Note => "note",
                Level::Problem => "FAIL",
            };
            let fix = if f.fix.is_empty() { String::new() } else { format!("\n      → {}", f.fix) };
            format!("{sign}  {:<11} {}{fix}", f.check, f.text)
        })
        .collect();
    context.print(&json!({"findings": findings}), &lines.join("\n"));
    Ok(if findings.iter().any(|f| f.level == Level::Problem) { Exit::Failure } else { Exit::Ok })
}

/// Asks the server of this folder whether it is ready: for containers without a shell. It is asked where it listens: what is set for that, else what the last
/// server of this folder left there.
pub(super) async fn healthcheck(context: &Context) -> Outcome {
    let connector = Connector::command_line().map_err(|e| Failure::new(Exit::Failure, e))?;
    let remembered = Remembered::read(&context.config.data_dir)?.base_url;
    if remembered.is_some_and(|base| base.scheme() == "https") && context.config.is_on_this_machine() {
        return Err(Failure::new(
            Exit::Invalid,
            "this server runs with --tls-self-signed, whose certificate proves nothing: ask it with `curl -k` instead",
        ));
    }
    let url = format!("http://{}/readyz", context.config.asked_at());
    match connector.fetch(&url, "application/json").await {
        Ok(_) => {
            context.print(&json!({"healthy": true}), "healthy");
            Ok(Exit::Ok)
        }
        Err(e) => Err(Failure::new(Exit::Failure, format!("not healthy: {url}: {e}"))),
    }
}

#[derive(Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    verb: AuditVerb,
}

#[derive(Subcommand)]
enum AuditVerb {
    /// Follow the hash chain from its first row to its last.
    Verify,
    /// The newest rows: who changed what.
    List(AuditList),
}

#[derive(Args)]
struct AuditList {
    /// credential.revoke, or credential for everything done to credentials.
    #[arg(long)]
    action: Option<String>,
    /// The id of a member or of a key, or operator.
    #[arg(long)]
    actor: Option<String>,
    /// The id or slug of what was changed.
    #[arg(long)]
    object: Option<String>,
    /// How many rows.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
}

impl AuditList {
    async fn run(&self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let filter = AuditFilter {
            actor: self.actor.as_deref(),
            action: self.action.as_deref(),
            object: self.object.as_deref(),
        };
        let rows = audit::found(app.db.read(), &filter, None, self.limit).await?;
        let line = |row: &AuditRow| {
            format!("{:>6}  {}  {}  {}  {}", row.seq, rfc3339(from_millis(row.at)), row.actor, row.action, row.object)
        };
        let lines: Vec<String> = rows.iter().map(line).collect();
        let read: Vec<AuditEntryRead> = rows.into_iter().map(AuditEntryRead::of).collect();
        context.print(&json!({"data": read}), &lines.join("\n"));
        Ok(Exit::Ok)
    }
}

impl Audit {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        if let AuditVerb::List(list) = &self.verb {
            return list.run(context).await;
        }
        let app = context.open().await?;
        match audit::verify(app.db.read()).await? {
            Ok(rows) => {
                context.print(&json!({"intact": true, "rows": rows}), &format!("intact: {}", counted(rows, "row")));
                Ok(Exit::Ok)
            }
            Err(row) => {
                context.print(&json!({"intact": false, "row": row}), &format!("broken at row {row}"));
                Err(Failure::new(
                    Exit::Failure,
                    format!("the audit log was changed: row {row} does not follow from the one before it"),
                ))
            }
        }
    }
}
