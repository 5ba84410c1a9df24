//! Titles: two people, one fact, one path; terms, holds, ends; and who may not.

mod boards;
mod hands;
mod office;
mod terms;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::credentials::{self, Credential};
use waymark::ids::MemberId;

use self::office::{Office, Person, fellow, staff};
use crate::contributions::enrol;
use crate::openapi::Caller;
use crate::support::{Store, on_both};

on_both!(
    two_people_give_a_title_and_one_does_not,
    the_second_person_is_another_person,
    two_who_confirm_at_once_give_one_title,
    a_proposal_is_refused_or_withdrawn,
    what_is_wrong_with_a_proposal_is_told,
    only_a_title_is_decided_on,
    staff_decide_on_pages,
    deciding_keeps_to_its_roles
);

async fn two_people_give_a_title_and_one_does_not(store: Store) {
    let office = Office::start(store).await;
    let said = json!({"last_day": "2027-03-31", "public_reason": "For three calm releases."});
    let id = office.proposed(said).await;
    office.settle().await;
    assert_eq!((office.facts().await, office.credentials().await.len()), (0, 0), "one person gives nothing");
    assert_eq!(office.term(&id).await["state"], "proposed");
    let member = Person::signed_in(&office.test, office.member).await;
    assert!(!member.page("/me", "en").await.contains("calm releases"), "what one person proposed is not told");

    let (status, body) = office.ben().await.post(&format!("/api/v1/titles/{id}/confirm"), &Value::Null).await;
    assert_eq!((status, &body["state"]), (200, &json!("current")), "{body}");
    assert_eq!((&body["proposed"]["by"], &body["decided"]["by"]), (&json!(office.ana), &json!(office.ben)));
    office.settle().await;
    let held = office.credentials().await;
    let until = held[0].valid_until.map(waymark::clock::rfc3339);
    assert_eq!((held.len(), until.as_deref()), (1, Some("2027-03-31T14:59:59Z")), "it ends with its last day in Tokyo");
    let signed = credentials::signed_json(office.test.app.db.read(), &held[0]).await.expect("signed");
    assert!(signed.contains("2027-03-31T14:59:59Z") && !signed.contains("carried three releases"), "{signed}");

    let audited = office.test.audit_actions().await;
    let of_titles: Vec<_> = audited.iter().filter(|action| action.starts_with("title.")).collect();
    assert_eq!(of_titles, ["title.propose", "title.confirm"]);
    let progress = office.test.http.get(office.test.url(&format!("/api/v1/members/{}/progress", office.member)));
    let key = office.test.api_key(Role::Admin).await;
    let progress: Value = progress.bearer_auth(key).send().await.expect("answered").json().await.expect("JSON");
    let longer = json!({"reason_code": "superseded", "valid_until": "2099-12-31"});
    let path = format!("/api/v1/credentials/{}/replace", held[0].id);
    let request = office.test.http.post(office.test.url(&path)).bearer_auth(office.test.api_key(Role::Issuer).await);
    let answer = request.header("idempotency-key", "longer").json(&longer).send().await.expect("answered");
    assert_eq!(answer.status(), 422, "nobody alone gives a title another end");
    let explained = &progress["data"][0];
    assert_eq!((&explained["state"], &explained["requirements"][0]["facts"][0]), (&json!("met"), &body["fact"]));

    let mine = member.page("/me", "en").await;
    for text in [
        "For three calm releases.",
        "Decided by Member ana and Member ben on 21 Nov 2026.",
        "21 Nov 2026 to 31 Mar 2027",
        "Held",
    ] {
        assert!(mine.contains(text), "{text}: {mine}");
    }
    assert!(!mine.contains("carried three releases"), "why staff decided is for staff");
    assert!(
        member.page("/me", "ja").await.contains("Member ana さんと Member ben さんが2026年11月21日に決定しました。")
    );
    credentials_are_shown(&office, &held[0]).await;
    let public = office.test.http.get(office.test.url(&format!("/c/{}", held[0].share_id)));
    let html = public.header("accept", "text/html").header("accept-language", "en").send().await.expect("answered");
    let html = html.text().await.expect("text");
    assert!(html.contains("Decided by two people of Example Guild. For three calm releases."), "{html}");
    assert!(!html.contains("Member ana") && !html.contains("Member ben"), "who decided is not told");
}

