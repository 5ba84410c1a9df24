//! A hundred at once, with every kind of fault.

use encoding_rs::SHIFT_JIS;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::credentials::{Credential, StatusChange, Visibility};

use super::{address, api, change, shown};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    the_answer_to_a_form_can_be_gone_back_to,
    a_hundred_rows_with_every_kind_of_fault,
    files_of_employers_in_their_encodings,
    each_row_costs_one_and_the_api_answers_alike
);

async fn send(guild: &Guild, form: Form) -> (u16, String) {
    let request = guild
        .test
        .http
        .post(guild.test.url("/verify/batch"))
        .header("accept-language", "en")
        .header("accept", "text/html");
    let answer = request.multipart(form).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// A page that is stored nowhere is lost when the reader comes back to it from a link in it: browsers ask for the form once more.
async fn the_answer_to_a_form_can_be_gone_back_to(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let url = address(&guild, &known);
    for path in ["/verify/batch", "/verify"] {
        let post = guild.test.http.post(guild.test.url(path)).header("accept", "text/html");
        let answer = post.multipart(Form::new().text("text", url.clone())).send().await.expect("answered");
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"private, no-cache".parse().expect("a header")),
            "{path}"
        );
    }
    let post = guild
        .test
        .http
        .post(guild.test.url("/verify/batch"))
        .multipart(Form::new().text("text", url).text("form", "json"));
    assert_eq!(
        post.send().await.expect("answered").headers()["cache-control"],
        "no-store",
        "a report is a file of its own"
    );
}

/// The rows of the CSV answer: line, state, holder, problem, same as.
fn rows(text: &str) -> Vec<[String; 5]> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let cells = |row: csv::StringRecord| [0, 2, 4, 11, 13].map(|at| row[at].to_owned());
    reader.records().map(|row| cells(row.expect("a row"))).collect()
}

struct Members {
    valid: Credential,
    revoked: Credential,
    suspended: Credential,
    private: Credential,
}

impl Members {
    async fn of(guild: &Guild) -> Self {
        let valid = shown(guild, "hikari@members.example", Visibility::Public).await;
        let revoked = shown(guild, "kaede@members.example", Visibility::Link).await;
        let suspended = shown(guild, "sora@members.example", Visibility::Link).await;
        change(guild, &revoked, StatusChange::Revoke).await;
        change(guild, &suspended, StatusChange::Suspend).await;
        Self { valid, revoked, suspended, private: guild.released("ren@members.example").await }
    }
}

