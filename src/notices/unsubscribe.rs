//! `/unsubscribe/{token}`: one button, without signing in. Mail programs press it by themselves (RFC 8058): only a POST ends letters, whatever its
//! body says, and it is answered without a redirect.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;

use super::{letters, settings};
use crate::access::Public;
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::error::Result;
use crate::ids::MemberId;
use crate::web::input;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "notices/unsubscribe.html")]
struct UnsubscribePage {
    shell: Shell,
    token: String,
    stopped: bool,
}

/// `GET /unsubscribe/{token}`: says what the button does; opening it changes nothing.
pub async fn unsubscribe_page(
    who: Public,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    let member = letters::whose(app.db.read(), &token).await?;
    page(&app, &who, token, member).await
}

async fn page(app: &App, who: &Public, token: String, member: MemberId) -> Result<impl IntoResponse + use<>> {
    let stopped = settings::stopped(app.db.read(), member).await?;
    Ok(Page(UnsubscribePage { shell: who.shell(), token, stopped }))
}

/// What browsers and mail programs send forms as.
const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];

/// `POST /unsubscribe/{token}`: no more letters.
pub async fn unsubscribe(
    who: Public,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    input::require_type(&headers, FORMS)?;
    let member = letters::whose(app.db.read(), &token).await?;
    let ch = app.db.change(Actor::Member(member), Kind::Ordinary).await?;
    settings::end_letters(&ch, member).await?;
    ch.commit().await?;
    page(&app, &who, token, member).await
}

/// `POST /unsubscribe/{token}/undo`: letters again.
pub async fn subscribe_again(
    who: Public,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    input::require_type(&headers, FORMS)?;
    let member = letters::whose(app.db.read(), &token).await?;
    let ch = app.db.change(Actor::Member(member), Kind::Ordinary).await?;
    settings::begin_letters(&ch, member).await?;
    ch.commit().await?;
    page(&app, &who, token, member).await
}
