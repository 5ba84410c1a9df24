//! A credential that can be issued: [`Draft`] takes what the issuer decides, fills in what never varies and lets nothing incomplete through.

mod achievement;
mod faults;
mod rules;

use super::{
    Achievement, AchievementResult, AchievementSubject, Contexts, CredentialKinds, CredentialStatus, DateTime,
    Evidence, IdentityObject, Iri, Is, Issuer, OpenBadgeCredential, Profile,
};
use crate::Timestamp;

/// An `OpenBadgeCredential` that keeps every rule for what we issue, not yet signed. There is no other way to make one than to have it checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential(OpenBadgeCredential);

/// One thing that is wrong, with the JSON Pointer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub pointer: String,
    pub problem: String,
}

/// Everything that is wrong with a document that was to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid(pub Vec<Fault>);

impl Invalid {
    pub(crate) fn at(pointer: &str, problem: impl Into<String>) -> Self {
        Self(vec![Fault { pointer: pointer.into(), problem: problem.into() }])
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, Fault { pointer, problem }) in self.0.iter().enumerate() {
            let (between, place) = (if at > 0 { "; " } else { "" }, if pointer.is_empty() { "/" } else { pointer });
            write!(f, "{between}{place}: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

impl Credential {
    /// The document, if it keeps every rule; else all that is wrong with it.
    pub fn new(document: OpenBadgeCredential) -> Result<Self, Invalid> {
        let faults = rules::faults(&document);
        if faults.is_empty() { Ok(Self(document)) } else { Err(Invalid(faults)) }
    }

    pub fn document(&self) -> &OpenBadgeCredential {
        &self.0
    }

    pub fn into_document(self) -> OpenBadgeCredential {
        self.0
    }
}

/// What the issuer decides about one award.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// `urn:uuid:` and a version 4 UUID.
    pub id: Iri,
    /// Its id is the DID that controls the signing key.
    pub issuer: Profile,
    /// `urn:uuid:`, random, this credential's own: two credentials of one person must not be tied together by it.
    pub subject: Iri,
    /// The name that the member chose to appear under.
    pub name: String,
    pub achievement: Achievement,
    /// The time of intent.
    pub valid_from: Timestamp,
    /// When the requirements were met.
    pub awarded_at: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub evidence: Vec<Evidence>,
    pub results: Vec<AchievementResult>,
    /// The URL of the status list, and the index in it.
    pub status_list: Iri,
    pub status_index: u64,
}

impl Draft {
    /// The credential, or all that is wrong.
    pub fn complete(self) -> Result<Credential, Invalid> {
        let status = CredentialStatus::revocation(&self.status_list, self.status_index)
            .map_err(|error| Invalid::at("/credentialStatus/id", error.to_string()))?;
        Credential::new(OpenBadgeCredential {
            context: Contexts::OpenBadges,
            id: self.id,
            kinds: CredentialKinds::open_badge(),
            name: Some(self.achievement.name.clone()),
            description: None,
            image: None,
            issuer: Issuer::Object(self.issuer),
            valid_from: DateTime::seconds(self.valid_from),
            valid_until: self.valid_until.map(DateTime::seconds),
            awarded_date: Some(DateTime::seconds(self.awarded_at)),
            credential_subject: AchievementSubject {
                id: Some(self.subject),
                kind: Is::default(),
                identifier: vec![IdentityObject::plain_name(&self.name)],
                name: Some(self.name),
                achievement: self.achievement,
                result: self.results,
                activity_start_date: None,
                activity_end_date: None,
                credits_earned: None,
                license_number: None,
                narrative: None,
                role: None,
                term: None,
                source: None,
                image: None,
            },
            evidence: self.evidence,
            credential_status: Some(status),
            credential_schema: None,
            refresh_service: None,
            terms_of_use: None,
            endorsement: Vec::new(),
            endorsement_jwt: Vec::new(),
            proof: None,
        })
    }
}
