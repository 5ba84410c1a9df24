//! What the store has to say about each row: the track, the dates by its calendar, who holds it already. Nothing is written.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::columns::Column;
use super::finding::Finding;
use super::sheet::{self, Format, Row, Settings, Sheet};
use crate::app::App;
use crate::clock::Timestamp;
use crate::credentials::find;
use crate::credentials::issue;
use crate::credentials::lifecycle::Status;
use crate::credentials::request::IssueRequest;
use crate::error::{Code, Error, Result};
use crate::ids::MemberId;
use crate::issuer;
use crate::members::{self, Member};
use crate::tables::{self, Meaning as _};
use crate::tracks::TrackVersion;
use crate::web::zone::Zone;

/// A file with everything that is known about it before anything is issued.
pub struct Checked {
    pub sheet: Sheet,
    /// Recipients who will be enrolled.
    pub new_members: usize,
}

impl Checked {
    pub fn good(&self) -> impl Iterator<Item = (&Row, &IssueRequest)> {
        self.sheet.rows.iter().filter_map(|row| row.request.as_ref().map(|request| (row, request)))
    }

    pub fn errors(&self) -> usize {
        self.sheet.rows.iter().filter(|row| row.request.is_none()).count()
    }

    pub fn warned(&self) -> usize {
        self.good().filter(|(row, _)| !row.findings.is_empty()).count()
    }

    /// The report as the API and the command line give it.
    pub fn report(&self) -> Value {
        let rows: Vec<Value> = self.sheet.rows.iter().map(row_report).collect();
        let meanings = self.sheet.meanings.iter().zip(&self.sheet.header);
        let columns: Vec<Value> =
            meanings.map(|(meaning, name)| json!({"name": name, "means": meaning.map(Column::as_str)})).collect();
        json!({
            "format": self.sheet.format,
            "encoding": self.sheet.encoding,
            "columns": columns,
            "total": self.sheet.rows.len(),
            "good": self.good().count(),
            "with_errors": self.errors(),
            "with_warnings": self.warned(),
            "new_members": self.new_members,
            "rows": rows,
        })
    }
}

/// One row of the report.
pub fn row_report(row: &Row) -> Value {
    let (errors, warnings): (Vec<_>, Vec<_>) = row.findings.iter().partition(|f| f.is_error());
    json!({
        "row": row.row, "ok": row.request.is_some(), "name": row.name, "email": row.email, "errors": errors, "warnings": warnings,
    })
}

/// A track that rows name, or why it cannot be issued.
enum Found {
    Track(Box<TrackVersion>, Zone),
    Wrong(Error),
}

/// Reads the file and looks at every row.
///
/// # Errors
/// [`Code::ValidationFailed`] with what is wrong with the file as a whole.
pub async fn check(app: &App, bytes: &[u8], settings: &Settings) -> Result<Checked> {
    let db = app.db.read();
    let now = app.db.now();
    let mut settings = settings.clone();
    if settings.locale.is_none()
        && let Some(issuer) = issuer::default_issuer(db).await?
    {
        settings.locale = Some(issuer.profile.language(None).as_str().to_owned());
    }
    let (bytes, how) = (bytes.to_vec(), settings.clone());
    let read = tables::apart(app, move |place| sheet::read(place, &bytes, &how)).await?;
    let mut sheet = read.map_err(|wrong| tables::refused(&wrong))?;
    let mut tracks: HashMap<String, Found> = HashMap::new();
    let mut seen: HashMap<(String, String), u32> = HashMap::new();
    let mut new_members = std::collections::HashSet::new();
    let names = Names::of(&sheet);
    for row in &mut sheet.rows {
        let Some(request) = row.request.take() else { continue };
        if !tracks.contains_key(&request.track) {
            let found = track(app, &request.track).await?;
            tracks.insert(request.track.clone(), found);
        }
        let Some(found) = tracks.get(&request.track) else { continue };
        let (version, zone) = match found {
            Found::Track(version, zone) => (version, zone),
            Found::Wrong(e) => {
                row.findings.extend(names.faults(e, &request));
                continue;
            }
        };
        if let Err(e) = issue::dates(&request, zone, now) {
            row.findings.extend(names.faults(&e, &request));
        } else if let Some(finding) = ended(&request, version, zone, now, &names) {
            row.findings.push(finding);
        }
        let member = match recipient(app, &request).await? {
            Ok(member) => member,
            Err(e) => {
                row.findings.extend(names.faults(&e, &request));
                continue;
            }
        };
        let who = member.as_ref().map_or_else(|| row.email.to_lowercase(), |m| m.email.clone());
        let mut held_in_file = false;
        if let Some(first) = seen.get(&(who.clone(), version.id.to_string())) {
            let detail = format!("row {first} names the same recipient for the same track: they get one credential");
            row.findings.push(
                Finding::warning("duplicate", names.name(Column::Email), &row.email, detail).naming(first.to_string()),
            );
            held_in_file = true;
        } else {
            seen.insert((who.clone(), version.id.to_string()), row.row);
        }
        match member {
            Some(member) => known(app, row, &member, version, now, held_in_file, &names).await?,
            None => {
                new_members.insert(who);
            }
        }
        if !row.findings.iter().any(Finding::is_error) {
            row.request = Some(request);
        }
    }
    Ok(Checked { sheet, new_members: new_members.len() })
}

