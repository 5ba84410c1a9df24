//! `/api/v1/tracks/{slug}/draft`, `…/plan`, `…/publish` and `/api/v1/requirement-health`.

use axum::Json as Answered;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::check::checked;
use super::effect::Effect;
use super::fairness::By;
use super::health::{self, Health};
use super::plan::{self, Plan, hash_of};
use super::publishing::{Publication, Published, publish, require_ours};
use super::work;
use crate::access::{May, PublishTracks, ReadProgram};
use crate::app::App;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::database::Kind;
use crate::database::pagination::Listed;
use crate::document::is_slug;
use crate::error::{Code, Error, Fault, Result};
use crate::tracks::{self, TrackDefinition, TrackVersion};
use crate::web::input::{self, Json};
use crate::{facts, members};

/// Members of whom a plan is made while the caller waits.
const AT_ONCE: u64 = 500;
const ON_A_PAGE: u64 = 100;
const MOST: u64 = 1000;

fn tag(n: impl std::fmt::Display) -> String {
    format!("\"{n}\"")
}

/// Whether an edit names what it edits; an edit that names nothing is of whatever there is.
fn fits(headers: &HeaderMap, stands: Option<String>) -> Result<()> {
    let Some(read) = headers.get(header::IF_MATCH) else { return Ok(()) };
    let read = read.to_str().unwrap_or_default();
    let stands = stands.map(tag);
    let fits = |given: &str| stands.as_deref() == Some(given) || (given == "*" && stands.is_some());
    match read.split(',').map(str::trim).any(fits) {
        true => Ok(()),
        false => Err(Error::new(Code::PreconditionFailed).member("etag", stands)),
    }
}

/// The document of a body. Its slug is the one in the address, and may be left out.
fn named(slug: &str, mut body: Value) -> Result<Value> {
    if !is_slug(slug) {
        return Err(Error::not_found());
    }
    let Some(object) = body.as_object_mut() else {
        return Err(Error::invalid(vec![Fault::new("", "not_a_mapping", "send the track as an object")]));
    };
    let said = object.entry("slug").or_insert_with(|| json!(slug));
    if *said != slug {
        let detail = format!("the address names the track `{slug}`: write the same slug, or leave it out");
        return Err(Error::invalid(vec![Fault::new("/slug", "another_slug", detail)]));
    }
    Ok(body)
}

/// The track that a body says; where it says nothing, the draft that is kept.
async fn meant(app: &App, slug: &str, body: Value) -> Result<TrackDefinition> {
    let document = match body.as_object().is_some_and(Map::is_empty) {
        true => tracks::draft(app.db.read(), slug).await?.ok_or_else(Error::not_found)?.document,
        false => body,
    };
    let found = checked(app.db.read(), &named(slug, document)?).await?;
    found.good().cloned().ok_or_else(|| Error::invalid(found.faults))
}

