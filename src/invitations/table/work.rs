//! The dry run, starting, and one row of the work.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::sheet::{self, Person, Row, Settings};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{JobId, MemberId};
use crate::jobs::{self, Job, NewRow, Outcome};
use crate::members::{self, Affiliation, NewMember};
use crate::tables::{self, Finding};
use crate::web::i18n::Locale;

/// What would become of one row.
pub struct Tried {
    pub row: u32,
    pub name: String,
    pub email: String,
    /// `enrolled`, `known` or `rejected`.
    pub outcome: &'static str,
    /// The member whose address it is, where they are known.
    pub member: Option<MemberId>,
    pub findings: Vec<Finding>,
    person: Option<Person>,
}

impl Tried {
    /// Whether somebody new would come in.
    pub fn enrols(&self) -> bool {
        self.outcome == "enrolled"
    }

    pub fn report(&self) -> Value {
        json!({
            "row": self.row, "name": self.name, "email": self.email, "outcome": self.outcome,
            "member": self.member, "findings": self.findings,
        })
    }
}

/// Reads the file and looks at every row. Nothing is written.
///
/// # Errors
/// What is wrong with the file as a whole.
pub async fn try_out(
    app: &App,
    bytes: &[u8],
    settings: &Settings,
) -> Result<std::result::Result<Vec<Tried>, Vec<Finding>>> {
    let (bytes, how) = (bytes.to_vec(), settings.clone());
    let rows = match tables::apart(app, move |place| sheet::read(place, &bytes, &how)).await? {
        Ok(rows) => rows,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let mut seen = Seen::default();
    let mut tried = Vec::with_capacity(rows.len());
    for row in rows {
        tried.push(look(app.db.read(), row, &mut seen).await?);
    }
    Ok(Ok(tried))
}

/// What earlier rows of the file will bring in.
#[derive(Default)]
struct Seen {
    emails: HashSet<String>,
    handles: HashSet<String>,
}

async fn look(db: &impl Read, mut row: Row, seen: &mut Seen) -> Result<Tried> {
    let tried = |row: Row, outcome, member| Tried {
        row: row.row,
        name: row.name,
        email: row.email,
        outcome,
        member,
        findings: row.findings,
        // Of rows about one address only the first brings its member in, whichever is worked on first.
        person: row.person.filter(|_| outcome == "enrolled"),
    };
    let Some(person) = row.person.clone() else { return Ok(tried(row, "rejected", None)) };
    if seen.emails.contains(&person.email) {
        let detail = "an earlier row of this file has this address: they are one member";
        row.findings.push(Finding::warning("twice_in_file", row.called.email.as_str(), &row.email, detail));
        return Ok(tried(row, "known", None));
    }
    if let Some(known) = members::by_email(db, &person.email).await? {
        if known.name != person.name {
            let detail = format!("they are enrolled as `{}`: nothing is overwritten", known.name);
            let finding = Finding::warning("other_name", row.called.name.as_str(), &row.name, detail);
            row.findings.push(finding.naming(known.name));
        }
        return Ok(tried(row, "known", Some(known.id)));
    }
    for handle in &person.handles {
        if seen.handles.contains(handle) || members::by_handle(db, handle).await?.is_some() {
            let detail = "the handle is another member's: correct it, or leave it out";
            let finding = Finding::error("handle_known", row.called.handles.as_str(), handle, detail);
            row.findings.push(finding.naming(handle.as_str()));
        }
    }
    if row.findings.iter().any(Finding::is_error) {
        return Ok(tried(row, "rejected", None));
    }
    seen.emails.insert(person.email);
    seen.handles.extend(person.handles);
    Ok(tried(row, "enrolled", None))
}

/// Stores the file; nobody is enrolled.
pub async fn prepare(app: &App, actor: Actor, settings: &Settings, bytes: Vec<u8>) -> Result<JobId> {
    tables::prepare(app, actor, settings, bytes, None).await
}

/// Starts enrolling, in the name of `actor`; rows that are wrong stand in the report. Answers false where it was started before.
pub async fn start(app: &App, actor: Actor, id: JobId, settings: &Settings, tried: &[Tried]) -> Result<bool> {
    let rows: Vec<NewRow> = tried
        .iter()
        .map(|t| NewRow {
            input: json!({"person": t.person, "said": t.report()}),
            refused: (t.outcome == "rejected").then(|| t.report()),
        })
        .collect();
    let of = |outcome: &str| tried.iter().filter(|t| t.outcome == outcome).count();
    let said =
        json!({"rows": tried.len(), "enrolled": of("enrolled"), "known": of("known"), "sha256": settings.file.sha256});
    let entry = AuditEntry::new("member.import", id, said);
    tables::start(app, actor, id, &serde_json::to_value(settings)?, &rows, entry).await
}

/// Does one row: the member, their audit row and the row's own end are one change. Answers whether there was something to do.
pub async fn take_row(app: &App, job: &Job) -> Result<bool> {
    let mut ch = app.db.change(job.actor(), Kind::Privileged).await?;
    let Some(row) = jobs::claim(&ch, job.id).await? else {
        ch.undo().await?;
        return jobs::close(app, job.id).await;
    };
    let mut said = row.input["said"].clone();
    let person: Option<Person> = serde_json::from_value(row.input["person"].clone())?;
    let known = match &person {
        Some(person) => members::by_email(ch.tx(), &person.email).await?.map(|known| known.id),
        None => None,
    };
    let (Some(person), None) = (person, known) else {
        ch.undo().await?;
        said["outcome"] = json!("known");
        if let Some(known) = known {
            said["member"] = json!(known);
        }
        jobs::settle_alone(app, &row, Outcome::Done(said)).await?;
        return Ok(true);
    };
    match enrol(&mut ch, person).await {
        Ok(member) => {
            said["member"] = json!(member);
            ch.audit(AuditEntry::new("member.enrol", member, json!({"job": job.id}))).await?;
            jobs::settle(&ch, &row, Outcome::Done(said)).await?;
            ch.commit().await?;
        }
        // The store changed since somebody looked.
        Err(e) if e.code() == Code::ValidationFailed => {
            ch.undo().await?;
            let findings = e.faults().iter().map(|f| json!({"severity": "error", "code": f.code, "detail": f.detail}));
            said["outcome"] = json!("rejected");
            said["findings"] = findings.collect();
            jobs::settle_alone(app, &row, Outcome::Failed(said)).await?;
        }
        Err(e) => {
            ch.undo().await?;
            jobs::put_off(app, &row, &e).await?;
        }
    }
    Ok(true)
}

async fn enrol(ch: &mut Change<'_>, person: Person) -> Result<MemberId> {
    for handle in &person.handles {
        if members::by_handle(ch.tx(), handle).await?.is_some() {
            let detail = "the handle is another member's: correct it, or leave it out";
            return Err(Error::invalid(vec![Fault::new("/handles", "handle_known", detail)]));
        }
    }
    let from = ch.now;
    let title = person.title;
    let new = NewMember {
        email: person.email,
        name: person.name,
        locale: Locale::parse(&person.language).unwrap_or(Locale::En),
        handle: None,
        affiliation: person.organization.map(|organization| Affiliation { organization, title, from, until: None }),
        joined_at: None,
    };
    let member = members::enrol(ch, new).await?.id;
    for handle in &person.handles {
        members::link_handle(ch, member, handle).await?;
    }
    Ok(member)
}
