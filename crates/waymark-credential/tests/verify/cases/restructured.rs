//! A signed credential rearranged so that an RDF signature may stay good while the JSON says something else. The letters
//! are those of the published survey of such attacks. None may pass the gate, whatever the signature says.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::made::{INDEX, World, credential, guild};

pub fn cases() -> Vec<Case> {
    use CheckId::{Context, Shape};
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let id = signed["id"].as_str().unwrap().to_owned();
    // the holder's copy was revoked; each variant tries to hide that, or the expiry
    let moved = |change: &dyn Fn(&mut Value)| {
        let mut document = signed.clone();
        change(&mut document);
        document
    };
    let take = |document: &mut Value, name: &str| document.as_object_mut().unwrap().remove(name).unwrap();
    let shape = |name, document: Value| {
        Case::new(name, document, State::Altered, Shape, Code::ShapeUnexpected).world(World::of_guild(&[INDEX]))
    };
    let until = "https://www.w3.org/2018/credentials#validUntil";
    let status = "https://www.w3.org/2018/credentials#credentialStatus";
    let nobody = {
        let mut document = credential(&guild);
        for name in ["id", "identifier"] {
            document["credentialSubject"].as_object_mut().unwrap().remove(name);
        }
        guild.embed(&document)
    };
    vec![
        shape("awarded to nobody", nobody),
        shape(
            "A: status and end under @included",
            moved(&|d| {
                let (status, until) = (take(d, "credentialStatus"), take(d, "validUntil"));
                d["@included"] = json!([{"id": id, "credentialStatus": status, "validUntil": until}]);
            }),
        ),
        shape(
            "C: status attached by @reverse",
            moved(&|d| {
                let mut status = take(d, "credentialStatus");
                status["@reverse"] = json!({status_term(): {"id": id}});
                d["@included"] = json!([status]);
            }),
        ),
        Case::new(
            "E: everything under @graph",
            moved(&|d| {
                let context = take(d, "@context");
                *d = json!({"@context": context, "@graph": [d.clone()]});
            }),
            State::Altered,
            Shape,
            Code::ShapeUnexpected,
        ),
        Case::new(
            "F: the end under an alias of an inline context",
            moved(&|d| {
                let until = take(d, "validUntil");
                d["@context"].as_array_mut().unwrap().push(json!({"expires": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}}));
                d["expires"] = until;
            }),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        shape(
            "G: the end under its full IRI",
            moved(&|d| {
                let end = take(d, "validUntil");
                d[until] = json!([{"type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": end}]);
            }),
        ),
        shape(
            "H: the status under its full IRI",
            moved(&|d| {
                let entry = take(d, "credentialStatus");
                d[status] = entry;
            }),
        ),
        shape("I: a term of no context", moved(&|d| d["grade"] = json!("A+"))),
        shape(
            "J: a term of no context, deep inside",
            moved(&|d| d["credentialSubject"]["achievement"]["level"] = json!("gold")),
        ),
        shape("L: a null member", moved(&|d| d["description"] = json!(null))),
        shape("L: an empty array", moved(&|d| d["endorsement"] = json!([]))),
        shape(
            "M: the achievement hoisted to the root",
            moved(&|d| {
                let achievement = take(&mut d["credentialSubject"], "achievement");
                d["achievement"] = achievement;
            }),
        ),
        shape(
            "N: the achievement off the subject, by reference",
            moved(&|d| {
                let achievement = take(&mut d["credentialSubject"], "achievement");
                d["credentialSubject"]["achievement"] = achievement["id"].clone();
                d["@included"] = json!([achievement]);
            }),
        ),
        shape(
            "N: the achievement as an object that only names it",
            moved(&|d| {
                let achievement = take(&mut d["credentialSubject"], "achievement");
                d["credentialSubject"]["achievement"] = json!({"id": achievement["id"]});
            }),
        ),
        Case::new(
            "a context as string",
            moved(&|d| d["@context"] = json!("https://www.w3.org/ns/credentials/v2")),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        Case::new(
            "contexts in another order",
            moved(&|d| d["@context"].as_array_mut().unwrap().reverse()),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        Case::new(
            "a context twice",
            moved(&|d| {
                let again = d["@context"][1].clone();
                d["@context"].as_array_mut().unwrap().push(again);
            }),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        Case::new(
            "the badge's context left out",
            moved(&|d| {
                d["@context"].as_array_mut().unwrap().pop();
            }),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        Case::new(
            "a context of the attacker",
            moved(&|d| d["@context"][1] = json!("https://evil.example/context.json")),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
        shape(
            "@type instead of type",
            moved(&|d| {
                let kind = take(&mut d["credentialStatus"], "type");
                d["credentialStatus"]["@type"] = kind;
            }),
        ),
        shape(
            "@id instead of id",
            moved(&|d| {
                let id = take(d, "id");
                d["@id"] = id;
            }),
        ),
        shape(
            "@nest",
            moved(&|d| {
                let status = take(d, "credentialStatus");
                d["@nest"] = json!({"credentialStatus": status});
            }),
        ),
        shape(
            "@set around a value",
            moved(&|d| {
                let status = take(d, "credentialStatus");
                d["credentialStatus"] = json!({"@set": [status]});
            }),
        ),
        shape(
            "a context inside the subject",
            moved(&|d| d["credentialSubject"]["@context"] = json!({"achievement": null})),
        ),
        shape(
            "status as an array",
            moved(&|d| {
                let status = take(d, "credentialStatus");
                d["credentialStatus"] = json!([status]);
            }),
        ),
        shape(
            "subject as an array",
            moved(&|d| {
                let subject = take(d, "credentialSubject");
                d["credentialSubject"] = json!([subject]);
            }),
        ),
        shape(
            "the end as a value object",
            moved(&|d| {
                let end = take(d, "validUntil");
                d["validUntil"] = json!({"@value": end});
            }),
        ),
        Case::new(
            "type without OpenBadgeCredential",
            moved(&|d| d["type"] = json!(["VerifiableCredential"])),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::new(
            "an unknown type beside the known ones",
            moved(&|d| d["type"].as_array_mut().unwrap().push(json!("Diploma"))),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::new(
            "evidence split over two objects of one id",
            moved(&|d| {
                let id = d["evidence"][0]["id"].clone();
                d["evidence"] = json!([{"id": id, "type": ["Evidence"]}, {"id": id, "type": ["Evidence"], "name": "Three accepted changes"}]);
            }),
            State::Unknown,
            Shape,
            Code::AmbiguousNode,
        ),
        Case::new(
            "evidence doubled",
            moved(&|d| {
                let again = d["evidence"][0].clone();
                d["evidence"].as_array_mut().unwrap().push(again);
            }),
            State::Unknown,
            Shape,
            Code::AmbiguousNode,
        ),
        Case::new(
            "a tag doubled",
            {
                let mut document = credential(&guild);
                document["credentialSubject"]["achievement"]["tag"] = json!(["lanterns"]);
                let mut signed = guild.embed(&document);
                signed["credentialSubject"]["achievement"]["tag"] = json!(["lanterns", "lanterns"]);
                signed
            },
            State::Unknown,
            Shape,
            Code::AmbiguousNode,
        ),
        Case::new(
            "the issuer's name moved to a creator of the same id",
            moved(&|d| {
                let name = take(&mut d["issuer"], "name");
                d["credentialSubject"]["achievement"]["creator"] =
                    json!({"id": d["issuer"]["id"], "type": ["Profile"], "name": name});
            }),
            State::Unknown,
            Shape,
            Code::AmbiguousNode,
        ),
    ]
}

fn status_term() -> &'static str {
    "credentialStatus"
}
