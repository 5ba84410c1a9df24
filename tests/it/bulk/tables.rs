//! What a table may hold, and what is said about the rest.

use encoding_rs::SHIFT_JIS;
use serde_json::json;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::issuer;
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;

use super::{Office, errors_of, pair, table, warnings_of};
use crate::support::{Store, on_both};

on_both!(
    good_rows_are_issued_and_the_others_reported,
    each_cell_is_judged_on_its_own,
    what_may_be_meant_is_a_warning_and_no_obstacle,
    days_are_read_as_they_are_written,
    excel_in_japan_is_understood,
    a_file_that_cannot_be_read_is_refused_as_a_whole,
    a_table_is_bounded,
    lines_of_json_are_requests_like_the_single_call,
    a_title_is_refused_as_by_the_single_call,
    a_table_needs_its_role_its_type_and_its_key
);

async fn good_rows_are_issued_and_the_others_reported(store: Store) {
    let office = Office::open(store).await;
    let csv = "name,email,evidence\nAda,ada@members.example,https://guild.example/1\n,nobody@members.example,\nBob,bob@members.example,\n";
    let (status, dry) = office.send("?track=foundations&dry_run=true", "text/csv", csv).await;
    assert_eq!(
        (status, &dry["good"], &dry["with_errors"], &dry["new_members"]),
        (200, &json!(2), &json!(1), &json!(2))
    );
    assert_eq!(office.credentials().await, 0, "a dry run issues nothing");
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job").await, 0);

    let (status, started) = office.send("?track=foundations", "text/csv", csv).await;
    assert_eq!(status, 202, "{started}");
    assert_eq!((&started["total"], &started["waiting"], &started["failed"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(errors_of(&started["validation"]["rows"][1]), [pair("name", "missing_value")]);
    office.guild.test.settle().await;
    let id = started["id"].as_str().expect("an id");
    let job = office.job(id).await;
    assert_eq!((&job["state"], &job["done"], &job["failed"]), (&json!("done"), &json!(2), &json!(1)));
    let (_, report) = office.guild.get(&office.key, &format!("/api/v1/jobs/{id}/report")).await;
    let rows = report["data"].as_array().expect("rows");
    assert_eq!((&rows[0]["row"], &rows[0]["result"], &rows[0]["state"]), (&json!(2), &json!("issued"), &json!("done")));
    assert_eq!((&rows[1]["row"], &rows[1]["state"]), (&json!(3), &json!("failed")));
    assert_eq!(errors_of(&rows[1]), [pair("name", "missing_value")]);
    let credential = rows[0]["credential"].as_str().expect("issued");
    let (_, known) = office.guild.get(&office.key, &format!("/api/v1/credentials/{credential}")).await;
    assert_eq!(
        (&known["state"], &known["visibility"], &known["name"]),
        (&json!("released"), &json!("private"), &json!("Ada"))
    );
    assert!(known["basis"]["approved"].is_string(), "each row has its proposal");
    assert_eq!(known["credential"]["evidence"][0]["id"], "https://guild.example/1");
    assert_eq!(office.credentials().await, 2);
    let audit = office.guild.test.audit_actions().await;
    let times = |action: &str| audit.iter().filter(|a| *a == action).count();
    assert_eq!(
        (times("credential.bulk"), times("credential.award")),
        (1, 2),
        "one row for the table and one for each award"
    );

    let (status, again) = office.send("?track=foundations", "text/csv", csv).await;
    assert_eq!((status, &again["id"]), (202, &started["id"]), "the same key is the same work");
    let test = &office.guild.test;
    let key = format!("?track=foundations text/csv {}", waymark::credentials::table_hash(csv.as_bytes()));
    let request = test.http.post(test.url("/api/v1/credentials/bulk?track=foundations")).bearer_auth(&office.key);
    let request = request.header("idempotency-key", key).header("content-type", "text/csv").body(csv.to_owned());
    let replayed = request.send().await.expect("answered");
    assert_eq!(replayed.headers()["location"], format!("/jobs/{id}"));
    let located =
        test.http.get(test.url(&format!("/jobs/{id}"))).bearer_auth(&office.key).send().await.expect("answered");
    assert_eq!(located.status(), 200);
}

async fn each_cell_is_judged_on_its_own(store: Store) {
    let office = Office::open(store).await;
    let csv = "name,email,awarded_at,valid_until,evidence,evidence_date,locale\n\
        A,not an address,,,,,\n\
        \"B\nB\",b@members.example,,,,,\n\
        C,c@members.example,2026-12-01,,,,\n\
        D,d@members.example,2026-04-01,,,,\n\
        E,e@members.example,4/1/2026,,,,\n\
        F,f@members.example,2026-02-30,,,,\n\
        G,g@members.example,,2026-01-31,,,\n\
        H,h@members.example,,,javascript:alert(1),,\n\
        I,i@members.example,,,,,de\n\
        J,j@members.example,2026-04-01,,https://guild.example/j,2026-04-01,ja\n\
        K,k@members.example,,,,,,surplus\n\
        L,also not,,tomorrow,,,\n";
    let report = office.looked_at(csv).await;
    let rows = report["rows"].as_array().expect("rows");
    let expected = [
        vec![pair("email", "invalid_email")],
        vec![pair("name", "invalid_name")],
        vec![pair("awarded_at", "in_the_future")],
        vec![pair("awarded_at", "no_evidence")],
        vec![pair("awarded_at", "invalid_time")],
        vec![pair("awarded_at", "invalid_time")],
        vec![pair("valid_until", "expired")],
        vec![pair("evidence", "invalid_url")],
        vec![pair("locale", "unknown_locale")],
        vec![],
        vec![pair("", "extra_cell")],
        vec![pair("valid_until", "invalid_time"), pair("email", "invalid_email")],
    ];
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(errors_of(row), expected, "{row}");
        assert_eq!(row["ok"], json!(expected.is_empty()), "{row}");
    }
    assert_eq!(rows[4]["errors"][0]["value"], "4/1/2026");
    assert_eq!(rows[2]["row"], json!(4), "a break within a cell is no row");
    let detail = rows[3]["errors"][0]["detail"].as_str().expect("text");
    assert!(detail.contains("evidence"), "it says what to do: {detail}");
}

async fn what_may_be_meant_is_a_warning_and_no_obstacle(store: Store) {
    let office = Office::open(store).await;
    let held = office.guild.released("held@members.example").await;
    let csv = "name,email\nAda,ada@members.example\nAda again,ADA@Members.Example\n七瀬 ひかり,held@members.example\nOther name,held@members.example\n";
    let report = office.looked_at(csv).await;
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(warnings_of(&rows[1]), [pair("email", "duplicate")], "letters of another case are the same address");
    assert!(rows[1]["warnings"][0]["detail"].as_str().expect("text").contains("row 2"));
    assert_eq!(warnings_of(&rows[2]), [pair("email", "already_held")]);
    assert!(rows[2]["warnings"][0]["detail"].as_str().expect("text").contains(&held.number));
    assert_eq!(warnings_of(&rows[3]), [pair("email", "duplicate"), pair("name", "known_name")]);
    assert!(rows.iter().all(|row| row["ok"] == true));
    assert_eq!((&report["with_warnings"], &report["new_members"]), (&json!(3), &json!(1)));

    let (_, started) = office.send("?track=foundations", "text/csv", csv).await;
    office.guild.test.settle().await;
    let path = format!("/api/v1/jobs/{}/report", started["id"].as_str().expect("an id"));
    let (_, report) = office.guild.get(&office.key, &path).await;
    let results: Vec<_> = report["data"].as_array().expect("rows").iter().map(|r| r["result"].clone()).collect();
    assert_eq!(results, [json!("issued"), json!("held"), json!("held"), json!("held")]);
    assert_eq!(office.credentials().await, 2, "one for the one and one for the other");
}

async fn days_are_read_as_they_are_written(store: Store) {
    let office = Office::open(store).await;
    let csv = "氏名,メール,授与日,根拠URL,根拠の日付\n一,a@members.example,2026/4/1,https://guild.example/1,2026年4月1日\n二,b@members.example,２０２６／４／１,https://guild.example/2,2026-04-01\n";
    let report = office.looked_at(csv).await;
    assert_eq!(report["good"], json!(2), "{report}");
    office.send("?track=foundations", "text/csv", csv).await;
    office.guild.test.settle().await;
    // Midnight in Tokyo, whose day it is.
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM credential WHERE awarded_at = 1774969200000").await, 2);
}

async fn excel_in_japan_is_understood(store: Store) {
    let office = Office::open(store).await;
    let text = "氏名\tＥメール\tコース\n髙橋 はしごだか\tＡ＠members.example\tfoundations\n";
    let (status, report) = office.send("?dry_run=true", "text/csv", SHIFT_JIS.encode(text).0.into_owned()).await;
    assert_eq!((status, &report["encoding"], &report["good"]), (200, &json!("cp932"), &json!(1)), "{report}");
    assert_eq!(report["rows"][0]["name"], "髙橋 はしごだか", "U+9AD9 is in CP932 and not in plain Shift_JIS");
    assert_eq!(report["rows"][0]["email"], "A@members.example");
    let marked = [b"\xEF\xBB\xBF".as_slice(), text.replace('\t', ",").as_bytes()].concat();
    let (status, report) = office.send("?dry_run=true", "text/csv", marked).await;
    assert_eq!((status, &report["encoding"], &report["good"]), (200, &json!("utf-8"), &json!(1)));
    let (status, report) =
        office.send("?dry_run=true", "text/csv; charset=Shift_JIS", SHIFT_JIS.encode(text).0.into_owned()).await;
    assert_eq!((status, &report["columns"][1]["means"]), (200, &json!("email")));
}

async fn a_file_that_cannot_be_read_is_refused_as_a_whole(store: Store) {
    let office = Office::open(store).await;
    let broken = [b"name,email\nA,".as_slice(), b"\x81\xff\xfe\x80\n"].concat();
    for (query, kind, body, code) in [
        ("?track=foundations", "text/csv", broken, "unreadable"),
        (
            "?track=foundations",
            "text/csv; charset=utf-8",
            SHIFT_JIS.encode("氏名,メール\nあ,b\n").0.into_owned(),
            "unreadable",
        ),
        ("?track=foundations", "text/csv", b"name,email\nA\0,a@b.example\n".to_vec(), "forbidden_character"),
        ("?track=foundations", "text/csv", b"name,email\n\"A,a@b.example\n".to_vec(), "open_quote"),
        ("?track=foundations", "text/csv", b"name\nA\n".to_vec(), "missing_column"),
        ("", "text/csv", b"name,email\nA,a@b.example\n".to_vec(), "missing_track"),
        ("?track=foundations", "text/csv", b"".to_vec(), "empty"),
        ("?track=foundations", "text/csv", b"name,email\n".to_vec(), "no_rows"),
        ("?track=foundations", "application/x-ndjson", b"\n\n".to_vec(), "empty"),
    ] {
        let (status, problem) = office.send(query, kind, body).await;
        assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!(code)), "{problem}");
        assert!(!problem["errors"][0]["detail"].as_str().unwrap_or_default().is_empty());
    }
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job").await, 0, "nothing was begun");
    let (status, problem) = office.send("?track=foundations", "text/csv", "name,email\n,\n,x\n").await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("no_good_row")));
    assert_eq!(problem["report"]["rows"][0]["row"], json!(3), "the report comes with it");
}

