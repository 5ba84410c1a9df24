//! `POST /api/v1/events`, `POST /api/v1/contributions/{id}/void`, `GET /api/v1/sources`.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use waymark_credential::strict_json;

use super::envelope::{Envelope, NotAnEvent, Problem};
use super::find::{self, Contribution};
use super::health::{self, Came, Health};
use super::service::{self, Speaker};
use super::source::SubjectForm;
use super::{intake, lifecycle};
use crate::access::{May, Principal, ReadSources, SendEvents, VoidContributions};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Fault, Result};
use crate::web::input::BODY_LIMIT;
use crate::web::input::{self, Json};

/// The most events in one batch.
pub const BATCH_LIMIT: usize = 1000;
const STRUCTURED: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";
const MARK: &str = "ce-specversion";

/// `POST /api/v1/events`: CloudEvents 1.0.2 in structured, binary or batch mode → 202 with one result per event.
pub async fn receive_events(
    may: May<SendEvents>,
    State(app): State<App>,
    request: Request,
) -> Result<impl IntoResponse> {
    app.intake.check()?;
    let headers = request.headers().clone();
    let content_type = input::content_type(&headers).to_ascii_lowercase();
    let events = match content_type.as_str() {
        STRUCTURED => {
            let event = parse(&input::body(request, &app).await?)?;
            vec![Ok(Envelope::structured(event).map_err(refused)?)]
        }
        BATCH => {
            let Value::Array(events) = parse(&input::body(request, &app).await?)? else {
                return Err(Error::malformed("a batch is a JSON array of events"));
            };
            if events.len() > BATCH_LIMIT {
                return Err(Error::new(Code::TooLarge));
            }
            events.into_iter().map(Envelope::structured).collect()
        }
        _ if headers.contains_key(MARK) => {
            let attributes = attributes(&headers)?;
            let body = input::body(request, &app).await?;
            vec![Ok(Envelope::binary(attributes, &content_type, &body).map_err(refused)?)]
        }
        _ => {
            let expected = format!("{STRUCTURED}, {BATCH}, or application/json with ce- headers");
            return Err(Error::new(Code::UnsupportedType).with("expected", expected));
        }
    };
    let admitted = app.intake.admit(events.len())?;
    let speaker = speaker(&may.principal);
    let results = intake::receive_all(&app.db, may.actor(), &speaker, events).await?;
    drop(admitted);
    Ok((StatusCode::ACCEPTED, axum::Json(json!({"results": results}))))
}

fn parse(bytes: &[u8]) -> Result<Value> {
    strict_json::parse(bytes, BODY_LIMIT).map_err(|e| Error::malformed(e.to_string()))
}

/// A single event that cannot be read fails the call.
fn refused(event: NotAnEvent) -> Error {
    match event.what {
        Problem::Malformed(detail) => Error::malformed(detail),
        Problem::DataTooLarge => Error::new(Code::TooLarge),
        Problem::DataNotJson => Error::new(Code::UnsupportedType).with("expected", "application/json"),
    }
}

/// HTTP Protocol Binding §3.1.3: header values are percent-encoded.
fn attributes(headers: &HeaderMap) -> Result<Vec<(String, String)>> {
    let mut attributes = vec![];
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix("ce-") else { continue };
        let wrong = || Error::malformed(format!("the header ce-{name} is not percent-encoded UTF-8"));
        let text = value.to_str().map_err(|_| wrong())?;
        let text = percent_decode_str(text).decode_utf8().map_err(|_| wrong())?;
        if attributes.iter().any(|(known, _)| known == name) {
            return Err(Error::malformed(format!("the header ce-{name} stands twice")));
        }
        attributes.push((name.to_owned(), text.into_owned()));
    }
    Ok(attributes)
}

