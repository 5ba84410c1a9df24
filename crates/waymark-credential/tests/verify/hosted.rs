//! Hosted Open Badges 2.0 assertions beyond the table: what is asked for and when, and what is shown.

use serde_json::json;
use waymark_credential::verify::{CheckId, Code, Outcome, Policy, State, Supply, Verification, Want};

use crate::made::{NOW, World, at};

const HOST: &str = "https://badges.example";

#[test]
fn an_interface_that_answers_yes_or_no_asks_for_no_address() {
    let assertion =
        json!({"@context": "https://w3id.org/openbadges/v2", "id": format!("{HOST}/a"), "type": "Assertion"});
    let verification = Verification::open(assertion.to_string().as_bytes(), &Policy::vc_api(), at(NOW)).unwrap();
    assert!(verification.wants().is_empty());
    assert_eq!(verification.report().check(CheckId::Shape).outcome, Outcome::Failed);
}

#[test]
fn one_address_leads_to_the_next_and_nothing_is_shown_before_the_last() {
    let assertion = json!({"@context": "https://w3id.org/openbadges/v2", "id": format!("{HOST}/a"), "type": ["Assertion"],
        "badge": format!("{HOST}/b"), "recipient": {"type": "email", "hashed": false, "identity": "a@example.com"},
        "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-01T00:00:00Z"});
    let class = json!({"id": format!("{HOST}/b"), "type": "BadgeClass", "name": "Robotics", "description": "Builds robots",
        "issuer": {"id": format!("{HOST}/i"), "type": "Issuer", "name": "Somebody else"}, "criteria": {"id": format!("{HOST}/criteria"), "narrative": "Build one", "steps": 3},
        "image": {"id": format!("{HOST}/robotics.svg")}});
    let profile = json!({"id": format!("{HOST}/i"), "type": "Profile", "name": "Example Badges", "url": "no address", "image": 7});
    let open = || Verification::open(assertion.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();

    let report = open().report();
    assert_eq!((report.state(), report.check(CheckId::Proof).detail.code), (State::Unknown, Code::HostedNotAsked));
    assert_eq!(report.check(CheckId::Proof).outcome, Outcome::NotChecked);
    assert!(report.shown().is_none());

    let mut verification = open();
    for (path, document) in [("a", &assertion), ("b", &class), ("i", &profile)] {
        let want = Want::HostedDocument(format!("{HOST}/{path}"));
        assert_eq!(verification.wants(), std::slice::from_ref(&want));
        verification.supply(&want, Supply::Found { bytes: document.to_string().into_bytes(), fetched_at: at(NOW) });
    }
    assert!(verification.wants().is_empty());
    let report = verification.report();
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(report.check(CheckId::IssuerKey).detail.data, [("place", HOST.to_owned())]);
    let claims = report.shown().unwrap();
    assert_eq!((claims.suite(), claims.method()), ("hosted", format!("{HOST}/a").as_str()));
    assert_eq!(claims.document(), assertion);
    let shown = serde_json::to_value(claims.credential()).unwrap();
    assert_eq!(shown["issuer"], json!({"id": format!("{HOST}/i"), "type": ["Profile"], "name": "Example Badges"}));
    let achievement = &shown["credentialSubject"]["achievement"];
    assert_eq!(achievement["name"], "Robotics");
    assert_eq!(achievement["criteria"], json!({"id": format!("{HOST}/criteria"), "narrative": "Build one"}));
    assert_eq!(achievement["image"]["id"], format!("{HOST}/robotics.svg"));
    assert_eq!(shown["credentialSubject"]["identifier"][0]["identityHash"], "a@example.com");
}

#[test]
fn criteria_may_be_an_address_alone() {
    let assertion = json!({"@context": "https://w3id.org/openbadges/v2", "id": format!("{HOST}/a"), "type": "Assertion",
        "badge": {"id": format!("{HOST}/b"), "type": "BadgeClass", "name": "Robotics", "description": "Builds robots", "image": format!("{HOST}/b.svg"),
            "criteria": format!("{HOST}/criteria"), "issuer": {"id": format!("{HOST}/i"), "type": "Issuer", "name": "Example Badges"}},
        "recipient": {"type": "email", "hashed": false, "identity": "a@example.com"},
        "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-01T00:00:00Z"});
    let world = World::default()
        .with_hosted(&format!("{HOST}/a"), &assertion)
        .with_hosted(&format!("{HOST}/b"), &assertion["badge"])
        .with_hosted(&format!("{HOST}/i"), &assertion["badge"]["issuer"]);
    let report = world.verify(assertion.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    let shown = serde_json::to_value(report.shown().unwrap().credential()).unwrap();
    assert_eq!(shown["credentialSubject"]["achievement"]["criteria"], json!({"id": format!("{HOST}/criteria")}));
}
