//! What a person reads on `/verify`: what went wrong, under its own heading, in their language, with what to do; and whose credential it is.

use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::credentials::Guild;
use crate::support::{Store, TestApp, on_both};

/// Fills in the form of the page.
type Fill<'a> = Box<dyn Fn() -> Form + 'a>;

on_both!(each_problem_has_its_own_heading_and_help, the_banner_says_that_the_name_is_another);

async fn page(test: &TestApp, language: &str, form: Form) -> (u16, String) {
    let request = test.http.post(test.url("/verify")).header("accept-language", language).header("accept", "text/html");
    let answer = request.multipart(form).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

fn file(bytes: impl Into<Vec<u8>>) -> Form {
    Form::new().part("file", Part::bytes(bytes.into()).file_name("badge"))
}

async fn each_problem_has_its_own_heading_and_help(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let test = &guild.test;
    let private = test.url(&format!("/c/{}", known.share_id));
    let number = known.number.clone();
    let text = |text: &str| Form::new().text("text", text.to_owned());
    let asked: [(&str, &str, Fill<'_>); 11] = [
        ("There is nothing to check", "確認できるものがありません", Box::new(|| text(""))),
        (
            "Which one shall be checked?",
            "どれを確認しますか",
            Box::new(|| file("{}").text("text", "https://a.example")),
        ),
        (
            "The address could not be opened",
            "アドレスを開けませんでした",
            Box::new(|| text("https://nobody.invalid/c/1")),
        ),
        ("The address could not be opened", "アドレスを開けませんでした", Box::new(|| text("https://127.0.0.1/c/1"))),
        ("Nothing is shown at this address", "このアドレスには表示できるものがありません", Box::new(|| text(&private))),
        (
            "Number and check code do not fit together",
            "認定番号と確認コードの組み合わせが違います",
            Box::new(|| Form::new().text("number", number.clone()).text("check_code", "WRONG")),
        ),
        ("No credential was found in this", "認定データが見つかりません", Box::new(|| file("GIF89a"))),
        ("No credential was found in this", "認定データが見つかりません", Box::new(|| text("{\"a\":1}"))),
        (
            "A PDF certificate holds no credential",
            "認定証の PDF には認定データが入っていません",
            Box::new(|| file("%PDF-1.7\n%rest")),
        ),
        ("That is too large", "大きすぎて読み取れません", Box::new(|| file(vec![b'x'; 12 * 1024 * 1024]))),
        ("That is too large", "大きすぎて読み取れません", Box::new(|| file("<svg>".repeat(40)))),
    ];
    for (en, ja, form) in asked {
        let (status, english) = page(test, "en", form()).await;
        assert!(english.contains(&format!("<h2>{en}</h2>")), "{en}: {status} {english}");
        let (status, japanese) = page(test, "ja", form()).await;
        assert!(japanese.contains(&format!("<h2>{ja}</h2>")), "{ja}: {status} {japanese}");
        assert!(japanese.contains("<form method=\"post\" action=\"/verify\""), "the form is there again");
        let summary = japanese.split("error-summary").nth(1).and_then(|rest| rest.split("</div>").next());
        let summary: String =
            summary.expect("a summary").split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
        let words = summary.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
        let foreign: Vec<_> =
            words.filter(|word| !["https", "JSON", "JWT", "PNG", "SVG", "MB", "QR", "PDF"].contains(word)).collect();
        assert!(foreign.is_empty(), "English on a Japanese page: {foreign:?}");
    }
    let (_, english) = page(test, "en", file(vec![b'x'; 12 * 1024 * 1024])).await;
    assert!(english.contains("At most 2 MB are read"), "{english}");
    let (_, pdf) = page(test, "en", file("\n%PDF-1.7\n%rest")).await;
    assert!(pdf.contains("<details open><summary>"), "the number can be typed at once: {pdf}");
    let answer = test.http.post(test.url("/api/v1/verifications")).multipart(file("%PDF-1.7\n%rest")).send().await;
    let answer = answer.expect("answered");
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.json::<serde_json::Value>().await.expect("JSON")["reason"], "pdf");
    let kept = Form::new().text("number", "EG-1").text("check_code", "ABC").text("name", "Ada");
    let (_, again) = page(test, "en", kept).await;
    assert!(again.contains("value=\"EG-1\"") && again.contains("value=\"ABC\"") && again.contains("value=\"Ada\""));
}

async fn the_banner_says_that_the_name_is_another(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let (signed, _) = guild.signed(&known).await;
    let named = |name: &str| Form::new().text("text", signed.clone()).text("name", name.to_owned());
    let (_, right) = page(&guild.test, "en", named("七瀬 ひかり")).await;
    assert!(right.contains("banner--valid") && right.contains(">Valid</h1>"), "{right}");
    for (language, word) in [("en", "Valid, but not for this name"), ("ja", "有効な認定ですが、名前が一致しません")]
    {
        let (_, wrong) = page(&guild.test, language, named("Somebody Else")).await;
        assert!(wrong.contains(&format!("<h1 class=\"banner__word\">{word}</h1>")), "{wrong}");
        assert!(!wrong.contains("banner--valid"), "no green banner");
    }
    let body = json!({"credential": signed, "recipient": {"name": "Somebody Else"}});
    let answer = guild.test.http.post(guild.test.url("/api/v1/verifications")).json(&body).send().await;
    let report: serde_json::Value = answer.expect("answered").json().await.expect("JSON");
    assert_eq!(report["state"], "valid", "the name does not change the state");

    let key = guild.admin().await;
    let path = format!("/api/v1/credentials/{}/revoke", known.id);
    assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200);
    let (_, wrong) = page(&guild.test, "en", named("Somebody Else")).await;
    assert!(wrong.contains("banner--revoked") && wrong.contains("not the name it was issued to, either"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_read_is_not_said_to_have_a_wrong_signature() {
    let test = TestApp::start(Store::Sqlite).await;
    let png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00".to_vec();
    let jwt = Form::new().text("text", "eyJhbGciOiJFZERTQSJ9.bm90IGpzb24.AA");
    for form in [file(png), jwt] {
        let (status, page) = page(&test, "en", form).await;
        assert_eq!(status, 200);
        assert!(page.contains(">Damaged</h1>") && !page.contains("The signature does not match"), "{page}");
        assert!(!page.contains("action=\"/verify/whose\""), "nobody is compared with what nobody signed: {page}");
    }
}
