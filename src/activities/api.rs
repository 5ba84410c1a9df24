//! `GET /api/v1/activities/figures`.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::figures::{self, Figures, Part};
use super::ideas::Ideas;
use super::period::Period;
use super::questions::{Question, Questions};
use crate::access::{May, ReadProgram};
use crate::app::App;
use crate::clock::rfc3339;
use crate::contributions::{self, StoredWork};
use crate::error::Result;
use crate::issuer;
use crate::web::i18n::Words;

/// So many of the unanswered questions are named, the oldest.
const NAMED: usize = 100;

#[derive(Debug, Default, Deserialize)]
pub struct FiguresQuery {
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

impl FiguresQuery {
    /// The source, where one is named.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref().map(str::trim).filter(|source| !source.is_empty())
    }
}

#[derive(Serialize)]
pub struct FiguresBody {
    from: String,
    to: String,
    /// Whose days and months they are.
    time_zone: String,
    source: Option<String>,
    questions: Option<QuestionsBody>,
    ideas: Option<IdeasBody>,
    months: Vec<MonthBody>,
    /// What each figure counts, in the language of the caller.
    definitions: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct QuestionsBody {
    asked: u64,
    answered: u64,
    accepted: u64,
    unanswered: u64,
    answer_rate: Option<f64>,
    median_ms_to_first_answer: Option<i64>,
    answers_to_others: u64,
    oldest_unanswered: Vec<UnansweredBody>,
}

#[derive(Serialize)]
struct UnansweredBody {
    source: String,
    object: String,
    title: Option<String>,
    url: Option<String>,
    asked_at: String,
}

#[derive(Serialize)]
struct IdeasBody {
    submitted: u64,
    supports: u64,
    supported: u64,
    shipped: u64,
    credited: u64,
}

#[derive(Serialize)]
struct MonthBody {
    month: String,
    #[serde(flatten)]
    sums: BTreeMap<&'static str, u64>,
}

/// What is defined, in the order in which it is shown; those of questions first.
pub(super) const DEFINED: [&str; 8] =
    ["asked", "answered", "accepted", "median", "submitted", "supports", "shipped", "credited"];

/// The sums by month: what is counted, and how often in each.
pub(super) fn by_month(figures: &Figures) -> Vec<(&'static str, Vec<u64>)> {
    let months = &figures.period.months;
    let mut rows = vec![];
    if let Some(questions) = &figures.questions {
        let of = |keep: fn(&Question) -> bool| {
            months.sums(questions.all.iter().filter(|question| keep(question)).map(|question| question.asked_at))
        };
        rows.push(("asked", of(|_| true)));
        rows.push(("answered", of(|question| question.answered_at.is_some())));
        rows.push(("accepted", of(|question| question.accepted)));
    }
    if let Some(ideas) = &figures.ideas {
        rows.push(("submitted", months.sums(ideas.submitted.iter().copied())));
        rows.push(("supports", months.sums(ideas.supports.iter().copied())));
        rows.push(("shipped", months.sums(ideas.shipped.iter().copied())));
    }
    rows
}

fn questions_body(w: Words, questions: &Questions, works: &BTreeMap<String, StoredWork>) -> QuestionsBody {
    let (asked, answered) = (questions.asked(), questions.answered());
    let named = questions.unanswered().take(NAMED).map(|question| {
        let work = works.get(&question.activity);
        let title = work.map(|work| w.pick(&work.titles).to_owned()).filter(|title| !title.is_empty());
        UnansweredBody {
            source: question.source.clone(),
            object: question.object.clone(),
            title,
            url: work.and_then(|work| work.url.clone()),
            asked_at: rfc3339(question.asked_at),
        }
    });
    QuestionsBody {
        asked,
        answered,
        accepted: questions.accepted(),
        unanswered: asked - answered,
        // In ten-thousandths: as much as anybody reads.
        answer_rate: (asked > 0).then(|| (answered * 10_000 / asked) as f64 / 10_000.0),
        median_ms_to_first_answer: questions.median_ms(),
        answers_to_others: questions.to_others,
        oldest_unanswered: named.collect(),
    }
}

fn ideas_body(ideas: &Ideas) -> IdeasBody {
    IdeasBody {
        submitted: ideas.submitted.len() as u64,
        supports: ideas.supports.len() as u64,
        supported: ideas.supported,
        shipped: ideas.shipped.len() as u64,
        credited: ideas.credited,
    }
}

/// The figures of a period, each with its definition.
pub async fn read_figures(
    staff: May<ReadProgram>,
    State(app): State<App>,
    Query(asked): Query<FiguresQuery>,
) -> Result<impl IntoResponse> {
    let (db, w) = (app.db.read(), staff.shell().w);
    let zone = issuer::zone(db).await?;
    let period = Period::read(&zone, asked.from.as_deref(), asked.to.as_deref(), app.db.now())?;
    let figures = figures::figures(db, period, asked.source(), Part::of(asked.kind.as_deref())?).await?;
    let unanswered = figures.questions.iter().flat_map(|questions| questions.unanswered().take(NAMED));
    let unanswered: Vec<&str> = unanswered.map(|question| question.activity.as_str()).collect();
    let works = contributions::stored_works(db, &unanswered).await?;
    let rows = by_month(&figures);
    let months = figures.period.months.written().into_iter().enumerate();
    let (from, to) = figures.period.written();
    Ok(axum::Json(FiguresBody {
        from,
        to,
        time_zone: zone.name().to_owned(),
        source: asked.source().map(str::to_owned),
        questions: figures.questions.as_ref().map(|questions| questions_body(w, questions, &works)),
        ideas: figures.ideas.as_ref().map(ideas_body),
        months: months
            .map(|(n, month)| MonthBody { month, sums: rows.iter().map(|(what, sums)| (*what, sums[n])).collect() })
            .collect(),
        definitions: DEFINED.map(|what| (what, w.t(&format!("activities-{what}-means")))).into(),
    }))
}
