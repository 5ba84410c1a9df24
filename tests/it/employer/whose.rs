//! "Is it theirs?"

use serde_json::json;
use waymark::credentials::Visibility;

use super::{address, api, change, confirm_address, post, shown};
use crate::credentials::Guild;
use crate::showing::Holder;
use crate::support::{Store, on_both};

on_both!(
    a_name_or_an_address_matches_differs_or_cannot_be_told,
    nothing_stored_is_told_and_tries_are_counted,
    tries_are_counted_over_all_that_one_holder_has,
    what_is_longer_than_any_name_is_not_compared,
    what_folds_to_nothing_matches_nobody
);

fn heading(page: &str) -> &str {
    page.split("<h1 class=\"banner__word\">").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or(page)
}

async fn a_name_or_an_address_matches_differs_or_cannot_be_told(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let url = address(&guild, &known);
    let ask = async |given: &str| {
        let (status, _, page) = post(&guild, "/verify/whose", &[("text", &url), ("given", given)]).await;
        assert_eq!(status, 200, "{page}");
        heading(&page).to_owned()
    };
    for name in ["七瀬 ひかり", "七瀬ひかり", "七瀬　ヒカリ", " 七瀬 ﾋｶﾘ "] {
        assert_eq!(ask(name).await, "It matches", "{name}");
    }
    assert_eq!(ask("七瀬 ひかる").await, "It does not match");
    assert_eq!(ask("hikari@members.example").await, "That cannot be told", "an address that nobody has confirmed");
    confirm_address(&guild, known.member).await;
    for email in ["hikari@members.example", " Hikari@Members.Example ", "ｈｉｋａｒｉ＠members.example"] {
        assert_eq!(ask(email).await, "It matches", "{email}");
    }
    assert_eq!(ask("hikaru@members.example").await, "It does not match");

    // The same by API, where the state stays as it is.
    for (recipient, outcome, code) in [
        (json!({"email": "hikari@members.example"}), "passed", "recipient_matches"),
        (json!({"email": "hikari@members.example", "name": "七瀬ひかり"}), "passed", "recipient_matches"),
        (json!({"email": "other@members.example", "name": "七瀬ひかり"}), "failed", "recipient_address_differs"),
        (json!({"email": "hikari@members.example", "name": "Somebody Else"}), "failed", "recipient_differs"),
    ] {
        let (_, report) = api(&guild, "/api/v1/verifications", &json!({"url": url, "recipient": recipient})).await;
        let check = &report["checks"][8];
        assert_eq!(
            (&check["id"], &check["outcome"], &check["code"]),
            (&json!("recipient"), &json!(outcome), &json!(code))
        );
        assert_eq!((&report["state"], &report["checks"][9]["outcome"]), (&json!("valid"), &json!("not_checked")));
    }

    // From a pasted document, and from a picture, as from an address; of an altered one nothing is told.
    let (json_text, jwt) = guild.signed(&known).await;
    for text in [&json_text, &jwt] {
        let (_, _, page) = post(&guild, "/verify/whose", &[("text", text), ("given", "七瀬ひかり")]).await;
        assert_eq!(heading(&page), "It matches");
    }
    let altered = json_text.replace("七瀬 ひかり", "Somebody");
    let (_, _, page) = post(&guild, "/verify/whose", &[("text", &altered), ("given", "Somebody")]).await;
    assert_eq!(heading(&page), "That cannot be told");
    change(&guild, &known, waymark::credentials::StatusChange::Revoke).await;
    let (_, _, page) = post(&guild, "/verify/whose", &[("text", &url), ("given", "七瀬ひかり")]).await;
    assert!(heading(&page) == "It matches" && page.contains("Revoked by the issuer"), "{page}");
}

