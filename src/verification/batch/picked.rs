//! Selections in a list: each stands for the credentials that its reader sees.

use super::MOST;
use super::run::Item;
use crate::app::{App, Limit};
use crate::credentials;
use crate::error::Result;
use crate::selections;
use crate::verification::address::{self, Address};
use crate::verification::service::{Asked, Source};
use crate::web::client::Client;

/// Why a list with selections in it is not taken.
#[derive(Debug)]
pub struct TooMany(pub usize);

/// The list with each selection replaced by its credentials, which stand under its line. What that adds costs like lines.
///
/// # Errors
/// The store does not answer, or the client has verified too much. Inside: more than [`MOST`] in all.
pub async fn opened(app: &App, client: &Client, items: Vec<Item>) -> Result<std::result::Result<Vec<Item>, TooMany>> {
    let (mut out, given) = (vec![], items.len());
    for item in items {
        match selection_of(app, &item) {
            Some(share_id) => out.extend(entries(app, &share_id, item).await?),
            None => out.push(item),
        }
    }
    if out.len() > MOST {
        return Ok(Err(TooMany(out.len())));
    }
    let more = u32::try_from(out.len() - given.min(out.len())).unwrap_or(u32::MAX);
    if more > 0 {
        client.spend_many(app, Limit::Verification, more)?;
    }
    Ok(Ok(out))
}

fn selection_of(app: &App, item: &Item) -> Option<String> {
    match &item.asked {
        Ok(Asked { source: Source::Url(url), .. }) => share_id(app, url),
        _ => None,
    }
}

/// The selection of ours that an address leads to.
pub fn share_id(app: &App, address: &str) -> Option<String> {
    match address::read(&app.links, address) {
        Address::Selection(share_id) => Some(share_id),
        _ => None,
    }
}

/// What its reader sees: the signed bytes of each, private ones among them where the member said so.
async fn entries(app: &App, share_id: &str, item: Item) -> Result<Vec<Item>> {
    let db = app.db.read();
    let fault = |code: &'static str| Item { asked: Err(code), key: Some(format!("s {share_id}")), ..item.clone() };
    let Some(selection) = selections::open_now(db, share_id, app.db.now()).await? else {
        return Ok(vec![fault("selection_not_open")]);
    };
    let mut out = vec![];
    for credential in selections::readable(db, &selection).await? {
        let source = Source::Bytes(credentials::signed_json(db, &credential).await?.into_bytes());
        out.push(Item {
            asked: item.asked.clone().map(|asked| Asked { source, ..asked }),
            key: Some(format!("c {}", credential.share_id)),
            ..item.clone()
        });
    }
    Ok(if out.is_empty() { vec![fault("selection_empty")] } else { out })
}
