//! The profile as others see it, published or before.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::service::{self, Profile};
use crate::access::{Public, SignedIn};
use crate::app::App;
use crate::error::{Error, Result};
use crate::members;
use crate::sharing::documents;
use crate::sharing::shown::{self, ShownCredential};
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "sharing/profile.html")]
struct ProfilePage {
    shell: Shell,
    name: String,
    about: Vec<String>,
    credentials: Vec<ShownCredential>,
    /// Empty before there is a handle.
    address: String,
    handle: String,
    checked_at: String,
    found: bool,
    preview: bool,
}

async fn page(app: &App, shell: Shell, profile: &Profile, preview: bool) -> Result<ProfilePage> {
    let db = app.db.read();
    let now = app.db.now();
    let chosen = service::shown(db, profile.member).await?;
    let zone = crate::issuer::zone(db).await?;
    let handle = profile.handle.clone().unwrap_or_default();
    Ok(ProfilePage {
        name: members::find(db, profile.member).await?.name,
        about: profile.about.lines().map(str::to_owned).collect(),
        credentials: shown::lines(db, shell.w, &chosen, now).await?,
        address: app.links.profile(&handle),
        handle,
        checked_at: shell.w.with1("profile-read-at", "time", zone.instant(shell.w, now)),
        found: profile.found,
        preview,
        shell,
    })
}

/// `GET /m/{handle}`, in any case of letters; `.qr.svg` is its QR code.
pub async fn open_profile(visitor: Public, State(app): State<App>, Path(name): Path<String>) -> Result<Response> {
    let name = name.to_lowercase();
    let (handle, qr) = match name.strip_suffix(".qr.svg") {
        Some(handle) => (handle, true),
        None => (name.as_str(), false),
    };
    let profile = service::published(app.db.read(), handle).await?.ok_or_else(Error::not_found)?;
    if qr {
        return documents::qr_image(&app.links.profile(handle));
    }
    let mut response = Page(page(&app, visitor.shell(), &profile, false).await?).into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if profile.found {
        headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noarchive"));
    }
    Ok(response)
}

/// `GET /me/profile/preview`.
pub async fn preview_profile(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let profile = service::of_member(app.db.read(), me.member).await?;
    Ok(Page(page(&app, me.shell(), &profile, true).await?))
}
