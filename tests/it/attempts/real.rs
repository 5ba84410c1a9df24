//! A real exam: the Technician pool of the NCVEC, one question from each of its 35 groups, pass at 26.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::AttemptId;
use waymark::{attempts, banks, exams};
use waymark_assess::ExamSpec;
use waymark_assess::form::Form;
use waymark_assess::interchange::Format;
use waymark_assess::item::OptionId;

use super::Candidate;
use crate::banks::pool;
use crate::support::{Store, TestApp, on_both};

on_both!(a_real_exam_from_import_to_verdict);

/// Which option is right, by item: counted from 0 as the pool writes it.
fn answers(bytes: &[u8]) -> BTreeMap<String, usize> {
    let items: Vec<Value> = serde_json::from_slice(bytes).expect("JSON");
    let right = |item: &Value| usize::try_from(item["correct"].as_u64().expect("a number")).expect("small");
    items.iter().map(|item| (item["id"].as_str().expect("an id").to_owned(), right(item))).collect()
}

async fn a_real_exam_from_import_to_verdict(store: Store) {
    let Some(folder) = pool() else {
        eprintln!("skipped: the reference data is not here (WAYMARK_SHARED_DATA names its folder)");
        return;
    };
    let test = TestApp::start(store).await;
    let bytes = std::fs::read(folder.join("technician-2026-2030.json")).expect("readable");
    let db = test.app.db.read();
    let read = banks::read_file(db, "technician", &bytes, Format::Json, &banks::beside(&folder)).await.expect("read");
    let spec = ExamSpec::from_value(&json!({
        "slug": "technician", "bank": "technician", "blueprint": {"group_by": {"id_prefix": 3}, "one_from_each": "group"},
        "timing": {"minutes": 60}, "rules": {"attempts": 3, "cool_down_days": 0}, "scoring": {"cut": 26}, "release": "at_once",
    }));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "technician", read).await.expect("imported");
    exams::publish(&mut ch, &spec.expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");

    let (ada, right) = (Candidate::enrol(&test, "ada@members.example").await, answers(&bytes));
    let first = sit(&ada, &right, 26).await;
    let second = sit(&ada, &right, 25).await;
    assert_eq!((first.1, second.1), (true, false), "the cut is 26");
    let groups = |form: &Form| form.positions().iter().map(|p| p.section.clone()).collect::<Vec<_>>();
    assert_eq!(groups(&first.0).len(), 35);
    assert_eq!(groups(&first.0), groups(&second.0));
    assert!(first.0.positions().iter().all(|p| p.slug.starts_with(&p.section)));
    let slugs = |form: &Form| form.positions().iter().map(|p| p.slug.clone()).collect::<Vec<_>>();
    assert_ne!(slugs(&first.0), slugs(&second.0), "each attempt draws its own form");
    let moved = |form: &Form| {
        let order =
            |p: &waymark_assess::form::Position| p.options().iter().map(|o| o.option.to_string()).collect::<String>();
        form.positions().iter().filter(|p| order(p) != "abcd").count()
    };
    assert!(moved(&first.0) > 10, "options are shuffled");
}

/// Answers `count` questions right and the others wrong; the form and whether that passed.
async fn sit(who: &Candidate<'_>, right: &BTreeMap<String, usize>, count: usize) -> (Form, bool) {
    let attempt = who.start_exam("technician").await;
    let id: AttemptId = attempt.trim_start_matches("/attempts/").parse().expect("an id");
    let form = attempts::form(who.test.app.db.read(), id).await.expect("a form");
    for (n, position) in form.positions().iter().enumerate() {
        let key = OptionId::of_place(right[&position.slug]).expect("an option");
        let wanted = n < count;
        let chosen = position.options().iter().find(|o| (o.option == key) == wanted).expect("there is one");
        let (status, item) = who.get(&format!("{attempt}/items/{}", position.number)).await;
        assert_eq!(status, 200, "{item}");
        let handles: Vec<_> =
            item["options"].as_array().expect("options").iter().map(|o| o["handle"].clone()).collect();
        assert!(handles.contains(&json!(chosen.handle.as_str())));
        let (status, saved) =
            who.save(&attempt, position.number, &json!([chosen.handle.as_str()]), 0, &format!("op-{n}")).await;
        assert_eq!(status, 200, "{saved}");
    }
    who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, result) = who.get(&format!("{attempt}/result")).await;
    assert_eq!(
        (&result["points"], &result["max"], &result["cut"]),
        (&json!(count), &json!(35), &json!({"points": 26}))
    );
    assert_eq!(result["sections"].as_array().expect("sections").len(), 35);
    (form, result["passed"].as_bool().expect("a verdict"))
}
