//! Numbers cannot be walked.

use reqwest::multipart::Form;
use serde_json::{Value, json};
use waymark::credentials::Visibility;

use super::{api, show, shown};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    wrong_and_unknown_answer_alike,
    a_name_opens_what_is_public_and_nothing_else,
    one_number_is_tried_sixty_times_an_hour_whoever_asks,
    names_are_tried_on_all_numbers_together
);

async fn number(guild: &Guild, body: Value) -> (u16, Value) {
    api(guild, "/api/v1/verifications", &body).await
}

async fn wrong_and_unknown_answer_alike(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Public).await;
    let alike = |(status, mut answer): (u16, Value)| {
        answer["request_id"] = Value::Null;
        (status, answer)
    };
    let unknown = alike(number(&guild, json!({"number": "EG-2026-999999", "check_code": "AAAAAA"})).await);
    assert_eq!(unknown.0, 422);
    let controls = format!("{}\u{1}", known.number);
    for (n, code) in [
        (known.number.as_str(), "AAAAAA"),
        (&known.number, ""),
        (&controls, &known.check_code),
        ("", ""),
        (&"9".repeat(500), "A"),
    ] {
        assert_eq!(alike(number(&guild, json!({"number": n, "check_code": code})).await), unknown, "{n} {code}");
    }
    for n in [&known.number, "EG-2026-999999"] {
        let by_name = number(&guild, json!({"number": n, "recipient": {"name": "Somebody Else"}})).await;
        assert_eq!(alike(by_name), unknown, "{n}");
    }
    let page = async |n: &str| {
        let form = Form::new().text("number", n.to_owned()).text("check_code", "AAAAAA");
        let request = guild.test.http.post(guild.test.url("/verify")).multipart(form).header("accept", "text/html");
        let text = request.send().await.expect("answered").text().await.expect("text");
        text.replace(n, "")
    };
    assert_eq!(page(&known.number).await, page("EG-2026-999999").await);
    // Right ones in every way of writing them.
    for (n, code) in [
        (known.number.to_lowercase(), known.check_code.to_lowercase()),
        (format!(" {} ", known.number), format!(" {} ", known.check_code)),
        (known.number.replace('2', "２").replace('-', "－"), known.check_code.clone()),
    ] {
        assert_eq!(number(&guild, json!({"number": n, "check_code": code})).await.1["state"], "valid", "{n}");
    }
}

async fn a_name_opens_what_is_public_and_nothing_else(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Public).await;
    let body = json!({"number": known.number, "recipient": {"name": "七瀬　ヒカリ"}});
    let (status, report) = number(&guild, body.clone()).await;
    assert_eq!((status, &report["state"], &report["checks"][8]["outcome"]), (200, &json!("valid"), &json!("passed")));
    for visibility in [Visibility::Link, Visibility::Private] {
        show(&guild, &known, visibility).await;
        assert_eq!(number(&guild, body.clone()).await.0, 422, "{visibility:?}");
        let by_code = json!({"number": known.number, "check_code": known.check_code});
        assert_eq!(number(&guild, by_code).await.1["state"], "valid", "whoever holds the certificate has the code");
    }
    assert_eq!(number(&guild, json!({"number": known.number})).await.1["code"], "validation_failed");
    assert_eq!(number(&guild, json!({"number": known.number, "recipient": {"email": "a@b.example"}})).await.0, 422);
}

/// Tries until it is refused, each time from another address; answers how often it was let through.
async fn tries(guild: &Guild, body: impl Fn(usize) -> Value) -> usize {
    for n in 0..200 {
        let from = format!("198.51.100.{n}");
        let request = guild
            .test
            .http
            .post(guild.test.url("/api/v1/verifications"))
            .json(&body(n))
            .header("x-forwarded-for", from);
        if request.send().await.expect("answered").status() == 429 {
            return n;
        }
    }
    200
}

async fn guild_behind_a_proxy(store: Store) -> Guild {
    let test = crate::support::TestApp::start_with(store, |config| {
        config.trusted_proxies = "127.0.0.0/8".to_owned();
        config.issuer.did_method = waymark::config::DidMethod::Key;
    });
    let guild = Guild::in_app(test.await).await;
    waymark::issuer::generate_keys(&guild.test.app, waymark::actor::Actor::Operator).await.expect("a key is made");
    guild
}

async fn one_number_is_tried_sixty_times_an_hour_whoever_asks(store: Store) {
    let guild = guild_behind_a_proxy(store).await;
    let known = guild.released("hikari@members.example").await;
    let right = || json!({"number": known.number, "check_code": known.check_code});
    assert_eq!(tries(&guild, |_| right()).await, 200, "the right code costs nothing");
    let spelled = [known.number.clone(), known.number.to_lowercase(), known.number.replace('-', "－")];
    let wrong = |n: usize| json!({"number": spelled[n % 3], "check_code": format!("{n:06}")});
    assert_eq!(tries(&guild, wrong).await, 60, "however it is written");
    assert_eq!(number(&guild, right()).await.0, 429, "then nobody is told anything");
    assert_eq!(
        tries(&guild, |_| json!({"number": "EG-2026-999999", "check_code": "AAAAAA"})).await,
        60,
        "unknown ones alike"
    );
    guild.test.clock.advance(time::Duration::minutes(1));
    assert_eq!(number(&guild, right()).await.0, 200);
}

async fn names_are_tried_on_all_numbers_together(store: Store) {
    let guild = guild_behind_a_proxy(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Public).await;
    let right = json!({"number": known.number, "recipient": {"name": "七瀬 ひかり"}});
    assert_eq!(number(&guild, right.clone()).await.0, 200);
    let walked =
        tries(&guild, |n| json!({"number": format!("EG-2026-{n:06}"), "recipient": {"name": "佐藤 太郎"}})).await;
    assert_eq!(walked, 120);
    assert_eq!(number(&guild, right).await.0, 429);
    let by_code = json!({"number": known.number, "check_code": known.check_code});
    assert_eq!(number(&guild, by_code).await.0, 200, "a check code goes on");
}
