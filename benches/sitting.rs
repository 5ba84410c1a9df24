//! An exam under load, each figure beside its target: `cargo bench -p waymark --bench sitting --profile release`.
//!
//! * Assembly: forms of 65 from 2,000 items under 40 constraints.
//! * Starts: a candidate begins every 10 ms, a thousand of them in ten seconds.
//! * Saves: so many a second for so many seconds, sent when they are due whether or not earlier ones were answered (an open loop: a server that falls
//!   behind shows it as latency, which is counted from when the save was due). Afterwards the store is asked whether it holds every one of them.
//! * Capacity: 64 candidates who save one answer after the other. Beside it a bare loop of inserts, one commit each, on a connection of its own to the
//!   same kind of store: what the disk alone does.
//!
//! SQLite (`synchronous=FULL`) always; PostgreSQL too where `WAYMARK_BENCH_POSTGRES_URL` names a cluster that lets us make a database. Server and client share the
//! machine. `WAYMARK_BENCH_SIZE=small` is over in half a minute; `WAYMARK_BENCH_CANDIDATES`, `_RATE` and `_SECONDS` change single numbers. Exit code 1 when a
//! figure is over its target or anything went wrong.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use waymark::access;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::SystemClock;
use waymark::config::Config;
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::ids::AttemptId;
use waymark::web::i18n::Locale;
use waymark::{attempts, banks, exams, members, router};
use waymark_assess::interchange::Format;
use waymark_assess::item::{Choice, Interaction, ItemContent, ItemKey, ItemOption, ItemVersion, OptionId};
use waymark_assess::text::Text;
use waymark_assess::{Blueprint, ExamSpec, Seed};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Questions of the exam that is sat.
const POSITIONS: u64 = 20;
/// Who saves at once where the capacity is measured.
const WRITERS: usize = 64;
const EVERY_START: Duration = Duration::from_millis(10);

struct Size {
    candidates: u64,
    rate: u64,
    seconds: u64,
    forms: u8,
}

impl Size {
    fn asked() -> Self {
        let small = std::env::var("WAYMARK_BENCH_SIZE").is_ok_and(|size| size == "small");
        let number = |name: &str, whole, small_one| {
            let said = std::env::var(format!("WAYMARK_BENCH_{name}")).ok().and_then(|text| text.parse().ok());
            said.unwrap_or(if small { small_one } else { whole })
        };
        Self {
            candidates: number("CANDIDATES", 1000, 100).max(1),
            rate: number("RATE", 1000, 200).max(1),
            seconds: number("SECONDS", 60, 5).max(1),
            forms: if small { 50 } else { 250 },
        }
    }
}

/// What was measured, and whether all of it held.
#[derive(Default)]
struct Figures {
    over: usize,
}

impl Figures {
    fn line(&mut self, name: &str, value: f64, unit: &str, target: Option<f64>) {
        let against = target.map_or_else(String::new, |target| {
            let over = value > target;
            self.over += usize::from(over);
            format!("   target ≤ {target} {unit}, {:.2} of it{}", value / target, if over { "   OVER" } else { "" })
        });
        println!("  {name:<44} {value:>10.2} {unit}{against}");
    }

    fn none(&mut self, name: &str, errors: usize) {
        self.line(name, errors as f64, "", Some(0.0).filter(|_| errors > 0));
    }

    fn spread(&mut self, name: &str, took: &mut [Duration], target: f64) {
        took.sort_unstable();
        let at = |share: f64| {
            let last = took.len().saturating_sub(1);
            took.get((last as f64 * share).ceil() as usize).copied().unwrap_or_default().as_secs_f64() * 1000.0
        };
        self.line(&format!("{name}, median of {}", took.len()), at(0.5), "ms", None);
        self.line(&format!("{name}, p99"), at(0.99), "ms", Some(target));
        self.line(&format!("{name}, longest"), at(1.0), "ms", None);
    }
}