/// A key of role source speaks for its own source; staff speak for all.
fn speaker(principal: &Principal) -> Speaker {
    match principal {
        Principal::Key { role: crate::access::Role::Source, source, .. } => Speaker::Only(source.clone()),
        _ => Speaker::Any,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidBody {
    reason: String,
}

#[derive(Serialize)]
pub struct ContributionBody {
    id: String,
    source: String,
    event: String,
    r#type: String,
    state: &'static str,
    member: Option<String>,
    happened_at: String,
    fact: Option<String>,
    voided_at: Option<String>,
    void_reason: Option<String>,
}

impl From<Contribution> for ContributionBody {
    fn from(c: Contribution) -> Self {
        Self {
            id: c.id.to_string(),
            source: c.source,
            event: c.event,
            r#type: c.kind,
            state: c.state.as_str(),
            member: c.member.map(|id| id.to_string()),
            happened_at: rfc3339(c.happened_at),
            fact: c.fact.map(|id| id.to_string()),
            voided_at: c.voided_at.map(rfc3339),
            void_reason: c.void_reason,
        }
    }
}

const LONGEST_REASON: usize = 500;

/// `POST /api/v1/contributions/{id}/void`. The id is the contribution's, or its event's where one source alone has used that.
pub async fn void_contribution(
    may: May<VoidContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<VoidBody>,
) -> Result<impl IntoResponse> {
    let reason = body.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let detail = format!("say why, in 1 to {LONGEST_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "invalid_reason", detail)]));
    }
    let known = named(&app, &id).await?;
    if known.state == lifecycle::State::Voided {
        return Ok(axum::Json(ContributionBody::from(known)));
    }
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let voided = service::void(&mut ch, known.id, reason).await?;
    ch.audit(AuditEntry::new("contribution.void", voided.id, json!({"reason": reason}))).await?;
    ch.commit().await?;
    Ok(axum::Json(ContributionBody::from(voided)))
}

async fn named(app: &App, id: &str) -> Result<Contribution> {
    if let Ok(id) = id.parse() {
        return find::find(app.db.read(), id).await;
    }
    let mut found = find::by_event(app.db.read(), id).await?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Error::new(Code::Conflict)),
        (None, _) => Err(Error::not_found()),
    }
}

/// A source as it is told to others: where its secret stands is not.
#[derive(Serialize)]
pub struct SourceBody {
    source: String,
    slug: String,
    title: BTreeMap<String, String>,
    adapter: &'static str,
    types: Vec<String>,
    subjects: Vec<SubjectForm>,
    from: Vec<String>,
    quiet_days: Option<u32>,
    /// Those of `types` that credit nobody by themselves.
    activities: Vec<String>,
    health: HealthBody,
}

#[derive(Serialize)]
pub struct HealthBody {
    standing: &'static str,
    last_seen_at: Option<String>,
    dead_letters: u64,
    /// How often what came of it, over the last 30 days.
    counts: BTreeMap<&'static str, i64>,
}

impl From<Health> for SourceBody {
    fn from(of: Health) -> Self {
        let health = HealthBody {
            standing: of.standing.as_str(),
            last_seen_at: of.last_seen.map(rfc3339),
            dead_letters: of.dead_letters,
            counts: Came::ALL.iter().map(|came| (came.as_str(), of.sum(*came))).collect(),
        };
        let source = of.definition;
        let activities = source.types.iter().filter(|t| lifecycle::is_activity(t)).cloned().collect();
        Self {
            source: source.source,
            slug: of.name,
            title: source.title,
            adapter: source.adapter.as_str(),
            types: source.types,
            subjects: source.subjects,
            from: source.from,
            quiet_days: source.quiet_days,
            activities,
            health,
        }
    }
}

/// `GET /api/v1/sources`.
pub async fn list_sources(
    _: May<ReadSources>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let all: Vec<SourceBody> = health::health(&app).await?.into_iter().map(SourceBody::from).collect();
    Ok(axum::Json(Listed::of(all, &page, |source| source.source.clone())?))
}
