//! The player without JavaScript: every step is a form post.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Candidate, answer, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_whole_attempt_by_form_posts,
    a_second_window_loses_nothing,
    too_many_choices_are_shown_again,
    the_script_saves_with_the_session,
    a_figure_is_for_those_who_are_shown_it,
    both_languages_are_complete,
    the_exams_page_knows_what_came_before,
    my_page_leads_back_into_the_exam
);

/// The radio or checkbox value of the option that begins with `word`.
fn option(page: &str, word: &str) -> String {
    let (before, _) = page.split_once(&format!(">{word} of ")).unwrap_or_else(|| panic!("no {word} in {page}"));
    let (_, value) = before.rsplit_once("name=\"choice\" value=\"").expect("an option before its text");
    value.split('"').next().expect("a value").to_owned()
}

fn posted<'f>(page: &str, choice: &'f [String], go: &'f str) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&'static str, String)> =
        ["csrf", "revision", "was", "op"].into_iter().map(|name| (name, field(page, name))).collect();
    fields.extend(choice.iter().map(|handle| ("choice", handle.clone())));
    fields.push(("go", go.to_owned()));
    fields
}

async fn post(who: &Candidate<'_>, path: &str, fields: &[(&'static str, String)]) -> (u16, String, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (status, location, text) = who.post(path, &fields).await;
    (status.as_u16(), location, text)
}

async fn begin(who: &Candidate<'_>) -> String {
    let (_, _, intro) = who.open("/exams/sample").await;
    let csrf = field(&intro, "csrf");
    let (status, location, _) = who.post("/exams/sample", &[("csrf", &csrf), ("agree", "yes")]).await;
    assert_eq!(status, 303);
    location
}

async fn a_whole_attempt_by_form_posts(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (status, _, intro) = ada.open("/exams/sample").await;
    assert_eq!(status, 200);
    assert!(intro.contains("Looking things up is allowed."), "{intro}");
    assert!(intro.contains("Sample exam") && intro.contains("3 questions") && intro.contains("2 of 2 left"), "{intro}");
    let csrf = field(&intro, "csrf");
    let (status, _, refused) = ada.post("/exams/sample", &[("csrf", &csrf)]).await;
    assert!(status == 422 && refused.contains("Tick this to begin."), "{refused}");
    let (status, _, _) = ada.post("/exams/sample", &[("csrf", "forged"), ("agree", "yes")]).await;
    assert_eq!(status, 403);
    let exam = begin(&ada).await;
    assert_eq!(begin(&ada).await, exam, "beginning again goes on");

    let (_, first, _) = ada.open(&exam).await;
    assert_eq!(first, format!("{exam}/1"));
    let (_, _, page) = ada.open(&first).await;
    assert!(
        page.contains("Question 1 of 3") && page.contains("Nothing to save yet") && page.contains("30 min left"),
        "{page}"
    );
    let right = option(&page, "right");
    let (_, second, _) = post(&ada, &first, &posted(&page, std::slice::from_ref(&right), "next")).await;
    assert_eq!(second, format!("{exam}/2"));
    assert_eq!(ada.open(&exam).await.1, first, "where the last answer was");

    let (_, _, page) = ada.open(&second).await;
    assert!(page.contains("Saved 09:00:00"), "{page}");
    assert_eq!(ada.open(&exam).await.1, second, "where the last look was");
    let (_, location, _) = post(&ada, &second, &posted(&page, &[], "flag")).await;
    assert_eq!(location, second);
    let (_, _, page) = ada.open(&second).await;
    assert!(page.contains("Remove the flag"), "{page}");
    let (_, third, _) = post(&ada, &second, &posted(&page, &[], "3")).await;
    let (_, _, page) = ada.open(&third).await;
    let (_, review, _) = post(&ada, &third, &posted(&page, &[option(&page, "right one")], "next")).await;
    assert_eq!(review, format!("{exam}/review"), "after the last question comes the review");

    let (_, _, page) = ada.open(&review).await;
    assert!(page.contains("You answered 1 of 3 questions."), "{page}");
    assert!(
        page.contains("Not answered (1)")
            && page.contains("Flagged (1)")
            && page.contains("Fewer options chosen than asked for (1)")
            && page.contains("what is left out may cost points")
            && page.contains("Question 3, too few chosen"),
        "{page}"
    );
    assert!(page.contains("Hand in all 3 questions"), "{page}");
    let (_, _, page) = ada.open(&first).await;
    assert!(page.contains(&format!("value=\"{right}\" checked")), "the answer is shown again");
    let csrf = field(&page, "csrf");
    let (status, result, _) = ada.post(&format!("{exam}/submit"), &[("csrf", &csrf)]).await;
    assert_eq!((status.as_u16(), &result), (303, &format!("{exam}/result")));
    for _ in 0..2 {
        let (_, _, page) = ada.open(&result).await;
        assert!(
            page.contains("Not passed this time") && page.contains("1 of 3") && page.contains("1 attempt is left"),
            "{page}"
        );
    }
    for closed in ["", "/1", "/review"] {
        assert_eq!(ada.open(&format!("{exam}{closed}")).await.1, result, "{closed}");
    }
    let (_, location, _) =
        ada.post(&first, &[("csrf", &csrf), ("revision", "1"), ("op", "late"), ("choice", "x")]).await;
    assert_eq!(location, result);
}

