//! `GET /api/v1/reviews` and `POST /api/v1/reviews/{id}/keep`.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::service::{self, Case};
use crate::access::{ChangeStatus, May, ReadCredentials};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::Listed;
use crate::error::{Error, Fault, Result};
use crate::ids::ReviewId;
use crate::tracks;
use crate::web::input::Json;

#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// One review: what the credential says, what the facts say now, and what can be done.
#[derive(Debug, Serialize)]
pub struct ReviewBody {
    id: String,
    state: &'static str,
    credential: String,
    number: String,
    member: String,
    track: String,
    /// `earlier`, `later` or `undone`: the facts of now against the credential; none where they agree again.
    change: Option<&'static str>,
    /// As it was signed.
    awarded_at: String,
    /// As the facts say it now; none where the requirements are not met.
    decided_at: Option<String>,
    /// The decision that the credential was awarded on.
    rests_on: String,
    /// The decision that superseded it.
    says: String,
    /// Facts that count now and did not then.
    counted_since: Vec<String>,
    /// Facts that counted then and do not now.
    no_longer_counted: Vec<String>,
    opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Value>,
    /// What a person can do, each with its call; empty once it is closed.
    actions: Vec<Value>,
}

impl ReviewBody {
    async fn of(app: &App, case: Case) -> Result<Self> {
        let Case { review, credential, rested_on, says } = case;
        let (gained, lost) = service::difference(&rested_on, &says);
        let track = tracks::version(app.db.read(), credential.track_version).await?.definition.slug;
        let actions = match &review.closed {
            None => {
                let mut actions = vec![
                    json!({"action": "keep", "method": "POST", "path": format!("/api/v1/reviews/{}/keep", review.id)}),
                    json!({"action": "revoke", "method": "POST", "path": format!("/api/v1/credentials/{}/revoke", credential.id)}),
                ];
                if says.met {
                    let path = format!("/api/v1/credentials/{}/replace", credential.id);
                    actions.push(json!({"action": "replace", "method": "POST", "path": path}));
                }
                actions
            }
            Some(_) => vec![],
        };
        Ok(Self {
            id: review.id.to_string(),
            state: if review.closed.is_none() { "open" } else { "closed" },
            number: credential.number.clone(),
            member: credential.member.to_string(),
            track,
            change: service::altered(&credential, &says).map(service::Altered::as_str),
            awarded_at: rfc3339(credential.awarded_at),
            decided_at: says.met.then(|| rfc3339(says.decided_at)),
            rests_on: review.rests_on.to_string(),
            says: review.says.to_string(),
            counted_since: gained.iter().map(ToString::to_string).collect(),
            no_longer_counted: lost.iter().map(ToString::to_string).collect(),
            opened_at: rfc3339(review.opened_at),
            closed: review
                .closed
                .map(|c| json!({"at": rfc3339(c.at), "by": c.by, "outcome": c.outcome.as_str(), "note": c.note})),
            actions,
            credential: credential.id.to_string(),
        })
    }
}

const ON_A_PAGE: u64 = 50;

/// `GET /api/v1/reviews?state=open|closed`: open ones where nothing is said, oldest first.
pub async fn list_reviews(
    _: May<ReadCredentials>,
    State(app): State<App>,
    Query(which): Query<Which>,
) -> Result<impl IntoResponse> {
    let closed = match which.state.as_deref() {
        None | Some("open") => false,
        Some("closed") => true,
        Some(_) => {
            return Err(Error::invalid(vec![Fault::new("/state", "unknown_word", "use open or closed")]));
        }
    };
    let after = which.cursor.as_deref().map(str::parse::<ReviewId>).transpose().map_err(|_| Error::not_found())?;
    let limit = which.limit.unwrap_or(ON_A_PAGE).clamp(1, 200);
    let found = service::list(app.db.read(), closed, after, limit + 1).await?;
    let listed = Listed::cut(found, limit, |review| review.id.to_string());
    let mut data = vec![];
    for review in listed.data {
        data.push(ReviewBody::of(&app, service::case(app.db.read(), review).await?).await?);
    }
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepBody {
    #[serde(default)]
    note: Option<String>,
}

/// `POST /api/v1/reviews/{id}/keep`: the credential stays as it is. To revoke or replace it instead, revoke or replace the credential: that closes
/// the review, too.
pub async fn keep_call(
    may: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<KeepBody>,
) -> Result<impl IntoResponse> {
    let id: ReviewId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    if service::keep(&mut ch, id, body.note.as_deref()).await? {
        ch.commit().await?;
    } else {
        drop(ch);
    }
    let review = service::find_review(app.db.read(), id).await?;
    Ok(axum::Json(ReviewBody::of(&app, service::case(app.db.read(), review).await?).await?))
}
