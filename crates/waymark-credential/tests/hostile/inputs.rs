//! Inputs of at most 256 KiB that were made to cost much, and seeded ones that nobody thought of.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder, write::ZlibEncoder};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::io::Write;
use waymark_credential::key::Signature;

/// An issuer whose key is in its name, so that canonicalization is reached without a document.
const CONTROLLER: &str = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

pub struct Hostile {
    pub name: String,
    pub input: Vec<u8>,
    /// The finding, where only one is right.
    pub expected: Option<&'static str>,
}

fn hostile(name: &str, input: impl Into<Vec<u8>>, expected: impl Into<Option<&'static str>>) -> Hostile {
    let (name, input, expected) = (name.to_owned(), input.into(), expected.into());
    Hostile { name, input, expected }
}

/// A credential that is read up to its signature, which is nobody's.
fn credential(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": CONTROLLER, "type": ["Profile"], "name": "G"}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:2", "type": ["AchievementSubject"], "achievement": {"id": "urn:uuid:3",
            "type": ["Achievement"], "name": "A", "description": "D", "criteria": {"narrative": "C"}}},
        "proof": proof(),
    });
    change(&mut document);
    document
}

fn proof() -> Value {
    json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod":
        format!("{CONTROLLER}#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"), "proofPurpose": "assertionMethod",
        "proofValue": Signature([1; 64]).multibase()})
}

fn achievement(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    credential(|document| change(&mut document["credentialSubject"]["achievement"])).to_string().into_bytes()
}

/// A document of any kind, with a context of its own and as many proofs as are read.
fn any(own: &Value, subject: &Value) -> String {
    let mut contexts = vec![json!("https://www.w3.org/ns/credentials/v2")];
    contexts.extend(own.as_array().cloned().unwrap_or_else(|| vec![own.clone()]));
    let document = json!({"@context": contexts, "type": ["VerifiableCredential"], "issuer": CONTROLLER, "credentialSubject": subject,
        "proof": vec![proof(); 8]});
    document.to_string()
}

/// An encoded list of as many zero bytes.
pub fn gzip(bytes: usize) -> String {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![0; bytes]).unwrap();
    format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packer.finish().unwrap()))
}

