//! Questions, answers and ideas: figures that were counted by hand, what is not counted and why, and co-authors of shipped ideas.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::database::Kind;
use waymark::issuer;
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, small_program, start};
use crate::home::Visitor;
use crate::support::{Store, TestApp, on_both};

on_both!(
    questions_are_counted_by_their_definitions,
    the_median_of_none_of_one_and_of_ties,
    what_is_asked_for_narrows_the_figures,
    ideas_are_counted_once_and_nobody_supports_their_own,
    a_shipped_idea_credits_its_co_authors_by_the_same_record,
    what_was_taken_back_is_counted_no_more,
    the_page_prints_definitions_and_lists_what_waits,
    figures_are_for_staff_and_asked_for_strictly
);

const SQUARE: &str = "https://square.example";
const HOUR: u64 = 3_600_000;

/// Three members, and a source that tells of questions and ideas.
pub struct Forum {
    pub test: TestApp,
    key: String,
    sent: AtomicU32,
}

impl Forum {
    pub async fn start(store: Store) -> Self {
        let test = start(store).await;
        small_program(&test).await;
        let source = json!({
            "source": SQUARE, "title": {"ja": "広場", "en": "The square"}, "subjects": ["member", "handle"],
            "types": ["question.asked", "answer.posted", "answer.accepted", "idea.submitted", "idea.supported", "idea.shipped"],
        });
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        keep_source(&mut ch, &SourceDefinition::from_value(&source).expect("valid")).await.expect("kept");
        ch.commit().await.expect("committed");
        for handle in ["hikari", "tsukumo", "petra"] {
            enrol(&test, handle).await;
        }
        let key = test.api_key(Role::Admin).await;
        Self { test, key, sent: AtomicU32::new(0) }
    }

    /// Sends one event, `at` of November in UTC; answers its result.
    pub async fn tell(&self, kind: &str, who: &str, at: &str, data: Value) -> Value {
        let id = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        self.repeat(id, kind, who, at, data).await
    }

    async fn repeat(&self, id: u32, kind: &str, who: &str, at: &str, data: Value) -> Value {
        let mut event = json!({
            "specversion": "1.0", "id": format!("e-{id}"), "source": SQUARE, "type": kind, "time": format!("2026-11-{at}Z"), "data": data,
        });
        if !who.is_empty() {
            event["subject"] = json!(format!("handle:{who}"));
        }
        let request = self.test.http.post(self.test.url("/api/v1/events")).bearer_auth(&self.key);
        let sent = request.header("content-type", "application/cloudevents+json").body(event.to_string()).send();
        let body: Value = sent.await.expect("answered").json().await.expect("JSON");
        body["results"][0].clone()
    }

    async fn figures(&self, query: &str) -> Value {
        let url = self.test.url(&format!("/api/v1/activities/figures?{query}"));
        let answer = self.test.http.get(url).bearer_auth(&self.key).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{query}");
        answer.json().await.expect("JSON")
    }

    async fn void(&self, id: &str) {
        let url = self.test.url(&format!("/api/v1/contributions/{id}/void"));
        let sent =
            self.test.http.post(url).bearer_auth(&self.key).json(&json!({"reason": "no longer accepted"})).send();
        assert_eq!(sent.await.expect("answered").status(), 200);
        self.test.settle().await;
    }

