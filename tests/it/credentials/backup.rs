//! A backup made while the store is in use, read, damaged, and put back somewhere else.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use waymark::app::App;
use waymark::clock::StoppedClock;
use waymark::config::Config;
use waymark::credentials;
use waymark::database::{Database, audit};
use waymark::entropy::SeededEntropy;
use waymark::issuer;
use waymark::operations::backup::{self, BackupError, NUMBER_GAP};

use super::Guild;
use crate::support::{Store, beginning, fresh_postgres, on_both};

on_both!(what_is_put_back_is_what_was_there_and_nothing_is_given_twice, a_backup_goes_into_an_empty_place_only);

/// The configuration of an installation elsewhere.
async fn elsewhere(guild: &Guild, folder: &Path) -> Config {
    let mut config = Config { data_dir: folder.join("data"), ..guild.test.app.config.clone() };
    config.database.url = match guild.test.app.db.is_sqlite() {
        true => String::new(),
        false => fresh_postgres(folder).await,
    };
    config
}

fn clock() -> Arc<StoppedClock> {
    Arc::new(StoppedClock::at(beginning()))
}

async fn open(config: Config) -> App {
    let entropy = Arc::new(SeededEntropy::new(b"elsewhere"));
    let db = Database::open(&config.database_url(), clock(), entropy).await.expect("the store opens");
    App::new(db, config).expect("the capabilities are there")
}

