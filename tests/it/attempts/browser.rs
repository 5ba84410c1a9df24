//! Safe Exam Browser: pages for the wrong one, proofs by script from versions that send no headers, and the file that configures one.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::{Candidate, answer, as_staff, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_page_that_was_proved_by_script_lets_its_browser_in,
    no_clock_starts_in_another_browser,
    the_settings_file_says_where_to_begin_and_its_key_is_known
);

/// What the browser offers to a script on the page at `path`.
fn hash(test: &TestApp, path: &str, key: &str) -> String {
    Sha256::digest(format!("{}{path}{key}", test.base)).iter().map(|b| format!("{b:02x}")).collect()
}

async fn ask_for(test: &TestApp, keys: &[String]) {
    let key = test.api_key(Role::Admin).await;
    let body = json!({"late": "keep", "config_keys": keys});
    assert_eq!(as_staff(test, &key, Method::PUT, "/exams/sample/delivery", body).await.0, 200);
}

/// Hands in a proof; answers status, address and the cookie that stands for it.
async fn prove(
    who: &Candidate<'_>,
    csrf: &str,
    address: &str,
    config_key: &str,
) -> (StatusCode, String, Option<String>) {
    let fields = [("csrf", csrf), ("address", address), ("config_key", config_key), ("browser_key", "")];
    let sent = who.page(Method::POST, "/exams/sample/browser").form(&fields).send().await.expect("answered");
    let header = |name: &str| sent.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
    let cookie = header("set-cookie").map(|cookie| cookie.split(';').next().expect("a pair").to_owned());
    (sent.status(), header("location").unwrap_or_default(), cookie)
}

async fn a_page_that_was_proved_by_script_lets_its_browser_in(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let (attempt, other) = (ada.start().await, bob.start().await);
    let key = "0123456789abcdef".repeat(4);
    ask_for(&test, &["f".repeat(64), key.clone()]).await;

    let path = format!("{}/1", attempt.replace("/attempts/", "/exam/"));
    let (status, _, page) = ada.open(&path).await;
    assert_eq!(status, 403);
    assert!(
        page.contains("Open the settings file") && page.contains("data-seb") && page.contains("/assets/seb."),
        "{page}"
    );
    assert!(
        !page.contains("<script>") && !page.contains("What about"),
        "no script inside the page, and no question: {page}"
    );
    let csrf = field(&page, "csrf");
    let address = format!("{}{path}", test.base);
    for (address, hash) in [
        (address.clone(), hash(&test, &path, &"e".repeat(64))),
        (address.clone(), hash(&test, &format!("{path}?lang=ja"), &key)),
        (address.clone(), key.clone()),
        (address.clone(), String::new()),
        ("https://elsewhere.example/exam/1".to_owned(), {
            let elsewhere = Sha256::digest(format!("https://elsewhere.example/exam/1{key}"));
            elsewhere.iter().map(|b| format!("{b:02x}")).collect()
        }),
        (format!("{}//elsewhere.example", test.base), hash(&test, "//elsewhere.example", &key)),
    ] {
        let (status, _, cookie) = prove(&ada, &csrf, &address, &hash).await;
        assert_eq!((status.as_u16(), cookie), (403, None), "{address} {hash}");
    }
    let sent = ada.page(Method::POST, "/exams/sample/browser").form(&[("csrf", "x"), ("address", address.as_str())]);
    assert_eq!(sent.send().await.expect("answered").status(), 403, "from another site");

    let (status, to, cookie) = prove(&ada, &csrf, &format!("{address}#top"), &hash(&test, &path, &key)).await;
    assert_eq!((status.as_u16(), to.as_str()), (303, path.as_str()), "back to the page");
    let cookie = cookie.expect("a cookie");
    let with = async |who: &Candidate<'_>, path: &str, cookie: &str| {
        let request = test.http.get(test.url(path)).header("accept", "text/html");
        let sent = request.header("cookie", format!("{}; {cookie}", who.cookie)).send().await.expect("answered");
        sent.status().as_u16()
    };
    assert_eq!(with(&ada, &path, &cookie).await, 200);
    let item = test
        .http
        .get(test.url(&format!("/api/v1{attempt}/items/2")))
        .header("cookie", format!("{}; {cookie}", ada.cookie));
    assert_eq!(answer(item).await.0, 200, "the player's calls, too");
    assert_eq!(with(&ada, &path, "waymark-seb=guessed").await, 403);
    assert_eq!(ada.open(&path).await.0, 403, "another browser of the same member");
    assert_eq!(
        with(&bob, &format!("{}/1", other.replace("/attempts/", "/exam/")), &cookie).await,
        403,
        "another member"
    );

    ask_for(&test, &["a".repeat(64)]).await;
    assert_eq!(with(&ada, &path, &cookie).await, 403, "the exam asks for another key now");
    ask_for(&test, &["f".repeat(64), key.clone()]).await;
    assert_eq!(with(&ada, &path, &cookie).await, 200);
    test.clock.advance(Duration::minutes(29));
    assert_eq!(with(&ada, &path, &cookie).await, 200);
    test.run_sql("UPDATE browser_proof SET expires_at = 0").await;
    assert_eq!(with(&ada, &path, &cookie).await, 403, "it ends");
}

