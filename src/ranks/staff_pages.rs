//! `/admin/ladders`: what ladders there are, and each by form: written, tried on everybody, published.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::checked::checked;
use super::definition::LadderDefinition;
use super::form::{self, Fields};
use super::ladder_view::{Drawn, Notice, page, told};
use super::preview::preview;
use super::service::{LadderVersion, current, find, publish_as};
use crate::access::{May, Permission, Posted, PublishTracks, ReadProgram};
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::document::is_slug;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::tracks::Managed;
use crate::web::page::{Page, Shell, see_other};

/// Empty rows that a form offers, and how many more at a time.
const SPARE: usize = 2;

struct Line {
    slug: String,
    title: String,
    version: i32,
    published: String,
    steps: String,
    files: bool,
}

#[derive(Template)]
#[template(path = "ranks/ladders.html")]
struct LaddersPage {
    shell: Shell,
    lines: Vec<Line>,
    may_publish: bool,
}

/// `GET /admin/ladders`.
pub async fn ladders_page(staff: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let w = shell.w;
    let zone = issuer::zone(app.db.read()).await?;
    let line = |version: LadderVersion| {
        let definition = &version.definition;
        let steps = definition.steps.len();
        let key = if definition.beyond.is_some() { "ladders-steps-beyond" } else { "ladders-steps" };
        Line {
            title: w.pick(&definition.title).to_owned(),
            version: version.number,
            published: zone.date(w, version.published_at),
            steps: w.with1(key, "n", steps),
            files: version.managed == Managed::Files,
            slug: definition.slug.clone(),
        }
    };
    let lines = current(app.db.read()).await?.into_iter().map(line).collect();
    let may_publish = staff.principal.holds(PublishTracks::ROLES);
    Ok(Page(LaddersPage { shell, lines, may_publish }))
}

/// `GET /admin/ladders/new`.
pub async fn new_ladder_page(staff: May<PublishTracks>, State(app): State<App>) -> Result<impl IntoResponse> {
    let document = json!({});
    let of = Drawn { known: None, document: &document, spare: SPARE + 1, faults: &[] };
    Ok(Page(page(&app, staff.shell(), of).await?))
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// `GET /admin/ladders/{slug}`.
pub async fn ladder_page(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let known = find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let document = known.definition.as_file();
    let of = Drawn { known: Some(&known), document: &document, spare: SPARE, faults: &[] };
    let mut page = page(&app, staff.shell(), of).await?;
    page.notice = match asked.done.as_str() {
        "published" => Notice::Published,
        "same" => Notice::Same,
        _ => Notice::None,
    };
    Ok(Page(page))
}

/// `POST /admin/ladders/new`.
pub async fn new_ladder_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    step(&staff, &app, None, &fields).await
}

/// `POST /admin/ladders/{slug}`: one step of the form.
pub async fn ladder_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    let known = find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    if known.managed == Managed::Files {
        return Err(Error::new(Code::ManagedByFiles));
    }
    step(&staff, &app, Some(&known), &fields).await
}

async fn step(
    staff: &May<PublishTracks>,
    app: &App,
    known: Option<&LadderVersion>,
    fields: &Fields,
) -> Result<Response> {
    let shell = staff.shell();
    let w = shell.w;
    let document = form::said(fields, known.map_or("", |known| known.slug()));
    let rows: usize = fields.get("spare").and_then(|n| n.parse().ok()).unwrap_or(SPARE);
    let asked = fields.get("step").map_or("check", String::as_str);
    if asked == "more" {
        let of = Drawn { known, document: &document, spare: (rows + SPARE + 1).min(20), faults: &[] };
        return Ok(Page(page(app, shell, of).await?).into_response());
    }
    let found = checked(app.db.read(), &document).await?;
    let definition = match found {
        Ok(definition) => definition,
        Err(faults) => {
            let of = Drawn { known, document: &document, spare: SPARE, faults: &faults };
            let mut page = page(app, shell, of).await?;
            page.notice = Notice::NotYet;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let of = Drawn { known, document: &document, spare: SPARE, faults: &[] };
    if asked == "publish" {
        let seen = fields.get("seen").and_then(|n| n.parse().ok());
        return match put_out(staff, app, &definition, known.is_none(), seen).await? {
            Ok(done) => Ok(see_other(&format!("/admin/ladders/{}?done={done}", definition.slug))),
            Err(notice) => {
                let mut page = page(app, shell, of).await?;
                page.notice = notice;
                Ok((StatusCode::CONFLICT, Page(page)).into_response())
            }
        };
    }
    let mut page = page(app, shell, of).await?;
    page.notice = Notice::Good;
    if asked == "preview" {
        let made = preview(app.db.read(), &definition, known.map(|known| &known.definition)).await?;
        page.told = Some(told(w, made));
    }
    Ok(Page(page).into_response())
}

/// Publishes what the form says; answers what was done, or why not.
async fn put_out(
    staff: &May<PublishTracks>,
    app: &App,
    definition: &LadderDefinition,
    is_new: bool,
    seen: Option<i32>,
) -> Result<std::result::Result<&'static str, Notice>> {
    let slug = definition.slug.as_str();
    if !is_slug(slug) || slug == "new" {
        return Ok(Err(Notice::SlugTaken));
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    ch.take_turn(&format!("ladder {slug}")).await?;
    let stands = find(ch.tx(), slug).await?;
    let refused = match &stands {
        Some(_) if is_new => Some(Notice::SlugTaken),
        Some(now) if now.managed == Managed::Files => return Err(Error::new(Code::ManagedByFiles)),
        Some(now) => seen.is_some_and(|seen| seen != now.number).then_some(Notice::Changed),
        None => None,
    };
    if let Some(refused) = refused {
        ch.undo().await?;
        return Ok(Err(refused));
    }
    let Some(version) = publish_as(&mut ch, definition, Managed::Here).await? else {
        ch.undo().await?;
        return Ok(Ok("same"));
    };
    ch.audit(AuditEntry::new("ladder.publish", slug, json!({"slug": slug, "version": version}))).await?;
    ch.commit().await?;
    Ok(Ok("published"))
}
