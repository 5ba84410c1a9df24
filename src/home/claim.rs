//! `/claim/{token}`: the recipient of an award who never signed in sees whose it is, accepts it with one button, and then says who may see it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::access::{self, Posted, Public, SignedIn};
use crate::actor::Actor;
use crate::app::{App, Limit};
use crate::credentials::{self, Status};
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::CredentialId;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members, tracks};

struct Award {
    track: String,
    title: String,
    /// Of the title, and of the badge.
    language: &'static str,
    badge_language: &'static str,
    issuer: String,
    holder: String,
    awarded: String,
}

#[derive(Template)]
#[template(path = "home/claim.html")]
struct ClaimPage {
    shell: Shell,
    token: String,
    award: Award,
    days: i64,
}

/// `GET /claim/{token}`: looking does not use the link up, so that mail scanners cannot. A link that is worth nothing says no more than that.
pub async fn claim_page(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::SignIn)?;
    let waiting = members::claimable(app.db.read(), app.db.now(), &token).await?;
    let waiting = waiting.ok_or_else(|| Error::new(Code::LinkUsed))?;
    let shell = visitor.shell();
    let award = award(&app, shell.w, waiting.credential).await?;
    Ok(Page(ClaimPage { shell, token, award, days: members::CLAIM_LINK.whole_days() }))
}

async fn award(app: &App, w: Words, id: CredentialId) -> Result<Award> {
    let db = app.db.read();
    let known = credentials::find(db, id).await?;
    let issuer = issuer::find(db, known.issuer).await?.profile;
    let title = tracks::version(db, known.track_version).await?.definition.title;
    let (title, language) = w.pick_tagged(&title);
    Ok(Award {
        track: known.track.to_string(),
        title: title.to_owned(),
        language,
        badge_language: known.locale.as_str(),
        issuer: w.pick(&issuer.name).to_owned(),
        holder: known.name.clone(),
        awarded: issuer.zone().date(w, known.awarded_at),
    })
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /claim/{token}`: uses the link up, notes who claimed, and signs them in.
pub async fn claim(
    _: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    client.spend(&app, Limit::SignIn)?;
    let waiting = members::claimable(app.db.read(), app.db.now(), &token).await?;
    let waiting = waiting.ok_or_else(|| Error::new(Code::LinkUsed))?;
    let mut ch = app.db.change(Actor::Member(waiting.member), Kind::Privileged).await?;
    let (claimed, secret) = members::claim(&mut ch, &token).await?;
    ch.audit(AuditEntry::new("member.claim", claimed.member, json!({"credential": claimed.credential}))).await?;
    ch.commit().await?;
    let mut response = see_other(&format!("/me/credentials/{}/welcome", claimed.credential));
    if let Ok(cookie) = access::set_session_cookie(&app.config, Some(&secret)).parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "home/welcome.html")]
struct WelcomePage {
    shell: Shell,
    id: String,
    award: Award,
    visibility: &'static str,
}

/// `GET /me/credentials/{id}/welcome`: it is yours; who may see it? Where it is not signed yet, or no longer stands, the member's page says more.
pub async fn welcome_page(me: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let known = credentials::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    if known.member != me.member {
        return Err(Error::not_found());
    }
    if !known.is_released() || known.status != Status::Valid {
        return Ok(see_other("/me"));
    }
    let shell = me.shell();
    let award = award(&app, shell.w, known.id).await?;
    Ok(Page(WelcomePage { id: known.id.to_string(), award, visibility: known.visibility.as_str(), shell })
        .into_response())
}
