//! `/admin/titles/{track}`: propose somebody, decide on what others propose, and what became of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::usual;
use super::deciding::{Step, decide};
use super::find::{self, Wanted};
use super::lifecycle::State as TermState;
use super::line::{Line, line};
use super::service::{self, NewTerm};
use super::term::Term;
use crate::access::{DecideTitles, May, Posted};
use crate::app::App;
use crate::database::Kind;
use crate::database::pagination::Listed;
use crate::error::{Code, Error, Result};
use crate::ids::{MemberId, TitleTermId};
use crate::tracks::{self, TrackVersion};
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

const ON_A_PAGE: u64 = 20;
const FOUND: u64 = 20;
const DONE: [&str; 7] = ["propose", "confirm", "refuse", "withdraw", "hold", "lift", "end"];

struct Found {
    id: String,
    name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "titles/title.html")]
struct TitlePage {
    shell: Shell,
    slug: String,
    title: String,
    /// Whether people decide on it as it stands.
    ready: bool,
    q: String,
    found: Option<Vec<Found>>,
    form: Option<ProposeForm>,
    /// Whom the form is for.
    name: String,
    waiting: Vec<Line>,
    rows: Vec<Line>,
    next: Option<String>,
    done: Option<String>,
    /// What was wrong: the field, where it is one of the form's, and the text.
    wrong: Option<(&'static str, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    q: String,
    #[serde(default)]
    member: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    done: String,
}

/// `GET /admin/titles/{track}`.
pub async fn title_page(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse> {
    let track = title(&app, &slug).await?;
    let before = shown.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let mut page = page(&app, &staff, &track, before).await?;
    if !shown.q.trim().is_empty() {
        let found = members::named_like(app.db.read(), shown.q.trim(), FOUND).await?;
        let found = found.into_iter().map(|m| Found { id: m.id.to_string(), name: m.name, email: m.email });
        page.found = Some(found.collect());
        page.q = shown.q;
    }
    if let Some(member) = shown.member {
        let member: MemberId = member.parse().map_err(|_| Error::not_found())?;
        let member = members::find(app.db.read(), member).await?;
        let usual = usual(&app, &track, member.id).await?;
        let zone = issuer::zone(app.db.read()).await?;
        page.name = member.name;
        page.form = Some(ProposeForm {
            member: member.id.to_string(),
            to: usual.to(&zone).unwrap_or_default(),
            from: usual.from,
            reason: String::new(),
            public_reason: String::new(),
        });
    }
    page.done = DONE.contains(&&*shown.done).then(|| page.shell.w.t(&format!("titles-done-{}", shown.done)));
    Ok(Page(page))
}

async fn title(app: &App, slug: &str) -> Result<TrackVersion> {
    let track = tracks::by_slug(app.db.read(), slug).await?.ok_or_else(Error::not_found)?;
    if track.definition.kind == tracks::Kind::Title { Ok(track) } else { Err(Error::not_found()) }
}

async fn page(
    app: &App,
    staff: &May<DecideTitles>,
    track: &TrackVersion,
    before: Option<TitleTermId>,
) -> Result<TitlePage> {
    let shell = staff.shell();
    let db = app.db.read();
    let of = |state| Wanted { track: Some(track.track), state, ..Wanted::default() };
    let listed = Listed::cut(find::list(db, of(None), before, ON_A_PAGE + 1).await?, ON_A_PAGE, |t| t.id.to_string());
    let (mut waiting, mut rows) = (vec![], vec![]);
    for term in find::list(db, of(Some(TermState::Proposed)), None, ON_A_PAGE).await? {
        waiting.push(line(app, shell.w, staff.principal.member(), term).await?);
    }
    for term in listed.data.into_iter().filter(|term| term.state != TermState::Proposed) {
        rows.push(line(app, shell.w, staff.principal.member(), term).await?);
    }
    Ok(TitlePage {
        slug: track.definition.slug.clone(),
        title: shell.w.pick(&track.definition.title).to_owned(),
        ready: track.definition.is_decided_title(),
        q: String::new(),
        found: None,
        form: None,
        name: String::new(),
        waiting,
        rows,
        next: listed.next_cursor,
        done: None,
        wrong: None,
        shell,
    })
}

#[derive(Debug, Clone, Deserialize)]
pub struct ProposeForm {
    member: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    public_reason: String,
}

/// `POST /admin/titles/{track}`.
pub async fn propose_post(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<ProposeForm>,
) -> Result<Response> {
    staff.principal.in_person(false)?;
    let track = title(&app, &slug).await?;
    let member: MemberId = form.member.parse().map_err(|_| Error::not_found())?;
    let member = members::find(app.db.read(), member).await?;
    let refused = match propose(&app, &staff, &track, member.id, &form).await {
        Ok(()) => return Ok(see_other(&format!("/admin/titles/{slug}?done=propose"))),
        Err(e) => e,
    };
    let mut page = page(&app, &staff, &track, None).await?;
    let w = page.shell.w;
    page.wrong = Some(match refused.code() {
        Code::OwnTitle => ("", w.t("titles-wrong-own")),
        Code::TitleStateConflict => ("", w.t("titles-wrong-waits")),
        Code::ValidationFailed => match refused.faults().first() {
            Some(fault) if fault.pointer == "/from" => {
                ("from", w.t(&format!("titles-wrong-from-{}", said(fault.code))))
            }
            Some(fault) if fault.pointer == "/to" => ("to", w.t(&format!("titles-wrong-to-{}", said(fault.code)))),
            Some(fault) if fault.pointer == "/public_reason" => ("public_reason", w.t("titles-wrong-public")),
            Some(fault) if fault.pointer == "/reason" => ("reason", w.t("titles-wrong-reason")),
            _ => ("", w.t("titles-not-ready")),
        },
        _ => return Err(refused),
    });
    page.name = member.name;
    page.form = Some(form);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// A fault's word as keys of texts write it.
fn said(code: &str) -> String {
    code.replace('_', "-")
}

async fn propose(
    app: &App,
    staff: &May<DecideTitles>,
    track: &TrackVersion,
    member: MemberId,
    form: &ProposeForm,
) -> Result<()> {
    let usual = usual(app, track, member).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let term = Term::read(&zone, app.db.now(), (Some(&form.from), Some(&form.to)), &usual)?;
    let (reason, public) = (lines(&form.reason), lines(&form.public_reason));
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let new = NewTerm { track: track.track, member, term, reason: &reason, public_reason: Some(&public) };
    match service::propose(&mut ch, new).await {
        Ok(_) => ch.commit().await,
        Err(e) => {
            ch.undo().await?;
            Err(e)
        }
    }
}

/// Browsers end lines in two characters.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[derive(Debug, Deserialize)]
pub struct StepForm {
    step: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    public_reason: String,
}

/// `POST /admin/titles/{track}/{id}`.
pub async fn step_post(
    staff: May<DecideTitles>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    staff.principal.in_person(false)?;
    let track = title(&app, &slug).await?;
    let id: TitleTermId = id.parse().map_err(|_| Error::not_found())?;
    if find::find(app.db.read(), id).await?.track != track.track {
        return Err(Error::not_found());
    }
    let step = Step::parse(&form.step).ok_or_else(Error::not_found)?;
    let (reason, public) = (lines(&form.reason), lines(&form.public_reason));
    let refused = match decide(&app, staff.actor(), id, step, (&reason, Some(&public))).await {
        Ok(_) => return Ok(see_other(&format!("/admin/titles/{slug}?done={}", form.step))),
        Err(e) => e,
    };
    let mut page = page(&app, &staff, &track, None).await?;
    let key = match refused.code() {
        Code::OwnTitle => "titles-wrong-own",
        Code::SamePerson => "titles-wrong-same",
        Code::TitleStateConflict | Code::StatusConflict | Code::Conflict => "titles-wrong-state",
        Code::ValidationFailed if refused.faults().iter().any(|fault| fault.code == "term_over") => "titles-wrong-over",
        Code::ValidationFailed if refused.faults().iter().any(|fault| fault.pointer == "/public_reason") => {
            "titles-wrong-public"
        }
        Code::ValidationFailed => "titles-wrong-reason",
        _ => return Err(refused),
    };
    page.wrong = Some(("", page.shell.w.t(key)));
    let lines = page.waiting.iter_mut().chain(&mut page.rows).filter(|line| line.id == id.to_string());
    if let Some(button) = lines.flat_map(|line| &mut line.steps).find(|button| button.step == form.step) {
        (button.open, button.reason, button.public_reason) = (true, form.reason, form.public_reason);
    }
    Ok((refused.code().status(), Page(page)).into_response())
}
