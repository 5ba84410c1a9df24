//! Credentials from a table: what is refused and why, what is issued, and that no crash issues one twice or none at all.

pub mod command;
mod follow;
mod jobs;
mod pages;
mod tables;

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::ids::JobId;

use crate::credentials::Guild;
use crate::support::Store;

/// A guild with somebody who may issue.
pub struct Office {
    pub guild: Guild,
    pub key: String,
}

impl Office {
    pub async fn open(store: Store) -> Self {
        let guild = Guild::start(store).await;
        let key = guild.test.api_key(Role::Issuer).await;
        Self { guild, key }
    }

    /// Posts a table; `query` as it stands behind the path.
    pub async fn send(&self, query: &str, kind: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
        let body: Vec<u8> = body.into();
        let test = &self.guild.test;
        let key = format!("{query} {kind} {}", waymark::credentials::table_hash(&body));
        let request = test.http.post(test.url(&format!("/api/v1/credentials/bulk{query}"))).bearer_auth(&self.key);
        let answer = request.header("idempotency-key", &key).header("content-type", kind).body(body).send();
        let answer = answer.await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// What a dry run says of a CSV for the track `foundations`.
    pub async fn looked_at(&self, csv: &str) -> Value {
        let (status, report) = self.send("?track=foundations&dry_run=true", "text/csv", csv).await;
        assert_eq!(status, 200, "{report}");
        report
    }

    pub async fn job(&self, id: &str) -> Value {
        let (status, job) = self.guild.get(&self.key, &format!("/api/v1/jobs/{id}")).await;
        assert_eq!(status, 200, "{job}");
        job
    }

    pub async fn credentials(&self) -> i64 {
        self.guild.test.count("SELECT COUNT(*) FROM credential").await
    }
}

/// A table of `n` recipients.
pub fn table(n: usize) -> String {
    let rows = (1..=n).map(|n| format!("Person {n},p{n}@members.example\n"));
    format!("name,email\n{}", rows.collect::<String>())
}

pub fn id_of(started: &Value) -> JobId {
    started["id"].as_str().expect("an id").parse().expect("a job's")
}

/// Codes of the errors of a row, with the column at fault.
pub fn errors_of(row: &Value) -> Vec<(String, String)> {
    codes(row, "errors")
}

pub fn warnings_of(row: &Value) -> Vec<(String, String)> {
    codes(row, "warnings")
}

fn codes(row: &Value, which: &str) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    row[which].as_array().expect("a list").iter().map(|f| (text(&f["column"]), text(&f["code"]))).collect()
}

pub fn pair(column: &str, code: &str) -> (String, String) {
    (column.to_owned(), code.to_owned())
}

pub fn none() -> Value {
    json!(null)
}