async fn a_hundred_rows_with_every_kind_of_fault(store: Store) {
    let guild = Guild::start(store).await;
    let expired = shown(&guild, "old@members.example", Visibility::Link).await;
    guild.test.clock.advance(time::Duration::days(3 * 366 + 2));
    let m = Members::of(&guild).await;
    let (valid, host) = (address(&guild, &m.valid), guild.test.app.links.host().to_owned());
    let (number, code) = (&m.valid.number, &m.valid.check_code);
    let wide = |text: &str| {
        text.chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c) } else { c })
            .collect::<String>()
    };
    let same = Some(1);
    let cases: Vec<(String, &str, &str, Option<usize>)> = vec![
        (valid.clone(), "valid", "", None),
        (address(&guild, &expired), "expired", "", None),
        (address(&guild, &m.suspended), "suspended", "", None),
        (address(&guild, &m.revoked), "revoked", "", None),
        (address(&guild, &m.private), "", "no_such_address", None),
        (guild.test.url(&format!("/c/{}", "0".repeat(26))), "", "no_such_address", None),
        (guild.test.url("/admin"), "", "no_such_address", None),
        (guild.test.url("/c/"), "", "no_such_address", None),
        ("https://".to_owned(), "", "fetch_refused", None),
        ("https://a b".to_owned(), "", "line_other_site", None),
        ("https://issuer.example/c/abc".to_owned(), "", "line_other_site", None),
        (format!("https://{host}.evil.example/c/{}", m.valid.share_id), "", "fetch_refused", None),
        (format!("https://{host}@evil.example/c/{}", m.valid.share_id), "", "fetch_refused", None),
        ("http://issuer.example/c/abc".to_owned(), "", "fetch_refused", None),
        ("https://127.0.0.2/c/abc".to_owned(), "", "fetch_refused", None),
        ("https://[::1]/c/abc".to_owned(), "", "fetch_refused", None),
        ("https://169.254.169.254/latest/meta-data".to_owned(), "", "fetch_refused", None),
        ("https://0x7f.1/".to_owned(), "", "fetch_refused", None),
        ("javascript:alert(1)".to_owned(), "", "line_not_understood", None),
        ("data:text/html,<script>alert(1)</script>".to_owned(), "", "line_not_understood", None),
        ("file:///etc/passwd".to_owned(), "", "line_not_understood", None),
        (format!("{number} {code}"), "valid", "", same),
        (format!("{number},{code}"), "valid", "", same),
        (format!("{}\u{3000}{}", wide(number), wide(code)), "valid", "", same),
        (format!("  {}   {}  ", number.to_lowercase(), code.to_lowercase()), "valid", "", same),
        (format!("{number} 七瀬 ひかり"), "valid", "", same),
        (format!("{number} ZZZZZZ"), "", "no_such_number", None),
        (format!("{number} 佐藤 太郎"), "", "no_such_number", None),
        (number.clone(), "", "line_no_check_code", None),
        ("EG-2026-999999 AAAAAA".to_owned(), "", "no_such_number", None),
        (format!("{} 七瀬 ひかり", m.private.number), "", "no_such_number", None),
        (valid.to_uppercase(), "valid", "", same),
        (format!("{valid}.json"), "valid", "", same),
        (format!("{valid}.PNG"), "valid", "", same),
        (format!("{valid}.qr.svg?lang=ja#x"), "valid", "", same),
        (format!("{host}/c/{}", m.valid.share_id), "valid", "", same),
        (format!("  {valid}  "), "valid", "", same),
        (valid.clone(), "valid", "", same),
        (format!("https://issuer.example/{}", "x".repeat(5_000)), "", "line_too_long", None),
        (String::new(), "blank", "", None),
        ("   ".to_owned(), "blank", "", None),
        ("=HYPERLINK(\"https://evil.example\")".to_owned(), "", "line_not_understood", None),
        ("@SUM(1+1)*cmd|' /C calc'!A0".to_owned(), "", "line_not_understood", None),
        ("+81312345678".to_owned(), "", "line_not_understood", None),
        ("-1".to_owned(), "", "line_not_understood", None),
        ("\"unclosed".to_owned(), "", "line_not_understood", None),
        ("hello".to_owned(), "", "line_not_understood", None),
        ("' OR 1=1 --".to_owned(), "", "line_not_understood", None),
        ("EG-2026-000001\u{1}".to_owned(), "", "line_not_understood", None),
        ("\u{202e}EG-2026".to_owned(), "", "line_not_understood", None),
    ];
    assert!(cases.len() >= 50);
    // Twice, so that every one of them is also a repetition; two blank lines in each half leave 96, and four more make the hundred.
    let mut lines: Vec<&str> = cases.iter().chain(&cases).map(|(line, ..)| line.as_str()).collect();
    lines.extend([valid.as_str(); 4]);
    let text = lines.join("\r\n");
    let (status, csv) = send(&guild, Form::new().text("text", text.clone()).text("form", "csv")).await;
    assert_eq!(status, 200, "{csv}");
    let rows = rows(&csv);
    assert_eq!(rows.len(), 100, "{rows:?}");
    let expected = cases.iter().chain(&cases).enumerate().filter(|(_, (_, state, ..))| *state != "blank");
    for ((at, (line, state, problem, same)), row) in expected.zip(&rows) {
        let [row_line, row_state, holder, row_problem, row_same] = row;
        let shown: String = line.chars().take(80).collect();
        assert_eq!(
            (row_line, row_state.as_str(), row_problem.as_str()),
            (&(at + 1).to_string(), *state, *problem),
            "{shown}"
        );
        assert_eq!(holder == "七瀬 ひかり", !state.is_empty(), "{shown}: {row:?}");
        if at < cases.len() {
            assert_eq!(row_same.parse().ok(), *same, "{shown}");
        } else if !state.is_empty() {
            assert_ne!(row_same, "", "{shown} was there before");
        }
    }
    assert!(!csv.contains(",=") && !csv.contains(",@") && !csv.contains(",+") && !csv.contains(",\"="), "no formula");

    let (status, page) = send(&guild, Form::new().text("text", text)).await;
    assert_eq!(status, 200);
    let table = page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table");
    assert_eq!(table.matches("<tr>").count(), 100);
    assert!(!table.contains("<script>") && !table.contains("href=\"javascript"), "{table}");
    assert!(page.contains("Lines: 100. Valid: "), "{page}");
}

