//! `GET` and `POST /api/v1/titles`, and what becomes of one: `/api/v1/titles/{id}/confirm`, `refuse`, `withdraw`, `hold`, `lift`, `end`. To look, a
//! key will do; to decide, only a person.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::deciding::{Step, decide};
use super::find::{self, By, TitleTerm, Wanted};
use super::lifecycle::State as TermState;
use super::service::{self, NewTerm};
use super::term::{Term, Usual};
use super::{holding, told};
use crate::access::{DecideTitles, May, ReadMembers};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Fault, Result};
use crate::ids::{MemberId, TitleTermId};
use crate::web::input::Json;
use crate::{issuer, tracks};

/// One term of a title.
#[derive(Serialize)]
pub struct TitleBody {
    id: String,
    track: String,
    member: String,
    /// How it stands now.
    state: &'static str,
    from: String,
    until: String,
    first_day: String,
    last_day: String,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_reason: Option<String>,
    proposed: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<String>,
}

fn by(who: By, reason: Option<String>) -> Value {
    let mut said = json!({"by": who.person, "at": rfc3339(who.at)});
    if let Some(reason) = reason {
        said["reason"] = json!(reason);
    }
    said
}

async fn body(app: &App, term: TitleTerm) -> Result<TitleBody> {
    let db = app.db.read();
    let credential = holding::credential_of(db, &term).await?;
    let on_hold = holding::is_on_hold(db, &term, app.db.now()).await?;
    let zone = issuer::zone(db).await?;
    let (first_day, last_day) = told::days(&zone, &term);
    Ok(TitleBody {
        id: term.id.to_string(),
        track: tracks::find(db, term.track).await?.definition.slug,
        member: term.member.to_string(),
        state: term.phase(on_hold, app.db.now()).as_str(),
        from: rfc3339(term.from),
        until: rfc3339(term.until),
        first_day,
        last_day,
        proposed: by(term.proposed, None),
        decided: term.decided.map(|who| by(who, term.decision_reason)),
        ended: term.ended.map(|who| by(who, term.end_reason)),
        reason: term.reason,
        public_reason: term.public_reason,
        fact: term.fact.map(|fact| fact.to_string()),
        credential: credential.map(|known| known.id.to_string()),
    })
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    track: Option<String>,
    member: Option<String>,
    state: Option<String>,
    limit: Option<u64>,
    cursor: Option<String>,
}

/// `GET /api/v1/titles`: the latest proposal first. `state` is that of the record: `proposed`, `confirmed`, `refused`, `withdrawn`, `ended`.
pub async fn list_titles(
    _: May<ReadMembers>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let track = match &asked.track {
        Some(slug) => Some(tracks::by_slug(db, slug).await?.ok_or_else(Error::not_found)?.track),
        None => None,
    };
    let state = asked.state.as_deref().map(|word| {
        let detail = "write proposed, confirmed, refused, withdrawn or ended";
        TermState::parse(word).ok_or_else(|| Error::invalid(vec![Fault::new("/state", "unknown_word", detail)]))
    });
    let member = asked.member.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let before: Option<TitleTermId> = match asked.cursor.as_deref().map(str::parse).transpose() {
        Ok(before) => before,
        Err(_) => {
            let detail = "take `next_cursor` of the page before";
            return Err(Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", detail)]));
        }
    };
    let limit = PageQuery { limit: asked.limit, cursor: None }.limit();
    let found = find::list(db, Wanted { track, member, state: state.transpose()? }, before, limit + 1).await?;
    let cut = Listed::cut(found, limit, |term| term.id.to_string());
    let mut data = vec![];
    for term in cut.data {
        data.push(body(&app, term).await?);
    }
    Ok(axum::Json(Listed { data, next_cursor: cut.next_cursor, has_more: cut.has_more }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeBody {
    track: String,
    member: String,
    #[serde(default)]
    first_day: Option<String>,
    #[serde(default)]
    last_day: Option<String>,
    reason: String,
    #[serde(default)]
    public_reason: Option<String>,
}

/// `POST /api/v1/titles` → 201. The days that are left out are those that the track's validity gives, from the end of the term before.
pub async fn propose_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Json(body): Json<ProposeBody>,
) -> Result<impl IntoResponse> {
    staff.principal.in_person(false)?;
    let db = app.db.read();
    let unknown = |pointer: &str, what: &str| Error::invalid(vec![Fault::new(pointer, "unknown", what)]);
    let track = tracks::by_slug(db, &body.track).await?.ok_or_else(|| unknown("/track", "no track has this slug"))?;
    let member: MemberId = body.member.parse().map_err(|_| unknown("/member", "write a member's id: mem_…"))?;
    let usual = usual(&app, &track, member).await?;
    let zone = issuer::zone(db).await?;
    let term = Term::read(&zone, app.db.now(), (body.first_day.as_deref(), body.last_day.as_deref()), &usual)
        .map_err(with_days)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let new = NewTerm {
        track: track.track,
        member,
        term,
        reason: &body.reason,
        public_reason: body.public_reason.as_deref(),
    };
    let made = service::propose(&mut ch, new).await.map_err(with_days)?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(self::body(&app, made).await?)))
}

/// What a call names `first_day` and `last_day`.
fn with_days(e: Error) -> Error {
    let renamed = |fault: &Fault| match fault.pointer.as_str() {
        "/from" => Fault::new("/first_day", fault.code, fault.detail.clone()),
        "/to" => Fault::new("/last_day", fault.code, fault.detail.clone()),
        _ => fault.clone(),
    };
    if e.faults().is_empty() { e } else { Error::invalid(e.faults().iter().map(renamed).collect()) }
}

/// The term that is proposed where nobody says otherwise.
pub(super) async fn usual(app: &App, track: &tracks::TrackVersion, member: MemberId) -> Result<Usual> {
    let db = app.db.read();
    let running = find::running(db, member, track.track, app.db.now()).await?;
    let zone = issuer::zone(db).await?;
    let before = running.iter().map(|term| term.until).max();
    Ok(Usual::of(&zone, app.db.now(), before, track.definition.validity.map(|validity| validity.months)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhyBody {
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    reason: String,
    #[serde(default)]
    public_reason: Option<String>,
}

/// Takes a step in person, and answers with the term as it stands then.
async fn step(
    app: &App,
    staff: &May<DecideTitles>,
    id: &str,
    step: Step,
    why: (&str, Option<&str>),
) -> Result<axum::Json<TitleBody>> {
    staff.principal.in_person(false)?;
    let id = id.parse().map_err(|_| Error::not_found())?;
    let term = decide(app, staff.actor(), id, step, why).await?;
    Ok(axum::Json(body(app, term).await?))
}

pub async fn confirm_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::CONFIRM, ("", None)).await
}

pub async fn refuse_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(why): Json<WhyBody>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::REFUSE, (&why.reason, None)).await
}

pub async fn withdraw_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::WITHDRAW, ("", None)).await
}

pub async fn end_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(why): Json<WhyBody>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::END, (&why.reason, None)).await
}

pub async fn hold_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(why): Json<HoldBody>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::Hold, (&why.reason, why.public_reason.as_deref())).await
}

pub async fn lift_title(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(why): Json<WhyBody>,
) -> Result<impl IntoResponse> {
    step(&app, &staff, &id, Step::Lift, (&why.reason, None)).await
}
