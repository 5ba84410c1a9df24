//! Basis, track and member → the document that will be signed (contract §7).

use serde::{Deserialize, Serialize};
use waymark_credential::model::{
    AchievementResult, Credential as Complete, CredentialStatus, DateTime, Draft, Evidence, Invalid, Iri, Is,
    Issuer as Signed, OpenBadgeCredential, Profile, ResultDescription,
};

use crate::clock::Timestamp;
use crate::error::{Error, Fault, Result};
use crate::issuer::{Issuer, SigningIdentity};
use crate::links::Links;
use crate::tracks::{self, TrackVersion};
use crate::web::i18n::Locale;

/// Something that shows that it was achieved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenEvidence {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub narrative: Option<String>,
    #[serde(default)]
    pub genre: Option<String>,
    /// An absolute address.
    #[serde(default)]
    pub url: Option<String>,
    /// The day or moment from which it dates. Kept in our records, not in the document.
    #[serde(default)]
    pub date: Option<String>,
}

/// Something that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenResult {
    /// What was measured: "Score".
    pub name: String,
    pub value: String,
    /// A word of the Open Badges list (`RawScore`, `Percent`, …); `RawScore` where not said.
    #[serde(default)]
    pub result_type: Option<String>,
    #[serde(default)]
    pub min: Option<String>,
    #[serde(default)]
    pub max: Option<String>,
    /// What was needed.
    #[serde(default)]
    pub required: Option<String>,
}

/// What one document is made of.
pub(super) struct Parts<'a> {
    pub uuid: &'a str,
    pub subject: String,
    pub issuer: &'a Issuer,
    pub identity: &'a SigningIdentity,
    pub version: &'a TrackVersion,
    pub locale: Locale,
    pub name: &'a str,
    pub valid_from: Timestamp,
    pub awarded_at: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub evidence: &'a [GivenEvidence],
    pub results: &'a [GivenResult],
    pub status_list: String,
    pub place: u32,
}

/// The complete document, or all that is wrong with it.
pub(super) fn write(parts: &Parts<'_>, links: &Links) -> Result<Complete> {
    let mut achievement = tracks::achievement(parts.version, &parts.issuer.profile, parts.locale, links)?;
    let mut results = vec![];
    for (at, given) in parts.results.iter().enumerate() {
        let id = iri(format!("{}#result-{}", achievement.id, at + 1))?;
        achievement.result_description.push(ResultDescription {
            id: id.clone(),
            kind: Is::default(),
            name: given.name.clone(),
            result_type: given.result_type.clone().unwrap_or_else(|| "RawScore".to_owned()),
            value_min: given.min.clone(),
            value_max: given.max.clone(),
            required_value: given.required.clone(),
            allowed_value: vec![],
            required_level: None,
            rubric_criterion_level: vec![],
            alignment: vec![],
        });
        results.push(AchievementResult {
            result_description: Some(id),
            value: Some(given.value.clone()),
            ..AchievementResult::default()
        });
    }
    let draft = Draft {
        id: iri(parts.uuid)?,
        issuer: issuer(parts)?,
        subject: iri(parts.subject.as_str())?,
        name: parts.name.to_owned(),
        achievement,
        valid_from: parts.valid_from,
        awarded_at: parts.awarded_at,
        valid_until: parts.valid_until,
        evidence: parts.evidence.iter().enumerate().map(|(at, given)| evidence(at, given)).collect::<Result<_>>()?,
        results,
        status_list: iri(parts.status_list.as_str())?,
        status_index: u64::from(parts.place),
    };
    draft.complete().map_err(|invalid| refused(&invalid))
}

/// The same document again, from now on and with another place in a status list.
pub(super) fn write_anew(
    signed: OpenBadgeCredential,
    profile: Profile,
    valid_from: Timestamp,
    status_list: &str,
    place: u32,
) -> Result<Complete> {
    let status = CredentialStatus::revocation(&iri(status_list)?, u64::from(place)).map_err(Error::internal)?;
    Complete::new(OpenBadgeCredential {
        issuer: Signed::Object(profile),
        valid_from: DateTime::seconds(valid_from),
        credential_status: Some(status),
        proof: None,
        ..signed
    })
    .map_err(|invalid| refused(&invalid))
}

fn issuer(parts: &Parts<'_>) -> Result<Profile> {
    parts.issuer.profile.document(parts.identity.did(), parts.locale)
}

fn evidence(at: usize, given: &GivenEvidence) -> Result<Evidence> {
    let id = match &given.url {
        None => None,
        Some(url) => Some(Iri::parse(url.as_str()).map_err(|_| {
            let detail = "write an absolute address such as https://example.org/work/1";
            Error::invalid(vec![Fault::new(format!("/evidence/{at}/url"), "invalid_url", detail)])
        })?),
    };
    Ok(Evidence {
        id,
        kind: Is::default(),
        name: given.name.clone(),
        description: given.description.clone(),
        narrative: given.narrative.clone(),
        genre: given.genre.clone(),
        audience: None,
    })
}

fn iri(text: impl Into<String>) -> Result<Iri> {
    Iri::parse(text).map_err(Error::internal)
}

/// What the rules for documents say, as faults with pointers into the document.
fn refused(invalid: &Invalid) -> Error {
    Error::invalid(
        invalid.0.iter().map(|f| Fault::new(f.pointer.clone(), "invalid_document", f.problem.clone())).collect(),
    )
}
