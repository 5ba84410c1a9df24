//! `doctor`, `healthcheck`, `audit verify`: looking after an installation.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted};
use crate::config::Config;
use crate::database::audit;
use crate::operations::{self, Level};
use crate::outbound::Connector;
use crate::web::i18n::{Locale, Words};

/// The language of the terminal.
pub(super) fn words() -> Words {
    let environment = Config::environment();
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| environment.iter().find(|(n, v)| n == name && !v.is_empty()));
    Words::new(named.and_then(|(_, value)| Locale::parse(value)).unwrap_or(Locale::En))
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

/// Asks the server at the configured address whether it is ready: for containers without a shell.
pub(super) async fn healthcheck(context: &Context) -> Outcome {
    let connector = Connector::command_line().map_err(|e| Failure::new(Exit::Failure, e))?;
    let url = format!("http://{}/readyz", context.config.listen);
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
}

impl Audit {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let AuditVerb::Verify = self.verb;
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
