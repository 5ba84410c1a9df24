//! Named checks of an installation, each with what to do about it. The texts are `doctor-…` in `locales/`.

use std::os::unix::fs::PermissionsExt as _;

use serde::Serialize;
use time::Duration;

use crate::app::App;
use crate::config::{Config, DidMethod};
use crate::contributions;
use crate::credentials;
use crate::database::{ConnectError, audit, outbox};
use crate::issuer::{self, NotIssuing};
use crate::signing::{self, FolderError, KeyringError, StillSealed};
use crate::web::i18n::Words;
use crate::webhooks;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    /// Works, but somebody should know.
    Note,
    Problem,
}

/// What one check found.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub level: Level,
    /// What was found, in the operator's language.
    pub text: String,
    /// What to do; empty when all is well.
    pub fix: String,
}

/// An event that waits longer than this has a listener in trouble, or nobody who takes it.
const PATIENCE: Duration = Duration::minutes(5);

struct Doctor {
    words: Words,
    findings: Vec<Finding>,
}

impl Doctor {
    fn note(&mut self, check: &'static str, level: Level, found: &str) {
        self.say(check, &format!("doctor-{check}"), level, found);
    }

    /// `key` names the texts, where a check has more than one thing to say.
    fn say(&mut self, check: &'static str, key: &str, level: Level, found: &str) {
        let text = self.words.with1(key, "found", found);
        let fix = if level == Level::Ok { String::new() } else { self.words.t(&format!("{key}-fix")) };
        self.findings.push(Finding { check, level, text, fix });
    }

    fn expect(&mut self, check: &'static str, good: bool, found: &str) {
        self.note(check, if good { Level::Ok } else { Level::Problem }, found);
    }
}

/// Examines a whole installation. Nothing is changed.
pub async fn examine(app: &App, words: Words) -> Vec<Finding> {
    let mut doctor = Doctor { words, findings: vec![] };
    address(app, &mut doctor);
    folder(app, &mut doctor);
    let current = app.db.require_current().await;
    let found = current.as_ref().map_or_else(ToString::to_string, |()| "ok".to_owned());
    match &current {
        Err(ConnectError::NewerSchema { .. }) => doctor.say("schema", "doctor-schema-newer", Level::Problem, &found),
        other => doctor.expect("schema", other.is_ok(), &found),
    }
    if current.is_err() {
        return doctor.findings;
    }
    durability(app, &mut doctor).await;
    keys(app, &mut doctor).await;
    program(app, &mut doctor).await;
    aside(app, &mut doctor).await;
    glyphs(app, &mut doctor).await;
    chain(app, &mut doctor).await;
    waiting(app, &mut doctor).await;
    receivers(app, &mut doctor).await;
    sources(app, &mut doctor).await;
    clock(app, &mut doctor).await;
    mail(app, &mut doctor);
    doctor.findings
}

/// What is said where no store was made yet: it is not made to be examined.
pub fn nothing_to_examine(config: &Config, words: Words) -> Vec<Finding> {
    let mut doctor = Doctor { words, findings: vec![] };
    doctor.say("schema", "doctor-schema-none", Level::Problem, &config.data_dir.display().to_string());
    doctor.findings
}

fn mail(app: &App, doctor: &mut Doctor) {
    let host = &app.config.mail.host;
    match app.post.usable() {
        Err(wrong) => doctor.say("mail", "doctor-mail-wrong", Level::Problem, &wrong.to_string()),
        Ok(()) if host.is_empty() => doctor.note("mail", Level::Note, &doctor.words.t("doctor-none")),
        Ok(()) => doctor.note("mail", Level::Ok, host),
    }
}

fn address(app: &App, doctor: &mut Doctor) {
    let base = &app.config.base_url;
    let loopback = app.config.is_on_this_machine();
    if app.config.links_miss(app.config.port()) {
        doctor.say("address", "doctor-address-elsewhere", Level::Note, base.as_str());
    } else {
        doctor.expect("address", base.scheme() == "https" || loopback, base.as_str());
    }
    let fits = app.config.issuer.did_method == DidMethod::Key || (base.scheme() == "https" && !loopback);
    doctor.expect("identity", fits, if app.config.issuer.did_method == DidMethod::Key { "did:key" } else { "did:web" });
}

