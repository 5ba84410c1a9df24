//! Ideas: submitted, supported, put into practice. A pure count over stored events, one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::period::Period;
use crate::clock::Timestamp;
use crate::contributions::Stored;
use crate::ids::MemberId;

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

/// By source, what it is about.
type Idea = (String, String);

/// Who is known to have submitted an idea first, and when.
struct Author {
    member: Option<MemberId>,
    subject: Option<String>,
    at: Timestamp,
}

/// Counts events one by one, each kind in the order in which they happened: first what was submitted, also before the period, since an idea is submitted
/// and put into practice once. What it holds grows with the ideas and with who supports them.
pub(super) struct Tally<'p> {
    period: &'p Period,
    first: BTreeMap<Idea, Author>,
    practised: BTreeMap<Idea, Timestamp>,
    credited: BTreeSet<String>,
    /// Who supported which idea of the period: a number for each idea.
    numbers: BTreeMap<Idea, usize>,
    supporters: BTreeSet<(usize, String)>,
    supports: Vec<Timestamp>,
}

impl<'p> Tally<'p> {
    pub fn new(period: &'p Period) -> Self {
        Self {
            period,
            first: BTreeMap::new(),
            practised: BTreeMap::new(),
            credited: BTreeSet::new(),
            numbers: BTreeMap::new(),
            supporters: BTreeSet::new(),
            supports: vec![],
        }
    }

    pub fn submit(&mut self, e: Stored) {
        let idea = idea(&e);
        self.first.entry(idea).or_insert(Author { member: e.member, subject: e.subject, at: e.at });
    }

    pub fn ship(&mut self, e: Stored) {
        let first = *self.practised.entry(idea(&e)).or_insert(e.at);
        if self.period.holds(first) && e.subject.is_some() {
            self.credited.insert(person(e));
        }
    }

    pub fn support(&mut self, e: Stored) {
        if !self.period.holds(e.at) {
            return;
        }
        let idea = idea(&e);
        let author = self.first.get(&idea);
        if e.own || author.is_some_and(|author| e.is_by(&idea.0, author.member, author.subject.as_deref())) {
            return;
        }
        let next = self.numbers.len();
        let number = *self.numbers.entry(idea).or_insert(next);
        let at = e.at;
        if self.supporters.insert((number, person(e))) {
            self.supports.push(at);
        }
    }

    pub fn ideas(self) -> Ideas {
        let within = |all: Vec<Timestamp>| {
            let mut all: Vec<Timestamp> = all.into_iter().filter(|at| self.period.holds(*at)).collect();
            all.sort_unstable();
            all
        };
        Ideas {
            submitted: within(self.first.values().map(|author| author.at).collect()),
            shipped: within(self.practised.values().copied().collect()),
            supported: self.numbers.len() as u64,
            credited: self.credited.len() as u64,
            supports: self.supports,
        }
    }
}

fn idea(e: &Stored) -> Idea {
    (e.source.clone(), e.thing().to_owned())
}

/// One member, or one name at one source; somebody without a name is somebody else each time.
fn person(e: Stored) -> String {
    match (e.member, e.subject) {
        (Some(member), _) => member.to_string(),
        (None, Some(subject)) => format!("{}\n{subject}", e.source),
        (None, None) => e.id,
    }
}
