//! Events from sources: three modes, once each, credited or held, taken back; and what is refused, with its reason.

use reqwest::Response;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::members::{self, Affiliation, NewMember};
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;

use crate::support::{Store, TestApp, on_both};

on_both!(
    the_three_modes_say_the_same,
    an_event_counts_once,
    what_is_held_is_credited_when_the_handle_is_linked,
    an_address_counts_once_it_is_proved,
    an_alias_leads_to_the_member_who_was_kept,
    a_void_moves_the_progress_back,
    each_refusal_has_its_reason,
    a_source_key_speaks_for_its_own_source,
    unreadable_calls_fail_and_unreadable_entries_do_not,
    activities_credit_nobody,
    the_affiliation_of_the_time_is_kept,
    a_giver_is_kept_where_we_know_them,
    a_source_that_lists_a_further_form_settles_what_was_held,
    the_order_and_the_number_of_deliveries_change_nothing,
    many_senders_at_once_lose_nothing
);

const SOURCE: &str = "https://community.example";

/// An installation that signs under did:key, as one does on http.
pub async fn start(store: Store) -> TestApp {
    TestApp::start_with(store, |config| config.issuer.did_method = DidMethod::Key).await
}

/// A program of one track that asks for two merged changes or accepted answers, and one source.
pub async fn small_program(test: &TestApp) {
    let profile = json!({
        "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"},
        "time_zone": "Asia/Tokyo",
    });
    let track = json!({
        "slug": "giver", "kind": "milestone",
        "title": {"ja": "与える人", "en": "Giver"}, "criteria": {"ja": "二件の貢献", "en": "Two contributions"},
        "requires": {"all": [{"id": "give", "contributions": {
            "types": ["change.merged", "answer.accepted"], "at_least": 2, "window": {"days": 365}, "distinct": "object",
        }}]},
    });
    let source = json!({
        "source": SOURCE, "title": {"ja": "広場", "en": "Square"},
        "types": ["change.merged", "answer.accepted", "answer.posted", "content.viewed"],
        "subjects": ["member", "handle", "mailto"],
    });
    issuer::generate_keys(&test.app, Actor::Operator).await.expect("keys are made");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    let track = TrackDefinition::from_value(&track).expect("valid");
    tracks::publish(&mut ch, own.id, &track).await.expect("published");
    keep_source(&mut ch, &SourceDefinition::from_value(&source).expect("valid")).await.expect("kept");
    ch.commit().await.expect("committed");
}

pub async fn enrol(test: &TestApp, handle: &str) -> MemberId {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let new = NewMember {
        email: format!("{handle}@members.example"),
        name: format!("Member {handle}"),
        locale: Locale::En,
        handle: Some(handle.to_owned()),
        affiliation: None,
        joined_at: None,
    };
    let member = members::enrol(&mut ch, new).await.expect("enrolled");
    ch.commit().await.expect("committed");
    member.id
}

pub fn event(id: &str, subject: &str, object: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": SOURCE, "type": "change.merged", "subject": subject,
        "time": "2026-11-20T09:00:00Z", "data": {"object": object, "url": format!("https://community.example/{object}")},
    })
}

struct Sender<'t> {
    test: &'t TestApp,
    key: String,
}

impl<'t> Sender<'t> {
    async fn admin(test: &'t TestApp) -> Self {
        Self { test, key: test.api_key(Role::Admin).await }
    }

    async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> Response {
        let request = self.test.http.post(self.test.url("/api/v1/events")).bearer_auth(&self.key);
        request.header("content-type", content_type).body(body).send().await.expect("answered")
    }

    /// Structured mode; answers the one result.
    async fn send(&self, event: &Value) -> Value {
        let response = self.post("application/cloudevents+json", event.to_string()).await;
        assert_eq!(response.status(), 202, "{event}");
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(body["results"].as_array().map(Vec::len), Some(1));
        body["results"][0].clone()
    }

