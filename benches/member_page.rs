//! The pages of one member with ten thousand contributions, each figure beside its target: `cargo bench -p waymark --bench member_page --profile release`.
//!
//! The program has a track that is reached, one that lacks an exam, one that asks for a sum, and one with terms; half of the contributions are about something that
//! was counted before. Every page is asked for by HTTP, one after the other, with a session, as a browser would. The first look at each is not counted: it fills what
//! the store keeps in memory.
//!
//! SQLite always; PostgreSQL too where `WAYMARK_BENCH_POSTGRES_URL` names a cluster that lets us make a database. `WAYMARK_BENCH_CONTRIBUTIONS` and `_LOOKS` change the
//! numbers. Exit code 1 when the median of a page misses its target.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::{SystemClock, rfc3339};
use waymark::config::{Config, DidMethod};
use waymark::contributions::{self, Envelope, SourceDefinition, Speaker, keep_source};
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::members::{self, NewMember};
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;
use waymark::{router, worker};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const SOURCE: &str = "https://load.example";
const TARGET: Duration = Duration::from_millis(50);
/// Over so many days the contributions are spread, up to now.
const DAYS: i64 = 300;

fn number(name: &str, usual: usize) -> usize {
    std::env::var(format!("WAYMARK_BENCH_{name}")).ok().and_then(|text| text.parse().ok()).unwrap_or(usual).max(1)
}