async fn a_second_window_loses_nothing(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let first = format!("{}/1", begin(&ada).await);
    let (_, _, one) = ada.open(&first).await;
    let (_, _, two) = ada.open(&first).await;
    let (right, wrong) = (option(&one, "right"), option(&one, "wrong"));
    assert_eq!(post(&ada, &first, &posted(&one, std::slice::from_ref(&right), "next")).await.0, 303);
    assert_eq!(
        post(&ada, &first, &posted(&one, std::slice::from_ref(&right), "next")).await.0,
        303,
        "sent twice by a nervous hand"
    );
    assert_eq!(post(&ada, &first, &posted(&two, &[], "next")).await.0, 303, "the other window changed nothing");
    assert_eq!(
        post(&ada, &first, &posted(&two, std::slice::from_ref(&right), "next")).await.0,
        303,
        "the other window chose the same"
    );
    let (status, _, conflict) = post(&ada, &first, &posted(&two, std::slice::from_ref(&wrong), "next")).await;
    assert_eq!(status, 409);
    assert!(conflict.contains("answered in another window") && conflict.contains("<li>wrong of "), "{conflict}");
    assert!(conflict.contains(&format!("value=\"{right}\" checked")), "what is stored stands in the form");
    assert_eq!(post(&ada, &first, &posted(&conflict, std::slice::from_ref(&wrong), "stay")).await.0, 303);
    let (_, _, page) = ada.open(&first).await;
    assert!(page.contains(&format!("value=\"{wrong}\" checked")), "{page}");
    assert_eq!(post(&ada, &first, &posted(&page, &[], "stay")).await.0, 303, "an answer can be taken back");
    assert!(!ada.open(&first).await.2.contains("\" checked>"), "nothing is chosen any more");
}

async fn too_many_choices_are_shown_again(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let third = format!("{}/3", begin(&ada).await);
    let (_, _, page) = ada.open(&third).await;
    let three = ["right one", "right two", "wrong"].map(|word| option(&page, word));
    assert_eq!(post(&ada, &third, &posted(&page, &three[..1], "stay")).await.0, 303);
    let (_, _, page) = ada.open(&third).await;
    assert!(page.contains("Saved") && page.contains("data-last-saved"), "{page}");
    let (status, _, again) = post(&ada, &third, &posted(&page, &three, "next")).await;
    assert!(status == 422 && again.contains("There is a problem") && again.contains("at most 2"), "{again}");
    assert!(again.contains(">Not saved<") && !again.contains("data-last-saved"), "of a refused answer: {again}");
    for handle in &three {
        assert!(again.contains(&format!("value=\"{handle}\" checked")), "nothing that was chosen is lost");
    }
    let (status, _, _) = post(&ada, &third, &posted(&page, &["nobody".to_owned()], "next")).await;
    assert_eq!(status, 422);
    let (status, _, _) = ada.post(&third, &[("csrf", &field(&page, "csrf")), ("revision", "x"), ("op", "a")]).await;
    assert_eq!(status, 422);
}

