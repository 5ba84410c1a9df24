//! A track that files write: what it says, its file to copy, and the ways to go on from it.

use askama::Template;

use super::view::{summary, taken};
use super::words::title;
use super::work::Work;
use crate::app::App;
use crate::error::Result;
use crate::program::document_of_track;
use crate::web::page::Shell;

#[derive(Template)]
#[template(path = "planning/locked.html")]
pub struct LockedPage {
    shell: Shell,
    slug: String,
    title: String,
    text: String,
    told: String,
    /// The name for a copy that was typed, and was none or is taken.
    wrong: Option<String>,
    /// What has it already: its slug and what it is called.
    taken: Option<(String, String)>,
}

/// `wrong`: the name that was typed for a copy and cannot be had.
pub async fn page(app: &App, shell: Shell, work: Work, wrong: Option<String>) -> Result<LockedPage> {
    let taken = match &wrong {
        Some(slug) if Work::of(app, slug).await?.exists() => Some(taken(app, shell.w, slug).await?),
        _ => None,
    };
    let document = work.known.as_ref().map(|version| version.definition.as_file()).unwrap_or_default();
    Ok(LockedPage {
        title: title(shell.w, &document, &work.slug),
        told: summary(app.db.read(), shell.w, &document).await?,
        text: document_of_track(document),
        slug: work.slug,
        wrong,
        taken,
        shell,
    })
}
