//! `/api/v1/thanks`: give, show, hide, withdraw; `/api/v1/members/{id}/thanks`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::calendar::week;
use super::find::{self, Side};
use super::lifecycle::State as ThanksState;
use super::reach::reach;
use super::said::Said;
use super::service::{self, NewThanks, Thanks};
use crate::access::{GiveThanks, Permission as _, SelfOr, SignedIn, WatchThanks};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{MemberId, ThanksId};
use crate::web::input::Json;
use crate::{issuer, members};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveBody {
    /// `mem_…`, a handle, or a name that one member alone has.
    to: String,
    reason: String,
    #[serde(default)]
    link: Option<String>,
    /// Whether the giver's name may stand where others read it.
    #[serde(default)]
    named: bool,
    /// Staff: in the name of the program. A key always speaks so.
    #[serde(default)]
    for_program: bool,
}

/// Who reads a word of thanks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Giver,
    Receiver,
    Staff,
}

#[derive(Serialize)]
pub struct ThanksBody {
    id: String,
    given_at: String,
    /// None: the program.
    from: Option<String>,
    from_name: Option<String>,
    /// The receiver's id; to the giver, how they named them.
    to: String,
    /// None to the receiver of what staff keep back.
    reason: Option<String>,
    link: Option<String>,
    named: bool,
    shown: bool,
    state: &'static str,
    /// Why staff keep it back.
    withheld: Option<String>,
    /// Why it counts no more.
    end_reason: Option<String>,
    contribution: Option<String>,
}

async fn body(db: &impl Read, t: Thanks, reader: Reader) -> Result<ThanksBody> {
    let from_name = match t.giver {
        Some(giver) => Some(members::find(db, giver).await?.name),
        None => None,
    };
    let kept_from = reader == Reader::Receiver && (t.withheld.is_some() || t.state != ThanksState::Standing);
    Ok(ThanksBody {
        id: t.id.to_string(),
        given_at: rfc3339(t.given_at),
        from: t.giver.map(|giver| giver.to_string()),
        from_name,
        to: if reader == Reader::Giver { t.called } else { t.receiver.to_string() },
        reason: (!kept_from).then_some(t.reason),
        link: t.url.filter(|_| !kept_from),
        named: t.named,
        shown: t.shown,
        state: t.state.as_str(),
        withheld: t.withheld,
        end_reason: t.end_reason,
        contribution: (reader != Reader::Giver).then(|| t.contribution.to_string()),
    })
}

/// `POST /api/v1/thanks`: as the member; by staff who say so and by keys in the program's name.
pub async fn give_thanks(
    who: SelfOr<GiveThanks>,
    State(app): State<App>,
    Json(given): Json<GiveBody>,
) -> Result<impl IntoResponse> {
    let giver = who.principal.member().filter(|_| !given.for_program);
    if giver.is_none() && !who.principal.holds(GiveThanks::ROLES) {
        return Err(Error::new(Code::Forbidden).with("needs", GiveThanks::NAME).member("needs", GiveThanks::NAME));
    }
    // What is written wrongly is told before anybody is looked for: it would tell who is a member.
    Said::read(&given.reason, given.link.as_deref())?;
    let reached = reach(&app, who.actor(), &given.to).await?;
    let new = NewThanks {
        to: reached.member,
        called: reached.called,
        reason: given.reason,
        url: given.link,
        named: given.named,
    };
    let thanks = match giver {
        Some(giver) => {
            let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
            let thanks = service::give(&mut ch, giver, new).await?;
            ch.commit().await?;
            thanks
        }
        None => {
            let mut ch = app.db.change(who.actor(), Kind::Privileged).await?;
            let thanks = service::give_for_program(&mut ch, new).await?;
            ch.audit(AuditEntry::new("thanks.give", thanks.id, json!({"to": thanks.receiver}))).await?;
            ch.commit().await?;
            thanks
        }
    };
    let reader = if giver.is_some() { Reader::Giver } else { Reader::Staff };
    Ok((StatusCode::CREATED, axum::Json(body(app.db.read(), thanks, reader).await?)))
}

#[derive(Deserialize)]
pub struct ThanksQuery {
    /// `received`, which is what is answered where nothing is said, or `given`.
    #[serde(default)]
    side: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// What a member may still give this week.
#[derive(Serialize)]
pub struct Allowance {
    per_week: u32,
    left: u32,
    /// When the next week begins.
    until: String,
}

#[derive(Serialize)]
pub struct ThanksList {
    #[serde(flatten)]
    listed: Listed<ThanksBody>,
    allowance: Allowance,
}

/// `GET /api/v1/members/{id}/thanks`.
pub async fn list_thanks(
    who: SelfOr<WatchThanks>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ThanksQuery>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(member)?;
    let db = app.db.read();
    let member = members::find(db, member).await?.id;
    let (side, reader) = match query.side.as_deref() {
        None | Some("received") => (Side::Received, Reader::Receiver),
        Some("given") => (Side::Given, Reader::Giver),
        Some(_) => {
            return Err(Error::invalid(vec![Fault::new("/side", "unknown_word", "use received or given")]));
        }
    };
    let reader = if who.principal.holds(WatchThanks::ROLES) { Reader::Staff } else { reader };
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let before: Option<ThanksId> =
        page.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let limit = page.limit();
    let found = find::of_member(db, member, side, before, limit + 1).await?;
    let listed = Listed::cut(found, limit, |t| t.id.to_string());
    let mut data = vec![];
    for thanks in listed.data {
        data.push(body(db, thanks, reader).await?);
    }
    let (rules, this) = (service::rules(db).await?, week(&issuer::zone(db).await?, app.db.now())?);
    let left = rules.per_week.saturating_sub(find::taken(db, member, this).await?);
    let allowance = Allowance { per_week: rules.per_week, left, until: rfc3339(this.next()) };
    let listed = Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more };
    Ok(axum::Json(ThanksList { listed, allowance }))
}

/// `POST /api/v1/thanks/{id}/show`: its receiver lets others read it, in person.
pub async fn show_thanks(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let member = who.principal.in_person(app.config.demo)?;
    let id: ThanksId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let thanks = service::show(&mut ch, member, id).await?;
    ch.commit().await?;
    Ok(axum::Json(body(app.db.read(), thanks, Reader::Receiver).await?))
}

/// `POST /api/v1/thanks/{id}/hide`: its receiver keeps it to themselves.
pub async fn hide_thanks(who: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let id: ThanksId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let thanks = service::hide(&mut ch, who.member, id).await?;
    ch.commit().await?;
    Ok(axum::Json(body(app.db.read(), thanks, Reader::Receiver).await?))
}

/// `POST /api/v1/thanks/{id}/withdraw`: its giver takes it back, within an hour.
pub async fn withdraw_thanks(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: ThanksId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let thanks = service::withdraw(&mut ch, who.member, id).await?;
    ch.commit().await?;
    Ok(axum::Json(body(app.db.read(), thanks, Reader::Giver).await?))
}