async fn files_of_employers_in_their_encodings(store: Store) {
    let guild = Guild::start(store).await;
    let m = Members::of(&guild).await;
    let list = format!(
        "氏名,認定番号,確認コード,メモ\r\n七瀬 ヒカリ,{},{},第一志望\r\n佐藤 太郎,{},{},\r\n七瀬 ひかり,{},,公開\r\n,,,メモだけ\r\n",
        m.valid.number, m.valid.check_code, m.revoked.number, m.revoked.check_code, m.valid.number
    );
    let (cp932, _, _) = SHIFT_JIS.encode(&list);
    for bytes in [list.as_bytes().to_vec(), cp932.into_owned()] {
        let file = Part::bytes(bytes).file_name("list.csv");
        let (status, text) = send(&guild, Form::new().part("file", file).text("form", "json")).await;
        assert_eq!(status, 200, "{text}");
        let saved: Value = serde_json::from_str(&text).expect("JSON");
        let told: Vec<Value> = saved["results"]
            .as_array()
            .expect("results")
            .iter()
            .map(|r| json!([r["line"], r["state"], r["checks"][8]["outcome"], r["problem"]["code"]]))
            .collect();
        let expected = [
            json!([2, "valid", "passed", null]),
            json!([3, "revoked", "failed", null]),
            json!([4, "valid", "passed", null]),
            json!([5, null, null, "line_empty"]),
        ];
        assert_eq!(told, expected);
        assert!(
            saved["results"][0]["proofs"][0]["key_thumbprint"].is_string()
                && saved["results"][0]["input"]["sha256"].is_string()
        );
    }
    // The table of a file can be had in the other forms: its lines are carried along and keep their numbers.
    let file = Part::bytes(list.into_bytes()).file_name("list.csv");
    let (_, page) = send(&guild, Form::new().part("file", file)).await;
    let again =
        page.split("name=\"text\" value=\"").nth(1).and_then(|rest| rest.split("\">").next()).expect("the list");
    let again = again.replace("&#34;", "\"").replace("&#38;", "&");
    let (_, csv) = send(&guild, Form::new().text("text", again).text("form", "csv")).await;
    let told: Vec<_> = rows(&csv).into_iter().map(|[line, state, ..]| (line, state)).collect();
    let expected =
        [("2", "valid"), ("3", "revoked"), ("4", "valid")].map(|(line, state)| (line.to_owned(), state.to_owned()));
    assert_eq!(told[..3], expected, "{csv}");

    for (form, told) in [
        (Form::new().text("text", " \n "), "There is no line in it"),
        (Form::new().text("text", "x\n".repeat(101)), "more than 100 lines"),
        (
            Form::new().part("file", Part::bytes(vec![0x81, 0x00, 0xFF, 0xFD]).file_name("x.csv")),
            "no encoding that is read here",
        ),
        (Form::new().text("text", "x").part("file", Part::bytes(b"y".to_vec()).file_name("x.csv")), "Leave only one"),
    ] {
        let (status, page) = send(&guild, form).await;
        assert!(status == 200 && page.contains(told), "{told}: {page}");
    }
}

