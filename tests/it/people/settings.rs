//! The program's own settings by page, and what an empty installation leads to.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::contributions;
use waymark::database::Kind;
use waymark::issuer;
use waymark::tracks::{self, TrackDefinition};

use super::{Person, audited, give, member};
use crate::contributions::{small_program, start};
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_first_sign_in_of_an_owner_leads_to_the_settings,
    settings_are_kept_as_apply_keeps_them,
    what_is_wrong_is_told_at_every_field_and_kept,
    of_two_who_write_the_second_is_asked_again,
    only_those_who_may_apply_a_program_change_it,
    a_source_is_added_and_none_is_changed,
    a_source_of_the_form_is_changed_and_ended_and_one_of_files_is_not,
    an_empty_installation_is_made_ready_by_pages_alone
);

const PAGE: &str = "/admin/settings";

fn guild() -> Value {
    json!({
        "name_ja": "例の会", "name_en": "Example Guild", "url": "https://guild.example", "email": "office@guild.example",
        "linkedin": "", "time_zone": "Asia/Tokyo", "first": "ja", "both": "yes", "number_format": "EG-{year}-{seq:6}",
        "dates": "western", "honorific": "", "seen": "",
    })
}

fn with(fields: &[(&str, &str)]) -> Value {
    let mut form = guild();
    for (name, value) in fields {
        form[*name] = json!(value);
    }
    form
}

