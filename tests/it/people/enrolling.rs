//! Enrolling one person by page, looking people up, and where they stood.

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::members;

use super::{Person, audited, member};
use crate::contributions::{small_program, start};
use crate::support::{Store, on_both};

on_both!(
    a_member_is_enrolled_as_by_the_call,
    an_address_that_is_known_says_whose_it_is,
    what_is_wrong_stands_beside_what_was_typed,
    members_are_found_by_a_part_of_name_address_or_handle,
    the_next_page_looks_for_the_same,
    affiliations_begin_and_end
);

const NEW: &str = "/admin/members/new";

async fn a_member_is_enrolled_as_by_the_call(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    for language in ["en", "ja"] {
        assert!(admin.page(NEW, language).await.contains(r#"name="handle""#));
    }
    let form = json!({"name": " 七瀬 ひかり ", "email": "Hikari@Members.Example", "locale": "ja", "handle": "hikari",
        "organization": "例の会", "title": "世話人", "from": "2026-04-01"});
    assert_eq!(admin.send(NEW, &form).await.status, 403, "no token, no change");
    let done = admin.post(NEW, form).await;
    assert_eq!(done.status, 303, "{}", done.html);
    let db = test.app.db.read();
    let known = members::by_email(db, "hikari@members.example").await.expect("read").expect("enrolled");
    assert_eq!((known.name.as_str(), known.locale.as_str()), ("七瀬 ひかり", "ja"));
    assert_eq!(members::handles_of(db, known.id).await.expect("read"), ["hikari"]);
    let ties = members::affiliations(db, known.id).await.expect("read");
    // The first moment of that day in Tokyo.
    assert_eq!(ties[0].1.from.unix_timestamp(), 1_774_969_200, "{ties:?}");
    assert_eq!(done.location, format!("/admin/members/{}/access?done=enrolled", known.id));
    let html = admin.page(&done.location, "ja").await;
    assert!(html.contains("登録しました") && html.contains("例の会") && html.contains("世話人"), "{html}");
    assert_eq!(audited(&test, "member.enrol").await, 1);

    let issuer = Person::staff(&test, "Ivo Issuer", Role::Issuer).await;
    assert!(!issuer.page(NEW, "en").await.contains(r#"name="handle""#));
    let without = json!({"name": "Aoi", "email": "aoi@members.example", "locale": "en"});
    assert_eq!(issuer.post(NEW, without).await.status, 303);
    let with = json!({"name": "Ren", "email": "ren@members.example", "locale": "en", "handle": "ren"});
    assert_eq!(issuer.post(NEW, with.clone()).await.status, 403, "whose a handle is, an issuer does not say");
    for role in [Role::Examiner, Role::Auditor] {
        let other = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(other.get(NEW, "en").await.0, 403, "{role:?}");
        assert_eq!(other.post(NEW, with.clone()).await.status, 403, "{role:?}");
    }
    assert!(members::by_email(db, "ren@members.example").await.expect("read").is_none());
}

async fn an_address_that_is_known_says_whose_it_is(store: Store) {
    let test = start(store).await;
    let known = member(&test, "Hikari Nanase").await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let form = json!({"name": "Somebody", "email": "HIKARI.nanase@members.example ", "locale": "en"});
    let refused = admin.post(NEW, form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("belongs to Hikari Nanase already"), "{}", refused.html);
    assert!(refused.html.contains(&format!(r#"href="/admin/members/{known}""#)), "{}", refused.html);
    assert!(refused.html.contains(r#"value="Somebody""#), "what was typed is kept");
    assert_eq!(audited(&test, "member.enrol").await, 0);
}

async fn what_is_wrong_stands_beside_what_was_typed(store: Store) {
    let test = start(store).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    crate::contributions::enrol(&test, "taken").await;
    let before = members::count(test.app.db.read()).await.expect("counted");
    let form = json!({"name": "", "email": "nobody", "locale": "fr", "handle": "Not Good", "title": "Chair", "from": "tomorrow"});
    let refused = admin.post(NEW, form).await;
    assert_eq!(refused.status, 422);
    for field in ["name", "email", "locale", "handle", "organization", "from"] {
        assert!(refused.html.contains(&format!(r##"href="#{field}""##)), "{field}: {}", refused.html);
        assert!(refused.html.contains(&format!(r#"id="{field}-wrong""#)), "{field}: {}", refused.html);
    }
    assert!(refused.html.contains(r#"value="Not Good""#) && refused.html.contains("<details class=\"fold\" open>"));
    let taken = json!({"name": "Ren", "email": "ren@members.example", "locale": "en", "handle": "taken"});
    let refused = admin.post(NEW, taken).await;
    assert!(refused.status == 422 && refused.html.contains(r#"id="handle-wrong""#), "{}", refused.html);
    // One thing that is right does not carry another that is wrong.
    let late = json!({"name": "Ren", "email": "ren@members.example", "locale": "en", "from": "2026-02-30"});
    assert_eq!(admin.post(NEW, late).await.status, 422);
    assert_eq!(members::count(test.app.db.read()).await.expect("counted"), before);
}

async fn members_are_found_by_a_part_of_name_address_or_handle(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    for name in ["100% Tsukishima", "Under_score", "七瀬 ひかり", "Élodie"] {
        member(&test, name).await;
    }
    let takahashi = member(&test, "髙橋 一郎").await;
    for name in ["高橋 二郎", "山﨑 花", "渡邉 一", "渡邊 二", "渡辺 三", "齋藤 一", "斎藤 二"] {
        member(&test, name).await;
    }
    crate::contributions::enrol(&test, "lantern").await;
    let auditor = Person::staff(&test, "Auda Auditor", Role::Auditor).await;
    let found = async |text: &str| {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let html = auditor.page(&format!("/admin/members?q={query}"), "en").await;
        html.matches(r#"<td><a href="/admin/members/mem_"#).count()
    };
    for (text, expected) in [
        ("", 14),
        ("tsukishima", 1),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("\\", 0),
        ("ひかり", 1),
        ("Élo", 1),
        ("LANTERN", 1),
        ("members.example", 14),
        ("auda.auditor@", 1),
        ("高橋", 2),
        ("髙橋", 2),
        ("山崎", 1),
        ("渡辺", 3),
        ("渡邉", 3),
        ("齋藤", 2),
        ("斎藤　二", 1),
        ("七瀬ヒカリ", 1),
        ("・", 0),
        ("nobody at all", 0),
        ("' OR 1=1 --", 0),
    ] {
        assert_eq!(found(text).await, expected, "{text:?}");
    }
    assert_eq!(found(&"x".repeat(2000)).await, 0);
    // Under another name they are found by that one.
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    members::rename(&mut ch, takahashi, "濵田 一郎").await.expect("renamed");
    ch.commit().await.expect("committed");
    assert_eq!((found("高橋").await, found("浜田").await), (1, 1));
    for language in ["en", "ja"] {
        let html = auditor.page("/admin/members?q=nobody+%3Cb%3E", language).await;
        assert!(html.contains("nobody &#60;b&#62;") && html.contains(r#"class="empty""#), "{html}");
        assert!(!html.contains(NEW), "who may not enrol is offered no form");
    }
}

async fn the_next_page_looks_for_the_same(store: Store) {
    let test = start(store).await;
    for n in 0..25 {
        member(&test, &format!("Needle {n:02}")).await;
        member(&test, &format!("Hay {n:02}")).await;
    }
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let first = admin.page("/admin/members?q=needle", "en").await;
    let (_, rest) = first.split_once(r#"class="btn" href="/admin/members?q=needle&#38;cursor="#).expect("a next page");
    let cursor = rest.split_once('"').expect("closed").0;
    let second = admin.page(&format!("/admin/members?q=needle&cursor={cursor}"), "en").await;
    let count = |html: &str| html.matches("Needle ").count();
    assert_eq!((count(&first), count(&second)), (20, 5));
    assert!(!first.contains("Hay ") && !second.contains("Hay "));
    assert_eq!(admin.get("/admin/members?cursor=x", "en").await.0, 404);
}

async fn affiliations_begin_and_end(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let hikari = member(&test, "Hikari").await;
    let (access, add) = (format!("/admin/members/{hikari}/access"), format!("/admin/members/{hikari}/affiliations"));
    let issuer = Person::staff(&test, "Ivo Issuer", Role::Issuer).await;
    let form = json!({"organization": "", "from": "soon"});
    let refused = issuer.post(&add, form).await;
    assert!(refused.status == 422 && refused.html.contains(r#"id="organization-wrong""#), "{}", refused.html);
    assert!(refused.html.contains(r#"id="from-wrong""#));
    let form = json!({"organization": "Lantern <Makers>", "title": "Chair", "from": "2026-04-01"});
    assert_eq!(issuer.send(&add, &form).await.status, 403, "no token, no change");
    assert_eq!(issuer.post(&add, form.clone()).await.status, 303);
    let html = issuer.page(&access, "en").await;
    assert!(html.contains("Lantern &#60;Makers&#62; · Chair") && html.contains("since 1 Apr 2026"), "{html}");
    let seq = members::affiliations(test.app.db.read(), hikari).await.expect("read")[0].0;
    let end = format!("{add}/{seq}/end");
    for day in ["2026-03-01", "never", "2026-02-30"] {
        let refused = issuer.post(&end, json!({"until": day})).await;
        assert!(refused.status == 422 && refused.html.contains("Write a last day"), "{day}: {}", refused.html);
    }
    for role in [Role::Examiner, Role::Auditor] {
        let other = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(other.get(&access, "en").await.0, 403);
        assert_eq!(other.post(&add, form.clone()).await.status, 403);
        assert_eq!(other.post(&end, json!({})).await.status, 403);
    }
    let other = member(&test, "Aoi").await;
    let foreign = format!("/admin/members/{other}/affiliations/{seq}/end");
    assert_eq!(issuer.post(&foreign, json!({})).await.status, 404, "it is another member's");
    for path in [format!("{add}/999/end"), format!("{add}/x/end")] {
        assert_eq!(issuer.post(&path, json!({})).await.status, 404, "{path}");
    }
    assert_eq!(issuer.post("/admin/members/mem_00000000000000000000000000/affiliations", form).await.status, 404);
    assert_eq!(issuer.post(&end, json!({"until": "2026-11-30"})).await.status, 303);
    assert_eq!(issuer.post(&end, json!({"until": "2026-10-01"})).await.status, 303, "it ended before; nothing changes");
    assert!(issuer.page(&access, "ja").await.contains("2026年4月1日から2026年11月30日まで"));
    assert_eq!((audited(&test, "affiliation.add").await, audited(&test, "affiliation.end").await), (1, 1));
}