async fn each_row_costs_one_and_the_api_answers_alike(store: Store) {
    let guild = Guild::start(store).await;
    let m = Members::of(&guild).await;
    let path = "/api/v1/verifications/batch";
    let (signed, jwt) = guild.signed(&m.valid).await;
    let document: Value = serde_json::from_str(&signed).expect("JSON");
    let mut altered = document.clone();
    altered["credentialSubject"]["name"] = json!("Somebody");
    let rows = json!([
        {"url": address(&guild, &m.valid), "name": "七瀬ひかり"},
        {"url": address(&guild, &m.revoked), "name": "Somebody"},
        {"credential": document}, {"credential": jwt}, {"credential": altered}, {"credential": "none"},
        {"number": m.valid.number, "check_code": m.valid.check_code},
        {"number": m.valid.number, "check_code": "ZZZZZZ"},
        {"number": m.valid.number, "name": "七瀬 ひかり"},
        {"number": m.valid.number},
        {"url": "https://issuer.example/1"}, {"url": "javascript:alert(1)"}, {"url": 7}, {}, null, "text",
        {"url": "https://a.example", "colour": "red"},
    ]);
    let (status, answer) = api(&guild, path, &json!({"rows": rows})).await;
    assert_eq!(status, 200, "{answer}");
    let told: Vec<Value> = answer["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| json!([r["row"], r["state"], r["problem"]["code"], r["same_as"]]))
        .collect();
    let none = Value::Null;
    let expected = [
        ("valid", &none, none.clone()),
        ("revoked", &none, none.clone()),
        ("valid", &none, json!(1)),
        ("valid", &none, json!(1)),
        ("altered", &none, none.clone()),
    ];
    for (n, (state, problem, same)) in expected.into_iter().enumerate() {
        assert_eq!(told[n], json!([n + 1, state, problem, same]));
    }
    let problems = [
        (5, "not_recognized"),
        (7, "no_such_number"),
        (9, "line_no_check_code"),
        (10, "line_other_site"),
        (11, "fetch_refused"),
        (12, "row_malformed"),
        (13, "row_malformed"),
        (14, "row_malformed"),
        (15, "row_malformed"),
        (16, "row_malformed"),
    ];
    for (n, problem) in problems {
        assert_eq!(told[n], json!([n + 1, null, problem, null]));
    }
    assert_eq!((&told[6], &told[8]), (&json!([7, "valid", null, 1]), &json!([9, "valid", null, 1])));
    assert_eq!(answer["rows"][0]["checks"][8]["outcome"], "passed");
    assert_eq!(answer["rows"][1]["checks"][8]["outcome"], "failed");
    for body in [json!({"rows": []}), json!({"rows": vec![json!({}); 101]}), json!({"row": []}), json!({"rows": {}})] {
        assert_eq!(api(&guild, path, &body).await.0, 422, "{body}");
    }

    // 300 a minute: 17 are spent, two hundreds follow, and the next hundred is refused whole.
    let hundred = json!({"rows": vec![json!({"credential": "none"}); 100]});
    assert_eq!(api(&guild, path, &hundred).await.0, 200);
    assert_eq!(api(&guild, path, &hundred).await.0, 200);
    let (status, refused) = api(&guild, path, &hundred).await;
    assert_eq!((status, &refused["code"]), (429, &json!("rate_limited")));
    assert_eq!(
        send(&guild, Form::new().text("text", "x\n".repeat(84))).await.0,
        429,
        "the page spends from the same purse"
    );
    assert_eq!(send(&guild, Form::new().text("text", "x\n".repeat(83))).await.0, 200);
    guild.test.clock.advance(time::Duration::minutes(1));

    // Wrong numbers cost as they do alone: sixty, then each says so. Right ones cost nothing.
    let right = json!({"rows": vec![json!({"number": m.valid.number, "check_code": m.valid.check_code}); 100]});
    let count = |answer: &Value, code: &str| {
        answer["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["problem"]["code"] == code || row["state"] == code)
            .count()
    };
    assert_eq!(count(&api(&guild, path, &right).await.1, "valid"), 100);
    let wrong: Vec<Value> =
        (0..100).map(|n| json!({"number": format!("EG-2026-9{n:05}"), "check_code": "AAAAAA"})).collect();
    let (_, answer) = api(&guild, path, &json!({"rows": wrong})).await;
    assert_eq!((count(&answer, "no_such_number"), count(&answer, "rate_limited")), (60, 40), "{answer}");
    assert!(
        answer["rows"].as_array().expect("rows").iter().any(|row| row["problem"]["retry_after_seconds"].is_number())
    );
}
