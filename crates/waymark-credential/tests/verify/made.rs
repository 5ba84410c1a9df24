//! Issuers with fixed keys, what they sign, and a world that answers wants.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use waymark_credential::{
    Timestamp,
    canonical::{canonical_json, canonical_n_quads},
    did::{PublishedKey, WebDid, jwk_method, multikey_method, web_document},
    key::{PublicKey, Signature},
    status_list::StatusList,
    verify::{KeyUse, OwnKey, OwnRecord, Policy, Report, Supply, Unreadable, Verification, Want},
};

pub const NOW: &str = "2026-06-01T00:00:00Z";
pub const LIST: &str = "https://guild.example/status/1";
pub const INDEX: u64 = 94_567;

pub fn at(text: &str) -> Timestamp {
    OffsetDateTime::parse(text, &Rfc3339).unwrap().into()
}

/// Somebody with a key.
#[derive(Clone)]
pub struct Party {
    pub signing: SigningKey,
    /// The issuer's identifier.
    pub id: String,
    /// What an embedded proof names.
    pub method: String,
    /// What a JWT names.
    pub kid: String,
}

impl Party {
    pub fn of_key(seed: u8) -> Self {
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let key = PublicKey::did_key(signing.verifying_key().to_bytes()).unwrap();
        let method = key.verification_method().to_owned();
        Self { signing, id: key.controller().to_owned(), kid: method.clone(), method }
    }

    pub fn of_web(host: &str, seed: u8) -> Self {
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let did = WebDid::parse(&format!("did:web:{host}")).unwrap();
        let key = signing.verifying_key().to_bytes();
        Self { id: did.to_string(), method: multikey_method(&did, &key), kid: jwk_method(&did, &key), signing }
    }

    /// An issuer whose identifier is an https address.
    pub fn of_address(url: &str, seed: u8) -> Self {
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let method = format!("{url}#key-1");
        Self { signing, id: url.to_owned(), kid: method.clone(), method }
    }

    pub fn key(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.signing.sign(bytes).to_bytes())
    }

    pub fn published(&self) -> PublishedKey {
        PublishedKey { key: self.key(), expires: None, revoked: None }
    }

    /// The DID document that lists `keys`.
    pub fn document(&self, keys: &[PublishedKey]) -> Value {
        web_document(&WebDid::parse(&self.id).unwrap(), keys)
    }

    /// A signed copy of `document`, `eddsa-rdfc-2022`.
    pub fn embed(&self, document: &Value) -> Value {
        self.embed_as(document, &json!({}))
    }

    /// The same with other members in the proof's options; null takes one away.
    pub fn embed_as(&self, document: &Value, options: &Value) -> Value {
        let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
            "created": document.get("validFrom").cloned().unwrap_or(json!("2026-01-01T00:00:00Z")),
            "verificationMethod": self.method, "proofPurpose": "assertionMethod"});
        proof.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        proof.as_object_mut().unwrap().retain(|_, option| !option.is_null());
        let hashes = hash(&proof, document);
        proof["proofValue"] = json!(self.sign(&hashes).multibase());
        let mut signed = document.clone();
        signed["proof"] = json!([proof]);
        signed
    }

    /// A compact `vc+jwt`.
    pub fn jwt(&self, payload: &Value) -> String {
        self.jwt_as(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": self.kid}), payload.to_string().as_bytes())
    }

    /// The same with any header and any payload bytes.
    pub fn jwt_as(&self, header: &Value, payload: &[u8]) -> String {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let input = format!("{}.{}", encode(header.to_string().as_bytes()), encode(payload));
        format!("{input}.{}", encode(&self.sign(input.as_bytes()).0))
    }
}

/// The hash of the proof options, then that of the document (VC-DI-EDDSA §3.2.4, §3.3.4), whether the document makes sense
/// or not: canonical JSON for `eddsa-jcs-2022`, canonical N-Quads for all else.
fn hash(proof: &Value, document: &Value) -> Vec<u8> {
    let contexts: Vec<&str> =
        document["@context"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    let canonical = |value: &Value| match proof["cryptosuite"] == "eddsa-jcs-2022" {
        true => canonical_json(value),
        false => canonical_n_quads(value, &contexts).unwrap_or_default(),
    };
    [Sha256::digest(canonical(proof)), Sha256::digest(canonical(document))].concat()
}

/// The guild, on the web.
pub fn guild() -> Party {
    Party::of_web("guild.example", 1)
}

/// The policy of the guild's own server, which uses its key for credentials and lists, and a second one for lists only.
pub fn own() -> Policy {
    let own_keys = vec![
        OwnKey { key: guild().key(), uses: vec![KeyUse::Credential, KeyUse::StatusList] },
        OwnKey { key: lists_key().key(), uses: vec![KeyUse::StatusList] },
    ];
    Policy { own_issuers: vec![guild().id], own_keys, ..Policy::product() }
}

/// The guild's second key.
pub fn lists_key() -> Party {
    Party::of_web("guild.example", 7)
}

/// The hash by which an intent for the bytes of this signature is known: of what the first proof signs, or of `header.payload`.
pub fn intent_of(signed: &str) -> String {
    let message = match serde_json::from_str::<Value>(signed) {
        Err(_) => signed.rsplit_once('.').unwrap().0.as_bytes().to_vec(),
        Ok(mut document) => {
            let mut proof = document["proof"][0].take();
            document.as_object_mut().unwrap().remove("proof");
            proof.as_object_mut().unwrap().remove("proofValue");
            hash(&proof, &document)
        }
    };
    Sha256::digest(message).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the guild issues: the credential of the contract, unsigned.
pub fn credential(issuer: &Party) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Foundations",
        "issuer": {"id": issuer.id, "type": ["Profile"], "name": "Example Guild", "url": "https://guild.example"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
        "awardedDate": "2025-12-31T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0d0a2b2e-7c37-4a8e-8f0e-1f6a7d0f3c02",
            "type": ["AchievementSubject"],
            "name": "山田 太郎",
            "identifier": [{"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "山田 太郎"}],
            "achievement": {
                "id": "https://guild.example/achievements/foundations",
                "type": ["Achievement"],
                "name": "Foundations",
                "description": "Passed the exam and gave three contributions.",
                "achievementType": "Certification",
                "criteria": {"narrative": "Pass the exam and give three contributions."},
                "inLanguage": "en",
                "resultDescription": [{"id": "urn:uuid:7b1c8a56-52ac-4f6e-8a5d-2f4f5c1d8e03", "type": ["ResultDescription"],
                    "name": "Score", "resultType": "Percent", "valueMin": "0", "valueMax": "100"}]
            },
            "result": [{"type": ["Result"], "resultDescription": "urn:uuid:7b1c8a56-52ac-4f6e-8a5d-2f4f5c1d8e03", "value": "91"}]
        },
        "evidence": [{"id": "https://guild.example/evidence/9", "type": ["Evidence"], "name": "Three accepted changes"}],
        "credentialStatus": {"id": format!("{LIST}#{INDEX}"), "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": INDEX.to_string(), "statusListCredential": LIST}
    })
}

/// A status list of `issuer`, unsigned, with the given entries set.
pub fn list(issuer: &Party, set: &[u64]) -> Value {
    let mut bits = StatusList::new(131_072).unwrap();
    for index in set {
        bits.set(*index).unwrap();
    }
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": "2026-05-31T12:00:00Z",
        "validUntil": "2026-06-01T12:00:00Z",
        "credentialSubject": {"id": format!("{LIST}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": bits.encode()}
    })
}

