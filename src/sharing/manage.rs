//! `/me/credentials/{id}`: the holder's own page of a credential, where they decide who sees it and take it along.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{documents, linkedin};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials::{self, Status, Visibility};
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::ids::CredentialId;
use crate::verification::{Asked, ReportView, Source, verify};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, tracks};

#[derive(Template)]
#[template(path = "sharing/manage.html")]
struct ManagePage {
    shell: Shell,
    report: ReportView,
    id: String,
    share_id: String,
    address: String,
    holder: String,
    title: String,
    language: &'static str,
    number: String,
    check_code: String,
    issuer: String,
    awarded: String,
    valid_until: Option<String>,
    track_id: String,
    visibility: &'static str,
    shown: bool,
    linkedin: String,
    public_reason: Option<String>,
    /// What was saved a moment ago, in words.
    saved: Option<String>,
    revoked: bool,
    /// Whom to ask: the issuer's address, and a link to it.
    ask: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

pub async fn manage_page(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(saved): Query<Saved>,
) -> Result<impl IntoResponse> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let db = app.db.read();
    let credential = credentials::find(db, id).await?;
    if credential.member != me.member || !credential.is_released() {
        return Err(Error::not_found());
    }
    let shell = me.shell();
    let issuer = issuer::find(db, credential.issuer).await?;
    let zone = issuer.profile.zone();
    let version = tracks::version(db, credential.track_version).await?;
    let document = Words::new(credential.locale);
    let title = document.pick(&version.definition.title).to_owned();
    let organization = document.pick(&issuer.profile.name).to_owned();
    let address = app.links.share(&credential.share_id);
    let bytes = credentials::signed_json(db, &credential).await?.into_bytes();
    let checked = verify(&app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await?;
    Ok(Page(ManagePage {
        report: ReportView::of(&checked, shell.w, &zone),
        id: credential.id.to_string(),
        share_id: credential.share_id.clone(),
        linkedin: linkedin::add_to_profile(&credential, &title, &organization, &address, &zone),
        address,
        holder: credential.name.clone(),
        title,
        language: document.lang(),
        number: credential.number.clone(),
        check_code: credential.check_code.clone(),
        issuer: organization,
        awarded: zone.date(shell.w, credential.awarded_at),
        valid_until: credential.valid_until.map(|t| zone.date(shell.w, t)),
        track_id: credential.track.to_string(),
        visibility: credential.visibility.as_str(),
        shown: credential.visibility != Visibility::Private,
        public_reason: credential.public_reason.clone(),
        saved: Visibility::parse(&saved.saved)
            .filter(|saved| *saved == credential.visibility)
            .map(|saved| shell.w.t(&format!("manage-saved-{}", saved.as_str()))),
        revoked: credential.status == Status::Revoked,
        ask: issuer.profile.email.clone().unwrap_or_default(),
        shell,
    }))
}

#[derive(Deserialize)]
pub struct VisibilityForm {
    visibility: String,
}

/// `POST /me/credentials/{id}/visibility`.
pub async fn set_visibility(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<VisibilityForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let visibility = Visibility::parse(&form.visibility).ok_or_else(|| {
        Error::invalid(vec![Fault::new("/visibility", "unknown_word", "use private, link or public")])
    })?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    credentials::show_to(&mut ch, id, &me.principal, app.config.demo, visibility).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/credentials/{id}?saved={}", visibility.as_str())))
}

/// `GET /me/credentials/{id}/files/{form}`: the documents for the holder, whatever the visibility.
pub async fn own_document(
    me: SignedIn,
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    headers: axum::http::HeaderMap,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let credential = credentials::find(app.db.read(), id).await?;
    if credential.member != me.member || !credential.is_released() {
        return Err(Error::not_found());
    }
    let (_, form) = super::address::read(&format!("own.{name}"), &headers).ok_or_else(Error::not_found)?;
    documents::document(&app, &credential, form, &headers).await
}
