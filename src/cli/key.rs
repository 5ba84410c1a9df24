//! `waymark key`: make signing keys, show their history, let one take the place of another, seal their files.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{Context, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{parse_rfc3339, rfc3339};
use crate::credentials;
use crate::error::Code;
use crate::issuer::{self, IssuerKey, KeyState, NotChanged};
use crate::signing::Purpose;

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make the keys that are missing (one under did:key; one each for credentials and status lists under did:web).
    Generate {
        /// Refuse to write a key file in the clear. With a passphrase configured, key files are sealed in any case.
        #[arg(long)]
        encrypt: bool,
    },
    /// Every key that ever signed here, and whether this process could sign now.
    List,
    /// Make a new key and retire the one that signs now. What it signed stays valid.
    Rotate {
        /// Which key.
        #[arg(long, value_enum, default_value_t = KeyPurpose::Credential)]
        purpose: KeyPurpose,
    },
    /// Retire a key and put none in its place: nothing is issued until there is a new one. Without --yes, says what would happen.
    Retire {
        /// Thumbprint, multikey or id, as `waymark key list` shows them.
        kid: String,
        #[arg(long)]
        yes: bool,
    },
    /// Mark a key as being in other hands, and make a new one where it was the one that signs. Without --yes, says what would happen.
    Compromise {
        /// Thumbprint, multikey or id, as `waymark key list` shows them.
        kid: String,
        /// Since when (RFC 3339); now, unless said otherwise.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// What happened, for the audit log.
        #[arg(long)]
        reason: String,
        #[arg(long)]
        yes: bool,
    },
    /// Seal the key files that are in the clear with the configured passphrase.
    Encrypt,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum KeyPurpose {
    Credential,
    #[value(name = "status_list")]
    StatusList,
}

impl From<NotChanged> for Failure {
    fn from(e: NotChanged) -> Self {
        match e {
            NotChanged::Store(inner) => inner.into(),
            other => Self::new(Exit::Conflict, other.to_string()),
        }
    }
}

impl KeyCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        match self {
            Self::Generate { encrypt } => generate(context, &app, encrypt).await,
            Self::List => list(context, &app).await,
            Self::Rotate { purpose } => rotate(context, &app, purpose).await,
            Self::Retire { kid, yes } => retire(context, &app, &kid, yes).await,
            Self::Compromise { kid, at, reason, yes } => {
                compromise(context, &app, &kid, at.as_deref(), &reason, yes).await
            }
            Self::Encrypt => encrypt(context, &app).await,
        }
    }
}

async fn generate(context: &Context, app: &App, encrypt: bool) -> Outcome {
    if encrypt {
        issuer::passphrase(app)?;
    }
    let made = match issuer::generate_keys(app, Actor::Operator).await {
        Err(e) if e.code() == Code::Conflict => {
            return Err(Failure::new(
                Exit::Conflict,
                "there is an active key for every purpose already; `waymark key list` shows them",
            ));
        }
        other => other?,
    };
    say(&format!("written to {}; keep a copy where nobody else reads it", app.config.keys_dir().display()));
    print(context, &made);
    Ok(Exit::Ok)
}

async fn list(context: &Context, app: &App) -> Outcome {
    let keys = issuer::keys(app.db.read()).await?;
    print(context, &keys);
    match issuer::keyring(app).await {
        Ok(_) => say(&format!("{} can sign", app.config.keys_dir().display())),
        Err(why) => say(&format!("nothing can be issued: {why}")),
    }
    Ok(Exit::Ok)
}

async fn rotate(context: &Context, app: &App, purpose: KeyPurpose) -> Outcome {
    let purpose = match purpose {
        KeyPurpose::Credential => Purpose::Credential,
        KeyPurpose::StatusList => Purpose::StatusList,
    };
    let rotated = issuer::rotate_key(app, Actor::Operator, purpose).await?;
    let dir = app.config.keys_dir();
    say(&format!(
        "the new key signs from now on; its file is in {}: keep a copy where nobody else reads it",
        dir.display()
    ));
    say("what the old key signed stays valid; its file is no longer needed");
    afterwards(app, &rotated.old).await;
    print(context, &[rotated.old, rotated.new]);
    Ok(Exit::Ok)
}

