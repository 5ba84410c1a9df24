//! The effect of a definition on everybody, counted at once and kept nowhere: what the command line says of a program before it is applied.

use serde::Serialize;

use super::effect::{Effect, effect_on};
use super::plan::stands_since;
use super::rows::PAGE;
use crate::clock::{Timestamp, rfc3339};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::tracks::{KeptCalendar, TrackDefinition};
use crate::{facts, issuer, tracks};

/// How many people are named for each way.
const NAMED: usize = 10;

/// One person whose standing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affected {
    pub member: MemberId,
    pub effect: Effect,
    /// When the threshold was crossed: the date that an award would carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crossed_at: Option<String>,
}

/// How many would gain, no longer meet, and keep; and the first of those who gain or lose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outlook {
    pub gain: u64,
    pub lose: u64,
    pub keep: u64,
    pub people: Vec<Affected>,
}

impl Outlook {
    fn add(&mut self, member: MemberId, effect: Effect, crossed_at: Option<Timestamp>) {
        let count = match effect {
            Effect::Gain => &mut self.gain,
            Effect::Lose => &mut self.lose,
            Effect::Keep => &mut self.keep,
            Effect::Neither => return,
        };
        *count += 1;
        let named = self.people.iter().filter(|one| one.effect == effect).count();
        if effect != Effect::Keep && named < NAMED {
            self.people.push(Affected { member, effect, crossed_at: crossed_at.map(rfc3339) });
        }
    }
}

/// Looks at every member of whom the ledger knows anything, some at a time. Nothing is written.
pub async fn outlook(db: &impl Read, definition: &TrackDefinition, now: Timestamp) -> Result<Outlook> {
    let zone = issuer::default_issuer(db).await?.map_or_else(|| "UTC".to_owned(), |own| own.profile.time_zone);
    let draft = definition.requirements().with_calendar(KeptCalendar::of(&zone, now).table);
    let before = tracks::by_slug(db, &definition.slug).await?.map(|version| (version.track, version.requirements()));
    let (mut outlook, mut after) = (Outlook::default(), None);
    loop {
        let page = facts::members_with_facts(db, after, PAGE).await?;
        let Some(last) = page.last().copied() else { return Ok(outlook) };
        for member in page {
            let facts = facts::of_member(db, member).await?;
            let stands = match &before {
                Some((track, criteria)) => stands_since(db, member, *track, criteria).await?,
                None => None,
            };
            let line = effect_on(&facts, before.as_ref().map(|(_, criteria)| criteria), stands, &draft, now);
            outlook.add(member, line.effect, line.crossed_at);
        }
        after = Some(last);
    }
}
