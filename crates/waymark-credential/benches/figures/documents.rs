//! The documents that are measured: one credential as a track with a scale, tags and evidence issues it, and its status list.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use time::macros::utc_datetime;
use waymark_credential::Timestamp;
use waymark_credential::did::{PublishedKey, WebDid, multikey_method, web_document};
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::{Draft, Iri, StatusListCredential};
use waymark_credential::proof::{SignedBytes, Suite, ToBeSigned, prepare_status_list};
use waymark_credential::status_list::StatusList;

pub const NOW: Timestamp = utc_datetime!(2026-11-21 09:30:00);
pub const LIST: &str = "https://guild.example/status/1";

/// Who signs, on the web or by `did:key`.
pub struct Issuer {
    pub signing: SigningKey,
    pub key: PublicKey,
}

impl Issuer {
    pub fn web() -> Self {
        let signing = SigningKey::from_bytes(&[7; 32]);
        let bytes = signing.verifying_key().to_bytes();
        let did = WebDid::parse("did:web:guild.example").unwrap();
        Self { key: PublicKey::new(multikey_method(&did, &bytes), bytes).unwrap(), signing }
    }

    pub fn of_key() -> Self {
        let signing = SigningKey::from_bytes(&[7; 32]);
        Self { key: PublicKey::did_key(signing.verifying_key().to_bytes()).unwrap(), signing }
    }

    pub fn sign(&self, prepared: ToBeSigned) -> SignedBytes {
        let signature = Signature(self.signing.sign(&prepared.bytes).to_bytes());
        prepared.attach(signature)
    }

    /// The DID document of [`Issuer::web`].
    pub fn document(&self) -> Vec<u8> {
        let did = WebDid::parse(self.key.controller()).unwrap();
        let published = PublishedKey { key: *self.key.bytes(), expires: None, revoked: None };
        web_document(&did, &[published]).to_string().into_bytes()
    }

    pub fn list(&self) -> Vec<u8> {
        self.sign_list(&bits())
    }

    /// The list as it is published.
    pub fn sign_list(&self, bits: &StatusList) -> Vec<u8> {
        let list: StatusListCredential = typed(json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": LIST, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.key.controller(), "validFrom": "2026-11-21T09:00:00Z", "validUntil": "2026-11-22T09:00:00Z",
            "credentialSubject": {"id": format!("{LIST}#list"), "type": "BitstringStatusList",
                "statusPurpose": "revocation", "ttl": 3_600_000, "encodedList": bits.encode()}
        }));
        let prepared = prepare_status_list(&list, Suite::EddsaRdfc2022, &self.key, NOW).unwrap();
        self.sign(prepared).into_string().into_bytes()
    }
}

/// A list with one place in a hundred set, scattered as revocations are.
pub fn bits() -> StatusList {
    let mut bits = StatusList::new(131_072).unwrap();
    (0..131_072).step_by(97).for_each(|index| bits.set(index).unwrap());
    bits
}

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

pub fn draft(issuer: &Issuer) -> Draft {
    let scale = "urn:uuid:a70ddc6a-4c4a-4bd8-8277-cb97c79f40c5";
    Draft {
        id: Iri::parse("urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33").unwrap(),
        issuer: typed(json!({
            "id": issuer.key.controller(), "type": ["Profile"], "name": "Example Guild",
            "url": "https://guild.example", "email": "office@guild.example", "description": "A guild of examples",
            "image": {"id": "https://guild.example/logo.png", "type": "Image", "caption": "A lighthouse"}
        })),
        subject: Iri::parse("urn:uuid:0e4f1a1e-0001-4c64-9d2a-6b2f6c1f0001").unwrap(),
        name: "山田 花子".into(),
        achievement: typed(json!({
            "id": "https://guild.example/achievements/foundations", "type": ["Achievement"],
            "name": "Foundations", "description": "Knows the ground rules of the guild", "inLanguage": "en",
            "achievementType": "Certification", "humanCode": "F-1", "version": "2026.1",
            "criteria": {"id": "https://guild.example/p/foundations",
                "narrative": "Pass the exam and give three contributions that others find useful"},
            "image": {"id": "https://guild.example/badges/foundations.png", "type": "Image"},
            "tag": ["community", "foundations"],
            "alignment": [{"type": ["Alignment"], "targetName": "Digital skills", "targetUrl": "https://skills.example/d",
                "targetFramework": "Skills"}],
            "resultDescription": [{"id": scale, "type": ["ResultDescription"], "name": "Points", "resultType": "RawScore",
                "valueMin": "0", "valueMax": "35", "requiredValue": "26"}]
        })),
        valid_from: NOW,
        awarded_at: utc_datetime!(2026-11-20 18:00:00),
        valid_until: Some(utc_datetime!(2029-11-20 18:00:00)),
        evidence: typed(
            json!([{"id": "https://forge.example/changes/7", "type": ["Evidence"], "name": "A merged change"}]),
        ),
        results: Vec::new(),
        status_list: Iri::parse(LIST).unwrap(),
        status_index: 94_568,
    }
}
