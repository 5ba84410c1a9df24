//! Presentations.

use super::*;

fn presentation(credentials: &[Value]) -> Value {
    json!({"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": credentials})
}

fn present(holder: &Party, presentation: &Value, options: &Value) -> Value {
    let mut said = json!({"proofPurpose": "authentication"});
    said.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let signed = countersign(holder, &with(presentation.clone(), "/proof", json!([])), &said, &[]);
    with(signed.clone(), "/proof", signed["proof"][0].clone())
}

fn presented_as(presentation: &Value, expected: Expected) -> PresentationReport {
    let policy = Policy { expected, ..Policy::vc_api() };
    PresentationVerification::open(presentation.to_string().as_bytes(), &policy, at(NOW)).unwrap().report()
}

/// Whether everything about it holds.
fn holds(report: &PresentationReport) -> bool {
    let inside = report.credentials.iter().all(|inside| inside.as_ref().is_ok_and(|report| refusal(report).is_none()));
    report.own_holds() && inside && report.problems.is_empty()
}

fn presented(presentation: &Value) -> bool {
    holds(&presented_as(presentation, Expected::default()))
}

#[test]
fn presentations_hold_with_all_that_is_in_them() {
    let holder = Party::of_key(9);
    let signed = sign(&least());
    let badge = sign(&with(least(), "/@context", json!([V2, EXAMPLES])));
    let jwt = issuer().jwt(&least());
    let envelope = json!({"@context": V2, "id": format!("data:application/vc+jwt,{jwt}"), "type": "EnvelopedVerifiableCredential"});
    let bare = presentation(&[signed.clone(), badge, envelope.clone()]);
    let good = [
        presentation(&[]),
        bare.clone(),
        present(&holder, &bare, &json!({})),
        present(
            &holder,
            &with(bare.clone(), "/holder", json!(holder.id)),
            &json!({"challenge": "c", "domain": "d.example"}),
        ),
        present(&holder, &with(bare.clone(), "/holder", json!({"id": holder.id})), &json!({})),
        with(bare.clone(), "/@context", json!([V2, EXAMPLES])),
        with(
            with(bare.clone(), "/@context", json!([V2, {"Own": "https://own.example/#Own"}])),
            "/type",
            json!(["VerifiablePresentation", "Own"]),
        ),
    ];
    for document in &good {
        let report = presented_as(document, Expected::default());
        assert!(holds(&report), "{document}: {report:?}");
    }
    let kept = &good[3];
    let bad = [
        with(bare.clone(), "/@context", Value::Null),
        with(bare.clone(), "/@context", json!([EXAMPLES, V2])),
        with(bare.clone(), "/@context", json!([V2, "https://unknown.example"])),
        with(bare.clone(), "/@context", json!([V2, 5])),
        with(bare.clone(), "/type", Value::Null),
        with(bare.clone(), "/type", json!(["VerifiableCredential"])),
        with(bare.clone(), "/type", json!(["VerifiablePresentation", "Unmapped"])),
        with(bare.clone(), "/id", json!("no url")),
        with(bare.clone(), "/holder", json!({"name": "N"})),
        with(bare.clone(), "/holder", json!("nobody")),
        with(bare.clone(), "/termsOfUse", json!([{"id": "urn:t:1"}])),
        with(bare.clone(), "/verifiableCredential", json!(["urn:c:1"])),
        with(bare.clone(), "/verifiableCredential", json!([least()])),
        with(bare.clone(), "/verifiableCredential/0/issuer", json!("did:example:another")).clone(),
        with(kept.clone(), "/proof/challenge", json!("other")),
        with(kept.clone(), "/proof/proofValue", json!("z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh")),
        with(kept.clone(), "/holder", json!("did:example:another")),
        presentation(&[with(envelope.clone(), "/@context", json!([]))]),
        presentation(&[with(envelope.clone(), "/@context", json!(EXAMPLES))]),
        presentation(&[with(envelope.clone(), "/id", json!(jwt))]),
        presentation(&[with(envelope.clone(), "/type", Value::Null)]),
        presentation(&[with(envelope, "/type", json!("VerifiableCredential"))]),
    ];
    for document in bad {
        let indexed = document.pointer("/verifiableCredential/0/issuer").is_some();
        assert!(!presented(&document), "{indexed} {document}");
    }
    let expect = |challenge: &str, domain: &str| Expected {
        challenge: Some(challenge.into()),
        domain: Some(domain.into()),
        purpose: None,
    };
    assert!(holds(&presented_as(kept, expect("c", "d.example"))));
    assert!(!holds(&presented_as(kept, expect("other", "d.example"))));
    assert!(!holds(&presented_as(kept, expect("c", "other.example"))));
    assert!(!holds(&presented_as(&bare, expect("c", "d.example"))), "without a proof nothing answers the challenge");
}

