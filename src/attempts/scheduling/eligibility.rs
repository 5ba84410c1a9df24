//! What an exam asks of whoever begins, one by one: met or not, and what to do.

use time::{Date, Duration, Month};
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::spec::Admission;
use waymark_criteria::Detail;

use super::windows::{self, Window};
use crate::attempts::service::{Attempt, of_member};
use crate::clock::{Timestamp, rfc3339};
use crate::database::Read;
use crate::error::Result;
use crate::exams::{self, Exam};
use crate::facts;
use crate::ids::{AttemptId, MemberId};
use crate::issuer;

/// One thing that an exam asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `attempts`, `cool_down`, `exam`, `credential`, `window`, `seat`, `identity`.
    pub id: &'static str,
    pub met: bool,
    /// The exam or track in question, or how many attempts are left.
    pub about: Option<String>,
    /// From when on it is met by itself, where time brings that.
    pub until: Option<Timestamp>,
    /// What the candidate can do nothing about: `no_window`, none is planned; `full`, no seat is left in any.
    pub hindered: Option<&'static str>,
}

/// What is to be given when beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Agreement,
    Voucher,
    StartCode,
}

impl Ask {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Voucher => "voucher",
            Self::StartCode => "start_code",
        }
    }

    /// The text that names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Agreement => "catalogue-ask-agreement",
            Self::Voucher => "catalogue-ask-voucher",
            Self::StartCode => "catalogue-ask-start-code",
        }
    }
}

/// Whether a member may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// The attempt that is under way.
    pub open: Option<AttemptId>,
    pub reasons: Vec<Reason>,
    pub asks: Vec<Ask>,
    /// The window in which an attempt would begin now.
    pub window: Option<Window>,
    /// Attempts used, voided ones not counted, and how many are left.
    pub used: u32,
    pub left: Option<u32>,
    pub not_before: Option<Timestamp>,
}

impl Eligibility {
    pub fn is_met(&self) -> bool {
        self.reasons.iter().all(|reason| reason.met)
    }
}

fn reason(id: &'static str, met: bool) -> Reason {
    Reason { id, met, about: None, until: None, hindered: None }
}

/// What the exam asks of the member at `now`.
pub async fn eligibility(db: &impl Read, exam: &Exam, member: MemberId, now: Timestamp) -> Result<Eligibility> {
    let attempts = of_member(db, exam.id, member).await?;
    let rules = exam.spec.sitting.clone();
    let mut reasons = vec![];
    let counted: Vec<&Attempt> = attempts.iter().filter(|each| !matches!(each.life, Life::Voided(_))).collect();
    let used = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let left = exam.spec.rules.attempts.map(|limit| limit.saturating_sub(used));
    if let Some(left) = left {
        reasons.push(Reason { about: Some(left.to_string()), ..reason("attempts", left > 0) });
    }
    let last = counted.iter().filter_map(|each| match each.life {
        Life::Closed(closed) => Some(closed.at),
        _ => None,
    });
    let end = match last.max() {
        Some(last) => Some(cool_down(db, exam, last).await?),
        None => None,
    };
    let not_before = end.filter(|end| *end > now);
    if not_before.is_some() {
        reasons.push(Reason { until: not_before, ..reason("cool_down", false) });
    }
    prerequisites(db, exam, member, now, &mut reasons).await?;
    let window = admission(db, exam, member, now, &mut reasons).await?;
    let mut asks = vec![];
    if rules.agreement.is_some() {
        asks.push(Ask::Agreement);
    }
    if rules.voucher {
        asks.push(Ask::Voucher);
    }
    // Whoever has no window yet hears of the code that one of those ahead asks for: it is nothing to learn of at the door.
    let coded = |window: &Window| window.start_code.is_some();
    let needs_code = match (&window, rules.admission) {
        (Some(window), _) => coded(window),
        (None, Admission::Open) => false,
        (None, _) => windows::of_exam(db, exam.id, now).await?.iter().any(coded),
    };
    if needs_code {
        asks.push(Ask::StartCode);
    }
    let open = attempts.iter().find(|each| !each.life.is_closed()).map(|each| each.id);
    Ok(Eligibility { open, reasons, asks, window, used, left, not_before })
}

/// The end of the cool-down after an attempt that ended at `last`: so many times 24 hours, or, where the exam says so, the beginning of that day
/// on the program's calendar.
async fn cool_down(db: &impl Read, exam: &Exam, last: Timestamp) -> Result<Timestamp> {
    let days = exam.spec.rules.cool_down_days;
    let plain = last + Duration::days(days.into());
    if !exam.spec.sitting.calendar_days || days == 0 {
        return Ok(plain);
    }
    let zone = issuer::zone(db).await?;
    let (year, month, day) = zone.calendar(last);
    let on_calendar = || {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
        let date = date.checked_add(Duration::days(days.into()))?;
        let text = format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day());
        zone.day(&text).map(|(first, _)| first)
    };
    Ok(on_calendar().unwrap_or(plain))
}

