//! Beginning an attempt: who may, and the form frozen before the clock starts.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::json;
use time::Duration;
use waymark_assess::Form;
use waymark_assess::attempt::{Allowance, Attempt as Life, Connection, Step, Terms};

use super::assembling::{self, Drawn};
use super::entity::{attempt, form};
use super::lifecycle::Standing;
use super::scheduling::{self, Eligibility, allowance_of, eligibility, unmet};
use super::service::{course_of, of_member};
use super::{closing, conflict, log};
use crate::actor::Actor;
use crate::app::{About, App};
use crate::clock::{Timestamp, millis, rfc3339};
use crate::database::{Change, Kind, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::ids::{AttemptId, FormId, MemberId};

/// How often a form is drawn where others take the last uses of its items meanwhile.
const DRAWS: u32 = 8;
/// An attempt without a clock is kept open so long: work that is never handed in ends some day.
pub(in crate::attempts) const UNTIMED: Duration = Duration::days(30);

/// What the rules of an exam leave a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chances {
    /// The attempt that is under way.
    pub open: Option<AttemptId>,
    pub used: u32,
    /// How many more may begin; None is without limit.
    pub left: Option<u32>,
    /// The end of the cool-down, while it lies ahead.
    pub not_before: Option<Timestamp>,
}

/// An attempt that began just now, or the one that was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub attempt: AttemptId,
    pub new: bool,
}

/// What a candidate gives when they begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// By form: that they agree to what the page says.
    pub agreed: bool,
    /// The hash of the agreement's text, as they read it.
    pub agreement: Option<String>,
    pub voucher: Option<String>,
    pub start_code: Option<String>,
}

/// What the member may still do, at `now`.
pub async fn chances(db: &impl Read, exam: &Exam, member: MemberId, now: Timestamp) -> Result<Chances> {
    Ok(left(&eligibility(db, exam, member, now).await?))
}

fn left(found: &Eligibility) -> Chances {
    Chances { open: found.open, used: found.used, left: found.left, not_before: found.not_before }
}

/// Begins an attempt of the member, or answers the one that is under way.
///
/// # Errors
/// No such exam; no attempts left; the cool-down is not over; anything else that the exam asks for and that is not there.
pub async fn begin(app: &App, actor: Actor, member: MemberId, slug: &str, given: &Given) -> Result<Begun> {
    let exam = exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)?;
    closing::close_overdue_of(app, &exam, member).await?;
    let found = eligibility(app.db.read(), &exam, member, app.db.now()).await?;
    allowed(&exam, &found)?;
    if let Some(attempt) = found.open {
        return Ok(Begun { attempt, new: false });
    }
    say_code(app, &exam, member, &found, given)?;
    let mut begun = Ok(None);
    for _ in 0..DRAWS {
        let drawn = assembling::draw(app, &exam, member).await?;
        begun = freeze(app, actor, member, &exam, &drawn, given).await;
        if !matches!(begun, Ok(None)) {
            break;
        }
    }
    match begun {
        // On PostgreSQL two starts can run side by side; the constraint, or the voucher, lets one through, and the other one answers with it.
        Err(e) if matches!(e.code(), Code::Conflict | Code::VoucherRefused) => {
            let found = eligibility(app.db.read(), &exam, member, app.db.now()).await?;
            found.open.map(|attempt| Begun { attempt, new: false }).ok_or(e)
        }
        Ok(begun) => begun.ok_or_else(|| Error::new(Code::Conflict)),
        Err(e) => Err(e),
    }
}

fn allowed(exam: &Exam, found: &Eligibility) -> Result<()> {
    if found.open.is_some() || found.is_met() {
        return Ok(());
    }
    if found.left == Some(0) {
        let limit = exam.spec.rules.attempts.unwrap_or_default();
        return Err(Error::new(Code::AttemptsUsedUp).with("limit", limit.to_string()));
    }
    match found.not_before {
        Some(until) => {
            let text = rfc3339(until);
            Err(Error::new(Code::CoolDown).with("until", text.clone()).member("not_before", text))
        }
        None => Err(Error::new(Code::NotEligible).member("reasons", unmet(found))),
    }
}

/// [`asked`], and counts wrong start codes: one that is read out in a room is short enough to guess.
fn say_code(app: &App, exam: &Exam, member: MemberId, found: &Eligibility, given: &Given) -> Result<()> {
    let says = given.start_code.as_deref().is_some_and(|code| !code.trim().is_empty());
    let Some(window) = found.window.as_ref().filter(|window| says && window.start_code.is_some()) else {
        return asked(exam, found, given);
    };
    let subject = format!("{} {member}", window.id);
    let about = About::StartCode(&subject);
    app.limits.try_at(about)?;
    let answer = asked(exam, found, given);
    if !matches!(&answer, Err(e) if e.code() == Code::StartCodeWrong) {
        app.limits.was_no_guess(about);
    }
    answer
}

