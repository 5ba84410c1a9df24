//! Long work: whatever cuts it off, each row is done once.

use std::sync::Arc;

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::database::{Database, Kind};
use waymark::entropy::SeededEntropy;
use waymark::jobs::{self, Outcome};
use waymark::{credentials, worker};

use super::{Office, id_of, table};
use crate::support::{Store, on_both};

on_both!(
    what_was_cut_off_is_taken_up_and_nothing_is_issued_twice,
    two_workers_share_the_rows,
    what_was_settled_is_not_settled_again,
    a_row_that_cannot_be_helped_is_given_up,
    without_a_key_the_rows_wait,
    cancelling_leaves_what_was_done,
    foreign_work_is_not_found,
    what_was_uploaded_and_left_is_forgotten
);

/// The same store as another process opens it: after a crash, or beside.
async fn another(office: &Office, seed: &[u8]) -> App {
    let first = &office.guild.test.app;
    let url = first.config.database_url();
    let entropy = Arc::new(SeededEntropy::new(seed));
    let db = Database::open(&url, office.guild.test.clock.clone(), entropy).await.expect("the store opens");
    App::new(db, first.config.clone()).expect("the capabilities are there")
}

async fn what_was_cut_off_is_taken_up_and_nothing_is_issued_twice(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(12)).await;
    let id = id_of(&started);
    let app = &office.guild.test.app;
    for _ in 0..4 {
        assert!(worker::work(app).await.expect("works"));
    }
    // Cut off within a row: everything of it was done but the commit.
    let job = jobs::find(app.db.read(), id).await.expect("there");
    let mut ch = app.db.change(job.actor(), Kind::Privileged).await.expect("the door opens");
    let row = jobs::claim(&ch, id).await.expect("claimed").expect("a row waits");
    assert_eq!(row.position, 5);
    let request = serde_json::from_value::<credentials::IssueRequest>(row.input["request"].clone()).expect("a request");
    credentials::issue(app, &mut ch, &request.checked().expect("in order")).await.expect("issued");
    jobs::settle(&ch, &row, Outcome::Done(json!({}))).await.expect("settled");
    drop(ch);
    assert_eq!(office.credentials().await, 4, "what was not committed was not done");
    // Cut off right after the commit: the fifth is awarded, and neither signed nor reported to anybody.
    let half = tokio::spawn({
        let app = app.clone();
        async move {
            let _ = worker::work(&app).await;
        }
    });
    half.abort();
    let _ = half.await;

    let next = another(&office, b"after the crash").await;
    worker::drain(&next).await.expect("worked off");
    let job = office.job(&id.to_string()).await;
    assert_eq!(
        (&job["state"], &job["done"], &job["failed"], &job["waiting"]),
        (&json!("done"), &json!(12), &json!(0), &json!(0))
    );
    assert_eq!(office.credentials().await, 12);
    assert_eq!(office.guild.test.count("SELECT COUNT(DISTINCT member) FROM credential").await, 12);
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM credential WHERE stage = 'released'").await, 12);
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM proposal").await, 12, "what was undone left nothing");
    assert!(!worker::work(&next).await.expect("works"), "nothing is left");
}

async fn two_workers_share_the_rows(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(24)).await;
    let (one, two) = (another(&office, b"one").await, another(&office, b"two").await);
    let id = id_of(&started);
    // Each may find that the other was quicker: then it looks again, as the worker does.
    let work = async |app: &App| {
        for _ in 0..400 {
            let _ = worker::work(app).await;
            if jobs::find(app.db.read(), id).await.expect("there").state.has_ended() {
                return;
            }
        }
    };
    tokio::join!(work(&one), work(&two));
    office.guild.test.clock.advance(time::Duration::minutes(2));
    worker::drain(&one).await.expect("worked off");
    let job = office.job(&id.to_string()).await;
    assert_eq!((&job["state"], &job["done"], &job["failed"]), (&json!("done"), &json!(24), &json!(0)), "{job}");
    assert_eq!(office.credentials().await, 24);
    assert_eq!(office.guild.test.count("SELECT COUNT(DISTINCT member) FROM credential").await, 24);
}

async fn what_was_settled_is_not_settled_again(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(1)).await;
    let app = &office.guild.test.app;
    let ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let row = jobs::claim(&ch, id_of(&started)).await.expect("claimed").expect("a row waits");
    drop(ch);
    jobs::settle_alone(app, &row, Outcome::Failed(json!({"errors": []}))).await.expect("settled");
    let ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    jobs::settle(&ch, &row, Outcome::Done(json!({}))).await.expect_err("it was settled before");
    drop(ch);
    assert!(worker::work(app).await.expect("closed"));
    assert_eq!(office.job(started["id"].as_str().expect("an id")).await["failed"], json!(1));
    assert_eq!(office.credentials().await, 0);
}

async fn a_row_that_cannot_be_helped_is_given_up(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(2)).await;
    let test = &office.guild.test;
    test.run_sql("UPDATE job_row SET input = '{\"said\": {\"row\": 2}, \"request\": 7}' WHERE position = 1").await;
    for n in 0..8 {
        worker::drain(&test.app).await.expect("works");
        let waits = office.job(started["id"].as_str().expect("an id")).await["waiting"] == json!(1);
        assert_eq!(waits, n < 7, "try {n}");
        test.clock.advance(time::Duration::minutes(1));
    }
    worker::drain(&test.app).await.expect("works");
    let job = office.job(started["id"].as_str().expect("an id")).await;
    assert_eq!(
        (&job["state"], &job["done"], &job["failed"]),
        (&json!("done"), &json!(1), &json!(1)),
        "it holds up no other"
    );
}

