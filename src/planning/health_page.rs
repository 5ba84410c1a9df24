//! `/admin/requirement-health`: which requirements do anything.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::health::{self, Verdict};
use super::pages::Nothing;
use crate::access::{May, Permission, Posted, PublishTracks, ReadProgram};
use crate::app::App;
use crate::clock::from_millis;
use crate::error::Result;
use crate::issuer;
use crate::web::page::{Page, Shell, see_other};

struct HealthRow {
    name: String,
    met: u64,
    last: String,
    verdict: &'static str,
    word: String,
}

struct HealthTrack {
    slug: String,
    title: String,
    rows: Vec<HealthRow>,
}

#[derive(Template)]
#[template(path = "planning/health.html")]
struct HealthPage {
    shell: Shell,
    counted: bool,
    running: bool,
    done: u64,
    total: u64,
    members: u64,
    counted_at: String,
    tracks: Vec<HealthTrack>,
    may_count: bool,
}

/// `GET /admin/requirement-health`: which requirements were never met, which not since long, which by everybody.
pub async fn health_page(staff: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let (db, shell) = (app.db.read(), staff.shell());
    let w = shell.w;
    let zone = issuer::zone(db).await?;
    let counted = health::latest(db).await?;
    let row = |line: &health::Line| HealthRow {
        name: match w.pick(&line.text) {
            "" => w.t(&format!("designer-kind-{}", line.kind.as_str().replace('_', "-"))),
            text => text.to_owned(),
        },
        met: line.figures.met,
        last: line.figures.last.map_or_else(|| w.t("plan-no-date"), |ms| zone.date(w, from_millis(ms))),
        verdict: match line.verdict {
            Verdict::Works => "valid",
            Verdict::Never | Verdict::Everyone => "unknown",
            Verdict::Quiet => "expired",
        },
        word: w.t(&format!("health-{}", line.verdict.as_str())),
    };
    let track = |of: &health::TrackHealth| HealthTrack {
        slug: of.version.definition.slug.clone(),
        title: w.pick(&of.version.definition.title).to_owned(),
        rows: of.lines.iter().map(row).collect(),
    };
    Ok(Page(HealthPage {
        counted: counted.is_some(),
        running: counted.as_ref().is_some_and(|counted| !counted.state.has_ended()),
        done: counted.as_ref().map_or(0, |counted| counted.rows.0),
        total: counted.as_ref().map_or(0, |counted| counted.rows.1),
        members: counted.as_ref().map_or(0, |counted| counted.members),
        counted_at: counted.as_ref().map_or_else(String::new, |counted| zone.instant(w, counted.counted_at)),
        tracks: counted.iter().flat_map(|counted| &counted.tracks).map(track).collect(),
        may_count: staff.principal.holds(PublishTracks::ROLES),
        shell,
    }))
}

/// `POST /admin/requirement-health`: counts anew.
pub async fn health_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Posted(_): Posted<Nothing>,
) -> Result<Response> {
    health::begin(&app, staff.actor()).await?;
    Ok(see_other("/admin/requirement-health"))
}