/// The member lets whoever has the link see it.
async fn credentials_are_shown(office: &Office, held: &Credential) {
    let member = Person::signed_in(&office.test, office.member).await;
    let path = format!("/me/credentials/{}/visibility", held.id);
    assert_eq!(member.form(&path, &[("visibility", "link")]).await.0, 303);
}

async fn the_second_person_is_another_person(store: Store) {
    let office = Office::start(store).await;
    let mei = staff(&office.test, "mei", Role::Owner).await;
    let (ana, mei_herself) = (office.ana().await, Person::signed_in(&office.test, mei).await);
    let body = json!({"track": "fellow", "member": mei, "reason": "herself"});
    let (status, refused) = mei_herself.post("/api/v1/titles", &body).await;
    assert_eq!((status, &refused["code"]), (403, &json!("own_title")), "nobody proposes themselves");
    let (_, made) = ana.post("/api/v1/titles", &body).await;
    let path = |step: &str| format!("/api/v1/titles/{}/{step}", made["id"].as_str().expect("an id"));
    let (status, refused) = ana.post(&path("confirm"), &Value::Null).await;
    assert_eq!((status, &refused["code"]), (403, &json!("same_person")), "{refused}");
    let (status, refused) = ana.post(&path("refuse"), &json!({"reason": "no"})).await;
    assert_eq!((status, &refused["code"]), (403, &json!("same_person")), "{refused}");
    let (status, refused) = mei_herself.post(&path("confirm"), &Value::Null).await;
    assert_eq!((status, &refused["code"]), (403, &json!("own_title")), "nobody confirms their own");
    for role in [Role::Owner, Role::Admin, Role::Issuer] {
        let key = office.test.api_key(role).await;
        for (path, body) in [(path("confirm"), Value::Null), ("/api/v1/titles".into(), office.proposal())] {
            let request = office.test.http.post(office.test.url(&path)).bearer_auth(&key);
            let request = if body.is_null() { request } else { request.json(&body) };
            let answer = request.send().await.expect("answered");
            assert_eq!(answer.status(), 403, "a key is no named person: {path}");
        }
    }
    // Ana's own person under an id that was merged into hers.
    let other = staff(&office.test, "ana-too", Role::Admin).await;
    let sql = format!("INSERT INTO member_alias (gone, kept, at) VALUES ('{other}', '{}', 0)", office.ana);
    office.test.run_sql(&sql).await;
    let ana_too = Person::signed_in(&office.test, other).await;
    let (status, refused) = ana_too.post(&path("confirm"), &Value::Null).await;
    assert_eq!((status, &refused["code"]), (403, &json!("same_person")), "two ids that were merged are one person");
    assert_eq!(office.facts().await, 0);
    assert_eq!(office.ben().await.post(&path("confirm"), &Value::Null).await.0, 200);
    assert_eq!(office.facts().await, 1);
    office.settle().await;
    for step in ["hold", "lift", "end"] {
        let (status, refused) = mei_herself.post(&path(step), &json!({"reason": "mine"})).await;
        assert_eq!((status, &refused["code"]), (403, &json!("own_title")), "{step}: {refused}");
    }
}

async fn two_who_confirm_at_once_give_one_title(store: Store) {
    let office = Office::start(store).await;
    let cho = staff(&office.test, "cho", Role::Owner).await;
    let (ana, ben, cho) = (office.ana().await, office.ben().await, Person::signed_in(&office.test, cho).await);
    let id = office.proposed(json!({})).await;
    let (confirm, withdraw) = (format!("/api/v1/titles/{id}/confirm"), format!("/api/v1/titles/{id}/withdraw"));
    let none = Value::Null;
    let (first, second, third) =
        tokio::join!(ben.post(&confirm, &none), cho.post(&confirm, &none), ana.post(&withdraw, &none));
    let mut answers = [first.0, second.0, third.0];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409], "one of them decides, the others are told");
    let confirmed = [first.0, second.0].contains(&200);
    assert_eq!(office.facts().await, i64::from(confirmed));
    office.settle().await;
    assert_eq!(office.credentials().await.len(), usize::from(confirmed));
    assert_eq!(office.term(&id).await["state"], if confirmed { "current" } else { "withdrawn" });

    let same = format!("/api/v1/titles/{}/confirm", office.proposed_for(office.ben_friend().await).await);
    let (first, second) = tokio::join!(ben.post(&same, &none), cho.post(&same, &none));
    assert_eq!([first.0, second.0].iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(office.facts().await, i64::from(confirmed) + 1);
}