/// `GET /api/v1/tracks/{slug}/draft` → `{slug, revision, changed_at, track, mistakes}`; the `ETag` is the revision.
pub async fn read_draft(
    _: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let draft = tracks::draft(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let found = checked(app.db.read(), &draft.document).await?;
    let mistake = |f: &Fault| json!({"pointer": f.pointer, "code": f.code, "detail": f.detail});
    let body = json!({
        "slug": draft.slug, "revision": draft.revision, "changed_at": rfc3339(draft.changed_at), "track": draft.document,
        "mistakes": found.faults.iter().map(mistake).collect::<Vec<_>>(),
    });
    Ok(([(header::ETAG, tag(draft.revision))], Answered(body)))
}

/// `PUT /api/v1/tracks/{slug}/draft`: keeps a track as it is being written, mistakes and all. It changes nothing for members.
pub async fn keep_draft(
    may: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response> {
    let document = named(&slug, body)?;
    let mut ch = app.db.change(may.actor(), Kind::Ordinary).await?;
    require_ours(tracks::by_slug(ch.tx(), &slug).await?.as_ref())?;
    let before = tracks::draft(ch.tx(), &slug).await?;
    fits(&headers, before.as_ref().map(|draft| draft.revision.to_string()))?;
    if !tracks::keep_draft(&mut ch, &slug, &document, before.map_or(0, |draft| draft.revision)).await? {
        return Err(Error::new(Code::Conflict));
    }
    ch.commit().await?;
    Ok(read_draft(may, State(app), Path(slug)).await?.into_response())
}

/// `POST /api/v1/tracks/{slug}/plan`: who would gain, lose, keep. The body is the draft; an empty one means the draft that is kept. 200 with the whole
/// where there are few members, else 202: ask [`read_plan`] how far it has come.
pub async fn make_plan(
    may: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<Value>,
) -> Result<Response> {
    let definition = meant(&app, &slug, body).await?;
    let job = plan::begin(&app, may.actor(), &definition).await?;
    let few = facts::members_with_facts(app.db.read(), None, AT_ONCE + 1).await?.len() as u64 <= AT_ONCE;
    if few {
        work::finish(&app, job).await?;
    }
    let made = plan::latest(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let status = if made.has_ended() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let asked = PeopleQuery::default();
    let body = body_of(&app, &slug, &made, &asked).await?;
    Ok((status, [(header::LOCATION, format!("/jobs/{job}"))], Answered(body)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleQuery {
    /// `gain` where nothing is said.
    #[serde(default)]
    effect: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
}

/// `GET /api/v1/tracks/{slug}/plan`: the latest plan, as far as it has come, with a page of its people.
pub async fn read_plan(
    _: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PeopleQuery>,
) -> Result<impl IntoResponse> {
    let made = plan::latest(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    Ok(Answered(body_of(&app, &slug, &made, &asked).await?))
}

async fn body_of(app: &App, slug: &str, made: &Plan, asked: &PeopleQuery) -> Result<Value> {
    let db = app.db.read();
    let word = asked.effect.as_deref().unwrap_or("gain");
    let Some(effect) = Effect::NAMED.into_iter().find(|effect| effect.as_str() == word) else {
        let detail = "people are listed by `gain`, `lose` or `keep`";
        return Err(Error::invalid(vec![Fault::new("/effect", "unknown_word", detail)]));
    };
    let limit = asked.limit.unwrap_or(ON_A_PAGE).clamp(1, MOST);
    let found = plan::people(db, made.job, effect, asked.cursor.as_deref(), limit + 1).await?;
    let listed = Listed::cut(found, limit, |person| person.member.to_string());
    let mut data = vec![];
    for person in listed.data {
        let name = members::find(db, person.member).await?.name;
        data.push(json!({
            "member": person.member, "name": name, "holds": person.line.holds,
            "before_at": person.line.before_at.map(rfc3339), "crossed_at": person.line.crossed_at.map(rfc3339),
        }));
    }
    let draft = tracks::draft(db, slug).await?.and_then(|draft| TrackDefinition::from_value(&draft.document).ok());
    let mut fairness = Map::new();
    for by in By::ALL {
        let groups = made.groups.get(&by).into_iter().flatten();
        let group = |(name, share): (&String, &super::fairness::Share)| json!({"group": name, "members": share.members, "before": share.before, "after": share.after});
        fairness.insert(by.as_str().to_owned(), groups.map(group).collect());
    }
    Ok(json!({
        "track": slug, "job": made.job, "state": made.state, "done": made.rows.0, "total": made.rows.1,
        "counted_at": rfc3339(made.counted_at),
        // Whether the draft that is kept is the one that was counted; null where none is kept.
        "of_the_draft": draft.map(|draft| hash_of(&draft) == made.hash),
        "gain": made.of(Effect::Gain), "lose": made.of(Effect::Lose), "keep": made.of(Effect::Keep),
        "neither": made.of(Effect::Neither),
        "fairness": fairness, "effect": effect, "data": data, "next_cursor": listed.next_cursor, "has_more": listed.has_more,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishQuery {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    silent: bool,
    #[serde(default)]
    effective_at: Option<String>,
}

/// `POST /api/v1/tracks/{slug}/publish`: the body, or with an empty one the draft that is kept, becomes the next version, now or at `effective_at`.
pub async fn publish_track(
    may: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PublishQuery>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response> {
    let effective_at = match asked.effective_at.as_deref().map(|text| (text, parse_rfc3339(text))) {
        Some((_, None)) => {
            let detail = "write a time such as 2026-12-01T00:00:00+09:00";
            return Err(Error::invalid(vec![Fault::new("/effective_at", "invalid_time", detail)]));
        }
        Some((_, at)) => at,
        None => None,
    };
    let definition = meant(&app, &slug, body).await?;
    let how = Publication { silent: asked.silent, effective_at, dry_run: asked.dry_run };
    let expect = |known: Option<&TrackVersion>| fits(&headers, known.map(|version| version.number.to_string()));
    let published = publish(&app, may.actor(), &definition, how, expect).await?;
    let (version, changed, at) = match &published {
        Published::Now(version) => (Some(version.number), true, None),
        Published::Same(version) => (Some(version.number), false, None),
        Published::Later(at) => (None, true, Some(*at)),
    };
    let body = json!({
        "slug": slug, "version": version, "changed": changed, "silent": asked.silent, "takes_effect_at": at.map(rfc3339),
        "dry_run": asked.dry_run,
    });
    let mut response = Answered(body).into_response();
    if at.is_some() && !asked.dry_run {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    if let (Some(version), false) = (version, asked.dry_run) {
        response.headers_mut().insert(header::ETAG, tag(version).parse().map_err(Error::internal)?);
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /api/v1/requirement-health`: counts anew who meets which requirement.
pub async fn count_health(
    may: May<PublishTracks>,
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    if !body.is_empty() {
        input::require_type(&headers, &["application/json"])?;
        let Nothing {} = input::parse(&body)?;
    }
    let job = health::begin(&app, may.actor()).await?;
    let few = facts::members_with_facts(app.db.read(), None, AT_ONCE + 1).await?.len() as u64 <= AT_ONCE;
    if few {
        work::finish(&app, job).await?;
    }
    let counted = health::latest(app.db.read()).await?.ok_or_else(Error::not_found)?;
    let status = if counted.state.has_ended() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, Answered(health_body(&counted))).into_response())
}

/// `GET /api/v1/requirement-health`: the latest count.
pub async fn read_health(_: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let counted = health::latest(app.db.read()).await?.ok_or_else(Error::not_found)?;
    Ok(Answered(health_body(&counted)))
}

fn health_body(counted: &Health) -> Value {
    let line = |line: &health::Line| {
        let last = line.figures.last.map(|ms| rfc3339(crate::clock::from_millis(ms)));
        json!({"requirement": line.node, "kind": line.kind, "met_by": line.figures.met, "last_met_at": last, "verdict": line.verdict})
    };
    let track = |of: &health::TrackHealth| {
        json!({"track": of.version.definition.slug, "version": of.version.number,
               "requirements": of.lines.iter().map(line).collect::<Vec<_>>()})
    };
    json!({
        "job": counted.job, "state": counted.state, "done": counted.rows.0, "total": counted.rows.1,
        "counted_at": rfc3339(counted.counted_at), "members": counted.members,
        "data": counted.tracks.iter().map(track).collect::<Vec<_>>(),
    })
}
