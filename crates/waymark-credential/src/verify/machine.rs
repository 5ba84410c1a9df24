//! The machine itself: from the container to the proof, naming on the way what it wants.

use super::{
    Check, CheckId, Claims, Code, Detail, MAX_ROUNDS, Outcome, Policy, Report, Supply, Unreadable, Want,
    input::{self, Body},
    issuer_key::{self, Source, Standing},
    jwt,
    seal::{self, Seal},
    shape::{self, Refusal},
    status,
};
use crate::{Timestamp, did::ControllerDocument, model::OpenBadgeCredential, proof::Document};

/// One verification under way.
pub struct Verification {
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
    pub(super) checks: [Check; CheckId::COUNT],
    wants: Vec<Want>,
    pub(super) answers: Vec<(Want, Supply)>,
    stage: Stage,
    pub(super) shown: Option<Claims>,
}

enum Stage {
    /// Waiting for the issuer's key document.
    Key(Box<Sealed>),
    /// The proof holds; waiting for the status list and our record.
    Standing(Box<Sealed>, ControllerDocument, Standing),
    Done,
}

/// A document of known shape with the signatures that count.
pub(super) struct Sealed {
    pub credential: OpenBadgeCredential,
    pub issuer: String,
    pub seals: Vec<Seal>,
}

impl Verification {
    /// Reads the input — PNG, SVG, JSON or compact JWS — as far as it goes without anything from outside.
    ///
    /// # Errors
    /// [`Unreadable`] if there is no credential in the input; then there is nothing to report on.
    pub fn open(input: &[u8], policy: &Policy, now: Timestamp) -> Result<Self, Unreadable> {
        let opened = input::open(input)?;
        let mut verification = Self {
            policy: policy.clone(),
            now,
            checks: CheckId::ALL.map(|id| Check { id, outcome: Outcome::NotChecked, detail: Code::NotReached.into() }),
            wants: Vec::new(),
            answers: Vec::new(),
            stage: Stage::Done,
            shown: None,
        };
        verification.set(CheckId::HolderIdentity, Outcome::NotChecked, Code::HolderNotProved);
        if policy.recipient.is_none() {
            verification.set(CheckId::Recipient, Outcome::NotChecked, Code::RecipientNotAsked);
        }
        if let Err((check, outcome, detail)) = verification.read(opened) {
            verification.set(check, outcome, detail);
        }
        Ok(verification)
    }

    /// What is still wanted. Answer each with [`supply`](Self::supply); when all are answered there may be more.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Takes the answer to one want. An answer to what is not wanted is left aside.
    pub fn supply(&mut self, want: &Want, supply: Supply) {
        let Some(at) = self.wants.iter().position(|wanted| wanted == want) else { return };
        let want = self.wants.remove(at);
        self.answers.push((want, supply));
        if self.wants.is_empty() {
            self.advance();
        }
    }

    /// The answer. What was not supplied is not checked.
    pub fn report(mut self) -> Report {
        for _ in 0..MAX_ROUNDS {
            for want in std::mem::take(&mut self.wants) {
                self.answers.push((want, Supply::NotAsked));
            }
            self.advance();
        }
        Report::new(self.checks, self.shown)
    }

    pub(super) fn set(&mut self, id: CheckId, outcome: Outcome, detail: impl Into<Detail>) {
        self.checks[id as usize] = Check { id, outcome, detail: detail.into() };
    }