async fn what_is_put_back_is_what_was_there_and_nothing_is_given_twice(store: Store) {
    let guild = Guild::start(store).await;
    let before = guild.released("hikari@members.example").await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("waymark.tar.gz");
    let manifest = backup::create(&guild.test.app, &file, true).await.expect("made");
    assert!(manifest.has_keys() && manifest.created_at.starts_with("2026-11-21T09:00:00"), "{manifest:?}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().expect("there").permissions()) & 0o777;
    assert_eq!(mode, 0o600, "it holds private keys");
    let found = backup::examine(&guild.test.app.config, &file, clock()).await.expect("read");
    assert!(found.damage.is_empty() && found.manifest == manifest, "{found:?}");
    assert_eq!(found.opened, store == Store::Sqlite);
    assert!(!found.opened || (found.credentials == 1 && found.audit_rows.is_some_and(|rows| rows > 1)), "{found:?}");
    // What comes after it is lost with the first machine.
    let lost = guild.released("sora@members.example").await;

    let config = elsewhere(&guild, folder.path()).await;
    let restored = backup::restore(&config, &file, clock()).await.expect("put back");
    assert_eq!((restored.manifest, restored.migrated, restored.issued_at), (manifest, 0, None));
    let app = open(config).await;
    let again = credentials::find(app.db.read(), before.id).await.expect("there");
    let signed = credentials::signed_json(app.db.read(), &again).await.expect("signed");
    assert_eq!(signed, credentials::signed_json(guild.test.app.db.read(), &before).await.expect("signed"));
    assert!(credentials::find(app.db.read(), lost.id).await.is_err(), "it came after the backup");
    assert!(audit::verify(app.db.read()).await.expect("read").is_ok(), "the chain goes on");
    assert!(issuer::keyring(&app).await.is_ok(), "the keys are back");
    let examined = credentials::examine(&app).await.expect("read");
    assert!(examined.damage.is_empty(), "{:?}", examined.damage);

    let (there, here) = (Guild { test: guild.test, version: guild.version }, app);
    let next = award_in(&there, &here, "sora@members.example").await;
    let last = |number: &str| number.rsplit('-').next().and_then(|n| n.parse::<u32>().ok()).expect("a number");
    assert_eq!(last(&next.number), last(&before.number) + NUMBER_GAP + 1, "not the lost one's number");
    let lists = |app: &App, id| {
        let (db, sql) =
            (app.db.read().clone(), format!("SELECT list FROM credential_document WHERE credential = '{id}'"));
        async move {
            use sea_orm::ConnectionTrait as _;
            let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
            db.query_one_raw(statement)
                .await
                .expect("runs")
                .expect("a row")
                .try_get_by_index::<String>(0)
                .expect("text")
        }
    };
    assert_ne!(lists(&here, next.id).await, lists(&there.test.app, lost.id).await, "not in the lost one's list");
}

/// Awards in another installation than the guild's own.
async fn award_in(guild: &Guild, app: &App, email: &str) -> credentials::Credential {
    use waymark::actor::Actor;
    use waymark::credentials::Awarded;
    use waymark::database::Kind;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let member =
        waymark::members::find_or_enrol(&mut ch, email, "空", waymark::web::i18n::Locale::Ja).await.expect("enrolled");
    ch.commit().await.expect("committed");
    let mut ch = app.db.change(Actor::System("test"), Kind::Privileged).await.expect("the door opens");
    let award = guild.approved(member.id, ch.now);
    let Awarded::New { credential, .. } = credentials::award(app, &mut ch, award).await.expect("awarded") else {
        panic!("nobody holds it")
    };
    ch.commit().await.expect("committed");
    assert!(credentials::release(app, credential).await.expect("released"));
    credentials::find(app.db.read(), credential).await.expect("there")
}

async fn a_backup_goes_into_an_empty_place_only(store: Store) {
    let guild = Guild::start(store).await;
    guild.released("hikari@members.example").await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("waymark.tar.gz");
    backup::create(&guild.test.app, &file, false).await.expect("made");
    let twice = backup::create(&guild.test.app, &file, false).await;
    assert!(matches!(twice, Err(BackupError::Exists(_))), "{twice:?}");
    let missing = folder.path().join("not-there");
    let nowhere = backup::create(&guild.test.app, &missing.join("a.tar.gz"), false).await;
    assert!(matches!(&nowhere, Err(BackupError::NoFolder(named)) if *named == missing), "{nowhere:?}");
    assert!(!missing.exists(), "no folder is made for a backup");
    let onto_itself = backup::restore(&guild.test.app.config, &file, clock()).await;
    assert!(matches!(onto_itself, Err(BackupError::Occupied { .. })), "{onto_itself:?}");

    let mut config = elsewhere(&guild, folder.path()).await;
    let keys = config.keys_dir();
    std::fs::create_dir_all(&keys).expect("made");
    std::fs::write(keys.join("mine.pem"), "mine").expect("written");
    let onto_keys = backup::restore(&config, &file, clock()).await;
    assert!(matches!(&onto_keys, Err(BackupError::Occupied { what }) if what.contains("key")), "{onto_keys:?}");
    assert_eq!(std::fs::read_to_string(keys.join("mine.pem")).expect("there"), "mine");
    // Another data folder would not help where the keys' folder is named by itself.
    config.keys.dir.clone_from(&keys);
    let onto_named = backup::restore(&config, &file, clock()).await;
    assert!(matches!(&onto_named, Err(BackupError::KeysOccupied(named)) if *named == keys), "{onto_named:?}");
    config.keys.dir = PathBuf::new();
    std::fs::remove_file(keys.join("mine.pem")).expect("removed");

    // Another kind of store than the one that was copied.
    let right = std::mem::take(&mut config.database.url);
    config.database.url = match store {
        Store::Sqlite => "postgres://waymark@127.0.0.1:1/nowhere".to_owned(),
        Store::Postgres => format!("sqlite://{}", folder.path().join("other.db").display()),
    };
    let other = backup::restore(&config, &file, clock()).await;
    assert!(matches!(other, Err(BackupError::OtherStore { .. })), "{other:?}");
    config.database.url = right;
    // Under another address: what was issued goes on pointing to the first.
    let issued_at = guild.test.app.config.base_url.to_string();
    config.base_url = "https://elsewhere.example".parse().expect("an address");
    let restored = backup::restore(&config, &file, clock()).await.expect("put back");
    assert_eq!(restored.issued_at, Some(issued_at));
    let left: Vec<PathBuf> =
        std::fs::read_dir(folder.path().join("data")).expect("there").map(|e| e.expect("readable").path()).collect();
    assert!(
        !left.iter().any(|path| path.to_string_lossy().contains(".waymark-backup")),
        "nothing is left lying: {left:?}"
    );
    let app = open(config).await;
    assert!(issuer::keyring(&app).await.is_err(), "without keys nothing is issued");
}

/// Each place of the archive is covered by the manifest's hashes or the format's own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_and_strangers_entries_are_refused() {
    eprintln!("on SQLite alone: an archive has the same form whatever store it was made of");
    let guild = Guild::start(Store::Sqlite).await;
    guild.released("hikari@members.example").await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("waymark.tar.gz");
    backup::create(&guild.test.app, &file, true).await.expect("made");
    let mut tar = vec![];
    flate2::read::GzDecoder::new(std::fs::File::open(&file).expect("there")).read_to_end(&mut tar).expect("unpacked");
    let attempt = async |name: &str, tar: &[u8]| {
        let path = folder.path().join(name);
        let mut gz =
            flate2::write::GzEncoder::new(std::fs::File::create(&path).expect("made"), flate2::Compression::fast());
        gz.write_all(tar).expect("written");
        gz.finish().expect("finished");
        let config = elsewhere(&guild, &folder.path().join(format!("to-{name}"))).await;
        let refused = backup::restore(&config, &path, clock()).await;
        assert!(!config.data_dir.join("waymark.db").exists(), "{name}: nothing is put back");
        assert!(matches!(refused, Err(BackupError::Unfit { .. })), "{name}: {refused:?}");
        let examined = backup::examine(&guild.test.app.config, &path, clock()).await;
        assert!(matches!(examined, Err(BackupError::Unfit { .. })), "{name}: {examined:?}");
    };
    // One flipped bit in the database, whose place the last of its pages shows.
    let mut flipped = tar.clone();
    let middle = tar.len() / 2;
    flipped[middle] ^= 1;
    attempt("flipped", &flipped).await;
    attempt("cut", &tar[..tar.len() / 2]).await;
    attempt("empty", &[]).await;
    let with_more = |name: &str, kind: tar::EntryType| {
        let mut builder = tar::Builder::new(vec![]);
        let mut archive = tar::Archive::new(tar.as_slice());
        for entry in archive.entries().expect("entries") {
            let entry = entry.expect("an entry");
            let header = entry.header().clone();
            builder.append(&header, entry).expect("appended");
        }
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o600);
        header.set_size(1);
        header.set_cksum();
        builder.append(&header, &b"x"[..]).expect("appended");
        builder.into_inner().expect("finished")
    };
    attempt("escape", &with_more("../outside", tar::EntryType::Regular)).await;
    assert!(!folder.path().join("outside").exists());
    attempt("link", &with_more("keys/link.pem", tar::EntryType::Symlink)).await;
    attempt("hard-link", &with_more("keys/link.pem", tar::EntryType::Link)).await;
    attempt("device", &with_more("keys/null.pem", tar::EntryType::Char)).await;
    attempt("long", &with_more("././@LongLink", tar::EntryType::GNULongName)).await;

    // Archives that say of themselves what is so: size and hash fit, and they are no backup all the same.
    let made_of = |database: &[u8], manifest: &dyn Fn(&mut serde_json::Value)| {
        let hash: String = Sha256::digest(database).iter().map(|b| format!("{b:02x}")).collect();
        let mut about = serde_json::json!({
            "format": "waymark-backup/1", "created_at": "2026-11-21T09:00:00.000Z", "waymark": "0", "database": "sqlite",
            "schema": "m0001_x", "base_url": "https://guild.example",
            "files": [{"name": "database.sqlite", "bytes": database.len(), "sha256": hash}],
        });
        manifest(&mut about);
        let mut builder = tar::Builder::new(vec![]);
        for (name, bytes) in [("manifest.json", about.to_string().as_bytes()), ("database.sqlite", database)] {
            let mut header = tar::Header::new_ustar();
            header.set_mode(0o600);
            header.set_size(bytes.len() as u64);
            builder.append_data(&mut header, name, bytes).expect("appended");
        }
        builder.into_inner().expect("finished")
    };
    let fits = |_: &mut serde_json::Value| {};
    attempt("bomb", &made_of(&vec![0; 40 << 20], &fits)).await;
    attempt("no-database", &made_of(b"hello", &fits)).await;
    attempt("nothing-in-it", &made_of(b"", &fits)).await;
    attempt("smaller", &made_of(b"hello", &|m| m["files"][0]["bytes"] = 4.into())).await;
    attempt("larger", &made_of(b"hello", &|m| m["files"][0]["bytes"] = 6.into())).await;
    attempt("endless", &made_of(b"hello", &|m| m["files"][0]["bytes"] = u64::MAX.into())).await;
    attempt("negative", &made_of(b"hello", &|m| m["files"][0]["bytes"] = (-1).into())).await;
    attempt("unknown-field", &made_of(b"hello", &|m| m["run"] = "rm".into())).await;
}