/// What is out there for a verifier to find.
#[derive(Clone, Default)]
pub struct World {
    pub found: Vec<(Want, Vec<u8>)>,
    pub record: Option<OwnRecord>,
    /// Addresses of Open Badges 2.0 that answer 410.
    pub gone: Vec<String>,
    /// The intents that our records hold; None where nobody asks them.
    pub intents: Option<Vec<String>>,
    /// When the copies were fetched; the moment of verifying if nothing is said.
    pub fetched_at: Option<Timestamp>,
}

impl World {
    /// The guild's document and its list with the given entries set.
    pub fn of_guild(set: &[u64]) -> Self {
        let guild = guild();
        Self::default()
            .with_document(&guild, &guild.document(&[guild.published()]))
            .with_list(&guild.embed(&list(&guild, set)))
    }

    pub fn with_document(mut self, party: &Party, document: &Value) -> Self {
        let want = match party.id.starts_with("did:") {
            true => Want::DidDocument(party.id.clone()),
            false => Want::KeyDocument(party.id.clone()),
        };
        self.found.retain(|(found, _)| *found != want);
        self.found.push((want, document.to_string().into_bytes()));
        self
    }

    /// What stands at an https address for keys.
    pub fn with_key_document(mut self, url: &str, document: &Value) -> Self {
        let want = Want::KeyDocument(url.to_owned());
        self.found.retain(|(found, _)| *found != want);
        self.found.push((want, document.to_string().into_bytes()));
        self
    }

    pub fn with_list(self, list: &Value) -> Self {
        self.with_list_bytes(list.to_string().into_bytes())
    }

    pub fn with_list_bytes(mut self, bytes: Vec<u8>) -> Self {
        let want = Want::StatusList(LIST.into());
        self.found.retain(|(found, _)| *found != want);
        self.found.push((want, bytes));
        self
    }

    /// An Open Badges 2.0 document at its address.
    pub fn with_hosted(mut self, url: &str, document: &Value) -> Self {
        let want = Want::HostedDocument(url.into());
        self.found.retain(|(found, _)| *found != want);
        self.found.push((want, document.to_string().into_bytes()));
        self
    }

    pub fn with_record(mut self, record: OwnRecord) -> Self {
        self.record = Some(record);
        self
    }

    /// Our records hold the intents of these signed documents and no others.
    pub fn with_intents(mut self, signed: &[&str]) -> Self {
        self.intents = Some(signed.iter().map(|signed| intent_of(signed)).collect());
        self
    }

    pub fn answer(&self, want: &Want, now: Timestamp) -> Supply {
        if let (Want::OwnRecord(_), Some(record)) = (want, self.record) {
            return Supply::Record(record);
        }
        if matches!(want, Want::HostedDocument(url) if self.gone.contains(url)) {
            return Supply::Gone;
        }
        if let Want::OwnIntent(hash) = want {
            return self.intents.as_ref().map_or(Supply::NotAsked, |known| Supply::Intended(known.contains(hash)));
        }
        match self.found.iter().find(|(found, _)| found == want) {
            Some((_, bytes)) => Supply::Found { bytes: bytes.clone(), fetched_at: self.fetched_at.unwrap_or(now) },
            None => Supply::Unreachable("404".into()),
        }
    }

    /// Drives one verification to its end.
    pub fn verify(&self, input: &[u8], policy: &Policy, now: Timestamp) -> Result<Report, Unreadable> {
        let mut verification = Verification::open(input, policy, now)?;
        let mut asked = 0;
        while let Some(want) = verification.wants().first().cloned() {
            asked += 1;
            assert!(asked <= waymark_credential::verify::MAX_WANTS, "too many wants");
            verification.supply(&want, self.answer(&want, now));
        }
        Ok(verification.report())
    }
}
