//! Writing an item, with what the candidate sees beside it. Works without JavaScript: buttons show the preview and make room for further options.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::Mistake;

use super::preview::{Shown, sentence, shown};
use super::{found, item_path, languages, title};
use crate::access::{AuthorBanks, May, Posted};
use crate::app::App;
use crate::authoring::api::picture;
use crate::authoring::draft::{Draft, KEEPS_ENEMIES_APART, TYPES, UNSAID};
use crate::authoring::sentences;
use crate::banks::{self, Item};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::page::{Page, Shell, see_other};

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Wrong,
    /// Somebody else changed the item meanwhile.
    Changed,
}

#[derive(Template)]
#[template(path = "authoring/edit.html")]
struct EditPage {
    shell: Shell,
    bank: String,
    bank_title: String,
    /// None for a new item.
    item: Option<Item>,
    draft: Draft,
    /// Tag and name of each column.
    columns: Vec<(String, String)>,
    /// What texts without a language can be said to be in.
    spoken: Vec<(String, String)>,
    type_name: String,
    writes: bool,
    shown: Vec<Shown>,
    missing: Vec<String>,
    /// The field and what to do about it.
    wrong: Vec<(String, String)>,
    changed: bool,
    domains: Vec<String>,
    keeps_enemies_apart: bool,
}

impl EditPage {
    fn text<'t>(&self, texts: &'t std::collections::BTreeMap<String, String>, tag: &str) -> &'t str {
        texts.get(tag).map_or("", String::as_str)
    }

    fn lang(&self, tag: &str) -> Option<String> {
        Some(tag.to_owned()).filter(|tag| tag != UNSAID)
    }

    fn action(&self) -> String {
        match &self.item {
            Some(item) => format!("{}/edit", item_path(item)),
            None => format!("/admin/banks/{}/new", self.bank),
        }
    }

    fn path(&self) -> String {
        self.item.as_ref().map_or_else(|| format!("/admin/banks/{}", self.bank), item_path)
    }
}

async fn page(app: &App, shell: Shell, slug: &str, item: Option<Item>, draft: Draft) -> Result<EditPage> {
    let w = shell.w;
    let bank = banks::bank(app.db.read(), slug).await?;
    let named = |tag: &String| (tag.clone(), sentences::language(w, tag));
    let columns = draft.languages.iter().map(named).collect();
    let spoken = if draft.languages.iter().any(|tag| tag == UNSAID) {
        languages(app, w.lang()).await?.iter().map(named).collect()
    } else {
        vec![]
    };
    let listed = banks::items(app.db.read(), bank.id).await?;
    let mut domains: Vec<String> = listed.into_iter().filter_map(|listing| listing.content.domain).collect();
    domains.sort();
    domains.dedup();
    let picture = picture(app.db.read(), Some(&draft.figure)).await?;
    let (shown, missing) = match draft.read(picture.as_deref()) {
        Ok(version) => (shown(w, version.content())?, vec![]),
        Err(mistakes) => (vec![], mistakes.iter().map(|mistake| sentence(w, mistake)).collect()),
    };
    Ok(EditPage {
        bank: bank.slug.clone(),
        bank_title: title(&bank),
        item,
        columns,
        spoken,
        type_name: sentences::item_type(w, &draft.item_type),
        writes: Draft::writes(&draft.item_type),
        shown,
        missing,
        wrong: vec![],
        changed: false,
        domains,
        keeps_enemies_apart: *KEEPS_ENEMIES_APART,
        draft,
        shell,
    })
}

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
    let wanted = TYPES.into_iter().find(|name| *name == query.item_type).unwrap_or("single_choice");
    let draft = Draft::new(wanted, languages(&app, shell.w.lang()).await?);
    let mut page = page(&app, shell, &slug, None, draft).await?;
    // Nothing is wrong with a form that nobody has filled in yet.
    page.missing = vec![page.shell.w.t("item-preview-empty")];
    Ok(Page(page))
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
    let draft = Draft::of(&banks::fields(&version)?, &languages(app, shell.w.lang()).await?, item.revision);
    // A form that cannot say everything that the version says would take the rest away.
    let picture = picture(app.db.read(), Some(&draft.figure)).await?;
    let faithful = draft.read(picture.as_deref()).is_ok_and(|same| same.hash() == version.hash());
    let mut page = page(app, shell, &item.bank.slug.clone(), Some(item), draft).await?;
    page.writes &= faithful;
    Ok(page)
}

/// The form as the item stands now, with what went wrong.
pub async fn edit_again(
    staff: &May<AuthorBanks>,
    app: &App,
    item: &Item,
    wrong: Vec<(String, String)>,
    trouble: Trouble,
) -> Result<Response> {
    let now = banks::item(app.db.read(), item.id).await?;
    let mut page = opened(staff, app, now).await?;
    page.wrong = wrong;
    page.changed = trouble == Trouble::Changed;
    Ok((status(trouble), Page(page)).into_response())
}

