//! `waymark track`: the tests that stand beside track files, run without a store.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted, program};
use crate::program::{CaseOutcome, run_tests};

#[derive(Subcommand)]
pub(super) enum TrackCommand {
    /// Decide every case of `tracks/tests/*.yaml` and show what came out otherwise.
    ///
    /// Ends with 0 where all is as expected, 1 where something is not, 3 where there is no test, 4 where a file cannot be read.
    Test {
        /// The folder of the program.
        dir: PathBuf,
    },
}

impl TrackCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let Self::Test { dir } = self;
        let read = program::read(&dir, context).await?;
        let outcomes = run_tests(&read);
        if outcomes.is_empty() {
            let message = format!("no tests: put some into {}", dir.join("tracks/tests").display());
            return Err(Failure::new(Exit::NotFound, message));
        }
        let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
        let mut lines: Vec<String> = outcomes.iter().filter(|outcome| !outcome.passed()).map(told).collect();
        lines.push(format!("{} passed, {failed} failed", counted(outcomes.len() - failed, "case")));
        let data = json!({"passed": outcomes.len() - failed, "failed": failed, "cases": outcomes});
        context.print(&data, &lines.join("\n"));
        Ok(if failed == 0 { Exit::Ok } else { Exit::Failure })
    }
}

/// Where the case stands, what it is called, and each difference on a line of its own.
fn told(outcome: &CaseOutcome) -> String {
    let widest = outcome.differences.iter().map(|one| one.at.len()).max().unwrap_or(0);
    let head = format!("{}:{}: {}: {}", outcome.file, outcome.line, outcome.track, outcome.name);
    let lines = outcome.differences.iter().map(|one| {
        format!("\n  {:widest$}  expected {}\n  {:widest$}  found    {}", one.at, one.expected, "", one.found)
    });
    head + &lines.collect::<String>()
}
