//! Links: handed in, looked at by somebody else, accepted once, refused with a reason and answered.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::domain_event::DomainEvent;

use super::{Hall, SQUARE};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    a_link_is_looked_at_and_counts,
    a_refusal_is_read_and_answered,
    nobody_decides_on_their_own_link,
    one_address_counts_once_unless_both_did_it,
    what_a_source_brought_before_is_known,
    what_a_source_wrote_otherwise_is_known,
    what_a_source_tells_later_is_the_same_page,
    everything_wrong_with_a_link_is_said_at_once,
    links_keep_to_their_people,
    the_pages_lead_through_it
);

fn link(url: &str) -> Value {
    json!({"url": url, "type": "content.published", "happened_on": "2026-11-20", "sentence": "How to begin.", "disclosure": "employer"})
}

async fn handed_in(hall: &Hall, token: &str, url: &str) -> String {
    let (status, body) = hall.post(token, "/api/v1/links", link(url)).await;
    assert_eq!((status, &body["state"]), (201, &json!("waiting")), "{body}");
    body["id"].as_str().expect("an id").to_owned()
}

async fn a_link_is_looked_at_and_counts(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let id = handed_in(&hall, &token, "https://www.blog.example/posts/1/?utm_source=mail#top").await;
    assert_eq!(hall.have(member).await, json!(0), "nothing counts before somebody looked");
    for same in ["http://blog.example/posts/1", "https://BLOG.example:443/posts/1/?fbclid=x"] {
        let (status, body) = hall.post(&token, "/api/v1/links", link(same)).await;
        assert_eq!((status, &body["code"], &body["first"]), (409, &json!("link_known"), &json!(id)), "{same}");
    }
    let (status, body) = hall.post(&hall.admin, &format!("/api/v1/links/{id}/accept"), json!({})).await;
    assert_eq!((status, &body["state"]), (200, &json!("accepted")), "{body}");
    assert_eq!(hall.have(member).await, json!(1));
    let data = hall.test.texts("SELECT data FROM contribution").await;
    assert!(data[0].contains(r#""disclosure":"employer""#), "{data:?}");
    let (status, body) = hall.post(&hall.admin, &format!("/api/v1/links/{id}/accept"), json!({})).await;
    assert_eq!((status, &body["code"]), (409, &json!("giving_state_conflict")));
    assert_eq!(hall.have(member).await, json!(1));
    assert_eq!(hall.test.audit_actions().await.iter().filter(|a| *a == "link.accept").count(), 1);
}

async fn a_refusal_is_read_and_answered(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let id = handed_in(&hall, &token, "https://blog.example/posts/1").await;
    let refuse = format!("/api/v1/links/{id}/refuse");
    assert_eq!(hall.post(&hall.admin, &refuse, json!({"reason": " "})).await.0, 422);
    assert_eq!(hall.post(&hall.admin, &refuse, json!({"reason": "The page is private."})).await.0, 200);
    let told = hall.told("contribution_refused").await;
    assert_eq!(told, [DomainEvent::ContributionRefused { about: id.clone(), member }]);
    let read = hall.get(&token, &format!("/api/v1/links/{id}")).await;
    assert_eq!((&read["state"], &read["reason"]), (&json!("refused"), &json!("The page is private.")));
    let answer = format!("/api/v1/links/{id}/answer");
    let (status, body) = hall.post(&token, &answer, json!({"text": "It is public now."})).await;
    assert_eq!((status, &body["state"]), (200, &json!("waiting")));
    assert_eq!(hall.post(&token, &answer, json!({"text": "Again."})).await.0, 409, "nothing was refused since");
    let read = hall.get(&hall.admin, &format!("/api/v1/links/{id}")).await;
    let steps: Vec<&Value> = read["steps"].as_array().expect("a list").iter().map(|s| &s["step"]).collect();
    assert_eq!(steps, ["submitted", "refused", "answered"]);
    assert_eq!(hall.post(&hall.admin, &format!("/api/v1/links/{id}/accept"), json!({})).await.0, 200);
    assert_eq!(hall.have(member).await, json!(1));
    assert_eq!(hall.post(&token, &format!("/api/v1/links/{id}/withdraw"), Value::Null).await.0, 409);
}

async fn nobody_decides_on_their_own_link(store: Store) {
    let hall = Hall::start(store).await;
    let (member, reviewer) = hall.colleague("reviewer", Role::Admin).await;
    let token = hall.token(member).await;
    let id = handed_in(&hall, &token, "https://blog.example/mine").await;
    let csrf = reviewer.csrf("/me/links").await;
    for step in ["accept", "refuse"] {
        let form = json!({"csrf": csrf, "step": step, "reason": "It is mine."});
        assert_eq!(reviewer.post(&format!("/admin/links/{id}"), form).await, 422, "{step}");
        assert_eq!(hall.get(&token, &format!("/api/v1/links/{id}")).await["state"], "waiting", "{step}");
    }
    let own = hall.test.key_of(member, Role::Admin).await;
    for (step, said) in [("accept", json!({})), ("refuse", json!({"reason": "It is mine."}))] {
        let (status, refused) = hall.post(&own, &format!("/api/v1/links/{id}/{step}"), said).await;
        assert_eq!((status, &refused["code"]), (403, &json!("own_contribution")), "{step}: a key is one's own hand");
        assert_eq!(hall.get(&token, &format!("/api/v1/links/{id}")).await["state"], "waiting", "{step}");
    }
    assert!(reviewer.page("/admin/links", "en").await.contains("This is your own."));
    let (_, other) = hall.colleague("second", Role::Issuer).await;
    let csrf = other.csrf("/admin/links").await;
    assert_eq!(other.post(&format!("/admin/links/{id}"), json!({"csrf": csrf, "step": "accept"})).await, 303);
    for (language, said) in [("en", "The link is accepted"), ("ja", "リンクを承認し")] {
        assert!(other.page("/admin/links?done=accept", language).await.contains(said));
    }
    assert_eq!(hall.have(member).await, json!(1));
}

async fn one_address_counts_once_unless_both_did_it(store: Store) {
    let hall = Hall::start(store).await;
    let (first, a) = hall.member("hikari").await;
    let (second, b) = hall.member("ren").await;
    let mine = handed_in(&hall, &a, "https://blog.example/posts/1").await;
    let theirs = handed_in(&hall, &b, "https://blog.example/posts/1/").await;
    let accept = |id: &str| format!("/api/v1/links/{id}/accept");
    let (status, body) = hall.post(&hall.admin, &accept(&mine), json!({})).await;
    assert_eq!((status, &body["code"]), (409, &json!("link_known")), "both wait: somebody must say whose it is");
    assert_eq!(
        hall.post(&hall.admin, &format!("/api/v1/links/{theirs}/refuse"), json!({"reason": "Not yours."})).await.0,
        200
    );
    assert_eq!(hall.post(&hall.admin, &accept(&mine), json!({})).await.0, 200);
    assert_eq!(
        hall.post(&b, &format!("/api/v1/links/{theirs}/answer"), json!({"text": "We wrote it together."})).await.0,
        200
    );
    let read = hall.get(&hall.admin, &format!("/api/v1/links/{theirs}")).await;
    assert_eq!(read["same_address"][0]["member"], json!(first.to_string()));
    assert_eq!(hall.post(&hall.admin, &accept(&theirs), json!({})).await.0, 409);
    assert_eq!(hall.have(second).await, json!(0));
    assert_eq!(hall.post(&hall.admin, &accept(&theirs), json!({"shared": true})).await.0, 200);
    assert_eq!((hall.have(first).await, hall.have(second).await), (json!(1), json!(1)));
}

async fn what_a_source_brought_before_is_known(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let object = "https://blog.example/posts/9";
    let sent = hall.event(SQUARE, "e-1", "answer.accepted", &member.to_string(), json!({"object": object})).await;
    let (status, body) = hall.post(&token, "/api/v1/links", link("https://blog.example/posts/9/?utm_medium=x")).await;
    assert_eq!((status, &body["first"]), (409, &sent["contribution"]), "{body}");
    let void = format!("/api/v1/contributions/{}/void", sent["contribution"].as_str().expect("kept"));
    assert_eq!(hall.post(&hall.admin, &void, json!({"reason": "a mistake"})).await.0, 200);
    handed_in(&hall, &token, object).await;
}

async fn what_a_source_wrote_otherwise_is_known(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let written = json!({"object": "https://blog.example.org/post/"});
    let brought = hall.event(SQUARE, "e-1", "answer.accepted", &member.to_string(), written).await;
    for same in
        ["https://blog.example.org/post/", "https://blog.example.org/post", "http://www.blog.example.org/post#a"]
    {
        let (status, body) = hall.post(&token, "/api/v1/links", link(same)).await;
        assert_eq!(
            (status, &body["code"], &body["first"]),
            (409, &json!("link_known"), &brought["contribution"]),
            "{same}"
        );
    }
    // To another member it is what somebody has already.
    let (_, other) = hall.member("ren").await;
    let id = handed_in(&hall, &other, "https://blog.example.org/post").await;
    let (status, body) = hall.post(&hall.admin, &format!("/api/v1/links/{id}/accept"), json!({})).await;
    assert_eq!((status, &body["first"]), (409, &brought["contribution"]), "{body}");
}

/// The link was there first; whoever tells of the page after it, however they write it, tells of the same one.
async fn what_a_source_tells_later_is_the_same_page(store: Store) {
    let hall = Hall::start(store).await;
    let (press, wall) = ("https://press.example", "https://wall.example");
    for source in [press, wall] {
        hall.source(source, &json!({"types": ["content.published"]})).await;
    }
    let (member, token) = hall.member("hikari").await;
    let id = handed_in(&hall, &token, "https://blog.example.org/post").await;
    assert_eq!(hall.post(&hall.admin, &format!("/api/v1/links/{id}/accept"), json!({})).await.0, 200);
    let subject = member.to_string();
    let told = async |source: &str, id: &str, data: Value| {
        let result = hall.event(source, id, "content.published", &subject, data).await;
        assert_eq!(result["outcome"], "accepted", "{result}");
    };
    for (n, same) in [
        "https://blog.example.org/post/",
        "http://BLOG.example.org/post",
        "https://www.blog.example.org/post/?utm_source=mail&utm_campaign=x#top",
    ]
    .into_iter()
    .enumerate()
    {
        told(press, &format!("object-{n}"), json!({"object": same})).await;
        told(wall, &format!("url-{n}"), json!({"url": same})).await;
        assert_eq!(hall.have(member).await, json!(1), "{same}");
    }
    for (n, other) in [
        "https://blog.example.org/post?id=2",
        "https://blog.example.org/post2",
        "https://blog.example.org/#/post",
        "post",
    ]
    .into_iter()
    .enumerate()
    {
        told(press, &format!("other-{n}"), json!({"object": other})).await;
        assert_eq!(hall.have(member).await, json!(2 + n), "{other}");
    }
    let void = hall.test.texts("SELECT id FROM contribution WHERE source = 'waymark:links'").await.remove(0);
    hall.post(&hall.admin, &format!("/api/v1/contributions/{void}/void"), json!({"reason": "a test"})).await;
    assert_eq!(hall.have(member).await, json!(5), "what a source told of it stands in its place");
}

async fn everything_wrong_with_a_link_is_said_at_once(store: Store) {
    let hall = Hall::start(store).await;
    let (_, token) = hall.member("hikari").await;
    let wrong = json!({"url": "javascript:alert(1)", "type": "thanks.given", "happened_on": "2026-11-23", "sentence": " ", "disclosure": "maybe"});
    let (status, body) = hall.post(&token, "/api/v1/links", wrong).await;
    let pointers: Vec<&Value> = body["errors"].as_array().expect("a list").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(
        (status, pointers),
        (
            422,
            vec![&json!("/url"), &json!("/type"), &json!("/happened_on"), &json!("/sentence"), &json!("/disclosure")]
        )
    );
    let mut more = link("https://blog.example/1");
    more["company"] = json!("Example");
    let (status, body) = hall.post(&token, "/api/v1/links", more).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("unknown_field")));
    let (status, _) =
        hall.post(&token, "/api/v1/links", link(&format!("https://blog.example/{}", "x".repeat(600)))).await;
    assert_eq!(status, 422);
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM submission").await, 0);
    for n in 0..20 {
        handed_in(&hall, &token, &format!("https://blog.example/{n}")).await;
    }
    let (status, body) = hall.post(&token, "/api/v1/links", link("https://blog.example/one-more")).await;
    assert_eq!((status, &body["code"]), (429, &json!("too_many")));
}