async fn the_script_saves_with_the_session(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let exam = begin(&ada).await;
    let first = format!("{exam}/1");
    let (_, _, page) = ada.open(&first).await;
    let (_, rest) = page.split_once("data-csrf=\"").expect("the script finds the token");
    let csrf = rest.split('"').next().expect("a token");
    let right = option(&page, "right");
    let path = format!("/api/v1{}/responses/1", exam.replace("/exam/", "/attempts/"));
    let body = json!({"response": [right], "revision": 0, "client_op_id": "script-1"});
    let put = || ada.page(Method::PUT, &path).json(&body);
    assert_eq!(answer(put()).await.0, 403, "without the token");
    assert_eq!(answer(put().header("x-csrf-token", csrf).header("sec-fetch-site", "cross-site")).await.0, 403);
    let (status, receipt): (_, Value) = answer(put().header("x-csrf-token", csrf)).await;
    assert_eq!((status.as_u16(), &receipt["revision"]), (200, &json!(1)));
    assert_eq!(
        post(&ada, &first, &posted(&page, &[right], "next")).await.0,
        303,
        "the form that follows has nothing to save"
    );
}

async fn a_figure_is_for_those_who_are_shown_it(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let (ada, eve) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "eve@members.example").await);
    let exam = begin(&ada).await;
    let (_, _, page) = ada.open(&format!("{exam}/1")).await;
    let (_, rest) = page.split_once("<img src=\"/figures/").expect("both alpha items have a figure");
    let figure = format!("/figures/{}", rest.split('"').next().expect("a name"));
    let shown = ada.page(Method::GET, &figure).send().await.expect("answered");
    assert_eq!((shown.status().as_u16(), shown.headers()["content-type"].to_str().expect("text")), (200, "image/png"));
    assert!(shown.headers()["cache-control"].to_str().expect("text").starts_with("private"));
    assert_eq!(eve.open(&figure).await.0, 404);
    assert_eq!(test.http.get(test.url(&figure)).send().await.expect("answered").status(), 401);
    let examiner = test.api_key(waymark::access::Role::Examiner).await;
    let staff = test.http.get(test.url(&figure)).bearer_auth(&examiner).send().await.expect("answered");
    assert_eq!(staff.status(), 200);
    for strange in ["/figures/x", "/figures/%20", "/figures/..%2f"] {
        assert_eq!(ada.open(strange).await.0, 404, "{strange}");
    }
    let csrf = field(&page, "csrf");
    ada.post(&format!("{exam}/submit"), &[("csrf", &csrf)]).await;
    assert_eq!(ada.open(&figure).await.0, 404, "an attempt that is over shows nothing");
    begin(&eve).await;
    assert_eq!(eve.open(&figure).await.0, 200);
    test.clock.advance(time::Duration::minutes(31));
    assert_eq!(eve.open(&figure).await.0, 404, "nor one whose time is over, even before it is closed");
}

async fn both_languages_are_complete(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let exam = begin(&ada).await;
    let mut pages =
        vec!["/exams/sample".to_owned(), format!("{exam}/1"), format!("{exam}/3"), format!("{exam}/review")];
    for lang in ["ja", "en"] {
        for path in &pages {
            let (status, _, page) = ada.open(&format!("{path}?lang={lang}")).await;
            assert_eq!(status, 200);
            assert!(page.contains(&format!("<html lang=\"{lang}\"")) && !page.contains('⟦'), "{path}: {page}");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(!page.contains(" style=") && !page.contains("<script>"), "{path}");
        }
    }
    let csrf = field(&ada.open(&pages[1]).await.2, "csrf");
    ada.post(&format!("{exam}/submit"), &[("csrf", &csrf)]).await;
    pages = vec![format!("{exam}/result"), "/exams/sample".to_owned()];
    for (path, ja) in pages.iter().zip(["今回は不合格でした", "あと 1 回"]) {
        let (_, _, page) = ada.open(&format!("{path}?lang=ja")).await;
        assert!(page.contains(ja) && !page.contains('⟦'), "{path}: {page}");
    }
}

