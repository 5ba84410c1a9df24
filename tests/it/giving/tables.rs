//! Tables: columns confirmed by a person, a dry run that writes nothing, every row once, a report by row.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::Hall;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    a_dry_run_says_what_would_happen_and_writes_nothing,
    a_list_counts_once_however_often_it_comes,
    who_is_not_known_yet_is_credited_when_the_handle_is_proved,
    a_list_in_cp932_is_read,
    what_cannot_be_read_is_said,
    the_pages_ask_before_anything_counts,
    what_a_table_says_proves_no_handle,
    nobody_brings_in_their_own,
    what_turns_out_to_be_ones_own_waits_for_somebody_else,
    tables_keep_to_their_roles
);

const CONNPASS: &str = "https://connpass.com";
const EVENT: &str = "https://guild.connpass.com/event/1/";
const LIST: &str = "参加枠名,ユーザー名,表示名,利用開始日,コメント,参加ステータス,出欠ステータス,更新日時,受付番号\n\
一般,hikari,七瀬 ひかり,2020-01-01,,参加,出席,2026-11-20,1\n\
一般,Hikari,七瀬 ひかり,2020-01-01,,参加,出席,2026-11-20,2\n\
一般,nobody_yet,まだ いない,2020-01-01,,参加,出席,2026-11-20,3\n\
一般,ren,蓮,2020-01-01,,参加,欠席,2026-11-20,4\n\
一般,mio,澪,2020-01-01,,参加,たぶん,2026-11-20,5\n";

async fn import(hall: &Hall, body: &[u8], query: &[(&str, &str)]) -> (u16, Value) {
    import_as(hall, &hall.admin, body, query).await
}