fn folder(app: &App, doctor: &mut Doctor) {
    let dir = &app.config.data_dir;
    let probe = dir.join(".doctor");
    let writable = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).is_ok();
    doctor.expect("folder", writable, &dir.display().to_string());
}

async fn durability(app: &App, doctor: &mut Doctor) {
    let found = app.db.durability().await;
    doctor.expect(
        "durability",
        found.as_ref().is_ok_and(|(good, _)| *good),
        &found.map_or_else(|e| e.to_string(), |(_, text)| text),
    );
}

async fn keys(app: &App, doctor: &mut Doctor) {
    let folder = app.config.keys_dir();
    let Err(why) = issuer::keyring(app).await else {
        return doctor.expect("keys", true, &folder.display().to_string());
    };
    // A folder that others may enter refuses the key that is to be made there: that comes first.
    let mode = std::fs::metadata(&folder).map_or(0, |about| about.permissions().mode() & 0o7777);
    if mode & 0o077 != 0 && matches!(why, NotIssuing::NoKey(_)) {
        let open = FolderError::FolderMode { path: folder, mode };
        return doctor.say("keys", "doctor-keys-mode", Level::Problem, &open.to_string());
    }
    doctor.say("keys", advice_on(&why), Level::Problem, &why.to_string());
}

/// The texts that say what mends it.
fn advice_on(why: &NotIssuing) -> &'static str {
    match why {
        NotIssuing::NoKey(_) => "doctor-keys",
        NotIssuing::BaseUrl(_) => "doctor-keys-identity",
        NotIssuing::Keyring(KeyringError::Sample { .. }) => "doctor-keys-sample",
        NotIssuing::Keyring(KeyringError::Sealed(StillSealed::NoPassphrase { .. })) => "doctor-keys-sealed",
        NotIssuing::Keyring(KeyringError::Sealed(StillSealed::WrongPassphrase { .. })) => "doctor-keys-passphrase",
        NotIssuing::Keyring(KeyringError::KeyMissing { .. } | KeyringError::Folder(FolderError::Missing(_))) => {
            "doctor-keys-missing"
        }
        NotIssuing::Keyring(KeyringError::Folder(FolderError::FolderMode { .. } | FolderError::FileMode { .. })) => {
            "doctor-keys-mode"
        }
        NotIssuing::Keyring(KeyringError::Folder(FolderError::NoKey { .. })) => "doctor-keys-broken",
        NotIssuing::Keyring(KeyringError::Folder(FolderError::Unreadable { .. } | FolderError::Unwritable { .. })) => {
            "doctor-keys-unreadable"
        }
        NotIssuing::Stopped(_) | NotIssuing::Store(_) => "doctor-keys-stopped",
    }
}

/// The issuer, whose address stands in whatever is issued: where it cannot, nothing is.
async fn program(app: &App, doctor: &mut Doctor) {
    match issuer::default_issuer(app.db.read()).await.ok().flatten() {
        Some(issuer) if !issuer.profile.has_address() => {
            doctor.say("program", "doctor-program-address", Level::Problem, &issuer.profile.url);
        }
        Some(issuer) => doctor.expect("program", true, doctor.words.pick(&issuer.profile.name)),
        None => doctor.expect("program", false, &doctor.words.t("doctor-none")),
    }
}

/// Names what was to be signed and does not verify.
async fn aside(app: &App, doctor: &mut Doctor) {
    match signing::set_aside_intents(app.db.read()).await {
        Ok(aside) => {
            let mut named: Vec<&str> = aside.iter().map(|a| a.subject.as_str()).collect();
            named.dedup();
            let found = if named.is_empty() { doctor.words.t("doctor-none") } else { named.join(" ") };
            doctor.expect("aside", named.is_empty(), &found);
        }
        Err(e) => doctor.expect("aside", false, &e.to_string()),
    }
}