/// Answers every question rightly, or none, and hands in.
async fn sit(who: &Candidate<'_>, rightly: bool) -> String {
    let exam = begin(who).await;
    for position in (1..=3).filter(|_| rightly) {
        let path = format!("{exam}/{position}");
        let (_, _, page) = who.open(&path).await;
        let attempt = exam.replace("/exam/", "/attempts/");
        let mut right = who.handles(&attempt, position, "<p>right").await;
        if right.as_array().is_none_or(Vec::is_empty) {
            right = who.handles(&attempt, position, "right").await;
        }
        let chosen: Vec<String> =
            right.as_array().expect("handles").iter().map(|h| h.as_str().expect("text").to_owned()).collect();
        assert!(!chosen.is_empty(), "{page}");
        post(who, &path, &posted(&page, &chosen, "next")).await;
    }
    let csrf = field(&who.open(&format!("{exam}/1")).await.2, "csrf");
    assert_eq!(who.post(&format!("{exam}/submit"), &[("csrf", &csrf)]).await.0, 303);
    exam
}

async fn the_exams_page_knows_what_came_before(store: Store) {
    let test = TestApp::start(store).await;
    let titled = json!([{"domain": "beta", "title": {"ja": "第二の分野", "en": "The second field"}}]);
    publish(
        &test,
        &spec(|value| {
            value["domains"] = titled;
            value["rules"] = json!({"attempts": 5});
        }),
    )
    .await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, intro) = ada.open("/exams/sample").await;
    assert!(intro.contains("<dd>2 of 3</dd>"), "the pass mark: {intro}");
    assert!(!intro.contains("Your earlier attempts") && !intro.contains("You have passed"), "{intro}");

    let passed = sit(&ada, true).await;
    let (_, _, result) = ada.open(&format!("{passed}/result")).await;
    assert!(result.contains("Passed"), "{result}");
    let (beta, alpha) = (result.find("The second field").expect("a title"), result.find(">alpha<").expect("a name"));
    assert!(beta < alpha, "what has a title comes first, in the order of the file");
    let (_, _, intro) = ada.open("/exams/sample").await;
    for said in
        ["You have passed this exam.", &format!("{passed}/result"), "failing a later attempt does not take it away"]
    {
        assert!(intro.contains(said), "{said}: {intro}");
    }
    assert!(!intro.contains(r#"<button class="btn btn--primary" type="submit">Begin"#), "nothing urges to begin");

    let failed = sit(&ada, false).await;
    let (_, _, intro) = ada.open("/exams/sample?lang=ja").await;
    assert!(intro.contains(&format!("{failed}/result")) && intro.contains("不合格"), "{intro}");
    assert!(
        intro.contains("この試験には合格しています。") && intro.contains("3 点中 2 点"),
        "a pass stays a pass: {intro}"
    );
}

async fn my_page_leads_back_into_the_exam(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert!(!ada.open("/me").await.2.contains("/exam/att_"));
    let exam = begin(&ada).await;
    let (_, _, me) = ada.open("/me?lang=en").await;
    assert!(me.contains(&format!(r#"href="{exam}""#)) && me.contains("in the middle of “Sample exam”"), "{me}");
    let other = Candidate::enrol(&test, "ren@members.example").await;
    assert!(!other.open("/me").await.2.contains("/exam/att_"), "it is hers alone");
    test.clock.advance(time::Duration::minutes(31));
    assert!(!ada.open("/me").await.2.contains("/exam/att_"), "over is over");
}
