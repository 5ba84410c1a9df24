//! Afterwards: the verdict with its section table, and what happens next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use waymark_assess::attempt::{Attempt as Life, Closing};
use waymark_assess::grade::Level;
use waymark_assess::score::Cut;

use super::{title, zone};
use crate::access::Candidate;
use crate::app::App;
use crate::attempts::api::attempt_id;
use crate::attempts::beginning;
use crate::attempts::closing::{Section, Verdict, look, verdict};
use crate::attempts::views;
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::i18n::{Arg, Words};
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/result.html")]
struct ResultPage {
    shell: Shell,
    attempt: AttemptId,
    title: String,
    slug: String,
    ordinal: u32,
    answered: usize,
    positions: usize,
    closed_at: String,
    expired: bool,
    result: Option<Shown>,
    /// People mark some of the answers.
    waiting: bool,
    left: Option<u32>,
    not_before: Option<String>,
}

struct Shown {
    passed: bool,
    points: String,
    max: String,
    cut: String,
    /// Score, lowest, highest, what passes, in words.
    scaled: Option<String>,
    sections: Vec<Section>,
    /// In the order of the sections, a word for each where the exam wants words.
    levels: Option<Vec<String>>,
}

fn level_key(level: Level) -> &'static str {
    match level {
        Level::Meets => "result-level-meets",
        Level::NeedsWork => "result-level-needs-work",
        _ => "result-level-too-few",
    }
}

/// The sections in the order of the exam file; those without a title last.
fn ordered(exam: &exams::Exam, mut sections: Vec<Section>) -> Vec<Section> {
    sections.sort_by_key(|section| exam.spec.domain(&section.section).map_or(usize::MAX, |(at, _)| at));
    sections
}

/// The same under the titles of their domains.
fn titled(exam: &exams::Exam, words: Words, sections: Vec<Section>) -> Vec<Section> {
    let mut sections = ordered(exam, sections);
    for section in &mut sections {
        if let Some((_, title)) = exam.spec.domain(&section.section) {
            section.section = title.pick(words.lang()).1.to_owned();
        }
    }
    sections
}

/// `GET /exam/{attempt}/result`: the verdict with its section table, and what happens next. It keeps its address.
pub async fn resulting(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    let Life::Closed(closed) = attempt.life else {
        return Ok(see_other(&format!("/exam/{}", attempt.id)));
    };
    let words = who.visitor.words;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let progress = views::progress(app.db.read(), attempt.id).await?;
    let chances = beginning::chances(app.db.read(), &exam, who.member, app.db.now()).await?;
    let verdict = verdict(app.db.read(), &attempt).await?;
    let waiting = verdict == Some(Verdict::Waiting);
    let result = match verdict {
        Some(Verdict::Released(result)) => Some(Shown {
            passed: result.passed,
            points: result.points.to_string(),
            max: result.max.to_string(),
            cut: match (exam.spec.scoring.cut, result.needed) {
                (_, Some(needed)) => words.with1("result-points", "points", needed.to_string()),
                (Cut::Percent(percent), None) if result.cut["points"].is_null() => format!("{percent}%"),
                _ => words.with1("result-points", "points", result.cut["points"].to_string()),
            },
            scaled: result.scaled.map(|s| {
                let scale = s.scale;
                let args: [(&str, &dyn Arg); 4] =
                    [("score", &s.score), ("min", &scale.min), ("max", &scale.max), ("cut", &scale.cut)];
                words.with("result-scaled-value", &args)
            }),
            levels: exam.spec.scoring.sections_from.map(|from| {
                let ordered = ordered(&exam, result.sections.clone());
                ordered.iter().map(|section| words.t(level_key(result.level(section, from)))).collect()
            }),
            sections: titled(&exam, words, result.sections),
        }),
        _ => None,
    };
    let zone = zone(&app).await?;
    let page = ResultPage {
        attempt: attempt.id,
        title: title(&exam, words),
        slug: exam.spec.slug.clone(),
        ordinal: attempt.ordinal,
        answered: progress.iter().filter(|p| p.answered).count(),
        positions: progress.len(),
        closed_at: zone.instant(words, closed.at),
        expired: closed.how == Closing::Expired,
        result,
        waiting,
        left: chances.left,
        not_before: chances.not_before.map(|until| zone.instant(words, until)),
        shell: who.shell(),
    };
    Ok(Page(page).into_response())
}
