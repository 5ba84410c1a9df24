//! Presentations (VCDM 2.0 §4.13): the holder's own proof where there is one, and each credential inside by itself.

use serde_json::Value;

use super::{
    CheckId, Code, Detail, MAX_WANTS, Outcome, Policy, Report, Supply, Unreadable, Verification, Want,
    input::{self, MAX_DOCUMENT},
};
use crate::{
    Timestamp,
    open::{Latitude, OpenDocument, Role, proofs, self_asserted},
    strict_json,
};

/// The most credentials in one presentation.
const MOST_CREDENTIALS: usize = 32;

/// A presentation under way. It is driven like a [`Verification`].
pub struct PresentationVerification {
    own: Verification,
    inside: Vec<Result<Verification, Unreadable>>,
    problems: Vec<Detail>,
    wants: Vec<Want>,
}

/// What was found of a presentation.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationReport {
    /// Its own checks. A presentation without a proof has its proof not checked.
    pub own: Report,
    /// Each credential in it, in order; the error says why there is nothing to report on.
    pub credentials: Vec<Result<Report, Unreadable>>,
    /// What does not fit between the presentation and its credentials.
    pub problems: Vec<Detail>,
}

impl PresentationVerification {
    /// Reads the JSON of a presentation. The policy should be one for documents of any kind.
    ///
    /// # Errors
    /// [`Unreadable`] if the input is not JSON that can be read in one way.
    pub fn open(input: &[u8], policy: &Policy, now: Timestamp) -> Result<Self, Unreadable> {
        if input.len() > MAX_DOCUMENT {
            return Err(Unreadable::TooLarge { size: input.len(), limit: MAX_DOCUMENT });
        }
        let value = strict_json::parse(input, MAX_DOCUMENT).map_err(|error| Unreadable::NotJson(error.to_string()))?;
        let own = Verification::of_value(&value, Role::Presentation, policy, now);
        // what a proof must say is said to the presentation; its credentials were signed before
        let policy = Policy { expected: super::Expected::default(), ..policy.clone() };
        let credentials = match value.get("verifiableCredential") {
            None => &[],
            Some(Value::Array(credentials)) => credentials.as_slice(),
            Some(single) => std::slice::from_ref(single),
        };
        let mut problems = Vec::new();
        if credentials.len() > MOST_CREDENTIALS {
            let problem = format!("{} credentials; at most {MOST_CREDENTIALS} are read", credentials.len());
            problems.push(Detail::of(Code::ShapeUnexpected).with("problem", problem));
        }
        let credentials = &credentials[..credentials.len().min(MOST_CREDENTIALS)];
        if let Some(asserted) = self_asserted_in(&value, credentials) {
            problems.push(asserted);
        }
        let inside = credentials
            .iter()
            .map(|credential| match input::enveloped(credential) {
                Some(jwt) => Verification::open(jwt.as_bytes(), &policy, now),
                None => Ok(Verification::of_value(credential, Role::Credential, &policy, now)),
            })
            .collect();
        let mut presentation = Self { own, inside, problems, wants: Vec::new() };
        presentation.gather();
        Ok(presentation)
    }

    /// What is still wanted, by the presentation and by its credentials, each once.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Takes the answer for all that want it.
    pub fn supply(&mut self, want: &Want, supply: &Supply) {
        let inside = self.inside.iter_mut().flatten();
        for verification in std::iter::once(&mut self.own).chain(inside) {
            verification.supply(want, supply.clone());
        }
        self.gather();
    }

    fn gather(&mut self) {
        self.wants.clear();
        for verification in std::iter::once(&self.own).chain(self.inside.iter().flatten()) {
            for want in verification.wants() {
                if self.wants.len() < MAX_WANTS * MOST_CREDENTIALS && !self.wants.contains(want) {
                    self.wants.push(want.clone());
                }
            }
        }
    }

    /// The answer. What was not supplied is not checked.
    pub fn report(self) -> PresentationReport {
        PresentationReport {
            own: self.own.report(),
            credentials: self.inside.into_iter().map(|inside| inside.map(Verification::report)).collect(),
            problems: self.problems,
        }
    }
}

fn self_asserted_in(value: &Value, credentials: &[Value]) -> Option<Detail> {
    let presentation = OpenDocument::read(value, Role::Presentation, Latitude::Full).ok()?;
    let listed = proofs(value).ok()?;
    let presenter = listed.first()?.method.split('#').next()?;
    credentials
        .iter()
        .any(|credential| self_asserted(&presentation, credential, presenter))
        .then(|| Code::SelfAsserted.into())
}

impl PresentationReport {
    /// Whether the presentation carries a proof, or should.
    pub fn is_signed(&self) -> bool {
        let proof = self.own.check(CheckId::Proof);
        proof.detail.code != Code::ProofMissing || proof.outcome == Outcome::Failed
    }

    /// Whether what the presentation says of itself holds: its shape, and its proof where it carries one.
    pub fn own_holds(&self) -> bool {
        use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Validity};
        let passed = |ids: &[CheckId]| ids.iter().all(|id| self.own.check(*id).outcome == Outcome::Passed);
        passed(&[Parse, Context, Shape]) && (!self.is_signed() || passed(&[Proof, IssuerKey, Validity]))
    }
}
