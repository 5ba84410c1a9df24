//! `/admin/attempts/{id}`: one attempt, its log as a timeline, and the steps of staff.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use waymark_assess::attempt::State as Standing;

use super::pages::state_word;
use super::rows::{how, is_paused};
use super::supervise::{LONGEST_REASON, Step, take};
use crate::access::{GuideAttempts, May, Permission, Posted, ReadMembers, WatchAttempts};
use crate::app::App;
use crate::attempts::in_path::attempt_id;
use crate::attempts::lease::{LONGEST_MESSAGE, LateAnswer, Message, late_of, messages_of};
use crate::attempts::log::{self, chain};
use crate::attempts::pages::{title, zone};
use crate::attempts::service::{Attempt, find_for_staff};
use crate::attempts::views;
use crate::attempts::wording::{Person, person};
use crate::database::Read;
use crate::error::{Code, Result};
use crate::exams;
use crate::members;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// An event as people read it.
struct Line {
    seq: u64,
    at: String,
    word: String,
    detail: String,
    /// Who of staff did it, and why.
    by: Option<Person>,
    reason: String,
}

struct MessageLine {
    text: String,
    sent: String,
    by: Person,
    read: Option<String>,
}

struct LateLine {
    position: u32,
    response: String,
    received: String,
    client: Option<String>,
}

