//! The machine itself: from the container to the proof, naming on the way what it wants.

use serde_json::Value;

use super::{
    Check, CheckId, Claims, Code, Detail, Expected, MAX_ROUNDS, MAX_WANTS, Outcome, Policy, PolicyKind, ProvedBy,
    Report, Supply, Unreadable, Want,
    endorsements::{self, Endorsing},
    hosted::{self, Hosted},
    input::{self, Body},
    issuer_key::{self, Source, Standing},
    jwt::JwtSeal,
    jwt_claims::JwtClaims,
    seal::{self, Seal},
    shape::{self, Refusal},
    subject::Subject,
};
use crate::{
    Timestamp,
    did::ControllerDocument,
    open::{Latitude, OpenDocument, Role, proofs},
    work::Work,
};

/// One verification under way.
pub struct Verification {
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
    pub(super) checks: [Check; CheckId::COUNT],
    pub(super) wants: Vec<Want>,
    pub(super) answers: Vec<(Want, Supply)>,
    pub(super) stage: Stage,
    pub(super) shown: Option<Claims>,
    pub(super) proofs: Vec<ProvedBy>,
    pub(super) endorsements: Vec<Endorsing>,
    pub(super) most_endorsements: usize,
    pub(super) work: Work,
}

pub(super) enum Stage {
    /// Waiting for the issuer's key document.
    Key(Box<Sealed>),
    /// The proof holds; waiting for the status list and our record.
    Standing(Box<Sealed>, ControllerDocument, Worst),
    /// Waiting for a document of an assertion that its issuer hosts.
    Hosted(Box<Hosted>),
    Done,
}

/// The worst standing among the keys that signed, and what each signed that is to be looked up in our intents, where the issuer is ours: what keys
/// that are no longer used signed, and all of an endorsement.
pub(super) struct Worst {
    pub standing: Standing,
    pub signed: Vec<Option<String>>,
}

/// A document of known shape with the signatures that count.
pub(super) struct Sealed {
    pub subject: Subject,
    pub issuer: String,
    pub seals: Vec<Seal>,
    /// What others say of it; looked at once the proof holds.
    pub endorsements: Vec<endorsements::Found>,
}

impl Verification {
    /// Reads the input — PNG, SVG, JSON or compact JWS — as far as it goes without anything from outside.
    ///
    /// # Errors
    /// [`Unreadable`] if there is no credential in the input; then there is nothing to report on.
    pub fn open(input: &[u8], policy: &Policy, now: Timestamp) -> Result<Self, Unreadable> {
        Self::begun(policy, now).opened(input)
    }

    /// One that is part of a presentation, on an account on which others have spent something. Its endorsements are named and not looked at.
    pub(super) fn presented(policy: &Policy, now: Timestamp, work: Work) -> Self {
        Self { work, most_endorsements: 0, ..Self::begun(policy, now) }
    }

    /// Begins with the input.
    pub(super) fn opened(mut self, input: &[u8]) -> Result<Self, Unreadable> {
        let opened = input::open(input)?;
        let read = self.read(opened);
        self.settle(read);
        Ok(self)
    }

    /// Begins with a document that was read as JSON already, in the part that it plays.
    pub(super) fn of_value(mut self, value: &Value, role: Role) -> Self {
        self.set(CheckId::Parse, Outcome::Passed, Code::ReadJson);
        let read = self.read_open(value, role, None);
        self.settle(read);
        self
    }

    fn begun(policy: &Policy, now: Timestamp) -> Self {
        let mut verification = Self {
            policy: policy.clone(),
            now,
            checks: CheckId::ALL.map(|id| Check { id, outcome: Outcome::NotChecked, detail: Code::NotReached.into() }),
            wants: Vec::new(),
            answers: Vec::new(),
            stage: Stage::Done,
            shown: None,
            proofs: Vec::new(),
            endorsements: Vec::new(),
            most_endorsements: endorsements::MOST_ENDORSEMENTS,
            work: Work::default(),
        };
        verification.set(CheckId::HolderIdentity, Outcome::NotChecked, Code::HolderNotProved);
        if policy.recipient.is_none() {
            verification.set(CheckId::Recipient, Outcome::NotChecked, Code::RecipientNotAsked);
        }
        verification
    }

