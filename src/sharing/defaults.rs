//! `/me/visibility`: who sees what the member will earn, and in which language they are written to. Where an invitation leads.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials::{self, Visibility};
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::web::i18n::Locale;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `yes` right after an invitation was accepted.
    #[serde(default)]
    joined: String,
    #[serde(default)]
    saved: String,
}

#[derive(Template)]
#[template(path = "sharing/defaults.html")]
struct DefaultsPage {
    shell: Shell,
    /// The program that the member joined a moment ago.
    joined: Option<String>,
    saved: bool,
    visibility: &'static str,
    language: &'static str,
}

/// `GET /me/visibility`.
pub async fn defaults_page(
    me: SignedIn,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let (shell, db) = (me.shell(), app.db.read());
    let program = issuer::default_issuer(db).await?.map(|issuer| shell.w.pick(&issuer.profile.name).to_owned());
    let program = program.unwrap_or_else(|| app.links.host().to_owned());
    Ok(Page(DefaultsPage {
        joined: (asked.joined == "yes").then_some(program),
        saved: asked.saved == "yes",
        visibility: credentials::default_visibility(db, me.member).await?.as_str(),
        language: members::find(db, me.member).await?.locale.as_str(),
        shell,
    }))
}

#[derive(Deserialize)]
pub struct DefaultsForm {
    visibility: String,
    language: String,
}

/// `POST /me/visibility`: what the member holds already stays as it is.
pub async fn set_defaults(
    me: SignedIn,
    State(app): State<App>,
    Posted(form): Posted<DefaultsForm>,
) -> Result<Response> {
    let mut faults = vec![];
    let visibility = Visibility::parse(&form.visibility);
    if visibility.is_none() {
        faults.push(Fault::new("/visibility", "unknown_word", "use private, link or public"));
    }
    let language = Locale::ALL.into_iter().find(|locale| locale.as_str() == form.language);
    if language.is_none() {
        faults.push(Fault::new("/language", "unknown_locale", "use `ja` or `en`"));
    }
    let (Some(visibility), Some(language)) = (visibility, language) else { return Err(Error::invalid(faults)) };
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    credentials::choose_default(&mut ch, &me.principal, app.config.demo, visibility).await?;
    members::choose_language(&mut ch, me.member, language).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/visibility?saved=yes&lang={}", language.as_str())))
}