async fn retire(context: &Context, app: &App, kid: &str, yes: bool) -> Outcome {
    let key = known(app, kid).await?;
    if key.state == KeyState::Active {
        tell(app, &key, &["nothing is issued until `waymark key generate` has made another; status lists end 24 hours after they were signed last"]).await?;
    }
    if !yes {
        return Ok(only_told(context, &key));
    }
    let retired = issuer::retire_key(app, Actor::Operator, &key).await?;
    afterwards(app, &retired).await;
    print(context, &[retired]);
    Ok(Exit::Ok)
}

async fn compromise(context: &Context, app: &App, kid: &str, at: Option<&str>, reason: &str, yes: bool) -> Outcome {
    let key = known(app, kid).await?;
    let at = match at {
        None => app.db.now(),
        Some(text) => parse_rfc3339(text).ok_or_else(|| {
            Failure::new(Exit::Invalid, format!("--at: {text} is no time such as 2026-11-21T09:00:00Z"))
        })?,
    };
    let own = "this server goes on showing what it signed here itself as valid, and anything else with its signature as altered, whatever its date";
    let others = "other verifiers can tell neither from the other and say unknown, until what it signed is issued anew";
    tell(app, &key, &[own, others]).await?;
    if !yes {
        return Ok(only_told(context, &key));
    }
    let done = issuer::compromise_key(app, Actor::Operator, &key, at, reason).await?;
    if let Some(new) = &done.successor {
        say(&format!("a new key signs in its place: {}", new.multikey()));
    }
    afterwards(app, &done.key).await;
    print(context, &[Some(done.key), done.successor].into_iter().flatten().collect::<Vec<_>>());
    Ok(Exit::Ok)
}

async fn encrypt(context: &Context, app: &App) -> Outcome {
    let done = issuer::encrypt_keys(app, Actor::Operator).await?;
    let files: Vec<String> = done.iter().map(|path| path.display().to_string()).collect();
    say(&match files.len() {
        0 => "every key file is sealed already".to_owned(),
        n => format!("{} sealed. Old copies and backups still hold them in the clear", counted(n as u64, "key file")),
    });
    context.print(&json!({"sealed": files}), &files.join("\n"));
    Ok(Exit::Ok)
}

async fn known(app: &App, kid: &str) -> Result<IssuerKey, Failure> {
    match issuer::find_key(app.db.read(), kid).await {
        Err(e) if e.code() == Code::NotFound => {
            Err(Failure::new(Exit::NotFound, format!("there is no key {kid}; `waymark key list` shows them all")))
        }
        other => Ok(other?),
    }
}

/// What rests on the key, and what changing it does.
async fn tell(app: &App, key: &IssuerKey, effects: &[&str]) -> Result<(), Failure> {
    issuer::may_change(app)?;
    let resting = issuer::resting_on(app.db.read(), key).await?;
    say(&format!(
        "the {} key {} ({}) has signed {} and {}; {} wait for its signature",
        key.state.as_str(),
        key.kid,
        key.purpose.as_str(),
        counted(resting.credentials, "credential"),
        counted(resting.lists, "status list"),
        counted(resting.waiting, "award"),
    ));
    effects.iter().for_each(|effect| say(&format!("  {effect}")));
    Ok(())
}

fn only_told(context: &Context, key: &IssuerKey) -> Exit {
    say("nothing was changed: say --yes to do it");
    print(context, std::slice::from_ref(key));
    Exit::Ok
}

/// Has the lists signed by whoever signs now. A server that runs does the same within a second.
async fn afterwards(app: &App, key: &IssuerKey) {
    if let Err(e) = credentials::leave_key(app, key.id).await {
        say(&format!("the status lists are not signed anew yet; a running server will see to it: {e}"));
    }
}

fn print(context: &Context, keys: &[IssuerKey]) {
    let body: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({"id": key.id, "kid": key.kid, "purpose": key.purpose.as_str(), "multikey": key.multikey(),
                   "state": key.state.as_str(), "created_at": rfc3339(key.created_at),
                   "retired_at": key.retired_at.map(rfc3339), "revoked_at": key.revoked_at.map(rfc3339),
                   "reason": key.revoked_why})
        })
        .collect();
    let lines: Vec<String> = keys
        .iter()
        .map(|key| {
            format!(
                "{:<11} {:<11} {}  {}  {}",
                key.state.as_str(),
                key.purpose.as_str(),
                key.kid,
                key.multikey(),
                rfc3339(key.created_at)
            )
        })
        .collect();
    context.print(&json!({"keys": body}), &lines.join("\n"));
}
