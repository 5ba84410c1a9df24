//! What every parser promises of any bytes: an answer, no panic, and the same answer by two ways where there are two. `fuzz/` runs these bodies
//! under libFuzzer, `main.rs` over a fixed number of seeded inputs.

use serde_json::Value;
use waymark_credential::bake::{png, svg};
use waymark_credential::canonical::{canonical_json, canonical_n_quads, canonical_typed, short_n_quads};
use waymark_credential::did::{ControllerDocument, Did, WebDid};
use waymark_credential::key::{decode_base58btc, encode_base58btc};
use waymark_credential::model::{Contexts, OpenBadgeCredential, StatusListCredential, read_closed};
use waymark_credential::open::{Latitude, OpenDocument, Role, related_resources};
use waymark_credential::status_list::StatusList;
use waymark_credential::strict_json;
use waymark_credential::verify::{
    CheckId, MAX_DOCUMENT, MAX_WANTS, Outcome, Policy, PresentationVerification, Supply, Verification,
};
use waymark_credential::work::Work;

/// What is strict JSON is JSON, and says the same.
pub fn json(bytes: &[u8]) {
    if let Ok(value) = strict_json::parse(bytes, MAX_DOCUMENT) {
        assert_eq!(value, serde_json::from_slice::<Value>(bytes).unwrap());
        assert_eq!(strict_json::parse(value.to_string().as_bytes(), MAX_DOCUMENT * 8), Ok(value));
    }
}

/// Canonical JSON is a fixed point; a dataset is canonicalized or refused.
pub fn canonical(bytes: &[u8]) {
    let Ok(value) = strict_json::parse(bytes, MAX_DOCUMENT) else { return };
    let text = canonical_json(&value);
    assert_eq!(canonical_json(&serde_json::from_str(&text).unwrap()), text);
    for contexts in Contexts::ALL {
        let _ = canonical_n_quads(&value, contexts.urls());
    }
}

/// What is read as a closed type goes both ways to the same bytes.
pub fn typed(bytes: &[u8]) {
    let Ok(value) = strict_json::parse(bytes, MAX_DOCUMENT) else { return };
    if let Ok(credential) = read_closed::<OpenBadgeCredential>(&value) {
        assert_eq!(canonical_typed(&credential, "").unwrap(), canonical_json(&value));
        if let Some(short) = short_n_quads(&credential, credential.context, "") {
            assert_eq!(canonical_n_quads(&value, credential.context.urls()), Ok(short));
        }
    }
    if let Ok(list) = read_closed::<StatusListCredential>(&value)
        && let Some(short) = short_n_quads(&list, list.context, "")
    {
        assert_eq!(canonical_n_quads(&value, list.context.urls()), Ok(short));
    }
}

/// Whatever the container: a refusal or a report, and claims only behind a proof.
pub fn verify(bytes: &[u8]) {
    if let Ok(verification) = Verification::open(bytes, &Policy::product(), time::UtcDateTime::UNIX_EPOCH) {
        let (report, work) = verification.report_with_work();
        assert!(work.is_within(&Work::LIMIT), "{work:?}");
        let proved = report.check(CheckId::Proof).outcome == Outcome::Passed;
        assert!(proved || report.shown().is_none());
    }
}

/// A document of any kind: what may be shown to people may be judged too, a yes or no shows nothing, and a presentation comes to an end.
pub fn open(bytes: &[u8]) {
    let Ok(value) = strict_json::parse(bytes, MAX_DOCUMENT) else { return };
    for role in [Role::Credential, Role::Presentation] {
        let [known, full] =
            [Latitude::Known, Latitude::Full].map(|latitude| OpenDocument::read(&value, role, latitude));
        assert!(known.is_err() || full.is_ok());
        if let Ok(document) = full {
            assert_eq!(document.value(), &value);
            assert!(document.unsecured().get("proof").is_none());
        }
    }
    let _ = related_resources(&value);
    let now = time::UtcDateTime::UNIX_EPOCH;
    if let Ok(verification) = Verification::open(bytes, &Policy::vc_api(), now) {
        let (report, work) = verification.report_with_work();
        assert!(report.shown().is_none() && work.is_within(&Work::OF_ONE), "{work:?}");
    }
    if let Ok(presentation) = PresentationVerification::open(bytes, &Policy::vc_api(), now) {
        let (report, work) = presentation.report_with_work();
        assert!(work.is_within(&Work::LIMIT), "{work:?}");
        assert!(!report.own_holds() || report.own.check(CheckId::Shape).outcome == Outcome::Passed);
    }
}

/// Whatever other servers answer, here the input itself: an end after a few questions, and claims only behind a proof.
pub fn answered(bytes: &[u8]) {
    let now = time::UtcDateTime::UNIX_EPOCH;
    let Ok(mut verification) = Verification::open(bytes, &Policy::product(), now) else { return };
    let mut asked = 0;
    while let Some(want) = verification.wants().first().cloned() {
        asked += 1;
        assert!(asked <= MAX_WANTS);
        verification.supply(&want, Supply::Found { bytes: bytes.to_vec(), fetched_at: now });
    }
    let (report, work) = verification.report_with_work();
    assert!(work.is_within(&Work::LIMIT), "{work:?}");
    assert!(report.check(CheckId::Proof).outcome == Outcome::Passed || report.shown().is_none());
}

/// A document is read for the id that it names, or not at all.
pub fn document(bytes: &[u8]) {
    let id = "did:web:guild.example";
    if let Ok(document) = ControllerDocument::parse(bytes, id) {
        assert_eq!(document.id(), id);
        let _ = document.assertion_key(&format!("{id}#key-1"));
    }
}

/// A DID that is read comes back as it was.
pub fn did(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = WebDid::from_url(&text);
    if let Ok(Did::Web(did)) = Did::parse(&text) {
        assert_eq!(did.to_string(), text);
    }
}

/// A list that is decoded comes back as it was.
pub fn list(bytes: &[u8]) {
    if let Ok(list) = StatusList::decode(&String::from_utf8_lossy(bytes)) {
        assert_eq!(StatusList::decode(&list.encode()), Ok(list));
    }
}

pub fn picture(bytes: &[u8]) {
    let _ = png::unbake(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = svg::unbake(text);
    }
}

/// There is one text for each number.
pub fn base58(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(128)]);
    if let Some(decoded) = decode_base58btc(&text) {
        assert_eq!(encode_base58btc(&decoded), text);
    }
}
