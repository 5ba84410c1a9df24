//! `/admin/reviews`: credentials whose decision was superseded, with what changed and what can be done.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_criteria::{Detail, Fact};

use super::service::{self, Altered, Case};
use crate::access::{ChangeStatus, May, Permission, Posted, ReadCredentials};
use crate::app::App;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Code, Error, Result};
use crate::ids::{FactId, ReviewId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{facts, issuer, tracks};

const ON_A_PAGE: u64 = 25;

/// One fact in one line.
struct FactLine {
    happened: String,
    what: String,
    /// Since when it is known, or that it was taken back.
    remark: String,
}

struct Line {
    id: String,
    opened: String,
    credential: String,
    number: String,
    name: String,
    member: String,
    title: String,
    /// What changed, in a sentence.
    change: String,
    signed: String,
    /// None where the requirements are not met.
    now: Option<String>,
    gained: Vec<FactLine>,
    lost: Vec<FactLine>,
    /// What to think of before deciding.
    advice: String,
    note: String,
    /// Whether the requirements are met, so that another can take its place.
    replaceable: bool,
}

#[derive(Template)]
#[template(path = "credentials/reviews.html")]
struct ReviewsPage {
    shell: Shell,
    rows: Vec<Line>,
    next: Option<String>,
    may_decide: bool,
    /// The review whose form was refused, and what to do.
    wrong: Option<(String, String)>,
}

/// `GET /admin/reviews`.
pub async fn reviews_page(
    staff: May<ReadCredentials>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let after = page.cursor.as_deref().map(str::parse::<ReviewId>).transpose().map_err(|_| Error::not_found())?;
    let may = staff.principal.holds(ChangeStatus::ROLES);
    reviews(&app, staff.shell(), may, after).await.map(Page)
}

async fn reviews(app: &App, shell: Shell, may_decide: bool, after: Option<ReviewId>) -> Result<ReviewsPage> {
    let found = service::list(app.db.read(), false, after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |review| review.id.to_string());
    let mut rows = vec![];
    for review in listed.data {
        rows.push(line(app, shell.w, service::case(app.db.read(), review).await?).await?);
    }
    Ok(ReviewsPage { shell, rows, next: listed.next_cursor, may_decide, wrong: None })
}

async fn line(app: &App, w: Words, case: Case) -> Result<Line> {
    let db = app.db.read();
    let zone = issuer::find(db, case.credential.issuer).await?.profile.zone();
    let version = tracks::version(db, case.credential.track_version).await?;
    let known: HashMap<FactId, Fact> =
        facts::of_member(db, case.credential.member).await?.into_iter().map(|fact| (fact.id, fact)).collect();
    let (gained, lost) = service::difference(&case.rested_on, &case.says);
    let told = |ids: Vec<FactId>| ids.iter().filter_map(|id| known.get(id)).map(|f| fact_line(w, &zone, f)).collect();
    let change = service::altered(&case.credential, &case.says).map_or("agrees", Altered::as_str);
    Ok(Line {
        id: case.review.id.to_string(),
        opened: zone.instant(w, case.review.opened_at),
        title: w.pick(&version.definition.title).to_owned(),
        change: w.t(&format!("review-change-{change}")),
        advice: w.t(&format!("review-advice-{change}")),
        signed: zone.instant(w, case.credential.awarded_at),
        now: case.says.met.then(|| zone.instant(w, case.says.decided_at)),
        gained: told(gained),
        lost: told(lost),
        note: String::new(),
        replaceable: case.says.met,
        credential: case.credential.id.to_string(),
        number: case.credential.number,
        name: case.credential.name,
        member: case.credential.member.to_string(),
    })
}

fn fact_line(w: Words, zone: &Zone, fact: &Fact) -> FactLine {
    let kind = w.t(&format!("review-fact-{}", fact.kind().as_str()));
    let named = match &fact.detail {
        Detail::Exam { slug, .. } => Some(slug.as_str()),
        Detail::Contribution { .. } => fact.object.as_ref().map(waymark_criteria::ObjectKey::as_str),
        Detail::Credential { track, .. } => Some(track.as_str()),
        Detail::Attestation { role } => Some(role.as_str()),
        Detail::Panel { title, .. } => Some(title.as_str()),
        Detail::Membership {} | Detail::Given { .. } => None,
    };
    FactLine {
        happened: zone.date(w, fact.happened_at),
        what: match named {
            Some(name) => w.with2("review-fact-named", "kind", kind, "name", name),
            None => kind,
        },
        remark: match fact.voided_by {
            Some(_) => w.t("review-fact-voided"),
            None => w.with1("review-fact-known", "date", zone.instant(w, fact.known_at)),
        },
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct KeepForm {
    #[serde(default)]
    note: String,
}

/// `POST /admin/reviews/{id}/keep`.
pub async fn keep_post(
    staff: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<KeepForm>,
) -> Result<Response> {
    let id: ReviewId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let note = form.note.replace("\r\n", "\n");
    match service::keep(&mut ch, id, Some(&note)).await {
        Ok(true) => ch.commit().await?,
        Ok(false) => drop(ch),
        Err(e) if e.code() == Code::ValidationFailed => {
            drop(ch);
            let mut page = reviews(&app, staff.shell(), true, None).await?;
            page.wrong = Some((id.to_string(), page.shell.w.t("review-wrong-note")));
            for row in page.rows.iter_mut().filter(|row| row.id == id.to_string()) {
                row.note.clone_from(&note);
            }
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
        Err(e) => return Err(e),
    }
    Ok(see_other("/admin/reviews"))
}
