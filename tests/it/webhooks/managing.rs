//! Who may manage webhooks and how: the secret that is shown once, its rotation, what is refused, the pages.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;

use super::{Receiver, Staff, guild, is_signed_by};
use crate::credentials::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    only_owners_and_admins_manage_webhooks,
    the_secret_is_shown_once_and_stands_nowhere,
    a_new_secret_is_used_beside_the_old_one_for_a_day,
    without_its_file_nothing_is_sent_and_nothing_is_lost,
    what_does_not_fit_is_refused_and_what_is_edited_counts,
    the_pages_show_secret_state_and_tries,
);

async fn only_owners_and_admins_manage_webhooks(store: Store) {
    let guild = guild(store).await;
    let staff = Staff::of(&guild.test).await;
    let receiver = Receiver::start().await;
    let (hook, _) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    let path = format!("/api/v1/webhooks{hook}");
    for role in [Role::Issuer, Role::Examiner, Role::Auditor, Role::Source, Role::Proctor] {
        let key = guild.test.api_key(role).await;
        for path in ["/api/v1/webhooks", &path, &format!("{path}/deliveries")] {
            let read = if role == Role::Auditor { 200 } else { 403 };
            let (status, body) = guild.get(&key, path).await;
            assert_eq!(status, read, "{role:?} {path}");
            assert!(!body.to_string().contains("whsec_"), "no secret is read: {body}");
        }
        let new = json!({"url": receiver.url, "kinds": ["credential.released"]});
        assert_eq!(guild.post(&key, "/api/v1/webhooks", None, &new).await.0, 403, "{role:?}");
        for step in ["enable", "disable", "rotate", "remove", "test"] {
            assert_eq!(guild.post(&key, &format!("{path}/{step}"), None, &json!({})).await.0, 403, "{role:?} {step}");
        }
    }
    let owner = guild.test.api_key(Role::Owner).await;
    assert_eq!(guild.get(&owner, &path).await.0, 200);
    let foreign = "/api/v1/webhooks/whk_00000000000000000000000000";
    for path in [foreign, "/api/v1/webhooks/nonsense", &format!("{foreign}/deliveries")] {
        assert_eq!(guild.get(&owner, path).await.0, 404, "{path}");
    }
    // A delivery of one webhook is none of another.
    let (_, sent) = staff.post(&format!("{hook}/test"), &Value::Null).await;
    let (other, _) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    let delivery = sent["id"].as_str().expect("an id");
    assert_eq!(guild.get(&owner, &format!("/api/v1/webhooks{other}/deliveries/{delivery}")).await.0, 404);
    assert_eq!(staff.post(&format!("{other}/deliveries/{delivery}/redeliver"), &Value::Null).await.0, 404);
    for step in ["disable", "disable", "enable", "remove"] {
        assert_eq!(staff.post(&format!("{hook}/{step}"), &Value::Null).await.0, 200, "{step}");
    }
    assert_eq!(guild.get(&owner, &path).await.0, 404, "it is gone");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM webhook_delivery").await, 0);
    let done = guild.test.audit_actions().await;
    let done: Vec<&str> = done.iter().map(String::as_str).filter(|action| action.starts_with("webhook")).collect();
    let all = ["add", "test", "add", "disable", "enable", "remove"].map(|step| format!("webhook.{step}"));
    assert_eq!(done, all, "each change once, and what changes nothing not at all");
}

/// Everything that was logged in this process.
fn logged() -> String {
    struct Lines(Arc<Mutex<Vec<u8>>>);
    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no thread panics with it").write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    static LINES: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let lines: Arc<Mutex<Vec<u8>>> = Arc::default();
        let kept = lines.clone();
        let logs = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        logs.with_writer(move || Lines(kept.clone())).init();
        lines
    });
    String::from_utf8_lossy(&lines.lock().expect("no thread panics with it")).into_owned()
}