    /// Parse, context, shape, and which signatures count; then on to the keys.
    fn read(&mut self, opened: input::Opened) -> Result<(), Refusal> {
        let mut jwt_seal = None;
        let mut claims = None;
        let value = match opened.body {
            Body::Damaged(detail) => return Err((CheckId::Parse, Outcome::Failed, detail)),
            Body::Json(value) => value,
            Body::Jwt(jwt) => {
                self.set(CheckId::Parse, Outcome::Passed, opened.container);
                let seal = jwt.seal().map_err(|(outcome, detail)| (CheckId::Proof, outcome, detail))?;
                let (value, registered) = jwt::part_claims(&jwt.payload);
                (jwt_seal, claims) = (Some(seal), Some(registered));
                value
            }
        };
        self.set(CheckId::Parse, Outcome::Passed, opened.container);
        let credential = match shape::open_badge(&value) {
            Ok(credential) => credential,
            Err((CheckId::Shape, outcome, detail)) => {
                self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
                return Err((CheckId::Shape, outcome, detail));
            }
            Err(refusal) => return Err(refusal),
        };
        self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
        let failed = |detail: Detail| (CheckId::Shape, Outcome::Failed, detail);
        if let Some(claim) = claims.and_then(|claims| jwt::contradiction(&claims, &credential)) {
            return Err(failed(Detail::of(Code::JwtClaimContradicts).with("claim", claim)));
        }
        if jwt_seal.is_some() && credential.proof.is_some() {
            return Err(failed(Detail::of(Code::ShapeUnexpected).with("problem", "a proof inside a JWT")));
        }
        let issuer = credential.issuer.id().as_str().to_owned();
        if self.policy.owns(&issuer) && credential.credential_status.is_none() {
            return Err(failed(Code::StatusMissing.into()));
        }
        self.set(CheckId::Shape, Outcome::Passed, Code::ShapeKnown);

        self.set(CheckId::Proof, Outcome::NotChecked, Code::KeyNotResolved);
        if self.policy.is_conformance(&issuer) {
            return Err((CheckId::IssuerKey, Outcome::Failed, Code::ConformanceKey.into()));
        }
        let seals = match jwt_seal {
            Some(jwt) => {
                let seal = Seal::of_jwt(jwt)?;
                if seal.controller() != issuer {
                    return Err(seal::key_of_another(&seal, &issuer));
                }
                vec![seal]
            }
            None => seal::embedded(credential.proof.as_ref().map_or(&[], |proofs| proofs.as_slice()), &issuer)?,
        };
        let sealed = Box::new(Sealed { credential, issuer, seals });
        match issuer_key::source(&sealed.issuer) {
            Source::Here(document) => self.check_proofs(sealed, document),
            Source::Wanted(want) => {
                self.stage = Stage::Key(sealed);
                self.wants.push(want);
                Ok(())
            }
            Source::Unsupported(detail) => Err((CheckId::IssuerKey, Outcome::NotChecked, detail)),
        }
    }

    /// All wants of a stage are answered: go as far as the answers lead.
    fn advance(&mut self) {
        let next = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => Ok(()),
            Stage::Key(sealed) => {
                let supply = self.answers.iter().find_map(|(want, supply)| {
                    matches!(want, Want::DidDocument(_) | Want::KeyDocument(_)).then_some(supply)
                });
                match issuer_key::read(&sealed.issuer, supply.unwrap_or(&Supply::NotAsked)) {
                    Ok(document) => self.check_proofs(sealed, document),
                    Err(detail) => Err((CheckId::IssuerKey, Outcome::NotChecked, detail)),
                }
            }
            Stage::Standing(sealed, document, standing) => self.check_standing(*sealed, &document, standing),
        };
        if let Err((check, outcome, detail)) = next {
            self.set(check, outcome, detail);
        }
    }

    /// Every signature that counts must hold, by a key that the issuer lists.
    fn check_proofs(&mut self, sealed: Box<Sealed>, document: ControllerDocument) -> Result<(), Refusal> {
        let mut worst = Standing::Good;
        for seal in &sealed.seals {
            let key = issuer_key::find(&document, &seal.method)
                .map_err(|(outcome, detail)| (CheckId::IssuerKey, outcome, detail))?;
            let (outcome, detail) = seal.check(&Document::OpenBadge(&sealed.credential), &key.key);
            let belongs = Detail::of(Code::KeyOfIssuer).with("method", &seal.method);
            self.set(CheckId::IssuerKey, Outcome::Passed, belongs);
            self.set(CheckId::Proof, outcome, detail.clone());
            if outcome != Outcome::Passed {
                return Err((CheckId::Proof, outcome, detail));
            }
            match issuer_key::standing(&key, self.now) {
                Standing::Good => {}
                expired @ Standing::Expired(_) if worst == Standing::Good => worst = expired,
                Standing::Expired(_) => {}
                revoked @ Standing::Revoked(_) => worst = revoked,
            }
        }
        if !self.policy.skips_status_and_recipient() {
            if self.policy.owns(&sealed.issuer) {
                self.wants.push(Want::OwnRecord(sealed.credential.id.as_str().to_owned()));
            }
            if let Some(Ok(entry)) = sealed.credential.credential_status.as_ref().map(status::entry) {
                self.wants.push(Want::StatusList(entry.list));
            }
        }
        self.stage = Stage::Standing(sealed, document, worst);
        if self.wants.is_empty() {
            self.advance();
        }
        Ok(())
    }
}
