//! The pages of whoever holds gatherings: the list and its form, one gathering with late claims, and the code for the screen.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::deciding::{self, Word};
use super::service::{self, Attendance, AttendanceState, Gathering, NewGathering};
use crate::access::{HoldGatherings, May, Posted, SignedIn};
use crate::app::App;
use crate::clock::{Timestamp, parse_rfc3339};
use crate::contributions::told::told;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::{AttendanceId, GatheringId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members};

const LISTED: u64 = 100;

struct Row {
    id: String,
    title: String,
    when: String,
    people: String,
}

#[derive(Template)]
#[template(path = "giving/gatherings.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    form: GatheringForm,
    wrong: Option<String>,
}

/// `GET /admin/gatherings`.
pub async fn gatherings_page(may: May<HoldGatherings>, State(app): State<App>) -> Result<Response> {
    let form = GatheringForm {
        use_limit: "100".to_owned(),
        late_days: "14".to_owned(),
        rotates: "yes".to_owned(),
        ..GatheringForm::default()
    };
    list(&app, may.shell(), form, None).await
}

async fn list(app: &App, shell: Shell, form: GatheringForm, wrong: Option<String>) -> Result<Response> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for g in service::list(db, LISTED).await? {
        let people = service::by_code(db, g.id).await?;
        rows.push(Row {
            people: shell.w.with2("gatherings-people", "n", people, "most", g.use_limit),
            when: zone.instant(shell.w, g.opens_at),
            id: g.id.to_string(),
            title: g.title,
        });
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(ListPage { shell, rows, form, wrong })).into_response())
}

#[derive(Default, Deserialize)]
pub struct GatheringForm {
    title: String,
    url: String,
    organizer: String,
    day: String,
    from: String,
    until_day: String,
    until: String,
    use_limit: String,
    late_days: String,
    #[serde(default)]
    rotates: String,
}

impl GatheringForm {
    async fn read(&self, app: &App, zone: &Zone) -> Result<NewGathering> {
        let number = |text: &str, pointer: &str| {
            let wrong = || Error::invalid(vec![Fault::new(pointer, "invalid_number", "write a whole number")]);
            text.trim().parse::<u32>().map_err(|_| wrong())
        };
        let organizer = match self.organizer.trim() {
            "" => None,
            email => Some(members::by_email(app.db.read(), email).await?.ok_or_else(|| {
                let detail = "no member has this address";
                Error::invalid(vec![Fault::new("/organizer", "unknown_organizer", detail)])
            })?),
        };
        let until_day = if self.until_day.trim().is_empty() { &self.day } else { &self.until_day };
        Ok(NewGathering {
            title: self.title.clone(),
            url: Some(self.url.clone()),
            organizer: organizer.map(|member| member.id),
            opens_at: moment(zone, &self.day, &self.from)?,
            closes_at: moment(zone, until_day, &self.until)?,
            late_days: number(&self.late_days, "/late_days")?,
            use_limit: number(&self.use_limit, "/use_limit")?,
            rotates: self.rotates == "yes",
        })
    }
}

/// A day and a time of the zone's clock; on the day of a change of clocks the time counts from the beginning of that day.
fn moment(zone: &Zone, day: &str, clock: &str) -> Result<Timestamp> {
    let of_day = parse_rfc3339(&format!("1970-01-01T{}:00Z", clock.trim())).filter(|_| clock.trim().len() == 5);
    let found = zone.day(day.trim()).zip(of_day).map(|((first, _), at)| first + (at - Timestamp::UNIX_EPOCH));
    found.ok_or_else(|| {
        let detail = "write a day such as 2026-11-21 and a time such as 18:30";
        Error::invalid(vec![Fault::new("/opens_at", "invalid_time", detail)])
    })
}

/// `POST /admin/gatherings`.
pub async fn gathering_post(
    may: May<HoldGatherings>,
    State(app): State<App>,
    Posted(form): Posted<GatheringForm>,
) -> Result<Response> {
    let zone = issuer::zone(app.db.read()).await?;
    let new = match form.read(&app, &zone).await {
        Ok(new) => new,
        Err(e) => {
            let shell = may.shell();
            let text = told(shell.w, e)?;
            return list(&app, shell, form, Some(text)).await;
        }
    };
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    match service::make(&mut ch, new).await {
        Ok(made) => {
            ch.audit(AuditEntry::new("gathering.make", made.id, json!({"use_limit": made.use_limit}))).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/gatherings/{}", made.id)))
        }
        Err(e) => {
            drop(ch);
            let shell = may.shell();
            let text = told(shell.w, e)?;
            list(&app, shell, form, Some(text)).await
        }
    }
}