fn main() -> Outcome<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (size, mut figures) = (Size::asked(), Figures::default());
    println!("assembly");
    assemble(&mut figures, size.forms)?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        println!("SQLite, synchronous=FULL");
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let bare = format!("{}?mode=rwc", file("bare.db"));
        sit(&mut figures, &size, folder.path(), &file("waymark.db"), &bare).await?;
        let Ok(cluster) = std::env::var("WAYMARK_BENCH_POSTGRES_URL") else {
            println!("PostgreSQL: left out, WAYMARK_BENCH_POSTGRES_URL names no cluster");
            return Outcome::Ok(());
        };
        println!("PostgreSQL");
        let name = format!("waymark_bench_{}", std::process::id());
        let (server, _) = cluster.rsplit_once('/').ok_or("postgres://host/database")?;
        let url = format!("{server}/{name}");
        let admin = sea_orm::Database::connect(&cluster).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        let folder = tempfile::tempdir()?;
        let sat = sit(&mut figures, &size, folder.path(), &url, &url).await;
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        sat
    })?;
    Ok(if figures.over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Forms of 65 from 2,000 items: ten domains with a number each, thirty tags with bounds, and two hundred pairs of enemies.
fn assemble(figures: &mut Figures, forms: u8) -> Outcome<()> {
    let mut versions = vec![];
    for n in 0..2000_u32 {
        let text = |words: &str| Text::plain(words).map_err(|e| format!("{e:?}"));
        let option = |at: usize| -> Outcome<ItemOption> {
            let id = OptionId::new(&format!("o{at}")).ok_or("no id of an option")?;
            Ok(ItemOption { id, text: text(&format!("Option {at}"))?, fixed: false })
        };
        let options = (0..4).map(option).collect::<Outcome<Vec<_>>>()?;
        let right = options[0].id.clone();
        let choice = Choice { multiple: false, true_false: false, options, choose: None };
        let content = ItemContent {
            slug: format!("item-{n:04}"),
            stem: text(&format!("Question {n}?"))?,
            interaction: Interaction::Choice(choice),
            refs: vec![],
            domain: Some(format!("d{}", n % 10)),
            tags: [format!("t{}", n / 10 % 30)].into(),
            figure: None,
            enemies: (n % 1000 < 200).then(|| format!("pair-{}", n % 1000)).into_iter().collect(),
            stimulus: None,
        };
        versions.push(ItemVersion::new(content, ItemKey::of_options(vec![right]), None).map_err(|e| format!("{e:?}"))?);
    }
    let domains: BTreeMap<String, u32> = (0..10).map(|n| (format!("d{n}"), if n < 5 { 6 } else { 7 })).collect();
    let tags: BTreeMap<String, Value> =
        (0..30).map(|n| (format!("t{n}"), json!({"at_least": 1, "at_most": 5}))).collect();
    let blueprint = Blueprint::from_value(&json!({"domains": domains, "tags": tags})).map_err(|e| format!("{e:?}"))?;
    let plan = blueprint.plan(versions.iter().map(Into::into)).map_err(|e| format!("{e:?}"))?;
    let mut took = vec![];
    for seed in 0..forms {
        let begun = Instant::now();
        let form = plan.draw(Seed([seed; 32]));
        took.push(begun.elapsed());
        if form.positions().len() != 65 || !form.relaxed().is_empty() {
            return Err("a form is not what the blueprint says".into());
        }
    }
    figures.spread("form of 65 under 40 constraints", &mut took, 5.0);
    Ok(())
}

/// An attempt under way: who may answer, and the handles of every position.
struct Sat {
    token: String,
    id: String,
    handles: Vec<Vec<String>>,
}

async fn sit(figures: &mut Figures, size: &Size, folder: &std::path::Path, url: &str, bare: &str) -> Outcome<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let db = Database::open(url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    db.migrate().await?;
    let mut config = Config { base_url: base.parse()?, data_dir: folder.to_owned(), ..Config::default() };
    config.database.url = url.to_owned();
    let app = App::new(db, config)?;
    furnish(&app).await?;
    let tokens = enrol(&app, size.candidates).await?;
    let service = router::build(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256).build()?;

    let open = start(figures, &app, &http, &base, tokens).await?;
    if open.len() as u64 == size.candidates {
        let kept = save(figures, size, &http, &base, &open).await?;
        let query = Statement::from_string(
            app.db.read().get_database_backend(),
            "SELECT CAST(SUM(seq) AS BIGINT) FROM attempt",
        );
        let stored: i64 = app.db.read().query_one_raw(query).await?.ok_or("no sum")?.try_get_by_index(0)?;
        figures.none("acknowledged saves that the store lacks", kept.abs_diff(usize::try_from(stored)?));
        let made = size.rate * size.seconds;
        let most = capacity(&http, &base, &open, made, Duration::from_secs(size.seconds.min(5))).await?;
        let alone = bare_inserts(bare, Duration::from_secs(size.seconds.min(3))).await?;
        figures.line(&format!("saves by {WRITERS} writers, answered and logged"), most, "/s", None);
        figures.line("bare inserts, one commit each", alone, "/s", None);
        figures.line("ratio", most / alone, "", None);
    }
    server.abort();
    Ok(())
}

async fn start(
    figures: &mut Figures,
    app: &App,
    http: &reqwest::Client,
    base: &str,
    tokens: Vec<String>,
) -> Outcome<Vec<Arc<Sat>>> {
    let (mut starts, begun) = (JoinSet::new(), Instant::now());
    for (n, token) in tokens.into_iter().enumerate() {
        let (http, due) = (http.clone(), begun + EVERY_START * u32::try_from(n)?);
        let url = format!("{base}/api/v1/exams/load/attempts");
        starts.spawn(async move {
            tokio::time::sleep_until(due.into()).await;
            let answer = http.post(url).bearer_auth(&token).send().await?;
            let ok = answer.status() == 201;
            let body: Value = answer.json().await?;
            let id = body["id"].as_str().unwrap_or_default().to_owned();
            Outcome::Ok((due.elapsed(), ok.then_some((token, id))))
        });
    }
    let (mut took, mut begun_ones, mut failed) = (vec![], vec![], 0);
    while let Some(done) = starts.join_next().await {
        match done? {
            Ok((time, Some(one))) => {
                took.push(time);
                begun_ones.push(one);
            }
            Ok((_, None)) | Err(_) => failed += 1,
        }
    }
    figures.line("all have started after", begun.elapsed().as_secs_f64(), "s", None);
    figures.none("starts that failed", failed);
    figures.spread("start", &mut took, 2000.0);
    let mut open = vec![];
    for (token, id) in begun_ones {
        let form = attempts::form(app.db.read(), id.parse::<AttemptId>().map_err(|_| "no id of an attempt")?).await?;
        let options = |at: &waymark_assess::form::Position| at.options().iter().map(|o| o.handle.to_string()).collect();
        open.push(Arc::new(Sat { handles: form.positions().iter().map(options).collect(), token, id }));
    }
    Ok(open)
}

/// The save number `turn` of an attempt: one position after the other, again and again, another option each time.
async fn one(http: &reqwest::Client, base: &str, sat: &Sat, turn: u64) -> bool {
    let (at, revision) = (turn % POSITIONS, turn / POSITIONS);
    let options = &sat.handles[usize::try_from(at).unwrap_or_default()];
    let chosen = &options[usize::try_from(revision).unwrap_or_default() % options.len()];
    let body = json!({"response": [chosen], "revision": revision, "client_op_id": format!("op-{turn}")});
    let url = format!("{base}/api/v1/attempts/{}/responses/{}", sat.id, at + 1);
    match http.put(url).bearer_auth(&sat.token).json(&body).send().await {
        Ok(answer) => answer.status() == 200,
        Err(_) => false,
    }
}

/// Saves at a fixed rate; answers how many were acknowledged.
async fn save(
    figures: &mut Figures,
    size: &Size,
    http: &reqwest::Client,
    base: &str,
    open: &[Arc<Sat>],
) -> Outcome<usize> {
    let every = Duration::from_secs(1) / u32::try_from(size.rate)?;
    let (mut saves, begun) = (JoinSet::new(), Instant::now());
    let (mut took, mut failed) = (vec![], 0);
    for n in 0..size.rate * size.seconds {
        let due = begun + every * u32::try_from(n)?;
        tokio::time::sleep_until(due.into()).await;
        let count = u64::try_from(open.len())?;
        let (sat, turn) = (open[usize::try_from(n % count)?].clone(), n / count);
        let (http, base) = (http.clone(), base.to_owned());
        saves.spawn(async move {
            let ok = one(&http, &base, &sat, turn).await;
            (due.elapsed(), ok)
        });
        while let Some(done) = saves.try_join_next() {
            let (time, ok) = done?;
            took.push(time);
            failed += usize::from(!ok);
        }
    }
    while let Some(done) = saves.join_next().await {
        let (time, ok) = done?;
        took.push(time);
        failed += usize::from(!ok);
    }
    let through = took.len() as f64 / begun.elapsed().as_secs_f64();
    figures.line(&format!("saves at {} a second for {} s", size.rate, size.seconds), through, "/s", None);
    figures.none("saves that failed", failed);
    figures.spread("save", &mut took, 150.0);
    Ok(took.len() - failed)
}

/// Saves a second where each writer sends the next one as soon as the last is answered, after `made` saves in turn.
async fn capacity(http: &reqwest::Client, base: &str, open: &[Arc<Sat>], made: u64, time: Duration) -> Outcome<f64> {
    let (mut writers, begun, count) = (JoinSet::new(), Instant::now(), u64::try_from(open.len())?);
    for (at, sat) in open.iter().enumerate().take(WRITERS) {
        let (http, base, sat) = (http.clone(), base.to_owned(), sat.clone());
        let mut turn = (made + count - 1 - u64::try_from(at)?) / count;
        writers.spawn(async move {
            let mut saved = 0_u32;
            while begun.elapsed() < time && one(&http, &base, &sat, turn).await {
                (saved, turn) = (saved + 1, turn + 1);
            }
            saved
        });
    }
    let mut all = 0;
    while let Some(done) = writers.join_next().await {
        all += done?;
    }
    Ok(f64::from(all) / begun.elapsed().as_secs_f64())
}

async fn furnish(app: &App) -> Outcome<()> {
    let rows = (1..=2 * POSITIONS).map(|n| format!("q{n},Question {n}?,yes,no,0,all\n"));
    let table = format!("id,question,a,b,correct,domain\n{}", rows.collect::<String>());
    let read = banks::read_file(app.db.read(), "load", table.as_bytes(), Format::Csv, &|_| None).await?;
    let spec = json!({"slug": "load", "bank": "load", "blueprint": {"domains": {"all": POSITIONS}}, "timing": {"minutes": 60}, "scoring": {"cut": 10}});
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
        let email = format!("c{n}@members.example");
        let member = members::find_or_enrol(&mut ch, &email, "Candidate", Locale::En).await?.id;
        tokens.push(access::mint_member_token(&mut ch, member).await?.0);
        ch.commit().await?;
    }
    Ok(tokens)
}

/// What a store of this kind does with nothing around it: one row and one commit after the other, as durable as ours.
async fn bare_inserts(url: &str, time: Duration) -> Outcome<f64> {
    let mut one = ConnectOptions::new(url);
    one.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(one).await?;
    if url.starts_with("sqlite") {
        db.execute_unprepared("PRAGMA journal_mode = WAL").await?;
        db.execute_unprepared("PRAGMA synchronous = FULL").await?;
    }
    db.execute_unprepared("CREATE TABLE bare (n BIGINT PRIMARY KEY, text TEXT NOT NULL)").await?;
    let (begun, mut n) = (Instant::now(), 0_u32);
    while begun.elapsed() < time {
        db.execute_unprepared(&format!("INSERT INTO bare (n, text) VALUES ({n}, '[\"0123456789abcdef\"]')")).await?;
        n += 1;
    }
    let rate = f64::from(n) / begun.elapsed().as_secs_f64();
    db.close().await?;
    Ok(rate)
}
