//! "Is it yours?"

use serde_json::Value;
use time::Duration;
use waymark::credentials::{Credential, StatusChange, Visibility};

use super::{Session, address, change, get, post, post_as, show, shown};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    a_holder_confirms_with_one_press,
    only_the_holder_answers_and_only_once,
    only_what_is_shown_and_in_force_is_asked_about,
    a_holder_is_not_flooded_and_can_switch_questions_off,
    a_question_ends
);

async fn ask(guild: &Guild, credential: &Credential, note: &str) -> (u16, String, String) {
    post(guild, "/verify/ask", &[("text", &address(guild, credential)), ("note", note)]).await
}

/// The id of the newest question that the holder can answer.
fn question_on(page: &str) -> String {
    let form = page.split("action=\"/me/questions/").nth(1).and_then(|rest| rest.split('"').next());
    form.unwrap_or_else(|| panic!("a question: {page}")).to_owned()
}

async fn a_holder_confirms_with_one_press(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let (status, location, page) = ask(&guild, &known, "Example Trading <b>HR</b>").await;
    assert_eq!(status, 303, "{page}");
    let token = location.strip_prefix("/verify/asked/").expect("a page of one's own");
    assert_eq!(token.len(), 32, "192 bits");
    assert_eq!(guild.test.count(&format!("SELECT COUNT(*) FROM holder_question WHERE hash = '{token}'")).await, 0);
    let (_, waiting) = get(&guild, &location).await;
    assert!(waiting.contains("No answer yet") && waiting.contains("七瀬 ひかり"), "{waiting}");
    assert!(
        !waiting.contains("hikari@") && !waiting.contains(&known.member.to_string()),
        "nothing else about the holder"
    );

    let holder = Session::of(&guild, known.member).await;
    let (_, me) = holder.get(&guild, "/me").await;
    assert!(me.contains("Somebody asked") && me.contains("Example Trading &#60;b&#62;HR&#60;/b&#62;"), "{me}");
    let path = format!("/me/questions/{}", question_on(&me));
    guild.test.clock.advance(Duration::hours(1));
    assert_eq!(post_as(&guild, Some(&holder), &path, &[("answer", "confirmed")]).await.0, 303);
    assert!(!holder.get(&guild, "/me").await.1.contains("Somebody asked"), "answered");
    let (_, answered) = get(&guild, &location).await;
    assert!(answered.contains("Confirmed by the holder 21 Nov 2026, 19:00 JST"), "{answered}");

    let (_, _, saved) = post(&guild, &format!("{location}/report"), &[("form", "json")]).await;
    let saved: Value = serde_json::from_str(&saved).expect("JSON");
    let result = &saved["results"][0];
    assert_eq!(
        (&result["state"], &result["holder"]["confirmed_at"]),
        (&"valid".into(), &"2026-11-21T10:00:00Z".into())
    );
    assert_eq!(result["checks"][9]["outcome"], "not_checked", "the check of the holder stays as it is");
    let (_, _, printed) = post(&guild, &format!("{location}/report"), &[("form", "page")]).await;
    assert!(printed.contains("Confirmed by the holder 21 Nov 2026, 19:00 JST"), "{printed}");
}

async fn only_the_holder_answers_and_only_once(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let other = guild.released("kaede@members.example").await;
    let (_, location, _) = ask(&guild, &known, "").await;
    let (holder, stranger) = (Session::of(&guild, known.member).await, Session::of(&guild, other.member).await);
    let path = format!("/me/questions/{}", question_on(&holder.get(&guild, "/me/questions").await.1));
    let confirm = [("answer", "confirmed")];
    assert!(stranger.get(&guild, "/me/questions").await.1.contains("Nobody has asked"));
    assert_eq!(post_as(&guild, Some(&stranger), &path, &confirm).await.0, 404);
    assert_eq!(post(&guild, &path, &confirm).await.0, 401, "nobody signed in");
    let forged = Session { secret: holder.secret.clone(), csrf: "wrong".to_owned() };
    assert_eq!(post_as(&guild, Some(&forged), &path, &confirm).await.0, 403, "another site's form");
    for key in [guild.admin().await, member_token(&guild, &known).await] {
        let request = guild.test.http.post(guild.test.url(&path)).bearer_auth(key).form(&confirm);
        assert_eq!(request.send().await.expect("answered").status(), 403, "not in person");
    }
    assert_eq!(post_as(&guild, Some(&holder), &path, &[("answer", "maybe")]).await.0, 422);
    assert!(get(&guild, &location).await.1.contains("No answer yet"));
    assert_eq!(post_as(&guild, Some(&holder), &path, &[("answer", "declined")]).await.0, 303);
    assert_eq!(post_as(&guild, Some(&holder), &path, &confirm).await.0, 303, "a second press changes nothing");
    assert!(get(&guild, &location).await.1.contains("The holder declined to answer"));
}

