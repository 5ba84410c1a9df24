//! The signatures on a document, whatever their form: which key each one names, and whether it holds.

use sha2::{Digest, Sha256};

use super::{
    detail::{Code, Detail},
    jwt::{JwtForm, JwtSeal},
    policy::Expected,
    report::{CheckId, Outcome},
    shape::Refusal,
};
use crate::{
    did::stands_beneath,
    key::{KeyError, Signature, VerifyingKey},
    model::{Cryptosuite, DataIntegrityProof, DateTime},
    open::{OpenDocument, OpenProof, Role, hash_open},
    proof::{self, Document, ProofError, vc_jwt},
    work::Work,
};

/// The purpose of a credential's proof (CID 1.0 §2.3.2).
pub(super) const ASSERTION: &str = "assertionMethod";
/// The purpose of a presentation's proof (CID 1.0 §2.3.1).
const AUTHENTICATION: &str = "authentication";

/// One signature that is of a supported kind and made for an assertion.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seal {
    /// The absolute id of the key: a controller, `#`, a fragment.
    pub method: String,
    pub created: Option<DateTime>,
    pub expires: Option<DateTime>,
    /// What the proof says it is for.
    pub purpose: String,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Embedded(Cryptosuite, Box<DataIntegrityProof>),
    Jwt(JwtSeal),
    /// A proof on a document of any kind: what it signs is settled when it is read.
    Hashed {
        suite: Cryptosuite,
        message: Result<Box<[u8; 64]>, ProofError>,
        signature: Result<Signature, KeyError>,
    },
}

impl Seal {
    /// The seal of a JWT on a credential of `issuer`, which must control the key or the address where it stands.
    pub fn of_jwt(jwt: JwtSeal, issuer: &str) -> Result<Self, Refusal> {
        let older = jwt.form != JwtForm::VcJwt;
        if jwt.brings_key {
            return Err((CheckId::IssuerKey, Outcome::NotChecked, Code::KeyBrought.into()));
        }
        let by_address = older && jwt.kid.starts_with("https://");
        let method = if by_address { jwt.kid.clone() } else { absolute(&jwt.kid)? };
        let form = Form::Jwt(jwt);
        let seal = Self { method, created: None, expires: None, purpose: ASSERTION.into(), form };
        let near = by_address && origin(&seal.method).is_some_and(|host| origin(issuer) == Some(host));
        if seal.controller() == issuer || seal.key_address(issuer).is_some() || near {
            return Ok(seal);
        }
        Err(key_of_another(&seal, issuer))
    }

    /// Where the key stands by itself, outside the document of `issuer` but at an address that is the issuer's.
    pub fn key_address(&self, issuer: &str) -> Option<&str> {
        let Form::Jwt(JwtSeal { form: JwtForm::OpenBadges | JwtForm::Vc11, .. }) = &self.form else { return None };
        let address = self.controller();
        let whole_document = address == issuer && self.method != issuer;
        (!whole_document && (address == issuer || stands_beneath(address, issuer))).then_some(address)
    }

    /// `did:web:guild.example` of `did:web:guild.example#key`.
    pub fn controller(&self) -> &str {
        self.method.split('#').next().unwrap_or(&self.method)
    }

    /// Whether it is the signature of a JWT.
    pub fn is_jwt(&self) -> bool {
        matches!(self.form, Form::Jwt(_))
    }

    /// Why a key that the issuer's document does not have is not the issuer's. A key that is named by an address near the issuer's may
    /// be; only nobody says so.
    pub fn unlisted(&self, issuer: &str, why: (Outcome, Detail)) -> (Outcome, Detail) {
        match why.1.code {
            Code::KeyNotListed if self.controller() != issuer => {
                let detail = Detail::of(Code::KeyElsewhere).with("method", &self.method).with("issuer", issuer);
                (Outcome::NotChecked, detail)
            }
            _ => why,
        }
    }

