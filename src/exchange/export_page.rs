//! The page that takes a bank along as a file: in which format, and in which language where a format holds only one.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

use crate::access::{AuthorBanks, May};
use crate::app::App;
use crate::banks;
use crate::error::Result;
use crate::web::page::{Page, Shell};

struct Language {
    tag: String,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "exchange/export.html")]
struct ExportPage {
    shell: Shell,
    slug: String,
    title: String,
    /// Those that any item of the bank has; none where no item says its language.
    languages: Vec<Language>,
}

/// `GET /admin/banks/{slug}/export`.
pub async fn export_page(
    may: May<AuthorBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let shell = may.shell();
    let w = shell.w;
    let bank = banks::bank(app.db.read(), &slug).await?;
    let items = banks::items(app.db.read(), bank.id).await?;
    let tags: BTreeSet<String> = items.iter().flat_map(|listing| listing.content.languages()).collect();
    let line = |tag: String| {
        let key = format!("item-language-{tag}");
        Language { words: if w.has(&key) { w.t(&key) } else { tag.clone() }, chosen: tag == w.lang(), tag }
    };
    let languages = tags.into_iter().filter(|tag| tag != "und").map(line).collect();
    Ok(Page(ExportPage { title: bank.title.unwrap_or_else(|| slug.clone()), languages, slug, shell }))
}
