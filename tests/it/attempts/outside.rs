//! Results that somebody else delivered: taken in, told apart, corrected, held.

use reqwest::StatusCode;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::facts;
use waymark_assess::ExamSpec;
use waymark_criteria::Detail;

use super::{Candidate, answer, publish, seen, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_result_from_outside_counts_like_our_own,
    only_sources_that_the_exam_names_send_its_results,
    what_a_source_sent_it_does_not_decide_on,
    what_asks_for_a_person_is_listed_with_what_to_do,
    a_result_taken_back_stays_back,
    a_correction_voids_the_fact_before_it,
    a_source_corrects_only_what_it_sent,
    an_unknown_candidate_is_held_until_staff_say_who_it_is,
    wrong_results_are_named_and_stop_no_other,
    a_file_is_checked_and_taken_in
);

const CENTRE: &str = "https://centre.example";

/// The sample exam, which this centre delivers too.
fn delivered() -> ExamSpec {
    spec(|exam| exam["outside"] = json!({"sources": [CENTRE]}))
}

async fn send(test: &TestApp, key: &str, body: &Value) -> (StatusCode, Value) {
    answer(test.http.post(test.url("/api/v1/exams/sample/results")).bearer_auth(key).json(body)).await
}

fn result(candidate: &str, score: Value) -> Value {
    json!({"candidate": candidate, "form": "A-7", "score": score, "delivered_by": "Harbour Test Centre", "at": "2026-11-20T10:00:00Z"})
}

/// What the ledger holds of exams: passed, points, who delivered, and whether it was taken back.
async fn exam_facts(test: &TestApp, ada: &Candidate<'_>) -> Vec<(bool, String, Option<String>, bool)> {
    let facts = facts::of_member(test.app.db.read(), ada.member).await.expect("read");
    let exam = |fact: &waymark_criteria::Fact| match &fact.detail {
        Detail::Exam { passed, score, delivered_by, .. } => {
            let points = score.as_ref().map(|score| score.points.to_string()).unwrap_or_default();
            Some((*passed, points, delivered_by.clone(), fact.voided_by.is_some()))
        }
        _ => None,
    };
    let mut found: Vec<_> = facts.iter().filter_map(exam).collect();
    found.sort();
    found
}

async fn a_result_from_outside_counts_like_our_own(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = test.source_key(CENTRE).await;
    let body = result(&ada.member.to_string(), json!(2));
    let (status, first) = send(&test, &key, &body).await;
    assert_eq!((status.as_u16(), first["results"][0]["outcome"].as_str()), (202, Some("accepted")), "{first}");
    let centre = Some("Harbour Test Centre".to_owned());
    assert_eq!(exam_facts(&test, &ada).await, [(true, "2".to_owned(), centre, false)], "the cut is 2 of 3");
    let (_, again) = send(&test, &key, &json!([body, body])).await;
    assert_eq!(again["results"][0], json!({"id": first["results"][0]["id"], "outcome": "duplicate"}));
    assert_eq!(exam_facts(&test, &ada).await.len(), 1);
    for role in [Role::Auditor, Role::Examiner, Role::Issuer] {
        assert_eq!(send(&test, &test.api_key(role).await, &body).await.0, 403, "{role:?}");
    }
    let unknown = test.http.post(test.url("/api/v1/exams/nothing/results")).bearer_auth(&key).json(&body);
    assert_eq!(answer(unknown).await.0, 404);
}

