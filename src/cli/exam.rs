//! `waymark exam`: simulate attempts, void an item, print an exam as a file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use waymark_assess::form::Circumstances;
use waymark_assess::grade::{Terms, Treatment};
use waymark_assess::simulation::{Simulated, simulate};
use waymark_assess::{Form, Rational};

use super::{Context, Exit, Failure, Outcome, counted, out};
use crate::actor::Actor;
use crate::attempts;
use crate::banks;
use crate::error::Error;
use crate::exams;

#[derive(Subcommand)]
pub(super) enum Exam {
    /// Assemble forms, answer them and score them, without writing anything: what an exam is like before anybody sits it.
    Simulate(Simulate),
    /// Void an item that people have sat: new scores for all concerned.
    Void(Void),
    /// Print an exam as a file of a program (YAML).
    Export { slug: String },
}

#[derive(Args)]
pub(super) struct Simulate {
    slug: String,
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    attempts: u64,
    /// The same seed gives the same attempts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of questions that the simulated candidates know: 0.74 or 3/4.
    #[arg(long, default_value = "3/4")]
    ability: String,
    /// Where to write forms, answers, keys and scores, a JSON document a line. It holds the keys.
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum TreatmentName {
    FullCredit,
    Drop,
}

#[derive(Args)]
pub(super) struct Void {
    slug: String,
    /// The item's id.
    item: String,
    /// The first digits of the version's hash, where several versions were sat.
    #[arg(long)]
    version: Option<String>,
    #[arg(long, value_enum, default_value = "full-credit")]
    treatment: TreatmentName,
    #[arg(long, default_value = "")]
    reason: String,
    /// Show what would change and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Exam {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Simulate(command) => command.run(context).await,
            Self::Void(command) => command.run(context).await,
            Self::Export { slug } => {
                let app = context.open().await?;
                let exam = find(&app, &slug).await?;
                out(exams::written(&exam.spec).trim_end());
                Ok(Exit::Ok)
            }
        }
    }
}

async fn find(app: &crate::app::App, slug: &str) -> Result<exams::Exam, Failure> {
    let found = exams::find(app.db.read(), slug).await?;
    found.ok_or_else(|| Failure::new(Exit::NotFound, format!("there is no exam `{slug}`")))
}

impl Simulate {
    async fn run(self, context: &Context) -> Outcome {
        let ability: Rational =
            self.ability.parse().map_err(|e| Failure::new(Exit::Invalid, format!("--ability: {e}")))?;
        if ability < Rational::ZERO || ability > Rational::ONE {
            return Err(Failure::new(Exit::Invalid, "--ability lies between 0 and 1"));
        }
        let app = context.open().await?;
        let exam = find(&app, &self.slug).await?;
        let plan = exams::plan(&app, &exam).await?.map_err(|m| Failure::new(Exit::Invalid, m[0].message.clone()))?;
        let current = banks::drawables(app.db.read(), &exam.spec.bank).await?.unwrap_or_default();
        let keys = banks::keys(app.db.read(), current.iter().map(waymark_assess::blueprint::Drawable::hash)).await?;
        let scoring = exam.spec.scoring.clone();
        let terms =
            move |form: &Form| Terms { cut: scoring.cut_of(form), scale: scoring.scale, voided: BTreeMap::new() };
        let mut dump = self.dump.as_ref().map(File::create).transpose()?.map(BufWriter::new);
        if let Some(file) = &mut dump {
            let sections_from = exam.spec.scoring.sections_from;
            writeln!(file, "{}", json!({"exam": exam.spec.slug, "seed": self.seed, "sections_from": sections_from}))?;
        }
        let mut tally = Tally::default();
        let mut circumstances = Circumstances::default();
        let bar = std::io::stderr().is_terminal() && !context.json;
        for number in 0..self.attempts {
            let one = simulate(&plan, &keys, &terms, &circumstances, (self.seed, number), ability)
                .map_err(Error::internal)?;
            tally.count(&one);
            if plan.caps_exposure() {
                for position in one.form.positions() {
                    *circumstances.used.entry(position.slug.clone()).or_default() += 1;
                }
            }
            if let Some(file) = &mut dump {
                let score: Value = serde_json::from_str(&one.score.to_stored()).map_err(Error::from)?;
                let form: Value = serde_json::from_str(&one.form.to_stored()).map_err(Error::from)?;
                let right: BTreeMap<u32, Value> =
                    one.form.positions().iter().map(|p| (p.number, keys.shown(&p.item))).collect();
                let line =
                    json!({"attempt": number, "form": form, "keys": right, "responses": one.responses, "score": score});
                writeln!(file, "{line}")?;
            }
            if bar && (number % 50 == 49 || number + 1 == self.attempts) {
                progress(number + 1, self.attempts);
            }
        }
        if let Some(mut file) = dump {
            file.flush()?;
        }
        let body = tally.body(&exam.spec.slug, self.seed, plan.algorithm());
        context.print(&body, &tally.text(&body));
        Ok(Exit::Ok)
    }
}