/// The gathering, for whoever holds it; to others there is none.
async fn held(app: &App, who: &SignedIn, id: &str) -> Result<Gathering> {
    let id: GatheringId = id.parse().map_err(|_| Error::not_found())?;
    let gathering = service::find(app.db.read(), id).await?;
    if gathering.is_held_by(&who.principal) { Ok(gathering) } else { Err(Error::not_found()) }
}

struct Person {
    id: String,
    who: String,
    said: String,
    note: Option<String>,
    own: bool,
    state: String,
    reason: Option<String>,
}

#[derive(Template)]
#[template(path = "giving/gathering.html")]
struct OnePage {
    shell: Shell,
    id: String,
    title: String,
    url: Option<String>,
    opens: String,
    closes: String,
    late_until: String,
    people: String,
    late_link: String,
    waiting: Vec<Person>,
    others: Vec<Person>,
    wrong: Option<String>,
}

/// `GET /gatherings/{id}`.
pub async fn gathering_page(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let gathering = held(&app, &who, &id).await?;
    one(&app, &who, gathering, None).await
}

async fn one(app: &App, who: &SignedIn, g: Gathering, wrong: Option<String>) -> Result<Response> {
    let shell = who.shell();
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let (mut waiting, mut others) = (vec![], vec![]);
    for attendance in service::attendances(db, g.id).await? {
        let waits = attendance.state == AttendanceState::Waiting;
        let person = person(app, shell.w, &zone, who, attendance).await?;
        if waits { waiting.push(person) } else { others.push(person) }
    }
    let people = service::by_code(db, g.id).await?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = OnePage {
        people: shell.w.with2("gatherings-people", "n", people, "most", g.use_limit),
        late_link: app.links.to(&format!("/attend/{}", g.id)),
        opens: zone.instant(shell.w, g.opens_at),
        closes: zone.instant(shell.w, g.closes_at),
        late_until: zone.instant(shell.w, g.late_until),
        id: g.id.to_string(),
        title: g.title,
        url: g.url,
        waiting,
        others,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

async fn person(app: &App, w: Words, zone: &Zone, who: &SignedIn, a: Attendance) -> Result<Person> {
    let state = match (a.state, a.late) {
        (AttendanceState::Counted, false) => "gathering-by-code",
        (AttendanceState::Counted, true) => "gathering-confirmed",
        (AttendanceState::Waiting, _) => "gathering-waits",
        (AttendanceState::Refused, _) => "gathering-refused",
    };
    Ok(Person {
        who: members::find(app.db.read(), a.member).await?.name,
        said: zone.instant(w, a.claimed_at),
        own: a.member == who.member,
        state: w.t(state),
        id: a.id.to_string(),
        note: a.note,
        reason: a.reason,
    })
}

#[derive(Template)]
#[template(path = "giving/code.html")]
struct CodePage {
    shell: Shell,
    id: String,
    title: String,
    /// The drawing, ours to the last character.
    qr: String,
    link: String,
    rotates: bool,
    open: bool,
    opens: String,
    closes: String,
    people: String,
}

/// `GET /gatherings/{id}/code`: for the screen in the room. A code that rotates is fetched anew every minute.
pub async fn code_page(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let g = held(&app, &who, &id).await?;
    let shell = who.shell();
    let now = app.db.now();
    let zone = issuer::zone(app.db.read()).await?;
    let link = app.links.to(&format!("/attend/{}/{}", g.id, g.code(now)));
    let people = service::by_code(app.db.read(), g.id).await?;
    Ok(Page(CodePage {
        qr: waymark_rendering::qr_svg(&link).map_err(Error::internal)?,
        people: shell.w.with2("gatherings-people", "n", people, "most", g.use_limit),
        open: g.is_open(now),
        opens: zone.instant(shell.w, g.opens_at),
        closes: zone.instant(shell.w, g.closes_at),
        id: g.id.to_string(),
        title: g.title,
        rotates: g.rotates,
        link,
        shell,
    })
    .into_response())
}

#[derive(Deserialize)]
pub struct WordForm {
    step: String,
    #[serde(default)]
    reason: String,
}

/// `POST /gatherings/{id}/attendances/{attendance}`: the organizer says who was there.
pub async fn attendance_post(
    who: SignedIn,
    State(app): State<App>,
    Path((id, attendance)): Path<(String, String)>,
    Posted(form): Posted<WordForm>,
) -> Result<Response> {
    let gathering = held(&app, &who, &id).await?;
    let attendance: AttendanceId = attendance.parse().map_err(|_| Error::not_found())?;
    let word = match form.step.as_str() {
        "confirm" => Word::WasThere,
        "refuse" => Word::WasNot(&form.reason),
        _ => return Err(Error::not_found()),
    };
    match deciding::decide(&app, &who.principal, attendance, word).await {
        Ok(_) => Ok(see_other(&format!("/gatherings/{id}"))),
        Err(e) => {
            let text = told(who.shell().w, e)?;
            one(&app, &who, gathering, Some(text)).await
        }
    }
}
