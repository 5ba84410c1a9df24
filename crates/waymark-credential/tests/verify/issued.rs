//! What this crate prepares and a key signs, this crate verifies: every suite, every container, both DID methods.

use waymark_credential::{
    bake,
    key::PublicKey,
    model::{Credential, OpenBadgeCredential, StatusListCredential},
    proof::{Suite, prepare, prepare_status_list},
    verify::{Policy, State},
};

use crate::{
    cases::picture,
    made::{INDEX, NOW, Party, World, at, credential, guild, list},
};

fn signed(party: &Party, suite: Suite) -> String {
    let mut document = credential(party);
    document["validFrom"] = "2026-05-31T18:00:00Z".into();
    let document: OpenBadgeCredential = serde_json::from_value(document).unwrap();
    let method = if suite == Suite::VcJwt { &party.kid } else { &party.method };
    let key = PublicKey::new(method.as_str(), party.key()).unwrap();
    let prepared = prepare(&Credential::new(document).unwrap(), suite, &key, at("2026-05-31T18:00:00Z")).unwrap();
    let signature = party.sign(&prepared.bytes);
    prepared.attach(signature).into_string()
}

fn signed_list(party: &Party, suite: Suite, set: &[u64]) -> Vec<u8> {
    let list: StatusListCredential = serde_json::from_value(list(party, set)).unwrap();
    let key = PublicKey::new(party.method.as_str(), party.key()).unwrap();
    let prepared = prepare_status_list(&list, suite, &key, at("2026-05-31T12:00:00Z")).unwrap();
    let signature = party.sign(&prepared.bytes);
    prepared.attach(signature).into_string().into_bytes()
}

#[test]
fn every_suite_and_container_that_we_issue_is_valid_and_can_be_revoked() {
    let plain = r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;
    for party in [guild(), Party::of_key(2)] {
        for (suite, list_suite) in [
            (Suite::EddsaRdfc2022, Suite::EddsaRdfc2022),
            (Suite::EddsaJcs2022, Suite::EddsaJcs2022),
            (Suite::VcJwt, Suite::EddsaRdfc2022),
        ] {
            let text = signed(&party, suite);
            let forms = [
                text.clone().into_bytes(),
                bake::png::bake(&picture(), &text).unwrap(),
                bake::svg::bake(plain, &text).unwrap().into_bytes(),
            ];
            for (set, expected) in [(&[][..], State::Valid), (&[INDEX], State::Revoked)] {
                let mut world = World::default().with_list_bytes(signed_list(&party, list_suite, set));
                if party.id.starts_with("did:web:") {
                    world = world.with_document(&party, &party.document(&[party.published()]));
                }
                for form in &forms {
                    let report = world.verify(form, &Policy::product(), at(NOW)).unwrap();
                    assert_eq!(report.state(), expected, "{suite:?} {:?}", report.checks());
                }
            }
            let before = World::default().with_document(&guild(), &guild().document(&[guild().published()]));
            let report = before.verify(text.as_bytes(), &Policy::before_release(), at(NOW)).unwrap();
            assert!(report.fit_for_release(), "{suite:?} {:?}", report.checks());
        }
    }
}
