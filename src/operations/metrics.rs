//! `/metrics`: what a monitor watches, as Prometheus reads it. Sums only: no name, no id, no address of anybody.
//!
//! Whoever asks needs a key or a session that may read them: behind a proxy every stranger comes from the loopback.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::access::{May, ReadMetrics};
use crate::app::App;
use crate::clock::millis;
use crate::contributions;
use crate::credentials;
use crate::database::outbox;
use crate::error::Result;
use crate::webhooks;
use crate::{attempts, jobs, members};

/// The text format of Prometheus, in the version that every scraper reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is written, in the order in which it was asked.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    /// One measure that goes up and down.
    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, help, &[(String::new(), value)]);
    }

    /// One measure in several kinds: `labels` as they stand between the braces.
    fn family(&mut self, name: &str, help: &str, values: &[(String, impl std::fmt::Display)]) {
        // Writing to a text does not fail.
        let _ = writeln!(self.0, "# HELP waymark_{name} {help}\n# TYPE waymark_{name} gauge");
        for (labels, value) in values {
            let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
            let _ = writeln!(self.0, "waymark_{name}{braces} {value}");
        }
    }
}

/// `GET /metrics`.
pub async fn metrics(_: May<ReadMetrics>, State(app): State<App>) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let mut out = Exposition::default();
    let kind = if app.db.is_sqlite() { "sqlite" } else { "postgres" };
    let about = format!("version=\"{}\",database=\"{kind}\"", env!("CARGO_PKG_VERSION"));
    out.family("info", "Which Waymark this is, on which database; always 1.", &[(about, 1)]);
    let (waiting, oldest) = outbox::waiting(db).await?;
    let age = oldest.map_or(0, |at| (millis(app.db.now()) - millis(at)).max(0) / 1000);
    out.gauge("outbox_waiting", "Events that nobody has dealt with yet.", waiting);
    out.gauge("outbox_oldest_seconds", "How long the oldest of them has waited.", age);
    out.gauge("jobs_running", "Long work that has not ended.", jobs::count_running(db).await?);
    out.gauge("attempts_open", "Attempts at exams that are under way.", attempts::count_under_way(db).await?);
    out.gauge("members", "Members enrolled.", members::count(db).await?);
    let mut states = vec![];
    for state in [contributions::State::Accepted, contributions::State::Held, contributions::State::Voided] {
        states.push((format!("state=\"{}\"", state.as_str()), contributions::count(db, state).await?));
    }
    out.family("contributions", "Contributions by state.", &states);
    out.gauge("reviews_open", "Credentials that wait for a person.", credentials::open_reviews(db).await?);
    out.gauge("webhooks_off", "Webhooks that were switched off by themselves.", webhooks::count_off(db).await?);
    Ok(([(header::CONTENT_TYPE, FORMAT)], out.0))
}
