//! Many candidates at once: `cargo bench -p waymark --bench sitting --profile release`.
//!
//! So many candidates begin within ten seconds, then saves arrive at a fixed rate whether or not earlier ones were answered (an open loop: a server that
//! falls behind shows it as latency, which is counted from when the save was due). Then, on the same store, a bare loop of inserts, one commit each, says what the disk alone does.
//! Server and client share the machine. `CANDIDATES`, `RATE`, `SECONDS` change the figures (1000, 1000, 60); `WAYMARK_BENCH_POSTGRES_URL` names an empty database to be used instead of SQLite.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use waymark::access;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::SystemClock;
use waymark::config::Config;
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::web::i18n::Locale;
use waymark::{banks, exams, members, router};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::Format;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(measure())
}

async fn measure() -> Outcome<()> {
    let (candidates, rate, seconds) = (setting("CANDIDATES", 1000), setting("RATE", 1000), setting("SECONDS", 60));
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite://{}", folder.path().join("waymark.db").display());
    let url = std::env::var("WAYMARK_BENCH_POSTGRES_URL").unwrap_or(sqlite);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    db.migrate().await?;
    let mut config = Config { base_url: base.parse()?, data_dir: folder.path().to_owned(), ..Config::default() };
    config.database.url = url.clone();
    let app = App::new(db, config)?;
    furnish(&app).await?;
    let tokens = enrol(&app, candidates).await?;
    let service = router::build(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256).build()?;

    let every = Duration::from_secs(10) / u32::try_from(candidates)?;
    let mut starts = JoinSet::new();
    let begun = Instant::now();
    for (n, token) in tokens.into_iter().enumerate() {
        let (http, base, due) = (http.clone(), base.clone(), begun + every * u32::try_from(n)?);
        starts.spawn(async move {
            tokio::time::sleep_until(due.into()).await;
            let answer = http.post(format!("{base}/api/v1/exams/load/attempts")).bearer_auth(&token).send().await?;
            let ok = answer.status() == 201;
            let body: Value = answer.json().await?;
            Outcome::Ok((due.elapsed(), ok.then(|| (token, body["id"].as_str().unwrap_or_default().to_owned()))))
        });
    }
    let (mut took, mut open, mut failed) = (vec![], vec![], 0);
    while let Some(done) = starts.join_next().await {
        let (time, attempt) = done??;
        took.push(time);
        match attempt {
            Some(attempt) => open.push(attempt),
            None => failed += 1,
        }
    }
    report("starts", &mut took, failed);

    let every = Duration::from_secs(1) / u32::try_from(rate)?;
    let mut saves = JoinSet::new();
    let begun = Instant::now();
    for n in 0..rate * seconds {
        let due = begun + every * u32::try_from(n)?;
        tokio::time::sleep_until(due.into()).await;
        let (token, attempt) = open[usize::try_from(n)? % open.len()].clone();
        // Each candidate answers one position after the other, again and again.
        let turn = n / u64::try_from(open.len())?;
        let (position, revision) = (turn % 20 + 1, turn / 20);
        let (http, url) = (http.clone(), format!("{base}/api/v1/attempts/{attempt}/responses/{position}"));
        saves.spawn(async move {
            let body = json!({"response": [], "revision": revision, "client_op_id": format!("op-{turn}")});
            let ok = match http.put(url).bearer_auth(token).json(&body).send().await {
                Ok(answer) => answer.status() == 200,
                Err(_) => false,
            };
            (due.elapsed(), ok)
        });
    }
    let (mut took, mut failed) = (vec![], 0);
    while let Some(done) = saves.join_next().await {
        let (time, ok) = done?;
        took.push(time);
        failed += usize::from(!ok);
    }
    let done = begun.elapsed();
    let through = took.len() as f64 / done.as_secs_f64();
    report("saves", &mut took, failed);
    let bare = bare_inserts(&app).await?;
    println!("saves/s {through:.0}   bare inserts/s, one commit each {bare:.0}   ratio {:.2}", through / bare);
    Ok(())
}

fn report(what: &str, took: &mut [Duration], failed: usize) {
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{what}: {} with {failed} errors   p50 {:.1} ms   p99 {:.1} ms   most {:.1} ms",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

async fn furnish(app: &App) -> Outcome<()> {
    let rows = (1..=40).map(|n| format!("q{n},Question {n}?,yes,no,0,all\n"));
    let table = format!("id,question,a,b,correct,domain\n{}", rows.collect::<String>());
    let read = banks::read_file(app.db.read(), "load", table.as_bytes(), Format::Csv, &|_| None).await?;
    let spec = json!({"slug": "load", "bank": "load", "blueprint": {"domains": {"all": 20}}, "timing": {"minutes": 60}, "scoring": {"cut": 10}});
    let spec = ExamSpec::from_value(&spec).map_err(|wrong| format!("{wrong:?}"))?;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    banks::import(&mut ch, "load", read).await?;
    exams::publish(&mut ch, &spec).await?;
    ch.commit().await?;
    Ok(())
}

async fn enrol(app: &App, candidates: u64) -> Outcome<Vec<String>> {
    let mut tokens = vec![];
    for n in 0..candidates {
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let member =
            members::find_or_enrol(&mut ch, &format!("c{n}@members.example"), "Candidate", Locale::En).await?.id;
        tokens.push(access::mint_member_token(&mut ch, member).await?.0);
        ch.commit().await?;
    }
    Ok(tokens)
}

/// What the store does with nothing around it: for three seconds, one row and one commit after the other.
async fn bare_inserts(app: &App) -> Outcome<f64> {
    let ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    ch.tx().execute_unprepared("CREATE TABLE bare (n BIGINT PRIMARY KEY, text TEXT NOT NULL)").await?;
    ch.commit().await?;
    let (begun, mut n) = (Instant::now(), 0_u64);
    while begun.elapsed() < Duration::from_secs(3) {
        let ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
        ch.tx()
            .execute_unprepared(&format!("INSERT INTO bare (n, text) VALUES ({n}, '[\"0123456789abcdef\"]')"))
            .await?;
        ch.commit().await?;
        n += 1;
    }
    Ok(n as f64 / begun.elapsed().as_secs_f64())
}
