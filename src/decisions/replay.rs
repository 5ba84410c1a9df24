//! Everything decided again from the ledger alone, and held against what is on record. Nothing is written.

use std::collections::HashSet;

use serde::Serialize;
use waymark_criteria::{Fact, HeldTerm, Outcome};

use super::record::{Decided, Verdict, of_member, verdict};
use super::service::{count, of_term};
use crate::clock::Timestamp;
use crate::database::Read;
use crate::error::Result;
use crate::facts;
use crate::ids::{FactId, MemberId, TrackVersionId};
use crate::tracks::{self, TrackVersion};

const PAGE: u64 = 200;

/// What a replay came to.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    pub members: u64,
    pub facts: u64,
    /// How many outcomes were worked out: each track for each member, and each renewal.
    pub decided: u64,
    /// Where the record says something else than the ledger.
    pub differing: Vec<Difference>,
}

/// One place where the two disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub member: MemberId,
    /// The track's slug.
    pub track: String,
    pub problem: &'static str,
}

/// Replays every member, a page at a time, so that no more than one member's facts are held at once.
pub async fn replay(db: &impl Read, now: Timestamp) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut known = Versions { current: tracks::current(db).await?, earlier: vec![] };
    let mut after = None;
    loop {
        let page = facts::members_with_facts(db, after, PAGE).await?;
        let Some(last) = page.last().copied() else { return Ok(replayed) };
        for member in page {
            let facts = facts::of_member(db, member).await?;
            let standing = of_member(db, member).await?;
            for decided in &standing {
                known.find(db, decided.track_version).await?;
            }
            replayed.members += 1;
            replayed.facts += u64::try_from(facts.len()).unwrap_or(u64::MAX);
            replayed.member(&known, member, (&facts, &standing), now);
        }
        after = Some(last);
    }
}

/// Versions of tracks, each read once.
struct Versions {
    current: Vec<TrackVersion>,
    earlier: Vec<TrackVersion>,
}

impl Versions {
    async fn find(&mut self, db: &impl Read, id: TrackVersionId) -> Result<()> {
        if self.get(id).is_none() {
            self.earlier.push(tracks::version(db, id).await?);
        }
        Ok(())
    }

    fn get(&self, id: TrackVersionId) -> Option<&TrackVersion> {
        self.current.iter().chain(&self.earlier).find(|version| version.id == id)
    }
}

impl Replayed {
    fn member(
        &mut self,
        versions: &Versions,
        member: MemberId,
        (facts, standing): (&[Fact], &[Decided]),
        now: Timestamp,
    ) {
        let taken_back: HashSet<FactId> = facts.iter().filter(|f| f.voided_by.is_some()).map(|f| f.id).collect();
        for version in &versions.current {
            let mut problems = vec![];
            let mut holding = vec![];
            let mut held_under = version;
            for decided in standing.iter().filter(|decided| decided.track == version.track) {
                let Some(under) = versions.get(decided.track_version) else { continue };
                self.decided += 1;
                if !agrees(decided, under, (facts, &taken_back), now) {
                    problems.push("what was decided is not what the ledger says");
                } else if decided.renews.is_none() {
                    holding.push(decided.term);
                    held_under = under;
                }
            }
            self.decided += 1;
            if let Outcome::Met { term, .. } = count(held_under, facts).decision(now).outcome
                && !holding.contains(&term)
            {
                problems.push("what the ledger says is met was not decided");
            }
            let track = &version.definition.slug;
            self.differing.extend(problems.into_iter().map(|problem| Difference {
                member,
                track: track.clone(),
                problem,
            }));
        }
    }
}

/// Whether the ledger says the same as a decision on record.
fn agrees(
    decided: &Decided,
    under: &TrackVersion,
    (facts, taken_back): (&[Fact], &HashSet<FactId>),
    now: Timestamp,
) -> bool {
    let again = match &decided.renews {
        Some(credential) => {
            let terms = HeldTerm::of(&under.definition.slug, facts);
            let term = terms.into_iter().find(|term| term.credential == *credential);
            let (Some(term), Some(renewal), Some(asked)) =
                (term, &under.definition.renewal, under.renewal_requirements())
            else {
                return true;
            };
            Some(term.renewal(&asked, facts, renewal.grace_days, now)).filter(waymark_criteria::Decision::is_met)
        }
        None => {
            let tally = count(under, facts);
            let latest = tally.decision(now);
            of_term(&tally, decided.term, &latest, now)
        }
    };
    matches!(verdict(decided, again.as_ref(), taken_back), Verdict::Stands)
}