async fn nothing_stored_is_told_and_tries_are_counted(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let private = guild.released("kaede@members.example").await;
    confirm_address(&guild, known.member).await;
    let url = address(&guild, &known);
    let (_, _, page) = post(&guild, "/verify/whose", &[("text", &url), ("given", "x@members.example")]).await;
    assert!(!page.contains("hikari@") && !page.contains("七瀬"), "neither the address nor the name: {page}");
    let (_, _, page) =
        post(&guild, "/verify/whose", &[("text", &address(&guild, &private)), ("given", "七瀬ひかり")]).await;
    assert!(page.contains("Nothing is shown at this address"), "{page}");
    for (fields, told) in [
        (vec![("text", url.as_str())], "Whom do you mean?"),
        (vec![("text", &url), ("given", " ")], "Whom do you mean?"),
        (vec![("text", &url), ("given", &"x".repeat(300))], "Whom do you mean?"),
        (vec![("given", "Ada")], "Which credential do you mean?"),
        (vec![("text", "hello"), ("given", "Ada")], "No credential was found in this"),
    ] {
        let (status, _, page) = post(&guild, "/verify/whose", &fields).await;
        assert!(status == 200 && page.contains(told), "{told}: {page}");
    }
    assert_eq!(super::get(&guild, "/verify/whose").await.0, 405, "never by GET");
    // One credential, from wherever it is asked: the purse of the address is larger.
    let mut answered = 0;
    while post(&guild, "/verify/whose", &[("text", &url), ("given", "x@members.example")]).await.0 == 200 {
        answered += 1;
    }
    assert_eq!(answered, 29, "thirty an hour, with the first");
    let (status, _, page) = post(&guild, "/verify/whose", &[("text", &url), ("given", "七瀬ひかり")]).await;
    assert!(status == 200 && heading(&page) == "It matches", "a name is in the credential and can be compared on");
    guild.test.clock.advance(time::Duration::minutes(2));
    assert_eq!(post(&guild, "/verify/whose", &[("text", &url), ("given", "x@members.example")]).await.0, 200);
}

async fn tries_are_counted_over_all_that_one_holder_has(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let held = [holder.earns(1).await, holder.earns(2).await, holder.earns(3).await];
    for one in &held {
        holder.shows(one, Visibility::Link).await;
    }
    confirm_address(&guild, holder.member).await;
    let other = shown(&guild, "kaede@members.example", Visibility::Link).await;
    let ask = async |known: &waymark::credentials::Credential| {
        post(&guild, "/verify/whose", &[("text", &address(&guild, known)), ("given", "x@members.example")]).await.0
    };
    let mut answered = 0;
    for n in 0..45 {
        answered += u32::from(ask(&held[n % 3]).await == 200);
    }
    assert_eq!(answered, 30, "however many credentials there are to ask by");
    assert_eq!(ask(&other).await, 200, "another holder is not concerned");
}

async fn what_is_longer_than_any_name_is_not_compared(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let url = address(&guild, &known);
    for (field, length, expected) in
        [("name", 254, 200), ("name", 255, 422), ("email", 255, 422), ("email", 100_000, 422)]
    {
        let text = "x".repeat(length);
        let (status, report) =
            api(&guild, "/api/v1/verifications", &json!({"url": url, "recipient": {field: text}})).await;
        assert_eq!(status, expected, "{field} of {length}: {report}");
        if expected == 422 {
            assert_eq!(report["errors"][0]["pointer"], format!("/recipient/{field}"), "{report}");
        }
    }
    let rows = json!({"rows": [{"url": url, "name": "x".repeat(255)}, {"url": url, "name": "七瀬ひかり"}]});
    let (status, answer) = api(&guild, "/api/v1/verifications/batch", &rows).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["rows"][0]["problem"]["code"], "row_malformed", "{answer}");
    assert_eq!(answer["rows"][1]["checks"][8]["outcome"], "passed", "{answer}");
}

async fn what_folds_to_nothing_matches_nobody(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Public).await;
    let url = address(&guild, &known);
    for given in ["\u{200b}", "・", "\u{feff}\u{3000}·", "%", "*", "七瀬", "七瀬 ひかり\u{202e}"] {
        let (_, report) =
            api(&guild, "/api/v1/verifications", &json!({"url": url, "recipient": {"name": given}})).await;
        assert_eq!(report["checks"][8]["outcome"], "failed", "{given:?}: {report}");
        let call = json!({"number": known.number, "recipient": {"name": given}});
        assert_eq!(api(&guild, "/api/v1/verifications", &call).await.0, 422, "{given:?} opens nothing");
    }
}