/// Whether any file below holds the text.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").flatten().any(|entry| match entry.path() {
        inside if inside.is_dir() => holds(&inside, text),
        file => std::fs::read(file)
            .expect("readable")
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text.as_bytes())),
    })
}

async fn the_secret_is_shown_once_and_stands_nowhere(store: Store) {
    logged();
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let key = guild.test.api_key(Role::Admin).await;
    let new = json!({"url": receiver.url, "kinds": ["credential.released"], "note": "the forum"});
    let (status, made) = guild.post(&key, "/api/v1/webhooks", Some("once"), &new).await;
    assert_eq!(status, 201, "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let (status, again) = guild.post(&key, "/api/v1/webhooks", Some("once"), &new).await;
    assert!(status == 201 && again["id"] != made["id"] && again["secret"] != made["secret"], "no answer was kept");
    let hook = format!("/{}", made["id"].as_str().expect("an id"));
    let (_, rotated) = guild.post(&key, &format!("/api/v1/webhooks{hook}/rotate"), Some("twice"), &json!({})).await;
    let second = rotated["secret"].as_str().expect("a secret").to_owned();
    let (_, sent) = staff.post(&format!("{hook}/test"), &Value::Null).await;
    receiver.answer_next(&[500]);
    guild.test.settle().await;
    assert!(is_signed_by(&receiver.came()[0], &secret) && is_signed_by(&receiver.came()[0], &second));
    let mut shown = vec![logged()];
    assert!(!shown[0].is_empty(), "the log is listened to");
    let delivery = sent["id"].as_str().expect("an id");
    for path in ["", &hook, &format!("{hook}/deliveries"), &format!("{hook}/deliveries/{delivery}")] {
        shown.push(staff.get(path).await.to_string());
    }
    let browser = Browser::staff(&guild, Role::Admin).await;
    for path in ["/admin/webhooks".to_owned(), format!("/admin/webhooks{hook}")] {
        shown.push(browser.get(&path, "en").await.1);
    }
    for table in ["webhook", "webhook_delivery", "webhook_try", "audit", "idempotency", "outbox"] {
        let all = match store {
            Store::Sqlite => continue,
            Store::Postgres => format!("SELECT t::text FROM {table} t"),
        };
        shown.push(guild.test.texts(&all).await.join("\n"));
    }
    for secret in [&secret, &second] {
        let bare = secret.strip_prefix("whsec_").expect("a prefix");
        let found = shown.iter().find(|text| text.contains(bare));
        assert!(found.is_none(), "{found:?}");
        // The store of SQLite, its journal and the key folder are files.
        assert!(!holds(&guild.test.app.config.data_dir, bare));
    }
}

async fn a_new_secret_is_used_beside_the_old_one_for_a_day(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, first) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    let sent = async || {
        assert_eq!(staff.post(&format!("{hook}/test"), &Value::Null).await.0, 202);
        guild.test.settle().await;
        receiver.came().pop().expect("one came")
    };
    let one = sent().await;
    assert!(is_signed_by(&one, &first) && !one.header("webhook-signature").contains(' '));
    let (_, rotated) = staff.post(&format!("{hook}/rotate"), &Value::Null).await;
    let second = rotated["secret"].as_str().expect("a secret").to_owned();
    assert_ne!(first, second);
    assert!(rotated["old_secret_until"].is_string());
    let both = sent().await;
    assert!(is_signed_by(&both, &first) && is_signed_by(&both, &second));
    assert_eq!(both.header("webhook-signature").split(' ').count(), 2);
    guild.test.clock.advance(Duration::hours(24));
    let after = sent().await;
    assert!(!is_signed_by(&after, &first) && is_signed_by(&after, &second));
    // Twice in a day: the newest two.
    let third = staff.post(&format!("{hook}/rotate"), &Value::Null).await.1["secret"].clone();
    let fourth = staff.post(&format!("{hook}/rotate"), &Value::Null).await.1["secret"].clone();
    let last = sent().await;
    let by = |secret: &Value| is_signed_by(&last, secret.as_str().expect("a secret"));
    assert!(by(&third) && by(&fourth) && !is_signed_by(&last, &second));
}

