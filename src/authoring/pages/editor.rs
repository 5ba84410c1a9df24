//! Writing an item, with what the candidate sees beside it. Works without JavaScript: buttons show the preview, add a row, take one away or move it, and every one of
//! them keeps what was typed.

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::item::ItemType;

use super::editing::{EditPage, Editing};
use super::preview::sentence;
use super::sent::Sent;
use super::{found, item_path, languages};
use crate::access::{AuthorBanks, May};
use crate::app::App;
use crate::authoring::api::picture;
use crate::authoring::form::Form;
use crate::banks::{self, Item};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::page::{Page, see_other};

/// Which type the new item has.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    #[serde(default, rename = "type")]
    item_type: String,
}

/// `GET /admin/banks/{slug}/new`: an empty form.
pub async fn new_page(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(query): Query<NewQuery>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let wanted = ItemType::parse(&query.item_type).unwrap_or(ItemType::SingleChoice);
    let form = Form::new(wanted, languages(&app, shell.w.lang()).await?);
    let mut editing = Editing::of(&app, &slug, None, form).await?;
    editing.is_new = true;
    editing.page(&app, shell).await.map(Page)
}

/// `GET /admin/banks/{slug}/items/{id}/edit`: the version that people work on, with its key: a look that is audited.
pub async fn edit_page(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<impl IntoResponse> {
    let item = found(&app, &slug, &id).await?;
    opened(&staff, &app, item).await.map(Page)
}

async fn opened(staff: &May<AuthorBanks>, app: &App, item: Item) -> Result<EditPage> {
    let shell = staff.shell();
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let version = banks::open_key(&mut ch, &item, item.working()).await?;
    ch.commit().await?;
    let programs = languages(app, shell.w.lang()).await?;
    let form = Form::of(version.content().item_type(), &banks::fields(&version), &programs, item.revision);
    // A form that cannot say everything that the version says would take the rest away.
    let picture = picture(app.db.read(), Some(form.figure())).await?;
    let faithful = form.written().read(picture.as_deref()).is_ok_and(|same| same.hash() == version.hash());
    let slug = item.bank.slug.clone();
    let mut editing = Editing::of(app, &slug, Some(item), form).await?;
    editing.writes = faithful;
    editing.page(app, shell).await
}

/// `POST /admin/banks/{slug}/new`.
pub async fn new_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response> {
    posted(staff, app, slug, None, request).await
}

/// `POST /admin/banks/{slug}/items/{id}/edit`.
pub async fn edit_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    let item = found(&app, &slug, &id).await?;
    posted(staff, app, slug, Some(item), request).await
}

async fn posted(
    staff: May<AuthorBanks>,
    app: App,
    slug: String,
    item: Option<Item>,
    request: Request,
) -> Result<Response> {
    let shell = staff.shell();
    let w = shell.w;
    let sent = Sent::read(&staff, &app, request).await?;
    let mut form = Form::posted(&sent.pairs, &languages(&app, w.lang()).await?).ok_or_else(Error::not_found)?;
    if let Some(item) = &item {
        form.values.set("id", item.slug.clone());
    }
    let kept = sent.keep_picture(&staff, &app, &mut form, w).await?;
    let mut editing = Editing::of(&app, &slug, item, form).await?;
    editing.fill_case();
    if let Err(why) = kept {
        editing.say("figure", why);
        return again(&app, shell, editing, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if sent.pressed() != "save" {
        editing.form.add_gaps();
        return Ok(Page(editing.page(&app, shell).await?).into_response());
    }
    let picture = picture(app.db.read(), Some(editing.form.figure())).await?;
    let written = editing.form.written();
    let version = match written.read(picture.as_deref()) {
        Ok(version) => version,
        Err(mistakes) => {
            for mistake in &mistakes {
                editing.say(written.path_of(mistake), sentence(w, mistake));
            }
            return again(&app, shell, editing, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let (revision, note) = (editing.form.revision(), editing.form.values.one("note").to_owned());
    let stored = match &editing.item {
        None => banks::write(&mut ch, &editing.bank, &version).await.map(Some),
        Some(item) => banks::edit(&mut ch, item.id, revision, &version, &note).await,
    };
    match stored {
        Ok(Some(item)) => {
            ch.commit().await?;
            let done = if editing.item.is_some() { "edit" } else { "written" };
            Ok(see_other(&format!("{}?done={done}", item_path(&item))))
        }
        Ok(None) => {
            ch.undo().await?;
            let same = |item: &Item| format!("{}?done=same", item_path(item));
            Ok(see_other(&editing.item.as_ref().map_or_else(|| format!("/admin/banks/{slug}"), same)))
        }
        Err(e) => {
            drop(ch);
            refused(&app, shell, editing, e).await
        }
    }
}

/// Why it was not stored, with everything that was typed.
async fn refused(app: &App, shell: crate::web::page::Shell, mut editing: Editing, why: Error) -> Result<Response> {
    let w = shell.w;
    match (why.code(), &editing.item) {
        (Code::Conflict, None) => editing.say("id", w.t("item-wrong-twice")),
        (Code::PreconditionFailed, Some(item)) => {
            let now = banks::item(app.db.read(), item.id).await?;
            editing.form.values.set("revision", now.revision.to_string());
            editing.item = Some(now);
            editing.changed = true;
            return again(app, shell, editing, StatusCode::PRECONDITION_FAILED).await;
        }
        (Code::ValidationFailed, _) => editing.say("note", w.t("item-wrong-note")),
        _ => return Err(why),
    }
    again(app, shell, editing, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// What was typed, once more.
async fn again(app: &App, shell: crate::web::page::Shell, editing: Editing, status: StatusCode) -> Result<Response> {
    Ok((status, Page(editing.page(app, shell).await?)).into_response())
}
