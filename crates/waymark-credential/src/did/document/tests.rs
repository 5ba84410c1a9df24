use proptest::prelude::*;
use time::macros::utc_datetime;

use super::*;
use crate::key::decode_multikey;

/// The key of VC-DI-EDDSA appendix B.
const MULTIKEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

fn key() -> [u8; 32] {
    decode_multikey(MULTIKEY).unwrap()
}

fn did() -> WebDid {
    WebDid::parse("did:web:guild.example").unwrap()
}

fn read(document: &Value) -> Result<ControllerDocument, DocumentError> {
    ControllerDocument::parse(document.to_string().as_bytes(), "did:web:guild.example")
}

#[test]
fn our_document_authorises_both_forms_of_each_key_with_its_dates() {
    let at = utc_datetime!(2026-03-01 0:00);
    for expires in [None, Some(at)] {
        let document = web_document(&did(), &[PublishedKey { key: key(), expires, revoked: None }]);
        let document = read(&document).unwrap();
        for method in [multikey_method(&did(), &key()), jwk_method(&did(), &key())] {
            let authorised = document.assertion_key(&method).unwrap();
            let found = authorised.key.ed25519().unwrap();
            assert_eq!(found.bytes(), &key());
            assert_eq!(found.verification_method(), method);
            assert_eq!((authorised.expires, authorised.revoked), (expires, None));
            assert_eq!(document.withdrawn_key(&method, at), None);
        }
    }
    let document =
        read(&web_document(&did(), &[PublishedKey { key: key(), expires: None, revoked: Some(at) }])).unwrap();
    for method in [multikey_method(&did(), &key()), jwk_method(&did(), &key())] {
        assert_eq!(document.assertion_key(&method), Err(NotAuthorised::NotForAssertions));
        assert_eq!(document.withdrawn_key(&method, at).unwrap().revoked, Some(at));
        assert_eq!(document.withdrawn_key(&method, at - time::Duration::SECOND), None, "not withdrawn yet");
    }
    assert_eq!(document.assertion_key("did:web:guild.example#other"), Err(NotAuthorised::NotListed));
}

#[test]
fn the_document_of_a_did_key_is_the_one_we_write() {
    let id = format!("did:key:{MULTIKEY}");
    let method = format!("{id}#{MULTIKEY}");
    let written = ControllerDocument::parse(key_document(&key()).to_string().as_bytes(), &id).unwrap();
    let derived = ControllerDocument::of_itself(&id).unwrap();
    assert_eq!(written.assertion_key(&method).unwrap(), derived.assertion_key(&method).unwrap());
    assert_eq!(derived.assertion_key(&id), Err(NotAuthorised::NotListed));
    assert!(ControllerDocument::of_itself("did:web:guild.example").is_none());
}

#[test]
fn a_key_counts_only_for_what_the_document_says() {
    let method = multikey_method(&did(), &key());
    let mut document = web_document(&did(), &[PublishedKey { key: key(), expires: None, revoked: None }]);
    document["assertionMethod"] = json!([jwk_method(&did(), &key())]);
    assert_eq!(read(&document).unwrap().assertion_key(&method), Err(NotAuthorised::NotForAssertions));
    document["assertionMethod"] = json!([format!("#{MULTIKEY}")]);
    assert_eq!(read(&document).unwrap().assertion_key(&method), Err(NotAuthorised::NotForAssertions));
    document["assertionMethod"] = json!([method]);
    document["verificationMethod"][0]["controller"] = json!("did:web:other.example");
    assert_eq!(read(&document).unwrap().assertion_key(&method), Err(NotAuthorised::OtherController));
    document["verificationMethod"][0]["controller"] = json!("did:web:guild.example");
    document["verificationMethod"][0]["type"] = json!("EcdsaSecp256k1VerificationKey2019");
    assert!(matches!(read(&document).unwrap().assertion_key(&method), Err(NotAuthorised::Unsupported(_))));
}

#[test]
fn a_method_embedded_under_assertion_method_counts() {
    let method = "did:web:guild.example#k";
    let entry = json!({"id": method, "type": "Multikey", "controller": "did:web:guild.example", "publicKeyMultibase": MULTIKEY});
    let document = json!({"id": "did:web:guild.example", "assertionMethod": [entry], "service": [{"x": 1}]});
    assert!(read(&document).unwrap().assertion_key(method).is_ok());
    let twice = json!({"id": "did:web:guild.example", "verificationMethod": [entry], "assertionMethod": [entry]});
    assert!(matches!(read(&twice), Err(DocumentError::Twice(_))));
}

#[test]
fn a_document_that_is_not_the_one_asked_for_or_not_well_formed_is_refused() {
    let good = web_document(&did(), &[PublishedKey { key: key(), expires: None, revoked: None }]);
    let with = |pointer: &str, value: Value| {
        let mut document = good.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        read(&document).err()
    };
    assert!(matches!(with("/id", json!("did:web:evil.example")), Some(DocumentError::OtherId { .. })));
    assert!(matches!(with("/id", json!(["did:web:guild.example"])), Some(DocumentError::Malformed("id"))));
    for (pointer, value) in [
        ("/verificationMethod", json!({})),
        ("/assertionMethod", json!("x")),
        ("/assertionMethod/0", json!(7)),
        ("/verificationMethod/0/id", json!(null)),
        ("/verificationMethod/0/controller", json!(["did:web:guild.example"])),
        ("/verificationMethod/0/publicKeyMultibase", json!(5)),
    ] {
        assert!(matches!(with(pointer, value), Some(DocumentError::Malformed(_))), "{pointer}");
    }
    let mut dated = good.clone();
    dated["verificationMethod"][0]["revoked"] = json!("yesterday");
    assert!(matches!(read(&dated), Err(DocumentError::Malformed("verificationMethod.revoked"))));
    let mut secret = good.clone();
    secret["verificationMethod"][1]["publicKeyJwk"]["d"] = json!("AAAA");
    assert!(matches!(read(&secret), Err(DocumentError::Jwk(_, JwkError::Secret("d")))));
    let twice = br#"{"id":"did:web:guild.example","id":"did:web:guild.example"}"#;
    assert!(matches!(ControllerDocument::parse(twice, "did:web:guild.example"), Err(DocumentError::Json(_))));
    assert!(ControllerDocument::parse(&vec![b' '; MAX_BYTES + 1], "did:web:guild.example").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..2000, byte in any::<u8>()) {
        let _ = ControllerDocument::parse(&bytes, "did:web:guild.example");
        let mut text = web_document(&did(), &[PublishedKey { key: key(), expires: None, revoked: None }]).to_string().into_bytes();
        let at = at % text.len();
        text[at] = byte;
        if let Ok(document) = ControllerDocument::parse(&text, "did:web:guild.example") {
            let _ = document.assertion_key(&multikey_method(&did(), &key()));
        }
    }
}