async fn a_correction_voids_the_fact_before_it(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = test.source_key(CENTRE).await;
    let name = ada.member.to_string();
    send(&test, &key, &result(&name, json!(2))).await;
    let (_, corrected) = send(&test, &key, &result(&name, json!("3/2"))).await;
    assert_eq!(
        (&corrected["results"][0]["outcome"], &corrected["results"][0]["corrects"]),
        (&json!("accepted"), &json!(1))
    );
    let centre = Some("Harbour Test Centre".to_owned());
    let expected = [(false, "3/2".to_owned(), centre.clone(), false), (true, "2".to_owned(), centre, true)];
    assert_eq!(exam_facts(&test, &ada).await, expected, "the old one is taken back, the new one is a fact of its own");
    // With the deliverer's number a correction may change everything else.
    let mut numbered = result(&name, json!(1));
    numbered["reference"] = json!("R-1");
    send(&test, &key, &numbered).await;
    numbered["at"] = json!("2026-11-20T11:00:00Z");
    numbered["form"] = json!("B-1");
    let (_, moved) = send(&test, &key, &numbered).await;
    assert_eq!(moved["results"][0]["corrects"], 1, "{moved}");
    let key = test.api_key(Role::Auditor).await;
    let list = test.http.get(test.url("/api/v1/exams/sample/outside-results")).bearer_auth(&key);
    let (_, list) = answer(list).await;
    let states: Vec<&str> =
        list["data"].as_array().expect("rows").iter().map(|row| row["state"].as_str().expect("text")).collect();
    assert_eq!(states.iter().filter(|state| **state == "corrected").count(), 2, "{list}");
    assert_eq!(states.iter().filter(|state| **state == "accepted").count(), 2, "{list}");
}

async fn a_source_corrects_only_what_it_sent(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["outside"] = json!({"sources": "any"}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (centre, other) = (test.source_key(CENTRE).await, test.source_key("https://other.example").await);
    let name = ada.member.to_string();
    send(&test, &centre, &result(&name, json!(2))).await;
    let (status, refused) = send(&test, &other, &result(&name, json!(0))).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (422, &json!("another_sender")), "{refused}");
    let stands = [(true, "2".to_owned(), Some("Harbour Test Centre".to_owned()), false)];
    assert_eq!(exam_facts(&test, &ada).await, stands, "what the centre said stands");
    let staff = test.api_key(Role::Admin).await;
    for (key, score) in [(&staff, 1), (&test.source_key(CENTRE).await, 2)] {
        let (_, sent) = send(&test, key, &result(&name, json!(score))).await;
        assert_eq!(sent["results"][0]["outcome"], "accepted", "staff correct, and the centre with a new key: {sent}");
    }
}

async fn an_unknown_candidate_is_held_until_staff_say_who_it_is(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = test.api_key(Role::Admin).await;
    for (name, score) in [("nobody@members.example", 2), ("ada@members.example", 2), ("handle:nobody", 1)] {
        let (_, sent) = send(&test, &key, &result(name, json!(score))).await;
        let expected = (&json!("held"), &json!("unknown_candidate"));
        assert_eq!(
            (&sent["results"][0]["outcome"], &sent["results"][0]["reason"]),
            expected,
            "{name}: an address must be proved"
        );
    }
    assert_eq!(exam_facts(&test, &ada).await, []);
    let (_, held) = send(&test, &key, &result("nobody@members.example", json!(2))).await;
    let id = held["results"][0]["id"].as_str().expect("an id");
    let assign = |member: &str| {
        let path = test.url(&format!("/admin/exams/sample/outside/{id}/member"));
        test.http.post(path).bearer_auth(&key).header("accept", "text/html").form(&[("member", member)])
    };
    assert_eq!(seen(assign("somebody")).await.0, 422);
    assert_eq!(seen(assign("mem_00000000000000000000000000")).await.0, 422);
    let (status, to, _) = seen(assign(&ada.member.to_string())).await;
    assert_eq!((status.as_u16(), to.as_str()), (303, "/admin/exams/sample/outside/settle?done=member"));
    assert_eq!(test.audit_actions().await.last().map(String::as_str), Some("outside_result.assign"));
    assert_eq!(exam_facts(&test, &ada).await.len(), 1);
    assert_eq!(seen(assign(&ada.member.to_string())).await.0, 409, "once");
    let (_, corrected) = send(&test, &key, &result("nobody@members.example", json!(0))).await;
    assert_eq!(corrected["results"][0]["outcome"], "accepted", "staff said who it is");
    assert!(!exam_facts(&test, &ada).await[0].0);
}