impl Office {
    async fn ben_friend(&self) -> MemberId {
        enrol(&self.test, "sora").await
    }

    async fn proposed_for(&self, member: MemberId) -> String {
        let body = json!({"track": "fellow", "member": member, "reason": "steady"});
        let (status, made) = self.ana().await.post("/api/v1/titles", &body).await;
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().expect("an id").to_owned()
    }
}

async fn a_proposal_is_refused_or_withdrawn(store: Store) {
    let office = Office::start(store).await;
    let (ana, ben) = (office.ana().await, office.ben().await);
    let id = office.proposed(json!({})).await;
    let path = |id: &str, step: &str| format!("/api/v1/titles/{id}/{step}");
    assert_eq!(ben.post(&path(&id, "withdraw"), &Value::Null).await.0, 403, "only whoever proposed it withdraws");
    assert_eq!(ben.post(&path(&id, "refuse"), &json!({"reason": " "})).await.0, 422);
    let (status, body) = ben.post(&path(&id, "refuse"), &json!({"reason": "too early"})).await;
    assert_eq!((status, &body["state"], &body["decided"]["reason"]), (200, &json!("refused"), &json!("too early")));
    let (status, late) = ben.post(&path(&id, "confirm"), &Value::Null).await;
    assert_eq!((status, &late["code"], &late["state"]), (409, &json!("title_state_conflict"), &json!("refused")));

    let id = office.proposed(json!({})).await;
    let (status, twice) = ana.post("/api/v1/titles", &office.proposal()).await;
    assert_eq!((status, &twice["code"]), (409, &json!("title_state_conflict")), "one proposal at a time");
    let (status, body) = ana.post(&path(&id, "withdraw"), &Value::Null).await;
    assert_eq!((status, &body["state"]), (200, &json!("withdrawn")));
    assert_eq!(ben.post(&path(&id, "confirm"), &Value::Null).await.0, 409);
    office.settle().await;
    assert_eq!((office.facts().await, office.credentials().await.len()), (0, 0));
    let audited = office.test.audit_actions().await;
    let of_titles: Vec<_> = audited.iter().filter(|action| action.starts_with("title.")).collect();
    assert_eq!(of_titles, ["title.propose", "title.refuse", "title.propose", "title.withdraw"]);
}

async fn what_is_wrong_with_a_proposal_is_told(store: Store) {
    let office = Office::start(store).await;
    let ana = office.ana().await;
    for (change, pointer) in [
        (json!({"reason": "  "}), "/reason"),
        (json!({"reason": "x".repeat(1001)}), "/reason"),
        (json!({"public_reason": "x".repeat(301)}), "/public_reason"),
        (json!({"first_day": "2026-11-20"}), "/first_day"),
        (json!({"first_day": "tomorrow"}), "/first_day"),
        (json!({"last_day": "2026-11-20"}), "/last_day"),
        (json!({"track": "nothing"}), "/track"),
        (json!({"member": "hikari"}), "/member"),
        (json!({"company": "x"}), "/company"),
    ] {
        let mut body = office.proposal();
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let (status, refused) = ana.post("/api/v1/titles", &body).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{change}: {refused}");
    }
    let nobody = json!({"track": "fellow", "reason": "x",
        "member": waymark::ids::fresh::<MemberId>(office.test.app.db.now(), office.test.app.db.entropy.as_ref())});
    assert_eq!(ana.post("/api/v1/titles", &nobody).await.0, 404);
    assert_eq!(office.test.count("SELECT COUNT(*) FROM title_term").await, 0);
    let mut endless = fellow();
    endless.as_object_mut().expect("an object").remove("validity");
    office.publish(&endless).await;
    let (status, refused) = ana.post("/api/v1/titles", &office.proposal()).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/last_day")), "a title ends: {refused}");
}

async fn only_a_title_is_decided_on(store: Store) {
    let office = Office::start(store).await;
    let ana = office.ana().await;
    let mut milestone = fellow();
    (milestone["slug"], milestone["kind"]) = (json!("named"), json!("milestone"));
    let mut other = fellow();
    (other["slug"], other["title"]) = (json!("guest"), json!({"en": "Guest"}));
    for track in [&milestone, &other] {
        office.publish(track).await;
        let body = json!({"track": track["slug"], "member": office.member, "reason": "x"});
        let (status, refused) = ana.post("/api/v1/titles", &body).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/track")), "{refused}");
    }
    assert!(ana.page("/admin/titles/guest", "en").await.contains("Nobody can be given this title yet"));
    let answer = office.test.http.get(office.test.url("/admin/titles/named")).header("cookie", &ana.cookie);
    assert_eq!(answer.send().await.expect("answered").status(), 404);
    let key = office.test.api_key(Role::Owner).await;
    let issue = office.test.http.post(office.test.url("/api/v1/credentials")).bearer_auth(key);
    let issue = issue.header("idempotency-key", "a-title").json(&json!({"track": "fellow", "member": office.member}));
    assert_eq!(issue.send().await.expect("answered").status(), 422, "a title is not issued by a call");
}

