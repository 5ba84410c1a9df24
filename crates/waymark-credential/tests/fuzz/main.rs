//! The bodies of the fuzz targets over a fixed number of seeded inputs: good ones, changed a little.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bodies;

use waymark_credential::bake::{png, svg};
use waymark_credential::status_list::{MIN_ENTRIES, StatusList};

const INPUTS: u64 = 1_500;

const CREDENTIAL: &str = r#"{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
"type":["Profile"],"name":"G"},"validFrom":"2026-01-01T00:00:00Z","credentialSubject":{"type":["AchievementSubject"],"identifier":
[{"type":"IdentityObject","hashed":false,"identityHash":"N","identityType":"name"}],"achievement":{"id":"urn:a","type":["Achievement"],
"name":"A\u00e9","description":"D\n","criteria":{"narrative":"C"},"tag":["a","b"],"creditsAvailable":1.5,"resultDescription":[{"id":"urn:r",
"type":["ResultDescription"],"name":"R","resultType":"Result","allowedValue":["1","2"]}]}},"evidence":[{"id":"urn:e","type":["Evidence"],"name":"E"}],
"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"2026-01-01T00:00:00Z",
"verificationMethod":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
"proofPurpose":"assertionMethod","proofValue":"z5XgfTVrm4kYgBcL2XiNTfUHxVkTrFpWmDEkqAqJvYjVXU1fVsJ9Mn4cRYPpxp5nPZ6CLE8Jv8PZcJ4Zqf3zYh7"}]}"#;

/// `SplitMix64`: the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

/// Words that parsers look for.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"-0",
    b"1e400",
    b"\"@context\":",
    b"\"id\":",
    b"urn:a",
    b"\xff",
    b"\0",
    b"\xe2\x80\xae",
    b"%00",
    b"#",
    b"<",
    b"&lt;",
    b"eyJ",
    b"..",
    b"iTXt",
    b"z",
    b"u",
];

fn changed(input: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        let end = (at + numbers.below(24)).min(bytes.len());
        match numbers.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            3 => {
                let word = WORDS[numbers.below(WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            _ if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            _ => {}
        }
    }
    bytes
}

fn run(body: fn(&[u8]), seeds: &[&[u8]]) {
    let mut numbers = Numbers(0x5eed);
    seeds.iter().for_each(|seed| body(seed));
    for at in 0..INPUTS {
        let seed = seeds[usize::try_from(at).unwrap() % seeds.len()];
        body(&changed(seed, &mut numbers));
    }
}

fn drawing() -> String {
    svg::bake(r#"<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>"#, CREDENTIAL).unwrap()
}

fn photograph() -> Vec<u8> {
    let mut plain = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut plain, 1, 1);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    png::bake(&plain, CREDENTIAL).unwrap()
}

#[test]
fn json() {
    run(bodies::json, &[CREDENTIAL.as_bytes(), b"[1,-2.5e3,\"\\u00e9\\ud83d\\ude00\",true,null,{\"a\":{}}]"]);
}

#[test]
fn canonical() {
    run(bodies::canonical, &[CREDENTIAL.as_bytes()]);
}

#[test]
fn typed() {
    let list = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://g.example/1","type":["VerifiableCredential",
        "BitstringStatusListCredential"],"issuer":"did:web:g.example","credentialSubject":{"type":"BitstringStatusList",
        "statusPurpose":["revocation","suspension"],"encodedList":"uH4","ttl":5}}"#;
    run(bodies::typed, &[CREDENTIAL.as_bytes(), list.as_bytes()]);
}

#[test]
fn verify() {
    let jwt = b"eyJhbGciOiJFZERTQSIsInR5cCI6InZjK2p3dCJ9.eyJAY29udGV4dCI6W10sInR5cGUiOltdfQ.AAAA";
    run(bodies::verify, &[CREDENTIAL.as_bytes(), jwt, drawing().as_bytes(), &photograph()]);
}

#[test]
fn open() {
    let older = br#"{"@context":["https://www.w3.org/2018/credentials/v1","https://w3id.org/security/data-integrity/v2",{"name":
"https://schema.org/name"}],"id":"urn:c","type":["VerifiableCredential"],"issuer":{"id":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"},
"issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2027-01-01T00:00:00Z","credentialSubject":[{"id":"did:example:s","name":"N"}],
"credentialStatus":[{"type":"BitstringStatusListEntry","statusPurpose":"message","statusListIndex":"7","statusListCredential":"https://g.example/1",
"statusSize":1,"statusMessage":[{"status":"0x0","message":"a"},{"status":"0x1","message":"b"}]}]}"#;
    let spoken = br#"{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],"type":
["VerifiablePresentation"],"holder":{"id":"did:example:h"},"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","type":
"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,eyJhbGciOiJFZERTQSJ9.e30.AA"},{"@context":["https://www.w3.org/ns/credentials/v2"],
"type":["VerifiableCredential"],"issuer":"did:example:h","name":{"@value":"N","@language":"en","@direction":"ltr"},"credentialSubject":{"id":"urn:s",
"within":{"deeper":[1,2.5,true]}},"relatedResource":[{"id":"https://a.example/b","digestSRI":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}]}],
"proof":[{"id":"urn:p:1","type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":"did:key:z6Mk#z6Mk","proofPurpose":
"authentication","domain":["a.example"],"challenge":"c","proofValue":"z1"},{"id":"urn:p:2","type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022",
"verificationMethod":"did:key:z6Mk#z6Mk","proofPurpose":"authentication","previousProof":["urn:p:1"],"proofValue":"z1"}]}"#;
    run(bodies::open, &[CREDENTIAL.as_bytes(), older, spoken]);
}

#[test]
fn answered() {
    let hosted = br#"{"@context":"https://w3id.org/openbadges/v2","id":"https://b.example/a","type":["Assertion","BadgeClass","Profile"],
"badge":"https://b.example/a","issuer":"https://b.example/a","name":"N","recipient":{"type":"email","hashed":false,"identity":"a@example.com"},
"verification":{"type":"hosted","allowedOrigins":["b.example"],"startsWith":"https://b.example/"},"issuedOn":"2026-01-01T00:00:00Z","criteria":{"id":
"https://b.example/c"},"image":{"id":"https://b.example/i"},"expires":null,"revoked":false}"#;
    run(bodies::answered, &[hosted, CREDENTIAL.as_bytes()]);
}

#[test]
fn document() {
    let method = r##"{"id":"did:web:guild.example#key-1","type":"Multikey","controller":"did:web:guild.example",
        "publicKeyMultibase":"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2","expires":"2026-01-01T00:00:00Z"}"##;
    let whole = format!(
        r##"{{"id":"did:web:guild.example","verificationMethod":[{method}],"assertionMethod":["did:web:guild.example#key-1"]}}"##
    );
    run(bodies::document, &[whole.as_bytes()]);
}

#[test]
fn did() {
    let key = b"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    run(bodies::did, &[key, b"did:web:guild.example%3A8443:a:b", b"https://guild.example:8443/a/b"]);
}

#[test]
fn list() {
    run(bodies::list, &[StatusList::new(MIN_ENTRIES).unwrap().encode().as_bytes()]);
}

#[test]
fn picture() {
    run(bodies::picture, &[drawing().as_bytes(), &photograph()]);
}

#[test]
fn base58() {
    run(bodies::base58, &[b"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", b"11233QC4"]);
}
