//! Whether requirements do anything: which were never met, which not since long, which by everybody. Counted over all facts as long work.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Duration;
use waymark_criteria::{Criteria, NodeKind, Texts, decide};

use super::rows::{members_in, outcomes, rows_of_members};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Kind, Read};
use crate::error::Result;
use crate::ids::{JobId, TrackVersionId};
use crate::jobs::{self, Claimed, Job, JobKind, JobState, NewJob};
use crate::tracks::TrackVersion;
use crate::{facts, tracks};

/// At most one count at a time.
const KEY: &str = "all";
/// A requirement that nobody has met for so long is quiet.
const QUIET: Duration = Duration::days(180);

#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    versions: Vec<TrackVersionId>,
    at: i64,
}

/// Of one requirement: who met it, and when somebody last did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub met: u64,
    /// Milliseconds since 1970.
    pub last: Option<i64>,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.met += other.met;
        self.last = self.last.max(other.last);
    }
}

/// What one row came to.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Counted {
    members: u64,
    /// By track version, then by node.
    nodes: BTreeMap<String, BTreeMap<String, Figures>>,
}

/// What is to be said of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody ever met it.
    Never,
    /// Somebody did, but not for half a year.
    Quiet,
    /// Everybody meets it: it asks for nothing.
    Everyone,
    Works,
}

impl Verdict {
    pub fn of(figures: Figures, members: u64, now: Timestamp) -> Self {
        let since = now.saturating_sub(QUIET);
        match figures.last.map(from_millis) {
            _ if figures.met == 0 => Self::Never,
            _ if figures.met >= members => Self::Everyone,
            Some(last) if last < since => Self::Quiet,
            _ => Self::Works,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Quiet => "quiet",
            Self::Everyone => "everyone",
            Self::Works => "works",
        }
    }
}

/// One requirement with what was counted.
#[derive(Debug, Clone)]
pub struct Line {
    pub node: String,
    pub kind: NodeKind,
    /// The author's words.
    pub text: Texts,
    pub figures: Figures,
    pub verdict: Verdict,
}

/// One track.
#[derive(Debug, Clone)]
pub struct TrackHealth {
    pub version: TrackVersion,
    pub lines: Vec<Line>,
}

/// The latest count as far as it has come.
#[derive(Debug, Clone)]
pub struct Health {
    pub job: JobId,
    pub state: JobState,
    pub rows: (u64, u64),
    pub members: u64,
    pub counted_at: Timestamp,
    pub tracks: Vec<TrackHealth>,
}

/// Begins a count, unless one runs: then that one is answered.
pub async fn begin(app: &App, actor: Actor) -> Result<JobId> {
    let rows = rows_of_members(app.db.read()).await?;
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    ch.take_turn("requirement health").await?;
    if let Some(running) = jobs::by_open_key(ch.tx(), JobKind::TrackHealth, KEY).await? {
        ch.undo().await?;
        return Ok(running.id);
    }
    let versions = tracks::current(ch.tx()).await?.into_iter().map(|version| version.id).collect();
    let input = serde_json::to_value(Asked { versions, at: millis(ch.now) })?;
    let new = NewJob { kind: JobKind::TrackHealth, input: input.clone(), attachment: None, key: Some(KEY.to_owned()) };
    let job = jobs::prepare(&ch, new).await?;
    jobs::start(&ch, job, &input, &rows).await?;
    ch.commit().await?;
    app.db.bell.notify_one();
    Ok(job)
}

/// Counts the members of one row.
pub(super) async fn count_row(ch: &mut Change<'_>, job: &Job, row: &Claimed) -> Result<Value> {
    let asked: Asked = serde_json::from_value(job.input.clone())?;
    let now = from_millis(asked.at);
    let mut criteria: Vec<(String, Criteria)> = vec![];
    for id in asked.versions {
        criteria.push((id.to_string(), tracks::version(ch.tx(), id).await?.requirements()));
    }
    let mut counted = Counted::default();
    for member in members_in(row)? {
        let facts = facts::of_member(ch.tx(), member).await?;
        counted.members += 1;
        for (version, criteria) in &criteria {
            let nodes = counted.nodes.entry(version.clone()).or_default();
            for node in decide(criteria, &facts, now).nodes {
                let met = node.met_at.map(millis);
                let figures = Figures { met: u64::from(met.is_some()), last: met };
                nodes.entry(node.node.to_string()).or_default().add(figures);
            }
        }
    }
    Ok(json!(counted))
}

/// The latest count.
pub async fn latest(db: &impl Read) -> Result<Option<Health>> {
    let Some(job) = jobs::recent(db, JobKind::TrackHealth, 1).await?.pop() else { return Ok(None) };
    let asked: Asked = serde_json::from_value(job.input.clone())?;
    let mut sum = Counted::default();
    let rows = outcomes(db, job.id, |outcome| {
        let counted: Counted = serde_json::from_value(outcome)?;
        sum.members += counted.members;
        for (version, nodes) in counted.nodes {
            let into = sum.nodes.entry(version).or_default();
            nodes.into_iter().for_each(|(node, figures)| into.entry(node).or_default().add(figures));
        }
        Ok(())
    })
    .await?;
    let now = from_millis(asked.at);
    let mut tracks = vec![];
    for id in asked.versions {
        let version = tracks::version(db, id).await?;
        let found = sum.nodes.remove(&id.to_string()).unwrap_or_default();
        let criteria = version.requirements();
        let line = |node: &&waymark_criteria::Node| {
            let figures = found.get(node.id.as_str()).copied().unwrap_or_default();
            Line {
                node: node.id.to_string(),
                kind: node.requirement.kind(),
                text: node.text.clone(),
                figures,
                verdict: Verdict::of(figures, sum.members, now),
            }
        };
        let lines = criteria.nodes().iter().map(line).collect();
        tracks.push(TrackHealth { version, lines });
    }
    Ok(Some(Health { job: job.id, state: job.state, rows, members: sum.members, counted_at: now, tracks }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn a_requirement_is_judged_by_who_met_it_and_when() {
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("a time");
        let of = |met, days: i64| {
            let last = (met > 0).then(|| millis(now.saturating_sub(Duration::days(days))));
            Verdict::of(Figures { met, last }, 10, now)
        };
        assert_eq!(of(0, 0), Verdict::Never);
        assert_eq!(of(3, 5), Verdict::Works);
        assert_eq!(of(3, 180), Verdict::Works);
        assert_eq!(of(3, 181), Verdict::Quiet);
        assert_eq!(of(10, 400), Verdict::Everyone);
        assert_eq!(Verdict::of(Figures::default(), 0, now), Verdict::Never, "an empty ledger says nothing of everyone");
    }
}
