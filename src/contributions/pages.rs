//! `/admin/sources`: the sources and how they fare; what waits for a person.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::adapter::Rule;
use super::dead_letters;
use super::health::{self, Came, DAYS, Health, Standing, day_of, start_of};
use super::inbox;
use crate::access::{ApplyProgram, ManageSources, May, Permission, Posted, ReadSources};
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::DeadLetterId;
use crate::issuer;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// Icon and colour, and the words.
struct Chip {
    look: &'static str,
    words: String,
}

fn chip(w: Words, standing: Standing) -> Chip {
    let look = match standing {
        Standing::Fine => "valid",
        Standing::New => "info",
        Standing::Quiet | Standing::Waiting => "suspended",
        Standing::NoSecret(_) => "revoked",
    };
    Chip { look, words: w.t(&format!("source-is-{}", standing.as_str().replace('_', "-"))) }
}

struct Bar {
    x: i32,
    y: i64,
    height: i64,
}

/// What counted, day by day, in whole units that the template writes down; the table beneath says the same in words.
struct Plot {
    label: String,
    width: i32,
    bars: Vec<Bar>,
    first: String,
    last: String,
    total: i64,
}

const STEP: i32 = 10;
const HEIGHT: i64 = 60;

fn plot(w: Words, of: &Health, today: i32) -> Plot {
    let counted =
        |day: &BTreeMap<Came, i64>| [Came::Accepted, Came::Held].iter().filter_map(|came| day.get(came)).sum::<i64>();
    let days: Vec<i64> = of.days.iter().map(counted).collect();
    let (most, total) = (days.iter().copied().max().unwrap_or_default(), days.iter().sum::<i64>());
    let bars = days.iter().zip(0_i32..).filter(|(n, _)| **n > 0).map(|(n, at)| {
        let height = (n.saturating_mul(HEIGHT) / most.max(1)).max(2);
        Bar { x: at * STEP, y: HEIGHT - height, height }
    });
    let date = |day| Zone::utc().date(w, start_of(day));
    Plot {
        label: w.with2("source-plot", "total", total, "most", most),
        width: DAYS * STEP,
        bars: bars.collect(),
        first: date(today - (DAYS - 1)),
        last: date(today),
        total,
    }
}

struct Line {
    name: String,
    title: String,
    source: String,
    adapter: String,
    chip: Chip,
    seen: Option<String>,
    dead_letters: u64,
    plot: Plot,
}

#[derive(Template)]
#[template(path = "contributions/sources.html")]
struct SourcesPage {
    shell: Shell,
    rows: Vec<Line>,
    /// Whether the visitor adds sources by form.
    may_add: bool,
}

/// `GET /admin/sources`.
pub async fn sources_page(staff: May<ReadSources>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let (w, zone, today) = (shell.w, issuer::zone(app.db.read()).await?, day_of(app.db.now()));
    let rows = health::health(&app).await?.into_iter().map(|of| Line {
        title: w.pick(&of.definition.title).to_owned(),
        adapter: w.t(&format!("source-adapter-{}", of.definition.adapter.as_str())),
        chip: chip(w, of.standing),
        seen: of.last_seen.map(|at| zone.instant(w, at)),
        dead_letters: of.dead_letters,
        plot: plot(w, &of, today),
        source: of.definition.source,
        name: of.name,
    });
    let may_add = staff.principal.holds(ApplyProgram::ROLES);
    Ok(Page(SourcesPage { rows: rows.collect(), may_add, shell }))
}

struct RefusedLine {
    at: String,
    event: String,
    words: String,
    detail: String,
}

struct DeadLine {
    id: String,
    at: String,
    event: String,
    delivery: String,
    words: String,
    detail: String,
    body: String,
}

struct RuleLine {
    when: String,
    becomes: String,
    credits: String,
}

