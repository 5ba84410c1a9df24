//! `/admin/links`: what waits for a reviewer.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::lifecycle::LinkState;
use super::pages::kind_word;
use super::service::{self, Submission};
use crate::access::{May, Posted, ReviewLinks};
use crate::app::App;
use crate::contributions::told::told;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::SubmissionId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members};

const ON_A_PAGE: u64 = 25;

struct Line {
    id: String,
    member: String,
    who: String,
    /// Whether the reader handed it in.
    own: bool,
    title: String,
    url: String,
    kind: String,
    happened: String,
    submitted: String,
    disclosure: String,
    /// Whether somebody stood behind it.
    disclosed: bool,
    /// Who else has this address.
    others: Vec<(String, String)>,
    /// What was said before, in order.
    said: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "giving/links_staff.html")]
struct QueuePage {
    shell: Shell,
    rows: Vec<Line>,
    next: Option<String>,
    wrong: Option<String>,
    /// What was done just now.
    done: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct QueueQuery {
    #[serde(default)]
    cursor: Option<String>,
    /// The step that was taken just now.
    #[serde(default)]
    done: String,
}

/// `GET /admin/links`.
pub async fn links_staff_page(
    may: May<ReviewLinks>,
    State(app): State<App>,
    Query(asked): Query<QueueQuery>,
) -> Result<Response> {
    queue(&app, &may, asked, None).await
}

async fn queue(app: &App, may: &May<ReviewLinks>, asked: QueueQuery, wrong: Option<String>) -> Result<Response> {
    let shell = may.shell();
    let db = app.db.read();
    let after = asked.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::list(db, LinkState::Waiting, after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |s| s.id.to_string());
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for link in listed.data {
        let own = may.principal.member() == Some(link.member);
        rows.push(line(app, shell.w, &zone, link, own).await?);
    }
    let done = ["accept", "refuse"].contains(&&*asked.done);
    let done = done.then(|| shell.w.t(&format!("links-done-{}", asked.done)));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(QueuePage { rows, next: listed.next_cursor, wrong, done, shell })).into_response())
}

async fn line(app: &App, w: Words, zone: &Zone, s: Submission, own: bool) -> Result<Line> {
    let db = app.db.read();
    let mut others = vec![];
    for (_, member) in service::of_others(db, &s).await? {
        others.push((member.to_string(), members::find(db, member).await?.name));
    }
    let steps = service::steps(db, s.id)
        .await?
        .into_iter()
        .filter_map(|step| Some((zone.date(w, step.at), w.t(&format!("links-step-{}", step.step)), step.said?)));
    Ok(Line {
        who: members::find(db, s.member).await?.name,
        disclosed: s.disclosure.as_str() != "none",
        disclosure: w.t(&format!("links-disclosure-{}", s.disclosure.as_str())),
        kind: kind_word(w, &s.kind),
        happened: zone.date(w, s.happened_at),
        submitted: zone.date(w, s.submitted_at),
        said: steps.collect(),
        id: s.id.to_string(),
        member: s.member.to_string(),
        title: s.sentence,
        url: s.url,
        own,
        others,
    })
}

#[derive(Deserialize)]
pub struct DecideForm {
    step: String,
    #[serde(default)]
    reason: String,
    /// `yes`: another has been credited for the same address, and both did it.
    #[serde(default)]
    shared: String,
}

/// `POST /admin/links/{id}`: accept or refuse.
pub async fn staff_link_post(
    may: May<ReviewLinks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<DecideForm>,
) -> Result<Response> {
    let id: SubmissionId = id.parse().map_err(|_| Error::not_found())?;
    let shared = form.shared == "yes";
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (action, outcome) = match form.step.as_str() {
        "accept" => ("link.accept", service::accept(&mut ch, id, shared).await),
        "refuse" => ("link.refuse", service::refuse(&mut ch, id, &form.reason).await),
        _ => return Err(Error::not_found()),
    };
    match outcome {
        Ok(link) => {
            let said = json!({"contribution": link.contribution, "reason": link.reason, "shared": shared});
            ch.audit(AuditEntry::new(action, id, said)).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/admin/links?done={}", form.step)))
        }
        Err(e) => {
            drop(ch);
            let text = told(may.shell().w, e)?;
            queue(&app, &may, QueueQuery::default(), Some(text)).await
        }
    }
}
