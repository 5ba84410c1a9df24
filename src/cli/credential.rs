//! `waymark credential`: issue, show, change the standing, and verify.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::bulk::Bulk;
use super::follow::{Cancel, Reissue, Renew, Replace};
use super::one_credential::{find, print, reason_code};
use super::verify::Verify;
use super::{Context, DRY_RUN, Exit, Failure, Outcome, say};
use crate::actor::Actor;
use crate::credentials::{self, Awarded, GivenEvidence, IssueRequest, Reason, ReasonCode, Recipient, StatusChange};
use crate::database::Kind;
use crate::error::Error;
use crate::issuer;
use crate::web::input;

#[derive(Subcommand)]
pub(super) enum CredentialCommand {
    /// Issue one credential.
    Issue(Box<Issue>),
    /// Issue many from a table. The same command again takes up what was cut off.
    Bulk(Bulk),
    /// Show one: by id, number, share id or address.
    Show(Which),
    /// Revoke it. There is no way back.
    Revoke(Step),
    /// Suspend it until it is reinstated.
    Suspend(Step),
    /// Reinstate a suspended one: a new document under the same link.
    Reinstate(Step),
    /// Put a corrected one in its place, under the same number.
    Replace(Replace),
    /// Issue the next term; the validity counts on from the end of this one.
    Renew(Renew),
    /// Withdraw what nobody has claimed: only while its member never signed in.
    Cancel(Cancel),
    /// Replace everything that a compromised key signed. May be run again: it goes on where it stopped.
    Reissue(Reissue),
    /// Check a credential: a file (JSON, JWT, PNG, SVG), an address, or - for standard input. Ends with 20 unless it is valid.
    Verify(Verify),
}

#[derive(Args)]
pub(super) struct Issue {
    /// The track's slug or id.
    #[arg(long, required_unless_present = "file")]
    track: Option<String>,
    /// A member's id.
    #[arg(long, conflicts_with_all = ["email", "file"])]
    member: Option<String>,
    /// The recipient's e-mail address; they are enrolled if need be.
    #[arg(long, requires = "name", conflicts_with = "file")]
    email: Option<String>,
    /// The recipient's name.
    #[arg(long, requires = "email")]
    name: Option<String>,
    /// The recipient's language where they are enrolled: ja or en.
    #[arg(long, requires = "email")]
    locale: Option<String>,
    /// When it was earned; a day in the past needs evidence from that day.
    #[arg(long)]
    awarded_at: Option<String>,
    /// Its end, where it is not the track's.
    #[arg(long)]
    valid_until: Option<String>,
    /// An address that shows that it was earned; may be given more than once.
    #[arg(long, value_name = "URL")]
    evidence: Vec<String>,
    /// The day from which the evidence dates.
    #[arg(long, requires = "evidence")]
    evidence_date: Option<String>,
    /// The request as JSON, as the API takes it; - reads standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show the document and write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct Which {
    /// Id (crd_…), number, share id or address.
    credential: String,
}

#[derive(Args)]
pub(super) struct Step {
    /// Id (crd_…), number, share id or address.
    credential: String,
    /// `issued_in_error`, `requirements_not_met`, misconduct, `holder_request`, superseded, `key_compromise` or other. Its page names it where there is no
    /// public reason, except misconduct and other.
    #[arg(long, value_parser = reason_code)]
    reason: ReasonCode,
    /// Shown to everybody who may see it.
    #[arg(long)]
    public_reason: Option<String>,
    /// Shown to staff only.
    #[arg(long)]
    note: Option<String>,
    /// Say what would change and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl CredentialCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Verify(command) => command.run(context).await,
            Self::Replace(command) => command.run(context).await,
            Self::Renew(command) => command.run(context).await,
            Self::Cancel(command) => command.run(context).await,
            Self::Reissue(command) => command.run(context).await,
            Self::Issue(command) => command.run(context).await,
            Self::Bulk(command) => command.run(context).await,
            Self::Show(which) => {
                let app = context.open().await?;
                let known = find(&app, &which.credential).await?;
                print(context, &app, &known).await
            }
            Self::Revoke(step) => step.take(context, StatusChange::Revoke).await,
            Self::Suspend(step) => step.take(context, StatusChange::Suspend).await,
            Self::Reinstate(step) => step.take(context, StatusChange::Reinstate).await,
        }
    }
}

impl Issue {
    async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let dry_run = self.dry_run;
        let request = self.request()?.checked()?;
        if !dry_run {
            issuer::keyring(&app).await.map_err(Error::from)?;
        }
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let id = match credentials::issue(&app, &mut ch, &request).await? {
            Awarded::New { document, .. } if dry_run => {
                say(DRY_RUN);
                context.print(
                    &json!({"dry_run": true, "credential": document}),
                    &serde_json::to_string_pretty(&document).map_err(Error::from)?,
                );
                return Ok(Exit::Ok);
            }
            Awarded::New { credential, .. } => {
                ch.commit().await?;
                credential
            }
            Awarded::Held(held) => {
                ch.undo().await?;
                say("they hold it already; nothing was issued");
                held.id
            }
        };
        if !dry_run {
            credentials::release(&app, id).await?;
        }
        print(context, &app, &credentials::find(app.db.read(), id).await?).await
    }

    fn request(self) -> Result<IssueRequest, Failure> {
        if let Some(file) = self.file {
            let mut bytes = vec![];
            let read = match file.to_str() {
                Some("-") => std::io::stdin().read_to_end(&mut bytes).map(|_| ()),
                _ => std::fs::read(&file).map(|read| bytes = read),
            };
            read.map_err(|e| Failure::new(Exit::Invalid, format!("{}: {e}", file.display())))?;
            return Ok(input::parse(&bytes)?);
        }
        let evidence = |url: String| GivenEvidence {
            url: Some(url),
            date: self.evidence_date.clone(),
            ..GivenEvidence::default()
        };
        Ok(IssueRequest {
            track: self.track.unwrap_or_default(),
            member: self.member,
            recipient: match (self.email, self.name) {
                (Some(email), Some(name)) => Some(Recipient { name, email, locale: self.locale }),
                _ => None,
            },
            evidence: self.evidence.into_iter().map(evidence).collect(),
            results: vec![],
            awarded_at: self.awarded_at,
            valid_until: self.valid_until,
        })
    }
}

impl Step {
    async fn take(self, context: &Context, step: StatusChange) -> Outcome {
        let app = context.open().await?;
        let id = find(&app, &self.credential).await?.id;
        let reason = Reason { code: self.reason, public: self.public_reason, internal: self.note };
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let changed = credentials::change_status(&app, &mut ch, id, step, &reason).await?;
        if self.dry_run {
            say(DRY_RUN);
            let text =
                if changed { format!("would be {}", step.to().as_str()) } else { "nothing would change".to_owned() };
            context.print(&json!({"dry_run": true, "changes": changed, "status": step.to()}), &text);
            return Ok(Exit::Ok);
        }
        if changed {
            ch.commit().await?;
            if step == StatusChange::Reinstate {
                credentials::release(&app, id).await?;
            }
            credentials::publish_status(&app, id).await;
        } else {
            ch.undo().await?;
            say("it stands there already; nothing was changed");
        }
        print(context, &app, &credentials::find(app.db.read(), id).await?).await
    }
}
