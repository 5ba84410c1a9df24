//! The embedded contexts are the published ones.

use serde_json::Value;
use waymark_credential::contexts::{EXAMPLES_V2, embedded};
use waymark_credential::model::{CREDENTIALS_V2, OPEN_BADGES_3_0_3, OPEN_BADGES_EXTENSIONS};

#[test]
fn equal_to_the_published_contexts() {
    let Some(folder) = super::reference_data::folder("contexts") else { return };
    let published = [
        ("credentials-v2.w3c-repo.jsonld", CREDENTIALS_V2),
        ("credentials-v1.w3c-repo.jsonld", "https://www.w3.org/2018/credentials/v1"),
        ("credentials-examples-v2.w3c-repo.jsonld", EXAMPLES_V2),
        ("ob-v3p0-context-3.0.3.json", OPEN_BADGES_3_0_3),
        ("ob-v3p0-context-3.0.2.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"),
        ("ob-v3p0-context-3.0.1.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"),
        ("1edtech-public-validator/ob-v3p0-extensions.json", OPEN_BADGES_EXTENSIONS),
        ("data-integrity-v1.jsonld", "https://w3id.org/security/data-integrity/v1"),
        ("data-integrity-v2.jsonld", "https://w3id.org/security/data-integrity/v2"),
        ("multikey-v1.jsonld", "https://w3id.org/security/multikey/v1"),
        ("1edtech-public-validator/did-v1.jsonld", "https://www.w3.org/ns/did/v1"),
    ];
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (file, url) in published {
        let theirs = std::fs::read_to_string(folder.join(file)).unwrap();
        assert_eq!(read(&theirs)["@context"], read(embedded(url).unwrap())["@context"], "{file}");
    }
}
