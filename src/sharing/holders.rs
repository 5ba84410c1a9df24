//! `/p/{slug}/holders`: who holds it, as far as they asked to be listed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::shown::{self, ShownCredential};
use super::switches;
use crate::access::Public;
use crate::app::App;
use crate::clock::Timestamp;
use crate::credentials::{self, Credential, Visibility};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, TrackId};
use crate::tracks;
use crate::web::page::{Page, Shell};

/// Holders on one page.
const ON_A_PAGE: usize = 50;
/// Rows read at once while looking for those that may be shown.
const AT_ONCE: u64 = 100;

#[derive(Template)]
#[template(path = "sharing/holders.html")]
struct HoldersPage {
    shell: Shell,
    slug: String,
    title: String,
    address: String,
    holders: Vec<ShownCredential>,
    /// The rest of the list.
    next: Option<String>,
    /// Whether this is not the beginning of it.
    later: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    after: Option<String>,
}

/// Whether a holder who asked for it is listed now: everyone may see the credential, and it holds.
fn is_shown(c: &Credential, now: Timestamp) -> bool {
    c.visibility == Visibility::Public && shown::state_of(c, now) == "valid"
}

/// One page of holders, and whether there are more.
async fn page_of(
    db: &impl Read,
    track: TrackId,
    mut before: Option<CredentialId>,
    now: Timestamp,
) -> Result<(Vec<Credential>, bool)> {
    let mut page = vec![];
    loop {
        let ids = switches::listed(db, track, before, AT_ONCE).await?;
        let Some(last) = ids.last() else { return Ok((page, false)) };
        before = Some(*last);
        for c in credentials::these(db, &ids).await?.into_iter().filter(|c| is_shown(c, now)) {
            if page.len() == ON_A_PAGE {
                return Ok((page, true));
            }
            page.push(c);
        }
    }
}

/// `GET /p/{slug}/holders`, also `?after=`.
pub async fn holders_page(
    visitor: Public,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(after): Query<After>,
) -> Result<Response> {
    let shell = visitor.shell();
    let db = app.db.read();
    let version = tracks::by_slug(db, &slug).await?.ok_or_else(Error::not_found)?;
    let before = after.after.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let (page, more) = page_of(db, version.track, before, app.db.now()).await?;
    let holders = shown::lines(db, shell.w, &page, app.db.now()).await?;
    // Whoever stands here asked for it, knowing that search engines find the list; an empty one is of no use to them.
    let found = !holders.is_empty();
    let mut response = Page(HoldersPage {
        title: shell.w.pick(&version.definition.title).to_owned(),
        address: app.links.to(&format!("/p/{slug}/holders")),
        next: page.last().filter(|_| more).map(|c| format!("/p/{slug}/holders?after={}", c.id)),
        later: before.is_some(),
        slug,
        holders,
        shell,
    })
    .into_response();
    if found {
        response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noarchive"));
    }
    Ok(response)
}