async fn links_keep_to_their_people(store: Store) {
    let hall = Hall::start(store).await;
    let (_, token) = hall.member("hikari").await;
    let (_, other) = hall.member("ren").await;
    let id = handed_in(&hall, &token, "https://blog.example/1").await;
    let path = format!("/api/v1/links/{id}");
    assert_eq!(hall.call(&other, reqwest::Method::GET, &path, Value::Null).await.0, 404);
    assert_eq!(hall.post(&other, &format!("{path}/withdraw"), Value::Null).await.0, 404);
    assert_eq!(hall.post(&other, &format!("{path}/accept"), json!({})).await.0, 403);
    assert_eq!(hall.get(&other, "/api/v1/links").await["data"], json!([]));
    assert_eq!(hall.get(&hall.admin, "/api/v1/links").await["data"][0]["id"], json!(id));
    let examiner = hall.test.api_key(Role::Examiner).await;
    assert_eq!(hall.call(&examiner, reqwest::Method::GET, &path, Value::Null).await.0, 403);
    let auditor = hall.test.api_key(Role::Auditor).await;
    assert_eq!(hall.get(&auditor, "/api/v1/links").await["data"][0]["id"], json!(id), "read, and no more");
    assert_eq!(hall.post(&auditor, &format!("{path}/accept"), json!({})).await.0, 403);
    // Nobody outside speaks for Waymark's own sources.
    let forged = hall.event("waymark:links", "forged", "content.published", &id, json!({})).await;
    assert_eq!((&forged["outcome"], &forged["reason"]), (&json!("rejected"), &json!("not_your_source")));
    assert_eq!(hall.post(&token, &format!("{path}/withdraw"), Value::Null).await.0, 200);
    handed_in(&hall, &token, "https://blog.example/1").await;
}

