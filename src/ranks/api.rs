//! `GET /api/v1/ladders` and `GET /api/v1/members/{id}/ranks`.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use super::service;
use super::standing::{self, Next, OnLadder, Rank};
use crate::access::{Public, ReadMembers, SelfOr};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::members;

/// Every ladder as its file says it, with the version that counts.
pub async fn list_ladders(
    _: Public,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let mut data = vec![];
    for version in service::current(app.db.read()).await? {
        let Value::Object(mut body) = serde_json::to_value(&version.definition)? else { continue };
        body.insert("version".into(), json!(version.number));
        body.insert("published_at".into(), json!(rfc3339(version.published_at)));
        data.push(Value::Object(body));
    }
    let slug = |body: &Value| body["slug"].as_str().unwrap_or_default().to_owned();
    Ok(axum::Json(Listed::of(data, &page, slug)?))
}

/// Points, rank, next step and history on every ladder. For the member and for staff; to all others there is no such member.
pub async fn member_ranks(
    who: SelfOr<ReadMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(id)?;
    let member = members::find(app.db.read(), id).await?;
    let standings = standing::of_member(app.db.read(), member.id).await?;
    let mut body = Map::new();
    body.insert("member".into(), json!(member.id));
    body.insert("shown".into(), json!(standing::is_shown(app.db.read(), member.id).await?));
    let listed = Listed::whole(standings.iter().map(body_of).collect::<Vec<_>>());
    if let Value::Object(list) = serde_json::to_value(listed)? {
        body.extend(list);
    }
    Ok(axum::Json(Value::Object(body)))
}

fn body_of(on: &OnLadder) -> Value {
    let next = |next: &Next| json!({"title": next.titles, "at": next.at, "missing": next.missing});
    json!({
        "ladder": on.version.slug(), "version": on.version.number, "title": on.version.definition.title,
        "points": on.points, "rank": on.rank.as_ref().map(rank_body), "next": on.next.as_ref().map(next),
        "history": on.history.iter().map(rank_body).collect::<Vec<_>>(),
    })
}

fn rank_body(rank: &Rank) -> Value {
    json!({
        "title": rank.titles, "step": rank.step, "at": rank.points, "version": rank.version,
        "reached_at": rfc3339(rank.reached_at), "taken_back_at": rank.gone_at.map(rfc3339),
    })
}
