//! The containers a credential comes in, and what is wrong with some.

use serde_json::{Value, json};
use waymark_credential::{
    bake::{png, svg},
    verify::{CheckId, Code, State},
};

use super::Case;
use crate::made::{credential, guild};

/// One grey pixel.
pub fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[128]).unwrap();
    bytes
}

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect width="1" height="1"/></svg>"#;

fn nested(depth: usize) -> String {
    let mut text = String::from(r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"x":"#);
    text.push_str(&"[".repeat(depth));
    text.push_str(&"]".repeat(depth));
    text.push('}');
    text
}

pub fn cases() -> Vec<Case> {
    use CheckId::{Parse, Proof, Shape, Validity};
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let text = signed.to_string();
    let jwt = guild.jwt(&credential(&guild));
    let baked = png::bake(&picture(), &text).unwrap();
    let enveloped =
        |kind: Value, id: &str| json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "id": id, "type": kind});
    let envelope = format!("data:application/vc+jwt,{jwt}");

    // the same chunk twice: legal as PNG, two readings as a badge
    let chunk_start = baked.windows(4).position(|window| window == b"iTXt").unwrap() - 4;
    let chunk_end = baked.windows(4).position(|window| window == b"IDAT").unwrap() - 4;
    let chunk = baked[chunk_start..chunk_end].to_vec();
    let mut twice = baked.clone();
    twice.splice(chunk_end..chunk_end, chunk.clone());
    let after_end = [png::bake(&picture(), &text).unwrap(), chunk].concat();
    let mut one_bit = baked.clone();
    one_bit[chunk_start + 60] ^= 1;
    let mut proofs = signed.clone();
    proofs["proof"] = json!(vec![signed["proof"][0].clone(); 10_000].iter().map(|_| json!({})).collect::<Vec<_>>());
    let mut nine = signed.clone();
    nine["proof"] = json!(vec![signed["proof"][0].clone(); 9]);
    let mut two = signed.clone();
    two["proof"] = json!([
        signed["proof"][0],
        guild.embed_as(&credential(&guild), &json!({"created": "2026-02-01T00:00:00Z"}))["proof"][0]
    ]);
    let mut second_broken = two.clone();
    second_broken["proof"][1]["created"] = json!("2026-02-01T00:00:01Z");
    let duplicate = text.replacen("\"name\":\"Foundations\"", "\"name\":\"Foundations\",\"n\\u0061me\":\"Mastery\"", 1);
    let one_byte = text.replacen("Three accepted changes", "Three accepted changed", 1);
    assert!(duplicate.len() > text.len() && one_byte != text);
    vec![
        Case::new("PNG", baked.clone(), State::Valid, Parse, Code::ReadPng),
        Case::new("PNG with a JWT", png::bake(&picture(), &jwt).unwrap(), State::Valid, Parse, Code::ReadPng),
        Case::new("SVG", svg::bake(SVG, &text).unwrap(), State::Valid, Parse, Code::ReadSvg),
        Case::new("SVG with a JWT", svg::bake(SVG, &jwt).unwrap(), State::Valid, Parse, Code::ReadSvg),
        Case::new("JSON with white space around", format!("\r\n {text} \n"), State::Valid, Validity, Code::InForce),
        Case::new("JWT", jwt.clone(), State::Valid, Parse, Code::ReadJwt),
        Case::new("JWT with white space around", format!(" {jwt}\n"), State::Valid, Parse, Code::ReadJwt),
        Case::new(
            "enveloped JWT",
            enveloped(json!("EnvelopedVerifiableCredential"), &envelope),
            State::Valid,
            Parse,
            Code::ReadJson,
        ),
        Case::new(
            "enveloped JWT, type as array",
            enveloped(json!(["EnvelopedVerifiableCredential"]), &envelope),
            State::Valid,
            Proof,
            Code::ProofValid,
        ),
        Case::new(
            "envelope that only looks like one",
            enveloped(json!("VerifiableCredential"), &envelope),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::new("PNG with two credentials", twice, State::Altered, Parse, Code::PictureDamaged),
        Case::new("PNG with a chunk after the end", after_end, State::Altered, Parse, Code::PictureDamaged),
        Case::new("PNG with one bit changed", one_bit, State::Altered, Parse, Code::PictureDamaged),
        Case::new("PNG cut short", baked[..baked.len() - 6].to_vec(), State::Altered, Parse, Code::PictureDamaged),
        Case::new("one byte of JSON changed", one_byte, State::Altered, Proof, Code::ProofInvalid),
        Case::new("duplicate keys", duplicate, State::Altered, Parse, Code::JsonAmbiguous),
        Case::new("deep JSON", nested(5_000), State::Altered, Parse, Code::JsonAmbiguous),
        Case::new("ten thousand proofs", proofs, State::Altered, Shape, Code::TooManyProofs),
        Case::new("nine proofs", nine, State::Altered, Shape, Code::TooManyProofs),
        Case::new("two good proofs", two, State::Valid, Proof, Code::ProofValid),
        Case::new("one proof of two is broken", second_broken, State::Altered, Proof, Code::ProofInvalid),
        Case::new(
            "a presentation",
            json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "verifiableCredential": [signed]}),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::new(
            "a status list is no badge",
            guild.embed(&crate::made::list(&guild, &[])),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::unreadable("nothing", "", "empty"),
        Case::unreadable("white space", " \n\t", "empty"),
        Case::unreadable("a sentence", "I passed the exam.", "not_recognized"),
        Case::unreadable("bytes", vec![0xff, 0xd8, 0xff, 0xe0, 0x00], "not_recognized"),
        Case::unreadable("cut JSON", text[..text.len() / 2].to_owned(), "not_json"),
        Case::unreadable("JSON that is no credential", "{\"hello\":\"world\"}", "no_credential"),
        Case::unreadable("a JSON array", "[1,2,3]", "no_credential"),
        Case::unreadable("JSON with a lone surrogate", r#"{"@context":["\ud800"]}"#, "not_json"),
        Case::unreadable("a plain picture", picture(), "picture_without_credential"),
        Case::unreadable("a plain SVG", SVG, "picture_without_credential"),
        Case::unreadable("an SVG with a document type", format!("<!DOCTYPE svg>{SVG}"), "not_svg"),
        Case::unreadable("HTML", "<html><body>badge</body></html>", "not_svg"),
        Case::unreadable("too large", "a".repeat(256 * 1024 + 1), "too_large"),
    ]
}