async fn the_pages_lead_through_it(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let me = Visitor::signed_in(&hall.test, member).await;
    assert!(me.page("/me/links", "en").await.contains("You have not handed in anything yet."));
    let csrf = me.csrf("/me/links").await;
    let mut form = link("https://blog.example/posts/1");
    form["csrf"] = json!(csrf);
    form["disclosure"] = json!("");
    assert_eq!(me.post("/me/links", form.clone()).await, 422);
    form["disclosure"] = json!("paid");
    assert_eq!(me.post("/me/links", form.clone()).await, 303);
    assert_eq!(me.post("/me/links", form.clone()).await, 422, "the same address again");
    form["csrf"] = json!("wrong");
    assert_eq!(me.post("/me/links", form).await, 403);
    let (_, staff) = hall.colleague("reviewer", Role::Issuer).await;
    let queue = staff.page("/admin/links", "ja").await;
    assert!(queue.contains("How to begin.") && queue.contains("報酬・物品などの提供を受けた"), "{queue}");
    let id = hall.get(&token, "/api/v1/links").await["data"][0]["id"].as_str().expect("an id").to_owned();
    let csrf_staff = staff.csrf("/admin/links").await;
    let path = format!("/admin/links/{id}");
    assert_eq!(staff.post(&path, json!({"csrf": csrf_staff, "step": "refuse", "reason": ""})).await, 422);
    assert_eq!(staff.post(&path, json!({"csrf": csrf_staff, "step": "refuse", "reason": "Where is it?"})).await, 303);
    assert!(me.page("/me/links", "ja").await.contains("理由：Where is it?"));
    let answer = json!({"csrf": csrf, "step": "answer", "text": "In the archive."});
    assert_eq!(me.post(&format!("/me/links/{id}"), answer).await, 303);
    assert!(staff.page("/admin/links", "en").await.contains("In the archive."));
    assert_eq!(staff.post(&path, json!({"csrf": csrf_staff, "step": "accept"})).await, 303);
    assert_eq!(hall.have(member).await, json!(1));
    assert!(me.page("/me/links", "en").await.contains("Accepted"));
}
