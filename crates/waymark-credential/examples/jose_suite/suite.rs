//! Issuing and verifying `vc+jwt` and `vp+jwt` (VC-JOSE-COSE §3.1) with the key that is handed over.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use waymark_credential::{proof::CompactJws, strict_json};

use super::{
    document::{self, Kind},
    method::Method,
};

/// The most bytes of a document.
const MAX: usize = 1024 * 1024;

/// What is written to the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub result: &'static str,
    /// The JWT that was issued, or why not.
    pub data: String,
}

impl Answer {
    fn success(data: impl Into<String>) -> Self {
        Self { result: "success", data: data.into() }
    }

    fn failure(data: impl Into<String>) -> Self {
        Self { result: "failure", data: data.into() }
    }

    pub fn error(data: impl Into<String>) -> Self {
        Self { result: "error", data: data.into() }
    }

    pub fn to_json(&self) -> Value {
        json!({"result": self.result, "data": self.data})
    }
}

/// Answers one question of the suite; `input` and `key` are the texts of the files.
pub fn run(action: &str, feature: &str, input: &str, key: &str) -> Answer {
    let kind = match feature {
        "credential_jose" => Kind::Credential,
        "presentation_jose" => Kind::Presentation,
        other => return Answer { result: "indeterminate", data: format!("the feature {other} is not supported") },
    };
    let method = match Method::read(key) {
        Ok(method) => method,
        Err(problem) => return Answer::error(format!("the key: {problem}")),
    };
    let done = match action {
        "issue" => issue(kind, input, &method),
        "verify" => verify(kind, input.trim(), &method).map(|()| String::new()),
        other => return Answer::error(format!("{other} is neither issue nor verify")),
    };
    done.map_or_else(Answer::failure, Answer::success)
}

fn issue(kind: Kind, input: &str, method: &Method) -> Result<String, String> {
    let document = strict_json::parse(input.as_bytes(), MAX).map_err(|error| error.to_string())?;
    document::check(kind, &document)?;
    let header = json!({"alg": method.key.algorithm().as_str(), "cty": kind.content(), "kid": method.id, "typ": kind.media_type()});
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&document));
    let signature = method.sign(signed.as_bytes())?;
    let jwt = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature));
    Ok(jwt)
}

fn verify(kind: Kind, jwt: &str, method: &Method) -> Result<(), String> {
    let jws = CompactJws::parse(jwt).map_err(|error| error.to_string())?;
    let document = opened(kind, &jws)?;
    document::check(kind, &document)?;
    let kid = jws.header().get("kid").map(|kid| kid.as_str().unwrap_or_default());
    if kid.is_some_and(|kid| !method.is_called(kid)) {
        return Err("the header names another key than the one that is given".into());
    }
    match jws.is_signed_by(&method.key) {
        Ok(true) => {}
        Ok(false) => return Err("the signature does not fit the content".into()),
        Err(error) => return Err(error.to_string()),
    }
    if kind == Kind::Presentation {
        document::check_other_forms(&document)?;
        for jwt in document::credential_jwts(&document) {
            enclosed(jwt, method).map_err(|problem| format!("a credential in the presentation: {problem}"))?;
        }
    }
    Ok(())
}

/// A credential inside a presentation. Its signature is checked where its key is at hand; the suite gives only the presenter's.
fn enclosed(jwt: &str, method: &Method) -> Result<(), String> {
    let jws = CompactJws::parse(jwt).map_err(|error| error.to_string())?;
    let kid = jws.header().get("kid").and_then(Value::as_str).unwrap_or_default();
    if method.is_called(kid) {
        return verify(Kind::Credential, jwt, method);
    }
    document::check(Kind::Credential, &opened(Kind::Credential, &jws)?)
}

/// The payload, if the header is one for `kind` and the registered claims fit.
fn opened(kind: Kind, jws: &CompactJws<'_>) -> Result<Value, String> {
    jws.algorithm().map_err(|error| error.to_string())?;
    let said = |name: &str| jws.header().get(name).map(|value| value.as_str().unwrap_or_default());
    if jws.header().contains_key("jwk") {
        return Err("the header brings its own key".into());
    }
    if said("typ") != Some(kind.media_type()) {
        return Err(format!("typ is not {}", kind.media_type()));
    }
    if said("cty").is_some_and(|cty| cty != kind.content()) {
        return Err(format!("cty is not {}", kind.content()));
    }
    let payload = strict_json::parse(jws.payload(), MAX).map_err(|error| error.to_string())?;
    document::without_claims(kind, payload)
}