async fn member_token(guild: &Guild, credential: &Credential) -> String {
    let db = &guild.test.app.db;
    let mut ch =
        db.change(waymark::actor::Actor::Operator, waymark::database::Kind::Privileged).await.expect("the door opens");
    let (token, _) = waymark::access::mint_member_token(&mut ch, credential.member).await.expect("made");
    ch.commit().await.expect("committed");
    token
}

async fn only_what_is_shown_and_in_force_is_asked_about(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let (signed, _) = guild.signed(&known).await;
    let (_, location, _) = ask(&guild, &known, "").await;
    let refused = "Its holder cannot be asked here";
    change(&guild, &known, StatusChange::Suspend).await;
    assert!(ask(&guild, &known, "").await.2.contains(refused), "not while it is on hold");
    assert!(get(&guild, &location).await.1.contains("Suspended"), "the page tells the state of now");
    show(&guild, &known, Visibility::Private).await;
    assert!(post(&guild, "/verify/ask", &[("text", &signed)]).await.2.contains(refused), "not about what is private");
    let unknown = get(&guild, &format!("/verify/asked/{}", "A".repeat(32))).await;
    let gone = get(&guild, &location).await;
    let token = location.rsplit('/').next().unwrap_or_default();
    let strip = |text: String, token: &str| text.split("req_").next().unwrap_or_default().replace(token, "x");
    assert_eq!(
        (gone.0, strip(gone.1, token)),
        (unknown.0, strip(unknown.1, &"A".repeat(32))),
        "as if nobody had asked"
    );
    assert_eq!(unknown.0, 404);
    assert!(post(&guild, "/verify/ask", &[]).await.2.contains("Which credential do you mean?"));
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM holder_question").await, 1);
}

async fn a_holder_is_not_flooded_and_can_switch_questions_off(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    for fault in ["x".repeat(121), "a\u{202e}b".to_owned()] {
        assert!(ask(&guild, &known, &fault).await.2.contains("The note cannot be shown"));
    }
    for n in 0..5 {
        assert_eq!(ask(&guild, &known, "").await.0, 303, "{n}");
    }
    assert!(ask(&guild, &known, "").await.2.contains("This holder was asked often today"));
    guild.test.clock.advance(Duration::hours(25));
    assert_eq!(ask(&guild, &known, "").await.0, 303);
    let holder = Session::of(&guild, known.member).await;
    assert_eq!(post_as(&guild, Some(&holder), "/me/questions", &[("take", "no")]).await.0, 303);
    assert!(ask(&guild, &known, "").await.2.contains("This holder takes no such questions"));
    assert!(holder.get(&guild, "/me/questions").await.1.contains("Take questions again"));
    assert_eq!(post_as(&guild, Some(&holder), "/me/questions", &[("take", "yes")]).await.0, 303);
    assert_eq!(ask(&guild, &known, "").await.0, 303);

    // One address asks ten times an hour, whomever.
    let other = shown(&guild, "kaede@members.example", Visibility::Link).await;
    guild.test.clock.advance(Duration::hours(25));
    let mut asked = 0;
    while ask(&guild, if asked % 2 == 0 { &known } else { &other }, "").await.0 == 303 {
        asked += 1;
    }
    assert_eq!((asked, ask(&guild, &other, "").await.0), (10, 429));
}

async fn a_question_ends(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let (_, location, _) = ask(&guild, &known, "").await;
    let holder = Session::of(&guild, known.member).await;
    let path = format!("/me/questions/{}", question_on(&holder.get(&guild, "/me/questions").await.1));
    guild.test.clock.advance(Duration::days(6) + Duration::hours(23));
    let holder = Session::of(&guild, known.member).await;
    assert!(holder.get(&guild, "/me").await.1.contains("Somebody asked"));
    guild.test.clock.advance(Duration::hours(2));
    assert!(!holder.get(&guild, "/me").await.1.contains("Somebody asked"));
    assert_eq!(post_as(&guild, Some(&holder), &path, &[("answer", "confirmed")]).await.0, 404, "too late");
    assert!(get(&guild, &location).await.1.contains("Nobody answered in time"));
    let tend = async || waymark::verification::tend(&guild.test.app).await.expect("tended");
    tend().await;
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM holder_question").await, 1, "it can still be read");
    guild.test.clock.advance(Duration::days(23));
    assert_eq!(get(&guild, &location).await.0, 404);
    tend().await;
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM holder_question").await, 0, "nothing about who asked is kept");
}
