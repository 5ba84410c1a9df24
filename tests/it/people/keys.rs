//! Keys for programs, made and ended by page.

use serde_json::json;
use waymark::access::{self, Role};

use super::{Person, audited, call, member};
use crate::contributions::{small_program, start};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_key_is_shown_once_and_ends_at_once,
    a_key_is_the_hand_of_its_maker,
    a_key_hands_on_no_more_than_its_maker_has,
    nobody_makes_or_ends_a_key_above_themselves,
    nobody_mints_a_token_of_somebody_above
);

const PAGE: &str = "/admin/api-keys";

fn shown(html: &str) -> Option<String> {
    let (_, rest) = html.split_once(r#"value="wmk_"#)?;
    Some(format!("wmk_{}", rest.split_once('"')?.0))
}

async fn reads_sources(test: &TestApp, key: &str) -> u16 {
    let answer = test.http.get(test.url("/api/v1/sources")).bearer_auth(key).send().await.expect("answered");
    answer.status().as_u16()
}

async fn a_key_is_shown_once_and_ends_at_once(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let form = json!({"name": "office <machine>", "role": "issuer"});
    assert_eq!(admin.send(PAGE, &form).await.status, 403, "no token, no key");
    for (field, wrong) in [
        ("name", json!({"name": " ", "role": "issuer"})),
        ("name", json!({"name": "x".repeat(121), "role": "issuer"})),
        ("role", json!({"name": "x", "role": "king"})),
        ("source", json!({"name": "x", "role": "source"})),
        ("source", json!({"name": "x", "role": "source", "source": "https://elsewhere.example"})),
        ("exams", json!({"name": "x", "role": "proctor"})),
        ("exams", json!({"name": "x", "role": "proctor", "exams": "no-such-exam"})),
    ] {
        let refused = admin.post(PAGE, wrong.clone()).await;
        assert!(
            refused.status == 422 && refused.html.contains(&format!(r#"id="{field}-wrong""#)),
            "{wrong}: {}",
            refused.html
        );
    }
    assert_eq!(audited(&test, "api_key.create").await, 0);
    let made = admin.post(PAGE, form).await;
    let key = shown(&made.html).expect("a key");
    assert_eq!((made.status, reads_sources(&test, &key).await), (200, 200));
    for language in ["en", "ja"] {
        let html = admin.page(PAGE, language).await;
        assert_eq!(shown(&html), None, "a key is shown once: {html}");
        assert!(html.contains("office &#60;machine&#62;") && html.contains("Ada Admin"), "{html}");
    }
    let source = json!({"name": "square", "role": "source", "source": "https://community.example"});
    assert!(shown(&admin.post(PAGE, source).await.html).is_some());
    let rows = access::api_keys(test.app.db.read()).await.expect("read");
    let of = |name: &str| rows.iter().find(|row| row.name == name).expect("listed");
    assert_eq!((rows.len(), of("square").source.as_deref()), (2, Some("https://community.example")));
    let end = format!("{PAGE}/{}/end", of("office <machine>").id);
    assert_eq!(admin.send(&end, &json!({})).await.status, 403, "no token, no change");
    assert_eq!(reads_sources(&test, &key).await, 200);
    for _ in 0..2 {
        assert_eq!(admin.post(&end, json!({})).await.location, format!("{PAGE}?done=ended"));
        assert_eq!(reads_sources(&test, &key).await, 401);
    }
    assert_eq!((audited(&test, "api_key.create").await, audited(&test, "api_key.end").await), (2, 1));
    assert_eq!(admin.post(&format!("{PAGE}/key_00000000000000000000000000/end"), json!({})).await.status, 404);
    assert_eq!(admin.post(&format!("{PAGE}/nonsense/end"), json!({})).await.status, 404);

    // Whoever takes her role is told of the key that she leaves behind.
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    let taken = owner.post(&format!("/admin/staff/{}/take", admin.id), json!({"role": "admin", "reason": "r"})).await;
    assert!(owner.page(&taken.location, "en").await.contains("They made a key for a program that still works"));
}

async fn nobody_makes_or_ends_a_key_above_themselves(store: Store) {
    let test = start(store).await;
    let (owner, admin) =
        (Person::staff(&test, "Olga", Role::Owner).await, Person::staff(&test, "Ada", Role::Admin).await);
    let form = json!({"name": "all", "role": "owner"});
    assert_eq!(admin.post(PAGE, form.clone()).await.status, 403);
    assert!(!admin.page(PAGE, "en").await.contains(r#"<option value="owner""#));
    for role in [Role::Issuer, Role::Examiner, Role::Auditor] {
        let other = Person::staff(&test, role.as_str(), role).await;
        assert_eq!(other.get(PAGE, "en").await.0, 403, "{role:?}");
        assert_eq!(other.post(PAGE, json!({"name": "x", "role": "auditor"})).await.status, 403, "{role:?}");
    }
    assert_eq!(access::api_keys(test.app.db.read()).await.expect("read").len(), 0);
    let key = shown(&owner.post(PAGE, form).await.html).expect("a key");
    let id = access::api_keys(test.app.db.read()).await.expect("read")[0].id;
    let end = format!("{PAGE}/{id}/end");
    assert_eq!(admin.post(&end, json!({})).await.status, 403);
    assert_eq!(reads_sources(&test, &key).await, 200, "it still works");
    let issuer = Person::staff(&test, "issuer", Role::Issuer).await;
    assert_eq!(issuer.post(&end, json!({})).await.status, 403);

    // An administrator's own key is no way around the rule about one's own roles.
    let own = shown(&admin.post(PAGE, json!({"name": "hers", "role": "admin"})).await.html).expect("a key");
    let body = json!({"member": admin.id, "role": "examiner", "reason": "r"});
    let (status, problem) = call(&test, &own, "/api/v1/staff", body).await;
    assert_eq!((status, &problem["code"]), (403, &json!("own_roles")));
    let hikari = member(&test, "Hikari").await;
    let body = json!({"member": hikari, "role": "examiner", "reason": "r"});
    assert_eq!(call(&test, &own, "/api/v1/staff", body).await.0, 201);
    assert_eq!(owner.post(&end, json!({})).await.status, 303);
    assert_eq!(reads_sources(&test, &key).await, 401);
}

async fn a_key_is_the_hand_of_its_maker(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let made = admin.post(PAGE, json!({"name": "mine", "role": "admin"})).await;
    let key = shown(&made.html).expect("a key");
    let thanks = |to: String| json!({"to": to, "reason": "for everything", "for_program": true});
    let (status, refused) = call(&test, &key, "/api/v1/thanks", thanks(admin.id.to_string())).await;
    assert_eq!((status, &refused["code"]), (403, &json!("own_contribution")), "{refused}");
    let strike = format!("/api/v1/members/{}/strikes", admin.id);
    assert_ne!(call(&test, &key, &strike, json!({"reason": "mine"})).await.0, 201, "nor any decision on oneself");
    let other = member(&test, "Hikari").await;
    let (status, given) = call(&test, &key, "/api/v1/thanks", thanks(other.to_string())).await;
    assert_eq!(status, 201, "{given}");
}

/// It works on when its maker stands lower; what would outlast it too, it does no longer.
async fn a_key_hands_on_no_more_than_its_maker_has(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let hers = shown(&admin.post(PAGE, json!({"name": "hers", "role": "admin"})).await.html).expect("a key");
    let (operators, hikari) = (test.api_key(Role::Admin).await, member(&test, "Hikari").await);
    let hands_on = async |key: &str, role: &str| {
        let body = json!({"member": hikari, "role": role, "reason": "r"});
        let gives = call(&test, key, "/api/v1/staff", body).await;
        let mints = call(&test, key, &format!("/api/v1/members/{hikari}/tokens"), json!({})).await;
        let keys = test.http.get(test.url(PAGE)).bearer_auth(key).send().await.expect("answered").status();
        (gives.0, mints.0, keys.as_u16())
    };
    assert_eq!(hands_on(&hers, "examiner").await, (201, 201, 200));
    let take = format!("/admin/staff/{}/take", admin.id);
    assert_eq!(owner.post(&take, json!({"role": "admin", "reason": "r"})).await.status, 303);
    assert_eq!(hands_on(&hers, "issuer").await, (403, 403, 403));
    super::give(&test, admin.id, Role::Issuer).await;
    assert_eq!(hands_on(&hers, "issuer").await, (403, 403, 403), "she does not stand as high");
    assert_eq!(reads_sources(&test, &hers).await, 200, "what hands on nothing it does still");
    assert_eq!(hands_on(&operators, "issuer").await, (201, 201, 200), "nobody made it by page");
    super::give(&test, admin.id, Role::Admin).await;
    assert_eq!(hands_on(&hers, "auditor").await, (201, 201, 200));
}

async fn nobody_mints_a_token_of_somebody_above(store: Store) {
    let test = start(store).await;
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    let other = member(&test, "Hikari").await;
    let (admin_key, owner_key) = (test.api_key(Role::Admin).await, test.api_key(Role::Owner).await);
    let path = |id: &dyn std::fmt::Display| format!("/api/v1/members/{id}/tokens");
    let (status, refused) = call(&test, &admin_key, &path(&owner.id), json!({})).await;
    assert_eq!((status, &refused["code"]), (403, &json!("role_above")), "{refused}");
    assert_eq!(call(&test, &admin_key, &path(&other), json!({})).await.0, 201);
    assert_eq!(call(&test, &owner_key, &path(&owner.id), json!({})).await.0, 201);
}
