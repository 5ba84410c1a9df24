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
use crate::ranks;
use crate::sharing::documents;
use crate::sharing::shown::{self, ShownCredential};
use crate::sharing::spoken::{self, Spoken};
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "sharing/profile.html")]
struct ProfilePage {
    shell: Shell,
    name: String,
    about: Vec<String>,
    credentials: Vec<ShownCredential>,
    thanks: Vec<Spoken>,
    /// Empty before there is a handle.
    address: String,
    handle: String,
    /// Ladders with the rank reached; empty where the member does not show them.
    ranks: Vec<(String, String)>,
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
        ranks: ranks::shown_on_profile(app, shell.w, profile.member).await?,
        thanks: spoken::on_profile(db, shell.w, &zone, profile.member).await?,
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

/// `GET /m/{handle}/thank`: leads a member to where they thank whoever shows this profile.
pub async fn thank_from_profile(_: SignedIn, State(app): State<App>, Path(name): Path<String>) -> Result<Response> {
    let profile = service::published(app.db.read(), &name.to_lowercase()).await?.ok_or_else(Error::not_found)?;
    Ok(see_other(&format!("/me/thanks?to={}#give", profile.member)))
}

/// `GET /me/profile/preview`.
pub async fn preview_profile(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let profile = service::of_member(app.db.read(), me.member).await?;
    Ok(Page(page(&app, me.shell(), &profile, true).await?))
}
