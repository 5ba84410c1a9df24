//! What a stranger may send: little that asks for much work, times at the ends of the calendar, U+0000, and bodies that never end.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use reqwest::multipart::Form;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use waymark::access::{self, Principal, Role};
use waymark::actor::Actor;
use waymark::clock::{Timestamp, rfc3339};
use waymark::credentials::Visibility;
use waymark::database::Kind;
use waymark::router;
use waymark::web::i18n::Locale;

use crate::contributions::{event, small_program};
use crate::credentials::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_picture_that_asks_for_too_much_is_refused_at_once,
    a_time_at_the_end_of_the_calendar_is_a_mistake_of_the_caller,
    no_route_falls_over_u0000,
    u0000_is_refused_where_it_stands,
    what_the_framework_refuses_is_a_problem_document,
    a_session_alone_changes_nothing_through_the_api,
    names_do_not_disturb_what_stands_around_them
);

const LATE: &str = "9999-12-31T23:59:59-23:59";
const EARLY: &str = "0000-01-01T00:00:00+23:59";

async fn verify(test: &TestApp, body: &Value) -> (u16, Value) {
    let answer = test.http.post(test.url("/api/v1/verifications")).json(body).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn a_picture_that_asks_for_too_much_is_refused_at_once(store: Store) {
    let test = TestApp::start(store).await;
    let nested: String = (0..15_000).map(|n| format!("<svg xmlns:a{n}=\"u\">")).collect();
    let wide: String = (0..80_000).map(|n| format!(" a{n}=\"\"")).collect();
    for svg in [nested, format!("<svg{wide}/>"), "<svg>".repeat(10_000)] {
        let (status, problem) = verify(&test, &json!({"credential": svg})).await;
        assert_eq!((status, &problem["reason"]), (422, &json!("picture_too_large")), "{problem}");
    }
}

async fn a_time_at_the_end_of_the_calendar_is_a_mistake_of_the_caller(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let key = guild.admin().await;
    for text in [LATE, EARLY] {
        let proof = |name: &str| {
            let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-01-01T00:00:00Z",
                "verificationMethod": "did:key:z6Mk#z6Mk", "proofPurpose": "assertionMethod", "proofValue": "z1"});
            proof[name] = json!(text);
            json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "proof": proof})
        };
        let header = |name: &str| {
            let mut header = json!({"alg": "EdDSA"});
            header[name] = json!(text);
            json!(format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header.to_string())))
        };
        let asked = [
            json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "validFrom": text}),
            json!({"@context": [text], "type": [text], "issuer": text}),
            json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", text]}),
            proof("type"),
            proof("cryptosuite"),
            proof("created"),
            proof("proofPurpose"),
            header("alg"),
            header("typ"),
            header("cty"),
        ];
        for credential in asked {
            let (status, report) = verify(test, &json!({"credential": credential})).await;
            assert!(status == 200 || status == 422, "{status} {credential} {report}");
        }
        let member = json!({"email": "ada@members.example", "name": "Ada", "affiliation": {"organization": "Guild", "from": text}});
        let (status, problem) = guild.post(&key, "/api/v1/members", None, &member).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/affiliation/from")), "{problem}");
        let asked = [
            ("/awarded_at", json!({"awarded_at": text})),
            ("/valid_until", json!({"valid_until": text})),
            ("/evidence/0/date", json!({"awarded_at": "2026-04-01", "evidence": [{"name": "x", "date": text}]})),
        ];
        for (pointer, mut body) in asked {
            body["track"] = json!("foundations");
            body["recipient"] = json!({"name": "Ada", "email": "ada@members.example"});
            let (status, problem) = guild.post(&key, "/api/v1/credentials", Some(pointer), &body).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
        }
    }
    events_of_all_times(store).await;
}

async fn events_of_all_times(store: Store) {
    let test = crate::contributions::start(store).await;
    small_program(&test).await;
    crate::contributions::enrol(&test, "ada").await;
    let key = test.api_key(Role::Admin).await;
    let at = |id: &str, time: &str| {
        let mut event = event(id, "handle:ada", id);
        event["time"] = json!(time);
        event
    };
    let batch = json!([at("1", LATE), at("2", EARLY), at("3", "2026-11-20T09:00:00Z")]);
    let request = test.http.post(test.url("/api/v1/events")).bearer_auth(&key);
    let request = request.header("content-type", "application/cloudevents-batch+json").body(batch.to_string());
    let answer = request.send().await.expect("answered");
    assert_eq!(answer.status(), 202);
    let results: Value = answer.json().await.expect("JSON");
    for n in [0, 1] {
        assert_eq!(results["results"][n]["outcome"], "rejected", "{results}");
        assert!(results["results"][n]["detail"].as_str().is_some_and(|detail| detail.contains("`time`")), "{results}");
    }
    assert_eq!(results["results"][2]["outcome"], "accepted", "{results}");
    test.settle().await;
}

