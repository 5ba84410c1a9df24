//! Whether a document can be published, what stands in the way, and what publishing it would change in the file.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use waymark_assess::blueprint::Blueprint;
use waymark_assess::form::Plan;
use waymark_assess::{ExamSpec, Mistake};

use super::service::{Exam, below_the_cap, feasible};
use super::written::as_file;
use crate::banks;
use crate::database::Read;
use crate::error::Result;

/// What is known of a document.
pub struct Checked {
    pub spec: Option<ExamSpec>,
    pub plan: Option<Plan>,
    pub mistakes: Vec<Mistake>,
}

impl Checked {
    /// The exam, where nothing stands in the way of publishing it.
    pub fn good(&self) -> Option<&ExamSpec> {
        self.spec.as_ref().filter(|_| self.mistakes.is_empty())
    }
}

/// Reads a document as the files are read, and looks whether its bank can fill it.
pub async fn checked(db: &impl Read, document: &Value) -> Result<Checked> {
    match ExamSpec::from_value(document) {
        Ok(spec) => checked_exam(db, spec).await,
        Err(mut mistakes) => {
            // What the bank cannot fill is told while the rest is still being written.
            let bank = document["bank"].as_str().unwrap_or_default();
            if let Ok(blueprint) = Blueprint::from_value(&document["blueprint"])
                && banks::is_slug(bank)
                && let Some(items) = banks::drawables(db, bank).await?
                && let Err(short) = blueprint.plan(items)
            {
                mistakes.extend(short.into_iter().map(|mistake| mistake.under("/blueprint")));
            }
            Ok(Checked { spec: None, plan: None, mistakes })
        }
    }
}

/// The same for what reads as an exam.
pub async fn checked_exam(db: &impl Read, spec: ExamSpec) -> Result<Checked> {
    Ok(match feasible(db, &spec).await? {
        Ok(plan) => {
            let mistakes = below_the_cap(db, &spec, &plan).await?;
            Checked { spec: Some(spec), plan: Some(plan), mistakes }
        }
        Err(mistakes) => Checked { spec: Some(spec), plan: None, mistakes },
    })
}

/// One line of what publishing changes in the file.
pub struct Changed {
    /// `ins`, `del`, or nothing for a line that stays.
    pub tag: &'static str,
    pub line: String,
}

/// What publishing changes: lines of the file as it is published against those of the document; none for an exam that was not published yet.
pub fn changes(known: Option<&Exam>, document: &Value, checked: &Checked) -> Vec<Changed> {
    let Some(known) = known else { return vec![] };
    let new = checked.spec.as_ref().map_or_else(|| document.clone(), ExamSpec::to_value);
    let (old, new) = (as_file(known.spec.to_value()), as_file(new));
    let diff = TextDiff::from_lines(&old, &new);
    let changed = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
    let line = |change: similar::Change<&str>| Changed {
        tag: if change.tag() == ChangeTag::Delete { "del" } else { "ins" },
        line: change.value().trim_end().to_owned(),
    };
    changed.map(line).collect()
}
