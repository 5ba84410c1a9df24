//! The registered claims of a JWT beside the credential it carries: what they repeat must be what the credential says.

use serde_json::{Map, Value};

use super::{
    detail::{Code, Detail},
    jwt::JwtForm,
    report::{CheckId, Outcome},
    shape::Refusal,
};
use crate::{Timestamp, model::DateTime};

/// The registered claims that may stand beside the credential's own members (RFC 7519 §4.1).
const REGISTERED: [&str; 6] = ["iss", "sub", "jti", "nbf", "exp", "iat"];

/// The first context of VC 2.0, which names the dates differently.
const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";

/// The registered claims of one JWT.
#[derive(Debug, Clone)]
pub(super) struct JwtClaims {
    form: JwtForm,
    claims: Map<String, Value>,
}

/// The payload's own members and, apart, the registered claims.
pub(super) fn part_claims(payload: Value, form: JwtForm) -> (Value, JwtClaims) {
    let Value::Object(members) = payload else { return (payload, JwtClaims { form, claims: Map::new() }) };
    let (claims, own) = members.into_iter().partition(|(name, _)| REGISTERED.contains(&name.as_str()));
    (Value::Object(own), JwtClaims { form, claims })
}

/// The names of the dates of `credential`.
fn date_names(credential: &Value) -> [&'static str; 2] {
    match credential.get("@context").and_then(|contexts| contexts.get(0)) {
        Some(first) if first == CREDENTIALS_V2 => ["validFrom", "validUntil"],
        _ => ["issuanceDate", "expirationDate"],
    }
}

/// The credential of the claim `vc`, with what only the registered claims say (VC 1.1 §6.3.1): id, issuer, dates, the subject's id.
pub(super) fn restored(mut members: Value, claims: &JwtClaims) -> Result<Value, Refusal> {
    let unexpected =
        |problem: &str| (CheckId::Shape, Outcome::Failed, Detail::of(Code::ShapeUnexpected).with("problem", problem));
    let vc = members.as_object_mut().and_then(|members| members.remove("vc"));
    let Some(Value::Object(mut credential)) = vc else { return Err(unexpected("the claim vc is not an object")) };
    // another claim may mean something, such as for whom the JWT is
    if let Some(name) = members.as_object().and_then(|others| others.keys().next()) {
        return Err(unexpected(&format!("the claim {name} beside vc")));
    }
    let [begins, ends] = date_names(&Value::Object(credential.clone()));
    let date =
        |name| claims.claims.get(name).and_then(Value::as_i64).and_then(|at| Timestamp::from_unix_timestamp(at).ok());
    let said = [
        ("id", claims.claims.get("jti").cloned()),
        (begins, date("nbf").map(|at| DateTime::seconds(at).as_str().into())),
        (ends, date("exp").map(|at| DateTime::seconds(at).as_str().into())),
    ];
    for (member, value) in said {
        if let Some(value) = value {
            credential.entry(member).or_insert(value);
        }
    }
    for (claim, member) in [("iss", "issuer"), ("sub", "credentialSubject")] {
        let Some(id) = claims.claims.get(claim) else { continue };
        match credential.get_mut(member) {
            Some(Value::Object(object)) => {
                object.entry("id").or_insert_with(|| id.clone());
            }
            Some(_) => {}
            None if member == "issuer" => {
                credential.insert(member.into(), id.clone());
            }
            None => {}
        }
    }
    Ok(Value::Object(credential))
}

impl JwtClaims {
    /// Why the claims do not stand beside `credential`: the first one that says something else, or that its form must have and that is
    /// missing. A claim of the wrong type contradicts; it does not count as absent.
    pub fn fault(&self, credential: &Value) -> Option<Detail> {
        let seconds = |name: &str| {
            let date = credential.get(name).and_then(Value::as_str)?;
            Some(Value::from(DateTime::parse(date).ok()?.at().unix_timestamp()))
        };
        let [begins, ends] = date_names(credential);
        let subject = match credential.get("credentialSubject") {
            Some(Value::Array(subjects)) if subjects.len() == 1 => subjects[0].get("id").cloned(),
            subject => subject.and_then(|subject| subject.get("id")).cloned(),
        };
        let expected = |name: &str| match name {
            "iss" => credential.get("issuer").map(|issuer| issuer.get("id").unwrap_or(issuer).clone()),
            "sub" => subject.clone(),
            "jti" => credential.get("id").cloned(),
            "nbf" => seconds(begins),
            "exp" => seconds(ends),
            _ => self.claims.get(name).filter(|claim| claim.is_i64()).cloned(),
        };
        let of = |code, claim: &str| Some(Detail::of(code).with("claim", claim));
        for name in REGISTERED {
            match self.claims.get(name) {
                Some(claim) if expected(name).as_ref() != Some(claim) => return of(Code::JwtClaimContradicts, name),
                // Open Badges 3.0 §8.2.4.1: these repeat the credential; `sub` where the subject has an id to repeat
                None if self.form == JwtForm::OpenBadges
                    && (["iss", "jti", "nbf"].contains(&name) || name == "sub" && subject.is_some()) =>
                {
                    return of(Code::JwtClaimMissing, name);
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn registered_claims_name_an_issuer_but_make_no_subject() {
        let payload = json!({"iss": "did:example:i", "sub": "did:example:s", "vc": {"type": ["VerifiableCredential"]}});
        let (members, claims) = part_claims(payload, JwtForm::Vc11);
        let credential = restored(members, &claims).expect("an object in vc");
        assert_eq!(credential, json!({"type": ["VerifiableCredential"], "issuer": "did:example:i"}));
    }

    #[test]
    fn the_dates_are_called_as_the_first_context_calls_them() {
        for (context, [begins, ends]) in [
            (CREDENTIALS_V2, ["validFrom", "validUntil"]),
            ("https://www.w3.org/2018/credentials/v1", ["issuanceDate", "expirationDate"]),
        ] {
            let payload = json!({"nbf": 1_767_225_600, "exp": 1_798_761_600, "vc": {"@context": [context]}});
            let (members, claims) = part_claims(payload, JwtForm::Vc11);
            let credential = restored(members, &claims).expect("an object in vc");
            let dated = json!({"@context": [context], begins: "2026-01-01T00:00:00Z", ends: "2027-01-01T00:00:00Z"});
            assert_eq!(credential, dated);
            assert_eq!(claims.fault(&credential), None);
            let other = json!({"@context": [context], begins: "2026-01-01T00:00:01Z", ends: "2027-01-01T00:00:00Z"});
            assert_eq!(claims.fault(&other).map(|fault| fault.code), Some(Code::JwtClaimContradicts));
        }
    }

    #[test]
    fn sub_names_the_only_subject_of_a_list_and_none_of_several() {
        let (_, claims) = part_claims(json!({"sub": "did:example:s"}), JwtForm::Vc11);
        let fault = |subjects: Value| claims.fault(&json!({"credentialSubject": subjects})).map(|fault| fault.code);
        let one = json!({"id": "did:example:s"});
        assert_eq!(fault(json!([one])), None);
        assert_eq!(fault(one.clone()), None);
        assert_eq!(fault(json!([one, {"id": "did:example:t"}])), Some(Code::JwtClaimContradicts));
        assert_eq!(fault(json!([{"id": "did:example:t"}])), Some(Code::JwtClaimContradicts));
    }
}
