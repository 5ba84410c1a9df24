//! Links to join: looked at often, used once, worth nothing once they have ended in whatever way.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::error::Code;
use waymark::ids::MemberId;
use waymark::web::i18n::Locale;
use waymark::{invitations, members};

use super::{invited, open, path_of, press};
use crate::credentials::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_link_to_join_is_looked_at_often_and_used_once,
    of_two_who_race_one_gets_in,
    a_link_to_join_dies_with_time_with_a_new_one_and_when_it_is_withdrawn,
    no_link_to_join_leads_into_an_account_in_use,
    whoever_declines_is_left_in_peace,
    a_letter_invites_in_its_readers_language_and_proves_the_address,
    nobody_can_guess_links_to_join
);

async fn sessions(test: &TestApp) -> i64 {
    test.count("SELECT COUNT(*) FROM session").await
}

async fn member_of(guild: &Guild, email: &str) -> MemberId {
    members::by_email(guild.test.app.db.read(), email).await.expect("read").expect("known").id
}

async fn a_link_to_join_is_looked_at_often_and_used_once(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let (_, path) = invited(&guild, &key, "hikari@members.example", "ja").await;
    for _ in 0..3 {
        let (status, html) = open(test, &path, "en").await;
        assert!(status == 200 && html.contains("例の会への招待") && html.contains("<html lang=\"ja\""), "{html}");
        assert!(
            html.contains("七瀬 ひかり") && html.contains("h…@members.example") && !html.contains("hikari@"),
            "{html}"
        );
    }
    let (_, html) = open(test, &format!("{path}?lang=en"), "ja").await;
    assert!(html.contains("Example Guild invites you"), "unless they ask for the other language: {html}");
    let db = test.app.db.read();
    let member = member_of(&guild, "hikari@members.example").await;
    assert!(!members::is_claimed(db, member).await.expect("read"), "looking accepts nothing");
    let elsewhere = test.http.post(test.url(&path)).header("sec-fetch-site", "cross-site").form(&json!({})).send();
    assert_eq!(elsewhere.await.expect("answered").status(), 403, "another site cannot press the button");
    let stored = test.texts("SELECT hash FROM invitation").await.remove(0);
    assert!(!path.contains(&stored) && stored.len() == 64, "only a hash is kept");
    let accepted = press(test, &path).await;
    assert_eq!(accepted.status(), 303);
    let next = accepted.headers()["location"].to_str().expect("text").to_owned();
    let cookie = accepted.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("one").to_owned();
    let welcome = test.http.get(test.url(&next)).header("cookie", &cookie).header("accept", "text/html");
    let welcome = welcome.send().await.expect("answered").text().await.expect("text");
    assert!(welcome.contains("例の会へようこそ") && welcome.contains(r#"value="private" checked"#), "{welcome}");
    assert!(members::is_claimed(db, member).await.expect("read"));
    assert_eq!(
        members::verified_email(db, member).await.expect("read"),
        None,
        "a link that was handed over proves nothing"
    );
    assert_eq!((open(test, &path, "en").await.0, press(test, &path).await.status().as_u16()), (410, 410));
    let (status, problem) = guild
        .post(
            &key,
            "/api/v1/invitations",
            None,
            &json!({"email": "hikari@members.example", "name": "x", "how": "link"}),
        )
        .await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_claimed")), "from now on they sign in by themselves");
    let audit = test.audit_actions().await;
    let times = |action: &str| audit.iter().filter(|a| *a == action).count();
    assert_eq!((times("invitation.make"), times("invitation.accept")), (1, 1));
}

async fn of_two_who_race_one_gets_in(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    for round in 0..5 {
        let (id, path) = invited(&guild, &key, &format!("m{round}@members.example"), "en").await;
        let before = sessions(test).await;
        let (a, b) = tokio::join!(press(test, &path), press(test, &path));
        let mut statuses = [a.status().as_u16(), b.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!((statuses, sessions(test).await - before), ([303, 410], 1), "round {round}");
        let known = invitations::find(test.app.db.read(), id).await.expect("there");
        assert_eq!(known.state, invitations::State::Accepted);
    }
    // One accepts while another declines: one of the two holds.
    let (_, path) = invited(&guild, &key, "both@members.example", "en").await;
    let decline = format!("{path}/decline");
    let (a, b) = tokio::join!(press(test, &path), press(test, &decline));
    let worked = [a.status().as_u16() == 303, b.status().as_u16() == 200];
    assert_eq!(worked.iter().filter(|w| **w).count(), 1, "{} {}", a.status(), b.status());
}

async fn a_link_to_join_dies_with_time_with_a_new_one_and_when_it_is_withdrawn(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let (id, first) = invited(&guild, &key, "hikari@members.example", "en").await;
    let renew = format!("/api/v1/invitations/{id}/renew");
    let (status, made) = guild.post(&key, &renew, None, &json!({"how": "link"})).await;
    assert_eq!((status, &made["id"]), (200, &json!(id)), "it is the same invitation");
    let second = path_of(test, &made["url"]);
    assert_eq!((open(test, &first, "en").await.0, open(test, &second, "en").await.0), (410, 200));
    test.clock.advance(invitations::INVITATION - time::Duration::SECOND);
    assert_eq!(open(test, &second, "en").await.0, 200);
    test.clock.advance(time::Duration::SECOND);
    let decline = format!("{second}/decline");
    assert_eq!(
        (
            open(test, &second, "en").await.0,
            press(test, &second).await.status().as_u16(),
            press(test, &decline).await.status().as_u16()
        ),
        (410, 410, 410)
    );
    let (_, listed) = guild.get(&key, "/api/v1/invitations?state=expired").await;
    assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["state"]), (&json!(id), &json!("expired")));
    let (_, made) = guild.post(&key, &renew, None, &json!({"how": "link"})).await;
    let third = path_of(test, &made["url"]);
    assert_eq!(open(test, &third, "en").await.0, 200, "it was sent again");
    let withdraw = format!("/api/v1/invitations/{id}/withdraw");
    let (status, ended) = guild.post(&key, &withdraw, None, &Value::Null).await;
    assert_eq!((status, &ended["state"]), (200, &json!("withdrawn")), "{ended}");
    assert_eq!((open(test, &third, "en").await.0, press(test, &third).await.status().as_u16()), (410, 410));
    assert_eq!(guild.post(&key, &withdraw, None, &Value::Null).await.0, 409, "once");
    assert_eq!(sessions(test).await, 0);
    // Unknown, replaced, expired, withdrawn: one and the same page.
    let strip = |html: &str, path: &str| {
        let html = html.replace(path.trim_start_matches('/'), "");
        let id = html.find("req_").map(|at| html[at..at + 22].to_owned()).unwrap_or_default();
        html.replace(&id, "")
    };
    let unknown = format!("/invite/{}", "A".repeat(43));
    let plain = open(test, &unknown, "en").await;
    for path in [&first, &second, &third] {
        let dead = open(test, path, "en").await;
        assert_eq!((dead.0, strip(&dead.1, path)), (plain.0, strip(&plain.1, &unknown)));
    }
    let (_, made) = guild.post(&key, &renew, None, &json!({"how": "link"})).await;
    assert!(made["id"] != json!(id) && made["state"] == "open", "what was withdrawn begins anew: {made}");
}

async fn no_link_to_join_leads_into_an_account_in_use(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let (_, staff) = invited(&guild, &key, "boss@members.example", "en").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let boss = member_of(&guild, "boss@members.example").await;
    access::give_role(&mut ch, boss, Role::Owner).await.expect("given");
    ch.commit().await.expect("committed");
    assert_eq!((open(test, &staff, "en").await.0, press(test, &staff).await.status().as_u16()), (410, 410));
    let (id, path) = invited(&guild, &key, "ada@members.example", "en").await;
    let ada = member_of(&guild, "ada@members.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = access::create_login_link(&mut ch, ada).await.expect("made");
    ch.commit().await.expect("committed");
    assert_eq!(press(test, &format!("/login/{token}")).await.status(), 303);
    assert_eq!((open(test, &path, "en").await.0, press(test, &path).await.status().as_u16()), (410, 410));
    let (status, problem) =
        guild.post(&key, &format!("/api/v1/invitations/{id}/renew"), None, &json!({"how": "link"})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_claimed")));
    let (_, listed) = guild.get(&key, "/api/v1/invitations").await;
    let states: Vec<&Value> = listed["data"].as_array().expect("a list").iter().map(|i| &i["state"]).collect();
    assert_eq!(states, ["overtaken", "overtaken"]);
    assert_eq!(sessions(test).await, 1, "their own");
}

async fn whoever_declines_is_left_in_peace(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let list = "氏名,メール\n七瀬 ひかり,hikari@members.example\n蓮,ren@members.example\n";
    let (_, started) = super::import(test, &key, list.as_bytes(), &[("locale", "ja")]).await;
    test.settle().await;
    let all = format!("/api/v1/members/import/{}/invitations", started["job"].as_str().expect("a job"));
    let (_, made) = guild.post(&key, &all, None, &json!({"how": "link"})).await;
    let of = |made: &Value, email: &str| {
        let rows = made["data"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["email"] == email)
    };
    let row = of(&made, "hikari@members.example").expect("invited");
    let path = path_of(test, &row["url"]);
    let answer = press(test, &format!("{path}/decline")).await;
    let (status, html) = (answer.status().as_u16(), answer.text().await.expect("text"));
    assert!(status == 200 && html.contains("招待を辞退しました") && html.contains("office@guild.example"), "{html}");
    assert_eq!((open(test, &path, "ja").await.0, press(test, &path).await.status().as_u16()), (410, 410));
    assert_eq!(sessions(test).await, 0);
    let (_, again) = guild.post(&key, &all, None, &json!({"how": "link"})).await;
    assert!(of(&again, "hikari@members.example").is_none() && of(&again, "ren@members.example").is_some(), "{again}");
    let id = row["id"].as_str().expect("an id");
    let renewed = guild.post(&key, &format!("/api/v1/invitations/{id}/renew"), None, &json!({"how": "link"})).await;
    assert_eq!(renewed.0, 409);
    invited(&guild, &key, "hikari@members.example", "ja").await;
    assert!(test.audit_actions().await.contains(&"invitation.decline".to_owned()));
}

async fn a_letter_invites_in_its_readers_language_and_proves_the_address(store: Store) {
    let test = TestApp::start_with(store, |config| {
        // Nobody listens there: what matters is what would be sent.
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.from = "Guild <office@guild.example>".to_owned();
    })
    .await;
    let guild = Guild::in_app(test).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let links = "SELECT COUNT(*) FROM invitation WHERE mailed AND hash IS NOT NULL";
    for (n, (email, locale, subject, word)) in [
        ("ja@members.example", Locale::Ja, "例の会への招待", "様"),
        ("en@members.example", Locale::En, "Example Guild invites you", "Dear"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({"email": email, "name": "七瀬 ひかり", "locale": locale.as_str(), "how": "mail"});
        let (status, made) = guild.post(&key, "/api/v1/invitations", None, &body).await;
        assert!(status == 201 && made["url"].is_null() && made["sent_at"].is_null(), "{made}");
        assert_eq!(test.count(links).await, 0, "not in the change that invites");
        test.settle().await;
        assert_eq!(test.count(links).await, 1, "one letter");
        let id = made["id"].as_str().expect("an id").parse().expect("an id");
        let known = invitations::find(test.app.db.read(), id).await.expect("there");
        let letter = invitations::letter_for(&test.app, &known).await.expect("written");
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), (email, subject));
        assert!(letter.body.contains(word) && letter.body.contains("七瀬 ひかり"), "{}", letter.body);
        let link = letter.body.lines().find_map(|l| l.trim().strip_prefix(&test.base)).expect("a link on its own line");
        assert_eq!(press(test, link).await.status(), 303);
        let verified = members::verified_email(test.app.db.read(), known.member).await.expect("read");
        assert_eq!(verified.as_deref(), Some(email), "{n}");
        let error = invitations::letter_for(&test.app, &known).await.expect_err("accepted");
        assert_eq!(error.code(), Code::Conflict);
    }
    let list = "name,email\nAda,ada@members.example\nBob,bob@members.example\nJa,ja@members.example\n";
    let (_, started) = super::import(test, &key, list.as_bytes(), &[]).await;
    test.settle().await;
    let all = format!("/api/v1/members/import/{}/invitations", started["job"].as_str().expect("a job"));
    let (_, made) = guild.post(&key, &all, None, &json!({"how": "mail"})).await;
    assert_eq!(made["data"].as_array().map(Vec::len), Some(2), "who signs in already gets no letter: {made}");
    let (_, again) = guild.post(&key, &all, None, &json!({"how": "mail"})).await;
    assert_eq!(again["data"], json!([]), "nor does anybody get two");
    let bob = member_of(&guild, "bob@members.example").await;
    let bob = invitations::latest_of(test.app.db.read(), bob).await.expect("read").expect("invited");
    guild.post(&key, &format!("/api/v1/invitations/{}/withdraw", bob.id), None, &Value::Null).await;
    test.settle().await;
    assert_eq!(test.count(links).await, 1, "what was withdrawn in the meantime is not written");
}

async fn nobody_can_guess_links_to_join(store: Store) {
    let guild = Guild::without_key(store).await;
    let (test, key) = (&guild.test, guild.admin().await);
    let (_, path) = invited(&guild, &key, "hikari@members.example", "ja").await;
    for n in 0..10 {
        let guess = format!("/invite/{}", format!("{n}").repeat(43));
        let statuses = (
            open(test, &guess, "en").await.0,
            press(test, &guess).await.status().as_u16(),
            press(test, &format!("{guess}/decline")).await.status().as_u16(),
        );
        assert_eq!(statuses, (410, 410, 410));
    }
    assert_eq!(open(test, &path, "ja").await.0, 429, "as often as links to sign in");
    for path in [path.clone(), format!("{path}/decline")] {
        assert_eq!(press(test, &path).await.status(), 429);
    }
}