/// Signatures are the cheapest to spend: `many` credentials with as many proofs as one may have, all of them good.
fn of_many(author: &Party, many: usize) -> Value {
    let credential = with(least(), "/issuer", json!(author.id));
    let first = sign_as(author, &credential, Cryptosuite::EddsaRdfc2022).unwrap();
    let created = |n: u32| json!({"created": format!("2026-05-01T00:00:0{n}Z")});
    let signed = (1..8).fold(first, |signed, n| countersign(author, &signed, &created(n), &[]));
    presentation(&vec![signed; many])
}

#[test]
fn all_that_is_presented_is_on_one_account() {
    let judged = |document: &Value| {
        let opened = PresentationVerification::open(document.to_string().as_bytes(), &Policy::vc_api(), at(NOW));
        opened.unwrap().report_with_work()
    };
    let full = Work::LIMIT.signatures / 8;
    let (report, work) = judged(&of_many(&issuer(), full));
    assert!(holds(&report) && work.signatures == Work::LIMIT.signatures, "{work:?} {report:?}");
    let (report, work) = judged(&of_many(&issuer(), full + 1));
    assert_eq!(work.signatures, Work::LIMIT.signatures, "nothing is left for one more");
    let (last, before) = report.credentials.split_last().unwrap();
    assert!(before.iter().all(|inside| inside.as_ref().is_ok_and(|report| refusal(report).is_none())));
    let refused = refusal(last.as_ref().unwrap());
    assert_eq!(refused, Some((CheckId::Proof, Code::ProofTooComplex)));
    assert!(!holds(&report));

    // What cannot be checked within the limit alone is no cheaper in company: what one may not spend, another may.
    let one = Work::OF_ONE.signatures / 8;
    assert!(holds(&judged(&of_many(&issuer(), one + 1)).0), "the limit of one document is not that of all");
}

#[test]
fn what_the_answers_cost_is_on_the_account_too() {
    // The key is not in the name of this issuer, so that its proofs are checked once its document is supplied.
    let author = Party::of_web("author.example", 3);
    let many = Work::LIMIT.signatures / 8 + 1;
    let document = of_many(&author, many).to_string();
    let mut opened = PresentationVerification::open(document.as_bytes(), &Policy::vc_api(), at(NOW)).unwrap();
    let want = Want::DidDocument(author.id.clone());
    assert_eq!(opened.wants(), std::slice::from_ref(&want), "one question for all");
    let found =
        Supply::Found { bytes: author.document(&[author.published()]).to_string().into_bytes(), fetched_at: at(NOW) };
    opened.supply(&want, &found);
    let (report, work) = opened.report_with_work();
    assert_eq!(work.signatures, Work::LIMIT.signatures);
    let refused: Vec<_> = report.credentials.iter().map(|inside| refusal(inside.as_ref().unwrap())).collect();
    assert_eq!(refused.iter().filter(|refused| refused.is_none()).count(), many - 1);
    assert_eq!(refused[many - 1], Some((CheckId::Proof, Code::ProofTooComplex)));
}

/// VCDM 2.0 §4.13.4 speaks of credentials that only the presentation's own signature secures.
#[test]
fn who_presents_what_only_they_sign_says_so() {
    let author = issuer();
    let own = presentation(&[sign(&least())]);
    assert!(presented(&own), "nobody presents it");
    assert!(presented(&present(&author, &own, &json!({}))), "what has a proof of its own stands by itself");
    assert!(presented(&present(&author, &with(own.clone(), "/holder", json!(author.id)), &json!({}))));
    assert!(!presented(&present(&author, &with(own, "/holder", json!("did:example:another")), &json!({}))));
    let bare = presentation(&[least()]);
    let problems = |presentation: &Value| {
        let report = presented_as(presentation, Expected::default());
        assert!(!holds(&report), "a credential without a proof");
        report.problems.iter().map(|detail| detail.code).collect::<Vec<_>>()
    };
    assert_eq!(problems(&present(&author, &bare, &json!({}))), [Code::SelfAsserted]);
    assert_eq!(problems(&present(&author, &with(bare.clone(), "/holder", json!(author.id)), &json!({}))), []);
    assert_eq!(problems(&present(&Party::of_key(9), &bare, &json!({}))), []);
}

