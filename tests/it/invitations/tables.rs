//! Members from a table: a dry run that writes nothing, every person once, nothing overwritten, a report by row and cell.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::web::i18n::Locale;

use super::import;
use crate::credentials::Guild;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    a_dry_run_says_what_would_become_of_each_row_and_writes_nothing,
    a_table_enrols_each_person_once_and_overwrites_nothing,
    two_tables_at_once_enrol_nobody_twice,
    a_table_in_cp932_is_read,
    what_cannot_be_read_is_said,
    handles_are_taken_from_owners_and_admins,
    the_pages_ask_before_anybody_is_enrolled,
    member_tables_keep_to_their_roles
);

const LIST: &str = "氏名,メール,言語,ハンドル,所属,役職\n\
七瀬 ひかり,hikari@members.example,ja,\"hikari, nana\",例の会,理事\n\
Ren the Second,ren@members.example,en,,,\n\
別の ひかり,Hikari@Members.example,ja,,,\n\
,nobody at all,fr,a!,,\n\
澪,mio@members.example,,taken,,\n\
=1+1,formula@members.example,,,,\n";

async fn members(guild: &Guild) -> i64 {
    guild.test.count("SELECT COUNT(*) FROM member").await
}

fn outcomes(report: &Value) -> Vec<&str> {
    report["rows"].as_array().expect("rows").iter().map(|row| row["outcome"].as_str().expect("text")).collect()
}

/// What was found in a row: the code, and the column as the file calls it.
fn codes(row: &Value) -> Vec<(&str, &str)> {
    fn text(value: &Value) -> &str {
        value.as_str().unwrap_or_default()
    }
    row["findings"].as_array().expect("findings").iter().map(|f| (text(&f["code"]), text(&f["column"]))).collect()
}

/// A program in which one of the list is known, and one handle is somebody's.
async fn guild(store: Store) -> Guild {
    let guild = Guild::without_key(store).await;
    guild.member("ren@members.example", Locale::Ja).await;
    crate::contributions::enrol(&guild.test, "taken").await;
    guild
}

async fn a_dry_run_says_what_would_become_of_each_row_and_writes_nothing(store: Store) {
    let guild = guild(store).await;
    let (key, before) = (guild.admin().await, members(&guild).await);
    let (status, report) = import(&guild.test, &key, LIST.as_bytes(), &[("dry_run", "true")]).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(outcomes(&report), ["enrolled", "known", "known", "rejected", "rejected", "enrolled"]);
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(rows.iter().map(|row| row["row"].as_u64()).collect::<Vec<_>>(), (2..=7).map(Some).collect::<Vec<_>>());
    assert!(codes(&rows[0]).is_empty());
    assert_eq!(codes(&rows[1]), [("other_name", "氏名")], "a warning, and the member stays as they are");
    assert_eq!(codes(&rows[2]), [("twice_in_file", "メール")]);
    assert_eq!(
        codes(&rows[3]),
        [
            ("invalid_email", "メール"),
            ("missing_value", "氏名"),
            ("unknown_locale", "言語"),
            ("invalid_handle", "ハンドル")
        ]
    );
    assert_eq!(codes(&rows[4]), [("handle_known", "ハンドル")]);
    assert!(rows[1]["member"].as_str().is_some_and(|id| id.starts_with("mem_")) && rows[0]["member"].is_null());
    guild.test.settle().await;
    assert_eq!((members(&guild).await, guild.test.count("SELECT COUNT(*) FROM job").await), (before, 0));
}

