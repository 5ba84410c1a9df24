//! Deliveries: signed or not, read or kept, counted once.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::contributions::State;

use super::{SECRET, Sent, deliver, of, payload, put_secret, signature, two_members, with_sources};
use crate::contributions::enrol;
use crate::home::Visitor;
use crate::support::{Store, TestApp, on_both};

on_both!(
    what_github_delivers_is_credited,
    a_delivery_that_is_not_signed_rightly_changes_nothing,
    a_repeated_payload_counts_once_under_any_name,
    what_is_not_ours_is_passed_over_with_the_reason,
    an_answer_that_is_no_longer_accepted_moves_back,
    an_older_edit_takes_nothing_back,
    what_the_name_of_the_event_says_is_not_believed_alone,
    whoever_merges_their_own_change_is_marked,
    what_nobody_can_read_waits_for_a_person,
    what_is_accepted_again_waits_for_a_person,
    robots_are_nobody
);

const KEYED: &str = "SELECT COUNT(*) FROM contribution WHERE state = 'accepted'";

async fn what_github_delivers_is_credited(store: Store) {
    let test = with_sources(store).await;
    let (hikari, tsukumo) = two_members(&test).await;
    for (event, name) in [
        ("pull_request", "github_pull_request_closed"),
        ("pull_request_review", "github_pull_request_review_submitted"),
        ("issues", "github_issues_opened"),
        ("discussion", "github_discussion_answered"),
    ] {
        assert_eq!(deliver(&test, "github", event, name, &payload(name)).await, "accepted", "{name}");
    }
    let mut kinds: Vec<String> = of(&test, hikari).await.into_iter().map(|c| c.kind).collect();
    kinds.sort();
    assert_eq!(kinds, ["change.merged", "issue.reported"]);
    let mut given = of(&test, tsukumo).await;
    given.sort_by(|a, b| a.kind.cmp(&b.kind));
    let kinds: Vec<&str> = given.iter().map(|c| c.kind.as_str()).collect();
    assert_eq!(kinds, ["answer.accepted", "change.merged", "review.published"], "the co-author is credited, too");
    assert_eq!(given[0].object, "https://github.com/example-guild/lanterns/discussions/8");
    assert_eq!(
        waymark::clock::rfc3339(given[0].happened_at),
        "2026-11-16T03:30:00Z",
        "when it was chosen, in its own zone"
    );
    let weights = "SELECT COUNT(*) FROM contribution WHERE weight = 3 AND type = 'change.merged'";
    assert_eq!(test.count(weights).await, 2);
    let facts = waymark::facts::of_member(test.app.db.read(), tsukumo).await.expect("read");
    let answer = facts.iter().find(|f| f.object.as_ref().is_some_and(|o| o.as_str().contains("discussions/8")));
    assert_eq!(answer.expect("its fact").giver, Some(hikari), "who chose the answer gave it");

    assert_eq!(
        deliver(&test, "github", "discussion", "u", &payload("github_discussion_unanswered")).await,
        "taken_back"
    );
    let back = of(&test, tsukumo).await.into_iter().find(|c| c.kind == "answer.accepted").expect("kept");
    assert_eq!(back.state, State::Voided);
}

