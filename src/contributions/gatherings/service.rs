//! Making gatherings, and saying that one is there.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use time::Duration;

use super::code;
use super::entity::{attendance, gathering};
use crate::access::{self, HoldGatherings, Permission as _, Principal};
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::contributions::envelope::Envelope;
use crate::contributions::intake::receive;
use crate::contributions::service::{Outcome, Speaker, TURN};
use crate::contributions::{own, said};
use crate::database::{Change, Read};
use crate::entropy;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{AttendanceId, GatheringId, MemberId};
use crate::members;

/// The longest time a code can be open: a conference.
const LONGEST: Duration = Duration::days(7);
/// How far ahead one can be planned.
const FARTHEST: Duration = Duration::days(3_660);
const MOST_LATE_DAYS: i64 = 60;
const MOST_PEOPLE: u32 = 10_000;
const LONGEST_TITLE: usize = 200;

/// A gathering to be.
#[derive(Debug, Clone)]
pub struct NewGathering {
    pub title: String,
    pub url: Option<String>,
    pub organizer: Option<MemberId>,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    /// For how many days after its end people can still ask.
    pub late_days: u32,
    pub use_limit: u32,
    pub rotates: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    pub id: GatheringId,
    pub title: String,
    pub url: Option<String>,
    pub organizer: Option<MemberId>,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub late_until: Timestamp,
    pub use_limit: u32,
    pub rotates: bool,
    created_by: String,
    secret: String,
}

impl Gathering {
    /// Whether the code works now.
    pub fn is_open(&self, now: Timestamp) -> bool {
        (self.opens_at..=self.closes_at).contains(&now)
    }

    /// Whether one can ask without the code.
    pub fn takes_late(&self, now: Timestamp) -> bool {
        (self.opens_at..=self.late_until).contains(&now)
    }

    /// The code to show now.
    pub fn code(&self, now: Timestamp) -> String {
        code::shown(&self.secret, self.rotates, now)
    }

    pub fn takes(&self, now: Timestamp, given: &str) -> bool {
        self.is_open(now) && code::is_good(&self.secret, self.rotates, now, given)
    }

    /// Whether this is its organizer, or somebody who holds gatherings for the program.
    pub fn is_held_by(&self, who: &Principal) -> bool {
        who.holds(HoldGatherings::ROLES) || (self.organizer.is_some() && who.member() == self.organizer)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttendanceState {
    /// It counts.
    Counted,
    /// The organizer will say.
    Waiting,
    Refused,
}

impl AttendanceState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Counted, Self::Waiting, Self::Refused].into_iter().find(|s| s.as_str() == word)
    }
}

/// One member at one gathering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    pub id: AttendanceId,
    pub gathering: GatheringId,
    pub member: MemberId,
    pub state: AttendanceState,
    pub late: bool,
    pub note: Option<String>,
    pub claimed_at: Timestamp,
    pub reason: Option<String>,
    pub contribution: Option<String>,
}

/// Makes a gathering. The caller writes the audit row.
pub async fn make(ch: &mut Change<'_>, new: NewGathering) -> Result<Gathering> {
    let mut faults = vec![];
    let title = new.title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        faults.push(Fault::new("/title", "invalid_title", "write a title of 1 to 200 characters on one line"));
    }
    let url = new.url.as_deref().map(str::trim).filter(|url| !url.is_empty()).map(|url| said::link(url, "/url"));
    let url = url.transpose().map_err(|e| faults.extend_from_slice(e.faults())).unwrap_or_default();
    if new.closes_at <= new.opens_at || new.closes_at - new.opens_at > LONGEST || new.closes_at > ch.now + FARTHEST {
        let detail = "let it end after it begins, within seven days, and within ten years from now";
        faults.push(Fault::new("/closes_at", "invalid_period", detail));
    }
    if new.use_limit == 0 || new.use_limit > MOST_PEOPLE {
        faults.push(Fault::new("/use_limit", "invalid_number", "write a whole number from 1 to 10000"));
    }
    if i64::from(new.late_days) > MOST_LATE_DAYS {
        faults.push(Fault::new("/late_days", "invalid_number", "write a whole number from 0 to 60"));
    }
    if let Some(organizer) = new.organizer
        && !members::exists(ch.tx(), organizer).await?
    {
        faults.push(Fault::new("/organizer", "unknown_member", "no member has this id"));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let id: GatheringId = ch.id();
    let secret: [u8; 32] = entropy::bytes(ch.entropy());
    let row = gathering::ActiveModel {
        id: Set(id.to_string()),
        title: Set(title.to_owned()),
        url: Set(url.map(|url| url.to_string())),
        organizer: Set(new.organizer.map(|m| m.to_string())),
        opens_at: Set(millis(new.opens_at)),
        closes_at: Set(millis(new.closes_at)),
        late_until: Set(millis(new.closes_at + Duration::days(i64::from(new.late_days)))),
        use_limit: Set(i32::try_from(new.use_limit).map_err(Error::internal)?),
        rotates: Set(new.rotates),
        secret: Set(secret.iter().map(|b| format!("{b:02x}")).collect()),
        created_by: Set(ch.actor.to_string()),
        created_at: Set(millis(ch.now)),
    };
    gathering::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    find(ch.tx(), id).await
}

