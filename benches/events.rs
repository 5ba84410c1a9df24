//! Events from sources under load, each figure beside its target: `cargo bench -p waymark --bench events --profile release`.
//!
//! * Rate: batches with a key of role source, sent when they are due whether or not earlier ones were answered (an open loop: a server that falls behind shows it as
//!   latency, which is counted from when the batch was due). One event in ten is a repetition. Afterwards the store is asked whether it holds every one that was accepted,
//!   once.
//! * Capacity: a few senders, each of whom sends the next batch as soon as the last is answered. Beside it a bare loop that inserts as many rows a commit, on a connection
//!   of its own to the same kind of store: what the disk alone does.
//! * Overload: ten times the rate. What is not taken is answered with 503 and `Retry-After`; what was accepted is counted in the store.
//!
//! SQLite (`synchronous=FULL`) always; PostgreSQL too where `WAYMARK_BENCH_POSTGRES_URL` names a cluster that lets us make a database. Server and client share the
//! machine; the worker does not run. `WAYMARK_BENCH_SIZE=small` is over in half a minute; `WAYMARK_BENCH_RATE`, `_SECONDS`, `_BATCH` and `_MEMBERS` change single numbers.
//! Exit code 1 when a figure misses its target or anything was lost.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::SystemClock;
use waymark::config::Config;
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::members::{self, NewMember};
use waymark::router;
use waymark::web::i18n::Locale;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const SOURCE: &str = "https://load.example";
/// Events a second that are asked for.
const TARGET: f64 = 2000.0;
/// One in so many repeats an earlier one.
const REPEATED: u64 = 10;
const SENDERS: u64 = 4;

struct Size {
    rate: u64,
    seconds: u64,
    batch: u64,
    members: u64,
}

impl Size {
    fn asked() -> Self {
        let small = std::env::var("WAYMARK_BENCH_SIZE").is_ok_and(|size| size == "small");
        let number = |name: &str, whole: u64, small_one: u64| {
            let said = std::env::var(format!("WAYMARK_BENCH_{name}")).ok().and_then(|text| text.parse().ok());
            said.unwrap_or(if small { small_one } else { whole }).max(1)
        };
        Self {
            rate: number("RATE", 2000, 2000),
            seconds: number("SECONDS", 30, 5),
            batch: number("BATCH", 100, 100),
            members: number("MEMBERS", 2000, 500),
        }
    }
}

/// What was measured, and whether all of it held.
#[derive(Default)]
struct Figures {
    missed: usize,
}

impl Figures {
    fn line(&self, name: &str, value: f64, unit: &str) {
        println!("  {name:<52} {value:>12.2} {unit}");
    }

    fn at_least(&mut self, name: &str, value: f64, unit: &str, target: f64) {
        let short = value < target;
        self.missed += usize::from(short);
        let mark = if short { "   SHORT" } else { "" };
        println!("  {name:<52} {value:>12.2} {unit}   target ≥ {target} {unit}, {:.2} of it{mark}", value / target);
    }

    fn none(&mut self, name: &str, n: u64) {
        self.missed += usize::from(n > 0);
        println!("  {name:<52} {n:>12}{}", if n > 0 { "   LOST" } else { "" });
    }

    fn spread(&self, name: &str, took: &mut [Duration]) {
        took.sort_unstable();
        for (share, word) in [(0.5, "median"), (0.99, "p99"), (1.0, "longest")] {
            let last = took.len().saturating_sub(1);
            let at = took.get((last as f64 * share).ceil() as usize).copied().unwrap_or_default();
            self.line(&format!("{name}, {word} of {}", took.len()), at.as_secs_f64() * 1000.0, "ms");
        }
    }
}

