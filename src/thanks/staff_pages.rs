//! `/admin/thanks`: thank somebody in the name of the program, read what was said, step in, and see who thanks whom most.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use time::Duration;

use super::find;
use super::lifecycle::State as ThanksState;
use super::pages::rules_in_words;
use super::reach::reach;
use super::service::{self, Thanks};
use super::writing::{ThanksForm, Writing, note};
use crate::access::{GiveThanks, May, ModerateThanks, Permission as _, Posted, WatchThanks};
use crate::app::App;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::{MemberId, ThanksId};
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{access, issuer, members};

const ON_A_PAGE: u64 = 30;
/// Days back and pairs that are shown.
const PAIR_DAYS: i64 = 90;
const PAIRS: usize = 10;

struct Line {
    id: String,
    date: String,
    /// None: the program.
    giver: Option<(String, String)>,
    receiver: (String, String),
    reason: String,
    url: Option<String>,
    shown: bool,
    stands: bool,
    withheld: bool,
    note: Option<String>,
    /// Whether the reader gave or received it.
    own: bool,
}

struct PairLine {
    giver: (String, String),
    receiver: (String, String),
    times: u64,
    back: u64,
}

#[derive(Template)]
#[template(path = "thanks/staff.html")]
struct StaffThanksPage {
    shell: Shell,
    rows: Vec<Line>,
    next: Option<String>,
    pairs: Vec<PairLine>,
    days: i64,
    rules: Vec<String>,
    may_give: bool,
    may_moderate: bool,
    writing: Writing,
    done: bool,
}

#[derive(Default, Deserialize)]
pub struct StaffThanksQuery {
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    done: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /admin/thanks`.
pub async fn staff_thanks_page(
    may: May<WatchThanks>,
    State(app): State<App>,
    Query(query): Query<StaffThanksQuery>,
) -> Result<Response> {
    let form = ThanksForm {
        to: query.to.clone().unwrap_or_default(),
        reason: query.reason.clone().unwrap_or_default(),
        ..ThanksForm::default()
    };
    page(&app, (may.shell(), &may.principal), &query, form, None).await
}

async fn page(
    app: &App,
    (shell, principal): (Shell, &access::Principal),
    query: &StaffThanksQuery,
    form: ThanksForm,
    wrong: Option<Error>,
) -> Result<Response> {
    let (w, db) = (shell.w, app.db.read());
    let zone = issuer::zone(db).await?;
    let before = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = find::list(db, before, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |t| t.id.to_string());
    let mut rows = vec![];
    for thanks in listed.data {
        rows.push(line(app, &shell, &zone, thanks, principal.member()).await?);
    }
    let mut pairs = vec![];
    for pair in find::pairs_since(db, app.db.now() - Duration::days(PAIR_DAYS), PAIRS).await? {
        pairs.push(PairLine {
            giver: person(app, pair.giver).await?,
            receiver: person(app, pair.receiver).await?,
            times: pair.times,
            back: pair.back,
        });
    }
    let writing = Writing::of(app, w, form, wrong).await?;
    let status = if writing.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = StaffThanksPage {
        rows,
        next: listed.next_cursor,
        pairs,
        days: PAIR_DAYS,
        rules: rules_in_words(w, &service::rules(db).await?),
        may_give: principal.holds(GiveThanks::ROLES),
        may_moderate: principal.holds(ModerateThanks::ROLES),
        done: query.done.is_some(),
        writing,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// Id and name.
async fn person(app: &App, member: MemberId) -> Result<(String, String)> {
    let known = members::find(app.db.read(), member).await?;
    Ok((known.id.to_string(), known.name))
}

async fn line(app: &App, shell: &Shell, zone: &Zone, t: Thanks, reader: Option<MemberId>) -> Result<Line> {
    let w = shell.w;
    let giver = match t.giver {
        Some(giver) => Some(person(app, giver).await?),
        None => None,
    };
    Ok(Line {
        own: reader.is_some_and(|reader| t.giver == Some(reader) || t.receiver == reader),
        receiver: person(app, t.receiver).await?,
        note: note(w, &t),
        id: t.id.to_string(),
        date: zone.date(w, t.given_at),
        shown: t.is_open(),
        stands: t.state == ThanksState::Standing,
        withheld: t.withheld.is_some(),
        reason: t.reason,
        url: t.url,
        giver,
    })
}

/// The page again with what is wrong, for whoever may see it; whoever may only act is told by the error.
async fn again(app: &App, by: (Shell, &access::Principal), form: ThanksForm, e: Error) -> Result<Response> {
    page(app, by, &StaffThanksQuery::default(), form, Some(e)).await
}

/// `POST /admin/thanks`: the program says thanks.
pub async fn staff_thanks_post(
    may: May<GiveThanks>,
    State(app): State<App>,
    Posted(form): Posted<ThanksForm>,
) -> Result<Response> {
    let outcome = match reach(&app, may.actor(), &form.to).await {
        Err(e) => Err(e),
        Ok(reached) => {
            let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
            match service::give_for_program(&mut ch, form.thanks(reached)).await {
                Ok(thanks) => {
                    ch.audit(AuditEntry::new("thanks.give", thanks.id, json!({"to": thanks.receiver}))).await?;
                    ch.commit().await.map(|()| thanks)
                }
                Err(e) => {
                    ch.undo().await?;
                    Err(e)
                }
            }
        }
    };
    match outcome {
        Ok(thanks) => Ok(see_other(&format!("/admin/thanks?done=yes#{}", thanks.id))),
        Err(e) => again(&app, (may.shell(), &may.principal), form, e).await,
    }
}

#[derive(Deserialize)]
pub struct ModerateForm {
    step: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/thanks/{id}`: keep it back, give it back, take it out.
pub async fn staff_thanks_step_post(
    may: May<ModerateThanks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<ModerateForm>,
) -> Result<Response> {
    let id: ThanksId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (action, outcome) = match form.step.as_str() {
        "withhold" => ("thanks.withhold", service::withhold(&mut ch, id, &form.reason).await),
        "return" => ("thanks.return", service::give_back(&mut ch, id).await),
        "void" => ("thanks.void", service::void(&mut ch, id, &form.reason).await),
        _ => ("", Err(Error::not_found())),
    };
    match outcome {
        Ok(thanks) => {
            let reason = thanks.withheld.or(thanks.end_reason);
            ch.audit(AuditEntry::new(action, id, json!({"reason": reason}))).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/admin/thanks#{id}")))
        }
        Err(e) => {
            ch.undo().await?;
            again(&app, (may.shell(), &may.principal), ThanksForm::default(), e).await
        }
    }
}
