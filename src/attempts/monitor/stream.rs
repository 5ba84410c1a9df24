//! Server-sent events for the monitor: the rows of its table as HTML, whenever they changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;

use super::pages::{self, Reader};
use super::rows::Known;
use crate::access::{May, WatchAttempts};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};

/// How often a stream looks.
const EVERY: Duration = Duration::from_secs(1);
/// A line without meaning, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After so many looks a stream ends, and the browser asks again: five minutes.
const LOOKS: u32 = 300;

struct Watching {
    app: App,
    exam: Exam,
    reader: Reader,
    known: Known,
    last: Option<String>,
    looks: u32,
    _place: OwnedSemaphorePermit,
}

/// `GET /admin/exams/{slug}/live/stream`: events `rows`, whose data is the body of the table.
pub async fn live_stream(
    staff: May<WatchAttempts>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let place = app.streams.clone().try_acquire_owned().map_err(|_| Error::new(Code::TooMany).retry_after(30))?;
    let reader = Reader::of(&staff, &app).await?;
    let watching = Watching { app, exam, reader, known: Known::default(), last: None, looks: 0, _place: place };
    let events = stream::unfold(watching, |mut watching| async move {
        loop {
            if watching.looks > 0 {
                rest().await;
            }
            watching.looks += 1;
            if watching.looks > LOOKS || watching.app.streams.is_closed() {
                return None;
            }
            let html = match pages::body(&watching.app, &watching.exam, &watching.reader, &mut watching.known).await {
                Ok(html) => html,
                Err(e) => {
                    tracing::warn!(error = %e, "a stream of the monitor ends");
                    return None;
                }
            };
            if watching.last.as_ref() != Some(&html) {
                watching.last = Some(html.clone());
                let event = Event::default().event("rows").data(html);
                return Some((Ok::<_, Infallible>(event), watching));
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

#[expect(clippy::disallowed_methods, reason = "a stream looks once a second, as long as somebody watches")]
async fn rest() {
    tokio::time::sleep(EVERY).await;
}
