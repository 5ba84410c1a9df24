//! Ideas: submitted, supported, put into practice. A pure count over stored events.

use std::collections::{BTreeMap, BTreeSet};

use super::period::Period;
use crate::clock::Timestamp;
use crate::contributions::Stored;

pub(super) const SUBMITTED: &str = "idea.submitted";
pub(super) const SUPPORTED: &str = "idea.supported";
pub(super) const SHIPPED: &str = "idea.shipped";

/// The ideas of a period: when each was submitted, supported, put into practice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ideas {
    /// Once for each idea, when it was submitted.
    pub submitted: Vec<Timestamp>,
    /// Once for each person and idea, when they first supported it in the period.
    pub supports: Vec<Timestamp>,
    /// How many ideas these are.
    pub supported: u64,
    /// Once for each idea, when it was put into practice, however many people it credits.
    pub shipped: Vec<Timestamp>,
    /// How many people are credited for those.
    pub credited: u64,
}

impl Ideas {
    /// `events` up to the end of the period, in the order in which they happened: also those before it, since an idea is submitted and shipped once.
    pub fn of(events: &[Stored], period: &Period) -> Self {
        let of = |kind: &'static str| events.iter().filter(move |e| e.kind == kind);
        let idea = |e: &Stored| (e.source.clone(), e.thing().to_owned());
        let person = |e: &Stored| match (&e.member, &e.subject) {
            (Some(member), _) => member.to_string(),
            (None, Some(subject)) => format!("{}\n{subject}", e.source),
            (None, None) => e.id.clone(),
        };
        let mut first: BTreeMap<_, &Stored> = BTreeMap::new();
        of(SUBMITTED).for_each(|e| _ = first.entry(idea(e)).or_insert(e));
        let (mut supporters, mut ideas, mut supports) = (BTreeSet::new(), BTreeSet::new(), vec![]);
        for support in of(SUPPORTED).filter(|e| period.holds(e.at)) {
            let own = support.own || first.get(&idea(support)).is_some_and(|author| author.is_same_person(support));
            if !own && supporters.insert((idea(support), person(support))) {
                ideas.insert(idea(support));
                supports.push(support.at);
            }
        }
        let mut practised: BTreeMap<_, Timestamp> = BTreeMap::new();
        of(SHIPPED).for_each(|e| _ = practised.entry(idea(e)).or_insert(e.at));
        practised.retain(|_, at| period.holds(*at));
        let credited: BTreeSet<String> =
            of(SHIPPED).filter(|e| practised.contains_key(&idea(e)) && e.subject.is_some()).map(person).collect();
        let mut shipped: Vec<Timestamp> = practised.into_values().collect();
        shipped.sort_unstable();
        let mut submitted: Vec<Timestamp> = first.values().map(|e| e.at).filter(|at| period.holds(*at)).collect();
        submitted.sort_unstable();
        Self { submitted, supports, supported: ideas.len() as u64, shipped, credited: credited.len() as u64 }
    }
}
