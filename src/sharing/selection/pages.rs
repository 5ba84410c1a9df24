//! `/me/selections`: where the member makes them, publishes them and ends them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::issuer;
use crate::selections::{self as service, Selection, Stage, Step, Wanted};
use crate::sharing::shown::{self, ShownCredential};
use crate::web::page::{Page, Shell, see_other};

/// One selection in the member's list.
struct Row {
    id: String,
    /// What is in it: each title with its language.
    titles: Vec<(String, &'static str)>,
    note: String,
    created: String,
    until: Option<String>,
    stage: &'static str,
    stage_word: String,
}

#[derive(Template)]
#[template(path = "sharing/selections.html")]
struct SelectionsPage {
    shell: Shell,
    rows: Vec<Row>,
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "draft",
        Stage::Open => "open",
        Stage::Ended => "ended",
    }
}

/// `GET /me/selections`.
pub async fn selections_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let (db, now) = (app.db.read(), app.db.now());
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for known in service::of_member(db, me.member).await? {
        let stage = stage_name(known.stage(now));
        let titles = lines(&app, &shell, &known).await?.into_iter().map(|(line, _)| (line.title, line.language));
        rows.push(Row {
            id: known.id.to_string(),
            titles: titles.collect(),
            note: known.note.lines().next().unwrap_or_default().to_owned(),
            created: zone.date(shell.w, known.created_at),
            until: known.until.map(|t| zone.date(shell.w, t)),
            stage,
            stage_word: shell.w.t(&format!("selection-{stage}")),
        });
    }
    Ok(Page(SelectionsPage { rows, shell }))
}

/// What the member chose, each with whether the reader sees it.
async fn lines(app: &App, shell: &Shell, known: &Selection) -> Result<Vec<(ShownCredential, bool)>> {
    let (db, now) = (app.db.read(), app.db.now());
    let mut lines = vec![];
    for (id, credential, seen) in service::standing(db, known).await? {
        // The forms speak of what was chosen, the line of what stands there.
        let line = shown::own_line(db, shell.w, &credential, now).await?;
        lines.push((ShownCredential { id: id.to_string(), ..line }, seen));
    }
    Ok(lines)
}

#[derive(Template)]
#[template(path = "sharing/selection_new.html")]
struct NewPage {
    shell: Shell,
    /// What others can open already.
    shared: Vec<ShownCredential>,
    /// What the member alone sees.
    private: Vec<ShownCredential>,
    typed: NewForm,
    faults: Vec<(String, String)>,
}

impl NewPage {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(of, _)| of == field).map(|(_, text)| text.as_str())
    }

    fn chosen(&self, id: &str) -> bool {
        self.typed.credential.iter().any(|chosen| chosen == id)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    #[serde(default)]
    credential: Vec<String>,
    #[serde(default)]
    note: String,
    /// A day, `2026-12-31`; empty for none.
    #[serde(default)]
    until: String,
    #[serde(default)]
    private_too: Option<String>,
}

/// `GET /me/selections/new`.
pub async fn new_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    Ok(Page(form(&app, &me, NewForm::default(), &[]).await?))
}

async fn form(app: &App, me: &SignedIn, typed: NewForm, faults: &[Fault]) -> Result<NewPage> {
    let shell = me.shell();
    let (db, now) = (app.db.read(), app.db.now());
    let mut held = vec![];
    for known in credentials::of_member(db, me.member).await? {
        if credentials::standing_for(db, known.clone()).await?.id == known.id {
            held.push(known);
        }
    }
    let (private, shared) = shown::own_lines(db, shell.w, &held, now).await?.into_iter().partition(|line| line.private);
    let told = |fault: &Fault| {
        let key = format!("selection-fault-{}", fault.code.replace('_', "-"));
        (fault.pointer.trim_start_matches('/').to_owned(), shell.w.with1(&key, "most", service::MOST_ENTRIES))
    };
    Ok(NewPage { shared, private, typed, faults: faults.iter().map(told).collect(), shell })
}

/// `POST /me/selections`: a draft that nobody else sees yet.
pub async fn begin_selection(me: SignedIn, State(app): State<App>, Posted(typed): Posted<NewForm>) -> Result<Response> {
    let day = typed.until.trim();
    let until =
        match day.is_empty() {
            true => Ok(None),
            false => issuer::zone(app.db.read()).await?.day(day).map(|(_, last)| Some(last)).ok_or_else(|| {
                Error::invalid(vec![Fault::new("/until", "invalid_day", "write a day such as 2026-12-31")])
            }),
        };
    let made = match until {
        Err(error) => Err(error),
        Ok(until) => {
            let wanted = Wanted {
                credentials: typed.credential.clone(),
                note: typed.note.clone(),
                until,
                private_too: typed.private_too.is_some(),
            };
            let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
            match service::begin(&mut ch, &me.principal, app.config.demo, &wanted).await {
                Ok(id) => ch.commit().await.map(|()| id),
                Err(error) => {
                    ch.undo().await?;
                    Err(error)
                }
            }
        }
    };
    match made {
        Ok(id) => Ok(see_other(&format!("/me/selections/{id}"))),
        Err(error) if error.code() == Code::ValidationFailed => {
            let mut response = Page(form(&app, &me, typed, error.faults()).await?).into_response();
            *response.status_mut() = error.code().status();
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "sharing/selection_own.html")]
struct OwnPage {
    shell: Shell,
    id: String,
    stage: &'static str,
    stage_word: String,
    note: String,
    until: Option<String>,
    address: String,
    path: String,
    entries: Vec<(ShownCredential, bool)>,
}

/// `GET /me/selections/{id}`.
pub async fn own_page(me: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let db = app.db.read();
    let known = service::of(db, &id, me.member).await?;
    let zone = issuer::zone(db).await?;
    let stage = stage_name(known.stage(app.db.now()));
    Ok(Page(OwnPage {
        id: known.id.to_string(),
        stage,
        stage_word: shell.w.t(&format!("selection-{stage}")),
        note: known.note.clone(),
        until: known.until.map(|t| zone.date(shell.w, t)),
        address: app.links.selection(&known.share_id),
        path: format!("/s/{}", known.share_id),
        entries: lines(&app, &shell, &known).await?,
        shell,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    credential: String,
    step: String,
}

/// `POST /me/selections/{id}/order`.
pub async fn order_selection(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<OrderForm>,
) -> Result<Response> {
    let step = Step::parse(&form.step)
        .ok_or_else(|| Error::invalid(vec![Fault::new("/step", "unknown_word", "use up or down")]))?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let known = service::order(&mut ch, &me.principal, app.config.demo, &id, &form.credential, step).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/selections/{}#order", known.id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFields {}

/// `POST /me/selections/{id}/publish`.
pub async fn publish_selection(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(_): Posted<NoFields>,
) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let known = service::publish(&mut ch, &me.principal, app.config.demo, &id).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/selections/{}", known.id)))
}

/// `POST /me/selections/{id}/end`.
pub async fn end_selection(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(_): Posted<NoFields>,
) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let known = service::end(&mut ch, &me.principal, app.config.demo, &id).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/selections/{}", known.id)))
}
