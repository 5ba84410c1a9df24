//! A running Waymark for a test: the real router on a free port of the loopback, a fresh store, a clock that stands still, seeded randomness.
//!
//! `on_both!` runs a test on SQLite and, where `WAYMARK_TEST_POSTGRES_URL` names a cluster (`./test` starts one), on PostgreSQL.

use std::sync::Arc;

use sea_orm::ConnectionTrait as _;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::{StoppedClock, Timestamp, parse_rfc3339};
use waymark::config::Config;
use waymark::database::{Database, Kind};
use waymark::entropy::SeededEntropy;
use waymark::ids::MemberId;
use waymark::outbound::Connector;
use waymark::{router, worker};

mod store;

pub use store::{Store, dropped_after, fresh_postgres, postgres_cluster};

/// One installation under test.
pub struct TestApp {
    pub app: App,
    pub clock: Arc<StoppedClock>,
    pub base: String,
    pub http: reqwest::Client,
    server: tokio::task::JoinHandle<()>,
    /// Goes with the test.
    _folder: tempfile::TempDir,
}

/// When every test begins.
pub fn beginning() -> Timestamp {
    parse_rfc3339("2026-11-21T09:00:00Z").expect("a literal time")
}

impl TestApp {
    pub async fn start(store: Store) -> Self {
        Self::start_with(store, |_| {}).await
    }

    pub async fn start_with(store: Store, adjust: impl FnOnce(&mut Config)) -> Self {
        Self::start_reaching(store, Connector::guarded().expect("a connector"), adjust).await
    }

    /// One whose way to the outside is `connector`.
    pub async fn start_reaching(store: Store, connector: Connector, adjust: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(StoppedClock::at(beginning()));
        let entropy = Arc::new(SeededEntropy::new(folder.path().as_os_str().as_encoded_bytes()));
        let url = store::migrated(store, folder.path()).await;
        let db = Database::open(&url, clock.clone(), entropy).await.expect("the store opens");
        db.migrate().await.expect("the migrations run");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let mut config =
            Config { base_url: base.parse().expect("a URL"), data_dir: folder.path().to_owned(), ..Config::default() };
        config.database.url = url;
        adjust(&mut config);
        let app = App::reaching(db, config, connector).expect("the capabilities are there");
        let service = router::build(app.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let server = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("the server runs");
        });
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { app, clock, base, http, server, _folder: folder }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A new API key of the role.
    pub async fn api_key(&self, role: Role) -> String {
        let mut ch = self.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let (_, key) = access::create_api_key(&mut ch, "test", role, None).await.expect("made");
        ch.commit().await.expect("committed");
        key
    }

    /// A new API key of the role that this member made: their hand.
    pub async fn key_of(&self, member: MemberId, role: Role) -> String {
        let mut ch = self.app.db.change(Actor::Member(member), Kind::Privileged).await.expect("the door opens");
        let (_, key) = access::create_api_key(&mut ch, "mine", role, None).await.expect("made");
        ch.commit().await.expect("committed");
        key
    }

    /// A new API key that speaks for one source.
    pub async fn source_key(&self, source: &str) -> String {
        let mut ch = self.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let (_, key) = access::create_api_key(&mut ch, "test", Role::Source, Some(source)).await.expect("made");
        ch.commit().await.expect("committed");
        key
    }

    /// Writes past every door: for a past that no verb makes.
    pub async fn run_sql(&self, sql: &str) {
        let ch = self.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        ch.tx().execute_unprepared(sql).await.expect("runs");
        ch.commit().await.expect("committed");
    }

    /// The one number that a query answers.
    pub async fn count(&self, sql: &str) -> i64 {
        let db = self.app.db.read();
        let query = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(query).await.expect("runs").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// The first column of every row that a query answers.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let db = self.app.db.read();
        let query = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(query).await.expect("runs");
        rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
    }

    /// How SQLite would answer a query, step by step.
    pub async fn plan_of(&self, sql: &str) -> String {
        let db = self.app.db.read();
        let query = sea_orm::Statement::from_string(db.get_database_backend(), format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = db.query_all_raw(query).await.expect("runs");
        let steps = rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a text"));
        steps.collect::<Vec<_>>().join(" / ")
    }

    /// What the audit log says was done, oldest first.
    pub async fn audit_actions(&self) -> Vec<String> {
        let mut rows = waymark::database::audit::recent(self.app.db.read(), None, 1000).await.expect("read");
        rows.reverse();
        rows.into_iter().map(|row| row.action).collect()
    }

    /// Returns once a change of this store waits for another one. On SQLite, where a change waits at the door, at once.
    pub async fn somebody_waits(&self) {
        if self.app.db.read().get_database_backend() == sea_orm::DbBackend::Sqlite {
            return;
        }
        let waiting =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while self.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Lets the worker deal with everything that waits.
    pub async fn settle(&self) {
        // On a stack of its own, as a server's worker has it: a long test has little of its own left.
        let app = self.app.clone();
        tokio::spawn(async move { worker::drain(&app).await }).await.expect("not cancelled").expect("the worker works");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The folder of reference data that nobody here wrote, where it is beside the repository.
pub fn shared_data() -> Option<std::path::PathBuf> {
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("WAYMARK_SHARED_DATA").map_or_else(beside, std::path::PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// Defines one test per store from an `async fn name(store: Store)`.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => { $(mod $name {
        use crate::support::{Store, postgres_cluster};

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn sqlite() {
            super::$name(Store::Sqlite).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() {
            if postgres_cluster().is_none() {
                eprintln!("skipped: WAYMARK_TEST_POSTGRES_URL names no cluster; ./test starts one");
                return;
            }
            $crate::support::dropped_after(super::$name(Store::Postgres)).await;
        }
    })* };
}
pub(crate) use on_both;
