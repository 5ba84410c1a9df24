//! `kill -9` of the server while 64 candidates save: what was acknowledged is there when it runs again, and nobody has two results.
//! 20 rounds; 200 with `WAYMARK_LONG=1`. Each round ends after a seeded number of acknowledged saves.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::Notify;
use waymark::access;
use waymark::actor::Actor;
use waymark::clock::SystemClock;
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::web::i18n::Locale;
use waymark::{banks, exams, members};

use super::{bank, spec};

const CANDIDATES: usize = 64;

/// One candidate, and what the server has acknowledged to them.
struct Sitter {
    http: reqwest::Client,
    token: String,
    attempt: String,
    /// By position: the handles, the last answer acknowledged, its revision.
    answers: Vec<(Vec<Value>, Value, u64)>,
    /// Sent, and no answer seen.
    unknown: Option<(usize, Value, u64, String)>,
    sent: usize,
}

impl Sitter {
    async fn call(&self, method: reqwest::Method, base: &str, path: &str, body: Value) -> Option<(u16, Value)> {
        let request = self.http.request(method, format!("{base}/api/v1{path}")).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    async fn send(&mut self, base: &str, save: (usize, Value, u64, String)) -> bool {
        let (at, response, revision, op) = save.clone();
        self.unknown = Some(save);
        let path = format!("{}/responses/{}", self.attempt, at + 1);
        let body = json!({"response": response, "revision": revision, "client_op_id": op});
        let Some((status, receipt)) = self.call(reqwest::Method::PUT, base, &path, body).await else { return false };
        // A server that is being killed may say that it cannot, which acknowledges nothing.
        if status == 503 {
            return false;
        }
        assert_eq!((status, receipt["revision"].as_u64()), (200, Some(revision + 1)), "{receipt}");
        (self.answers[at].1, self.answers[at].2) = (response, revision + 1);
        self.unknown = None;
        true
    }

    /// After a restart: everything acknowledged is there, and what was under way is sent again.
    async fn check(&mut self, base: &str) {
        if let Some(save) = self.unknown.take() {
            assert!(self.send(base, save).await, "a retry is answered");
        }
        for (at, (_, response, revision)) in self.answers.iter().enumerate() {
            let path = format!("{}/items/{}", self.attempt, at + 1);
            let (status, item) = self.call(reqwest::Method::GET, base, &path, Value::Null).await.expect("answered");
            assert_eq!(status, 200, "{item}");
            assert_eq!(
                (&item["response"], item["revision"].as_u64()),
                (response, Some(*revision)),
                "an acknowledged answer is lost"
            );
        }
    }

    /// Saves until the server is gone.
    async fn work(&mut self, base: &str, acknowledged: &AtomicUsize, until: usize, enough: &Notify) {
        loop {
            let at = self.sent % self.answers.len();
            let (handles, _, revision) = &self.answers[at];
            let response = json!([handles[self.sent / 3 % handles.len()]]);
            let save = (at, response, *revision, format!("op-{}", self.sent));
            self.sent += 1;
            if !self.send(base, save).await {
                return;
            }
            if acknowledged.fetch_add(1, Ordering::Relaxed) + 1 >= until {
                enough.notify_one();
            }
        }
    }
}

struct Server(Child);

impl Server {
    fn start(folder: &Path) -> (Self, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_waymark"))
            .current_dir(folder)
            .args(["--data", ".", "serve", "--listen", "127.0.0.1:0"])
            .env("WAYMARK_LOG", "off")
            .env_remove("WAYMARK_DATABASE__URL")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
        let base = said.find_map(|line| {
            let line = line.expect("text");
            line.split_once("listens on ").map(|(_, base)| base.trim().to_owned())
        });
        // Whoever writes to a closed pipe dies: the rest is read to its end elsewhere.
        std::thread::spawn(move || said.for_each(drop));
        (Self(child), base.expect("it says where"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: nothing is drained, nothing is closed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn prepare(folder: &Path) -> Vec<Sitter> {
    let url = format!("sqlite://{}", folder.join("waymark.db").display());
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.expect("the store opens");
    db.migrate().await.expect("the migrations run");
    let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "sample", bank()).await.expect("imported");
    exams::publish(&mut ch, &spec(|_| {})).await.expect("published");
    ch.commit().await.expect("committed");
    let mut sitters = vec![];
    for n in 0..CANDIDATES {
        let mut ch = db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let email = format!("person{n}@members.example");
        let member = members::find_or_enrol(&mut ch, &email, "Candidate", Locale::En).await.expect("enrolled").id;
        let (token, _) = access::mint_member_token(&mut ch, member).await.expect("minted");
        ch.commit().await.expect("committed");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        sitters.push(Sitter { http, token, attempt: String::new(), answers: vec![], unknown: None, sent: 0 });
    }
    db.close().await;
    sitters
}

async fn begin(sitter: &mut Sitter, base: &str) {
    let path = "/exams/sample/attempts";
    let (status, begun) = sitter.call(reqwest::Method::POST, base, path, Value::Null).await.expect("answered");
    assert_eq!(status, 201, "{begun}");
    sitter.attempt = format!("/attempts/{}", begun["id"].as_str().expect("an id"));
    for position in 1..=3 {
        let path = format!("{}/items/{position}", sitter.attempt);
        let (_, item) = sitter.call(reqwest::Method::GET, base, &path, Value::Null).await.expect("answered");
        let take = usize::from(item["type"] == "multiple_choice") + 1;
        let options = item["options"].as_array().expect("options");
        // A question that asks for two gets the same one always: what changes is the others.
        assert!(options.len() >= take);
        sitter.answers.push((options.iter().map(|option| option["handle"].clone()).collect(), json!([]), 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_answers_survive_kill_9() {
    let rounds = if std::env::var_os("WAYMARK_LONG").is_some() { 200 } else { 20 };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut sitters = prepare(folder.path()).await;
    let (mut server, mut base) = Server::start(folder.path());
    for sitter in &mut sitters {
        begin(sitter, &base).await;
    }
    let mut random = 0x51_7C_C1_B7_27_22_0A_95_u64;
    for _ in 0..rounds {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let until = usize::try_from(random >> 33).expect("small") % 300 + 1;
        let (acknowledged, enough) = (AtomicUsize::new(0), Notify::new());
        let work = sitters.iter_mut().map(|sitter| sitter.work(&base, &acknowledged, until, &enough));
        let kill = async {
            enough.notified().await;
            drop(server);
        };
        futures_util::future::join(futures_util::future::join_all(work), kill).await;
        (server, base) = Server::start(folder.path());
        futures_util::future::join_all(sitters.iter_mut().map(|sitter| sitter.check(&base))).await;
    }
    // Everybody hands in at once and the server dies in the middle of it; then all do so again.
    let submit = |sitter: &Sitter, base: &str| {
        let (http, token, url) =
            (sitter.http.clone(), sitter.token.clone(), format!("{base}/api/v1{}/submit", sitter.attempt));
        async move { http.post(url).bearer_auth(token).send().await.is_ok_and(|answer| answer.status() == 200) }
    };
    let enough = Notify::new();
    let first = sitters.iter().map(|sitter| {
        let (done, enough) = (submit(sitter, &base), &enough);
        async move {
            if done.await {
                enough.notify_one();
            }
        }
    });
    let kill = async {
        enough.notified().await;
        drop(server);
    };
    futures_util::future::join(futures_util::future::join_all(first), kill).await;
    let (server, base) = Server::start(folder.path());
    let again = futures_util::future::join_all(sitters.iter().map(|sitter| submit(sitter, &base))).await;
    assert!(again.iter().all(|done| *done));
    drop(server);
    let url = format!("sqlite://{}", folder.path().join("waymark.db").display());
    let store = sea_orm::Database::connect(&url).await.expect("the store opens");
    for (table, expected) in [
        ("attempt WHERE state = 'scored'", CANDIDATES),
        ("score_run", CANDIDATES),
        ("fact WHERE kind = 'exam'", CANDIDATES),
    ] {
        let query = format!("SELECT COUNT(*) FROM {table}");
        let query = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, query);
        let row = sea_orm::ConnectionTrait::query_one_raw(&store, query).await.expect("runs").expect("a row");
        let count: i64 = row.try_get_by_index(0).expect("a number");
        assert_eq!(usize::try_from(count), Ok(expected), "{table}");
    }
}