    fn settle(&mut self, read: Result<(), Refusal>) {
        if let Err((check, outcome, detail)) = read {
            self.set(check, outcome, detail);
        }
    }

    /// What is still wanted. Answer each with [`supply`](Self::supply); when all are answered there may be more.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Takes the answer to one want. An answer to what is not wanted is left aside.
    pub fn supply(&mut self, want: &Want, supply: Supply) {
        let Some(at) = self.wants.iter().position(|wanted| wanted == want) else { return };
        let want = self.wants.remove(at);
        self.answer(want, supply);
        if self.wants.is_empty() {
            self.advance();
            self.gather();
        }
    }

    /// Keeps an answer, and hands it to the endorsements that wait for it.
    fn answer(&mut self, want: Want, supply: Supply) {
        for verification in self.endorsements.iter_mut().filter_map(Endorsing::verification_mut) {
            verification.supply(&want, supply.clone());
        }
        self.answers.push((want, supply));
        self.gather();
    }

    /// What the endorsements want is wanted here, each thing once.
    pub(super) fn gather(&mut self) {
        for verification in self.endorsements.iter().filter_map(Endorsing::verification) {
            for want in verification.wants() {
                let known = self.wants.contains(want) || self.answers.iter().any(|(answered, _)| answered == want);
                if !known && self.wants.len() + self.answers.len() < MAX_WANTS {
                    self.wants.push(want.clone());
                }
            }
        }
        // what was answered before one of them came to want it
        for at in 0..self.endorsements.len() {
            let Some(verification) = self.endorsements[at].verification() else { continue };
            for want in verification.wants().to_vec() {
                let answered =
                    self.answers.iter().find(|(answered, _)| *answered == want).map(|(_, supply)| supply.clone());
                if let (Some(supply), Some(verification)) = (answered, self.endorsements[at].verification_mut()) {
                    verification.supply(&want, supply);
                }
            }
        }
    }

    /// What it cost so far, its endorsements included.
    pub fn work(&self) -> Work {
        self.endorsements.iter().map(Endorsing::work).fold(self.work, Work::and)
    }

    /// The answer. What was not supplied is not checked.
    pub fn report(self) -> Report {
        self.report_with_work().0
    }

    /// The answer and what it cost, which is within [`Work::LIMIT`].
    pub fn report_with_work(mut self) -> (Report, Work) {
        for _ in 0..MAX_ROUNDS {
            for want in std::mem::take(&mut self.wants) {
                self.answer(want, Supply::NotAsked);
            }
            self.advance();
        }
        let (endorsements, works): (Vec<_>, Vec<_>) = self.endorsements.into_iter().map(Endorsing::told).unzip();
        let work = works.into_iter().fold(self.work, Work::and);
        (Report::new(self.checks, self.shown, endorsements).proved_by(self.proofs), work)
    }

    pub(super) fn set(&mut self, id: CheckId, outcome: Outcome, detail: impl Into<Detail>) {
        self.checks[id as usize] = Check { id, outcome, detail: detail.into() };
    }

