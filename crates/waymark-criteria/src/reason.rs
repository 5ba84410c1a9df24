//! Why a fact does not count, and what is missing: as data, so that each language words it itself.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{Amount, Cycle, Distinct, FactId, MemberId, NodeId, Score, ScoreAtLeast, Timestamp};

time::serde::format_description!(iso_date, Date, "[year]-[month]-[day]");

/// A fact of the right sort that does not count here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncounted {
    /// The fact.
    pub fact: FactId,
    /// The reason.
    #[serde(flatten)]
    pub why: Why,
}

/// Why a fact does not count. Facts of another type, exam, track or role are not listed at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// It was taken back.
    Voided {
        /// By this fact.
        by: FactId,
    },
    /// The window has moved past it.
    OutsideWindow {
        /// The first moment at which it no longer counted.
        #[serde(with = "crate::rfc3339")]
        since: Timestamp,
    },
    /// Its day was full.
    OverDailyCap {
        /// The day of the track's calendar.
        #[serde(with = "iso_date")]
        day: Date,
        /// How many of a day count.
        limit: u32,
    },
    /// Enough from this giver counted already.
    OverGiverCap {
        /// Who gave it; none where they are no member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        giver: Option<MemberId>,
        /// How many of one giver count within the window.
        limit: u32,
    },
    /// The same object was counted already.
    SameObject {
        /// By this fact.
        counted: FactId,
    },
    /// The object was counted often enough already.
    OverObjectCap {
        /// How many of one object count.
        limit: u32,
    },
    /// The same type counts already, and different ones are asked for.
    SameType {
        /// By this fact.
        counted: FactId,
    },
    /// The same source counts already, and different ones are asked for.
    SameSource {
        /// By this fact.
        counted: FactId,
    },
    /// The member acted on an object of their own.
    OwnAction,
    /// Nobody else is known to have accepted it.
    NotAccepted,
    /// Enough of what goes both ways between the two counted already.
    OverReciprocalCap {
        /// The other one.
        giver: MemberId,
        /// How many of what goes both ways count within the window.
        limit: u32,
    },
    /// It counts only when it has stood for so long.
    OnHold {
        /// It will count from here.
        #[serde(with = "crate::rfc3339")]
        until: Timestamp,
    },
    /// It happened before that from which on contributions count.
    BeforeStart,
    /// Its streak was broken.
    StreakBroken {
        /// From this moment on.
        #[serde(with = "crate::rfc3339")]
        since: Timestamp,
    },
    /// Its amount is nothing or less.
    NoAmount,
    /// The exam was not passed.
    NotPassed {
        /// The score, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
    },
    /// The score was not reached, or is not known.
    BelowScore {
        /// The score, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
        /// What was asked.
        need: ScoreAtLeast,
    },
    /// An earlier fact already says the same.
    Superseded {
        /// That fact.
        by: FactId,
    },
    /// The credential or the title had expired or been ended.
    Ended {
        /// From this moment on.
        #[serde(with = "crate::rfc3339")]
        at: Timestamp,
    },
    /// It is dated after the moment asked about.
    HappenedAhead {
        /// It will count from here.
        #[serde(with = "crate::rfc3339")]
        at: Timestamp,
    },
    /// It happened after the outcome was met, and was not needed.
    AfterMet {
        /// When that was.
        #[serde(with = "crate::rfc3339")]
        at: Timestamp,
    },
}

/// What is missing, as data for one line with one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Missing {
    /// Sit (and pass) this exam.
    TakeExam {
        /// Its slug.
        slug: String,
        /// The score to reach, where a pass is not what is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<ScoreAtLeast>,
    },
    /// Contribute so many more times.
    Contribute {
        /// In one of these ways.
        types: Vec<String>,
        /// How many more, as things stand.
        count: u32,
    },
    /// Contribute for so much more.
    Gather {
        /// In one of these ways.
        types: Vec<String>,
        /// How much more, as things stand.
        amount: Amount,
    },
    /// Contribute in so many more ways, or through so many more sources, than those that count already.
    Vary {
        /// What must differ.
        of: Distinct,
        /// In one of these ways.
        types: Vec<String>,
        /// How many more, as things stand.
        count: u32,
    },
    /// Contribute on so many more days.
    BeActive {
        /// In one of these ways.
        types: Vec<String>,
        /// How many more, as things stand.
        days: u32,
    },
    /// Contribute in each of so many more days, weeks or months, without a break.
    KeepUp {
        /// In one of these ways.
        types: Vec<String>,
        /// What one step of the streak is.
        cycle: Cycle,
        /// How many more, as things stand.
        count: u32,
        /// When the streak is lost, if nothing is contributed before; none where there is none yet.
        #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
        before: Option<Timestamp>,
    },
    /// Nothing counts before an event of this type.
    AwaitEvent {
        /// The type.
        r#type: String,
    },
    /// Be given this title by those who decide on it.
    BeGivenTitle {
        /// The title's slug.
        title: String,
    },
    /// Earn, or renew, the credential of this track.
    HoldCredential {
        /// Its slug.
        track: String,
    },
    /// Nothing but wait.
    WaitUntil {
        /// Until then.
        #[serde(with = "crate::rfc3339")]
        at: Timestamp,
    },
    /// Be attested by someone in this role.
    BeAttested {
        /// The role.
        role: String,
    },
    /// Join: there is no joining on record to count from.
    Join,
    /// Meet one of these nodes.
    AnyOf {
        /// Those not met yet.
        nodes: Vec<NodeId>,
    },
    /// Meet so many more of these nodes.
    SomeOf {
        /// How many more.
        count: u32,
        /// Those not met yet.
        nodes: Vec<NodeId>,
    },
}