async fn prerequisites(
    db: &impl Read,
    exam: &Exam,
    member: MemberId,
    now: Timestamp,
    reasons: &mut Vec<Reason>,
) -> Result<()> {
    let rules = &exam.spec.sitting;
    if rules.exams.is_empty() && rules.credentials.is_empty() {
        return Ok(());
    }
    let facts = facts::of_member(db, member).await?;
    let standing = || facts.iter().filter(|fact| fact.voided_by.is_none() && fact.happened_at <= now);
    for asked in &rules.exams {
        let met =
            standing().any(|fact| matches!(&fact.detail, Detail::Exam { slug, passed: true, .. } if slug == asked));
        reasons.push(Reason { about: Some(asked.clone()), ..reason("exam", met) });
    }
    for asked in &rules.credentials {
        let holds = |detail: &Detail| match detail {
            Detail::Credential { track, valid_until, ended_at, .. } => {
                track == asked && [valid_until, ended_at].iter().all(|end| end.is_none_or(|end| now < end))
            }
            _ => false,
        };
        let met = standing().any(|fact| holds(&fact.detail));
        reasons.push(Reason { about: Some(asked.clone()), ..reason("credential", met) });
    }
    Ok(())
}

/// The window in which the member would begin: of those that are open, one in which they have a seat comes first.
async fn admission(
    db: &impl Read,
    exam: &Exam,
    member: MemberId,
    now: Timestamp,
    reasons: &mut Vec<Reason>,
) -> Result<Option<Window>> {
    let rule = exam.spec.sitting.admission;
    let ahead = windows::of_exam(db, exam.id, now).await?;
    let (mut seated, mut first) = (None, None);
    let mut next_seat = None;
    for window in ahead.iter() {
        let seat = windows::seat_of(db, window.id, member).await?;
        match (seat, window.is_open(now)) {
            (Some(seat), true) if seated.is_none() => seated = Some((window.clone(), seat)),
            (Some(_), false) => next_seat = next_seat.or(Some(window.opens_at)),
            (None, true) if first.is_none() => first = Some(window.clone()),
            _ => {}
        }
    }
    let identity = |window: &Window, seen: bool, reasons: &mut Vec<Reason>| {
        if window.identity {
            reasons.push(reason("identity", seen));
        }
    };
    match rule {
        Admission::Open => Ok(None),
        Admission::Window => {
            let seen = seated.as_ref().is_some_and(|(_, seat)| seat.identity_seen_at.is_some());
            let window = seated.map(|(window, _)| window).or(first);
            let next = ahead.iter().map(|window| window.opens_at).find(|opens| *opens > now);
            let until = next.filter(|_| window.is_none());
            let hindered = ahead.is_empty().then_some("no_window");
            reasons.push(Reason { until, hindered, ..reason("window", window.is_some()) });
            if let Some(window) = &window {
                identity(window, seen, reasons);
            }
            Ok(window)
        }
        Admission::Seat => {
            let has = seated.is_some() || next_seat.is_some();
            let hindered = match ahead.as_slice() {
                [] => Some("no_window"),
                _ if !has && all_full(db, &ahead).await? => Some("full"),
                _ => None,
            };
            reasons.push(Reason { hindered, ..reason("seat", has) });
            // Windows are told of once there is a seat in one: before that it is the seat that is missing.
            if has {
                let until = next_seat.filter(|_| seated.is_none());
                reasons.push(Reason { until, ..reason("window", seated.is_some()) });
            }
            let Some((window, seat)) = seated else { return Ok(None) };
            identity(&window, seat.identity_seen_at.is_some(), reasons);
            Ok(Some(window))
        }
    }
}

async fn all_full(db: &impl Read, ahead: &[Window]) -> Result<bool> {
    for window in ahead {
        match window.seats {
            Some(seats) if windows::count(db, window.id).await? >= seats => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// A reason as programs read it.
pub(super) fn as_json(reason: &Reason) -> serde_json::Value {
    let mut value = serde_json::json!({"id": reason.id, "met": reason.met});
    if let Some(about) = &reason.about {
        value["about"] = about.as_str().into();
    }
    if let Some(until) = reason.until {
        value["until"] = rfc3339(until).into();
    }
    if let Some(hindered) = reason.hindered {
        value["hindered"] = hindered.into();
    }
    value
}

/// The reasons that are not met, for an error.
pub(in crate::attempts) fn unmet(found: &Eligibility) -> serde_json::Value {
    found.reasons.iter().filter(|reason| !reason.met).map(as_json).collect()
}

/// Every exam with what it asks of the member.
pub(super) async fn catalogue_of(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<(Exam, Eligibility)>> {
    let mut found = vec![];
    for exam in exams::list(db).await? {
        let eligibility = eligibility(db, &exam, member, now).await?;
        found.push((exam, eligibility));
    }
    Ok(found)
}
