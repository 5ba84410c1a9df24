//! What candidates and staff read: how long somebody has, what is missing and when that changes, points, dates, names.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::members;

use super::{Candidate, as_staff, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_page_before_says_how_long_this_person_has,
    a_refused_form_is_not_emptied,
    every_reason_has_its_date_and_what_to_do,
    points_are_written_as_people_write_them,
    a_result_that_waits_says_until_when,
    staff_read_names
);

async fn window(test: &TestApp, key: &str, body: Value) {
    let (status, made) = as_staff(test, key, Method::POST, "/exams/sample/windows", body).await;
    assert_eq!(status, 201, "{made}");
}

fn says(page: &str, all: &[&str]) {
    for said in all {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains('⟦'), "a text is missing: {page}");
}

async fn the_page_before_says_how_long_this_person_has(store: Store) {
    let test = TestApp::start(store).await;
    let parts = json!([
        {"name": "one", "title": {"ja": "前半", "en": "First half"}, "domains": ["alpha"], "minutes": 20, "navigation": "locked", "break_minutes": 5},
        {"name": "two", "title": {"ja": "後半", "en": "Second half"}, "domains": ["beta"], "minutes": 10, "navigation": "linear"},
    ]);
    let sitting = json!({"connection": {"pauses_minutes": 15}});
    publish(
        &test,
        &spec(|exam| {
            exam["sections"] = parts;
            exam["sitting"] = sitting;
        }),
    )
    .await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let (_, _, plain) = ada.open("/exams/sample").await;
    says(
        &plain,
        &[
            "<dd>30 minutes</dd>",
            "First half</strong> · 20 minutes",
            "Second half</strong> · 10 minutes",
            "Begin: 30 minutes from now",
        ],
    );
    says(
        &plain,
        &[
            "Then a break of up to 5 minutes",
            "no question can be opened again",
            "it stands, for up to 15 minutes in all",
        ],
    );
    assert!(!plain.contains("Approved for you"), "{plain}");

    let admin = test.api_key(Role::Admin).await;
    let allowed = json!({"percent": 125, "minutes": 5, "break_minutes": 12, "reason": "approved"});
    as_staff(&test, &admin, Method::POST, &format!("/members/{}/accommodations", bob.member), allowed).await;
    let (_, _, his) = bob.open("/exams/sample").await;
    says(
        &his,
        &[
            "<dd>42 minutes 30 seconds<br>",
            "Approved for you: 125 % of the usual 30 minutes, and 5 minutes more.",
            "Up to 12 minutes in all, when you need them.",
            "First half</strong> · 28 minutes 20 seconds",
            "Begin: 42 minutes 30 seconds from now",
        ],
    );
    let (_, _, ja) = bob.open("/exams/sample?lang=ja").await;
    says(&ja, &["42 分 30 秒", "通常の 30 分の 125% に、さらに 5 分を加えています。", "前半</strong> · 28 分 20 秒"]);
    let (_, _, listed) = bob.open("/exams?lang=en").await;
    says(&listed, &["Time: 42 minutes 30 seconds"]);
    let begun = bob.begin(Value::Null).await.1;
    assert_eq!(begun["remaining_ms"], 2_550_000, "what was promised is what the clock gives: {begun}");
}

