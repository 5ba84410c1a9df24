//! The signatures of a document: each one that counts must hold, by a key that the issuer lists for it.

use super::{
    CheckId, Code, Detail, KeyUse, Outcome, PolicyKind, ProvedBy, Verification, Want, endorsements,
    issuer_key::{self, Standing},
    machine::{Sealed, Stage, Worst},
    shape::Refusal,
};
use crate::{did::ControllerDocument, jwk, model::DateTime};

/// The most status lists that one document is followed to.
pub(crate) const MOST_LISTS: usize = 4;

/// The most signatures that are looked up in our intents. What we sign has one.
const MOST_OWN_SEALS: usize = 2;

impl Verification {
    /// Every signature that counts must hold, by a key that the issuer lists.
    pub(super) fn check_proofs(
        &mut self,
        mut sealed: Box<Sealed>,
        document: ControllerDocument,
    ) -> Result<(), Refusal> {
        let mut worst = Worst { standing: Standing::Good, signed: Vec::new() };
        for seal in &sealed.seals {
            // proofs of others beside the issuer's are checked too where their key is in their name
            let of_another = (!seal.is_jwt() && seal.controller() != sealed.issuer)
                .then(|| ControllerDocument::of_itself(seal.controller()));
            let keys = match &of_another {
                None => &document,
                Some(Some(other)) => other,
                Some(None) => {
                    let detail = Detail::of(Code::IssuerUnsupported).with("issuer", seal.controller());
                    return Err((CheckId::IssuerKey, Outcome::NotChecked, detail));
                }
            };
            let key = issuer_key::find_for(keys, &seal.method, &seal.purpose, self.now)
                .map_err(|unlisted| seal.unlisted(&sealed.issuer, unlisted))
                .map_err(|(outcome, detail)| (CheckId::IssuerKey, outcome, detail))?;
            if of_another.is_none() && !self.policy.lets(&sealed.issuer, &key.key, KeyUse::Credential) {
                let detail = Detail::of(Code::KeyForOtherUse).with("method", &seal.method);
                return Err((CheckId::IssuerKey, Outcome::Failed, detail));
            }
            let (outcome, detail) = seal.check(sealed.subject.typed().as_ref(), &key.key, &mut self.work);
            let belongs = Detail::of(Code::KeyOfIssuer).with("method", &sealed.seals[0].method);
            self.set(CheckId::IssuerKey, Outcome::Passed, belongs);
            self.set(CheckId::Proof, outcome, detail.clone());
            if outcome != Outcome::Passed {
                return Err((CheckId::Proof, outcome, detail));
            }
            self.proofs.push(ProvedBy {
                suite: seal.suite(),
                method: seal.method.clone(),
                thumbprint: jwk::key_thumbprint(&key.key),
                created: seal.created.clone(),
            });
            // a JWT has no date of its own; the credential begins when it is signed
            let dated = seal.created.as_ref().or_else(|| sealed.subject.begins().filter(|_| seal.is_jwt()));
            let standing = issuer_key::standing(&key, dated.map(DateTime::at), self.now);
            if standing != Standing::Good || self.policy.needs_record(&sealed.issuer, false) {
                worst.signed.push(seal.signed_hash(sealed.subject.typed().as_ref(), &mut self.work));
            }
            worst.standing = worst.standing.max(standing);
        }
        if !self.policy.skips_status_and_recipient() {
            if self.policy.owns(&sealed.issuer) {
                self.wants.push(Want::OwnRecord(sealed.subject.id().to_owned()));
                for hash in worst.signed.iter().flatten().take(MOST_OWN_SEALS) {
                    let want = Want::OwnIntent(hash.clone());
                    if !self.wants.contains(&want) {
                        self.wants.push(want);
                    }
                }
            }
            for entry in sealed.subject.statuses().into_iter().take(MOST_LISTS).flatten() {
                let want = Want::StatusList(entry.list);
                if !self.wants.contains(&want) {
                    self.wants.push(want);
                }
            }
        }
        if self.policy.kind == PolicyKind::Product {
            let found = std::mem::take(&mut sealed.endorsements);
            self.endorsements =
                endorsements::begin(found, self.most_endorsements, &self.policy, self.now, &mut self.work);
            self.gather();
        }
        self.stage = Stage::Standing(sealed, document, worst);
        if self.wants.is_empty() {
            self.advance();
        }
        Ok(())
    }
}