async fn a_table_is_bounded(store: Store) {
    let office = Office::open(store).await;
    assert_eq!(office.looked_at(&table(1_000)).await["good"], json!(1_000));
    let (status, problem) = office.send("?track=foundations", "text/csv", table(1_001)).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("too_many_rows")));
    let huge = format!("name,email,note\nA,a@members.example,{}\n", "x".repeat(10 * 1024 * 1024));
    assert_eq!(office.send("?track=foundations", "text/csv", huge).await.0, 413);
    let long = format!("name,email,note\nA,a@members.example,{}\n", "x".repeat(1024 * 1024));
    let report = office.looked_at(&long).await;
    assert_eq!(errors_of(&report["rows"][0]), [pair("note", "too_long")]);
    assert!(report.to_string().len() < 4_000, "what stood there is cut short");
}

async fn lines_of_json_are_requests_like_the_single_call(store: Store) {
    let office = Office::open(store).await;
    let member = office.guild.member("known@members.example", Locale::Ja).await;
    let lines = [
        json!({"recipient": {"name": "Ada", "email": "ada@members.example"}}).to_string(),
        json!({"track": "foundations", "member": member}).to_string(),
        json!({"recipient": {"name": "Ada", "email": "x"}, "colour": "red"}).to_string(),
        json!({"member": "mem_00000000000000000000000000"}).to_string(),
        "{broken".to_owned(),
        json!({"track": "nowhere", "recipient": {"name": "Eve", "email": "eve@members.example"}}).to_string(),
        json!({"recipient": {"name": "N\u{0}", "email": "n@members.example"}}).to_string(),
        r#"{"track": "a", "track": "b"}"#.to_owned(),
    ];
    let (status, report) =
        office.send("?track=foundations&dry_run=true", "application/x-ndjson", lines.join("\n")).await;
    assert_eq!((status, &report["format"], &report["good"]), (200, &json!("ndjson"), &json!(2)), "{report}");
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(errors_of(&rows[2]), [pair("/colour", "unknown_field")]);
    assert_eq!(errors_of(&rows[3]), [pair("/member", "unknown_member")]);
    assert_eq!(errors_of(&rows[4])[0].1, "malformed");
    assert_eq!(errors_of(&rows[5]), [pair("/track", "unknown_track")]);
    assert_eq!(errors_of(&rows[6]), [pair("/recipient/name", "forbidden_character")]);
    assert_eq!(errors_of(&rows[7])[0].1, "malformed", "a key that stands twice");
}

