//! Signing what a suite sends: filled in where it leaves room, then intended, sealed and checked like everything that is signed here.

use serde_json::{Value, json};
use waymark_credential::model::{Cryptosuite, Fault, Invalid};
use waymark_credential::open::{ProofOptions, prepare_open};

use super::lists::{self, Purpose};
use super::resources;
use super::signer::{sealed, signer};
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::entropy;
use crate::error::Result;
use crate::signing::{self, Purpose as KeyPurpose};

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const V1: &str = "https://www.w3.org/2018/credentials/v1";
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// What a suite may ask for besides the credential. What is not known here is left aside, as the contract says.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub cryptosuite: Option<String>,
    pub credential_id: Option<String>,
    /// `revocation`, `suspension`, or nothing for no status at all.
    pub status: Option<Purpose>,
    pub proof: ProofOptions,
}

impl Options {
    pub fn read(value: Option<&Value>) -> Self {
        let text = |name: &str| value?.get(name)?.as_str().map(str::to_owned);
        let none = value.and_then(|v| v.get("credentialStatus")).is_some_and(|wanted| *wanted == false);
        let purpose = text("statusPurpose").and_then(|purpose| Purpose::parse(&purpose)).unwrap_or(Purpose::Revocation);
        Self {
            cryptosuite: text("cryptosuite"),
            credential_id: text("credentialId"),
            status: Some(purpose).filter(|_| !none),
            proof: ProofOptions { domain: text("domain"), challenge: text("challenge") },
        }
    }
}

/// The signed credential; the inner error says what is wrong with what was sent.
pub(super) async fn issue(app: &App, credential: &Value, options: &Options) -> Result<Result<Value, Invalid>> {
    let fault = |pointer: &str, problem: &str| {
        Ok(Err(Invalid(vec![Fault { pointer: pointer.to_owned(), problem: problem.to_owned() }])))
    };
    let suite = options.cryptosuite.as_deref().unwrap_or(Cryptosuite::EddsaRdfc2022.name());
    let Some(suite) = Cryptosuite::of(suite) else {
        return fault("/options/cryptosuite", "must be eddsa-rdfc-2022 or eddsa-jcs-2022");
    };
    let Value::Object(members) = credential else { return fault("/credential", "must be an object") };
    let mut document = members.clone();
    let signer = signer(app).await?;
    if !document.contains_key("issuer") {
        document.insert("issuer".to_owned(), json!(signer.public.controller()));
    }
    if let Some(Value::Object(issuer)) = document.get_mut("issuer").filter(|issuer| issuer.get("id").is_none()) {
        issuer.insert("id".to_owned(), json!(signer.public.controller()));
    }
    if !document.contains_key("id") {
        let id = options.credential_id.clone().unwrap_or_else(|| fresh_id(app));
        document.insert("id".to_owned(), json!(id));
    }
    let base = document.get("@context").and_then(|contexts| contexts.get(0)).and_then(Value::as_str);
    let (older, newer) = (base == Some(V1), base == Some(V2));
    if older
        && let Some(Value::Array(contexts)) = document.get_mut("@context")
        && !contexts.iter().any(|context| context == DATA_INTEGRITY)
    {
        // the terms of the proof are not in the older base context
        contexts.push(json!(DATA_INTEGRITY));
    }
    // everything that can be wrong is found before a place in a list is taken
    let unsigned = Value::Object(document.clone());
    if let Err(invalid) = prepare_open(&unsigned, suite, &signer.public, app.db.now(), &options.proof) {
        return Ok(Err(invalid));
    }
    if let Some(url) = resources::altered(app, &unsigned).await {
        return fault("/relatedResource", &format!("{url} is not what the digest says"));
    }
    let id = document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut ch = app.db.change(Actor::System("vc_api"), Kind::Ordinary).await?;
    if let Some(purpose) = options.status.filter(|_| newer && !document.contains_key("credentialStatus")) {
        let entry = lists::take_place(app, &ch, &id, purpose).await?;
        document.insert("credentialStatus".to_owned(), entry);
    }
    let prepared = prepare_open(&Value::Object(document), suite, &signer.public, ch.now, &options.proof);
    let payload = match prepared {
        Ok(payload) => payload,
        Err(invalid) => return Ok(Err(invalid)),
    };
    let intent = signing::intend(&mut ch, KeyPurpose::Conformance, signer.key, &payload, &id).await?;
    ch.commit().await?;
    Ok(Ok(serde_json::from_str(&sealed(app, intent).await?)?))
}

fn fresh_id(app: &App) -> String {
    let bytes: [u8; 16] = entropy::bytes(app.db.entropy.as_ref());
    format!("urn:uuid:{}", uuid::Builder::from_random_bytes(bytes).into_uuid())
}
