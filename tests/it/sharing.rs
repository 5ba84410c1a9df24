//! What a stranger opens and what they can find out: pages, documents, verdicts.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::access::{self, Principal};
use waymark::actor::Actor;
use waymark::credentials::{self, Credential, Reason, ReasonCode, StatusChange, Visibility};
use waymark::database::Kind;

use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    private_and_unknown_answer_alike,
    the_documents_verify_in_every_form,
    what_is_altered_shows_no_claim,
    a_revoked_one_says_so_everywhere,
    a_kind_of_reason_that_accuses_is_not_told,
    only_the_holder_decides_who_sees_it,
    what_is_no_credential_is_told_so,
    the_number_needs_its_check_code
);

fn as_member(member: waymark::ids::MemberId) -> Principal {
    Principal::Session { member, roles: vec![], csrf: String::new() }
}

async fn show(guild: &Guild, credential: &Credential, visibility: Visibility) {
    let mut ch =
        guild.test.app.db.change(Actor::Member(credential.member), Kind::Ordinary).await.expect("the door opens");
    credentials::show_to(&mut ch, credential.id, &as_member(credential.member), false, visibility)
        .await
        .expect("shown");
    ch.commit().await.expect("committed");
}

async fn get(guild: &Guild, path: &str, accept: &str) -> (u16, String) {
    let answer = guild.test.http.get(guild.test.url(path)).header("accept", accept).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn verify(guild: &Guild, body: &Value) -> (u16, Value) {
    let answer =
        guild.test.http.post(guild.test.url("/api/v1/verifications")).json(body).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn private_and_unknown_answer_alike(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    let strip = |text: String| text.split("req_").next().unwrap_or_default().replace(&credential.share_id, "x");
    for suffix in ["", ".json", ".jwt", ".png", ".svg", ".qr.svg"] {
        let (status, private) = get(&guild, &format!("/c/{}{suffix}", credential.share_id), "text/html").await;
        let (unknown_status, unknown) = get(&guild, &format!("/c/{}{suffix}", "0".repeat(26)), "text/html").await;
        assert_eq!((status, unknown_status), (404, 404), "{suffix}");
        assert_eq!(strip(private), strip(unknown).replace(&"0".repeat(26), "x"), "{suffix}");
    }
    let (status, body) = verify(&guild, &json!({"url": guild.test.url(&format!("/c/{}", credential.share_id))})).await;
    assert_eq!((status, body["code"].as_str()), (422, Some("no_credential")));
    show(&guild, &credential, Visibility::Link).await;
    assert_eq!(
        get(&guild, &format!("/C/{}", credential.share_id.to_uppercase()), "text/html").await.0,
        200,
        "upper case works"
    );
}

async fn the_documents_verify_in_every_form(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    show(&guild, &credential, Visibility::Link).await;
    let path = format!("/c/{}", credential.share_id);
    let (_, json_text) = get(&guild, &path, "application/vc").await;
    let (_, jwt) = get(&guild, &path, "application/vc+jwt").await;
    let document: Value = serde_json::from_str(&json_text).expect("JSON");
    for body in [json!({"credential": document}), json!({"credential": jwt}), json!({"url": guild.test.url(&path)})] {
        let (status, report) = verify(&guild, &body).await;
        assert_eq!((status, report["state"].as_str()), (200, Some("valid")), "{report}");
        assert_eq!(report["checks"].as_array().map(Vec::len), Some(10));
        assert_eq!(report["credential"]["credentialSubject"]["name"], "七瀬 ひかり");
    }
    for form in ["png", "svg"] {
        let bytes = guild
            .test
            .http
            .get(guild.test.url(&format!("{path}.{form}")))
            .send()
            .await
            .expect("answered")
            .bytes()
            .await
            .expect("bytes");
        let upload = Form::new().part("file", Part::bytes(bytes.to_vec()).file_name("badge"));
        let answer = guild
            .test
            .http
            .post(guild.test.url("/api/v1/verifications"))
            .multipart(upload)
            .send()
            .await
            .expect("answered");
        let report: Value = answer.json().await.expect("JSON");
        assert_eq!(report["state"], "valid", "{form}: {report}");
    }
    let (status, page) = get(&guild, &format!("{path}?lang=ja"), "text/html").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("有効な認定です") && page.contains("七瀬 ひかり") && page.len() < 30_000,
        "{} bytes",
        page.len()
    );
    let first = guild.test.http.get(guild.test.url(&format!("{path}.json"))).send().await.expect("answered");
    let tag = first.headers()["etag"].to_str().expect("text").to_owned();
    let again = guild
        .test
        .http
        .get(guild.test.url(&format!("{path}.json")))
        .header("if-none-match", tag)
        .send()
        .await
        .expect("answered");
    assert_eq!(again.status(), 304);
}

async fn what_is_altered_shows_no_claim(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    show(&guild, &credential, Visibility::Link).await;
    let (_, text) = get(&guild, &format!("/c/{}.json", credential.share_id), "*/*").await;
    let forged = text.replace("七瀬 ひかり", "七瀬 ひかる");
    assert_ne!(text, forged);
    let (status, report) =
        verify(&guild, &json!({"credential": serde_json::from_str::<Value>(&forged).expect("JSON")})).await;
    assert_eq!((status, report["state"].as_str()), (200, Some("altered")));
    assert!(report.get("credential").is_none());
    let form = Form::new().text("csrf", "").text("text", forged);
    let page = guild
        .test
        .http
        .post(guild.test.url("/verify?lang=en"))
        .multipart(form)
        .send()
        .await
        .expect("answered")
        .text()
        .await
        .expect("text");
    let before = page.split("<textarea").next().unwrap_or_default();
    // Forms carry the document along, to verify it again; that shows nothing.
    let mut pieces = before.split("name=\"text\" value=\"");
    let rest = |piece: &str| piece.split_once("\">").map_or_else(String::new, |(_, rest)| rest.to_owned());
    let shown = pieces.next().unwrap_or_default().to_owned() + &pieces.map(rest).collect::<String>();
    assert!(
        shown.contains("Signature does not match") && !shown.contains("ひかる") && !shown.contains("credential__title"),
        "{shown}"
    );
    let doubled = format!(
        "{{\"credential\": {}}}",
        text.replacen('{', "{\"id\": \"urn:uuid:00000000-0000-4000-8000-000000000000\", ", 1)
    );
    let answer = guild
        .test
        .http
        .post(guild.test.url("/api/v1/verifications"))
        .header("content-type", "application/json")
        .body(doubled);
    let answer = answer.send().await.expect("answered");
    let (status, body): (u16, Value) = (answer.status().as_u16(), answer.json().await.expect("JSON"));
    assert!(status == 400 || body["state"] == "altered", "duplicate keys are never chosen between: {status} {body}");
}

async fn a_revoked_one_says_so_everywhere(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    show(&guild, &credential, Visibility::Link).await;
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason {
        code: ReasonCode::IssuedInError,
        public: Some("取り違え".to_owned()),
        internal: Some("secret note".to_owned()),
    };
    credentials::change_status(&guild.test.app, &mut ch, credential.id, StatusChange::Revoke, &reason)
        .await
        .expect("revoked");
    ch.commit().await.expect("committed");
    guild.test.settle().await;
    let path = format!("/c/{}", credential.share_id);
    let (status, page) = get(&guild, &format!("{path}?lang=ja"), "text/html").await;
    assert_eq!(status, 200, "a revoked credential keeps its page");
    assert!(page.contains("この認定は取り消されました") && page.contains("取り違え") && !page.contains("secret note"));
    for accept in ["application/vc", "application/vc+jwt"] {
        let (_, document) = get(&guild, &path, accept).await;
        let (_, report) = verify(&guild, &json!({"credential": document})).await;
        assert_eq!(report["state"], "revoked", "{accept}");
    }
}

async fn a_kind_of_reason_that_accuses_is_not_told(store: Store) {
    let guild = Guild::start(store).await;
    for (n, (code, public, told)) in [
        (ReasonCode::Misconduct, None, "Suspended on 21 Nov 2026.</p>"),
        (ReasonCode::Other, None, "Suspended on 21 Nov 2026.</p>"),
        (ReasonCode::Misconduct, Some("An appeal runs."), "Suspended on 21 Nov 2026. Reason: An appeal runs.</p>"),
        (ReasonCode::IssuedInError, None, "Suspended on 21 Nov 2026. Reason: Issued in error</p>"),
    ]
    .into_iter()
    .enumerate()
    {
        let credential = guild.released(&format!("hikari{n}@members.example")).await;
        show(&guild, &credential, Visibility::Link).await;
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let reason = Reason { code, public: public.map(str::to_owned), internal: None };
        credentials::change_status(&guild.test.app, &mut ch, credential.id, StatusChange::Suspend, &reason)
            .await
            .expect("suspended");
        ch.commit().await.expect("committed");
        guild.test.settle().await;
        let (_, page) = get(&guild, &format!("/c/{}?lang=en", credential.share_id), "text/html").await;
        assert!(
            page.contains(told) && !page.contains("Misconduct") && !page.contains("Another reason"),
            "{code:?}: {page}"
        );
    }
}

async fn only_the_holder_decides_who_sees_it(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    let other = guild.released("kaede@members.example").await;
    let mut sessions = vec![];
    for member in [credential.member, other.member] {
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        sessions.push(access::start_session(&mut ch, member).await.expect("started"));
        ch.commit().await.expect("committed");
    }
    let page_path = format!("/me/credentials/{}", credential.id);
    let as_member = |secret: &str, path: &str| {
        guild.test.http.get(guild.test.url(path)).header("cookie", format!("waymark-session={secret}"))
    };
    let own = as_member(&sessions[0], &page_path).send().await.expect("answered");
    assert_eq!(own.status(), 200);
    let page = own.text().await.expect("text");
    let csrf = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned();
    for path in [page_path.clone(), format!("{page_path}/files/json"), format!("{page_path}/files/png")] {
        assert_eq!(as_member(&sessions[1], &path).send().await.expect("answered").status(), 404, "{path}");
        assert_eq!(as_member(&sessions[0], &path).send().await.expect("answered").status(), 200, "{path}");
    }
    let set = |secret: String, csrf: String| {
        let request = guild
            .test
            .http
            .post(guild.test.url(&format!("{page_path}/visibility")))
            .header("cookie", format!("waymark-session={secret}"));
        request.form(&[("csrf", csrf), ("visibility", "public".to_owned())]).send()
    };
    assert_eq!(
        set(sessions[0].clone(), "wrong".to_owned()).await.expect("answered").status(),
        403,
        "no token, no change"
    );
    // A token that staff had made speaks for the member in nothing that only the member may do, by form as by API; forms take no token at all.
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let (token, _) = access::mint_member_token(&mut ch, credential.member).await.expect("made");
    ch.commit().await.expect("committed");
    for key in [&token, &guild.admin().await] {
        for path in [format!("{page_path}/visibility"), "/exams/none".to_owned(), "/logout".to_owned()] {
            let form = [("csrf", ""), ("visibility", "public"), ("agree", "yes")];
            let request = guild.test.http.post(guild.test.url(&path)).bearer_auth(key).form(&form);
            assert_eq!(request.send().await.expect("answered").status(), 403, "{path}");
        }
    }
    let mut ch =
        guild.test.app.db.change(Actor::Member(credential.member), Kind::Ordinary).await.expect("the door opens");
    let by_token = Principal::Token { member: credential.member };
    let refused = credentials::show_to(&mut ch, credential.id, &by_token, false, Visibility::Public).await;
    assert_eq!(refused.expect_err("not in person").code(), waymark::error::Code::Forbidden);
    ch.undo().await.expect("undone");
    assert_eq!(get(&guild, &format!("/c/{}", credential.share_id), "text/html").await.0, 404);

    let saved = set(sessions[0].clone(), csrf).await.expect("answered");
    assert_eq!(
        (saved.status().as_u16(), saved.headers()["location"].to_str().expect("text")),
        (303, &*format!("{page_path}?saved=public"))
    );
    let told = as_member(&sessions[0], &format!("{page_path}?saved=public")).send().await.expect("answered");
    assert!(told.text().await.expect("text").contains("Saved."), "the page says that it was saved");
    assert_eq!(get(&guild, &format!("/c/{}", credential.share_id), "text/html").await.0, 200);
    let page = as_member(&sessions[0], &page_path).send().await.expect("answered").text().await.expect("text");
    let through = format!("{page_path}/linkedin");
    assert!(page.contains(&format!("href=\"{through}\"")), "{page}");
    let led = as_member(&sessions[0], &through).send().await.expect("answered");
    let link = led.headers()["location"].to_str().expect("text");
    assert!(link.starts_with("https://www.linkedin.com/profile/add?"), "{link}");
    for part in [
        "startTask=CERTIFICATION_NAME",
        "issueYear=2026",
        "issueMonth=11",
        "expirationYear=2029",
        "expirationMonth=11",
        "certId=EG-2026-000001",
    ] {
        assert!(link.contains(part), "{part} in {link}");
    }
    assert!(!link.contains("organizationId"), "{link}");
}

async fn what_is_no_credential_is_told_so(store: Store) {
    let guild = Guild::start(store).await;
    let cases = [
        (json!({"credential": "hello"}), 422),
        (json!({"credential": {"hello": "world"}}), 422),
        (json!({"credential": 7}), 422),
        (json!({}), 422),
        (json!({"url": "https://127.0.0.1/secret"}), 422),
        (json!({"url": "http://issuer.example/c/1"}), 422),
        (json!({"number": "EG-2026-000001"}), 422),
        (json!({"credential": "a", "colour": "red"}), 422),
    ];
    for (body, expected) in cases {
        let (status, answer) = verify(&guild, &body).await;
        assert!(status == expected || (status == 200 && answer["state"] == "unknown"), "{body} → {status} {answer}");
        assert!(answer.get("credential").is_none());
    }
    let typed = guild
        .test
        .http
        .post(guild.test.url("/api/v1/verifications"))
        .header("content-type", "text/plain")
        .body("x")
        .send()
        .await
        .expect("answered");
    assert_eq!(typed.status(), 415);
    let deep = format!("{{\"credential\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
    let deep = guild
        .test
        .http
        .post(guild.test.url("/api/v1/verifications"))
        .header("content-type", "application/json")
        .body(deep)
        .send()
        .await
        .expect("answered");
    assert_eq!(deep.status(), 400);
    let large = "x".repeat(2 * 1024 * 1024);
    let large = guild
        .test
        .http
        .post(guild.test.url("/api/v1/verifications"))
        .json(&json!({"credential": large}))
        .send()
        .await
        .expect("answered");
    assert_eq!(large.status(), 413);
}

async fn the_number_needs_its_check_code(store: Store) {
    let guild = Guild::start(store).await;
    let credential = guild.released("hikari@members.example").await;
    let (status, report) =
        verify(&guild, &json!({"number": credential.number, "check_code": credential.check_code.to_lowercase()})).await;
    assert_eq!((status, report["state"].as_str()), (200, Some("valid")));
    let (status, _) = verify(&guild, &json!({"number": credential.number, "check_code": "ZZZZZZ"})).await;
    assert_eq!(status, 422);
}
