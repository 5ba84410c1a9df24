//! `/admin/overview`: every track with its goal, and what stands against its target this year; what is awarded month by month; what waits for staff.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::portal::calendar;
use super::queues::{Queue, queues};
use crate::access::{May, ReadProgram};
use crate::app::App;
use crate::clock::Timestamp;
use crate::credentials::{self, Awarding};
use crate::error::Result;
use crate::ids::TrackId;
use crate::tracks::{self, Goal};
use crate::web::i18n::Words;
use crate::web::months::Months;
use crate::web::page::{Page, Shell};
use crate::web::plot::Plot;

/// The months that are drawn, that of today among them.
const MONTHS: usize = 12;

/// What stands against the target of a goal.
struct Against {
    text: String,
    measure: String,
    owner: Option<String>,
    target: u32,
    /// For the bar: never beyond the target.
    part: u64,
    met: bool,
    words: String,
}

struct TrackCard {
    slug: String,
    title: String,
    kind: String,
    goal: Option<Against>,
    /// Awards of this year, where there is no goal.
    this_year: String,
    renewed: Option<String>,
    held: String,
    plots: Vec<Plot>,
}

#[derive(Template)]
#[template(path = "home/overview.html")]
struct OverviewPage {
    shell: Shell,
    year: i16,
    cards: Vec<TrackCard>,
    plots: Vec<Plot>,
    columns: Vec<String>,
    /// By month, the latest first: its name, and the awards of each track.
    rows: Vec<(String, Vec<u64>)>,
    queues: Vec<Queue>,
    waiting: u64,
}

/// `GET /admin/overview`.
pub async fn overview_page(staff: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let (shell, db, now) = (staff.shell(), app.db.read(), app.db.now());
    let w = shell.w;
    let zone = calendar(&app).await?;
    let months = Months::last(MONTHS, &zone, now);
    let year = zone.calendar(now).0;
    let new_year = zone.day(&format!("{year:04}-01-01")).map_or(now, |(first, _)| first);
    let awards = credentials::awards_since(db, months.begins().unwrap_or(new_year).min(new_year)).await?;
    let names = months.names(w);
    let (mut cards, mut by_track) = (vec![], vec![]);
    for version in tracks::current(db).await? {
        let this_year = Year::of(&awards, version.track, new_year);
        let of_track = || awards.iter().filter(|award| award.track == version.track);
        let sums = months.sums(of_track().map(|award| award.at));
        let title = w.pick(&version.definition.title).to_owned();
        let held = credentials::count_held(db, version.track, now).await?;
        cards.push(TrackCard {
            kind: w.t(&format!("track-kind-{}", version.definition.kind.as_str())),
            goal: version.definition.goal.as_ref().map(|goal| against(w, goal, this_year.new)),
            this_year: w.with1("overview-this-year", "n", this_year.new),
            renewed: (this_year.renewed > 0).then(|| w.with1("overview-renewed", "n", this_year.renewed)),
            held: w.with1("tracks-held", "n", held),
            plots: vec![plot(w, w.t("overview-awards"), &sums, &names)],
            slug: version.definition.slug,
            title,
        });
        by_track.push(sums);
    }
    let every = months.sums(awards.iter().map(|award| award.at));
    let row = |(n, name): (usize, &String)| {
        let sums = by_track.iter().map(|sums| sums[n]).chain([every[n]]);
        (name.clone(), sums.collect())
    };
    let queues = queues(&app, w, &staff.principal).await?;
    Ok(Page(OverviewPage {
        columns: cards.iter().map(|card| card.title.clone()).chain([w.t("overview-all")]).collect(),
        rows: names.iter().enumerate().rev().map(row).collect(),
        plots: vec![plot(w, w.t("overview-awards"), &every, &names)],
        waiting: queues.iter().map(|queue| queue.n).sum(),
        year,
        cards,
        queues,
        shell,
    }))
}

/// The awards of a track in this year.
struct Year {
    new: u64,
    renewed: u64,
}

impl Year {
    fn of(awards: &[Awarding], track: TrackId, since: Timestamp) -> Self {
        let of = |renews: bool| {
            let kept = awards.iter().filter(|a| a.track == track && a.at >= since && a.renews == renews);
            kept.count() as u64
        };
        Self { new: of(false), renewed: of(true) }
    }
}

fn against(w: Words, goal: &Goal, n: u64) -> Against {
    Against {
        text: w.pick(&goal.text).to_owned(),
        measure: w.t(&format!("overview-measure-{}", goal.measure)),
        owner: goal.owner.clone(),
        target: goal.target,
        met: n >= u64::from(goal.target),
        part: n.min(u64::from(goal.target)),
        words: w.with2("overview-of-target", "n", n, "target", goal.target),
    }
}

fn plot(w: Words, name: String, sums: &[u64], names: &[String]) -> Plot {
    let (total, most) = (sums.iter().sum::<u64>(), sums.iter().copied().max().unwrap_or_default());
    let drawn = Plot {
        label: w.with("overview-plot", &[("name", &name.clone()), ("total", &total), ("most", &most)]),
        total: total.to_string(),
        first: names.first().cloned().unwrap_or_default(),
        last: names.last().cloned().unwrap_or_default(),
        ..Plot::named(name)
    };
    drawn.drawn(sums)
}
