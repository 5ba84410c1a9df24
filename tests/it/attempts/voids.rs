//! A broken item after the fact: who flips, new scores, new facts, nothing revoked; and what scales, dates and caps do to a result.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::{attempts, exams, facts};
use waymark_criteria::Detail;

use super::{Candidate, answer, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_voided_item_is_scored_anew_for_all_concerned,
    a_result_on_a_date_waits_for_it,
    an_item_at_its_cap_and_an_earlier_form_are_kept_out
);

async fn asked(test: &TestApp, key: &str, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    answer(test.http.request(method, test.url(&format!("/api/v1{path}"))).bearer_auth(key).json(&body)).await
}

async fn hand_in(who: &Candidate<'_>, right: &[u32]) -> String {
    let attempt = who.start().await;
    for position in right {
        let handles = who.handles(&attempt, *position, "right").await;
        who.save(&attempt, *position, &handles, 0, &format!("op-{position}")).await;
    }
    who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    attempt
}

async fn verdicts(test: &TestApp, who: &Candidate<'_>) -> Vec<(bool, bool, Option<u32>)> {
    let facts = facts::of_member(test.app.db.read(), who.member).await.expect("read");
    let exam = |fact: waymark_criteria::Fact| match fact.detail {
        Detail::Exam { passed, score, .. } => Some((passed, fact.voided_by.is_some(), score.and_then(|s| s.scaled))),
        _ => None,
    };
    let mut verdicts: Vec<_> = facts.into_iter().filter_map(exam).collect();
    verdicts.sort_unstable();
    verdicts
}

async fn a_voided_item_is_scored_anew_for_all_concerned(store: Store) {
    let test = TestApp::start(store).await;
    let scale = |exam: &mut Value| {
        exam["scoring"] = json!({"cut": 2, "scale": {"min": 0, "cut": 60, "max": 100}, "sections_from": 2});
    };
    publish(&test, &spec(scale)).await;
    let key = test.api_key(Role::Examiner).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    // Positions 1 and 2 are a1 and a2 in some order; 3 is one of beta.
    let (first, second) = (hand_in(&ada, &[1, 2]).await, hand_in(&bob, &[3]).await);
    assert_eq!(
        (verdicts(&test, &ada).await, verdicts(&test, &bob).await),
        (vec![(true, false, Some(60))], vec![(false, false, Some(30))])
    );
    let told = ada.get(&format!("{first}/result")).await.1;
    assert_eq!(told["scaled"], json!({"score": 60, "min": 0, "cut": 60, "max": 100}), "{told}");
    assert_eq!(
        told["sections"],
        json!([{"section": "alpha", "level": "meets"}, {"section": "beta", "level": "too_few"}]),
        "words, not numbers"
    );

    let path = "/exams/sample/voids";
    let sent =
        |item: &str, treatment: &str| json!({"item": item, "treatment": treatment, "reason": "the key was wrong"});
    let dry = format!("{path}?dry_run=true");
    let (status, plan) = asked(&test, &key, Method::POST, &dry, sent("a1", "full_credit")).await;
    assert_eq!(
        (status.as_u16(), &plan["attempts"], &plan["now_pass"], &plan["now_fail"]),
        (200, &json!(2), &json!(1), &json!(0)),
        "{plan}"
    );
    let (_, plan) = asked(&test, &key, Method::POST, &dry, sent("a1", "drop")).await;
    assert_eq!((&plan["now_pass"], &plan["now_fail"]), (&json!(0), &json!(1)), "4/3 points of 2 are needed: {plan}");
    assert_eq!(verdicts(&test, &ada).await.len(), 1, "a dry run writes nothing");

    for (bad, status) in [
        (json!({"item": "a1", "treatment": "full_credit"}), 422),
        (sent("nowhere", "drop"), 422),
        (sent("a1", "forget"), 422),
    ] {
        assert_eq!(asked(&test, &key, Method::POST, path, bad.clone()).await.0, status, "{bad}");
    }
    let issuer = test.api_key(Role::Issuer).await;
    assert_eq!(asked(&test, &issuer, Method::POST, path, sent("a1", "drop")).await.0, 403);
    assert_eq!(asked(&test, &key, Method::POST, "/exams/other/voids", sent("a1", "drop")).await.0, 404);

    let (status, done) = asked(&test, &key, Method::POST, path, sent("a1", "full_credit")).await;
    assert_eq!((status.as_u16(), &done["now_pass"]), (200, &json!(1)), "{done}");
    assert_eq!(
        verdicts(&test, &bob).await,
        [(false, true, Some(30)), (true, false, Some(60))],
        "one fact in the place of the other"
    );
    assert_eq!(bob.get(&format!("{second}/result")).await.1["passed"], json!(true));
    let page = format!("/exam/{}/result", second.rsplit('/').next().expect("an id"));
    for (language, told) in
        [("en", "One question of this attempt turned out to be broken"), ("ja", "1 問に誤りが見つかりました")]
    {
        let request = bob.page(Method::GET, &page).header("accept-language", language);
        let text = request.send().await.expect("answered").text().await.expect("text");
        assert!(text.replace(['\u{2068}', '\u{2069}'], "").contains(told), "{language}: {text}");
    }
    assert_eq!(test.count("SELECT count(*) FROM score_run").await, 4);
    assert_eq!(test.count("SELECT count(*) FROM score_run WHERE replaced_by IS NULL").await, 2);
    assert_eq!(attempts::rescore_due(&test.app).await.expect("worked"), 0, "done once");
    assert_eq!(asked(&test, &key, Method::POST, path, sent("a1", "drop")).await.0, 409, "voided before");
    assert_eq!(test.audit_actions().await.iter().filter(|action| *action == "item.void").count(), 1);

    // Whoever sits it later is scored on the same terms, and a crash before the scoring is taken up again.
    let eve = Candidate::enrol(&test, "eve@members.example").await;
    hand_in(&eve, &[3]).await;
    assert_eq!(verdicts(&test, &eve).await, [(true, false, Some(60))]);
    test.run_sql("UPDATE voided_item SET done_at = NULL").await;
    test.run_sql("DELETE FROM score_run WHERE run = 2").await;
    test.run_sql("UPDATE score_run SET replaced_by = NULL").await;
    let again = attempts::rescore_due(&test.app).await.expect("worked");
    assert_eq!(again, 3);
    assert_eq!(test.count("SELECT count(*) FROM voided_item WHERE done_at IS NULL").await, 0);
}