    /// The name of the kind of signature.
    pub fn suite(&self) -> &'static str {
        match &self.form {
            Form::Embedded(suite, _) | Form::Hashed { suite, .. } => suite.name(),
            Form::Jwt(jwt) => jwt.form.name(),
        }
    }

    /// The SHA-256, hexadecimal, of the bytes that the signature is over; None where there are none.
    pub fn signed_hash(&self, document: Option<&Document<'_>>, work: &mut Work) -> Option<String> {
        let hash = match &self.form {
            Form::Jwt(jwt) => Sha256::digest(jwt.compact.rsplit_once('.')?.0),
            Form::Embedded(suite, proof) => Sha256::digest(proof::hash_data(*document?, proof, *suite, work).ok()?),
            Form::Hashed { message, .. } => Sha256::digest(message.as_ref().ok()?.as_slice()),
        };
        Some(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether `key` made this signature over `document`.
    pub fn check(&self, document: Option<&Document<'_>>, key: &VerifyingKey, work: &mut Work) -> (Outcome, Detail) {
        if work.left().signatures == 0 {
            return (Outcome::NotChecked, Code::ProofTooComplex.into());
        }
        work.signatures += 1;
        let ed25519 = || key.ed25519().ok_or(ProofError::KeyOfAnotherSuite(key.algorithm().as_str()));
        let holds = match &self.form {
            Form::Jwt(jwt) => vc_jwt::verify(&jwt.compact, key),
            Form::Embedded(_, proof) => match document {
                Some(document) => ed25519().and_then(|key| proof::verify_within(document, proof, key, work)),
                None => Err(ProofError::NoProofValue),
            },
            Form::Hashed { message: Err(error), .. } => Err(error.clone()),
            Form::Hashed { signature: Err(error), .. } => Err(error.clone().into()),
            Form::Hashed { message: Ok(message), signature: Ok(signature), .. } => {
                ed25519().map(|key| key.verifies(message.as_slice(), signature))
            }
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
        if proof.proof_purpose != ASSERTION {
            let detail = Detail::of(Code::ProofPurpose).with("found", &proof.proof_purpose);
            return Err((CheckId::Proof, Outcome::Failed, detail));
        }
        let seal = Seal {
            method: absolute(proof.verification_method.as_str())?,
            created: proof.created.clone(),
            expires: proof.expires.clone(),
            purpose: proof.proof_purpose.clone(),
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

/// The proofs on a document of any kind. With `strict` all of them must count, and one must be the issuer's; else those that do not are
/// left aside, as with the closed types.
pub(super) fn open(
    document: &OpenDocument,
    proofs: &[OpenProof],
    issuer: &str,
    expected: &Expected,
    strict: bool,
    work: &mut Work,
) -> Result<Vec<Seal>, Refusal> {
    let failed = |detail: Detail| Err((CheckId::Proof, Outcome::Failed, detail));
    if proofs.is_empty() {
        return failed(Code::ProofMissing.into());
    }
    let mut seals = Vec::new();
    let mut another = None;
    let mut unsupported = None;
    for proof in proofs {
        let Some(suite) = proof.suite() else {
            let detail = Detail::of(Code::ProofSuiteUnsupported).with("found", &proof.cryptosuite);
            if strict {
                return failed(detail);
            }
            unsupported.get_or_insert(detail);
            continue;
        };
        let fits = match (&expected.purpose, document.role()) {
            (Some(purpose), _) => proof.purpose == *purpose && [ASSERTION, AUTHENTICATION].contains(&purpose.as_str()),
            (None, Role::Credential) => proof.purpose == ASSERTION,
            (None, Role::Presentation) => [AUTHENTICATION, ASSERTION].contains(&proof.purpose.as_str()),
        };
        if !fits {
            return failed(Detail::of(Code::ProofPurpose).with("found", &proof.purpose));
        }
        if expected.domain.as_ref().is_some_and(|domain| !proof.domains.contains(domain)) {
            return failed(Detail::of(Code::ProofDomain).with("found", proof.domains.join(", ")));
        }
        if expected.challenge.is_some() && expected.challenge != proof.challenge {
            return failed(Code::ProofChallenge.into());
        }
        let message = hash_open(document, proof, proofs, suite, work).map(Box::new);
        if let Err(error @ ProofError::PreviousMissing(_)) = &message {
            return failed(Detail::of(Code::ProofMalformed).with("problem", error));
        }
        let seal = Seal {
            method: absolute(&proof.method)?,
            created: proof.created.clone(),
            expires: proof.expires.clone(),
            purpose: proof.purpose.clone(),
            form: Form::Hashed { suite, message, signature: Signature::from_multibase(&proof.signature) },
        };
        let own = seal.controller() == issuer;
        if own || strict {
            // the issuer's first, whose key document is the one that is wanted
            seals.insert(if own { 0 } else { seals.len() }, seal);
        } else {
            another.get_or_insert(seal);
        }
    }
    match (seals.first(), another, unsupported) {
        (Some(first), ..) if first.controller() == issuer => Ok(seals),
        (Some(first), ..) => Err(key_of_another(first, issuer)),
        (None, Some(seal), _) => Err(key_of_another(&seal, issuer)),
        (None, None, unsupported) => {
            Err((CheckId::Proof, Outcome::NotChecked, unsupported.unwrap_or_else(|| Code::ProofMissing.into())))
        }
    }
}

/// A signature by a key that somebody else controls.
pub(super) fn key_of_another(seal: &Seal, issuer: &str) -> Refusal {
    let detail = Detail::of(Code::KeyOfAnother).with("method", &seal.method).with("issuer", issuer);
    (CheckId::IssuerKey, Outcome::Failed, detail)
}

/// `https://host[:port]` of an https address.
fn origin(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(&address[.."https://".len() + end])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::Did;

    #[test]
    fn no_more_signatures_are_checked_than_may_be() {
        let Ok(Did::Key(key)) = Did::parse("did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2") else {
            panic!("a key")
        };
        let (message, signature) = (Ok(Box::new([0; 64])), Ok(Signature([0; 64])));
        let form = Form::Hashed { suite: Cryptosuite::EddsaRdfc2022, message, signature };
        let seal = Seal { method: String::new(), created: None, expires: None, purpose: ASSERTION.into(), form };
        let mut work = Work { signatures: Work::OF_ONE.signatures - 1, ..Work::default() };
        assert_eq!(seal.check(None, &key, &mut work), (Outcome::Failed, Code::ProofInvalid.into()));
        assert_eq!(seal.check(None, &key, &mut work), (Outcome::NotChecked, Code::ProofTooComplex.into()));
        assert_eq!(work.signatures, Work::OF_ONE.signatures);
    }
}
