//! `waymark program`: a program as files, validated, compared, applied, and written as files again.

mod files;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, counted, out, say};
use crate::actor::Actor;
use crate::app::App;
use crate::planning::{self, Outlook};
use crate::program::{self, Effect, FileSet, Plan, Program, PublishedHere};

#[derive(Subcommand)]
pub(super) enum ProgramCommand {
    /// Report every mistake in the files, with file, line and column.
    Validate { dir: PathBuf },
    /// Show what `apply` would change, and what that means for people.
    Plan { dir: PathBuf },
    /// Publish everything that differs, in one transaction.
    Apply { dir: PathBuf },
    /// Show what the files say otherwise than the installation does, line by line; banks are compared by `plan`.
    Diff { dir: PathBuf },
    /// Write the program as it stands into an empty folder. Its banks hold the keys.
    Export { dir: PathBuf },
    /// Print the JSON Schemas of the files, for editors.
    Schema,
}

impl ProgramCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Schema => out(&serde_json::to_string_pretty(&program::schemas()).unwrap_or_default()),
            Self::Validate { dir } => {
                let program = read(&dir, context).await?;
                let text = format!(
                    "valid: {}, {}, {}, {}, {}, {}",
                    counted(program.tracks.len(), "track"),
                    counted(program.ladders.len(), "ladder"),
                    counted(program.exams.len(), "exam"),
                    counted(program.banks.len(), "bank"),
                    counted(program.sources.len(), "source"),
                    counted(program.badges.len(), "badge")
                );
                context.print(&json!({"valid": true, "mistakes": [], "notes": program.notes}), &text);
            }
            Self::Plan { dir } => {
                let program = read(&dir, context).await?;
                let app = context.open().await?;
                let plan = program::plan(&app, &program).await?;
                let effects = effects_on_people(&app, &program, &plan).await?;
                print_plan(context, &plan, &effects, "to change");
            }
            Self::Diff { dir } => {
                let program = read(&dir, context).await?;
                let app = context.open().await?;
                files::diff(context, &app, &program).await?;
            }
            Self::Export { dir } => {
                let app = context.open().await?;
                return files::export(context, &app, &dir).await;
            }
            Self::Apply { dir } => {
                let program = read(&dir, context).await?;
                let app = context.open().await?;
                let applied = program::apply(&app, &program, Actor::Operator).await?;
                print_plan(context, &applied, &BTreeMap::new(), "changed");
            }
        }
        Ok(Exit::Ok)
    }
}

/// Reads and validates; mistakes go out line by line (as JSON with `--json`), then the command ends with 4.
pub(super) async fn read(dir: &std::path::Path, context: &Context) -> Result<Program, Failure> {
    if !dir.is_dir() {
        return Err(Failure::new(Exit::NotFound, format!("{} is not a folder", dir.display())));
    }
    let files = FileSet::read(dir).map_err(|e| Failure::new(Exit::Invalid, e.to_string()))?;
    let validated = match program::validate(files.clone()) {
        Err(mistakes) if mistakes.iter().any(|m| matches!(m.code, "unknown_exam" | "unknown_track")) => {
            program::validate_beside(files, &published_here(context).await)
        }
        validated => validated,
    };
    match validated {
        Ok(program) => {
            if !context.json {
                program.notes.iter().for_each(|note| say(&format!("note: {note}")));
            }
            Ok(program)
        }
        Err(mistakes) => {
            let text: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            context.print(&json!({"valid": false, "mistakes": mistakes}), &text.join("\n"));
            Err(Failure::new(Exit::Invalid, format!("{}; nothing was changed", counted(mistakes.len(), "mistake"))))
        }
    }
}

/// What the installation has published: nothing where there is none yet, or it does not answer; then the files stand for themselves.
async fn published_here(context: &Context) -> PublishedHere {
    if !context.has_store() {
        return PublishedHere::default();
    }
    let Ok(app) = context.open().await else { return PublishedHere::default() };
    PublishedHere::read(app.db.read()).await.unwrap_or_default()
}

/// What each track that is new or changed would mean for everybody, by slug.
async fn effects_on_people(app: &App, program: &Program, plan: &Plan) -> Result<BTreeMap<String, Outlook>, Failure> {
    let (db, now) = (app.db.read(), app.db.now());
    let mut effects = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| step.what == "track" && step.effect != Effect::Keep) {
        if let Some(track) = program.tracks.iter().find(|track| track.slug == step.name) {
            effects.insert(step.name.clone(), planning::outlook(db, track, now).await?);
        }
    }
    Ok(effects)
}

fn effect_words(outlook: &Outlook) -> String {
    let Outlook { gain, lose, keep, .. } = outlook;
    format!(
        "    {} would gain it, {lose} would no longer meet it (whoever holds it keeps it), {keep} keep it",
        counted(*gain, "member")
    )
}

fn print_plan(context: &Context, plan: &Plan, effects: &BTreeMap<String, Outlook>, word: &str) {
    let mut lines = vec![];
    for step in plan.steps.iter().filter(|step| step.effect != Effect::Keep) {
        let detail = step.detail.as_ref().map_or(String::new(), |d| format!(" ({d})"));
        lines.push(format!("{} {} {}{detail}", step.effect.sign(), step.what, step.name));
        if let Some(outlook) = effects.get(&step.name).filter(|_| step.what == "track") {
            lines.push(effect_words(outlook));
        }
    }
    lines.push(if plan.changes == 0 { "nothing to change".to_owned() } else { format!("{} {word}", plan.changes) });
    let mut told = json!(plan);
    if !effects.is_empty() {
        told["effects"] = json!(effects);
    }
    context.print(&told, &lines.join("\n"));
}
