//! What an installation says of itself to machines and operators.

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::issuer::{self, CertificateStyle, IssuerProfile, ThanksRules};
use waymark::operations::{self, Level};
use waymark::web::i18n::{Locale, Words};
use waymark::{domain_event::DomainEvent, ids};

use crate::support::{Store, TestApp, beginning, on_both};

on_both!(
    a_newer_schema_is_not_to_be_migrated,
    security_txt_names_the_issuers_mailbox,
    the_doctor_knows_a_store_that_nobody_serves,
    the_doctor_names_an_address_that_no_credential_can_carry,
    metrics_are_sums_for_those_who_may_read_them,
    the_guide_is_read_in_both_languages
);

async fn the_guide_is_read_in_both_languages(store: Store) {
    let test = TestApp::start(store).await;
    let ask = async |path: &str| {
        let answer = test.http.get(test.url(path)).header("accept", "text/html").send().await.expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    };
    for (language, title, chapter) in [("en", "Waymark user guide", "Look after it"), ("ja", "Waymark", "日々の運用")]
    {
        let (status, first) = ask(&format!("/docs?lang={language}")).await;
        assert!(status == 200 && first.contains(title) && first.contains("href=\"/docs/operate\""), "{first}");
        let (status, page) = ask(&format!("/docs/operate?lang={language}")).await;
        let heading = format!("<h1 class=\"page-title\">{chapter}</h1>");
        assert!(status == 200 && page.contains(&heading) && page.contains("<code>waymark doctor</code>"), "{page}");
        assert_eq!(page.matches("<h1").count(), 1);
    }
    for nowhere in ["/docs/README", "/docs/no-such", "/docs/en"] {
        assert_eq!(ask(nowhere).await.0, 404, "{nowhere}");
    }
}

async fn metrics_are_sums_for_those_who_may_read_them(store: Store) {
    let test = TestApp::start(store).await;
    let ask = async |key: &str| {
        let request = test.http.get(test.url("/metrics")).header("accept", "text/plain");
        let request = if key.is_empty() { request } else { request.bearer_auth(key) };
        let answer = request.send().await.expect("answered");
        let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
        (answer.status().as_u16(), kind, answer.text().await.expect("a text"))
    };
    assert_eq!(ask("").await.0, 401);
    let source = test.api_key(Role::Examiner).await;
    assert_eq!(ask(&source).await.0, 403);
    let key = test.api_key(Role::Auditor).await;
    let (status, kind, text) = ask(&key).await;
    assert_eq!((status, kind.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    assert!(text.contains("waymark_outbox_waiting 0\n") && text.contains("waymark_members 0\n"), "{text}");
    let member = crate::planning::giver(&test, "hikari", Locale::Ja, &[]).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.tell(&DomainEvent::WakeUp { member }).await.expect("told");
    ch.commit().await.expect("committed");
    test.clock.advance(time::Duration::seconds(90));
    let (_, _, text) = ask(&key).await;
    for line in [
        "waymark_outbox_waiting 1",
        "waymark_outbox_oldest_seconds 90",
        "waymark_members 1",
        "waymark_contributions{state=\"held\"} 0",
    ] {
        assert!(text.lines().any(|said| said == line), "{line}: {text}");
    }
    assert!(!text.contains("hikari") && !text.contains(&member.to_string()), "sums, and nobody's name: {text}");
    // Every measure is explained once, before it is told.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        let help = text.find(&format!("# HELP {name} ")).expect(name);
        assert!(text[help..].contains(&format!("# TYPE {name} gauge\n")) && help < text.find(line).expect("there"));
    }
}

async fn security_txt_names_the_issuers_mailbox(store: Store) {
    let test = TestApp::start(store).await;
    let ask = async || test.http.get(test.url("/.well-known/security.txt")).send().await.expect("answered");
    assert_eq!(ask().await.status(), 404, "no program, no contact");
    let profile = IssuerProfile {
        name: [("en".to_owned(), "Example Guild".to_owned())].into(),
        url: "https://guild.example".to_owned(),
        email: Some("office@guild.example".to_owned()),
        linkedin_organization: None,
        time_zone: "Asia/Tokyo".to_owned(),
        locales: vec!["ja".to_owned(), "en".to_owned()],
        number_format: "EG-{year}-{seq:6}".to_owned(),
        certificate: CertificateStyle::default(),
        thanks: ThanksRules::default(),
    };
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &profile).await.expect("kept");
    ch.commit().await.expect("committed");
    let answer = ask().await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    let text = answer.text().await.expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Contact: mailto:office@guild.example");
    assert!(
        lines.contains(&"Expires: 2027-05-20T00:00:00Z") && lines.contains(&"Preferred-Languages: ja, en"),
        "{text}"
    );
    assert!(lines.contains(&format!("Canonical: {}/.well-known/security.txt", test.base).as_str()), "{text}");
}

async fn the_doctor_knows_a_store_that_nobody_serves(store: Store) {
    let test = TestApp::start(store).await;
    let found = async || {
        let findings = operations::examine(&test.app, Words::new(Locale::En)).await;
        findings.into_iter().find(|finding| finding.check == "outbox").expect("looked at")
    };
    assert_eq!(found().await.level, Level::Ok);
    let member = ids::fresh(beginning(), test.app.db.entropy.as_ref());
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.tell(&DomainEvent::WakeUp { member }).await.expect("told");
    ch.commit().await.expect("committed");
    test.clock.advance(time::Duration::minutes(6));
    let idle = found().await;
    assert_eq!(idle.level, Level::Note);
    assert!(idle.text.contains("nobody") && idle.fix.contains("waymark serve"), "{idle:?}");
    test.run_sql("UPDATE outbox SET attempts = 3").await;
    let failing = found().await;
    assert_eq!(failing.level, Level::Problem);
    assert!(failing.fix.contains("a listener failed"), "{failing:?}");
}

/// It may have been kept before it was looked at.
async fn the_doctor_names_an_address_that_no_credential_can_carry(store: Store) {
    let test = TestApp::start(store).await;
    let keep = async |url: &str| {
        let guild =
            json!({"issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"}});
        let mut profile = IssuerProfile::from_value(&guild).expect("valid");
        profile.url = url.to_owned();
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &profile).await.expect("kept");
        ch.commit().await.expect("committed");
    };
    let found = async |locale| {
        let findings = operations::examine(&test.app, Words::new(locale)).await;
        findings.into_iter().find(|finding| finding.check == "program").expect("looked at")
    };
    keep("https://i.example/a b").await;
    for locale in Locale::ALL {
        let bad = found(locale).await;
        assert_eq!(bad.level, Level::Problem);
        assert!(bad.text.contains("https://i.example/a b") && bad.fix.contains("/admin/settings"), "{bad:?}");
        assert!(!bad.text.contains('⟦') && !bad.fix.contains('⟦'), "{bad:?}");
    }
    keep("https://guild.example").await;
    let good = found(Locale::En).await;
    assert!(good.level == Level::Ok && good.text.contains("Example Guild"), "{good:?}");
}

async fn a_newer_schema_is_not_to_be_migrated(store: Store) {
    let test = TestApp::start(store).await;
    test.run_sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)").await;
    for locale in Locale::ALL {
        let found = operations::examine(&test.app, Words::new(locale)).await;
        let schema = found.iter().find(|finding| finding.check == "schema").expect("examined");
        assert_eq!(schema.level, Level::Problem);
        assert!(!schema.fix.is_empty() && !schema.fix.contains("waymark migrate"), "{}", schema.fix);
    }
}
