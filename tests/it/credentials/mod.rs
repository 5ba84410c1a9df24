//! The life of a credential, from award to revocation, with crashes, races and hostile hands in between.

mod backup;
mod compromise;
mod crash;
mod documents;
mod fsck;
mod idempotency;
mod issuing;
mod key_pages;
mod keyring;
mod limits;
mod lists;
pub mod pages;
mod reissue;
mod renew;
mod replace;
mod rotation;
mod sealed;
mod single;
mod standing;

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::credentials::{self, Award, Awarded, Basis};
use waymark::database::Kind;
use waymark::ids::{self, CredentialId, MemberId, ProposalId, TrackVersionId};
use waymark::issuer::{self, IssuerProfile};
use waymark::members;
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;
use waymark_credential::verify::{OwnRecord, Policy, Report, Supply, Verification, Want};

use crate::support::{Store, TestApp};

/// An installation with an issuer, one track and a key.
pub struct Guild {
    pub test: TestApp,
    pub version: TrackVersionId,
}

impl Guild {
    pub async fn start(store: Store) -> Self {
        let guild = Self::without_key(store).await;
        issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("a key is made");
        guild
    }

    /// One that signs under `did:web:guild.example`, with a key each for credentials and lists.
    pub async fn on_the_web(store: Store) -> Self {
        let test =
            TestApp::start_with(store, |config| config.base_url = "https://guild.example".parse().expect("a URL"))
                .await;
        let guild = Self::in_app(test).await;
        issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("keys are made");
        guild
    }

    pub async fn without_key(store: Store) -> Self {
        let test = TestApp::start_with(store, |config| config.issuer.did_method = DidMethod::Key).await;
        Self::in_app(test).await
    }

