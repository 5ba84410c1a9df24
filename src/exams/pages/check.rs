//! Whether a document can be published, what stands in the way, and what publishing it would change: the panel beside the form, and the small endpoint that
//! draws it anew while somebody types.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::Value;

use super::fields;
use super::pointed::Fields;
use super::rows;
use super::stock::{Line, Stock};
use super::wrong::{Wrong, wrongs};
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::error::Result;
use crate::exams::checking::{Changed, Checked, changes, checked};
use crate::exams::told::{Told, told};
use crate::exams::work::Work;
use crate::web::i18n::Words;
use crate::web::page::Page;
use crate::web::zone::Zone;

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
            changes: changes(work.known.as_ref(), document, checked),
            first: work.known.is_none(),
            w,
        }
    }
}

/// `POST /admin/exams/check`: the panel for what stands in the form now. It keeps nothing.
pub async fn check_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Posted(mut fields): Posted<Fields>,
) -> Result<impl IntoResponse> {
    let slug = fields.get("known").cloned().unwrap_or_default();
    let work = Work::of(app.db.read(), &slug).await?;
    let zone = crate::issuer::zone(app.db.read()).await?;
    let document = fields::said(&fields, &work.base(), &zone);
    let stock = Stock::of(app.db.read(), document["bank"].as_str().unwrap_or_default()).await?;
    rows::complete(&mut fields, "cell", stock.domains.keys().cloned());
    let checked = checked(app.db.read(), &document).await?;
    Ok(Page(Panel::new(staff.shell().w, &zone, &work, &fields, &document, (&stock, &checked))))
}