async fn a_delivery_that_is_not_signed_rightly_changes_nothing(store: Store) {
    let test = with_sources(store).await;
    two_members(&test).await;
    let right = || Sent::new("github", "pull_request", "d-1", &payload("github_pull_request_closed"));
    let other_body = payload("github_pull_request_closed").to_string().replace("Hikari-dev", "mallory");
    let forged = [
        ("no signature", Sent { signed: String::new(), ..right() }),
        ("another secret", Sent { signed: signature("another secret of some length", &right().body), ..right() }),
        ("another body", Sent { body: other_body, ..right() }),
        ("cut off", Sent { signed: right().signed[..63].to_owned(), ..right() }),
        ("the empty secret", Sent { signed: signature("", &right().body), ..right() }),
    ];
    for (what, sent) in forged {
        let (status, answer) = sent.to(&test).await;
        assert_eq!((status, &answer["code"]), (401, &json!("signature_refused")), "{what}");
    }
    let unparsed = Sent { body: "{".to_owned(), ..right() };
    assert_eq!(unparsed.to(&test).await.0, 401, "the signature comes before the reading");
    assert_eq!(test.count("SELECT COUNT(*) FROM contribution").await, 0);
    assert_eq!(test.count("SELECT COUNT(*) FROM dead_letter").await, 0, "what is forged is not even kept");
    let noted = "SELECT CAST(SUM(n) AS BIGINT) FROM source_day WHERE outcome = 'forged'";
    assert_eq!(test.count(noted).await, 1, "one minute, however many came in it");
    assert_eq!(Sent { slug: "nothing", ..right() }.to(&test).await.0, 404);
    assert_eq!(Sent { slug: "community-example", ..right() }.to(&test).await.0, 404, "that one sends CloudEvents");

    put_secret(&test, "short");
    assert_eq!(right().to(&test).await.0, 503, "without a usable secret nothing is believed");
    put_secret(&test, &format!("the next secret, long enough\n{SECRET}\n"));
    assert_eq!(right().to(&test).await.0, 202, "two secrets are good while one takes the other's place");
    assert_eq!(test.count(KEYED).await, 2);
}

async fn a_repeated_payload_counts_once_under_any_name(store: Store) {
    let test = with_sources(store).await;
    let (hikari, _) = two_members(&test).await;
    let body = payload("github_pull_request_closed");
    assert_eq!(deliver(&test, "github", "pull_request", "d-1", &body).await, "accepted");
    assert_eq!(deliver(&test, "github", "pull_request", "d-1", &body).await, "duplicate");
    assert_eq!(deliver(&test, "github", "pull_request", "d-2", &body).await, "duplicate", "the name is not signed");
    let spread = serde_json::to_string_pretty(&body).expect("written");
    let sent =
        Sent { signed: signature(SECRET, &spread), body: spread, ..Sent::new("github", "pull_request", "d-3", &body) };
    assert_eq!(sent.to(&test).await.1["outcome"], "duplicate", "nor is how it is laid out what it says");
    let mut edited = body.clone();
    edited["pull_request"]["title"] = json!("Trim the wick");
    assert_eq!(deliver(&test, "github", "pull_request", "d-4", &edited).await, "duplicate", "a merge happens once");
    assert_eq!(of(&test, hikari).await.len(), 1);
}

async fn what_is_not_ours_is_passed_over_with_the_reason(store: Store) {
    let test = with_sources(store).await;
    two_members(&test).await;
    let merged = payload("github_pull_request_closed");
    let with = |pointer: &str, value: Value| {
        let mut body = merged.clone();
        *body.pointer_mut(pointer).expect("there") = value;
        body
    };
    for (event, body, reason) in [
        ("ping", payload("github_ping"), "ping"),
        ("star", json!({"action": "created"}), "event_not_read"),
        ("pull_request", with("/action", json!("opened")), "nothing_to_credit"),
        ("pull_request", with("/pull_request/merged", json!(false)), "nothing_to_credit"),
        ("pull_request", with("/repository/full_name", json!("stranger/lanterns")), "place_not_listed"),
        ("pull_request", with("/pull_request/user", Value::Null), "account_gone"),
        (
            "discussion",
            json!({"action": "created", "discussion": payload("github_discussion_answered")["discussion"],
            "repository": {"full_name": "example-guild/lanterns"}}),
            "not_mapped",
        ),
    ] {
        let (status, answer) = Sent::new("github", event, "d", &body).to(&test).await;
        assert_eq!((status, &answer["outcome"], &answer["reason"]), (202, &json!("ignored"), &json!(reason)));
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM contribution").await, 0);
    let form = test.http.post(test.url("/hooks/github")).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.body("payload=%7B%7D").send().await.expect("answered").status(), 415);
    let large = Sent { body: "x".repeat(1024 * 1024 + 1), ..Sent::new("github", "ping", "d", &json!({})) };
    assert_eq!(large.to(&test).await.0, 413);
}

