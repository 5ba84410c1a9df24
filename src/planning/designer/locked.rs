//! A track that files write: what it says, its file to copy, and the ways to go on from it.

use askama::Template;

use super::view::{summary, title};
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
    /// The name for a copy was none, or is taken.
    wrong: bool,
}

pub async fn page(app: &App, shell: Shell, work: Work, wrong: bool) -> Result<LockedPage> {
    let document = work.known.as_ref().map(|version| version.definition.as_file()).unwrap_or_default();
    Ok(LockedPage {
        title: title(shell.w, &document, &work.slug),
        told: summary(app.db.read(), shell.w, &document).await?,
        text: document_of_track(document),
        slug: work.slug,
        wrong,
        shell,
    })
}