async fn a_title_is_refused_as_by_the_single_call(store: Store) {
    let office = Office::open(store).await;
    let title = TrackDefinition::from_value(&json!({
        "slug": "fellow", "kind": "title", "title": {"ja": "フェロー", "en": "Fellow"}, "criteria": {"ja": "推薦", "en": "Nominated"},
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": 3}}]}, "template": "hexagon", "achievement_type": "Award"
    }))
    .expect("a title");
    let test = &office.guild.test;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let by = issuer::default_issuer(ch.tx()).await.expect("read").expect("there is one");
    tracks::publish(&mut ch, by.id, &title).await.expect("published");
    ch.commit().await.expect("committed");
    let (_, report) = office
        .send(
            "?track=fellow&dry_run=true",
            "text/csv",
            "name,email,track\nA,a@members.example,\nB,b@members.example,foundations\n",
        )
        .await;
    assert_eq!(errors_of(&report["rows"][0]), [pair("track", "title")]);
    assert_eq!(report["rows"][1]["ok"], json!(true));
}

async fn a_table_needs_its_role_its_type_and_its_key(store: Store) {
    let office = Office::open(store).await;
    let test = &office.guild.test;
    let post = |query: &str| {
        test.http
            .post(test.url(&format!("/api/v1/credentials/bulk{query}")))
            .header("content-type", "text/csv")
            .body(table(1))
    };
    let status = async |request: reqwest::RequestBuilder| request.send().await.expect("answered").status().as_u16();
    assert_eq!(status(post("?track=foundations").header("idempotency-key", "1")).await, 401);
    let auditor = test.api_key(waymark::access::Role::Auditor).await;
    assert_eq!(status(post("?track=foundations").header("idempotency-key", "2").bearer_auth(&auditor)).await, 403);
    assert_eq!(status(post("?track=foundations").bearer_auth(&office.key)).await, 400, "issuing needs a key");
    assert_eq!(status(post("?track=foundations&dry_run=true").bearer_auth(&office.key)).await, 200, "looking does not");
    assert_eq!(status(post("?track=foundations&locale=de&dry_run=true").bearer_auth(&office.key)).await, 422);
    assert_eq!(office.send("?track=foundations", "application/json", table(1)).await.0, 415);
    assert_eq!(office.send("?track=foundations", "text/csv; charset=euc-jp", table(1)).await.0, 415);
}
