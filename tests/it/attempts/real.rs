//! A real exam: the Technician pool of the NCVEC, one question from each of its 35 groups, pass at 26.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::AttemptId;
use waymark::{attempts, banks, exams};
use waymark_assess::form::{Circumstances, Form};
use waymark_assess::interchange::Format;
use waymark_assess::item::OptionId;
use waymark_assess::{ExamSpec, Seed};

use super::{Candidate, answer, as_staff};
use crate::banks::pool;
use crate::support::{Store, TestApp, on_both};

on_both!(a_real_exam_from_import_to_verdict, errata_take_an_item_out_in_the_middle_of_a_window);

/// Which option is right, by item: counted from 0 as the pool writes it.
fn answers(bytes: &[u8]) -> BTreeMap<String, usize> {
    let items: Vec<Value> = serde_json::from_slice(bytes).expect("JSON");
    let right = |item: &Value| usize::try_from(item["correct"].as_u64().expect("a number")).expect("small");
    items.iter().map(|item| (item["id"].as_str().expect("an id").to_owned(), right(item))).collect()
}

/// Imports the pool and publishes its exam; answers the file.
async fn technician(test: &TestApp, folder: &Path) -> Vec<u8> {
    let bytes = std::fs::read(folder.join("technician-2026-2030.json")).expect("readable");
    let db = test.app.db.read();
    let read = banks::read_file(db, "technician", &bytes, Format::Json, &banks::beside(folder)).await.expect("read");
    let spec = ExamSpec::from_value(&json!({
        "slug": "technician", "bank": "technician", "blueprint": {"group_by": {"id_prefix": 3}, "one_from_each": "group"},
        "timing": {"minutes": 60}, "rules": {"attempts": 3, "cool_down_days": 0}, "scoring": {"cut": 26}, "release": "at_once",
    }));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "technician", read).await.expect("imported");
    exams::publish(&mut ch, &spec.expect("an exam")).await.expect("published");
    ch.commit().await.expect("committed");
    bytes
}

async fn a_real_exam_from_import_to_verdict(store: Store) {
    let Some(folder) = pool() else {
        eprintln!("skipped: the reference data is not here (WAYMARK_SHARED_DATA names its folder)");
        return;
    };
    let test = TestApp::start(store).await;
    let bytes = technician(&test, &folder).await;
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
    let form = answer_all(who, &attempt, right, |n| n < count).await;
    who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, result) = who.get(&format!("{attempt}/result")).await;
    assert_eq!(
        (&result["points"], &result["max"], &result["cut"]),
        (&json!(count), &json!(35), &json!({"points": 26}))
    );
    assert_eq!(result["sections"].as_array().expect("sections").len(), 35);
    (form, result["passed"].as_bool().expect("a verdict"))
}

/// Answers every question of an attempt, right where `rightly` says so of its place, counted from 0.
async fn answer_all(
    who: &Candidate<'_>,
    attempt: &str,
    right: &BTreeMap<String, usize>,
    rightly: impl Fn(usize) -> bool,
) -> Form {
    let form = form_of(who, attempt).await;
    for (n, position) in form.positions().iter().enumerate() {
        let key = OptionId::of_place(right[&position.slug]).expect("an option");
        let wanted = rightly(n);
        let chosen = position.options().iter().find(|o| (o.option == key) == wanted).expect("there is one");
        let (status, item) = who.get(&format!("{attempt}/items/{}", position.number)).await;
        assert_eq!(status, 200, "{item}");
        let handles: Vec<_> =
            item["options"].as_array().expect("options").iter().map(|o| o["handle"].clone()).collect();
        assert!(handles.contains(&json!(chosen.handle.as_str())));
        let (status, saved) =
            who.save(attempt, position.number, &json!([chosen.handle.as_str()]), 0, &format!("op-{n}")).await;
        assert_eq!(status, 200, "{saved}");
    }
    form
}

async fn form_of(who: &Candidate<'_>, attempt: &str) -> Form {
    let id: AttemptId = attempt.trim_start_matches("/attempts/").parse().expect("an id");
    attempts::form(who.test.app.db.read(), id).await.expect("a form")
}

/// Forms drawn after the errata never hold the item, attempts under way keep it, and voiding it says who flips before anybody does.
async fn errata_take_an_item_out_in_the_middle_of_a_window(store: Store) {
    let Some(folder) = pool() else {
        eprintln!("skipped: the reference data is not here (WAYMARK_SHARED_DATA names its folder)");
        return;
    };
    let test = TestApp::start(store).await;
    let right = answers(&technician(&test, &folder).await);
    let admin = test.api_key(Role::Admin).await;
    let (ada, bea) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bea@members.example").await);
    let attempt = ada.start_exam("technician").await;
    let (wrong, section) = {
        let form = form_of(&ada, &attempt).await;
        (form.positions()[0].slug.clone(), form.positions()[0].section.clone())
    };
    let of_group = |form: &Form| form.positions().iter().find(|p| p.section == section).expect("one").slug.clone();
    let item = test.texts(&format!("SELECT id FROM item WHERE slug = '{wrong}'")).await.remove(0);
    let withdraw = test.http.post(test.url(&format!("/api/v1/items/{item}/withdraw"))).bearer_auth(&admin);
    let reason = json!({"reason": "errata of the pool"});
    let (status, gone) = answer(withdraw.header("if-match", "*").json(&reason)).await;
    assert_eq!((status.as_u16(), &gone["state"]), (200, &json!("withdrawn")), "{gone}");

    // No form that is drawn from now on holds it, and each still has one of every group.
    let exam = exams::find(test.app.db.read(), "technician").await.expect("read").expect("published");
    let plan = exams::plan(&test.app, &exam).await.expect("read").expect("still feasible");
    for n in 0..200_u8 {
        let form = plan.assemble(Seed([n; 32]), &Circumstances::default());
        assert_eq!(form.positions().len(), 35);
        assert_ne!(of_group(&form), wrong);
    }
    let later = bea.start_exam("technician").await;
    assert_ne!(of_group(&form_of(&bea, &later).await), wrong);

    // Ada goes on with what she was given. The key was wrong, so hers is: 25 of the others are right.
    answer_all(&ada, &attempt, &right, |n| (1..=25).contains(&n)).await;
    answer_all(&bea, &later, &right, |n| n < 25).await;
    for (who, of) in [(&ada, &attempt), (&bea, &later)] {
        who.call(Method::POST, &format!("{of}/submit"), Value::Null).await;
        assert_eq!(who.get(&format!("{of}/result")).await.1["passed"], false);
    }
    let void = json!({"item": wrong, "treatment": "full_credit", "reason": "errata of the pool"});
    let path = "/exams/technician/voids";
    let (_, tried) = as_staff(&test, &admin, Method::POST, &format!("{path}?dry_run=true"), void.clone()).await;
    assert_eq!(
        (&tried["attempts"], &tried["now_pass"], &tried["now_fail"]),
        (&json!(1), &json!(1), &json!(0)),
        "{tried}"
    );
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["passed"], false, "only tried");
    as_staff(&test, &admin, Method::POST, path, void).await;
    attempts::rescore_due(&test.app).await.expect("scored");
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["passed"], &result["points"]), (&json!(true), &json!(26)), "{result}");
    let (_, result) = bea.get(&format!("{later}/result")).await;
    assert_eq!((&result["passed"], &result["points"]), (&json!(false), &json!(25)), "hers had another item: {result}");
}
