//! Who would stand where by a ladder that is not published yet.

use waymark_criteria::Climb;

use super::definition::{LadderDefinition, Texts};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::{facts, members};

/// Members of whom it is told while the writer waits.
pub const MOST_MEMBERS: u64 = 500;
/// Members who are named.
const NAMED: usize = 50;

/// What the ladder would make of the members of today.
#[derive(Debug)]
pub struct Preview {
    pub members: u64,
    /// There are more members than were counted.
    pub more: bool,
    /// How many would stand on each step that anybody reaches, the highest first; without a title those below the first step.
    pub steps: Vec<(Option<Texts>, u64)>,
    /// Who has the most points.
    pub people: Vec<Person>,
}

#[derive(Debug)]
pub struct Person {
    pub id: MemberId,
    pub name: String,
    pub points: u64,
    pub rank: Option<Texts>,
    /// By the ladder as it is published; none where there is none.
    pub points_today: Option<u64>,
}

/// Counts the stored facts by the draft, and by what is published beside it.
pub async fn preview(
    db: &impl Read,
    draft: &LadderDefinition,
    published: Option<&LadderDefinition>,
) -> Result<Preview> {
    let (ladder, today) = (draft.ladder(), published.map(LadderDefinition::ladder));
    let mut found = facts::members_with_facts(db, None, MOST_MEMBERS + 1).await?;
    let more = found.len() as u64 > MOST_MEMBERS;
    found.truncate(usize::try_from(MOST_MEMBERS).unwrap_or(usize::MAX));
    let mut counted = vec![];
    for member in &found {
        let facts = facts::of_member(db, *member).await?;
        let points = Climb::replay(&ladder, &facts).0.points();
        counted.push((points, *member, today.as_ref().map(|today| Climb::replay(today, &facts).0.points())));
    }
    counted.sort_by_key(|(points, member, _)| (std::cmp::Reverse(*points), *member));
    let mut steps: Vec<(u32, u64)> = vec![];
    for (points, ..) in &counted {
        let step = ladder.step_at(*points);
        match steps.last_mut().filter(|(last, _)| *last == step) {
            Some((_, n)) => *n += 1,
            None => steps.push((step, 1)),
        }
    }
    let mut people = vec![];
    for (points, id, points_today) in counted.into_iter().take(NAMED).filter(|(points, ..)| *points > 0) {
        let name = members::find(db, id).await?.name;
        people.push(Person { id, name, points, rank: draft.title_of(ladder.step_at(points)), points_today });
    }
    let steps = steps.into_iter().map(|(step, n)| (draft.title_of(step), n)).collect();
    Ok(Preview { members: found.len() as u64, more, steps, people })
}