    /// Parse, context, shape, and which signatures count; then on to the keys.
    fn read(&mut self, opened: input::Opened) -> Result<(), Refusal> {
        let (mut jwt_seal, mut claims) = (None, None);
        let value = match opened.body {
            Body::Damaged(detail) => return Err((CheckId::Parse, Outcome::Failed, detail)),
            Body::Address(url) => {
                self.set(CheckId::Parse, Outcome::Passed, opened.container);
                return self.read_hosted_at(url);
            }
            Body::Json(value) if self.policy.kind == PolicyKind::Product && hosted::uses_vocabulary(&value) => {
                self.set(CheckId::Parse, Outcome::Passed, opened.container);
                return self.read_hosted(value);
            }
            Body::Json(value) => value,
            Body::Jwt(jwt) => {
                self.set(CheckId::Parse, Outcome::Passed, opened.container);
                let jwt = jwt.read()?;
                (jwt_seal, claims) = (Some(jwt.seal), Some(jwt.claims));
                jwt.credential
            }
        };
        self.set(CheckId::Parse, Outcome::Passed, opened.container);
        let jwt = jwt_seal.zip(claims);
        if self.policy.takes_any_kind() {
            return self.read_open(&value, Role::Credential, jwt);
        }
        let credential = match shape::open_badge(&value) {
            Ok(credential) => credential,
            Err((CheckId::Shape, outcome, detail)) => {
                self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
                return Err((CheckId::Shape, outcome, detail));
            }
            Err(_) if shape::may_be_a_strangers_badge(&value) => return self.read_open(&value, Role::Credential, jwt),
            Err(refusal) => return Err(refusal),
        };
        self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
        let embedded = credential.proof.is_some();
        if embedded && endorsements::has_jwt(&value) && !credential.is_signed_as_json() {
            let problem = "endorsementJwt has no meaning in its contexts, so that its signature does not cover it";
            return Err((CheckId::Shape, Outcome::NotChecked, Detail::of(Code::NotMapped).with("problem", problem)));
        }
        let own = self.policy.owns(credential.issuer.id().as_str());
        let stateless = own && credential.credential_status.is_none();
        let subject = Subject::Badge(Box::new(credential));
        self.accept_claims(jwt.as_ref(), &value, embedded)?;
        if stateless {
            return Err((CheckId::Shape, Outcome::Failed, Code::StatusMissing.into()));
        }
        self.set(CheckId::Shape, Outcome::Passed, Code::ShapeKnown);
        let issuer = self.begin_proof(&subject)?;
        let seals = match (jwt, &subject) {
            (Some((jwt, _)), _) => vec![Seal::of_jwt(jwt, &issuer)?],
            (None, Subject::Badge(credential)) => {
                seal::embedded(credential.proof.as_ref().map_or(&[], |proofs| proofs.as_slice()), &issuer)?
            }
            (None, Subject::Open(_)) => Vec::new(),
        };
        self.begin_key(Sealed { subject, issuer, seals, endorsements: endorsements::found(&value) })
    }

    /// A document of any kind: its rules, its mapping, its proofs.
    fn read_open(&mut self, value: &Value, role: Role, jwt: Option<(JwtSeal, JwtClaims)>) -> Result<(), Refusal> {
        let any = self.policy.takes_any_kind();
        // a JWT signs the JSON itself, and with it this member, which no context knows
        let bare = (jwt.is_some() && !any && endorsements::has_jwt(value)).then(|| endorsements::without_jwt(value));
        let mapped = bare.as_ref().unwrap_or(value);
        let document = shape::open(mapped, role, if any { Latitude::Full } else { Latitude::Known }, &mut self.work);
        let document: OpenDocument = match document {
            Err((CheckId::Shape, outcome, detail)) => {
                self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
                return Err((CheckId::Shape, outcome, detail));
            }
            other => other?,
        };
        self.set(CheckId::Context, Outcome::Passed, Code::ContextKnown);
        let failed = |detail: Detail| (CheckId::Shape, Outcome::Failed, detail);
        let listed = proofs(document.value()).map_err(|fault| {
            let problem = format!("{}: {}", fault.pointer, fault.problem);
            (CheckId::Proof, Outcome::Failed, Detail::of(Code::ProofMalformed).with("problem", problem))
        })?;
        if !any && document.principal().is_some_and(|issuer| self.policy.owns(issuer)) {
            let problem = "it is not of the form in which this issuer writes";
            return Err(failed(Detail::of(Code::ShapeUnexpected).with("problem", problem)));
        }
        let subject = Subject::Open(Box::new(document));
        self.accept_claims(jwt.as_ref(), value, !listed.is_empty())?;
        let Subject::Open(document) = &subject else { return Ok(()) };
        if !any && crate::open::as_open_badge(document).is_none() {
            let found = "an Open Badges credential without an achievement";
            return Err((CheckId::Shape, Outcome::NotChecked, Detail::of(Code::KindUnknown).with("found", found)));
        }
        self.set(CheckId::Shape, Outcome::Passed, Code::ShapeKnown);
        // a presentation that names no holder speaks for whoever signed it
        let presenter = listed.first().map(|proof| proof.method.split('#').next().unwrap_or_default().to_owned());
        let issuer = match (document.principal(), presenter) {
            (None, Some(presenter)) if role == Role::Presentation => presenter,
            _ if listed.is_empty() && role == Role::Presentation => {
                // none is needed, unless the reader expects it to say something
                let asked = self.policy.expected != Expected::default();
                let outcome = if asked { Outcome::Failed } else { Outcome::NotChecked };
                return Err((CheckId::Proof, outcome, Code::ProofMissing.into()));
            }
            _ => self.begin_proof(&subject)?,
        };
        let seals = match jwt {
            Some((jwt, _)) => vec![Seal::of_jwt(jwt, &issuer)?],
            None => seal::open(document, &listed, &issuer, &self.policy.expected, any, &mut self.work)?,
        };
        let endorsements = if any { Vec::new() } else { endorsements::found(value) };
        self.begin_key(Sealed { subject, issuer, seals, endorsements })
    }