/// The member is there and has the code. Whoever asked without it before is counted, too; a second time changes nothing.
pub async fn attend(ch: &mut Change<'_>, id: GatheringId, member: MemberId, given: &str) -> Result<Attendance> {
    ch.take_turn(&format!("gathering {id}")).await?;
    let gathering = find(ch.tx(), id).await?;
    let known = of(ch.tx(), id, member).await?;
    if let Some(counted) = known.as_ref().filter(|a| a.state == AttendanceState::Counted) {
        return Ok(counted.clone());
    }
    if !gathering.takes(ch.now, given) {
        let late = gathering.takes_late(ch.now).then(|| rfc3339(gathering.late_until));
        return Err(Error::new(Code::AttendanceCodeRefused).member("late_until", json!(late)));
    }
    if by_code(ch.tx(), id).await? >= u64::from(gathering.use_limit) {
        return Err(Error::new(Code::AttendanceFull));
    }
    let attendance = match known {
        Some(known) => known,
        None => insert(ch, id, member, false, None).await?,
    };
    count(ch, &gathering, &attendance, false, None).await
}

/// The member was there and has no code: the organizer will say. A second time changes nothing.
pub async fn ask_late(ch: &mut Change<'_>, id: GatheringId, member: MemberId, note: &str) -> Result<Attendance> {
    ch.take_turn(&format!("gathering {id}")).await?;
    let gathering = find(ch.tx(), id).await?;
    if let Some(known) = of(ch.tx(), id, member).await? {
        return Ok(known);
    }
    if !gathering.takes_late(ch.now) {
        return Err(Error::new(Code::AttendanceCodeRefused).member("late_until", json!(null)));
    }
    let note = said::sentence(note, "/note")?;
    insert(ch, id, member, true, Some(note)).await
}

async fn insert(
    ch: &Change<'_>,
    gathering: GatheringId,
    member: MemberId,
    late: bool,
    note: Option<String>,
) -> Result<Attendance> {
    let id: AttendanceId = ch.id();
    let row = attendance::ActiveModel {
        id: Set(id.to_string()),
        gathering: Set(gathering.to_string()),
        member: Set(member.to_string()),
        state: Set(AttendanceState::Waiting.as_str().to_owned()),
        late: Set(late),
        note: Set(note),
        claimed_at: Set(millis(ch.now)),
        decided_at: Set(None),
        decided_by: Set(None),
        reason: Set(None),
        contribution: Set(None),
    };
    attendance::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    attendance_of(ch.tx(), id).await
}

/// Counts it on the one path: the gathering is the object, the attendance the event.
pub(super) async fn count(
    ch: &mut Change<'_>,
    gathering: &Gathering,
    known: &Attendance,
    late: bool,
    confirmed_by: Option<Actor>,
) -> Result<Attendance> {
    ch.take_turn(TURN).await?;
    // By the code nobody looked at who it was.
    let speaker = if confirmed_by.is_some() { Speaker::Waymark } else { Speaker::Members };
    let alone = confirmed_by.is_none() && sees_the_code(ch, gathering, known.member).await?;
    let accepted_by = match confirmed_by {
        Some(Actor::Member(member)) => Some(member.to_string()),
        _ if alone => None,
        _ => Some(gathering.organizer.map_or_else(|| "staff".to_owned(), |member| member.to_string())),
    };
    let object = gathering.url.clone().unwrap_or_else(|| format!("gathering:{}", gathering.id));
    let event = Envelope {
        id: known.id.to_string(),
        source: own::GATHERINGS.to_owned(),
        kind: own::ATTENDED.to_owned(),
        subject: Some(known.member.to_string()),
        time: Some(gathering.opens_at.min(ch.now)),
        data: json!({
            "object": object, "url": gathering.url, "title": gathering.title, "accepted_by": accepted_by, "late": late,
        }),
    };
    let receipt = receive(ch, &speaker, &event).await?;
    let (Outcome::Accepted | Outcome::Held, Some(contribution)) = (receipt.outcome, receipt.contribution) else {
        return Err(Error::internal(format!("the attendance {} was not taken: {:?}", known.id, receipt.reason)));
    };
    let changed = attendance::Entity::update_many()
        .col_expr(attendance::Column::State, Expr::value(AttendanceState::Counted.as_str()))
        .col_expr(attendance::Column::Late, Expr::value(late))
        .col_expr(attendance::Column::Reason, Expr::value(Option::<String>::None))
        .col_expr(attendance::Column::Contribution, Expr::value(contribution))
        .col_expr(attendance::Column::DecidedAt, Expr::value(millis(ch.now)))
        .col_expr(attendance::Column::DecidedBy, Expr::value(ch.actor.to_string()))
        .filter(attendance::Column::Id.eq(known.id.to_string()))
        .filter(attendance::Column::State.ne(AttendanceState::Counted.as_str()))
        .exec(ch.tx())
        .await?;
    if changed.rows_affected != 1 {
        return Err(Error::new(Code::GivingStateConflict).member("state", AttendanceState::Counted.as_str()));
    }
    attendance_of(ch.tx(), known.id).await
}

