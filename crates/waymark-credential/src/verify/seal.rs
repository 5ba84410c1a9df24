//! The signatures on a document, whatever their form: which key each one names, and whether it holds.

use super::{
    detail::{Code, Detail},
    jwt::JwtSeal,
    report::{CheckId, Outcome},
    shape::Refusal,
};
use crate::{
    key::PublicKey,
    model::{Cryptosuite, DataIntegrityProof, DateTime},
    proof::{self, Document, ProofError, vc_jwt},
};

/// One signature that is of a supported kind and made for an assertion.
#[derive(Debug, Clone)]
pub(super) struct Seal {
    /// The absolute id of the key: a controller, `#`, a fragment.
    pub method: String,
    pub created: Option<DateTime>,
    pub expires: Option<DateTime>,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Embedded(Cryptosuite, Box<DataIntegrityProof>),
    Jwt(JwtSeal),
}

impl Seal {
    pub fn of_jwt(jwt: JwtSeal) -> Result<Self, Refusal> {
        let method = absolute(&jwt.kid)?;
        Ok(Self { method, created: None, expires: None, form: Form::Jwt(jwt) })
    }

    /// `did:web:guild.example` of `did:web:guild.example#key`.
    pub fn controller(&self) -> &str {
        self.method.split('#').next().unwrap_or(&self.method)
    }

    /// The name of the kind of signature.
    pub fn suite(&self) -> &'static str {
        match &self.form {
            Form::Embedded(suite, _) => suite.name(),
            Form::Jwt(_) => "vc+jwt",
        }
    }

    /// Whether `key` made this signature over `document`.
    pub fn check(&self, document: &Document<'_>, key: &PublicKey) -> (Outcome, Detail) {
        let holds = match &self.form {
            Form::Jwt(jwt) => vc_jwt::verify(&jwt.compact, key),
            Form::Embedded(_, proof) => proof::verify(document, proof, key),
        };
        match holds {
            Ok(true) => (Outcome::Passed, Detail::of(Code::ProofValid).with("suite", self.suite())),
            Ok(false) => (Outcome::Failed, Code::ProofInvalid.into()),
            Err(ProofError::TooComplex) => (Outcome::NotChecked, Code::ProofTooComplex.into()),
            Err(error) => (Outcome::Failed, Detail::of(Code::ProofMalformed).with("problem", error)),
        }
    }
}

/// The embedded proofs that count for `issuer`: supported, for an assertion, by a key it controls. At least one, or why not.
pub(super) fn embedded(proofs: &[DataIntegrityProof], issuer: &str) -> Result<Vec<Seal>, Refusal> {
    if proofs.is_empty() {
        return Err((CheckId::Proof, Outcome::Failed, Code::ProofMissing.into()));
    }
    let mut seals = Vec::new();
    let mut unsupported = None;
    let mut another = None;
    for proof in proofs {
        let Some(suite) = Cryptosuite::of(&proof.cryptosuite).filter(|_| proof.previous_proof.is_none()) else {
            let found = if proof.previous_proof.is_some() { "a chained proof" } else { &proof.cryptosuite };
            unsupported.get_or_insert_with(|| Detail::of(Code::ProofSuiteUnsupported).with("found", found));
            continue;
        };
        if proof.proof_purpose != "assertionMethod" {
            let detail = Detail::of(Code::ProofPurpose).with("found", &proof.proof_purpose);
            return Err((CheckId::Proof, Outcome::Failed, detail));
        }
        let seal = Seal {
            method: absolute(proof.verification_method.as_str())?,
            created: proof.created.clone(),
            expires: proof.expires.clone(),
            form: Form::Embedded(suite, Box::new(proof.clone())),
        };
        if seal.controller() == issuer {
            seals.push(seal);
        } else {
            another.get_or_insert(seal);
        }
    }
    match (seals.is_empty(), another, unsupported) {
        (false, ..) => Ok(seals),
        (true, Some(seal), _) => Err(key_of_another(&seal, issuer)),
        (true, None, unsupported) => {
            let detail = unsupported.unwrap_or_else(|| Code::ProofMissing.into());
            Err((CheckId::Proof, Outcome::NotChecked, detail))
        }
    }
}

/// A signature by a key that somebody else controls.
pub(super) fn key_of_another(seal: &Seal, issuer: &str) -> Refusal {
    let detail = Detail::of(Code::KeyOfAnother).with("method", &seal.method).with("issuer", issuer);
    (CheckId::IssuerKey, Outcome::Failed, detail)
}

/// A key is looked up by its absolute id only; a bare name could be anybody's.
fn absolute(method: &str) -> Result<String, Refusal> {
    match method.split_once('#') {
        Some((controller, fragment)) if !fragment.is_empty() && !fragment.contains('#') && controller.contains(':') => {
            Ok(method.to_owned())
        }
        _ => Err((CheckId::IssuerKey, Outcome::NotChecked, Code::KeyUnnamed.into())),
    }
}