#[derive(Template)]
#[template(path = "attempts/one.html")]
struct AttemptPage {
    shell: Shell,
    attempt: String,
    slug: String,
    title: String,
    name: String,
    /// Where the visitor may see members.
    member: Option<String>,
    state: String,
    open: bool,
    paused: bool,
    voided: bool,
    deadline: Option<String>,
    closed: Option<String>,
    lines: Vec<Line>,
    /// How many earlier events are not shown.
    more: usize,
    holds: bool,
    messages: Vec<MessageLine>,
    late: Vec<LateLine>,
    may_guide: bool,
    longest_reason: usize,
    longest_message: usize,
    done: bool,
    /// The field, and what is wrong with it.
    faults: Vec<(&'static str, String)>,
    text: String,
    reason: String,
    step_reason: String,
    minutes: String,
}

/// Events on the page; all of them are in the file.
const ON_A_PAGE: usize = 300;

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/attempts/{id}`.
pub async fn attempt_page(
    staff: May<WatchAttempts>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response> {
    let attempt = find_for_staff(app.db.read(), attempt_id(&id)?).await?;
    let sees = staff.principal.holds(ReadMembers::ROLES);
    let guides = staff.principal.holds(GuideAttempts::ROLES);
    let mut page = page(&app, staff.shell(), &attempt, sees, guides).await?;
    page.done = done.done.is_some();
    Ok(Page(page).into_response())
}

async fn page(app: &App, shell: Shell, attempt: &Attempt, sees: bool, may_guide: bool) -> Result<AttemptPage> {
    let db = app.db.read();
    let (zone, now) = (zone(app).await?, app.db.now());
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    let member = members::find(db, attempt.member).await?;
    let (whole, notes) = (log::of_attempt(db, attempt.id).await?, log::notes(db, attempt.id).await?);
    let holds = chain::verify(&whole).is_ok();
    let state = attempt.life.state(now);
    let skip = whole.events.len().saturating_sub(ON_A_PAGE);
    let mut people = BTreeMap::new();
    let mut lines = vec![];
    for event in whole.events.iter().skip(skip).rev() {
        let mut line = line(shell.w, &zone, event);
        if let Some(note) = notes.get(&event.seq) {
            let part = |name: &str| note.get(name).and_then(Value::as_str).unwrap_or_default();
            line.by = Some(known(db, shell.w, &mut people, part("by")).await?);
            line.reason = part("reason").to_owned();
        }
        lines.push(line);
    }
    let mut messages = vec![];
    for sent in messages_of(db, attempt.id, false).await? {
        let by = known(db, shell.w, &mut people, &sent.sent_by).await?;
        messages.push(message(&zone, &sent, by));
    }
    let closed = match attempt.life {
        waymark_assess::attempt::Attempt::Closed(closed) => Some(zone.instant(shell.w, closed.at)),
        _ => None,
    };
    Ok(AttemptPage {
        attempt: attempt.id.to_string(),
        slug: exam.spec.slug.clone(),
        title: title(&exam, shell.w),
        member: sees.then(|| member.id.to_string()),
        name: member.name,
        state: state_word(shell.w, state, how(attempt), is_paused(attempt, now)),
        open: state == Standing::InProgress,
        paused: is_paused(attempt, now),
        voided: state == Standing::Voided,
        deadline: attempt.life.sitting().map(|sitting| zone.instant(shell.w, sitting.deadline_at(now))),
        closed,
        lines,
        more: skip,
        holds,
        messages,
        late: late_of(db, attempt.id).await?.iter().map(|l| late(shell.w, &zone, l)).collect(),
        may_guide,
        longest_reason: LONGEST_REASON,
        longest_message: LONGEST_MESSAGE,
        done: false,
        faults: vec![],
        text: String::new(),
        reason: String::new(),
        step_reason: String::new(),
        minutes: String::new(),
        shell,
    })
}

/// The person behind an id, looked up once.
async fn known(db: &impl Read, words: Words, people: &mut BTreeMap<String, Person>, actor: &str) -> Result<Person> {
    if let Some(known) = people.get(actor) {
        return Ok(known.clone());
    }
    let found = person(db, words, actor).await?;
    people.insert(actor.to_owned(), found.clone());
    Ok(found)
}

fn message(zone: &Zone, message: &Message, by: Person) -> MessageLine {
    MessageLine {
        by,
        text: message.text.clone(),
        sent: zone.clock(message.sent_at),
        read: message.read_at.map(|at| zone.clock(at)),
    }
}

fn late(words: Words, zone: &Zone, late: &LateAnswer) -> LateLine {
    LateLine {
        position: late.position,
        response: late.response.to_string(),
        received: zone.instant(words, late.received_at),
        client: late.client_at.map(|at| zone.instant(words, at)),
    }
}

/// An event in words: what, where, and how.
fn line(words: Words, zone: &Zone, event: &chain::Link) -> Line {
    let number = |name: &str| event.payload.get(name).and_then(Value::as_u64);
    let word = |name: &str| event.payload.get(name).and_then(Value::as_str);
    let mut details = vec![];
    if let Some(position) = number("position") {
        details.push(words.with1("review-go-to", "position", position));
    }
    if let Some(positions) = event.payload.get("positions").and_then(Value::as_array) {
        let each = positions.iter().filter_map(Value::as_u64).map(|n| words.with1("review-go-to", "position", n));
        details.push(each.collect::<Vec<_>>().join(&words.t("list-comma")));
    }
    if let Some(minutes) = number("minutes") {
        details.push(words.with1("timeline-minutes", "minutes", minutes));
    }
    // Words that the log keeps, such as how a window came by the lease and what closed the attempt.
    for (name, kept) in [("how", word("how")), ("by", word("by")), ("policy", word("policy"))] {
        let key = format!("timeline-{name}-{}", kept.unwrap_or_default().replace('_', "-"));
        if kept.is_some() && words.has(&key) {
            details.push(words.t(&key));
        }
    }
    if let Some(flagged) = event.payload.get("flagged").and_then(Value::as_bool) {
        details.push(words.t(if flagged { "timeline-flag-set" } else { "timeline-flag-removed" }));
    }
    let at = crate::clock::parse_rfc3339(&event.at);
    Line {
        seq: event.seq,
        at: at.map_or_else(|| event.at.clone(), |at| zone.clock(at)),
        word: words.t(&format!("timeline-{}", event.kind.replace('_', "-"))),
        detail: details.join(" · "),
        by: None,
        reason: String::new(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    minutes: String,
}

/// `POST /admin/attempts/{id}/{step}`: one step, with its reason.
pub async fn guide_attempt(
    staff: May<GuideAttempts>,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let attempt = find_for_staff(app.db.read(), attempt_id(&id)?).await?;
    let says = step == Step::MESSAGE;
    let taken = match Step::parse(&step, &form.minutes) {
        Ok(step) => take(&app, staff.actor(), attempt.id, step, &form.text, &form.reason)
            .await
            .map(|taken| taken.map(|()| step)),
        Err(e) => Err(e),
    };
    match taken {
        Ok(Err(refused)) => Err(views::refused(refused, None, staff.visitor.words)),
        Ok(Ok(step)) => Ok(see_other(&format!("/admin/attempts/{}?done={}", attempt.id, step.as_str()))),
        Err(e) if e.code() == Code::ValidationFailed => {
            let sees = staff.principal.holds(ReadMembers::ROLES);
            let mut page = page(&app, staff.shell(), &attempt, sees, true).await?;
            let words = page.shell.w;
            let fault = |fault: &crate::error::Fault| match fault.pointer.as_str() {
                "/reason" => (
                    if says { "reason" } else { "step-reason" },
                    words.with1("guide-reason-wrong", "most", LONGEST_REASON),
                ),
                "/minutes" => ("minutes", words.t("guide-minutes-wrong")),
                _ => ("text", words.with1("guide-message-wrong", "most", LONGEST_MESSAGE)),
            };
            page.faults = e.faults().iter().map(fault).collect();
            if says {
                (page.text, page.reason) = (form.text, form.reason);
            } else {
                (page.step_reason, page.minutes) = (form.reason, form.minutes);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}