async fn without_a_key_the_rows_wait(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(1)).await;
    let app = &office.guild.test.app;
    let ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let row = jobs::claim(&ch, id_of(&started)).await.expect("claimed").expect("a row waits");
    drop(ch);
    let sealed = waymark::error::Error::new(waymark::error::Code::IssuingOff);
    for _ in 0..20 {
        jobs::put_off(app, &row, &sealed).await.expect("put off");
    }
    assert!(!worker::work(app).await.expect("works"), "not before a minute has passed");
    office.guild.test.clock.advance(time::Duration::minutes(1));
    office.guild.test.settle().await;
    assert_eq!(office.job(started["id"].as_str().expect("an id")).await["done"], json!(1));
    let closed = Office { guild: crate::credentials::Guild::without_key(store).await, key: String::new() };
    let closed = Office { key: closed.guild.test.api_key(Role::Issuer).await, ..closed };
    let (status, problem) = closed.send("?track=foundations", "text/csv", table(1)).await;
    assert_eq!((status, &problem["code"]), (503, &json!("issuing_off")), "nothing is begun that could not be finished");
}

async fn cancelling_leaves_what_was_done(store: Store) {
    let office = Office::open(store).await;
    let (_, started) = office.send("?track=foundations", "text/csv", table(5)).await;
    let id = started["id"].as_str().expect("an id");
    for _ in 0..2 {
        worker::work(&office.guild.test.app).await.expect("works");
    }
    let auditor = office.guild.test.api_key(Role::Auditor).await;
    let path = format!("/api/v1/jobs/{id}/cancel");
    assert_eq!(office.guild.post(&auditor, &path, None, &super::none()).await.0, 403, "who may look may not stop");
    for _ in 0..2 {
        let (status, job) = office.guild.post(&office.key, &path, None, &super::none()).await;
        assert_eq!(
            (status, &job["state"], &job["done"], &job["cancelled"]),
            (200, &json!("cancelled"), &json!(2), &json!(3))
        );
    }
    office.guild.test.settle().await;
    assert_eq!(office.credentials().await, 2);
    let audit = office.guild.test.audit_actions().await;
    assert_eq!(audit.iter().filter(|a| *a == "job.cancel").count(), 1);
}

async fn foreign_work_is_not_found(store: Store) {
    let office = Office::open(store).await;
    for id in ["job_00000000000000000000000000", "crd_00000000000000000000000000", "x"] {
        for path in [format!("/api/v1/jobs/{id}"), format!("/jobs/{id}"), format!("/api/v1/jobs/{id}/report")] {
            assert_eq!(office.guild.get(&office.key, &path).await.0, 404, "{path}");
        }
        for path in [format!("/api/v1/jobs/{id}/cancel"), format!("/api/v1/credentials/bulk/{id}/claim-links")] {
            assert_eq!(office.guild.post(&office.key, &path, None, &super::none()).await.0, 404, "{path}");
        }
    }
    let (_, started) = office.send("?track=foundations", "text/csv", table(3)).await;
    let report = format!("/api/v1/jobs/{}/report", started["id"].as_str().expect("an id"));
    let (_, first) = office.guild.get(&office.key, &format!("{report}?limit=2")).await;
    assert_eq!((first["data"].as_array().map(Vec::len), &first["next_cursor"]), (Some(2), &json!("2")));
    let (_, rest) = office.guild.get(&office.key, &format!("{report}?limit=2&cursor=2")).await;
    assert_eq!((&rest["data"][0]["position"], &rest["has_more"]), (&json!(3), &json!(false)));
    assert_eq!(office.guild.get(&office.key, &format!("{report}?cursor=x")).await.0, 422);
    let source = office.guild.test.source_key("https://forum.example").await;
    assert_eq!(office.guild.get(&source, &report).await.0, 403, "a source sees no recipients");
}

async fn what_was_uploaded_and_left_is_forgotten(store: Store) {
    let office = Office::open(store).await;
    let app = &office.guild.test.app;
    let settings: credentials::TableSettings = serde_json::from_value(
        json!({"format": "csv", "track": "foundations", "locale": null, "encoding": null, "columns": null}),
    )
    .expect("settings");
    let left =
        credentials::prepare_table(app, Actor::Operator, &settings, table(1).into_bytes(), None).await.expect("kept");
    office.send("?track=foundations", "text/csv", table(1)).await;
    office.guild.test.clock.advance(time::Duration::days(7));
    jobs::tend(app).await.expect("tended");
    assert!(jobs::find(app.db.read(), left).await.is_ok(), "a week is a week");
    office.guild.test.clock.advance(time::Duration::seconds(1));
    jobs::tend(app).await.expect("tended");
    assert!(jobs::find(app.db.read(), left).await.is_err());
    assert_eq!(office.guild.test.count("SELECT COUNT(*) FROM job").await, 1, "what was started stays");
}