async fn staff_decide_on_pages(store: Store) {
    let office = Office::start(store).await;
    let (ana, ben) = (office.ana().await, office.ben().await);
    for (language, title) in [("en", "Titles"), ("ja", "称号")] {
        assert!(ana.page("/admin", language).await.contains(title));
        assert!(ana.page("/admin/titles", language).await.contains(title));
    }
    let found = ana.page("/admin/titles/fellow?q=HIKARI", "en").await;
    assert!(found.contains("Member hikari") && found.contains(&format!("?member={}", office.member)), "{found}");
    assert!(
        ana.page("/admin/titles/fellow?q=%25", "en").await.contains("Nobody was found"),
        "a percent sign is a letter"
    );
    let form = ana.page(&format!("/admin/titles/fellow?member={}", office.member), "en").await;
    assert!(form.contains(r#"value="2026-11-21""#) && form.contains(r#"value="2027-11-20""#), "{form}");
    let member = office.member.to_string();
    let fields = |to| [("member", member.as_str()), ("from", "2026-11-21"), ("to", to), ("reason", "<b>calm</b>")];
    let (status, html) = ana.form("/admin/titles/fellow", &fields("2026-11-01")).await;
    assert_eq!(status, 422);
    assert!(html.contains("The last day lies before the first") && html.contains("&#60;b&#62;calm"), "{html}");
    assert_eq!(ana.form("/admin/titles/fellow", &fields("2027-03-31")).await.0, 303);
    let id = office.test.texts("SELECT id FROM title_term").await.remove(0);
    let waits = ana.page("/admin/titles/fellow", "ja").await;
    assert!(
        waits.contains("あなたの推薦です。承認するのは別の人です。") && !waits.contains("承認する</button>"),
        "{waits}"
    );
    assert!(ben.page("/admin/titles", "en").await.contains("Fellow: Member hikari"));
    let step = format!("/admin/titles/fellow/{id}");
    assert_eq!(ana.form(&step, &[("step", "confirm")]).await.0, 403);
    let mut guest = fellow();
    (guest["slug"], guest["requires"]["panel"]["title"]) = (json!("guest"), json!("guest"));
    office.publish(&guest).await;
    let elsewhere = format!("/admin/titles/guest/{id}");
    assert_eq!(ben.form(&elsewhere, &[("step", "confirm")]).await.0, 404, "each on the page of its own title");
    assert_eq!(ben.form(&step, &[("step", "confirm")]).await.0, 303);
    office.settle().await;
    let (status, html) = ben.form(&step, &[("step", "hold"), ("reason", " ")]).await;
    assert_eq!(status, 422, "{html}");
    assert!(html.contains("<details class=\"technical\" open>"), "the step stays open: {html}");
    assert_eq!(
        ben.form(&step, &[("step", "hold"), ("reason", "asked"), ("public_reason", "Being looked into")]).await.0,
        303
    );
    assert!(ben.page("/admin/titles/fellow?done=hold", "en").await.contains("Lift the hold"));
    let me = Person::signed_in(&office.test, office.member).await;
    assert!(me.page("/me", "en").await.contains("On hold"));
    assert_eq!(ben.form(&step, &[("step", "lift"), ("reason", "settled")]).await.0, 303);
    assert_eq!(ana.form(&step, &[("step", "end"), ("reason", "stepped back")]).await.0, 303);
    assert!(ana.page("/admin/titles/fellow", "en").await.contains("Ended by Member ana on 21 Nov 2026: stepped back"));
    assert!(me.page("/me", "ja").await.contains("途中で終了"));
}

async fn deciding_keeps_to_its_roles(store: Store) {
    let office = Office::start(store).await;
    let id = office.proposed(json!({})).await;
    for (role, expected) in [(Role::Examiner, 403), (Role::Auditor, 403), (Role::Issuer, 404)] {
        let person = staff(&office.test, role.as_str(), role).await;
        let person = Person::signed_in(&office.test, person).await;
        for step in ["confirm", "withdraw", "refuse", "hold", "lift", "end"] {
            let body = match step {
                "confirm" | "withdraw" => Value::Null,
                _ => json!({"reason": "x"}),
            };
            let none = "ttl_00000000000000000000000001";
            let (status, answer) = person.post(&format!("/api/v1/titles/{none}/{step}"), &body).await;
            assert_eq!(status, expected, "{role:?} {step}: {answer}");
            if expected == 403 {
                let (status, _) = person.post(&format!("/api/v1/titles/{id}/{step}"), &body).await;
                assert_eq!(status, 403, "{role:?} {step}");
            }
        }
        let (status, _) = person.post("/api/v1/titles", &office.proposal()).await;
        assert_eq!(status, if expected == 403 { 403 } else { 409 }, "{role:?}");
    }
    let me = Person::signed_in(&office.test, office.member).await;
    assert_eq!(me.post(&format!("/api/v1/titles/{id}/confirm"), &Value::Null).await.0, 403);
    for path in ["/api/v1/titles", "/admin/titles", "/admin/titles/fellow"] {
        let request = office.test.http.get(office.test.url(path));
        assert_eq!(request.header("cookie", &me.cookie).send().await.expect("answered").status(), 403, "{path}");
    }
    let nobody = office.test.http.get(office.test.url("/api/v1/titles")).send().await.expect("answered");
    assert_eq!(nobody.status(), 401);
    assert_eq!(office.facts().await, 0);
}

/// Each call of titles and boards, as it is described.
pub async fn every_call(api: &mut Caller<'_>, admin: &str) {
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    let test = api.test;
    let member = enrol(test, "fellow").await;
    let (ana, ben) = (staff(test, "ana-calls", Role::Admin).await, staff(test, "ben-calls", Role::Issuer).await);
    let (ana, ben) = (Person::signed_in(test, ana).await.who(), Person::signed_in(test, ben).await.who());
    let mut track = fellow();
    track.as_object_mut().expect("an object").remove("slug");
    api.call(admin, put.clone(), "/api/v1/tracks/{slug}/draft", &["fellow"], track, 200).await;
    api.call(admin, post.clone(), "/api/v1/tracks/{slug}/publish", &["fellow"], json!({}), 200).await;
    api.call(admin, put, "/api/v1/tracks/{slug}/draft", &["on-a-board"], crate::planning::helper(1), 200).await;
    api.call(admin, post.clone(), "/api/v1/tracks/{slug}/publish", &["on-a-board"], json!({}), 200).await;
    api.call("", get.clone(), "/api/v1/tracks/{slug}/board", &["on-a-board"], none.clone(), 200).await;
    api.call("", get.clone(), "/api/v1/tracks/{slug}/board", &["fellow"], none.clone(), 404).await;
    let body = json!({"track": "fellow", "member": member, "reason": "calm", "public_reason": "Thank you."});
    api.call(admin, post.clone(), "/api/v1/titles", &[], body.clone(), 403).await;
    // The last of them stands: the list names them by their ids, which tell nothing of one millisecond.
    let mut id = String::new();
    for (who, step, why) in
        [(&ana, "withdraw", none.clone()), (&ben, "refuse", json!({"reason": "no"})), (&ben, "confirm", none.clone())]
    {
        let made = api.call(&ana, post.clone(), "/api/v1/titles", &[], body.clone(), 201).await;
        made["id"].as_str().expect("an id").clone_into(&mut id);
        api.call(who, post.clone(), &format!("/api/v1/titles/{{id}}/{step}"), &[&id], why, 200).await;
    }
    test.settle().await;
    api.call(admin, get.clone(), "/api/v1/titles", &[], none, 200).await;
    api.fetch(admin, "/api/v1/titles", "/api/v1/titles", &[("state", "confirmed"), ("track", "fellow")]).await;
    let hold = json!({"reason": "asked", "public_reason": "Being looked into"});
    api.call(&ben, post.clone(), "/api/v1/titles/{id}/hold", &[&id], hold, 200).await;
    let why = json!({"reason": "settled"});
    api.call(&ben, post.clone(), "/api/v1/titles/{id}/lift", &[&id], why.clone(), 200).await;
    api.call(&ben, post, "/api/v1/titles/{id}/end", &[&id], why, 200).await;
}
