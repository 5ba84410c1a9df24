//! Roles: who gives and takes which, never their own, and an owner always stays.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::{Person, audited, call, give, member, roles};
use crate::contributions::start;
use crate::support::{Store, on_both};

on_both!(
    a_role_is_given_and_taken_with_a_reason,
    only_an_owner_gives_and_takes_the_role_of_an_owner,
    nobody_changes_their_own_roles,
    whoever_gets_a_role_signs_in_anew,
    the_last_owner_stays,
    of_two_who_take_each_other_one_stays,
    who_may_read_sees_it_and_who_may_not_does_not
);

async fn a_role_is_given_and_taken_with_a_reason(store: Store) {
    let test = start(store).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    let hikari = member(&test, "Hikari").await;
    let form = |reason: &str| json!({"email": "Hikari@members.example", "role": "examiner", "reason": reason});
    assert_eq!(admin.send("/admin/staff", &form("she writes questions")).await.status, 403, "no token, no change");
    for reason in ["", "  ", &*"x".repeat(501)] {
        let refused = admin.post("/admin/staff", form(reason)).await;
        assert!(refused.status == 422 && refused.html.contains(r#"id="reason-wrong""#), "{}", refused.html);
        assert!(refused.html.contains(r#"value="Hikari@members.example""#), "what was typed is kept");
    }
    for (field, wrong) in [
        ("email", json!({"email": "nobody@members.example", "role": "examiner", "reason": "r"})),
        ("role", json!({"email": "hikari@members.example", "role": "king", "reason": "r"})),
        ("role", json!({"email": "hikari@members.example", "role": "source", "reason": "r"})),
        ("role", json!({"email": "hikari@members.example", "role": "proctor", "reason": "r"})),
    ] {
        let refused = admin.post("/admin/staff", wrong).await;
        assert!(refused.html.contains(&format!(r#"id="{field}-wrong""#)), "{field}: {}", refused.html);
        assert_eq!(refused.status, 422);
    }
    assert!(roles(&test, hikari).await.is_empty());
    let given = admin.post("/admin/staff", form("she writes <b>questions</b>")).await;
    assert_eq!((given.status, given.location.clone()), (303, format!("/admin/staff?done=given&member={hikari}")));
    let html = admin.page(&given.location, "en").await;
    assert!(html.contains(&format!(r#"href="/admin/members/{hikari}/access""#)), "the way to a new link: {html}");
    assert_eq!(admin.post("/admin/staff", form("again")).await.location, "/admin/staff?done=held");
    assert_eq!(roles(&test, hikari).await, [Role::Examiner]);
    for (language, word) in [("en", "given by Ada Admin"), ("ja", "付けた人：Ada Admin")] {
        let html = admin.page("/admin/staff?done=given", language).await;
        assert!(html.contains(word) && html.contains("she writes &#60;b&#62;questions"), "{html}");
    }
    let take = format!("/admin/staff/{hikari}/take");
    assert_eq!(admin.send(&take, &json!({"role": "examiner", "reason": "r"})).await.status, 403, "no token, no change");
    assert_eq!(admin.post(&take, json!({"role": "examiner", "reason": " "})).await.status, 422);
    let taken = admin.post(&take, json!({"role": "examiner", "reason": "she moved on"})).await;
    assert_eq!((taken.status, taken.location), (303, format!("/admin/staff?done=taken&member={hikari}")));
    assert!(roles(&test, hikari).await.is_empty());
    let again = admin.post(&take, json!({"role": "examiner", "reason": "r"})).await;
    assert_eq!(again.location, "/admin/staff?done=not-held");
    let foreign = json!({"role": "examiner", "reason": "r"});
    assert_eq!(admin.post("/admin/staff/mem_00000000000000000000000000/take", foreign).await.status, 404);
    let log = waymark::database::audit::recent(test.app.db.read(), None, 100).await.expect("read");
    let of =
        |action: &str| log.iter().filter(|row| row.action == action).map(|row| row.detail.clone()).collect::<Vec<_>>();
    // One more was given to the administrator, by the operator.
    assert_eq!((of("role.give").len(), of("role.take").len()), (2, 1));
    assert!(of("role.take")[0].contains("she moved on") && of("role.give")[0].contains("questions"), "{log:?}");
}

async fn only_an_owner_gives_and_takes_the_role_of_an_owner(store: Store) {
    let test = start(store).await;
    let (admin, owner) =
        (Person::staff(&test, "Ada", Role::Admin).await, Person::staff(&test, "Olga", Role::Owner).await);
    let (key, owner_key) = (test.api_key(Role::Admin).await, test.api_key(Role::Owner).await);
    let hikari = member(&test, "Hikari").await;
    assert!(!admin.page("/admin/staff", "en").await.contains(r#"<option value="owner""#), "what they may not give");
    assert!(owner.page("/admin/staff", "en").await.contains(r#"<option value="owner""#));
    let form = json!({"email": "hikari@members.example", "role": "owner", "reason": "r"});
    let refused = admin.post("/admin/staff", form.clone()).await;
    assert!(
        refused.status == 422 && refused.html.contains("Only an owner gives or takes this role"),
        "{}",
        refused.html
    );
    let body = json!({"member": hikari, "role": "owner", "reason": "r"});
    let (status, problem) = call(&test, &key, "/api/v1/staff", body.clone()).await;
    assert_eq!((status, &problem["code"]), (403, &json!("role_above")));
    assert!(roles(&test, hikari).await.is_empty());

    let taking = json!({"role": "owner", "reason": "r"});
    give(&test, hikari, Role::Owner).await;
    let path = format!("/admin/staff/{}/take", owner.id);
    assert_eq!(admin.post(&path, taking.clone()).await.status, 422);
    let calling = format!("/api/v1/staff/{}/take", owner.id);
    assert_eq!(call(&test, &key, &calling, taking.clone()).await.0, 403);
    assert_eq!(roles(&test, owner.id).await, [Role::Owner]);
    let (status, left) = call(&test, &owner_key, &calling, taking).await;
    assert_eq!((status, &left["roles"]), (200, &json!([])), "an owner may, while another is left");
    let (status, given) =
        call(&test, &owner_key, "/api/v1/staff", json!({"member": owner.id, "role": "owner", "reason": "back"})).await;
    assert_eq!((status, &given["roles"][0]["reason"]), (201, &json!("back")), "{given}");
    assert_eq!(call(&test, &owner_key, "/api/v1/staff", body).await.0, 200, "held before");
}

async fn whoever_gets_a_role_signs_in_anew(store: Store) {
    let test = start(store).await;
    let admin = Person::staff(&test, "Ada", Role::Admin).await;
    for (name, role) in [("Hikari", "examiner"), ("Ren", "issuer"), ("Mio", "admin")] {
        let id = member(&test, name).await;
        // Whoever this is: perhaps somebody who accepted an invitation in their place.
        let before = Person::signed_in(&test, id).await;
        assert_eq!(before.get("/me", "en").await.0, 200);
        let form = json!({"email": format!("{}@members.example", name.to_lowercase()), "role": role, "reason": "r"});
        assert_eq!(admin.post("/admin/staff", form).await.status, 303);
        assert_ne!(before.get("/admin", "en").await.0, 200, "a session from before holds no {role}");
        assert_eq!(Person::signed_in(&test, id).await.get("/admin", "en").await.0, 200);
    }
}

async fn nobody_changes_their_own_roles(store: Store) {
    let test = start(store).await;
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    Person::staff(&test, "Other Owner", Role::Owner).await;
    let form = json!({"email": "olga@members.example", "role": "examiner", "reason": "r"});
    let refused = owner.post("/admin/staff", form).await;
    assert!(refused.status == 422 && refused.html.contains("Ask another owner or administrator"), "{}", refused.html);
    let take = format!("/admin/staff/{}/take", owner.id);
    assert_eq!(owner.post(&take, json!({"role": "owner", "reason": "r"})).await.status, 422);
    assert!(!owner.page("/admin/staff", "en").await.contains(&take), "no button for one's own");

    // A key that she made by page is her own hand.
    let mut ch = test.app.db.change(Actor::Member(owner.id), Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "hers", Role::Owner, None).await.expect("made");
    ch.commit().await.expect("committed");
    let body = json!({"member": owner.id, "role": "issuer", "reason": "r"});
    let (status, problem) = call(&test, &key, "/api/v1/staff", body.clone()).await;
    assert_eq!((status, &problem["code"]), (403, &json!("own_roles")));
    let (status, _) =
        call(&test, &key, &format!("/api/v1/staff/{}/take", owner.id), json!({"role": "owner", "reason": "r"})).await;
    assert_eq!((status, roles(&test, owner.id).await), (403, vec![Role::Owner]));
    let operators = test.api_key(Role::Owner).await;
    assert_eq!(call(&test, &operators, "/api/v1/staff", body).await.0, 201, "the operator's key is not hers");
}

async fn the_last_owner_stays(store: Store) {
    let test = start(store).await;
    let owner = Person::staff(&test, "Olga", Role::Owner).await;
    let key = test.api_key(Role::Owner).await;
    let path = format!("/api/v1/staff/{}/take", owner.id);
    let (status, problem) = call(&test, &key, &path, json!({"role": "owner", "reason": "r"})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("last_owner")));
    assert_eq!((roles(&test, owner.id).await, audited(&test, "role.take").await), (vec![Role::Owner], 0));
    let other = Person::staff(&test, "Other Owner", Role::Owner).await;
    assert_eq!(
        other.post(&format!("/admin/staff/{}/take", owner.id), json!({"role": "owner", "reason": "r"})).await.status,
        303
    );
    assert_eq!(owner.get("/admin/staff", "en").await.0, 403, "at once");
}

async fn of_two_who_take_each_other_one_stays(store: Store) {
    let test = start(store).await;
    let key = test.api_key(Role::Owner).await;
    for round in 0..5 {
        let mut pair = vec![];
        for n in 0..2 {
            let one = member(&test, &format!("Owner {round} {n}")).await;
            give(&test, one, Role::Owner).await;
            pair.push(format!("/api/v1/staff/{one}/take"));
        }
        if round > 0 {
            let rest = access::holders_of(test.app.db.read(), &[Role::Owner]).await.expect("read");
            for one in rest.iter().filter(|one| pair.iter().all(|path| !path.contains(&one.to_string()))) {
                let path = format!("/api/v1/staff/{one}/take");
                assert_eq!(call(&test, &key, &path, json!({"role": "owner", "reason": "r"})).await.0, 200);
            }
        }
        let taking = || json!({"role": "owner", "reason": "r"});
        let (a, b) = tokio::join!(call(&test, &key, &pair[0], taking()), call(&test, &key, &pair[1], taking()));
        let mut statuses = [a.0, b.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "round {round}");
    }
}

async fn who_may_read_sees_it_and_who_may_not_does_not(store: Store) {
    let test = start(store).await;
    let hikari = member(&test, "Hikari").await;
    let body = json!({"member": hikari, "role": "auditor", "reason": "r"});
    let list = async |key: &str| {
        let answer = test.http.get(test.url("/api/v1/staff")).bearer_auth(key).send().await.expect("answered");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    for role in [Role::Issuer, Role::Examiner, Role::Auditor, Role::Source, Role::Conformance, Role::Proctor] {
        let key = test.api_key(role).await;
        let may_read = role == Role::Auditor;
        assert_eq!(list(&key).await.0, if may_read { 200 } else { 403 }, "{role:?}");
        assert_eq!(call(&test, &key, "/api/v1/staff", body.clone()).await.0, 403, "{role:?}");
        let path = format!("/api/v1/staff/{hikari}/take");
        assert_eq!(call(&test, &key, &path, json!({"role": "auditor", "reason": "r"})).await.0, 403, "{role:?}");
    }
    let auditor = Person::staff(&test, "Auda", Role::Auditor).await;
    let html = auditor.page("/admin/staff", "ja").await;
    assert!(html.contains("Auda") && !html.contains(r#"action="/admin/staff"#), "read, and no form: {html}");
    let form = json!({"email": "hikari@members.example", "role": "auditor", "reason": "r"});
    assert_eq!(auditor.post("/admin/staff", form).await.status, 403);
    let examiner = Person::staff(&test, "Exa", Role::Examiner).await;
    assert_eq!(examiner.get("/admin/staff", "en").await.0, 403);
    let (_, listed) = list(&test.api_key(Role::Admin).await).await;
    let rows = listed["data"].as_array().expect("a list");
    let own = rows.iter().find(|row| row["member"] == json!(auditor.id)).expect("listed");
    assert_eq!((rows.len(), &own["roles"][0]["role"]), (2, &json!("auditor")));
    let admin = test.api_key(Role::Admin).await;
    let path = "/api/v1/staff/mem_00000000000000000000000000/take";
    assert_eq!(call(&test, &admin, path, json!({"role": "auditor", "reason": "r"})).await.0, 404);
    assert_eq!(
        call(&test, &admin, "/api/v1/staff", json!({"member": "x", "role": "auditor", "reason": "r"})).await.0,
        404
    );
    for (wrong, pointer) in [
        (json!({"member": hikari, "role": "king", "reason": "r"}), "/role"),
        (json!({"member": hikari, "role": "auditor", "reason": ""}), "/reason"),
        (json!({"member": hikari, "role": "auditor", "reason": "r", "since": "x"}), "/since"),
    ] {
        let (status, problem) = call(&test, &admin, "/api/v1/staff", wrong).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
}
