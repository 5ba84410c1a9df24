//! Who may begin: vouchers, windows, seats, rooms, prerequisites, the agreement, the cool-down.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::facts::{self, NewFact};
use waymark_criteria::{Amount, Detail};

use super::{Candidate, as_staff, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    of_sixty_four_with_one_voucher_one_begins,
    a_voucher_is_shown_once_and_let_go_by_a_void,
    windows_and_seats_decide_when,
    a_room_begins_with_papers_and_a_code,
    the_window_cuts_late_starters,
    what_is_asked_before_is_named,
    a_changed_agreement_is_asked_again,
    the_cool_down_ends_on_the_programs_calendar,
    the_pages_say_why,
    whoever_lacks_a_seat_hears_of_all_that_is_asked
);

fn asks(sitting: Value) -> waymark_assess::ExamSpec {
    spec(|exam| exam["sitting"] = sitting)
}

async fn vouchers(test: &TestApp, key: &str, count: u32) -> Vec<String> {
    let body = json!({"exam": "sample", "count": count, "batch": "spring"});
    let request = test.http.post(test.url("/api/v1/vouchers")).bearer_auth(key).header("idempotency-key", "once");
    let (status, made) = super::answer(request.json(&body)).await;
    assert_eq!(status, 201, "{made}");
    let code = |voucher: &Value| voucher["code"].as_str().expect("a code").to_owned();
    made["vouchers"].as_array().expect("vouchers").iter().map(code).collect()
}

async fn of_sixty_four_with_one_voucher_one_begins(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"voucher": true}))).await;
    let admin = test.api_key(Role::Admin).await;
    let code = vouchers(&test, &admin, 1).await.remove(0);
    let mut people = vec![];
    for n in 0..64 {
        people.push(Candidate::enrol(&test, &format!("person{n}@members.example")).await);
    }
    let tries = people.iter().map(|person| person.begin(json!({"voucher": code})));
    let answers = futures_util::future::join_all(tries).await;
    let begun = answers.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(begun, 1);
    let refused = answers.iter().filter(|(status, body)| *status == 409 && body["code"] == "voucher_refused").count();
    assert_eq!(refused, 63, "{answers:?}");
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt").await, 1, "whoever was refused has no attempt");
}

async fn a_voucher_is_shown_once_and_let_go_by_a_void(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"voucher": true}))).await;
    let admin = test.api_key(Role::Admin).await;
    let codes = vouchers(&test, &admin, 3).await;
    assert_eq!(codes.len(), 3);
    let kept = test.texts("SELECT id || batch || code_hash || created_by FROM voucher").await.join("\n");
    assert_eq!(
        test.count("SELECT COUNT(*) FROM idempotency WHERE status > 0").await,
        0,
        "no kept answer shows them again"
    );
    let audited = test.texts("SELECT detail FROM audit").await.join("\n");
    for code in &codes {
        assert!(!kept.contains(code.as_str()) && !kept.contains(&code.replace('-', "")), "kept as a hash");
        assert!(!audited.contains(code.as_str()), "{audited}");
    }
    let examiner = test.api_key(Role::Examiner).await;
    let body = json!({"exam": "sample", "count": 1});
    assert_eq!(as_staff(&test, &examiner, Method::POST, "/vouchers", body).await.0, 403);
    for wrong in [
        json!({"exam": "sample", "count": 0}),
        json!({"exam": "sample", "count": 5001}),
        json!({"exam": "other", "count": 1}),
        json!({"exam": "sample", "count": 1, "expires_at": "2020-01-01T00:00:00Z"}),
    ] {
        assert_eq!(as_staff(&test, &admin, Method::POST, "/vouchers", wrong).await.0, 422);
    }
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.begin(Value::Null).await.1["code"], "voucher_refused");
    let (status, begun) = ada.begin(json!({"voucher": codes[0].to_lowercase().replace('-', " ")})).await;
    assert_eq!(status, 201, "however it is typed: {begun}");
    assert_eq!(ada.begin(json!({"voucher": codes[1]})).await.0, 200, "the attempt under way needs no other");
    let told = test.texts("SELECT event FROM outbox").await;
    assert!(told.iter().any(|event| event.contains("voucher_redeemed")), "{told:?}");
    let bob = Candidate::enrol(&test, "bob@members.example").await;
    assert_eq!(bob.begin(json!({"voucher": codes[0]})).await.1["code"], "voucher_refused");
    let path = format!("/attempts/{}/steps/void", begun["id"].as_str().expect("an id"));
    as_staff(&test, &admin, Method::POST, &path, json!({"reason": "the room was closed"})).await;
    assert_eq!(bob.begin(json!({"voucher": codes[0]})).await.0, 201, "only a void lets it go");
    let body = json!({"exam": "sample", "count": 1, "expires_at": "2026-11-22T00:00:00Z"});
    let (_, short) = as_staff(&test, &admin, Method::POST, "/vouchers", body).await;
    test.clock.advance(Duration::days(2));
    let mut eve = Candidate::enrol(&test, "eve@members.example").await;
    eve.renew().await;
    assert_eq!(
        eve.begin(json!({"voucher": short["vouchers"][0]["code"]})).await.1["code"],
        "voucher_refused",
        "expired"
    );
}

