//! Fresh stores for tests. The migrations run once for each build of the tests; every test then copies what they left, which takes
//! a tenth of the time. A PostgreSQL database goes with its test.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use waymark::clock::SystemClock;
use waymark::database::Database;
use waymark::entropy::SystemEntropy;

/// Which store a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Sqlite,
    Postgres,
}

tokio::task_local! {
    /// The databases that the running test made.
    static MADE: RefCell<Vec<String>>;
}

/// The cluster's address, where there is one.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the server's")]
pub fn postgres_cluster() -> Option<String> {
    std::env::var("WAYMARK_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// The address of a store of its own in `folder` (or in the cluster), with the schema of today.
pub async fn migrated(store: Store, folder: &Path) -> String {
    match store {
        Store::Sqlite => {
            let file = folder.join("waymark.db");
            std::fs::copy(sqlite_original().await, &file).expect("copied");
            format!("sqlite://{}", file.display())
        }
        Store::Postgres => {
            let original = postgres_original().await;
            // Copying the files takes a tenth of writing every page to the log.
            made_in_cluster(folder, &format!(" TEMPLATE {original} STRATEGY FILE_COPY")).await
        }
    }
}

/// An empty database of its own in the cluster, named after the test's folder.
pub async fn fresh_postgres(folder: &Path) -> String {
    made_in_cluster(folder, "").await
}

/// Runs a test and drops the databases that it made. One that fails leaves them, to be looked at.
pub async fn dropped_after(test: impl Future<Output = ()>) {
    let names = MADE
        .scope(RefCell::default(), async {
            test.await;
            MADE.with(RefCell::take)
        })
        .await;
    let admin = admin().await;
    for name in names {
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("dropped");
    }
}

async fn admin() -> DatabaseConnection {
    sea_orm::Database::connect(postgres_cluster().expect("on_both! asks first")).await.expect("the cluster answers")
}

fn in_cluster(name: &str) -> String {
    let cluster = postgres_cluster().expect("on_both! asks first");
    let (server, _) = cluster.rsplit_once('/').expect("postgres://host/database");
    format!("{server}/{name}")
}

async fn made_in_cluster(folder: &Path, template: &str) -> String {
    let named = folder.file_name().expect("named").to_string_lossy().to_lowercase();
    let named: String = named.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("waymark_{}_{named}", std::process::id());
    let admin = admin().await;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}{template}")).await.expect("a database of its own");
    admin.close().await.expect("closed");
    // What a test makes outside `dropped_after` stays.
    let _ = MADE.try_with(|made| made.borrow_mut().push(name.clone()));
    in_cluster(&name)
}

/// Says which build of the tests this is, so that no test copies the schema of another.
fn build() -> u128 {
    let program = std::env::current_exe().and_then(std::fs::metadata).expect("this program");
    program.modified().expect("known").duration_since(UNIX_EPOCH).expect("after 1970").as_nanos()
}

async fn migrate(url: &str) {
    let db = Database::open(url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.expect("the store opens");
    db.migrate().await.expect("the migrations run");
    db.close().await;
}

async fn sqlite_original() -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let original = kept.join(format!("migrated-{}.db", build()));
    if !original.exists() {
        let folder = tempfile::tempdir_in(kept).expect("a temporary folder");
        let file = folder.path().join("waymark.db");
        migrate(&format!("sqlite://{}", file.display())).await;
        // Closing the last connection moved the journal into the file. Whoever comes second puts the same there.
        std::fs::rename(&file, &original).expect("moved");
    }
    original
}

async fn postgres_original() -> String {
    let original = format!("waymark_migrated_{}", build());
    let admin = admin().await;
    let known = Statement::from_string(
        admin.get_database_backend(),
        format!("SELECT 1 FROM pg_database WHERE datname = '{original}'"),
    );
    if admin.query_one_raw(known.clone()).await.expect("asked").is_none() {
        let alone = sea_orm::TransactionTrait::begin(&admin).await.expect("begun");
        alone.execute_unprepared("SELECT pg_advisory_xact_lock(7261)").await.expect("the others wait");
        if alone.query_one_raw(known).await.expect("asked").is_none() {
            let unfinished = format!("{original}_unfinished");
            admin
                .execute_unprepared(&format!("DROP DATABASE IF EXISTS {unfinished}"))
                .await
                .expect("a cut run's is gone");
            admin.execute_unprepared(&format!("CREATE DATABASE {unfinished}")).await.expect("made");
            migrate(&in_cluster(&unfinished)).await;
            let rename = format!("ALTER DATABASE {unfinished} RENAME TO {original}");
            admin.execute_unprepared(&rename).await.expect("nobody is in it");
        }
        alone.commit().await.expect("the others go on");
    }
    admin.close().await.expect("closed");
    original
}
