//! Afterwards: the verdict with its section table, and what happens next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use waymark_assess::attempt::{Attempt as Life, Closing};
use waymark_assess::blueprint::Base;
use waymark_assess::grade::Treatment;
use waymark_assess::score::Cut;
use waymark_assess::score::Level;
use waymark_assess::spec::Release;

use super::super::rescoring::voided_in;
use super::{title, zone};
use crate::access::Candidate;
use crate::app::App;
use crate::attempts::beginning;
use crate::attempts::closing::{Released, Section, Verdict, look, verdict};
use crate::attempts::in_path::attempt_id;
use crate::attempts::views;
use crate::attempts::wording::{self, Figure};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::i18n::{Arg, Words};
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

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
    ended: bool,
    result: Option<Shown>,
    /// When it is shown, while it is not.
    held: String,
    practice: bool,
    left: Option<u32>,
    not_before: Option<String>,
    /// Whether there is another attempt, and which questions it has.
    again: String,
}

impl ResultPage {
    /// Whether another attempt can begin now, as far as attempts and time go.
    fn may_try(&self) -> bool {
        self.left != Some(0) && self.not_before.is_none()
    }
}

struct Shown {
    passed: bool,
    score: Figure,
    cut: Figure,
    /// Score, lowest, highest, what passes, in words.
    scaled: Option<String>,
    sections: Vec<Row>,
    /// Questions that turned out to be broken, and what that made of the numbers.
    voided: Vec<String>,
    /// Whether some section has points that its right answers do not tell.
    by_points: bool,
}

impl Shown {
    fn in_words(&self) -> bool {
        self.sections.iter().any(|row| row.level.is_some())
    }
}

/// One section of the result.
struct Row {
    title: String,
    /// A word, where the exam wants words: then there are no numbers.
    level: Option<String>,
    right: u32,
    of: u32,
    points: Option<Figure>,
}

/// What became of questions that were voided, in words.
fn voided(words: Words, treatments: &[Treatment]) -> Vec<String> {
    let told = |treatment: Treatment, key: &str| {
        let n = treatments.iter().filter(|one| **one == treatment).count();
        (n > 0).then(|| words.with1(key, "n", n))
    };
    [told(Treatment::FullCredit, "result-voided-full"), told(Treatment::Drop, "result-voided-drop")]
        .into_iter()
        .flatten()
        .collect()
}

/// Whether there is another attempt, and which questions it has: the only fixed form has the same ones.
fn again(words: Words, exam: &exams::Exam, left: Option<u32>) -> String {
    let many = match left {
        Some(0) => return words.t("result-next-none-left"),
        Some(left) => words.with1("result-next-left", "left", left),
        None => words.t("result-next-again"),
    };
    let questions = match exam.spec.blueprint.assembly().base {
        Base::Forms(forms) if forms.len() == 1 => "result-next-same",
        Base::Forms(_) => "result-next-forms",
        _ => "result-next-drawn",
    };
    words.sentences(&[many, words.t(questions)])
}

/// The name of the section of questions that belong to no domain.
const NO_DOMAIN: &str = "-";

fn level_key(level: Level) -> &'static str {
    match level {
        Level::Meets => "result-level-meets",
        Level::NeedsWork => "result-level-needs-work",
        _ => "result-level-too-few",
    }
}

/// The sections in the order of the exam file under the titles of their domains; those without a title last.
fn rows(exam: &exams::Exam, words: Words, result: &Released) -> Vec<Row> {
    let mut sections: Vec<&Section> = result.sections.iter().collect();
    sections.sort_by_key(|section| exam.spec.domain(&section.section).map_or(usize::MAX, |(at, _)| at));
    let from = exam.spec.scoring.sections_from;
    let row = |section: &Section| Row {
        title: match exam.spec.domain(&section.section) {
            Some((_, title)) => title.pick(words.lang()).1.to_owned(),
            None if section.section == NO_DOMAIN && result.sections.len() == 1 => words.t("result-section-all"),
            None if section.section == NO_DOMAIN => words.t("result-section-other"),
            None => section.section.clone(),
        },
        level: from.map(|from| words.t(level_key(result.level(section, from)))),
        right: section.right,
        of: section.of,
        points: section.points.zip(section.max).map(|(points, max)| wording::score(words, points, max)),
    };
    sections.into_iter().map(row).collect()
}

/// What it took to pass: the points, with the share of them that the exam names.
fn cut(exam: &exams::Exam, words: Words, result: &Released) -> Figure {
    let Some(needed) = result.needed() else { return Figure { text: "–".to_owned(), exact: None } };
    let alone = wording::figure(words, needed);
    let text = match exam.spec.scoring.cut {
        Cut::Percent(percent) if result.cut["points"].is_null() => {
            words.with2("result-cut-percent", "percent", wording::points(words, percent), "points", alone.text)
        }
        _ => words.with1("result-points", "points", alone.text),
    };
    Figure { text, exact: alone.exact }
}

/// When a result that is not shown yet will be.
fn held(release: Release, words: Words, zone: &Zone, waiting: bool, now: Timestamp) -> String {
    match (release, waiting) {
        (Release::On(at), true) if at > now => words.with1("result-next-marking-on", "at", zone.instant(words, at)),
        (Release::On(_) | Release::AtOnce, true) => words.t("result-next-marking"),
        (_, true) => words.t("result-next-marking-held"),
        (Release::On(at), false) => words.with1("result-next-on", "at", zone.instant(words, at)),
        (_, false) => words.t("result-next-held"),
    }
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
    let zone = zone(&app).await?;
    let result = match verdict {
        Some(Verdict::Released(result)) => {
            let sections = rows(&exam, words, &result);
            Some(Shown {
                passed: result.passed,
                score: wording::score(words, result.points, result.max),
                cut: cut(&exam, words, &result),
                scaled: result.scaled.map(|s| {
                    let scale = s.scale;
                    let args: [(&str, &dyn Arg); 4] =
                        [("score", &s.score), ("min", &scale.min), ("max", &scale.max), ("cut", &scale.cut)];
                    words.with("result-scaled-value", &args)
                }),
                by_points: sections.iter().any(|row| row.level.is_none() && row.points.is_some()),
                sections,
                voided: voided(words, &voided_in(app.db.read(), &attempt, &exam).await?),
            })
        }
        _ => None,
    };
    let page = ResultPage {
        attempt: attempt.id,
        title: title(&exam, words),
        slug: exam.spec.slug.clone(),
        ordinal: attempt.ordinal,
        answered: progress.iter().filter(|p| p.answered && !p.incomplete).count(),
        positions: progress.len(),
        closed_at: zone.instant(words, closed.at),
        expired: closed.how == Closing::Expired,
        ended: closed.how == Closing::Ended,
        result,
        held: held(exam.spec.release, words, &zone, waiting, app.db.now()),
        practice: exam.spec.sitting.practice,
        left: chances.left,
        again: again(words, &exam, chances.left),
        not_before: chances.not_before.map(|until| zone.instant(words, until)),
        shell: who.shell(),
    };
    Ok(Page(page).into_response())
}
