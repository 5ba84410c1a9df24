//! What is settled only once the proof holds: the key at this moment, status, dates, and the people behind it.

use super::{
    CheckId, Code, Detail, Outcome, OwnRecord, Supply, Verification, Want, identity,
    issuer_key::{Standing, dated},
    machine::{Sealed, Worst},
    recipient,
    shape::Refusal,
    status,
};
use crate::{did::ControllerDocument, key::VerifyingKey, model::DateTime};

impl Verification {
    /// The key at this moment, then everything that is settled only once the proof holds.
    pub(super) fn check_standing(
        &mut self,
        sealed: Sealed,
        document: &ControllerDocument,
        worst: &Worst,
    ) -> Result<(), Refusal> {
        // an endorsement inside may have asked for the record of another
        let record = self.answers.iter().find_map(|(want, supply)| match (want, supply) {
            (Want::OwnRecord(id), Supply::Record(record)) if id == sealed.subject.id() => Some(*record),
            _ => None,
        });
        let record = record.filter(|_| self.policy.owns(&sealed.issuer));
        let (outcome, detail) = match worst.standing {
            standing if self.policy.needs_record(&sealed.issuer, standing != Standing::Good) => {
                self.by_our_records(standing, record, self.intended(worst))
            }
            Standing::Good => (Outcome::Passed, self.checks[CheckId::IssuerKey as usize].detail.clone()),
            Standing::Retired(at) => {
                let method = sealed.seals.first().map(|seal| seal.method.as_str()).unwrap_or_default();
                (Outcome::Passed, dated(Code::KeySignedBefore, at).with("method", method))
            }
            Standing::Expired(at) => (Outcome::NotChecked, dated(Code::KeyExpired, at)),
            // Whoever keeps records believes a revoked key only by them, and of a stranger's there are none.
            Standing::Revoked(at) if self.policy.keeps_records() => {
                (Outcome::Failed, dated(Code::KeyRevokedUnrecorded, at))
            }
            Standing::Revoked(at) => (Outcome::NotChecked, dated(Code::KeyRevoked, at)),
        };
        self.set(CheckId::IssuerKey, outcome, detail);
        if outcome != Outcome::Passed {
            return Ok(());
        }
        let proof_ends = sealed.seals.iter().filter_map(|seal| seal.expires.as_ref()).find(|end| end.at() <= self.now);
        self.check_dates(sealed.subject.begins(), sealed.subject.ends(), proof_ends);
        let method = sealed.seals.first().map(|seal| seal.method.as_str()).unwrap_or_default();
        let key = document.assertion_key(method).ok().map(|authorised| authorised.key);
        self.identify_issuer(&sealed.issuer, sealed.subject.issuer_name().as_deref(), method, key.as_ref());
        if self.policy.skips_status_and_recipient() {
            self.set(CheckId::Status, Outcome::NotChecked, Code::BeforeRelease);
            self.set(CheckId::Recipient, Outcome::NotChecked, Code::BeforeRelease);
        } else {
            self.check_status(&sealed, document, record);
            let (outcome, detail) = match sealed.subject.achiever() {
                Some(achiever) => recipient::compare(&achiever, self.policy.recipient.as_ref()),
                None => (Outcome::NotChecked, Code::RecipientNotAsked.into()),
            };
            self.set(CheckId::Recipient, outcome, detail);
        }
        let seal = sealed.seals.into_iter().next().expect("no document is sealed without a seal");
        self.shown = if self.policy.takes_any_kind() { None } else { sealed.subject.claims(seal) };
        Ok(())
    }