async fn import_as(hall: &Hall, who: &str, body: &[u8], query: &[(&str, &str)]) -> (u16, Value) {
    let request = hall.test.http.post(hall.test.url("/api/v1/contributions/import")).bearer_auth(who);
    let standard = [("preset", "connpass"), ("object", EVENT), ("day", "2026-11-20")];
    let standard: Vec<_> = standard.into_iter().filter(|(name, _)| !query.iter().any(|(q, _)| q == name)).collect();
    let request = request.query(&standard).query(query).header("content-type", "text/csv").body(body.to_vec());
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

fn outcomes(report: &Value) -> Vec<&str> {
    report["rows"].as_array().expect("rows").iter().map(|row| row["outcome"].as_str().expect("text")).collect()
}

async fn contributions(hall: &Hall) -> i64 {
    hall.test.count("SELECT COUNT(*) FROM contribution").await
}

async fn a_dry_run_says_what_would_happen_and_writes_nothing(store: Store) {
    let hall = Hall::start(store).await;
    hall.member("hikari").await;
    let (status, report) = import(&hall, LIST.as_bytes(), &[("dry_run", "true")]).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(outcomes(&report), ["accepted", "duplicate", "held", "not_there", "rejected"]);
    assert_eq!(report["rows"][1]["reason"], "twice_in_file");
    assert_eq!((&report["rows"][2]["reason"], &report["rows"][2]["row"]), (&json!("unknown_handle"), &json!(4)));
    assert_eq!(report["rows"][4]["reason"], "unclear_status");
    hall.test.settle().await;
    let left = ["contribution", "received_event", "fact WHERE kind = 'contribution'", "job"];
    for table in left {
        assert_eq!(hall.test.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn a_list_counts_once_however_often_it_comes(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let (status, started) = import(&hall, LIST.as_bytes(), &[]).await;
    assert_eq!(status, 202, "{started}");
    assert_eq!(hall.have(member).await, json!(1));
    let job = started["job"].as_str().expect("a job");
    let job = hall.get(&hall.admin, &format!("/api/v1/jobs/{job}")).await;
    assert_eq!(job["state"], "done", "{job}");
    let held = contributions(&hall).await;
    assert_eq!(held, 2);
    let (_, again) = import(&hall, LIST.as_bytes(), &[("day", "2026-11-19")]).await;
    assert_eq!(outcomes(&again), ["duplicate", "duplicate", "duplicate", "not_there", "rejected"]);
    hall.test.settle().await;
    assert_eq!(contributions(&hall).await, held);
    let (_, other) = import(&hall, LIST.as_bytes(), &[("object", "https://guild.connpass.com/event/2/")]).await;
    assert_eq!(outcomes(&other)[0], "accepted", "another gathering");
    assert_eq!(hall.have(member).await, json!(2));
    let audited = hall.test.audit_actions().await.into_iter().filter(|a| a == "contribution.import").count();
    assert_eq!(audited, 3);
}

async fn who_is_not_known_yet_is_credited_when_the_handle_is_proved(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("ren").await;
    import(&hall, LIST.as_bytes(), &[]).await;
    assert_eq!(hall.have(member).await, json!(0));
    let (_, claim) = hall.post(&token, "/api/v1/handles", json!({"source": CONNPASS, "handle": "nobody_yet"})).await;
    assert_eq!(claim["waiting"], 1, "{claim}");
    let confirm = format!("/api/v1/handles/{}/confirm", claim["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&hall.admin, &confirm, Value::Null).await.0, 200);
    assert_eq!(hall.have(member).await, json!(1));
}

async fn what_a_table_says_proves_no_handle(store: Store) {
    let hall = Hall::start(store).await;
    let (_, thief) = hall.member("thief").await;
    let claim = json!({"source": CONNPASS, "handle": "victim-handle"});
    let (_, claim) = hall.post(&thief, "/api/v1/handles", claim).await;
    let code = claim["code"].as_str().expect("a code");
    let list = "ユーザー名,出欠ステータス\nvictim-handle,出席\n";
    let told = [("type", "content.published"), ("title", code)];
    let (status, report) = import(&hall, list.as_bytes(), &told).await;
    assert_eq!((status, outcomes(&report)), (202, vec!["held"]), "{report}");
    hall.test.settle().await;
    assert_eq!(hall.get(&thief, "/api/v1/handles").await["data"][0]["state"], "open");
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM contribution WHERE state = 'held'").await, 1);
}

/// Hands in a list of handles by the pages, to the end; answers what they said before it was started.
async fn import_by_page(browser: &Visitor<'_>, preset: &'static str, list: &str) -> String {
    let csrf = browser.csrf("/admin/imports").await;
    let form = Form::new().text("csrf", csrf.clone()).text("preset", preset).text("type", "event.attended");
    let form = form.text("object", EVENT).text("title", "").text("day", "2026-11-20");
    let form = form.part("file", Part::bytes(list.as_bytes().to_vec()).file_name("list.csv"));
    let answer = browser.upload("/admin/imports", form).await;
    let step = answer.headers()["location"].to_str().expect("an address").to_owned();
    let columns = json!({"csrf": csrf, "encoding": "utf-8", "column_0": "handle", "column_1": "status"});
    assert_eq!(browser.post(&format!("{step}/columns"), columns).await, 303);
    let page = browser.page(&step, "en").await;
    assert_eq!(browser.post(&format!("{step}/start"), json!({"csrf": csrf, "confirm": "yes"})).await, 303);
    page
}

async fn nobody_brings_in_their_own(store: Store) {
    let hall = Hall::start(store).await;
    let (issuer, browser) = hall.colleague("iori", Role::Issuer).await;
    let (other, _) = hall.member("hikari").await;
    let list = "ハンドル,出欠\niori,出席\nhikari,出席\n";
    let page = import_by_page(&browser, "none", list).await;
    assert!(page.contains("It is your own. Have somebody else hand in this row."), "{page}");
    assert_eq!((hall.have(issuer).await, hall.have(other).await), (json!(0), json!(1)));

    // A key that they made is their hand.
    let mut ch = hall.test.app.db.change(Actor::Member(issuer), Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "lists", Role::Issuer, None).await.expect("made");
    ch.commit().await.expect("committed");
    let (status, report) = import_as(&hall, &key, list.as_bytes(), &[("preset", "none"), ("dry_run", "true")]).await;
    assert_eq!((status, outcomes(&report)), (200, vec!["rejected", "duplicate"]), "{report}");
    assert_eq!(report["rows"][0]["reason"], "own_contribution");
    let (_, report) = import(&hall, list.as_bytes(), &[("preset", "none"), ("dry_run", "true")]).await;
    assert_eq!(outcomes(&report), ["accepted", "duplicate"], "somebody else may");
}

/// The handle was nobody's when the list came, so nobody could be refused; it became theirs who had brought the list, in person or by a key.
async fn what_turns_out_to_be_ones_own_waits_for_somebody_else(store: Store) {
    let hall = Hall::start(store).await;
    let mut waiting = vec![];
    for (name, by_key) in [("iori", false), ("sora", true)] {
        let (staff, browser) = hall.colleague(name, Role::Admin).await;
        let token = hall.token(staff).await;
        let key = hall.test.key_of(staff, Role::Issuer).await;
        let list = format!("ユーザー名,出欠ステータス\n{name}_there,出席\nother_{name},出席\n");
        if by_key {
            let (status, report) = import_as(&hall, &key, list.as_bytes(), &[]).await;
            assert_eq!((status, outcomes(&report)), (202, vec!["held", "held"]), "{report}");
        } else {
            import_by_page(&browser, "connpass", &list).await;
        }
        hall.test.settle().await;
        let claim = json!({"source": CONNPASS, "handle": format!("{name}_there")});
        let (_, claim) = hall.post(&token, "/api/v1/handles", claim).await;
        let confirm = format!("/api/v1/handles/{}/confirm", claim["id"].as_str().expect("an id"));
        assert_eq!(hall.post(&hall.admin, &confirm, Value::Null).await.0, 200, "somebody else saw the code");
        assert_eq!(hall.have(staff).await, json!(0), "{name}: that proves the handle, not that they were there");
        let held = hall.get(&hall.admin, "/api/v1/held?reason=own_hand").await;
        let of_them = |one: &&Value| one["member"] == json!(staff.to_string());
        let held = held["data"].as_array().and_then(|all| all.iter().find(of_them)).expect("one").clone();
        for (language, text) in
            [("en", "You brought it in yourself by a table"), ("ja", "ご自身が表から取り込んだもの")]
        {
            let page = browser.page("/me/timeline", language).await;
            assert!(page.contains(text), "{page}");
        }
        let release = format!("/api/v1/contributions/{}/release", held["id"].as_str().expect("an id"));
        let own = hall.test.key_of(staff, Role::Admin).await;
        let (status, refused) = hall.post(&own, &release, Value::Null).await;
        assert_eq!((status, &refused["code"]), (403, &json!("own_contribution")), "{name}: {refused}");
        let page = format!("/admin/quarantine/{}", held["id"].as_str().expect("an id"));
        let form = json!({"csrf": browser.csrf("/me/links").await, "step": "release", "why": "own_hand"});
        assert_eq!(browser.post(&page, form).await, 422, "{name}");
        waiting.push((staff, release));
        // What the list says of others is theirs at once.
        let (other, token) = hall.member(&format!("friend-of-{name}")).await;
        let claim = json!({"source": CONNPASS, "handle": format!("other_{name}")});
        let (_, claim) = hall.post(&token, "/api/v1/handles", claim).await;
        let confirm = format!("/api/v1/handles/{}/confirm", claim["id"].as_str().expect("an id"));
        assert_eq!(hall.post(&hall.admin, &confirm, Value::Null).await.0, 200);
        assert_eq!(hall.have(other).await, json!(1));
    }
    let (_, auditor) = hall.colleague("auditor", Role::Auditor).await;
    assert!(auditor.page("/admin/quarantine?why=own_hand", "en").await.contains("Brought in by its member"));
    for (staff, release) in waiting {
        assert_eq!(hall.post(&hall.admin, &release, Value::Null).await.0, 200);
        assert_eq!(hall.have(staff).await, json!(1));
    }
}

async fn a_list_in_cp932_is_read(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let bytes = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
    assert!(std::str::from_utf8(&bytes).is_err());
    let (_, report) = import(&hall, &bytes, &[]).await;
    assert_eq!(report["rows"][0]["who"], "七瀬 ひかり");
    assert_eq!(hall.have(member).await, json!(1));
}

async fn what_cannot_be_read_is_said(store: Store) {
    let hall = Hall::start(store).await;
    for (body, query, code) in [
        ("", vec![], "empty"),
        ("名前,出欠\n蓮,出席\n", vec![], "missing_who"),
        (LIST, vec![("preset", "eventbrite")], "unknown_word"),
        (LIST, vec![("type", "thanks.given")], "unknown_type"),
        (LIST, vec![("encoding", "euc-jp")], "unknown_word"),
        ("handle\n\"a\n", vec![], "open_quote"),
    ] {
        let (status, answer) = import(&hall, body.as_bytes(), &query).await;
        assert_eq!((status, &answer["errors"][0]["code"]), (422, &json!(code)), "{query:?} {answer}");
    }
    let mail = "email,name\nhikari@members.example,a\nnobody,b\n";
    hall.member("hikari").await;
    let (_, report) = import(&hall, mail.as_bytes(), &[("preset", "peatix")]).await;
    assert_eq!(
        report["rows"][0]["reason"], "unverified_address",
        "an address proves nothing until its owner did: {report}"
    );
    assert_eq!(report["rows"][1]["reason"], "unknown_subject_form");
    let request = hall.test.http.post(hall.test.url("/api/v1/contributions/import")).bearer_auth(&hall.admin);
    let answer = request.header("content-type", "application/json").body("{}").send().await.expect("answered");
    assert_eq!(answer.status(), 415);
}

async fn the_pages_ask_before_anything_counts(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let (_, staff) = hall.colleague("issuer2", Role::Issuer).await;
    let csrf = staff.csrf("/admin/imports").await;
    let fields =
        [("preset", "connpass"), ("type", "event.attended"), ("object", EVENT), ("title", ""), ("day", "2026-11-20")];
    let form = |csrf: &str, file: &[u8]| {
        let form = fields.iter().fold(Form::new().text("csrf", csrf.to_owned()), |f, (n, v)| f.text(*n, *v));
        form.part("file", Part::bytes(file.to_vec()).file_name("list.csv"))
    };
    assert_eq!(staff.upload("/admin/imports", form("wrong", LIST.as_bytes())).await.status(), 403);
    assert_eq!(staff.upload("/admin/imports", form(&csrf, b"")).await.status(), 422);
    let answer = staff.upload("/admin/imports", form(&csrf, LIST.as_bytes())).await;
    assert_eq!(answer.status(), 303);
    let at = answer.headers()["location"].to_str().expect("text").to_owned();
    let start = format!("{at}/start");
    let confirm = json!({"csrf": csrf, "confirm": "yes"});
    assert_eq!(staff.post(&start, confirm.clone()).await, 303, "before the columns are confirmed");
    hall.test.settle().await;
    assert_eq!(contributions(&hall).await, 0);
    let columns = staff.page(&at, "ja").await;
    assert!(columns.contains("出欠ステータス") && columns.contains("七瀬 ひかり"), "{columns}");
    let mut meanings = json!({"csrf": csrf, "encoding": "utf-8", "column_2": "name"});
    assert_eq!(staff.post(&format!("{at}/columns"), meanings.clone()).await, 422, "nothing says who it is");
    for (at, meaning) in [("column_1", "handle"), ("column_6", "status")] {
        meanings[at] = json!(meaning);
    }
    assert_eq!(staff.post(&format!("{at}/columns"), meanings).await, 303);
    let report = staff.page(&at, "en").await;
    assert!(
        report.contains("Take in 2 rows") && report.contains("It is not clear whether they were there."),
        "{report}"
    );
    assert_eq!(contributions(&hall).await, 0);
    assert_eq!(staff.post(&start, json!({"csrf": csrf, "confirm": "no"})).await, 303);
    assert_eq!(staff.post(&start, confirm.clone()).await, 303);
    assert_eq!(staff.post(&start, confirm).await, 303, "a second press starts nothing");
    assert!(staff.page(&at, "en").await.contains("1 / 3"), "the row that cannot be read is dealt with");
    assert_eq!(hall.have(member).await, json!(1));
    assert!(staff.page(&at, "ja").await.contains("終わりました。"));
    staff.page(&format!("{at}/progress"), "en").await;
    let csv = staff.get(&format!("{at}/report.csv"), "en").await.text().await.expect("text");
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert_eq!(contributions(&hall).await, 2);
    assert_eq!(staff.get("/admin/imports/job_00000000000000000000000001", "en").await.status(), 404);
}

async fn tables_keep_to_their_roles(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let me = Visitor::signed_in(&hall.test, member).await;
    assert_eq!(me.get("/admin/imports", "en").await.status(), 403);
    for role in [Role::Examiner, Role::Auditor, Role::Source] {
        let key = hall.test.api_key(role).await;
        let request = hall.test.http.post(hall.test.url("/api/v1/contributions/import")).bearer_auth(key);
        let answer = request.header("content-type", "text/csv").body(LIST).send().await.expect("answered");
        assert_eq!(answer.status(), 403, "{role:?}");
    }
    assert_eq!(contributions(&hall).await, 0);
}
