//! The form of a new attempt: drawn from a fresh seed with what the member had before and how often items were used.

use std::collections::BTreeSet;

use waymark_assess::form::{Circumstances, Relaxed};
use waymark_assess::item::Figure;
use waymark_assess::{Form, Seed};

use super::service::{form, of_member};
use crate::app::App;
use crate::banks;
use crate::database::Change;
use crate::entropy;
use crate::error::{Error, Result};
use crate::exams::{self, Exam};
use crate::ids::MemberId;

/// A form that nobody has yet.
pub(super) struct Drawn {
    pub form: Form,
    /// SHA-256 of every figure in it.
    pub figures: BTreeSet<String>,
    /// The cap on exposure; the outer None where nothing is counted.
    caps: Option<Option<u32>>,
}

/// Draws a form outside any transaction: item versions are immutable, and the form names them.
pub(super) async fn draw(app: &App, exam: &Exam, member: MemberId) -> Result<Drawn> {
    let plan = exams::plan(app, exam).await?.map_err(|mistakes| {
        Error::internal(format!("exam {} can no longer be filled: {}", exam.spec.slug, mistakes[0]))
    })?;
    let mut circumstances = Circumstances::default();
    if plan.avoids() > 0 {
        let most = usize::try_from(plan.avoids()).unwrap_or(usize::MAX);
        for attempt in of_member(app.db.read(), exam.id, member).await?.iter().rev().take(most) {
            let sat = form(app.db.read(), attempt.id).await?;
            circumstances.earlier.push(sat.positions().iter().map(|position| position.slug.clone()).collect());
        }
    }
    if plan.caps_exposure() {
        circumstances.used = exams::exposure(app.db.read(), exam.id).await?;
    }
    let form = plan.assemble(Seed(entropy::bytes(app.db.entropy.as_ref())), &circumstances);
    let contents = banks::contents(app.db.read(), form.positions().iter().map(|position| position.item)).await?;
    let figures = contents.values().filter_map(|content| content.figure.as_ref()).map(Figure::sha256).collect();
    // What gave way once is not held against the cap again.
    let held = plan.exposure().filter(|_| !form.relaxed().contains(&Relaxed::Exposure));
    Ok(Drawn { form, figures, caps: plan.caps_exposure().then_some(held) })
}

/// Counts the form in the change that freezes it. Answers false where others took what was left of an item meanwhile: draw again.
pub(super) async fn reserve(ch: &Change<'_>, exam: &Exam, drawn: &Drawn) -> Result<bool> {
    let Some(cap) = drawn.caps else { return Ok(true) };
    let slugs: Vec<&str> = drawn.form.positions().iter().map(|position| position.slug.as_str()).collect();
    exams::count_exposure(ch, exam.id, cap, &slugs).await
}
