//! What differs between two versions of an item, key and rationale included: a look that is audited.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::{found, item_path, title};
use crate::access::{May, ReadKeys};
use crate::app::App;
use crate::authoring::sentences;
use crate::banks::{self, Changed, Item, Piece};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "authoring/diff.html")]
struct DiffPage {
    shell: Shell,
    item: Item,
    path: String,
    bank_title: String,
    from: u32,
    to: u32,
    numbers: Vec<u32>,
    changes: Vec<(String, Changed)>,
}

/// The numbers of the two versions.
#[derive(Debug, Deserialize)]
pub struct Two {
    from: u32,
    to: u32,
}

/// `GET /admin/banks/{slug}/items/{id}/diff?from=1&to=2`.
pub async fn diff_page(
    staff: May<ReadKeys>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Query(two): Query<Two>,
) -> Result<impl IntoResponse> {
    let item = found(&app, &slug, &id).await?;
    let versions = banks::versions_of(app.db.read(), item.id).await?;
    let numbered = |number| versions.iter().find(|line| line.number == number).ok_or_else(Error::not_found);
    let (from, to) = (numbered(two.from)?.id, numbered(two.to)?.id);
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let (old, new) = banks::open_two(&mut ch, &item, (from, to)).await?;
    ch.commit().await?;
    let shell = staff.shell();
    let changes = banks::diff(&banks::fields(&old)?, &banks::fields(&new)?);
    Ok(Page(DiffPage {
        path: item_path(&item),
        bank_title: title(&item.bank),
        from: two.from,
        to: two.to,
        numbers: versions.iter().rev().map(|line| line.number).collect(),
        changes: changes.into_iter().map(|changed| (field(shell.w, &changed), changed)).collect(),
        item,
        shell,
    }))
}

/// "Option 3 (Japanese)".
fn field(w: Words, changed: &Changed) -> String {
    let key = format!("item-field-{}", changed.field.replace('_', "-"));
    let name = if w.has(&key) { w.t(&key) } else { changed.field.clone() };
    let name = match changed.place {
        Some(place) => w.with2("item-field-place", "field", name, "place", place + 1),
        None => name,
    };
    match &changed.language {
        Some(tag) => w.with2("item-field-language", "field", name, "language", sentences::language(w, tag)),
        None => name,
    }
}