#[test]
fn a_presentation_may_be_as_long_as_a_document_and_not_a_byte_longer() {
    let padded = |size: usize| {
        let mut text = presentation(&[]).to_string();
        text.push_str(&" ".repeat(size - text.len()));
        PresentationVerification::open(text.as_bytes(), &Policy::vc_api(), at(NOW)).map(|_| ())
    };
    assert_eq!(padded(MAX_DOCUMENT), Ok(()));
    assert_eq!(padded(MAX_DOCUMENT + 1), Err(Unreadable::TooLarge { size: MAX_DOCUMENT + 1, limit: MAX_DOCUMENT }));
}

#[test]
fn each_credential_inside_may_ask_as_much_as_one_alone() {
    let lists = |party: &Party, many: u32| {
        let entry = |n: u32| {
            let list = format!("https://{}/status/{n}", party.id.trim_start_matches("did:web:"));
            json!({"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": list})
        };
        (1..=many).map(entry).collect::<Value>()
    };
    let authors: Vec<Party> = (0..32).map(|n| Party::of_web(&format!("author{n}.example"), 30 + n)).collect();
    let holder = Party::of_web("holder.example", 29);
    let asked = |many: u32| {
        let signed = authors.iter().map(|author| {
            let credential = with(with(least(), "/issuer", json!(author.id)), "/credentialStatus", lists(author, many));
            sign_as(author, &credential, Cryptosuite::EddsaRdfc2022).unwrap()
        });
        let document = present(&holder, &presentation(&signed.collect::<Vec<_>>()), &json!({})).to_string();
        let mut opened = PresentationVerification::open(document.as_bytes(), &Policy::vc_api(), at(NOW)).unwrap();
        assert_eq!(opened.wants().len(), 33, "a document of each, and of the holder");
        for author in &authors {
            let bytes = author.document(&[author.published()]).to_string().into_bytes();
            opened.supply(&Want::DidDocument(author.id.clone()), &Supply::Found { bytes, fetched_at: at(NOW) });
        }
        opened.wants().len()
    };
    assert_eq!(asked(2), 1 + 64, "two lists of each");
    assert_eq!(asked(5), 1 + 128, "no more than four of each");
}

#[test]
fn so_many_credentials_are_read_and_no_more() {
    let judged = |many: usize| {
        let document = presentation(&vec![sign(&least()); many]);
        let report = presented_as(&document, Expected::default());
        (report.credentials.len(), report.problems.iter().map(|problem| problem.code).collect::<Vec<_>>())
    };
    assert_eq!(judged(32), (32, vec![]));
    for many in [33, 34] {
        assert_eq!(judged(many), (32, vec![Code::ShapeUnexpected]));
    }
}

#[test]
fn who_presents_signs_by_a_key_for_authentication() {
    let holder = Party::of_web("holder.example", 4);
    let signed = present(&holder, &presentation(&[]), &json!({}));
    let judged = |purposes: &[&str]| {
        let mut document = holder.document(&[holder.published()]);
        for purpose in ["assertionMethod", "authentication"] {
            let listed = if purposes.contains(&purpose) { json!([holder.method]) } else { json!([]) };
            document[purpose] = listed;
        }
        let mut opened =
            PresentationVerification::open(signed.to_string().as_bytes(), &Policy::vc_api(), at(NOW)).unwrap();
        let bytes = document.to_string().into_bytes();
        opened.supply(&Want::DidDocument(holder.id.clone()), &Supply::Found { bytes, fetched_at: at(NOW) });
        opened.report().own.check(CheckId::IssuerKey).outcome
    };
    assert_eq!(judged(&["assertionMethod", "authentication"]), Outcome::Passed);
    assert_eq!(judged(&["authentication"]), Outcome::Passed);
    assert_eq!(judged(&["assertionMethod"]), Outcome::Failed);
}
