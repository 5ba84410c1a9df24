//! Credentials as compact JWS, in the three forms there are: `vc+jwt`, whose payload is the credential itself (VC-JOSE-COSE §3.1);
//! the older form of Open Badges 3.0 (§8.2), `typ` JWT or none, with registered claims beside the credential's members; and
//! that of VC 1.1 (§6.3.1), with the credential in the claim `vc`.
//!
//! The header settles the form and nothing else. The algorithm is the key's; a header that brings its own key, a critical extension
//! or a compression is refused before anything is computed.

use serde_json::{Map, Value};

use super::{
    detail::{Code, Detail},
    input::MAX_DOCUMENT,
    jwt_claims::{JwtClaims, part_claims, restored},
    report::{CheckId, Outcome},
    shape::Refusal,
};
use crate::{
    proof::{CompactJws, JwsError},
    strict_json,
};

/// A compact JWS taken apart; nothing in it is believed yet.
pub(super) struct Jwt {
    header: Map<String, Value>,
    payload: Value,
    compact: String,
}

/// Which of the forms it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JwtForm {
    VcJwt,
    OpenBadges,
    Vc11,
}

impl JwtForm {
    /// The name of the form in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::VcJwt => "vc+jwt",
            Self::OpenBadges => "ob-jwt",
            Self::Vc11 => "vc1-jwt",
        }
    }
}

/// A JWT whose header is fit for checking, and the key it names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JwtSeal {
    pub form: JwtForm,
    pub kid: String,
    /// The header carries a key of its own, in a form that allows it.
    pub brings_key: bool,
    pub compact: String,
}

/// What a JWT holds, still unproved.
pub(super) struct ReadJwt {
    pub seal: JwtSeal,
    pub claims: JwtClaims,
    pub credential: Value,
}

impl Jwt {
    /// Three dot-separated parts in base64url letters, the first of them a JSON object.
    pub fn looks_like(text: &[u8]) -> bool {
        text.starts_with(b"eyJ")
            && text.iter().filter(|byte| **byte == b'.').count() == 2
            && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    }

    /// Takes the three parts apart. The error says which part cannot be read.
    pub fn split(text: &[u8]) -> Result<Self, String> {
        Self::split_within(text, MAX_DOCUMENT)
    }

    /// The same where the payload may have `limit` bytes.
    pub fn split_within(text: &[u8], limit: usize) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "the JWT is not text".to_owned())?;
        let jws = CompactJws::parse(text).map_err(|error| error.to_string())?;
        let payload = strict_json::parse(jws.payload(), limit).map_err(|error| format!("the payload is {error}"))?;
        Ok(Self { header: jws.header().clone(), payload, compact: text.to_owned() })
    }

    /// The credential and the claims beside it, if the header is one that is checked here; else the outcome of the proof and why.
    pub fn read(self) -> Result<ReadJwt, Refusal> {
        let form = self.form().map_err(|(outcome, detail)| (CheckId::Proof, outcome, detail))?;
        let kid = self.header.get("kid").and_then(Value::as_str).unwrap_or_default().to_owned();
        let brings_key = self.header.contains_key("jwk");
        let seal = JwtSeal { form, kid, brings_key, compact: self.compact };
        let (members, claims) = part_claims(self.payload, form);
        let credential = match form {
            JwtForm::VcJwt | JwtForm::OpenBadges => members,
            JwtForm::Vc11 => restored(members, &claims)?,
        };
        Ok(ReadJwt { seal, claims, credential })
    }

    fn form(&self) -> Result<JwtForm, (Outcome, Detail)> {
        let refused = |name| (Outcome::Failed, Detail::of(Code::JwtHeaderRefused).with("found", name));
        let jws = CompactJws::parse(&self.compact).map_err(|_| refused("no header"))?;
        jws.algorithm().map_err(|error| match error {
            JwsError::Refused(name) => refused(name),
            JwsError::Unsupported(name) => {
                (Outcome::NotChecked, Detail::of(Code::JwtAlgorithmUnsupported).with("found", name))
            }
            JwsError::NoSignature(name) => (Outcome::Failed, Detail::of(Code::JwtAlgorithmRefused).with("found", name)),
            other => (Outcome::Failed, Detail::of(Code::ProofMalformed).with("problem", other)),
        })?;
        let other_type = |found: Option<&Value>| {
            let found = found.and_then(Value::as_str).unwrap_or("something else");
            (Outcome::Failed, Detail::of(Code::JwtTypeRefused).with("found", found))
        };
        let (typ, cty) = (self.header.get("typ"), self.header.get("cty"));
        let form = match typ.map(Value::as_str) {
            // a media type without a slash stands for the same with `application/` before it (RFC 7515 §4.1.9)
            Some(Some("vc+jwt" | "application/vc+jwt")) => JwtForm::VcJwt,
            None | Some(Some("JWT")) if self.payload.get("vc").is_some() => JwtForm::Vc11,
            None | Some(Some("JWT")) => JwtForm::OpenBadges,
            Some(_) => return Err(other_type(typ)),
        };
        match (form, cty.map(Value::as_str)) {
            (_, None) | (JwtForm::VcJwt, Some(Some("vc" | "application/vc"))) => {}
            _ => return Err(other_type(cty)),
        }
        if form == JwtForm::VcJwt && self.header.contains_key("jwk") {
            return Err(refused("jwk"));
        }
        Ok(form)
    }
}

#[cfg(test)]
mod tests {
    use super::JwtForm;

    #[test]
    fn a_report_tells_the_forms_apart() {
        assert_eq!(
            [JwtForm::VcJwt, JwtForm::OpenBadges, JwtForm::Vc11].map(JwtForm::name),
            ["vc+jwt", "ob-jwt", "vc1-jwt"]
        );
    }
}