async fn window(test: &TestApp, key: &str, body: Value) -> String {
    let (status, made) = as_staff(test, key, Method::POST, "/exams/sample/windows", body).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().expect("an id").to_owned()
}

async fn windows_and_seats_decide_when(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"admission": "seat"}))).await;
    let examiner = test.api_key(Role::Examiner).await;
    let early =
        json!({"name": "Hall 1", "opens_at": "2026-11-21T10:00:00Z", "closes_at": "2026-11-21T12:00:00Z", "seats": 2});
    let hall = window(&test, &examiner, early).await;
    let backwards =
        json!({"name": "x", "opens_at": "2026-11-21T10:00:00Z", "closes_at": "2026-11-21T10:00:00Z", "seats": 0});
    let (status, wrong) = as_staff(&test, &examiner, Method::POST, "/exams/sample/windows", backwards).await;
    assert_eq!((status.as_u16(), wrong["errors"].as_array().map(Vec::len)), (422, Some(2)), "{wrong}");
    let mut people = vec![];
    for n in 0..16 {
        people.push(Candidate::enrol(&test, &format!("person{n}@members.example")).await);
    }
    let take = |person: &'_ Candidate<'_>| {
        let request = person.api(Method::POST, "/exams/sample/seats").json(&json!({"window": hall}));
        super::answer(request)
    };
    let answers = futures_util::future::join_all(people.iter().map(take)).await;
    let seated: Vec<usize> = (0..16).filter(|n| answers[*n].0 == 201).collect();
    assert_eq!(seated.len(), 2, "two seats, however many ask at once: {answers:?}");
    assert!(answers.iter().all(|(status, body)| *status == 201 || body["code"] == "no_seat_left"));
    let (one, other) = (&people[seated[0]], &people[(0..16).find(|n| !seated.contains(n)).expect("others")]);
    let (_, without) = other.get("/exams/sample/eligibility").await;
    let named = without["reasons"].as_array().expect("reasons").iter().map(|reason| &reason["id"]).collect::<Vec<_>>();
    assert!(
        named.contains(&&json!("seat")) && !named.contains(&&json!("window")),
        "no seat, no window to wait for: {without}"
    );
    let (_, not_yet) = one.get("/exams/sample/eligibility").await;
    assert_eq!(not_yet["eligible"], false);
    assert!(
        not_yet["reasons"]
            .as_array()
            .expect("reasons")
            .contains(&json!({"id": "window", "met": false, "until": "2026-11-21T10:00:00Z"})),
        "{not_yet}"
    );
    assert_eq!(one.begin(Value::Null).await.1["code"], "not_eligible");
    test.clock.advance(Duration::minutes(61));
    let (mut one, mut other) = (one.again().await, other.again().await);
    one.renew().await;
    other.renew().await;
    assert_eq!(one.begin(Value::Null).await.0, 201);
    let refused = other.begin(Value::Null).await.1;
    assert!(refused["reasons"].as_array().expect("reasons").iter().any(|reason| reason["id"] == "seat"), "{refused}");
}

