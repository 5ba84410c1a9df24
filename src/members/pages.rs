//! Signing in: a page with one button behind a one-time link, and the page that asks for such a link.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::service;
use crate::access::{self, ApplyProgram, Permission as _, Posted, Public};
use crate::actor::Actor;
use crate::app::{App, Limit};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::web::client::Client;
use crate::web::page::{Page, Shell, local_path, see_other};
use crate::web::visitor::cookie;

#[derive(Template)]
#[template(path = "members/login.html")]
struct LoginPage {
    shell: Shell,
    token: String,
}

/// `GET /login/{token}`: looking does not use the link up, so that mail scanners cannot.
pub async fn login_page(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::SignIn)?;
    if !access::login_link_waits(app.db.read(), app.db.now(), &token).await? {
        return Err(Error::new(Code::LinkUsed));
    }
    Ok(Page(LoginPage { shell: visitor.shell(), token }))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /login/{token}`: uses the link and starts a session.
pub async fn login(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    client.spend(&app, Limit::SignIn)?;
    let mut ch = app.db.change(visitor.actor(), Kind::Ordinary).await?;
    let mailed = access::login_link_was_mailed(ch.tx(), &token).await?;
    let (member, secret) = access::consume_login_link(&mut ch, &token).await?;
    if mailed {
        service::verify_email(&mut ch, member).await?;
    }
    super::end_claim_links(&ch, member).await?;
    let begins = issuer::default_issuer(ch.tx()).await?.is_none()
        && access::roles_of(ch.tx(), member).await?.iter().any(|role| ApplyProgram::ROLES.contains(role));
    ch.commit().await?;
    // Where nobody is named as issuer yet, whoever may name one has that to do first.
    let mut response = see_other(if begins { "/admin/settings" } else { "/me" });
    set_cookie(&mut response, &access::set_session_cookie(&app.config, Some(&secret)));
    Ok(response)
}

/// `POST /logout`.
pub async fn logout(
    visitor: Public,
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    _: Posted<Nothing>,
) -> Result<Response> {
    if let Some(secret) = cookie(&headers, access::session_cookie(&app.config)) {
        let mut ch = app.db.change(visitor.actor(), Kind::Ordinary).await?;
        access::end_session(&mut ch, secret).await?;
        ch.commit().await?;
    }
    let mut response = see_other("/login");
    set_cookie(&mut response, &access::set_session_cookie(&app.config, None));
    Ok(response)
}

fn set_cookie(response: &mut Response, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

#[derive(Template)]
#[template(path = "members/sign_in.html")]
struct SignInPage {
    shell: Shell,
    mail: bool,
    asked: bool,
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: Option<String>,
}

/// `GET /login`: ask for a link by mail, or learn how to get one where there is no mail.
pub async fn sign_in_page(visitor: Public, State(app): State<App>, Query(next): Query<Next>) -> Result<Response> {
    if visitor.principal.member().is_some() {
        return Ok(see_other(local_path(next.next.as_deref())));
    }
    Ok(Page(SignInPage { shell: visitor.shell(), mail: !app.config.mail.host.is_empty(), asked: false })
        .into_response())
}

#[derive(Deserialize)]
pub struct AskBody {
    email: String,
}

/// `POST /login`: the answer is the same whether the address is known or not, and so is the time it takes: who it is, is looked up after it.
pub async fn ask_link(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Posted(body): Posted<AskBody>,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::LinkRequest)?;
    app.limits.letter(&body.email)?;
    let mail = !app.config.mail.host.is_empty();
    let page = SignInPage { shell: visitor.shell(), mail, asked: true };
    if mail {
        let actor = visitor.actor();
        tokio::spawn(async move {
            if let Err(error) = send_link(&app, actor, &body.email).await {
                tracing::error!(%error, "a sign-in link was not made");
            }
        });
    }
    Ok(Page(page))
}

/// Sends a link to the member with this address, if there is one.
async fn send_link(app: &App, actor: Actor, email: &str) -> Result<()> {
    let Some(member) = service::by_email(app.db.read(), email).await? else { return Ok(()) };
    let mut ch = app.db.change(actor, Kind::Ordinary).await?;
    let token = access::create_mailed_link(&mut ch, member.id).await?;
    ch.commit().await?;
    let words = crate::web::i18n::Words::new(member.locale);
    let text = words.with1("mail-sign-in-body", "link", app.links.login(&token));
    app.post.send(&member.email, &words.t("mail-sign-in-subject"), &text);
    Ok(())
}