async fn no_clock_starts_in_another_browser(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let key = "0123456789abcdef".repeat(4);
    ask_for(&test, std::slice::from_ref(&key)).await;
    let (status, refused) = ada.begin(Value::Null).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("browser_required")), "{refused}");
    let (status, _, intro) = ada.open("/exams/sample").await;
    assert!(
        status == 200 && intro.contains("opens in Safe Exam Browser only") && intro.contains("data-seb"),
        "{intro}"
    );
    let fields = [("csrf", field(&intro, "csrf")), ("agree", "yes".to_owned())];
    let (status, _, page) = super::seen(ada.page(Method::POST, "/exams/sample").form(&fields)).await;
    assert!(status == 403 && page.contains("What to do"), "{page}");
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt").await, 0);
    let begin = ada.page(Method::POST, "/exams/sample").form(&fields);
    let fits = begin.header("x-safeexambrowser-configkeyhash", hash(&test, "/exams/sample", &key));
    assert_eq!(super::seen(fits).await.0, 303);
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt").await, 1);
    let (_, _, intro) = super::seen(
        ada.page(Method::GET, "/exams/sample")
            .header("x-safeexambrowser-configkeyhash", hash(&test, "/exams/sample", &key)),
    )
    .await;
    assert!(!intro.contains("data-seb"), "nothing to prove in the right browser");
}

async fn the_settings_file_says_where_to_begin_and_its_key_is_known(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.open("/admin/exams/sample/exam.seb").await.0, 403, "staff hand it out");
    let boss = Candidate::enrol(&test, "boss@staff.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, boss.member, Role::Examiner).await.expect("given");
    ch.commit().await.expect("committed");
    assert_eq!(boss.open("/admin/exams/nothing/exam.seb").await.0, 404);
    let file = boss.page(Method::GET, "/admin/exams/sample/exam.seb").send().await.expect("answered");
    assert_eq!(file.headers()["content-type"], "application/seb");
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"sample.seb\"");
    let file = file.text().await.expect("text");
    assert!(file.contains(&format!("<string>{}/exams/sample</string>", test.base)), "{file}");
    let key: String = Sha256::digest(format!(
        "{{\"sebConfigPurpose\":0,\"sendBrowserExamKey\":true,\"startURL\":\"{}/exams/sample\"}}",
        test.base
    ))
    .iter()
    .map(|b| format!("{b:02x}"))
    .collect();
    let (_, _, page) = boss.open("/admin/exams/sample/delivery").await;
    assert!(page.contains(&key), "the page names the key of the file: {page}");
    let fields = [("csrf", field(&page, "csrf")), ("late", "keep".to_owned()), ("with", "file".to_owned())];
    assert_eq!(super::seen(boss.page(Method::POST, "/admin/exams/sample/delivery").form(&fields)).await.0, 303);
    let (_, _, page) = boss.open("/admin/exams/sample/delivery").await;
    assert!(page.contains("Asked for") && !page.contains("name=\"with\""), "{page}");
    assert_eq!(ada.begin(Value::Null).await.0, 403);
    let begin = ada.api(Method::POST, "/exams/sample/attempts");
    let fits = begin.header("x-safeexambrowser-configkeyhash", hash(&test, "/api/v1/exams/sample/attempts", &key));
    assert_eq!(answer(fits).await.0, 201);
}