async fn a_refused_form_is_not_emptied(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["sitting"] = json!({"admission": "window", "voucher": true}))).await;
    let admin = test.api_key(Role::Admin).await;
    let room = json!({"name": "Room", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-21T09:20:00Z", "cuts": true, "start_code": "blue heron"});
    window(&test, &admin, room).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, page) = ada.open("/exams/sample").await;
    says(
        &page,
        &[
            "If you begin now, you have 20 minutes instead of 30 minutes",
            "21 Nov 2026, 09:20 UTC",
            "Begin: 20 minutes from now",
        ],
    );
    let csrf = field(&page, "csrf");
    let sent = |agree: bool, voucher: &'static str, code: &'static str| {
        let mut fields = vec![("csrf", csrf.clone()), ("voucher", voucher.to_owned()), ("start_code", code.to_owned())];
        fields.extend(agree.then(|| ("agree", "yes".to_owned())));
        fields
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ada.post("/exams/sample", &fields).await
    };
    let kept = [r#"value="7K3M-0QWX-R5TA-9ZEB""#, r#"value="grey heron""#];
    let (status, _, page) = post(sent(true, "7K3M-0QWX-R5TA-9ZEB", "grey heron")).await;
    assert_eq!(status, 422);
    says(&page, &kept);
    says(
        &page,
        &[
            "id=\"start_code-error\"",
            "This is not the start code of this room",
            "value=\"yes\" checked",
            "<title>Error: Sample exam",
        ],
    );
    let (status, _, page) = post(sent(true, "7K3M-0QWX-R5TA-9ZEB", "blue heron")).await;
    assert_eq!(status, 422);
    says(&page, &[kept[0], "id=\"voucher-error\"", r#"value="blue heron""#]);
    let (status, _, page) = post(sent(false, "7K3M-0QWX-R5TA-9ZEB", "grey heron")).await;
    assert_eq!(status, 422);
    says(&page, &kept);
    assert!(!page.contains("value=\"yes\" checked"), "{page}");
    for _ in 0..10 {
        post(sent(true, "7K3M-0QWX-R5TA-9ZEB", "red heron")).await;
    }
    let (_, _, page) = post(sent(true, "7K3M-0QWX-R5TA-9ZEB", "blue heron")).await;
    says(&page, &["Too many start codes were tried", kept[0]]);
}

/// Says who runs the program.
async fn whom_to_ask(test: &TestApp) {
    let profile = json!({
        "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example", "email": "office@guild.example"},
        "time_zone": "UTC", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}",
    });
    let profile = waymark::issuer::IssuerProfile::from_value(&profile).expect("a profile");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    waymark::issuer::keep(&mut ch, &profile).await.expect("kept");
    ch.commit().await.expect("committed");
}

async fn every_reason_has_its_date_and_what_to_do(store: Store) {
    let test = TestApp::start(store).await;
    let asked = json!({"admission": "seat", "voucher": true, "requires": {"exams": ["basics"], "credentials": ["member-card"]}});
    publish(
        &test,
        &spec(|exam| {
            exam["slug"] = json!("basics");
            exam["title"] = json!({"ja": "入門の試験", "en": "First steps"});
            exam["rules"] = json!({"attempts": 2, "cool_down_days": 3});
        }),
    )
    .await;
    publish(&test, &spec(|exam| exam["sitting"] = asked)).await;
    let admin = test.api_key(Role::Admin).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, page) = ada.open("/exams/sample").await;
    says(
        &page,
        &[
            "You have passed “First steps”",
            "<a class=\"small\" href=\"/exams/basics\">First steps</a>",
            "You hold “member-card”",
            "No dates are planned at the moment, so there is no seat to take yet.",
        ],
    );
    for wrong in ["Choose a window", "#windows", "mailto:"] {
        assert!(!page.contains(wrong), "there is none to choose, and nobody is known yet: {wrong}: {page}");
    }
    let (_, told) = ada.get("/exams/sample/eligibility").await;
    let seat = told["reasons"].as_array().expect("reasons").iter().find(|reason| reason["id"] == "seat");
    assert_eq!(seat, Some(&json!({"id": "seat", "met": false, "hindered": "no_window"})));
    whom_to_ask(&test).await;
    says(
        &ada.open("/exams/sample").await.2,
        &[r#"href="mailto:office@guild.example">Example Guild (office@guild.example)</a>"#],
    );
    says(
        &ada.open("/exams?lang=ja").await.2,
        &["いま予定されている受験期間がないため、予約できる席もまだありません。", "例の会（office@guild.example）"],
    );
    let hut =
        json!({"name": "Hut", "opens_at": "2026-11-21T10:00:00Z", "closes_at": "2026-11-21T11:00:00Z", "seats": 1});
    let (_, hut) = as_staff(&test, &admin, Method::POST, "/exams/sample/windows", hut).await;
    says(
        &ada.open("/exams/sample?lang=en").await.2,
        &["Choose a window with a free seat", "href=\"/exams/sample#windows\""],
    );
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    assert_eq!(bea.call(Method::POST, "/exams/sample/seats", json!({"window": hut["id"]})).await.0, 201);
    says(
        &ada.open("/exams/sample").await.2,
        &["Every seat on the planned dates is taken.", "mailto:office@guild.example"],
    );
    let (_, told) = bea.get("/exams/sample/eligibility").await;
    assert!(!told.to_string().contains("hindered"), "whoever has a seat is not hindered: {told}");
    let hall = json!({"name": "Hall", "opens_at": "2026-11-22T00:30:00Z", "closes_at": "2026-11-22T03:00:00Z"});
    let (_, made) = as_staff(&test, &admin, Method::POST, "/exams/sample/windows", hall).await;
    ada.call(Method::POST, "/exams/sample/seats", json!({"window": made["id"]})).await;
    let (_, _, page) = ada.open("/exams").await;
    says(
        &page,
        &[
            "The next one opens on 22 Nov 2026, 00:30 UTC. Come back then.",
            "To begin, you will be asked for: a voucher code",
        ],
    );
    let (_, _, ja) = ada.open("/exams?lang=ja").await;
    says(&ja, &["次の受験期間は 2026年11月22日(日) 00:30 UTCに始まります。", "試験「入門の試験」に合格している"]);

    let attempt = ada.start_exam("basics").await;
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, _, page) = ada.open("/exams?lang=en").await;
    says(
        &page,
        &[
            "1 of 2 attempts left",
            "The wait between two attempts, 3 days, is over",
            "You can begin again from 24 Nov 2026, 09:00 UTC.",
        ],
    );
}