    /// Four questions of November: one answered and accepted, one answered by its asker and by a stranger, one of which the answer was accepted by
    /// its own author, one answered on the twelfth.
    pub async fn four_questions(&self) {
        let about = |n: u32| json!({"question": format!("q/{n}"), "object": format!("a/{n}")});
        // An answer may become known before its question.
        self.tell("answer.posted", "tsukumo", "01T01:00:00", about(1)).await;
        for (n, who, at) in [
            (1, "hikari", "01T00:00:00"),
            (2, "petra", "02T00:00:00"),
            (3, "hikari", "03T00:00:00"),
            (4, "tsukumo", "04T00:00:00"),
        ] {
            let data = json!({"object": format!("q/{n}"), "title": format!("Question {n}"), "url": format!("https://square.example/q/{n}")});
            self.tell("question.asked", who, at, data).await;
        }
        self.tell("answer.accepted", "tsukumo", "01T05:00:00", about(1)).await;
        self.tell("answer.posted", "petra", "02T00:10:00", about(2)).await;
        // Nobody knows yet who that is: the contribution is held, the question is answered all the same. Its object is the question itself.
        self.tell("answer.accepted", "stranger", "02T03:00:00", json!({"object": "q/2", "giver": "handle:petra"}))
            .await;
        let own = json!({"question": "q/3", "object": "a/3", "giver": "handle:tsukumo"});
        self.tell("answer.accepted", "tsukumo", "03T01:00:00", own).await;
        self.tell("answer.posted", "hikari", "12T00:00:00", about(4)).await;
        self.test.settle().await;
    }
}

async fn questions_are_counted_by_their_definitions(store: Store) {
    let forum = Forum::start(store).await;
    forum.four_questions().await;
    let all = forum.figures("from=2026-11-01&to=2026-11-21").await;
    let q = &all["questions"];
    let figures = ["asked", "answered", "accepted", "unanswered", "answers_to_others"].map(|name| q[name].as_u64());
    assert_eq!(figures, [4, 3, 2, 1, 0].map(Some), "{q}");
    assert_eq!(q["answer_rate"], json!(0.75));
    // 1 h, 3 h, 192 h.
    assert_eq!(q["median_ms_to_first_answer"], json!(3 * HOUR));
    assert_eq!(q["oldest_unanswered"][0]["object"], "q/3");
    assert_eq!(q["oldest_unanswered"][0]["url"], "https://square.example/q/3");
    assert_eq!(all["months"].as_array().map(Vec::len), Some(1));
    assert_eq!((&all["months"][0]["asked"], &all["months"][0]["answered"]), (&json!(4), &json!(3)));

    // Up to the tenth: the answer of the twelfth had not been given; of 1 h and 3 h the mean is 2 h.
    let until = forum.figures("from=2026-11-01&to=2026-11-10").await;
    let q = &until["questions"];
    assert_eq!((&q["answered"], &q["unanswered"]), (&json!(2), &json!(2)));
    assert_eq!(q["median_ms_to_first_answer"], json!(2 * HOUR));
    let waiting: Vec<&str> =
        q["oldest_unanswered"].as_array().expect("a list").iter().filter_map(|q| q["title"].as_str()).collect();
    assert_eq!(waiting, ["Question 3", "Question 4"], "the oldest first");

    // From the fifth: nothing was asked, and the one answer belongs to a question of an earlier time.
    let later = forum.figures("from=2026-11-05&to=2026-11-21").await;
    let q = &later["questions"];
    assert_eq!((&q["asked"], &q["answer_rate"], &q["answers_to_others"]), (&json!(0), &Value::Null, &json!(1)));

    // Days are those of Tokyo: the first question was asked at nine in the morning there.
    let tokyo = forum.figures("from=2026-11-01&to=2026-11-01").await;
    assert_eq!((&tokyo["questions"]["asked"], &tokyo["time_zone"]), (&json!(1), &json!("Asia/Tokyo")));
}

async fn the_median_of_none_of_one_and_of_ties(store: Store) {
    let forum = Forum::start(store).await;
    let none = forum.figures("").await;
    assert_eq!(
        (&none["questions"]["asked"], &none["questions"]["median_ms_to_first_answer"]),
        (&json!(0), &Value::Null)
    );
    for n in 1..=4 {
        let object = format!("q/{n}");
        forum.tell("question.asked", "hikari", "01T00:00:00", json!({"object": object})).await;
        // The same question told again is the same question.
        forum.tell("question.asked", "hikari", "02T00:00:00", json!({"object": object})).await;
    }
    assert_eq!(forum.figures("").await["questions"]["asked"], 4);
    assert_eq!(forum.figures("").await["questions"]["median_ms_to_first_answer"], Value::Null, "nothing is answered");
    let mut medians = vec![];
    for (n, at) in [(1, "01T02:00:00"), (2, "01T02:00:00"), (3, "01T07:00:00"), (4, "01T09:00:00")] {
        forum.tell("answer.posted", "tsukumo", at, json!({"object": format!("q/{n}")})).await;
        medians.push(forum.figures("").await["questions"]["median_ms_to_first_answer"].as_u64().expect("a number"));
    }
    // 2 · 2 2 · 2 2 7 · 2 2 7 9
    assert_eq!(medians, [2 * HOUR, 2 * HOUR, 2 * HOUR, 4 * HOUR + HOUR / 2]);
}

