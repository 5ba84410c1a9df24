//! What applying a program would change, and applying it: one transaction, one audit row, nothing when nothing changed.

use serde::Serialize;
use serde_json::json;

use super::validate::{BankFile, Program};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Error, Result};
use crate::{banks, contributions, exams, issuer, ranks, tracks};

/// What happens to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Create,
    Change,
    Keep,
}

impl Effect {
    /// `+`, `~` or a blank, as `plan` prints it.
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Change => '~',
            Self::Keep => ' ',
        }
    }
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `issuer`, `source`, `bank`, `exam`, `badge`, `track`, `ladder`.
    pub what: &'static str,
    pub name: String,
    pub effect: Effect,
    /// For banks: how many items are new, changed, unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub steps: Vec<Step>,
    pub changes: usize,
}

/// Compares a program with what is published.
pub async fn plan(app: &App, program: &Program) -> Result<Plan> {
    let db = app.db.read();
    let mut steps = vec![];
    let mut step = |what, name: &str, effect, detail| steps.push(Step { what, name: name.to_owned(), effect, detail });
    let known = issuer::default_issuer(db).await?;
    step("issuer", "default", effect(known.as_ref().map(|i| i.profile == program.issuer)), None);
    for source in &program.sources {
        let known = contributions::source(db, &source.source).await?;
        step("source", &source.source, effect(known.map(|k| k == *source)), None);
    }
    for bank in &program.banks {
        let import = read_bank(db, program, bank).await?;
        let back = banks::earlier_versions(db, &bank.slug, &import).await?;
        let report = import.report;
        let effect = match (banks::current(db, &bank.slug).await?.is_empty(), report.imported() + report.updated()) {
            (true, _) => Effect::Create,
            (false, 0) => Effect::Keep,
            (false, _) => Effect::Change,
        };
        let mut detail =
            format!("{} new, {} changed, {} unchanged", report.imported(), report.updated(), report.unchanged());
        if back > 0 {
            detail.push_str(&format!(
                "; {back} of the changed go back to an earlier version, since {} lacks what `bank import` brought: to keep that, put the \
                 imported file into banks/",
                bank.file
            ));
        }
        step("bank", &bank.slug, effect, Some(detail));
    }
    for exam in &program.exams {
        let known = exams::find(db, &exam.slug).await?;
        step("exam", &exam.slug, effect(known.map(|k| k.spec == *exam)), None);
    }
    for (name, svg) in &program.badges {
        let known = tracks::badge(db, name).await?;
        step("badge", name, effect(known.map(|k| k == *svg)), None);
    }
    for track in &program.tracks {
        let known = tracks::by_slug(db, &track.slug).await?;
        step("track", &track.slug, effect(known.map(|k| k.says(track, &program.issuer.time_zone))), None);
    }
    for ladder in &program.ladders {
        let known = ranks::find(db, &ladder.slug).await?;
        step("ladder", &ladder.slug, effect(known.map(|k| k.definition == *ladder)), None);
    }
    let changes = steps.iter().filter(|s| s.effect != Effect::Keep).count();
    Ok(Plan { steps, changes })
}

fn effect(same: Option<bool>) -> Effect {
    match same {
        None => Effect::Create,
        Some(true) => Effect::Keep,
        Some(false) => Effect::Change,
    }
}

async fn read_bank(db: &impl Read, program: &Program, bank: &BankFile) -> Result<waymark_assess::interchange::Import> {
    let bytes =
        program.files.get(&bank.file).ok_or_else(|| Error::internal("a validated program has all its files"))?;
    let beside = |name: &str| program.files.get(&format!("banks/{name}")).map(<[u8]>::to_vec);
    banks::read_file(db, &bank.slug, bytes, bank.format, &beside).await
}

/// Publishes everything that differs. Answers the plan that was carried out.
pub async fn apply(app: &App, program: &Program, actor: Actor) -> Result<Plan> {
    let plan = plan(app, program).await?;
    if plan.changes == 0 {
        return Ok(plan);
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    publish(&mut ch, program).await?;
    let changed: Vec<String> =
        plan.steps.iter().filter(|s| s.effect != Effect::Keep).map(|s| format!("{}:{}", s.what, s.name)).collect();
    ch.audit(AuditEntry::new("program.apply", "default", json!({"changed": changed}))).await?;
    ch.commit().await?;
    Ok(plan)
}

/// In the order of references: what is named comes before what names it.
async fn publish(ch: &mut Change<'_>, program: &Program) -> Result<()> {
    issuer::keep(ch, &program.issuer).await?;
    for source in &program.sources {
        contributions::keep_source(ch, source).await?;
    }
    for bank in &program.banks {
        let import = read_bank(ch.tx(), program, bank).await?;
        banks::import(ch, &bank.slug, import).await?;
    }
    for exam in &program.exams {
        exams::publish(ch, exam).await?;
    }
    for (name, svg) in &program.badges {
        tracks::keep_badge(ch, name, svg).await?;
    }
    let issuer =
        issuer::default_issuer(ch.tx()).await?.ok_or_else(|| Error::internal("the issuer was kept just now"))?;
    for track in &program.tracks {
        tracks::publish(ch, issuer.id, track).await?;
    }
    for ladder in &program.ladders {
        ranks::publish(ch, ladder).await?;
    }
    Ok(())
}