async fn have(test: &TestApp, member: waymark::ids::MemberId) -> Value {
    test.settle().await;
    let key = test.api_key(Role::Admin).await;
    let url = test.url(&format!("/api/v1/members/{member}/progress"));
    let body: Value = test.http.get(url).bearer_auth(key).send().await.expect("answered").json().await.expect("JSON");
    body["data"][0]["requirements"].as_array().expect("a list").iter().find(|n| n["id"] == "give").expect("there")["have"].clone()
}

async fn an_answer_that_is_no_longer_accepted_moves_back(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    enrol(&test, "hikari").await;
    assert_eq!(deliver(&test, "forum", "topic_created", "1", &payload("discourse_topic_created")).await, "accepted");
    assert_eq!(deliver(&test, "forum", "post_liked", "2", &payload("discourse_post_liked")).await, "accepted");
    assert_eq!(deliver(&test, "forum", "post_edited", "3", &payload("discourse_post_edited")).await, "ignored");
    let accepted = payload("discourse_accepted_solution");
    assert_eq!(deliver(&test, "forum", "accepted_solution", "4", &accepted).await, "accepted");
    let edited = payload("discourse_post_edited_accepted");
    assert_eq!(
        deliver(&test, "forum", "post_edited", "5", &edited).await,
        "duplicate",
        "the edit tells the same once more"
    );
    assert_eq!(have(&test, tsukumo).await, 1);
    let gone = payload("discourse_unaccepted_solution");
    assert_eq!(deliver(&test, "forum", "unaccepted_solution", "6", &gone).await, "taken_back");
    assert_eq!(have(&test, tsukumo).await, 0, "the bar moves back");
    assert_eq!(deliver(&test, "forum", "unaccepted_solution", "7", &gone).await, "ignored");

    let early = with_sources(Store::Sqlite).await;
    two_members(&early).await;
    assert_eq!(deliver(&early, "forum", "unaccepted_solution", "1", &gone).await, "ignored");
    assert_eq!(
        deliver(&early, "forum", "accepted_solution", "2", &accepted).await,
        "duplicate",
        "the taking back came first"
    );
    assert_eq!(early.count("SELECT COUNT(*) FROM contribution").await, 0);
}

async fn an_older_edit_takes_nothing_back(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    let accepted = payload("discourse_post_edited_accepted");
    assert_eq!(deliver(&test, "forum", "post_edited", "1", &accepted).await, "accepted");
    let mut older = payload("discourse_post_edited");
    older["post"]["updated_at"] = json!("2026-11-18T00:10:00.000Z");
    assert_eq!(deliver(&test, "forum", "post_edited", "2", &older).await, "ignored");
    assert_eq!(have(&test, tsukumo).await, 1);
    assert_eq!(deliver(&test, "forum", "post_edited", "3", &payload("discourse_post_edited")).await, "taken_back");
    assert_eq!(have(&test, tsukumo).await, 0);
}