    /// The registered claims of a JWT say what the credential says, and there is no second proof inside.
    fn accept_claims(
        &self,
        jwt: Option<&(JwtSeal, JwtClaims)>,
        credential: &Value,
        embedded: bool,
    ) -> Result<(), Refusal> {
        let failed = |detail: Detail| Err((CheckId::Shape, Outcome::Failed, detail));
        let Some((_, claims)) = jwt else { return Ok(()) };
        if let Some(detail) = claims.fault(credential) {
            return failed(detail);
        }
        if embedded {
            return failed(Detail::of(Code::ShapeUnexpected).with("problem", "a proof inside a JWT"));
        }
        Ok(())
    }

    /// Whose signature is looked for; a conformance key stands for nobody.
    fn begin_proof(&mut self, subject: &Subject) -> Result<String, Refusal> {
        self.set(CheckId::Proof, Outcome::NotChecked, Code::KeyNotResolved);
        let issuer = subject.issuer().to_owned();
        if self.policy.is_conformance(&issuer) {
            return Err((CheckId::IssuerKey, Outcome::Failed, Code::ConformanceKey.into()));
        }
        Ok(issuer)
    }

    fn begin_key(&mut self, sealed: Sealed) -> Result<(), Refusal> {
        let sealed = Box::new(sealed);
        match issuer_key::source_of(sealed.seals.first(), &sealed.issuer) {
            Source::Here(document) => self.check_proofs(sealed, document),
            Source::Wanted(want) => {
                self.stage = Stage::Key(sealed);
                self.wants.push(want);
                Ok(())
            }
            Source::Unsupported(detail) => Err((CheckId::IssuerKey, Outcome::NotChecked, detail)),
        }
    }

    /// Waits for the next document of a hosted assertion.
    pub(super) fn want_hosted(&mut self, hosted: Hosted) {
        self.wants.push(hosted.want());
        self.stage = Stage::Hosted(Box::new(hosted));
    }

    /// All wants of a stage are answered: go as far as the answers lead.
    pub(super) fn advance(&mut self) {
        let next = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => Ok(()),
            Stage::Key(sealed) => {
                let supply = self.answers.iter().find_map(|(want, supply)| {
                    matches!(want, Want::DidDocument(_) | Want::KeyDocument(_)).then_some(supply)
                });
                match issuer_key::read(sealed.seals.first(), &sealed.issuer, supply.unwrap_or(&Supply::NotAsked)) {
                    Ok(document) => self.check_proofs(sealed, document),
                    Err(detail) => Err((CheckId::IssuerKey, Outcome::NotChecked, detail)),
                }
            }
            Stage::Hosted(hosted) => self.advance_hosted(*hosted),
            Stage::Standing(sealed, document, worst) => self.check_standing(*sealed, &document, &worst),
        };
        self.settle(next);
    }
}