async fn a_table_enrols_each_person_once_and_overwrites_nothing(store: Store) {
    let guild = guild(store).await;
    let (key, before) = (guild.admin().await, members(&guild).await);
    let (status, started) = import(&guild.test, &key, LIST.as_bytes(), &[("locale", "en")]).await;
    assert_eq!(status, 202, "{started}");
    assert_eq!(members(&guild).await, before, "the worker enrols");
    guild.test.settle().await;
    assert_eq!(members(&guild).await, before + 2);
    let of = |column: &str, email: &str| format!("SELECT {column} FROM member WHERE email = '{email}'");
    for (email, name, language) in [
        ("hikari@members.example", "七瀬 ひかり", "ja"),
        ("formula@members.example", "=1+1", "en"),
        ("ren@members.example", "七瀬 ひかり", "ja"),
    ] {
        assert_eq!(guild.test.texts(&of("name", email)).await, [name]);
        assert_eq!(guild.test.texts(&of("locale", email)).await, [language], "{email}");
    }
    let id = guild.test.texts(&of("id", "hikari@members.example")).await.remove(0);
    let handles = format!("SELECT handle FROM member_handle WHERE member = '{id}' ORDER BY handle");
    assert_eq!(guild.test.texts(&handles).await, ["hikari", "nana"]);
    assert_eq!(guild.test.texts(&format!("SELECT title FROM affiliation WHERE member = '{id}'")).await, ["理事"]);
    let job = started["job"].as_str().expect("a job");
    let (_, job_body) = guild.get(&key, &format!("/api/v1/jobs/{job}")).await;
    assert_eq!(
        (&job_body["kind"], &job_body["state"], &job_body["done"], &job_body["failed"]),
        (&json!("member_table"), &json!("done"), &json!(4), &json!(2)),
        "{job_body}"
    );
    let (_, report) = guild.get(&key, &format!("/api/v1/jobs/{job}/report")).await;
    assert_eq!((&report["data"][0]["member"], &report["data"][2]["outcome"]), (&json!(id), &json!("known")));
    let (_, again) = import(&guild.test, &key, LIST.as_bytes(), &[]).await;
    assert_eq!(outcomes(&again), ["known", "known", "known", "rejected", "rejected", "known"]);
    guild.test.settle().await;
    assert_eq!(members(&guild).await, before + 2);
    let audit = guild.test.audit_actions().await;
    let times = |action: &str| audit.iter().filter(|a| *a == action).count();
    assert_eq!((times("member.import"), times("member.enrol")), (2, 2));
}

async fn two_tables_at_once_enrol_nobody_twice(store: Store) {
    let guild = guild(store).await;
    let (key, before) = (guild.admin().await, members(&guild).await);
    let other = LIST.replace("七瀬 ひかり", "別の名前");
    for list in [LIST, &other] {
        assert_eq!(
            import(&guild.test, &key, list.as_bytes(), &[]).await.0,
            202,
            "both were looked at before either ran"
        );
    }
    guild.test.settle().await;
    assert_eq!(members(&guild).await, before + 2);
    // Which of the two jobs runs first is the worker's to choose.
    let named = guild.test.texts("SELECT name FROM member WHERE email = 'hikari@members.example'").await;
    assert!(named == ["七瀬 ひかり"] || named == ["別の名前"], "{named:?}");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM job WHERE state = 'done'").await, 2);
}

async fn a_table_in_cp932_is_read(store: Store) {
    let guild = guild(store).await;
    let key = guild.admin().await;
    let bytes = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
    assert!(std::str::from_utf8(&bytes).is_err());
    let (_, report) = import(&guild.test, &key, &bytes, &[("dry_run", "true")]).await;
    assert_eq!((&report["rows"][0]["name"], outcomes(&report)[0]), (&json!("七瀬 ひかり"), "enrolled"), "{report}");
    let (_, named) = import(&guild.test, &key, &bytes, &[("dry_run", "true"), ("encoding", "cp932")]).await;
    assert_eq!(named, report);
    let (status, wrong) = import(&guild.test, &key, &bytes, &[("encoding", "utf-8")]).await;
    assert_eq!((status, &wrong["errors"][0]["code"]), (422, &json!("unreadable")), "{wrong}");
}