/// A key that may do everything, and the session of a member.
async fn visitors(test: &TestApp) -> (String, String) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let member =
        waymark::members::find_or_enrol(&mut ch, "ada@members.example", "Ada", Locale::En).await.expect("enrolled");
    let secret = access::start_session(&mut ch, member.id).await.expect("signed in");
    ch.commit().await.expect("committed");
    let cookie = format!("{}={secret}", access::session_cookie(&test.app.config));
    (test.api_key(Role::Admin).await, cookie)
}

async fn no_route_falls_over_u0000(store: Store) {
    let test = TestApp::start_with(store, |config| config.vc_api.enabled = true).await;
    let (key, cookie) = visitors(&test).await;
    for row in router::matrix() {
        let pieces = row.path.split('/').map(|piece| if piece.starts_with('{') { "a%00b" } else { piece });
        let path = pieces.collect::<Vec<_>>().join("/");
        let ask = |path: &str| {
            let request = test.http.request(row.method.clone(), test.url(path));
            [request.try_clone().expect("no body").bearer_auth(&key), request.header("cookie", &cookie)]
        };
        for request in ask(&path) {
            let status = request.send().await.expect("answered").status();
            assert!(!row.path.contains('{') || status == 404, "{} {path}: {status}", row.method);
            assert!(!status.is_server_error(), "{} {path}: {status}", row.method);
        }
        let clean = row.path.replace(['{', '}'], "");
        for request in ask(&format!("{clean}?q=a%00")) {
            assert_eq!(request.send().await.expect("answered").status(), 422, "{} {clean}?q=a%00", row.method);
        }
        // A file with items is answered by a report that rejects what cannot be read, item by item.
        if row.method == Method::GET || row.path.ends_with("/imports") {
            continue;
        }
        for request in ask(&clean) {
            for name in ["x", "\0"] {
                let json = request.try_clone().expect("no body").json(&json!({name: "\0"}));
                let form = request.try_clone().expect("no body").form(&[(name, "\0")]);
                for request in [json, form] {
                    let status = request.send().await.expect("answered").status();
                    assert!(status.is_client_error(), "{} {clean}: {status}", row.method);
                }
            }
        }
    }
}