async fn what_is_asked_for_narrows_the_figures(store: Store) {
    let forum = Forum::start(store).await;
    forum.four_questions().await;
    let accepted = forum.figures("type=answer.accepted").await;
    assert_eq!((&accepted["questions"]["answered"], &accepted["ideas"]), (&json!(2), &Value::Null));
    // 5 h and 3 h.
    assert_eq!(accepted["questions"]["median_ms_to_first_answer"], json!(4 * HOUR));
    let posted = forum.figures("type=answer.posted").await;
    assert_eq!((&posted["questions"]["answered"], &posted["questions"]["accepted"]), (&json!(2), &json!(0)));
    let ideas = forum.figures("type=idea.shipped").await;
    assert_eq!((&ideas["questions"], &ideas["ideas"]["shipped"]), (&Value::Null, &json!(0)));
    assert!(ideas["months"][0].get("asked").is_none() && ideas["months"][0]["shipped"] == 0);
    let here = forum.figures("source=https%3A%2F%2Fsquare.example").await;
    let elsewhere = forum.figures("source=https%3A%2F%2Fother.example").await;
    assert_eq!((&here["questions"]["asked"], &elsewhere["questions"]["asked"]), (&json!(4), &json!(0)));
}

async fn ideas_are_counted_once_and_nobody_supports_their_own(store: Store) {
    let forum = Forum::start(store).await;
    let idea = |n: u32| json!({"object": format!("ideas/{n}")});
    forum.tell("idea.submitted", "hikari", "01T00:00:00", idea(1)).await;
    forum.tell("idea.submitted", "hikari", "05T00:00:00", idea(1)).await;
    forum.tell("idea.submitted", "petra", "06T00:00:00", idea(2)).await;
    for (who, at) in
        [("tsukumo", "06T01:00:00"), ("tsukumo", "06T02:00:00"), ("hikari", "06T03:00:00"), ("", "06T04:00:00")]
    {
        forum.tell("idea.supported", who, at, idea(1)).await;
    }
    forum.tell("idea.supported", "hikari", "06T05:00:00", idea(2)).await;
    forum.tell("idea.shipped", "hikari", "07T00:00:00", idea(1)).await;
    forum.tell("idea.shipped", "hikari", "08T00:00:00", idea(1)).await;
    let all = forum.figures("from=2026-11-01&to=2026-11-21").await["ideas"].clone();
    // Tsukumo and somebody without a name for the first, Hikari for the second.
    assert_eq!(all, json!({"submitted": 2, "supports": 3, "supported": 2, "shipped": 1, "credited": 1}));
    let later = forum.figures("from=2026-11-05&to=2026-11-21").await["ideas"].clone();
    assert_eq!((&later["submitted"], &later["shipped"]), (&json!(1), &json!(1)), "the first was submitted before");
    let last = forum.figures("from=2026-11-08&to=2026-11-21").await["ideas"].clone();
    assert_eq!(last["shipped"], 0, "it was put into practice the day before");
}

/// A track that one shipped idea earns.
async fn publish_maker(test: &TestApp) {
    let track = json!({
        "slug": "maker", "kind": "milestone", "title": {"ja": "実現した人", "en": "Maker"},
        "criteria": {"ja": "アイデアの実現", "en": "Put an idea into practice"},
        "requires": {"all": [{"id": "ship", "contributions": {"types": ["idea.shipped"], "at_least": 1}}]},
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).expect("valid")).await.expect("published");
    ch.commit().await.expect("committed");
}