    async fn status(&self, content_type: &str, body: impl Into<reqwest::Body>) -> u16 {
        let response = self.post(content_type, body).await;
        let status = response.status().as_u16();
        if status >= 400 {
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert!(response.headers().contains_key("content-security-policy"));
        }
        status
    }

    async fn progress(&self, member: MemberId) -> Value {
        self.test.settle().await;
        let url = self.test.url(&format!("/api/v1/members/{member}/progress"));
        let body: Value =
            self.test.http.get(url).bearer_auth(&self.key).send().await.expect("answered").json().await.expect("JSON");
        body["data"][0].clone()
    }

    async fn have(&self, member: MemberId) -> Value {
        let progress = self.progress(member).await;
        let nodes = progress["requirements"].as_array().expect("a list").clone();
        nodes.into_iter().find(|node| node["id"] == "give").expect("the requirement")["have"].clone()
    }

    async fn void(&self, id: &str, reason: &str) -> Response {
        let url = self.test.url(&format!("/api/v1/contributions/{id}/void"));
        self.test.http.post(url).bearer_auth(&self.key).json(&json!({"reason": reason})).send().await.expect("answered")
    }
}

fn outcomes(body: &Value) -> Vec<&str> {
    body["results"].as_array().expect("a list").iter().map(|r| r["outcome"].as_str().expect("a word")).collect()
}

async fn the_three_modes_say_the_same(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;

    let mut structured = event("e-1", "handle:hikari", "changes/1");
    structured["comexampleextension"] = json!("tolerated");
    let result = sender.send(&structured).await;
    assert_eq!((&result["id"], &result["outcome"]), (&json!("e-1"), &json!("accepted")));
    assert!(result["contribution"].as_str().expect("an id").starts_with("ctr_"));

    let binary = test
        .http
        .post(test.url("/api/v1/events"))
        .bearer_auth(&sender.key)
        .header("ce-specversion", "1.0")
        .header("ce-id", "e-2")
        .header("ce-source", SOURCE)
        .header("ce-type", "change.merged")
        .header("ce-subject", "handle%3Ahikari")
        .header("content-type", "application/json; charset=utf-8")
        .body(r#"{"object": "changes/2", "title": "二つめ"}"#)
        .send()
        .await
        .expect("answered");
    assert_eq!(binary.status(), 202);
    let binary: Value = binary.json().await.expect("JSON");
    assert_eq!(outcomes(&binary), ["accepted"]);
    let progress = sender.progress(member).await;
    assert_eq!((&progress["state"], &progress["track"]), (&json!("met"), &json!("giver")));
    assert_eq!(progress["decided_at"], "2026-11-21T09:00:00Z", "a missing time is the time received");

    let batch = json!([event("e-1", "handle:hikari", "changes/1"), event("e-3", "handle:hikari", "changes/3"), 7]);
    let batch = sender.post("application/cloudevents-batch+json", batch.to_string()).await;
    assert_eq!(batch.status(), 202);
    let batch: Value = batch.json().await.expect("JSON");
    assert_eq!(outcomes(&batch), ["duplicate", "accepted", "rejected"]);
    assert_eq!((&batch["results"][2]["id"], &batch["results"][2]["reason"]), (&Value::Null, &json!("malformed")));
    assert_eq!(sender.post("application/cloudevents-batch+json", "[]").await.status(), 202);
}

async fn an_event_counts_once(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let first = sender.send(&event("e-1", "handle:hikari", "changes/1")).await;
    let again = sender.send(&event("e-1", "handle:hikari", "changes/1")).await;
    assert_eq!((&again["outcome"], &again["reason"]), (&json!("duplicate"), &Value::Null));
    assert_eq!(again["contribution"], first["contribution"]);
    let other = sender.send(&event("e-1", "handle:hikari", "changes/2")).await;
    assert_eq!((&other["outcome"], &other["reason"]), (&json!("duplicate"), &json!("other_content")));
    assert_eq!(sender.have(member).await, 1, "what it says the second time changes nothing");
    let elsewhere = sender.send(&event("e-2", "handle:hikari", "changes/1")).await;
    assert_eq!(elsewhere["outcome"], "accepted", "another event about the same object is taken");
    assert_eq!(sender.have(member).await, 1, "and counts once where the track says so");
}

async fn what_is_held_is_credited_when_the_handle_is_linked(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let sender = Sender::admin(&test).await;
    for n in 1..=2 {
        let held = sender.send(&event(&format!("e-{n}"), "handle:Tsukumo", &format!("changes/{n}"))).await;
        assert_eq!((&held["outcome"], &held["reason"]), (&json!("held"), &json!("unknown_handle")));
    }
    let dismissed = sender.send(&event("e-3", "handle:tsukumo", "changes/3")).await;
    let voided = sender.void(dismissed["contribution"].as_str().expect("an id"), "not ours").await;
    assert_eq!(voided.status(), 200);
    let member = enrol(&test, "tsukumo").await;
    assert_eq!(sender.have(member).await, 2, "held ones are credited, a dismissed one never is");
    let progress = sender.progress(member).await;
    assert_eq!(progress["decided_at"], "2026-11-20T09:00:00Z", "they count from when they happened");
    let again = sender.send(&event("e-1", "handle:tsukumo", "changes/1")).await;
    assert_eq!(again["outcome"], "duplicate");
}

async fn an_address_counts_once_it_is_proved(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "ngozi").await;
    let sender = Sender::admin(&test).await;
    let held = sender.send(&event("e-1", "mailto:Ngozi@Members.Example", "changes/1")).await;
    assert_eq!((&held["outcome"], &held["reason"]), (&json!("held"), &json!("unverified_address")));
    let handed_over = sign_in_link(&test, member, false).await;
    assert_eq!(test.http.post(test.url(&handed_over)).form(&json!({})).send().await.expect("answered").status(), 303);
    assert_eq!(sender.have(member).await, 0, "a link that was handed over proves no address");
    let mailed = sign_in_link(&test, member, true).await;
    assert_eq!(test.http.post(test.url(&mailed)).form(&json!({})).send().await.expect("answered").status(), 303);
    assert_eq!(sender.have(member).await, 1, "one that came by mail does");
    let direct = sender.send(&event("e-2", "mailto:ngozi@members.example", "changes/2")).await;
    assert_eq!(direct["outcome"], "accepted");
}

