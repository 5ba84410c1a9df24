//! `GET /api/v1/credentials/{id}/counts` and `GET /api/v1/tracks/{slug}/counts`.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::counting::What;
use super::day::written;
use super::service::{self, Figures, Period};
use crate::access::{May, ReadCredentials, SelfOr};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{credentials, tracks};

#[derive(Debug, Default, Deserialize)]
pub struct PeriodQuery {
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

#[derive(Serialize)]
pub struct CountsBody {
    from: String,
    to: String,
    /// Whose days they are.
    time_zone: &'static str,
    totals: Value,
    /// The days on which there was something.
    days: Vec<Value>,
}

impl CountsBody {
    fn of(figures: &Figures) -> Self {
        let named = |looks: &[u64; 5]| -> Map<String, Value> {
            What::ALL.iter().map(|what| (what.as_str().to_owned(), json!(looks[what.place()]))).collect()
        };
        let line = |(day, looks): &(i32, [u64; 5])| {
            let mut line = named(looks);
            line.insert("day".to_owned(), json!(written(*day)));
            Value::Object(line)
        };
        Self {
            from: written(figures.period.from),
            to: written(figures.period.to),
            time_zone: "UTC",
            totals: Value::Object(named(&figures.totals())),
            days: figures.days.iter().map(line).collect(),
        }
    }
}

/// The figures of one credential: to staff without what was counted while it was private.
pub async fn credential_counts(
    who: SelfOr<ReadCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<PeriodQuery>,
) -> Result<impl IntoResponse> {
    let known = credentials::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    who.about(known.member)?;
    let period = Period::read(asked.from.as_deref(), asked.to.as_deref(), app.db.now())?;
    let is_holder = who.principal.member() == Some(known.member);
    let figures = service::of_credential(app.db.read(), known.id, period, is_holder).await?;
    Ok(axum::Json(CountsBody::of(&figures)))
}

/// The figures of all credentials of a track.
pub async fn track_counts(
    _: May<ReadCredentials>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PeriodQuery>,
) -> Result<impl IntoResponse> {
    let track = tracks::by_slug(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let period = Period::read(asked.from.as_deref(), asked.to.as_deref(), app.db.now())?;
    let figures = service::of_track(app.db.read(), track.track, period).await?;
    Ok(axum::Json(CountsBody::of(&figures)))
}