fn main() -> Outcome<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let missed = runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        println!("SQLite");
        let mut missed =
            measure(folder.path(), &format!("sqlite://{}", folder.path().join("waymark.db").display())).await?;
        let Ok(cluster) = std::env::var("WAYMARK_BENCH_POSTGRES_URL") else {
            println!("PostgreSQL: left out, WAYMARK_BENCH_POSTGRES_URL names no cluster");
            return Outcome::Ok(missed);
        };
        println!("PostgreSQL");
        let name = format!("waymark_member_page_{}", std::process::id());
        let (server, _) = cluster.rsplit_once('/').ok_or("postgres://host/database")?;
        let admin = sea_orm::Database::connect(&cluster).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        let folder = tempfile::tempdir()?;
        let measured = measure(folder.path(), &format!("{server}/{name}")).await;
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        missed += measured?;
        Ok(missed)
    })?;
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints how long each page takes; answers how many missed the target.
async fn measure(folder: &Path, url: &str) -> Outcome<usize> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let db = Database::open(url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    db.migrate().await?;
    let mut config = Config { base_url: base.parse()?, data_dir: folder.to_owned(), ..Config::default() };
    config.database.url = url.to_owned();
    config.issuer.did_method = DidMethod::Key;
    let app = App::new(db, config)?;
    let all = number("CONTRIBUTIONS", 10_000);
    let member = furnish(&app, all).await?;
    let cookie = cookie(&app, member).await?;
    let service = router::build(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let http = reqwest::Client::builder().no_proxy().build()?;

    let middle = contributions::page_of_member(app.db.read(), member, None, None, all as u64 / 2).await?;
    let middle = middle.last().ok_or("no contribution")?.id;
    let mut missed = 0;
    for (name, path) in [
        ("the member's page", "/me".to_owned()),
        ("the timeline, first page", "/me/timeline".to_owned()),
        ("the timeline, from its middle", format!("/me/timeline?after={middle}")),
        ("the page about the member", format!("/admin/members/{member}")),
        ("progress by API", format!("/api/v1/members/{member}/progress")),
    ] {
        let mut took = vec![];
        for look in 0..=number("LOOKS", 40) {
            let begun = Instant::now();
            let answer = http.get(format!("{base}{path}")).header("cookie", &cookie).send().await?;
            if answer.status() != 200 {
                return Err(format!("{path}: {}", answer.status()).into());
            }
            answer.bytes().await?;
            if look > 0 {
                took.push(begun.elapsed());
            }
        }
        took.sort_unstable();
        let (median, longest) = (took[took.len() / 2], took[took.len() - 1]);
        missed += usize::from(median > TARGET);
        println!(
            "  {name:<34} median {:>7.2} ms   longest {:>7.2} ms   target ≤ {} ms{}",
            median.as_secs_f64() * 1000.0,
            longest.as_secs_f64() * 1000.0,
            TARGET.as_millis(),
            if median > TARGET { "   SHORT" } else { "" },
        );
    }
    server.abort();
    Ok(missed)
}

fn program() -> Vec<Value> {
    let track = |slug: &str, requires: Value| {
        let title = json!({"ja": slug, "en": slug});
        json!({"slug": slug, "kind": "milestone", "title": title, "criteria": title, "requires": requires})
    };
    let give = |more: Value| {
        let mut asked = json!({"types": ["change.merged"]});
        let said = asked.as_object_mut().zip(more.as_object());
        said.into_iter().for_each(|(asked, more)| asked.extend(more.clone()));
        json!({"id": "give", "contributions": asked})
    };
    let days = json!({"days": 365});
    let mut term = track("term", give(json!({"at_least": 3, "window": days})));
    term["validity"] = json!({"months": 12});
    term["renewal"] =
        json!({"by": [{"id": "again", "contributions": {"types": ["change.merged"], "at_least": 100_000}}]});
    vec![
        track("reached", give(json!({"at_least": 5, "window": days, "per_day": 2, "distinct": "object"}))),
        track(
            "exam",
            json!({"all": [
                {"id": "exam", "exam": {"slug": "never"}},
                give(json!({"at_least": 3, "window": days, "per_day": 2, "distinct": "object"})),
            ]}),
        ),
        track("much", give(json!({"sum": 1_000_000, "distinct": "object"}))),
        term,
    ]
}

/// A member who has given much.
async fn furnish(app: &App, all: usize) -> Outcome<MemberId> {
    let wrong = |faults: Vec<waymark::error::Fault>| format!("{faults:?}");
    issuer::generate_keys(app, Actor::Operator).await?;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    let profile = json!({"issuer": {"name": "Load", "url": "https://load.example"}, "time_zone": "Asia/Tokyo"});
    issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).map_err(wrong)?).await?;
    let own = issuer::default_issuer(ch.tx()).await?.ok_or("no issuer")?;
    for track in program() {
        tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).map_err(wrong)?).await?;
    }
    let source = json!({"source": SOURCE, "title": "Load", "types": ["change.merged"], "subjects": ["handle"]});
    keep_source(&mut ch, &SourceDefinition::from_value(&source).map_err(wrong)?).await?;
    let new = NewMember {
        email: "busy@members.example".to_owned(),
        name: "Busy".to_owned(),
        locale: Locale::En,
        handle: Some("busy".to_owned()),
        affiliation: None,
        joined_at: None,
    };
    let member = members::enrol(&mut ch, new).await?.id;
    ch.commit().await?;
    let now = app.db.now();
    let event = |n: usize| {
        let ago = time::Duration::seconds(
            DAYS * 86_400 / i64::try_from(all).unwrap_or(i64::MAX) * i64::try_from(n).unwrap_or(0),
        );
        Envelope::structured(json!({
            "specversion": "1.0", "id": format!("e-{n}"), "source": SOURCE, "type": "change.merged", "subject": "handle:busy",
            "time": rfc3339(now - ago),
            "data": {"object": format!("https://load.example/changes/{}", n / 2), "title": "A change of usual length, as people write them"},
        }))
    };
    contributions::receive_all(&app.db, Actor::Operator, &Speaker::Any, (0..all).map(event).collect()).await?;
    worker::drain(app).await?;
    Ok(member)
}

/// The member is staff, too, so that both pages about them can be asked for.
async fn cookie(app: &App, member: MemberId) -> Outcome<String> {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    access::give_role(&mut ch, member, Role::Owner).await?;
    ch.commit().await?;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    let secret = access::start_session(&mut ch, member).await?;
    ch.commit().await?;
    Ok(format!("{}={secret}", access::session_cookie(&app.config)))
}
