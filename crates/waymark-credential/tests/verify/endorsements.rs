//! Endorsements are verified by themselves, and names that mean to deceive are told; neither changes a state.

use serde_json::{Value, json};
use waymark_credential::verify::{
    CheckId, Code, MAX_WANTS, MOST_ENDORSEMENTS, Outcome, Policy, PresentationVerification, Report, State,
    TrustedIssuer, Verification, Want,
};
use waymark_credential::work::Work;

use crate::made::{NOW, Party, World, at, credential, guild};

const ACHIEVEMENT: &str = "https://guild.example/achievements/foundations";

fn accreditor() -> Party {
    Party::of_web("accreditor.example", 5)
}

pub fn endorsement(party: &Party, about: &str, members: &Value) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "urn:uuid:7f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a07", "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsed", "issuer": {"id": party.id, "type": ["Profile"], "name": "Accreditor"}, "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": "In good standing"}});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    party.embed(&document)
}

fn verify(world: &World, endorsements: &[Value]) -> Report {
    let mut badge = credential(&guild());
    badge["credentialSubject"]["achievement"]["endorsement"] = json!(endorsements);
    let signed = guild().embed(&badge);
    world.verify(signed.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap()
}

/// The same as a JWT.
fn endorsement_jwt(party: &Party, about: &str, members: &Value) -> String {
    let mut document = endorsement(party, about, members);
    document.as_object_mut().unwrap().remove("proof");
    party.jwt(&document)
}

fn known() -> World {
    World::of_guild(&[]).with_document(&accreditor(), &accreditor().document(&[accreditor().published()]))
}

#[test]
fn an_endorsement_is_told_with_what_became_of_it() {
    let good = endorsement(&accreditor(), ACHIEVEMENT, &json!({}));
    let report = verify(&known(), std::slice::from_ref(&good));
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    let [told] = report.endorsements() else { panic!("{:?}", report.endorsements()) };
    assert_eq!((told.outcome, told.comment.as_deref()), (Outcome::Passed, Some("In good standing")), "{told:?}");
    assert_eq!((told.issuer.as_str(), told.issuer_name.as_deref()), ("did:web:accreditor.example", Some("Accreditor")));
    assert_eq!(told.pointer, "/credentialSubject/achievement/endorsement/0");

    let of_key = Party::of_key(6);
    let mut altered = good.clone();
    altered["credentialSubject"]["endorsementComment"] = json!("Outstanding");
    for (made, outcome, code) in [
        (endorsement(&of_key, ACHIEVEMENT, &json!({})), Outcome::Passed, Code::KeyOfIssuer),
        (altered, Outcome::Failed, Code::ProofInvalid),
        (endorsement(&accreditor(), "urn:another", &json!({})), Outcome::Failed, Code::EndorsementOfAnother),
        (
            endorsement(&accreditor(), ACHIEVEMENT, &json!({"validUntil": "2026-02-01T00:00:00Z"})),
            Outcome::Failed,
            Code::Expired,
        ),
        (endorsement(&accreditor(), ACHIEVEMENT, &json!({"issuer": guild().id})), Outcome::Failed, Code::KeyOfAnother),
    ] {
        let report = verify(&known(), std::slice::from_ref(&made));
        let told = &report.endorsements()[0];
        assert_eq!((report.state(), told.outcome, told.detail.code), (State::Valid, outcome, code), "{made}");
    }
    let unreached = verify(&World::of_guild(&[]), std::slice::from_ref(&good));
    assert_eq!((unreached.state(), unreached.endorsements()[0].outcome), (State::Valid, Outcome::NotChecked));
    let others: Vec<Value> = (10..16)
        .map(|seed| endorsement(&Party::of_key(seed), ACHIEVEMENT, &json!({"id": format!("urn:uuid:{seed}")})))
        .collect();
    let report = verify(&known(), &others);
    let passed = report.endorsements().iter().filter(|told| told.outcome == Outcome::Passed).count();
    assert_eq!((report.endorsements().len(), passed), (6, 4), "no more than four are looked at");
}

#[test]
fn the_key_of_a_test_interface_endorses_nothing() {
    let mut badge = credential(&guild());
    let endorsed = endorsement(&accreditor(), ACHIEVEMENT, &json!({}));
    badge["credentialSubject"]["achievement"]["endorsement"] = json!([endorsed]);
    let signed = guild().embed(&badge).to_string();
    let policy = Policy { conformance_issuers: vec![accreditor().id], ..Policy::product() };
    let report = known().verify(signed.as_bytes(), &policy, at(NOW)).unwrap();
    let told = &report.endorsements()[0];
    assert_ne!(told.outcome, Outcome::Passed);
    assert_eq!((report.state(), told.detail.code), (State::Valid, Code::ConformanceKey));
}

#[test]
fn an_altered_credential_tells_no_endorsement() {
    let mut badge = credential(&guild());
    badge["credentialSubject"]["achievement"]["endorsement"] =
        json!([endorsement(&accreditor(), ACHIEVEMENT, &json!({}))]);
    let mut signed = guild().embed(&badge);
    signed["name"] = json!("Other");
    let report = known().verify(signed.to_string().as_bytes(), &Policy::product(), at(NOW)).unwrap();
    assert_eq!(report.state(), State::Altered);
    assert!(report.endorsements().is_empty());
}

#[test]
fn a_name_that_means_to_deceive_is_told_and_changes_no_state() {
    let trusted = vec![TrustedIssuer {
        id: "did:web:other.example".into(),
        name: "Example Guild".into(),
        ..TrustedIssuer::default()
    }];
    let policy = Policy { trusted_issuers: trusted, ..Policy::product() };
    let found = |name: &str| {
        let mut badge = credential(&guild());
        badge["issuer"]["name"] = json!(name);
        let report =
            World::of_guild(&[]).verify(guild().embed(&badge).to_string().as_bytes(), &policy, at(NOW)).unwrap();
        let check = report.check(CheckId::IssuerIdentity);
        (report.state(), check.outcome, check.detail.code)
    };
    for (name, code) in [
        ("A Guild", Code::IssuerNotListed),
        ("Example Guild", Code::IssuerNameResembles),
        ("Exampl\u{435} Guild", Code::IssuerNameResembles),
        ("Gu\u{456}ldhall", Code::IssuerNameMixed),
        ("Guild\u{200b}hall", Code::IssuerNameHidden),
    ] {
        assert_eq!(found(name), (State::Valid, Outcome::NotChecked, code), "{name}");
    }
}

#[test]
fn an_endorsement_as_a_jwt_is_told_where_the_json_itself_is_signed() {
    let guild = guild();
    let id = "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01";
    let good = |about: &str| json!([endorsement_jwt(&accreditor(), about, &json!({}))]);
    let mut badge = credential(&guild);
    badge["endorsementJwt"] = good(id);
    badge["issuer"]["endorsementJwt"] = good(&guild.id);
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = good(ACHIEVEMENT);
    let jcs = guild.embed_as(&badge, &json!({"cryptosuite": "eddsa-jcs-2022"})).to_string();
    for input in [guild.jwt(&badge), jcs] {
        let report = known().verify(input.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
        let told: Vec<_> = report
            .endorsements()
            .iter()
            .map(|told| (told.pointer.as_str(), told.outcome, told.comment.as_deref()))
            .collect();
        let passed = |pointer| (pointer, Outcome::Passed, Some("In good standing"));
        assert_eq!(
            told,
            [
                passed("/endorsementJwt/0"),
                passed("/issuer/endorsementJwt/0"),
                passed("/credentialSubject/achievement/endorsementJwt/0")
            ]
        );
    }
    // where quads are signed, the member would be shown without being signed
    let rdfc = guild.embed(&badge).to_string();
    let report = known().verify(rdfc.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    assert_eq!((report.state(), report.check(CheckId::Shape).detail.code), (State::Unknown, Code::NotMapped));

    let mut parts: Vec<String> = good(ACHIEVEMENT)[0].as_str().unwrap().split('.').map(str::to_owned).collect();
    let other = endorsement_jwt(&accreditor(), ACHIEVEMENT, &json!({"name": "Other"}));
    parts[1] = other.split('.').nth(1).unwrap().to_owned();
    let subjects = [ACHIEVEMENT, "urn:another"].map(|id| json!({"id": id, "type": ["EndorsementSubject"]}));
    let subjects = json!({"credentialSubject": subjects});
    let about_two = json!([endorsement_jwt(&accreditor(), ACHIEVEMENT, &subjects)]);
    for (jwt, outcome, code) in [
        (json!([parts.join(".")]), Outcome::Failed, Code::ProofInvalid),
        (good("urn:another"), Outcome::Failed, Code::EndorsementOfAnother),
        (about_two, Outcome::Failed, Code::EndorsementOfAnother),
        (json!(["eyJ.no.jwt"]), Outcome::Failed, Code::JwtUnreadable),
        (json!(["no jwt at all"]), Outcome::Failed, Code::JwtUnreadable),
        (json!([Party::of_key(3).jwt(&credential(&guild))]), Outcome::Failed, Code::EndorsementOfAnother),
    ] {
        let mut badge = credential(&guild);
        badge["credentialSubject"]["achievement"]["endorsementJwt"] = jwt;
        let report = known().verify(guild.jwt(&badge).as_bytes(), &Policy::product(), at(NOW)).unwrap();
        let told = &report.endorsements()[0];
        assert_eq!((report.state(), told.outcome, told.detail.code), (State::Valid, outcome, code));
    }
}

#[test]
fn a_credential_that_is_no_endorsement_endorses_nothing() {
    let mut about = credential(&accreditor());
    about["credentialSubject"]["id"] = json!(ACHIEVEMENT);
    about["credentialSubject"]["achievement"]["id"] = json!("urn:another");
    about.as_object_mut().unwrap().remove("credentialStatus");
    let mut badge = credential(&guild());
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = json!([accreditor().jwt(&about)]);
    let report = known().verify(guild().jwt(&badge).as_bytes(), &Policy::product(), at(NOW)).unwrap();
    let told = &report.endorsements()[0];
    assert_eq!((told.outcome, told.detail.code), (Outcome::NotChecked, Code::KindUnknown));
}

#[test]
fn endorsements_inside_strangers_badges_are_told_like_ours() {
    let stranger = Party::of_key(9);
    let contexts = json!({"@context": ["https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]});
    let badge = |name: &str, endorsements: Value| {
        let mut badge = credential(&stranger);
        for member in ["credentialStatus", "awardedDate"] {
            badge.as_object_mut().unwrap().remove(member);
        }
        badge["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("inLanguage");
        badge["@context"] = contexts["@context"].clone();
        badge["termsOfUse"] = json!([{"type": "https://terms.example/Terms"}]);
        badge["credentialSubject"]["achievement"][name] = endorsements;
        badge
    };
    let judged = |input: String| known().verify(input.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    let good = endorsement(&accreditor(), ACHIEVEMENT, &contexts);
    let mut altered = good.clone();
    altered["credentialSubject"]["endorsementComment"] = json!("Outstanding");
    for (given, outcome, code) in
        [(good, Outcome::Passed, Code::KeyOfIssuer), (altered, Outcome::Failed, Code::ProofInvalid)]
    {
        let report = judged(stranger.embed(&badge("endorsement", json!([given]))).to_string());
        assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
        let [told] = report.endorsements() else { panic!("{:?}", report.endorsements()) };
        assert_eq!((told.outcome, told.detail.code), (outcome, code));
        assert_eq!(told.pointer, "/credentialSubject/achievement/endorsement/0");
        assert_eq!(
            (told.issuer.as_str(), told.issuer_name.as_deref()),
            ("did:web:accreditor.example", Some("Accreditor"))
        );
    }
    let jwt = json!([endorsement_jwt(&accreditor(), ACHIEVEMENT, &json!({}))]);
    let report = judged(stranger.jwt(&badge("endorsementJwt", jwt.clone())));
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(report.endorsements()[0].outcome, Outcome::Passed);
    // where quads are signed, no context gives it a meaning
    let report = judged(stranger.embed(&badge("endorsementJwt", jwt.clone())).to_string());
    assert_eq!((report.state(), report.check(CheckId::Shape).detail.code), (State::Unknown, Code::NotMapped));
    let report = judged(stranger.jwt(&badge("endorsement", jwt)));
    assert!(report.endorsements().iter().all(|told| told.outcome != Outcome::Passed), "a JWT has a member of its own");

    // an endorsement of nothing is not one of what has no name
    let mut nameless = badge("endorsementJwt", Value::Null);
    nameless["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("endorsementJwt");
    nameless.as_object_mut().unwrap().remove("id");
    let of_nothing = json!({"credentialSubject": {"type": ["EndorsementSubject"]}});
    nameless["endorsementJwt"] = json!([endorsement_jwt(&accreditor(), "", &of_nothing)]);
    let report = judged(stranger.jwt(&nameless));
    assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    assert_eq!(report.endorsements()[0].detail.code, Code::EndorsementOfAnother);
}

#[test]
fn the_work_for_endorsements_is_counted_with_the_rest() {
    let mut badge = credential(&guild());
    let many =
        (10..16).map(|seed| endorsement(&Party::of_key(seed), ACHIEVEMENT, &json!({"id": format!("urn:uuid:{seed}")})));
    badge["credentialSubject"]["achievement"]["endorsement"] = many.collect();
    let signed = guild().embed(&badge).to_string();
    let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
    while let Some(want) = verification.wants().first().cloned() {
        verification.supply(&want, known().answer(&want, at(NOW)));
    }
    let before = verification.work();
    let (report, work) = verification.report_with_work();
    assert_eq!((report.state(), before), (State::Valid, work));
    // the badge, its status list, and each endorsement that is looked at
    assert_eq!(work.signatures, 2 + MOST_ENDORSEMENTS);
    assert!(work.is_within(&Work::LIMIT) && work.bytes > signed.len(), "{work:?}");
}

#[test]
fn in_a_presentation_they_are_named_and_not_looked_at() {
    let mut badge = credential(&guild());
    badge["credentialSubject"]["achievement"]["endorsement"] =
        json!([endorsement(&Party::of_key(6), ACHIEVEMENT, &json!({}))]);
    let presented = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
        "verifiableCredential": [guild().embed(&badge)]});
    let bytes = presented.to_string().into_bytes();
    let mut opened = PresentationVerification::open(&bytes, &Policy::product(), at(NOW)).unwrap();
    while let Some(want) = opened.wants().first().cloned() {
        opened.supply(&want, &known().answer(&want, at(NOW)));
    }
    let (report, work) = opened.report_with_work();
    let inside = report.credentials[0].as_ref().unwrap();
    assert_eq!(inside.state(), State::Valid, "{:?}", inside.checks());
    let [told] = inside.endorsements() else { panic!("{:?}", inside.endorsements()) };
    assert_eq!((told.outcome, told.issuer_name.as_deref()), (Outcome::NotChecked, Some("Accreditor")));
    assert_eq!(work.signatures, 2, "the badge and its status list");
}

#[test]
fn what_endorsements_want_is_asked_once_and_within_the_limit() {
    let accreditors: Vec<Party> = (0..4).map(|n| Party::of_web(&format!("accreditor{n}.example"), 20 + n)).collect();
    let with_list = |party: &Party| {
        let list = format!("https://{}/status/1", party.id.trim_start_matches("did:web:"));
        let entry = json!({"id": format!("{list}#7"), "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "7", "statusListCredential": list});
        endorsement(party, ACHIEVEMENT, &json!({"credentialStatus": entry, "id": format!("urn:of:{}", party.id)}))
    };
    let asked = |endorsements: Vec<Value>| {
        let mut badge = credential(&guild());
        badge["credentialSubject"]["achievement"]["endorsement"] = json!(endorsements);
        let world = accreditors.iter().fold(World::of_guild(&[]), |world, party| {
            world.with_document(party, &party.document(&[party.published()]))
        });
        let signed = guild().embed(&badge).to_string();
        let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        let mut asked: Vec<Want> = Vec::new();
        while let Some(want) = verification.wants().first().cloned() {
            assert!(!asked.contains(&want), "{want:?} is asked again");
            verification.supply(&want, world.answer(&want, at(NOW)));
            asked.push(want);
        }
        assert_eq!(verification.report().state(), State::Valid);
        asked
    };
    // the guild's document and its list, and two of each accreditor: ten, of which the last two go without
    assert_eq!(asked(accreditors.iter().map(with_list).collect()).len(), MAX_WANTS);
    let twice = ["urn:one", "urn:two"].map(|id| endorsement(&accreditors[0], ACHIEVEMENT, &json!({"id": id})));
    assert_eq!(asked(twice.to_vec()).len(), 3, "one document for both");
}
