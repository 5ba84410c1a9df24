//! What is verified, whatever its kind: the closed type that we issue and show, or a document of any kind.

use super::{
    Claims, Detail,
    seal::Seal,
    status::{self, Entry},
};
use crate::{
    model::{AchievementSubject, DateTime, OpenBadgeCredential},
    open::{OpenDocument, Role, as_open_badge},
    proof::Document,
};

/// A document whose shape has passed.
pub(super) enum Subject {
    Badge(Box<OpenBadgeCredential>),
    Open(Box<OpenDocument>),
}

impl Subject {
    /// Its id; nothing of ours is without one.
    pub fn id(&self) -> &str {
        match self {
            Self::Badge(credential) => credential.id.as_str(),
            Self::Open(document) => document.id().unwrap_or_default(),
        }
    }

    /// The issuer of a credential, the holder of a presentation.
    pub fn issuer(&self) -> &str {
        match self {
            Self::Badge(credential) => credential.issuer.id().as_str(),
            Self::Open(document) => document.principal().unwrap_or_default(),
        }
    }

    pub fn issuer_name(&self) -> Option<String> {
        match self {
            Self::Badge(credential) => match &credential.issuer {
                crate::model::Issuer::Object(profile) => profile.name.clone(),
                crate::model::Issuer::Reference(_) => None,
            },
            Self::Open(document) => {
                document.value()["issuer"].get("name").and_then(serde_json::Value::as_str).map(str::to_owned)
            }
        }
    }

    pub fn begins(&self) -> Option<&DateTime> {
        match self {
            Self::Badge(credential) => Some(&credential.valid_from),
            Self::Open(document) => document.begins(),
        }
    }

    pub fn ends(&self) -> Option<&DateTime> {
        match self {
            Self::Badge(credential) => credential.valid_until.as_ref(),
            Self::Open(document) => document.ends(),
        }
    }

    /// Its declared status, each entry followed or not.
    pub fn statuses(&self) -> Vec<Result<Entry, Detail>> {
        match self {
            Self::Badge(credential) => {
                let id = Some(credential.id.as_str());
                credential.credential_status.iter().map(|status| status::entry(status, id)).collect()
            }
            Self::Open(document) if document.role() == Role::Presentation => Vec::new(),
            Self::Open(document) => {
                document.statuses().iter().map(|status| status::entry_of(status, document.id())).collect()
            }
        }
    }

    /// Whom the achievement belongs to, for comparing.
    pub fn achiever(&self) -> Option<AchievementSubject> {
        match self {
            Self::Badge(credential) => Some(credential.credential_subject.clone()),
            Self::Open(document) => as_open_badge(document).map(|badge| badge.credential_subject),
        }
    }

    /// The closed type, whose proofs are checked by it.
    pub fn typed(&self) -> Option<Document<'_>> {
        match self {
            Self::Badge(credential) => Some(Document::OpenBadge(credential)),
            Self::Open(_) => None,
        }
    }

    /// What may be shown of it, with the signature that counts first.
    pub fn claims(self, seal: Seal) -> Option<Claims> {
        let suite = seal.suite();
        match self {
            Self::Badge(credential) => Some(Claims::new(*credential, suite, seal.method, seal.created)),
            Self::Open(document) => {
                let badge = as_open_badge(&document)?;
                Some(Claims::new(badge, suite, seal.method, seal.created).of_whole(document.value().clone()))
            }
        }
    }
}