/// Whether the member reads the code wherever they are: whoever made the gathering, and those who hold gatherings. That they typed it is nobody else's word that they
/// were there.
async fn sees_the_code(ch: &Change<'_>, gathering: &Gathering, member: MemberId) -> Result<bool> {
    let made_it = match Actor::parse(&gathering.created_by) {
        Some(maker) => access::behind(ch.tx(), maker).await? == Actor::Member(member),
        None => false,
    };
    Ok(made_it || access::roles_of(ch.tx(), member).await?.iter().any(|role| HoldGatherings::ROLES.contains(role)))
}

/// How many the code has let in.
pub async fn by_code(db: &impl Read, id: GatheringId) -> Result<u64> {
    Ok(attendance::Entity::find()
        .filter(attendance::Column::Gathering.eq(id.to_string()))
        .filter(attendance::Column::State.eq(AttendanceState::Counted.as_str()))
        .filter(attendance::Column::Late.eq(false))
        .count(db)
        .await?)
}

/// The member at this gathering.
pub async fn of(db: &impl Read, id: GatheringId, member: MemberId) -> Result<Option<Attendance>> {
    let found = attendance::Entity::find()
        .filter(attendance::Column::Gathering.eq(id.to_string()))
        .filter(attendance::Column::Member.eq(member.to_string()));
    found.one(db).await?.map(read_attendance).transpose()
}

/// Everybody at this gathering, in the order in which they said so.
pub async fn attendances(db: &impl Read, id: GatheringId) -> Result<Vec<Attendance>> {
    let found = attendance::Entity::find().filter(attendance::Column::Gathering.eq(id.to_string()));
    found.order_by_asc(attendance::Column::Id).all(db).await?.into_iter().map(read_attendance).collect()
}

/// What the member asked for and does not have: the newest first.
pub async fn open_of(db: &impl Read, member: MemberId, limit: u64) -> Result<Vec<Attendance>> {
    let mine = attendance::Entity::find()
        .filter(attendance::Column::Member.eq(member.to_string()))
        .filter(attendance::Column::State.ne(AttendanceState::Counted.as_str()));
    mine.order_by_desc(attendance::Column::Id).limit(limit).all(db).await?.into_iter().map(read_attendance).collect()
}

pub async fn attendance_of(db: &impl Read, id: AttendanceId) -> Result<Attendance> {
    read_attendance(attendance::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

pub async fn find(db: &impl Read, id: GatheringId) -> Result<Gathering> {
    read(gathering::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// Gatherings, the newest first, at most `limit`.
pub async fn list(db: &impl Read, limit: u64) -> Result<Vec<Gathering>> {
    let rows = gathering::Entity::find().order_by_desc(gathering::Column::OpensAt).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: gathering::Model) -> Result<Gathering> {
    Ok(Gathering {
        id: row.id.parse().map_err(Error::internal)?,
        title: row.title,
        url: row.url,
        organizer: row.organizer.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        opens_at: from_millis(row.opens_at),
        closes_at: from_millis(row.closes_at),
        late_until: from_millis(row.late_until),
        use_limit: u32::try_from(row.use_limit).map_err(Error::internal)?,
        rotates: row.rotates,
        created_by: row.created_by,
        secret: row.secret,
    })
}

fn read_attendance(row: attendance::Model) -> Result<Attendance> {
    let unknown = || Error::internal(format!("the attendance {} is in an unknown state", row.id));
    Ok(Attendance {
        state: AttendanceState::parse(&row.state).ok_or_else(unknown)?,
        id: row.id.parse().map_err(Error::internal)?,
        gathering: row.gathering.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        late: row.late,
        note: row.note,
        claimed_at: from_millis(row.claimed_at),
        reason: row.reason,
        contribution: row.contribution,
    })
}