async fn sign_in_link(test: &TestApp, member: MemberId, mailed: bool) -> String {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = match mailed {
        true => access::create_mailed_link(&mut ch, member).await,
        false => access::create_login_link(&mut ch, member).await,
    };
    ch.commit().await.expect("committed");
    format!("/login/{}", token.expect("made"))
}

async fn an_alias_leads_to_the_member_who_was_kept(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let gone = enrol(&test, "old").await;
    let kept = enrol(&test, "new").await;
    let sql = format!("INSERT INTO member_alias (gone, kept, at) VALUES ('{gone}', '{kept}', 0)");
    test.run_sql(&sql).await;
    let sender = Sender::admin(&test).await;
    for (n, subject) in [format!("{gone}"), "handle:old".to_owned()].iter().enumerate() {
        let result = sender.send(&event(&format!("e-{n}"), subject, &format!("changes/{n}"))).await;
        assert_eq!(result["outcome"], "accepted", "{subject}");
    }
    assert_eq!(sender.have(kept).await, 2);
}

async fn a_void_moves_the_progress_back(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let first = sender.send(&event("e-1", "handle:hikari", "changes/1")).await;
    let id = first["contribution"].as_str().expect("an id").to_owned();
    sender.send(&event("e-2", "handle:hikari", "changes/2")).await;
    assert_eq!(sender.progress(member).await["state"], "met");

    assert_eq!(sender.void(&id, " ").await.status(), 422);
    let voided = sender.void(&id, "it was another person's work").await;
    assert_eq!(voided.status(), 200);
    let voided: Value = voided.json().await.expect("JSON");
    assert_eq!((&voided["state"], &voided["id"]), (&json!("voided"), &json!(id)));
    let progress = sender.progress(member).await;
    assert_eq!(progress["state"], "in_progress");
    assert_eq!(sender.have(member).await, 1);
    let again: Value = sender.void(&id, "another reason").await.json().await.expect("JSON");
    assert_eq!(again["void_reason"], "it was another person's work", "a second void answers the first");
    assert_eq!(sender.void("ctr_00000000000000000000000000", "x").await.status(), 404);
    assert_eq!(sender.void("e-2", "by the id of its event").await.status(), 200);
    assert_eq!(sender.have(member).await, 0);
    let audited = test.audit_actions().await;
    assert_eq!(
        audited.iter().filter(|a| *a == "contribution.void").count(),
        2,
        "one row for each void that changed something"
    );
    let source_key = test.source_key(SOURCE).await;
    let url = test.url(&format!("/api/v1/contributions/{id}/void"));
    let refused =
        test.http.post(url).bearer_auth(source_key).json(&json!({"reason": "x"})).send().await.expect("answered");
    assert_eq!(refused.status(), 403, "a source takes nothing back");
}

