//! The achievement that a track ends in, as Open Badges writes it: one per track, shared by everybody who earns it.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use waymark_credential::model::{Achievement, Criteria, Image, Iri, Is, Related};

use super::definition::{Kind, THANKS_TYPE, TrackDefinition};
use super::service::{self, TrackVersion};
use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::ids::TrackId;
use crate::issuer::{self, IssuerProfile};
use crate::links::Links;
use crate::web::i18n::{Locale, Words};
use crate::web::published::{Published, published};

/// A new version of a track is seen everywhere within five minutes.
const FRESH_SECONDS: u32 = 300;

/// The achievement of a track version in one language. Its id is the track's, whatever the version and the language; the other
/// language is a related achievement.
pub fn achievement(
    version: &TrackVersion,
    profile: &IssuerProfile,
    locale: Locale,
    links: &Links,
) -> Result<Achievement> {
    let words = Words::new(locale);
    let definition = &version.definition;
    let id = links.achievement(&version.track.to_string());
    let criteria = words.pick(&definition.criteria).to_owned();
    let description = words.pick(&definition.description);
    let iri = |text: String| Iri::parse(text).map_err(Error::internal);
    let other = locale.other();
    let told = definition.title.contains_key(other.as_str()) && profile.locales.iter().any(|l| l == other.as_str());
    let related = if told {
        vec![Related {
            id: iri(format!("{id}/{}", other.as_str()))?,
            kind: Is::default(),
            in_language: Some(other.as_str().to_owned()),
            version: None,
        }]
    } else {
        vec![]
    };
    Ok(Achievement {
        kind: Is::default(),
        name: words.pick(&definition.title).to_owned(),
        description: if description.trim().is_empty() { criteria.clone() } else { description.to_owned() },
        achievement_type: Some(said_type(definition)),
        criteria: Criteria { id: None, narrative: Some(criteria) },
        image: Some(Image { id: iri(format!("{id}/badge.png"))?, kind: Is::default(), caption: None }),
        in_language: Some(locale.as_str().to_owned()),
        creator: None,
        field_of_study: None,
        specialization: None,
        human_code: None,
        version: None,
        credits_available: None,
        tag: definition.tags.clone(),
        alignment: vec![],
        result_description: vec![],
        related,
        other_identifier: vec![],
        endorsement: vec![],
        endorsement_jwt: vec![],
        id: iri(id)?,
    })
}

fn said_type(definition: &TrackDefinition) -> String {
    match definition.kind {
        Kind::Thanks => THANKS_TYPE.to_owned(),
        _ => definition.achievement_type.clone(),
    }
}

/// `GET /achievements/{id}`: the current version's achievement in the issuer's first language.
pub async fn achievement_document(
    _: Public,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (version, profile) = of_path(&app, &id).await?;
    json(&app, &headers, &version, &profile, profile.language(None))
}

/// `GET /achievements/{id}/{language}`: the same in the language `ja` or `en`.
pub async fn achievement_in_language(
    _: Public,
    State(app): State<App>,
    Path((id, language)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let locale = Locale::ALL.into_iter().find(|l| l.as_str() == language).ok_or_else(Error::not_found)?;
    let (version, profile) = of_path(&app, &id).await?;
    json(&app, &headers, &version, &profile, locale)
}

async fn of_path(app: &App, id: &str) -> Result<(TrackVersion, IssuerProfile)> {
    let id: TrackId = id.parse().map_err(|_| Error::not_found())?;
    let version = service::find(app.db.read(), id).await?;
    let profile = issuer::find(app.db.read(), version.issuer).await?.profile;
    Ok((version, profile))
}

fn json(
    app: &App,
    headers: &HeaderMap,
    version: &TrackVersion,
    profile: &IssuerProfile,
    locale: Locale,
) -> Result<Response> {
    let body = serde_json::to_vec(&achievement(version, profile, locale, &app.links)?)?;
    Ok(published(headers, Published::new("application/json", FRESH_SECONDS, body)))
}