async fn u0000_is_refused_where_it_stands(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let key = guild.admin().await;
    for (pointer, body) in [
        ("/number", json!({"number": "a\0", "check_code": "b"})),
        ("/url", json!({"url": format!("{}/c/\0", test.base)})),
        ("/recipient/name", json!({"credential": "x", "recipient": {"name": "\0"}})),
    ] {
        let (status, problem) = verify(test, &body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    for (path, pointer, body) in [
        (
            "/api/v1/credentials",
            "/track",
            json!({"track": "a\0", "recipient": {"name": "Ada", "email": "a@b.example"}}),
        ),
        ("/api/v1/contributions/x/void", "/reason", json!({"reason": "a\0"})),
        (
            "/api/v1/members",
            "/affiliation/title",
            json!({"name": "Ada", "email": "a@b.example", "affiliation": {"organization": "G", "title": "\0"}}),
        ),
    ] {
        let (status, problem) = guild.post(&key, path, Some("once"), &body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let mut bad = event("1", "handle:ada", "x");
    bad["data"]["url"] = json!("https://a.example/\0");
    let request = test.http.post(test.url("/api/v1/events")).bearer_auth(&key);
    let request = request.header("content-type", "application/cloudevents-batch+json");
    let answer = request.body(json!([bad]).to_string()).send().await.expect("answered");
    assert_eq!(answer.status(), 202);
    let results: Value = answer.json().await.expect("JSON");
    assert_eq!(results["results"][0]["outcome"], "rejected", "{results}");
    for form in [Form::new().text("number", "a\0").text("check_code", "b"), Form::new().text("text", "a\0")] {
        let answer = test.http.post(test.url("/verify")).multipart(form).send().await.expect("answered");
        assert_eq!(answer.status(), 422);
    }
}

/// A body for which no time is left.
#[tokio::test]
async fn a_body_that_never_ends_is_answered_when_its_time_is_up() {
    let test = TestApp::start_with(Store::Sqlite, |config| config.body_time = Duration::ZERO).await;
    for (path, kind) in [
        ("/api/v1/verifications", "application/json"),
        ("/api/v1/verifications", "multipart/form-data; boundary=a"),
        ("/verify", "multipart/form-data; boundary=a"),
        ("/login", "application/x-www-form-urlencoded"),
    ] {
        let silent = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let request = Request::post(path).header("content-type", kind).body(silent).expect("a request");
        let answer = router::build(test.app.clone()).oneshot(request).await.expect("answered");
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT, "{path} {kind}");
    }
}

#[test]
fn the_first_and_the_last_moment_are_written_as_they_are_read() {
    for text in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let at: Timestamp = waymark::clock::parse_rfc3339(text).expect("a time");
        assert_eq!(rfc3339(at), text);
    }
}

async fn what_the_framework_refuses_is_a_problem_document(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let get = |path: &str| test.http.get(test.url(path)).bearer_auth(&key);
    let plain =
        test.http.post(test.url("/api/v1/verifications")).header("content-type", "multipart/form-data").body("x");
    let counts = get("/admin/counts/foundations?days=7x");
    for (request, cause) in [
        (get("/p/%FF"), "no UTF-8"),
        (get("/c/a%FF"), "no UTF-8"),
        (get("/admin/credentials?cursor=a&cursor=b"), "after the question mark"),
        (counts, "“days”"),
        (plain, "boundary"),
    ] {
        let answer = request.send().await.expect("answered");
        assert_eq!(
            (answer.status(), &answer.headers()["content-type"]),
            (StatusCode::BAD_REQUEST, &"application/problem+json".parse().expect("a header"))
        );
        let problem: Value = answer.json().await.expect("JSON");
        assert_eq!(problem["code"], "malformed", "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(cause)), "{cause}: {problem}");
    }
}

async fn a_session_alone_changes_nothing_through_the_api(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let (_, cookie) = visitors(test).await;
    for kind in ["application/json", "multipart/form-data", "application/x-www-form-urlencoded", "text/plain"] {
        let request = test.http.post(test.url("/api/v1/attempts/x/submit")).header("content-type", kind);
        let answer = request.header("cookie", &cookie).send().await.expect("answered");
        let (status, problem) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("cross_site")), "{kind}");
    }
    let known = guild.released("hikari@members.example").await;
    let path = format!("/api/v1/credentials/{}/visibility", known.id);
    let answer =
        test.http.put(test.url(&path)).json(&json!({"visibility": "everywhere"})).send().await.expect("answered");
    assert_eq!(answer.status(), 401, "who asks comes before what is asked");

    let mut ch = test.app.db.change(Actor::Member(known.member), Kind::Ordinary).await.expect("the door opens");
    let holder = Principal::Token { member: known.member };
    waymark::credentials::show_to(&mut ch, known.id, &holder, true, Visibility::Link).await.expect("shown");
    ch.commit().await.expect("committed");
    let kept = async |cookie: &str| {
        let request = test.http.get(test.url(&format!("/c/{}", known.share_id))).header("accept", "text/html");
        let answer = request.header("cookie", cookie).send().await.expect("answered");
        answer.headers()["cache-control"].to_str().expect("text").to_owned()
    };
    assert_eq!((kept("").await.as_str(), kept(&cookie).await.as_str()), ("no-cache", "private, no-store"));
}

async fn names_do_not_disturb_what_stands_around_them(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let long = "x".repeat(121);
    for bad in ["a\u{202e}b", "a\u{2067}b", "a\u{2028}b", "a\u{7}b", &long, " "] {
        for pointer in ["/name", "/affiliation/organization", "/affiliation/title"] {
            let mut body = json!({"email": "ada@members.example", "name": "Ada", "affiliation": {"organization": "Guild", "title": "Smith"}});
            *body.pointer_mut(pointer).expect("there") = json!(bad);
            let request = test.http.post(test.url("/api/v1/members")).bearer_auth(&key).json(&body);
            let answer = request.send().await.expect("answered");
            assert_eq!(answer.status(), 422, "{pointer} {bad:?}");
            let problem: Value = answer.json().await.expect("JSON");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    }
    let body = json!({"email": "nasrin@members.example", "name": "نسرین می\u{200c}خواهم", "locale": "en"});
    let answer = test.http.post(test.url("/api/v1/members")).bearer_auth(&key).json(&body).send().await;
    assert_eq!(answer.expect("answered").status(), 201, "a joiner belongs to the writing of names");
}
