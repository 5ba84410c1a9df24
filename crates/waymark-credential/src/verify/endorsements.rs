//! Endorsements inside a credential (Open Badges 3.0 §B.1.4): each is a credential of somebody else about the credential, its issuer or
//! its achievement. They are verified by themselves and told beside the report; they never change its state.

use serde_json::Value;

use super::{CheckId, Code, Detail, Outcome, Policy, PolicyKind, Verification};
use crate::{
    Timestamp,
    model::{EndorsementCredential, Issuer, OpenBadgeCredential},
    open::Role,
};

/// The most endorsements of one credential that are looked at.
const MOST: usize = 4;

/// What became of one endorsement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Where it stands, as a JSON Pointer.
    pub pointer: String,
    /// The identifier of who endorses.
    pub issuer: String,
    pub issuer_name: Option<String>,
    pub comment: Option<String>,
    /// Passed where everything that decides passed: form, proof, key, status, dates, and that it is about what carries it.
    pub outcome: Outcome,
    pub detail: Detail,
}

/// One endorsement under way.
pub(super) struct Endorsing {
    about: Endorsement,
    verification: Option<Verification>,
}

/// Every endorsement of the credential, of its issuer and of its achievement.
pub(super) fn of(credential: &OpenBadgeCredential, policy: &Policy, now: Timestamp) -> Vec<Endorsing> {
    let achievement = &credential.credential_subject.achievement;
    let mut places = vec![
        ("/endorsement", credential.id.as_str(), credential.endorsement.as_slice()),
        ("/credentialSubject/achievement/endorsement", achievement.id.as_str(), achievement.endorsement.as_slice()),
    ];
    if let Issuer::Object(profile) = &credential.issuer {
        places.push(("/issuer/endorsement", profile.id.as_str(), profile.endorsement.as_slice()));
    }
    let all = places.into_iter().flat_map(|(place, endorsed, endorsements)| {
        endorsements.iter().enumerate().map(move |(at, endorsement)| (format!("{place}/{at}"), endorsed, endorsement))
    });
    all.enumerate()
        .map(|(count, (pointer, endorsed, endorsement))| {
            begin(pointer, endorsed, endorsement, policy, now, count < MOST)
        })
        .collect()
}

fn begin(
    pointer: String,
    endorsed: &str,
    endorsement: &EndorsementCredential,
    policy: &Policy,
    now: Timestamp,
    looked_at: bool,
) -> Endorsing {
    let subject = &endorsement.credential_subject;
    let issuer_name = match &endorsement.issuer {
        Issuer::Object(profile) => profile.name.clone(),
        Issuer::Reference(_) => None,
    };
    let mut about = Endorsement {
        pointer,
        issuer: endorsement.issuer.id().to_string(),
        issuer_name,
        comment: subject.endorsement_comment.clone(),
        outcome: Outcome::NotChecked,
        detail: Code::NotReached.into(),
    };
    if subject.id.as_str() != endorsed {
        about.outcome = Outcome::Failed;
        about.detail = Detail::of(Code::EndorsementOfAnother).with("found", &subject.id);
        return Endorsing { about, verification: None };
    }
    // the whole was read as the closed types, so that nothing in it is hidden; a yes or no is all that is asked
    let policy = Policy {
        kind: PolicyKind::VcApi,
        conformance_issuers: policy.conformance_issuers.clone(),
        ..Policy::default()
    };
    let value = serde_json::to_value(endorsement).unwrap_or(Value::Null);
    let verification = looked_at.then(|| Verification::of_value(&value, Role::Credential, &policy, now));
    Endorsing { about, verification }
}

impl Endorsing {
    pub fn verification(&self) -> Option<&Verification> {
        self.verification.as_ref()
    }

    pub fn verification_mut(&mut self) -> Option<&mut Verification> {
        self.verification.as_mut()
    }

    /// The first check that decides against it, or that it holds.
    pub fn told(self) -> Endorsement {
        use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Status, Validity};
        let mut about = self.about;
        let Some(verification) = self.verification else { return about };
        let report = verification.report();
        let decisive = [Parse, Context, Shape, IssuerKey, Proof, Status, Validity].map(|id| report.check(id));
        let against = [Outcome::Failed, Outcome::NotChecked].into_iter().find_map(|outcome| {
            decisive.iter().find(|check| check.outcome == outcome && check.detail.code != Code::NotReached)
        });
        (about.outcome, about.detail) = match against {
            Some(check) => (check.outcome, check.detail.clone()),
            None => (Outcome::Passed, report.check(IssuerKey).detail.clone()),
        };
        about
    }
}