async fn each_refusal_has_its_reason(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let with = |name: &str, value: Value| {
        let mut event = event("e-1", "handle:hikari", "changes/1");
        event[name] = value;
        event
    };
    for (event, reason) in [
        (with("source", json!("https://elsewhere.example")), "unknown_source"),
        (with("type", json!("talk.given")), "type_not_listed"),
        (with("time", json!("2026-11-21T09:05:01Z")), "time_ahead"),
        (with("subject", Value::Null), "missing_subject"),
        (with("subject", json!("hikari")), "unknown_subject_form"),
        (with("subject", json!("mem_00000000000000000000000000")), "unknown_member"),
        (with("data", json!({"object": 5})), "invalid_data"),
        (with("data", json!({"url": "javascript:alert(1)"})), "invalid_data"),
    ] {
        let result = sender.send(&event).await;
        assert_eq!((&result["outcome"], &result["reason"]), (&json!("rejected"), &json!(reason)));
        assert!(result["detail"].as_str().is_some_and(|d| !d.is_empty()) && result.get("contribution").is_none());
    }
    let on_time = sender.send(&with("time", json!("2026-11-21T09:05:00Z"))).await;
    assert_eq!(
        on_time["outcome"], "accepted",
        "a refused event may be corrected and sent again; 5 minutes are allowed"
    );
}

async fn a_source_key_speaks_for_its_own_source(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    enrol(&test, "hikari").await;
    let own = Sender { test: &test, key: test.source_key(SOURCE).await };
    assert_eq!(own.send(&event("e-1", "handle:hikari", "changes/1")).await["outcome"], "accepted");
    let other = Sender { test: &test, key: test.source_key("https://other.example").await };
    let result = other.send(&event("e-2", "handle:hikari", "changes/2")).await;
    assert_eq!((&result["outcome"], &result["reason"]), (&json!("rejected"), &json!("not_your_source")));
    let duplicate = other.send(&event("e-1", "handle:hikari", "changes/1")).await;
    assert_eq!(duplicate["outcome"], "rejected", "a foreign key learns nothing about what was received");
    let sources = |key: String| test.http.get(test.url("/api/v1/sources")).bearer_auth(key).send();
    let listed: Value = sources(own.key.clone()).await.expect("answered").json().await.expect("JSON");
    assert_eq!(listed["data"][0]["source"], SOURCE);
    assert_eq!(listed["data"][0]["activities"], json!(["answer.posted", "content.viewed"]));
    for role in [Role::Examiner, Role::Issuer, Role::Auditor, Role::Conformance] {
        let sender = Sender { test: &test, key: test.api_key(role).await };
        let event = event("e-9", "handle:hikari", "changes/9").to_string();
        assert_eq!(sender.status("application/cloudevents+json", event).await, 403, "{role:?}");
    }
}