async fn points_are_written_as_people_write_them(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["scoring"] = json!({"cut_percent": "200/3"}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, intro) = ada.open("/exams/sample").await;
    says(&intro, &["66 2/3 % of the points"]);
    let attempt = ada.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    for position in 1..=3 {
        let right = ada.handles(&attempt, position, "right").await;
        ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
    }
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    test.run_sql(r#"UPDATE score_run SET stored = REPLACE(stored, '"points":"3"', '"points":"7/3"')"#).await;
    let (_, _, page) = ada.open(&format!("/exam/{id}/result")).await;
    says(
        &page,
        &[
            r#"<span title="7/3 of 3 points">2 1/3 of 3 points</span>"#,
            "(7/3 of 3 points)",
            "66 2/3 % of the points, which is 2",
        ],
    );
    let (_, _, ja) = ada.open(&format!("/exam/{id}/result?lang=ja")).await;
    says(&ja, &["3 点中 2と1/3 点", "2 点（全体の 66と2/3%）"]);
    let (_, body) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!(body["points"], "7/3", "programs read it exactly");
    let key = test.api_key(Role::Examiner).await;
    let staff = test.http.get(test.url("/admin/exams/sample/results")).bearer_auth(&key).header("accept", "text/html");
    says(&super::seen(staff).await.2, &[r#"<span title="7/3 of 3 points">2 1/3 of 3 points</span>"#]);
}

async fn a_result_that_waits_says_until_when(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["release"] = json!({"on": "2026-12-01T09:00:00+09:00"}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let result = format!("{}/result", attempt.replace("/attempts/", "/exam/"));
    let (_, _, page) = ada.open(&result).await;
    says(&page, &["Your result will be shown on this page on 1 Dec 2026, 00:00 UTC.", "/receipt\">Receipt</a>"]);
    assert!(!page.contains("of 3 points"), "nothing of it is told: {page}");
    let (_, _, receipt) = ada.open(&result.replace("/result", "/receipt")).await;
    says(&receipt, &["<dd>Candidate</dd>"]);
    let (_, _, ja) = ada.open(&format!("{result}?lang=ja")).await;
    says(&ja, &["結果は 2026年12月1日(火) 00:00 UTCに、このページで公開されます。"]);
    publish(&test, &spec(|exam| exam["release"] = json!("held"))).await;
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    let attempt = bea.start().await;
    bea.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, _, page) = bea.open(&format!("{}/result", attempt.replace("/attempts/", "/exam/"))).await;
    says(&page, &["staff look at it first and then release it"]);

    publish(&test, &spec(|exam| exam["scoring"] = json!({"cut": 2, "sections_from": 1}))).await;
    let eve = Candidate::enrol(&test, "eve@members.example").await;
    let attempt = eve.start().await;
    eve.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, _, page) = eve.open(&format!("{}/result", attempt.replace("/attempts/", "/exam/"))).await;
    says(&page, &["This exam says in words how each section went", "Needs work", "Sit it again"]);
    assert!(!page.contains(">Right<"), "words, so no numbers: {page}");
}

async fn staff_read_names(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let locale = waymark::web::i18n::Locale::En;
    members::find_or_enrol(&mut ch, "staff@members.example", "Grace Hopper", locale).await.expect("enrolled");
    ch.commit().await.expect("committed");
    let staff = Candidate::enrol(&test, "staff@members.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, staff.member, Role::Admin).await.expect("given");
    ch.commit().await.expect("committed");
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    ada.call(Method::PUT, &format!("{attempt}/positions/1/flag"), json!({"flagged": true})).await;

    let page = format!("/admin/attempts/{id}");
    let csrf = field(&staff.open(&page).await.2, "csrf");
    let message = [("csrf", csrf.as_str()), ("text", "Hello, Ada."), ("reason", "a greeting")];
    assert_eq!(staff.post(&format!("{page}/message"), &message).await.0, 303);
    let more = [("csrf", csrf.as_str()), ("reason", "projector failed"), ("minutes", "5")];
    assert_eq!(staff.post(&format!("{page}/add-time"), &more).await.0, 303);
    let key = test.api_key(Role::Admin).await;
    as_staff(&test, &key, Method::POST, &format!("{attempt}/steps/end"), json!({"reason": "the hour is over"})).await;
    let (_, _, live) = staff.open("/admin/exams/sample/live").await;
    assert!(live.contains("Ended by staff") && !live.contains("Handed in"), "scored by now, and still told: {live}");
    let (_, _, html) = staff.open(&page).await;
    let grace = format!("<span title=\"{}\">Grace Hopper</span>", staff.member);
    says(
        &html,
        &[
            &grace,
            ": projector failed",
            "API key “test”",
            ": the hour is over",
            "Flag set or removed · Question 1 · set",
        ],
    );
    says(&html, &["Closed · by staff", "Time was added · 5 min"]);

    let path = format!("/admin/members/{}/accommodations", ada.member);
    let form = [("csrf", csrf.as_str()), ("percent", "150"), ("reason", "approved")];
    assert_eq!(staff.post(&path, &form).await.0, 303);
    says(&staff.open(&path).await.2, &[&grace]);

    let (_, _, voids) = staff.open("/admin/exams/sample/voids").await;
    let (_, rest) = voids.split_once("<option value=\"").expect("an item that was sat");
    let item = rest.split('"').next().expect("a value");
    let form = [
        ("csrf", csrf.as_str()),
        ("item", item),
        ("treatment", "full_credit"),
        ("reason", "two right options"),
        ("step", "void"),
    ];
    let (status, _, html) = staff.post("/admin/exams/sample/voids", &form).await;
    assert_eq!(status, 200, "{html}");
    says(&html, &[&grace, ": two right options", "Everybody who had it gets its points."]);
    let (_, _, ja) = staff.open(&format!("{page}?lang=ja")).await;
    says(&ja, &["APIキー「test」", "Grace Hopper", "：projector failed"]);
}
