//! Issuing one credential by page: what would be is seen before anything is, and pressing twice issues once.

use std::fs;

use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::credentials::{self, Reason, ReasonCode, StatusChange};
use waymark::database::Kind;
use waymark::ids::CredentialId;
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;
use waymark::{issuer, members};

use super::Guild;
use crate::people::{Answer, Person, member};
use crate::support::{Store, TestApp, on_both};

on_both!(
    what_would_be_is_seen_and_then_issued_once,
    somebody_new_is_enrolled_and_a_known_address_is_no_stranger,
    mistakes_stand_beside_their_fields_in_both_languages,
    a_member_is_looked_up_by_what_is_known_of_them,
    a_title_is_not_in_the_list_and_is_refused,
    who_holds_it_already_is_told_so,
    without_a_key_it_waits_or_is_not_begun,
    only_those_who_may_issue_see_the_pages
);

const FORM: &str = "/admin/credentials/issue";

async fn credentials(test: &TestApp) -> i64 {
    test.count("SELECT COUNT(*) FROM credential").await
}

/// What the page that shows what would be carries on to the second press.
fn carried(html: &str) -> Value {
    let mut form = json!({"step": "issue"});
    for input in html.split(r#"<input type="hidden" name=""#).skip(1) {
        let (name, rest) = input.split_once('"').expect("a name");
        let (_, rest) = rest.split_once(r#"value=""#).expect("a value");
        let value = rest.split_once('"').expect("closed").0;
        assert!(!value.contains('&'), "nothing here needs escaping: {value}");
        form[name] = json!(value);
    }
    form
}

fn id_in(location: &str) -> CredentialId {
    let rest = location.strip_prefix("/admin/credentials/").expect("below the credentials");
    rest.strip_suffix("/issued").expect("what came of it").parse().expect("an id")
}

async fn look(staff: &Person<'_>, form: Value) -> String {
    let seen = staff.post(FORM, form).await;
    assert_eq!(seen.status, 200, "{}", seen.html);
    seen.html
}

async fn what_would_be_is_seen_and_then_issued_once(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let hikari = guild.member("hikari@members.example", Locale::Ja).await;
    for (language, said) in [("en", "Issue one credential"), ("ja", "認定を 1 件発行")] {
        let list = staff.page("/admin/credentials", language).await;
        assert!(list.contains(said) && list.contains(&format!(r#"href="{FORM}""#)), "{list}");
        let person = staff.page(&format!("/admin/members/{hikari}"), language).await;
        assert!(person.contains(&format!("{FORM}?member={hikari}")), "{person}");
        let html = staff.page(&format!("{FORM}?member={hikari}&track=foundations"), language).await;
        assert!(html.contains("七瀬 ひかり") && html.contains(&format!(r#"name="member" value="{hikari}""#)), "{html}");
        assert!(html.contains(r#"<option value="foundations" selected>"#), "{html}");
    }
    let asked = json!({"track": "foundations", "member": hikari.to_string(), "url": "https://guild.example/work/1",
        "text": "三つの変更", "dated": "2026-04-01", "awarded": "2026-04-01", "until": "2030-03-31", "step": "look"});
    let before = test.audit_actions().await;
    for (language, said) in [("en", "What it will say"), ("ja", "認定に載る内容")] {
        let seen = staff.post(&format!("{FORM}?lang={language}"), asked.clone()).await;
        assert!(seen.status == 200 && seen.html.contains(said), "{}", seen.html);
        for text in ["3件貢献する", "三つの変更", "https://guild.example/work/1", "例の会", "基礎"] {
            assert!(seen.html.contains(text), "what will be signed is read first, in the member's language: {text}");
        }
        let days =
            if language == "en" { ["1 Apr 2026", "31 Mar 2030"] } else { ["2026年4月1日", "2030年3月31日"] };
        assert!(days.iter().all(|day| seen.html.contains(day)), "{}", seen.html);
    }
    assert_eq!(
        (credentials(test).await, test.count("SELECT COUNT(*) FROM proposal").await),
        (0, 0),
        "looking issues nothing"
    );
    assert_eq!(test.audit_actions().await, before);

    let form = carried(&look(&staff, asked).await);
    let back = staff.post(FORM, json_with(&form, "step", "edit")).await;
    assert!(
        back.status == 200 && back.html.contains("https://guild.example/work/1") && back.html.contains("2030-03-31")
    );
    let first = staff.post(FORM, form.clone()).await;
    assert_eq!(first.status, 303, "{}", first.html);
    let id = id_in(&first.location);
    let again = staff.post(FORM, form.clone()).await;
    assert_eq!((again.status, again.location.as_str()), (303, first.location.as_str()), "pressed twice, issued once");
    assert_eq!(credentials(test).await, 1);
    let known = guild.credential(id).await;
    assert!(known.is_released() && known.member == hikari && known.visibility == credentials::Visibility::Private);
    let signed: Value = serde_json::from_str(&guild.signed(&known).await.0).expect("JSON");
    assert_eq!(
        (&signed["awardedDate"], &signed["validFrom"]),
        (&json!("2026-03-31T15:00:00Z"), &json!("2026-11-21T09:00:00Z"))
    );
    assert_eq!(
        (&signed["validUntil"], &signed["evidence"][0]["id"]),
        (&json!("2030-03-31T14:59:59Z"), &json!("https://guild.example/work/1"))
    );
    assert_eq!(test.audit_actions().await.iter().filter(|action| *action == "credential.award").count(), 1);
    for (language, said) in [("en", "until they publish it"), ("ja", "本人が公開するまで")] {
        let html = staff.page(&first.location, language).await;
        assert!(html.contains(said) && html.contains(&known.number), "{html}");
        assert!(html.contains(&format!(r#"href="/admin/credentials/{id}""#)), "{html}");
    }

    // Also where it was revoked since: the same page pressed once more issues no second one.
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::IssuedInError, public: None, internal: None };
    credentials::change_status(&test.app, &mut ch, id, StatusChange::Revoke, &reason).await.expect("revoked");
    ch.commit().await.expect("committed");
    let again = staff.post(FORM, form).await;
    assert_eq!((again.status, again.location, credentials(test).await), (303, first.location, 1));
}

fn json_with(form: &Value, name: &str, value: &str) -> Value {
    let mut form = form.clone();
    form[name] = json!(value);
    form
}

async fn somebody_new_is_enrolled_and_a_known_address_is_no_stranger(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let asked = json!({"track": "foundations", "name": "Aoi Sato", "email": "aoi@members.example", "locale": "en"});
    let html = look(&staff, asked.clone()).await;
    assert!(html.contains("Aoi Sato") && html.contains("enrolled when it is issued"), "{html}");
    assert!(html.contains("Give three contributions"), "in the language that was chosen: {html}");
    assert!(html.contains("make a link on the credential’s page"), "no mail is set: {html}");
    let db = test.app.db.read();
    assert!(members::by_email(db, "aoi@members.example").await.expect("read").is_none(), "looking enrols nobody");
    let made = staff.post(FORM, carried(&html)).await;
    assert_eq!(made.status, 303, "{}", made.html);
    let aoi = members::by_email(db, "aoi@members.example").await.expect("read").expect("enrolled");
    assert_eq!(guild.credential(id_in(&made.location)).await.member, aoi.id);

    guild.member("hikari@members.example", Locale::Ja).await;
    let asked = json!({"track": "foundations", "name": "H. Nanase", "email": "Hikari@Members.example", "locale": "en"});
    let html = look(&staff, asked).await;
    assert!(html.contains("belongs to 七瀬 ひかり already") && !html.contains("H. Nanase"), "{html}");
    let people = members::count(db).await.expect("read");
    let made = staff.post(FORM, carried(&html)).await;
    assert_eq!(guild.credential(id_in(&made.location)).await.name, "七瀬 ひかり");
    assert_eq!(members::count(db).await.expect("read"), people);
}

async fn mistakes_stand_beside_their_fields_in_both_languages(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let hikari = guild.member("hikari@members.example", Locale::Ja).await.to_string();
    let of = |more: Value| {
        let mut form = json!({"track": "foundations", "member": hikari, "step": "look"});
        for (name, value) in more.as_object().expect("fields") {
            form[name] = value.clone();
        }
        form
    };
    for (form, field, en, ja) in [
        (of(json!({"track": ""})), "track", "Choose what they receive", "授与するものを選んで"),
        (of(json!({"track": "nowhere"})), "track", "Choose what they receive", "授与するものを選んで"),
        (of(json!({"member": ""})), "to", "Choose somebody", "受け取り手を決めて"),
        (
            of(json!({"member": "", "to": "a", "name": "B"})),
            "to",
            "Either a member or somebody new",
            "どちらかを空欄に",
        ),
        (of(json!({"member": "", "to": "nobody at all"})), "to", "Nobody is found", "見つかりません"),
        (of(json!({"member": "", "name": "B"})), "email", "such as name@example.org", "name@example.org のような"),
        (
            of(json!({"member": "", "name": "B", "email": "b"})),
            "email",
            "such as name@example.org",
            "name@example.org のような",
        ),
        (of(json!({"member": "", "email": "b@members.example"})), "name", "1 to 120 characters", "1〜120 文字"),
        (
            of(json!({"member": "", "name": "B", "email": "b@members.example", "locale": "fr"})),
            "locale",
            "one of the languages",
            "言語を選んで",
        ),
        (of(json!({"url": "work/1"})), "url", "begins with https://", "で始まる URL"),
        (of(json!({"dated": "2026-04-01"})), "url", "Say what the evidence is", "URL か説明を"),
        (of(json!({"text": "x".repeat(2_001)})), "text", "2,000 characters", "2,000 字以内"),
        (of(json!({"awarded": "spring"})), "awarded", "such as 2026-04-01", "2026-04-01 のように"),
        (of(json!({"awarded": "2026-11-22"})), "awarded", "cannot be dated ahead", "未来の授与日"),
        (of(json!({"awarded": "2026-04-01"})), "awarded", "evidence from that very day", "同じ日の根拠"),
        (
            of(json!({"awarded": "2026-04-01", "text": "Minutes", "dated": "2026-04-02"})),
            "awarded",
            "evidence from that very day",
            "同じ日の根拠",
        ),
        (
            of(json!({"awarded": "2026-04-01", "text": "Minutes", "dated": "April"})),
            "dated",
            "Write the day of the evidence",
            "根拠の日付を",
        ),
        (of(json!({"until": "31.3.2029"})), "until", "such as 2029-03-31", "2029-03-31 のように"),
        (of(json!({"until": "2020-01-01"})), "until", "over before it begins", "始まる前に期限"),
    ] {
        for (language, text) in [("en", en), ("ja", ja)] {
            let Answer { status, html, .. } = staff.post(&format!("{FORM}?lang={language}"), form.clone()).await;
            let (heading, _) = html.split_once("<h1").expect("a heading");
            assert_eq!(status, 422, "{form} → {html}");
            let beside = format!(r#"id="{field}-wrong">"#);
            // Who was found stands there by name, without a field.
            assert!(heading.contains(text) && (html.contains(&beside) || field == "to"), "{form} → {html}");
            for (name, typed) in form.as_object().expect("fields") {
                let typed = typed.as_str().expect("text");
                let keeps = !matches!(name.as_str(), "step" | "member" | "locale" | "track");
                assert!(!keeps || html.contains(typed), "{name} is kept: {html}");
            }
        }
    }
    assert_eq!(credentials(test).await, 0);
    assert_eq!(staff.get(&format!("{FORM}?member=mem_00000000000000000000000000"), "en").await.0, 404);
}

async fn a_member_is_looked_up_by_what_is_known_of_them(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let (ann, other) = (member(test, "Ann Archer").await, member(test, "Annabel Lee").await);
    for text in [ann.to_string(), "ann.archer@members.example".to_owned(), "Archer".to_owned()] {
        let html = look(&staff, json!({"track": "foundations", "to": text})).await;
        assert_eq!(carried(&html)["member"], json!(ann.to_string()), "{text}");
    }
    let several = staff.post(FORM, json!({"track": "foundations", "to": "Ann", "until": "2030-01-01"})).await;
    assert!(several.status == 422 && several.html.contains("Several members fit"), "{}", several.html);
    for (id, name) in [(ann, "Ann Archer"), (other, "Annabel Lee")] {
        assert!(several.html.contains(&format!(r#"name="member" value="{id}""#)) && several.html.contains(name));
    }
    assert!(several.html.contains("2030-01-01"));
    let html = look(&staff, json!({"track": "foundations", "to": "Ann", "member": other.to_string()})).await;
    let form = carried(&html);
    assert_eq!(form["member"], json!(other.to_string()), "who was chosen is meant");
    let elsewhere = staff.post(FORM, json_with(&form, "step", "other")).await;
    assert!(elsewhere.status == 200 && !elsewhere.html.contains(&other.to_string()), "{}", elsewhere.html);
}

async fn a_title_is_not_in_the_list_and_is_refused(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let title = TrackDefinition::from_value(&json!({
        "slug": "fellow", "kind": "title", "title": {"ja": "フェロー", "en": "Fellow"}, "criteria": {"ja": "推薦", "en": "Nominated"},
        "requires": {"all": [{"id": "p", "panel": {"title": "fellow"}}]}, "template": "hexagon", "achievement_type": "Award"
    }))
    .expect("a track");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let by = issuer::default_issuer(ch.tx()).await.expect("read").expect("there is one");
    tracks::publish(&mut ch, by.id, &title).await.expect("published");
    ch.commit().await.expect("committed");
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    for (language, hint) in
        [("en", "one person proposes them and another confirms"), ("ja", "一人が推薦し、別の一人が承認します")]
    {
        let html = staff.page(FORM, language).await;
        assert!(html.contains("foundations") && !html.contains(r#"value="fellow""#), "{html}");
        assert!(html.contains(hint) && html.contains(r#"href="/admin/titles""#), "{html}");
    }
    let hikari = guild.member("hikari@members.example", Locale::Ja).await;
    let form = json!({"track": "fellow", "member": hikari.to_string(), "step": "look"});
    let refused = staff.post(FORM, form.clone()).await;
    assert!(refused.status == 422 && refused.html.contains("decided by two people"), "{}", refused.html);
    // Nor with the key of a page that showed something else.
    let shown = look(&staff, json_with(&form, "track", "foundations")).await;
    let refused = staff.post(FORM, json_with(&carried(&shown), "track", "fellow")).await;
    assert_eq!((refused.status, credentials(test).await), (422, 0));
}

async fn who_holds_it_already_is_told_so(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let known = guild.released("hikari@members.example").await;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let form = json!({"track": "foundations", "member": known.member.to_string(), "step": "look"});
    for (language, said) in [("en", "already"), ("ja", "すでに")] {
        let seen = staff.post(&format!("{FORM}?lang={language}"), form.clone()).await;
        assert!(seen.status == 200 && seen.html.contains(said) && seen.html.contains(&known.number), "{}", seen.html);
        assert!(!seen.html.contains(r#"value="issue""#), "there is nothing to press");
        let pressed = staff.post(FORM, carried(&seen.html)).await;
        assert_eq!((pressed.status, credentials(test).await), (200, 1), "and pressing issues nothing");
    }
}

async fn without_a_key_it_waits_or_is_not_begun(store: Store) {
    let guild = Guild::without_key(store).await;
    let test = &guild.test;
    let staff = Person::staff(test, "Iris Issuer", Role::Issuer).await;
    let hikari = guild.member("hikari@members.example", Locale::Ja).await;
    let form = json!({"track": "foundations", "member": hikari.to_string(), "text": "Minutes", "step": "look"});
    let off = staff.post(FORM, form.clone()).await;
    assert!(
        off.status == 503 && off.html.contains("There is no signing key") && off.html.contains("Minutes"),
        "{}",
        off.html
    );

    issuer::generate_keys(&test.app, Actor::Operator).await.expect("a key is made");
    let (folder, away) = (test.app.config.keys_dir(), test.app.config.data_dir.join("away"));
    fs::rename(&folder, &away).expect("taken away");
    test.app.keyring.clear();
    let html = look(&staff, form).await;
    assert!(html.contains("The signing key is not open"), "{html}");
    let form = carried(&html);
    let made = staff.post(FORM, form.clone()).await;
    assert_eq!(made.status, 303, "{}", made.html);
    let id = id_in(&made.location);
    assert!(!guild.credential(id).await.is_released());
    for (language, said) in [("en", "waits for the signing key"), ("ja", "署名鍵を待って")] {
        let html = staff.page(&made.location, language).await;
        assert!(html.contains(said), "{html}");
    }
    assert_eq!(staff.post(FORM, form.clone()).await.location, made.location, "pressed again, it still waits");
    fs::rename(&away, &folder).expect("put back");
    test.clock.advance(Duration::minutes(1));
    credentials::tend(&test.app).await.expect("tended");
    assert!(guild.credential(id).await.is_released());
    let html = staff.page(&made.location, "en").await;
    assert!(html.contains("is issued and signed") && !html.contains("waits for"), "{html}");
}

async fn only_those_who_may_issue_see_the_pages(store: Store) {
    let guild = Guild::start(store).await;
    let test = &guild.test;
    let known = guild.released("hikari@members.example").await;
    let issued = format!("/admin/credentials/{}/issued", known.id);
    let form = json!({"track": "foundations", "name": "B", "email": "b@members.example", "step": "look"});
    for role in [Role::Auditor, Role::Examiner] {
        let staff = Person::staff(test, &format!("Some {}", role.as_str()), role).await;
        for path in [FORM, issued.as_str()] {
            assert_eq!(staff.get(path, "en").await.0, 403, "{role:?} {path}");
        }
        assert_eq!(staff.post(FORM, form.clone()).await.status, 403, "{role:?}");
        let (status, person) = staff.get(&format!("/admin/members/{}", known.member), "en").await;
        assert!(status != 200 || !person.contains(FORM), "{person}");
    }
    let somebody = Person::signed_in(test, known.member).await;
    assert_eq!((somebody.get(FORM, "en").await.0, somebody.post(FORM, form.clone()).await.status), (403, 403));
    for role in [Role::Owner, Role::Admin, Role::Issuer] {
        let staff = Person::staff(test, &format!("Some {}", role.as_str()), role).await;
        assert_eq!(staff.get(FORM, "ja").await.0, 200, "{role:?}");
        let html = look(&staff, form.clone()).await;
        assert_eq!(
            staff.send(FORM, &carried_without_token(&html)).await.status,
            403,
            "without the token of the session"
        );
    }
    assert_eq!(credentials(test).await, 1);
}

fn carried_without_token(html: &str) -> Value {
    let mut form = carried(html);
    form["csrf"] = json!("");
    form
}