/// Refuses whoever did not give what the exam asks for. Whether a voucher is good, only redeeming it tells.
fn asked(exam: &Exam, found: &Eligibility, given: &Given) -> Result<()> {
    let agreement = exam.spec.sitting.agreement_hash();
    if agreement.is_some() && given.agreement != agreement {
        return Err(Error::new(Code::AgreementRequired).member("agreement", agreement));
    }
    if let Some(window) = &found.window
        && !window.takes(given.start_code.as_deref().unwrap_or_default())
    {
        return Err(Error::new(Code::StartCodeWrong));
    }
    Ok(())
}

/// None where the form has to be drawn again.
async fn freeze(
    app: &App,
    actor: Actor,
    member: MemberId,
    exam: &Exam,
    drawn: &Drawn,
    given: &Given,
) -> Result<Option<Begun>> {
    let mut ch = app.db.change(actor, Kind::Ordinary).await?;
    let earlier = of_member(ch.tx(), exam.id, member).await?;
    let found = eligibility(ch.tx(), exam, member, ch.now).await?;
    allowed(exam, &found)?;
    if let Some(attempt) = found.open {
        ch.undo().await?;
        return Ok(Some(Begun { attempt, new: false }));
    }
    asked(exam, &found, given)?;
    if let Some(window) = &found.window {
        // Whoever would cancel it waits until this attempt is there; where they were first, nobody begins.
        scheduling::hold_window(&ch, window.id).await?;
    }
    let (timing, rules) = (exam.spec.timing, &exam.spec.sitting);
    let limit = if rules.untimed { UNTIMED } else { Duration::minutes(timing.minutes.into()) };
    let cut = found.window.as_ref().filter(|window| window.cuts && !rules.untimed).map(|window| window.closes_at);
    // Where no clock runs nobody needs more of it.
    let allowance = match rules.untimed {
        true => Allowance::default(),
        false => allowance_of(ch.tx(), member, exam.id).await?,
    };
    let terms = Terms { allowance, cut, ..Terms::of(limit, Duration::seconds(timing.grace_seconds.into())) };
    let course = course_of(exam, &drawn.form);
    let connection = if rules.untimed { Connection::RunsOn } else { rules.connection };
    let started = Life::Created.start(ch.now, terms, &course, connection);
    let Step::Write(life) = started else { return Err(Error::internal("a new attempt had started")) };
    let id: AttemptId = ch.id();
    if !assembling::reserve(&ch, exam, drawn).await? {
        ch.undo().await?;
        return Ok(None);
    }
    insert_form(&mut ch, id, &drawn.form, &drawn.figures).await?;
    let voucher = match (rules.voucher, given.voucher.as_deref()) {
        (true, code) => Some(scheduling::redeem(&mut ch, exam.id, code.unwrap_or_default(), id, member).await?),
        (false, _) => None,
    };
    let standing = Standing::of(&life, life.ends_at(&course));
    let agreed = given.agreed || given.agreement.is_some();
    let row = attempt::ActiveModel {
        id: Set(id.to_string()),
        exam: Set(exam.id.to_string()),
        exam_version: Set(exam.version),
        member: Set(member.to_string()),
        ordinal: Set(i32::try_from(earlier.len()).map_err(Error::internal)? + 1),
        state: Set(standing.state),
        agreed_at: Set(agreed.then(|| millis(ch.now))),
        created_at: Set(millis(ch.now)),
        started_at: Set(standing.started_at),
        deadline: Set(standing.deadline),
        grace_ms: Set(standing.grace_ms),
        effective_deadline: Set(standing.effective_deadline),
        closed_at: Set(None),
        closed_by: Set(None),
        seq: Set(0),
        last_position: Set(0),
        terms: Set(standing.terms),
        notices: Set(None),
        agreement: Set(rules.agreement_hash()),
        exam_window: Set(found.window.map(|window| window.id.to_string())),
        voucher: Set(voucher.map(|voucher| voucher.to_string())),
        voided_at: Set(None),
        turns_at: Set(standing.turns_at),
    };
    attempt::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    conflict::note(&ch, id, member, &exam.spec.bank).await?;
    let began = json!({"agreed": agreed, "form": form_hash(&drawn.form)});
    log::append(&mut ch, id, log::Kind::Started, began).await?;
    ch.tell(&DomainEvent::AttemptStarted { attempt: id }).await?;
    ch.commit().await?;
    Ok(Some(Begun { attempt: id, new: true }))
}

async fn insert_form(ch: &mut Change<'_>, id: AttemptId, form: &Form, figures: &BTreeSet<String>) -> Result<()> {
    let row = form::ActiveModel {
        attempt: Set(id.to_string()),
        id: Set(ch.id::<FormId>().to_string()),
        stored: Set(form.to_stored()),
        hash: Set(form_hash(form)),
        figures: Set(figures.iter().map(String::as_str).collect::<Vec<_>>().join(" ")),
        frozen_at: Set(millis(ch.now)),
    };
    form::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// The form's own hash, in hex, as it is stored beside it.
pub(super) fn form_hash(form: &Form) -> String {
    form.hash().iter().map(|b| format!("{b:02x}")).collect()
}