async fn a_result_on_a_date_waits_for_it(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["release"] = json!({"on": "2026-11-21T12:00:00+00:00"}))).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = hand_in(&ada, &[1, 2]).await;
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["released"], json!(false));
    assert_eq!((attempts::release_due(&test.app).await.expect("worked"), verdicts(&test, &ada).await.len()), (0, 0));
    test.clock.advance(Duration::hours(3));
    ada.renew().await;
    assert_eq!(attempts::release_due(&test.app).await.expect("worked"), 1);
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["released"], json!(true));
    assert_eq!(verdicts(&test, &ada).await, [(true, false, None)]);
    let bob = Candidate::enrol(&test, "bob@members.example").await;
    hand_in(&bob, &[1]).await;
    assert_eq!(verdicts(&test, &bob).await.len(), 1, "after the date at once");
}

async fn an_item_at_its_cap_and_an_earlier_form_are_kept_out(store: Store) {
    let test = TestApp::start(store).await;
    let rules = |exam: &mut Value| {
        exam["blueprint"] = json!({"domains": {"beta": 1}, "exposure": {"at_most": 1}, "avoid": {"last_attempts": 1}});
        exam["scoring"] = json!({"cut": 1});
        exam["rules"] = json!({});
    };
    publish(&test, &spec(rules)).await;
    let mut drawn = vec![];
    for n in 0..3 {
        let who = Candidate::enrol(&test, &format!("c{n}@members.example")).await;
        hand_in(&who, &[]).await;
    }
    for stored in test.texts("SELECT stored FROM form ORDER BY frozen_at, attempt").await {
        let form: Value = serde_json::from_str(&stored).expect("JSON");
        assert!(form.get("relaxed").is_none(), "{form}");
        drawn.push(form["positions"][0]["slug"].as_str().expect("a slug").to_owned());
    }
    drawn.sort();
    assert_eq!(drawn, ["b1", "b2", "b3"], "each once");
    let late = Candidate::enrol(&test, "late@members.example").await;
    hand_in(&late, &[]).await;
    assert_eq!(
        test.count("SELECT count(*) FROM form WHERE stored LIKE '%\"relaxed\":[\"exposure\"]%'").await,
        1,
        "and it is recorded"
    );
    let mut ch =
        test.app.db.change(waymark::actor::Actor::Operator, waymark::database::Kind::Ordinary).await.expect("opens");
    let again = spec(|exam| {
        rules(exam);
        exam["timing"]["minutes"] = json!(31);
    });
    let refused = exams::publish(&mut ch, &again).await.expect_err("nothing is left below the cap");
    assert_eq!(refused.faults()[0].code, "exposure_binds");
    assert!(refused.faults()[0].detail.contains("`beta` has 0 items"), "{:?}", refused.faults());
}
