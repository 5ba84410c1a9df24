//! Makes one credential and its status list under a fixed did:key, signs them in every suite and prints all as one JSON object:
//! what other people's verifiers are run on. The seed is public, so nothing that it signs proves anything.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Map, Value, json};
use std::error::Error;
use time::macros::utc_datetime;
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::{Draft, Iri, StatusListCredential};
use waymark_credential::proof::{Suite, ToBeSigned, prepare, prepare_status_list};

fn main() -> Result<(), Box<dyn Error>> {
    let key = SigningKey::from_bytes(&[42; 32]);
    let public = PublicKey::did_key(key.verifying_key().to_bytes())?;
    let sign = |prepared: ToBeSigned| {
        let signature = Signature(key.sign(&prepared.bytes).to_bytes());
        prepared.attach(signature)
    };
    let issued = utc_datetime!(2026-01-02 03:04:05);
    let credential = draft(public.controller())?.complete()?;
    let list: StatusListCredential = serde_json::from_value(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://guild.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": public.controller(),
        "validFrom": "2026-01-02T03:04:05Z",
        "credentialSubject": {
            "id": "https://guild.example/status/1#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
        }
    }))?;
    let mut printed = Map::new();
    for suite in [Suite::EddsaRdfc2022, Suite::EddsaJcs2022, Suite::VcJwt] {
        let credential = sign(prepare(&credential, suite, &public, issued)?).into_string();
        let list = sign(prepare_status_list(&list, suite, &public, issued)?).into_string();
        let form =
            |text: String| if suite == Suite::VcJwt { Ok(Value::String(text)) } else { serde_json::from_str(&text) };
        printed.insert(suite.as_str().into(), json!({"credential": form(credential)?, "statusList": form(list)?}));
    }
    println!("{}", Value::Object(printed));
    Ok(())
}

fn draft(issuer: &str) -> Result<Draft, Box<dyn Error>> {
    let grade = "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c";
    Ok(Draft {
        id: Iri::parse("urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33")?,
        issuer: serde_json::from_value(json!({
            "id": issuer, "type": ["Profile"], "name": "例の会", "url": "https://guild.example", "email": "office@guild.example",
            "image": {"id": "https://guild.example/logo.png", "type": "Image"}
        }))?,
        subject: Iri::parse("urn:uuid:0e4f1a1e-0001-4c64-9d2a-6b2f6c1f0001")?,
        name: "山田 花子".into(),
        achievement: serde_json::from_value(json!({
            "id": "https://guild.example/achievements/foundations", "type": ["Achievement"], "name": "基礎",
            "description": "土台を知り、三度手を貸した", "inLanguage": "ja", "achievementType": "Certification",
            "criteria": {"id": "https://guild.example/p/foundations", "narrative": "試験に合格し、3件貢献する"},
            "image": {"id": "https://guild.example/badges/foundations.png", "type": "Image"},
            "tag": ["community", "試験"], "creditsAvailable": 1.5,
            "alignment": [{"type": ["Alignment"], "targetName": "Digital skills", "targetUrl": "https://skills.example/digital"}],
            "related": [{"id": "https://guild.example/achievements/foundations-en", "type": ["Related"], "inLanguage": "en"}],
            "resultDescription": [{"id": grade, "type": ["ResultDescription"], "name": "Points", "resultType": "RawScore",
                "valueMin": "0", "valueMax": "35", "requiredValue": "26", "allowedValue": ["26", "31", "35"]}]
        }))?,
        valid_from: utc_datetime!(2026-01-02 03:04:05),
        awarded_at: utc_datetime!(2026-01-01 18:00:00),
        valid_until: Some(utc_datetime!(2126-01-01 18:00:00)),
        evidence: serde_json::from_value(json!([
            {"id": "https://forge.example/changes/7", "type": ["Evidence"], "name": "A merged change", "genre": "change.merged"},
            {"type": ["Evidence"], "narrative": "Gave a talk"}
        ]))?,
        results: serde_json::from_value(json!([{"type": ["Result"], "resultDescription": grade, "value": "31"}]))?,
        status_list: Iri::parse("https://guild.example/status/1")?,
        status_index: 94_567,
    })
}