async fn wrong_results_are_named_and_stop_no_other(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = test.source_key(CENTRE).await;
    let name = ada.member.to_string();
    let with = |field: &str, value: Value| {
        let mut body = result(&name, json!(2));
        body[field] = value;
        body
    };
    for (body, pointer, code) in [
        (with("score", json!(-1)), "/score", "not_points"),
        (with("score", json!("NaN")), "/score", "not_points"),
        (with("score", json!(4)), "/score", "more_than_all"),
        (with("score", json!(1.333_333_333_333)), "/score", "not_points"),
        (with("of", json!(0)), "/score", "more_than_all"),
        (with("at", json!("yesterday")), "/at", "not_a_time"),
        (with("at", json!("2026-11-21T09:06:00Z")), "/at", "ahead"),
        (with("candidate", json!("")), "/candidate", "not_a_text"),
        (with("delivered_by", Value::Null), "/delivered_by", "missing"),
        (with("passed", json!(true)), "/passed", "unknown_field"),
        (with("sections", json!([{"section": "alpha", "right": 3, "of": 2}])), "/sections", "not_sections"),
        (json!("text"), "", "not_an_object"),
    ] {
        let (status, problem) = send(&test, &key, &body).await;
        assert_eq!(status, 422, "{body}: {problem}");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    let batch = json!([with("score", json!(9)), result(&name, json!(2)), 7]);
    let (status, sent) = send(&test, &key, &batch).await;
    let outcomes: Vec<&str> =
        sent["results"].as_array().expect("a list").iter().map(|r| r["outcome"].as_str().expect("text")).collect();
    assert_eq!((status.as_u16(), outcomes), (202, vec!["rejected", "accepted", "rejected"]), "{sent}");
    let many: Vec<Value> = vec![Value::Null; 1001];
    assert_eq!(send(&test, &key, &json!(many)).await.0, 413);
}

async fn a_file_is_checked_and_taken_in(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = test.api_key(Role::Admin).await;
    let post = |csv: &str, go: &str| {
        let fields = [("csv", csv.to_owned()), ("go", go.to_owned())];
        let request = test.http.post(test.url("/admin/exams/sample/outside")).bearer_auth(&key);
        seen(request.header("accept", "text/html").form(&fields))
    };
    let file = format!(
        "\u{feff}candidate,score,of,delivered_by,at,sections\r\n{},53/2,35,Lab,2026-11-20T10:00:00Z,alpha=1/2; beta=3/4\r\n=cmd(),1,35,Lab,never,\r\n",
        ada.member
    );
    let (status, _, html) = post(&file, "check").await;
    assert!(status == 422 && html.contains("at: write a time like 2026-11-21T09:00:00Z."), "{html}");
    assert!(html.contains("<td class=\"num\">2</td><td>Would count</td>"), "lines as an editor counts them: {html}");
    assert_eq!(exam_facts(&test, &ada).await, [], "looking stores nothing");
    assert_eq!(test.count("SELECT COUNT(*) FROM outside_result").await, 0);
    let unknown = "candidate,score,of,delivered_by,at\nnobody@members.example,1,3,Lab,2026-11-20T10:00:00Z\n";
    let (status, _, html) = post(unknown, "check").await;
    assert!(status == 200 && html.contains("Unknown: would be held") && !html.contains("Would count"), "{html}");
    let (_, _, html) = seen(
        test.http
            .post(test.url("/admin/exams/sample/outside"))
            .bearer_auth(&key)
            .header("accept", "text/html")
            .header("accept-language", "ja")
            .form(&[("csv", file.as_str()), ("go", "check")]),
    )
    .await;
    assert!(html.contains("at 列：2026-11-21T09:00:00Z のような形の日時で書いてください。"), "{html}");
    let (status, _, html) = post(&file, "take").await;
    assert_eq!(status, 200, "{html}");
    assert_eq!(exam_facts(&test, &ada).await, [(true, "53/2".to_owned(), Some("Lab".to_owned()), false)]);
    for (file, says) in [
        ("candidate,points\nx,1", "no column “points”"),
        ("candidate,score,at\nx,1,y", "“delivered_by” is missing"),
        ("candidate,score,delivered_by,at\nx,1", "Line 2"),
        ("candidate,score,delivered_by,at\n", "no result below"),
    ] {
        let (status, _, html) = post(file, "take").await;
        assert!(status == 422 && html.contains(says), "{says}: {html}");
    }
}

async fn only_sources_that_the_exam_names_send_its_results(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (centre, other) = (test.source_key(CENTRE).await, test.source_key("https://other.example").await);
    let name = ada.member.to_string();
    let nameless = test.api_key(Role::Source).await;
    let wrong = json!({"nonsense": true});
    for key in [&other, &nameless] {
        for body in [result(&name, json!(2)), json!([result(&name, json!(2))]), json!([]), wrong.clone()] {
            let (status, refused) = send(&test, key, &body).await;
            assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("source_not_admitted")), "{body}: {refused}");
        }
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM outside_result").await, 0);
    assert_eq!(send(&test, &centre, &result(&name, json!(2))).await.0, 202);

    // The centre is taken off the list: what it sent stands, what it sends from now on is not taken.
    publish(&test, &spec(|exam| exam["outside"] = json!({"sources": ["https://other.example"]}))).await;
    assert_eq!(send(&test, &centre, &result(&name, json!(0))).await.0, 403);
    assert_eq!(exam_facts(&test, &ada).await.len(), 1, "and neither does it correct");
    let (_, refused) = send(&test, &other, &result(&name, json!(0))).await;
    assert_eq!(refused["errors"][0]["code"], "another_sender", "the one that is named now takes nothing over");

    for role in [Role::Owner, Role::Admin] {
        assert_eq!(send(&test, &test.api_key(role).await, &result(&name, json!(1))).await.0, 202, "{role:?}");
    }
    // An exam that names nobody takes what every key of role source sends; one without a source speaks for itself.
    for (day, key, any) in [(17, &other, true), (18, &nameless, true), (19, &other, false), (20, &nameless, false)] {
        publish(
            &test,
            &spec(|exam| {
                if any {
                    exam["outside"] = json!({"sources": "any"});
                }
            }),
        )
        .await;
        let at = format!("2026-11-{day}T10:00:00Z");
        let (_, sent) =
            send(&test, key, &json!({"candidate": name, "score": 2, "delivered_by": "Lab", "at": at})).await;
        assert_eq!(sent["results"][0]["outcome"], "accepted", "{at}: {sent}");
    }
}