/// What the file calls its columns; in NDJSON the pointers themselves.
struct Names {
    pointers: bool,
    header: Vec<(Column, String)>,
}

impl Names {
    fn of(sheet: &Sheet) -> Self {
        let header = Column::ALL.into_iter().map(|column| (column, sheet.called(column))).collect();
        Self { pointers: sheet.format == Format::Ndjson, header }
    }

    fn name(&self, column: Column) -> String {
        if self.pointers {
            return String::new();
        }
        self.header.iter().find(|(c, _)| *c == column).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    fn faults(&self, e: &Error, request: &IssueRequest) -> Vec<Finding> {
        let place = |pointer: &str| match self.pointers {
            true => pointer.to_owned(),
            false => self.name(sheet::column_of(pointer)),
        };
        e.faults().iter().map(|f| sheet::of_fault(f, place(&f.pointer), sheet::value_at(request, f))).collect()
    }
}

async fn track(app: &App, text: &str) -> Result<Found> {
    let known = issue::track(app.db.read(), text).await;
    let version = match known.and_then(|version| issue::refuse_title(&version).map(|()| version)) {
        Err(e) if e.code() == Code::ValidationFailed => return Ok(Found::Wrong(e)),
        other => other?,
    };
    let zone = issuer::find(app.db.read(), version.issuer).await?.profile.zone();
    Ok(Found::Track(Box::new(version), zone))
}

/// What would be issued expired.
fn ended(
    request: &IssueRequest,
    version: &TrackVersion,
    zone: &Zone,
    now: Timestamp,
    names: &Names,
) -> Option<Finding> {
    let (awarded_at, valid_until) = issue::dates(request, zone, now).ok()?;
    let months = version.definition.validity.map(|v| v.months);
    let end = valid_until.or_else(|| zone.end_after_months(awarded_at, months?));
    if end? >= now {
        return None;
    }
    let (column, value) = match &request.valid_until {
        Some(text) => (Column::ValidUntil, text.as_str()),
        None => (Column::AwardedAt, request.awarded_at.as_deref().unwrap_or_default()),
    };
    let detail = "it would be issued expired: its validity ends before now";
    Some(Finding::error("expired", names.name(column), value, detail))
}

/// The member whom the row names, where they are enrolled; why there is no such member.
async fn recipient(app: &App, request: &IssueRequest) -> Result<std::result::Result<Option<Member>, Error>> {
    let db = app.db.read();
    if let Some(id) = &request.member {
        let found = match id.parse::<MemberId>() {
            Ok(id) => members::find(db, id).await,
            Err(_) => Err(Error::not_found()),
        };
        return match found {
            Ok(member) => Ok(Ok(Some(member))),
            Err(e) if e.code() == Code::NotFound => Ok(Err(issue::unknown_member())),
            Err(e) => Err(e),
        };
    }
    let email = request.recipient.as_ref().map(|r| r.email.as_str()).unwrap_or_default();
    Ok(Ok(members::by_email(db, email).await?))
}

/// What is worth knowing about a recipient who is enrolled.
async fn known(
    app: &App,
    row: &mut Row,
    member: &Member,
    version: &TrackVersion,
    now: Timestamp,
    held_in_file: bool,
    names: &Names,
) -> Result<()> {
    if !row.name.is_empty() && row.name.trim() != member.name {
        let detail = format!("they are enrolled as `{}`: the credential bears that name", member.name);
        row.findings.push(
            Finding::warning("known_name", names.name(Column::Name), &row.name, detail).naming(member.name.as_str()),
        );
    }
    let last = find::last_term(app.db.read(), member.id, version.track).await?;
    if let Some(last) = last.filter(|last| last.status != Status::Revoked && !last.has_expired(now) && !held_in_file) {
        let detail = format!("they hold it already ({}): nothing new is issued", last.number);
        row.findings.push(
            Finding::warning("already_held", names.name(Column::Email), &member.email, detail).naming(last.number),
        );
    }
    Ok(())
}
