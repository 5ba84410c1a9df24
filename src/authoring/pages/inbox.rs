//! `/admin/item-reviews`: what waits for a review, and by whom it was written.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::{item_path, title};
use crate::access::{May, ReviewItems};
use crate::app::App;
use crate::authoring::sentences::{self, Names};
use crate::banks;
use crate::error::Result;
use crate::web::page::{Page, Shell};

struct Waiting {
    path: String,
    bank: String,
    slug: String,
    question: String,
    question_language: Option<String>,
    item_type: String,
    authors: String,
    /// It follows another version, which is in use.
    follows: bool,
}

#[derive(Template)]
#[template(path = "authoring/inbox.html")]
struct InboxPage {
    shell: Shell,
    /// Those that the visitor may approve.
    mine: Vec<Waiting>,
    /// Those that the visitor had a hand in.
    own: Vec<Waiting>,
}

/// `GET /admin/item-reviews`.
pub async fn inbox_page(staff: May<ReviewItems>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let (w, me) = (shell.w, staff.actor().to_string());
    let (mut mine, mut own, mut names) = (vec![], vec![], Names::default());
    for (item, content) in banks::waiting(app.db.read()).await? {
        let hands = banks::hands(app.db.read(), &item).await?;
        let mut authors = vec![];
        for hand in &hands {
            authors.push(names.of(app.db.read(), w, hand).await?);
        }
        let (tag, question) = content.stem.pick(w.lang());
        let line = Waiting {
            path: item_path(&item),
            bank: title(&item.bank),
            question: sentences::question(question),
            question_language: Some(tag.to_owned()).filter(|tag| tag != "und"),
            item_type: sentences::item_type(w, banks::type_name(content.item_type())),
            authors: authors.join(", "),
            follows: item.proposed.is_some(),
            slug: item.slug,
        };
        if hands.contains(&me) { own.push(line) } else { mine.push(line) }
    }
    Ok(Page(InboxPage { shell, mine, own }))
}
