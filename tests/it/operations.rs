//! What an installation says of itself to machines and operators.

use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::issuer::{self, CertificateStyle, IssuerProfile};
use waymark::operations::{self, Level};
use waymark::web::i18n::{Locale, Words};
use waymark::{domain_event::DomainEvent, ids};

use crate::support::{Store, TestApp, beginning, on_both};

on_both!(
    a_newer_schema_is_not_to_be_migrated,
    security_txt_names_the_issuers_mailbox,
    the_doctor_knows_a_store_that_nobody_serves
);

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
