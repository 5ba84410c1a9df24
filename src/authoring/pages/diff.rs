//! What differs between two versions of an item, key and rationale included: a look that is audited.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::Value;

use super::{found, item_path, title};
use crate::access::{May, ReadKeys};
use crate::app::App;
use crate::authoring::sentences;
use crate::banks::{self, Changed, Item, Piece, Step};
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
    changes: Vec<Difference>,
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
    let changes = differences(shell.w, &banks::fields(&old), &banks::fields(&new));
    Ok(Page(DiffPage {
        path: item_path(&item),
        bank_title: title(&item.bank),
        from: two.from,
        to: two.to,
        numbers: versions.iter().rev().map(|line| line.number).collect(),
        changes,
        item,
        shell,
    }))
}

/// One field that differs, by the name that people know it by.
pub struct Difference {
    pub name: String,
    pub language: Option<String>,
    pub pieces: Vec<Piece>,
}

/// What differs between two versions as their fields.
pub fn differences(w: Words, old: &Value, new: &Value) -> Vec<Difference> {
    let named =
        |changed: Changed| Difference { name: field(w, &changed), language: changed.language, pieces: changed.pieces };
    banks::diff(old, new).into_iter().map(named).collect()
}

/// "Option 3 (Japanese)".
fn field(w: Words, changed: &Changed) -> String {
    let mut names: Vec<String> = vec![];
    for step in &changed.path {
        match (step, names.pop()) {
            (Step::Place(place), Some(name)) => {
                names.push(w.with2("item-field-place", "field", name, "place", place + 1));
            }
            (Step::Place(place), None) => names.push((place + 1).to_string()),
            (Step::Name(name), before) => {
                let key = format!("item-field-{}", name.replace('_', "-"));
                names.extend(before);
                names.push(if w.has(&key) { w.t(&key) } else { name.clone() });
            }
        }
    }
    let name = names.join(" · ");
    match &changed.language {
        Some(tag) => w.with2("item-field-language", "field", name, "language", sentences::language(w, tag)),
        None => name,
    }
}