#[derive(Template)]
#[template(path = "contributions/source.html")]
struct SourcePage {
    shell: Shell,
    title: String,
    source: String,
    adapter: String,
    chip: Chip,
    /// What to do, where something is wrong.
    advice: Option<String>,
    seen: Option<String>,
    quiet_days: Option<u32>,
    /// Where it delivers, where it delivers signed.
    hook: Option<String>,
    from: Vec<String>,
    rules: Vec<RuleLine>,
    types: String,
    plot: Plot,
    sums: Vec<(String, i64)>,
    refusals: Vec<RefusedLine>,
    dead: Vec<DeadLine>,
    may_manage: bool,
    /// Where it is changed by form, for whoever may.
    edit: Option<String>,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

const DEAD_ON_A_PAGE: u64 = 20;
const DONE: [&str; 3] = ["retry", "discard", "still"];

/// The text of a word from a closed list of ours; the word itself where it has none.
fn worded(w: Words, before: &str, word: &str) -> String {
    let key = format!("{before}-{}", word.replace('_', "-"));
    if w.has(&key) { w.t(&key) } else { word.to_owned() }
}

fn rule_line(w: Words, rule: &Rule) -> RuleLine {
    RuleLine {
        when: w.t(&format!("native-{}", rule.when.as_str().replace(['.', '_'], "-"))),
        becomes: rule.r#type.clone(),
        credits: rule
            .credit
            .iter()
            .map(|c| w.t(&format!("credit-{}", c.as_str().replace('_', "-"))))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// `GET /admin/sources/{slug}`.
pub async fn source_page(
    staff: May<ReadSources>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let (w, db) = (shell.w, app.db.read());
    let zone = issuer::zone(db).await?;
    let of = health::health(&app).await?.into_iter().find(|of| of.name == slug).ok_or_else(Error::not_found)?;
    let definition = &of.definition;
    let refusals = health::refusals(db, &definition.source).await?.into_iter().map(|refused| RefusedLine {
        at: zone.instant(w, refused.at),
        event: refused.event.unwrap_or_default(),
        words: worded(w, "refused", &refused.reason),
        detail: refused.detail,
    });
    let dead =
        dead_letters::of_source(db, &definition.source, DEAD_ON_A_PAGE).await?.into_iter().map(|letter| DeadLine {
            id: letter.id.to_string(),
            at: zone.instant(w, letter.received_at),
            event: letter.event,
            delivery: letter.delivery,
            words: worded(w, "dead", &letter.reason),
            detail: letter.detail,
            body: letter.body,
        });
    let advice = of.standing.needs_somebody().then(|| {
        let key = format!("source-advice-{}", of.standing.as_str().replace('_', "-"));
        w.with1(&key, "days", definition.quiet_days.unwrap_or_default())
    });
    let hook = definition.adapter.is_hook().then(|| app.links.to(&format!("/hooks/{}", of.name)));
    let may_manage = staff.principal.holds(ManageSources::ROLES);
    Ok(Page(SourcePage {
        title: w.pick(&definition.title).to_owned(),
        source: definition.source.clone(),
        adapter: w.t(&format!("source-adapter-{}", definition.adapter.as_str())),
        chip: chip(w, of.standing),
        advice,
        seen: of.last_seen.map(|at| zone.instant(w, at)),
        quiet_days: definition.quiet_days,
        hook,
        from: definition.from.clone(),
        rules: definition.map.iter().map(|rule| rule_line(w, rule)).collect(),
        types: definition.types.join(", "),
        plot: plot(w, &of, day_of(app.db.now())),
        sums: Came::ALL.iter().map(|came| (worded(w, "came", came.as_str()), of.sum(*came))).collect(),
        refusals: refusals.collect(),
        dead: dead.collect(),
        edit: staff.principal.holds(ApplyProgram::ROLES).then(|| format!("/admin/settings/source/{slug}")),
        may_manage,
        done: DONE.contains(&done.done.as_str()).then(|| w.t(&format!("source-done-{}", done.done))),
        shell,
    }))
}

/// A button's form carries its token alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {}

/// `POST /admin/dead-letters/{id}/{step}`: `retry` has it counted with what the program says today, `discard` puts it away.
pub async fn dead_letter_post(
    staff: May<ManageSources>,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    _: Posted<Press>,
) -> Result<Response> {
    let id: DeadLetterId = id.parse().map_err(|_| Error::not_found())?;
    let letter = dead_letters::find(app.db.read(), id).await?;
    let named = super::source::named_sources(app.db.read()).await?;
    let name = named.into_iter().find(|(_, source)| source.source == letter.source).map(|(name, _)| name);
    let back = format!("/admin/sources/{}", name.ok_or_else(Error::not_found)?);
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let about = json!({"source": letter.source, "event": letter.event});
    let done = match step.as_str() {
        "retry" => {
            let fate = inbox::retry(&mut ch, &letter).await?;
            ch.audit(AuditEntry::new("dead_letter.retry", id, json!({"about": about, "outcome": fate.outcome})))
                .await?;
            if fate.outcome == Came::Dead.as_str() { "still" } else { "retry" }
        }
        "discard" => {
            dead_letters::close(&ch, id, "discarded").await?;
            ch.audit(AuditEntry::new("dead_letter.discard", id, about)).await?;
            "discard"
        }
        _ => return Err(Error::not_found()),
    };
    ch.commit().await?;
    Ok(see_other(&format!("{back}?done={done}")))
}