async fn without_its_file_nothing_is_sent_and_nothing_is_lost(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, secret) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    let file = guild.test.app.config.keys_dir().join("webhooks.secret");
    let kept = std::fs::read(&file).expect("the file is there");
    std::fs::remove_file(&file).expect("removed");
    let (_, sent) = staff.post(&format!("{hook}/test"), &Value::Null).await;
    let delivery = format!("{hook}/deliveries/{}", sent["id"].as_str().expect("an id"));
    guild.test.settle().await;
    let state = staff.get(&delivery).await;
    assert_eq!((&state["state"], &state["error"], &state["tries"]), (&json!("waiting"), &json!("unsigned"), &json!(0)));
    assert_eq!(receiver.came().len(), 0);
    // Another file is not the one: a signature by it would be taken for a forgery.
    std::fs::write(&file, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").expect("written");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    guild.test.clock.advance(Duration::minutes(5));
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 0);
    std::fs::write(&file, kept).expect("put back");
    guild.test.clock.advance(Duration::minutes(5));
    guild.test.settle().await;
    assert!(is_signed_by(&receiver.came()[0], &secret));
    assert_eq!(staff.get(&delivery).await["state"], "delivered");
    // Where it is lost for good, a new secret helps.
    std::fs::remove_file(&file).expect("removed");
    let (status, rotated) = staff.post(&format!("{hook}/rotate"), &Value::Null).await;
    assert_eq!((status, &rotated["old_secret_until"]), (200, &Value::Null), "{rotated}");
    assert_eq!(staff.post(&format!("{hook}/test"), &Value::Null).await.0, 202);
    guild.test.settle().await;
    assert!(is_signed_by(&receiver.came()[1], rotated["secret"].as_str().expect("a secret")));
}

async fn what_does_not_fit_is_refused_and_what_is_edited_counts(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let url = &receiver.url;
    for (body, pointer) in [
        (json!({"url": url, "kinds": []}), "/kinds"),
        (json!({"url": url, "kinds": ["credential.released", "credential.expired"]}), "/kinds/1"),
        (json!({"url": url, "kinds": ["webhook.test"]}), "/kinds/0"),
        (json!({"url": url, "kinds": ["attempt.started"], "exams": ["no-such-exam"]}), "/exams/0"),
        (json!({"url": url, "kinds": ["attempt.started"], "exams": vec!["x"; 101]}), "/exams"),
        (json!({"url": url, "kinds": ["attempt.started"], "note": "x".repeat(201)}), "/note"),
        (json!({"url": format!("{url}?{}", "x".repeat(500)), "kinds": ["attempt.started"]}), "/url"),
        (json!({"url": url, "kinds": ["attempt.started"], "secret": "mine"}), "/secret"),
    ] {
        let (status, problem) = staff.post("", &body).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body} {problem}");
    }
    let (hook, _) = staff.add(url, &["credential.revoked"], &[]).await;
    guild.released("hikari@members.example").await;
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 0, "it hears of what it chose alone");
    let key = guild.test.api_key(Role::Admin).await;
    let edited = json!({"url": format!("{url}?token=canary"), "kinds": ["credential.released"], "note": "the forum"});
    let path = guild.test.url(&format!("/api/v1/webhooks{hook}"));
    let answer = guild.test.http.put(path).bearer_auth(&key).json(&edited).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    guild.released("nozomi@members.example").await;
    guild.test.settle().await;
    assert_eq!(receiver.kinds(), ["credential.released"]);
    // An address may hold a password: the audit log names the host alone.
    let audit = waymark::database::audit::recent(guild.test.app.db.read(), None, 100).await.expect("read");
    assert!(!format!("{audit:?}").contains("canary"));
}