    pub async fn in_app(test: TestApp) -> Self {
        let profile = IssuerProfile::from_value(&json!({
            "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example", "email": "office@guild.example"},
            "time_zone": "Asia/Tokyo", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}"
        }))
        .expect("a profile");
        let track = TrackDefinition::from_value(&json!({
            "slug": "foundations", "kind": "certification",
            "title": {"ja": "基礎", "en": "Foundations"},
            "criteria": {"ja": "3件貢献する", "en": "Give three contributions"},
            "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": 3, "window": {"days": 365}}}]},
            "validity": {"months": 36}, "template": "hexagon", "achievement_type": "Certification"
        }))
        .expect("a track");
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &profile).await.expect("kept");
        let by = issuer::default_issuer(ch.tx()).await.expect("read").expect("there is one");
        let version = tracks::publish(&mut ch, by.id, &track).await.expect("published").expect("new");
        ch.commit().await.expect("committed");
        Self { test, version }
    }

    pub async fn member(&self, email: &str, locale: Locale) -> MemberId {
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let member = members::find_or_enrol(&mut ch, email, "七瀬 ひかり", locale).await.expect("enrolled");
        ch.commit().await.expect("committed");
        member.id
    }

    /// T1 alone: awarded and committed, not signed.
    pub async fn award(&self, member: MemberId) -> CredentialId {
        let db = &self.test.app.db;
        let mut ch = db.change(Actor::System("test"), Kind::Privileged).await.expect("the door opens");
        let award = self.approved(member, ch.now);
        match credentials::award(&self.test.app, &mut ch, award).await.expect("awarded") {
            Awarded::New { credential, .. } => {
                ch.commit().await.expect("committed");
                credential
            }
            Awarded::Held(held) => held.id,
        }
    }

    pub fn approved(&self, member: MemberId, awarded_at: waymark::clock::Timestamp) -> Award {
        let db = &self.test.app.db;
        Award {
            basis: Basis::Approved(ids::fresh::<ProposalId>(db.now(), db.entropy.as_ref())),
            member,
            version: self.version,
            term: 1,
            awarded_at,
            valid_until: None,
            evidence: vec![],
            results: vec![],
        }
    }

    /// Awarded and released.
    pub async fn released(&self, email: &str) -> credentials::Credential {
        let id = self.award(self.member(email, Locale::Ja).await).await;
        assert!(credentials::release(&self.test.app, id).await.expect("released"));
        self.credential(id).await
    }

    pub async fn credential(&self, id: CredentialId) -> credentials::Credential {
        credentials::find(self.test.app.db.read(), id).await.expect("there")
    }

    /// Posts JSON with a key of the role and, for issuing, an idempotency key.
    pub async fn post(&self, key: &str, path: &str, idempotency: Option<&str>, body: &Value) -> (u16, Value) {
        let mut request = self.test.http.post(self.test.url(path)).bearer_auth(key).json(body);
        if let Some(value) = idempotency {
            request = request.header("idempotency-key", value);
        }
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, key: &str, path: &str) -> (u16, Value) {
        let answer = self.test.http.get(self.test.url(path)).bearer_auth(key).send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// What a stranger's verifier finds: keys and lists over HTTP, no records of ours.
    pub async fn as_stranger(&self, signed: &str) -> Report {
        self.verify(signed, Policy::product(), None).await
    }

    /// The policy of this installation's own verifier.
    pub async fn own_policy(&self) -> Policy {
        let identity = issuer::identity(self.test.app.db.read(), &self.test.app.config).await.expect("known");
        Policy { own_issuers: vec![identity.did().to_owned()], own_keys: identity.own_keys(), ..Policy::product() }
    }

    /// What this installation's verifier answers a stranger: the state, and what it found about the key.
    pub async fn judges(&self, signed: &str) -> (String, String) {
        let credential = serde_json::from_str(signed).unwrap_or_else(|_| Value::String(signed.to_owned()));
        let call = self.test.http.post(self.test.url("/api/v1/verifications")).json(&json!({"credential": credential}));
        let report: Value = call.send().await.expect("answered").json().await.expect("JSON");
        let checks = report["checks"].as_array().expect("checks");
        let key = checks.iter().find(|check| check["id"] == "issuer_key").expect("a check");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&report["state"]), text(&key["code"]))
    }

    /// What anybody finds who has the published documents alone: the DID document and the list as they are served now.
    pub async fn by_the_documents(&self, signed: &str) -> Report {
        let now = self.test.app.db.now();
        let fetch = async |url: &str| {
            let path = url.strip_prefix("https://guild.example").expect("ours");
            let answer = self.test.http.get(self.test.url(path)).send().await.expect("answered");
            Supply::Found { bytes: answer.bytes().await.expect("read").to_vec(), fetched_at: now }
        };
        let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), now).expect("a credential");
        while let Some(want) = verification.wants().first().cloned() {
            let supply = match &want {
                Want::DidDocument(_) => fetch("https://guild.example/.well-known/did.json").await,
                Want::StatusList(url) => fetch(url).await,
                _ => Supply::NotAsked,
            };
            verification.supply(&want, supply);
        }
        verification.report()
    }

    pub async fn verify(&self, signed: &str, policy: Policy, record: Option<OwnRecord>) -> Report {
        let now = self.test.app.db.now();
        let mut verification = Verification::open(signed.as_bytes(), &policy, now).expect("a credential");
        while let Some(want) = verification.wants().first().cloned() {
            let supply = match &want {
                Want::StatusList(url) => {
                    let answer = self.test.http.get(url).send().await.expect("answered");
                    Supply::Found { bytes: answer.bytes().await.expect("read").to_vec(), fetched_at: now }
                }
                Want::OwnRecord(_) => record.map_or(Supply::NotAsked, Supply::Record),
                _ => Supply::NotAsked,
            };
            verification.supply(&want, supply);
        }
        verification.report()
    }

    pub async fn signed(&self, known: &credentials::Credential) -> (String, String) {
        let db = self.test.app.db.read();
        (
            credentials::signed_json(db, known).await.expect("signed"),
            credentials::signed_jwt(db, known).await.expect("signed"),
        )
    }

    pub async fn admin(&self) -> String {
        self.test.api_key(Role::Admin).await
    }
}
