//! Saves that arrive at the same moment share a change: each is judged by itself, and one that the store does not take leaves the others alone.

use futures_util::future::{join, join_all};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::{Candidate, as_staff, publish, spec};
use crate::support::{Store, TestApp, on_both};
use waymark::access::Role;

on_both!(many_save_at_once_and_each_is_answered_for_itself, one_that_the_store_refuses_takes_no_other_along);

const PEOPLE: usize = 12;

async fn sitting(test: &TestApp) -> Vec<(Candidate<'_>, String)> {
    publish(test, &spec(|_| {})).await;
    let mut people = vec![];
    for n in 0..PEOPLE {
        let candidate = Candidate::enrol(test, &format!("c{n}@members.example")).await;
        let attempt = candidate.start().await;
        people.push((candidate, attempt));
    }
    people
}

/// What `work` answers while no change can begin: on SQLite all of it waits at the door and goes through together.
async fn gathered<T>(test: &TestApp, work: impl Future<Output = T>) -> T {
    let door = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let open = async {
        for _ in 0..2000 {
            tokio::task::yield_now().await;
        }
        door.undo().await.expect("undone");
    };
    join(work, open).await.0
}

async fn many_save_at_once_and_each_is_answered_for_itself(store: Store) {
    let test = TestApp::start(store).await;
    let people = sitting(&test).await;
    let stranger = &people[0].0;
    let saves = people.iter().enumerate().flat_map(|(n, (candidate, attempt))| {
        // Two positions of one attempt, one of them twice by the same operation, and a stale one.
        let save = move |position: u32, revision: u64, op: &'static str| async move {
            let right = candidate.handles(attempt, position, "right").await;
            (n, op, candidate.save(attempt, position, &right, revision, op).await)
        };
        [save(1, 0, "op-1"), save(2, 0, "op-2"), save(2, 0, "op-2"), save(3, 7, "op-3")]
    });
    let nothing = json!([]);
    let foreign = stranger.save(&people[1].1, 1, &nothing, 0, "op-1");
    let (answers, foreign) = gathered(&test, join(join_all(saves), foreign)).await;
    assert_eq!(foreign.0, 404);
    let mut seqs = vec![vec![]; PEOPLE];
    for (n, op, (status, body)) in answers {
        match op {
            "op-3" => assert_eq!((status.as_u16(), &body["code"]), (409, &json!("response_stale")), "{body}"),
            _ => {
                assert_eq!((status.as_u16(), &body["revision"]), (200, &json!(1)), "{op}: {body}");
                seqs[n].push(body["seq"].as_u64().expect("a number"));
            }
        }
    }
    let admin = test.api_key(Role::Admin).await;
    for ((candidate, attempt), mut seqs) in people.iter().zip(seqs) {
        seqs.sort_unstable();
        seqs.dedup();
        assert_eq!(seqs, [1, 2], "the doubled operation was written once");
        let (_, state) = candidate.get(attempt).await;
        let answered = state["items"].as_array().expect("items").iter().filter(|p| p["answered"] == true).count();
        assert_eq!(answered, 2, "{state}");
        let (_, log) = as_staff(&test, &admin, Method::GET, &format!("{attempt}/events"), Value::Null).await;
        let saved = log["events"].as_array().expect("events").iter().filter(|e| e["kind"] == "answered").count();
        assert_eq!((&log["holds"], saved), (&json!(true), 2), "{log}");
    }
}

async fn one_that_the_store_refuses_takes_no_other_along(store: Store) {
    let test = TestApp::start(store).await;
    let people = sitting(&test).await;
    let poisoned = people[4].1.trim_start_matches("/attempts/").to_owned();
    let db = test.app.db.read();
    let trigger = match db.get_database_backend() {
        DbBackend::Sqlite => format!(
            "CREATE TRIGGER poison BEFORE INSERT ON response_save WHEN NEW.attempt = '{poisoned}' BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        ),
        _ => format!(
            "CREATE FUNCTION poison() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''poisoned''; END' LANGUAGE plpgsql; \
             CREATE TRIGGER poison BEFORE INSERT ON response_save FOR EACH ROW WHEN (NEW.attempt = '{poisoned}') EXECUTE FUNCTION poison()"
        ),
    };
    db.execute_unprepared(&trigger).await.expect("made");
    let saves = people.iter().map(|(candidate, attempt)| async move {
        let right = candidate.handles(attempt, 1, "right").await;
        candidate.save(attempt, 1, &right, 0, "op-1").await.0.as_u16()
    });
    let answers = gathered(&test, join_all(saves)).await;
    let expected: Vec<u16> = (0..PEOPLE).map(|n| if n == 4 { 500 } else { 200 }).collect();
    assert_eq!(answers, expected);
}
