//! The same in a browser: nothing is issued before it was confirmed.

use encoding_rs::SHIFT_JIS;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use waymark::access::Role;
use waymark::worker;

use super::{Office, table};
use crate::credentials::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    from_a_file_to_credentials_step_by_step,
    a_file_that_cannot_be_used_is_told_with_what_to_do,
    columns_are_as_somebody_says,
    what_is_downloaded_is_no_formula,
    the_steps_keep_to_their_role_and_their_token
);

/// Uploads a file; answers the status and where it leads, or the page.
async fn upload(
    office: &Office,
    who: &Browser<'_>,
    csrf: &str,
    track: &str,
    name: &str,
    file: Vec<u8>,
) -> (u16, String) {
    let test = &office.guild.test;
    let form = Form::new()
        .text("csrf", csrf.to_owned())
        .text("track", track.to_owned())
        .text("encoding", "")
        .text("locale", "ja")
        .part("file", Part::bytes(file).file_name(name.to_owned()));
    let request =
        test.http.post(test.url("/admin/credentials/bulk")).header("cookie", &who.cookie).header("accept", "text/html");
    let answer = request.header("accept-language", "en").multipart(form).send().await.expect("answered");
    let status = answer.status().as_u16();
    let location = answer.headers().get("location").map(|l| l.to_str().expect("text").to_owned());
    (status, location.unwrap_or(answer.text().await.expect("text")))
}

async fn download(office: &Office, who: &Browser<'_>, path: &str) -> String {
    let test = &office.guild.test;
    let answer = test.http.get(test.url(path)).header("cookie", &who.cookie).send().await.expect("answered");
    assert_eq!(answer.status(), 200, "{path}");
    assert!(answer.headers()["content-disposition"].to_str().expect("text").starts_with("attachment"));
    answer.text().await.expect("text")
}

fn confirmed(csrf: &str, columns: &[&str]) -> serde_json::Value {
    let mut form = json!({"csrf": csrf, "encoding": "utf-8"});
    for (at, column) in columns.iter().enumerate() {
        form[format!("column_{at}")] = json!(column);
    }
    form
}

