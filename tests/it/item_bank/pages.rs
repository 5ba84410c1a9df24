//! The pages: an item written, seen, reviewed and compared by people who never open a terminal.

use super::{Desk, field, item};
use crate::support::{Store, on_both};

on_both!(
    an_item_is_written_and_reviewed_by_forms_alone,
    approved_items_go_into_use_together,
    nothing_that_was_typed_is_lost,
    only_safe_html_comes_out_of_what_authors_write,
    a_picture_is_believed_by_its_bytes,
    auditors_see_items_and_no_keys,
);

const FORM: [(&str, &str); 10] = [
    ("type", "single_choice"),
    ("id", "q1"),
    ("revision", "0"),
    ("question.ja", "これは**何**ですか。"),
    ("question.en", "What is this?"),
    ("answers.0.text.ja", "甲"),
    ("answers.0.text.en", "canary right"),
    ("answers.1.text.ja", "乙"),
    ("answers.1.text.en", "wrong"),
    ("answers.right", "0"),
];

fn with<'a>(form: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = form.iter().filter(|(name, _)| other.iter().all(|(n, _)| n != name)).copied().collect();
    fields.extend(other);
    fields
}

async fn an_item_is_written_and_reviewed_by_forms_alone(store: Store) {
    let desk = Desk::start(store).await;
    let opened = desk.post(&desk.author, "/admin/banks", &[("slug", "second"), ("title", "二つ目")]).await;
    assert_eq!((opened.status, opened.location.as_str()), (303, "/admin/banks/second"));
    let empty = desk.get(&desk.author, "/admin/banks/second/new?type=single_choice&lang=ja").await;
    assert!(
        empty.text.contains("name=\"question.ja\"") && empty.text.contains("name=\"answers.3.text.en\""),
        "{}",
        empty.text
    );
    assert!(!empty.text.contains("次の点を直してください"), "nothing is wrong with an empty form: {}", empty.text);
    let preview = desk.post(&desk.author, "/admin/banks/second/new", &with(&FORM, &[("go", "preview")])).await;
    assert!(preview.status == 200 && preview.text.contains("<strong>何</strong>"), "{}", preview.text);
    let part = desk.post(&desk.author, "/admin/banks/second/preview", &FORM).await;
    assert!(part.text.contains("canary right") && !part.text.contains("<html"), "{}", part.text);
    let written = desk.post(&desk.author, "/admin/banks/second/new", &with(&FORM, &[("go", "save")])).await;
    assert_eq!(written.status, 303, "{}", written.text);
    let item = written.path();
    assert!(desk.get(&desk.author, &format!("{}&lang=en", written.location)).await.text.contains("saved as a draft"));
    let page = desk.get(&desk.author, &item).await;
    let submit = [("verb", "submit"), ("revision", &field(&page.text, "revision"))];
    assert_eq!(desk.post(&desk.author, &format!("{item}/step"), &submit).await.status, 303);
    assert!(!desk.get(&desk.author, &item).await.text.contains("value=\"send-back\""), "one's own work is taken back");
    let own = desk.get(&desk.author, "/admin/item-reviews?lang=en").await.text;
    assert!(own.contains("Nothing waits for you") && own.contains("Yours, waiting for others"), "{own}");
    assert!(!desk.get(&desk.author, &item).await.text.contains("value=\"approve\""), "no button for one's own work");
    let inbox = desk.get(&desk.reviewer, "/admin/item-reviews?lang=en").await.text;
    assert!(inbox.contains(&format!("{item}?key=show")) && inbox.contains("書き手 あき"), "{inbox}");
    assert!(!inbox.contains("**"), "a question is listed without its marks: {inbox}");
    let unseen = desk.get(&desk.reviewer, &item).await.text;
    assert!(
        !unseen.contains("value=\"approve\"") && unseen.contains(&format!("{item}?key=show#key")),
        "whoever approves has the key before them: {unseen}"
    );
    let page = desk.get(&desk.reviewer, &format!("{item}?key=show&lang=ja")).await;
    assert!(
        page.text.contains("value=\"approve\"") && page.text.contains("次の操作には理由が必要です：作成者に差し戻す。")
    );
    let approve = [("verb", "approve"), ("revision", &field(&page.text, "revision"))];
    let done = desk.post(&desk.reviewer, &format!("{item}/step"), &approve).await;
    assert_eq!((done.status, done.location.as_str()), (303, format!("{item}?done=approve").as_str()));
    assert!(
        desk.get(&desk.reviewer, &format!("{item}?done=approve&lang=en")).await.text.contains("Approved. A new item")
    );
    let stale = desk.post(&desk.reviewer, &format!("{item}/step"), &approve).await;
    assert_eq!(stale.status, 409, "the same button once more does nothing");
    let page = desk.get(&desk.reviewer, &format!("{item}?lang=en")).await.text;
    assert!(page.contains("Approved, not in use") && page.contains("Key looked at"), "{page}");
    let looks = desk.test.count("SELECT count(*) FROM audit WHERE action = 'item.read_key'").await;
    assert_eq!(looks, 1, "one look, by the reviewer");
    // Another version, and what differs.
    let edit = desk.get(&desk.author, &format!("{item}/edit")).await;
    assert!(edit.text.contains("canary right"), "{}", edit.text);
    let revision = field(&edit.text, "revision");
    let changed = with(
        &FORM,
        &[
            ("revision", revision.as_str()),
            ("answers.1.text.en", "quite wrong"),
            ("answers.right", "1"),
            ("note", "key fixed"),
        ],
    );
    let saved = desk.post(&desk.author, &format!("{item}/edit"), &changed).await;
    assert_eq!((saved.status, saved.location.clone()), (303, format!("{item}?done=edit")));
    let page = desk.get(&desk.author, &format!("{item}?done=edit&lang=en")).await.text;
    assert!(page.contains("The change is saved."), "{page}");
    let diff = desk.get(&desk.author, &format!("{item}/diff?from=1&to=2&lang=en")).await.text;
    assert!(diff.contains("Option 2 (English)") && diff.contains("quite") && diff.contains("<ins>"), "{diff}");
    assert_eq!(desk.test.count("SELECT count(*) FROM audit WHERE action = 'item.read_key'").await, 3);
    let bank = desk.get(&desk.author, "/admin/banks/second?text=WHAT&state=draft&lang=en").await.text;
    assert!(bank.contains("One item found"), "{bank}");
    let other = item.replace("/second/", "/sample/");
    assert_eq!(desk.get(&desk.author, &other).await.status, 404, "an item is in one bank");
}