async fn a_shipped_idea_credits_its_co_authors_by_the_same_record(store: Store) {
    let forum = Forum::start(store).await;
    publish_maker(&forum.test).await;
    let data = json!({
        "object": "ideas/1", "title": "Soft alarms", "decision": {"by": "handle:petra", "minutes": "https://square.example/minutes/7"},
        "co_authors": ["handle:Tsukumo", "handle:newcomer", "handle:hikari"],
    });
    let told = forum.repeat(1, "idea.shipped", "hikari", "07T00:00:00", data.clone()).await;
    assert_eq!(told["outcome"], "accepted", "{told}");
    let outcomes: Vec<&str> =
        told["co_authors"].as_array().expect("a list").iter().filter_map(|one| one["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["accepted", "held"], "each but the author, once");
    forum.test.settle().await;
    let reached = async || {
        let met = "SELECT member FROM decision WHERE stands IS NOT NULL ORDER BY member";
        forum.test.texts(met).await.len()
    };
    assert_eq!(reached().await, 2, "author and co-author earn it");
    let records = forum.test.texts("SELECT DISTINCT object FROM contribution WHERE type = 'idea.shipped'").await;
    assert_eq!(records, ["ideas/1"]);
    let decisions: Vec<Value> = forum
        .test
        .texts("SELECT data FROM contribution ORDER BY id")
        .await
        .iter()
        .map(|data| serde_json::from_str::<Value>(data).expect("JSON")["decision"].clone())
        .collect();
    assert_eq!(decisions, vec![data["decision"].clone(); 3], "each keeps the same record of the decision");

    let again = forum.repeat(1, "idea.shipped", "hikari", "07T00:00:00", data.clone()).await;
    assert_eq!((&again["outcome"], again.get("co_authors")), (&json!("duplicate"), None));
    let mut other = data.clone();
    other["co_authors"] = json!(["handle:petra"]);
    let other = forum.repeat(1, "idea.shipped", "hikari", "07T00:00:00", other).await;
    assert_eq!(other["reason"], "other_content", "a repetition adds nobody");
    assert_eq!(forum.test.count("SELECT COUNT(*) FROM contribution").await, 3);

    enrol(&forum.test, "newcomer").await;
    forum.test.settle().await;
    assert_eq!(reached().await, 3, "who waited is credited once we know them");
    forum.void(told["co_authors"][0]["contribution"].as_str().expect("an id")).await;
    assert_eq!(reached().await, 2, "one can be taken back alone");
    let wrong = forum
        .repeat(2, "idea.shipped", "hikari", "07T00:00:00", json!({"object": "ideas/2", "co_authors": ["hikari"]}))
        .await;
    assert_eq!((&wrong["outcome"], &wrong["reason"]), (&json!("rejected"), &json!("invalid_data")));
    let ideas = forum.figures("").await["ideas"].clone();
    assert_eq!((&ideas["shipped"], &ideas["credited"]), (&json!(1), &json!(2)));
}

async fn what_was_taken_back_is_counted_no_more(store: Store) {
    let forum = Forum::start(store).await;
    forum.tell("question.asked", "hikari", "01T00:00:00", json!({"object": "q/1"})).await;
    let accepted = forum.tell("answer.accepted", "tsukumo", "01T05:00:00", json!({"object": "q/1"})).await;
    forum.test.settle().await;
    let have = async || {
        let member =
            waymark::members::by_handle(forum.test.app.db.read(), "tsukumo").await.expect("read").expect("there");
        let url = forum.test.url(&format!("/api/v1/members/{member}/progress"));
        let body: Value = forum
            .test
            .http
            .get(url)
            .bearer_auth(&forum.key)
            .send()
            .await
            .expect("answered")
            .json()
            .await
            .expect("JSON");
        body["data"][0]["requirements"].as_array().expect("a list").iter().find(|n| n["id"] == "give").expect("there")["have"].clone()
    };
    assert_eq!((have().await, &forum.figures("").await["questions"]["accepted"]), (json!(1), &json!(1)));
    forum.void(accepted["contribution"].as_str().expect("an id")).await;
    let after = forum.figures("").await;
    assert_eq!((&after["questions"]["accepted"], &after["questions"]["answered"]), (&json!(0), &json!(0)));
    assert_eq!(have().await, json!(0), "and the bar moves back");
}

async fn the_page_prints_definitions_and_lists_what_waits(store: Store) {
    let forum = Forum::start(store).await;
    let admin = Visitor::staff(&forum.test, Role::Admin).await;
    let empty = admin.page("/admin/activities", "en").await;
    assert!(empty.contains("Nothing was told in these days.") && !empty.contains("<svg viewBox"), "{empty}");
    forum.four_questions().await;
    let page = admin.page("/admin/activities", "en").await;
    for text in [
        "75 % (3 of 4)",
        "3 h 0 min",
        "What askers say to their own question does not count.",
        "Questions asked by month: 4 in all, 4 in the highest month.",
        "href=\"https://square.example/q/3\"",
        "Question 3",
        "One question waits.",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("Question 2"), "it is answered");
    let japanese = admin.page("/admin/activities?source=https%3A%2F%2Fsquare.example", "ja").await;
    assert!(japanese.contains("75%（4 件中 3 件）") && japanese.contains("3 時間 0 分"), "{japanese}");
    let wrong = admin.get("/admin/activities?from=2026-11-30&to=2026-11-01", "en").await;
    assert_eq!(wrong.status(), 422);
    let wrong = wrong.text().await.expect("text");
    assert!(
        wrong.contains("both within 366 days") && wrong.contains("value=\"2026-11-30\""),
        "what was typed is kept: {wrong}"
    );

    for n in 10..65 {
        let at = format!("05T{:02}:{:02}:00", n / 60, n % 60);
        forum
            .tell("question.asked", "", &at, json!({"object": format!("q/{n}"), "title": format!("Later {n}.")}))
            .await;
    }
    let first = admin.page("/admin/activities", "en").await;
    let (_, next) = first.split_once("href=\"/admin/activities?from").expect("another page");
    let next = format!(
        "/admin/activities?from{}",
        next.split_once('"').expect("closed").0.replace("&#38;", "&").replace("&amp;", "&")
    );
    let second = admin.page(next.split('#').next().expect("a path"), "en").await;
    assert!(first.contains("Question 3") && first.contains("Later 58.") && !first.contains("Later 59."), "{first}");
    assert!(second.contains("Later 59.") && second.contains("Later 64.") && !second.contains("Later 58."), "{second}");
    assert_eq!(admin.get("/admin/activities?cursor=act_x", "en").await.status(), 404);
}

async fn figures_are_for_staff_and_asked_for_strictly(store: Store) {
    let forum = Forum::start(store).await;
    let source = forum.test.source_key(SQUARE).await;
    let ask = async |key: &str, query: &str| {
        let url = forum.test.url(&format!("/api/v1/activities/figures?{query}"));
        let request = forum.test.http.get(url);
        let request = if key.is_empty() { request } else { request.bearer_auth(key) };
        request.send().await.expect("answered")
    };
    assert_eq!(ask("", "").await.status(), 401);
    assert_eq!(ask(&source, "").await.status(), 403);
    let member = waymark::members::by_handle(forum.test.app.db.read(), "hikari").await.expect("read").expect("there");
    let me = Visitor::signed_in(&forum.test, member).await;
    assert_eq!(me.get("/admin/activities", "en").await.status(), 403);
    for (query, at) in [
        ("from=yesterday", "/from"),
        ("to=2026-02-30", "/to"),
        ("from=2026-11-21&to=2026-11-20", "/from"),
        ("from=2025-01-01&to=2026-11-20", "/from"),
        ("type=content.viewed", "/type"),
    ] {
        let answer = ask(&forum.key, query).await;
        assert_eq!(answer.status(), 422, "{query}");
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["pointer"], at, "{query}");
    }
}
