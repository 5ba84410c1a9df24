//! The credential itself and what hangs on it (OB 3.0 §B.1.0 `AchievementCredential`, VCDM 2.0 §4).

use super::{
    Achievement, AchievementResult, Contexts, DataIntegrityProof, DateTime, EndorsementCredential, Image, Iri, Is,
    Issuer, OneOrMany, Profile, kinds,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// An `OpenBadgeCredential` (`AchievementCredential` is the same class under its other name).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenBadgeCredential {
    #[serde(rename = "@context")]
    pub context: Contexts,
    pub id: Iri,
    #[serde(rename = "type")]
    pub kinds: CredentialKinds,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    pub issuer: Issuer,
    /// When it was signed; a newer one of the same id replaces the older (OB 3.0 §7).
    pub valid_from: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime>,
    /// When the requirements were met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<DateTime>,
    pub credential_subject: AchievementSubject,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_status: Option<CredentialStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_schema: Option<OneOrMany<CredentialSchema>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_service: Option<RefreshService>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_of_use: Option<OneOrMany<TermsOfUse>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endorsement: Vec<EndorsementCredential>,
    /// The same as compact JWS. No context knows the term: only where the JSON itself is signed can it be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endorsement_jwt: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<OneOrMany<DataIntegrityProof>>,
}

/// The `type` array of a credential: `VerifiableCredential` and one or more of the known names, in the order read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CredentialKinds(Vec<String>);

impl CredentialKinds {
    /// Every name that may stand in it.
    pub const KNOWN: [&'static str; 5] = [
        "VerifiableCredential",
        "OpenBadgeCredential",
        "AchievementCredential",
        "EndorsementCredential",
        "BitstringStatusListCredential",
    ];

    /// `["VerifiableCredential", "OpenBadgeCredential"]`.
    pub fn open_badge() -> Self {
        Self(vec!["VerifiableCredential".into(), "OpenBadgeCredential".into()])
    }

    /// `["VerifiableCredential", "BitstringStatusListCredential"]`.
    pub fn status_list() -> Self {
        Self(vec!["VerifiableCredential".into(), "BitstringStatusListCredential".into()])
    }

    /// `["VerifiableCredential", "EndorsementCredential"]`.
    pub fn endorsement() -> Self {
        Self(vec!["VerifiableCredential".into(), "EndorsementCredential".into()])
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|kind| kind == name)
    }
}

impl<'de> Deserialize<'de> for CredentialKinds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        if let Some(stranger) = names.iter().find(|name| !Self::KNOWN.contains(&name.as_str())) {
            return Err(D::Error::custom(format_args!("credential type {stranger:?} is not known")));
        }
        if let Some((at, name)) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            return Err(D::Error::custom(format_args!("credential type {name:?} stands twice, again at {at}")));
        }
        if !names.iter().any(|name| name == "VerifiableCredential") {
            return Err(D::Error::custom("type must contain VerifiableCredential"));
        }
        Ok(Self(names))
    }
}

/// Who achieved it, and what (OB 3.0 §B.1.1 `AchievementSubject`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AchievementSubject {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(rename = "type")]
    pub kind: Is<kinds::AchievementSubject>,
    /// The name the person appears under: a VCDM 2.0 term that wallets show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<IdentityObject>,
    pub achievement: Achievement,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub result: Vec<AchievementResult>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity_start_date: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity_end_date: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits_earned: Option<serde_json::Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Profile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}

/// An identifier of the subject, plain or hashed (OB 3.0 §B.1.8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityObject {
    #[serde(rename = "type")]
    pub kind: Is<kinds::IdentityObject>,
    pub hashed: bool,
    /// The plain value when not hashed, else `sha256$` and hexadecimal.
    pub identity_hash: String,
    /// `name`, `emailAddress`, … of the OB 3.0 list, or `ext:…`.
    pub identity_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

/// What shows that it was achieved (OB 3.0 §B.1.5).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(rename = "type")]
    pub kind: Is<kinds::Evidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// Where the status bit is (Bitstring Status List 1.0 §2.1), or another method's entry, which has an id and a type only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialStatus {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// `BitstringStatusListEntry` or, from others, `1EdTechRevocationList`.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_purpose: Option<String>,
    /// A whole number, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_list_index: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_list_credential: Option<Iri>,
}

/// A JSON Schema that the credential follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialSchema {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: String,
}

/// Where a newer copy is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshService {
    pub id: Iri,
    #[serde(rename = "type")]
    pub kind: String,
}

/// Terms under which it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsOfUse {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    #[serde(rename = "type")]
    pub kind: String,
}

impl OpenBadgeCredential {
    /// Whether every embedded proof covers the JSON itself, and not what its contexts make of it.
    pub(crate) fn is_signed_as_json(&self) -> bool {
        let proofs = self.proof.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
        proofs.iter().all(|proof| proof.cryptosuite == "eddsa-jcs-2022")
    }
}

impl IdentityObject {
    /// The name in plain text, the only identity we write.
    pub fn plain_name(name: &str) -> Self {
        Self {
            kind: Is::default(),
            hashed: false,
            identity_hash: name.into(),
            identity_type: "name".into(),
            salt: None,
        }
    }
}

impl CredentialStatus {
    /// The entry for bit `index` of the revocation list at `list`.
    pub fn revocation(list: &Iri, index: u64) -> Result<Self, super::NotAnIri> {
        Ok(Self {
            id: Some(Iri::parse(format!("{list}#{index}"))?),
            kind: "BitstringStatusListEntry".into(),
            status_purpose: Some("revocation".into()),
            status_list_index: Some(index.to_string()),
            status_list_credential: Some(list.clone()),
        })
    }
}