async fn whoever_lacks_a_seat_hears_of_all_that_is_asked(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"admission": "seat", "voucher": true}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, page) = ada.open("/exams/sample?lang=en").await;
    assert!(page.contains("a voucher code") && !page.contains("the start code"), "no window asks for one: {page}");
    let examiner = test.api_key(Role::Examiner).await;
    let body = json!({"name": "Room", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T12:00:00Z", "start_code": "blue heron"});
    window(&test, &examiner, body).await;
    let (_, _, page) = ada.open("/exams/sample?lang=en").await;
    assert!(page.contains("a voucher code") && page.contains("the start code"), "{page}");
    assert!(!page.contains("name=\"voucher\""), "told, not asked for yet");
    let (_, told) = ada.get("/exams/sample/eligibility").await;
    assert_eq!(told["asks"], json!(["voucher", "start_code"]), "{told}");
}

async fn a_room_begins_with_papers_and_a_code(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"admission": "seat"}))).await;
    let examiner = test.api_key(Role::Examiner).await;
    let body = json!({"name": "Room", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T12:00:00Z", "identity": true, "start_code": "blue heron"});
    let room = window(&test, &examiner, body).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    ada.call(Method::POST, "/exams/sample/seats", json!({"window": room})).await;
    let unseen = ada.begin(json!({"start_code": "blue heron"})).await.1;
    assert_eq!(
        (&unseen["code"], &unseen["reasons"]),
        (&json!("not_eligible"), &json!([{"id": "identity", "met": false}])),
        "{unseen}"
    );
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let id = room.parse().expect("an id");
    waymark::attempts::see_identity(&mut ch, id, ada.member).await.expect("seen");
    ch.commit().await.expect("committed");
    for wrong in [json!({}), json!({"start_code": "grey heron"})] {
        assert_eq!(ada.begin(wrong).await.1["code"], "start_code_wrong");
    }
    assert!(
        !ada.get("/exams/sample/windows").await.1.to_string().contains("heron"),
        "candidates hear it in the room only"
    );
    assert!(!ada.open("/exams/sample").await.2.contains("heron"));
    for _ in 0..9 {
        assert_eq!(ada.begin(json!({"start_code": "red heron"})).await.1["code"], "start_code_wrong");
    }
    assert_eq!(ada.begin(json!({"start_code": "blue heron"})).await.1["code"], "rate_limited", "nobody guesses it");
    test.clock.advance(Duration::minutes(6));
    assert_eq!(ada.begin(json!({"start_code": " Blue heron"})).await.0, 201);
}

async fn the_window_cuts_late_starters(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"admission": "window"}))).await;
    let admin = test.api_key(Role::Admin).await;
    let body = json!({"name": "Morning", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T09:20:00Z", "cuts": true});
    window(&test, &admin, body).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    assert_eq!(ada.begin(Value::Null).await.1["deadline"], "2026-11-21T09:20:00Z", "thirty minutes would end later");
    let allowed = json!({"percent": 150, "reason": "approved"});
    as_staff(&test, &admin, Method::POST, &format!("/members/{}/accommodations", bob.member), allowed).await;
    assert_eq!(
        bob.begin(Value::Null).await.1["deadline"],
        "2026-11-21T09:35:00Z",
        "the window extends for what is allowed"
    );
}

async fn what_is_asked_before_is_named(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"requires": {"exams": ["basics"], "credentials": ["member-card"]}}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let refused = ada.begin(Value::Null).await.1;
    let missing = json!([{"id": "exam", "met": false, "about": "basics"}, {"id": "credential", "met": false, "about": "member-card"}]);
    assert_eq!((&refused["code"], &refused["reasons"]), (&json!("not_eligible"), &missing), "{refused}");
    let valid_until = Some(test.app.db.now() + Duration::days(1));
    for (n, detail) in [
        Detail::Exam { slug: "basics".to_owned(), passed: true, score: None, delivered_by: None },
        Detail::Credential { track: "member-card".to_owned(), credential: None, valid_until, ended_at: None },
    ]
    .into_iter()
    .enumerate()
    {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let (happened_at, origin) = (ch.now, format!("test:{n}"));
        let fact =
            NewFact { member: ada.member, happened_at, object: None, giver: None, amount: Amount::ONE, detail, origin };
        facts::record(&mut ch, fact).await.expect("recorded");
        ch.commit().await.expect("committed");
    }
    assert_eq!(ada.get("/exams/sample/eligibility").await.1["eligible"], true);
    test.clock.advance(Duration::days(1));
    let mut ada = ada;
    ada.renew().await;
    assert_eq!(
        ada.begin(Value::Null).await.1["reasons"],
        json!([{"id": "credential", "met": false, "about": "member-card"}]),
        "expired"
    );
}

