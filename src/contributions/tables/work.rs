//! The dry run, starting, and one row of the work.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::sheet::{self, Read, Row, Settings};
use crate::access;
use crate::actor::Actor;
use crate::app::App;
use crate::contributions::envelope::Envelope;
use crate::contributions::intake::receive;
use crate::contributions::service::{Outcome, Receipt, Speaker};
use crate::contributions::source::source;
use crate::contributions::subject::{Named, Subject};
use crate::database::{AuditEntry, Change, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::JobId;
use crate::issuer;
use crate::jobs::{self, Job, NewRow};
use crate::tables::{self, Finding};

/// Rows of the dry run that share a change which is undone: few enough that nobody waits long for their turn to write.
const TOGETHER: usize = 50;

/// What would become of one row.
pub struct Tried {
    pub row: u32,
    pub who: String,
    /// `accepted`, `held`, `duplicate`, `rejected`, `not_there`.
    pub outcome: &'static str,
    /// The code of what is wrong, or why it waits.
    pub reason: Option<String>,
    pub detail: Option<String>,
    /// What is wrong with the row itself.
    pub finding: Option<Finding>,
    event: Option<Envelope>,
}

impl Tried {
    /// Whether there is something to take in.
    pub fn counts(&self) -> bool {
        self.event.is_some() && matches!(self.outcome, "accepted" | "held")
    }

    pub fn report(&self) -> Value {
        json!({"row": self.row, "who": self.who, "outcome": self.outcome, "reason": self.reason, "detail": self.detail})
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Duplicate => "duplicate",
        Outcome::Held => "held",
        Outcome::Rejected => "rejected",
    }
}

/// Reads the file and takes every row down the one path, in changes that are undone. Whoever hands it in brings nothing for themselves.
///
/// # Errors
/// What is wrong with the file as a whole.
pub async fn try_out(
    app: &App,
    actor: Actor,
    bytes: &[u8],
    settings: &Settings,
) -> Result<std::result::Result<Vec<Tried>, Vec<Finding>>> {
    let zone = issuer::zone(app.db.read()).await?;
    let (bytes, how, now) = (bytes.to_vec(), settings.clone(), app.db.now());
    let rows = match tables::apart(app, move |place| sheet::read(place, &bytes, &how, &zone, now)).await? {
        Ok(rows) => rows,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let mut seen = HashSet::new();
    let mut tried = Vec::with_capacity(rows.len());
    for part in rows.chunks(TOGETHER) {
        let mut ch = app.db.change(Actor::System("contributions"), Kind::Ordinary).await?;
        for row in part {
            let own = match &row.read {
                Read::Event(event) => is_own(&ch, actor, event).await?,
                Read::NotThere | Read::Wrong(_) => false,
            };
            tried.push(match &row.read {
                Read::Event(event) if !seen.insert(event.id.clone()) => again(row),
                Read::Event(_) if own => refused(row, Code::OwnContribution),
                Read::Event(event) => of_receipt(row, event, receive(&mut ch, &Speaker::Waymark, event).await?),
                Read::NotThere => plain(row, "not_there", None),
                Read::Wrong(finding) => plain(row, "rejected", Some(finding.clone())),
            });
        }
        ch.undo().await?;
    }
    Ok(Ok(tried))
}

fn plain(row: &Row, outcome: &'static str, finding: Option<Finding>) -> Tried {
    let reason = finding.as_ref().map(|f| f.code.to_owned());
    let detail = finding.as_ref().map(|f| f.detail.clone());
    Tried { row: row.row, who: row.who.clone(), outcome, reason, detail, finding, event: None }
}

fn again(row: &Row) -> Tried {
    let mut tried = plain(row, "duplicate", None);
    tried.reason = Some("twice_in_file".to_owned());
    tried.detail = Some("an earlier row of this file says the same".to_owned());
    tried
}

/// Whether the row credits the person behind `actor`: to accept it would be to decide on one's own.
async fn is_own(ch: &Change<'_>, actor: Actor, event: &Envelope) -> Result<bool> {
    let Actor::Member(person) = access::behind(ch.tx(), actor).await? else { return Ok(false) };
    let Some(Ok(subject)) = event.subject.as_deref().map(Subject::read) else { return Ok(false) };
    let Some(source) = source(ch.tx(), &event.source).await? else { return Ok(false) };
    Ok(subject.named(ch.tx(), &source).await? == Named::Member(person))
}

fn refused(row: &Row, why: Code) -> Tried {
    let mut tried = plain(row, "rejected", None);
    tried.reason = Some(why.as_str().to_owned());
    tried.detail = Some("nobody brings in what is their own: have somebody else hand in this row".to_owned());
    tried
}

fn of_receipt(row: &Row, event: &Envelope, receipt: Receipt) -> Tried {
    Tried {
        row: row.row,
        who: row.who.clone(),
        outcome: word(receipt.outcome),
        reason: receipt.reason.map(str::to_owned),
        detail: receipt.detail,
        finding: None,
        event: Some(event.clone()),
    }
}

/// Starts taking in the rows that count, in the name of `actor`; those that are wrong stand in the report. Answers false where it was started before.
pub async fn start(app: &App, actor: Actor, id: JobId, settings: &Settings, tried: &[Tried]) -> Result<bool> {
    let rows: Vec<NewRow> = tried
        .iter()
        .filter(|t| t.counts() || t.outcome == "rejected")
        .map(|t| NewRow {
            input: json!({"event": t.event.as_ref().map(sheet::kept), "said": t.report()}),
            refused: (!t.counts()).then(|| t.report()),
        })
        .collect();
    let counted = tried.iter().filter(|t| t.counts()).count();
    let said = json!({"rows": tried.len(), "taken": counted, "source": settings.preset.source(), "type": settings.kind, "sha256": settings.file.sha256});
    let entry = AuditEntry::new("contribution.import", id, said);
    tables::start(app, actor, id, &serde_json::to_value(settings)?, &rows, entry).await
}

/// Does one row: the contribution and the row's own end are one change. Answers whether there was something to do.
pub async fn take_row(app: &App, job: &Job) -> Result<bool> {
    let mut ch = app.db.change(job.actor(), Kind::Ordinary).await?;
    let Some(row) = jobs::claim(&ch, job.id).await? else {
        ch.undo().await?;
        return jobs::close(app, job.id).await;
    };
    let outcome = match take(&mut ch, job.actor(), &row.input).await {
        Ok(said) => said,
        Err(e) => {
            ch.undo().await?;
            jobs::put_off(app, &row, &e).await?;
            return Ok(true);
        }
    };
    jobs::settle(&ch, &row, outcome).await?;
    ch.commit().await?;
    Ok(true)
}

async fn take(ch: &mut Change<'_>, actor: Actor, input: &Value) -> Result<jobs::Outcome> {
    let event = Envelope::structured(input["event"].clone())
        .map_err(|wrong| Error::internal(format!("a kept row is no event: {:?}", wrong.what)))?;
    let mut said = input["said"].clone();
    // A handle may have become theirs since the dry run.
    if is_own(ch, actor, &event).await? {
        said["outcome"] = json!("rejected");
        said["reason"] = json!(Code::OwnContribution.as_str());
        return Ok(jobs::Outcome::Failed(said));
    }
    let receipt = receive(ch, &Speaker::Waymark, &event).await?;
    said["outcome"] = json!(word(receipt.outcome));
    said["reason"] = json!(receipt.reason);
    said["detail"] = json!(receipt.detail);
    said["contribution"] = json!(receipt.contribution);
    Ok(match receipt.outcome {
        // The program changed since the dry run.
        Outcome::Rejected => jobs::Outcome::Failed(said),
        _ => jobs::Outcome::Done(said),
    })
}