async fn what_cannot_be_read_is_said(store: Store) {
    let guild = guild(store).await;
    let key = guild.admin().await;
    let empty = format!("name,email\n{}a,a@b.example\n", ",\n".repeat(10_000));
    let many = format!("name,email\n{}", "a,a@b.example\n".repeat(1001));
    for (body, query, code) in [
        (&b""[..], None, "empty"),
        (&b"name,email\n"[..], None, "no_rows"),
        ("氏名,所属\n蓮,例の会\n".as_bytes(), None, "missing_column"),
        (&b"name,email\n\"a,b\n"[..], None, "open_quote"),
        (&b"name,email\n\x8b\xff\xfd,x\n"[..], None, "unreadable"),
        (many.as_bytes(), None, "too_many_rows"),
        (empty.as_bytes(), None, "too_many_empty_rows"),
        (LIST.as_bytes(), Some(("encoding", "euc-jp")), "unknown_word"),
        (LIST.as_bytes(), Some(("locale", "fr")), "unknown_locale"),
    ] {
        let query: Vec<_> = query.into_iter().collect();
        let (status, answer) = import(&guild.test, &key, body, &query).await;
        assert_eq!((status, &answer["errors"][0]["code"]), (422, &json!(code)), "{answer}");
    }
    let request = guild.test.http.post(guild.test.url("/api/v1/members/import")).bearer_auth(&key);
    let answer = request.header("content-type", "application/json").body("{}").send().await.expect("answered");
    assert_eq!(answer.status(), 415);
    let damaged =
        b"name,email,mail\nAda,ada@members.example,other@members.example\nBob\nEve,eve@members.example,,\"a, b\"\n";
    let (status, report) = import(&guild.test, &key, damaged, &[("dry_run", "true")]).await;
    assert_eq!((status, outcomes(&report)), (200, vec!["enrolled", "rejected", "rejected"]), "{report}");
    assert_eq!(report["rows"][0]["email"], "ada@members.example", "of two columns for one thing the first has it");
    assert_eq!(codes(&report["rows"][1]), [("missing_value", "email")]);
    assert_eq!(codes(&report["rows"][2]), [("extra_cell", "")]);
}

async fn handles_are_taken_from_owners_and_admins(store: Store) {
    let guild = guild(store).await;
    let key = guild.test.api_key(Role::Issuer).await;
    let (_, report) = import(&guild.test, &key, LIST.as_bytes(), &[]).await;
    assert_eq!(codes(&report["rows"][0]), [("handles_by_role", "ハンドル")]);
    guild.test.settle().await;
    assert_eq!(guild.test.texts("SELECT handle FROM member_handle").await, ["taken"]);
    let plain = b"name,email\nAda,ada@members.example\n";
    let (status, report) = import(&guild.test, &key, plain, &[]).await;
    assert_eq!((status, outcomes(&report)), (202, vec!["enrolled"]), "the rest is theirs to do");
}

