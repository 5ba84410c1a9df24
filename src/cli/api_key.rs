//! `waymark api-key create`: a key for a program. It is printed once and stored as a hash.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, out, say};
use crate::access::{self, Role};
use crate::actor::Actor;
use crate::contributions;
use crate::database::Kind;
use crate::exams;

#[derive(Args)]
pub(super) struct ApiKey {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a key; prints the key alone on stdout.
    Create(Create),
}

#[derive(Args)]
struct Create {
    /// What the key may do: owner, admin, issuer, examiner, source, auditor, conformance or proctor.
    #[arg(long, value_parser = role)]
    role: Role,
    /// A name by which people recognise it.
    #[arg(long)]
    name: String,
    /// For role source: the CloudEvents `source` that the key speaks for.
    #[arg(long, value_name = "URI", required_if_eq("role", "source"))]
    source: Option<String>,
    /// For role proctor: the exam whose attempts it may step in at, by its slug; once for each.
    #[arg(long = "exam", value_name = "SLUG", required_if_eq("role", "proctor"))]
    exams: Vec<String>,
}

const LONGEST_NAME: usize = 120;

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("use one of: {}", roles.join(", "))
    })
}

impl ApiKey {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let Verb::Create(command) = self.verb;
        let name = command.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Failure::new(Exit::Invalid, format!("--name: write 1 to {LONGEST_NAME} characters")));
        }
        if command.source.is_some() && command.role != Role::Source {
            return Err(Failure::new(Exit::Invalid, "--source is for keys of role source"));
        }
        if !command.exams.is_empty() && command.role != Role::Proctor {
            return Err(Failure::new(Exit::Invalid, "--exam is for keys of role proctor"));
        }
        let app = context.open().await?;
        for slug in &command.exams {
            if exams::find(app.db.read(), slug).await?.is_none() {
                return Err(Failure::new(Exit::NotFound, format!("--exam: there is no exam `{slug}`")));
            }
        }
        if let Some(source) = &command.source
            && contributions::source(app.db.read(), source).await?.is_none()
        {
            say(&format!("waymark: no source `{source}` is configured yet; its events are rejected until it is"));
        }
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let (id, key) = match command.role {
            Role::Proctor => access::create_proctor_key(&mut ch, name, &command.exams).await?,
            role => access::create_api_key(&mut ch, name, role, command.source.as_deref()).await?,
        };
        ch.commit().await?;
        if context.json {
            out(&json!({"id": id.to_string(), "role": command.role.as_str(), "name": name, "key": key}).to_string());
        } else {
            out(&key);
            say("Keep it where your program finds it: it is not shown again.");
        }
        app.db.close().await;
        Ok(Exit::Ok)
    }
}