async fn a_changed_agreement_is_asked_again(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &asks(json!({"agreement": {"ja": "約束する", "en": "I promise"}}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, eligible) = ada.get("/exams/sample/eligibility").await;
    let old = eligible["agreement"]["hash"].as_str().expect("a hash").to_owned();
    assert_eq!(ada.begin(Value::Null).await.1["code"], "agreement_required");
    let (status, _, page) = ada.open("/exams/sample").await;
    assert!(status == 200 && page.contains("I promise"), "{page}");
    let csrf = super::field(&page, "csrf");
    publish(&test, &asks(json!({"agreement": {"ja": "約束する", "en": "I promise, really"}}))).await;
    let refused = ada.begin(json!({"agreement": old})).await.1;
    assert_eq!(refused["code"], "agreement_required");
    let form = [("csrf", csrf.as_str()), ("agree", "yes"), ("agreement", old.as_str())];
    let (status, _, again) = ada.post("/exams/sample", &form).await;
    assert!(status == 422 && again.contains("I promise, really"), "asked again as it reads now: {again}");
    let new = refused["agreement"].as_str().expect("a hash").to_owned();
    assert_eq!(ada.begin(json!({"agreement": new})).await.0, 201);
    assert_eq!(test.texts("SELECT agreement FROM attempt").await, [new]);
}

async fn the_cool_down_ends_on_the_programs_calendar(store: Store) {
    for (sitting, until) in
        [(json!({}), "2026-11-22T09:30:00Z"), (json!({"cool_down": "calendar"}), "2026-11-22T00:00:00Z")]
    {
        let test = TestApp::start(store).await;
        publish(
            &test,
            &spec(|exam| {
                exam["rules"] = json!({"cool_down_days": 1});
                exam["sitting"] = sitting.clone();
            }),
        )
        .await;
        let ada = Candidate::enrol(&test, "ada@members.example").await;
        let attempt = ada.start().await;
        test.clock.advance(Duration::minutes(30));
        ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
        let (status, waiting) = ada.begin(Value::Null).await;
        assert_eq!((status.as_u16(), waiting["not_before"].as_str()), (409, Some(until)), "{waiting}");
    }
}

async fn the_pages_say_why(store: Store) {
    let test = TestApp::start(store).await;
    let sitting = json!({"admission": "seat", "voucher": true, "requires": {"exams": ["basics"]}, "fee": {"ja": "5,000円", "en": "5,000 yen"}});
    publish(&test, &asks(sitting)).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    for path in ["/exams", "/exams/sample", "/exams/system-check"] {
        let (status, _, page) = ada.open(path).await;
        assert!(status == 200 && !page.contains('⟦'), "{path}: {page}");
        if path != "/exams/system-check" {
            assert!(
                page.contains("You have passed “basics”")
                    && page.contains("Sit that exam first.")
                    && page.contains("5,000 yen"),
                "{path}: {page}"
            );
        }
    }
    let boss = Candidate::enrol(&test, "boss@members.example").await;
    for path in ["candidates", "windows", "vouchers"] {
        assert_eq!(boss.open(&format!("/admin/exams/sample/{path}")).await.0, 403, "{path}");
    }
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    waymark::access::give_role(&mut ch, boss.member, Role::Admin).await.expect("given");
    ch.commit().await.expect("committed");
    for path in [
        format!("/admin/members/{}/accommodations", ada.member),
        "/admin/exams/sample/candidates".to_owned(),
        "/admin/exams/sample/windows".to_owned(),
    ] {
        let (status, _, page) = boss.open(&path).await;
        assert!(status == 200 && !page.contains('⟦'), "{path}: {page}");
    }
    let (_, _, page) = boss.open("/admin/exams/sample/windows").await;
    let csrf = super::field(&page, "csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Hall"),
        ("day", "2026-11-21"),
        ("from", "08:00"),
        ("until_day", "2026-11-21"),
        ("until", "18:30"),
        ("seats", "1"),
        ("identity", "yes"),
    ];
    let mut backwards = fields;
    backwards[5] = ("until", "07:00");
    let (status, _, page) = boss.post("/admin/exams/sample/windows", &backwards).await;
    let told = page.contains("Let the window close after it opens.") && page.contains("value=\"Hall\"");
    assert!(status == 422 && told, "what is wrong, and nothing to type again: {page}");
    let (status, room, body) = boss.post("/admin/exams/sample/windows", &fields).await;
    assert_eq!(status, 303, "{body}");
    let (_, _, intro) = ada.open("/exams/sample").await;
    let window = room.trim_start_matches("/admin/windows/").to_owned();
    let (status, _, _) =
        ada.post("/exams/sample/seats", &[("csrf", &super::field(&intro, "csrf")), ("window", &window)]).await;
    assert_eq!(status, 303);
    let member = ada.member.to_string();
    let (status, _, _) = boss.post(&room, &[("csrf", csrf.as_str()), ("member", member.as_str())]).await;
    assert_eq!(status, 303);
    assert!(boss.open(&room).await.2.contains("seen at"));
    let request =
        boss.page(Method::POST, "/admin/exams/sample/vouchers").form(&[("csrf", csrf.as_str()), ("count", "2")]);
    let file = request.send().await.expect("answered");
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.text().await.expect("text").lines().count(), 3);
    let allowed = [("csrf", csrf.as_str()), ("percent", "125"), ("reason", "approved")];
    assert_eq!(boss.post(&format!("/admin/members/{member}/accommodations"), &allowed).await.0, 303);
}
