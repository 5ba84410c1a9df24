//! `waymark credential replace|renew|cancel|reissue`: what follows a credential.

use clap::Args;
use serde_json::json;

use super::one_credential::{find, print, reason_code};
use super::{Context, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::credentials::{self, Correction, Dating, Reason, ReasonCode, Renewal, Renewed, Replaced};
use crate::database::Kind;
use crate::error::{Code, Error};

#[derive(Args)]
pub(super) struct Replace {
    /// Id (crd_…), number, share id or address.
    credential: String,
    /// superseded or `key_compromise`. The page of the one that is replaced names it where there is no public reason.
    #[arg(long, value_parser = reason_code, default_value = "superseded")]
    reason: ReasonCode,
    /// Shown to everybody who may see the one that is replaced.
    #[arg(long)]
    public_reason: Option<String>,
    /// Shown to staff only.
    #[arg(long)]
    note: Option<String>,
    /// Another end, where that is what was wrong.
    #[arg(long)]
    valid_until: Option<String>,
    /// Say what would be different and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Replace {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let id = find(&app, &self.credential).await?.id;
        let reason = Reason { code: self.reason, public: self.public_reason, internal: self.note };
        let correction = Correction { valid_until: self.valid_until, ..Correction::because(reason) };
        if self.dry_run {
            let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
            match credentials::replace(&app, &mut ch, id, &correction, Dating::Reviewed).await? {
                Replaced::New(new) => {
                    let line = |d: &credentials::Difference| {
                        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
                        format!("{}: {} → {}", d.what, shown(&d.before), shown(&d.after))
                    };
                    let mut lines: Vec<String> = new.differences.iter().map(line).collect();
                    lines.push("a new document under a new link; the number stays".to_owned());
                    context.print(
                        &json!({"dry_run": true, "credential": new.document, "differences": new.differences}),
                        &lines.join("\n"),
                    );
                }
                Replaced::Already(known) => context
                    .print(&json!({"dry_run": true, "replaced_by": known.id}), &format!("replaced by {}", known.id)),
            }
            return Ok(Exit::Ok);
        }
        let (known, made) = credentials::replace_now(&app, Actor::Operator, id, &correction, Dating::Reviewed).await?;
        if !made {
            say("it was replaced before; nothing was changed");
        }
        credentials::publish_status(&app, id).await;
        print(context, &app, &known).await
    }
}

#[derive(Args)]
pub(super) struct Renew {
    /// Id (crd_…), number, share id or address.
    credential: String,
    /// The end of the next term, where it is not the track's.
    #[arg(long)]
    valid_until: Option<String>,
    /// Show the document and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Renew {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let id = find(&app, &self.credential).await?.id;
        let renewal = Renewal { valid_until: self.valid_until, ..Renewal::default() };
        if self.dry_run {
            let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
            match credentials::renew(&app, &mut ch, id, &renewal).await? {
                Renewed::New { document, .. } => context.print(
                    &json!({"dry_run": true, "credential": document}),
                    &serde_json::to_string_pretty(&document).map_err(Error::from)?,
                ),
                Renewed::Held(known) => context
                    .print(&json!({"dry_run": true, "renewed_by": known.id}), &format!("renewed by {}", known.id)),
            }
            return Ok(Exit::Ok);
        }
        let (known, made) = credentials::renew_now(&app, Actor::Operator, id, &renewal).await?;
        if !made {
            say("the next term is held already; nothing was issued");
        }
        print(context, &app, &known).await
    }
}

#[derive(Args)]
pub(super) struct Cancel {
    /// Id (crd_…), number, share id or address.
    credential: String,
    /// Shown to staff only.
    #[arg(long)]
    note: Option<String>,
}

impl Cancel {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let id = find(&app, &self.credential).await?.id;
        let known = credentials::cancel_now(&app, Actor::Operator, id, self.note).await?;
        print(context, &app, &known).await
    }
}

#[derive(Args)]
pub(super) struct Reissue {
    /// The compromised key: its thumbprint (kid) or id, as `waymark key list --json` shows them.
    #[arg(long, value_name = "KID")]
    key: String,
    /// Count what would be replaced and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Reissue {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let key = match credentials::compromised_key(app.db.read(), &self.key).await {
            Err(e) if e.code() == Code::KeyNotCompromised => {
                let text =
                    format!("the key is not compromised; if it is, say so first: waymark key compromise {}", self.key);
                return Err(Failure::new(Exit::Conflict, text));
            }
            other => other?,
        };
        if self.dry_run {
            let found = credentials::outstanding(&app, key.id).await?;
            let left = found.left.len();
            context.print(
                &json!({"dry_run": true, "left": left, "done": found.done, "suspended": found.suspended, "expired": found.expired}),
                &format!(
                    "{} to replace · {} done · {} suspended · {} expired",
                    left, found.done, found.suspended, found.expired
                ),
            );
            return Ok(Exit::Ok);
        }
        let run = credentials::reissue(&app, Actor::Operator, &key, |at, of| {
            if at % 100 == 0 || at == of {
                say(&format!("{at} of {of}"));
            }
        });
        let run = match run.await {
            Ok(run) => run,
            Err(e) => {
                let left = credentials::outstanding(&app, key.id).await.map_or(0, |found| found.left.len());
                let text = format!("{e}; {} left: run the command again", counted(left as u64, "credential"));
                return Err(Failure::new(Exit::Partial, text));
            }
        };
        for (credential, why) in &run.failed {
            say(&format!("{credential}: {why}"));
        }
        let left = credentials::outstanding(&app, key.id).await?.left.len();
        context.print(
            &json!({"done": run.done, "left": left, "failed": run.failed.iter().map(|(id, why)| json!({"credential": id, "why": why})).collect::<Vec<_>>()}),
            &format!("{} replaced, {left} left", counted(run.done, "credential")),
        );
        Ok(if left > 0 || !run.failed.is_empty() { Exit::Partial } else { Exit::Ok })
    }
}
