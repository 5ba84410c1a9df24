//! `/admin/credentials`: every credential, with a search.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::find;
use super::pages::standing;
use crate::access::{IssueCredentials, May, Permission, ReadCredentials};
use crate::app::App;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::ids::CredentialId;
use crate::web::page::{Page, Shell};
use crate::{issuer, tracks};

const ON_A_PAGE: u64 = 25;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: Option<String>,
}

struct Line {
    id: String,
    number: String,
    name: String,
    title: String,
    awarded: String,
    standing: &'static str,
    word: String,
}

#[derive(Template)]
#[template(path = "credentials/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    /// A number as this program writes them.
    example: String,
    rows: Vec<Line>,
    /// The address of the next page.
    next: Option<String>,
    may_issue: bool,
}

/// `GET /admin/credentials?q=…`.
pub async fn credentials_page(
    staff: May<ReadCredentials>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let before = asked.cursor.as_deref().map(str::parse::<CredentialId>).transpose().map_err(|_| Error::not_found())?;
    let q: String = asked.q.chars().take(100).collect();
    let found = find::search(app.db.read(), Some(&q), before, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |known| known.id.to_string());
    let zone = issuer::zone(app.db.read()).await?;
    let mut rows = vec![];
    for known in listed.data {
        let version = tracks::version(app.db.read(), known.track_version).await?;
        let standing = standing(&known, app.db.now());
        rows.push(Line {
            id: known.id.to_string(),
            title: shell.w.pick(&version.definition.title).to_owned(),
            awarded: zone.date(shell.w, known.awarded_at),
            standing,
            word: shell.w.t(&format!("standing-{standing}")),
            number: known.number,
            name: known.name,
        });
    }
    let next = listed.next_cursor.map(|cursor| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &q)
            .append_pair("cursor", &cursor)
            .finish();
        format!("/admin/credentials?{query}")
    });
    let (year, _, _) = zone.calendar(app.db.now());
    let issuer = issuer::default_issuer(app.db.read()).await?;
    let example = issuer.map_or_else(String::new, |issuer| issuer.profile.number(year, 42));
    let may_issue = staff.principal.holds(IssueCredentials::ROLES);
    Ok(Page(ListPage { shell, q, example, rows, next, may_issue }))
}