async fn approved_items_go_into_use_together(store: Store) {
    let desk = Desk::start(store).await;
    let mut ids = vec![];
    for (name, question) in [("one", "a"), ("two", "b"), ("three", "c"), ("four", "d")] {
        let id = desk.write(&item(name, question)).await;
        assert_eq!(desk.step(&desk.author, &id, "submit").await.status, 200);
        ids.push(id);
    }
    let bank = "/admin/banks/sample?lang=en";
    assert!(!desk.get(&desk.reviewer, bank).await.text.contains("/operate\""), "nothing is approved yet");
    let first = format!("/admin/banks/sample/items/{}", ids[0]);
    let page = desk.get(&desk.reviewer, &format!("{first}?key=show")).await.text;
    let approve = [("verb", "approve"), ("revision", &field(&page, "revision"))];
    let done = desk.post(&desk.reviewer, &format!("{first}/step"), &approve).await.location;
    let page = desk.get(&desk.reviewer, &done).await.text;
    let next = format!("/admin/banks/sample/items/{}?key=show", ids[3]);
    assert!(page.contains(&next), "the next in the inbox, by its id: {page}");
    for id in &ids[1..3] {
        assert_eq!(desk.step(&desk.reviewer, id, "approve").await.status, 200);
    }
    let page = desk.get(&desk.reviewer, bank).await.text;
    assert!(page.contains("Put all 3 approved items into use"), "{page}");
    assert!(!desk.get(&desk.auditor, bank).await.text.contains("/operate\""), "not for whoever may not");
    assert_eq!(desk.post(&desk.auditor, "/admin/banks/sample/operate", &[]).await.status, 403);
    let done = desk.post(&desk.reviewer, "/admin/banks/sample/operate", &[]).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/banks/sample?operated=3"));
    let count =
        async |state: &str| desk.test.count(&format!("SELECT COUNT(*) FROM item WHERE state = '{state}'")).await;
    assert_eq!((count("operational").await, count("review").await), (3, 1), "only what was approved");
    assert_eq!(desk.test.count("SELECT COUNT(*) FROM item_step WHERE verb = 'operate'").await, 3);
    let audited = desk.test.texts("SELECT detail FROM audit WHERE action = 'bank.operate_approved'").await;
    assert!(audited.len() == 1 && ["one", "two", "three"].iter().all(|slug| audited[0].contains(slug)), "{audited:?}");
}

async fn nothing_that_was_typed_is_lost(store: Store) {
    let desk = Desk::start(store).await;
    let wrong = desk
        .post(
            &desk.author,
            "/admin/banks/sample/new?lang=en",
            &with(&FORM, &[("answers.right", "9"), ("tags", "bad tag")]),
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("<a href=\"#answers\">Options: Say what is right."), "{}", wrong.text);
    assert!(wrong.text.contains("これは**何**ですか。") && wrong.text.contains("bad tag"), "{}", wrong.text);
    let path = desk.post(&desk.author, "/admin/banks/sample/new", &FORM).await.path();
    let twice = desk.post(&desk.author, "/admin/banks/sample/new?lang=en", &FORM).await;
    assert!(twice.status == 422 && twice.text.contains("The bank has an item with this id"), "{}", twice.text);
    let first = with(&FORM, &[("revision", "1"), ("question.en", "Theirs?")]);
    assert_eq!(desk.post(&desk.reviewer, &format!("{path}/edit"), &first).await.status, 303);
    let second = desk
        .post(&desk.author, &format!("{path}/edit"), &with(&FORM, &[("revision", "1"), ("question.en", "Mine?")]))
        .await;
    assert_eq!(second.status, 412);
    assert!(second.text.contains("Mine?"), "what was typed stands in the form");
    let revision = field(&second.text, "revision");
    let again = desk
        .post(
            &desk.author,
            &format!("{path}/edit"),
            &with(&FORM, &[("revision", revision.as_str()), ("question.en", "Mine?")]),
        )
        .await;
    assert_eq!(again.status, 303, "and can be saved after theirs");
}

