//! The pages under `/admin/banks`.

mod diff;
mod editing;
mod editor;
mod inbox;
mod item;
mod lists;
mod pictures;
mod preview;
mod question;
mod revealed;
mod sent;
mod view;

pub use diff::diff_page;
pub use editor::{edit_page, edit_post, new_page, new_post};
pub use inbox::inbox_page;
pub use item::{item_page, step_post};
pub use lists::{bank_page, banks_page, open_bank_post, operate_approved_post};
pub use pictures::figure;
pub use preview::preview_post;
pub use sent::FORM_LIMIT;

use super::api::item_id;
use crate::app::App;
use crate::banks::{self, Bank, Item};
use crate::error::{Error, Result};
use crate::{exams, issuer};

/// An item by the names in an address: an item of another bank is not there.
async fn found(app: &App, slug: &str, id: &str) -> Result<Item> {
    let item = banks::item(app.db.read(), item_id(id)?).await?;
    if item.bank.slug == slug { Ok(item) } else { Err(Error::not_found()) }
}

fn title(bank: &Bank) -> String {
    bank.title.clone().unwrap_or_else(|| bank.slug.clone())
}

fn item_path(item: &Item) -> String {
    format!("/admin/banks/{}/items/{}", item.bank.slug, item.id)
}

/// The languages that this program writes in, the reader's first.
async fn languages(app: &App, reader: &str) -> Result<Vec<String>> {
    let mut languages = issuer::languages(app.db.read()).await?;
    languages.sort_by_key(|tag| tag != reader);
    Ok(languages)
}

/// What keeps exams of this bank from being filled: the exam's slug and the sentence.
async fn broken(app: &App, bank: &str, reader: &str) -> Result<Vec<(String, String)>> {
    let broken = exams::broken_by(app.db.read(), bank).await?;
    Ok(broken.into_iter().map(|(exam, mistake)| (exam, mistake.message_in(reader).to_owned())).collect())
}
