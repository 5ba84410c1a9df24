//! Issuer, achievement, keys and DID document, as strangers fetch them.

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::issuer;
use waymark_credential::did::ControllerDocument;
use waymark_credential::key::PublicKey;

use super::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(keys_and_did_document_under_did_web, the_achievement_and_its_picture);

async fn fetch(guild: &Guild, path: &str) -> (reqwest::header::HeaderMap, Value) {
    let answer = guild.test.http.get(guild.test.url(path)).send().await.expect("answered");
    assert_eq!(answer.status(), 200, "{path}");
    (answer.headers().clone(), answer.json().await.expect("JSON"))
}

async fn keys_and_did_document_under_did_web(store: Store) {
    let test = TestApp::start_with(store, |config| {
        config.issuer.did_method = DidMethod::Web;
        config.base_url = "https://guild.example".parse().expect("a URL");
    })
    .await;
    let guild = Guild::in_app(test).await;
    let made = issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("made");
    assert_eq!(made.iter().map(|k| k.purpose.as_str()).collect::<Vec<_>>(), ["credential", "status_list"]);
    let (headers, document) = fetch(&guild, "/.well-known/did.json").await;
    assert_eq!(
        (headers["content-type"].as_bytes(), headers["access-control-allow-origin"].as_bytes()),
        (b"application/did+json".as_slice(), b"*".as_slice())
    );
    assert_eq!(document["id"], "did:web:guild.example");
    let known =
        ControllerDocument::parse(document.to_string().as_bytes(), "did:web:guild.example").expect("a document");
    let (_, jwks) = fetch(&guild, "/.well-known/jwks.json").await;
    assert_eq!(jwks["keys"].as_array().expect("keys").len(), 2);
    for key in &made {
        for method in [key.multikey(), key.kid.clone()] {
            let found = known.assertion_key(&format!("did:web:guild.example#{method}")).expect("listed");
            assert_eq!(found.key.ed25519().map(PublicKey::bytes), Some(&key.public));
        }
        let (_, jwk) = fetch(&guild, &format!("/keys/{}", key.kid)).await;
        assert_eq!((&jwk["kid"], &jwk["iat"]), (&json!(key.kid), &json!(key.created_at.unix_timestamp())));
        assert!(jwk.get("d").is_none() && jwk.get("revoked").is_none());
    }
    assert_eq!(guild.test.http.get(guild.test.url("/keys/unknown")).send().await.expect("answered").status(), 404);

    // Credentials and lists are signed by keys of their own, both found in the document.
    let released = guild.released("hikari@members.example").await;
    let (json, jwt) = guild.signed(&released).await;
    let document: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["proof"][0]["verificationMethod"], format!("did:web:guild.example#{}", made[0].multikey()));
    let list = document["credentialStatus"]["statusListCredential"].as_str().expect("a list");
    let list = list.strip_prefix("https://guild.example").expect("ours");
    let (_, list) = fetch(&guild, list).await;
    assert_eq!(list["issuer"], "did:web:guild.example");
    assert_eq!(list["proof"][0]["verificationMethod"], format!("did:web:guild.example#{}", made[1].multikey()));
    use base64::Engine as _;
    let header =
        base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(jwt.split('.').next().expect("a header")).expect("base64");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    assert_eq!(header["kid"], format!("did:web:guild.example#{}", made[0].kid), "a JWT names the JsonWebKey");
}

async fn the_achievement_and_its_picture(store: Store) {
    let guild = Guild::start(store).await;
    let track =
        waymark::tracks::by_slug(guild.test.app.db.read(), "foundations").await.expect("read").expect("there").track;
    let (_, first) = fetch(&guild, &format!("/achievements/{track}")).await;
    assert_eq!((&first["name"], &first["inLanguage"]), (&json!("基礎"), &json!("ja")), "the issuer's first language");
    let (_, issuer) = fetch(&guild, "/issuer").await;
    assert_eq!(issuer["name"], "例の会", "so is the Profile, where nobody asks for another");
    assert_eq!(fetch(&guild, "/issuer?lang=en").await.1["name"], "Example Guild");
    let (headers, english) = fetch(&guild, &format!("/achievements/{track}/en")).await;
    assert_eq!((&english["name"], &english["id"]), (&json!("Foundations"), &first["id"]));
    assert!(headers["cache-control"].to_str().expect("text").starts_with("public"));
    let tag = headers["etag"].clone();
    let url = guild.test.url(&format!("/achievements/{track}/en"));
    let again = guild.test.http.get(&url).header("if-none-match", tag).send().await.expect("answered");
    assert_eq!(again.status(), 304);
    for missing in ["fr", "badge", "badge.gif"] {
        let url = guild.test.url(&format!("/achievements/{track}/{missing}"));
        assert_eq!(guild.test.http.get(&url).send().await.expect("answered").status(), 404, "{missing}");
    }
    let image = first["image"]["id"].as_str().expect("a picture");
    assert_eq!(
        guild.test.http.get(image).send().await.expect("answered").status(),
        200,
        "the picture that the document names is there"
    );
}
