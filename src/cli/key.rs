//! `waymark key`: make the signing keys that are missing, and show the history.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Context, Exit, Failure, Outcome, say};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Code;
use crate::issuer::{self, IssuerKey};

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make the keys that are missing (one under did:key; one each for credentials and status lists under did:web).
    Generate,
    /// Every key that ever signed here, and whether this process could sign now.
    List,
}

impl KeyCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        match self {
            Self::Generate => generate(context, &app).await,
            Self::List => list(context, &app).await,
        }
    }
}

async fn generate(context: &Context, app: &App) -> Outcome {
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

fn print(context: &Context, keys: &[IssuerKey]) {
    let body: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({"id": key.id, "kid": key.kid, "purpose": key.purpose.as_str(), "multikey": key.multikey(),
                   "state": key.state.as_str(), "created_at": rfc3339(key.created_at),
                   "retired_at": key.retired_at.map(rfc3339), "revoked_at": key.revoked_at.map(rfc3339)})
        })
        .collect();
    let lines: Vec<String> = keys
        .iter()
        .map(|key| {
            format!(
                "{:<8} {:<12} {}  {}",
                key.state.as_str(),
                key.purpose.as_str(),
                key.multikey(),
                rfc3339(key.created_at)
            )
        })
        .collect();
    context.print(&json!({"keys": body}), &lines.join("\n"));
}