async fn only_safe_html_comes_out_of_what_authors_write(store: Store) {
    let desk = Desk::start(store).await;
    let evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://evil.example/p.png)";
    let form =
        with(&FORM, &[("question.en", evil), ("answers.1.text.en", evil), ("domain", "alpha"), ("rationale.en", evil)]);
    let written = desk.post(&desk.author, "/admin/banks/sample/new", &form).await;
    assert_eq!(written.status, 303, "{}", written.text);
    for path in [
        written.location.clone(),
        format!("{}/edit", written.path()),
        format!("{}?key=show", written.path()),
        "/admin/banks/sample?lang=en".to_owned(),
    ] {
        let page = desk.get(&desk.reviewer, &path).await.text;
        for tag in ["<script>alert", "<img src=x", "href=\"javascript", "evil.example/p.png\""] {
            assert!(!page.contains(tag), "{path} holds {tag}");
        }
        assert!(page.contains("&lt;script&gt;") || page.contains("&#60;script&#62;"), "{path}");
    }
}

async fn a_picture_is_believed_by_its_bytes(store: Store) {
    let desk = Desk::start(store).await;
    let path = desk.post(&desk.author, "/admin/banks/sample/new", &FORM).await.path();
    let csrf = desk.get(&desk.author, "/me").await.csrf();
    let send = async |bytes: &'static [u8], revision: &str, csrf: &str| {
        let file = reqwest::multipart::Part::bytes(bytes).file_name("answer-is-a.png");
        let mut form = reqwest::multipart::Form::new().text("csrf", csrf.to_owned()).part("file", file);
        let alt = [("revision", revision), ("figure_alt.ja", "回路の図"), ("figure_alt.en", "A circuit")];
        for (name, value) in with(&FORM, &alt) {
            form = form.text(name.to_owned(), value.to_owned());
        }
        let request =
            desk.test.http.post(desk.test.url(&format!("{path}/edit?lang=en"))).header("cookie", &desk.author.cookie);
        super::answer(request.header("accept", "text/html").multipart(form)).await
    };
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x04\x08\x02\0\0\0";
    assert_eq!(send(png, "1", "wrong").await.status, 403);
    let refused = send(b"<svg onload=alert(1)>", "1", &csrf).await;
    assert!(refused.status == 422 && refused.text.contains("is neither PNG nor JPEG"), "{}", refused.text);
    assert!(refused.text.contains("A circuit") && refused.text.contains("href=\"#file\""), "{}", refused.text);
    let put = send(png, "1", &csrf).await;
    assert_eq!(put.status, 303, "{}", put.text);
    assert_eq!(send(png, "1", &csrf).await.status, 412, "made from a state that is gone");
    let page = desk.get(&desk.auditor, &path).await.text;
    assert!(page.contains("alt=\"A circuit\"") && !page.contains("answer-is-a"), "{page}");
    let sha256 =
        page.split("/admin/figures/").nth(1).expect("a figure").split('"').next().expect("its hash").to_owned();
    assert_eq!(desk.get(&desk.auditor, &format!("/admin/figures/{sha256}")).await.status, 200);
    assert_eq!(desk.get(&desk.auditor, "/admin/figures/0").await.status, 404);
    let out = with(&FORM, &[("revision", "2"), ("figure", sha256.as_str()), ("no_figure", "1")]);
    assert_eq!(desk.post(&desk.author, &format!("{path}/edit"), &out).await.status, 303);
    assert!(!desk.get(&desk.auditor, &path).await.text.contains("/admin/figures/"));
}

async fn auditors_see_items_and_no_keys(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.in_use(&item("a1", "one")).await;
    let path = format!("/admin/banks/sample/items/{id}");
    let page = desk.get(&desk.auditor, &path).await;
    assert_eq!(page.status, 200);
    for absent in ["canary rationale", "value=\"withdraw\"", "key=show", "/edit\""] {
        assert!(!page.text.contains(absent), "{absent}");
    }
    for forbidden in [
        format!("{path}?key=show"),
        format!("{path}/edit"),
        format!("{path}/diff?from=1&to=1"),
        "/admin/item-reviews".to_owned(),
    ] {
        assert_eq!(desk.get(&desk.auditor, &forbidden).await.status, 403, "{forbidden}");
    }
    assert_eq!(
        desk.post(&desk.auditor, &format!("{path}/step"), &[("verb", "withdraw"), ("revision", "4"), ("reason", "x")])
            .await
            .status,
        403
    );
}