/// Names awarded credentials whose certificate cannot be printed.
async fn glyphs(app: &App, doctor: &mut Doctor) {
    match credentials::undrawable(app.db.read()).await {
        Ok(named) if named.is_empty() => doctor.expect("glyphs", true, &doctor.words.t("doctor-none")),
        Ok(named) => {
            let told = |(number, characters): &(String, Vec<char>)| {
                format!("{number} ({})", characters.iter().collect::<String>())
            };
            doctor.note("glyphs", Level::Note, &named.iter().map(told).collect::<Vec<_>>().join(", "));
        }
        Err(e) => doctor.expect("glyphs", false, &e.to_string()),
    }
}

async fn chain(app: &App, doctor: &mut Doctor) {
    match audit::verify(app.db.read()).await {
        Ok(Ok(rows)) => {
            let found = doctor.words.with1("doctor-audit-whole", "rows", rows);
            doctor.expect("audit", true, &found);
        }
        Ok(Err(row)) => {
            let found = doctor.words.with1("doctor-audit-broken", "row", row.to_string());
            doctor.expect("audit", false, &found);
        }
        Err(e) => doctor.expect("audit", false, &e.to_string()),
    }
}

async fn waiting(app: &App, doctor: &mut Doctor) {
    match outbox::waiting(app.db.read()).await {
        Ok((count, oldest)) => {
            let late = oldest.is_some_and(|at| app.db.now() - at > PATIENCE);
            let tried = outbox::tried(app.db.read()).await.unwrap_or(true);
            match (late, tried) {
                (true, false) => doctor.say("outbox", "doctor-outbox-untaken", Level::Note, &count.to_string()),
                _ => doctor.expect("outbox", !late, &count.to_string()),
            }
        }
        Err(e) => doctor.expect("outbox", false, &e.to_string()),
    }
}

/// Names webhooks by their hosts: the rest of an address may be a password.
async fn receivers(app: &App, doctor: &mut Doctor) {
    let ailing = match webhooks::ailing(app.db.read()).await {
        Ok(ailing) => ailing,
        Err(e) => return doctor.expect("webhooks", false, &e.to_string()),
    };
    let (off, failing): (Vec<_>, Vec<_>) = ailing.iter().partition(|webhook| !webhook.is_on());
    let named = |some: &[&webhooks::Webhook]| {
        some.iter().map(|webhook| format!("{} ({})", webhook.id, webhook.host())).collect::<Vec<_>>().join(", ")
    };
    if !off.is_empty() {
        doctor.say("webhooks", "doctor-webhooks-off", Level::Problem, &named(&off));
    }
    if !failing.is_empty() {
        doctor.say("webhooks", "doctor-webhooks-failing", Level::Note, &named(&failing));
    }
    if ailing.is_empty() {
        doctor.expect("webhooks", true, &doctor.words.t("doctor-none"));
    }
}

/// Names the sources that a person should see to.
async fn sources(app: &App, doctor: &mut Doctor) {
    match contributions::health(app).await {
        Ok(all) => {
            let troubled = all.iter().filter(|of| of.standing.needs_somebody());
            let named: Vec<String> = troubled.map(|of| format!("{} ({})", of.name, of.standing.as_str())).collect();
            let found = if named.is_empty() { all.len().to_string() } else { named.join(", ") };
            doctor.note("sources", if named.is_empty() { Level::Ok } else { Level::Note }, &found);
        }
        Err(e) => doctor.expect("sources", false, &e.to_string()),
    }
}

/// The newest audit row must not lie ahead: then the machine's clock went back.
async fn clock(app: &App, doctor: &mut Doctor) {
    let newest = audit::recent(app.db.read(), None, 1).await.ok().and_then(|rows| rows.into_iter().next());
    let now = app.db.now();
    let ahead = newest.is_some_and(|row| crate::clock::from_millis(row.at) > now + Duration::minutes(1));
    doctor.expect("clock", !ahead, &crate::clock::rfc3339(now));
}