async fn what_the_name_of_the_event_says_is_not_believed_alone(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    let accepted = payload("discourse_accepted_solution");
    assert_eq!(deliver(&test, "forum", "accepted_solution", "1", &accepted).await, "accepted");
    assert_eq!(deliver(&test, "forum", "unaccepted_solution", "2", &accepted).await, "dead");
    let edited = payload("github_pull_request_review_submitted");
    assert_eq!(deliver(&test, "github", "pull_request", "3", &edited).await, "ignored");
    assert_eq!(have(&test, tsukumo).await, 1);
    // Any event of a post has the same body but for the flag: without it the name would be all that says so.
    let mut written = json!({"post": accepted["solved"]});
    written["post"]["id"] = json!(77_001);
    written["post"]["topic_id"] = json!(411);
    written["post"].as_object_mut().expect("a post").remove("accepted_answer");
    assert_eq!(deliver(&test, "forum", "accepted_solution", "4", &written).await, "dead");
    assert_eq!(deliver(&test, "forum", "unaccepted_solution", "5", &written).await, "dead");
    assert_eq!(have(&test, tsukumo).await, 1);
    written["post"]["accepted_answer"] = json!(true);
    assert_eq!(deliver(&test, "forum", "accepted_solution", "6", &written).await, "accepted");
    assert_eq!(have(&test, tsukumo).await, 2);
}

async fn whoever_merges_their_own_change_is_marked(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    let own = async || test.count("SELECT COUNT(*) FROM contribution WHERE own").await;
    assert_eq!(
        deliver(&test, "forge", "issues", "1", &payload("forgejo_issues_opened")).await,
        "held",
        "hikari is unknown"
    );
    assert_eq!(own().await, 0);
    assert_eq!(deliver(&test, "forge", "pull_request", "2", &payload("forgejo_pull_request_closed")).await, "accepted");
    assert_eq!(own().await, 1);
    let given = of(&test, tsukumo).await;
    assert_eq!((given.len(), given[0].kind.as_str()), (1, "change.merged"));
    // Whoever asked and answers themselves.
    let mut topic = payload("discourse_topic_created");
    topic["topic"]["created_by"] = json!({"id": 62, "username": "Tsukumo"});
    assert_eq!(deliver(&test, "forum", "topic_created", "3", &topic).await, "accepted");
    assert_eq!(
        deliver(&test, "forum", "accepted_solution", "4", &payload("discourse_accepted_solution")).await,
        "accepted"
    );
    assert_eq!(own().await, 2);
}

async fn what_nobody_can_read_waits_for_a_person(store: Store) {
    let test = with_sources(store).await;
    let (hikari, _) = two_members(&test).await;
    let mut odd = payload("github_pull_request_closed");
    odd["pull_request"]["merged_at"] = json!("yesterday");
    let (status, answer) = Sent::new("github", "pull_request", "d-1", &odd).to(&test).await;
    assert_eq!((status, &answer["outcome"], &answer["reason"]), (202, &json!("dead"), &json!("unreadable")));
    assert_eq!(deliver(&test, "github", "pull_request", "d-2", &odd).await, "dead");
    let doubled = Sent {
        body: r#"{"action":"closed","action":"opened"}"#.to_owned(),
        ..Sent::new("github", "pull_request", "d-3", &odd)
    };
    let doubled = Sent { signed: signature(SECRET, &doubled.body), ..doubled };
    assert_eq!(doubled.to(&test).await.1["outcome"], "dead");
    assert_eq!(test.count("SELECT COUNT(*) FROM dead_letter WHERE state = 'waiting'").await, 2, "the same waits once");

    let staff = Visitor::staff(&test, Role::Admin).await;
    for (language, word) in [("en", "`pull_request.merged_at` is no time"), ("ja", "読み取れませんでした")] {
        let html = staff.page("/admin/sources/github", language).await;
        assert!(html.contains(word), "{html}");
    }
    let csrf = staff.csrf("/admin/sources/github").await;
    let ids = test.texts("SELECT id FROM dead_letter ORDER BY id").await;
    let letter = |id: &str, step: &str| format!("/admin/dead-letters/{id}/{step}");
    assert_eq!(staff.post(&letter(&ids[0], "retry"), json!({"csrf": csrf})).await, 303);
    assert_eq!(
        test.count("SELECT COUNT(*) FROM dead_letter WHERE state = 'waiting'").await,
        2,
        "it says the same as before"
    );
    // What it says can be read from now on: as after an update of this program.
    let whole = payload("github_pull_request_closed").to_string().replace('\'', "''");
    test.run_sql(&format!("UPDATE dead_letter SET body = '{whole}' WHERE id = '{}'", ids[0])).await;
    assert_eq!(staff.post(&letter(&ids[0], "retry"), json!({"csrf": csrf})).await, 303);
    assert_eq!(of(&test, hikari).await.len(), 1);
    assert_eq!(staff.post(&letter(&ids[0], "retry"), json!({"csrf": csrf})).await, 404, "it waits no longer");
    assert_eq!(staff.post(&letter(&ids[1], "discard"), json!({"csrf": csrf})).await, 303);
    assert_eq!(test.texts("SELECT state FROM dead_letter ORDER BY id").await, ["counted", "discarded"]);
    assert_eq!(test.texts("SELECT body FROM dead_letter ORDER BY id").await, ["", ""], "nothing of it is kept longer");
    let log = test.audit_actions().await;
    assert!(log.contains(&"dead_letter.retry".to_owned()) && log.contains(&"dead_letter.discard".to_owned()));

    let issuer = Visitor::staff(&test, Role::Issuer).await;
    let csrf = issuer.csrf("/me").await;
    assert!(!issuer.page("/admin/sources/github", "en").await.contains("/retry"));
    assert_eq!(issuer.post(&letter(&ids[1], "retry"), json!({"csrf": csrf})).await, 403);
}

