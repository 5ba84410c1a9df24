//! Whether a document can be published, what stands in the way, and what publishing it would change: the panel beside the form, and the small endpoint that
//! draws it anew while somebody types.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use waymark_assess::blueprint::Blueprint;
use waymark_assess::form::Plan;
use waymark_assess::{ExamSpec, Mistake};

use super::fields::{self, Fields};
use super::stock::{Line, Stock};
use super::wrong::{Wrong, wrongs};
use super::{Work, rows};
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::banks;
use crate::database::Read;
use crate::error::Result;
use crate::exams::service::{below_the_cap, feasible};
use crate::exams::told::{Told, told};
use crate::exams::written::as_file;
use crate::web::i18n::Words;
use crate::web::page::Page;
use crate::web::zone::Zone;

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
        Ok(spec) => Ok(match feasible(db, &spec).await? {
            Ok(plan) => {
                let mistakes = below_the_cap(db, &spec, &plan).await?;
                Checked { spec: Some(spec), plan: Some(plan), mistakes }
            }
            Err(mistakes) => Checked { spec: Some(spec), plan: None, mistakes },
        }),
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

/// One line of what publishing changes in the file.
pub struct Changed {
    /// `ins`, `del`, or nothing for a line that stays.
    pub tag: &'static str,
    pub line: String,
}

#[derive(Template)]
#[template(path = "exams/_check.html")]
pub struct Panel {
    pub w: Words,
    pub wrong: Vec<Wrong>,
    pub good: bool,
    pub lines: Vec<Line>,
    /// Questions in a form, scored and not.
    pub positions: usize,
    pub told: Vec<Told>,
    pub changes: Vec<Changed>,
    /// Nothing was published yet.
    pub first: bool,
}

impl Panel {
    pub fn new(w: Words, zone: &Zone, work: &Work, fields: &Fields, document: &Value, at: (&Stock, &Checked)) -> Self {
        let (stock, checked) = at;
        let lines = stock.lines(fields, document);
        let summed: usize = match &checked.plan {
            Some(plan) => usize::try_from(plan.positions()).unwrap_or_default(),
            None => lines.iter().map(|line| line.needed).sum(),
        };
        Self {
            wrong: wrongs(w, fields, &checked.mistakes),
            good: checked.good().is_some(),
            lines,
            positions: summed,
            told: checked.spec.as_ref().map(|spec| told(w, zone, spec)).unwrap_or_default(),
            changes: changes(work, document, checked),
            first: work.known.is_none(),
            w,
        }
    }
}

/// What publishing changes: lines of the file as it is published against those of the document.
fn changes(work: &Work, document: &Value, checked: &Checked) -> Vec<Changed> {
    let Some(known) = &work.known else { return vec![] };
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

/// `POST /admin/exams/check`: the panel for what stands in the form now. It keeps nothing.
pub async fn check_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Posted(mut fields): Posted<Fields>,
) -> Result<impl IntoResponse> {
    let slug = fields.get("known").cloned().unwrap_or_default();
    let work = Work::of(&app, &slug).await?;
    let zone = crate::issuer::zone(app.db.read()).await?;
    let document = fields::said(&fields, &work.base(), &zone);
    let stock = Stock::of(app.db.read(), document["bank"].as_str().unwrap_or_default()).await?;
    rows::complete(&mut fields, "cell", stock.domains.keys().cloned());
    let checked = checked(app.db.read(), &document).await?;
    Ok(Page(Panel::new(staff.shell().w, &zone, &work, &fields, &document, (&stock, &checked))))
}