async fn unreadable_calls_fail_and_unreadable_entries_do_not(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let structured = "application/cloudevents+json";
    let batch = "application/cloudevents-batch+json";
    let good = event("e-1", "handle:hikari", "changes/1");

    assert_eq!(sender.status("application/json", good.to_string()).await, 415);
    assert_eq!(sender.status("text/plain", good.to_string()).await, 415);
    for body in [
        "",
        "{",
        "[]",
        "7",
        "{}",
        r#"{"specversion":"1.0","id":"1","id":"2","source":"s","type":"t"}"#,
        r#"{"specversion":"1.0","source":"s","type":"t"}"#,
        r#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"soon"}"#,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":9007199254740993}"#,
    ] {
        assert_eq!(sender.status(structured, body).await, 400, "{body}");
    }
    let deep = format!(
        r#"{{"specversion":"1.0","id":"1","source":"s","type":"t","data":{}{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    assert_eq!(sender.status(structured, deep).await, 400);
    assert_eq!(sender.status(batch, good.to_string()).await, 400, "a batch is an array");
    assert_eq!(sender.status(structured, vec![b' '; 1024 * 1024 + 1]).await, 413);
    let mut large = good.clone();
    large["data"] = json!({"text": "x".repeat(64 * 1024)});
    assert_eq!(sender.status(structured, large.to_string()).await, 413);
    let many: Vec<&Value> = std::iter::repeat_n(&good, 1001).collect();
    assert_eq!(sender.status(batch, json!(many).to_string()).await, 413);

    let mixed = sender.post(batch, json!([large, {"id": "e-7"}, good]).to_string()).await;
    assert_eq!(mixed.status(), 202);
    let mixed: Value = mixed.json().await.expect("JSON");
    assert_eq!(outcomes(&mixed), ["rejected", "rejected", "accepted"]);
    assert_eq!((&mixed["results"][0]["reason"], &mixed["results"][1]["id"]), (&json!("data_too_large"), &json!("e-7")));
    let anonymous = test.http.post(test.url("/api/v1/events")).body("{}").send().await.expect("answered");
    assert_eq!(anonymous.status(), 401);
}

async fn activities_credit_nobody(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    for (id, kind, subject) in [
        ("a-1", "answer.posted", json!("handle:hikari")),
        ("a-2", "content.viewed", Value::Null),
        ("a-3", "answer.posted", json!("handle:later")),
    ] {
        let mut event = event(id, "", "answers/1");
        event["type"] = json!(kind);
        event["subject"] = subject;
        let result = sender.send(&event).await;
        assert_eq!(result["outcome"], if id == "a-3" { "held" } else { "accepted" });
        assert!(result.get("contribution").is_none());
        assert_eq!(sender.send(&event).await["outcome"], "duplicate");
    }
    assert_eq!(sender.have(member).await, 0);
    assert_eq!(test.count("SELECT COUNT(*) FROM activity").await, 3);
    assert_eq!(test.count("SELECT COUNT(*) FROM contribution").await, 0);
    enrol(&test, "later").await;
    test.settle().await;
    assert_eq!(
        test.count("SELECT COUNT(*) FROM activity WHERE member IS NULL").await,
        1,
        "only the one without a subject"
    );
}

async fn the_affiliation_of_the_time_is_kept(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for (organization, from) in [("Then Ltd", "2026-01-01T00:00:00Z"), ("Now Ltd", "2026-11-20T10:00:00Z")] {
        let from = waymark::clock::parse_rfc3339(from).expect("valid");
        let tie = Affiliation { organization: organization.to_owned(), title: None, from, until: None };
        members::affiliate(&mut ch, member, tie).await.expect("kept");
    }
    ch.commit().await.expect("committed");
    let sender = Sender::admin(&test).await;
    let result = sender.send(&event("e-1", "handle:hikari", "changes/1")).await;
    let id = result["contribution"].as_str().expect("an id").parse().expect("well formed");
    let kept = waymark::contributions::find(test.app.db.read(), id).await.expect("there");
    assert_eq!(kept.organization.as_deref(), Some("Then Ltd"));
}

async fn a_giver_is_kept_where_we_know_them(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let giver = enrol(&test, "shinohara").await;
    let sender = Sender::admin(&test).await;
    for (n, who) in ["handle:shinohara", "handle:nobody", "somebody"].iter().enumerate() {
        let mut event = event(&format!("e-{n}"), "handle:hikari", &format!("answers/{n}"));
        event["data"]["giver"] = json!(who);
        assert_eq!(sender.send(&event).await["outcome"], "accepted", "nothing waits for a giver");
    }
    let facts = waymark::facts::of_member(test.app.db.read(), member).await.expect("read");
    let mut givers: Vec<_> = facts.iter().filter(|f| f.object.is_some()).map(|f| f.giver).collect();
    givers.sort();
    assert_eq!(givers, [None, None, Some(giver)]);
}

async fn a_source_that_lists_a_further_form_settles_what_was_held(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let keep = async |subjects: &[&str]| {
        let source = json!({
            "source": SOURCE, "title": "Square", "types": ["change.merged"], "subjects": subjects,
        });
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        keep_source(&mut ch, &SourceDefinition::from_value(&source).expect("valid")).await.expect("kept");
        ch.commit().await.expect("committed");
    };
    keep(&["member"]).await;
    let held = sender.send(&event("e-1", "handle:hikari", "changes/1")).await;
    assert_eq!((&held["outcome"], &held["reason"]), (&json!("held"), &json!("subject_form_not_listed")));
    assert_eq!(sender.have(member).await, 0);
    keep(&["member", "handle"]).await;
    assert_eq!(sender.have(member).await, 1);
}

async fn the_order_and_the_number_of_deliveries_change_nothing(store: Store) {
    let mut seen = vec![];
    for order in [vec![0, 1, 2, 3], vec![3, 2, 1, 0], vec![2, 2, 0, 3, 0, 1, 1, 2]] {
        let test = start(store).await;
        small_program(&test).await;
        let member = enrol(&test, "hikari").await;
        let sender = Sender::admin(&test).await;
        for n in order {
            let mut event = event(&format!("e-{n}"), "handle:hikari", "changes/1");
            event["time"] = json!(format!("2026-11-2{}T09:00:00Z", n / 2));
            event["data"]["object"] = json!(format!("changes/{}", n % 2));
            event["type"] = json!(if n == 3 { "answer.posted" } else { "change.merged" });
            sender.send(&event).await;
            test.settle().await;
        }
        let progress = sender.progress(member).await;
        let node = progress["requirements"].as_array().expect("a list").iter().find(|n| n["id"] == "give").cloned();
        let node = node.expect("the requirement");
        let facts = node["facts"].as_array().map(Vec::len);
        seen.push(json!([progress["state"], progress["decided_at"], node["have"], facts]));
    }
    assert!(seen.iter().all(|s| *s == seen[0]) && seen[0][0] == "met", "{seen:?}");
}

async fn many_senders_at_once_lose_nothing(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    enrol(&test, "hikari").await;
    let sender = Sender::admin(&test).await;
    let batch = |order: Vec<usize>| {
        let events: Vec<Value> =
            order.iter().map(|n| event(&format!("e-{n}"), "handle:hikari", &format!("changes/{n}"))).collect();
        json!(events).to_string()
    };
    let kind = "application/cloudevents-batch+json";
    let (forth, back) =
        tokio::join!(sender.post(kind, batch((0..120).collect())), sender.post(kind, batch((0..120).rev().collect())));
    let mut accepted = 0;
    for response in [forth, back] {
        assert_eq!(response.status(), 202);
        let body: Value = response.json().await.expect("JSON");
        accepted += outcomes(&body).iter().filter(|o| **o == "accepted").count();
    }
    assert_eq!(accepted, 120, "each event was accepted by exactly one of the two calls");
    assert_eq!(test.count("SELECT COUNT(*) FROM fact WHERE kind = 'contribution'").await, 120);
}
