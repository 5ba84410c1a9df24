//! [`Criteria`] → the shape it was read from, in one canonical order: `standing`, `day_offset_minutes`, `day_turns`,
//! `id`, `text`, then what is asked. What equals its default is left out, and so is the derived id of a group.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Value;

use crate::{
    Anchor, Contributions, Criteria, Cycle, HeldAt, Measure, Node, NodeId, Requirement, ScoreAtLeast, Span, Standing,
    Texts, Window,
};

impl Criteria {
    /// The tree as JSON; [`Criteria::from_value`] reads it back to an equal one.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("strings, integers, lists and maps with string keys are always JSON")
    }
}

impl Serialize for Criteria {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.standing {
            Standing::Earned => {}
            Standing::Current => map.serialize_entry("standing", "current")?,
            Standing::Decided => map.serialize_entry("standing", "decided")?,
            Standing::Term { months } => {
                map.serialize_entry("standing", &One("term", One("months", months)))?;
            }
        }
        if self.calendar.first_minutes() != 0 {
            map.serialize_entry("day_offset_minutes", &self.calendar.first_minutes())?;
        }
        let turns = self.calendar.turns();
        if !turns.is_empty() {
            map.serialize_entry("day_turns", &turns)?;
        }
        write_node(&self.root, &mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Criteria {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(&Value::deserialize(deserializer)?).map_err(|mistakes| {
            let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            de::Error::custom(all.join("\n"))
        })
    }
}

impl NodeId {
    /// Whether the author chose it; `tree` cannot be chosen, and no dot can stand in a chosen one.
    fn is_chosen(&self) -> bool {
        self.0 != "tree" && !self.0.contains('.')
    }
}

fn write_node<M: SerializeMap>(node: &Node, map: &mut M) -> Result<(), M::Error> {
    if node.id.is_chosen() {
        map.serialize_entry("id", &node.id)?;
    }
    match node.text.iter().next() {
        None => {}
        Some((language, text)) if language == "und" && node.text.len() == 1 => map.serialize_entry("text", text)?,
        Some(_) => map.serialize_entry::<_, Texts>("text", &node.text)?,
    }
    match &node.requirement {
        Requirement::All(children) => map.serialize_entry("all", &Nodes(children)),
        Requirement::Any(children) => map.serialize_entry("any", &Nodes(children)),
        Requirement::AtLeast(n, children) => map.serialize_entry("at_least", &AtLeast(*n, children)),
        Requirement::Exam { slug, score } => map.serialize_entry("exam", &Examined(slug, *score)),
        Requirement::Contributions(asked) => map.serialize_entry("contributions", &Counted(asked)),
        Requirement::Held { track, at } => map.serialize_entry("held", &Holding(track, *at)),
        Requirement::Tenure(Span::Days(days)) => map.serialize_entry("tenure", &One("days", days)),
        Requirement::Tenure(Span::Months(months)) => map.serialize_entry("tenure", &One("months", months)),
        Requirement::Attested { role } => map.serialize_entry("attested", &One("role", role)),
        Requirement::Panel { title } => map.serialize_entry("panel", &One("title", title)),
    }
}

/// An object with one field.
struct One<T>(&'static str, T);

impl<T: Serialize> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

struct Nodes<'a>(&'a [Node]);

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Single<'a>(&'a Node);
        impl Serialize for Single<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                write_node(self.0, &mut map)?;
                map.end()
            }
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for node in self.0 {
            list.serialize_element(&Single(node))?;
        }
        list.end()
    }
}

struct AtLeast<'a>(u32, &'a [Node]);

impl Serialize for AtLeast<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("n", &self.0)?;
        map.serialize_entry("of", &Nodes(self.1))?;
        map.end()
    }
}

struct Counted<'a>(&'a Contributions);

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let asked = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("types", &asked.types)?;
        if !asked.sources.is_empty() {
            map.serialize_entry("sources", &asked.sources)?;
        }
        match asked.measure {
            Measure::AtLeast(n) => map.serialize_entry("at_least", &n)?,
            Measure::Sum(n) => map.serialize_entry("sum", &n)?,
            Measure::ActiveDays(n) => map.serialize_entry("active_days", &n)?,
            Measure::Streak(cycle, n) => map.serialize_entry("streak", &One(steps_of(cycle), n))?,
        }
        match &asked.window {
            None => {}
            Some(Window::Days(days)) => map.serialize_entry("window", &One("days", days))?,
            Some(Window::Calendar(cycle)) => map.serialize_entry("window", &One("calendar", cycle))?,
            Some(Window::Since(Anchor::Joining)) => map.serialize_entry("window", &One("since", "joining"))?,
            Some(Window::Since(Anchor::Award(track))) => {
                map.serialize_entry("window", &One("since", One("award", track)))?;
            }
            Some(Window::Since(Anchor::Event(kind))) => {
                map.serialize_entry("window", &One("since", One("event", kind)))?;
            }
        }
        let limits = [("per_day", asked.per_day), ("per_giver", asked.per_giver), ("per_object", asked.per_object)];
        for (key, limit) in limits.into_iter().filter_map(|(key, limit)| Some((key, limit?))) {
            map.serialize_entry(key, &limit)?;
        }
        if let Some(distinct) = asked.distinct {
            map.serialize_entry("distinct", &distinct)?;
        }
        if asked.hold_days > 0 {
            map.serialize_entry("hold_days", &asked.hold_days)?;
        }
        if asked.peer_accepted {
            map.serialize_entry("accepted", "peer")?;
        }
        if asked.own {
            map.serialize_entry("own", &true)?;
        }
        if let Some(limit) = asked.reciprocal {
            map.serialize_entry("reciprocal", &limit)?;
        }
        map.end()
    }
}

/// Only days, weeks and months are read.
fn steps_of(cycle: Cycle) -> &'static str {
    match cycle {
        Cycle::Day => "days",
        Cycle::Week => "weeks",
        Cycle::Month | Cycle::Quarter | Cycle::Year => "months",
    }
}

struct Examined<'a>(&'a str, Option<ScoreAtLeast>);

impl Serialize for Examined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("slug", self.0)?;
        if let Some(score) = self.1 {
            map.serialize_entry("score", &score)?;
        }
        map.end()
    }
}

struct Holding<'a>(&'a str, HeldAt);

impl Serialize for Holding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("track", self.0)?;
        if self.1 != HeldAt::Now {
            map.serialize_entry("at", &self.1)?;
        }
        map.end()
    }
}
