//! `/me/thanks`: say thanks, see what was given and received, and decide what others read.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::calendar::week;
use super::find::{self, Side};
use super::lifecycle::{State as ThanksState, WITHDRAW_WITHIN};
use super::reach::reach;
use super::said::Said;
use super::service::{self, Thanks};
use super::writing::{ThanksForm, Writing, note};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::database::Kind;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::ids::ThanksId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members};

const ON_A_PAGE: u64 = 30;

/// One that the member received.
struct Received {
    id: String,
    date: String,
    from: String,
    /// Whether the giver lets their name stand where others read it.
    named: bool,
    /// None where staff keep it back.
    reason: Option<String>,
    url: Option<String>,
    shown: bool,
    can_show: bool,
    /// What became of it, where it counts no more or is kept back.
    note: Option<String>,
}

/// One that the member gave.
struct Given {
    id: String,
    date: String,
    to: String,
    reason: String,
    named: bool,
    note: Option<String>,
    /// Until when it can be taken back.
    withdraw_until: Option<String>,
}

#[derive(Template)]
#[template(path = "thanks/me.html")]
struct MyThanksPage {
    shell: Shell,
    /// Whether members thank each other in this program at all.
    open: bool,
    left: String,
    rules: Vec<String>,
    received: Vec<Received>,
    received_next: Option<String>,
    given: Vec<Given>,
    given_next: Option<String>,
    writing: Writing,
    /// Who was thanked just now.
    done: bool,
}

#[derive(Default, Deserialize)]
pub struct ThanksPageQuery {
    /// Whom to thank: how other pages lead here.
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    done: Option<String>,
    /// Where the lists go on.
    #[serde(default)]
    received: Option<String>,
    #[serde(default)]
    given: Option<String>,
}

/// `GET /me/thanks`.
pub async fn my_thanks_page(
    who: SignedIn,
    State(app): State<App>,
    Query(query): Query<ThanksPageQuery>,
) -> Result<Response> {
    let form = ThanksForm { to: query.to.clone().unwrap_or_default(), ..ThanksForm::default() };
    page(&app, &who, &query, form, None).await
}

async fn page(
    app: &App,
    who: &SignedIn,
    query: &ThanksPageQuery,
    form: ThanksForm,
    wrong: Option<Error>,
) -> Result<Response> {
    let shell = who.shell();
    let (w, db, now) = (shell.w, app.db.read(), app.db.now());
    let (zone, rules) = (issuer::zone(db).await?, service::rules(db).await?);
    let this = week(&zone, now)?;
    let left = rules.per_week.saturating_sub(find::taken(db, who.member, this).await?);
    let cursor =
        |text: &Option<String>| text.as_deref().map(str::parse::<ThanksId>).transpose().map_err(|_| Error::not_found());
    let found = find::of_member(db, who.member, Side::Received, cursor(&query.received)?, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |t| t.id.to_string());
    let mut received = vec![];
    for thanks in listed.data {
        received.push(received_line(app, w, &zone, thanks).await?);
    }
    let found = find::of_member(db, who.member, Side::Given, cursor(&query.given)?, ON_A_PAGE + 1).await?;
    let given = Listed::cut(found, ON_A_PAGE, |t| t.id.to_string());
    let writing = Writing::of(app, w, form, wrong).await?;
    let status = if writing.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MyThanksPage {
        open: rules.per_week > 0,
        left: w.with2("thanks-left", "n", left, "until", zone.instant(w, this.next())),
        rules: rules_in_words(w, &rules),
        received,
        received_next: listed.next_cursor,
        given_next: given.next_cursor,
        given: given.data.into_iter().map(|t| given_line(w, &zone, t, now)).collect(),
        done: query.done.is_some(),
        writing,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// The rules of this program, a sentence each.
pub(super) fn rules_in_words(w: Words, rules: &issuer::ThanksRules) -> Vec<String> {
    let mut lines = vec![
        w.with1("thanks-rule-week", "n", rules.per_week),
        w.with2("thanks-rule-person", "n", rules.per_person, "days", rules.per_person_days),
    ];
    if rules.both_ways_days > 0 {
        lines.push(w.with1("thanks-rule-both-ways", "days", rules.both_ways_days));
    }
    lines.push(w.with1("thanks-rule-withdraw", "n", rules.per_week.saturating_mul(2)));
    lines
}

async fn received_line(app: &App, w: Words, zone: &Zone, t: Thanks) -> Result<Received> {
    let from = match t.giver {
        Some(giver) => members::find(app.db.read(), giver).await?.name,
        None => w.t("thanks-from-program"),
    };
    let kept = t.withheld.is_some() || t.state != ThanksState::Standing;
    let note = note(w, &t);
    Ok(Received {
        id: t.id.to_string(),
        date: zone.date(w, t.given_at),
        named: t.named || t.giver.is_none(),
        shown: t.is_open(),
        can_show: !kept,
        url: t.url.filter(|_| !kept),
        reason: (!kept).then_some(t.reason),
        from,
        note,
    })
}

fn given_line(w: Words, zone: &Zone, t: Thanks, now: crate::clock::Timestamp) -> Given {
    let note = note(w, &t);
    let open = t.can_be_withdrawn(now);
    Given {
        id: t.id.to_string(),
        date: zone.date(w, t.given_at),
        withdraw_until: open.then(|| zone.instant(w, t.given_at + WITHDRAW_WITHIN)),
        to: t.called,
        reason: t.reason,
        named: t.named,
        note,
    }
}

/// `POST /me/thanks`.
pub async fn my_thanks_post(
    who: SignedIn,
    State(app): State<App>,
    Posted(form): Posted<ThanksForm>,
) -> Result<Response> {
    match given(&app, &who, &form).await {
        Ok(_) => Ok(see_other("/me/thanks?done=yes#given")),
        // Whom nobody is called is shown as it was typed.
        Err(e) => page(&app, &who, &ThanksPageQuery::default(), form, Some(e)).await,
    }
}

async fn given(app: &App, who: &SignedIn, form: &ThanksForm) -> Result<Thanks> {
    // What is written wrongly is told before anybody is looked for: it would tell who is a member.
    Said::read(&form.reason, Some(&form.link))?;
    let new = form.thanks(reach(app, who.actor(), &form.to).await?);
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match service::give(&mut ch, who.member, new).await {
        Ok(thanks) => {
            ch.commit().await?;
            Ok(thanks)
        }
        Err(e) => {
            ch.undo().await?;
            Err(e)
        }
    }
}

#[derive(Deserialize)]
pub struct ThanksStepForm {
    step: String,
}

/// `POST /me/thanks/{id}`: show, hide, withdraw.
pub async fn my_thanks_step_post(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<ThanksStepForm>,
) -> Result<Response> {
    let id: ThanksId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let outcome = match form.step.as_str() {
        "show" => match who.principal.in_person(app.config.demo) {
            Ok(member) => service::show(&mut ch, member, id).await,
            Err(e) => Err(e),
        },
        "hide" => service::hide(&mut ch, who.member, id).await,
        "withdraw" => service::withdraw(&mut ch, who.member, id).await,
        _ => Err(Error::not_found()),
    };
    match outcome {
        Ok(_) => {
            ch.commit().await?;
            Ok(see_other(&format!("/me/thanks#{id}")))
        }
        Err(e) => {
            ch.undo().await?;
            page(&app, &who, &ThanksPageQuery::default(), ThanksForm::default(), Some(e)).await
        }
    }
}