/// A bar on one line of the terminal.
fn progress(done: u64, all: u64) {
    let width = 30;
    let full = usize::try_from(done * width / all).unwrap_or(0);
    let blank = usize::try_from(width).unwrap_or(0) - full;
    let end = if done == all { "\n" } else { "" };
    let _ = write!(std::io::stderr(), "\r[{}{}] {done} of {all}{end}", "#".repeat(full), ".".repeat(blank));
}

/// What the simulated attempts came to.
#[derive(Default)]
struct Tally {
    attempts: u64,
    passed: u64,
    relaxed: u64,
    positions: BTreeMap<usize, u64>,
    sections: BTreeMap<usize, u64>,
    points: BTreeMap<String, u64>,
    used: BTreeMap<String, u64>,
}

impl Tally {
    fn count(&mut self, one: &Simulated) {
        let summary = one.score.summary();
        self.attempts += 1;
        self.passed += u64::from(summary.passed);
        self.relaxed += u64::from(!one.form.relaxed().is_empty());
        *self.positions.entry(one.form.positions().len()).or_default() += 1;
        *self.sections.entry(summary.sections.len()).or_default() += 1;
        *self.points.entry(format!("{:>6}", summary.points.to_string())).or_default() += 1;
        for position in one.form.positions() {
            *self.used.entry(position.slug.clone()).or_default() += 1;
        }
    }

    fn body(&self, slug: &str, seed: u64, algorithm: u32) -> Value {
        json!({
            "exam": slug, "seed": seed, "algorithm": algorithm, "attempts": self.attempts, "passed": self.passed, "rules_gave_way": self.relaxed,
            "positions": self.positions, "sections": self.sections,
            "points": self.points.iter().map(|(points, n)| json!([points.trim(), n])).collect::<Vec<_>>(),
            "items_used": self.used.len(), "most_used": self.used.values().max(),
        })
    }

    fn text(&self, body: &Value) -> String {
        let range = |counts: &BTreeMap<usize, u64>, what: &str| match (counts.keys().next(), counts.keys().last()) {
            (Some(low), Some(high)) if low == high => counted(*low, what),
            (Some(low), Some(high)) => format!("{low} to {high} {what}s"),
            _ => format!("no {what}s"),
        };
        let most = self.points.values().copied().max().unwrap_or(1).max(1);
        let bars: String = self
            .points
            .iter()
            .map(|(points, n)| format!("\n{points} {n:>7} {}", "#".repeat(usize::try_from(n * 40 / most).unwrap_or(0))))
            .collect();
        format!(
            "{} (seed {}, algorithm {}): {} in {}; {} passed; rules gave way in {}; {} used, one of them {}\npoints attempts{bars}",
            counted(self.attempts, "attempt"),
            body["seed"],
            body["algorithm"],
            range(&self.positions, "position"),
            range(&self.sections, "section"),
            self.passed,
            counted(self.relaxed, "form"),
            counted(self.used.len(), "item"),
            counted(self.used.values().copied().max().unwrap_or(0), "time"),
        )
    }
}

impl Void {
    async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let exam = find(&app, &self.slug).await?;
        let how = match self.treatment {
            TreatmentName::FullCredit => Treatment::FullCredit,
            TreatmentName::Drop => Treatment::Drop,
        };
        let sat = attempts::which(app.db.read(), exam.id, &self.item, self.version.as_deref()).await?;
        let changes = if self.dry_run {
            attempts::preview(app.db.read(), exam.id, sat.version, how).await?
        } else {
            let changes = attempts::void_item(&app, Actor::Operator, &exam, &sat, how, &self.reason).await?;
            attempts::rescore_due(&app).await?;
            changes
        };
        let body = attempts::void_told(&sat, how, self.dry_run, &changes);
        let flips = changes.iter().filter(|change| change.flips());
        let lines: String = flips
            .map(|c| {
                let word = if c.after.passed { "fail → pass" } else { "pass → fail" };
                format!(
                    "\n  {} {} of {} → {} of {}: {word}",
                    c.attempt, c.before.points, c.before.max, c.after.points, c.after.max
                )
            })
            .collect();
        let told = if self.dry_run { "would be scored" } else { "scored" };
        let text = format!(
            "item {} ({}): {} {told} again, {} pass now, {} fail now{lines}",
            sat.slug,
            body["treatment"].as_str().unwrap_or_default(),
            counted(body["attempts"].as_u64().unwrap_or_default(), "attempt"),
            body["now_pass"],
            body["now_fail"]
        );
        context.print(&body, &text);
        Ok(Exit::Ok)
    }
}