    /// What our records say of a document in our name.
    fn by_our_records(
        &self,
        standing: Standing,
        record: Option<OwnRecord>,
        intended: Option<bool>,
    ) -> (Outcome, Detail) {
        let recorded = record.map(|record| record != OwnRecord::Absent);
        match (recorded, intended, standing) {
            (Some(false), _, Standing::Good) | (_, Some(false), Standing::Good) => {
                (Outcome::Failed, Code::NotOfRecord.into())
            }
            (Some(false), _, Standing::Retired(at) | Standing::Expired(at) | Standing::Revoked(at))
            | (_, Some(false), Standing::Retired(at) | Standing::Expired(at) | Standing::Revoked(at)) => {
                (Outcome::Failed, dated(Code::NotInRecords, at))
            }
            (None, ..) | (_, None, _) => (Outcome::NotChecked, Code::RecordNotSupplied.into()),
            // an id can be copied; what was signed cannot be anything else than what we wrote down before
            (Some(true), Some(true), Standing::Revoked(at)) => {
                (Outcome::Passed, dated(Code::KeyRevokedButRecorded, at))
            }
            (Some(true), Some(true), Standing::Retired(at) | Standing::Expired(at)) => {
                (Outcome::Passed, dated(Code::KeyExpiredButRecorded, at))
            }
            (Some(true), Some(true), Standing::Good) => {
                (Outcome::Passed, self.checks[CheckId::IssuerKey as usize].detail.clone())
            }
        }
    }

    /// Whether our intents hold everything that is to be looked up there; None as long as that was not said of all of it.
    fn intended(&self, worst: &Worst) -> Option<bool> {
        let said = |hash: &String| {
            self.answers.iter().find_map(|(want, supply)| match (want, supply) {
                (Want::OwnIntent(asked), Supply::Intended(held)) if asked == hash => Some(*held),
                _ => None,
            })
        };
        worst.signed.iter().try_fold(true, |all, hash| match hash {
            Some(hash) => said(hash).map(|held| all && held),
            None => Some(false),
        })
    }

    /// Whether somebody vouches for who stands behind `issuer`, which calls itself `name`.
    pub(super) fn identify_issuer(
        &mut self,
        issuer: &str,
        name: Option<&str>,
        method: &str,
        key: Option<&VerifyingKey>,
    ) {
        let (outcome, detail) = identity::judge(&self.policy.trusted_issuers, issuer, name, method, key);
        self.set(CheckId::IssuerIdentity, outcome, detail);
    }

    /// Begun and not ended at this moment; `proof_ends` where a signature has ended before.
    pub(super) fn check_dates(
        &mut self,
        begins: Option<&DateTime>,
        ends: Option<&DateTime>,
        proof_ends: Option<&DateTime>,
    ) {
        let (outcome, detail) = if let Some(from) = begins.filter(|from| from.at() > self.now) {
            (Outcome::Failed, Detail::of(Code::NotYetValid).with("from", from.as_str()))
        } else if let Some(until) = ends.filter(|until| until.at() < self.now) {
            (Outcome::Failed, Detail::of(Code::Expired).with("until", until.as_str()))
        } else if let Some(end) = proof_ends {
            (Outcome::Failed, Detail::of(Code::ProofExpired).with("until", end.as_str()))
        } else {
            let mut in_force = Detail::of(Code::InForce);
            for (name, date) in [("from", begins), ("until", ends)] {
                in_force = date.map(DateTime::as_str).map_or(in_force.clone(), |date| in_force.with(name, date));
            }
            (Outcome::Passed, in_force)
        };
        self.set(CheckId::Validity, outcome, detail);
    }

    fn check_status(&mut self, sealed: &Sealed, document: &ControllerDocument, record: Option<OwnRecord>) {
        let mut lists = status::Lists::new(&sealed.issuer, document, &self.policy, self.now);
        let judged = sealed.subject.statuses().into_iter().map(|status| match status {
            Err(detail) => (Outcome::NotChecked, detail),
            Ok(entry) => {
                let list = self.answers.iter().find_map(|(want, supply)| {
                    matches!(want, Want::StatusList(list) if *list == entry.list).then_some(supply)
                });
                status::judge(&entry, record, &mut lists, list.unwrap_or(&Supply::NotAsked), &mut self.work)
            }
        });
        // of several, what is worst for the credential decides
        let severity = |outcome: Outcome| match outcome {
            Outcome::Failed => 2,
            Outcome::NotChecked => 1,
            Outcome::Passed => 0,
        };
        let worst = judged.reduce(|one, other| if severity(other.0) > severity(one.0) { other } else { one });
        let (outcome, detail) = worst.unwrap_or((Outcome::Passed, Code::StatusNotDeclared.into()));
        self.set(CheckId::Status, outcome, detail);
    }
}
