//! `GET /api/v1/members/{id}/progress`: the same explanation that decides and that the member's page shows.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::{Map, Value, json};
use waymark_criteria::{Decision, NodeState};

use super::service::{self, TrackProgress};
use crate::access::{ReadMembers, SelfOr};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::{facts, members};

/// Where a member stands on one track.
#[derive(Serialize)]
pub struct ProgressBody {
    track: String,
    kind: &'static str,
    version: i32,
    state: NodeState,
    requirements: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
    /// What renews the credential held.
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal: Option<Value>,
}

impl ProgressBody {
    fn of(progress: TrackProgress) -> Result<Self> {
        let Decision { nodes, .. } = &progress.decision;
        let requirements = nodes.iter().map(serde_json::to_value).collect::<std::result::Result<Vec<_>, _>>()?;
        let renewal = progress.renewal.map(|renewal| {
            json!({
                "credential": renewal.credential,
                "until": rfc3339(renewal.until),
                "renewable_until": rfc3339(renewal.renewable_until),
                "state": renewal.decision.nodes.first().map_or(NodeState::NotStarted, |top| top.state),
                "requirements": renewal.decision.nodes,
            })
        });
        Ok(Self {
            state: nodes.first().map_or(NodeState::NotStarted, |top| top.state),
            track: progress.version.definition.slug,
            kind: progress.version.definition.kind.as_str(),
            version: progress.version.number,
            requirements,
            decided_at: progress.decided.as_ref().map(|d| rfc3339(d.decided_at)),
            decision: progress.decided.map(|d| d.id.to_string()),
            renewal,
        })
    }
}

pub async fn progress(
    who: SelfOr<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(id)?;
    let member = members::find(app.db.read(), id).await?;
    let facts = facts::kept_of_member(&app, member.id).await?;
    let all = service::progress_over(app.db.read(), member.id, &facts, app.db.now()).await?;
    let data = all.into_iter().map(ProgressBody::of).collect::<Result<Vec<_>>>()?;
    let mut body = Map::new();
    body.insert("member".into(), json!(member.id.to_string()));
    if let Value::Object(list) = serde_json::to_value(Listed::whole(data))? {
        body.extend(list);
    }
    Ok(axum::Json(Value::Object(body)))
}