async fn the_pages_ask_before_anybody_is_enrolled(store: Store) {
    let guild = guild(store).await;
    let test = &guild.test;
    let staff = Visitor::staff(test, Role::Admin).await;
    let before = members(&guild).await;
    let first = "/admin/members/import";
    assert!(staff.page(first, "ja").await.contains("表からメンバーを登録"));
    let csrf = staff.csrf(first).await;
    let cp932 = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
    let form = |csrf: &str, file: &[u8]| {
        let form = Form::new().text("csrf", csrf.to_owned()).text("language", "ja");
        form.part("file", Part::bytes(file.to_vec()).file_name("people.csv"))
    };
    assert_eq!(staff.upload(first, form("wrong", &cp932)).await.status(), 403);
    for damaged in [&b""[..], &b"name,email\n\"a\n"[..]] {
        assert_eq!(staff.upload(first, form(&csrf, damaged)).await.status(), 422);
    }
    let answer = staff.upload(first, form(&csrf, &cp932)).await;
    assert_eq!(answer.status(), 303);
    let at = answer.headers()["location"].to_str().expect("text").to_owned();
    let (start, confirm) = (format!("{at}/start"), json!({"csrf": csrf, "confirm": "yes"}));
    assert_eq!(staff.post(&start, confirm.clone()).await, 303, "before the columns are confirmed");
    let columns = staff.page(&at, "ja").await;
    assert!(
        columns.contains("ハンドル") && columns.contains("七瀬 ひかり") && columns.contains("people.csv"),
        "{columns}"
    );
    let mut meanings = json!({"csrf": csrf, "encoding": "cp932", "column_0": "name"});
    assert_eq!(staff.post(&format!("{at}/columns"), meanings.clone()).await, 422, "no address");
    meanings["column_1"] = json!("email");
    assert_eq!(staff.post(&format!("{at}/columns"), meanings.clone()).await, 303);
    let report = staff.page(&at, "ja").await;
    // Handles and languages are not read, since no column is said to mean them.
    assert!(report.contains("3 人を登録する") && report.contains("別の氏名で登録されています。"), "{report}");
    assert!(report.contains("メール：name@example.org のようなメールアドレス"), "by row and column: {report}");
    for (at_column, meaning) in [("column_2", "language"), ("column_3", "handles"), ("column_4", "organization")] {
        meanings[at_column] = json!(meaning);
    }
    assert_eq!(staff.post(&format!("{at}/columns"), meanings).await, 303, "columns can be confirmed again");
    assert!(staff.page(&at, "en").await.contains("Enrol 2 people"));
    test.settle().await;
    assert_eq!(members(&guild).await, before, "nobody yet");
    assert_eq!(staff.post(&start, json!({"csrf": csrf, "confirm": "no"})).await, 303);
    assert_eq!(staff.post(&start, confirm.clone()).await, 303);
    assert_eq!(staff.post(&start, confirm).await, 303, "a second press starts nothing");
    assert!(staff.page(&at, "en").await.contains("2 / 6"), "the rows that are left out are dealt with");
    staff.page(&format!("{at}/progress"), "ja").await;
    test.settle().await;
    assert_eq!(members(&guild).await, before + 2);
    let done = staff.page(&at, "ja").await;
    assert!(done.contains("終わりました。") && done.contains("リンクを作ってダウンロード"), "{done}");
    assert!(done.contains("ハンドル：ほかのメンバーのハンドルです。"), "{done}");
    let csv = staff.get(&format!("{at}/report.csv"), "en").await.text().await.expect("text");
    assert_eq!(csv.lines().count(), 7, "{csv}");
    assert!(csv.contains("'=1+1") && !csv.contains(",=1+1"), "no cell is a formula: {csv}");
    assert_eq!(staff.get(&format!("{first}/job_00000000000000000000000001"), "en").await.status(), 404);
}

async fn member_tables_keep_to_their_roles(store: Store) {
    let guild = guild(store).await;
    let before = members(&guild).await;
    for role in [Role::Examiner, Role::Auditor, Role::Source] {
        let key = guild.test.api_key(role).await;
        assert_eq!(import(&guild.test, &key, LIST.as_bytes(), &[]).await.0, 403, "{role:?}");
    }
    let me = Visitor::signed_in(&guild.test, guild.member("ren@members.example", Locale::Ja).await).await;
    assert_eq!(me.get("/admin/members/import", "en").await.status(), 403);
    let owner = guild.test.api_key(Role::Owner).await;
    let (_, started) = import(&guild.test, &owner, LIST.as_bytes(), &[]).await;
    let job = started["job"].as_str().expect("a job");
    for path in ["", "/columns", "/progress", "/report.csv"] {
        assert_eq!(me.get(&format!("/admin/members/import/{job}{path}"), "en").await.status(), 403, "{path}");
    }
    let csrf = me.csrf("/me").await;
    for step in ["columns", "start", "cancel", "invitations"] {
        let form = json!({"csrf": csrf, "confirm": "yes", "how": "link"});
        assert_eq!(me.post(&format!("/admin/members/import/{job}/{step}"), form).await, 403, "{step}");
    }
    assert_eq!(members(&guild).await, before);
}