/// What the form would send back as the state that it edits.
async fn seen(who: &Person<'_>) -> String {
    let html = who.page(PAGE, "en").await;
    let (_, rest) = html.split_once(r#"name="seen" value=""#).expect("a form");
    rest.split_once('"').expect("closed").0.to_owned()
}

/// Where a sign-in link leads.
async fn led_to(test: &TestApp, who: waymark::ids::MemberId) -> String {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = access::create_login_link(&mut ch, who).await.expect("made");
    ch.commit().await.expect("committed");
    let link = test.url(&format!("/login/{token}"));
    let answer = test.http.post(link).form(&json!({"csrf": ""})).send().await.expect("answered");
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().expect("text").to_owned()
}

async fn the_first_sign_in_of_an_owner_leads_to_the_settings(store: Store) {
    let test = start(store).await;
    for role in Role::STAFF {
        let one = member(&test, &format!("The {}", role.as_str())).await;
        give(&test, one, role).await;
        let first = if matches!(role, Role::Owner | Role::Admin) { PAGE } else { "/me" };
        assert_eq!(led_to(&test, one).await, first, "{role:?}");
    }
    let plain = member(&test, "Plain").await;
    assert_eq!(led_to(&test, plain).await, "/me");
    small_program(&test).await;
    let owner = member(&test, "The owner").await;
    assert_eq!(led_to(&test, owner).await, "/me", "once an issuer is named there is nothing to begin with");
}

async fn settings_are_kept_as_apply_keeps_them(store: Store) {
    let test = start(store).await;
    let admin = Person::staff(&test, "Ada", Role::Admin).await;
    for (language, word) in [("en", "Welcome."), ("ja", "ようこそ。")] {
        let html = admin.page(PAGE, language).await;
        assert!(html.contains(word) && html.contains(&format!(r#"value="{}""#, test.app.links.base())), "{html}");
    }
    assert!(admin.page(PAGE, "ja").await.contains(r#"value="Asia/Tokyo""#));
    assert_eq!(admin.send(PAGE, &guild()).await.status, 403, "no token, no change");
    let saved = admin.post(PAGE, guild()).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, "/admin/settings?done=saved"), "{}", saved.html);
    let kept = issuer::default_issuer(test.app.db.read()).await.expect("read").expect("named").profile;
    let file = json!({
        "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example", "email": "office@guild.example"},
        "time_zone": "Asia/Tokyo", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}",
    });
    assert_eq!(kept, issuer::IssuerProfile::from_value(&file).expect("valid"), "as program.yaml would say it");
    for language in ["en", "ja"] {
        let html = admin.page("/admin/settings?done=saved", language).await;
        for text in ["例の会", "Example Guild", "office@guild.example", "EG-{year}-{seq:6}"] {
            assert!(html.contains(&format!(r#"value="{text}""#)), "{text}: {html}");
        }
        assert!(html.contains("program.yaml"), "whoever keeps files is warned");
    }
    let same = admin.post(PAGE, with(&[("seen", &*seen(&admin).await)])).await;
    assert_eq!(same.location, "/admin/settings?done=same");
    assert_eq!(audited(&test, "program.apply").await, 1, "what changes nothing is written nowhere");
    let now = seen(&admin).await;
    let fields = [("seen", &*now), ("dates", "era"), ("honorific", "様"), ("both", ""), ("linkedin", "12345")];
    assert_eq!(admin.post(PAGE, with(&fields)).await.status, 303);
    let kept = issuer::default_issuer(test.app.db.read()).await.expect("read").expect("named").profile;
    assert_eq!((kept.certificate.era, kept.certificate.honorific), (true, Some(issuer::Honorific::Sama)));
    assert_eq!((kept.locales.len(), kept.linkedin_organization.as_deref()), (1, Some("12345")));
    assert_eq!(audited(&test, "program.apply").await, 2);
}

async fn what_is_wrong_is_told_at_every_field_and_kept(store: Store) {
    let test = start(store).await;
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    let fields = [
        ("name_ja", ""),
        ("name_en", ""),
        ("url", "guild"),
        ("email", "office"),
        ("linkedin", "the guild"),
        ("time_zone", "Tokyo"),
        ("first", "fr"),
        ("number_format", "EG"),
        ("dates", "moon"),
        ("honorific", "san"),
    ];
    let refused = owner.post(PAGE, with(&fields)).await;
    assert_eq!(refused.status, 422);
    for field in ["name_ja", "url", "email", "linkedin", "time_zone", "first", "number_format", "dates", "honorific"] {
        assert!(refused.html.contains(&format!(r##"href="#{field}""##)), "{field}: {}", refused.html);
        assert!(refused.html.contains(&format!(r#"id="{field}-wrong""#)), "{field}: {}", refused.html);
    }
    assert!(refused.html.contains(r#"value="Tokyo""#), "what was typed is kept: {}", refused.html);
    for (field, value) in [
        ("name_en", "a\u{202e}b"),
        ("url", "javascript:alert(1)"),
        ("url", "https://i.example/a b"),
        ("number_format", "{seq:99}"),
        ("number_format", "../{seq:6}"),
        ("name_ja", &*"長".repeat(2000)),
    ] {
        let refused = owner.post(PAGE, with(&[(field, value)])).await;
        assert!(
            refused.status == 422 && refused.html.contains(&format!(r#"id="{field}-wrong""#)),
            "{field}: {}",
            refused.html
        );
    }
    assert!(issuer::default_issuer(test.app.db.read()).await.expect("read").is_none());
    assert_eq!(audited(&test, "program.apply").await, 0);
}

async fn of_two_who_write_the_second_is_asked_again(store: Store) {
    let test = start(store).await;
    let (ada, olga) = (Person::staff(&test, "Ada", Role::Admin).await, Person::staff(&test, "Olga", Role::Owner).await);
    assert_eq!(ada.post(PAGE, guild()).await.status, 303);
    let late = olga.post(PAGE, with(&[("name_en", "Lamp Guild")])).await;
    assert!(late.status == 422 && late.html.contains("Somebody else changed the settings"), "{}", late.html);
    assert!(late.html.contains(r#"value="Lamp Guild""#), "what was typed is kept");
    let (_, rest) = late.html.split_once(r#"name="seen" value=""#).expect("a form");
    let seen = rest.split_once('"').expect("closed").0;
    assert_eq!(olga.post(PAGE, with(&[("name_en", "Lamp Guild"), ("seen", seen)])).await.status, 303);
    let kept = issuer::default_issuer(test.app.db.read()).await.expect("read").expect("named").profile;
    assert_eq!(kept.name["en"], "Lamp Guild");
}

async fn only_those_who_may_apply_a_program_change_it(store: Store) {
    let test = start(store).await;
    for role in [Role::Issuer, Role::Examiner, Role::Auditor] {
        let staff = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(staff.get(PAGE, "en").await.0, 403, "{role:?}");
        assert_eq!(staff.post(PAGE, guild()).await.status, 403, "{role:?}");
        assert_eq!(staff.post("/admin/settings/keys", json!({})).await.status, 403, "{role:?}");
        assert!(!staff.page("/admin", "en").await.contains("What is left to do"), "{role:?}");
    }
    assert!(issuer::default_issuer(test.app.db.read()).await.expect("read").is_none());
    assert!(issuer::keys(test.app.db.read()).await.expect("read").is_empty());
}

async fn a_source_is_added_and_none_is_changed(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let page = "/admin/settings/source";
    let good =
        json!({"source": "https://forum.example", "title_ja": "広場", "kinds": ["answer.accepted", "question.asked"]});
    for role in [Role::Issuer, Role::Examiner, Role::Auditor] {
        let staff = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(staff.get(page, "en").await.0, 403, "{role:?}");
        assert_eq!(staff.post_pairs(page, filled(&good)).await.status, 403, "{role:?}");
    }
    let admin = Person::staff(&test, "Ada", Role::Admin).await;
    for (field, name, value) in [
        ("source", "source", json!("forum")),
        ("source", "source", json!("waymark:links")),
        ("source", "source", json!("https://community.example")),
        ("title_ja", "title_ja", json!(" ")),
        ("title_en", "title_en", json!("a\u{202e}b")),
        ("kinds", "kinds", json!([])),
        ("kinds", "kinds", json!(["no type"])),
    ] {
        let mut form = good.clone();
        form[name] = value;
        let refused = admin.post_pairs(page, filled(&form)).await;
        assert!(
            refused.status == 422 && refused.html.contains(&format!(r#"id="{field}-wrong""#)),
            "{form}: {}",
            refused.html
        );
    }
    assert_eq!(contributions::sources(test.app.db.read()).await.expect("read").len(), 1);
    assert_eq!(admin.send(page, &json!({"source": "https://forum.example"})).await.status, 403, "no token, no change");
    let added = admin.post_pairs(page, filled(&good)).await;
    let to = "/admin/api-keys?done=source&source=https%3A%2F%2Fforum.example#make";
    assert_eq!((added.status, added.location.as_str()), (303, to), "{}", added.html);
    let known = contributions::source(test.app.db.read(), "https://forum.example").await.expect("read").expect("there");
    assert_eq!((known.types.len(), known.subjects.len(), known.title["ja"].as_str()), (2, 2, "広場"));
    assert_eq!(audited(&test, "program.apply").await, 1);
    for language in ["en", "ja"] {
        let html = admin.page(&added.location, language).await;
        let chosen = r#"<option value="https://forum.example" selected"#;
        assert!(html.contains(chosen), "a key can be made for it: {html}");
        let form = admin.page(page, language).await;
        let apart = form.split_once(r#"id="activities""#).expect("activities stand apart").1;
        assert!(apart.contains(r#"value="question.asked""#) && !apart.contains(r#"value="answer.accepted""#), "{form}");
    }
    // No mail is set up in tests: whoever lets a source name members by address is told what that comes to.
    let by_mail =
        json!({"source": "https://list.example", "title_ja": "一覧", "kinds": ["answer.accepted"], "mailto": "yes"});
    let added = admin.post_pairs(page, filled(&by_mail)).await;
    assert!(added.location.starts_with("/admin/api-keys?done=source-unproved&"), "{}", added.location);
    assert!(admin.page(&added.location, "en").await.contains("no mail is set up here"));
    for language in ["en", "ja"] {
        let html = admin.page("/admin/settings/source/list-example", language).await;
        assert!(html.contains("notice--warning") && html.contains("api-keys?source="), "{html}");
    }
}

async fn known(test: &TestApp) -> contributions::SourceDefinition {
    let read = test.app.db.read();
    contributions::source(read, "https://forum.example").await.expect("read").expect("there")
}

async fn a_source_of_the_form_is_changed_and_ended_and_one_of_files_is_not(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Person::staff(&test, "Ada", Role::Admin).await;
    let good = json!({"source": "https://forum.example", "title_ja": "広場", "kinds": ["answer.accepted"]});
    assert_eq!(admin.post_pairs("/admin/settings/source", filled(&good)).await.status, 303);
    let page = "/admin/settings/source/forum-example";
    let change = |kinds: Value| json!({"title_ja": "広場", "title_en": "Square", "kinds": kinds, "step": "save"});
    for role in [Role::Issuer, Role::Examiner, Role::Auditor] {
        let staff = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(staff.get(page, "en").await.0, 403, "{role:?}");
        let refused = staff.post_pairs(page, filled(&change(json!(["talk.given"])))).await;
        assert_eq!(refused.status, 403, "{role:?}");
    }
    assert_eq!(known(&test).await.types, ["answer.accepted"]);
    let nothing = admin.post_pairs(page, filled(&change(json!([])))).await;
    assert!(nothing.status == 422 && nothing.html.contains(r#"id="kinds-wrong""#), "{}", nothing.html);
    let more = change(json!(["answer.accepted", "talk.given"]));
    let saved = admin.post_pairs(page, filled(&more)).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, "/admin/settings/source/forum-example?done=saved"));
    assert_eq!((known(&test).await.types.len(), known(&test).await.title["en"].as_str()), (2, "Square"));
    assert_eq!(admin.post_pairs(page, filled(&more)).await.status, 303, "the same again is no change");
    assert_eq!(audited(&test, "program.apply").await, 2);
    let ended = admin.post_pairs(page, filled(&json!({"step": "end"}))).await;
    assert_eq!(ended.location, "/admin/settings/source/forum-example?done=ended", "{}", ended.html);
    assert_eq!((known(&test).await.types.len(), known(&test).await.title["ja"].as_str()), (0, "広場"));
    for language in ["en", "ja"] {
        admin.page(page, language).await;
        let list = admin.page("/admin/sources", language).await;
        assert!(list.contains(r#"href="/admin/settings/source""#), "{list}");
        let of = admin.page("/admin/sources/forum-example", language).await;
        assert!(of.contains(r#"href="/admin/settings/source/forum-example""#), "{of}");
    }
    let files = "/admin/settings/source/community-example";
    assert!(admin.page(files, "en").await.contains("kept in the program’s files"));
    let refused = admin.post_pairs(files, filled(&change(json!(["talk.given"])))).await;
    assert_eq!(refused.status, 409, "{}", refused.html);
    assert_eq!(admin.get("/admin/settings/source/nobody", "en").await.0, 404);
}

/// The fields of a form, each as often as it has values.
fn filled(form: &Value) -> Vec<(String, String)> {
    let mut pairs = vec![];
    for (name, value) in form.as_object().expect("an object") {
        let values = value.as_array().map_or_else(|| vec![value], |values| values.iter().collect());
        pairs.extend(values.into_iter().map(|text| (name.clone(), text.as_str().expect("a text").to_owned())));
    }
    pairs
}

/// From nothing to a person who can sign in and a key that can sign, without a command after the first link.
async fn an_empty_installation_is_made_ready_by_pages_alone(store: Store) {
    let test = start(store).await;
    let owner = Person::staff(&test, "Olga Owner", Role::Owner).await;
    let left = async |language: &str| {
        let html = owner.page("/admin", language).await;
        (html.matches("check--not_checked").count(), html.matches("check--passed").count())
    };
    for language in ["en", "ja"] {
        assert_eq!(left(language).await, (7, 0));
    }
    let html = owner.page("/admin", "ja").await;
    let mut pages: Vec<&str> = html.split(r#"class="check__text"><a href=""#).skip(1).collect();
    pages.iter_mut().for_each(|rest| *rest = rest.split('"').next().expect("closed"));
    assert_eq!(pages.len(), 7);
    for page in pages {
        assert_eq!(owner.get(page, "ja").await.0, 200, "each line leads to a page: {page}");
    }
    assert_eq!(owner.post(PAGE, guild()).await.status, 303);
    assert_eq!(left("en").await, (6, 1));
    assert!(owner.page(PAGE, "en").await.contains(r#"action="/admin/settings/keys""#));
    assert_eq!(owner.send("/admin/settings/keys", &json!({})).await.status, 403, "no token, no key");
    for _ in 0..2 {
        let made = owner.post("/admin/settings/keys", json!({})).await;
        assert_eq!((made.status, made.location.as_str()), (303, "/admin/settings?done=keys#keys"));
    }
    assert_eq!(issuer::keys(test.app.db.read()).await.expect("read").len(), 1, "pressed twice, made once");
    assert!(issuer::keyring(&test.app).await.is_ok(), "something can be signed now");
    assert!(!owner.page(PAGE, "ja").await.contains(r#"action="/admin/settings/keys""#));
    let new = json!({"name": "七瀬 ひかり", "email": "hikari@members.example", "locale": "ja"});
    assert_eq!(owner.post("/admin/members/new", new).await.status, 303);
    assert_eq!(left("en").await, (4, 3));
    crate::openapi::furnish(&test).await;
    assert_eq!(left("en").await, (1, 6), "questions, an exam and a source");
    let track = TrackDefinition::from_value(&json!({
        "slug": "giver", "kind": "milestone", "title": "Giver", "criteria": "One contribution",
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": 1}}]},
    }));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("named");
    tracks::publish(&mut ch, own.id, &track.expect("valid")).await.expect("published");
    ch.commit().await.expect("committed");
    assert_eq!(left("en").await, (0, 0), "all of it is done, and the list is gone");
}