async fn what_is_accepted_again_waits_for_a_person(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    let (accepted, gone) = (payload("discourse_accepted_solution"), payload("discourse_unaccepted_solution"));
    deliver(&test, "forum", "accepted_solution", "1", &accepted).await;
    deliver(&test, "forum", "unaccepted_solution", "2", &gone).await;
    assert_eq!(
        deliver(&test, "forum", "accepted_solution", "3", &accepted).await,
        "dead",
        "or an old message, repeated"
    );
    assert_eq!(have(&test, tsukumo).await, 0);
    let staff = Visitor::staff(&test, Role::Owner).await;
    let csrf = staff.csrf("/admin/sources/forum").await;
    let id = test.texts("SELECT id FROM dead_letter").await.remove(0);
    assert_eq!(staff.post(&format!("/admin/dead-letters/{id}/retry"), json!({"csrf": csrf})).await, 303);
    assert_eq!(have(&test, tsukumo).await, 1, "a person looked");
    assert_eq!(deliver(&test, "forum", "accepted_solution", "4", &accepted).await, "duplicate");
    assert_eq!(deliver(&test, "forum", "unaccepted_solution", "5", &gone).await, "taken_back");
    assert_eq!(have(&test, tsukumo).await, 0);
}

async fn robots_are_nobody(store: Store) {
    let test = with_sources(store).await;
    let (_, tsukumo) = two_members(&test).await;
    let mut merged = payload("github_pull_request_closed");
    merged["pull_request"]["body"] = Value::Null;
    merged["pull_request"]["user"] = json!({"login": "dependabot[bot]", "id": 49699333, "type": "Bot"});
    let (_, answer) = Sent::new("github", "pull_request", "1", &merged).to(&test).await;
    assert_eq!((&answer["outcome"], &answer["reason"]), (&json!("ignored"), &json!("bot")));
    let mut liked = payload("discourse_post_liked");
    liked["like"]["user"] = json!({"id": -1, "username": "system"});
    assert_eq!(deliver(&test, "forum", "post_liked", "2", &liked).await, "accepted");
    let facts = waymark::facts::of_member(test.app.db.read(), tsukumo).await.expect("read");
    assert!(facts.iter().all(|fact| fact.giver.is_none()), "and give nothing");
    let mut solved = payload("discourse_accepted_solution");
    solved["solved"]["user_id"] = json!(-2);
    assert_eq!(deliver(&test, "forum", "accepted_solution", "3", &solved).await, "ignored");
}