/// A PNG of one pixel with one more chunk before its data.
fn png(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut encoder = png::Encoder::new(&mut plain, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    // after the signature and IHDR
    let (head, rest) = plain.split_at(33);
    [head, &length, kind, data, &crc.sum().to_be_bytes(), rest].concat()
}

pub fn all() -> Vec<Hostile> {
    let nested = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    let long = "x".repeat(60_000);
    let mut all = vec![
        hostile("deep arrays", nested("[", "]", 120_000), "json_ambiguous"),
        hostile("deep objects", nested("{\"a\":", "}", 40_000), "json_ambiguous"),
        hostile("deep and open", "[".repeat(260_000), "json_ambiguous"),
        hostile("wide array", format!("{{\"proof\":[{}1]}}", "1,".repeat(130_000)), None),
        hostile("one long text", format!("{{\"proof\":\"{}\"}}", "\\u0041".repeat(43_000)), None),
        hostile("one long number", format!("{{\"proof\":{}}}", "1".repeat(260_000)), None),
        hostile("one long fraction", format!("{{\"proof\":0.{}}}", "1".repeat(260_000)), None),
        hostile(
            "many names",
            {
                let members: String = (0..20_000).map(|n| format!("\"m{n}\":1,")).collect();
                format!("{{{members}\"proof\":1}}")
            },
            None,
        ),
        hostile("long context", format!("{{\"@context\":[\"{}\"]}}", "c".repeat(260_000)), "context_unknown"),
        hostile(
            "ten thousand proofs",
            credential(|d| d["proof"] = json!(vec![json!({"a": 1}); 10_000])).to_string(),
            "too_many_proofs",
        ),
        hostile("eight proofs", credential(|d| d["proof"] = json!(vec![proof(); 8])).to_string(), "proof_invalid"),
        hostile(
            "eight proofs over nodes that look alike",
            {
                let tree = json!({"knows": vec![json!({"knows": {"id": "urn:x"}}); 9]});
                any(&json!({"knows": "urn:knows"}), &json!({"id": "urn:s", "knows": [tree, tree]}))
            },
            None,
        ),
        hostile(
            "eight proofs over contexts that are made anew at every node",
            {
                let terms: serde_json::Map<String, Value> =
                    (0..200).map(|n| (format!("t{n}"), json!(format!("urn:t:{n}")))).collect();
                let nodes: Vec<Value> = (0..1_000).map(|n| json!({"within": {"t1": n}})).collect();
                let scoped = json!({"many": "urn:many", "within": {"@id": "urn:within", "@context": terms}});
                any(&json!([{}, {}, scoped]), &json!({"id": "urn:s", "many": nodes}))
            },
            None,
        ),
        hostile("nobody's signature", credential(|_| ()).to_string(), "proof_invalid"),
        hostile(
            "an id in very many statements",
            achievement(|a| {
                a["id"] = json!(format!("urn:{long}"));
                a["tag"] = (0..20_000).map(|n| format!("{n}")).collect();
            }),
            "proof_too_complex",
        ),
        hostile(
            "a long id beside many blank nodes",
            achievement(|a| {
                a["id"] = json!(format!("urn:{long}"));
                a["alignment"] = (0..2_000)
                    .map(|n| json!({"type": ["Alignment"], "targetName": n.to_string(), "targetUrl": "urn:t"}))
                    .collect();
            }),
            "proof_too_complex",
        ),
        hostile(
            "many blank nodes that look alike",
            achievement(|a| {
                a["alignment"] =
                    json!(vec![json!({"type": ["Alignment"], "targetName": "t", "targetUrl": "urn:t"}); 3_000]);
            }),
            None,
        ),
        hostile(
            "lists that look alike",
            achievement(|a| {
                a["resultDescription"] = (0..8)
                    .map(|n| {
                        json!({"id": format!("urn:r:{n}"), "type": ["ResultDescription"],
                "name": "r", "resultType": "Result", "allowedValue": vec![""; 3_000]})
                    })
                    .collect();
            }),
            None,
        ),
        hostile(
            "parts of a profile that look alike",
            achievement(|a| {
                a["creator"] = json!({"id": "urn:c:1", "type": ["Profile"], "name": "c",
                    "otherIdentifier": vec![json!({"type": "IdentifierEntry", "identifier": "1", "identifierType": "name"}); 2_000]});
            }),
            None,
        ),
        hostile(
            "profiles inside profiles",
            {
                let nested = (0..24).fold(json!({"id": "urn:p:x", "type": ["Profile"]}), |inner, n| {
                json!({"id": format!("urn:p:{n}"), "type": ["Profile"], "parentOrg": inner, "name": "n".repeat(5_000)})
            });
                achievement(|a| a["creator"] = nested)
            },
            "proof_invalid",
        ),
        hostile(
            "endorsements inside endorsements",
            {
                let endorsement = |inner: Value| {
                    json!({"@context": credential(|_| ())["@context"], "id": "urn:e:1",
                "type": ["VerifiableCredential", "EndorsementCredential"], "name": "E", "validFrom": "2026-01-01T00:00:00Z",
                "issuer": {"id": "did:web:a.example", "type": ["Profile"], "endorsement": inner}, "proof": proof(),
                "credentialSubject": {"id": "urn:s:1", "type": ["EndorsementSubject"]}})
                };
                let nested = (0..8).fold(json!([]), |inner, _| match inner.as_array().is_some_and(Vec::is_empty) {
                    true => json!([endorsement(json!([{"a": 1}]))]),
                    false => json!([endorsement(inner)]),
                });
                achievement(|a| a["endorsement"] = nested)
            },
            None,
        ),
        hostile("a JWT of dots", format!("eyJ{}", ".".repeat(200_000)), None),
        hostile(
            "a JWT around depth",
            {
                let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
                format!("{}.{}.AA", part("{\"alg\":\"EdDSA\"}".into()), part(nested("[", "]", 60_000)))
            },
            "jwt_unreadable",
        ),
        hostile(
            "an envelope around an envelope",
            {
                let jwt = format!("eyJ{}.{}.{}", "A".repeat(80_000), "A".repeat(80_000), "A".repeat(40_000));
                json!({"@context": [], "type": "EnvelopedVerifiableCredential", "id": format!("data:application/vc+jwt,{jwt}")}).to_string()
            },
            "context_unknown",
        ),
        hostile(
            "a picture with a compressed bomb",
            {
                let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
                packer.write_all(&vec![b'{'; 100_000_000]).unwrap();
                let bomb = packer.finish().unwrap();
                png(b"iTXt", &[b"openbadgecredential\0\x01\0\0\0".as_slice(), &bomb].concat())
            },
            None,
        ),
        hostile(
            "a picture of very many pixels",
            {
                let mut picture = png(b"tEXt", b"a\0b");
                picture[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
                picture
            },
            None,
        ),
        hostile(
            "a picture in a picture of elements",
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}", "<g>".repeat(80_000)),
            "picture_too_large",
        ),
        hostile(
            "a picture of flat elements",
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>", "<g/>".repeat(60_000)),
            None,
        ),
        hostile(
            "a picture with entities",
            format!(
                "<!DOCTYPE s [<!ENTITY a \"{}\">]><svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>",
                "b".repeat(50_000),
                "&a;".repeat(50_000)
            ),
            "not_svg",
        ),
        hostile(
            "a picture with very many attributes",
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" {}/>",
                (0..15_000).map(|n| format!("a{n}=\"\" ")).collect::<String>()
            ),
            None,
        ),
    ];
    all.extend(seeded());
    all
}

/// Credentials with a part repeated, moved, lengthened or nested at random; always the same ones.
fn seeded() -> Vec<Hostile> {
    let mut runner = TestRunner::deterministic();
    let base = credential(|document| {
        document["credentialSubject"]["achievement"]["alignment"] =
            json!([{"type": ["Alignment"], "targetName": "t", "targetUrl": "urn:t"}]);
        document["evidence"] = json!([{"id": "urn:e", "type": ["Evidence"], "name": "n"}]);
    })
    .to_string();
    let change = (0..base.len(), 0..base.len(), 1_usize..4_000, "[\\[\\]{}\",:0-9a-z\\\\]{0,8}");
    (0..150)
        .map(|n| {
            let (from, to, times, noise) = change.new_tree(&mut runner).unwrap().current();
            let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 40));
            let repeated = base[from..to].repeat(times.min(200_000 / (to - from).max(1)));
            hostile(&format!("seeded {n}"), format!("{}{repeated}{noise}{}", &base[..to], &base[to..]), None)
        })
        .collect()
}