fn main() -> Outcome<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (size, mut figures) = (Size::asked(), Figures::default());
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        println!("SQLite, synchronous=FULL");
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let bare = format!("{}?mode=rwc", file("bare.db"));
        measure(&mut figures, &size, folder.path(), &file("waymark.db"), &bare).await?;
        let Ok(cluster) = std::env::var("WAYMARK_BENCH_POSTGRES_URL") else {
            println!("PostgreSQL: left out, WAYMARK_BENCH_POSTGRES_URL names no cluster");
            return Outcome::Ok(());
        };
        println!("PostgreSQL");
        let name = format!("waymark_events_{}", std::process::id());
        let (server, _) = cluster.rsplit_once('/').ok_or("postgres://host/database")?;
        let url = format!("{server}/{name}");
        let admin = sea_orm::Database::connect(&cluster).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        let folder = tempfile::tempdir()?;
        let measured = measure(&mut figures, &size, folder.path(), &url, &url).await;
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        measured
    })?;
    Ok(if figures.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where events go, and who may send them.
#[derive(Clone)]
struct Way {
    http: reqwest::Client,
    url: String,
    key: String,
    members: u64,
    batch: u64,
}

/// How one batch was answered.
enum Answer {
    Taken { accepted: u64, repeated: u64 },
    Shed,
    Failed,
}

impl Way {
    /// The events of one batch of a run. Whoever numbers batches apart sends different events.
    fn events(&self, run: &str, number: u64) -> Value {
        let one = |n: u64| {
            let at = number * self.batch + n;
            let at = if at % REPEATED == REPEATED - 1 { at - 1 } else { at };
            json!({
                "specversion": "1.0", "id": format!("{run}-{at}"), "source": SOURCE, "type": "change.merged",
                "subject": format!("handle:m{}", at % self.members), "time": "2026-11-20T09:00:00Z",
                "data": {"object": format!("https://load.example/changes/{run}/{at}"), "title": "A change of usual length, as people write them"},
            })
        };
        (0..self.batch).map(one).collect()
    }

    async fn send(&self, run: &str, number: u64) -> Answer {
        let request = self.http.post(&self.url).bearer_auth(&self.key);
        let request = request.header("content-type", "application/cloudevents-batch+json");
        let Ok(answer) = request.body(self.events(run, number).to_string()).send().await else { return Answer::Failed };
        if answer.status() == 503 && answer.headers().contains_key("retry-after") {
            return Answer::Shed;
        }
        if answer.status() != 202 {
            return Answer::Failed;
        }
        let Ok(body) = answer.json::<Value>().await else { return Answer::Failed };
        let count = |word: &str| {
            let all = body["results"].as_array().into_iter().flatten();
            all.filter(|result| result["outcome"] == word).count() as u64
        };
        Answer::Taken { accepted: count("accepted"), repeated: count("duplicate") }
    }
}

async fn measure(figures: &mut Figures, size: &Size, folder: &std::path::Path, url: &str, bare: &str) -> Outcome<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let db = Database::open(url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    db.migrate().await?;
    let mut config = Config { base_url: base.parse()?, data_dir: folder.to_owned(), ..Config::default() };
    config.database.url = url.to_owned();
    let app = App::new(db, config)?;
    let key = furnish(&app, size.members).await?;
    let service = router::build(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256).build()?;
    let way = Way { http, url: format!("{base}/api/v1/events"), key, members: size.members, batch: size.batch };

    let offered = format!("offered {} a second in batches of {}", size.rate, size.batch);
    let at_rate = open_loop(&way, "rate", size.rate, size.seconds).await?;
    figures.at_least(&format!("{offered}: answered"), at_rate.per_second(), "/s", TARGET.min(size.rate as f64) * 0.98);
    figures.spread("batch", &mut at_rate.took.clone());
    figures.none("batches that were not taken", at_rate.shed + at_rate.failed);
    figures.none("repeated events not seen as such", (at_rate.accepted / (REPEATED - 1)).abs_diff(at_rate.repeated));
    lost(figures, &app, "rate", at_rate.accepted).await?;

    let (most, accepted) = capacity(&way, Duration::from_secs(size.seconds.min(10))).await?;
    figures.at_least(&format!("capacity, {SENDERS} senders"), most, "/s", TARGET);
    lost(figures, &app, "full", accepted).await?;
    let alone = bare_inserts(bare, size.batch, Duration::from_secs(size.seconds.min(5))).await?;
    figures.line(&format!("bare inserts, {} a commit", size.batch), alone, "/s");
    figures.line("ratio", most / alone, "");

    let over = open_loop(&way, "over", size.rate * 10, size.seconds.min(10)).await?;
    figures.line(&format!("offered {} a second: answered with 202", size.rate * 10), over.per_second(), "/s");
    figures.line("batches sent away with 503 and Retry-After", over.shed as f64, "");
    figures.spread("answer of any kind", &mut over.took.clone());
    figures.none("batches that failed otherwise", over.failed);
    lost(figures, &app, "over", over.accepted).await?;
    server.abort();
    Ok(())
}

/// What an open loop came to.
struct Came {
    took: Vec<Duration>,
    accepted: u64,
    repeated: u64,
    shed: u64,
    failed: u64,
    whole: Duration,
}

impl Came {
    fn per_second(&self) -> f64 {
        (self.accepted + self.repeated) as f64 / self.whole.as_secs_f64()
    }
}

/// Sends at a fixed rate.
async fn open_loop(way: &Way, run: &'static str, rate: u64, seconds: u64) -> Outcome<Came> {
    let batches = (rate * seconds / way.batch).max(1);
    let every = Duration::from_secs(seconds) / u32::try_from(batches)?;
    let (mut sent, begun) = (JoinSet::new(), Instant::now());
    let mut came = Came { took: vec![], accepted: 0, repeated: 0, shed: 0, failed: 0, whole: Duration::ZERO };
    for n in 0..batches {
        let due = begun + every * u32::try_from(n)?;
        tokio::time::sleep_until(due.into()).await;
        let way = way.clone();
        sent.spawn(async move {
            let answer = way.send(run, n).await;
            (due.elapsed(), answer)
        });
        while let Some(done) = sent.try_join_next() {
            came.add(done?);
        }
    }
    while let Some(done) = sent.join_next().await {
        came.add(done?);
    }
    came.whole = begun.elapsed();
    Ok(came)
}

impl Came {
    fn add(&mut self, (took, answer): (Duration, Answer)) {
        self.took.push(took);
        match answer {
            Answer::Taken { accepted, repeated } => {
                self.accepted += accepted;
                self.repeated += repeated;
            }
            Answer::Shed => self.shed += 1,
            Answer::Failed => self.failed += 1,
        }
    }
}

/// Events a second where each sender sends the next batch as soon as the last is answered, and how many were accepted.
async fn capacity(way: &Way, time: Duration) -> Outcome<(f64, u64)> {
    let (mut senders, begun) = (JoinSet::new(), Instant::now());
    for sender in 0..SENDERS {
        let way = way.clone();
        senders.spawn(async move {
            let (mut all, mut new, mut number) = (0, 0, sender);
            while begun.elapsed() < time {
                let Answer::Taken { accepted, repeated } = way.send("full", number).await else { break };
                (all, new, number) = (all + accepted + repeated, new + accepted, number + SENDERS);
            }
            (all, new)
        });
    }
    let (mut all, mut new) = (0, 0);
    while let Some(done) = senders.join_next().await {
        let (one, accepted) = done?;
        (all, new) = (all + one, new + accepted);
    }
    Ok((all as f64 / begun.elapsed().as_secs_f64(), new))
}

/// Compares what was accepted with what the store holds, as a contribution and as a fact.
async fn lost(figures: &mut Figures, app: &App, run: &str, accepted: u64) -> Outcome<()> {
    let count = async |table: &str| -> Outcome<u64> {
        let query = format!("SELECT COUNT(*) FROM {table}");
        let query = Statement::from_string(app.db.read().get_database_backend(), query);
        let n: i64 = app.db.read().query_one_raw(query).await?.ok_or("no count")?.try_get_by_index(0)?;
        Ok(u64::try_from(n)?)
    };
    let kept = count(&format!("contribution WHERE event LIKE '{run}-%' AND state = 'accepted'")).await?;
    figures.none(&format!("accepted ({accepted}) and not in the store once"), kept.abs_diff(accepted));
    figures.none(
        "contributions without their fact",
        count("contribution").await?.abs_diff(count("fact WHERE kind = 'contribution'").await?),
    );
    Ok(())
}

/// The key of the source, once there are members and a source.
async fn furnish(app: &App, members: u64) -> Outcome<String> {
    let definition = json!({"source": SOURCE, "title": "Load", "types": ["change.merged"]});
    let definition = SourceDefinition::from_value(&definition).map_err(|wrong| format!("{wrong:?}"))?;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    keep_source(&mut ch, &definition).await?;
    for n in 0..members {
        let new = NewMember {
            email: format!("m{n}@members.example"),
            name: format!("Member {n}"),
            locale: Locale::En,
            handle: Some(format!("m{n}")),
            affiliation: None,
            joined_at: None,
        };
        members::enrol(&mut ch, new).await?;
    }
    ch.commit().await?;
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let (_, key) = access::create_api_key(&mut ch, "load", Role::Source, Some(SOURCE)).await?;
    ch.commit().await?;
    Ok(key)
}

/// What a store of this kind does with nothing around it: so many rows a commit, one statement each, as durable as ours.
async fn bare_inserts(url: &str, rows: u64, time: Duration) -> Outcome<f64> {
    let mut one = ConnectOptions::new(url);
    one.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(one).await?;
    if url.starts_with("sqlite") {
        db.execute_unprepared("PRAGMA journal_mode = WAL").await?;
        db.execute_unprepared("PRAGMA synchronous = FULL").await?;
    }
    db.execute_unprepared("CREATE TABLE bare (n BIGINT PRIMARY KEY, text TEXT NOT NULL)").await?;
    let (begun, mut n) = (Instant::now(), 0_u64);
    while begun.elapsed() < time {
        db.execute_unprepared("BEGIN").await?;
        for _ in 0..rows {
            db.execute_unprepared(&format!("INSERT INTO bare (n, text) VALUES ({n}, '[\"0123456789abcdef\"]')"))
                .await?;
            n += 1;
        }
        db.execute_unprepared("COMMIT").await?;
    }
    let rate = n as f64 / begun.elapsed().as_secs_f64();
    db.close().await?;
    Ok(rate)
}