async fn from_a_file_to_credentials_step_by_step(store: Store) {
    let office = Office::open(store).await;
    let staff = Browser::staff(&office.guild, Role::Issuer).await;
    let csrf = staff.csrf().await;
    for language in ["en", "ja"] {
        let (status, html) = staff.get("/admin/credentials/bulk", language).await;
        assert!(status == 200 && html.contains(r#"type="file""#) && html.contains("foundations"), "{html}");
    }
    let file = "氏名,メール,社員番号\n七瀬 ひかり,hikari@members.example,1\n佐藤 葵,not an address,2\n佐藤 茜,akane@members.example,3\n";
    let (status, page) =
        upload(&office, &staff, &csrf, "foundations", "春.csv", SHIFT_JIS.encode(file).0.into_owned()).await;
    assert_eq!(status, 303, "{page}");
    for language in ["en", "ja"] {
        let (_, html) = staff.get(&page, language).await;
        assert!(
            html.contains("七瀬 ひかり") && html.contains(r#"value="cp932" selected"#),
            "what was guessed is seen: {html}"
        );
        assert!(
            html.contains(r#"<option value="name" selected"#) && html.contains(r#"<option value="email" selected"#)
        );
    }
    assert_eq!(staff.post(&format!("{page}/start"), &json!({"csrf": csrf, "confirm": "yes"})).await.0, 303);
    office.guild.test.settle().await;
    assert_eq!(office.credentials().await, 0, "columns that nobody confirmed issue nothing");
    let mut columns = confirmed(&csrf, &["name", "email", ""]);
    columns["encoding"] = json!("cp932");
    assert_eq!(staff.post(&format!("{page}/columns"), &columns).await.0, 303);
    for (language, only) in [("en", "Issue only the 2 good rows"), ("ja", "正しい")] {
        let (_, html) = staff.get(&page, language).await;
        assert!(html.contains(only) && html.contains("not an address") && html.contains("errors.csv"), "{html}");
        assert_eq!(html.matches("credential__holder").count(), 2, "what would be signed is shown: {html}");
    }
    assert_eq!(office.credentials().await, 0, "looking issues nothing");
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM proposal").await, 0);
    let errors = download(&office, &staff, &format!("{page}/errors.csv")).await;
    assert!(
        errors.starts_with('\u{FEFF}') && errors.contains("佐藤 葵,not an address,2,") && !errors.contains("七瀬"),
        "{errors}"
    );
    assert_eq!(staff.post(&format!("{page}/start"), &json!({"csrf": csrf, "confirm": "no"})).await.0, 303);
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job_row").await, 0, "not without the confirmation");
    for _ in 0..2 {
        assert_eq!(staff.post(&format!("{page}/start"), &json!({"csrf": csrf, "confirm": "yes"})).await.0, 303);
    }
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job_row").await, 3, "pressed twice, started once");
    worker::work(&office.guild.test.app).await.expect("works");
    for language in ["en", "ja"] {
        let (_, html) = staff.get(&page, language).await;
        assert!(html.contains(r#"http-equiv="refresh""#) && html.contains(r#"max="3" value="2""#), "{html}");
        assert!(html.contains(&format!(r#"data-refresh="{page}/progress""#)));
    }
    office.guild.test.settle().await;
    let (_, html) = staff.get(&page, "en").await;
    assert!(
        html.contains("Done: 2 issued, 1 not.") && !html.contains("http-equiv") && html.contains("not an address"),
        "{html}"
    );
    let result = download(&office, &staff, &format!("{page}/result.csv")).await;
    assert_eq!(result.lines().count(), 4);
    assert!(
        result.contains("2,七瀬 ひかり,hikari@members.example,issued,EG-2026-")
            && result.contains("3,佐藤 葵,not an address,failed,,,"),
        "{result}"
    );
    let errors = download(&office, &staff, &format!("{page}/errors.csv")).await;
    assert!(errors.contains("佐藤 葵,not an address,2,"), "the rows can still be corrected: {errors}");
    assert_eq!(office.credentials().await, 2);
    let (status, links) = staff.post(&format!("{page}/claim-links"), &json!({"csrf": csrf})).await;
    assert_eq!((status, links.matches("/claim/").count()), (200, 2), "{links}");
    let (_, html) = staff.get("/admin/credentials/bulk", "en").await;
    assert!(html.contains("春.csv") && html.contains("2 done, 1 not"), "{html}");
}

async fn a_file_that_cannot_be_used_is_told_with_what_to_do(store: Store) {
    let office = Office::open(store).await;
    let staff = Browser::staff(&office.guild, Role::Issuer).await;
    let csrf = staff.csrf().await;
    for (file, said) in [
        (vec![], "Choose a file."),
        (b"name,email\n\"A,a@b.example\n".to_vec(), "Line 2: A quotation mark"),
        (b"name,email\nA\0,a@b.example\n".to_vec(), "Line 2: The character U+0000"),
        (b"name,email\n\x81\xff\xfe\x80\n".to_vec(), "Line 2: The text cannot be read"),
        (table(1_001).into_bytes(), "more than 1000 rows"),
    ] {
        let (status, html) = upload(&office, &staff, &csrf, "foundations", "x.csv", file).await;
        assert!(status == 422 && html.contains(said), "{said}: {html}");
    }
    let (status, html) = upload(&office, &staff, &csrf, "foundations", "x.csv", vec![b'x'; 3 * 1024 * 1024]).await;
    assert!(status == 413 && html.contains("larger than 2 MB"), "{status} {html}");
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job").await, 0);
}

async fn columns_are_as_somebody_says(store: Store) {
    let office = Office::open(store).await;
    let staff = Browser::staff(&office.guild, Role::Issuer).await;
    let csrf = staff.csrf().await;
    let file = "Wer,Wohin\nAda,ada@members.example\n".as_bytes().to_vec();
    let (_, page) = upload(&office, &staff, &csrf, "", "x.csv", file).await;
    let (status, html) = staff.post(&format!("{page}/columns"), &confirmed(&csrf, &["name", "name"])).await;
    assert!(
        status == 422
            && html.contains("No column holds")
            && html.contains("Two columns")
            && html.contains("Choose a track"),
        "{html}"
    );
    let (_, page) =
        upload(&office, &staff, &csrf, "foundations", "x.csv", b"Wer,Wohin\nAda,ada@members.example\n".to_vec()).await;
    assert_eq!(staff.post(&format!("{page}/columns"), &confirmed(&csrf, &["name", "email"])).await.0, 303);
    let (_, html) = staff.get(&page, "en").await;
    assert!(html.contains("Issue one credential"), "{html}");
    assert_eq!(staff.get(&format!("{page}/columns"), "en").await.0, 200, "there is a way back");
}

async fn what_is_downloaded_is_no_formula(store: Store) {
    let office = Office::open(store).await;
    let staff = Browser::staff(&office.guild, Role::Issuer).await;
    let csrf = staff.csrf().await;
    let file = "name,email,note\n=HYPERLINK(\"https://evil.example\"),bad,@SUM(A1)\n+1,good@members.example,x\n";
    let (_, page) = upload(&office, &staff, &csrf, "foundations", "x.csv", file.as_bytes().to_vec()).await;
    staff.post(&format!("{page}/columns"), &confirmed(&csrf, &["name", "email", "evidence_text"])).await;
    let errors = download(&office, &staff, &format!("{page}/errors.csv")).await;
    assert!(errors.contains("'=HYPERLINK") && errors.contains("'@SUM(A1)"), "{errors}");
    staff.post(&format!("{page}/start"), &json!({"csrf": csrf, "confirm": "yes"})).await;
    office.guild.test.settle().await;
    let result = download(&office, &staff, &format!("{page}/result.csv")).await;
    assert!(result.contains("'+1,good@members.example,issued"), "{result}");
    let (_, links) = staff.post(&format!("{page}/claim-links"), &json!({"csrf": csrf})).await;
    assert!(links.contains("'+1,good@members.example"), "{links}");
}

async fn the_steps_keep_to_their_role_and_their_token(store: Store) {
    let office = Office::open(store).await;
    let staff = Browser::staff(&office.guild, Role::Issuer).await;
    let csrf = staff.csrf().await;
    assert_eq!(upload(&office, &staff, "wrong", "foundations", "x.csv", table(1).into_bytes()).await.0, 403);
    let (_, page) = upload(&office, &staff, &csrf, "foundations", "x.csv", table(1).into_bytes()).await;
    let auditor = Browser::staff(&office.guild, Role::Auditor).await;
    for path in [
        "/admin/credentials/bulk",
        page.as_str(),
        &format!("{page}/errors.csv"),
        &format!("{page}/result.csv"),
        &format!("{page}/progress"),
    ] {
        assert_eq!(auditor.get(path, "en").await.0, 403, "{path}");
    }
    for step in ["columns", "start", "cancel", "claim-links"] {
        let form = json!({"csrf": "wrong", "confirm": "yes", "column_0": "name", "column_1": "email"});
        assert_eq!(staff.post(&format!("{page}/{step}"), &form).await.0, 403, "{step}");
        let foreign = format!("/admin/credentials/bulk/job_00000000000000000000000000/{step}");
        assert_eq!(staff.post(&foreign, &json!({"csrf": csrf, "confirm": "yes"})).await.0, 404, "{step}");
    }
    assert_eq!(staff.post(&format!("{page}/cancel"), &json!({"csrf": csrf})).await.0, 303);
    let (_, html) = staff.get(&page, "en").await;
    assert!(html.contains("Somebody stopped this"), "{html}");
}
