//! `/admin/activities`: the figures, each with what it counts, as numbers, as drawings and as a table; and the questions that wait for an answer.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::{FiguresQuery, by_month};
use super::figures::{self, Figures, Part};
use super::period::Period;
use super::questions::Questions;
use crate::access::{May, ReadProgram};
use crate::app::App;
use crate::clock::Timestamp;
use crate::contributions;
use crate::database::pagination::Listed;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::plot::Plot;
use crate::web::zone::Zone;

/// Questions on a page.
const ON_A_PAGE: u64 = 50;

/// One figure with what it counts.
struct Tile {
    id: &'static str,
    name: String,
    value: String,
    means: String,
}

/// A question that nobody answered.
struct Waiting {
    title: String,
    url: Option<String>,
    source: String,
    asked: String,
    /// How long it has waited.
    since: String,
}

/// A source that can be chosen, and whether it is this one.
struct Choice {
    source: String,
    title: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "activities/figures.html")]
struct FiguresPage {
    shell: Shell,
    from: String,
    to: String,
    sources: Vec<Choice>,
    /// What was wrong with the days that were asked for.
    wrong: Option<String>,
    tiles: Vec<Tile>,
    plots: Vec<Plot>,
    columns: Vec<String>,
    rows: Vec<(String, Vec<u64>)>,
    waiting: Vec<Waiting>,
    unanswered: u64,
    to_others: u64,
    /// The address of the next page of questions.
    next: Option<String>,
    nothing: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /admin/activities?from&to&source`.
pub async fn activities_page(
    staff: May<ReadProgram>,
    State(app): State<App>,
    Query(asked): Query<FiguresQuery>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let (shell, db, now) = (staff.shell(), app.db.read(), app.db.now());
    let w = shell.w;
    let zone = issuer::zone(db).await?;
    let (period, wrong) = match Period::read(&zone, asked.from.as_deref(), asked.to.as_deref(), now) {
        Ok(period) => (period, None),
        Err(e) if e.code() == Code::ValidationFailed => {
            let why = if e.faults().iter().any(|f| f.code == "out_of_range") { "order" } else { "day" };
            (
                Period::read(&zone, None, None, now)?,
                Some(w.with1(&format!("activities-wrong-{why}"), "n", Period::LONGEST)),
            )
        }
        Err(e) => return Err(e),
    };
    let figures = figures::figures(db, period, asked.source(), Part::All).await?;
    let (from, to) = figures.period.written();
    let named = contributions::named_sources(db).await?;
    let sources = named.iter().map(|(_, definition)| Choice {
        title: w.pick(&definition.title).to_owned(),
        here: asked.source() == Some(definition.source.as_str()),
        source: definition.source.clone(),
    });
    let sources: Vec<Choice> = sources.collect();
    let none = Questions::default();
    let questions = figures.questions.as_ref().unwrap_or(&none);
    let (waiting, next_cursor) =
        waiting(&app, w, &zone, questions, shown.cursor.as_deref(), figures.period.last.min(now)).await?;
    let next = next_cursor.map(|cursor| {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("from", &from).append_pair("to", &to);
        pairs.append_pair("source", asked.source().unwrap_or_default()).append_pair("cursor", &cursor);
        format!("/admin/activities?{}#waiting", pairs.finish())
    });
    let sums = by_month(&figures);
    let names = figures.period.months.names(w);
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FiguresPage {
        tiles: tiles(w, &figures, questions),
        plots: sums.iter().map(|(what, sums)| plot(w, what, sums, &names)).collect(),
        columns: sums.iter().map(|(what, _)| w.t(&format!("activities-{what}"))).collect(),
        nothing: sums.iter().all(|(_, sums)| sums.iter().all(|n| *n == 0)),
        rows: names
            .iter()
            .enumerate()
            .rev()
            .map(|(n, name)| (name.clone(), sums.iter().map(|(_, of)| of[n]).collect()))
            .collect(),
        unanswered: questions.asked() - questions.answered(),
        to_others: questions.to_others,
        from: if wrong.is_some() { asked.from.clone().unwrap_or_default() } else { from },
        to: if wrong.is_some() { asked.to.clone().unwrap_or_default() } else { to },
        shell,
        sources,
        wrong,
        waiting,
        next,
    };
    Ok((status, Page(page)).into_response())
}

fn tiles(w: Words, figures: &Figures, questions: &Questions) -> Vec<Tile> {
    let (asked, answered) = (questions.asked(), questions.answered());
    let of = |part: u64| match asked {
        0 => w.t("activities-none-asked"),
        _ => w.with("activities-share", &[("percent", &(part * 100 / asked)), ("n", &part), ("of", &asked)]),
    };
    let median = questions.median_ms().map_or_else(|| w.t("activities-no-median"), |ms| length(w, ms));
    let ideas = figures.ideas.clone().unwrap_or_default();
    let tile = |id: &'static str, value: String| Tile {
        id,
        name: w.t(&format!("activities-{id}")),
        means: w.t(&format!("activities-{id}-means")),
        value,
    };
    vec![
        tile("asked", asked.to_string()),
        tile("answered", of(answered)),
        tile("accepted", of(questions.accepted())),
        tile("median", median),
        tile("submitted", ideas.submitted.len().to_string()),
        tile("supports", w.with2("activities-supports-of", "n", ideas.supports.len(), "ideas", ideas.supported)),
        tile("shipped", ideas.shipped.len().to_string()),
        tile("credited", ideas.credited.to_string()),
    ]
}

fn plot(w: Words, what: &str, sums: &[u64], names: &[String]) -> Plot {
    let name = w.t(&format!("activities-{what}"));
    let (total, most) = (sums.iter().sum::<u64>(), sums.iter().copied().max().unwrap_or_default());
    let drawn = Plot {
        label: w.with("activities-plot", &[("name", &name.clone()), ("total", &total), ("most", &most)]),
        total: total.to_string(),
        first: names.first().cloned().unwrap_or_default(),
        last: names.last().cloned().unwrap_or_default(),
        ..Plot::named(name)
    };
    drawn.drawn(sums)
}

/// A time in the two largest units that it has.
fn length(w: Words, ms: i64) -> String {
    let minutes = ms / 60_000;
    let (days, hours, rest) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => w.t("activities-under-a-minute"),
        (0, 0, n) => w.with1("activities-minutes", "n", n),
        (0, hours, n) => w.with2("activities-hours", "hours", hours, "n", n),
        (days, hours, _) => w.with2("activities-days", "days", days, "n", hours),
    }
}

/// One page of the questions that nobody answered, the oldest first, and where to go on.
async fn waiting(
    app: &App,
    w: Words,
    zone: &Zone,
    questions: &Questions,
    after: Option<&str>,
    until: Timestamp,
) -> Result<(Vec<Waiting>, Option<String>)> {
    let mut all = questions.unanswered();
    if let Some(after) = after {
        all.by_ref().find(|question| question.activity == after).ok_or_else(Error::not_found)?;
    }
    let rest: Vec<_> = all.take(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX) + 1).collect();
    let listed = Listed::cut(rest, ON_A_PAGE, |question| question.activity.clone());
    let ids: Vec<&str> = listed.data.iter().map(|question| question.activity.as_str()).collect();
    let works = contributions::stored_works(app.db.read(), &ids).await?;
    let named = contributions::named_sources(app.db.read()).await?;
    let source = |source: &str| {
        let known = named.iter().find(|(_, definition)| definition.source == source);
        known.map_or_else(|| source.to_owned(), |(_, definition)| w.pick(&definition.title).to_owned())
    };
    let line = |question: &super::Question| {
        let work = works.get(&question.activity);
        let title = work.map(|work| w.pick(&work.titles)).filter(|title| !title.is_empty());
        Waiting {
            title: title.unwrap_or(&question.object).to_owned(),
            url: work.and_then(|work| work.url.clone()),
            source: source(&question.source),
            asked: zone.instant(w, question.asked_at),
            since: length(w, (until - question.asked_at).whole_milliseconds().try_into().unwrap_or_default()),
        }
    };
    Ok((listed.data.into_iter().map(line).collect(), listed.next_cursor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn a_length_is_told_in_its_two_largest_units() {
        let told = |locale, minutes: i64| length(Words::new(locale), minutes * 60_000);
        assert_eq!(told(Locale::En, 0), "under a minute");
        assert_eq!(told(Locale::En, 59), "59 min");
        assert_eq!(told(Locale::En, 60), "1 h 0 min");
        assert_eq!(told(Locale::En, 24 * 60 + 150), "1 d 2 h");
        assert_eq!(told(Locale::Ja, 24 * 60 + 150), "1 日 2 時間");
    }
}
