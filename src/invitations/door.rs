//! `/invite/{token}`: whoever is invited sees by whom and what is kept of them, and accepts or declines with a button. Looking uses nothing up.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::letter::{program, said_by};
use super::service::{self, INVITATION, Invitation};
use crate::access::{self, Posted, Public};
use crate::actor::Actor;
use crate::app::{App, Limit};
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::members::Member;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::visitor::asked_language;
use crate::{issuer, members};

#[derive(Template)]
#[template(path = "invitations/door.html")]
struct DoorPage {
    shell: Shell,
    token: String,
    program: String,
    name: String,
    by: String,
    /// What is kept, each with what it is called.
    kept: Vec<(String, String)>,
    days: i64,
}

#[derive(Template)]
#[template(path = "invitations/declined.html")]
struct DeclinedPage {
    shell: Shell,
    program: String,
    /// To whom to write who wants to be forgotten.
    office: Option<String>,
}

/// Whose link it is. A link that is worth nothing says no more than that.
async fn known(app: &App, token: &str) -> Result<(Invitation, Member)> {
    let found = service::look(app.db.read(), app.db.now(), token).await?;
    found.ok_or_else(|| Error::new(Code::LinkUsed))
}

/// In the language of whoever is invited, unless the address asks for another one.
fn shell(visitor: &Public, uri: &Uri, member: &Member) -> Shell {
    let mut shell = visitor.shell();
    if asked_language(uri).is_none() {
        shell.w = Words::new(member.locale);
    }
    shell
}

/// `GET /invite/{token}`.
pub async fn invitation_page(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    uri: Uri,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::SignIn)?;
    let (invitation, member) = known(&app, &token).await?;
    let db = app.db.read();
    let shell = shell(&visitor, &uri, &member);
    let w = shell.w;
    let program = program(&app, db, w).await?;
    let by = said_by(w, &program, invitation.inviter(db).await?.as_deref());
    let mut kept = vec![
        (w.t("invitation-kept-name"), member.name.clone()),
        (w.t("invitation-kept-email"), masked(&member.email)),
        (w.t("invitation-kept-language"), w.t(&format!("invitation-language-{}", member.locale.as_str()))),
    ];
    let handles = members::handles_of(db, member.id).await?;
    if !handles.is_empty() {
        kept.push((w.t("invitation-kept-handles"), handles.join(", ")));
    }
    if let Some(tie) = members::affiliation_at(db, member.id, app.db.now()).await? {
        let both = [Some(tie.organization), tie.title].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        kept.push((w.t("invitation-kept-organization"), both));
    }
    Ok(Page(DoorPage { token, program, name: member.name, by, kept, days: INVITATION.whole_days(), shell }))
}

/// Enough for its owner to know it again, and too little for others to write to it.
fn masked(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /invite/{token}`: uses the link up, signs in, and leads to where they say who may see what they will earn.
pub async fn accept_post(
    _: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    client.spend(&app, Limit::SignIn)?;
    let (invitation, member) = known(&app, &token).await?;
    let mut ch = app.db.change(Actor::Member(member.id), Kind::Privileged).await?;
    let (_, secret) = service::accept(&mut ch, &token).await?;
    ch.audit(AuditEntry::new("invitation.accept", invitation.id, json!({"member": member.id}))).await?;
    ch.commit().await?;
    let mut response = see_other(&format!("/me/visibility?joined=yes&lang={}", member.locale.as_str()));
    if let Ok(cookie) = access::set_session_cookie(&app.config, Some(&secret)).parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /invite/{token}/decline`: ends the invitation, and says what stays.
pub async fn decline_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    _: Posted<Nothing>,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::SignIn)?;
    let (invitation, member) = known(&app, &token).await?;
    let mut ch = app.db.change(Actor::Member(member.id), Kind::Privileged).await?;
    service::decline(&mut ch, &token).await?;
    ch.audit(AuditEntry::new("invitation.decline", invitation.id, json!({"member": member.id}))).await?;
    ch.commit().await?;
    let mut shell = visitor.shell();
    shell.w = Words::new(member.locale);
    let office = issuer::default_issuer(app.db.read()).await?.and_then(|issuer| issuer.profile.email);
    let program = program(&app, app.db.read(), shell.w).await?;
    Ok(Page(DeclinedPage { program, office, shell }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_to_its_owner_alone() {
        assert_eq!(masked("hikari@members.example"), "h…@members.example");
        assert_eq!(masked("七@members.example"), "七…@members.example");
    }
}