/// Pages that take keys, as they do in the demo: what lies behind the form asks who sends, too.
async fn what_a_source_sent_it_does_not_decide_on(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (centre, other) = (test.source_key(CENTRE).await, test.source_key("https://other.example").await);
    let (_, held) = send(&test, &centre, &result("nobody@members.example", json!(3))).await;
    let held = held["results"][0]["id"].as_str().expect("an id").to_owned();
    let post = |key: &str, path: &str, fields: &[(&str, &str)]| {
        let request = test.http.post(test.url(&format!("/admin/exams/sample/outside{path}"))).bearer_auth(key);
        seen(request.header("accept", "text/html").form(fields))
    };
    let name = ada.member.to_string();
    let csv = format!("candidate,score,delivered_by,at\n{name},3,Lab,2026-11-20T10:00:00Z\n");
    for go in ["check", "take"] {
        assert_eq!(post(&other, "", &[("csv", &csv), ("go", go)]).await.0, 403, "{go}");
    }
    for key in [&centre, &other] {
        assert_eq!(post(key, &format!("/{held}/member"), &[("member", &name)]).await.0, 403);
        assert_eq!(post(key, &format!("/{held}/take-back"), &[("reason", "mine")]).await.0, 403);
    }
    // A person of role source speaks for no source at all.
    let eve = Candidate::enrol(&test, "eve@members.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, eve.member, Role::Source).await.expect("given");
    ch.commit().await.expect("committed");
    let (_, _, page) = eve.open("/exams/sample").await;
    let fields = [("csrf", super::field(&page, "csrf")), ("csv", csv.clone()), ("go", "take".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(eve.post("/admin/exams/sample/outside", &fields).await.0, 403);
    assert_eq!(exam_facts(&test, &ada).await, []);
    let staff = test.api_key(Role::Admin).await;
    let (status, _, html) = post(&staff, "", &[("csv", &csv), ("go", "take")]).await;
    assert_eq!(status, 200, "{html}");
    assert_eq!(exam_facts(&test, &ada).await.len(), 1);
}

async fn what_asks_for_a_person_is_listed_with_what_to_do(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &delivered()).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let (centre, staff) = (test.source_key(CENTRE).await, test.api_key(Role::Admin).await);
    let settle = |language: &'static str| {
        let request = test.http.get(test.url("/admin/exams/sample/outside/settle")).bearer_auth(&staff);
        seen(request.header("accept", "text/html").header("accept-language", language))
    };
    let (_, _, html) = settle("en").await;
    assert!(html.contains("There is nothing to settle."), "{html}");

    send(&test, &centre, &result("lost@members.example", json!(1))).await;
    let name = ada.member.to_string();
    let at = |time: &str, reference: &str, score: i64| json!({"candidate": name, "score": score, "delivered_by": "Centre", "at": time, "reference": reference});
    send(&test, &centre, &at("2026-11-20T08:00:00Z", "R-1", 3)).await;
    send(&test, &centre, &at("2026-11-20T19:59:00Z", "R-2", 2)).await;
    send(&test, &centre, &at("2026-11-19T19:59:00Z", "R-3", 2)).await;
    let other = bob.member.to_string();
    for score in [3, 1] {
        send(
            &test,
            &centre,
            &json!({"candidate": other, "score": score, "delivered_by": "Centre", "at": "2026-11-20T08:00:00Z"}),
        )
        .await;
    }
    let (status, _, html) = settle("en").await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("lost@members.example") && html.contains("say here who it is"), "{html}");
    assert!(html.contains("Two results of one sitting?"), "{html}");
    let doubles =
        html.split("id=\"doubles\"").nth(1).expect("listed").split("id=\"corrections\"").next().expect("a part");
    assert_eq!(doubles.matches("<tbody>").count(), 1, "twelve hours and one minute are two sittings: {doubles}");
    assert!(!doubles.contains(&other), "one result alone is no double");
    let corrections = html.split("id=\"corrections\"").nth(1).expect("listed");
    assert!(corrections.contains("3, passed") && corrections.contains("1, not passed"), "{corrections}");
    assert!(corrections.contains("/admin/reviews"), "what fell asks for a look: {corrections}");
    let (_, _, html) = settle("ja").await;
    assert!(html.contains("二重に届いたと思われる結果") && html.contains("合格から不合格になりました"), "{html}");
    let auditor = test.api_key(Role::Auditor).await;
    let looked = test.http.get(test.url("/admin/exams/sample/outside/settle")).bearer_auth(&auditor);
    let (status, _, html) = seen(looked.header("accept", "text/html").header("accept-language", "en")).await;
    assert!(status == 200 && !html.contains("take-back"), "auditors look");
}

