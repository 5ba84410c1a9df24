//! The staff's button below a credential that nobody has claimed: send the letter again, or show a link to hand over.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::letter;
use super::links::link_for;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::credentials::find;
use crate::error::{Error, Fault, Result};
use crate::ids::CredentialId;
use crate::members;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "credentials/claim_link.html")]
struct LinkPage {
    shell: Shell,
    id: String,
    number: String,
    name: String,
    link: String,
    days: i64,
}

#[derive(Deserialize)]
pub struct LinkForm {
    how: String,
}

/// `POST /admin/credentials/{id}/claim-link`.
pub async fn make_claim_link_page(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<LinkForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let known = find(app.db.read(), id).await?;
    match form.how.as_str() {
        "mail" if !app.config.mail.host.is_empty() => {
            let member = members::find(app.db.read(), known.member).await?;
            app.limits.letter(&member.email)?;
            letter::send(&app, staff.actor(), &known).await?;
            Ok(see_other(&format!("/admin/credentials/{id}?done=claim-mailed")))
        }
        "show" => {
            let link = link_for(&app, staff.actor(), &known, false).await?;
            let days = members::CLAIM_LINK.whole_days();
            let page = LinkPage {
                shell: staff.shell(),
                id: id.to_string(),
                number: known.number,
                name: known.name,
                link,
                days,
            };
            Ok(Page(page).into_response())
        }
        _ => Err(Error::invalid(vec![Fault::new("/how", "unknown_word", "use show, or mail where mail is set")])),
    }
}