async fn the_pages_show_secret_state_and_tries(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let browser = Browser::staff(&guild, Role::Admin).await;
    let (status, html) = browser.get("/admin", "en").await;
    assert!(status == 200 && html.contains("/admin/webhooks"));
    let csrf = field(&browser.get("/admin/webhooks", "ja").await.1);
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let request = guild.test.http.post(guild.test.url(path)).header("cookie", &browser.cookie).form(&all);
        let answer = request.header("accept", "text/html").send().await.expect("answered");
        let to = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned()).unwrap_or_default();
        (answer.status().as_u16(), to, answer.text().await.expect("text"))
    };
    let (status, _, html) = post("/admin/webhooks", &[("url", "http://10.0.0.1/"), ("exams", "nothing, here")]).await;
    assert_eq!(status, 422);
    for field in ["#url", "#kinds", "#exams"] {
        assert!(html.contains(&format!("href=\"{field}\"")), "{field} {html}");
    }
    assert!(html.contains("nothing, here"), "what was typed stays");
    let fields = [
        ("url", receiver.url.as_str()),
        ("kind", "credential.released"),
        ("kind", "voucher.used"),
        ("note", "<b>forum</b>"),
    ];
    let (status, _, html) = post("/admin/webhooks", &fields).await;
    assert!(status == 201 && html.contains("whsec_") && html.contains("&#60;b&#62;forum"), "{html}");
    let id = html.split("/admin/webhooks/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    let page = format!("/admin/webhooks/{id}");
    assert!(!browser.get(&page, "en").await.1.contains("whsec_"), "shown once");
    receiver.answer_next(&[500]);
    let (status, to, _) = post(&format!("{page}/test"), &[]).await;
    assert_eq!((status, to.as_str()), (303, format!("{page}?done=test").as_str()));
    guild.test.settle().await;
    for language in ["en", "ja"] {
        let (_, html) = browser.get(&page, language).await;
        assert!(html.contains("HTTP 500") && html.contains("thank you") && html.contains("webhook.test"), "{html}");
    }
    let row = html_between(&browser.get(&page, "en").await.1, &format!("action=\"{page}/deliveries/"), "\"");
    assert_eq!(post(&format!("{page}/deliveries/{row}"), &[]).await.0, 303);
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 2);
    let (status, _, html) = post(&format!("{page}/rotate"), &[]).await;
    assert!(status == 200 && html.contains("whsec_"));
    assert_eq!(post(&page, &[("url", receiver.url.as_str()), ("kind", "voucher.used")]).await.0, 303);
    assert_eq!(post(&page, &[("url", receiver.url.as_str())]).await.0, 422);
    assert_eq!(post(&format!("{page}/disable"), &[]).await.0, 303);
    let (_, html) = browser.get(&page, "en").await;
    assert!(html.contains("Somebody of your staff") && html.contains(&format!("{page}/enable")), "{html}");
    assert_eq!(post(&format!("{page}/enable"), &[]).await.0, 303);
    assert_eq!(post(&format!("{page}/dance"), &[]).await.0, 404);
    let without = guild.test.http.post(guild.test.url(&format!("{page}/remove"))).header("cookie", &browser.cookie);
    let without = without.form(&[("csrf", "wrong")]).send().await.expect("answered");
    assert_eq!(without.status(), 403, "a form of another site presses nothing");
    assert_eq!(post(&format!("{page}/remove"), &[]).await.1, "/admin/webhooks?done=removed");
    assert_eq!(browser.get(&page, "en").await.0, 404);
    let examiner = Browser::staff(&guild, Role::Examiner).await;
    assert_eq!(examiner.get("/admin/webhooks", "en").await.0, 403);
    assert!(!examiner.get("/admin", "en").await.1.contains("/admin/webhooks"));
}

fn field(html: &str) -> String {
    html_between(html, r#"name="csrf" value=""#, "\"")
}

fn html_between(html: &str, before: &str, after: &str) -> String {
    let (_, rest) = html.split_once(before).unwrap_or_else(|| panic!("no {before} in {html}"));
    rest.split(after).next().expect("a value").to_owned()
}