fn status(trouble: Trouble) -> StatusCode {
    match trouble {
        Trouble::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        Trouble::Changed => StatusCode::PRECONDITION_FAILED,
    }
}

/// `POST /admin/banks/{slug}/new`.
pub async fn new_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response> {
    posted(staff, app, slug, None, pairs).await
}

/// `POST /admin/banks/{slug}/items/{id}/edit`.
pub async fn edit_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response> {
    let item = found(&app, &slug, &id).await?;
    posted(staff, app, slug, Some(item), pairs).await
}

async fn posted(
    staff: May<AuthorBanks>,
    app: App,
    slug: String,
    item: Option<Item>,
    pairs: Vec<(String, String)>,
) -> Result<Response> {
    let shell = staff.shell();
    let w = shell.w;
    let pressed = pairs.iter().rev().find(|(name, _)| name == "go").map_or("save", |(_, value)| value);
    let mut draft = Draft::posted(&pairs, &languages(&app, w.lang()).await?);
    if let Some(item) = &item {
        draft.id.clone_from(&item.slug);
    }
    if !Draft::writes(&draft.item_type) {
        return Err(Error::not_found());
    }
    if matches!(pressed, "preview" | "more") {
        draft.add_rows();
        return Ok(Page(page(&app, shell, &slug, item, draft).await?).into_response());
    }
    let picture = picture(app.db.read(), Some(&draft.figure)).await?;
    let version = match draft.read(picture.as_deref()) {
        Ok(version) => version,
        Err(mistakes) => {
            let wrong = mistakes.iter().map(|mistake| (field_of(&draft, mistake), sentence(w, mistake))).collect();
            return again(&app, shell, &slug, item, draft, wrong, Trouble::Wrong).await;
        }
    };
    let bank = banks::bank(app.db.read(), &slug).await?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let written = match &item {
        None => banks::write(&mut ch, &bank, &version).await.map(Some),
        Some(item) => banks::edit(&mut ch, item.id, draft.revision, &version, &draft.note).await,
    };
    match written {
        Ok(Some(item)) => {
            ch.commit().await?;
            Ok(see_other(&item_path(&item)))
        }
        Ok(None) => {
            ch.undo().await?;
            Ok(see_other(&item.map_or_else(|| format!("/admin/banks/{slug}"), |item| item_path(&item))))
        }
        Err(e) => {
            drop(ch);
            match (e.code(), item) {
                (Code::Conflict, None) => {
                    let wrong = vec![("id".to_owned(), w.t("item-wrong-twice"))];
                    again(&app, shell, &slug, None, draft, wrong, Trouble::Wrong).await
                }
                (Code::PreconditionFailed, Some(item)) => {
                    let now = banks::item(app.db.read(), item.id).await?;
                    draft.revision = now.revision;
                    again(&app, shell, &slug, Some(now), draft, vec![], Trouble::Changed).await
                }
                (Code::ValidationFailed, item) => {
                    let wrong = vec![("note".to_owned(), w.t("item-wrong-note"))];
                    again(&app, shell, &slug, item, draft, wrong, Trouble::Wrong).await
                }
                _ => Err(e),
            }
        }
    }
}

/// What was typed, once more.
async fn again(
    app: &App,
    shell: Shell,
    slug: &str,
    item: Option<Item>,
    mut draft: Draft,
    wrong: Vec<(String, String)>,
    trouble: Trouble,
) -> Result<Response> {
    draft.add_rows();
    let mut page = page(app, shell, slug, item, draft).await?;
    page.wrong = wrong;
    page.changed = trouble == Trouble::Changed;
    Ok((status(trouble), Page(page)).into_response())
}

/// The id of the field that a mistake speaks of.
fn field_of(draft: &Draft, mistake: &Mistake) -> String {
    let mut path = mistake.pointer.trim_start_matches('/').split('/');
    let first = draft.languages.first().map_or("", String::as_str);
    match (path.next().unwrap_or_default(), path.next()) {
        ("answers", place) => {
            let place: usize = place.and_then(|n| n.parse().ok()).unwrap_or_default();
            let rows = draft.options.iter().enumerate();
            let mut filled = rows.filter(|(_, row)| row.texts.values().any(|text| !text.trim().is_empty()));
            format!("answer-{}-{first}", filled.nth(place).map_or(0, |(row, _)| row))
        }
        ("correct", _) => "options".to_owned(),
        (field @ ("question" | "rationale" | "figure_alt"), language) => {
            format!("{field}-{}", language.filter(|tag| draft.languages.iter().any(|l| l == tag)).unwrap_or(first))
        }
        (field, _) => field.to_owned(),
    }
}