async fn a_result_taken_back_stays_back(store: Store) {
    let test = TestApp::start_with(store, |config| config.demo = true).await;
    publish(&test, &delivered()).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (centre, staff) = (test.source_key(CENTRE).await, test.api_key(Role::Admin).await);
    let body = result(&ada.member.to_string(), json!(3));
    let (_, sent) = send(&test, &centre, &body).await;
    let id = sent["results"][0]["id"].as_str().expect("an id").to_owned();
    let back = |reason: &str| {
        let request = test.http.post(test.url(&format!("/admin/exams/sample/outside/{id}/take-back")));
        seen(request.bearer_auth(&staff).header("accept", "text/html").form(&[("reason", reason)]))
    };
    assert_eq!(back(" ").await.0, 422, "without a reason");
    assert!(!exam_facts(&test, &ada).await[0].3);
    let (status, to, _) = back("sent twice").await;
    assert_eq!((status.as_u16(), to.as_str()), (303, "/admin/exams/sample/outside/settle?done=back"));
    assert_eq!(test.audit_actions().await.last().map(String::as_str), Some("outside_result.take_back"));
    assert!(exam_facts(&test, &ada).await[0].3, "void");
    assert_eq!(back("again").await.0, 409);
    let (_, refused) = send(&test, &centre, &json!([body])).await;
    assert_eq!(refused["results"][0]["reason"], "taken_back", "its sender does not bring it back: {refused}");
    let list = test.http.get(test.url("/api/v1/exams/sample/outside-results")).bearer_auth(&staff);
    assert_eq!(answer(list).await.1["data"][0]["state"], "taken_back");
    let (_, anew) = send(&test, &staff, &body).await;
    assert_eq!(anew["results"][0]["outcome"], "accepted", "staff do: {anew}");
    assert_eq!(exam_facts(&test, &ada).await.iter().filter(|fact| !fact.3).count(), 1);
}
