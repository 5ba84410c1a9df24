//! `waymark fsck` over attempts: nothing is found in a store that is sound, and each kind of damage is.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::attempts;

use super::{Candidate, as_staff, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(every_kind_of_damage_to_an_attempt_is_found);

async fn problems(test: &TestApp) -> Vec<(String, String)> {
    let found = attempts::examine(&test.app).await.expect("read");
    found.damage.into_iter().map(|damage| (damage.object, damage.problem)).collect()
}

async fn every_kind_of_damage_to_an_attempt_is_found(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["rules"] = json!({"attempts": 9}))).await;
    let (ada, bea) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bea@members.example").await);
    let attempt = ada.start().await;
    for position in 1..=3 {
        let right = ada.handles(&attempt, position, "right").await;
        ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
    }
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let open = bea.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    // A voided item gives another run; it is the last one that is counted again.
    let admin = test.api_key(Role::Admin).await;
    let form = attempts::form(test.app.db.read(), id.parse().expect("an id")).await.expect("a form");
    let void = json!({"item": form.positions()[0].slug, "treatment": "drop", "reason": "no right answer"});
    let (status, done) = as_staff(&test, &admin, Method::POST, "/exams/sample/voids", void).await;
    assert_eq!(status, 200, "{done}");
    attempts::rescore_due(&test.app).await.expect("scored");
    let sound = attempts::examine(&test.app).await.expect("read");
    assert_eq!((sound.attempts, sound.scores, sound.damage.len()), (2, 1, 0), "{sound:?}");
    assert!(sound.events > 6, "{sound:?}");

    let events = test.count(&format!("SELECT MAX(seq) FROM attempt_event WHERE attempt = '{id}'")).await;
    let saved: Vec<String> = test.texts("SELECT response FROM response WHERE position = 2").await;
    let harms = [
        (
            format!("UPDATE attempt_event SET at = at + 1 WHERE attempt = '{id}' AND seq = 2"),
            format!("UPDATE attempt_event SET at = at - 1 WHERE attempt = '{id}' AND seq = 2"),
            "its log: event 2 was changed",
        ),
        (
            format!("UPDATE attempt_event SET seq = seq + 100 WHERE attempt = '{id}' AND seq = {events}"),
            format!("UPDATE attempt_event SET seq = seq - 100 WHERE attempt = '{id}' AND seq = {}", events + 100),
            "missing, doubled or out of order",
        ),
        (
            format!("UPDATE response SET response = '[]' WHERE attempt = '{id}' AND position = 2"),
            format!("UPDATE response SET response = '{}' WHERE attempt = '{id}' AND position = 2", saved[0]),
            "its score is not what",
        ),
        (
            format!("UPDATE form SET hash = '00' WHERE attempt = '{id}'"),
            format!("UPDATE form SET hash = '{}' WHERE attempt = '{id}'", hex(&form.hash())),
            "its form is not the one",
        ),
        (
            format!("UPDATE score_run SET replaced_by = 99 WHERE attempt = '{id}' AND replaced_by IS NULL"),
            format!("UPDATE score_run SET replaced_by = NULL WHERE attempt = '{id}' AND replaced_by = 99"),
            "has no score",
        ),
        (
            format!("UPDATE attempt SET closed_by = 'nobody' WHERE id = '{id}'"),
            format!("UPDATE attempt SET closed_by = 'submitted' WHERE id = '{id}'"),
            "contradicts itself",
        ),
    ];
    for (harm, mend, said) in harms {
        test.run_sql(&harm).await;
        let found = problems(&test).await;
        assert!(found.iter().all(|(object, _)| *object == id), "{said}: {found:?}");
        assert!(found.iter().any(|(_, problem)| problem.contains(said)), "{said}: {found:?}");
        test.run_sql(&mend).await;
        assert!(problems(&test).await.is_empty(), "{said} was mended");
    }
    // A log that is cut off still follows: what is missed is its end.
    test.run_sql(&format!("DELETE FROM attempt_event WHERE attempt = '{id}' AND seq >= {events}")).await;
    assert_eq!(problems(&test).await, [(id, "its log lacks the event of its end".to_owned())]);
    assert!(!open.is_empty(), "one under way is no damage");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
